"""1831 is 1831 after it was split, and every desa can be told why it got its number."""

import pickle
import random
from decimal import Decimal
from fractions import Fraction
from time import process_time

import pytest
from apportionment.methods import TiesException, compute
from hypothesis import given, reject
from hypothesis import strategies as st

from campaign.rules.apportionment import (
    CannotSplit,
    InexactWeight,
    NegativeTotal,
    NegativeWeight,
    NoAreas,
    NoWeightAtAll,
    largest_remainder,
)

totals = st.integers(min_value=0, max_value=5000)
codes = st.integers(min_value=1001, max_value=1999).map(lambda number: f"32.14.01.{number}")
exact_weights = st.one_of(
    st.integers(min_value=0, max_value=10**6),
    st.fractions(min_value=0, max_value=1000, max_denominator=1000),
    st.decimals(min_value=0, max_value=1000, places=3),
)


def areas(weights):
    return st.dictionaries(codes, weights, min_size=1, max_size=40).filter(lambda area: any(area.values()))


def seats(shares):
    return {code: share.seats for code, share in shares.items()}


# ---- What always holds ----


@given(totals, areas(exact_weights))
def test_the_shares_add_up_to_the_headline(total, weights):
    shares = largest_remainder(total, weights)
    assert sum(seats(shares).values()) == total
    assert sum(share.quota for share in shares.values()) == total
    assert list(shares) == list(weights)


@given(totals, areas(exact_weights))
def test_nobody_is_a_whole_service_away_from_her_quota(total, weights):
    for share in largest_remainder(total, weights).values():
        assert abs(share.seats - share.quota) < 1


@given(totals, areas(exact_weights))
def test_every_share_explains_itself(total, weights):
    everything = sum(map(Fraction, weights.values()))
    for code, share in largest_remainder(total, weights).items():
        assert share.weight == weights[code]
        assert share.quota == total * Fraction(weights[code]) / everything
        assert share.quota == share.floor + share.remainder
        assert 0 <= share.remainder < 1
        assert share.seats == share.floor + share.got_remainder


@given(totals, areas(exact_weights), st.randoms())
def test_the_order_in_which_the_areas_are_listed_changes_nothing(total, weights, chance):
    shuffled = list(weights.items())
    chance.shuffle(shuffled)
    assert largest_remainder(total, dict(shuffled)) == largest_remainder(total, weights)


@given(totals, areas(st.integers(min_value=0, max_value=4)))  # few weights, many ties
def test_whoever_got_one_more_had_the_larger_remainder_or_the_smaller_code(total, weights):
    shares = largest_remainder(total, weights)
    place = {code: (-share.remainder, code) for code, share in shares.items()}
    with_more = [place[code] for code, share in shares.items() if share.got_remainder]
    without = [place[code] for code, share in shares.items() if not share.got_remainder]
    assert not with_more or max(with_more) < min(without)


@given(totals, areas(exact_weights))
def test_who_weighs_nothing_gets_nothing(total, weights):
    shares = largest_remainder(total, weights)
    assert all(share.seats == 0 for share in shares.values() if share.weight == 0)


@given(
    totals, areas(st.integers(min_value=0, max_value=10**6)), st.fractions(min_value=Fraction(1, 999), max_value=999)
)
def test_only_the_proportions_matter(total, weights, factor):
    scaled = {code: weight * factor for code, weight in weights.items()}
    assert seats(largest_remainder(total, scaled)) == seats(largest_remainder(total, weights))


# ---- Scenes ----


def test_a_tie_goes_to_the_smaller_code():
    assert seats(largest_remainder(1, {"32.14.17.2011": 5, "32.14.17.2010": 5})) == {
        "32.14.17.2011": 0,
        "32.14.17.2010": 1,
    }


def test_the_1831_of_purwakarta_reach_192_desa_without_one_lost():
    chance = random.Random(1831)
    pus = {f"32.14.{desa // 12 + 1:02}.{2001 + desa % 12}": chance.randint(200, 3000) for desa in range(192)}
    assert sum(seats(largest_remainder(1831, pus)).values()) == 1831


def test_where_each_desa_rounds_for_itself_three_thirds_are_less_than_a_whole():
    thirds = {"32.14.01.2001": 1, "32.14.01.2002": 1, "32.14.01.2003": 1}
    assert sum(round(1000 / 3) for _ in thirds) == 999
    assert sorted(seats(largest_remainder(1000, thirds)).values()) == [333, 333, 334]


