"""Who was referred to our places and waits for an answer, and what became of those we sent on."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, Referral, ServiceDay, ServicePoint
from campaign.queries import scope
from campaign.rules.journey import Status
from campaign.rules.referrals import RETURNED

MOST = 100


def referral(referral_id: UUID, *, seen_by) -> Referral:
    """One that was sent to her place. Raises NoSuch."""
    to_us = (Referral.id == referral_id, Referral.to_point_id.in_(_points(seen_by)))
    return scope.one(_with_all(select(Referral).where(*to_us)))


def referred_to_us(campaign: Campaign, *, seen_by) -> list[Referral]:
    """Who still waits for our answer, longest first."""
    waiting = (Referral.to_point_id.in_(_points(seen_by)), Referral.answer.is_(None))
    waiting += (Akseptor.campaign_id == campaign.id, Akseptor.status == Status.REFERRED)
    return list(db.session.scalars(_with_all(select(Referral).join(Akseptor).where(*waiting)).order_by(Referral.at)))


def referred_by_us(campaign: Campaign, *, seen_by) -> list[Referral]:
    """Whom we sent on, newest first, and what was answered."""
    ours = select(Referral).join(Akseptor).join(Booking, Booking.id == Referral.booking_id).join(ServiceDay)
    ours = ours.where(Akseptor.campaign_id == campaign.id, scope.days_of(seen_by))
    return list(db.session.scalars(_with_all(ours).order_by(Referral.at.desc()).limit(MOST)))


def referral_of(akseptor: Akseptor) -> Referral | None:
    """Where a woman who is referred was sent; none of anybody else."""
    if akseptor.status != Status.REFERRED:
        return None
    hers = select(Referral).where(Referral.akseptor_id == akseptor.id).options(joinedload(Referral.to_point))
    return db.session.scalars(hers.order_by(Referral.at.desc()).limit(1)).first()


def sent_back():
    """Condition: her last referral was answered with no, so that she may be booked where she came from."""
    last = select(Referral.answer).where(Referral.akseptor_id == Akseptor.id).order_by(Referral.at.desc()).limit(1)
    return (Akseptor.status == Status.REFERRED) & (last.scalar_subquery() == RETURNED)


def _points(seen_by):
    return select(ServicePoint.id).where(scope.points_of(seen_by))


def _with_all(rows):
    her, origin = joinedload(Referral.akseptor), joinedload(Referral.booking).joinedload(Booking.service_day)
    rows = rows.options(her.joinedload(Akseptor.desa), her.joinedload(Akseptor.campaign), joinedload(Referral.to_point))
    return rows.options(origin.joinedload(ServiceDay.service_point))
