"""The day sheet: who is expected, who is here, who was served; what a ticket at the counter means; what was filled in last."""

from datetime import datetime, timedelta
from hashlib import blake2s
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import (
    AccessLog,
    Akseptor,
    Booking,
    Campaign,
    Deed,
    DeferReason,
    Outcome,
    Person,
    Service,
    ServiceDay,
    ServicePoint,
    Step,
)
from campaign.queries import scope, tickets
from campaign.queries.akseptor import newest_steps
from campaign.queries.opened import KNOWN
from campaign.rules import codes
from campaign.rules.arrivals import SHORTEST, Arrival, arrival
from campaign.rules.journey import Kind, Status
from campaign.rules.refusals import NoSuch
from campaign.rules.roles import Role
from campaign.rules.service_facts import ServiceFacts
from campaign.sealed import keys

GONE = (Outcome.MOVED, Outcome.CANCELLED, Outcome.WITHDREW, Outcome.LAPSED)
WRITTEN_HERE = (Kind.ATTEND, Kind.SERVE, Kind.DEFER, Kind.REFER, Kind.MISS)


def day_sheet(day: ServiceDay) -> list[Booking]:
    """Everybody of this day, those moved or cancelled left out: who came first stands first."""
    hers = (
        select(Booking)
        .join(Akseptor)
        .where(Booking.service_day_id == day.id, Booking.outcome.is_(None) | Booking.outcome.not_in(GONE))
    )
    people = joinedload(Booking.akseptor)
    hers = hers.options(people.joinedload(Akseptor.desa), people.joinedload(Akseptor.kader))
    return list(db.session.scalars(hers.order_by(Booking.arrived_at, Akseptor.name, Booking.id)))


def sheet_version(day: ServiceDay, *, at: datetime) -> str:
    """Changes with whatever the sheet shows: her place on the road, seats, the day itself, and the minutes of who waits.

    One statement, so that every desk may ask every few seconds.
    """
    hers = select(
        func.count(), func.sum(Akseptor.revision), func.count(Booking.outcome), func.count(Booking.held_until)
    )
    row = db.session.execute(hers.select_from(Booking).join(Akseptor).where(Booking.service_day_id == day.id)).one()
    about = (day.on, day.starts_at, day.ends_at, day.seats, day.taken, day.is_cancelled, day.team, day.closed_at)
    minute = f"{at:%d%H%M}" if row[0] != row[2] else ""
    return blake2s(repr((tuple(row), about, minute)).encode(), digest_size=8).hexdigest()


class Last(NamedTuple):
    """What was done last with somebody, and by whom; by nobody where time did it."""

    step: Step
    who: str | None


def last_done(akseptor_list) -> dict[UUID, Last]:
    """The newest line about each of these women, by akseptor id."""
    newest = newest_steps([akseptor.id for akseptor in akseptor_list])
    rows = select(Step, Person.name).join(Deed, Deed.id == Step.deed_id).outerjoin(Person, Person.id == Deed.by_id)
    return {step.akseptor_id: Last(step, who) for step, who in db.session.execute(rows.where(Step.id.in_(newest)))}


def booked_since(bookings) -> set[UUID]:
    """Who of these has been booked again since: what was done with her last is told on that sheet, and mended there."""
    theirs = select(Booking.akseptor_id, func.max(Booking.booked_at)).group_by(Booking.akseptor_id)
    theirs = theirs.where(Booking.akseptor_id.in_([booking.akseptor_id for booking in bookings]))
    newest = dict(db.session.execute(theirs).all())
    return {booking.akseptor_id for booking in bookings if booking.booked_at < newest[booking.akseptor_id]}


def my_last(day: ServiceDay, *, by, since: datetime) -> Last | None:
    """What this person wrote last on this sheet, while it is the newest line of that woman: to be taken back at once."""
    here = select(Booking.akseptor_id).where(Booking.service_day_id == day.id)
    mine = select(Step).join(Deed, Deed.id == Step.deed_id).where(Deed.by_id == by.id, Step.written_at > since)
    mine = mine.where(Step.id.in_(newest_steps(here)), Step.kind.in_(WRITTEN_HERE)).order_by(Step.id.desc()).limit(1)
    step = db.session.scalars(mine).first()
    return Last(step, by.name) if step else None


# ---- At the counter ----


class Scanned(NamedTuple):
    """What to say of what was scanned or typed. `rows` are those whose name it may be, when it was no ticket."""

    arrival: Arrival
    booking: Booking | None = None
    rows: tuple[Booking, ...] = ()


def scanned(day: ServiceDay, typed: str, *, seen_by) -> Scanned:
    """A whole code, the address of a ticket, the beginning of a code that only one of this day has, or part of a name."""
    if (whole := codes.typed_ticket(typed)) and len(whole) == 32:
        try:
            return _of(tickets.ticket(whole, seen_by=seen_by), day)
        except NoSuch:
            return Scanned(Arrival.UNKNOWN)
    rows, word = day_sheet(day), typed.strip().lower()
    if named := tuple(row for row in rows if word and word in row.akseptor.name.lower()):
        return Scanned(Arrival.UNKNOWN, None, named)
    marked = [row for row in rows if codes.spell(row.id.bytes + bytes(4)).startswith(whole)]
    if len(whole) >= SHORTEST and len(marked) == 1:
        return _of(marked[0], day)
    return Scanned(Arrival.UNKNOWN, None, tuple(marked) if len(whole) >= SHORTEST else ())


