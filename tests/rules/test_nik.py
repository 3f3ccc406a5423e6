"""A NIK is read as people write it, judged as the law builds it, and never shown by accident."""

import csv
import pickle
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.rules.nik import BadNik, NikFault, NikWarning, age, clean, disagreements, mask, read

MID_CAMPAIGN = date(2021, 6, 18)
NENG_SITI = "3214014503909123"  # Purwakarta, a woman, 5 March 1990

# Just enough of Indonesia for the cases: the 17 kecamatan of Purwakarta, what else the cases name, and two abolished.
PURWAKARTA = {f"3214{kecamatan:02}" for kecamatan in range(1, 18)}
SUMATRA = {"110901", "111111", "117104", "137701", "137702", "137703"}
JAVA_AND_BALI = {"317401", "317405", "321801", "517103"}
KALIMANTAN = {"631101", "631102", "650103"}
MALUKU_AND_PAPUA = {"827201", "827202", "910301", "910313", "930101", "967106"}
TODAY = PURWAKARTA | SUMATRA | JAVA_AND_BALI | KALIMANTAN | MALUKU_AND_PAPUA
ABOLISHED = {"910107", "921001"}

FAULTS = {
    "bukan angka ASCII": NikFault.NOT_DIGITS,
    "hari di luar 01-31 / 41-71": NikFault.DAY,
    "bulan di luar 01-12": NikFault.MONTH,
    "tanggal tidak ada di kalender": NikFault.CALENDAR,
}
WARNINGS = {
    "kode wilayah tidak dikenal": NikWarning.UNKNOWN_REGION,
    "kode wilayah lama (sebelum pemekaran)": NikWarning.OLD_REGION,
    "umur 10-70 tidak mungkin": NikWarning.UNLIKELY_AGE,
}


def cases(*verdicts):
    """The rows of the case file with one of these verdicts. One cell holds a line end, hence newline=""."""
    with open(Path(__file__).parents[1] / "data" / "nik-cases.csv", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["harap"] in verdicts]
    return [pytest.param(row, id=f"{row['grup']}-{row['no']}") for row in rows]


def read_here(text, *, on=MID_CAMPAIGN):
    return read(text, on=on, regions=TODAY, old_regions=ABOLISHED)


def fault_of(text):
    with pytest.raises(BadNik) as refusal:
        read_here(text)
    return refusal.value.code


# ---- The case file ----


@pytest.mark.parametrize("row", cases("sah", "sah_peringatan"))
def test_a_nik_that_may_be_real_is_read(row):
    nik = read_here(row["masukan"])
    assert nik.digits == row["nik_bersih"]
    assert list(nik.warnings) == ([WARNINGS[row["alasan"]]] if row["harap"] == "sah_peringatan" else [])
    if row["jk"]:
        assert nik.is_female == (row["jk"] == "P")
    if row["tgl_akseptor"]:
        assert nik.birth_date == date.fromisoformat(row["tgl_akseptor"])
    assert (nik.birth_date is None) == (NikWarning.UNLIKELY_AGE in nik.warnings)


@pytest.mark.parametrize("row", cases("tidak_sah"))
def test_what_cannot_be_a_nik_is_refused_with_its_fault(row):
    with pytest.raises(BadNik) as refusal:
        read_here(row["masukan"])
    if row["alasan"].startswith("panjang"):
        assert refusal.value.code == NikFault.LENGTH
        assert f"panjang {refusal.value.length}" == row["alasan"]
    else:
        assert refusal.value.code == FAULTS[row["alasan"]]


# ---- What stands around the digits ----


@pytest.mark.parametrize(
    "typed",
    [
        "32.14.01.450390.9123",
        "'3214014503909123",
        "\u20193214014503909123\u2018",
        "3214-0145-0390-9123",
        "3214\u20130145\u20130390\u20139123",
        "\ufeff3214014503909123\r\n",
        "3214 0145\u00a00390\u202f9123\t",
        " 3214014503909123.0 ",
        "'3214014503909123.0\u00a0",
    ],
)
def test_decoration_is_taken_off(typed):
    assert clean(typed) == NENG_SITI


def test_a_serial_that_ends_in_zero_keeps_its_zero():
    assert clean("3214014503909120") == "3214014503909120"
    assert clean("3214014503909120.0") == "3214014503909120"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "-",
        "321401450390\u0669\u0661\u0662\u0663",
        "321401450390912\uff13",
        "3214014503909\u00b223",
    ],
)
def test_nothing_and_the_digits_of_other_scripts_are_not_a_nik(typed):
    assert fault_of(typed) == NikFault.NOT_DIGITS


@given(st.text())
def test_whatever_is_typed_is_read_or_refused_and_cleaning_twice_changes_nothing(typed):
    try:
        assert len(read_here(typed).digits) == 16
    except BadNik as refusal:
        assert refusal.length == len(clean(typed))
    assert clean(clean(typed)) == clean(typed)


# ---- Birth date and century ----


