"""Asking whether a woman is known here tells something of others: it is written down, and has an end.

Twenty NIK in ten minutes are more than anybody takes down in a village, and too few to find out who takes part.
"""

from datetime import datetime, timedelta

from campaign.actions.keeping import log_access
from campaign.actions.transaction import now
from campaign.queries.registrations import looks
from campaign.rules.refusals import TooManyLooks, TooManyOpened

WITHIN = timedelta(minutes=10)
LIMITS = {"look_nik": 20, "look_name": 60}  # a name is asked about again at every pause in typing
# Records that are not hers: as many as somebody needs who does her work, too few to look at the neighbours.
OPENINGS = {"glass": 6, "known": 20}


def log_look(what: str, *, by, at: datetime | None = None) -> None:
    """Write down that she asks whether somebody is known. Raises TooManyLooks."""
    at = at or now()
    if looks(by.id, what, since=at - WITHIN) >= LIMITS[what]:
        raise TooManyLooks
    log_access(what, by=by, at=at)


def log_opening(what: str, *, by, akseptor_id=None, reason: str | None = None, at: datetime | None = None) -> None:
    """Write down that she opens a record outside her own days, before it is shown. Raises TooManyOpened."""
    at = at or now()
    if looks(by.id, what, since=at - WITHIN) >= OPENINGS[what]:
        raise TooManyOpened
    log_access(what, by=by, akseptor_id=akseptor_id, reason=reason, at=at)
