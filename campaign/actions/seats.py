"""Seats: taken by a guarded UPDATE, with a CHECK behind it; never over, never leaked."""

from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from campaign.actions.deeds import Claim
from campaign.actions.steps import known
from campaign.actions.transaction import Stale, run
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, Outcome, ServiceDay, Stage
from campaign.rules.journey import Status
from campaign.rules.refusals import CampaignNotOpen, DayFull, DayNotOpen, Locked, NotCounselled, NotYet

DAY, BOOKING = ServiceDay.__table__, Booking.__table__
HAS_ROOM = (DAY.c.id == bindparam("day_id"), DAY.c.taken < DAY.c.seats, ~DAY.c.is_cancelled)
TAKE = update(DAY).where(*HAS_ROOM).values(taken=DAY.c.taken + 1)
GIVE_BACK = update(DAY).where(DAY.c.id == bindparam("day_id"), DAY.c.taken > 0).values(taken=DAY.c.taken - 1)
BOOK = insert(BOOKING)
IS_AS_READ = (
    BOOKING.c.id == bindparam("row"),
    BOOKING.c.outcome.is_not_distinct_from(bindparam("was", type_=BOOKING.c.outcome.type)),
    BOOKING.c.holds_seat == bindparam("held"),
)
SETTLE = update(BOOKING).where(*IS_AS_READ)
SETTLE = SETTLE.values({name: bindparam(name) for name in ("outcome", "holds_seat", "arrived_at")})


def take_seat(day_id) -> None:
    """One seat less on this day. Raises DayFull when none is left."""
    if run(TAKE, day_id=day_id).rowcount == 0:
        raise DayFull


def give_back_seat(day_id) -> None:
    """One seat more. Raises Stale where nobody sits any more: somebody else gave this one back."""
    if run(GIVE_BACK, day_id=day_id).rowcount == 0:
        raise Stale


def open_booking(akseptor: Akseptor) -> Booking | None:
    """Her booking that is still to come or going on. Raises Stale where she must have one and it has just ended."""
    standing = select(Booking).where(Booking.akseptor_id == akseptor.id, Booking.outcome.is_(None))
    found = db.session.scalars(standing).first()
    if found is None and akseptor.status in (Status.BOOKED, Status.ATTENDED):
        raise Stale
    return found


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
    moves = [(day.id, take_seat)] + ([(old.service_day_id, give_back_seat)] if old else [])
    # Both days in the order of their ids, or two women who swap days wait for each other; of one day, first her own seat back.
    for day_id, act in sorted(moves, key=lambda move: (move[0], move[1] is take_seat)):
        act(day_id)
    if old:
        end(old, Outcome.MOVED, holds_seat=False)
    columns = {"id": uuid4(), "akseptor_id": akseptor.id, "service_day_id": day.id, "booked_at": deed.at}
    columns |= {"arrived_at": None, "outcome": None, "holds_seat": True}
    run(BOOK, **columns)
    return known(Booking(**columns))


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


def refuse_locked(campaign: Campaign, deed: Claim) -> None:
    """Results may be written a few days after the campaign's end, then they stand. Raises CampaignNotOpen, Locked."""
    if campaign.stage == Stage.DRAFT:
        raise CampaignNotOpen
    if campaign.is_locked(deed.at):
        raise Locked


def end(booking: Booking, outcome: Outcome, *, holds_seat: bool) -> None:
    """The booking is over. It goes on holding its seat where the seat was used, else the caller has given it back."""
    settle(booking, outcome=outcome, holds_seat=holds_seat)


def settle(booking: Booking, **columns) -> None:
    """Change a booking if it still is as it was read: a colleague may have moved or ended it meanwhile. Raises Stale."""
    now = {"outcome": booking.outcome, "holds_seat": booking.holds_seat, "arrived_at": booking.arrived_at} | columns
    if run(SETTLE, row=booking.id, was=booking.outcome, held=booking.holds_seat, **now).rowcount == 0:
        raise Stale
    for name, value in now.items():
        set_committed_value(booking, name, value)
