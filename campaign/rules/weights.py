"""What areas are compared by: the office's numbers (PUS, unmet need, last year's result), alone or mixed, always exact.

A float that is off in its last digit would hand a service to the wrong desa, so none is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

Weight = int | Fraction | Decimal


class CannotSplit(ValueError):
    """The target cannot be split like this. The figures are attributes, so that a screen can say a clear sentence."""

    def __str__(self):
        return ", ".join(f"{name} {figure}" for name, figure in vars(self).items())


class NoAreas(CannotSplit):
    """There is nobody to share with."""


@dataclass(eq=False)
class BadWeight(CannotSplit):
    """The weight of one area cannot be used; `code` says which."""

    code: str
    weight: object


class NegativeWeight(BadWeight):
    """A weight is nothing or more."""


class InexactWeight(BadWeight):
    """A weight is a whole number, a Fraction or a finite Decimal: a float is not what the office typed."""


@dataclass(eq=False)
class BadPercentage(CannotSplit):
    """A percentage is exact like a weight, and nothing or more. `column` is its place in the mix, from 0."""

    column: int
    percentage: object


@dataclass(eq=False)
class NotAHundred(CannotSplit):
    """The percentages of a mix add up to something else than 100."""

    sum: Fraction


@dataclass(eq=False)
class MissingWeight(CannotSplit):
    """One column of a mix says nothing about an area that another column names. `column` counts from 0."""

    column: int
    code: str


@dataclass(eq=False)
class EmptyColumn(CannotSplit):
    """One column of a mix weighs nothing, so it cannot be divided by its sum. `column` counts from 0."""

    column: int


def in_whole_numbers(weights: Mapping[str, Weight]) -> tuple[dict[str, int], int]:
    """The weights brought to one denominator: code → whole number, and the denominator.

    Raises NoAreas, InexactWeight, NegativeWeight.
    """
    if not weights:
        raise NoAreas
    for code, weight in weights.items():
        if not _is_exact(weight):
            raise InexactWeight(code, weight)
        if weight < 0:
            raise NegativeWeight(code, weight)

    ratios = {code: weight.as_integer_ratio() for code, weight in weights.items()}
    denominator = lcm(*(below for _, below in ratios.values()))
    return {code: above * (denominator // below) for code, (above, below) in ratios.items()}, denominator


def mix(parts: Sequence[tuple[Weight, Mapping[str, Weight]]]) -> dict[str, Fraction]:
    """One weight from several columns, such as 60 % PUS and 40 % unmet need: code → Fraction, all together 1.

    Each column is divided by its own sum first, so that the percentages say what counts how much and not whose numbers
    are larger. Raises BadPercentage, NotAHundred, MissingWeight, EmptyColumn, and what a bad weight raises.
    """
    for column, (percentage, _) in enumerate(parts):
        if not _is_exact(percentage) or percentage < 0:
            raise BadPercentage(column, percentage)
    hundred = sum(Fraction(percentage) for percentage, _ in parts)
    if hundred != 100:
        raise NotAHundred(hundred)

    mixed = {code: Fraction(0) for _, weights in parts for code in weights}
    for column, (percentage, weights) in enumerate(parts):
        for code in mixed:
            if code not in weights:
                raise MissingWeight(column, code)
        whole, _ = in_whole_numbers(weights)
        if not any(whole.values()):
            raise EmptyColumn(column)
        factor = Fraction(percentage) / (100 * sum(whole.values()))
        for code, weight in whole.items():
            mixed[code] += weight * factor
    return mixed


def _is_exact(number) -> bool:
    # NaN and the infinities are Decimals too.
    return isinstance(number, Weight) and not (isinstance(number, Decimal) and not number.is_finite())