def test_decimals_split_as_they_are_written_where_floats_would_not():
    assert 0.1 + 0.2 != 0.3
    weights = {"32.14.01.2001": Decimal("0.3"), "32.14.01.2002": Decimal("0.1"), "32.14.01.2003": Decimal("0.2")}
    shares = largest_remainder(6, weights)
    assert seats(shares) == {"32.14.01.2001": 3, "32.14.01.2002": 1, "32.14.01.2003": 2}
    assert not any(share.got_remainder for share in shares.values())


def test_of_nothing_everybody_gets_nothing():
    assert seats(largest_remainder(0, {"32.14.01.2001": 7, "32.14.01.2002": 0})) == {
        "32.14.01.2001": 0,
        "32.14.01.2002": 0,
    }
    assert seats(largest_remainder(0, {"32.14.01.2001": 0})) == {"32.14.01.2001": 0}


def test_the_whole_country_is_split_in_less_than_two_seconds():
    chance = random.Random(83_762)
    pus = {f"{desa:010}": chance.randint(0, 5000) for desa in range(83_762)}
    start = process_time()
    shares = largest_remainder(1_400_000, pus)
    assert process_time() - start < 2
    assert sum(share.seats for share in shares.values()) == 1_400_000


# ---- What cannot be split ----


@pytest.mark.parametrize(
    ("total", "weights", "reason"),
    [
        (-1, {"32.14.01.2001": 1}, NegativeTotal),
        (1831, {}, NoAreas),
        (0, {}, NoAreas),
        (1831, {"32.14.01.2001": 3, "32.14.01.2002": -1}, NegativeWeight),
        (1831, {"32.14.01.2001": 0, "32.14.01.2002": Decimal("0.0")}, NoWeightAtAll),
        (1831, {"32.14.01.2001": 0.5}, InexactWeight),
        (1831, {"32.14.01.2001": "12"}, InexactWeight),
        (1831, {"32.14.01.2001": Decimal("NaN")}, InexactWeight),
        (1831, {"32.14.01.2001": Decimal("Infinity")}, InexactWeight),
    ],
)
def test_what_cannot_be_split_is_refused_with_its_reason(total, weights, reason):
    with pytest.raises(reason) as refusal:
        largest_remainder(total, weights)
    assert isinstance(refusal.value, CannotSplit)
    assert isinstance(refusal.value, ValueError)


def test_a_bad_weight_names_its_area_also_from_a_child_process():
    with pytest.raises(NegativeWeight) as refusal:
        largest_remainder(9, {"32.14.01.2001": 3, "32.14.01.2002": -1})
    refusal = pickle.loads(pickle.dumps(refusal.value))  # noqa: S301 (our own bytes)
    assert (refusal.code, refusal.weight, str(refusal)) == ("32.14.01.2002", -1, "32.14.01.2002 weighs -1")


@pytest.mark.parametrize("total", [1831.0, 0.0, Decimal(1831), Fraction(1831, 2), "1831"])
def test_a_target_is_a_whole_number(total):
    with pytest.raises(TypeError):
        largest_remainder(total, {"32.14.01.2001": 1})


# ---- Somebody else's answer ----


def their_seats(total, weights, **how):
    """The library's answer, reckoned in fractions, with the areas in the order of their codes."""
    in_order = sorted(weights)
    votes = [weights[code] for code in in_order]
    return dict(
        zip(in_order, compute("largest_remainder", votes, total, fractions=True, parties=in_order, **how), strict=True)
    )


@given(st.integers(min_value=1, max_value=5000), areas(st.integers(min_value=0, max_value=10**6)))
def test_another_library_splits_alike_where_nothing_is_tied(total, weights):
    try:
        theirs = their_seats(total, weights, tiesallowed=False)
    except TiesException:
        reject()
    assert seats(largest_remainder(total, weights)) == theirs


def test_the_other_library_errs_where_tied_areas_stand_before_a_larger_remainder():
    # Quotas 0.65, 0.65 and 0.70 for two seats: the third has the largest remainder and must not go without.
    weights = {"32.14.01.2001": 13, "32.14.01.2002": 13, "32.14.01.2003": 14}
    assert their_seats(2, weights) == {"32.14.01.2001": 1, "32.14.01.2002": 1, "32.14.01.2003": 0}
    assert seats(largest_remainder(2, weights)) == {"32.14.01.2001": 1, "32.14.01.2002": 0, "32.14.01.2003": 1}
