"""Who may do what: one table, on one screen. Where (scope) is in the queries."""

from enum import StrEnum


class Role(StrEnum):
    KADER = "kader"
    PLKB = "plkb"
    PUSKESMAS = "puskesmas"
    DPPKB = "dppkb"
    BUPATI = "bupati"


R = Role
EVERYBODY = frozenset(Role)
HAS_PIN = frozenset({R.KADER, R.PLKB})  # who works on a phone, with a PIN for that phone

MAY: dict[str, frozenset[Role]] = {
    # what is done
    "register": frozenset({R.KADER, R.PLKB}),
    "walk_in": frozenset({R.PUSKESMAS}),
    "book": frozenset({R.KADER, R.PLKB, R.PUSKESMAS}),
    "cancel": frozenset({R.KADER, R.PLKB, R.PUSKESMAS}),
    "attend": frozenset({R.PUSKESMAS}),
    "serve": frozenset({R.PUSKESMAS}),
    "defer": frozenset({R.PUSKESMAS}),
    "refer": frozenset({R.PUSKESMAS}),
    "answer_referral": frozenset({R.PUSKESMAS}),
    "miss": frozenset({R.PUSKESMAS}),
    "close_day": frozenset({R.PUSKESMAS}),
    "wait": frozenset({R.KADER, R.PLKB, R.PUSKESMAS}),
    "tell": frozenset({R.KADER, R.PLKB}),
    "find": frozenset({R.PUSKESMAS}),
    "opened": frozenset({R.PUSKESMAS, R.DPPKB}),
    "follow_up": frozenset({R.KADER, R.PLKB, R.PUSKESMAS}),
    "stock": frozenset({R.PUSKESMAS, R.DPPKB}),
    "correct": frozenset({R.PUSKESMAS, R.DPPKB}),
    "withdraw": frozenset({R.KADER, R.PLKB, R.PUSKESMAS}),
    "counsel": frozenset({R.KADER, R.PLKB, R.PUSKESMAS}),
    "propose_transfer": frozenset({R.PLKB}),
    "decide_transfer": frozenset({R.DPPKB}),
    "merge": frozenset({R.DPPKB}),
    "not_same": frozenset({R.PLKB, R.DPPKB}),
    "paper": frozenset({R.KADER, R.PLKB}),
    "enter_nik": frozenset({R.KADER, R.PLKB, R.PUSKESMAS}),
    "service_days": frozenset({R.PUSKESMAS, R.DPPKB}),
    "campaign": frozenset({R.DPPKB}),
    "people": frozenset({R.DPPKB}),
    "import": frozenset({R.DPPKB}),
    "reset_kader": frozenset({R.PLKB, R.DPPKB}),
    "recount": frozenset({R.DPPKB}),
    # what is looked at
    "akseptor_list": frozenset({R.KADER, R.PLKB}),
    "supervise": frozenset({R.PLKB}),
    "day_sheet": frozenset({R.PUSKESMAS, R.DPPKB}),
    "registers": frozenset({R.PUSKESMAS, R.DPPKB}),
    "register_lines": frozenset({R.PUSKESMAS}),  # with names and NIK: her own puskesmas's
    "after_plan": frozenset({R.DPPKB}),
    "completeness": frozenset({R.PUSKESMAS, R.DPPKB}),
    "board": EVERYBODY,
    "whole_board": EVERYBODY - {R.KADER},  # beyond her own desa
    "day_by_desa": frozenset({R.PLKB, R.PUSKESMAS, R.DPPKB}),  # how many of which day in which desa
    "make_digest": frozenset({R.DPPKB, R.BUPATI}),
    # gatherings
    "gathering": frozenset({R.DPPKB, R.PLKB}),  # call people together; what becomes of it
    "questions": frozenset({R.DPPKB}),  # the bank tests are made of
    "desk": frozenset({R.DPPKB, R.PLKB}),  # write down who has come
    "come": EVERYBODY,  # to what one is invited to
    "turnout": EVERYBODY - {R.KADER},  # how many have come, from where
    "own_account": EVERYBODY,
}

# Which door is whose: a room's views are for these roles, whatever deed they do.
ROOMS: dict[str, frozenset[Role]] = {
    "kader": frozenset({R.KADER, R.PLKB}),  # her PLKB works there too, for the desa he looks after
    "plkb": frozenset({R.PLKB}),
    "puskesmas": frozenset({R.PUSKESMAS, R.DPPKB}),
    "dppkb": frozenset({R.DPPKB}),
    "board": EVERYBODY,
    "gathering": frozenset({R.DPPKB, R.PLKB}),
    "coming": EVERYBODY,
    "sign_in": EVERYBODY,
    "account": EVERYBODY,
}


def may(role: Role, deed: str) -> bool:
    """Whether this role does this deed at all. Raises KeyError for a deed the table does not know."""
    return role in MAY[deed]


def who_may(deed: str, room: str) -> frozenset[Role]:
    """The roles that may do this deed in this room. Raises KeyError for an unknown deed or room."""
    return MAY[deed] & ROOMS[room]
