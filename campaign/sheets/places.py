"""Which desa an office means: by its code, or by its name in capitals, misspelt, shortened, with what stands before it.

Between two desa that could both be meant nothing is guessed: the row is refused and names them.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import OSA

from campaign.sheets.apart import Cell
from campaign.sheets.cells import ROMAN, letters, said
from campaign.sheets.reasons import Reason, Reasons

CODE = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{2})\.?(\d{4})(?!\d)")
KINDS = r"(?:desa|ds|kelurahan|kel|kalurahan|nagari|gampong|pekon|kampung|kp)(?:\s*/\s*(?:desa|kelurahan|kel))?"
DESA = re.compile(rf"^{KINDS}\b[.: ]*(?=\w)", re.IGNORECASE)
KECAMATAN = re.compile(r"^(?:kecamatan|kec)\b[.: ]*", re.IGNORECASE)
WITHIN = re.compile(
    r"[\s,(/-]*\b(?:kecamatan|kec)\b[.: ]*(?P<kecamatan>[^)]*)\)?$|(?:\s*[,(]\s*|\s+[-/]\s+)(?P<after>[^)]*)\)?$",
    re.IGNORECASE,
)
RT_RW = re.compile(r"[\s,]+(?:r[tw]\b.*|\d{1,3}\s*/\s*\d{1,3}\b.*)$", re.IGNORECASE)
SHORT = {
    "tj": "tanjung",
    "tjg": "tanjung",
    "sei": "sungai",
    "gn": "gunung",
    "gng": "gunung",
    "tlk": "teluk",
    "kp": "kampung",
}
SHORTEST = 4  # fewer letters than this tell too little
MOST_WRONG = 3
SHORTENED = 9  # a distance greater than any misspelling's


class Spelling(NamedTuple):
    """A name as it is compared: its letters run together, and its numerals, in which no misspelling is overlooked."""

    letters: str
    numerals: tuple[str, ...]


def spellings(name: str) -> list[Spelling]:
    """How a name is spelled, as it stands and with SHORT words written out.

    Sawang II, SAWANG-2 and sawang 2 are spelled alike; so are Tanjungsari, Tanjung Sari and Tj. Sari.
    """
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’`]", "", name.casefold()))
    words = [str(ROMAN[word]) if number and word in ROMAN else word for number, word in enumerate(words)]
    numerals = tuple(word for word in words if word.isdigit() or len(word) == 1)
    written_out = [SHORT.get(word, word) for word in words]
    return [Spelling("".join(each), numerals) for each in ([words] if words == written_out else [words, written_out])]


def tolerance(letters: str) -> int:
    """How many letters may be wrong, left out, doubled or swapped in a name of this length."""
    return 0 if len(letters) < SHORTEST else 1 if len(letters) < 7 else 2 if len(letters) < 12 else MOST_WRONG


class Likeness(NamedTuple):
    """What a written name can mean among some named places: one of them, or any of several, or nothing."""

    codes: tuple[str, ...]
    distance: int = 0  # letters that are wrong
    rival: str = ""  # another place that is only one letter farther


class Names:
    """Places by their names, each kind among its own; with what stands before the name, and without."""

    def __init__(self, named: Iterable[tuple[str, str]]):
        self.whole, self.bare = defaultdict(list), defaultdict(list)
        for code, name in named:
            for spelling in spellings(name):
                self.whole[spelling].append(code)
            for spelling in spellings(DESA.sub("", name)):
                self.bare[spelling].append(code)

    def exactly(self, written: str) -> tuple[str, ...]:
        """The codes of all that are called so; Desa Baru is one called so before it is the desa Baru."""
        bare = spellings(DESA.sub("", written))
        for names, tried in ((self.whole, spellings(written)), (self.whole, bare), (self.bare, bare)):
            for spelling in tried:
                if codes := names.get(spelling):
                    return tuple(codes)
        return ()

    def like(self, written: str) -> Likeness:
        """The places that can be meant; none where nothing is near enough."""
        if codes := self.exactly(written):
            return Likeness(codes)
        bare = spellings(DESA.sub("", written))
        for names, tried in ((self.whole, spellings(written)), (self.bare, bare)):
            for name in tried:
                if likeness := self._near(name, names):
                    return likeness
        return Likeness(self._shortened(bare[0]), SHORTENED)

    @staticmethod
    def _near(name: Spelling, names: dict[Spelling, list[str]]) -> Likeness | None:
        near = sorted(
            (OSA.distance(name.letters, other.letters, score_cutoff=MOST_WRONG + 1), code)
            for other, codes in names.items()
            if other.numerals == name.numerals
            for code in codes
        )
        if not near or near[0][0] > tolerance(name.letters):
            return None
        best = near[0][0]
        nearest = tuple(code for distance, code in near if distance == best)
        rival = next((code for distance, code in near if distance == best + 1), "")
        return Likeness(nearest, best, rival if len(nearest) == 1 else "")

    def _shortened(self, name: Spelling) -> tuple[str, ...]:
        """Those that begin alike and have these letters in this order: Cibogo may be Cibogohilir or Cibogo Girang."""
        if len(name.letters) < SHORTEST:
            return ()
        return tuple(sorted({code for other, codes in self.bare.items() if _shortens(name, other) for code in codes}))


def _shortens(name: Spelling, other: Spelling) -> bool:
    left = iter(other.letters)
    return name.letters[0] == other.letters[:1] and all(letter in left for letter in name.letters)


class Found(NamedTuple):
    """The desa that is meant, or none, and what is to be said about it."""

    code: str | None
    reasons: tuple[Reason, ...]


class Places:
    """The desa of one kabupaten, built once per file: each way of writing is judged once.

    `elsewhere` gives the names of desa, kecamatan and kabupaten of the country; it is asked only when a name is nowhere here.
    """

    def __init__(
        self,
        desa_list: Iterable[tuple[str, str, str, str]],
        *,
        kabupaten_name: str,
        elsewhere: Callable[[], Iterable[str]] = tuple,
    ):
        self.kabupaten_name = kabupaten_name
        self.elsewhere = elsewhere
        self.name, self.kecamatan_name, self.kecamatan_of = {}, {}, {}
        for code, name, kecamatan_code, kecamatan_name in desa_list:
            self.name[code], self.kecamatan_of[code] = name, kecamatan_code
            self.kecamatan_name[kecamatan_code] = kecamatan_name
        self.kabupaten_code = next(iter(self.name), "")[:5]
        self.kecamatan_names = Names(self.kecamatan_name.items())
        self.all = Names(self.name.items())
        self.inside = {
            kecamatan: Names((code, name) for code, name in self.name.items() if self.kecamatan_of[code] == kecamatan)
            for kecamatan in self.kecamatan_name
        }
        self.found, self.kecamatan_found = {}, {}

    @cached_property
    def elsewhere_names(self) -> set[str]:
        """The letters of all names of the country."""
        return set(re.sub(r"[^a-z0-9\n]", "", "\n".join(self.elsewhere()).casefold()).split("\n")) - {""}

    def kecamatan(self, written: str) -> str | None:
        """The code of the kecamatan that is meant, if one is."""
        if written not in self.kecamatan_found:
            likeness = self.kecamatan_names.like(KECAMATAN.sub("", written).strip())
            is_one = len(likeness.codes) == 1 and likeness.distance != SHORTENED
            self.kecamatan_found[written] = likeness.codes[0] if is_one else None
        return self.kecamatan_found[written]

    def exact_kecamatan(self, written: str) -> str | None:
        """The kecamatan of exactly this name, for titles and names of sheets, which may speak of anything."""
        codes = self.kecamatan_names.exactly(KECAMATAN.sub("", written).strip())
        return codes[0] if len(codes) == 1 else None

    def is_named_alike(self, written: str) -> bool:
        """Whether the kabupaten itself is called so."""
        return letters(written) == letters(re.sub(r"(?i)^(?:kab|kabupaten|kota)\b[.: ]*", "", self.kabupaten_name))

    def find(self, cell: Cell, kecamatan: Cell = None, *, heading: str = "") -> Found:
        """The desa of a row: from its own cell, its kecamatan cell, and the kecamatan heading it stands under."""
        key = cell, kecamatan, heading
        if key not in self.found:
            reasons = Reasons()
            code = self._find(said(cell), said(kecamatan), heading, reasons)
            self.found[key] = Found(code, tuple(reasons))
        return self.found[key]

    def _find(self, written: str, kecamatan: str, heading: str, reasons: Reasons) -> str | None:
        if not written:
            return reasons.add("desa_kosong")
        if coded := CODE.match(written):
            return self._by_code(".".join(coded.groups()), reasons)
        whole = RT_RW.sub("", written)
        name, within = self._split(whole)
        scope = None
        for said_kecamatan in filter(None, (kecamatan, within, heading)):
            if scope := self.kecamatan(said_kecamatan):
                break
            if self._is_elsewhere(said_kecamatan) and not self.is_named_alike(said_kecamatan):
                return reasons.add(
                    "desa_luar_kabupaten", text=f"{name}, {said_kecamatan}", kabupaten=self.kabupaten_name
                )
        if kecamatan and not scope:
            reasons.add("kecamatan_tak_dikenal", text=kecamatan)
        return self._by_name(name, scope, reasons)

    def _by_code(self, code: str, reasons: Reasons) -> str | None:
        if code in self.name:
            return code
        if code.startswith(self.kabupaten_code):
            return reasons.add("desa_tak_dikenal", text=code)
        return reasons.add("desa_luar_kabupaten", text=code, kabupaten=self.kabupaten_name)

    def _split(self, written: str) -> tuple[str, str]:
        """The name, and the kecamatan that stands behind it in the same cell."""
        found = WITHIN.search(written)
        if not found or not found.start() or self.all.exactly(written):
            return written, ""
        return written[: found.start()], found["kecamatan"] or found["after"] or ""

    def _is_elsewhere(self, written: str) -> bool:
        parts = [
            re.sub(r"(?i)^(?:kec|kecamatan|kab|kabupaten|kota)\b[.: ]*", "", part)
            for part in re.split("[,/(]", written)
        ]
        return any(letters(part) in self.elsewhere_names for part in parts)

    def _by_name(self, written: str, scope: str | None, reasons: Reasons) -> str | None:
        likeness = (self.inside[scope] if scope else self.all).like(written)
        if len(likeness.codes) > 1:
            return reasons.add("desa_rancu", text=written, candidates=", ".join(map(self._full_name, likeness.codes)))
        if not likeness.codes:
            return self._refuse_unknown(written, scope, reasons)
        code = likeness.codes[0]
        if scope and likeness.distance and self.all.exactly(written):
            if likeness.distance > 1:
                return self._refuse_unknown(written, scope, reasons)
            reasons.add("desa_tertukar", text=written, desa=self.name[code], kecamatan=self.kecamatan_name[scope])
        elif likeness.rival:
            reasons.add("desa_mirip", text=written, desa=self.name[code], other=self._full_name(likeness.rival))
        elif likeness.distance > 1:
            reasons.add("desa_dibaca", text=written, desa=self.name[code])
        return code

    def _refuse_unknown(self, written: str, scope: str | None, reasons: Reasons) -> None:
        other = self.all.exactly(written) if scope else ()
        if not other and self._is_elsewhere(DESA.sub("", written)):
            return reasons.add("desa_luar_kabupaten", text=written, kabupaten=self.kabupaten_name)
        if not other and scope and (near := self.all.like(written)).distance == 1:
            other = near.codes
        if other:
            there = ", ".join(sorted({self.kecamatan_name[self.kecamatan_of[code]] for code in other}))
            here = self.kecamatan_name[scope]
            return reasons.add("desa_bukan_di_kecamatan", text=written, kecamatan=here, other=there)
        return reasons.add("desa_tak_dikenal", text=written)

    def _full_name(self, code: str) -> str:
        return f"{self.name[code]} (Kec. {self.kecamatan_name[self.kecamatan_of[code]]})"
