"""What a PLKB looks at twice in his kader's registrations, and who of them could use a hand. A reason to ask, never a verdict.

All numbers stand here, so that an office can read them aloud. Times are local, as the phone says a registration happened;
imports and what was keyed in from paper are not judged, for there the pace is the typist's.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

BURST, BURST_WITHIN = 10, timedelta(minutes=1)
NIGHT, NIGHT_WITHIN = 20, timedelta(minutes=10)
NIGHT_FROM, NIGHT_TO = time(22), time(5)
TIMES_TARGET = 3
ONE_DAY = 10  # a month's registrations on one day: from so many on,
ONE_DAY_SPAN = 7  # where the campaign had so many days in that month, and only when they are over
WITHOUT_NIK_OF = 10  # more than half without NIK, of so many at least
SAME_PHONE = 3

QUIET_AFTER = timedelta(days=14)
UNSENT_AFTER = timedelta(days=7)  # a week without contact is normal


class Check(StrEnum):
    """Why a registration stands on the PLKB's list."""

    NO_NIK = "no_nik"
    TWICE = "twice"
    BURST = "burst"
    NIGHT = "night"
    ONE_DAY = "one_day"
    WITHOUT_NIK = "without_nik"
    SAME_PHONE = "same_phone"
    BEYOND_TARGET = "beyond_target"


@dataclass(frozen=True)
class Registration:
    """One woman a kader registered."""

    id: UUID
    at: datetime
    has_nik: bool
    phone: str | None = None


@dataclass(frozen=True)
class Finding:
    """What stands out, since when, and whom it is about."""

    check: Check
    at: datetime
    women: tuple[UUID, ...]
    of: int = 0  # for WITHOUT_NIK: of how many


def of_kader(registrations: Iterable[Registration], *, today: date, opens_on: date, closes_on: date) -> list[Finding]:
    """What stands out among the registrations of one kader, newest first."""
    rows = sorted(registrations, key=lambda one: one.at)
    found = [Finding(Check.BURST, run[0].at, _ids(run)) for run in runs(rows, BURST, BURST_WITHIN)]
    by_night = [one for one in rows if one.at.time() >= NIGHT_FROM or one.at.time() < NIGHT_TO]
    found += [Finding(Check.NIGHT, run[0].at, _ids(run)) for run in runs(by_night, NIGHT, NIGHT_WITHIN)]
    for month, its in _grouped(rows, lambda one: one.at.date().replace(day=1)).items():
        after = (month + timedelta(days=31)).replace(day=1)
        span = (min(after, closes_on + timedelta(days=1)) - max(month, opens_on)).days
        is_over = today >= after or today > closes_on
        if is_over and span >= ONE_DAY_SPAN and len(its) >= ONE_DAY and len({one.at.date() for one in its}) == 1:
            found.append(Finding(Check.ONE_DAY, its[0].at, _ids(its)))
    without = [one for one in rows if not one.has_nik]
    if len(rows) >= WITHOUT_NIK_OF and 2 * len(without) > len(rows):
        found.append(Finding(Check.WITHOUT_NIK, without[0].at, _ids(without), of=len(rows)))
    for phone, its in _grouped(rows, lambda one: one.phone).items():
        if phone and len(its) >= SAME_PHONE:
            found.append(Finding(Check.SAME_PHONE, its[0].at, _ids(its)))
    return sorted(found, key=lambda finding: finding.at, reverse=True)


def runs(rows: list[Registration], least: int, within: timedelta) -> list[list[Registration]]:
    """Every stretch of `rows`, which are in order, where `least` of them lie `within` that time; what overlaps is one stretch."""
    spans: list[list[int]] = []
    for last in range(least - 1, len(rows)):
        first = last - least + 1
        if rows[last].at - rows[first].at <= within:
            if spans and first <= spans[-1][1]:
                spans[-1][1] = last
            else:
                spans.append([first, last])
    return [rows[first : last + 1] for first, last in spans]


def is_beyond_target(found: int, target: int) -> bool:
    """Whether a desa has registered so many more than it promised that somebody should look."""
    return target > 0 and found >= TIMES_TARGET * target


def _grouped(rows: list[Registration], by: Callable) -> dict:
    groups = defaultdict(list)
    for one in rows:
        groups[by(one)].append(one)
    return groups


def _ids(rows: list[Registration]) -> tuple[UUID, ...]:
    return tuple(one.id for one in rows)


class KaderNeed(StrEnum):
    """How a PLKB can help one of his kader; the most urgent first."""

    PARKED = "parked"  # something on her phone has to be mended before it can be sent
    UNSENT = "unsent"  # and something has waited there for long
    NOT_IN = "not_in"  # she has never signed in
    QUIET = "quiet"  # nobody registered for a while, or yet


def needs(
    *,
    is_in: bool,
    parked: int,
    unsent_since: datetime | None,
    last_at: datetime | None,
    began_at: datetime,
    is_running: bool,
    now: datetime,
) -> tuple[KaderNeed, ...]:
    """What a kader may need; `began_at` is when the campaign did, `is_running` whether anybody can be registered at all."""
    found = [KaderNeed.PARKED] if parked else []
    if unsent_since and now - unsent_since > UNSENT_AFTER:
        found.append(KaderNeed.UNSENT)
    if not is_in:
        found.append(KaderNeed.NOT_IN)
    elif is_running and now - (last_at or began_at) > QUIET_AFTER:
        found.append(KaderNeed.QUIET)
    return tuple(found)


def urgency(of: tuple[KaderNeed, ...]) -> int:
    """Smaller is sooner, for sorting: by the first need; none comes last."""
    order = list(KaderNeed)
    return order.index(of[0]) if of else len(order)
