"""Rows of calon akseptor: read as the kader's form would take them, each woman once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from campaign.rules import nik as nik_rules
from campaign.rules.methods import Method
from campaign.rules.nik import Nik, NikWarning
from campaign.sheets import cells
from campaign.sheets.judge import Judged, Standing, by_mark
from campaign.sheets.people import PeopleJudge
from campaign.sheets.reasons import Reasons

WUS = range(15, 50)  # wanita usia subur
CALLED_OFF = ("batal", "pindah", "mundur", "meninggal", "menolak", "tidak jadi", "tdk jadi", "gak jadi", "tidak mau")


@dataclass(frozen=True)
class AkseptorJudge(PeopleJudge):
    """Calon akseptor of one campaign.

    `is_registered(nik)`: she stands in the campaign already. `is_same(name, birth_date, desa_code)`: somebody with this
    name, birth date and desa does; names are compared by `cells.letters`.
    """

    is_registered: Callable[[str], bool] = lambda _nik: False
    is_same: Callable[[str, date | None, str], bool] = lambda _name, _birth_date, _desa_code: False

    def read(self, row: Standing, reasons: Reasons) -> tuple[dict, dict]:
        """One calon akseptor. A NIK of a region nobody knows is not kept, but still tells her apart from others."""
        name = self.name(row, reasons)
        nik = self.nik(row, reasons, without="nik_kosong")
        birth_date = self.birth_date(row, nik, reasons)
        address = cells.said(row["alamat"])
        desa_code = row.desa_in(self.places, reasons, address=address)
        method = Method.BELUM
        if "metode" in row.columns:
            method, said = _method(cells.text(row["metode"]))
            reasons.extend(said)
        self._compare_with_nik(nik, birth_date, method, reasons)
        rt, rw = _rt_rw(row, address, reasons)
        if (note := cells.said(row["ket"]).casefold()) and any(word in note for word in CALLED_OFF):
            reasons.add("ket_batal")
        known_nik = nik.digits if nik and NikWarning.UNKNOWN_REGION not in nik.warnings else None
        values = {
            "name": name,
            "nik": known_nik,
            "no_nik_reason": None if known_nik else cells.no_nik_reason(row["nik"]),
            "birth_date": birth_date and birth_date.isoformat(),
            "desa_code": desa_code,
            "rt": rt,
            "rw": rw,
            "phone": cells.phone(row["hp"], reasons),
            "address": address or None,
            "wanted": method.value,
        }
        person = (cells.letters(name), birth_date, desa_code)
        marks = {"nik": nik and nik.digits, "written": cells.text(row["nik"]), "person": person if birth_date else None}
        return values, marks

    def _compare_with_nik(self, nik: Nik | None, birth_date: date | None, method: Method, reasons: Reasons) -> None:
        is_husband = method == Method.MOP
        if nik and not nik.is_female and not is_husband:
            reasons.add("nik_jenis_kelamin")
        if birth_date and not is_husband and (age := nik_rules.age(birth_date, on=self.today)) not in WUS:
            reasons.add("umur_di_luar_15_49", age=age)

    def compare(self, rows: Sequence[Judged]) -> None:
        """Of the rows with one NIK the fullest is taken. The same name, birth date and desa without it is a doubt."""
        for group in by_mark(rows, "nik"):
            kept = max(group, key=lambda row: row.completeness)  # of equals the first
            for row in group:
                if row is not kept:
                    row.repeats(kept, _how_double(row, kept))
        left = [row for row in rows if row.duplicate_of is None]
        for group in by_mark(left, "person"):
            for number, row in enumerate(group[1:], start=1):
                same = next((other for other in group[:number] if other.values == row.values), None)
                row.repeats(same or group[0], "ganda_persis" if same else "mungkin_ganda")
        for row in left:
            self._compare_with_database(row)

    def _compare_with_database(self, row: Judged) -> None:
        nik, birth_date = row.values["nik"], row.values["birth_date"]
        if nik and self.is_registered(nik):
            row.reasons.add("sudah_terdaftar")
        elif self.is_same(row.values["name"], birth_date and date.fromisoformat(birth_date), row.values["desa_code"]):
            row.reasons.add("mungkin_terdaftar" if nik else "sudah_terdaftar")


def _rt_rw(row: Standing, address: str, reasons: Reasons) -> tuple[str, str]:
    if row.columns & {"rt", "rw"}:
        return cells.unit(row["rt"], reasons), cells.unit(row["rw"], reasons)
    if "rt_rw" in row.columns:
        return cells.rt_rw(row["rt_rw"], reasons)
    found = [pattern.search(address) for pattern in (cells.RT, cells.RW)]
    return tuple(number[1].zfill(3) if number else "" for number in found)


@lru_cache(1000)
def _method(line: str) -> tuple[Method, Reasons]:
    reasons = Reasons()
    return cells.method(line, reasons), reasons


def _how_double(row: Judged, kept: Judged) -> str:
    """How the two rows with one NIK differ."""
    if row.sheet_no != kept.sheet_no:
        return "ganda_antar_lembar"
    if cells.letters(row.values["name"]) != cells.letters(kept.values["name"]):
        return "ganda_nama_beda"
    if row.marks["written"] != kept.marks["written"]:
        return "ganda_nik_beda_bentuk"
    return "ganda_persis" if row.values == kept.values else "ganda_isi_beda"
