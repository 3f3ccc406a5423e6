"""How a name sounds, so that one woman written in two ways is found: Siti and Sti, Nur Hayati and Nurhayati, Zaenab and Jainab.

`key` folds what Indonesian hands write in two ways for one sound. It is kept beside the name and stays close to it: two
names with one key are one name. How near two keys are is `distance`, and whether they may be one woman, with what is known
of their births, is `likeness`. Nothing here is a verdict: people look, and people decide.
"""

import re
import unicodedata
from datetime import date
from enum import Enum
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

TITLES = frozenset([
    "ny", "nyonya", "nyi", "nyai", "nyimas", "ibu", "bu", "hj", "hjh", "h", "haji", "hajah", "hajjah", "neng", "nok",
    "enok", "teh", "teteh", "ceu", "mbak", "mba", "sdr", "sdri", "rd", "raden", "rr", "dr", "dra", "drg", "ir", "bd",
    "bdn", "almh",
])  # fmt: skip
SHORT = dict.fromkeys(("st", "sti"), "siti") | dict.fromkeys(("moh", "mohd", "muh", "moch", "much"), "muhamad")
OF = frozenset(("bin", "binti", "bt", "bte", "bti"))  # whose daughter she is: the father's name stays, the word goes
ALSO = re.compile(r",.*|\([^)]*\)?|\b(?:alias|als)\b.*")  # degrees behind a comma, and what she is called besides
DEGREES = re.compile(r"\s(?:[sm]\.? ?(?:pd|ag|kep|keb|sos|km|kom|ip|psi|gz|tr|si)|a\.? ?m\.?d|s\. ?[ehpt])\b.*")

# Applied one after the other to each word; the order is the rule.
LETTERS = [
    (re.compile(written), heard)
    for written, heard in (
        ("no[eo]r", "nur"),  # Noer, Noor
        ("(?<=h)oer", "oir"),  # Khoeriyah is Khoiriyah, not old spelling
        ("oe", "u"),  # old spelling; old dj and tj too. Old j for y is not: Nurjani and Nuryani are two names
        ("ae", "ai"),  # Jubaedah, Jubaidah
        ("eu", "e"),  # Sundanese: Euis, Eis
        ("dj", "j"),
        ("tj", "c"),
        ("kh|(?<=.)ch|ch(?=[ou])", "h"),  # Rachmawati, Rakhmawati; Chotimah. But Chandra is Candra
        ("chr", "kr"),
        ("ch", "c"),
        ("ph|[fv]", "p"),  # Fitri, Vitri, Pitri
        ("s[hy]|ts", "s"),  # Sholihah, Syolihah; Tsuraya
        ("th", "t"),
        ("d[hl]", "d"),  # Fadhilah, Fadlilah, Fadilah
        ("gh", "g"),
        ("bh", "b"),
        ("ck|q", "k"),
        ("x", "ks"),
        ("z", "j"),  # Zubaedah, Jubaedah
        ("y", "i"),
        ("ie$", "i"),
        ("uw(?=[aeio])", "u"),  # Juwariah, Juariah
        ("(?<=[aeiou])h(?![aeiou])", ""),  # Aminah, Amina; Zahra, Zara
        (r"(.)\1+", r"\1"),
    )
]
MUHAMAD = re.compile("^m[uo]ham[ae]d$")


