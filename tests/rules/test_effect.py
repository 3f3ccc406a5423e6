"""What followed a gathering: spans of whole days, and changes that do not depend on how large a group is."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.rules.effect import Change, Spans, difference, may_be_chance, spans

ON = date(2025, 2, 3)
COUNT = st.integers(0, 10_000)
SOME = st.integers(1, 500)


def test_by_hand():
    """107 kader were invited, 80 came; ten registered 5 before and 12 after, and so on, reckoned on paper."""
    came, away = Change(80, before=40, after=96), Change(27, before=27, after=18)
    assert came.per_ten(came.before) == 5 and came.per_ten(came.after) == 12
    assert came.per_kader == (Fraction(1, 2), Fraction(6, 5))
    assert came.change == 7 and came.percent == 140
    assert away.change == Fraction(-10, 3)
    assert difference(came, away) == Fraction(31, 3)


@pytest.mark.parametrize(("passed", "days"), [(0, 0), (1, 0), (2, 1), (11, 10), (30, 29), (31, 30), (400, 30)])
def test_only_whole_days_count_and_both_spans_are_cut_alike(passed, days):
    found = spans(ON, ON + timedelta(days=passed))
    assert found == (Spans(ON, days) if days else None)
    if found:
        assert found.is_short == (days < 30)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(2, 500))
def test_the_spans_are_equally_long_and_leave_out_the_day_and_today(on, passed):
    found = spans(on, on + timedelta(days=passed))
    assert found.before[1] - found.before[0] == found.after[1] - found.after[0]
    assert found.before[1] < on < found.after[0]
    assert found.after[1] < on + timedelta(days=passed)


@given(SOME, COUNT, COUNT, st.integers(2, 9))
def test_ten_times_the_kader_doing_ten_times_as_much_changed_alike(kader, before, after, times):
    small = Change(kader, before, after)
    assert Change(times * kader, times * before, times * after).change == small.change
    assert small.change == small.per_ten(after) - small.per_ten(before)


@given(SOME, COUNT, COUNT, SOME, COUNT, COUNT)
def test_the_difference_turns_its_sign_with_the_sides_and_groups_alike_differ_by_nothing(k, b, a, n, c, d):
    of, against = Change(k, b, a), Change(n, c, d)
    assert difference(of, against) == -difference(against, of)
    assert difference(of, of) == 0


@given(st.integers(0, 4), COUNT, COUNT)
def test_of_few_kader_no_percentage_is_told(kader, before, after):
    assert Change(kader, before, after).percent is None


def test_nobody_did_nothing():
    nobody = Change(0, 0, 0)
    assert nobody.change is None and nobody.per_kader == (None, None)
    assert difference(nobody, Change(5, 1, 2)) is None
    assert Change(5, 0, 3).percent is None


def test_a_small_difference_of_small_groups_is_called_possible_chance_and_a_large_one_is_not():
    others = Change(85, 128, 201)
    assert may_be_chance(Change(91, 122, 270), Change(16, 36, 61))  # 0.6 beside a scatter of 6.5
    assert not may_be_chance(Change(91, 122, 270), others)  # 7.7 beside a scatter of 3.1


@given(SOME, COUNT, COUNT, SOME, COUNT, COUNT)
def test_whether_it_may_be_chance_does_not_depend_on_which_side_is_asked(k, b, a, n, c, d):
    of, against = Change(k, b, a), Change(n, c, d)
    assert may_be_chance(of, against) == may_be_chance(against, of)
