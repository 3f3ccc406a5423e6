"""Gatherings: called together once or in a row, changed, cancelled. Who comes is written in `attending`."""

import os
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from campaign.actions.attending import refuse_over, touch
from campaign.actions.deeds import Claim, deed
from campaign.extensions import db
from campaign.models import Gathering, Kabupaten
from campaign.rules import codes

DOOR_BYTES = 5  # forty bits: eight symbols that can be read from a poster and typed


@deed("call_together")
def call_together(claim: Claim, *, kabupaten: Kabupaten, dates: list[date], **answers) -> Gathering:
    """A gathering on each of these dates; the first is the answer. `answers` as in `_columns`, but for the date."""
    series_id = uuid4() if len(dates) > 1 else None
    same = {"kabupaten_code": kabupaten.code, "zone": kabupaten.zone, "made_by_id": claim.by.id, "made_at": claim.at}
    made = [
        Gathering(
            id=uuid4(), door_code=_door_code(), series_id=series_id, **same, **_columns(on, kabupaten.zone, **answers)
        )
        for on in sorted(dates)
    ]
    db.session.add_all(made)
    db.session.flush()
    return made[0]


@deed("change_gathering")
def change_gathering(claim: Claim, gathering: Gathering, *, on: date, **answers) -> Gathering:
    """Another date, hour, place or anything else of it. Raises GatheringOver; HallFull for a hall smaller than who is in it."""
    refuse_over(gathering)
    columns = _columns(on, gathering.zone, **answers)
    touch(gathering, **columns)
    return gathering


@deed("cancel_gathering")
def cancel_gathering(claim: Claim, gathering: Gathering, *, why: str) -> Gathering:
    """It does not take place. The list stays as it is, its test is shut. Raises GatheringOver when it was cancelled before."""
    refuse_over(gathering)
    touch(gathering, is_cancelled=True, cancelled_why=why, open_quiz=None)
    return gathering


@deed("new_door_code")
def new_door_code(claim: Claim, gathering: Gathering) -> Gathering:
    """The code at the door went where it should not: it opens nothing any more, and there is another."""
    refuse_over(gathering)
    touch(gathering, door_code=_door_code())
    return gathering


def _columns(
    on: date, zone: str, *, starts_at: time, ends_at: time, open_before: int, late_after: int, **about
) -> dict:
    """`open_before` and `late_after` in minutes before and after the start. Sign-in shuts when it ends."""
    begins_at = datetime.combine(on, starts_at, ZoneInfo(zone))
    window = {
        "opens_at": begins_at - timedelta(minutes=open_before),
        "late_at": begins_at + timedelta(minutes=late_after),
        "closes_at": datetime.combine(on, ends_at, ZoneInfo(zone)),
    }
    return about | {"on": on, "starts_at": starts_at, "ends_at": ends_at} | window


def _door_code() -> str:
    return codes.spell(os.urandom(DOOR_BYTES))
