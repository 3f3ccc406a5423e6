"""Whole numbers in proportion to weights: two ways, both with minimums, both exact, a tie to the smaller code.

The seats of an area are its whole services; the names are those of the parliaments from which the ways come.
"""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from heapq import heapify, heappop, heappush


class Way(StrEnum):
    """How what cannot be cut in pieces is rounded."""

    LARGEST_REMAINDER = "largest_remainder"  # Hare and Niemeyer: nobody is a whole service away from her quota
    SAINTE_LAGUE = "sainte_lague"  # Webster: nobody loses when the target grows


def spread(
    total: int, weights: Mapping[str, int], least: Mapping[str, int], way: Way
) -> tuple[dict[str, int], Fraction]:
    """Seats of each area, not fewer than its own minimum, and the services per one of weight they follow.

    The caller sees to it that the total suffices for all minimums and that, beyond them, somebody weighs something.
    """
    rate = _rate(total, weights, least)
    round_off = _largest_remainder if way == Way.LARGEST_REMAINDER else _sainte_lague
    return round_off(total, weights, least, rate), rate


def _rate(total, weights, least) -> Fraction:
    """Services per one of weight among those whose quota reaches their minimum.

    Who falls short is given the minimum and leaves. That costs the others, so that more may fall short; none comes
    back, and the order in which they leave does not matter.
    """
    while True:
        rate = Fraction(total, sum(weights.values()) or 1)  # of nothing, each weightless area gets nothing
        above, below = rate.as_integer_ratio()
        reach = {code: weight for code, weight in weights.items() if weight * above >= least[code] * below}
        if len(reach) == len(weights):
            return rate
        total -= sum(least[code] for code in weights if code not in reach)
        weights = reach


def _largest_remainder(total, weights, least, rate) -> dict[str, int]:
    """Quotas rounded down, and what is left over, one each, to the largest remainders."""
    above, below = rate.as_integer_ratio()
    parts = {code: divmod(weight * above, below) for code, weight in weights.items()}
    seats = {code: max(floor, least[code]) for code, (floor, _) in parts.items()}
    left_over = total - sum(seats.values())
    # No weightless area is among the lucky: the remainders, each below one, add up to what is left over; so more areas
    # have one than there is to give.
    line = sorted((-remainder, code) for code, (floor, remainder) in parts.items() if floor >= least[code])
    for _, code in line[:left_over]:
        seats[code] += 1
    return seats


def _sainte_lague(total, weights, least, rate) -> dict[str, int]:
    """Each further seat to the largest weight / (2 * seats + 1), on top of the minimum.

    Rounded quotas are what this rule gives for a total a little smaller or larger; so it is enough to begin with them
    and to give, or take back in the opposite order, the few that are missing or too many.
    """
    codes = sorted(weights)
    above, below = rate.as_integer_ratio()
    seats = {code: max(least[code], (2 * weights[code] * above + below) // (2 * below)) for code in codes}
    missing = total - sum(seats.values())
    step = 1 if missing > 0 else -1
    # Two different fractions with denominators up to 2 * total + 1 lie so far apart that their whole parts, taken this
    # many times, still differ: whole numbers compare as the fractions would, and faster.
    fine = (2 * total + 1) ** 2

    def claim(place):
        """The key by which an area stands in line for its next seat or, of too many, to give up its last."""
        code = codes[place]
        return -step * (weights[code] * fine // (2 * seats[code] + step)), step * place

    line = [claim(place) for place, code in enumerate(codes) if step > 0 or seats[code] > least[code]]
    heapify(line)
    for _ in range(abs(missing)):
        place = abs(heappop(line)[1])
        code = codes[place]
        seats[code] += step
        if step > 0 or seats[code] > least[code]:
            heappush(line, claim(place))
    return seats
