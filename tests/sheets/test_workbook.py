"""What an office typed arrives as it was typed, whatever program saved it and whatever the file is called."""

import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from pathlib import Path

import pytest

from campaign.rules.refusals import BadFile
from campaign.sheets.apart import read_apart
from tests.sheets.files import (
    ONE_CELL,
    cells,
    ods,
    ods_row,
    office_parts,
    record,
    written,
    xls,
    xls_number,
    xls_text,
    xlsx,
    zipped,
)

ROOT = Path(__file__).resolve().parents[2]


def rows(data, name="daftar.xlsx"):
    [sheet] = read_apart(data, name)
    return sheet.rows


def styled(number, pattern="yyyy-mm-dd"):
    """What a cell of this number under this number format is read as."""
    styles = f'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="{pattern}"/></numFmts>'
    styles += '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    parts = office_parts(cells(f'<c r="A1" s="1"><v>{number}</v></c>'))
    relation = '<Relationship Id="r9" Type="{}/styles" Target="styles.xml"/></Relationships>'.format(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    )
    relations = parts["xl/_rels/workbook.xml.rels"].replace("</Relationships>", relation)
    [[cell]] = rows(zipped(parts | {"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": relations}))
    return cell


# ---- Cells ----

CELLS = {
    "text": ('t="inlineStr"><is><t xml:space="preserve"> Neng </t></is>', " Neng "),
    "text of many colours": ('t="inlineStr"><is><r><t>Ne</t></r><r><t>ng</t></r></is>', "Neng"),
    "a number as text": ('t="str"><v>3.21401E+15</v>', "3.21401E+15"),
    "a NIK as number": ("><v>3214014101949287</v>", 3214014101949287),
    "a NIK as power of ten": ("><v>3.214014101949287E15</v>", 3214014101949287),
    "a NIK no float can hold": ("><v>9471016003900001</v>", 9471016003900000.0),
    "a fraction": ("><v>0.1</v>", 0.1),
    "beyond all numbers": ("><v>1E999</v>", "inf"),
    "yes": ('t="b"><v>1</v>', True),
    "a date spelled out": ('t="d"><v>2021-06-18</v>', date(2021, 6, 18)),
    "a formula": ("><f>1+1</f><v>2</v>", 2),
    "a formula that says text": ('t="str"><f>A2</f><v>x</v>', "x"),
    "a formula nobody reckoned": ("><f>1+1</f>", None),
    "a formula that failed": ('t="e"><f>NA()</f><v>#N/A</v>', "#N/A"),
    "a failed reference": ('s="0" t="e"><v>#REF!</v>', "#REF!"),
    "text that speaks XML": ('t="inlineStr"><is><t>a t="e" b</t></is>', 'a t="e" b'),
}


@pytest.mark.parametrize(("typed", "cell"), CELLS.values(), ids=CELLS)
def test_a_cell_arrives_as_it_was_typed(typed, cell):
    read = rows(xlsx(cells(f'<c r="A1" {typed}</c><c r="B1"><v>1</v></c>')))
    assert read == [[cell, 1]]
    assert type(read[0][0]) is type(cell)


def test_dates_and_times_arrive_as_such():
    assert styled(44365) == date(2021, 6, 18)
    assert styled(44365.5) == datetime(2021, 6, 18, 12)
    assert styled(0.25, "hh:mm") == time(6)
    assert styled(1.5, "[h]:mm") == 1.5
    assert styled(1e9) == 1_000_000_000


# ---- Where a cell stands ----


def test_row_numbers_are_those_of_excel_with_blank_rows_and_columns_before():
    sheet = '<row r="3"><c r="B3"><v>1</v></c><c r="D3"><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c></row>'
    blank = [None] * 4
    assert rows(xlsx(f"<sheetData>{sheet}</sheetData>")) == [
        blank, blank, [None, 1, None, 2], blank, [None, None, 3, None]
    ]  # fmt: skip


