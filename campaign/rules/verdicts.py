"""What can be in an office's sheet, and what is said of each of its rows."""

from enum import StrEnum


class SheetKind(StrEnum):
    AKSEPTOR = "akseptor"
    KADER = "kader"
    DAYS = "hari"
    WEIGHTS = "bobot"
    ATTENDANCE = "peserta"


class Verdict(StrEnum):
    """What happens to one row: taken, taken with a doubt, there already, refused, or no row of data at all."""

    TAKEN = "diimpor"
    DOUBTED = "peringatan"
    DOUBLE = "ganda"
    REFUSED = "ditolak"
    NO_DATA = "bukan_data"


WILL_BE_TAKEN = frozenset({Verdict.TAKEN, Verdict.DOUBTED})
