"""The forms of a month from what happened: R/I/KB/20 line by line, F/II/KB from the same lines, R/II/KB/20 from the stock book.

What a form cannot hold is said beside it, never dropped. Two things no source we have settles, so they are decided here and said
on the page: a woman with status 4 (komplikasi) stands under Komplikasi and not in Total pelayanan, and Cabut counts column 15 only,
since who is given a new set in column 14 goes on.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from campaign.rules.aftercare import COLUMN, NO_COLUMN, Found
from campaign.rules.methods import ALOKON_CODE, PARTICIPANT_CODE, PASCA_PERSALINAN, Method, Participant
from campaign.rules.service_facts import Act, After, Insurance, ServiceFacts, Source

PER_SHEET = 15  # lines on one page of A4 on its side
YES, NO, TICK = "ya", "tidak", "✓"


class Note(StrEnum):
    """What R/I/KB/20 has no place for, or nobody has said."""

    OUTSIDE = "outside"  # she lives outside the kabupaten
    NO_NIK = "no_nik"
    TWICE = "twice"  # more than one line of hers in this month
    HUSBAND_NIK = "husband_nik"  # MOP: the form asks for hers only
    NO_INSURANCE = "no_insurance"
    NO_SOURCE = "no_source"
    STATUS_4 = "status_4"
    EKSPULSI = "ekspulsi"
    CHANGED = "changed"  # taken out and a new one put in: F/II/KB counts it as a service, not as Cabut


NOTHING_TOLD = ServiceFacts()


@dataclass(frozen=True)
class Line:
    """One line: a service, or what a visit found."""

    id: UUID
    on: date
    name: str
    method: Method
    point: str = ""  # where, for the sheets of the network
    found: Found | None = None  # of a visit; none: a service
    participant: Participant | None = None
    has_informed_consent: bool | None = None
    facts: ServiceFacts = NOTHING_TOLD
    husband: str | None = None
    husband_nik: str | None = None
    nik: str | None = None
    no_nik_reason: str | None = None
    birth_date: date | None = None
    address: str = ""
    phone: str | None = None
    is_outside: bool = False
    her_id: UUID | None = None
    siga_at: datetime | None = None  # somebody has entered it in SIGA
    siga_by: str | None = None

    @property
    def is_visit(self) -> bool:
        return self.found is not None

    @property
    def stands_in(self) -> int | None:
        """The column of the alokon code. None: the form has none for it."""
        if self.is_visit:
            return COLUMN.get(self.found)
        return {Act.CABUT_PASANG: 14, Act.CABUT: 15}.get(self.facts.act, 13)

    @property
    def status(self) -> int | None:
        """Column 9. A visit for komplikasi berat is status 4; other visits have none."""
        if self.is_visit:
            return 4 if self.found == Found.KOMPLIKASI else None
        return PARTICIPANT_CODE.get(self.participant)

    @property
    def is_after_birth(self) -> bool:
        return self.facts.after == After.PERSALINAN or self.participant in PASCA_PERSALINAN

    @property
    def is_after_loss(self) -> bool:
        return self.facts.after == After.KEGUGURAN and not self.is_after_birth

    @property
    def notes(self) -> tuple[Note, ...]:
        facts, is_service = self.facts, not self.is_visit
        told = {
            Note.OUTSIDE: self.is_outside,
            Note.NO_NIK: not self.nik,
            Note.HUSBAND_NIK: self.method == Method.MOP and bool(self.husband_nik),
            Note.NO_INSURANCE: is_service and facts.insurance is None,
            Note.NO_SOURCE: is_service and facts.source is None,
            Note.STATUS_4: is_service and self.status == 4,
            Note.CHANGED: self.stands_in == 14,
            Note.EKSPULSI: self.found in NO_COLUMN,
        }
        return tuple(note for note, holds in told.items() if holds)


def cells(no: int, line: Line) -> list:
    """The 24 columns of one line, as values: a number, a date, a word, a tick, or None."""
    facts, is_service = line.facts, not line.is_visit
    code = ALOKON_CODE[line.method]
    consent = None if line.has_informed_consent is None else YES if line.has_informed_consent else NO

    def tick(holds) -> str | None:
        return TICK if holds else None

    return [
        no, line.on, line.husband, line.nik, line.name, line.birth_date, line.address or None, line.phone,
        line.status, consent, tick(is_service and line.is_after_birth), tick(is_service and line.is_after_loss),
        *(code if line.stands_in == column else None for column in (13, 14, 15, 16, 17)),
        *(tick(facts.insurance == kind) for kind in (Insurance.BPJS, Insurance.LAIN, Insurance.NONE)),
        *(tick(facts.source == kind) for kind in (Source.APBN, Source.APBD, Source.MANDIRI)),
        tick(facts.is_mobile),
    ]  # fmt: skip


HEADER = (
    "No urut", "Tanggal pelayanan", "Nama suami", "NIK istri", "Nama istri", "Tanggal lahir istri", "Alamat", "No. HP",
    "Status peserta KB (1 baru, 2 ganti cara, 3 ulangan, 4 komplikasi)", "Informed consent", "Pasca persalinan",
    "Pasca keguguran", "Operatif / pemberian / pemasangan", "Pencabutan dan pemasangan", "Pencabutan", "Komplikasi berat",
    "Kegagalan", "Asuransi: BPJS", "Asuransi: lainnya", "Asuransi: tidak memiliki", "Sumber alokon: APBN",
    "Sumber alokon: APBD", "Sumber alokon: mandiri", "Pelayanan bergerak",
)  # fmt: skip


@dataclass(frozen=True)
class Register:
    """The lines of one puskesmas and month: those the form holds, in its order, and those it has no column for."""

    lines: tuple[Line, ...]
    beside: tuple[Line, ...]
    noted: dict[UUID, tuple[Note, ...]]

    @property
    def sheets(self) -> list[tuple[str, list[tuple[int, Line]]]]:
        """By point and page: its name, and each line with its number, which runs through the month."""
        numbered = list(enumerate(self.lines, start=1))
        pages = []
        for point in dict.fromkeys(line.point for line in self.lines):
            there = [pair for pair in numbered if pair[1].point == point]
            pages += [(point, there[at : at + PER_SHEET]) for at in range(0, len(there), PER_SHEET)]
        return pages

    def with_note(self, note: Note) -> list[Line]:
        return [line for line in (*self.lines, *self.beside) if note in self.noted[line.id]]


def register(lines: Iterable[Line], faskes: str = "") -> Register:
    """In order: the puskesmas itself first, then its points by name, within each by date and name."""
    lines = sorted(lines, key=lambda line: (line.point != faskes, line.point, line.on, line.name, str(line.id)))
    held = tuple(line for line in lines if line.stands_in)
    beside = tuple(line for line in lines if not line.stands_in)
    times = Counter(line.nik or line.her_id or line.id for line in held)
    noted = {}
    for line in lines:
        is_twice = times[line.nik or line.her_id or line.id] > 1
        noted[line.id] = (*line.notes, Note.TWICE) if is_twice else line.notes
    return Register(held, beside, noted)


def masked(line: Line, mask) -> Line:
    """For the screen: her NIK as `mask` shows it, no phone, nothing of his NIK."""
    return replace(line, nik=mask(line.nik) if line.nik else None, phone=None, husband_nik=None)


# ---- F/II/KB ----

COUNTED = (
    "baru", "baru_salin", "baru_keguguran", "jumlah_baru", "ganti_cara", "ulangan", "total", "apbn", "non_apbn",
    "komplikasi", "kegagalan", "cabut",
)  # fmt: skip
COUNTED_NAME = {
    "baru": "Baru, bukan pasca",
    "baru_salin": "Baru, pasca salin",
    "baru_keguguran": "Baru, pasca keguguran",
    "jumlah_baru": "Jumlah baru",
    "ganti_cara": "Ganti cara",
    "ulangan": "Ulangan",
    "total": "Total pelayanan",
    "apbn": "APBN",
    "non_apbn": "Non-APBN",
    "komplikasi": "Komplikasi",
    "kegagalan": "Kegagalan",
    "cabut": "Cabut",
}


def recap(lines: Iterable[Line]) -> dict[Method, Counter]:
    """F/II/KB: per method, in the order of the alokon codes, how many of each column. Zeros are in it too."""
    counted = {method: Counter(dict.fromkeys(COUNTED, 0)) for method in ALOKON_CODE}
    for line in lines:
        counted[line.method].update(_counts_as(line))
    return counted


def _counts_as(line: Line) -> list[str]:
    match line.stands_in:
        case None:
            return []
        case 15:
            return ["cabut"]
        case 16:
            return ["komplikasi"]
        case 17:
            return ["kegagalan"]
    match line.status:
        case 4:
            return ["komplikasi"]
        case 2:
            kinds = ["ganti_cara"]
        case 3:
            kinds = ["ulangan"]
        case _:
            new = "baru_salin" if line.is_after_birth else "baru_keguguran" if line.is_after_loss else "baru"
            kinds = [new, "jumlah_baru"]
    paid = {None: [], Source.APBN: ["apbn"]}.get(line.facts.source, ["non_apbn"])
    return [*kinds, "total", *paid]


def total(recapped: Iterable[Counter]) -> Counter:
    """The last row: all methods, or all puskesmas."""
    summed = Counter(dict.fromkeys(COUNTED, 0))
    for row in recapped:
        summed.update(row)
    return summed


# ---- The month, and the day it must be in ----


@dataclass(frozen=True, order=True)
class Month:
    """A month as it stands in an address: 2026-11."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month | None":
        """None where this is no month."""
        try:
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            return None
        return cls.of(first) if 2000 <= first.year < 2200 and text == f"{first:%Y-%m}" else None

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def before(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))

    @property
    def after(self) -> "Month":
        return Month.of(self.last + timedelta(days=1))

    def report_on(self, report_day: int) -> date:
        """By when its registers must be in: this day of the next month, or its last."""
        following = self.after
        return following.first.replace(day=min(report_day, following.last.day))
