"""Who waits for a seat, what her kader must tell her, and which days the clock should look at."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, Notice, ServiceDay, Waiting
from campaign.queries import scope
from campaign.rules.journey import Status

MOST = 60  # of anything on top of a kader's list


class Waits(NamedTuple):
    """She waits for this day, and so many wait longer."""

    akseptor: Akseptor
    day: ServiceDay
    since: datetime
    before: int


def waits_of(akseptor: Akseptor) -> dict[UUID, Waiting]:
    """The days she waits for, by their ids."""
    hers = select(Waiting).where(Waiting.akseptor_id == akseptor.id, Waiting.ended_at.is_(None))
    return {waiting.service_day_id: waiting for waiting in db.session.scalars(hers)}


def her_waiting(campaign: Campaign, *, seen_by, today) -> list[Waits]:
    """The women on her list who wait for a seat, soonest day first."""
    hers = (Akseptor.campaign_id == campaign.id, scope.akseptor_of(seen_by, today=today))
    found = select(Waiting).join(Akseptor).join(ServiceDay, ServiceDay.id == Waiting.service_day_id)
    found = found.where(*hers, Waiting.ended_at.is_(None), ServiceDay.on >= today, ~ServiceDay.is_cancelled)
    found = found.options(
        joinedload(Waiting.akseptor), joinedload(Waiting.service_day).joinedload(ServiceDay.service_point)
    )
    rows = list(db.session.scalars(found.order_by(ServiceDay.on, Waiting.since).limit(MOST)))
    lines = {day_id: [] for day_id in {row.service_day_id for row in rows}}
    for waiting in _standing(list(lines)):
        lines[waiting.service_day_id].append(waiting.id)
    return [Waits(row.akseptor, row.service_day, row.since, lines[row.service_day_id].index(row.id)) for row in rows]


def line_of(day: ServiceDay) -> list[Waiting]:
    """Who waits for this day, who has waited longest first."""
    return list(db.session.scalars(_in_line([day.id]).options(joinedload(Waiting.akseptor).joinedload(Akseptor.desa))))


def _standing(day_ids: list[UUID]) -> list[Waiting]:
    return list(db.session.scalars(_in_line(day_ids)))


def _in_line(day_ids: list[UUID]):
    standing = select(Waiting).where(Waiting.service_day_id.in_(day_ids), Waiting.ended_at.is_(None))
    return standing.order_by(Waiting.since, Waiting.id)


def untold(campaign: Campaign, *, seen_by, today) -> list[Notice]:
    """What she has not told the women on her list yet, oldest first."""
    hers = (Akseptor.campaign_id == campaign.id, scope.akseptor_of(seen_by, today=today))
    found = select(Notice).join(Akseptor).where(*hers, Notice.told_at.is_(None))
    day = joinedload(Notice.service_day).joinedload(ServiceDay.service_point)
    found = found.options(joinedload(Notice.akseptor).joinedload(Akseptor.desa), day)
    return list(db.session.scalars(found.order_by(Notice.at, Notice.id).limit(MOST)))


def notice(notice_id: UUID, *, seen_by, today) -> Notice:
    """One of those about the women on her list, told or not. Raises NoSuch."""
    hers = select(Notice).join(Akseptor).where(Notice.id == notice_id, scope.akseptor_of(seen_by, today=today))
    return scope.one(hers.options(joinedload(Notice.akseptor)))


def days_to_let_go(at: datetime) -> list[ServiceDay]:
    """Days with a seat nobody said yes to in time, and those that are over and still have a line."""
    unanswered = (
        select(Booking.service_day_id)
        .join(Akseptor)
        .where(Booking.held_until <= at, Booking.outcome.is_(None), Akseptor.status == Status.BOOKED)
    )
    lines = select(Waiting.service_day_id).where(Waiting.ended_at.is_(None))
    tomorrow = at.date() + timedelta(days=1)  # the easternmost zone is at most one date ahead of UTC
    over = ServiceDay.id.in_(lines) & or_(ServiceDay.on < tomorrow, ServiceDay.is_cancelled)
    days = select(ServiceDay).where(ServiceDay.id.in_(unanswered) | over).options(joinedload(ServiceDay.campaign))
    late = set(db.session.scalars(unanswered))
    found = db.session.scalars(days.order_by(ServiceDay.on, ServiceDay.id))
    return [day for day in found if day.id in late or day.is_cancelled or day.on < day.campaign.day_of(at)]
