"""Service days and figures per desa, as an office's sheet tells them; and a second import that changes nothing."""

from datetime import date
from fractions import Fraction

from campaign.rules.verdicts import SheetKind, Verdict
from campaign.sheets.apart import Sheet
from campaign.sheets.days import DaysJudge
from campaign.sheets.judge import summary
from campaign.sheets.places import Places
from campaign.sheets.recognise import recognise
from campaign.sheets.weights import WeightsJudge

PLACES = Places(
    [
        ("32.14.01.1001", "Nagri Kidul", "32.14.01", "Purwakarta"),
        ("32.14.01.1002", "Nagri Kaler", "32.14.01", "Purwakarta"),
        ("32.14.04.2001", "Plered", "32.14.04", "Plered"),
    ],
    kabupaten_name="Kab. Purwakarta",
)
DAYS = {
    "places": PLACES,
    "today": date(2021, 6, 1),
    "opens_on": date(2021, 6, 18),
    "closes_on": date(2021, 7, 31),
    "points": [
        ("a", "Puskesmas Plered"),
        ("b", "Saung Ambu Citeko"),
        ("c", "Puskesmas Munjuljaya"),
        ("d", "RSUD Bayu Asih"),
    ],
}


def told(kind, judge, *rows, merged=()):
    """Verdict, codes and values of each row of data."""
    width = max(map(len, rows))
    sheet = Sheet("Lembar1", False, list(merged), [[*row, *[None] * (width - len(row))] for row in rows])
    judged = [row for row in judge.judge([recognise(sheet, kind)]) if row.is_data]
    return [(row.verdict, [reason.code for reason in row.reasons], row.values) for row in judged]


def day(point="a", on="2021-06-21", starts="08:00", ends="15:00", seats=30):
    return {"service_point_id": point, "on": on, "starts_at": starts, "ends_at": ends, "seats": seats}


def test_days_are_read_with_merged_dates_and_abbreviated_places():
    rows = told(
        SheetKind.DAYS,
        DaysJudge(**DAYS),
        ["JADWAL PELAYANAN KECAMATAN PLERED"],
        ["No", "Hari/Tanggal", "Tempat Pelayanan", "Kuota", "Jam"],
        [1, "Senin, 21 Juni 2021", "PKM Plered", 30, "08.00 - 12.00"],
        [2, None, "Puskesmas Munjuljya", "25 orang", None],
        [3, date(2021, 6, 22), "Plered", 30.0, "09.00 s.d. selesai"],
        [4, "23/06/21", "SAUNG AMBU CITEKO", "40", "pagi"],
        merged=[(2, 1, 3, 1)],
    )
    assert rows == [
        (Verdict.TAKEN, [], day(ends="12:00")),
        (Verdict.TAKEN, [], day("c", seats=25)),
        (Verdict.TAKEN, ["jam_bawaan"], day(on="2021-06-22", starts="09:00")),
        (Verdict.DOUBTED, ["jam_tak_terbaca"], day("b", "2021-06-23", seats=40)),
    ]


def test_a_day_that_cannot_be_is_refused_and_says_why():
    rows = told(
        SheetKind.DAYS,
        DaysJudge(**DAYS),
        ["Tanggal", "Tempat", "Kuota", "Mulai", "Selesai"],
        ["21-23 Juni 2021", "Puskesmas Plered", 30],
        ["01-08-2021", "Puskesmas Plered", 30],
        ["21-06-2021", "Puskesmas Entah", 30],
        ["21-06-2021", "Puskesmas", 30],
        ["21-06-2021", "Puskesmas Plered", "banyak"],
        ["21-06-2021", "Puskesmas Plered", 0],
        ["21-06-2021", "Puskesmas Plered", 30, "12.00", "08.00"],
        ["Selasa, 21 Juni 2021", "Puskesmas Plered", 30],
    )
    assert [(verdict, codes) for verdict, codes, _values in rows] == [
        (Verdict.REFUSED, ["tanggal_tak_terbaca"]),
        (Verdict.REFUSED, ["tanggal_di_luar_kampanye"]),
        (Verdict.REFUSED, ["tempat_tak_dikenal"]),
        (Verdict.REFUSED, ["tempat_tak_dikenal"]),
        (Verdict.REFUSED, ["kuota_tak_terbaca"]),
        (Verdict.REFUSED, ["kuota_tak_terbaca"]),
        (Verdict.REFUSED, ["jam_terbalik"]),
        (Verdict.DOUBTED, ["nama_hari_beda"]),
    ]


def test_a_day_on_which_nobody_serves_there_is_refused_and_says_why():
    off = {("a", date(2021, 6, 21)): "Hari raya", ("c", date(2021, 6, 22)): ""}
    judge = DaysJudge(**DAYS, off=off).judge
    sheet = [
        ["Tanggal", "Tempat", "Kuota"],
        ["21-06-2021", "Puskesmas Plered", 30],
        ["22-06-2021", "Puskesmas Plered", 30],
        ["22-06-2021", "Puskesmas Munjuljaya", 30],
    ]
    judged = [row for row in judge([recognise(Sheet("Lembar1", False, [], sheet), SheetKind.DAYS)]) if row.is_data]
    assert [(row.verdict, [reason.sentence for reason in row.reasons]) for row in judged] == [
        (Verdict.REFUSED, ["tanggal 21-06-2021 tidak ada pelayanan (Hari raya)"]),
        (Verdict.TAKEN, []),
        (Verdict.REFUSED, ["tanggal 22-06-2021 tidak ada pelayanan (libur)"]),
    ]


