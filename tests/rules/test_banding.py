"""What a lobby shows of small numbers: nobody adds it up to what is hidden."""

from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from campaign.rules.banding import WHOLE, Band, banded, is_due, moves_with, shown, stepped

FEW = Band(1, 4)


def exactly(number):
    return Band(number, number)


def test_none_is_none_few_are_a_band_and_many_are_themselves():
    assert banded({"a": 0, "b": 1, "c": 4, "d": 5, "e": 70}) == {
        "a": exactly(0), "b": FEW, "c": FEW, "d": exactly(5), "e": exactly(70),
    }  # fmt: skip


def test_one_small_number_is_never_hidden_alone():
    assert banded({"a": 3, "b": 9, "c": 12, "d": 0}) == {"a": FEW, "b": Band(8, 11), "c": exactly(12), "d": exactly(0)}
    assert banded({"a": 3, "b": 9, "c": 9})["b"] == Band(8, 11), "of two equal ones the smaller code"


def test_where_nobody_else_can_be_hidden_the_sum_is_small_itself():
    assert banded({"a": 3, "b": 0}) == {"a": FEW, "b": exactly(0)}
    assert shown({"1.a": 3, "1.b": 0, "2.c": 30, "2.d": 40})["1"] == FEW


def test_all_ones_and_all_fours_hide_one_more():
    assert banded({"a": 1, "b": 1, "c": 9})["c"] == Band(3, 9)
    assert banded({"a": 4, "b": 4, "c": 9})["c"] == Band(9, 15)
    assert banded({"a": 1, "b": 2, "c": 9})["c"] == exactly(9)


def possible(bands, total):
    """What each hidden number may be, for who knows the sum and the bands."""
    hidden = [code for code, band in bands.items() if not band.is_exact]
    rest = total - sum(band.low for band in bands.values() if band.is_exact)
    found = {code: set() for code in hidden}
    for guess in product(*(range(bands[code].low, bands[code].high + 1) for code in hidden)):
        if sum(guess) == rest:
            for code, number in zip(hidden, guess, strict=True):
                found[code].add(number)
    return found


@given(st.lists(st.integers(0, 14), min_size=2, max_size=5))
def test_who_knows_the_sum_finds_no_small_number_where_another_can_be_hidden(numbers):
    named = {f"desa {place}": number for place, number in enumerate(numbers)}
    bands = banded(named)
    assert all(band.low <= named[code] <= band.high for code, band in bands.items()), "no band is a lie"
    if any(number >= 5 for number in numbers):
        for code, may_be in possible(bands, sum(numbers)).items():
            assert len(may_be) > 1, f"{code} can only be {may_be}"


def test_the_adding_up_would_find_it_without_the_second_band():
    """Control: hidden alone, the difference is the number."""
    naive = {"a": FEW, "b": exactly(9), "c": exactly(12)}
    assert possible(naive, 24) == {"a": {3}}


def test_a_kecamatan_hidden_for_its_neighbours_sake_is_not_told_by_its_own_desa():
    bands = shown({"1.a": 2, "2.b": 6, "2.c": 8, "3.d": 40})
    assert bands["1"] == FEW and bands["2"] == Band(12, 15) and bands["3"] == exactly(40)
    assert not bands["2.b"].is_exact and bands["2.c"] == exactly(8)
    assert bands[WHOLE] == exactly(56)


def test_hidden_rows_move_together_and_open_ones_at_a_minute_of_their_own():
    bands = shown({"1.a": 0, "1.b": 3, "1.c": 9, "1.d": 30, "2.e": 0, "2.f": 2, "3.g": 20})
    turns = {code: moves_with(code, bands) for code in ("1.a", "1.b", "1.c", "1.d", "2.e", "2.f")}
    assert turns == {"1.a": "1", "1.b": "1", "1.c": "1", "1.d": "1.d", "2.e": WHOLE, "2.f": WHOLE}


def test_a_row_is_renewed_at_its_minute_and_not_twice_within_the_hour():
    ten_past = datetime(2026, 7, 1, 14, 10, 3, tzinfo=UTC)
    due = [n for n in range(1, 200) if is_due(ten_past, 10, ten_past + timedelta(minutes=n))]
    assert due[0] == 60
    changed_turn = [n for n in range(1, 200) if is_due(ten_past, 12, ten_past + timedelta(minutes=n))]
    assert changed_turn[0] == 62, "two minutes after would tell the minute"


def test_a_bar_moves_in_steps_of_five_percent():
    assert [stepped(n, 12) for n in (0, 5, 6, 11, 12, 13, 99)] == [0, 40, 50, 90, 100, 105, 115]
    assert stepped(4, 12, up=True) == 35
    assert stepped(3, 0) == 0
