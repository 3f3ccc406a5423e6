"""Sheets with the habits of a real office: every person of the answer keys stands in the row where Excel shows her."""

import csv
import re
from pathlib import Path

import pytest

from campaign.sheets.apart import read_apart

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.mark.parametrize("name", ["calon-akseptor", "kader"])
def test_every_nik_of_the_key_stands_in_its_row(name):
    sheets = {sheet.name: sheet for sheet in read_apart((SHARED_DATA / f"{name}.xlsx").read_bytes(), f"{name}.xlsx")}
    with open(SHARED_DATA / f"{name}-kunci.csv", encoding="utf-8", newline="") as file:
        key = [row for row in csv.DictReader(file) if row["nik"]]
    assert len(key) > 250
    for row in key:
        cells = sheets[row.get("lembar", "KADER IMP")].rows[int(row["baris"]) - 1]
        assert row["nik"] in [re.sub(r"\D", "", str(cell)) for cell in cells], row["baris"]
