"""Where the table stands and what its rows are; and what a person says about it stands."""

import pytest

from campaign.rules.verdicts import SheetKind
from campaign.sheets.apart import Sheet
from campaign.sheets.kinds import FIELDS, known_headings, plain
from campaign.sheets.recognise import RowKind, recognise

WOMAN = ["Siti Aminah", "3214014107860001", "01-07-1986", "Citalang", "082000000308", "IUD"]


def sheet(*rows, merged=()):
    width = max(map(len, rows))
    return Sheet("Lembar1", False, list(merged), [[*row, *[None] * (width - len(row))] for row in rows])


def fields(table):
    return {column.heading: column.field for column in table.columns}


def kinds(table):
    return [row.kind for row in table.rows]


@pytest.mark.parametrize("kind", SheetKind)
def test_our_own_headings_are_known_and_each_names_one_field(kind):
    known = known_headings(kind)
    for field in FIELDS[kind]:
        assert known[plain(field.label)] == field.name
        assert field.guide.endswith(".")
    spelled = [spelling for field in FIELDS[kind] for spelling in {*field.spellings, *field.ticked}]
    assert len(spelled) == len(set(spelled))


def test_titles_headings_sums_and_signature_are_told_apart():
    table = recognise(
        sheet(
            ["DAFTAR CALON AKSEPTOR KECAMATAN PLERED"],
            [],
            ["No", "Nama", "NIK", "Tgl Lahir", "Desa", "No HP", "Alkon"],
            [1, 2, 3, 4, 5, 6, 7],
            ["KEC. PURWAKARTA"],
            [1, *WOMAN],
            [2],
            ["DESA CITALANG"],
            [3, *WOMAN],
            ["No", "Nama", "NIK", "Tgl Lahir", "Desa", "No HP", "Alkon"],
            [4, *WOMAN],
            ["JUMLAH", None, None, 4],
            [],
            [None, None, None, None, "Purwakarta, 14 Juni 2021"],
            [None, "Mengetahui,", None, None, "Kepala Bidang KB"],
            [None, "Hj. SRI MULYATI", None, None, "Drs. ASEP"],
            [None, "NIP. 1970", None, None, "NIP. 1971"],
        ),
        SheetKind.AKSEPTOR,
    )
    assert kinds(table) == [
        RowKind.TITLE,
        RowKind.BLANK,
        RowKind.HEADER,
        RowKind.COLUMN_NUMBERS,
        RowKind.KECAMATAN,
        RowKind.DATA,
        RowKind.BLANK,
        RowKind.DESA,
        RowKind.DATA,
        RowKind.HEADER,
        RowKind.DATA,
        RowKind.SUBTOTAL,
        RowKind.BLANK,
        *[RowKind.SIGNATURE] * 4,
    ]
    assert table.rows[0].places == ("KECAMATAN PLERED",)
    assert (table.header_rows, table.first_data_row, table.missing) == ((3,), 6, ())


def test_a_group_over_several_columns_and_merged_desa_are_understood():
    table = recognise(
        sheet(
            ["NO", "NAMA", "LAHIR", None, "ALAMAT", None, None],
            [None, None, "TEMPAT", "TANGGAL", "RT/RW", "DESA/KEL", "KEC"],
            [1, "Siti", "Bandung", "01-07-1986", "02/05", "Citalang", "Purwakarta"],
            [2, "Neng", "Bandung", "01-07-1987", "02/05", None, "Purwakarta"],
            merged=[(0, 2, 0, 3), (0, 4, 0, 6), (0, 0, 1, 0), (0, 1, 1, 1), (2, 5, 3, 5)],
        ),
        SheetKind.AKSEPTOR,
    )
    assert table.mapping == {0: "no", 1: "nama", 3: "lahir", 4: "rt_rw", 5: "desa", 6: "kecamatan"}
    assert table.rows[3].cells["desa"] == "Citalang"


def test_a_ticked_column_says_its_heading():
    table = recognise(
        sheet(
            ["Nama", "Desa", "Rencana Alkon", None, None],
            [None, None, "Implan", "IUD", "MOW"],
            ["Siti", "Citalang", None, "v", None],
            ["Neng", "Citalang", "√", "√", None],
            ["Icih", "Citalang", 0, "-", "2 anak"],
            merged=[(0, 2, 0, 4)],
        ),
        SheetKind.AKSEPTOR,
    )
    assert [row.cells.get("metode") for row in table.rows[2:]] == ["IUD", "Implan/IUD", "2 anak"]