def test_blank_rows_and_formatted_cells_at_the_end_do_not_count():
    sheet = ONE_CELL[: -len("</sheetData>")] + '<row r="900"><c r="AZ900" s="1"/></row></sheetData>'
    assert rows(xlsx(sheet)) == [["NIK"]]


def test_merged_cells_are_told_where_they_are():
    """Within what is there: the blank text in row 3 does not count, and B2:XFD2 is one cell."""
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in ("B1:B3", "A1:A2", "D1:XFD1", "B2:XFD2"))
    blank = '<row><c t="str"><f>""</f><v></v></c></row>'
    sheet = "<sheetData>" + "<row><c><v>1</v></c><c><v>1</v></c></row>" * 2 + blank + "</sheetData>"
    [read] = read_apart(xlsx(f"{sheet}<mergeCells>{merged}</mergeCells>"), "x.xlsx")
    assert read.merged == [(0, 0, 1, 0), (0, 1, 1, 1)]


def test_hidden_sheets_are_named_and_read():
    parts = office_parts(ONE_CELL)
    for state, is_hidden in (("hidden", True), ("veryHidden", True), ("visible", False)):
        workbook = parts["xl/workbook.xml"].replace("<sheet ", f'<sheet state="{state}" ')
        [sheet] = read_apart(zipped(parts | {"xl/workbook.xml": workbook}), "x.xlsx")
        assert (sheet.name, sheet.is_hidden, sheet.rows) == ("Daftar", is_hidden, [["NIK"]])


# ---- Other programs ----


def test_old_excel_is_read():
    typed = xls_text(1, 0, "NIK") + xls_text(2, 0, "Ené") + xls_number(2, 1, 3214014101949287.0)
    typed += xls_number(2, 2, 44365, style=1) + record(0xE5, struct.pack("<HHHHH", 1, 1, 2, 0, 0))
    [sheet] = read_apart(xls(typed, is_hidden=True), "daftar.xls")
    nothing = [None] * 3
    assert sheet.rows == [nothing, ["NIK", None, None], ["Ené", 3214014101949287, date(2021, 6, 18)]]
    assert (sheet.name, sheet.is_hidden, sheet.merged) == ("Daftar", True, [(1, 0, 2, 0)])


def test_libreoffice_is_read():
    typed = '<table:table-cell office:value-type="float" office:value="3214014101949287"/>'
    typed += '<table:table-cell office:value-type="date" office:date-value="2021-06-18"/>'
    typed += '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
    typed += "<text:p>#N/A</text:p></table:table-cell>"
    sheet = ods_row("NIK") + f"<table:table-row>{typed}</table:table-row>"
    assert rows(ods(sheet)) == [["NIK", None, None], [3214014101949287, date(2021, 6, 18), "#N/A"]]


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods", "a.csv", "a", "../../a.exe"])
def test_the_content_says_what_it_is_and_not_the_name(name):
    for file in (xlsx(ONE_CELL), xls(xls_text(0, 0, "NIK")), ods(ods_row("NIK")), b"NIK\r\n"):
        assert rows(file, name) == [["NIK"]]


# ---- csv ----

LINES = [["NIK", "NAMA", "ALAMAT"], ["'3214", "Ené, S.Pd", "Kp. Krajan;\nRT 1"], ["=1+1", "", "“x”"]]
READ = [[cell or None for cell in line] for line in LINES]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_csv_is_read_whatever_cuts_and_encodes_it(encoding, delimiter, end):
    text = end.join(delimiter.join(f'"{cell}"' for cell in line) for line in LINES)
    assert rows(text.encode(encoding), "daftar.csv") == READ


def test_the_delimiter_is_what_cuts_most_lines_alike():
    dates = "DAFTAR CALON, 2021\n\nNAMA;LAHIR;ANAK\n" + "Neng;Purwakarta, 1 Mei 1990;1,5\n" * 9
    read = rows(dates.encode(), "daftar.csv")
    assert read[0] == ["DAFTAR CALON, 2021", None, None]
    assert read[3] == ["Neng", "Purwakarta, 1 Mei 1990", "1,5"]
    addresses = "NAMA;ALAMAT\n" + "Neng;Kp. Krajan, RT 1, RW 2, Cikao\n" * 9
    assert rows(addresses.encode())[1] == ["Neng", "Kp. Krajan, RT 1, RW 2, Cikao"]
    assert rows(b"NAMA,NIK,KET\nNeng,1\nAi,2,x\nIis,3\n")[1] == ["Neng", "1", None]


