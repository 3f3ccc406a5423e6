"""Seats: taken by a guarded UPDATE, with a CHECK behind it; never over, never leaked.

A day may also count its seats by family of methods. Those are touched only by who holds the day's own row, so the day is the
one lock: who takes or gives back its seat first needs no other order.
"""

from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from campaign.actions.deeds import Claim
from campaign.actions.steps import known
from campaign.actions.transaction import Hot, Stale, run
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, DaySeats, Outcome, ServiceDay, Stage, Waiting
from campaign.rules.journey import Status
from campaign.rules.methods import FAMILY, Family
from campaign.rules.refusals import CampaignNotOpen, DayFull, DayNotOpen, Locked, NotCounselled, NotYet
from campaign.sealed import keys

DAY, BOOKING, FAMILIES = ServiceDay.__table__, Booking.__table__, DaySeats.__table__
HAS_ROOM = (DAY.c.id == bindparam("day_id"), DAY.c.taken < DAY.c.seats, ~DAY.c.is_cancelled)
OPEN_AGAIN = {"closed_at": None, "closed_by_id": None}  # somebody has no outcome yet
TAKE = Hot(update(DAY).where(*HAS_ROOM).values(taken=DAY.c.taken + 1, **OPEN_AGAIN))
ENTERED = update(DAY).where(DAY.c.id == bindparam("day_id"))
ENTERED = Hot(ENTERED.values(entered_at=bindparam("at"), served=DAY.c.served + bindparam("by"), **OPEN_AGAIN))
GIVE_BACK = Hot(update(DAY).where(DAY.c.id == bindparam("day_id"), DAY.c.taken > 0).values(taken=DAY.c.taken - 1))
OF_FAMILY = (FAMILIES.c.service_day_id == bindparam("day_id"), FAMILIES.c.family == bindparam("of_family"))
LIMIT = Hot(select(FAMILIES.c.seats - FAMILIES.c.taken).where(*OF_FAMILY))
TAKE_OF_FAMILY = update(FAMILIES).where(*OF_FAMILY, FAMILIES.c.taken < FAMILIES.c.seats)
TAKE_OF_FAMILY = Hot(TAKE_OF_FAMILY.values(taken=FAMILIES.c.taken + 1))
GIVE_BACK_OF_FAMILY = Hot(update(FAMILIES).where(*OF_FAMILY, FAMILIES.c.taken > 0).values(taken=FAMILIES.c.taken - 1))
FREE = Hot(select(DAY.c.id).where(*HAS_ROOM))
LOCK = Hot(update(DAY).where(DAY.c.id == bindparam("day_id")).values(taken=DAY.c.taken))
BOOK = Hot(insert(BOOKING))
IS_AS_READ = (
    BOOKING.c.id == bindparam("row"),
    BOOKING.c.outcome.is_not_distinct_from(bindparam("was", type_=BOOKING.c.outcome.type)),
    BOOKING.c.holds_seat == bindparam("held"),
)
SETTLE = update(BOOKING).where(*IS_AS_READ)
SETTLE = Hot(SETTLE.values({name: bindparam(name) for name in ("outcome", "holds_seat", "arrived_at")}))
FREED = "freed days"  # of this deed, in the session's notes: who waits for them is looked at when the deed is done


def take_seat(day_id) -> None:
    """One seat less on this day; closed before, it is open again. Raises DayFull when none is left."""
    if run(TAKE, day_id=day_id).rowcount == 0:
        raise DayFull


def give_back_seat(day_id) -> None:
    """One seat more. Raises Stale where nobody sits any more: somebody else gave this one back."""
    if run(GIVE_BACK, day_id=day_id).rowcount == 0:
        raise Stale
    has_freed(day_id)


def has_freed(day_id) -> None:
    """There is more room on this day than before: whoever waits for it moves up when the deed is done."""
    db.session.info.setdefault(FREED, set()).add(day_id)


def entered(claim: Claim, day_id, *, served: int = 0) -> None:
    """Somebody has written something down on this day, which is not closed any more; it may be one served more or less.

    Before the bookings are touched: the day is the first in the order of locks.
    """
    run(ENTERED, day_id=day_id, at=claim.at, by=served)


