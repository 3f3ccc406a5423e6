"""Days with seats: opened one by one or as a series, moved, made larger or smaller, cancelled; and the dates nobody serves on.

Whatever happens to a day, no one vanishes: its people are moved, wait, or are on their kader's list, and their kader is told.
"""

from datetime import date, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import contains_eager

from campaign.actions import notices, seats, steps, stock, waiting
from campaign.actions.deeds import Claim, deed
from campaign.actions.transaction import Stale, run
from campaign.extensions import db
from campaign.models import (
    Akseptor,
    Blackout,
    Booking,
    Campaign,
    DaySeats,
    Kabupaten,
    NoticeKind,
    Outcome,
    ServiceDay,
    ServicePoint,
)
from campaign.queries.reckoning import held_by_family
from campaign.rules.holding import held_until
from campaign.rules.journey import Kind, Status
from campaign.rules.methods import Family
from campaign.rules.refusals import DayBegun, DayNotOpen, IsBlackout, NoDates, NotLeaving, SeatsTaken

DAY, FAMILIES, BOOKING = ServiceDay.__table__, DaySeats.__table__, Booking.__table__


# ---- Opening ----


@deed("open_day")
def open_day(
    claim: Claim,
    *,
    campaign: Campaign,
    point: ServicePoint,
    on: date,
    families: dict[Family, int] | None = None,
    **answers,
) -> ServiceDay:
    """A day with seats at one of our places, and how many of them are for each family of methods.

    Raises DayNotOpen outside the campaign's window or in the past, IsBlackout, StockShort.
    """
    if found := blackouts(point, [on]):
        raise IsBlackout(on, found[on])
    return _open(claim, campaign, point, [on], families or {}, answers)[0]


@deed("open_series")
def open_series(
    claim: Claim,
    *,
    campaign: Campaign,
    point: ServicePoint,
    dates: list[date],
    families: dict[Family, int] | None = None,
    **answers,
) -> ServiceDay:
    """The same day on each of these dates, without those nobody serves on; the first one is the answer.

    Raises NoDates when none is left, DayNotOpen, StockShort.
    """
    off = blackouts(point, dates)
    left = [on for on in dates if on not in off]
    if not left:
        raise NoDates
    return _open(claim, campaign, point, left, families or {}, answers | {"series_id": uuid4()})[0]


def _open(claim, campaign, point, dates, families, answers) -> list[ServiceDay]:
    for on in dates:
        _refuse_outside(campaign, on, claim)
    same = {"campaign_id": campaign.id, "service_point_id": point.id} | answers
    days = [ServiceDay(id=uuid4(), on=on, taken=0, **same) for on in sorted(dates)]
    for day in days:
        day.method_seats = [DaySeats(family=family, seats=number, taken=0) for family, number in families.items()]
    db.session.add_all(days)
    campaign.revision = Campaign.revision + 1
    db.session.flush()
    stock.refuse_more_than_there_are(days[0], set(families), claim)
    return days


def _refuse_outside(campaign: Campaign, on: date, claim: Claim) -> None:
    if not max(campaign.opens_on, campaign.day_of(claim.at)) <= on <= campaign.closes_on:
        raise DayNotOpen


def blackouts(point: ServicePoint, dates: list[date]) -> dict[date, str]:
    """On which of these dates nobody serves at this place, and why."""
    here = or_(Blackout.puskesmas_id.is_(None), Blackout.puskesmas_id == point.puskesmas_id)
    off = select(Blackout.on, Blackout.why).where(Blackout.kabupaten_code == point.kabupaten_code, here)
    return dict(db.session.execute(off.where(Blackout.on.in_(dates))).all())


@deed("add_blackout")
def add_blackout(claim: Claim, *, kabupaten: Kabupaten, first: date, last: date, why: str = "", puskesmas=None) -> None:
    """Nobody serves on these dates: in the whole kabupaten, or at one puskesmas and its places. Days that are open stay open."""
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    same = {"kabupaten_code": kabupaten.code, "puskesmas_id": puskesmas.id if puskesmas else None}
    where = [
        Blackout.kabupaten_code == kabupaten.code,
        Blackout.puskesmas_id.is_not_distinct_from(same["puskesmas_id"]),
    ]
    db.session.execute(delete(Blackout).where(*where, Blackout.on.in_(dates)))  # said again: the newer reason stands
    rows = [{"id": uuid4(), "on": on, "why": why, "by_id": claim.by.id, **same} for on in dates]
    db.session.execute(insert(Blackout), rows)


