"""The board's tables handed out: areas, days, places, as xlsx and csv. Numbers of areas, never a person."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date

from campaign.rules.charts import BurnUp
from campaign.rules.methods import Method
from campaign.rules.pace import Outlook
from campaign.sheets.apart import Cell
from campaign.sheets.handout import Table
from campaign.words import headed, label, moment

COUNTS = {
    "Target": "target",
    "Dilayani": "served",
    "Capaian (%)": "share",
    "Menunggu NIK": "waiting_nik",
    "Dilayani, tidak dihitung": "not_counted",
    "Hadir, belum dikonfirmasi": "attended",
    "Terjadwal": "booked",
    "Menunggu jadwal": "registered",
    "Harinya lewat, belum dikonfirmasi": "unconfirmed",
}


def methods_in(areas: Iterable) -> list[Method]:
    """The methods somebody was served with, in the order of the forms."""
    areas = list(areas)
    return [method for method in Method if any(area.methods.get(method) for area in areas)]


def areas_table(
    name: str, areas: Sequence, *, inside: Mapping[str, str], by_method: Container[str], above, beside: Mapping
) -> Table:
    """A row for each `Standing`; `inside` is the name of what it lies in, by code, where it lies in something.

    Methods are told of the areas whose codes are in `by_method`, and of no others. Last, by name, what lies `beside` them all:
    it has no target, and without it the rows would not add up to the board's number.
    """
    methods = methods_in(area for area in areas if area.code in by_method)
    ahead = ["Kurang dari target", "Sisa hari pelayanan", "Perlu per hari pelayanan", "Per hari pelayanan terakhir"]
    header = ["Kode", *(["Kecamatan", "Desa"] if inside else ["Kecamatan"]), *COUNTS, *ahead, "Keadaan"]
    rows = [
        [
            area.code,
            *([inside[area.code]] if inside else []),
            area.name,
            *(getattr(area, count) for count in COUNTS.values()),
            *_ahead(area.outlook),
            headed(label(area.pace)),
            *(area.methods.get(method, 0) if area.code in by_method else None for method in methods),
        ]
        for area in areas
    ]
    unsaid = [None] * (len(ahead) + 1 + len(methods))
    for title, standing in beside.items():
        counts = [getattr(standing, count) for count in COUNTS.values() if count != "target"]
        rows.append([None, *([None] if inside else []), title, None, *counts, *unsaid])
    return Table(name, above, header + [headed(label(method)) for method in methods], rows, (14, 20, 20, 12))


def _ahead(outlook: Outlook) -> list[Cell]:
    rate = None if outlook.rate is None else round(float(outlook.rate), 1)
    return [outlook.missing, outlook.days_left, outlook.needed_per_day, rate]


def days_table(burn_up: BurnUp, places: Mapping[date, int], *, above) -> Table:
    """Day by day, also those to come: how many places are open and what is due by its evening."""
    told = {day.on: day for day in burn_up.days}
    dates = sorted({*told, *places})
    header = [
        "Tanggal",
        "Tempat pelayanan",
        "Dilayani hari itu",
        "Dilayani sampai hari itu",
        "Bila target terbagi rata",
    ]
    rows: list[list[Cell]] = []
    for on in dates:
        day = told.get(on)
        served = [day.served, day.total] if day else [None, None]
        rows.append([on, places.get(on, 0), *served, burn_up.due(on) if burn_up.target else None])
    return Table("Hari", above, header, rows, (14, 18))


def strip_table(name: str, areas: Sequence, counts: Mapping[str, Mapping[date, int]], *, above) -> Table:
    """A row for each area and day on which somebody was served."""
    rows = [
        [on, area.code, area.name, number]
        for area in areas
        for on, number in sorted(counts.get(area.code, {}).items())
        if number
    ]
    return Table(name, above, ["Tanggal", "Kode", "Nama", "Dilayani"], rows, (14, 16, 24, 12))


PLACE_COUNTS = {
    "Dilayani": "served",
    "Kursi terisi": "taken",
    "Kursi dibuka": "seats",
    "Kursi tersisa": "free",
    "Belum dikonfirmasi": "unconfirmed",
    "Hari belum ditutup": "unclosed",
    "Hari sejauh ini": "days",
}


def places_table(rows: Iterable, *, zone: str, above) -> Table:
    """Each service point: served, seats, and how complete it is."""
    told = [
        [
            row.point.name,
            row.point.induk.name if row.point.induk else None,
            *(getattr(row, count) for count in PLACE_COUNTS.values()),
            moment(row.last_at, zone) if row.last_at else None,
        ]
        for row in rows
    ]
    return Table("Tempat", above, ["Tempat", "Induk", *PLACE_COUNTS, "Catatan terakhir"], told, (34, 28, 12))