def test_a_day_that_is_there_already_is_not_made_again():
    file = (
        ["Tanggal", "Tempat", "Kuota", "Jam"],
        ["21-06-2021", "Puskesmas Plered", 30, "08.00-12.00"],
        ["21-06-2021", "Puskesmas Plered", 30, "08.00-12.00"],
        ["21-06-2021", "Puskesmas Plered", 30, "13.00-15.00"],
    )
    first = told(SheetKind.DAYS, DaysJudge(**DAYS), *file)
    assert [codes for _verdict, codes, _values in first] == [[], ["ganda_persis"], ["hari_sama"]]
    existing = {("a", date(2021, 6, 21))}
    again = told(SheetKind.DAYS, DaysJudge(**DAYS, existing=existing), *file)
    assert {verdict for verdict, _codes, _values in again} == {Verdict.DOUBLE}


FIGURES = (
    ["No", "Desa/Kelurahan", "Kecamatan", "PUS", "Unmet need 2020"],
    [None, "KEC. PURWAKARTA", None, 3000],
    [1, "NAGRI KIDUL", "Purwakarta", 1831, "12,5"],
    [2, "Kel. Nagri Kaler", "Purwakarta", "1.250", None],
    ["JUMLAH", None, None, 3081, 12.5],
)


def test_figures_are_exact_and_sums_are_left_out():
    rows = told(SheetKind.WEIGHTS, WeightsJudge(PLACES), *FIGURES)
    assert rows == [
        (Verdict.TAKEN, [], {"desa_code": "32.14.01.1001", "figures": {"PUS": "1831", "Unmet need 2020": "12.5"}}),
        (Verdict.DOUBTED, ["angka_sebagian_kosong"], {"desa_code": "32.14.01.1002", "figures": {"PUS": "1250"}}),
    ]


def test_a_narrow_sheet_of_desa_and_figures_is_no_row_of_headings():
    rows = told(SheetKind.WEIGHTS, WeightsJudge(PLACES), ["Desa", "PUS"], ["Kel. Nagri Kaler", 12], ["Desa Plered", 7])
    assert [values["figures"] for _verdict, _codes, values in rows] == [{"PUS": "12"}, {"PUS": "7"}]


def test_a_figure_that_cannot_be_is_refused():
    rows = told(
        SheetKind.WEIGHTS,
        WeightsJudge(PLACES),
        ["Kode", "Bobot"],
        ["32.14.01.1001", "banyak"],
        ["32.14.01.1002", -3],
        ["32.14.04.2001", None],
        ["32.14.04.9999", 5],
    )
    assert [codes for _verdict, codes, _values in rows] == [
        ["angka_tak_terbaca"],
        ["angka_negatif"],
        ["angka_kosong"],
        ["desa_tak_dikenal"],
    ]
    assert {verdict for verdict, _codes, _values in rows} == {Verdict.REFUSED}


def test_two_figures_of_one_desa_are_both_refused_unless_they_agree():
    file = ["Kode", "Bobot"], ["32.14.01.1001", 5], ["32.14.01.1001", 6], ["32.14.04.2001", 7], ["3214042001", 7]
    rows = told(SheetKind.WEIGHTS, WeightsJudge(PLACES), *file)
    assert [codes for _verdict, codes, _values in rows] == [
        ["desa_dua_angka"],
        ["desa_dua_angka"],
        [],
        ["ganda_persis"],
    ]


def test_the_same_figures_again_change_nothing_and_others_are_told():
    existing = {
        "PUS": {"32.14.01.1001": Fraction(1831), "32.14.01.1002": Fraction(1200)},
        "Unmet need 2020": {"32.14.01.1001": Fraction("12.5")},
    }
    rows = told(SheetKind.WEIGHTS, WeightsJudge(PLACES, existing), *FIGURES)
    assert [codes for _verdict, codes, _values in rows] == [
        ["sudah_terdaftar"],
        ["angka_sebagian_kosong", "angka_berubah"],
    ]


def test_a_summary_counts_verdicts_and_reasons():
    sheet = Sheet(
        "Lembar1", False, [], [["Kode", "Bobot"], ["32.14.01.1001", 5], ["32.14.01.1001", 5], ["x", 5], [None, None]]
    )
    judged = WeightsJudge(PLACES).judge([recognise(sheet, SheetKind.WEIGHTS)])
    assert summary(judged) == {
        "verdicts": {"diimpor": 1, "ganda": 1, "ditolak": 1},
        "reasons": {"ganda_persis": 1, "desa_tak_dikenal": 1},
    }
