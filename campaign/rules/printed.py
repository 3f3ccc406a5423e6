"""What stands on the papers of a gathering, as plain values: a paper draws what it is given and reads nothing."""

import hashlib
from dataclasses import dataclass
from datetime import date, time

from campaign.rules.attendance import Attendance
from campaign.rules.gatherings import GatheringKind, Tier

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True)
class Occasion:
    """The gathering itself: the head of every paper."""

    kabupaten: str
    kind: GatheringKind
    tier: Tier
    name: str
    place: str
    on: date
    starts_at: time
    ends_at: time
    zone: str
    agenda: str = ""
    speakers: str = ""


@dataclass(frozen=True)
class Guest:
    """Somebody on the list. `title` is her jabatan, `home` her desa and kecamatan; `code` is what the desk asks for."""

    name: str
    title: str = ""
    home: str = ""
    code: str = ""


@dataclass(frozen=True)
class Signed:
    """A line of the attendance list: who, and where she stands; `at` her hour where she came."""

    guest: Guest
    status: Attendance
    at: time | None = None
    stands_in: str = ""


@dataclass(frozen=True)
class Proof:
    """What one certificate says besides its occasion."""

    guest: Guest
    number: str
    code: str
    address: str  # where it is confirmed


def tail_of(kind: GatheringKind, on: date, earlier: int = 0) -> str:
    """How the numbers of a gathering's certificates end: ORIENTASI/II/2025.

    `earlier` gatherings of the same kind and month have used it, so this one is ORIENTASI-2: no number stands on two papers.
    """
    name = kind.value.replace("_", "-").upper() + (f"-{earlier + 1}" if earlier else "")
    return f"{name}/{ROMAN[on.month - 1]}/{on.year}"


def numbered(serial: int, tail: str) -> str:
    """The number of one certificate: 007/ORIENTASI/II/2025."""
    return f"{serial:03d}/{tail}"


def edition_of(text: str) -> str:
    """A short mark of a text: who changes it says which one she has read."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
