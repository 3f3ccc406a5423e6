"""Rows of figures per desa to split a target by: PUS, unmet need, last year's result, one or several columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from campaign.sheets import cells
from campaign.sheets.judge import Judge, Judged, Standing, by_mark
from campaign.sheets.places import Places
from campaign.sheets.reasons import Reasons
from campaign.sheets.recognise import FIGURE


@dataclass(frozen=True)
class WeightsJudge(Judge):
    """Figures of the desa of one kabupaten; `existing` are its columns: name → desa code → figure."""

    places: Places
    existing: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)

    def read(self, row: Standing, reasons: Reasons) -> tuple[dict, dict]:
        """One desa with its figures, as decimal text: a float would move a service to another desa."""
        code = row.desa_in(self.places, reasons)
        columns = [name for name in row.cells if name.startswith(FIGURE)]
        if not any(cells.said(row[name]) for name in columns):
            reasons.add("angka_kosong")
            columns = []
        figures = {name.removeprefix(FIGURE): self._figure(name, row[name], reasons) for name in columns}
        return {"desa_code": code, "figures": {name: figure for name, figure in figures.items() if figure}}, {
            "desa": code
        }

    def _figure(self, name: str, cell, reasons: Reasons) -> str | None:
        column, written = name.removeprefix(FIGURE), cells.said(cell)
        if not written:
            return reasons.add("angka_sebagian_kosong", column=column)
        figure = cells.number(cell)
        if figure is None:
            return reasons.add("angka_tak_terbaca", column=column, text=written)
        if figure < 0:
            return reasons.add("angka_negatif", column=column)
        return f"{figure:f}"

    def compare(self, rows: Sequence[Judged]) -> None:
        """A desa has one figure: rows that differ are all refused, since nobody can tell which is right."""
        for group in by_mark(rows, "desa"):
            is_same = all(row.values == group[0].values for row in group)
            for row in group[1:]:
                row.repeats(group[0], "ganda_persis" if is_same else "desa_dua_angka")
            if not is_same:
                group[0].repeats(group[1], "desa_dua_angka")
        for row in rows:
            self._compare_with_database(row)

    def _compare_with_database(self, row: Judged) -> None:
        before = {name: self.existing.get(name, {}).get(row.values["desa_code"]) for name in row.values["figures"]}
        now = {name: Fraction(figure) for name, figure in row.values["figures"].items()}
        if before == now:
            row.reasons.add("sudah_terdaftar")
            return
        for name, figure in before.items():
            if figure is not None and figure != now[name]:
                row.reasons.add("angka_berubah", column=name, before=str(figure))
