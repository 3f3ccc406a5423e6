"""1831 is 1831 after it was split, and every desa can be told why it got its number."""

import pickle
import random
from decimal import Decimal
from fractions import Fraction

import pytest
from apportionment.methods import TiesException, compute
from hypothesis import given, reject
from hypothesis import strategies as st

from campaign.rules.apportionment import (
    LocksTooLarge,
    MinimumsTooLarge,
    NegativeLeast,
    NegativeLock,
    NegativeTotal,
    NobodyUnlocked,
    NoGroup,
    NoWeightAtAll,
    UnknownLock,
    Way,
    split,
)
from campaign.rules.margins import MarginsDiffer, NegativeMargin, margins
from campaign.rules.weights import (
    BadPercentage,
    CannotSplit,
    EmptyColumn,
    InexactWeight,
    MissingWeight,
    NegativeWeight,
    NoAreas,
    NotAHundred,
    mix,
)

LARGEST_REMAINDER, SAINTE_LAGUE = Way
ways = st.sampled_from(Way)
totals = st.integers(min_value=0, max_value=5000)
codes = st.integers(min_value=1001, max_value=1999).map(lambda number: f"32.14.01.{number}")
exact_weights = st.one_of(
    st.integers(min_value=0, max_value=10**6),
    st.fractions(min_value=0, max_value=1000, max_denominator=1000),
    st.decimals(min_value=0, max_value=1000, places=3),
)


def areas(weights):
    return st.dictionaries(codes, weights, min_size=1, max_size=15).filter(lambda area: any(area.values()))


def seats(shares):
    return {code: share.seats for code, share in shares.items()}


def kecamatan(code):
    return code[:8]


def purwakarta():
    """192 desa in 17 kecamatan, with as many PUS as the seed says."""
    chance = random.Random(1831)
    return {f"32.14.{desa % 17 + 1:02}.{2001 + desa // 17}": chance.randint(200, 3000) for desa in range(192)}


# ---- What always holds ----


@given(totals, areas(exact_weights), ways)
def test_the_shares_add_up_to_the_headline(total, weights, way):
    shares = split(total, weights, way=way)
    assert sum(seats(shares).values()) == total
    assert sum(share.quota for share in shares.values()) == total
    assert list(shares) == list(weights)


@given(totals, areas(exact_weights))
def test_nobody_is_a_whole_service_away_from_her_quota(total, weights):
    for share in split(total, weights).values():
        assert abs(share.seats - share.quota) < 1


@given(totals, areas(exact_weights))
def test_every_share_explains_itself(total, weights):
    everything = sum(map(Fraction, weights.values()))
    for code, share in split(total, weights).items():
        assert share.weight == weights[code]
        assert share.quota == total * Fraction(weights[code]) / everything
        assert share.quota == share.floor + share.remainder
        assert 0 <= share.remainder < 1
        assert share.seats == share.floor + share.got_remainder
        assert not share.is_locked and not share.at_least and share.group is None


@given(totals, areas(exact_weights), ways, st.randoms())
def test_the_order_in_which_the_areas_are_listed_changes_nothing(total, weights, way, chance):
    shuffled = list(weights.items())
    chance.shuffle(shuffled)
    assert split(total, dict(shuffled), way=way) == split(total, weights, way=way)


@given(totals, areas(st.integers(min_value=0, max_value=4)))  # few weights, many ties
def test_whoever_got_one_more_had_the_larger_remainder_or_the_smaller_code(total, weights):
    shares = split(total, weights)
    place = {code: (-share.remainder, code) for code, share in shares.items()}
    with_more = [place[code] for code, share in shares.items() if share.got_remainder]
    without = [place[code] for code, share in shares.items() if not share.got_remainder]
    assert not with_more or max(with_more) < min(without)


@given(totals, areas(exact_weights), ways)
def test_who_weighs_nothing_gets_nothing(total, weights, way):
    shares = split(total, weights, way=way)
    assert all(share.seats == 0 for share in shares.values() if share.weight == 0)


@given(
    totals,
    areas(st.integers(min_value=0, max_value=10**6)),
    ways,
    st.fractions(min_value=Fraction(1, 999), max_value=999),
)
def test_only_the_proportions_matter(total, weights, way, factor):
    scaled = {code: weight * factor for code, weight in weights.items()}
    assert seats(split(total, scaled, way=way)) == seats(split(total, weights, way=way))