def lock(*day_ids) -> None:
    """Hold these days, in the order of their ids: nobody takes or gives back a seat of theirs until this deed is done."""
    for day_id in sorted(set(day_ids)):
        run(LOCK, day_id=day_id)


def wanted_family(akseptor: Akseptor) -> Family | None:
    """Which of a day's seats by method she needs; none where she has not decided."""
    return FAMILY.get(keys.open("akseptor.method", akseptor.id, akseptor.method_sealed))


def family_of(booking: Booking) -> Family | None:
    """Which of its day's seats by method this booking holds, or would hold."""
    family = (keys.open("booking.family", booking.id, booking.family_sealed) or "").strip()
    return Family(family) if family else None


def take_of_family(day_id, family: Family | None) -> None:
    """One of the day's seats for this family, where they are counted. The day is held already. Raises DayFull."""
    if family is None or run(LIMIT, day_id=day_id, of_family=family).scalar() is None:
        return
    if run(TAKE_OF_FAMILY, day_id=day_id, of_family=family).rowcount == 0:
        raise DayFull(family=family)


def give_back_of_family(day_id, family: Family | None) -> None:
    """One seat more for this family, where they are counted. The day is held already."""
    if family is not None:
        run(GIVE_BACK_OF_FAMILY, day_id=day_id, of_family=family)


def open_booking(akseptor: Akseptor) -> Booking | None:
    """Her booking that is still to come or going on. Raises Stale where she must have one and it has just ended."""
    if akseptor.status not in (Status.BOOKED, Status.ATTENDED):
        return None  # where she has moved on since, her row has, too
    standing = select(Booking).where(Booking.akseptor_id == akseptor.id, Booking.outcome.is_(None))
    found = db.session.scalars(standing).first()
    if found is None:
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
    take_of_family(day.id, wanted_family(akseptor))
    return seat(akseptor, day.id, deed=deed)


def take_if_free(day_id, family: Family | None) -> bool:
    """A seat of this day and this family together, or neither. The day is held already."""
    if not has_room(day_id, family):
        return False
    take_seat(day_id)
    take_of_family(day_id, family)
    return True


def has_room(day_id, family: Family | None) -> bool:
    """Whether somebody of this family can have a seat on this day. The day is held already."""
    of_family = run(LIMIT, day_id=day_id, of_family=family).scalar() if family else None
    return of_family != 0 and run(FREE, day_id=day_id).scalar() is not None


def seat(akseptor: Akseptor, day_id, *, deed: Claim, held_until=None) -> Booking:
    """Her booking, where day's and family's seat are taken for her already. She waits for no day any more."""
    family, booking_id = wanted_family(akseptor), uuid4()
    columns = {"id": booking_id, "akseptor_id": akseptor.id, "service_day_id": day_id, "booked_at": deed.at}
    columns |= {"arrived_at": None, "outcome": None, "holds_seat": True, "held_until": held_until}
    columns |= {
        "family_sealed": keys.seal("booking.family", booking_id, f"{family or '':6}")
    }  # its length tells nothing
    run(BOOK, **columns)
    stop_waiting(akseptor.id, deed)
    return known(Booking(**columns))


def stop_waiting(akseptor_id, deed: Claim) -> None:
    """She has a seat now, or does not want one any more."""
    run(STOP_WAITING, her=akseptor_id, at=deed.at)


WAITING = Waiting.__table__
STOP_WAITING = update(WAITING).where(WAITING.c.akseptor_id == bindparam("her"), WAITING.c.ended_at.is_(None))
STOP_WAITING = Hot(STOP_WAITING.values(ended_at=bindparam("at")))


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
    """Change a booking if it still is as it was read: a colleague may have moved or ended it meanwhile.

    With the seat, which the caller has taken or given back, goes the one of her family. Raises Stale, DayFull.
    """
    now = {"outcome": booking.outcome, "holds_seat": booking.holds_seat, "arrived_at": booking.arrived_at} | columns
    if run(SETTLE, row=booking.id, was=booking.outcome, held=booking.holds_seat, **now).rowcount == 0:
        raise Stale
    if booking.holds_seat != now["holds_seat"]:
        turn = take_of_family if now["holds_seat"] else give_back_of_family
        turn(booking.service_day_id, family_of(booking))
    for name, value in now.items():
        set_committed_value(booking, name, value)
