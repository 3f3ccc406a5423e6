"""What "on pace" means: facts in, a verdict out, computed when looked at and never stored."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

RECENT = 7  # service days of the campaign before today: what "lately" looks back on


class Pace(StrEnum):
    """How an area stands against its target on this day of the campaign."""

    NO_TARGET = "no_target"
    REACHED = "reached"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    NEEDS_HELP = "needs_help"


def needed_per_day(target: int, served: int, days_left: int) -> int | None:
    """Services per remaining service day to reach the target, rounded up; 0 when reached, None when no day is left."""
    missing = max(0, target - served)
    if missing == 0:
        return 0
    return -(-missing // days_left) if days_left > 0 else None


def judge(target: int, served: int, *, days_gone: int, days_all: int) -> Pace:
    """How `served` compares with the share of the target due after `days_gone` of `days_all` days.

    Less than two thirds of what is due needs help. The line is straight: every day of the campaign weighs the same.
    """
    if target <= 0:
        return Pace.NO_TARGET
    if served >= target:
        return Pace.REACHED
    # Integers on both sides: served / target against days_gone / days_all.
    done, due = served * days_all, target * max(0, min(days_gone, days_all))
    if done >= due:
        return Pace.ON_PACE
    return Pace.BEHIND if 3 * done >= 2 * due else Pace.NEEDS_HELP


@dataclass(frozen=True)
class Outlook:
    """What is still missing in an area, how many days there are for it, and how fast it went lately.

    Days are service days, not calendar days, and those of the places its women go to. Today is a day that is left; what was
    served today does not belong to "lately" yet, or the rate would rise all day long.
    """

    missing: int  # services, 0 when the target is reached
    days_left: int
    lately: int = 0  # services in the last days
    rate_days: int = 0  # service days in the campaign's last RECENT ones

    @property
    def needed_per_day(self) -> int | None:
        """Services per service day that is left, rounded up; 0 when reached, None when no day is left."""
        return needed_per_day(self.missing, 0, self.days_left)

    @property
    def rate(self) -> Fraction | None:
        """Services per service day lately; None where there was no day."""
        return Fraction(self.lately, self.rate_days) if self.rate_days else None

    @property
    def is_enough(self) -> bool | None:
        """Whether going on as lately reaches the target; None where that cannot be said."""
        if not self.missing:
            return True
        return None if self.rate is None else self.rate * self.days_left >= self.missing


class Calendar(NamedTuple):
    """How many service days an area's women can go to: those that are left, today too, and those of the last while."""

    left: int
    lately: int


def calendar(days: set[date], *, today: date, since: date, until: date) -> Calendar:
    """Of an area whose women go to service days on `days`; left are those up to `until`, "lately" is from `since` to yesterday."""
    return Calendar(sum(today <= day <= until for day in days), sum(since <= day < today for day in days))


def outlook(*, target: int, served: int, lately: int, days: Calendar) -> Outlook:
    """Of an area with these service days; `lately` were served in the last while."""
    return Outlook(max(0, target - served), days.left, lately, days.lately)
