"""What has to be said before a campaign may be opened, in the order it is asked; a draft carries proposals until then."""

from datetime import timedelta
from enum import StrEnum

from campaign.rules.methods import Method, Participant


class SetupStep(StrEnum):
    NAME = "nama"
    SPAN = "waktu"
    COUNT = "hitungan"
    HEADLINE = "target"
    POINTS = "tempat"


# Six weeks for a first campaign of implan and IUD: what the model campaign had.
SPAN = timedelta(days=43)
COUNTED_METHODS = (Method.IMPLAN_1, Method.IMPLAN_2, Method.IUD)
COUNTED_PARTICIPANTS = (Participant.BARU, Participant.KBPP)


def missing(settled) -> list[SetupStep]:
    """The steps nobody has taken yet."""
    return [step for step in SetupStep if step not in settled]


def promised_as(method: str) -> str:
    """Under which name a headline is promised: nobody promises rods, so both implan are one."""
    return Method.IMPLAN if method in (Method.IMPLAN_1, Method.IMPLAN_2) else Method(method)


def promises(counted_methods) -> list[str]:
    """What a headline may be made of, by the methods that count, in their order."""
    return list(dict.fromkeys(promised_as(method) for method in counted_methods))


def weeks(opens_on, closes_on) -> list[tuple]:
    """The weeks of a campaign, Monday to Sunday, cut at its ends: (first day, working days Monday to Saturday)."""
    found, first = [], opens_on
    while first <= closes_on:
        last = min(first + timedelta(days=6 - first.weekday()), closes_on)
        working = sum((first + timedelta(days=n)).weekday() != 6 for n in range((last - first).days + 1))
        found.append((first, working))
        first = last + timedelta(days=1)
    return found
