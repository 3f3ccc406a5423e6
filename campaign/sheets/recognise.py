"""Where the table stands in an office's sheet: under which titles, what each column is, and which rows are people.

What is found is shown and may be corrected: `recognise` takes the corrected columns and header row and looks again.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from rapidfuzz import fuzz, process

from campaign.rules.verdicts import SheetKind
from campaign.sheets.apart import Cell, Sheet
from campaign.sheets.cells import number, said, text
from campaign.sheets.kinds import FIELDS, NEEDED, known_headings, plain

MOST_TITLE_ROWS, MOST_HEADER_ROWS, MOST_SAMPLED = 60, 3, 200
FIGURE = "angka:"  # begins the cell names of figures, which are called after their headings
LIKE, SURE_IF_CONTAINED = 88, 0.6  # percent of a heading's letters; how sure when a known heading is only part of it


class RowKind(StrEnum):
    """What a row of the sheet is; all but DATA are codes of `reasons.py`."""

    DATA = "data"
    TITLE = "judul"
    HEADER = "tajuk"
    COLUMN_NUMBERS = "nomor_kolom"
    KECAMATAN = "judul_kecamatan"
    DESA = "judul_desa"
    SUBTOTAL = "subjumlah"
    BLANK = "kosong"
    SIGNATURE = "tanda_tangan"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading as it stands there, the field it was taken for, and how sure that is, from 0 to 1.

    In a column that is only ticked, `ticked` is what a tick says: “IUD” under “Rencana alkon”.
    """

    index: int
    heading: str
    field: str | None = None
    sure: float = 0.0
    ticked: str = ""


@dataclass(slots=True)
class Row:
    """One row by Excel's number. Data has cells by field (figures by `FIGURE` and their heading); a heading names places."""

    row_no: int
    kind: RowKind
    cells: dict[str, Cell] = field(default_factory=dict)
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """What was recognised in one sheet. Without the needed columns, or without a header, it has no data rows."""

    sheet_name: str
    is_hidden: bool
    kind: SheetKind
    header_rows: tuple[int, ...]  # Excel's numbers
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def first_data_row(self) -> int | None:
        return next((row.row_no for row in self.rows if row.kind == RowKind.DATA), None)

    @property
    def mapping(self) -> dict[int, str]:
        """Column index → field, as `recognise` takes it back."""
        return {column.index: column.field for column in self.columns if column.field}

    @property
    def missing(self) -> tuple[str, ...]:
        """Labels of the needed columns that were not found."""
        labels = {field.name: field.label for field in FIELDS[self.kind]}
        have = set(self.mapping.values())
        return tuple(
            " atau ".join(label for name, label in labels.items() if name in group)
            for group in NEEDED[self.kind]
            if not group & have
        )


def recognise(
    sheet: Sheet,
    kind: SheetKind,
    *,
    header_row: int | None = None,
    mapping: Mapping[int, str | None] | None = None,
) -> Table:
    """The table of this kind in a sheet.

    `header_row` (Excel's number; 0: there is none) and `mapping` (column index → field, None: not taken) are what a
    person said; they stand, and only what she left open is looked for.
    """
    rows, said = sheet.rows, mapping or {}
    headers, columns = _header(sheet, kind, header_row)
    columns = _settle(columns, kind, said)
    if kind == SheetKind.WEIGHTS:
        columns = _with_figures(columns, rows[headers.stop :], said)
    if not (said or header_row is not None or _has_needed(columns, kind)):  # a sheet about something else
        only_titles = tuple(_title(number, row) for number, row in enumerate(rows, start=1))
        return Table(sheet.name, sheet.is_hidden, kind, (), tuple(columns), only_titles)
    reader = _Reader(sheet, kind, columns, headers)
    return Table(
        sheet_name=sheet.name,
        is_hidden=sheet.is_hidden,
        kind=kind,
        header_rows=tuple(number + 1 for number in headers),
        columns=tuple(columns),
        rows=(
            *(_title(number + 1, rows[number]) for number in range(headers.start)),
            *(Row(number + 1, RowKind.HEADER) for number in headers),
            *reader.read(),
        ),
    )