@deed("remove_blackout")
def remove_blackout(claim: Claim, blackout: Blackout) -> None:
    """People serve on that date after all."""
    db.session.execute(delete(Blackout).where(Blackout.id == blackout.id))


# ---- Changing ----


@deed("move_day")
def move_day(
    claim: Claim,
    day: ServiceDay,
    *,
    on: date,
    starts_at: time,
    ends_at: time,
    point: ServicePoint,
    team: str | None = None,
) -> ServiceDay:
    """Another date, hour or place; its people move along. Whom the new date does not suit is on her kader's list.

    Raises DayNotOpen, DayBegun once somebody came, IsBlackout, StockShort at a puskesmas with too few sets.
    """
    if off := blackouts(point, [on]):
        raise IsBlackout(on, off[on])
    _refuse_outside(day.campaign, on, claim)
    _hold(claim, day)
    _refuse_begun(day)
    was = (day.on, day.starts_at, day.ends_at, day.service_point_id)
    now_is = {"on": on, "starts_at": starts_at, "ends_at": ends_at, "service_point_id": point.id}
    _change(day, **now_is, team=team or "")
    if was != tuple(now_is.values()):
        standing = _expected(day)
        unfit = [b for b in standing if b.akseptor.deferred_until and b.akseptor.deferred_until > on]
        _leave(claim, day, unfit, kind=NoticeKind.DAY_MOVED)
        along = [booking for booking in standing if booking not in unfit]
        notices.write(claim, NoticeKind.DAY_MOVED, day.id, [booking.akseptor_id for booking in along])
        _hold_no_longer_than(claim, day, along)
    stock.refuse_more_than_there_are(day, {row.family for row in day.method_seats}, claim)
    return day


@deed("set_seats")
def set_seats(
    claim: Claim,
    day: ServiceDay,
    *,
    seats: int,
    families: dict[Family, int | None] | None = None,
    leaving: list[UUID] | None = None,
    to: ServiceDay | None = None,
    waits: bool = False,
) -> ServiceDay:
    """More seats or fewer, in all and by family (none: not counted); never fewer than are taken when this is done.

    Who is `leaving` gets a seat on the day `to` as far as it has any; the others wait for this day or are on their kader's list.
    Raises SeatsTaken, DayNotOpen, NotLeaving, StockShort.
    """
    _hold(claim, day, to)
    going = [booking for booking in _expected(day) if booking.akseptor_id in set(leaving or ())]
    if len(going) != len(set(leaving or ())):
        raise NotLeaving
    _leave(claim, day, going, to, kind=NoticeKind.SEAT_GONE, waits=waits)
    _resize(day, seats)
    raised = {family for family, number in (families or {}).items() if _resize_family(day, family, number)}
    campaign = day.campaign
    db.session.expire(day)
    campaign.revision = Campaign.revision + 1
    db.session.flush()
    stock.refuse_more_than_there_are(day, raised, claim)
    return day


@deed("cancel_day")
def cancel_day(claim: Claim, day: ServiceDay, *, why: str, to: ServiceDay | None = None) -> ServiceDay:
    """It does not take place. Its people get seats on the day `to` as far as it has any; the rest are on their kader's list.

    Raises DayNotOpen, DayBegun once somebody came.
    """
    _hold(claim, day, to)
    _refuse_begun(day)
    _change(day, is_cancelled=True, cancelled_why=why)
    _leave(claim, day, _expected(day), to, kind=NoticeKind.DAY_CANCELLED)
    notices.write(claim, NoticeKind.DAY_CANCELLED, day.id, waiting.end_line(claim, day.id))
    return day


def _hold(claim: Claim, day: ServiceDay, to: ServiceDay | None = None) -> None:
    """Nobody touches these days' seats but us, and we know them as they are. Raises DayNotOpen."""
    both = [day] if to is None else [day, to]
    seats.lock(*(each.id for each in both))
    for each in both:
        db.session.refresh(each)
        is_over = each.on < each.campaign.day_of(claim.at)
        if is_over or each.is_cancelled or each.campaign_id != day.campaign_id:
            raise DayNotOpen
    if to is not None:
        seats.refuse_closed(day.campaign, claim)
        if to.id == day.id:
            raise DayNotOpen


