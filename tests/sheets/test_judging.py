"""Rows of people compared with each other, with the places they stand under, and with what the database holds."""

import json
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.rules.verdicts import SheetKind, Verdict
from campaign.sheets.akseptor import AkseptorJudge
from campaign.sheets.apart import Sheet
from campaign.sheets.attendance import AttendanceJudge
from campaign.sheets.cells import letters
from campaign.sheets.days import DaysJudge
from campaign.sheets.kader import KaderJudge
from campaign.sheets.kinds import FIELDS
from campaign.sheets.places import Places
from campaign.sheets.recognise import recognise
from campaign.sheets.weights import WeightsJudge

KNOWN = {
    "places": Places(
        [
            ("32.14.01.1001", "Nagri Kidul", "32.14.01", "Purwakarta"),
            ("32.14.01.2010", "Citalang", "32.14.01", "Purwakarta"),
            ("32.14.08.2001", "Citalang", "32.14.08", "Tegalwaru"),
        ],
        kabupaten_name="Kabupaten Purwakarta",
    ),
    "today": date(2021, 6, 18),
    "regions": {"321401", "321408"},
}
HEADER = ["No", "Nama", "NIK", "Tgl Lahir", "Desa", "Alkon", "No HP", "Alamat"]
SITI = [1, "Siti Aminah", "3214014107860001", "01-07-1986", "Nagri Kidul", "IUD"]
NENG = [2, "Neng Sari", None, "02-07-1986", "Nagri Kidul", "Implan"]


def sheet(*rows, name="Lembar1"):
    width = max(map(len, rows))
    return Sheet(name, False, [], [[*row, *[None] * (width - len(row))] for row in rows])


def judged(*sheets, kind=SheetKind.AKSEPTOR, judge=AkseptorJudge, **more):
    tables = [recognise(one, kind) for one in sheets]
    return [row for row in judge(**KNOWN, **more).judge(tables) if row.is_data]


def told(rows):
    return [(row.verdict.value, [reason.code for reason in row.reasons]) for row in rows]


def test_a_row_is_read_as_the_form_would_take_it():
    [row] = judged(sheet(HEADER, [*SITI, 82000000308, "Kp. Krajan RT 02 RW 05"]))
    assert told([row]) == [("diimpor", [])]
    assert row.values == {
        "name": "Siti Aminah",
        "nik": "3214014107860001",
        "no_nik_reason": None,
        "birth_date": "1986-07-01",
        "desa_code": "32.14.01.1001",
        "rt": "002",
        "rw": "005",
        "phone": "+6282000000308",
        "address": "Kp. Krajan RT 02 RW 05",
        "wanted": "iud",
    }


def test_of_two_rows_with_one_nik_the_fuller_is_kept_and_of_equals_the_first():
    fuller = [2, "SITI AMINAH", "'3214014107860001", "01-07-1986", "Nagri Kidul", "IUD", "082000000308"]
    rows = judged(sheet(HEADER, SITI, fuller, SITI), sheet(HEADER, SITI, name="Susulan"))
    assert told(rows) == [
        ("ganda", ["ganda_nik_beda_bentuk"]),
        ("diimpor", []),
        ("ganda", ["ganda_nik_beda_bentuk"]),
        ("ganda", ["ganda_antar_lembar"]),
    ]
    assert {row.duplicate_of for row in rows} == {(0, 3), None}
    assert rows[3].reasons[0].sentence == "NIK sama dengan baris 3 di lembar Lembar1"


def test_a_refused_row_takes_no_nik_from_a_good_one():
    wrong = [1, "Siti Aminah", "3214014107860001", "01-07-1986", "Entah", "IUD"]
    assert told(judged(sheet(HEADER, wrong, SITI))) == [("ditolak", ["desa_tak_dikenal"]), ("diimpor", [])]