# ---- Header ----


def _with_groups(sheet: Sheet) -> list[list[Cell]]:
    """The rows in which the header may stand; a heading merged over several columns stands over each of them."""
    rows = [list(row) for row in sheet.rows[: MOST_TITLE_ROWS + MOST_HEADER_ROWS]]
    for top, left, _bottom, right in sheet.merged:
        if top < len(rows):
            rows[top][left : right + 1] = [rows[top][left]] * (right + 1 - left)
    return rows


def _columns(rows: list[list[Cell]], known: dict[str, str | None], *, is_merged: bool) -> list[Column]:
    """The columns under these heading rows. Where merged cells are lost (csv), a group stands over what follows it."""
    if not is_merged:
        rows = [list(row) for row in rows]
        for row, below in pairwise(rows):
            for index in range(1, len(row)):
                if row[index] is None and below[index] is not None:
                    row[index] = row[index - 1]
    return [_column(index, rows, known) for index in range(max(map(len, rows), default=0))]


def _header(sheet: Sheet, kind: SheetKind, said_row: int | None) -> tuple[range, list[Column]]:
    """The rows that make the header, and their columns: of all places, the one that names most fields."""
    rows = _with_groups(sheet)
    width = max(map(len, rows), default=0)
    best, best_score = (range(0), [Column(index, "") for index in range(width)]), (0.0, 0)
    if said_row == 0:
        return best
    known = known_headings(kind)
    starts = range(min(len(rows), MOST_TITLE_ROWS)) if said_row is None else range(said_row - 1, said_row)
    for start in starts:
        for end in range(start + 1, min(start + MOST_HEADER_ROWS, len(rows)) + 1):
            if not _may_head(rows[end - 1], known):
                break
            columns = _columns(rows[start:end], known, is_merged=bool(sheet.merged))
            settled = _settle(columns, kind, {})
            score = round(sum(column.sure for column in settled if column.field), 2), start - end  # rather fewer rows
            is_header = said_row is not None or (score[0] > 1 and _has_needed(settled, kind, but={"angka"}))
            if is_header and score > best_score:
                best, best_score = (range(start, end), columns), score
    headers = best[0]
    if not headers:
        return best if said_row is None else (range(said_row - 1, said_row), best[1])
    end = _end_of_header(sheet, rows, headers, known)
    return range(headers.start, end), _columns(rows[headers.start : end], known, is_merged=bool(sheet.merged))


def _end_of_header(sheet: Sheet, rows: list[list[Cell]], headers: range, known: dict[str, str | None]) -> int:
    """The header goes on as far as its merged cells reach, over rows of nothing but headings, and below its groups."""
    merged = [area for area in sheet.merged if area[0] in headers]
    end = min(max([headers.stop, *(bottom + 1 for _top, _left, bottom, _right in merged)]), len(rows))
    grouped = {
        column
        for _top, left, bottom, right in merged
        if right > left and bottom + 1 == end
        for column in range(left, right + 1)
    }
    below = {index for index, cell in enumerate(rows[end]) if cell is not None} if end < len(rows) else set()
    if len(below) > 1 and below <= grouped:
        end += 1
    while end < len(rows) and (words := {cell for cell in rows[end] if cell is not None}):
        if not all(isinstance(word, str) and plain(word) in known for word in words):
            break
        end += 1
    return min(end, headers.start + MOST_HEADER_ROWS)


def _may_head(row: list[Cell], known: dict[str, str | None]) -> bool:
    """Headings are words, without many digits. One alone in its row is a title, unless it is a heading we know."""
    words = {cell for cell in row if cell is not None}
    if not all(isinstance(word, str) and not re.search(r"\d{5}", word) for word in words):
        return False
    spelled = [plain(word) for word in words]
    return any(word in known for word in spelled) or (
        len(words) > 1 and any(re.search("[a-z]", word) for word in spelled)
    )


