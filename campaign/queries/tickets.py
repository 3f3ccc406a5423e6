"""Tickets: a booking's code, and the booking a code stands for. Nothing is stored, so a ticket dies with its booking."""

from datetime import date
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, ServiceDay
from campaign.queries import scope
from campaign.rules import codes
from campaign.rules.refusals import NoSuch
from campaign.sealed import keys

MOST = 60  # tickets printed at once: fifteen sheets


def ticket_code(booking: Booking) -> str:
    """What her ticket says: which booking, and that it is ours. Raises CannotOpen without the key file."""
    return codes.spell(booking.id.bytes + keys.ticket_mark(booking.id))


def ticket(code: str, *, seen_by) -> Booking:
    """The booking this ticket is for, over or not. Raises NoSuch: mistyped, forged and somebody else's day look the same."""
    try:
        data = codes.read(code)
    except ValueError:
        raise NoSuch from None
    booking_id = UUID(bytes=data[:16])
    if not compare_digest(data[16:], keys.ticket_mark(booking_id)):
        raise NoSuch
    mine = select(Booking).join(ServiceDay).where(Booking.id == booking_id, scope.days_of(seen_by))
    day, her = joinedload(Booking.service_day), joinedload(Booking.akseptor)
    mine = mine.options(day.joinedload(ServiceDay.campaign), day.joinedload(ServiceDay.service_point))
    return scope.one(mine.options(her.joinedload(Akseptor.desa)))


def tickets(campaign: Campaign, *, seen_by, today: date) -> list[Booking]:
    """The bookings still to come of the women on her list, soonest first: to print on one sheet."""
    hers = (Akseptor.campaign_id == campaign.id, scope.akseptor_of(seen_by, today=today))
    coming = select(Booking).join(Akseptor).join(ServiceDay, ServiceDay.id == Booking.service_day_id)
    coming = coming.where(*hers, Booking.outcome.is_(None), ServiceDay.on >= today)
    day, her = joinedload(Booking.service_day), joinedload(Booking.akseptor)
    coming = coming.options(day.joinedload(ServiceDay.service_point), her)
    return list(db.session.scalars(coming.order_by(ServiceDay.on, ServiceDay.starts_at, Akseptor.name).limit(MOST)))
