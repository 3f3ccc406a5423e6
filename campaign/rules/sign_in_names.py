"""The name somebody signs in with, made from her own: short, easy to say on the phone, nothing private in it."""

import unicodedata

LONGEST = 20
NOBODY = "kader"  # for a name without a single Latin letter

# How people are addressed, not what they are called; "Neng" alone is a name all the same.
ADDRESSED_AS = """
    h hj hjh ny nn tn sdr sdri ibu bu bapak pak bpk mbak mas teh teteh kang ceu ummi umi neng nyi nyai bidan bd
    dr drg drs dra ir prof ustadz ustadzah ust
"""
TITLES = frozenset(ADDRESSED_AS.split())


def given_names(name: str) -> list[str]:
    """The words of a name without titles, degrees and initials: `Hj. Siti Nur'aini, S.Pd.` → Siti, Nur'aini."""
    words = name.partition(",")[0].split()
    usable = [word for word in words if "." not in word and len(word) > 1 and word.lower() not in TITLES]
    return usable or [word for word in words if _letters(word)]


def short_name(name: str, taken: set[str]) -> str:
    """The first name she is called by, in small Latin letters; with a number where it is `taken`: siti, siti2, siti3."""
    base = next((letters for word in given_names(name) if (letters := _letters(word))), NOBODY)[:LONGEST]
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base[: LONGEST - len(str(number))]}{number}"
    return found


def called(name: str) -> str:
    """What a shared phone may show of her: `Ibu Sari Wulandari` → Ibu Sari W."""
    words = name.split()
    first = next((n for n, word in enumerate(words) if word in given_names(name)), 0)
    rest = words[first + 1 : first + 2]
    return " ".join([*words[: first + 1], *(f"{word[0]}." for word in rest)])


def _letters(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return "".join(c for c in plain.lower() if c.isalpha())