def _counts_columns(row: list[Cell]) -> bool:
    """(1) (2) (3) …: nothing but small numbers, each greater than the one before."""
    first = next((cell for cell in row if cell is not None), None)
    if first not in (1, 2) and not (isinstance(first, str) and first.strip("(). ") in ("1", "2")):
        return False
    counted = [text(cell).strip("(). ") for cell in row if cell is not None]
    if len(counted) < 3 or not all(re.fullmatch(r"\d{1,2}", count) for count in counted):
        return False
    return all(int(one) < int(next_one) for one, next_one in pairwise(counted))


def _column(index: int, rows: list[list[Cell]], known: dict[str, str | None]) -> Column:
    """A column by its headings from the top: a group's, then its own."""
    lines = [line for row in rows if index < len(row) and (line := text(row[index]))]
    if not lines:
        return Column(index, "")
    alone, joined = _field_of(lines[-1], known), _field_of(" ".join(lines), known, is_joined=True)
    if alone[0] and alone[1] >= joined[1]:
        return Column(index, lines[-1], *alone, lines[-1])
    return Column(index, " ".join(dict.fromkeys(lines)), *max(joined, alone, key=lambda found: found[1]), lines[-1])


def _field_of(heading: str, known: dict[str, str | None], *, is_joined: bool = False) -> tuple[str | None, float]:
    """The field a heading names: as it is spelled, misspelled, or as a part of it (the earliest, then the longest)."""
    heading = plain(heading)
    if heading in known:
        return known[heading], 1.0
    if len(heading) > 4 and (like := process.extractOne(heading, known.keys(), scorer=fuzz.ratio, score_cutoff=LIKE)):
        return known[like[0]], like[1] / 100
    if is_joined:
        return None, 0.0
    words = f" {heading} "
    parts = [(words.index(f" {spelling} "), -len(spelling), spelling) for spelling in known if f" {spelling} " in words]
    return (known[min(parts)[2]], SURE_IF_CONTAINED) if parts else (None, 0.0)


def _settle(columns: list[Column], kind: SheetKind, mapping: Mapping[int, str | None]) -> list[Column]:
    """Each field in one column, where it is surest, unless several may tell it; what a person said stands."""
    many = {field.name for field in FIELDS[kind] if field.is_many}
    ticked = {field.name: field.ticked for field in FIELDS[kind]}
    said_columns = [replace(c, field=mapping[c.index], sure=1.0) if c.index in mapping else c for c in columns]
    owner: dict[str, Column] = {}
    for column in sorted(said_columns, key=lambda column: (column.index not in mapping, -column.sure, column.index)):
        if column.field:
            owner.setdefault(column.field, column)
    return [
        replace(column, ticked=column.ticked if plain(column.ticked) in ticked.get(column.field, ()) else "")
        if column.index in mapping or column.field in many or owner.get(column.field) is column
        else Column(column.index, column.heading)
        for column in said_columns
    ]


def _has_needed(columns: Iterable[Column], kind: SheetKind, but: set[str] = frozenset()) -> bool:
    have = {column.field for column in columns} | but
    return all(group & have for group in NEEDED[kind])


def _with_figures(columns: list[Column], rows: list[list[Cell]], mapping: Mapping[int, str | None]) -> list[Column]:
    """Whatever else holds mostly numbers under a heading of its own is a figure."""
    known = known_headings(SheetKind.WEIGHTS)
    sample = rows[:MOST_SAMPLED]

    def is_figure(column: Column) -> bool:
        if column.field or column.index in mapping or not column.heading or plain(column.heading) in known:
            return False
        cells = [row[column.index] for row in sample if column.index < len(row) and row[column.index] is not None]
        return bool(cells) and sum(number(cell) is not None for cell in cells) > 0.6 * len(cells)

    return [Column(c.index, c.heading, "angka", 0.5) if is_figure(c) else c for c in columns]


# ---- Rows ----

