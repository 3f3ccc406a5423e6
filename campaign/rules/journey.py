"""The road one woman walks in one campaign: where she can stand, what can be done there, where it leads."""

from enum import StrEnum

from campaign.rules.road import Road


class Status(StrEnum):
    """Where a calon akseptor stands."""

    REGISTERED = "registered"
    BOOKED = "booked"
    ATTENDED = "attended"
    SERVED = "served"
    DEFERRED = "deferred"
    REFERRED = "referred"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What was done to move her."""

    REGISTER = "register"
    BOOK = "book"
    CANCEL = "cancel"
    ATTEND = "attend"
    SERVE = "serve"
    DEFER = "defer"
    REFER = "refer"
    MISS = "miss"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    RETRACT = "retract"
    TRANSFER = "transfer"
    MERGE = "merge"
    UNMERGE = "unmerge"


S = Status
UNDERWAY = frozenset(Status) - {S.SERVED, S.WITHDRAWN}
MOVABLE = UNDERWAY | {S.SERVED}  # to another desa: who does not take part any more is nobody's to look after
START = None  # also where a woman stands whose import was undone: she is in no list and no count

ROAD: dict[Kind, tuple[frozenset[Status | None], Status | None]] = {
    # A woman who withdrew may come back, with new consent, like anybody else.
    Kind.REGISTER: (frozenset({START, S.WITHDRAWN}), S.REGISTERED),
    # From BOOKED this is a move to another day; from REFERRED it is the hospital's day.
    Kind.BOOK: (frozenset({S.REGISTERED, S.BOOKED, S.DEFERRED, S.NO_SHOW, S.REFERRED}), S.BOOKED),
    # The booking ends, she does not: she is on her kader's list again.
    Kind.CANCEL: (frozenset({S.BOOKED}), S.REGISTERED),
    Kind.ATTEND: (frozenset({S.BOOKED}), S.ATTENDED),
    Kind.SERVE: (frozenset({S.ATTENDED}), S.SERVED),
    Kind.DEFER: (frozenset({S.ATTENDED, S.BOOKED}), S.DEFERRED),
    Kind.REFER: (frozenset({S.ATTENDED}), S.REFERRED),
    # From ATTENDED she went home unserved.
    Kind.MISS: (frozenset({S.BOOKED, S.ATTENDED}), S.NO_SHOW),
    Kind.WITHDRAW: (
        frozenset({S.REGISTERED, S.BOOKED, S.ATTENDED, S.DEFERRED, S.NO_SHOW, S.REFERRED}),
        S.WITHDRAWN,
    ),
    # Two records of one woman become one: the other stands nowhere, until somebody says they were two women after all.
    Kind.MERGE: (frozenset({S.REGISTERED, S.DEFERRED, S.NO_SHOW, S.REFERRED, S.WITHDRAWN}), START),
    # An import that was a mistake is undone, for those nobody has done anything with since.
    Kind.RETRACT: (frozenset({S.REGISTERED}), START),
}

# TRANSFER (to another desa) leaves her where she stands, UNMERGE leads back to where she stood: neither has a way of its own.
# These stand in the ledger and are no step on the road: what was done last with her is the line before.
BESIDE = frozenset({Kind.TRANSFER, Kind.MERGE, Kind.UNMERGE})

# What the puskesmas writes down on the day, and may mend. A booking is mended by booking again, a registration by withdrawing.
CORRECTABLE = frozenset({Kind.ATTEND, Kind.SERVE, Kind.DEFER, Kind.REFER, Kind.MISS, Kind.CORRECT})


JOURNEY = Road(ROAD, CORRECTABLE, Kind.CORRECT)
may, lead, lead_back = JOURNEY.may, JOURNEY.lead, JOURNEY.lead_back