def _of(booking: Booking, day: ServiceDay) -> Scanned:
    about = {"is_over": booking.outcome is not None, "stands": booking.outcome not in GONE}
    return Scanned(arrival(booking.akseptor.status, **about, is_today=booking.service_day_id == day.id), booking)


def place_in_queue(booking: Booking) -> int:
    """How many came before her and still wait, and she herself."""
    before = select(func.count()).select_from(Booking).join(Akseptor)
    waiting = (Booking.service_day_id == booking.service_day_id, Booking.outcome.is_(None))
    return db.session.scalar(
        before.where(*waiting, Akseptor.status == Status.ATTENDED, Booking.arrived_at <= booking.arrived_at)
    )


def service_of(akseptor: Akseptor) -> Service | None:
    """Her service that stands, with the day and the place where it was confirmed."""
    standing = select(Service).where(Service.akseptor_id == akseptor.id, Service.undone_at.is_(None))
    day = joinedload(Service.booking).joinedload(Booking.service_day)
    return db.session.scalars(standing.options(day.joinedload(ServiceDay.service_point))).first()


# ---- Who walks in ----


def by_nik(campaign: Campaign, nik: str) -> Akseptor | None:
    """Whoever stands in this campaign with this NIK. The caller has written down who looks."""
    same = select(Akseptor).where(Akseptor.campaign_id == campaign.id, Akseptor.nik_index == keys.index("nik", nik))
    her = same.options(joinedload(Akseptor.desa), joinedload(Akseptor.kader))
    return db.session.scalars(her.where(Akseptor.status.is_not(None))).first()


def known_here(akseptor_id: UUID, day: ServiceDay, *, seen_by, at: datetime) -> Akseptor:
    """A woman of this campaign whose NIK this person has just typed at the counter. Raises NoSuch for anybody else."""
    typed = (AccessLog.by_id == seen_by.id, AccessLog.what == KNOWN, AccessLog.at > at - timedelta(hours=1))
    seen = select(AccessLog.id).where(AccessLog.akseptor_id == Akseptor.id, *typed).exists()
    hers = (Akseptor.id == akseptor_id, Akseptor.campaign_id == day.campaign_id, Akseptor.status.is_not(None), seen)
    return scope.one(select(Akseptor).where(*hers))


def kader_of(desa_codes) -> list[Person]:
    """The active kader of these desa: who may be credited with a woman of theirs."""
    kader = select(Person).where(
        Person.role == Role.KADER, Person.disabled_at.is_(None), Person.desa_code.in_(desa_codes)
    )
    return list(
        db.session.scalars(kader.options(joinedload(Person.desa)).order_by(Person.desa_code, Person.rw, Person.name))
    )


def kader_for(desa_code: str | None, rw: str) -> Person | None:
    """The kader of her RW, else the one of her whole desa, else none."""
    there = kader_of([desa_code]) if desa_code else []
    of_rw = [kader for kader in there if kader.rw and rw and kader.rw.zfill(3) == rw.zfill(3)]
    return next(iter(of_rw or [kader for kader in there if not kader.rw]), None)


# ---- What is filled in for the next woman ----


class Filled(NamedTuple):
    """The last service that was written down on a day."""

    method: str
    facts: ServiceFacts


def last_filled(day: ServiceDay, *, by) -> Filled | None:
    """What she filled in last on this day, or a colleague did. Raises CannotOpen without the key."""
    done = select(Service).join(Booking).join(Step, Step.akseptor_id == Service.akseptor_id)
    done = done.where(Booking.service_day_id == day.id, Service.undone_at.is_(None), Step.kind == Kind.SERVE)
    service = db.session.scalars(done.order_by((Service.by_id == by.id).desc(), Step.id.desc()).limit(1)).first()
    if service is None:
        return None
    facts = keys.open("service.facts", service.id, service.facts_sealed)
    return Filled(keys.open("service.method", service.id, service.method_sealed), ServiceFacts.from_text(facts))


def defer_reasons(kabupaten_code: str) -> list[DeferReason]:
    """The office's own list, also what is not offered any more; empty where it has never said anything."""
    own = select(DeferReason).where(DeferReason.kabupaten_code == kabupaten_code)
    return list(db.session.scalars(own.order_by(DeferReason.place, DeferReason.code)))


def referral_points(day: ServiceDay) -> list[ServicePoint]:
    """Where she can be sent on from here: hospitals first, then the other puskesmas of the kabupaten."""
    here = day.service_point
    away = (ServicePoint.kabupaten_code == here.kabupaten_code, ServicePoint.induk_id.is_(None))
    away += (ServicePoint.id != here.puskesmas_id,)
    points = db.session.scalars(select(ServicePoint).where(*away).order_by(ServicePoint.name))
    return sorted(points, key=lambda point: point.kind != "rumah_sakit")
