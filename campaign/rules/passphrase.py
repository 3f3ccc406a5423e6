"""Passphrases: those we make up, to be read from a card and said on the phone, and what is too easy in those people choose."""

import re
from collections.abc import Iterable
from enum import StrEnum

CONSONANTS = "bcdghjklmnprstwy"
VOWELS = "aiueo"
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]

SHORTEST, LONGEST = 12, 200  # no composition rule, no forced change (NIST 800-63B)
LEFT_OVER = 8  # what must remain when everything that is tried first is taken away

# What is tried first, here and everywhere, and what this field would pick.
TRIED_FIRST = """
    aaaa abcd abcdef admin administrator akseptor alhamdulillah allah anakku aplikasi asdf asdfgh assalamualaikum bahagia
    bandung berencana bidan bismillah bkkbn bundaku cantik changeme cinta dppkb dragon dunia football garuda ganteng google
    ibuku iloveyou indonesia jakarta jawabarat jesus kader kampanye kantor kabupaten kata katasandi kecamatan keluarga
    kelurahan letmein login master merdeka monkey muhammad naruto p@ssw0rd passw0rd password persib persija plkb posyandu
    ppkbd princess puskesmas qazwsx qwer qwerty qwertyuiop rahasia sandi sayang sayangku selamat semangat sukses sunshine
    superman surabaya terserah user welcome zxcvbn
"""
COMMON = frozenset(TRIED_FIRST.split())
IN_A_ROW = re.compile(r"12345?6?7?8?9?0?|(19|20)\d\d")
OVER_AND_OVER = re.compile(r"(.+?)\1{2,}")


class Weakness(StrEnum):
    """Why a passphrase will not do."""

    SHORT = "short"
    LONG = "long"
    EASY = "easy"


def passphrase(random: bytes) -> str:
    """Eight syllables of eighty, some 50 bits, from at least 16 random bytes: `bami-koru-teso-wala`."""
    number = int.from_bytes(random[:16], "big")
    syllables = []
    for _ in range(8):
        number, which = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[which])
    return "-".join(first + second for first, second in zip(syllables[::2], syllables[1::2], strict=True))


def letters_of(words: str) -> str:
    """The words of a card however they are typed: capitals, spaces, dashes and full stops do not matter."""
    return "".join(c for c in words.lower() if c.isalpha())


def weakness(password: str, known: Iterable[str] = ()) -> Weakness | None:
    """None for a good one. `known` are names that everybody around her knows: her own, her desa, the campaign."""
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    rest = re.sub(r"[\s._-]+", "", password.lower())
    for word in sorted(COMMON | _words_of(known), key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = OVER_AND_OVER.sub(r"\1", IN_A_ROW.sub("", rest))
    is_easy = len(rest) < LEFT_OVER or len(set(rest)) < 5 or rest.isdigit()
    return Weakness.EASY if is_easy else None


def _words_of(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in re.findall(r"\w{3,}", name.lower())}
