"""Wrong, broken and hostile files: each is refused in a sentence or read as it stands, soon, and the server stays small."""

import io
import os
import random
import struct
import zipfile
from pathlib import Path

import pytest

from campaign.rules.refusals import BadFile
from campaign.sheets import apart, workbook
from campaign.sheets.apart import read_apart
from tests.sheets.files import (
    MAIN,
    ONE_CELL,
    cells,
    ods,
    ods_parts,
    ods_row,
    office_parts,
    ole,
    record,
    written,
    xls,
    xls_text,
    xlsx,
    zipped,
)

MOST_SECONDS, MOST_GROWTH = 10, 50 << 20

BLANKS = b" " * (64 << 20)
DTD = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE sst [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9)) + "]>"
SHARED = f"<sst {MAIN}><si><t>NIK</t></si></sst>"


def text_cell(text) -> str:
    return cells(f'<c r="A1" t="inlineStr"><is><t>{text}</t></is></c>')


def numbered(rows, across=1) -> str:
    lines = (f'<row r="{row}">{f"<c><v>{row}</v></c>" * across}</row>' for row in range(1, rows + 1))
    return f"<sheetData>{''.join(lines)}</sheetData>"


def lying(data: bytes, size: int) -> bytes:
    """The same archive; its directory says this size for every entry."""
    at, changed = 0, bytearray(data)
    while (at := data.find(b"PK\1\2", at + 1)) > 0:
        changed[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(changed)


def flagged(data: bytes) -> bytes:
    """The same archive; its directory says that every entry is encrypted."""
    at, changed = 0, bytearray(data)
    while (at := data.find(b"PK\1\2", at + 1)) > 0:
        changed[at + 8] |= 1
    return bytes(changed)


def with_link(target: str) -> bytes:
    file = io.BytesIO(xlsx(ONE_CELL))
    with zipfile.ZipFile(file, "a") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, target)
    return file.getvalue()


def twice() -> bytes:
    """Two parts of one name: a counted one and another that would be read."""
    file = io.BytesIO(xlsx(ONE_CELL))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", office_parts(ONE_CELL)["xl/worksheets/sheet1.xml"])
    return file.getvalue()


def pointing_to(target: str) -> bytes:
    parts = office_parts(ONE_CELL)
    relations = parts["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", target)
    return zipped(parts | {"xl/_rels/workbook.xml.rels": relations})


def many_sheets(count: int) -> bytes:
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="r1"/>' for n in range(count))
    parts = office_parts(ONE_CELL)
    return zipped(parts | {"xl/workbook.xml": f"<workbook {MAIN}><sheets>{sheets}</sheets></workbook>"})


def noise(size: int) -> bytes:
    return random.Random(15).randbytes(size)