def test_without_a_nik_a_copied_row_is_double_and_a_similar_one_doubted():
    other_phone = [*NENG, "082000000308"]
    rows = judged(sheet(HEADER, NENG, NENG, other_phone))
    assert told(rows) == [
        ("peringatan", ["nik_kosong"]),
        ("ganda", ["nik_kosong", "ganda_persis"]),
        ("peringatan", ["nik_kosong", "mungkin_ganda"]),
    ]
    assert rows[0].values["no_nik_reason"] == "lain"


def test_who_is_in_the_campaign_is_not_taken_again():
    def is_same(name, birth_date, desa_code):
        return (letters(name), birth_date, desa_code) == ("nengsari", date(1986, 7, 2), "32.14.01.1001")

    with_nik = [3, "NENG SARI", "3214014207860009", "02-07-1986", "Nagri Kidul", "Implan"]
    rows = judged(sheet(HEADER, SITI, NENG, with_nik), is_registered={SITI[2]}.__contains__, is_same=is_same)
    assert told(rows) == [
        ("ganda", ["sudah_terdaftar"]),
        ("ganda", ["nik_kosong", "sudah_terdaftar"]),
        ("peringatan", ["mungkin_ganda", "mungkin_terdaftar"]),
    ]


@pytest.mark.parametrize(
    "above",
    [
        [["DAFTAR CALON AKSEPTOR DESA CITALANG KECAMATAN TEGALWARU TAHUN 2021"], HEADER],
        [["Kecamatan", ":", "Tegalwaru"], ["Desa", ":", "Citalang"], HEADER],
        [HEADER, ["KEC. TEGALWARU"], ["DESA CITALANG"]],
        [HEADER, ["KECAMATAN", ": TEGALWARU"], [None, "Ds. Citalang"]],
    ],
)
def test_a_row_without_a_desa_stands_under_the_places_above_it(above):
    [row] = judged(sheet(*above, [*SITI[:4], None, "IUD"]))
    assert row.values["desa_code"] == "32.14.08.2001"


@pytest.mark.parametrize(
    "heading", [["TEGALWARU"], ["KEC TEGALWARU"], ["I", "KECAMATAN TEGALWARU"], ["Kecamatan Tegal Waru :"]]
)
def test_a_heading_tells_which_of_two_desa(heading):
    [row] = judged(sheet(HEADER, heading, [*SITI[:4], "Citalang", "IUD"]))
    assert row.values["desa_code"] == "32.14.08.2001"


def test_the_name_of_the_sheet_tells_the_kecamatan_unless_it_is_the_kabupaten():
    page = HEADER, [*SITI[:4], "Citalang", "IUD"]
    [tegalwaru] = judged(sheet(*page, name="Tegalwaru"))
    assert tegalwaru.values["desa_code"] == "32.14.08.2001"
    assert told(judged(sheet(*page, name="PURWAKARTA"))) == [("ditolak", ["desa_rancu"])]
    assert [
        row.values["desa_code"] for row in judged(sheet(*page, name="Purwakarta"), sheet(HEADER, name="Tegalwaru"))
    ] == ["32.14.01.2010"]


def test_without_a_desa_column_the_address_tells_it():
    header = ["Nama", "NIK", "Alamat"]
    [row] = judged(sheet(header, [*SITI[1:3], "Kp. Krajan RT 02/05 Ds. Citalang, Kec. Tegalwaru"]))
    assert row.values["desa_code"] == "32.14.08.2001"


def test_a_failed_formula_refuses_the_row_and_names_its_column():
    [row] = judged(sheet(HEADER, [*SITI, "#REF!"]))
    assert [reason.sentence for reason in row.reasons] == ["kolom No. HP berisi galat Excel (#REF!)"]
    assert row.verdict == Verdict.REFUSED


def test_a_husband_for_mop_may_be_of_any_age_and_a_wifes_nik_is_welcome():
    rows = judged(
        sheet(
            HEADER,
            [1, "Asep", "3214010107600001", "01-07-1960", "Nagri Kidul", "MOP"],
            [2, "Siti", "3214014107860001", "01-07-1986", "Nagri Kidul", "MOP"],
            [3, "Ujang", "3214010107860002", "01-07-1986", "Nagri Kidul", "IUD"],
        )
    )
    assert told(rows) == [("diimpor", []), ("diimpor", []), ("peringatan", ["nik_jenis_kelamin"])]


