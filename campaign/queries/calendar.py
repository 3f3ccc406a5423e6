"""The dates nobody serves on."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Blackout, ServiceDay, ServicePoint
from campaign.queries import scope
from campaign.rules.roles import Role


def blackout_list(*, seen_by, today: date) -> list[Blackout]:
    """Those of the whole kabupaten and of her own puskesmas, from today on; the office sees everybody's."""
    coming = select(Blackout).where(Blackout.kabupaten_code == seen_by.kabupaten_code, Blackout.on >= today)
    if seen_by.role != Role.DPPKB:
        coming = coming.where(Blackout.puskesmas_id.is_(None) | (Blackout.puskesmas_id == seen_by.service_point_id))
    return list(db.session.scalars(coming.options(joinedload(Blackout.puskesmas)).order_by(Blackout.on, Blackout.id)))


def blackout(blackout_id: UUID, *, seen_by) -> Blackout:
    """One she may take away: the office any, a puskesmas its own. Raises NoSuch."""
    mine = select(Blackout).where(Blackout.id == blackout_id, Blackout.kabupaten_code == seen_by.kabupaten_code)
    if seen_by.role != Role.DPPKB:
        mine = mine.where(Blackout.puskesmas_id == seen_by.service_point_id)
    return scope.one(mine)


def open_on_blackouts(*, seen_by, today: date) -> list[ServiceDay]:
    """Days at her points that are open although nobody serves on that date there: to be moved or cancelled by hand."""
    puskesmas_id = ServicePoint.induk_id.is_(None) & (Blackout.puskesmas_id == ServicePoint.id)
    off = Blackout.puskesmas_id.is_(None) | (Blackout.puskesmas_id == ServicePoint.induk_id) | puskesmas_id
    here = (Blackout.kabupaten_code == ServicePoint.kabupaten_code) & off & (Blackout.on == ServiceDay.on)
    open_days = select(ServiceDay).join(ServicePoint, ServicePoint.id == ServiceDay.service_point_id)
    open_days = open_days.where(select(Blackout.id).where(here).exists(), scope.days_of(seen_by))
    open_days = open_days.where(ServiceDay.on >= today, ~ServiceDay.is_cancelled)
    found = open_days.options(joinedload(ServiceDay.service_point)).order_by(ServiceDay.on, ServiceDay.id)
    return list(db.session.scalars(found))
