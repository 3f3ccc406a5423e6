"""A road: where one can stand, what can be done there, where it leads. The house has two: a woman's, and an invited person's."""

from dataclasses import dataclass
from enum import StrEnum

from campaign.rules.refusals import WrongStep


@dataclass(frozen=True)
class Road:
    """`ways` by kind of step: from where it may be taken, and where it leads. `correct` leads back from what is correctable."""

    ways: dict[StrEnum, tuple[frozenset, StrEnum | None]]
    correctable: frozenset
    correct: StrEnum

    def may(self, status: StrEnum | None, kind: StrEnum) -> bool:
        """Whether this step may be taken from where she stands."""
        return kind in self.ways and status in self.ways[kind][0]

    def lead(self, before: StrEnum | None, kind: StrEnum) -> StrEnum | None:
        """Where this step leads. Raises WrongStep where the road has no such way."""
        if not self.may(before, kind):
            raise WrongStep(before, kind)
        return self.ways[kind][1]

    def lead_back(self, last_kind: StrEnum, last_before: StrEnum | None, now: StrEnum | None) -> StrEnum:
        """Where correcting the last step leads: to where she stood before it. Raises WrongStep if it cannot be corrected.

        Correcting a correction leads forward again, so undoing an undo changes nothing.
        """
        if last_kind not in self.correctable or last_before is None:
            raise WrongStep(now, self.correct)
        return last_before
