"""Seats: taken by a guarded UPDATE, with a CHECK behind it; never over, never leaked."""

from sqlalchemy import insert, select, update

from campaign.actions.deeds import Claim
from campaign.actions.steps import UNSYNCHRONIZED
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, Outcome, ServiceDay, Stage
from campaign.rules.refusals import CampaignNotOpen, DayFull, DayNotOpen, NotCounselled, NotYet


def take_seat(day_id) -> None:
    """One seat less on this day. Raises DayFull when none is left."""
    has_room = (ServiceDay.id == day_id, ServiceDay.taken < ServiceDay.seats, ~ServiceDay.is_cancelled)
    taken = update(ServiceDay).where(*has_room).values(taken=ServiceDay.taken + 1)
    if db.session.execute(taken, execution_options=UNSYNCHRONIZED).rowcount == 0:
        raise DayFull


def give_back_seat(day_id) -> None:
    given = update(ServiceDay).where(ServiceDay.id == day_id).values(taken=ServiceDay.taken - 1)
    db.session.execute(given, execution_options=UNSYNCHRONIZED)


def open_booking(akseptor: Akseptor) -> Booking | None:
    """Her booking that is still to come or going on."""
    return db.session.scalars(select(Booking).where(Booking.akseptor_id == akseptor.id, Booking.outcome.is_(None))).first()


def day_of_service(akseptor: Akseptor) -> Booking:
    """Her last booking that was not cancelled or moved: the one whose outcome a correction is about."""
    hers = select(Booking).where(
        Booking.akseptor_id == akseptor.id,
        Booking.outcome.is_distinct_from(Outcome.CANCELLED),
        Booking.outcome.is_distinct_from(Outcome.MOVED),
    )
    return db.session.scalars(hers.order_by(Booking.booked_at.desc()).limit(1)).one()


def hold(akseptor: Akseptor, day: ServiceDay, *, deed: Claim) -> Booking:
    """Give her a seat on this day; a seat she holds on another day is given back in the same breath.

    Raises NotCounselled, NotYet, DayNotOpen, CampaignNotOpen, DayFull.
    """
    if not akseptor.is_counselled:
        raise NotCounselled
    refuse_day_not_open(akseptor, day, deed)
    old = open_booking(akseptor)
    # Both days in the order of their ids, or two women who swap days wait for each other.
    for day_id, act in sorted([(day.id, take_seat)] + ([(old.service_day_id, give_back_seat)] if old else [])):
        act(day_id)
    if old:
        end(old, Outcome.MOVED, holds_seat=False)
    return db.session.scalars(
        insert(Booking).values(akseptor_id=akseptor.id, service_day_id=day.id, booked_at=deed.at).returning(Booking)
    ).one()


def refuse_day_not_open(akseptor: Akseptor, day: ServiceDay, deed: Claim) -> None:
    campaign = akseptor.campaign
    refuse_closed(campaign, deed)
    if day.campaign_id != campaign.id or day.is_cancelled or day.on < campaign.day_of(deed.at):
        raise DayNotOpen
    if akseptor.deferred_until and day.on < akseptor.deferred_until:
        raise NotYet(akseptor.deferred_until)


def refuse_closed(campaign: Campaign, deed: Claim) -> None:
    """Recruiting and booking end with the campaign's last day. Raises CampaignNotOpen."""
    if campaign.stage != Stage.OPEN or campaign.day_of(deed.at) > campaign.closes_on:
        raise CampaignNotOpen


def end(booking: Booking, outcome: Outcome, *, holds_seat: bool) -> None:
    """The booking is over. It goes on holding its seat where the seat was used, else the caller has given it back."""
    settle(booking, outcome=outcome, holds_seat=holds_seat)


def settle(booking: Booking, **columns) -> None:
    changed = update(Booking).where(Booking.id == booking.id).values(columns)
    db.session.execute(changed, execution_options=UNSYNCHRONIZED)
    db.session.refresh(booking)
