"""After the service: days of a plan, how long a method lasts, what is sealed of a visit."""

from datetime import date

import pytest

from campaign.rules.aftercare import (
    AT_HOME,
    COLUMN,
    DEFAULT,
    Found,
    Plan,
    Visit,
    days_due,
    months_after,
    removal_on,
)
from campaign.rules.methods import MKJP, Method


def test_a_plan_counts_days_from_the_service():
    assert days_due(date(2026, 11, 20), Plan((7, 30, 365))) == [
        date(2026, 11, 27),
        date(2026, 12, 20),
        date(2027, 11, 20),
    ]


def test_every_long_method_that_can_be_given_has_a_plan_to_begin_with():
    assert set(DEFAULT) == MKJP - {Method.IMPLAN}
    assert all(plan.visit_days == tuple(sorted(plan.visit_days)) for plan in DEFAULT.values())


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 20), 36, date(2029, 11, 20)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 1), 0, date(2026, 1, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start, months, end):
    assert months_after(start, months) == end


def test_it_lasts_as_its_package_says_else_as_the_office_says():
    served, plan = date(2026, 11, 20), DEFAULT[Method.IMPLAN_2]
    assert removal_on(served, plan) == date(2029, 11, 20)
    assert removal_on(served, plan, "Jadelle (2 batang)") == date(2031, 11, 20)
    assert removal_on(served, Plan((), 48), "sesuatu yang lain") == date(2030, 11, 20)
    assert removal_on(served, DEFAULT[Method.MOW]) is None


def test_what_a_visit_found_is_kept_with_its_method():
    for found in Found:
        visit = Visit(found, Method.IUD)
        assert Visit.from_text(visit.as_text()) == visit


def test_three_findings_have_a_column_and_a_kader_says_none_of_them():
    assert COLUMN == {Found.PENCABUTAN: 15, Found.KOMPLIKASI: 16, Found.KEGAGALAN: 17}
    assert not set(AT_HOME) & set(COLUMN)