def test_a_sheet_about_something_else_is_no_table():
    table = recognise(sheet(["REKAP"], ["KECAMATAN", "CALON", "TARGET"], ["PLERED", 3, 10]), SheetKind.AKSEPTOR)
    assert (table.first_data_row, table.missing) == (None, ("Nama",))
    assert recognise(Sheet("Kosong", False, [], []), SheetKind.AKSEPTOR).first_data_row is None


def test_the_husband_is_not_taken_for_the_wife_and_the_place_of_service_not_for_hers():
    table = recognise(
        sheet(
            ["Nama Suami", "Nama Istri", "Tempat Pelayanan", "Umur", "Desa"],
            ["Asep", "Siti", "Puskesmas", 30, "Citalang"],
        ),
        SheetKind.AKSEPTOR,
    )
    assert table.mapping == {1: "nama", 4: "desa"}


def test_what_a_person_says_about_the_columns_stands():
    page = sheet(["Siapa", "Nama", "Desa"], ["Siti", "Asep", "Citalang"])
    assert fields(recognise(page, SheetKind.AKSEPTOR)) == {"Siapa": None, "Nama": "nama", "Desa": "desa"}
    table = recognise(page, SheetKind.AKSEPTOR, mapping={0: "nama", 1: None})
    assert fields(table) == {"Siapa": "nama", "Nama": None, "Desa": "desa"}
    assert table.rows[1].cells["nama"] == "Siti"


def test_what_a_person_says_about_the_header_row_stands():
    page = sheet(["Nama", "Desa"], ["sementara", "x"], ["NAMA KADER BARU", "Wilayah Desa"], ["Siti", "Citalang"])
    assert recognise(page, SheetKind.KADER).header_rows == (1,)
    table = recognise(page, SheetKind.KADER, header_row=3)
    assert (table.header_rows, table.first_data_row) == ((3,), 4)


def test_a_sheet_without_a_header_can_be_told_its_columns():
    page = sheet(["Siti", "Citalang"], ["Neng", "Citalang"])
    assert recognise(page, SheetKind.AKSEPTOR).first_data_row is None
    table = recognise(page, SheetKind.AKSEPTOR, header_row=0, mapping={0: "nama", 1: "desa"})
    assert [row.cells["nama"] for row in table.rows] == ["Siti", "Neng"]


def test_how_sure_a_column_is_falls_with_its_spelling():
    table = recognise(
        sheet(["NAMA CALON AKSPETOR", "Desa", "Alkon yang nanti"], ["Siti", "Citalang", "IUD"]), SheetKind.AKSEPTOR
    )
    sure = {column.field: column.sure for column in table.columns}
    assert sure["desa"] == 1 > sure["nama"] > sure["metode"] > 0.5


def test_every_number_under_a_heading_of_its_own_is_a_figure():
    table = recognise(
        sheet(
            ["Kode", "Desa", "PUS", None, "Mitra"],
            [None, None, 2020, "2021", None],
            ["32.14.01", "PURWAKARTA", 5000, 6000],
            ["32.14.01.1001", "Nagri Kidul", 120, "1.250", "Bidan Ani"],
            ["JUMLAH", None, 120, 1250],
            merged=[(0, 2, 0, 3)],
        ),
        SheetKind.WEIGHTS,
    )
    assert table.rows[3].cells == {
        "kode": "32.14.01.1001",
        "desa": "Nagri Kidul",
        "angka:PUS 2020": 120,
        "angka:PUS 2021": "1.250",
    }
    assert kinds(table)[2:] == [RowKind.KECAMATAN, RowKind.DATA, RowKind.SUBTOTAL]


def test_a_long_cell_keeps_nobody_busy():
    line = "x, " + "_" * 1990
    table = recognise(
        sheet(["Nama", "Desa"], ["Siti", "Citalang"], [line], ["(" * 2000], ["desa " * 400]), SheetKind.AKSEPTOR
    )
    assert kinds(table)[:2] == [RowKind.HEADER, RowKind.DATA]
