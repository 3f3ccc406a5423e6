"""What an office gathers people for, on which level, and when: the kinds and tiers of pertemuan, and dates that repeat."""

import calendar
from datetime import date, timedelta
from enum import StrEnum


class GatheringKind(StrEnum):
    """The kinds an office of IMP plans: domain of Pertemuan and KIE among the six roles."""

    ORIENTASI = "orientasi"
    PEMBINAAN = "pembinaan"
    PERTEMUAN_RUTIN = "pertemuan_rutin"
    RAPAT_KOORDINASI = "rapat_koordinasi"
    EVALUASI = "evaluasi"
    KIE = "kie"


class Tier(StrEnum):
    """On which level people meet (berjenjang)."""

    KABUPATEN = "kabupaten"
    KECAMATAN = "kecamatan"
    DESA = "desa"
    RW = "rw"


class Poktan(StrEnum):
    """Kelompok kegiatan a kader looks after."""

    BKB = "bkb"
    BKR = "bkr"
    BKL = "bkl"
    UPPKA = "uppka"
    PIK_R = "pik_r"


class Level(StrEnum):
    """Of a kader: of the whole desa, or of an RW."""

    PPKBD = "ppkbd"
    SUB_PPKBD = "sub_ppkbd"


class Every(StrEnum):
    """How a gathering repeats."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"


class QuizPart(StrEnum):
    """Before what is taught, or after it."""

    PRE = "pre"
    POST = "post"


class SignedBy(StrEnum):
    """How somebody came onto the list."""

    DOOR = "door"  # her own phone, by the code on the door
    DESK = "desk"  # somebody at a desk, by a tap
    CODE = "code"  # the same, by the code of her letter
    SHEET = "sheet"  # from the office's own file


MOST_DATES = 60
MOST_PHOTOS = 20


def repeated(first: date, every: Every, until: date) -> list[date]:
    """The dates of a series, the first one too. A month later is the same weekday of the same week, counted from its start.

    The fifth Monday of a month that has only four is its last.
    """
    if every != Every.MONTH:
        days = 7 if every == Every.WEEK else 14
        return [first + timedelta(days=n) for n in range(0, (until - first).days + 1, days)]
    dates, year, month, week = [], first.year, first.month, (first.day - 1) // 7
    while (on := _weekday_of(year, month, first.weekday(), week)) <= until:
        dates.append(on)
        year, month = (year + month // 12, month % 12 + 1)
    return dates


def _weekday_of(year: int, month: int, weekday: int, week: int) -> date:
    begins_on, days = calendar.monthrange(year, month)
    of_weekday = range(1 + (weekday - begins_on) % 7, days + 1, 7)
    return date(year, month, of_weekday[min(week, len(of_weekday) - 1)])
