"""Rows of kader IMP: PPKBD of a desa and Sub PPKBD of an RW. Their NIK only tells them apart here and is not kept."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from campaign.sheets import cells
from campaign.sheets.judge import Judged, Standing, by_mark
from campaign.sheets.people import PeopleJudge
from campaign.sheets.reasons import Reasons

# Who she is without her NIK: her name by `cells.letters`, desa code, jabatan, RW.
Identity = tuple[str, str, str, str | None]


@dataclass(frozen=True)
class KaderJudge(PeopleJudge):
    """Kader of one kabupaten, which may have words of its own for the two jabatan; `existing` are those it has already."""

    existing: Container[Identity] = frozenset()
    ppkbd_name: str = "PPKBD"
    sub_ppkbd_name: str = "Sub PPKBD"

    def read(self, row: Standing, reasons: Reasons) -> tuple[dict, dict]:
        """One kader. Without a NIK where the sheet has a column for it nobody can tell who she is."""
        name = self.name(row, reasons)
        nik = self.nik(row, reasons, without="kader_tanpa_nik")
        birth_date = self.birth_date(row, nik, reasons)
        is_female = cells.is_female(row["jk"])
        if nik and is_female is not None and is_female != nik.is_female:
            reasons.add("jk_salah")
        desa_code = row.desa_in(self.places, reasons)
        jabatan = self._jabatan(row, reasons)
        rw = cells.kader_rw(row["rw"], reasons) if jabatan == "sub_ppkbd" else None
        values = {
            "name": name,
            "desa_code": desa_code,
            "jabatan": jabatan,
            "rw": rw,
            "poktan": cells.poktan(row["poktan"], reasons),
            "phone": cells.phone(row["hp"], reasons),
            "birth_date": birth_date and birth_date.isoformat(),
        }
        return values, {"nik": nik and nik.digits, "identity": (cells.letters(name), desa_code, jabatan, rw)}

    def _jabatan(self, row: Standing, reasons: Reasons) -> str | None:
        if written := cells.said(row["jabatan"]):
            found = cells.jabatan(written, self.ppkbd_name, self.sub_ppkbd_name)
            return found or reasons.add("jabatan_tak_dikenal", text=written)
        found = "sub_ppkbd" if cells.said(row["rw"]) else "ppkbd"
        reasons.add("jabatan_kosong", jabatan=self.sub_ppkbd_name if found == "sub_ppkbd" else self.ppkbd_name)
        return found

    def compare(self, rows: Sequence[Judged]) -> None:
        """The same person in the same jabatan is there twice; in two jabatan, or with two NIK, she is a doubt."""
        for group in by_mark(rows, "identity"):
            kept = max(group, key=lambda row: row.completeness)  # of equals the first
            for row in group:
                if row is not kept:
                    has_two_niks = row.marks["nik"] and kept.marks["nik"] and row.marks["nik"] != kept.marks["nik"]
                    row.repeats(kept, "kader_senama" if has_two_niks else "ganda_persis")
        for group in by_mark([row for row in rows if row.duplicate_of is None], "nik"):
            for row in group[1:]:
                row.repeats(group[0], "merangkap_jabatan")
        for row in rows:
            name, desa_code, _jabatan, rw = row.marks["identity"]
            # An account without an RW is a PPKBD's, also that of a Sub PPKBD whose RW could not be read.
            if (name, desa_code, "sub_ppkbd" if rw else "ppkbd", rw) in self.existing:
                row.reasons.add("sudah_terdaftar")