def test_the_line_in_which_excel_names_its_delimiter_is_no_row():
    assert rows(b"sep=;\r\nNIK;NAMA, GELAR\r\n", "x.csv") == [["NIK", "NAMA, GELAR"]]


def test_a_csv_is_called_after_its_file():
    assert [sheet.name for sheet in read_apart(b"NIK\n", "Data Kader.csv")] == ["Data Kader"]


def test_a_csv_of_one_column_and_short_lines_is_read():
    assert rows(b"NIK\n3214\n\n3215\n\n\n", "x.csv") == [["NIK"], ["3214"], [None], ["3215"]]
    assert rows(b"a,b,c\nd\n", "x.csv") == [["a", "b", "c"], ["d", None, None]]


# ---- Apart ----

BREAK_OUT = """
import socket, sys
from campaign.sheets import workbook
workbook.confine()
for name, attempt in {
    "a file": lambda: open("/etc/passwd"), "the network": socket.socket, "memory": lambda: bytearray(600 << 20)
}.items():
    try:
        attempt()
    except (OSError, MemoryError) as refused:
        print(name, type(refused).__name__)
"""


def test_whoever_breaks_into_the_child_finds_an_empty_room():
    ended = subprocess.run([sys.executable, "-c", BREAK_OUT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["a file OSError", "the network OSError", "memory MemoryError"]


def test_the_child_knows_nothing_of_the_app():
    show = "import sys, runpy; sys.stdin = open('/dev/null'); runpy.run_path(sys.argv[1]); print(*sys.modules)"
    child = ROOT / "campaign/sheets/workbook.py"
    loaded = subprocess.run([sys.executable, "-I", "-c", show, child], capture_output=True, text=True, check=True)
    modules = set(loaded.stdout.split())
    assert "python_calamine" in modules
    assert not {"flask", "sqlalchemy", "campaign"} & modules


def test_several_threads_read_at_the_same_time():
    files = [written([[number, "NIK"]]) for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(rows, files))
    assert read == [[[number, "NIK"]] for number in range(8)]


UNDER_GEVENT = """
from gevent import monkey; monkey.patch_all()
import gevent, sys
from campaign.sheets.apart import read_apart
from campaign.rules.refusals import BadFile

turns = 0
def others():
    global turns
    while True:
        turns += 1
        gevent.sleep(0.005)

def refused():
    try:
        read_apart(b"", "x.csv")
    except BadFile as refusal:
        return refusal.sentence

gevent.spawn(others)
reading = [gevent.spawn(read_apart, sys.stdin.buffer.read(), "x.xlsx"), gevent.spawn(refused)]
gevent.joinall(reading, raise_error=True)
print(len(reading[0].value[0].rows), reading[1].value, turns > 5)
"""


def test_under_gevent_the_others_have_their_turn():
    many = written([[number, "NIK"] for number in range(20_000)])
    ended = subprocess.run([sys.executable, "-c", UNDER_GEVENT], input=many, cwd=ROOT, capture_output=True, check=True)
    assert ended.stdout.decode().strip() == "20000 Berkas ini kosong. Pilih berkas yang berisi daftar. True"


def test_a_long_cell_is_refused_with_its_place_and_never_cut():
    assert rows(written([["x" * 2000]])) == [["x" * 2000]]
    with pytest.raises(BadFile) as refusal:
        read_apart(written([["NIK"], ["x" * 2001]]), "x.xlsx")
    assert refusal.value.sentence == "Lembar “Daftar” baris 2: satu sel lebih dari 2.000 huruf. Pendekkan isinya."