@given(totals, areas(st.integers(min_value=0, max_value=99)), st.integers(min_value=0, max_value=3))
def test_by_sainte_lague_nobody_loses_when_the_target_grows(total, weights, least):
    total += least * len(weights)
    before = seats(split(total, weights, way=SAINTE_LAGUE, least=least))
    after = seats(split(total + 1, weights, way=SAINTE_LAGUE, least=least))
    assert sum(after[code] - before[code] for code in weights) == 1
    assert all(after[code] >= before[code] for code in weights)


# ---- Ten thousand splits ----


def any_split(chance):
    """A target of up to a million over desa of three kecamatan, with ties, zeros, a minimum and locks."""
    heaviest = chance.choice([1, 4, 3000])
    places = chance.sample(range(60), chance.randint(1, 20))
    weights = {f"32.14.{place % 3 + 1:02}.{2001 + place}": chance.randint(0, heaviest) for place in places}
    total = int(10 ** chance.uniform(0, 6)) - 1
    least, locked = 0, {}
    if chance.random() < 0.5:
        least = chance.randint(0, total // len(weights))
    if chance.random() < 0.5:
        for code in chance.sample(list(weights), chance.randint(0, len(weights) - 1)):
            spare = total - sum(locked.values()) - least * (len(weights) - len(locked) - 1)
            locked[code] = chance.randint(0, spare)
    if not any(weight for code, weight in weights.items() if code not in locked):
        weights[next(code for code in weights if code not in locked)] = 1
    return total, weights, {"least": least, "locked": locked}


@pytest.mark.parametrize("group_of", [None, kecamatan])
@pytest.mark.parametrize("way", Way)
def test_the_target_the_minimum_and_the_locks_are_kept_in_every_split(way, group_of):
    chance = random.Random(f"{way} {group_of is None}")
    for _ in range(2500):
        total, weights, wish = any_split(chance)
        shares = split(total, weights, way=way, group_of=group_of, **wish)
        assert sum(share.seats for share in shares.values()) == total
        for code, share in shares.items():
            assert share.is_locked == (code in wish["locked"])
            assert share.seats == wish["locked"].get(code, share.seats)
            assert share.seats >= wish["least"] or share.is_locked
            assert not share.at_least or share.quota < share.seats == wish["least"]
            if way == LARGEST_REMAINDER and not share.is_locked and not share.at_least:
                assert share.seats == share.floor + share.got_remainder
        if chance.random() < 0.2:
            shuffled = chance.sample(list(weights.items()), len(weights))
            assert split(total, dict(shuffled), way=way, group_of=group_of, **wish) == shares


def as_the_book_says(total, weights, least):
    """One seat after the other to the largest weight / (2 * seats + 1), on a tie to the smaller code."""
    given = dict.fromkeys(sorted(weights), least)
    for _ in range(total - sum(given.values())):
        given[max(given, key=lambda code: Fraction(weights[code], 2 * given[code] + 1))] += 1
    return given


def test_the_quick_way_gives_each_seat_to_whom_the_slow_one_would():
    chance = random.Random(1912)
    for _ in range(300):
        total, weights, wish = any_split(chance)
        total, least = total % 200, wish["least"] % 4
        if total >= least * len(weights):
            shares = split(total, weights, way=SAINTE_LAGUE, least=least)
            assert seats(shares) == as_the_book_says(total, weights, least)


# ---- Scenes ----


@pytest.mark.parametrize("way", Way)
def test_a_tie_goes_to_the_smaller_code(way):
    tied = {"32.14.17.2011": 5, "32.14.17.2010": 5}
    assert seats(split(1, tied, way=way)) == {"32.14.17.2011": 0, "32.14.17.2010": 1}
    assert seats(split(3, tied, way=way, least=1)) == {"32.14.17.2011": 1, "32.14.17.2010": 2}


def test_a_tie_between_kecamatan_goes_to_the_smaller_code():
    tied = {"32.14.02.2001": 5, "32.14.01.2001": 5}
    assert seats(split(1, tied, group_of=kecamatan)) == {"32.14.02.2001": 0, "32.14.01.2001": 1}


@pytest.mark.parametrize("group_of", [None, kecamatan])
@pytest.mark.parametrize("way", Way)
def test_from_1381_to_1831_not_one_is_lost_over_192_desa(way, group_of):
    pus = purwakarta()
    before, after = (seats(split(total, pus, way=way, group_of=group_of)) for total in (1381, 1831))
    assert (sum(before.values()), sum(after.values())) == (1381, 1831)
    assert sum(after[code] - before[code] for code in pus) == 450
    if way == SAINTE_LAGUE:
        assert all(after[code] >= before[code] for code in pus)


def test_where_each_desa_rounds_for_itself_three_thirds_are_less_than_a_whole():
    thirds = {"32.14.01.2001": 1, "32.14.01.2002": 1, "32.14.01.2003": 1}
    assert sum(round(1000 / 3) for _ in thirds) == 999
    assert sorted(seats(split(1000, thirds)).values()) == [333, 333, 334]


def test_alabama_a_larger_target_takes_one_away_by_largest_remainder_but_not_by_sainte_lague():
    weights = {"32.14.01.2001": 6, "32.14.01.2002": 6, "32.14.01.2003": 2}
    small = "32.14.01.2003"
    assert [split(total, weights)[small].seats for total in (10, 11)] == [2, 1]
    assert [split(total, weights, way=SAINTE_LAGUE)[small].seats for total in (10, 11)] == [1, 1]


def test_kecamatan_first_rounds_twice_and_may_end_elsewhere():
    weights = {"32.14.01.2001": 1, "32.14.01.2002": 2, "32.14.02.2001": 3, "32.14.02.2002": 4}
    # In one step the quotas are 0.2, 0.4, 0.6 and 0.8. Kecamatan first they are 0.6 and 1.4, so each kecamatan has one.
    assert list(seats(split(2, weights)).values()) == [0, 0, 1, 1]
    shares = split(2, weights, group_of=kecamatan)
    assert list(seats(shares).values()) == [0, 1, 0, 1]
    assert [share.group for share in shares.values()] == ["32.14.01", "32.14.01", "32.14.02", "32.14.02"]
    assert shares["32.14.02.2001"].quota == Fraction(3, 7)


def test_a_desa_below_the_minimum_is_lifted_and_the_others_share_the_rest():
    weights = {"32.14.01.2001": 90, "32.14.01.2002": 8, "32.14.01.2003": 2, "32.14.01.2004": 0}
    shares = split(100, weights, least=8)
    # 8 / 98 of the 84 left for two is less than 8: it falls short only when the others were lifted.
    assert list(seats(shares).values()) == [76, 8, 8, 8]
    assert [share.at_least for share in shares.values()] == [False, True, True, True]
    assert shares["32.14.01.2002"].quota == Fraction(76 * 8, 90)


def test_a_locked_desa_keeps_its_number_and_is_no_part_of_the_pool():
    weights = {"32.14.01.2001": 500, "32.14.01.2002": 30, "32.14.01.2003": 10}
    shares = split(50, weights, locked={"32.14.01.2001": 10})
    assert list(seats(shares).values()) == [10, 30, 10]
    assert shares["32.14.01.2001"].is_locked and not shares["32.14.01.2001"].got_remainder
    assert shares["32.14.01.2002"].quota == 30


def test_a_lock_is_paid_for_by_the_neighbours_in_the_kecamatan():
    weights = {"32.14.01.2001": 1, "32.14.01.2002": 1, "32.14.02.2001": 1, "32.14.02.2002": 1}
    locked = {"32.14.01.2001": 8}
    assert list(seats(split(20, weights, locked=locked)).values()) == [8, 4, 4, 4]
    assert list(seats(split(20, weights, locked=locked, group_of=kecamatan)).values()) == [8, 2, 5, 5]


def test_a_kecamatan_gets_what_its_desa_must_get_and_no_more_than_they_can_take():
    weights = {"32.14.01.2001": 1, "32.14.01.2002": 0, "32.14.02.2001": 1, "32.14.02.2002": 1}
    by_name = {code: kecamatan(code) for code in weights}
    locked = {"32.14.01.2001": 17}
    shares = split(21, weights, locked=locked, least=1, group_of=by_name)
    assert list(seats(shares).values()) == [17, 1, 2, 1]
    locked = {"32.14.01.2001": 2}  # a third of 21 is due to the first, which has nobody left who weighs anything
    assert list(seats(split(21, weights, locked=locked, group_of=by_name)).values()) == [2, 0, 10, 9]


def test_decimals_split_as_they_are_written_where_floats_would_not():
    assert 0.1 + 0.2 != 0.3
    weights = {"32.14.01.2001": Decimal("0.3"), "32.14.01.2002": Decimal("0.1"), "32.14.01.2003": Decimal("0.2")}
    shares = split(6, weights)
    assert seats(shares) == {"32.14.01.2001": 3, "32.14.01.2002": 1, "32.14.01.2003": 2}
    assert not any(share.got_remainder for share in shares.values())


@pytest.mark.parametrize("way", Way)
def test_of_nothing_everybody_gets_nothing(way):
    nothing = {"32.14.01.2001": 0, "32.14.01.2002": 0}
    assert seats(split(0, {"32.14.01.2001": 7, "32.14.01.2002": 0}, way=way)) == nothing
    assert seats(split(0, nothing, way=way)) == nothing
    assert seats(split(0, nothing, way=way, locked=nothing)) == nothing


@pytest.mark.parametrize("way", Way)
def test_without_any_weight_a_target_that_locks_and_minimums_use_up_can_be_split(way):
    weightless = {"32.14.01.2001": 0, "32.14.01.2002": 0, "32.14.02.2001": 0}
    wish = {"locked": {"32.14.01.2001": 4}, "least": 3, "way": way}
    assert list(seats(split(10, weightless, **wish)).values()) == [4, 3, 3]
    assert list(seats(split(10, weightless, group_of=kecamatan, **wish)).values()) == [4, 3, 3]


# ---- Weights from several columns ----


def test_the_percentages_say_what_counts_how_much_and_not_whose_numbers_are_larger():
    pus = {"32.14.01.2001": 3000, "32.14.01.2002": 1000}
    unmet = {"32.14.01.2001": Decimal("0.5"), "32.14.01.2002": Decimal("0.5")}
    mixed = mix([(Decimal("60"), pus), (40, unmet)])
    assert mixed == {"32.14.01.2001": Fraction(65, 100), "32.14.01.2002": Fraction(35, 100)}
    assert list(seats(split(1831, mixed)).values()) == [1190, 641]


@given(areas(exact_weights), totals)
def test_a_column_alone_is_a_hundred_percent_of_itself(weights, total):
    assert sum(mix([(100, weights)]).values()) == 1
    assert seats(split(total, mix([(100, weights)]))) == seats(split(total, weights))


A, B = "32.14.01.2001", "32.14.01.2002"


@pytest.mark.parametrize(
    ("parts", "reason", "figures"),
    [
        ([], NotAHundred, {"sum": 0}),
        ([(60, {A: 1}), (Decimal("39.9"), {A: 1})], NotAHundred, {"sum": Fraction("99.9")}),
        ([(120, {A: 1}), (-20, {A: 1})], BadPercentage, {"column": 1, "percentage": -20}),
        ([(100.0, {A: 1})], BadPercentage, {"column": 0, "percentage": 100.0}),
        ([(50, {A: 1, B: 1}), (50, {A: 1})], MissingWeight, {"column": 1, "code": B}),
        ([(50, {A: 1}), (50, {A: 1, B: 1})], MissingWeight, {"column": 0, "code": B}),
        ([(50, {A: 1}), (50, {A: 0})], EmptyColumn, {"column": 1}),
        ([(50, {A: 1}), (50, {A: -1})], NegativeWeight, {"code": A, "weight": -1}),
        ([(100, {})], NoAreas, {}),
    ],
)
def test_a_mix_that_does_not_add_up_is_refused_with_its_reason(parts, reason, figures):
    with pytest.raises(reason) as refusal:
        mix(parts)
    assert isinstance(refusal.value, CannotSplit)
    assert vars(refusal.value) == figures


# ---- What cannot be split ----


@pytest.mark.parametrize(
    ("total", "weights", "wish", "reason", "figures"),
    [
        (-1, {A: 1}, {}, NegativeTotal, {"total": -1}),
        (1831, {}, {}, NoAreas, {}),
        (0, {}, {}, NoAreas, {}),
        (1831, {A: 3, B: -1}, {}, NegativeWeight, {"code": B, "weight": -1}),
        (1831, {A: 0, B: Decimal("0.0")}, {}, NoWeightAtAll, {"total": 1831, "rest": 1831}),
        (1831, {A: 0, B: 0}, {"least": 900}, NoWeightAtAll, {"total": 1831, "rest": 31}),
        (1831, {A: 9, B: 0}, {"locked": {A: 1800}}, NoWeightAtAll, {"total": 1831, "rest": 31}),
        (1831, {A: 0.5}, {}, InexactWeight, {"code": A, "weight": 0.5}),
        (1831, {A: "12"}, {}, InexactWeight, {"code": A, "weight": "12"}),
        (1831, {A: Decimal("Infinity")}, {}, InexactWeight, {"code": A, "weight": Decimal("Infinity")}),
        (1831, {A: 1}, {"least": -1}, NegativeLeast, {"least": -1}),
        (1831, {A: 1}, {"locked": {B: 7}}, UnknownLock, {"code": B, "number": 7}),
        (1831, {A: 1, B: 1}, {"locked": {B: -7}}, NegativeLock, {"code": B, "number": -7}),
        (1831, {A: 1, B: 1}, {"locked": {B: 1832}}, LocksTooLarge, {"total": 1831, "locked": 1832}),
        (
            1831,
            {A: 1, B: 1},
            {"locked": {B: 1800}, "least": 32},
            MinimumsTooLarge,
            {"total": 1831, "locked": 1800, "least": 32, "areas": 1},
        ),
        (1831, {A: 1}, {"locked": {A: 1800}}, NobodyUnlocked, {"total": 1831, "locked": 1800, "rest": 31}),
        (1831, {A: 1, B: 1}, {"group_of": {A: "32.14.01"}}, NoGroup, {"code": B}),
    ],
)
@pytest.mark.parametrize("way", Way)
def test_what_cannot_be_split_is_refused_with_its_reason(way, total, weights, wish, reason, figures):
    with pytest.raises(reason) as refusal:
        split(total, weights, way=way, **wish)
    assert isinstance(refusal.value, CannotSplit)
    assert isinstance(refusal.value, ValueError)
    assert vars(refusal.value) == figures


def test_a_weight_that_is_no_number_is_refused():
    with pytest.raises(InexactWeight):
        split(1831, {A: Decimal("NaN")})


def test_a_refusal_says_its_figures_also_from_a_child_process():
    with pytest.raises(NegativeWeight) as refusal:
        split(9, {A: 3, B: -1})
    refusal = pickle.loads(pickle.dumps(refusal.value))  # noqa: S301 (our own bytes)
    assert (refusal.code, refusal.weight, str(refusal)) == (B, -1, f"code {B}, weight -1")


@pytest.mark.parametrize("number", [1831.0, 0.0, Decimal(1831), Fraction(1831, 2), "1831"])
def test_a_target_a_minimum_and_a_lock_are_whole_numbers(number):
    with pytest.raises(TypeError):
        split(number, {A: 1})
    with pytest.raises(TypeError):
        split(2000, {A: 1}, least=number)
    with pytest.raises(TypeError):
        split(2000, {A: 1, B: 1}, locked={A: number})


# ---- Somebody else's answer ----


def their_seats(total, weights, way=LARGEST_REMAINDER, **how):
    """The library's answer, reckoned in fractions, with the areas in the order of their codes."""
    name = {LARGEST_REMAINDER: "largest_remainder", SAINTE_LAGUE: "saintelague"}[way]
    in_order = sorted(weights)
    votes = [weights[code] for code in in_order]
    return dict(zip(in_order, compute(name, votes, total, fractions=True, parties=in_order, **how), strict=True))


@given(st.integers(min_value=1, max_value=5000), areas(st.integers(min_value=0, max_value=10**6)))
def test_another_library_splits_alike_where_nothing_is_tied(total, weights):
    try:
        theirs = their_seats(total, weights, tiesallowed=False)
    except TiesException:
        reject()
    assert seats(split(total, weights)) == theirs


@given(st.integers(min_value=1, max_value=200), areas(st.integers(min_value=0, max_value=10**6)))
def test_another_library_agrees_on_sainte_lague_where_nothing_is_tied(total, weights):
    try:
        theirs = their_seats(total, weights, SAINTE_LAGUE, tiesallowed=False)
    except TiesException:
        reject()
    assert seats(split(total, weights, way=SAINTE_LAGUE)) == theirs


def test_the_other_library_errs_where_tied_areas_stand_before_a_larger_remainder():
    # Quotas 0.65, 0.65 and 0.70 for two seats: the third has the largest remainder and must not go without.
    weights = {"32.14.01.2001": 13, "32.14.01.2002": 13, "32.14.01.2003": 14}
    assert their_seats(2, weights) == {"32.14.01.2001": 1, "32.14.01.2002": 1, "32.14.01.2003": 0}
    assert seats(split(2, weights)) == {"32.14.01.2001": 1, "32.14.01.2002": 0, "32.14.01.2003": 1}


# ---- Between two margins ----


def assert_kept(rows, columns, cells):
    total = sum(rows.values())
    assert list(cells) == list(rows) and all(list(row) == list(columns) for row in cells.values())
    assert {row: sum(cells[row].values()) for row in rows} == rows
    assert {column: sum(cells[row][column] for row in rows) for column in columns} == columns
    for row, number in rows.items():
        for column, width in columns.items():
            assert abs(cells[row][column] * total - number * width) < max(total, 1)  # less than one from its quota


def any_margin(chance, names, total):
    heaviness = [chance.random() ** 3 for _ in names]
    drawn = chance.choices(names, heaviness, k=total)
    return {name: drawn.count(name) for name in names}


def test_both_totals_are_kept_and_no_cell_is_a_whole_service_away_from_its_quota():
    chance = random.Random(26)
    for _ in range(1000):
        total = chance.randint(0, 60)
        rows = any_margin(chance, [f"desa {n}" for n in range(chance.randint(1, 12))], total)
        columns = any_margin(chance, [f"week {n}" for n in range(chance.randint(1, 9))], total)
        cells = margins(rows, columns)
        assert_kept(rows, columns, cells)
        shuffled = dict(chance.sample(list(rows.items()), len(rows)))
        assert margins(shuffled, columns) == cells


@pytest.mark.parametrize(
    ("rows", "columns"),
    [([0, 5, 5, 1, 1, 1, 10, 0, 5, 2, 2, 6], [0, 9, 19, 0, 0, 3, 7]), ([9, 6, 8, 2, 2, 9, 0], [2, 0, 2, 6, 8, 0, 18])],
)
def test_what_finds_no_row_in_its_week_is_placed_by_moving_others(rows, columns):
    rows = {f"desa {n:02}": number for n, number in enumerate(rows)}
    columns = {f"week {n}": number for n, number in enumerate(columns)}
    cells = margins(rows, columns)
    assert_kept(rows, columns, cells)
    assert margins(dict(reversed(rows.items())), columns) == cells


def test_over_26_weeks_no_desa_of_purwakarta_is_a_whole_service_off_its_even_pace():
    rows = seats(split(1831, purwakarta()))
    columns = seats(split(1831, {f"week {n:02}": 3 + (n % 4 > 0) for n in range(26)}))
    cells = margins(rows, columns)
    assert_kept(rows, columns, cells)
    for row, number in rows.items():
        done = due = 0
        for column, width in columns.items():
            done, due = done + cells[row][column], due + Fraction(number * width, 1831)
            assert abs(done - due) < 1


@pytest.mark.parametrize(
    ("rows", "columns", "reason", "figures"),
    [
        ({}, {"iud": 0}, NoAreas, {}),
        ({A: 0}, {}, NoAreas, {}),
        ({A: 4, B: -1}, {"iud": 3}, NegativeMargin, {"code": B, "number": -1}),
        ({A: 4}, {"iud": 5, "implan": -1}, NegativeMargin, {"code": "implan", "number": -1}),
        ({A: 4}, {"iud": 2, "implan": 3}, MarginsDiffer, {"rows": 4, "columns": 5}),
    ],
)
def test_margins_that_cannot_be_kept_are_refused_with_their_reason(rows, columns, reason, figures):
    with pytest.raises(reason) as refusal:
        margins(rows, columns)
    assert isinstance(refusal.value, CannotSplit)
    assert vars(refusal.value) == figures


def test_a_margin_is_a_whole_number():
    with pytest.raises(TypeError):
        margins({A: 4.0}, {"iud": 4})
