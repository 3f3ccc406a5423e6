"""Which lines of a register somebody has entered in SIGA: a tick that says who and when, and nothing more."""

from uuid import UUID

from sqlalchemy import update

from campaign.actions.deeds import Claim, deed
from campaign.extensions import db
from campaign.models import FollowUp, Service, ServicePoint


@deed("mark_siga")
def mark_siga(claim: Claim, faskes: ServicePoint, *, services: list[UUID], visits: list[UUID]):
    """These lines now stand in SIGA. Who ticked one first stays named; the caller has looked whose they are."""
    for table, ids in ((Service, services), (FollowUp, visits)):
        _set(table, ids, table.siga_at.is_(None), siga_at=claim.at, siga_by_id=claim.by.id)


@deed("unmark_siga")
def unmark_siga(claim: Claim, faskes: ServicePoint, *, services: list[UUID], visits: list[UUID]):
    """That was a mistake: these lines do not stand there yet."""
    for table, ids in ((Service, services), (FollowUp, visits)):
        _set(table, ids, siga_at=None, siga_by_id=None)


def _set(table, ids, *also, **columns) -> None:
    if ids:
        marked = update(table).where(table.id.in_(ids), table.undone_at.is_(None), *also).values(columns)
        db.session.execute(marked.execution_options(synchronize_session=False))
