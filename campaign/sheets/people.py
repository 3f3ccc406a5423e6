"""What rows about people share: a name, a NIK by which they are told apart, a birth date, a desa."""

from abc import ABC
from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from campaign.rules.nik import Nik
from campaign.sheets import cells
from campaign.sheets.judge import Judge, Standing
from campaign.sheets.places import Places
from campaign.sheets.reasons import Reasons

LONGEST_NAME = 120


@dataclass(frozen=True)
class PeopleJudge(Judge, ABC):
    """`regions` are the kecamatan codes a NIK may begin with, `old_regions` those abolished; ages are those of `today`."""

    places: Places
    today: date
    regions: Container[str]
    old_regions: Container[str] = frozenset()

    def name(self, row: Standing, reasons: Reasons) -> str:
        """Her name; a row without one is refused."""
        name = cells.name(row["nama"])
        if not name:
            reasons.add("nama_kosong")
        elif len(name) > LONGEST_NAME:
            reasons.add("nama_panjang", most=LONGEST_NAME)
        return name

    def nik(self, row: Standing, reasons: Reasons, *, without: str) -> Nik | None:
        """Her NIK; where the sheet has a column for it and this row none, the reason `without` is noted."""
        before = len(reasons)
        nik = cells.nik(row["nik"], reasons, on=self.today, regions=self.regions, old_regions=self.old_regions)
        if nik is None and len(reasons) == before and "nik" in row.columns:
            reasons.add(without)
        return nik

    def birth_date(self, row: Standing, nik: Nik | None, reasons: Reasons) -> date | None:
        """Her birth date, from the NIK before the column; a sheet without either says nothing about it."""
        if nik is None and "lahir" not in row.columns:
            return None
        return cells.birth_date(row["lahir"], nik, reasons, on=self.today)
