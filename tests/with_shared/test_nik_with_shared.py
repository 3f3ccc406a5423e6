"""The NIK cases once more, against every kecamatan code the country has, and has had since 2015."""

import csv
from datetime import date
from pathlib import Path

import pytest

from campaign.rules.nik import BadNik, NikFault, NikWarning, read

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

# What the case file calls a fault or a warning. Its other words ("dibersihkan dari hiasan") leave a NIK without either.
REASONS = {
    "bukan angka ASCII": NikFault.NOT_DIGITS,
    "panjang 4": NikFault.LENGTH,
    "panjang 15": NikFault.LENGTH,
    "panjang 32": NikFault.LENGTH,
    "hari di luar 01-31 / 41-71": NikFault.DAY,
    "bulan di luar 01-12": NikFault.MONTH,
    "tanggal tidak ada di kalender": NikFault.CALENDAR,
    "kode wilayah tidak dikenal": NikWarning.UNKNOWN_REGION,
    "kode wilayah lama (sebelum pemekaran)": NikWarning.OLD_REGION,
    "umur 10-70 tidak mungkin": NikWarning.UNLIKELY_AGE,
}


def rows(name):
    with open(SHARED_DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def regions():
    """The kecamatan of today, and those abolished."""
    kecamatan_list = rows("kecamatan-historis.csv")
    today = {kecamatan["nik6"] for kecamatan in kecamatan_list if kecamatan["status"] == "kini"}
    return {"regions": today, "old_regions": {kecamatan["nik6"] for kecamatan in kecamatan_list} - today}


@pytest.mark.parametrize("row", rows("nik-cases.csv"), ids=lambda row: f"{row['grup']}-{row['no']}")
def test_the_verdict_is_that_of_the_case_file(row, regions):
    try:
        nik = read(row["masukan"], on=date(2021, 6, 18), **regions)
    except BadNik as refusal:
        verdict, reasons = "tidak_sah", (refusal.code,)
    else:
        verdict, reasons = "sah_peringatan" if nik.warnings else "sah", nik.warnings
        assert nik.digits == row["nik_bersih"]
        assert row["jk"] in ("", "P" if nik.is_female else "L")
        assert row["tgl_akseptor"] in ("", str(nik.birth_date))

    assert verdict == row["harap"]
    assert reasons == ((REASONS[row["alasan"]],) if verdict != "sah" else ())


def test_the_copy_of_the_case_file_in_the_project_is_the_same():
    ours = Path(__file__).parents[1] / "data" / "nik-cases.csv"
    assert ours.read_bytes() == (SHARED_DATA / "nik-cases.csv").read_bytes()
