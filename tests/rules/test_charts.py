"""Pictures as numbers: the curve ends at the count, the straight line is the one that judges the pace, nobody falls upward."""

from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.rules import pace
from campaign.rules.charts import BurnUp, columns, funnel, level

FIRST, LAST = date(2026, 6, 18), date(2026, 7, 31)  # 44 days


def burn_up(today, target=88, **by_day):
    days = {FIRST + timedelta(days=int(place[1:])): number for place, number in by_day.items()}
    return BurnUp(target, FIRST, LAST, today, days)


def test_the_curve_ends_at_the_count_and_the_line_at_the_target():
    drawn = burn_up(FIRST + timedelta(days=2), d0=3, d2=4)
    assert [(day.served, day.total, day.due) for day in drawn.days] == [(3, 3, 2), (0, 3, 4), (4, 7, 6)]
    assert drawn.served == 7 and drawn.days[-1].on == FIRST + timedelta(days=2)
    assert drawn.x(LAST) == BurnUp.WIDTH and drawn.due(LAST) == 88 and drawn.due(FIRST - timedelta(days=1)) == 0
    assert drawn.line.endswith(f"L{drawn.x(drawn.days[-1].on)} {drawn.y(7)}")
    assert drawn.target_line == f"M0.0 180L400.0 {drawn.y(88)}"


def test_before_its_first_day_there_is_no_curve_and_without_a_target_no_line():
    before = burn_up(FIRST - timedelta(days=3))
    assert before.days == [] and before.line == "M0 180" and before.target_line
    assert burn_up(FIRST, target=0).target_line is None


def test_what_lies_outside_the_campaign_makes_the_picture_wider():
    early, late = FIRST - timedelta(days=2), LAST + timedelta(days=1)
    drawn = BurnUp(88, FIRST, LAST, LAST + timedelta(days=9), {early: 1, late: 2})
    assert (drawn.first, drawn.last, drawn.days[0].on, drawn.days[-1].on) == (early, late, early, late)
    assert drawn.days[-1].total == 3 and drawn.due(early) == 0 and drawn.due(late) == 88
    assert 0 < drawn.x(FIRST - timedelta(days=1)) < drawn.x(LAST) < BurnUp.WIDTH


@given(st.integers(1, 3000), st.integers(0, 43), st.integers(0, 3000))
def test_who_has_what_is_due_is_on_pace_and_who_has_less_is_not(target, place, served):
    drawn = BurnUp(target, FIRST, LAST, FIRST, {})
    judged = pace.judge(target, served, days_gone=place + 1, days_all=44)
    assert (served >= drawn.due(FIRST + timedelta(days=place))) == (judged in (pace.Pace.ON_PACE, pace.Pace.REACHED))
    assert 0 <= drawn.due(FIRST + timedelta(days=place)) - Fraction(target * (place + 1), 44) < 1


@given(
    st.dictionaries(st.integers(-3, 50), st.integers(0, 500), max_size=20), st.integers(0, 2000), st.integers(-5, 60)
)
def test_every_point_lies_in_the_picture(numbers, target, today):
    by_day = {FIRST + timedelta(days=place): number for place, number in numbers.items()}
    drawn = BurnUp(target, FIRST, LAST, FIRST + timedelta(days=today), by_day)
    for day in drawn.days:
        assert 0 < drawn.x(day.on) <= BurnUp.WIDTH and 0 <= drawn.y(day.total) <= BurnUp.HEIGHT
    assert not drawn.days or drawn.days[-1].total == drawn.served
    assert 0 <= drawn.y(target) <= BurnUp.HEIGHT


def test_the_highest_bar_fills_the_picture_and_an_empty_day_has_none():
    found = columns({FIRST: 4, FIRST + timedelta(days=2): 8}, FIRST, FIRST + timedelta(days=3), width=400, height=100)
    assert [(bar.number, bar.height) for bar in found] == [(4, 50), (0, 0), (8, 100), (0, 0)]
    assert [bar.x for bar in found] == [10, 110, 210, 310] and {bar.width for bar in found} == {80}
    assert columns({}, FIRST, FIRST, width=400, height=100)[0].height == 0


@given(*(st.integers(0, 50) for _ in range(6)))
def test_the_funnel_never_widens(registered, booked, attended, served, waiting_nik, not_counted):
    beads = {"registered": registered, "booked": booked, "attended": attended, "served": served}
    area = SimpleNamespace(waiting_nik=waiting_nik, not_counted=not_counted, found=0, **beads)
    area.found = sum(beads.values()) + waiting_nik + not_counted
    numbers = [stage.number for stage in funnel(area)]
    assert numbers == sorted(numbers, reverse=True) and numbers[0] == area.found and numbers[-1] == served
    assert numbers[2] - numbers[3] == attended and numbers[3] - numbers[4] == waiting_nik + not_counted


@pytest.mark.parametrize(
    ("number", "dark"), [(0, 0), (1, 1), (4, 1), (5, 2), (9, 2), (10, 3), (19, 3), (20, 4), (500, 4)]
)
def test_a_square_is_darker_from_1_5_10_and_20_on(number, dark):
    assert level(number) == dark
