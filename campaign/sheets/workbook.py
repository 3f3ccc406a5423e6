"""What stands in a file of an office (xlsx, xls, ods, csv), told in lines of JSON: the child process of `apart.py`.

It runs alone (`python -I workbook.py`, the file on stdin), so nothing of the app is imported here. A line is a sheet
(object), a row of the sheet before it (array), or the sentence that refuses the file (string). A cell is text, a
number, true, false, null, or a date, a moment or a time of day as `{"date": "2021-06-18"}`.
"""

import codecs
import csv
import io
import json
import math
import os
import re
import resource
import sys
import zipfile
from collections import Counter
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

MB = 1 << 20
MOST_MEMORY, MOST_CPU_SECONDS, MOST_TOLD = 512 * MB, 30, 24 * MB
# An honest sheet of 30,000 × 15 unpacks to 20 MB at a ratio of 7 to 18 (all cells alike); a bomb reaches 1,000.
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO, RATIO_FROM = 200, 50 * MB, 100, 1 * MB
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, MOST_CELLS, LONGEST_CELL = 20, 100_000, 60, 800_000, 2_000

SAVE_ANEW = "Buka di Excel, simpan sebagai “Buku Kerja Excel (.xlsx)”, lalu kirim lagi."
EMPTY = "Berkas ini kosong. Pilih berkas yang berisi daftar."
NO_SHEET = "Ini bukan lembar kerja. Kirim berkas Excel (xlsx atau xls), ods, atau csv."
WEB_PAGE = f"Ini halaman web yang diberi nama Excel. {SAVE_ANEW}"
LOCKED = "Berkas ini terkunci kata sandi. Buka di Excel, hapus kata sandinya, simpan, lalu kirim lagi."
MACROS = "Berkas ini bisa berisi makro. Simpan sebagai “Buku Kerja Excel (.xlsx)” tanpa makro, lalu kirim lagi."
BROKEN = f"Berkas ini rusak atau tidak utuh. {SAVE_ANEW}"
TOO_BIG = "Isi berkas ini terlalu besar. Hapus baris dan kolom yang tidak dipakai, atau bagi menjadi beberapa berkas."
TOO_MANY = (
    "Berkas ini terdiri dari terlalu banyak bagian. Salin hanya lembar daftarnya ke berkas baru, lalu kirim lagi."
)
ENTITIES = f"Berkas ini menyuruh membaca hal lain (DTD), dan itu tidak dijalankan. {SAVE_ANEW}"

# The first record of an old workbook, and right behind it the one that says its password.
LOCKED_XLS = re.compile(rb"\x09\x08\x10\0\0[\x05\x06]\x05\0.{12}\x2f\0", re.DOTALL)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")

# Calamine drops what a failed formula shows (#N/A); called a text, it arrives. In xls it stays dropped.
FAILED_CELLS = (
    (b't="e"', re.compile(rb'(<(?:\w+:)?c\s[^<>]*?\bt=)"e"'), rb'\1"str"'),
    (b'="error"', re.compile(rb'office:string-value=""([^<>]*calcext:value-type="error")'), rb"\1"),
)


class Unreadable(Exception):
    """The sentence that refuses the file."""


def sheets(data: bytes):
    """Each sheet of the file as (about, rows). Raises Unreadable; what kind of file it is its content says, not its name."""
    if not data.strip():
        raise Unreadable(EMPTY)
    if data.startswith(b"PK"):
        return calamine_sheets(repacked(data))
    if data.startswith(OLE):
        return calamine_sheets(unlocked(data))
    return [csv_sheet(text_of(data))]


