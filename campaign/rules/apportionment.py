"""Split a headline target over its areas: the sum is exact, and every share can be explained.

Everything is reckoned in whole numbers and fractions; codes compare as text, which is their order as numbers where all
are equally long.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import index

from campaign.rules.rounding import Way, spread
from campaign.rules.weights import CannotSplit, Weight, in_whole_numbers


@dataclass(eq=False)
class NegativeTotal(CannotSplit):
    """A target is a number of services, none or more."""

    total: int


@dataclass(eq=False)
class NegativeLeast(CannotSplit):
    """A minimum is a number of services, none or more."""

    least: int


@dataclass(eq=False)
class BadLock(CannotSplit):
    """The lock on one area cannot be used; `code` says which."""

    code: str
    number: int


class UnknownLock(BadLock):
    """The locked area is not among those that share."""


class NegativeLock(BadLock):
    """A lock is a number of services, none or more."""


@dataclass(eq=False)
class LocksTooLarge(CannotSplit):
    """More is locked than the target has."""

    total: int
    locked: int


@dataclass(eq=False)
class MinimumsTooLarge(CannotSplit):
    """What is locked, and the minimum for each of the other `areas`, is more than the target has."""

    total: int
    locked: int
    least: int
    areas: int


@dataclass(eq=False)
class NobodyUnlocked(CannotSplit):
    """Every area is locked and `rest` of the target is left."""

    total: int
    locked: int
    rest: int


@dataclass(eq=False)
class NoWeightAtAll(CannotSplit):
    """No unlocked area weighs anything, so nobody could be given the `rest` beyond locks and minimums."""

    total: int
    rest: int


@dataclass(eq=False)
class NoGroup(CannotSplit):
    """Nobody knows to which kecamatan this area belongs."""

    code: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one area is given, and why."""

    weight: Weight
    rate: Fraction  # services per one of weight, for all that share one pool, after its locks and minimums
    seats: int
    is_locked: bool = False  # the office fixed the number
    at_least: bool = False  # its quota falls short of the minimum, which it was given instead
    group: str | None = None  # the kecamatan in which it was split, where that came first

    @property
    def quota(self) -> Fraction:
        """What would be just, could a service be cut in pieces. Of a locked area: for comparison."""
        return Fraction(self.weight) * self.rate

    @property
    def floor(self) -> int:
        return self.quota // 1

    @property
    def remainder(self) -> Fraction:
        return self.quota % 1

    @property
    def got_remainder(self) -> bool:
        """It was given more than the floor of its quota, and neither a lock nor the minimum is why."""
        return self.seats > self.floor and not self.is_locked and not self.at_least


def split(
    total: int,
    weights: Mapping[str, Weight],
    *,
    way: Way = Way.LARGEST_REMAINDER,
    least: int = 0,
    locked: Mapping[str, int] | None = None,
    group_of: Callable[[str], str] | Mapping[str, str] | None = None,
) -> dict[str, Share]:
    """Share `total` among areas in proportion to their weights: code → Share, in the order given.

    An area in `locked` gets that number. Every other gets `least` or more, also where it weighs nothing. The rest is
    spread by the `way`; a tie goes to the smaller code.

    With `group_of` (desa → kecamatan) the kecamatan share first, by all they weigh, and then the desa inside each: a
    lock is then paid for by its neighbours in the kecamatan, which itself gets no less than its desa must get. This
    rounds twice, so that a desa's number may differ from the one it has in one step; whoever chooses it chooses
    kecamatan that are right among themselves over desa that are.

    Raises a `CannotSplit`: NegativeTotal, NegativeLeast, UnknownLock, NegativeLock, LocksTooLarge, MinimumsTooLarge,
    NobodyUnlocked, NoWeightAtAll, NoGroup, or what a bad weight raises; TypeError where a number is not whole.
    """
    total, least, locked = index(total), index(least), {code: index(n) for code, n in (locked or {}).items()}
    whole, denominator = in_whole_numbers(weights)
    _refuse_what_cannot_be(total, whole, least, locked)

    groups = _groups(whole, group_of)
    pots = _split_over_groups(total, whole, groups, way, least, locked)
    shares = {}
    for group, codes in groups.items():
        inside = {code: whole[code] for code in codes if code not in locked}
        given = {code: locked[code] for code in codes if code in locked}
        seats, rate = spread(pots[group] - sum(given.values()), inside, dict.fromkeys(inside, least), way)
        rate *= denominator
        for code, number in (given | seats).items():
            shares[code] = Share(
                weight=weights[code],
                rate=rate,
                seats=number,
                is_locked=code in locked,
                at_least=code not in locked and number == least > Fraction(weights[code]) * rate,
                group=group,
            )
    return {code: shares[code] for code in weights}


def _refuse_what_cannot_be(total: int, weights: dict[str, int], least: int, locked: dict[str, int]) -> None:
    if total < 0:
        raise NegativeTotal(total)
    if least < 0:
        raise NegativeLeast(least)
    for code, number in locked.items():
        if code not in weights:
            raise UnknownLock(code, number)
        if number < 0:
            raise NegativeLock(code, number)

    given, unlocked = sum(locked.values()), [code for code in weights if code not in locked]
    rest = total - given - least * len(unlocked)
    if given > total:
        raise LocksTooLarge(total, given)
    if rest < 0:
        raise MinimumsTooLarge(total, given, least, len(unlocked))
    if rest > 0 and not unlocked:
        raise NobodyUnlocked(total, given, rest)
    if rest > 0 and not any(weights[code] for code in unlocked):
        raise NoWeightAtAll(total, rest)


def _groups(codes, group_of) -> dict[str | None, list[str]]:
    """Kecamatan → its desa. One step over all is a split over one group, which has no name."""
    if group_of is None:
        return {None: list(codes)}
    ask = group_of.get if isinstance(group_of, Mapping) else group_of
    groups = {}
    for code in codes:
        group = ask(code)
        if group is None:
            raise NoGroup(code)
        groups.setdefault(group, []).append(code)
    return groups


def _split_over_groups(total, weights, groups, way, least, locked) -> dict[str | None, int]:
    must = {group: sum(locked.get(code, least) for code in codes) for group, codes in groups.items()}
    # Nobody in these could take one more: all others are locked or weigh nothing.
    settled = {
        group: must[group]
        for group, codes in groups.items()
        if not any(weights[code] for code in codes if code not in locked)
    }
    weight = {group: sum(weights[code] for code in groups[group]) for group in groups if group not in settled}
    seats, _ = spread(total - sum(settled.values()), weight, must, way)
    return settled | seats
