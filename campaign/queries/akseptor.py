"""Women on the road, as far as the one who asks may see them."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, exists, func, select, true
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, Desa, FollowUp, Outcome, ServiceDay, Step
from campaign.queries import scope
from campaign.queries.referrals import sent_back
from campaign.rules.journey import BESIDE, Kind, Status
from campaign.rules.needs import REFERRED_FOR, VISIT_AHEAD, WAITED, Need
from campaign.sealed import CannotOpen, keys

PAGE = 25


def akseptor(akseptor_id: UUID, *, seen_by, today: date, on_day: ServiceDay | None = None) -> Akseptor:
    """Her record; with `on_day` only if her newest booking is on that day: an old sheet must not act on a newer booking.

    Raises NoSuch outside the scope, like unknown.
    """
    hers = select(Akseptor).where(Akseptor.id == akseptor_id, scope.akseptor_of(seen_by, today=today))
    if on_day:
        newest = select(Booking.service_day_id).where(Booking.akseptor_id == akseptor_id)
        hers = hers.where(newest.order_by(Booking.booked_at.desc()).limit(1).scalar_subquery() == on_day.id)
    return scope.one(hers.options(joinedload(Akseptor.campaign), joinedload(Akseptor.desa).joinedload(Desa.kecamatan)))


def bookable(akseptor_id: UUID, campaign: Campaign, *, seen_by) -> Akseptor:
    """A woman of the puskesmas's working area, to be given a seat. Raises NoSuch."""
    here = (Akseptor.id == akseptor_id, Akseptor.campaign_id == campaign.id)
    return scope.one(select(Akseptor).where(*here, scope.bookable_of(seen_by)))


