"""What a PLKB looks at twice: each number at its edge, and what is left in peace."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.rules import outliers
from campaign.rules.outliers import Check, KaderNeed, Registration

MORNING = datetime(2026, 6, 22, 9, 0)
SPAN = {"today": date(2026, 6, 25), "opens_on": date(2026, 6, 1), "closes_on": date(2026, 7, 31)}


def women(*ats, **about):
    return [Registration(UUID(int=n), at, about.get("has_nik", True), about.get("phone")) for n, at in enumerate(ats)]


def every(seconds: float, number: int, start=MORNING):
    return [start + timedelta(seconds=seconds * n) for n in range(number)]


def checks(registrations, **span) -> list[Check]:
    return [finding.check for finding in outliers.of_kader(registrations, **SPAN | span)]


@pytest.mark.parametrize(
    ("ats", "found"),
    [
        (every(6, 10), [Check.BURST]),  # the tenth 54 seconds after the first
        (every(60 / 9, 10), [Check.BURST]),  # within a minute, to the second
        (every(7, 10), []),
        (every(6, 9), []),
    ],
)
def test_ten_within_a_minute_are_asked_about_and_nine_are_not(ats, found):
    assert checks(women(*ats)) == found


def test_one_long_burst_is_one_finding_and_two_bursts_are_two():
    (finding,) = outliers.of_kader(women(*every(1, 30)), **SPAN)
    assert len(finding.women) == 30 and finding.at == MORNING
    two = women(*every(1, 12), *every(1, 11, MORNING + timedelta(hours=2)))
    assert [len(finding.women) for finding in outliers.of_kader(two, **SPAN)] == [11, 12], "the newest first"


@pytest.mark.parametrize(
    ("start", "is_night"),
    [
        (datetime(2026, 6, 22, 21, 50), False),
        (datetime(2026, 6, 22, 22, 0), True),
        (datetime(2026, 6, 22, 23, 55), True),  # over midnight
        (datetime(2026, 6, 23, 4, 49), True),
        (datetime(2026, 6, 23, 5, 0), False),
    ],
)
def test_twenty_in_ten_minutes_are_asked_about_only_by_night(start, is_night):
    assert checks(women(*every(30, 20, start))) == ([Check.NIGHT] if is_night else [])
    assert checks(women(*every(33, 20, start))) == []


def test_a_month_in_one_day_is_judged_only_when_the_month_is_over():
    one_day = women(*every(1200, 10))
    assert checks(one_day, today=date(2026, 6, 30)) == []
    assert checks(one_day, today=date(2026, 7, 1)) == [Check.ONE_DAY]
    assert checks(one_day, today=date(2026, 6, 24), closes_on=date(2026, 6, 23)) == [Check.ONE_DAY], (
        "the campaign is over"
    )
    assert checks(one_day[:9], today=date(2026, 7, 1)) == []
    two_days = women(*every(1200, 10), MORNING + timedelta(days=1))
    assert checks(two_days, today=date(2026, 7, 1)) == []


def test_a_month_of_which_the_campaign_has_few_days_is_not_judged():
    assert checks(women(*every(1200, 10)), today=date(2026, 7, 1), opens_on=date(2026, 6, 25)) == []
    assert checks(women(*every(1200, 10)), today=date(2026, 7, 1), opens_on=date(2026, 6, 24)) == [Check.ONE_DAY]


def test_more_than_half_without_nik_of_ten_at_least():
    ats = every(3600, 11)
    without = [Registration(UUID(int=n), at, n >= 6) for n, at in enumerate(ats)]
    (finding,) = outliers.of_kader(without, **SPAN)
    assert (finding.check, len(finding.women), finding.of) == (Check.WITHOUT_NIK, 6, 11)
    half = [Registration(UUID(int=n), at, n >= 5) for n, at in enumerate(ats[:10])]
    assert checks(half) == [], "half is not more than half"
    assert checks(without[:9]) == [], "of nine nothing is said"


def test_three_women_with_one_phone():
    ats = every(3600, 3)
    assert checks(women(*ats, phone="+628200000001")) == [Check.SAME_PHONE]
    assert checks(women(*ats[:2], phone="+628200000001")) == []
    assert checks(women(*ats)) == [], "no phone is not the same phone"


@given(st.lists(st.integers(0, 400), min_size=0, max_size=60))
def test_a_burst_is_where_ten_lie_within_a_minute_and_only_there(seconds):
    """Against looking at every stretch of ten."""
    rows = women(*sorted(MORNING + timedelta(seconds=s) for s in seconds))
    inside = set()
    for first in range(len(rows) - 9):
        ten = rows[first : first + 10]
        if ten[-1].at - ten[0].at <= timedelta(minutes=1):
            inside |= {one.id for one in ten}
    runs = outliers.runs(rows, 10, timedelta(minutes=1))
    found = [one.id for run in runs for one in run]
    assert set(found) == inside and len(found) == len(inside), "each woman once"


def test_three_times_the_target():
    assert outliers.is_beyond_target(36, 12) and not outliers.is_beyond_target(35, 12)
    assert not outliers.is_beyond_target(50, 0), "without a target nothing is beyond it"


def needs(**about) -> tuple[KaderNeed, ...]:
    fine = {
        "is_in": True,
        "parked": 0,
        "unsent_since": None,
        "last_at": MORNING,
        "began_at": MORNING,
        "is_running": True,
    }
    return outliers.needs(**fine | {"now": MORNING + timedelta(days=1)} | about)


def test_who_may_need_a_hand():
    later = MORNING + timedelta(days=15)
    assert needs() == ()
    assert needs(is_in=False) == (KaderNeed.NOT_IN,)
    assert needs(now=later) == needs(now=later, last_at=None) == (KaderNeed.QUIET,)
    assert needs(now=later, is_running=False) == (), "when nobody can be registered nobody is quiet"
    assert needs(unsent_since=MORNING) == (), "a week without contact is normal"
    assert needs(unsent_since=MORNING, now=MORNING + timedelta(days=8)) == (KaderNeed.UNSENT,)
    assert needs(parked=1, is_in=False) == (KaderNeed.PARKED, KaderNeed.NOT_IN)


def test_who_needs_nothing_comes_last_and_what_is_stuck_first():
    people = [(), (KaderNeed.QUIET,), (KaderNeed.PARKED,), (KaderNeed.NOT_IN,)]
    assert sorted(people, key=outliers.urgency) == [(KaderNeed.PARKED,), (KaderNeed.NOT_IN,), (KaderNeed.QUIET,), ()]
