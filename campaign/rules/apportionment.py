"""Split a headline target over its areas: the sum is exact, and every share can be explained.

The weights are the office's (PUS, unmet need, last year's result). Everything is reckoned in whole numbers and
fractions: a float that is off in its last digit would hand a service to the wrong desa.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

Weight = int | Fraction | Decimal


class CannotSplit(ValueError):
    """The target cannot be split like this."""


class NegativeTotal(CannotSplit):
    """A target is a number of services, none or more."""


class NoAreas(CannotSplit):
    """There is nobody to share with."""


class NoWeightAtAll(CannotSplit):
    """No area weighs anything, so none could be given a part of the target."""


class BadWeight(CannotSplit):
    """The weight of one area cannot be used; `code` says which."""

    def __init__(self, code: str, weight):
        super().__init__(code, weight)
        self.code, self.weight = code, weight

    def __str__(self):
        return f"{self.code} weighs {self.weight}"


class NegativeWeight(BadWeight):
    """A weight is nothing or more."""


class InexactWeight(BadWeight):
    """A weight is a whole number, a Fraction or a finite Decimal: a float is not what the office typed."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one area is given, and why: the floor of its quota, and one more if its remainder was among the largest."""

    weight: Weight
    quota: Fraction  # total * weight / all weights: what would be just, could a service be cut in pieces
    floor: int
    seats: int
    got_remainder: bool

    @property
    def remainder(self) -> Fraction:
        return self.quota - self.floor


def largest_remainder(total: int, weights: Mapping[str, Weight]) -> dict[str, Share]:
    """Share `total` among areas in proportion to their weights (Hare and Niemeyer): code → Share, in the order given.

    Each area gets its quota rounded down. What is left over goes, one each, to the largest remainders, and on a tie to
    the smaller code; codes compare as text, which is their order as numbers where all are equally long. Raises a
    `CannotSplit`: NegativeTotal, NoAreas, NegativeWeight, InexactWeight, NoWeightAtAll.
    """
    if total < 0:
        raise NegativeTotal(f"a target of {total}")
    whole = _in_whole_numbers(weights)
    weight_of_all = sum(whole.values())
    if weight_of_all == 0 and total > 0:
        raise NoWeightAtAll(f"a target of {total} and no weight")

    unit = weight_of_all or 1  # of nothing, each weightless area gets nothing
    parts = {code: divmod(total * weight, unit) for code, weight in whole.items()}
    left_over = total - sum(floor for floor, _ in parts.values())
    # No weightless area is among these: the remainders, each below one, add up to what is left over; so more areas
    # have one than there is to give.
    lucky = set(sorted(parts, key=lambda code: (-parts[code][1], code))[:left_over])
    return {
        code: Share(
            weight=weights[code],
            quota=Fraction(total * whole[code], unit),
            floor=floor,
            seats=floor + (code in lucky),
            got_remainder=code in lucky,
        )
        for code, (floor, _) in parts.items()
    }


def _in_whole_numbers(weights: Mapping[str, Weight]) -> dict[str, int]:
    """The same proportions in whole numbers, brought to one denominator."""
    if not weights:
        raise NoAreas("no areas")
    for code, weight in weights.items():
        # NaN and the infinities are Decimals too.
        if not isinstance(weight, Weight) or (isinstance(weight, Decimal) and not weight.is_finite()):
            raise InexactWeight(code, weight)
        if weight < 0:
            raise NegativeWeight(code, weight)

    ratios = {code: weight.as_integer_ratio() for code, weight in weights.items()}
    denominator = lcm(*(below for _, below in ratios.values()))
    return {code: above * (denominator // below) for code, (above, below) in ratios.items()}
