"""The second, shorter road: somebody is invited to a gathering and comes, comes late, is excused, is represented, or stays away."""

from datetime import datetime, timedelta
from enum import StrEnum

from campaign.rules.road import Road


class Attendance(StrEnum):
    """Where an invited person stands."""

    INVITED = "invited"
    CAME = "came"
    LATE = "late"
    EXCUSED = "excused"
    ABSENT = "absent"
    REPRESENTED = "represented"


class Entry(StrEnum):
    """What was written on the attendance list."""

    INVITE = "invite"
    COME = "come"
    COME_LATE = "come_late"
    REPRESENT = "represent"
    EXCUSE = "excuse"
    MISS = "miss"
    STRIKE = "strike"
    CORRECT = "correct"


A = Attendance
START = None  # also where somebody stands whose invitation was taken back: on no list and in no count
HERE = frozenset({A.CAME, A.LATE})
IN_THE_HALL = HERE | {A.REPRESENTED}  # who takes a chair
AWAITED = frozenset({A.INVITED, A.EXCUSED})  # who said she cannot may come after all
# Who was written down as absent may have been there: her phone had no line, or the paper list is keyed in later.
MAY_COME = AWAITED | {A.ABSENT}

ROAD: dict[Entry, tuple[frozenset[Attendance | None], Attendance | None]] = {
    Entry.INVITE: (frozenset({START}), A.INVITED),
    Entry.COME: (MAY_COME, A.CAME),
    Entry.COME_LATE: (MAY_COME, A.LATE),
    Entry.REPRESENT: (MAY_COME, A.REPRESENTED),
    Entry.EXCUSE: (frozenset({A.INVITED, A.ABSENT}), A.EXCUSED),  # the word may come after the list was closed
    Entry.MISS: (frozenset({A.INVITED}), A.ABSENT),
    Entry.STRIKE: (AWAITED, START),
}
CORRECTABLE = frozenset(Entry) - {Entry.INVITE, Entry.STRIKE}
ATTENDING = Road(ROAD, CORRECTABLE, Entry.CORRECT)

CLAIM_LASTS = timedelta(hours=24)  # how long a phone without a line may keep that somebody came


def arrival(at: datetime, late_at: datetime) -> Entry:
    """Coming at this moment: in time, or late."""
    return Entry.COME if at < late_at else Entry.COME_LATE


def came_at(told: datetime | None, received: datetime, opens_at: datetime, closes_at: datetime) -> datetime | None:
    """When she came, or None when sign-in was not open then.

    `told` is the phone's moment, put right by how far its clock is off: it is believed within the window and for a day, since a
    weak line must make nobody late. Otherwise the server's own clock decides.
    """
    if told is not None and opens_at <= told <= min(received, closes_at) and received - told <= CLAIM_LASTS:
        return told
    return received if opens_at <= received <= closes_at else None