def _refuse_begun(day: ServiceDay) -> None:
    ended = Booking.outcome.in_([Outcome.SERVED, Outcome.REFERRED, Outcome.MISSED])
    came = select(Booking.id).where(Booking.service_day_id == day.id, or_(Booking.arrived_at.is_not(None), ended))
    if db.session.scalar(came.limit(1)) is not None:
        raise DayBegun


def _change(day: ServiceDay, **columns) -> None:
    run(update(DAY).where(DAY.c.id == day.id).values(columns))
    db.session.expire(day)
    day.campaign.revision = Campaign.revision + 1
    db.session.flush()


def _expected(day: ServiceDay) -> list[Booking]:
    """Who has a seat on this day and is not here yet, who booked first stands first."""
    theirs = select(Booking).join(Booking.akseptor).options(contains_eager(Booking.akseptor))
    theirs = theirs.where(Booking.service_day_id == day.id, Booking.outcome.is_(None), Akseptor.status == Status.BOOKED)
    fresh = theirs.order_by(Booking.booked_at, Booking.id).execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def _leave(claim, day, leaving: list[Booking], to: ServiceDay | None = None, *, kind: NoticeKind, waits=False) -> None:
    """These give up their seats here: for one on the day `to`, for a place in this day's line, or for their kader's list."""
    moved, left = [], []
    for booking in leaving:
        akseptor = booking.akseptor
        seats.give_back_seat(day.id)
        suits = to is not None and not (akseptor.deferred_until and akseptor.deferred_until > to.on)
        has_seat = suits and seats.take_if_free(to.id, seats.wanted_family(akseptor))
        seats.end(booking, Outcome.MOVED if has_seat else Outcome.CANCELLED, holds_seat=False)
        if has_seat:
            seats.seat(akseptor, to.id, deed=claim)
        elif waits:  # she was in line before all who wait: since she booked
            waiting.line_up(claim, akseptor.id, day.id, since=booking.booked_at)
        (moved if has_seat else left).append(akseptor)
    steps.take_all(claim, [(her, Kind.BOOK) for her in moved] + [(her, Kind.CANCEL) for her in left])
    if moved:
        notices.write(claim, NoticeKind.DAY_MOVED, to.id, [her.id for her in moved])
    notices.write(claim, kind, day.id, [her.id for her in left])


def _hold_no_longer_than(claim: Claim, day: ServiceDay, bookings: list[Booking]) -> None:
    """A seat that was held is answered before the day as it is now; where no time is left it is simply hers."""
    latest = held_until(claim.at, day.begins_at)
    for booking in bookings:
        if booking.held_until is not None:
            until = min(booking.held_until, latest) if latest else None
            run(update(BOOKING).where(BOOKING.c.id == booking.id).values(held_until=until))


def _resize(day: ServiceDay, number: int) -> None:
    fits = (DAY.c.id == day.id, DAY.c.taken <= number)
    if run(update(DAY).where(*fits).values(seats=number)).rowcount == 0:
        raise SeatsTaken(db.session.scalar(select(DAY.c.taken).where(DAY.c.id == day.id)))
    if number > day.seats:
        seats.has_freed(day.id)


def _resize_family(day: ServiceDay, family: Family, number: int | None) -> bool:
    """Count, count otherwise, or no longer count the day's seats of this family; whether there are more of them than before."""
    here = (FAMILIES.c.service_day_id == day.id, FAMILIES.c.family == family)
    before = db.session.scalar(select(FAMILIES.c.seats).where(*here))
    if number == before:
        return False
    if number is None:
        run(delete(FAMILIES).where(*here))
        seats.has_freed(day.id)
        return False
    taken = held_by_family(day.id)[day.id, family]
    if taken > number:
        raise SeatsTaken(taken, family)
    if before is None:
        run(insert(FAMILIES).values(service_day_id=day.id, family=family, seats=number, taken=taken))
        return True
    if run(update(FAMILIES).where(*here, FAMILIES.c.taken <= number).values(seats=number)).rowcount == 0:
        raise Stale
    if number > before:
        seats.has_freed(day.id)
    return number > before
