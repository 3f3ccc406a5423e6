"""Pictures of the count: days and numbers in, points of a drawing out. A picture knows no screen, and its numbers are whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple


class DayOf(NamedTuple):
    """One day of a campaign: how many were served on it, how many until its evening, how many were due by then."""

    on: date
    served: int
    total: int
    due: int


@dataclass(frozen=True)
class BurnUp:
    """What was reached day by day, against a straight line from nothing to the target.

    `by_day` is what counts, by day of service. The drawing lies in WIDTH × HEIGHT units; a day is as wide as any other, and its
    number stands at its evening.
    """

    target: int
    opens_on: date
    closes_on: date
    today: date
    by_day: Mapping[date, int]

    WIDTH, HEIGHT = 400, 180

    @property
    def first(self) -> date:
        return min([self.opens_on, *self.by_day])

    @property
    def last(self) -> date:
        return max([self.closes_on, *self.by_day])

    @property
    def days(self) -> list[DayOf]:
        """Every day until today or, once it is over, its last one; none before it began."""
        until = max([min(self.today, self.last), *self.by_day])
        days, total, on = [], 0, self.first
        while on <= until:
            total += self.by_day.get(on, 0)
            days.append(DayOf(on, self.by_day.get(on, 0), total, self.due(on)))
            on += timedelta(days=1)
        return days

    def due(self, on: date) -> int:
        """What the straight line asks for by this day's evening, rounded up: who has it is on pace (rules/pace.py)."""
        days_all = (self.closes_on - self.opens_on).days + 1
        gone = max(0, min((on - self.opens_on).days + 1, days_all))
        return -(-self.target * gone // days_all)

    @property
    def served(self) -> int:
        return sum(self.by_day.values())

    @property
    def most(self) -> int:
        """The number at the top edge."""
        return max(self.target, self.served, 1) * 11 // 10 + 1

    def x(self, on: date) -> float:
        """Where this day's evening stands."""
        return round(self.WIDTH * ((on - self.first).days + 1) / ((self.last - self.first).days + 1), 1)

    def y(self, number: int) -> float:
        return round(self.HEIGHT * (1 - number / self.most), 1)

    @property
    def line(self) -> str:
        """The path of what was reached, from the first morning on."""
        return f"M0 {self.HEIGHT}" + "".join(f"L{self.x(day.on)} {self.y(day.total)}" for day in self.days)

    @property
    def area(self) -> str:
        """The same, closed below."""
        return f"{self.line}V{self.HEIGHT}H0Z"

    @property
    def target_line(self) -> str | None:
        """From nothing on the first morning to the target on the last evening; none without a target."""
        begins = self.x(self.opens_on - timedelta(days=1))
        return f"M{begins} {self.HEIGHT}L{self.x(self.closes_on)} {self.y(self.target)}" if self.target else None


class Column(NamedTuple):
    """One bar of a picture of days."""

    on: date
    number: int
    x: float
    width: float
    height: float


def columns(numbers: Mapping[date, int], first: date, last: date, *, width: int, height: int) -> list[Column]:
    """A bar for each day from `first` to `last`, also for those without a number; the highest fills `height`."""
    days, most = (last - first).days + 1, max([1, *numbers.values()])
    each, found = width / days, []
    for place in range(days):
        on = first + timedelta(days=place)
        number = numbers.get(on, 0)
        tall = round(height * number / most, 1)
        found.append(Column(on, number, round(place * each + each * 0.1, 1), round(each * 0.8, 1), tall))
    return found


class Reach(NamedTuple):
    """How many women have come at least so far, by where they stand now."""

    name: str
    number: int
    share: int | None  # whole percent of the first, rounded down


def funnel(area) -> list[Reach]:
    """From found to counted, of an area's standing: each holds the next, so that none can be larger than the one before.

    found: everybody registered who has not withdrawn · booked: has a seat that is still to come, is here, or was served ·
    attended: is here and not yet confirmed, or was served · served: confirmed, whether it counts or not · counted: what the
    bar shows. Who was deferred, referred or missed her day waits for a new seat: she is among the found only.
    """
    served = area.served + area.waiting_nik + area.not_counted
    attended = area.attended + served
    numbers = {"found": area.found, "booked": area.booked + attended, "attended": attended, "served": served}
    numbers["counted"] = area.served
    return [Reach(name, n, 100 * n // area.found if area.found else None) for name, n in numbers.items()]


LEVELS = (1, 5, 10, 20)  # from how many on a square is darker


def level(number: int) -> int:
    """How dark a square is drawn, 0 to 4; the number stands in it."""
    return sum(number >= least for least in LEVELS)


class StripRow(NamedTuple):
    """One area's days side by side."""

    code: str
    name: str
    numbers: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.numbers)


@dataclass(frozen=True)
class Strip:
    """Areas under each other, days side by side: where nothing has happened for long, a row stays pale."""

    dates: tuple[date, ...]
    rows: tuple[StripRow, ...]

    CELL, NAMES, SUMS, HEAD = (
        26,
        160,
        40,
        40,
    )  # units of the drawing: a square, and the room beside and above the squares

    @property
    def width(self) -> int:
        return self.NAMES + self.CELL * len(self.dates) + self.SUMS

    @property
    def height(self) -> int:
        return self.HEAD + self.CELL * len(self.rows)


DAYS_SHOWN = 31  # as many days as a strip has at most: as wide as A4 on its side can still be read


def strip(areas, counts: Mapping[str, Mapping[date, int]], *, opens_on: date, until: date) -> Strip:
    """The last days up to `until`, none before the campaign opened; `counts` by area code."""
    first = max(opens_on, until - timedelta(days=DAYS_SHOWN - 1))
    dates = tuple(first + timedelta(days=place) for place in range((until - first).days + 1))
    rows = (StripRow(a.code, a.name, tuple(counts.get(a.code, {}).get(on, 0) for on in dates)) for a in areas)
    return Strip(dates, tuple(rows))