KECAMATAN_CODE = re.compile(r"\d{2}\.?\d{2}\.?\d{2}")
SUBTOTAL = re.compile(r"(?i)(?:sub\W*)?(?:jumlah|jml|total|rekap)\b")
PLACE = re.compile(r"(?i)^\W*(?:(?P<kecamatan>kecamatan|kec)|(?P<desa>desa|ds|kelurahan|kel))\b[\s.:/]*(?=\w)")
IN_TITLE = re.compile(
    r"(?i)\b(kecamatan|kec|desa|kelurahan)\b[\s.:]*(\w.*?)(?=\s*(?:[,(;]|\b(?:kab|kec|prov|desa|tahun|bulan|\d{4})|$))"
)
SIGNATURE = re.compile(
    r"(?i)(?:mengetahui|menyetujui|nip\b|kepala\b|plt\b|plh\b|an\.|a\.n\b|camat\b|lurah\b|bupati|sekretaris|koordinator p|ketua tp|"
    r"ketua tim|petugas|yang (?:membuat|melapor|mendata)|pembuat|dibuat oleh|pelapor|tertanda|ttd\b|pengelola|penyusun)"
    r"|[\w .]+, *(?:\d{1,2}|[.…_ ]+) *\w* *(?:\d{4}|[.…_]+)$|\(?[.…_ ]{4,}\)?$"
)
CLEARLY_DATA = 4  # so many fields no heading and no signature fills
LONGEST_LINE = 120  # letters of a heading that are looked at: a long cell keeps nobody busy


def _title(row_no: int, row: list[Cell]) -> Row:
    """A row above the table; it may name the place all below it belongs to."""
    line = " ".join(filter(None, map(text, row)))[: 4 * LONGEST_LINE]
    places = tuple(found[0] for found in IN_TITLE.finditer(line))
    return Row(row_no, RowKind.TITLE if line else RowKind.BLANK, places=places)