@given(
    birth_date=st.dates(date(1950, 6, 19), date(2011, 6, 18)),
    is_female=st.booleans(),
    serial=st.integers(min_value=1, max_value=9999),
)
def test_everybody_from_ten_to_seventy_gets_back_the_birth_date_she_was_given(birth_date, is_female, serial):
    day = birth_date.day + (40 if is_female else 0)
    nik = read_here(f"321401{day:02}{birth_date:%m%y}{serial:04}")
    assert (nik.birth_date, nik.is_female, nik.warnings) == (birth_date, is_female, ())
    assert disagreements(nik, birth_date=birth_date, is_female=is_female) == ()


@pytest.mark.parametrize(
    ("written", "birth_date"),
    [
        ("580611", date(2011, 6, 18)),  # ten today
        ("590611", None),  # ten tomorrow, or a hundred and nine
        ("590650", date(1950, 6, 19)),  # seventy-one tomorrow
        ("580650", None),  # seventy-one today
    ],
)
def test_ten_and_seventy_are_both_still_likely(written, birth_date):
    nik = read_here(f"321401{written}9123")
    assert nik.birth_date == birth_date
    assert nik.warnings == (() if birth_date else (NikWarning.UNLIKELY_AGE,))


def test_the_century_is_chosen_for_the_day_asked_about():
    born_in_05 = "3214014503059123"
    assert read(born_in_05, on=date(2021, 6, 18)).birth_date == date(2005, 3, 5)
    assert read(born_in_05, on=date(1960, 6, 18)).birth_date == date(1905, 3, 5)


def test_29_february_of_2000_exists_though_1900_had_none():
    assert read_here("3214012902009123").birth_date == date(2000, 2, 29)


def test_a_child_of_29_february_is_a_year_older_on_1_march():
    assert age(date(2004, 2, 29), on=date(2021, 2, 28)) == 16
    assert age(date(2004, 2, 29), on=date(2021, 3, 1)) == 17


def test_her_age_is_the_forms_business():
    assert read_here("3214015403059123").warnings == ()  # sixteen
    assert read_here("3214015403559123").warnings == ()  # sixty-six


# ---- Faults and warnings ----


def test_serial_0000_was_never_given_out():
    assert fault_of("3214014503900000") == NikFault.SERIAL


@pytest.mark.parametrize(
    ("digits", "first"),
    [
        ("321401991390000X", NikFault.NOT_DIGITS),
        ("32140199139000", NikFault.LENGTH),
        ("3214019913900000", NikFault.DAY),
        ("3214014513900000", NikFault.MONTH),
        ("3214017102900000", NikFault.CALENDAR),
    ],
)
def test_of_many_faults_the_first_to_be_mended_is_told(digits, first):
    assert fault_of(digits) == first


def test_without_a_list_of_regions_nothing_is_said_about_the_region():
    assert read("9999994503909123", on=MID_CAMPAIGN).warnings == ()


def test_a_code_of_today_is_not_old_though_an_old_list_has_it_too():
    assert read(NENG_SITI, on=MID_CAMPAIGN, regions={"321401"}, old_regions={"321401"}).warnings == ()


def test_two_doubts_are_both_told():
    nik = read_here("9999994503209123")
    assert nik.warnings == (NikWarning.UNKNOWN_REGION, NikWarning.UNLIKELY_AGE)


def test_the_form_and_the_nik_may_disagree():
    nik = read_here(NENG_SITI)
    assert disagreements(nik) == ()
    assert disagreements(nik, birth_date=date(1990, 3, 5)) == ()
    assert disagreements(nik, birth_date=date(1990, 5, 3)) == (NikWarning.OTHER_BIRTH_DATE,)
    assert disagreements(nik, birth_date=date(1890, 3, 5)) == (NikWarning.OTHER_BIRTH_DATE,)
    assert disagreements(nik, is_female=False) == (NikWarning.OTHER_SEX,)
    assert disagreements(nik, birth_date=date(1990, 3, 6), is_female=False) == (
        NikWarning.OTHER_BIRTH_DATE,
        NikWarning.OTHER_SEX,
    )


def test_where_no_century_was_likely_only_the_written_digits_can_disagree():
    nik = read_here("3214015403459123")
    assert nik.birth_date is None
    assert disagreements(nik, birth_date=date(1945, 3, 14)) == ()
    assert disagreements(nik, birth_date=date(1945, 3, 15)) == (NikWarning.OTHER_BIRTH_DATE,)


# ---- Never by accident ----


def test_a_mask_shows_the_last_four():
    assert mask(NENG_SITI) == "••••••••••••9123"


def test_a_nik_in_a_log_shows_no_more_than_the_last_four():
    nik = read_here(NENG_SITI)
    for shown in (str(nik), repr(nik), f"{nik}", f"{nik!r}", "%s" % nik, str([nik])):  # noqa: UP031
        assert re.findall(r"\d+", shown) == ["9123"]


@given(st.text("0123456789", min_size=5, max_size=20))
def test_a_refusal_tells_none_of_the_digits(digits):
    try:
        read_here(digits)
    except BadNik as refusal:
        assert all(len(number) <= 2 for number in re.findall(r"\d+", f"{refusal} {refusal!r}"))


def test_a_refusal_comes_home_from_a_child_process():
    refusal = pickle.loads(pickle.dumps(BadNik(NikFault.LENGTH, 15)))  # noqa: S301 (our own bytes)
    assert (refusal.code, refusal.length, str(refusal)) == (NikFault.LENGTH, 15, "not a NIK: length, 15 characters")
