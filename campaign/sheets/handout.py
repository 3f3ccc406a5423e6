"""Sheets handed to people: a template to fill, their own refused rows to mend, a register. No cell of them is ever a formula."""

import csv
import io
import re
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.utility import xl_col_to_name

from campaign.sheets.apart import Cell

REASON = "Alasan ditolak"
LAST_ROW_TO_FILL = 5_000  # so far down reach the lists to choose from
NARROWEST, WIDEST = 10, 48  # columns, in letters
A4 = 9  # as Excel numbers papers

# With the quote before it a text stays text even when the cell is opened and left: no formula wakes, no NIK turns number.
TEXT = {"num_format": 49, "quote_prefix": True, "valign": "top"}
# Excel's green corner on a NIK offers to turn it into a number, which costs its last digit: not shown.
NO_CORNERS = {"number_stored_as_text": "A1:XFD1048576"}
HEADER = TEXT | {"bold": True, "bottom": 1, "bg_color": "#E8EEF4", "text_wrap": True}


@dataclass(frozen=True)
class Column:
    """A column to fill: its header, how to fill it (Indonesian), and what may stand there."""

    name: str
    how: str
    example: str = ""
    is_text: bool = False  # NIK, phone: digits that are no number
    choices: Sequence[str] = ()


def template(title: str, columns: Sequence[Column]) -> bytes:
    """An xlsx to fill: a sheet of headers, “Petunjuk” behind it, and the choices on a hidden sheet “Pilihan”."""
    with _book() as (book, file):
        header, text = book.add_format(HEADER), book.add_format(TEXT)
        sheet, guide = book.add_worksheet(_sheet_name(title)), book.add_worksheet("Petunjuk")
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors(NO_CORNERS)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _width([column.name, column.example]), text if column.is_text else None)
            sheet.write_string(0, at, column.name, header)
        _offer_choices(book, sheet, columns)

        told = [("Kolom", "Cara mengisi", "Contoh"), *((c.name, c.how, c.example) for c in columns)]
        wrapped = book.add_format(TEXT | {"text_wrap": True})
        for line, words in enumerate(told):
            for at, word in enumerate(words):
                guide.write_string(line, at, word, wrapped if line else header)
        guide.set_column(0, 2, WIDEST)
    return file.getvalue()


def refused_rows(
    layout: list[list[Cell]], refused: list[tuple[list[Cell], str]], merged: Sequence[tuple[int, int, int, int]] = ()
) -> bytes:
    """An xlsx of the rows down to the header as they stood, then of each refused row, and beside it why.

    Every cell keeps its type, so that a mended row is read as it was. `merged` is the sheet's; below the header it is
    left out. Reasons that came back with the file are written over.
    """
    rows = [*layout, *(row for row, _reason in refused)]
    header = layout[-1] if layout else []
    reasons_at = header.index(REASON) if REASON in header else max(map(len, rows), default=0)
    with _book() as (book, file):
        sheet = book.add_worksheet("Ditolak")
        sheet.ignore_errors(NO_CORNERS)
        write = _pen(book, sheet)
        for top, left, bottom, right in merged:
            if bottom < len(layout) and (top, left) != (bottom, right):
                with suppress(OverlappingRange):
                    sheet.merge_range(top, left, bottom, right, None)
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                write(number, at, cell)
        for number, (_row, reason) in enumerate(refused, start=len(layout)):
            write(number, reasons_at, reason)
        if layout:
            sheet.write_string(len(layout) - 1, reasons_at, REASON, book.add_format(HEADER))
            sheet.freeze_panes(len(layout), 0)
        for at in range(reasons_at):
            sheet.set_column(at, at, _width(row[at] for row in rows[len(layout) - 1 :] if at < len(row)))
        sheet.set_column(reasons_at, reasons_at, WIDEST)
    return file.getvalue()


