"""Passphrases a kader can read from a card, say on the phone and type with thumbs: four made-up words of two syllables."""

CONSONANTS = "bcdghjklmnprstwy"
VOWELS = "aiueo"
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]


def passphrase(random: bytes) -> str:
    """Eight syllables of eighty, some 50 bits, from at least 16 random bytes: `bami-koru-teso-wala`."""
    number = int.from_bytes(random[:16], "big")
    syllables = []
    for _ in range(8):
        number, which = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[which])
    return "-".join(first + second for first, second in zip(syllables[::2], syllables[1::2], strict=True))