def key(name: str) -> str:
    """The sound of a name in small ASCII letters, without titles, degrees, spaces and doubled letters; '' for none."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    plain = re.sub(r"['`]", "", plain)
    words = re.findall("[a-z]+", DEGREES.sub("", ALSO.sub("", plain))) or re.findall("[a-z]+", plain)
    hers = [word for word in words if word not in OF] or words
    while len(hers) > 1 and hers[0] in TITLES:
        hers = hers[1:]
    sound = "".join(_heard(word) for word in hers)
    return re.sub(r"(.)\1+", r"\1", sound)[:120]


@lru_cache(maxsize=10_000)  # a sheet says Siti a thousand times
def _heard(word: str) -> str:
    word = SHORT.get(word, word)
    for written, heard in LETTERS:
        word = written.sub(heard, word)
    return "muhamad" if MUHAMAD.match(word) else word


# ---- How near two sounds are ----

VOWELS = frozenset("aeiou")
NEAR = {frozenset(pair) for pair in ("ei", "ou", "ao", "sj", "ij", "kh", "gk", "bp")}
FIRST_NAME = 4  # letters: Reni and Rini, Ai and Iis are two names each, Yuningsih and Yunengsih one
E_AND_I = frozenset("ei")
COMMON = re.compile("^(?:siti|sri|nur)(?=...)")  # so common in front that they tell nobody apart


def beginnings(sound: str) -> list[str]:
    """With which letters the sounds begin that may be this name: what is written otherwise is hardly ever the first letter."""
    common = COMMON.match(sound)
    front, rest = (common[0], sound[common.end() :]) if common else ("", sound)
    first = {rest[:1]} | {other for pair in NEAR if rest[:1] in pair and pair != E_AND_I for other in pair}
    if rest[:1] == "h":
        first.add(rest[1:2])
    elif rest[:1] in VOWELS:
        first.add("h")
    return sorted(front + letter for letter in first)


def distance(one: str, other: str) -> float:
    """How differently two keys sound: 0 the same, up to 1 one name written twice, far above two names.

    Vowels that hands mix up cost least, an h hardly more; a consonant is what tells Suryani from Suryati.
    """
    return sum(_cost(tag, one[i : i + 1], other[j : j + 1], i) for tag, i, j in Levenshtein.editops(one, other))


def _cost(tag: str, was: str, becomes: str, place: int) -> float:
    if tag == "replace":
        mixed_up = frozenset((was, becomes))
        cost = 0.5 if mixed_up in NEAR and not (mixed_up == E_AND_I and place < FIRST_NAME) else 1.5
    else:
        letter = was if tag == "delete" else becomes
        cost = 0.5 if letter == "h" else 0.75 if letter in VOWELS and place >= FIRST_NAME - 1 else 1.25
    return cost + (0.25 if place == 0 else 0)


class Births(Enum):
    """How two birth dates stand to each other."""

    SAME = "same"
    NEAR = "near"  # one may be the other, mistyped or guessed
    UNKNOWN = "unknown"
    OTHER = "other"


GUESSED = {(1, 1), (30, 6), (1, 7), (31, 12)}  # what is written where only the year is known


def is_guessed(born: date) -> bool:
    return (born.day, born.month) in GUESSED


def births(one: date | None, other: date | None) -> Births:
    """Whether these two dates may be one birth."""
    if one is None or other is None:
        return Births.UNKNOWN
    if one == other:
        return Births.NEAR if is_guessed(one) else Births.SAME
    if one.year == other.year or (one.day, one.month) == (other.day, other.month):
        return Births.NEAR
    return Births.NEAR if (is_guessed(one) or is_guessed(other)) and abs(one.year - other.year) <= 2 else Births.OTHER


# How far two names may be apart, by how many letters tell them from others: at least six, five, fewer.
STRICT, WIDE = (1.0, 0.5, 0.0), (1.25, 0.5, 0.0)
WIDEST, WIDEST_OF_SHORT = 3.0, 1.5  # with one birth date in one desa
EDITS, MOST_EDITS = 2, 6  # letters that differ at most under STRICT and WIDE, under WIDEST: the cheapest costs 0.5
WEIGHT = {Births.SAME: 1.0, Births.NEAR: 0.9, Births.UNKNOWN: 0.8}


def likeness(one: str, other: str, born: Births, *, is_same_desa: bool = True) -> float:
    """How likely two records are one woman by the keys of their names, above 0 up to 1; 0 where nobody need look.

    One birth date in one desa is rare: there a name much alike is enough, and anywhere a word more or less (Siti Aminah,
    Aminah). Two birth dates that cannot be one birth are two women, however alike their names are.
    """
    if not one or not other or born == Births.OTHER:
        return 0.0
    is_longer = born == Births.SAME and is_longer_form(one, other)
    most = MOST_EDITS if born == Births.SAME and is_same_desa else EDITS
    if not is_longer and Levenshtein.distance(one, other, score_cutoff=most) > most:
        return 0.0  # told at the speed of C for nearly all
    apart = distance(one, other)
    if not is_longer and apart > _allowed(one, other, born, is_same_desa):
        return 0.0
    return round((1 - min(apart, 4) / 8) * WEIGHT[born], 3)


def _allowed(one: str, other: str, born: Births, is_same_desa: bool) -> float:
    if born == Births.SAME and is_same_desa:
        return WIDEST if min(len(one), len(other)) >= 6 else WIDEST_OF_SHORT
    telling = min(len(COMMON.sub("", sound)) for sound in (one, other))
    return (WIDE if born == Births.SAME else STRICT)[0 if telling >= 6 else 1 if telling == 5 else 2]


def is_longer_form(one: str, other: str) -> bool:
    """Whether one name is the other with a word more in front or behind."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and (long.startswith(short) or long.endswith(short))
