"""What was learned: how many somebody had right before and after, which question was hard, and plain text to read."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

FEWEST_CHOICES, MOST_CHOICES = 2, 5
MOST_QUESTIONS = 40  # more than that is no test on a phone


def correct(chosen: Mapping[str, int], right: Mapping[str, int]) -> int:
    """How many of these questions were answered right."""
    return sum(chosen.get(question) == choice for question, choice in right.items())


@dataclass(frozen=True)
class Mark:
    """So many right of so many."""

    right: int
    of: int

    @property
    def points(self) -> Fraction:
        """From 0 to 100, exact."""
        return Fraction(100 * self.right, self.of) if self.of else Fraction(0)


def mean(values: Iterable[Fraction]) -> Fraction | None:
    """The average, exact; of nobody none."""
    values = list(values)
    return sum(values, Fraction(0)) / len(values) if values else None


@dataclass(frozen=True)
class Learned:
    """The averages of a gathering, each with how many people it is of. `change` is of those who did both parts."""

    pre: Fraction | None
    pre_of: int
    post: Fraction | None
    post_of: int
    change: Fraction | None
    both: int


def learned(pre: Mapping[Hashable, Mark], post: Mapping[Hashable, Mark]) -> Learned:
    """Marks by person, before and after. Who did one part only is in that part's average and in no change."""
    both = [post[who].points - pre[who].points for who in pre if who in post]
    averages = [mean(mark.points for mark in part.values()) for part in (pre, post)]
    return Learned(averages[0], len(pre), averages[1], len(post), mean(both), len(both))


@dataclass(frozen=True)
class Asked:
    """How one question was answered in one part. `mistake` is the wrong choice most made, if any was; the first of equals."""

    right: int
    of: int
    mistake: int | None

    @property
    def points(self) -> Fraction:
        return Mark(self.right, self.of).points


def asked(question: str, right: int, answered: Iterable[Mapping[str, int]]) -> Asked:
    """Counts the answers to one question; who was not asked it is not counted."""
    chosen = Counter(answers[question] for answers in answered if question in answers)
    wrong = [(-number, choice) for choice, number in chosen.items() if choice != right]
    return Asked(chosen[right], chosen.total(), min(wrong)[1] if wrong else None)


def blocks(text: str) -> list[tuple[bool, Sequence[str]]]:
    """Plain text as (is it a list?, its lines): lines beginning with “- ” are a list, others paragraphs; an empty line parts."""
    told: list[tuple[bool, list[str]]] = []
    is_open = False
    for line in (line.strip() for line in text.splitlines()):
        is_bullet = line.startswith("- ")
        if not line:
            is_open = False
            continue
        if not is_open or told[-1][0] != is_bullet:
            told.append((is_bullet, []))
        told[-1][1].append(line.removeprefix("- ").strip() if is_bullet else line)
        is_open = True
    return told