REFUSED = {
    # nothing, or something else
    "nothing": (lambda: b"", workbook.EMPTY),
    "blanks": (lambda: b" \r\n" * 50, workbook.EMPTY),
    "no cell": (lambda: xlsx("<sheetData/>"), workbook.EMPTY),
    "random bytes": (lambda: noise(100_000), workbook.NO_SHEET),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + noise(900), workbook.NO_SHEET),
    "a pdf": (lambda: b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\n", workbook.NO_SHEET),
    "a letter": (lambda: zipped({"[Content_Types].xml": "wordprocessingml", "word/document.xml": "x"}), workbook.NO_SHEET),
    "an old letter": (lambda: ole({"WordDocument": b"x"}), workbook.NO_SHEET),
    "a zip of photos": (lambda: zipped({"a.jpg": noise(9)}), workbook.NO_SHEET),
    "a web page": (lambda: b"\xef\xbb\xbf\n<html><table><tr><td>NIK</td></tr></table></html>", workbook.WEB_PAGE),
    "a web archive": (lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n", workbook.WEB_PAGE),
    "Excel 2003 XML": (lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', workbook.WEB_PAGE),
    # locked, or with a program inside
    "password": (lambda: ole({"EncryptionInfo": b"x", "EncryptedPackage": noise(9000)}), workbook.LOCKED),
    "password, xls": (lambda: xls(b"", before=record(0x2F, b"\1\0" + bytes(52))), workbook.LOCKED),
    "password, zip": (lambda: flagged(xlsx(ONE_CELL)), workbook.LOCKED),
    "password, ods": (
        lambda: zipped(ods_parts(ods_row("a")) | {"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        workbook.LOCKED,
    ),
    "macro": (lambda: zipped(office_parts(ONE_CELL) | {"xl/vbaProject.bin": b"x"}), workbook.MACROS),
    "xlsm": (lambda: xlsx(ONE_CELL, types="application/vnd.ms-excel.sheet.macroEnabled.main+xml"), workbook.MACROS),
    "macro, xls": (lambda: ole({"Workbook": b"x", "_VBA_PROJECT_CUR": b"x"}), workbook.MACROS),
    "macro sheet, xls": (lambda: xls(xls_text(0, 0, "=EXEC()"), kind=1), workbook.MACROS),
    "macro, ods": (lambda: zipped(ods_parts(ods_row("a")) | {"Basic/Standard/Module1.xml": "x"}), workbook.MACROS),
    # broken
    "half a zip": (lambda: written([["NIK"] * 9] * 90)[:-200], workbook.BROKEN),
    "a bit turned": (lambda: (lambda d: d[:60] + bytes([d[60] ^ 255]) + d[61:])(xlsx(ONE_CELL)), workbook.BROKEN),
    "half an xls": (lambda: xls(xls_text(0, 0, "NIK"))[:1024], workbook.NO_SHEET),
    "rubbish as xls": (lambda: ole({"Workbook": noise(9000)}), workbook.BROKEN),
    "XML not closed": (lambda: xlsx("<sheetData><row><c><v>1</v></c></ro"), workbook.BROKEN),
    "text that is a number": (lambda: xlsx(cells('<c r="A1" t="n"><v>abc</v></c>')), workbook.BROKEN),
    "unknown type": (lambda: xlsx(cells('<c r="A1" t="zz"><v>1</v></c>')), workbook.BROKEN),
    "no such string": (lambda: xlsx(cells('<c r="A1" t="s"><v>99999</v></c>'), shared=SHARED), workbook.BROKEN),
    "no such entity": (lambda: xlsx(text_cell("&x;")), workbook.BROKEN),
    "merged on top of each other": (
        lambda: xlsx(numbered(3) + "<mergeCells>" + '<mergeCell ref="A1:A3"/>' * 9_000 + "</mergeCells>"),
        workbook.BROKEN,
    ),
    "merged from right to left": (
        lambda: xlsx(numbered(3) + "<mergeCells>" + '<mergeCell ref="A1:A3"/><mergeCell ref="B1:A3"/>' * 9 + "</mergeCells>"),
        workbook.BROKEN,
    ),
    "a part elsewhere": (lambda: pointing_to("../../../../etc/passwd"), workbook.BROKEN),
    "a part on the network": (lambda: pointing_to("http://127.0.0.1:9/sheet1.xml"), workbook.BROKEN),
    # bombs
    "DTD": (lambda: xlsx(text_cell("&x;"), before=DTD), workbook.ENTITIES),
    "DTD in UTF-16": (
        lambda: zipped(office_parts(ONE_CELL) | {"xl/worksheets/sheet1.xml": DTD.encode("utf-16")}),
        workbook.ENTITIES,
    ),
    "DTD, ods": (lambda: ods(ods_row("&x;"), before=DTD), workbook.ENTITIES),
    "a billion laughs": (
        lambda: xlsx(cells('<c r="A1" t="s"><v>0</v></c>'), shared=f"{LAUGHS}<sst {MAIN}><si><t>&a9;</t></si></sst>"),
        workbook.ENTITIES,
    ),
    "zip bomb": (lambda: zipped(office_parts(ONE_CELL) | {"xl/styles.xml": BLANKS}), workbook.TOO_BIG),
    "zip bomb that lies": (
        lambda: lying(zipped(office_parts(ONE_CELL) | {"xl/styles.xml": BLANKS}), 100),
        workbook.BROKEN,
    ),
    "zip bomb in pieces": (
        lambda: zipped(office_parts(ONE_CELL) | {f"xl/{n}.xml": BLANKS[: 1 << 20] for n in range(60)}),
        workbook.TOO_BIG,
    ),
    "5,000 entries": (
        lambda: zipped(office_parts(ONE_CELL) | {f"xl/{n}.xml": "x" for n in range(5000)}, zipfile.ZIP_STORED),
        workbook.TOO_MANY,
    ),
    "ods bomb of rows": (lambda: ods(ods_row("a", row='table:number-rows-repeated="1048576"')), "lebih dari 100.000 baris"),
    "ods bomb of columns": (
        lambda: ods(ods_row("a", cell='table:number-columns-repeated="4294967295"')),
        "lebih dari 60 kolom",
    ),
    "ods bomb of both": (
        lambda: ods(
            ods_row("a", row='table:number-rows-repeated="1048576"', cell='table:number-columns-repeated="16384"')
        ),
        workbook.BROKEN,
    ),
    "ods bomb of spaces": (lambda: ods(ods_row('a<text:s text:c="4000000000"/>')), workbook.BROKEN),
    # too much
    "20 MB": (lambda: b"a;b\n" * (6 << 20), "lebih dari 20 MB"),
    "200,000 rows": (lambda: xlsx(numbered(200_000)), "Lembar “Daftar” lebih dari 100.000 baris"),
    "200,000 lines": (lambda: b"NIK;NAMA\n" * 200_000, "Berkas ini lebih dari 100.000 baris"),
    "16,384 columns": (lambda: xlsx(cells("<c><v>1</v></c>" * 16_384)), "Lembar “Daftar” lebih dari 60 kolom"),
    "a last cell": (
        lambda: xlsx(f'{cells("<c><v>1</v></c>")[:-12]}<row><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        workbook.TOO_BIG,
    ),
    "a cell outside the world": (lambda: xlsx(cells('<c r="ZZZZ99999999999"><v>1</v></c>')), "lebih dari 100.000 baris"),
    "a last cell, xls": (lambda: xls(xls_text(0, 0, "a") + xls_text(65535, 255, "b")), workbook.TOO_BIG),
    "a million cells": (lambda: xlsx(numbered(90_000, across=10)), workbook.TOO_BIG),
    "a cell of 3 MB": (lambda: xlsx(text_cell(noise(1_500_000).hex())), "baris 1: satu sel lebih dari 2.000 huruf"),
    "one line of 10 MB": (lambda: b"x" * 10_000_000, "satu sel lebih dari 2.000 huruf"),
    "one line of 10 MB of cells": (lambda: b"x," * 5_000_000, "lebih dari 60 kolom"),
    "21 sheets": (lambda: many_sheets(21), "lebih dari 20 lembar"),
    # csv
    "csv with NUL": (lambda: b"NIK;NAMA\n" * 50 + b"1;Neng\0Siti\n", "Baris 51 berisi tanda yang tidak terbaca"),
    "an open quote": (lambda: b'NIK,NAMA\n1,"Neng\n' + b"2,Siti\n" * 90, "tanda kutip (\") tidak ditutup"),
}  # fmt: skip

NIK = [["NIK"]]
READ = {
    "only a header": (lambda: written([["NIK", "NAMA"]]), [["NIK", "NAMA"]]),
    "a million rows declared": (lambda: xlsx('<dimension ref="A1:XFD1048576"/>' + ONE_CELL), NIK),
    "merged to the end of the world": (
        lambda: xlsx(ONE_CELL + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        NIK,
    ),
    "a bomb among the pictures": (lambda: zipped(office_parts(ONE_CELL) | {"xl/media/1.png": BLANKS}), NIK),
    "a zip inside": (lambda: zipped(office_parts(ONE_CELL) | {"xl/embeddings/1.zip": zipped({"a": BLANKS})}), NIK),
    "an ods inside itself": (lambda: zipped(ods_parts(ods_row("NIK")) | {"Object 1/o.ods": ods(ods_row("a"))}), NIK),
    "a link": (lambda: with_link("/etc/passwd"), NIK),
    "names that climb": (lambda: zipped(office_parts(ONE_CELL) | {"../../../etc/cron.d/x.xml": "x"}), NIK),
    "a part twice": (twice, NIK),
    "a style that is none": (lambda: xlsx(cells('<c r="A1" s="9999" t="str"><v>NIK</v></c>')), NIK),
    "turned and hidden text": (lambda: xlsx(text_cell("Ne\u202eng\u200b")), [["Ne\u202eng\u200b"]]),
    "a formula": (lambda: xlsx(cells('<c r="A1" t="str"><f>WEBSERVICE("http://x")</f><v>NIK</v></c>')), NIK),
    "deep XML": (lambda: xlsx("".join(f'<x n="{n}">' for n in range(200_000)) + "</x>" * 200_000 + ONE_CELL), NIK),
    "blank rows to the end, ods": (
        lambda: ods(ods_row("NIK") + '<table:table-row table:number-rows-repeated="1048575"/>'),
        NIK,
    ),
}


@pytest.fixture
def small_and_soon():
    """Fails a test that took the processor more than ten seconds or made this process grow by over 50 MB, even for a moment."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of before
    before, start = memory("VmRSS"), worked()
    yield
    assert worked() - start < MOST_SECONDS
    assert memory("VmHWM") - before < MOST_GROWTH


def worked() -> float:
    """Seconds this process and its children worked; how long they waited for others is not theirs to answer for."""
    return sum(os.times()[:4])


def memory(which) -> int:
    """Bytes of this process, now or at its peak."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{which}:")[2].split()[0]) << 10


@pytest.fixture
def file(request):
    return request.param()


@pytest.mark.parametrize(("file", "sentence"), REFUSED.values(), ids=REFUSED, indirect=["file"])
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(file, sentence, small_and_soon):
    with pytest.raises(BadFile) as refusal:
        read_apart(file, "daftar.xlsx")
    assert sentence in refusal.value.sentence


@pytest.mark.parametrize(("file", "rows"), READ.values(), ids=READ, indirect=["file"])
def test_a_strange_file_is_read_as_it_stands(file, rows, small_and_soon):
    [sheet] = read_apart(file, "daftar.xlsx")
    assert sheet.rows == rows
    assert all(bottom < len(rows) for _top, _left, bottom, _right in sheet.merged)


def test_no_deep_nesting_brings_the_server_down(small_and_soon):
    for rows in ("<table:table>" * 70_000, ods_row("<text:span>" * 90_000)):
        with pytest.raises(BadFile):
            read_apart(ods(rows), "x.ods")


def test_the_child_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(apart, "MOST_SECONDS", 0.001)
    with pytest.raises(BadFile) as refusal:
        read_apart(xlsx(ONE_CELL), "x.xlsx")
    assert refusal.value.sentence == apart.TOO_SLOW


ENDINGS = {
    "os.kill(os.getpid(), signal.SIGXCPU)": apart.TOO_SLOW,
    "os.abort()": workbook.TOO_BIG,
    "os.kill(os.getpid(), signal.SIGSEGV)": workbook.BROKEN,
    "1 / 0": workbook.BROKEN,
}


@pytest.mark.parametrize(("ends", "sentence"), ENDINGS.items())
def test_however_the_child_ends_there_is_a_sentence(monkeypatch, tmp_path, ends, sentence):
    child = tmp_path / "child.py"
    child.write_text(f"import os, signal, sys\n{ends}\n")
    monkeypatch.setattr(workbook, "__file__", str(child))
    with pytest.raises(BadFile) as refusal:
        read_apart(b"x", "x.csv")
    assert refusal.value.sentence == sentence


def test_every_sentence_says_what_to_do():
    verbs = ("Buka", "Kirim", "Pilih", "Simpan", "Hapus", "Bagi", "Salin")
    said = [sentence for _make, sentence in REFUSED.values()] + [apart.TOO_SLOW]
    assert all(any(verb in sentence for verb in verbs) for sentence in said if sentence.endswith("."))
