"""Who waits for a day that is full. A seat that frees goes to the one who has waited longest and fits, in the same transaction.

Whatever deed gave a seat back: `move_up` is the last part of every deed. Once a day has begun nobody moves up; what frees then
is for those who stand at the counter.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import contains_eager, joinedload

from campaign.actions import notices, seats, steps
from campaign.actions.deeds import Claim, at_the_end, deed, dialect, upsert
from campaign.actions.transaction import run
from campaign.extensions import db
from campaign.models import Akseptor, Booking, NoticeKind, Outcome, ServiceDay, Stage, Waiting
from campaign.rules.holding import held_until
from campaign.rules.journey import ROAD, Kind, Status, lead
from campaign.rules.refusals import DayHasRoom, DayNotOpen, HasSeat, NotCounselled, SeatLapsed

MAY_WAIT = ROAD[Kind.BOOK][0] - {Status.BOOKED}
A_MOMENT = timedelta(microseconds=1)
UNANSWERED = "tidak_dijawab"  # why a seat that was held is free again, as the ledger says it
BOOKING = Booking.__table__
CONFIRM = update(BOOKING).values(held_until=None).where(BOOKING.c.akseptor_id == bindparam("her"))
CONFIRM = CONFIRM.where(BOOKING.c.outcome.is_(None), BOOKING.c.held_until > bindparam("at"))


@deed("wait")
def wait(claim: Claim, akseptor: Akseptor, *, day: ServiceDay) -> Akseptor:
    """She would like a seat on this day, which has none for her. Saying so twice changes nothing.

    Raises WrongStep, HasSeat, NotCounselled, NotYet, DayNotOpen, CampaignNotOpen, DayHasRoom.
    """
    lead(akseptor.status, Kind.BOOK)
    if seats.open_booking(akseptor):
        raise HasSeat
    if not akseptor.is_counselled:
        raise NotCounselled
    seats.refuse_day_not_open(akseptor, day, claim)
    if claim.at >= day.begins_at:
        raise DayNotOpen
    seats.lock(day.id)  # a seat that frees after our look must see her waiting
    if seats.has_room(day.id, seats.wanted_family(akseptor)):
        raise DayHasRoom
    steps.change(akseptor, claim)  # nobody gave her a seat meanwhile
    line_up(claim, akseptor.id, day.id, since=max(claim.at, _last_in_line(day.id) + A_MOMENT))
    return akseptor


def _last_in_line(day_id) -> datetime:
    """Since when the last one has waited here. Who asked earlier and got to the day later stands behind her."""
    last = db.session.scalar(select(func.max(Waiting.since)).where(Waiting.service_day_id == day_id))
    return last or datetime.min.replace(tzinfo=UTC)


def line_up(claim: Claim, akseptor_id, day_id, *, since) -> None:
    """She stands in the line of this day, since then. Inside a deed that holds the day."""
    about = {"id": uuid4(), "akseptor_id": akseptor_id, "service_day_id": day_id, "since": since, "by_id": claim.by.id}
    run(upsert(Waiting, dialect()).values(about).on_conflict_do_nothing())


@deed("stop_waiting")
def stop_waiting(claim: Claim, akseptor: Akseptor, *, day: ServiceDay) -> Akseptor:
    """She waits for this day no longer."""
    hers = (Waiting.akseptor_id == akseptor.id, Waiting.service_day_id == day.id, Waiting.ended_at.is_(None))
    run(update(Waiting.__table__).where(*hers).values(ended_at=claim.at))
    return akseptor


@deed("confirm")
def confirm(claim: Claim, akseptor: Akseptor) -> Akseptor:
    """Her kader says yes to the seat that was held for her: now it is hers. Raises SeatLapsed when that comes too late."""
    if run(CONFIRM, her=akseptor.id, at=claim.at).rowcount == 0:
        booking = seats.open_booking(akseptor)
        if booking is None or booking.held_until is not None:
            raise SeatLapsed
    return akseptor


@deed("let_go")
def let_go(claim: Claim, day: ServiceDay) -> ServiceDay:
    """What time does to those who wait: a seat nobody said yes to goes on to the next, and a day that is over has no line."""
    lapse(claim, day.id)
    if day.is_cancelled or day.on < day.campaign.day_of(claim.at):
        end_line(claim, day.id)
    return day


def lapse(claim: Claim, day_id) -> int:
    """Seats of this day that were held until a moment that has passed are free again; answers how many. Inside a deed."""
    seats.lock(day_id)
    late = select(Booking).join(Booking.akseptor).options(contains_eager(Booking.akseptor))
    late = late.where(Booking.service_day_id == day_id, Booking.outcome.is_(None), Booking.held_until <= claim.at)
    late = late.where(Akseptor.status == Status.BOOKED).execution_options(populate_existing=True)
    bookings = db.session.scalars(late.order_by(Booking.id)).all()
    for booking in bookings:
        seats.give_back_seat(day_id)
        seats.end(booking, Outcome.LAPSED, holds_seat=False)
    steps.take_all(claim, [(booking.akseptor, Kind.CANCEL) for booking in bookings], reason=UNANSWERED)
    notices.write(claim, NoticeKind.LAPSED, day_id, [booking.akseptor_id for booking in bookings])
    return len(bookings)


def make_way(claim: Claim, day: ServiceDay) -> None:
    """What was held in vain on a day that is full goes first to those who wait, then to who asks now. Inside a deed."""
    if not day.free and lapse(claim, day.id):
        move_up(claim)


def end_line(claim: Claim, day_id) -> list:
    """Nobody waits for this day any more; answers who did."""
    standing = (Waiting.service_day_id == day_id, Waiting.ended_at.is_(None))
    who = list(db.session.scalars(select(Waiting.akseptor_id).where(*standing).order_by(Waiting.since)))
    run(update(Waiting.__table__).where(*standing).values(ended_at=claim.at))
    return who


@at_the_end
def move_up(claim: Claim) -> None:
    """Whoever waits for a day on which this deed has freed a seat."""
    for day_id in sorted(db.session.info.pop(seats.FREED, ())):
        _fill(claim, day_id)


def _fill(claim: Claim, day_id) -> None:
    fresh = select(ServiceDay).where(ServiceDay.id == day_id).options(joinedload(ServiceDay.campaign))
    day = db.session.scalars(fresh.execution_options(populate_existing=True)).one()
    is_open = day.campaign.stage == Stage.OPEN and claim.at < day.begins_at and not day.is_cancelled
    if not is_open or not day.free:
        return
    ups = []
    for akseptor in _line(day):
        if not seats.has_room(day.id, None):
            break
        if not seats.take_if_free(day.id, seats.wanted_family(akseptor)):
            continue  # none for her method; the next may fit
        seats.seat(akseptor, day.id, deed=claim, held_until=held_until(claim.at, day.begins_at))
        ups.append(akseptor)
    steps.take_all(claim, [(akseptor, Kind.BOOK) for akseptor in ups])
    notices.write(claim, NoticeKind.MOVED_UP, day.id, [akseptor.id for akseptor in ups])


def _line(day: ServiceDay) -> list[Akseptor]:
    """Who may have a seat of this day, who has waited longest first."""
    hers = select(Akseptor).join(Waiting, Waiting.akseptor_id == Akseptor.id)
    hers = hers.where(Waiting.service_day_id == day.id, Waiting.ended_at.is_(None))
    hers = hers.where(Akseptor.status.in_(MAY_WAIT), Akseptor.is_counselled)
    hers = hers.where(or_(Akseptor.deferred_until.is_(None), Akseptor.deferred_until <= day.on))
    return list(
        db.session.scalars(hers.order_by(Waiting.since, Waiting.id), execution_options={"populate_existing": True})
    )
