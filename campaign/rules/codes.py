"""Codes people read aloud, copy by hand and type: on tickets and on paper sheets, without letters that look alike."""

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U
MEANT = str.maketrans("ILO", "110")
TICKET_BYTES = 20  # 16 of the booking's id, 4 that show the ticket to be ours: 32 symbols and not a bit to spare

SHEET_SYMBOLS = "34679ACDEFGHJKMNPQRTUVWXY"  # copied by hand from a photocopy: also no 0, 1, 2/Z, 5/S, 8/B
SHEET_LENGTH = 5


def spell(data: bytes) -> str:
    """Bytes as symbols, five bits each. A ticket's 20 bytes are 32 symbols."""
    number, symbols = int.from_bytes(data, "big"), []
    for _ in range(len(data) * 8 // 5):
        number, which = divmod(number, 32)
        symbols.append(SYMBOLS[which])
    return "".join(reversed(symbols))


def read(code: str) -> bytes:
    """The 20 bytes of a ticket's code, exactly as it is spelled. Raises ValueError."""
    if len(code) != TICKET_BYTES * 8 // 5:
        raise ValueError("a ticket has 32 symbols")
    number = 0
    for symbol in code:
        number = number * 32 + SYMBOLS.index(symbol)
    return number.to_bytes(TICKET_BYTES, "big")


def typed_ticket(text: str) -> str:
    """What was typed or scanned, as it is spelled: `7k3m-…` and a whole address alike."""
    return "".join(c for c in text.rpartition("/")[2].upper() if c.isalnum()).translate(MEANT)


def typed_letter(text: str) -> str:
    """A letter's code, typed or scanned: `a7 kmx` and an address that ends in it alike. A door's comes out, too: it is longer."""
    tail = text.replace("=", "/").replace("#", "/").rpartition("/")[2]
    return "".join(c for c in tail.upper() if c.isalnum())


def groups(code: str, size: int = 4) -> str:
    """A code as it is printed: 7K3M 90QA …"""
    return " ".join(code[n : n + size] for n in range(0, len(code), size))


def sheet_code(random: bytes) -> str:
    """A sheet's code, from at least 8 random bytes: some ten million of them."""
    number, symbols = int.from_bytes(random, "big"), []
    for _ in range(SHEET_LENGTH):
        number, which = divmod(number, len(SHEET_SYMBOLS))
        symbols.append(SHEET_SYMBOLS[which])
    return "".join(symbols)


def typed_sheet(text: str) -> str:
    """A sheet's code as somebody typed it; `A7KMX-3` is the third row of A7KMX."""
    return "".join(c for c in text.upper().partition("-")[0] if c.isalnum())
