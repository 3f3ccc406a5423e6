"""Whether a gathering was followed by more: the same number of whole days before and after it, in three groups of kader.

It compares changes, not levels: who comes is often the more active already. Even so it proves nothing, and the page says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

MOST_DAYS = 30
FEW = 5  # of fewer kader no percentage is told: one of them would be a fifth of it


class Side(StrEnum):
    """Which kader: who came herself, who was invited and did not, and all others of the kabupaten."""

    CAME = "came"
    STAYED_AWAY = "stayed_away"
    NOT_INVITED = "not_invited"


@dataclass(frozen=True)
class Spans:
    """Two spans of `days` whole days each, first and last day included. The day of the gathering lies in neither."""

    on: date
    days: int

    @property
    def before(self) -> tuple[date, date]:
        return self.on - timedelta(days=self.days), self.on - timedelta(days=1)

    @property
    def after(self) -> tuple[date, date]:
        return self.on + timedelta(days=1), self.on + timedelta(days=self.days)

    @property
    def is_short(self) -> bool:
        """Whether less than the usual time has passed, so that both were cut alike."""
        return self.days < MOST_DAYS


def spans(on: date, today: date) -> Spans | None:
    """As many days as are over, today not among them: it still goes on. None where not one whole day has passed."""
    days = min(MOST_DAYS, (today - on).days - 1)
    return Spans(on, days) if days > 0 else None


@dataclass(frozen=True)
class Change:
    """How often something was done by a group of so many kader, before and after."""

    kader: int
    before: int
    after: int

    def per_ten(self, count: int) -> Fraction | None:
        """For ten kader, so that groups of different size can be compared. Of nobody none."""
        return Fraction(10 * count, self.kader) if self.kader else None

    @property
    def per_kader(self) -> tuple[Fraction | None, Fraction | None]:
        """Before and after, for one kader."""
        return tuple(Fraction(count, self.kader) if self.kader else None for count in (self.before, self.after))

    @property
    def change(self) -> Fraction | None:
        """More or fewer than before, for ten kader."""
        return self.per_ten(self.after - self.before)

    @property
    def percent(self) -> Fraction | None:
        """By how much of before; never told of few kader, nor of a beginning with nothing."""
        if self.kader < FEW or not self.before:
            return None
        return Fraction(100 * (self.after - self.before), self.before)

    @property
    def is_small(self) -> bool:
        return self.kader < FEW


def difference(of: Change, against: Change) -> Fraction | None:
    """How much more one group changed than the other, for ten kader; None where one of them is empty."""
    if of.change is None or against.change is None:
        return None
    return of.change - against.change


def may_be_chance(of: Change, against: Change) -> bool:
    """Whether two groups that do alike would differ so much by chance alone, about one time in twenty or more often.

    Things that happen independently of each other scatter by the root of their number (Poisson); what happens on the same day
    in the same desa scatters more. So this is the least doubt there is: a difference beyond it is still no proof.
    """
    scatter = sum(Fraction(100 * (each.before + each.after), each.kader**2) for each in (of, against))
    return difference(of, against) ** 2 < 4 * scatter