@dataclass(frozen=True)
class Table:
    """One sheet of a register: lines above it, its header, its rows; `columns` are widths in letters, the last one for the rest."""

    name: str
    above: Sequence[Sequence[Cell]]
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    columns: Sequence[int] = (16,)


def tables(*sheets: Table) -> bytes:
    """An xlsx to read, print and take over elsewhere: A4 on its side, every cell as what it is."""
    with _book() as (book, file):
        header = book.add_format(HEADER | {"text_wrap": True})
        for table in sheets:
            sheet = book.add_worksheet(_sheet_name(table.name))
            sheet.ignore_errors(NO_CORNERS)
            write, top = _pen(book, sheet), len(table.above)
            for number, row in enumerate((*table.above, (), *table.rows)):
                for at, cell in enumerate(row):
                    write(number, at, cell)
            for at, name in enumerate(table.header):
                sheet.write_string(top, at, name, header)
                sheet.set_column(at, at, table.columns[min(at, len(table.columns) - 1)])
            sheet.freeze_panes(top + 1, 0)
            sheet.repeat_rows(top)
            sheet.set_landscape()
            sheet.set_paper(A4)
            sheet.fit_to_pages(1, 0)
    return file.getvalue()


# What a spreadsheet takes for a formula at the head of a text, also written wide, and behind what it skips.
WAKES = re.compile(r"[\s\0]*[=+\-@|%＝＋－＠]")


def as_csv(table: Table) -> bytes:
    """Header and rows only, for a program or for Excel as it is set here: parted by semicolons, UTF-8 with its mark.

    A text that could be a formula gets an apostrophe before it: csv has no other way to say that a cell is text.
    """
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    for row in (table.header, *table.rows):
        writer.writerow([f"'{cell}" if isinstance(cell, str) and WAKES.match(cell) else cell for cell in row])
    return file.getvalue().encode("utf-8-sig")


@contextmanager
def _book():
    file = io.BytesIO()
    # In memory: names and NIK do not touch the disk.
    plainly = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, plainly) as book:
        yield book, file


def _pen(book, sheet):
    """Writes one cell as what it is."""
    text, whole = book.add_format(TEXT), book.add_format({"num_format": "0"})  # no digit behind an E+15
    moments = {
        kind: book.add_format({"num_format": pattern})
        for kind, pattern in {datetime: "dd/mm/yyyy hh:mm", date: "dd/mm/yyyy", time: "hh:mm"}.items()
    }

    def write(row: int, at: int, cell: Cell):
        match cell:
            case None:
                return
            case bool():
                sheet.write_boolean(row, at, cell)
            case int() if abs(cell) < 2**53:
                sheet.write_number(row, at, cell, whole)
            case float():
                sheet.write_number(row, at, cell)
            case time():
                sheet.write_datetime(row, at, cell, moments[time])
            case date() if cell.year >= 1900:
                sheet.write_datetime(row, at, cell, moments[type(cell)])
            case _:
                sheet.write_string(row, at, str(cell), text)

    return write


def _offer_choices(book, sheet, columns: Sequence[Column]):
    offered = [(at, column.choices) for at, column in enumerate(columns) if column.choices]
    if not offered:
        return
    listed = book.add_worksheet("Pilihan")
    listed.hide()
    for place, (at, choices) in enumerate(offered):
        for line, choice in enumerate(choices):
            listed.write_string(line, place, choice)
        letter = xl_col_to_name(place)
        chosen = {
            "validate": "list",
            "source": f"=Pilihan!${letter}$1:${letter}${len(choices)}",
            "error_title": "Pilih dari daftar",
            "error_message": "Klik panah di kanan sel, lalu pilih salah satu.",
        }
        sheet.data_validation(1, at, LAST_ROW_TO_FILL, at, chosen)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip(" '") or "Daftar"


def _width(cells) -> int:
    return min(max((len(str(cell)) + 2 for cell in cells if cell is not None), default=0) or NARROWEST, WIDEST)
