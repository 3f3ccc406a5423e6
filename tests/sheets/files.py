"""Files of offices and of attackers, made by hand: what no honest program writes cannot be had from one."""

import io
import struct
import zipfile

import xlsxwriter

OFFICE = "http://schemas.openxmlformats.org"
MAIN = f'xmlns="{OFFICE}/spreadsheetml/2006/main" xmlns:r="{OFFICE}/officeDocument/2006/relationships"'
RELATIONS = f'xmlns="{OFFICE}/package/2006/relationships"'
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ODS = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
)


def zipped(parts: dict[str, bytes | str], method=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def office_parts(sheet: str, *, shared="", before="", types=TYPES) -> dict[str, str]:
    """The parts of an xlsx whose one worksheet holds this XML."""
    relation = f'<Relationship Id="{{}}" Type="{OFFICE}/officeDocument/2006/relationships/{{}}" Target="{{}}"/>'
    relations = f"<Relationships {RELATIONS}>{{}}</Relationships>"
    inner = relation.format("r1", "worksheet", "worksheets/sheet1.xml")
    inner += relation.format("r2", "sharedStrings", "sharedStrings.xml") if shared else ""
    return {
        "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.xml" ContentType="{types}"/></Types>',
        "_rels/.rels": relations.format(relation.format("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {MAIN}><sheets><sheet name="Daftar" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations.format(inner),
        "xl/worksheets/sheet1.xml": f"{before}<worksheet {MAIN}>{sheet}</worksheet>",
    } | ({"xl/sharedStrings.xml": shared} if shared else {})


def xlsx(sheet: str, **more) -> bytes:
    return zipped(office_parts(sheet, **more))


def cells(inner: str) -> str:
    """One row of these `<c>` elements."""
    return f'<sheetData><row r="1">{inner}</row></sheetData>'


ONE_CELL = cells('<c r="A1" t="inlineStr"><is><t>NIK</t></is></c>')


def written(rows, **options) -> bytes:
    """An xlsx as an honest program writes it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True} | options) as book:
        sheet = book.add_worksheet("Daftar")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def ods_parts(rows: str, *, before="", more="") -> dict[str, str]:
    body = f'<table:table table:name="Daftar">{rows}</table:table>{more}'
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": f"{before}<office:document-content {ODS}><office:body><office:spreadsheet>{body}"
        "</office:spreadsheet></office:body></office:document-content>",
    }


def ods(rows: str, **more) -> bytes:
    return zipped(ods_parts(rows, **more))


def ods_row(*texts, row="", cell="") -> str:
    inner = "".join(
        f'<table:table-cell office:value-type="string" {cell}><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row {row}>{inner}</table:table-row>"


# ---- Old Excel: records of BIFF8 in an OLE container of 512-byte sectors ----

FREE, LAST, OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE container; its streams are padded to 4,096 bytes so that none is small."""
    sectors, entries, chains = [], [], []
    for name, stream in streams.items():
        stream = stream.ljust(4096, b"\0")
        count = -(-len(stream) // 512)
        entries.append((name, 2, len(chains), len(stream)))
        chains += [*range(len(chains) + 1, len(chains) + count), LAST]
        sectors.append(stream.ljust(count * 512, b"\0"))
    directory, count = len(chains), -(-(len(entries) + 1) // 4)
    chains += [*range(directory + 1, directory + count), LAST]
    listing = _entry("Root Entry", 5, LAST, 0, child=1)
    for number, entry in enumerate(entries, start=1):
        listing += _entry(*entry, right=number + 1 if number < len(entries) else FREE)
    sectors.append(listing.ljust(count * 512, b"\0"))
    fats = next(n for n in range(1, 110) if n * 128 >= len(chains) + n)
    fat = range(len(chains), len(chains) + fats)
    chains += [OF_FAT] * fats
    sectors.append(struct.pack(f"<{fats * 128}I", *chains, *[FREE] * (fats * 128 - len(chains))))
    head = struct.pack("<8s16xHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, fats, directory, 0, 4096, LAST, 0, LAST, 0)
    return head + struct.pack("<109I", *fat, *[FREE] * (109 - fats)) + b"".join(sectors)


def _entry(name, kind, start, size, *, right=FREE, child=FREE) -> bytes:
    spelled = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", spelled, len(spelled), kind, 1, FREE, right, child, start, size)


def record(kind: int, content=b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def xls_text(row, column, text) -> bytes:
    return record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def xls_number(row, column, number, style=0) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, style, number))


def xls(inner: bytes, *, before=b"", is_hidden=False, kind=0) -> bytes:
    """An old Excel file with one sheet of these records; style 1 is a date."""
    styles = record(0xE0, bytes(20)) + record(0xE0, struct.pack("<HH16x", 0, 14))
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + before + styles
    name = b"\x06\x00Daftar"
    start = len(head) + 4 + 6 + len(name) + 4
    head += record(0x85, struct.pack("<IBB", start, is_hidden, kind) + name) + record(0x0A)
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + inner + record(0x0A)
    return ole({"Workbook": head + sheet})
