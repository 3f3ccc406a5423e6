"""What is still missing at each service point, and what a puskesmas should see tomorrow morning. A few grouped queries."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, case, func, or_, select, true
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Booking, Campaign, DaySeats, FollowUp, Service, ServiceDay, ServicePoint
from campaign.queries import scope
from campaign.queries.stock import sets_on_hand
from campaign.rules.methods import Family


class Completeness(NamedTuple):
    """How complete a service point is."""

    point: ServicePoint
    last_at: datetime | None  # when somebody there wrote something down last
    unconfirmed: int  # women whose day is over, without an outcome
    unclosed: int  # days that are over and nobody has closed
    days: int  # days so far
    served: int = 0
    taken: int = 0
    seats: int = 0
    free: int = 0  # seats from today on that may still be booked

    @property
    def is_complete(self) -> bool:
        return not (self.unconfirmed or self.unclosed)


def completeness(campaign: Campaign, *, seen_by, today: date) -> list[Completeness]:
    """Every point of hers that has had a day, the least complete first. Three queries that count no woman who has an outcome."""
    rows = [row for row in point_standings(campaign, today=today, only=scope.days_of(seen_by)) if row.days]
    return sorted(rows, key=lambda row: (row.is_complete, -row.unconfirmed, row.point.name))


def point_standings(campaign: Campaign, *, today: date, only=None) -> list[Completeness]:
    """Every point with a day of this campaign, by puskesmas: numbers, no names."""
    mine = (ServiceDay.campaign_id == campaign.id, ~ServiceDay.is_cancelled, true() if only is None else only)
    someone = select(Booking.id).where(Booking.service_day_id == ServiceDay.id).exists()
    is_left = and_(ServiceDay.on < today, ServiceDay.closed_at.is_(None), someone)
    days = select(
        ServiceDay.service_point_id,
        func.sum(case((is_left, 1), else_=0)),
        func.sum(case((ServiceDay.on <= today, 1), else_=0)),
        func.sum(ServiceDay.served),
        func.sum(ServiceDay.taken),
        func.sum(ServiceDay.seats),
        func.sum(
            case((ServiceDay.on.between(today, campaign.books_until), ServiceDay.seats - ServiceDay.taken), else_=0)
        ),
        func.max(ServiceDay.entered_at),
    )
    days = days.where(*mine).group_by(ServiceDay.service_point_id)
    counted = {point_id: about for point_id, *about in db.session.execute(days)}
    waiting = select(ServiceDay.service_point_id, func.count())
    waiting = waiting.join(Booking, Booking.service_day_id == ServiceDay.id)
    waiting = waiting.where(*mine, ServiceDay.on < today, Booking.outcome.is_(None))
    unconfirmed = dict(db.session.execute(waiting.group_by(ServiceDay.service_point_id)).all())
    points = db.session.scalars(
        select(ServicePoint).where(ServicePoint.id.in_(counted)).options(joinedload(ServicePoint.induk))
    )
    rows = []
    for point in points:
        *numbers, last_at = counted[point.id]
        rows.append(Completeness(point, last_at, unconfirmed.get(point.id, 0), *map(int, numbers)))
    return sorted(rows, key=lambda row: ((row.point.induk or row.point).name, bool(row.point.induk), row.point.name))


class Short(NamedTuple):
    """More women are promised a set for tomorrow than the book has."""

    family: Family
    promised: int
    on_hand: int


class Tomorrow(NamedTuple):
    """The gentle list: what is left from before, who should be seen, what tomorrow needs."""

    unconfirmed: list[ServiceDay]
    unclosed: list[ServiceDay]
    overdue: int
    due: int
    short: list[Short]
    days: list[ServiceDay]

    @property
    def is_quiet(self) -> bool:
        return not any(self)


def tomorrow(campaign: Campaign, *, seen_by, today: date) -> Tomorrow:
    """For one puskesmas: its points' days that are not finished, visits due this week, sets for the next day, its days."""
    mine = select(ServiceDay).where(
        ServiceDay.campaign_id == campaign.id, scope.days_of(seen_by), ~ServiceDay.is_cancelled
    )
    mine = mine.options(joinedload(ServiceDay.service_point)).order_by(
        ServiceDay.on, ServiceDay.starts_at, ServiceDay.id
    )
    over = mine.where(ServiceDay.on < today)
    booked = select(Booking.id).where(Booking.service_day_id == ServiceDay.id)
    left = over.where(
        or_(booked.where(Booking.outcome.is_(None)).exists(), and_(ServiceDay.closed_at.is_(None), booked.exists()))
    )
    left = db.session.scalars(left).all()
    open_ids = set(
        db.session.scalars(
            select(Booking.service_day_id).where(
                Booking.service_day_id.in_([day.id for day in left]), Booking.outcome.is_(None)
            )
        )
    )
    days = list(db.session.scalars(mine.where(ServiceDay.on == today + timedelta(days=1))))
    overdue, due = _visits_due(campaign, seen_by, today)
    return Tomorrow(
        unconfirmed=[day for day in left if day.id in open_ids],
        unclosed=[day for day in left if day.id not in open_ids],
        overdue=overdue,
        due=due,
        short=_short_of(days, seen_by),
        days=days,
    )


def _visits_due(campaign: Campaign, seen_by, today: date) -> tuple[int, int]:
    here = select(Booking.id).join(ServiceDay, ServiceDay.id == Booking.service_day_id)
    here = here.where(ServiceDay.campaign_id == campaign.id, scope.days_of(seen_by))
    counted = (
        select(
            func.coalesce(func.sum(case((FollowUp.due_on < today, 1), else_=0)), 0),
            func.coalesce(func.sum(case((FollowUp.due_on >= today, 1), else_=0)), 0),
        )
        .join(Service, Service.id == FollowUp.service_id)
        .where(FollowUp.done_on.is_(None), FollowUp.undone_at.is_(None), Service.undone_at.is_(None))
        .where(FollowUp.due_on <= today + timedelta(days=7), Service.booking_id.in_(here))
    )
    overdue, due = db.session.execute(counted).one()
    return int(overdue), int(due)


def _short_of(days: list[ServiceDay], seen_by) -> list[Short]:
    """Seats by method that are taken tomorrow beside the sets in the book; where there is no book nothing is said."""
    promised = select(DaySeats.family, func.sum(DaySeats.taken)).where(
        DaySeats.service_day_id.in_([d.id for d in days])
    )
    promised = {family: int(number) for family, number in db.session.execute(promised.group_by(DaySeats.family))}
    on_hand = Counter()
    for puskesmas_id in {day.service_point.puskesmas_id for day in days}:
        on_hand.update(sets_on_hand(puskesmas_id))
    return [
        Short(family, number, on_hand[family])
        for family, number in sorted(promised.items())
        if family in on_hand and number > on_hand[family]
    ]
