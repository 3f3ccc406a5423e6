"""Women on the road, as far as the one who asks may see them."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, Desa, ServiceDay, Step
from campaign.queries import scope
from campaign.rules.journey import Kind, Status
from campaign.rules.refusals import NoSuch
from campaign.sealed import keys

PAGE = 25


def akseptor(akseptor_id: UUID, *, seen_by, today: date, on_day: ServiceDay | None = None) -> Akseptor:
    """Her record; with `on_day` only if her newest booking is on that day: an old sheet must not act on a newer booking.

    Raises NoSuch outside the scope, like unknown.
    """
    hers = select(Akseptor).where(Akseptor.id == akseptor_id, scope.akseptor_of(seen_by, today=today))
    if on_day:
        newest = select(Booking.service_day_id).where(Booking.akseptor_id == akseptor_id)
        hers = hers.where(newest.order_by(Booking.booked_at.desc()).limit(1).scalar_subquery() == on_day.id)
    return _one(hers.options(joinedload(Akseptor.campaign), joinedload(Akseptor.desa).joinedload(Desa.kecamatan)))


def bookable(akseptor_id: UUID, campaign: Campaign, *, seen_by) -> Akseptor:
    """A woman of the puskesmas's working area, to be given a seat. Raises NoSuch."""
    here = (Akseptor.id == akseptor_id, Akseptor.campaign_id == campaign.id)
    return _one(select(Akseptor).where(*here, scope.bookable_of(seen_by)))


def _one(query) -> Akseptor:
    found = db.session.scalars(query).first()
    if found is None:
        raise NoSuch
    return found


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


def to_help(campaign: Campaign, *, seen_by, today: date):
    """Who needs her kader now: deferred and bookable again, missed, or booked for today or tomorrow."""
    hers = (Akseptor.campaign_id == campaign.id, scope.akseptor_of(seen_by, today=today))
    ready = (Akseptor.status == Status.DEFERRED) & (
        Akseptor.deferred_until.is_(None) | (Akseptor.deferred_until <= today)
    )
    soon = (
        select(Booking.akseptor_id)
        .join(ServiceDay)
        .where(Booking.outcome.is_(None), ServiceDay.on.between(today, date.fromordinal(today.toordinal() + 1)))
    )
    waiting = ready | (Akseptor.status == Status.NO_SHOW) | Akseptor.id.in_(soon)
    rows = select(Akseptor).where(*hers, waiting).options(joinedload(Akseptor.desa))
    return db.session.scalars(rows.order_by(Akseptor.name).limit(PAGE)).all()


def bookings_of(akseptor_list) -> dict[UUID, Booking]:
    """The bookings still to come of these women, by akseptor id."""
    ids = [akseptor.id for akseptor in akseptor_list]
    standing = select(Booking).where(Booking.akseptor_id.in_(ids), Booking.outcome.is_(None))
    with_day = standing.options(joinedload(Booking.service_day).joinedload(ServiceDay.service_point))
    return {booking.akseptor_id: booking for booking in db.session.scalars(with_day)}


def bookable_list(campaign: Campaign, *, seen_by, name=""):
    """Women of the working area who may be given a seat: name, desa, status."""
    may_book = [Status.REGISTERED, Status.DEFERRED, Status.NO_SHOW]
    hers = [Akseptor.campaign_id == campaign.id, scope.bookable_of(seen_by), Akseptor.status.in_(may_book)]
    hers.append(Akseptor.is_counselled)
    if name:
        hers.append(func.lower(Akseptor.name).contains(name.lower(), autoescape=True))
    rows = select(Akseptor).where(*hers).options(joinedload(Akseptor.desa)).order_by(Akseptor.name, Akseptor.id)
    return db.session.scalars(rows.limit(PAGE)).all()


def history(akseptor: Akseptor) -> list[Step]:
    """Her lines in the ledger, oldest first."""
    return list(db.session.scalars(select(Step).where(Step.akseptor_id == akseptor.id).order_by(Step.id)))


def last_correctable(akseptor_list) -> dict[UUID, Step]:
    """The newest step of each of these women where it can be taken back, by akseptor id."""
    ids = [akseptor.id for akseptor in akseptor_list]
    newest = select(func.max(Step.id)).where(Step.akseptor_id.in_(ids)).group_by(Step.akseptor_id)
    steps = db.session.scalars(select(Step).where(Step.id.in_(newest)))
    return {step.akseptor_id: step for step in steps if step.kind in MENDED}


MENDED = {Kind.ATTEND, Kind.SERVE, Kind.DEFER, Kind.REFER, Kind.MISS}


def sealed_facts(akseptor: Akseptor) -> dict[str, str | None]:
    """What is sealed about her, opened: nik, phone, address, method. The caller has logged who looks. Raises CannotOpen."""
    columns = (Akseptor.nik_sealed, Akseptor.phone_sealed, Akseptor.address_sealed, Akseptor.method_sealed)
    row = db.session.execute(select(*columns).where(Akseptor.id == akseptor.id)).one()
    names = ("nik", "phone", "address", "method")
    return {name: keys.open(f"akseptor.{name}", akseptor.id, sealed) for name, sealed in zip(names, row, strict=True)}


def method_of(akseptor: Akseptor) -> str:
    """The method she wants, or got. Raises CannotOpen without the key."""
    return keys.open("akseptor.method", akseptor.id, akseptor.method_sealed)