class _Reader:
    """Tells the rows below a header apart."""

    def __init__(self, sheet: Sheet, kind: SheetKind, columns: list[Column], headers: range):
        self.rows = sheet.rows
        self.first = headers.stop
        self.columns = [column for column in columns if column.field]
        self.headings = {column.index: {sheet.rows[number][column.index] for number in headers} for column in columns}
        figures = Counter(column.heading for column in self.columns if column.field == "angka")
        self.names = {column.index: _name(column, figures) for column in self.columns}
        filled_down = {field.name for field in FIELDS[kind] if field.is_filled_down}
        self.filled = {
            (row, left): sheet.rows[top][left]
            for top, left, bottom, _right in sheet.merged
            if top >= self.first and self.names.get(left) in filled_down
            for row in range(top + 1, bottom + 1)
        }
        # Only a running number, and the place of a merged cell, is a line somebody left blank.
        self.silent = {"no"} if kind == SheetKind.DAYS else {"no", *filled_down}

    def read(self) -> list[Row]:
        """The rows below the header. Few cells after the last data row are a signature, before it a title."""
        rows: list[Row] = []
        is_signing = False
        for index in range(self.first, len(self.rows)):
            row = self._read(index + 1, self.rows[index], is_signing)
            is_signing = row.kind == RowKind.SIGNATURE or (is_signing and row.kind in (RowKind.BLANK, RowKind.TITLE))
            rows.append(row)
        last = max((row.row_no for row in rows if row.kind == RowKind.DATA), default=0)
        return [
            Row(row.row_no, RowKind.SIGNATURE) if row.kind == RowKind.TITLE and row.row_no > last else row
            for row in rows
        ]

    def _read(self, row_no: int, row: list[Cell], is_signing: bool) -> Row:
        if _counts_columns(row):
            return Row(row_no, RowKind.COLUMN_NUMBERS)
        cells = self._cells(row_no - 1, row)
        speaking = {"angka" if name.startswith(FIGURE) else name for name, cell in cells.items() if _speaks(cell)}
        speaking.discard("no")
        if self._repeats_header(row):
            return Row(row_no, RowKind.HEADER)
        if KECAMATAN_CODE.fullmatch(text(cells.get("kode"))):
            return Row(row_no, RowKind.KECAMATAN, places=(text(cells.get("desa") or cells.get("kecamatan")),))
        # A camat signs most sheets and is invited on others: a code, or attendance beside a name, tells which.
        if len(speaking) >= CLEARLY_DATA or "undangan" in speaking or {"nama", "hadir"} <= speaking:
            return Row(row_no, RowKind.DATA, cells)
        return self._read_sparse(row_no, row, cells, speaking, is_signing)

    def _cells(self, index: int, row: list[Cell]) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        for column in self.columns:
            name = self.names[column.index]
            cell = row[column.index] if column.index < len(row) else None
            if cell is None and self.filled:
                cell = self.filled.get((index, column.index))
            if column.ticked and cell is not None:
                cell = column.ticked if _is_tick(cell) else None if _is_no_tick(cell) else cell
            if cell is not None or name.startswith(FIGURE):
                cells[name] = f"{text(cells[name])}/{text(cell)}" if name in cells else cell
        return cells

    def _repeats_header(self, row: list[Cell]) -> bool:
        said = [index for index, cell in enumerate(row) if cell is not None]
        return sum(row[index] in self.headings[index] for index in said) * 2 > len(said)

    def _read_sparse(
        self, row_no: int, row: list[Cell], cells: dict[str, Cell], speaking: set[str], is_signing: bool
    ) -> Row:
        """A row of few fields: data of a narrow sheet, or one of all the things that stand between and below data."""
        lines = [text(cell)[:LONGEST_LINE] for cell in row if not isinstance(cell, int | float) and _speaks(cell)]
        if len(lines) > 1:  # “KECAMATAN” and “: PLERED” may stand in two cells
            lines.append(" ".join(lines))
        is_numbered = number(cells.get("no")) is not None
        place = next((found for line in lines if (found := PLACE.match(line))), None)
        others = {name for name in speaking if not (place and name in cells and text(cells[name]) in place.string)}
        if not place and (speaking <= self.silent and (is_numbered or not lines)):
            return Row(row_no, RowKind.BLANK)
        if lines and SUBTOTAL.match(lines[0]):
            return Row(row_no, RowKind.SUBTOTAL)
        if place and place["kecamatan"] and others <= {"angka"}:
            return Row(row_no, RowKind.KECAMATAN, places=(place.string,))
        if place and place["desa"] and not others:
            return Row(row_no, RowKind.DESA, places=(place.string,))
        days = {text(cells.get(name)) for name in ("tanggal", "lahir")}
        if not is_numbered and (is_signing or any(SIGNATURE.match(line) for line in lines if line not in days)):
            return Row(row_no, RowKind.SIGNATURE)
        if len(speaking) >= 2 or "kode" in speaking or (is_numbered and speaking):
            return Row(row_no, RowKind.DATA, cells)
        # A kecamatan's bare name over its rows; in the column of places it would be a row's own.
        return Row(row_no, RowKind.TITLE, places=tuple(lines[:1]) if not speaking & {"desa", "kecamatan"} else ())


def _name(column: Column, figures: Counter[str]) -> str:
    """What a column's cells are called in a row; figures after their headings, which may be there twice."""
    if column.field != "angka":
        return column.field
    return FIGURE + (column.heading if figures[column.heading] == 1 else f"{column.heading} ({column.index + 1})")


def _speaks(cell: Cell) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip("-–—_. \xa0\t\r\n"))


TICKS = {"v", "x", "1", "ya", "ada", "√", "✓", "✔", "☑", "●", "•", "+", "*"}
NO_TICKS = {"", "0", "tidak", "tdk", "t", "bukan", "□", "☐"}


def _is_tick(cell: Cell) -> bool:
    """A tick, a cross, a 1 or “ya” in a column that is only ticked."""
    return cell is True or text(cell).casefold() in TICKS


def _is_no_tick(cell: Cell) -> bool:
    return cell is False or said(cell).casefold() in NO_TICKS
