"""Rows of service days: when, where, how many seats, from what time to what time."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property

from campaign.sheets import cells
from campaign.sheets.judge import Judge, Judged, Standing, by_mark
from campaign.sheets.places import Names, Places
from campaign.sheets.reasons import Reasons

STARTS, ENDS = time(8), time(15)  # as `ServiceDay` has it where nothing is said
MOST_SEATS = 500  # as the form for one day
PUSKESMAS = re.compile(r"(?i)\b(?:uptd?\W+)?(?:puskesmas|pkm|pusk)\b\.?(?:\s+dtp\b)?")


@dataclass(frozen=True)
class DaysJudge(Judge):
    """Service days of a campaign.

    `points` are (id, name) of the service points, `existing` (id, day) of its days; `off` says of (id, day) why nobody serves.
    """

    places: Places
    today: date
    opens_on: date
    closes_on: date
    points: Sequence[tuple[str, str]]
    existing: Container[tuple[str, date]] = frozenset()
    off: Mapping[tuple[str, date], str] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[Names, Names]:
        """The points by their whole names, and the puskesmas by what stands behind “Puskesmas”."""
        puskesmas = [(point, PUSKESMAS.sub("", name)) for point, name in self.points if PUSKESMAS.search(name)]
        return Names((point, PUSKESMAS.sub("puskesmas", name)) for point, name in self.points), Names(puskesmas)

    def read(self, row: Standing, reasons: Reasons) -> tuple[dict, dict]:
        """One day. A day outside the campaign, on which nobody serves, at an unknown place or without seats is none."""
        on = cells.plan_date(row["tanggal"], reasons, on=self.today)
        if on and not self.opens_on <= on <= self.closes_on:
            reasons.add("tanggal_di_luar_kampanye", day=f"{on:%d-%m-%Y}")
        elif on and on < self.today:
            reasons.add("tanggal_lampau")
        point = self._point(cells.said(row["tempat"]), reasons)
        if (point, on) in self.off:
            reasons.add("tanggal_libur", day=f"{on:%d-%m-%Y}", why=self.off[point, on] or "libur")
        seats = cells.number(row["kuota"])
        if seats is None or seats != int(seats) or not 1 <= seats <= MOST_SEATS:
            seats = reasons.add("kuota_tak_terbaca", text=cells.text(row["kuota"]), most=MOST_SEATS)
        starts, ends = self._hours(row, reasons)
        values = {
            "service_point_id": point,
            "on": on and on.isoformat(),
            "starts_at": f"{starts:%H:%M}",
            "ends_at": f"{ends:%H:%M}",
            "seats": seats and int(seats),
        }
        return values, {"day": (point, on)}

    def _point(self, written: str, reasons: Reasons) -> str | None:
        if not written:
            return reasons.add("tempat_kosong")
        whole, puskesmas = self.names
        likeness = whole.like(PUSKESMAS.sub("puskesmas", written))
        if likeness.distance > 1:
            likeness = puskesmas.like(PUSKESMAS.sub("", written))
        if not likeness.codes or likeness.distance > 1:
            return reasons.add("tempat_tak_dikenal", text=written)
        if len(likeness.codes) > 1 or likeness.rival:
            could_be = {*likeness.codes, likeness.rival}
            named = ", ".join(sorted(name for point, name in self.points if point in could_be))
            return reasons.add("tempat_rancu", text=written, candidates=named)
        return likeness.codes[0]

    def _hours(self, row: Standing, reasons: Reasons) -> tuple[time, time]:
        written = [cell for name in ("jam", "jam_mulai", "jam_selesai") if cells.said(cell := row[name])]
        said = [hour for cell in written for hour in cells.hours(cell)]
        if not said:
            if written:
                reasons.add("jam_tak_terbaca", text=cells.text(written[0]), time=f"{STARTS:%H.%M}–{ENDS:%H.%M}")
            return STARTS, ENDS
        if len(said) == 1:
            reasons.add("jam_bawaan", time=f"{ENDS:%H.%M}")
        starts, ends = said[0], said[1] if len(said) > 1 else ENDS
        if ends <= starts:
            reasons.add("jam_terbalik")
        return starts, ends

    def compare(self, rows: Sequence[Judged]) -> None:
        """One place has one day; a second one from another hour is a doubt."""
        for group in by_mark(rows, "day"):
            for number, row in enumerate(group[1:], start=1):
                starts = row.values["starts_at"]
                same = next((other for other in group[:number] if other.values["starts_at"] == starts), None)
                row.repeats(same or group[0], "ganda_persis" if same else "hari_sama")
        for row in rows:
            if row.marks["day"] in self.existing:
                row.reasons.add("sudah_terdaftar")