def repacked(data: bytes) -> bytes:
    """The archive, unpacked while counting and packed anew, plainly: what is read is what was counted. Raises Unreadable."""
    parts, left = {}, MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if any(re.search(r"(?i)vbaproject\.bin$|^basic/|^scripts/", name) for name in archive.namelist()):
            raise Unreadable(MACROS)
        # Pictures, printer settings and whatever else is in there is never unpacked.
        entries = [entry for entry in archive.infolist() if re.search(r"(?i)\.(xml|rels)$|^mimetype$", entry.filename)]
        if len(entries) > MOST_ENTRIES:
            raise Unreadable(TOO_MANY)
        for entry in entries:
            if entry.flag_bits & 1:
                raise Unreadable(LOCKED)
            with archive.open(entry) as packed:
                part = packed.read(left + 1)
            left -= len(part)
            if left < 0 or len(part) > max(RATIO_FROM, MOST_RATIO * entry.compress_size):
                raise Unreadable(TOO_BIG)
            parts[entry.filename] = mended(part)

    kind = parts.get("[Content_Types].xml", b"") + parts.get("mimetype", b"")
    if b"macroEnabled" in kind:
        raise Unreadable(MACROS)
    if b"spreadsheet" not in kind:
        raise Unreadable(NO_SHEET)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Unreadable(LOCKED)
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return plain.getvalue()


def mended(part: bytes) -> bytes:
    """One part of the archive, its failed cells as text. Raises Unreadable when it brings a grammar of its own."""
    readable = part.replace(b"\0", b"")  # UTF-16 hides nothing
    if b"<!DOCTYPE" in readable or b"<!ENTITY" in readable:
        raise Unreadable(ENTITIES)
    for mark, failed, as_text in FAILED_CELLS:
        part = failed.sub(as_text, part) if mark in part else part
    return part


def unlocked(data: bytes) -> bytes:
    """An old xls, looked at by the names of its streams. Raises Unreadable."""
    has = {name: name.encode("utf-16-le") in data for name in ("EncryptedPackage", "_VBA_PROJECT", "Workbook", "Book")}
    if has["EncryptedPackage"] or LOCKED_XLS.search(data):
        raise Unreadable(LOCKED)
    if has["_VBA_PROJECT"]:
        raise Unreadable(MACROS)
    if not has["Workbook"] and not has["Book"]:
        raise Unreadable(NO_SHEET)
    return data


def calamine_sheets(data: bytes):
    """The sheets with cells (charts have none), rows and columns counted from the first. Raises Unreadable."""
    workbook = load_workbook(io.BytesIO(data))
    if any(about.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba) for about in workbook.sheets_metadata):
        raise Unreadable(MACROS)
    if len(workbook.sheet_names) > MOST_SHEETS:
        raise Unreadable(f"Berkas ini lebih dari {MOST_SHEETS} lembar. Hapus lembar yang tidak dipakai.")
    for number, about in enumerate(workbook.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(number)
        fits(about.name, *(last + 1 for last in sheet.end or (-1, -1)))
        told = {
            "name": about.name,
            "is_hidden": about.visible != SheetVisibleEnum.Visible,
            "merged": [[*first, *last] for first, last in sorted(sheet.merged_cell_ranges or [])],
        }
        # Not iter_rows: in 0.9.1 it shifts the cells of a sheet whose first columns are blank.
        yield told, sheet.to_python(skip_empty_area=False)


def text_of(data: bytes) -> str:
    """The text of a csv in the encoding its bytes speak. Raises Unreadable."""
    if data.startswith((b"%PDF", b"{\\rtf")):
        raise Unreadable(NO_SHEET)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data[:2]:
        encodings = ["utf-16-be" if data[0] == 0 else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable(NO_SHEET)
    if text.lstrip().startswith("<") or text.startswith("MIME-Version:"):
        raise Unreadable(WEB_PAGE)
    if strange := CONTROL.findall(text):
        if len(strange) * 100 > len(text):
            raise Unreadable(NO_SHEET)
        line = text.count("\n", 0, text.index(strange[0])) + 1
        raise Unreadable(f"Baris {line} berisi tanda yang tidak terbaca. {SAVE_ANEW}")
    return text


def csv_sheet(text: str):
    """The one sheet of a csv, every cell a text. Raises Unreadable."""
    csv.field_size_limit(LONGEST_CELL)
    said = re.match(r'"?sep=([,;|\t])"?\r?\n', text)  # Excel's own first line, which it does not show
    text = text[said.end() :] if said else text
    delimiter = said[1] if said else best_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for row in reader:
            rows.append(row)
            fits("", len(rows), len(row))
    except csv.Error:
        raise Unreadable(
            f'Sekitar baris {reader.line_num}: tanda kutip (") tidak ditutup, atau satu sel lebih dari '
            f"{dotted(LONGEST_CELL)} huruf."
        ) from None
    return {"name": "", "is_hidden": False, "merged": []}, rows


def best_delimiter(text: str) -> str:
    """The one that cuts most of the first lines alike, and of two such the one that cuts them finer."""

    def cuts(delimiter):
        sample = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter)
        try:
            widths = Counter(len(row) for row in sample)
        except csv.Error:
            return 0, 0
        return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))

    return max(",;\t|", key=cuts)


