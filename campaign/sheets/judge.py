"""What becomes of every row of a file: taken, doubted, there already, refused, or no data. All its sheets are judged together.

Each kind of sheet has a `Judge` of its own, which reads one row and then compares all rows with each other.
"""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from campaign.rules.verdicts import WILL_BE_TAKEN, Verdict
from campaign.sheets.apart import Cell
from campaign.sheets.cells import ERRORS, said
from campaign.sheets.kinds import FIELDS
from campaign.sheets.places import Places
from campaign.sheets.reasons import Reasons
from campaign.sheets.recognise import FIGURE, Row, RowKind, Table


@dataclass(slots=True)
class Judged:
    """One row of the file, its verdict and why; `values` are plain JSON, named as the deed that takes them names them."""

    sheet_no: int
    sheet_name: str
    row_no: int  # as Excel shows it
    reasons: Reasons
    values: dict = field(default_factory=dict)
    marks: dict[str, Hashable] = field(default_factory=dict)  # what rows are compared by; not to be kept
    is_data: bool = True
    duplicate_of: tuple[int, int] | None = None  # sheet_no, row_no

    @property
    def verdict(self) -> Verdict:
        """The gravest of its reasons'."""
        return self.reasons.verdict

    @property
    def completeness(self) -> int:
        """How many of its values are filled: of two rows about one person the fuller is kept, else the first."""
        return sum(1 for value in self.values.values() if value)

    def repeats(self, other: "Judged", code: str) -> None:
        """Notes that this row says again, or nearly, what another says."""
        where = "" if other.sheet_no == self.sheet_no else f" di lembar {other.sheet_name}"
        self.reasons.add(code, row=f"baris {other.row_no}{where}")
        self.duplicate_of = other.sheet_no, other.row_no


@dataclass(slots=True)
class Standing:
    """A row of data and the place headings it stands under."""

    cells: dict[str, Cell]
    columns: frozenset[str]  # the fields this sheet has a column for
    kecamatan: str
    desa: str

    def __getitem__(self, name: str) -> Cell:
        return self.cells.get(name)

    def desa_in(self, places: Places, reasons: Reasons, *, address: str = "") -> str | None:
        """The code of the desa it belongs to: by its code, its name, the heading above it, or what the address says."""
        cell = said(self["kode"]) or said(self["desa"]) or self.desa
        if not cell and "desa" not in self.columns:
            cell = in_address(address)
        found = places.find(cell, self["kecamatan"], heading=self.kecamatan)
        reasons.extend(found.reasons)
        return found.code


class Judge(ABC):
    """Knows one kind of sheet, and what the database holds already; it asks no database itself."""

    places: Places

    @abstractmethod
    def read(self, row: Standing, reasons: Reasons) -> tuple[dict, dict[str, Hashable]]:
        """The values of one row, and the marks by which it is compared with others."""

    @abstractmethod
    def compare(self, rows: Sequence[Judged]) -> None:
        """Notes which of the rows that would be taken are there twice."""

    def judge(self, tables: Sequence[Table]) -> list[Judged]:
        """Every row of every table with a verdict, in the order of the file; a sheet without the table is passed over."""
        names = [table.sheet_name if self.places.exact_kecamatan(table.sheet_name) else "" for table in tables]
        # A kabupaten often has a kecamatan of its own name. A single sheet called so is about the kabupaten.
        if len(list(filter(None, names))) == 1:
            names = ["" if self.places.is_named_alike(name) else name for name in names]
        judged = [
            row
            for sheet_no, (table, name) in enumerate(zip(tables, names, strict=True))
            if table.first_data_row
            for row in self._read(sheet_no, table, _Headings(self.places, kecamatan=name))
        ]
        self.compare([row for row in judged if row.is_data and row.verdict in WILL_BE_TAKEN])
        return judged

    def _read(self, sheet_no: int, table: Table, above: "_Headings") -> Iterable[Judged]:
        columns = frozenset(table.mapping.values())
        labels = {field.name: field.label for field in FIELDS[table.kind]}
        for row in table.rows:
            reasons = Reasons()
            if row.kind != RowKind.DATA:
                above.pass_by(row)
                reasons.add(row.kind)
                yield Judged(sheet_no, table.sheet_name, row.row_no, reasons, is_data=False)
                continue
            cells = row.cells
            if failed := [name for name, cell in cells.items() if cell in ERRORS]:
                cells = dict(cells)
                for name in failed:
                    label = labels.get(name) or name.removeprefix(FIGURE)
                    reasons.add("galat_excel", column=label, text=cells.pop(name))
            values, marks = self.read(Standing(cells, columns, above.kecamatan, above.desa), reasons)
            yield Judged(sheet_no, table.sheet_name, row.row_no, reasons, values, marks)


@dataclass(slots=True)
class _Headings:
    """The place a row stands under: a heading within the table, else a title above it or the name of the sheet."""

    places: Places
    kecamatan: str
    desa: str = ""

    def pass_by(self, row: Row) -> None:
        """Remembers the places a heading names; a title may speak of anything, so only what it names exactly."""
        if row.kind == RowKind.DESA:
            self.desa = row.places[0]
            return
        is_said = row.kind == RowKind.KECAMATAN
        kecamatan = next((place for place in row.places if is_said or self.places.exact_kecamatan(place)), None)
        if kecamatan is not None:
            self.kecamatan, self.desa = kecamatan, ""
        self.desa = next(
            (place for place in row.places if place != kecamatan and self.places.all.exactly(place)), self.desa
        )


IN_ADDRESS = re.compile(r"(?i)\b(?:ds|desa|kel|kelurahan)\b[.: ]*(\w.*)")


def in_address(address: str) -> str:
    """The desa an address names: “Kp. Krajan RT 02/05 Ds. Citalang, Kec. Tegalwaru”."""
    found = IN_ADDRESS.search(address)
    return found[1] if found else ""


def by_mark(rows: Iterable[Judged], mark: str) -> list[list[Judged]]:
    """Rows that share a mark, in groups of two and more; a row without it is in none."""
    groups: dict[Hashable, list[Judged]] = {}
    for row in rows:
        if (value := row.marks.get(mark)) is not None:
            groups.setdefault(value, []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def summary(judged: Iterable[Judged]) -> dict[str, dict[str, int]]:
    """How many rows of data have which verdict, and how often each reason was given."""
    rows = [row for row in judged if row.is_data]
    return {
        "verdicts": dict(Counter(row.verdict.value for row in rows)),
        "reasons": dict(Counter(reason.code for row in rows for reason in row.reasons)),
    }
