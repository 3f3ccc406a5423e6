"""Service days and who is expected on them."""

from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, DaySeats, Desa, ServiceDay, ServicePoint, Waiting, WorkingArea
from campaign.queries import scope
from campaign.rules.distance import Distance, distance
from campaign.rules.journey import Status
from campaign.rules.methods import Family


def service_day(day_id: UUID, *, seen_by) -> ServiceDay:
    """A day at one of her points. Raises NoSuch."""
    mine = select(ServiceDay).where(ServiceDay.id == day_id, scope.days_of(seen_by))
    return scope.one(mine.options(joinedload(ServiceDay.campaign), joinedload(ServiceDay.service_point)))


def bookable_day(day_id: UUID, campaign: Campaign) -> ServiceDay:
    """A day of this campaign, wherever it is: her kader may book any. Raises NoSuch."""
    return scope.one(select(ServiceDay).where(ServiceDay.id == day_id, ServiceDay.campaign_id == campaign.id))


def day_list(campaign: Campaign, *, seen_by) -> list[ServiceDay]:
    """The days at her points, in order."""
    mine = select(ServiceDay).where(ServiceDay.campaign_id == campaign.id, scope.days_of(seen_by))
    return list(db.session.scalars(_in_order(mine)))


def days_to_move_to(day: ServiceDay, *, today: date, seen_by) -> list[ServiceDay]:
    """The other coming days of this campaign at her points that still have seats: where a day's people could go."""
    coming = select(ServiceDay).where(ServiceDay.campaign_id == day.campaign_id, scope.days_of(seen_by))
    coming = coming.where(ServiceDay.id != day.id, ServiceDay.on >= today, ~ServiceDay.is_cancelled)
    coming = coming.where(ServiceDay.taken < ServiceDay.seats, ServiceDay.closed_at.is_(None))
    return list(db.session.scalars(_in_order(coming)))


def expected_on(day: ServiceDay) -> list[Booking]:
    """Who has a seat on this day and is not here yet, who booked last first: she is the first to be asked."""
    theirs = select(Booking).join(Akseptor).where(Booking.service_day_id == day.id, Booking.outcome.is_(None))
    theirs = theirs.where(Akseptor.status == Status.BOOKED).options(
        joinedload(Booking.akseptor).joinedload(Akseptor.desa)
    )
    return list(db.session.scalars(theirs.order_by(Booking.booked_at.desc(), Booking.id)))


class Choice(NamedTuple):
    """A day she might be booked on. Where it is full for her, `next_free` is the next one at the same place."""

    day: ServiceDay
    distance: Distance
    next_free: ServiceDay | None
    is_free: bool
    waiting: int


def days_to_book(
    campaign: Campaign, *, today: date, desa: Desa | None, family: Family | None = None, free: int = 8
) -> list[Choice]:
    """Coming days from near to far, soonest first: of each distance until so many with a free seat for her have been named."""
    coming = select(ServiceDay).where(
        ServiceDay.campaign_id == campaign.id,
        ServiceDay.on.between(today, campaign.closes_on),
        ~ServiceDay.is_cancelled,
        ServiceDay.closed_at.is_(None),  # there they have gone home
    )
    days, near = list(db.session.scalars(_in_order(coming))), near_points(desa) if desa else set()
    used_up, lines = _used_up([day.id for day in days], family), lines_of(days)
    choices, found, next_free = [], Counter(), {}
    for day in reversed(days):
        is_free = day.free > 0 and day.id not in used_up
        if is_free:
            next_free[day.service_point_id] = day
        far = _distance(day.service_point, desa, near)
        later = None if is_free else next_free.get(day.service_point_id)
        choices.append(Choice(day, far, later, is_free, lines.get(day.id, 0)))
    shown = []
    choices.reverse()
    for choice in sorted(choices, key=lambda choice: FROM_NEAR_TO_FAR.index(choice.distance)):
        if found[choice.distance] < free:
            shown.append(choice)
            found[choice.distance] += choice.is_free
    return shown