def fits(name: str, height: int, width: int):
    """Raises Unreadable for a sheet that is too long or too wide."""
    where = f"Lembar “{name}”" if name else "Berkas ini"
    if height > MOST_ROWS:
        raise Unreadable(f"{where} lebih dari {dotted(MOST_ROWS)} baris. Bagi menjadi beberapa berkas.")
    if width > MOST_COLUMNS:
        raise Unreadable(f"{where} lebih dari {MOST_COLUMNS} kolom. Hapus kolom yang tidak dipakai.")


def dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def cell(value):
    """One cell as JSON has it. A whole number is exact or it stays a float: a NIK of 16 digits is below 2⁵³ or unsure."""
    match value:
        case str():
            return value or None
        case float():
            if not math.isfinite(value):
                return str(value)
            return int(value) if value.is_integer() and abs(value) < 2**53 else value
        case datetime() | date() | time():
            return {type(value).__name__: value.isoformat()}
        case timedelta():
            return value / timedelta(days=1)
    return value


def merged_within(merged, height: int, width: int):
    """What of these areas lies in the sheet and is more than one cell. Raises Unreadable."""
    areas = [
        [top, left, min(bottom, height - 1), min(right, width - 1)]
        for top, left, bottom, right in merged
        if top <= bottom and left <= right and top < height and left < width
    ]
    areas = [area for area in areas if area[:2] != area[2:]]
    # Merged cells never overlap. If they did, filling them could take for ever.
    if sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in areas) > height * width:
        raise Unreadable(BROKEN)
    return areas


def lines(data: bytes):
    """The lines of the answer. Raises Unreadable, also when half of them were told."""
    cells = 0
    for about, rows in sheets(data):
        rows = [[cell(value) for value in row] for row in rows]
        while rows and not any(value is not None for value in rows[-1]):
            rows.pop()
        width = max(map(len, rows), default=0)
        cells += len(rows) * width
        if cells > MOST_CELLS:
            raise Unreadable(TOO_BIG)
        yield about | {"merged": merged_within(about["merged"], len(rows), width)}
        for number, row in enumerate(rows, start=1):
            if any(isinstance(value, str) and len(value) > LONGEST_CELL for value in row):
                where = f"Lembar “{about['name']}” baris {number}"
                raise Unreadable(f"{where}: satu sel lebih dari {dotted(LONGEST_CELL)} huruf. Pendekkan isinya.")
            yield row + [None] * (width - len(row))
    if not cells:
        raise Unreadable(EMPTY)


def confine():
    """From here on: no file, no socket, no process, little memory and time. Whoever breaks in finds an empty room."""
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "cp437"):
        codecs.lookup(encoding)  # loaded from files, which cannot be opened later
    os.nice(10)
    for limit, most in {
        resource.RLIMIT_AS: MOST_MEMORY,
        resource.RLIMIT_CPU: MOST_CPU_SECONDS,
        resource.RLIMIT_FSIZE: MOST_TOLD + MB,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 0,  # the three that are open stay open
    }.items():
        resource.setrlimit(limit, (most, most))


def main():
    """A file on stdin, its lines on stdout. Whatever else goes wrong ends the process, and `apart.py` has a sentence."""
    confine()
    left = MOST_TOLD
    try:
        for line in lines(sys.stdin.buffer.read()):
            left -= sys.stdout.write(json.dumps(line) + "\n")
            if left < 0:
                raise Unreadable(TOO_BIG)
    except Unreadable as refusal:
        print(json.dumps(str(refusal)))
    except MemoryError:
        print(json.dumps(TOO_BIG))
    except (CalamineError, zipfile.BadZipFile):
        print(json.dumps(BROKEN))


if __name__ == "__main__":
    main()
