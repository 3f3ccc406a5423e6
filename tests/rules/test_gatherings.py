"""The second road, when somebody came, and the dates of a series."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.rules.attendance import ATTENDING, CLAIM_LASTS, ROAD, START, Attendance, Entry, arrival, came_at
from campaign.rules.gatherings import Every, repeated
from campaign.rules.refusals import WrongStep

OPENS = datetime(2025, 2, 3, 0, 0, tzinfo=UTC)
LATE, CLOSES = OPENS + timedelta(hours=1), OPENS + timedelta(hours=4)


def test_every_way_leads_where_the_table_says_and_no_other_exists():
    for kind in Entry:
        for before in (START, *Attendance):
            if kind in ROAD and before in ROAD[kind][0]:
                assert ATTENDING.lead(before, kind) == ROAD[kind][1]
            else:
                with pytest.raises(WrongStep):
                    ATTENDING.lead(before, kind)


def test_a_correction_leads_back_and_a_correction_of_it_forward_again():
    assert ATTENDING.lead_back(Entry.COME, Attendance.INVITED, Attendance.CAME) == Attendance.INVITED
    assert ATTENDING.lead_back(Entry.CORRECT, Attendance.CAME, Attendance.INVITED) == Attendance.CAME
    with pytest.raises(WrongStep):
        ATTENDING.lead_back(Entry.INVITE, START, Attendance.INVITED)


def test_who_comes_at_the_minute_it_says_late_is_late():
    assert arrival(LATE - timedelta(seconds=1), LATE) == Entry.COME
    assert arrival(LATE, LATE) == Entry.COME_LATE


def test_a_phone_without_a_line_makes_nobody_late():
    told = OPENS + timedelta(minutes=50)
    assert came_at(told, told + timedelta(hours=9), OPENS, CLOSES) == told


@pytest.mark.parametrize(
    "told", [OPENS - timedelta(seconds=1), CLOSES + timedelta(seconds=1), CLOSES + timedelta(days=9), None]
)
def test_what_a_phone_says_outside_the_window_is_not_believed(told):
    assert came_at(told, CLOSES + timedelta(hours=2), OPENS, CLOSES) is None
    assert came_at(told, LATE, OPENS, CLOSES) == LATE, "then the server's own clock decides"


def test_a_claim_is_good_for_a_day():
    assert came_at(OPENS, OPENS + CLAIM_LASTS, OPENS, CLOSES) == OPENS
    assert came_at(OPENS, OPENS + CLAIM_LASTS + timedelta(seconds=1), OPENS, CLOSES) is None


def test_a_month_later_is_the_same_weekday_of_the_same_week():
    assert repeated(date(2025, 2, 3), Every.MONTH, date(2025, 5, 31)) == [
        date(2025, 2, 3), date(2025, 3, 3), date(2025, 4, 7), date(2025, 5, 5),
    ]  # fmt: skip
    fifth = repeated(date(2025, 1, 31), Every.MONTH, date(2025, 4, 30))
    assert fifth == [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 28), date(2025, 4, 25)]


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.sampled_from(Every), st.integers(0, 500))
def test_dates_of_a_series_begin_with_the_first_and_keep_the_weekday(first, every, days):
    dates = repeated(first, every, first + timedelta(days=days))
    assert dates[0] == first and dates[-1] <= first + timedelta(days=days)
    assert {on.weekday() for on in dates} == {first.weekday()}
    assert all(timedelta(days=7) <= after - before <= timedelta(days=35) for before, after in pairwise(dates))
