"""A line of text people typed or pasted, as it should be kept."""

import unicodedata

# Characters that turn or hide text: a name may not make the line it stands in lie.
INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]
)


def tidy(text: str | None) -> str:
    """One line: composed (NFC), no controls, no invisible or direction-turning marks, single spaces."""
    text = unicodedata.normalize("NFC", text or "").translate(INVISIBLE)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
