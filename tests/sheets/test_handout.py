"""What we hand out is data and stays data: no payload wakes, no NIK loses a digit, no cell changes its type."""

import io
import re
import zipfile
from datetime import date, datetime, time
from itertools import product

from campaign.sheets.apart import read_apart
from campaign.sheets.handout import REASON, Column, refused_rows, template

STARTS = ("=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠")
BODIES = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://127.0.0.1/?"&A1,"Klik")',
    "SUM(1)*cmd|' /C powershell'!A0",
    'WEBSERVICE("http://127.0.0.1/")',
    '"\n=1+1"',
)
PAYLOADS = [start + body for start, body in product(STARTS, BODIES)]


def parts(file: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def formulas(file: bytes) -> list[str]:
    return [found for part in parts(file).values() for found in re.findall(r"<f[ >][^<]*|<hyperlink|<ddeLink", part)]


def rows(file: bytes) -> list[list]:
    return read_apart(file, "x.xlsx")[0].rows


def test_no_payload_is_a_formula_and_all_are_read_back_as_they_were():
    assert len(PAYLOADS) == 60
    file = refused_rows([["NAMA"]], [([payload], payload) for payload in PAYLOADS])
    assert formulas(file) == []
    assert rows(file) == [["NAMA", REASON], *([payload, payload] for payload in PAYLOADS)]
    columns = [Column(payload, how=payload, example=payload, choices=(payload,)) for payload in PAYLOADS]
    assert formulas(template("Daftar", columns)) == []
    assert rows(template("Daftar", columns)) == [PAYLOADS]


def test_a_text_stays_text_when_its_cell_is_opened():
    """Both the text format and the quote before it: else Excel reads `=1+1` anew at F2 and Enter."""
    styles = parts(refused_rows([["NAMA"]], [(["=1+1"], "x")]))["xl/styles.xml"]
    assert re.search(r'<xf numFmtId="49"[^>]*quotePrefix="1"', styles)


def test_the_test_would_notice_a_formula():
    """Control."""
    assert formulas(zipped_cell("<f>1+1</f>")) == ["<f>1+1"]


def zipped_cell(inner: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<c>{inner}</c>")
    return file.getvalue()


# ---- Refused rows ----

LAYOUT = [
    ["DAFTAR CALON AKSEPTOR", None, None, None],
    [None, None, None, None],
    ["NO", "NAMA", "ALAMAT", None],
    [None, None, "RT", "DESA"],
]
MERGED = [(0, 0, 0, 3), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 3), (4, 3, 9, 3)]


def test_refused_rows_come_back_under_their_own_header_with_the_reason():
    refused = [([7, "Neng", 1, "Cikao"], "NIK 15 angka"), ([9, "Ai", None, None], "desa tidak dikenal")]
    [sheet] = read_apart(refused_rows(LAYOUT, refused, MERGED), "x.xlsx")
    assert sheet.rows == [
        [*LAYOUT[0], None],
        [*LAYOUT[1], None],
        [*LAYOUT[2], None],
        [*LAYOUT[3], REASON],
        [7, "Neng", 1, "Cikao", "NIK 15 angka"],
        [9, "Ai", None, None, "desa tidak dikenal"],
    ]
    assert sheet.merged == [area for area in MERGED if area[2] < len(LAYOUT)]


def test_every_cell_keeps_its_type():
    typed = ["3214014101949287", "'3214014101949287", "3.21401E+15", 3214014101949280, 9471016003900000.0, 0.5, True]
    typed += [date(2021, 6, 18), datetime(2021, 6, 18, 13, 5), time(13, 5), " Neng\u202e ", "#N/A", "_x0041_", "1\r\n2"]
    read = rows(refused_rows([["NIK"]], [(typed, "x")]))[1]
    assert read == [*typed, "x"]
    assert [type(cell) for cell in read[:-1]] == [type(cell) for cell in typed]


def test_a_date_that_excel_cannot_hold_comes_back_as_text():
    assert rows(refused_rows([["LAHIR"]], [([date(90, 3, 10)], "x")]))[1] == ["0090-03-10", "x"]


def test_reasons_that_came_back_are_written_over():
    again = refused_rows([["NAMA", REASON, "KET"]], [(["Neng", "desa tidak dikenal", "-"], "NIK 15 angka")])
    assert rows(again) == [["NAMA", REASON, "KET"], ["Neng", "NIK 15 angka", "-"]]


def test_merged_cells_on_top_of_each_other_break_nothing():
    assert rows(refused_rows(LAYOUT, [], [(0, 0, 1, 3), (1, 1, 2, 2), (0, 0, 0, 0)]))[0][0] == LAYOUT[0][0]


# ---- Templates ----

COLUMNS = [
    Column("NIK", "16 angka, seperti di KTP.", "3214014101949287", is_text=True),
    Column("DESA", "Pilih dari daftar.", "Cikao", choices=[f"Desa {number}" for number in range(192)]),
    Column("ALKON", "IUD, implan, MOW atau MOP.", choices=("IUD", "Implan", "MOW, MOP")),
]


def test_a_template_has_a_header_and_says_how_to_fill_each_column():
    sheet, guide, choices = read_apart(template("Calon akseptor: 18/6 [2021]", COLUMNS), "x.xlsx")
    assert (sheet.name, guide.name, choices.name) == ("Calon akseptor  18 6  2021", "Petunjuk", "Pilihan")
    assert [sheet.is_hidden, guide.is_hidden, choices.is_hidden] == [False, False, True]
    assert sheet.rows == [["NIK", "DESA", "ALKON"]]
    assert guide.rows[:2] == [["Kolom", "Cara mengisi", "Contoh"], ["NIK", COLUMNS[0].how, COLUMNS[0].example]]
    assert len(choices.rows) == 192 and choices.rows[2] == ["Desa 2", "MOW, MOP"]


def test_a_template_offers_its_choices_and_keeps_nik_as_text():
    sheet = parts(template("Daftar", COLUMNS))["xl/worksheets/sheet1.xml"]
    assert re.findall(r"<formula1>(.*?)</formula1>", sheet) == ["Pilihan!$A$1:$A$192", "Pilihan!$B$1:$B$3"]
    assert re.findall(r'<dataValidation [^>]*sqref="(.*?)"', sheet) == ["B2:B5001", "C2:C5001"]
    assert re.search(r'<col min="1" max="1" [^>]*style="\d+"', sheet)
    assert '<pane ySplit="1"' in sheet and 'numberStoredAsText="1"' in sheet


def test_a_template_without_choices_has_no_hidden_sheet():
    assert [sheet.name for sheet in read_apart(template("", COLUMNS[:1]), "x.xlsx")] == ["Daftar", "Petunjuk"]
