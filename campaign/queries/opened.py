"""Who opened whose record outside her own days, when and why: seen by herself, by her head, and by those who manage DPPKB."""

from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import AccessLog, Akseptor, Person, ServicePoint
from campaign.rules.roles import Role

# What counts: asked for by NIK with a reason, also where it was nobody's; a ticket outside its day; known by NIK at the counter.
GLASS, KNOWN = "glass", "known"
LISTED = (GLASS, KNOWN)
MOST = 200


class Opened(NamedTuple):
    """One line of the list. `akseptor` is none where the NIK was nobody's."""

    log: AccessLog
    who: Person
    point: ServicePoint | None
    akseptor: Akseptor | None


def _hers(by):
    own = AccessLog.by_id == by.id
    if by.role == Role.DPPKB and by.is_admin:
        return or_(own, Person.kabupaten_code == by.kabupaten_code)
    if by.role == Role.PUSKESMAS and by.is_head:
        puskesmas = func.coalesce(ServicePoint.induk_id, ServicePoint.id)
        mine = select(puskesmas).where(ServicePoint.id == by.service_point_id).scalar_subquery()
        return or_(own, puskesmas == mine)
    return own


def opened_list(*, seen_by) -> list[Opened]:
    """The newest openings she may see."""
    rows = (
        select(AccessLog, Person, ServicePoint, Akseptor)
        .join(Person, Person.id == AccessLog.by_id)
        .outerjoin(ServicePoint, ServicePoint.id == Person.service_point_id)
        .outerjoin(Akseptor, Akseptor.id == AccessLog.akseptor_id)
        .where(AccessLog.what.in_(LISTED), _hers(seen_by))
        .options(joinedload(Akseptor.desa))
        .order_by(AccessLog.id.desc())
        .limit(MOST)
    )
    return [Opened(*row) for row in db.session.execute(rows)]


def last_opened(*, seen_by) -> int:
    """The number of the newest opening she may see: has anything happened since?"""
    newest = select(func.max(AccessLog.id)).join(Person, Person.id == AccessLog.by_id)
    newest = newest.outerjoin(ServicePoint, ServicePoint.id == Person.service_point_id)
    return db.session.scalar(newest.where(AccessLog.what.in_(LISTED), _hers(seen_by))) or 0