def _used_up(day_ids: list[UUID], family: Family | None) -> set[UUID]:
    """On which of these days no seat of this family is left."""
    none_left = (DaySeats.family == family, DaySeats.taken >= DaySeats.seats, DaySeats.service_day_id.in_(day_ids))
    return set(db.session.scalars(select(DaySeats.service_day_id).where(*none_left))) if family else set()


def lines_of(days) -> dict[UUID, int]:
    """How many women wait for each of these days that has a line."""
    waiting = select(Waiting.service_day_id, func.count()).where(
        Waiting.service_day_id.in_([day.id for day in days]), Waiting.ended_at.is_(None)
    )
    return dict(db.session.execute(waiting.group_by(Waiting.service_day_id)).all())


def free_days(day: ServiceDay, akseptor: Akseptor, family: Family | None) -> tuple[tuple[date, str], ...]:
    """When this day is full for her: the next ones with a seat, at the same place and nearby, as date and place."""
    first = max(day.on, akseptor.deferred_until or day.on)
    choices = days_to_book(day.campaign, today=first, desa=akseptor.desa, family=family, free=3)
    free = [choice.day for choice in choices if choice.is_free and choice.distance != Distance.ELSEWHERE]
    here = [choice.day for choice in choices if choice.is_free and choice.day.service_point_id == day.service_point_id]
    named = list(dict.fromkeys(here[:1] + free[:2]))
    return tuple((each.on, each.service_point.name) for each in sorted(named, key=lambda each: each.on))


FROM_NEAR_TO_FAR = list(Distance)


def _distance(point: ServicePoint, desa: Desa | None, near: set[UUID]) -> Distance:
    if desa is None:
        return Distance.ELSEWHERE
    about = {"place": point.name, "place_kecamatan": point.kecamatan_code, "is_own": point.puskesmas_id in near}
    return distance(**about, desa=desa.name, desa_kecamatan=desa.kecamatan_code)


def near_points(desa: Desa) -> set[UUID]:
    """The puskesmas whose working area this desa is."""
    return set(db.session.scalars(select(WorkingArea.puskesmas_id).where(WorkingArea.desa_code == desa.code)))


def _in_order(days):
    return days.options(joinedload(ServiceDay.service_point)).order_by(
        ServiceDay.on, ServiceDay.starts_at, ServiceDay.id
    )


def days_left(campaign: Campaign, *, today: date) -> int:
    """Dates with at least one service day from today on that may still be booked."""
    return db.session.scalar(select(func.count(ServiceDay.on.distinct())).where(*_coming(campaign, today)))


def seats_left(campaign: Campaign, *, today: date) -> int:
    """Free seats from today on, where somebody may still be booked."""
    free = func.coalesce(func.sum(ServiceDay.seats - ServiceDay.taken), 0)
    return db.session.scalar(select(free).where(*_coming(campaign, today)))


def _coming(campaign: Campaign, today: date):
    until = campaign.books_until
    return ServiceDay.campaign_id == campaign.id, ServiceDay.on.between(today, until), ~ServiceDay.is_cancelled


def point_list(*, seen_by) -> list[ServicePoint]:
    """The places where she may open days."""
    return list(db.session.scalars(select(ServicePoint).where(scope.points_of(seen_by)).order_by(ServicePoint.name)))


def service_point(point_id: UUID, *, seen_by) -> ServicePoint:
    """One of those places. Raises NoSuch."""
    mine = select(ServicePoint).where(ServicePoint.id == point_id, scope.points_of(seen_by))
    return scope.one(mine)


def days_to_sweep(at) -> list[ServiceDay]:
    """Days that are over in their campaign's zone and still expect somebody who never came."""
    waiting = (
        select(Booking.service_day_id).join(Akseptor).where(Booking.outcome.is_(None), Akseptor.status == Status.BOOKED)
    )
    latest_today = at.date() + timedelta(days=1)  # the date in the easternmost zone is at most one ahead of UTC
    days = select(ServiceDay).where(ServiceDay.id.in_(waiting), ServiceDay.on < latest_today)
    found = db.session.scalars(days.options(joinedload(ServiceDay.campaign)).order_by(ServiceDay.on, ServiceDay.id))
    return [day for day in found if day.on < day.campaign.day_of(at)]
