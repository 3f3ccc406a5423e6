"""Somebody stands at the counter with a ticket: may she go on, was she here before, is she here on the wrong day."""

from enum import StrEnum

from campaign.rules.journey import Status

SHORTEST = 4  # symbols of a ticket that are enough among one day's: the row code of the printed list


class Arrival(StrEnum):
    GO = "go"  # expected today, and now she is here
    HERE = "here"  # was written down before: the same ticket twice, or a colleague's
    SERVED = "served"
    DONE = "done"  # came today, and it ended otherwise: deferred, referred, went home
    OTHER_DAY = "other_day"
    DEAD = "dead"  # moved, cancelled: the booking behind the ticket is no more
    UNKNOWN = "unknown"


def arrival(status: Status | None, *, is_over: bool, stands: bool, is_today: bool) -> Arrival:
    """What to say of a ticket. `is_over`: its booking has an outcome; `stands`: it was neither moved nor cancelled."""
    if status == Status.SERVED:
        return Arrival.SERVED
    if not stands:
        return Arrival.DEAD
    if not is_today:
        return Arrival.OTHER_DAY
    if is_over:
        return Arrival.DONE
    return Arrival.HERE if status == Status.ATTENDED else Arrival.GO
