"""How long a seat is held, and which dates a series has."""

from datetime import UTC, date, datetime, timedelta

from campaign.rules.calendar import dates
from campaign.rules.holding import held_until

BEGINS = datetime(2026, 12, 4, 1, 0, tzinfo=UTC)  # 08.00 WIB


def test_a_day_to_answer_but_not_beyond_two_hours_before_the_day():
    assert held_until(BEGINS - timedelta(days=3), BEGINS) == BEGINS - timedelta(days=2)
    assert held_until(BEGINS - timedelta(hours=10), BEGINS) == BEGINS - timedelta(hours=2)


def test_where_no_time_is_left_to_ask_the_seat_is_hers():
    assert held_until(BEGINS - timedelta(hours=2), BEGINS) is None
    assert held_until(BEGINS + timedelta(hours=1), BEGINS) is None


def test_dates_of_a_series_hold_both_ends():
    first, last = date(2026, 12, 1), date(2026, 12, 15)  # both Tuesdays
    assert dates(first, last, {1}) == [first, date(2026, 12, 8), last]
    assert dates(first, last, set()) == dates(last, first, {1}) == []