def test_kader_are_told_apart_by_name_desa_jabatan_and_rw():
    header = ["Nama Kader", "NIK", "Desa", "Kecamatan", "Jabatan", "RW"]
    rows = judged(
        sheet(
            header,
            ["HJ. SITI AMINAH", "3214014107860001", "Nagri Kidul", "Purwakarta", "PPKBD", None],
            ["Siti Aminah", "3214014107860001", "Nagri Kidul", "Purwakarta", "Pos KB Desa", "RW 03"],
            ["Siti Aminah", "3214014107860001", "Nagri Kidul", "Purwakarta", "Sub PPKBD", "RW 03"],
            ["Siti Aminah", "3214014107860002", "Nagri Kidul", "Purwakarta", "PPKBD", None],
            ["Neng Sari", "3214014107860003", "Citalang", "Tegalwaru", None, "RW 3"],
            ["Icih", "3214014107860004", "Citalang", "Tegalwaru", "Sub PPKBD", None],
        ),
        kind=SheetKind.KADER,
        judge=KaderJudge,
        existing={("icih", "32.14.08.2001", "ppkbd", None)},
    )
    assert told(rows) == [
        ("diimpor", []),
        ("ganda", ["ganda_persis"]),
        ("peringatan", ["merangkap_jabatan"]),
        ("peringatan", ["kader_senama"]),
        ("peringatan", ["jabatan_kosong"]),
        ("ganda", ["rw_kosong", "sudah_terdaftar"]),
    ]
    assert "nik" not in rows[0].values
    assert [(row.values["jabatan"], row.values["rw"]) for row in rows[2:5]] == [
        ("sub_ppkbd", "003"),
        ("ppkbd", None),
        ("sub_ppkbd", "003"),
    ]


def test_what_the_kabupaten_calls_its_kader_has_the_last_word():
    header = ["Nama Kader", "Desa", "Kecamatan", "Jabatan", "RW"]
    [row] = judged(
        sheet(header, ["Siti Aminah", "Nagri Kidul", "Purwakarta", "PPKBD", "RW 03"]),
        kind=SheetKind.KADER,
        judge=KaderJudge,
        ppkbd_name="Koordinator PPKBD",
        sub_ppkbd_name="PPKBD",
    )
    assert (row.values["jabatan"], row.values["rw"]) == ("sub_ppkbd", "003")


CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from(
        ["Nama", "NIK", "Desa", "Tempat", "Tanggal", "Kuota", "PUS", "Kode", "KEC. PURWAKARTA", "JUMLAH", "#N/A", "-"]
    ),
    st.integers(-5, 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@pytest.mark.parametrize("kind", SheetKind)
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_sheet_breaks_the_judges(kind, rows):
    more = {"opens_on": KNOWN["today"], "closes_on": KNOWN["today"], "points": [("a", "Puskesmas Plered")]}
    judge = {
        SheetKind.AKSEPTOR: lambda: AkseptorJudge(**KNOWN),
        SheetKind.KADER: lambda: KaderJudge(**KNOWN),
        SheetKind.DAYS: lambda: DaysJudge(KNOWN["places"], KNOWN["today"], **more),
        SheetKind.WEIGHTS: lambda: WeightsJudge(KNOWN["places"]),
        SheetKind.ATTENDANCE: lambda: AttendanceJudge(KNOWN["places"], [], [], time(8), time(8, 15), questions=5),
    }[kind]()
    wide = max(map(len, rows))
    by_hand = {index: field.name for index, field in zip(range(wide), FIELDS[kind][1:], strict=False)}
    for mapping in (None, by_hand):
        for row in judge.judge([recognise(sheet(*rows), kind, mapping=mapping)]):
            json.dumps(row.values)
            assert all(reason.sentence for reason in row.reasons)
