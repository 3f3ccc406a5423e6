"""The day's short message: the numbers it tells, kept as they were told, and whom it names. Numbers of areas, never of people.

It is sent on to whoever, so small numbers are told as before strangers (`rules/banding.py`): kept that way, nobody draws others.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo

from campaign.rules import pace as paces
from campaign.rules.banding import SMALL, Band, stepped
from campaign.rules.pace import Pace

HOUR = time(16)  # when the bupati's office tells the day
LONGEST = 900  # letters: what a phone shows of a message without a tap
NAMED = 5  # kecamatan named one by one


@dataclass(frozen=True)
class Area:
    """A kecamatan as it is told: between `low` and `high` were served, mostly exactly so many."""

    name: str
    target: int
    low: int
    high: int
    pace: Pace

    @property
    def band(self) -> Band:
        return Band(self.low, self.high)

    @property
    def share(self) -> int | None:
        """Whole percent of the target, rounded down; none where the number is not told."""
        return 100 * self.low // self.target if self.target and self.band.is_exact else None

    @property
    def drawn(self) -> int:
        """Percent as it is drawn, in steps; a range is drawn as its least."""
        return stepped(self.low, self.target)


@dataclass(frozen=True)
class Numbers:
    """What one message tells, all from one look at `at`."""

    campaign: str
    place: str
    zone: str
    on: date
    at: datetime
    closes_on: date
    is_closed: bool
    is_example: bool
    is_rehearsal: bool
    target: int
    served: int
    today: int  # served today, as far as it is written down
    booked: int
    waiting_nik: int
    outside: int  # served from outside the kabupaten, where they do not count
    days_left: int
    lately: int
    rate_days: int
    unconfirmed: int  # people whose day is over and of whom nobody has said what happened
    points: int  # … and at how many places
    areas: tuple[Area, ...]

    @property
    def share(self) -> int | None:
        """Whole percent of the target, rounded down; none where it would tell which of a range the number is."""
        return self._of_both(lambda served: 100 * served // self.target) if self.target else None

    @property
    def needed_per_day(self) -> int | None:
        """As the board's; none, too, where it would tell which of a range the number is."""
        return self._of_both(lambda served: paces.needed_per_day(self.target, served, self.days_left))

    def _of_both(self, reckon: Callable[[int], int | None]) -> int | None:
        """What follows from the number, where the least and the most it is told as agree on it."""
        band = told_as(self.served)
        least, most = reckon(band.low), reckon(band.high)
        return least if least == most else None

    @property
    def outlook(self) -> "paces.Outlook":
        return paces.Outlook(max(0, self.target - self.served), self.days_left, self.lately, self.rate_days)

    @property
    def is_reached(self) -> bool:
        return 0 < self.target <= self.served

    @property
    def in_need(self) -> list[Area]:
        """Those that need help, the furthest behind first."""
        return sorted((area for area in self.areas if area.pace == Pace.NEEDS_HELP), key=_by_share)

    @property
    def reached(self) -> list[Area]:
        return [area for area in self.areas if area.pace == Pace.REACHED]

    @property
    def in_order(self) -> list[Area]:
        """All of them, help first; without a target last."""
        return sorted(self.areas, key=lambda area: (area.pace == Pace.NO_TARGET, *_by_share(area)))

    def as_json(self) -> dict:
        return asdict(self) | {name: getattr(self, name).isoformat() for name in ("on", "at", "closes_on")}

    @classmethod
    def read(cls, told: dict) -> "Numbers":
        days = {name: date.fromisoformat(told[name]) for name in ("on", "closes_on")}
        areas = tuple(Area(**area | {"pace": Pace(area["pace"])}) for area in told["areas"])
        return cls(**told | days | {"at": datetime.fromisoformat(told["at"]), "areas": areas})


def _by_share(area: Area) -> tuple:
    """A range stands as its least, so that the order does not tell where in it the number is."""
    return Fraction(area.low, area.target or 1), area.name


def told_as(number: int) -> Band:
    """A number of the whole campaign, as it is told."""
    return Band(1, SMALL - 1) if 0 < number < SMALL else Band(number, number)


def due_at(on: date, zone: str) -> datetime:
    """When the message of this day is due in this zone."""
    return datetime.combine(on, HOUR, ZoneInfo(zone))


def shortened(write, names: int) -> str:
    """The longest message of at most LONGEST letters that `write(named)` gives, naming `names` areas or fewer."""
    for named in range(names, -1, -1):
        text = write(named)
        if len(text) <= LONGEST:
            return text
    return text[: LONGEST - 1] + "…"
