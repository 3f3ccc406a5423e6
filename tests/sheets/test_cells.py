"""What one cell says, as people type it and as Excel mangles it."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from campaign.sheets import cells
from campaign.sheets.reasons import SENTENCES, VERDICT, Reasons

TODAY = date(2021, 6, 18)
REGIONS = {"321401", "321402"}


def read(reader, *given, **more):
    """What the reader understood, and the codes of what it noted."""
    reasons = Reasons()
    value = reader(*given, reasons, **more)
    return value, [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("SITI NUR'AINI", "Siti Nur'aini"),
        ("  neng   siti ", "Neng Siti"),
        ("Ny. Siti Aminah", "Siti Aminah"),
        ("HJ.SITI AMINAH", "Siti Aminah"),
        ("Hj. Bdn. Siti Aminah, S.Keb", "Siti Aminah, S.Keb"),
        ("SITI AMINAH, S.Keb", "Siti Aminah, S.Keb"),
        ("Siti McDonald", "Siti McDonald"),
        ("AL-AMIN", "Al-Amin"),
        ("Hani", "Hani"),
        ("-", ""),
        (None, ""),
    ],
)
def test_a_name_is_kept_as_names_are_written(cell, name):
    assert cells.name(cell) == name


@pytest.mark.parametrize(
    "cell",
    [
        "3214014107860001",
        "'3214014107860001",
        "\xa03214014107860001 ",
        "321401 410786 0001",
        "32.14.01.410786.0001",
        "3214-0141-0786-0001",
        "NIK: 3214014107860001",
        '="3214014107860001"',
        3214014107860001,
        3214014107860001.0,
    ],
)
def test_a_nik_is_read_through_what_surrounds_it(cell):
    nik, codes = read(cells.nik, cell, on=TODAY, regions=REGIONS)
    assert (nik.digits, nik.birth_date, codes) == ("3214014107860001", date(1986, 7, 1), [])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3.2140E+15", "nik_notasi_ilmiah"),
        ("3,21401e15", "nik_notasi_ilmiah"),
        (3214014107860000, "nik_angka_0000"),
        ("3214014107860000", "nik_0000"),
        ("321401410786001", "nik_panjang"),
        ("32140141078600012", "nik_panjang"),
        ("321401410786OO01", "nik_huruf"),
        ("3214017207860001", "nik_tanggal_mustahil"),
        ("3214014113860001", "nik_tanggal_mustahil"),
        ("3214013102860001", "nik_tanggal_mustahil"),
        (123456789.123456, "nik_panjang"),
    ],
)
def test_what_cannot_be_a_nik_is_refused_and_says_why(cell, code):
    assert read(cells.nik, cell, on=TODAY, regions=REGIONS) == (None, [code])


@pytest.mark.parametrize("cell", [None, "", "-", "belum ada", "tdk punya", "0", "hilang", "xxx"])
def test_no_nik_is_no_mistake_of_the_cell(cell):
    assert read(cells.nik, cell, on=TODAY, regions=REGIONS) == (None, [])


def test_a_number_whose_last_digit_excel_may_have_lost_is_doubted():
    assert read(cells.nik, 3214014107860010, on=TODAY, regions=REGIONS)[1] == ["nik_angka_digit_akhir_0"]
    # Above 2⁵³ a number cell cannot hold every digit.
    assert read(cells.nik, 9401014107860012.0, on=TODAY, regions={"940101"})[1] == ["nik_angka_digit_akhir_0"]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("hilang", "hilang"), ("KTP ketinggalan", "tidak_dibawa"), ("Blm ada", "belum_punya"), (None, "lain")],
)
def test_why_there_is_no_nik_is_understood(cell, reason):
    assert cells.no_nik_reason(cell) == reason


@pytest.mark.parametrize(
    "cell",
    [
        date(1990, 3, 5),
        datetime(1990, 3, 5, 7, 30),
        32937,
        32937.0,
        "32937",
        "05-03-1990",
        "5/3/1990",
        "05.03.1990",
        "05 03 1990",
        "1990-03-05",
        "1990/3/5",
        "1990-03-05 00:00:00",
        "05-03-90",
        "5 Maret 1990",
        "05 Mrt 1990",
        "5 MARET '90",
        "5-Mar-90",
        "5-III-1990",
        "Maret 5, 1990",
        "05031990",
        5031990,
        "Purwakarta, 05-03-1990",
        "PWK 5 Maret 1990",
        "Kp. Baru,5/3/90",
        "'05-03-1990",
    ],
)
def test_a_day_is_read_in_every_notation(cell):
    assert cells.written(cell, on=TODAY).day_or_none == date(1990, 3, 5)


@pytest.mark.parametrize(
    "cell", [None, "", "1979", 1979, "31 Februari 1990", "12/13/1999", "21-23 Juni 2021", "tidak tahu", "0-0-0"]
)
def test_what_is_no_day_is_not_guessed_at(cell):
    there = cells.written(cell, on=TODAY)
    assert there is None or there.day_or_none is None


@pytest.mark.parametrize(
    ("cell", "born", "codes"),
    [
        ("01-07-1986", date(1986, 7, 1), []),
        (None, date(1986, 7, 1), []),
        ("07-01-1986", date(1986, 7, 1), ["tgl_tertukar_bulan"]),
        ("07/25/1986", date(1986, 7, 1), ["tgl_mustahil"]),
        ("02-07-1986", date(1986, 7, 1), ["nik_beda_tgl_lahir"]),
        ("01-07-2086", date(1986, 7, 1), ["tgl_masa_depan"]),
        ("1986", date(1986, 7, 1), ["tgl_mustahil"]),
    ],
)
def test_the_birth_date_of_the_nik_stands(cell, born, codes):
    nik, _codes = read(cells.nik, "3214014107860001", on=TODAY, regions=REGIONS)
    assert read(cells.birth_date, cell, nik, on=TODAY) == (born, codes)


def test_without_a_nik_only_the_column_tells():
    assert read(cells.birth_date, "01-07-1986", None, on=TODAY) == (date(1986, 7, 1), [])
    assert read(cells.birth_date, "07/25/1986", None, on=TODAY) == (None, ["tgl_tak_terbaca"])
    assert read(cells.birth_date, "-", None, on=TODAY) == (None, ["tgl_kosong"])


@pytest.mark.parametrize(
    "cell",
    [
        "082000000308",
        82000000308,
        "82000000308",
        "+6282000000308",
        "6282000000308",
        "006282000000308",
        "+62 820-0000-0308",
        "0820 0000 0308",
        "0820.0000.0308",
        "(0820) 0000 0308",
        "+62 0820 0000 0308",
        "082000000308 (suami)",
    ],
)
def test_a_phone_is_read_in_every_notation(cell):
    assert read(cells.phone, cell) == ("+6282000000308", [])


@pytest.mark.parametrize("between", [" / ", ",", " dan ", "\n", "; ", " "])
def test_of_two_phones_the_first_is_taken(between):
    assert read(cells.phone, f"082000000308{between}082000000999") == ("+6282000000308", ["hp_ganda"])


@pytest.mark.parametrize("cell", ["08200", "0264-2xxxxx", "0264 123456", "12345"])
def test_what_is_no_mobile_number_is_left_out_and_told(cell):
    assert read(cells.phone, cell) == (None, ["hp_salah"])


@pytest.mark.parametrize("cell", [None, "-", "tidak ada", "0", "xx"])
def test_no_phone_is_no_mistake(cell):
    assert read(cells.phone, cell) == (None, [])


@pytest.mark.parametrize(
    "cell", ["06/05", "6/5", "006/005", "06-05", "RT 06 RW 05", "RT.06/RW.05", "RT06RW05", "RT/RW 6/5", "rt 6, rw 5"]
)
def test_rt_and_rw_are_read_together(cell):
    assert read(cells.rt_rw, cell) == (("006", "005"), [])


def test_an_rt_rw_that_excel_took_for_a_date_is_doubted():
    assert read(cells.rt_rw, date(2021, 5, 6)) == (("006", "005"), ["rt_rw_jadi_tanggal"])
    assert read(cells.rt_rw, "dekat masjid") == (("", ""), ["rt_rw_tak_terbaca"])


@pytest.mark.parametrize("cell", ["RW 03", "rw3", 3, "03", "RT 02/RW 03", "02/03", "Dusun II / RW 03", "RW III"])
def test_the_rw_of_a_kader_is_read(cell):
    assert read(cells.kader_rw, cell) == ("003", [])


def test_a_dusun_is_no_rw():
    assert read(cells.kader_rw, "Dusun II") == (None, ["rw_kosong"])
    assert read(cells.kader_rw, "RW 03, 04") == ("003", ["rw_lebih"])


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (1831, "1831"),
        (12.5, "12.5"),
        ("1.831", "1831"),
        ("1.234.567,8", "1234567.8"),
        ("12,5", "12.5"),
        ("1,234,567", "1234567"),
        ("1,234.5", "1234.5"),
        ("1 831", "1831"),
        ("254 PUS", "254"),
        ("12.50", "12.50"),
        ("-3", "-3"),
        ("0", "0"),
    ],
)
def test_a_number_is_read_as_indonesia_writes_it(cell, number):
    assert cells.number(cell) == Decimal(number)


@pytest.mark.parametrize("cell", [None, "", "-", "banyak", "1,234", "1.23.4", "12a3", True])
def test_a_number_that_could_be_two_is_none(cell):
    assert cells.number(cell) is None


@pytest.mark.parametrize(
    ("cell", "method"),
    [
        ("IMPLANT ", "implan"),
        ("kb susuk", "implan"),
        ("Inplan", "implan"),
        ("Implan 1 batang", "implan_1"),
        ("SUSUK 2 BTG", "implan_2"),
        ("I U D", "iud"),
        ("IUD/AKDR", "iud"),
        ("Sprial", "iud"),
        ("mow", "mow"),
        ("Steril", "mow"),
        ("Tubektomi/MOW", "mow"),
        ("Vasektomi", "mop"),
    ],
)
def test_a_method_is_known_by_all_its_names(cell, method):
    assert read(cells.method, cell) == (method, [])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, "alkon_kosong"),
        ("belum tahu", "alkon_kosong"),
        ("PIL", "alkon_bukan_mkjp"),
        ("Suntik 3 bulan", "alkon_bukan_mkjp"),
        ("IUD/Implan", "alkon_dua"),
        ("pil ke IUD", "alkon_dua"),
        ("xyz", "alkon_tak_dikenal"),
    ],
)
def test_a_method_that_is_none_of_ours_says_why(cell, code):
    assert read(cells.method, cell) == ("belum", [code])


@pytest.mark.parametrize(
    ("cell", "is_female"), [("P", True), ("wanita", True), ("Laki-laki", False), ("L", False), ("?", None)]
)
def test_sex_is_read(cell, is_female):
    assert cells.is_female(cell) is is_female


def test_jabatan_is_read_and_the_kabupaten_has_the_last_word():
    assert [cells.jabatan(word) for word in ("POS KB DESA", "Ketua PPKBD", "TPK")] == ["ppkbd", "ppkbd", None]
    assert [cells.jabatan(word) for word in ("Sub-PPKBD", "Sub Pos KB")] == ["sub_ppkbd", "sub_ppkbd"]
    assert cells.jabatan("PPKBD", "Koordinator PPKBD", "PPKBD") == "sub_ppkbd"


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("08.00 - 15.00", [time(8), time(15)]),
        ("08:30 s.d. 12:00 WIB", [time(8, 30), time(12)]),
        ("8-15", [time(8), time(15)]),
        ("09.00 - selesai", [time(9)]),
        (time(8, 30), [time(8, 30)]),
        (0.375, [time(9)]),
        ("pagi", []),
        (None, []),
    ],
)
def test_hours_are_read(cell, hours):
    assert cells.hours(cell) == hours


def test_every_reason_has_a_sentence_and_no_code_two():
    assert sum(map(len, SENTENCES.values())) == len(VERDICT)
    assert all(len(code) <= 40 for code in VERDICT)  # the column of the database


def test_a_long_cell_is_quoted_short():
    reasons = Reasons()
    reasons.add("desa_tak_dikenal", text="x" * 2000)
    assert len(reasons[0].sentence) < 200


@pytest.mark.parametrize(
    ("cell", "found", "doubted"),
    [
        ("BKB, PIK-R", ["bkb", "pik_r"], False),
        ("uppks dan bkl", ["bkl", "uppka"], False),
        ("BKR/arisan", ["bkr"], True),
        ("-", [], False),
        (None, [], False),
        (12, [], True),
    ],
)
def test_the_groups_of_a_kader(cell, found, doubted):
    reasons = Reasons()
    assert cells.poktan(cell, reasons) == found
    assert bool(reasons) == doubted