def akseptor_list(campaign: Campaign, *, seen_by, today: date, status=None, name="", page=1, desa_code=None):
    """One page of her list, newest change first, and how many there are in all."""
    mine = [Akseptor.campaign_id == campaign.id, scope.akseptor_of(seen_by, today=today)]
    if status:
        mine.append(Akseptor.status == status)
    if desa_code:
        mine.append(Akseptor.desa_code == desa_code)
    if name:
        mine.append(func.lower(Akseptor.name).contains(name.lower(), autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(Akseptor).where(*mine))
    rows = select(Akseptor).where(*mine).options(joinedload(Akseptor.desa))
    rows = rows.order_by(Akseptor.changed_at.desc(), Akseptor.id).limit(PAGE).offset((page - 1) * PAGE)
    return db.session.scalars(rows).all(), total


class InNeed(NamedTuple):
    """Those who need her kader for one reason: the first of them, and how many there are."""

    need: Need
    women: list[Akseptor]
    total: int


def in_need(campaign: Campaign, *, seen_by, today: date) -> list[InNeed]:
    """Whom her kader should see today, by reason, most pressing first; of each reason the first few."""
    hers = (Akseptor.campaign_id == campaign.id, scope.akseptor_of(seen_by, today=today))
    need = _need(today).label("need")
    place = func.row_number().over(
        partition_by=need, order_by=(ServiceDay.on, ServiceDay.starts_at, Akseptor.name, Akseptor.id)
    )
    each = select(Akseptor.id, need, place.label("place"), func.count().over(partition_by=need).label("total"))
    coming = (Booking.akseptor_id == Akseptor.id) & Booking.outcome.is_(None)
    each = each.outerjoin(Booking, coming).outerjoin(ServiceDay, ServiceDay.id == Booking.service_day_id)
    each = each.where(*hers, Akseptor.status != Status.WITHDRAWN, need.is_not(None)).subquery()
    rows = select(Akseptor, each.c.need, each.c.total).join(each, each.c.id == Akseptor.id)
    rows = rows.where(each.c.need.is_not(None), each.c.place <= case((each.c.need < len(NOW), 12), else_=4)).options(
        joinedload(Akseptor.desa)
    )
    found = db.session.execute(rows.order_by(each.c.need, each.c.place)).all()
    grouped = groupby(found, key=lambda row: (row.need, row.total))
    return [InNeed(NEEDS[need], [row.Akseptor for row in rows], total) for (need, total), rows in grouped]


NEEDS = list(Need)
NOW = (Need.TODAY, Need.TOMORROW)  # with these she goes: more of them are shown


def _need(today: date):
    """Which need is hers, as its place in the list of needs."""
    status, on, this_morning = Akseptor.status, ServiceDay.on, datetime.combine(today, time.min, UTC)
    expected = status.in_([Status.BOOKED, Status.ATTENDED])
    reasons = {
        Need.TODAY: expected & (on == today),
        Need.TOMORROW: expected & (on == today + timedelta(days=1)),
        Need.VISIT: (status == Status.SERVED) & visit_due(today),
        Need.UNSERVED: expected & (on < today),
        Need.NO_SHOW: status == Status.NO_SHOW,
        Need.READY: (status == Status.DEFERRED) & func.coalesce(Akseptor.deferred_until <= today, true()) | sent_back(),
        Need.REFERRED: (status == Status.REFERRED) & (Akseptor.changed_at < this_morning - REFERRED_FOR),
        Need.NO_DAY: (status == Status.REGISTERED)
        & Akseptor.is_counselled
        & (Akseptor.changed_at < this_morning - WAITED),
        Need.NOT_COUNSELLED: (status == Status.REGISTERED)
        & ~Akseptor.is_counselled
        & (Akseptor.registered_at < this_morning - WAITED),
    }
    return case(*((reasons[need], place) for place, need in enumerate(NEEDS)))


def visit_due(today: date):
    """Whether a visit of hers is due, or soon."""
    due = (FollowUp.done_on.is_(None), FollowUp.undone_at.is_(None), FollowUp.due_on <= today + VISIT_AHEAD)
    return exists().where(FollowUp.akseptor_id == Akseptor.id, *due)


def to_help(campaign: Campaign, *, seen_by, today: date) -> list[Akseptor]:
    """The same in one list: whom her kader should see today."""
    return [akseptor for group in in_need(campaign, seen_by=seen_by, today=today) for akseptor in group.women]


def progress_of(campaign: Campaign, *, by) -> dict[Status, int]:
    """How many of those she registered herself stand where. Her own; nobody is ranked by it."""
    hers = (Akseptor.campaign_id == campaign.id, Akseptor.kader_id == by.id, Akseptor.status.is_not(None))
    counted = select(Akseptor.status, func.count()).where(*hers).group_by(Akseptor.status)
    return dict(db.session.execute(counted).all())


def phones_of(akseptor_list) -> dict[UUID, str]:
    """The phones of the women on one page of her list, by akseptor id. Without the right key file there are none."""
    ids = [akseptor.id for akseptor in akseptor_list]
    rows = select(Akseptor.id, Akseptor.phone_sealed).where(Akseptor.id.in_(ids), Akseptor.phone_sealed.is_not(None))
    with suppress(CannotOpen):
        return {id: keys.open("akseptor.phone", id, sealed) for id, sealed in db.session.execute(rows)}
    return {}


def missed_by(akseptor_list) -> dict[UUID, Booking]:
    """The day each of these women missed last, by akseptor id."""
    ids = [akseptor.id for akseptor in akseptor_list if akseptor.status == Status.NO_SHOW]
    missed = select(Booking).where(Booking.akseptor_id.in_(ids), Booking.outcome == Outcome.MISSED)
    missed = missed.options(joinedload(Booking.service_day).joinedload(ServiceDay.service_point))
    return {booking.akseptor_id: booking for booking in db.session.scalars(missed.order_by(Booking.booked_at))}


def bookings_of(akseptor_list) -> dict[UUID, Booking]:
    """The bookings still to come of these women, by akseptor id."""
    ids = [akseptor.id for akseptor in akseptor_list]
    standing = select(Booking).where(Booking.akseptor_id.in_(ids), Booking.outcome.is_(None))
    with_day = standing.options(joinedload(Booking.service_day).joinedload(ServiceDay.service_point))
    return {booking.akseptor_id: booking for booking in db.session.scalars(with_day)}


def bookable_list(campaign: Campaign, *, seen_by, name=""):
    """Women of the working area who may be given a seat: name, desa, status."""
    may_book = [Status.REGISTERED, Status.DEFERRED, Status.NO_SHOW]
    hers = [Akseptor.campaign_id == campaign.id, scope.bookable_of(seen_by)]
    hers.append(Akseptor.status.in_(may_book) | sent_back())
    hers.append(Akseptor.is_counselled)
    if name:
        hers.append(func.lower(Akseptor.name).contains(name.lower(), autoescape=True))
    rows = select(Akseptor).where(*hers).options(joinedload(Akseptor.desa)).order_by(Akseptor.name, Akseptor.id)
    return db.session.scalars(rows.limit(PAGE)).all()


def history(akseptor: Akseptor) -> list[Step]:
    """Her lines in the ledger, oldest first."""
    return list(db.session.scalars(select(Step).where(Step.akseptor_id == akseptor.id).order_by(Step.id)))


def newest_steps(akseptor_ids):
    """The ids of the newest step of each of these women; that she moved to another desa meanwhile hides no mistake."""
    hers = (Step.akseptor_id.in_(akseptor_ids), Step.kind.not_in(BESIDE))
    return select(func.max(Step.id)).where(*hers).group_by(Step.akseptor_id)


def last_correctable(akseptor_list) -> dict[UUID, Step]:
    """The newest step of each of these women where it can be taken back, by akseptor id."""
    newest = newest_steps([akseptor.id for akseptor in akseptor_list])
    steps = db.session.scalars(select(Step).where(Step.id.in_(newest)))
    return {step.akseptor_id: step for step in steps if step.kind in MENDED}


MENDED = {Kind.ATTEND, Kind.SERVE, Kind.DEFER, Kind.REFER, Kind.MISS}


def sealed_facts(akseptor: Akseptor) -> dict[str, str | None]:
    """What is sealed about her, opened; `couple` is text (rules/couple.py). The caller has logged who looks. Raises CannotOpen."""
    names = ("nik", "phone", "address", "method", "couple")
    columns = (getattr(Akseptor, f"{name}_sealed") for name in names)
    row = db.session.execute(select(*columns).where(Akseptor.id == akseptor.id)).one()
    return {name: keys.open(f"akseptor.{name}", akseptor.id, sealed) for name, sealed in zip(names, row, strict=True)}


def method_of(akseptor: Akseptor) -> str:
    """The method she wants, or got. Raises CannotOpen without the key."""
    return keys.open("akseptor.method", akseptor.id, akseptor.method_sealed)
