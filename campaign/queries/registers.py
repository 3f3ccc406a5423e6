"""What a puskesmas reports of a month: its services and visits as lines, its stock book, and what was taken back too late."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload, undefer

from campaign.extensions import db
from campaign.models import (
    Akseptor,
    Booking,
    Campaign,
    FollowUp,
    Kabupaten,
    Person,
    PointKind,
    Service,
    ServiceDay,
    ServicePoint,
    StockKind,
    StockLine,
)
from campaign.queries import scope
from campaign.rules.aftercare import Found, Visit
from campaign.rules.couple import Couple
from campaign.rules.methods import Method
from campaign.rules.refusals import NoSuch
from campaign.rules.registers import Line, Month
from campaign.rules.service_facts import ServiceFacts
from campaign.sealed import keys, the_keys

IN_FORM = (Found.KOMPLIKASI, Found.KEGAGALAN, Found.PENCABUTAN, Found.EKSPULSI)  # the last one stands beside the form


def faskes_list(*, seen_by) -> list[ServicePoint]:
    """Who reports: a puskesmas for itself, the office sees all of them and the hospitals."""
    reports = or_(ServicePoint.induk_id.is_(None), ServicePoint.id == seen_by.service_point_id)
    mine = select(ServicePoint).where(scope.points_of(seen_by), reports)
    return list(db.session.scalars(mine.order_by(ServicePoint.name)))


def faskes(faskes_id: UUID, *, seen_by) -> ServicePoint:
    """One of those. Raises NoSuch."""
    found = next((one for one in faskes_list(seen_by=seen_by) if one.id == faskes_id), None)
    if found is None:
        raise NoSuch
    return found


def _its_points(faskes: ServicePoint):
    return select(ServicePoint.id).where(or_(ServicePoint.id == faskes.id, ServicePoint.induk_id == faskes.id))


def _services(faskes: ServicePoint):
    """Its services, also those taken back. A rehearsal's women are invented."""
    given = select(Service).join(Booking, Booking.id == Service.booking_id).join(ServiceDay).join(Campaign)
    return given.where(ServiceDay.service_point_id.in_(_its_points(faskes)), ~Campaign.is_rehearsal)


def _visits(faskes: ServicePoint):
    """Visits seen at its points: where she was served there, too, and came to no other point."""
    hers = select(FollowUp).join(Service, Service.id == FollowUp.service_id)
    hers = hers.join(Booking, Booking.id == Service.booking_id).join(ServiceDay).join(Campaign)
    where = func.coalesce(FollowUp.point_id, ServiceDay.service_point_id)
    return hers.where(where.in_(_its_points(faskes)), ~Campaign.is_rehearsal, FollowUp.done_on.is_not(None))


SEALED = (Akseptor.nik_sealed, Akseptor.phone_sealed, Akseptor.couple_sealed, Akseptor.address_sealed)


def _whole(her):
    return her.options(*map(undefer, SEALED)).joinedload(Akseptor.desa)


def register_lines(faskes: ServicePoint, month: Month) -> list[Line]:
    """What stands of this month. The caller has logged who looks. Raises CannotOpen."""
    at = joinedload(Service.booking).joinedload(Booking.service_day).joinedload(ServiceDay.service_point)
    given = _services(faskes).where(Service.served_on.between(month.first, month.last), Service.undone_at.is_(None))
    services = db.session.scalars(given.options(_whole(joinedload(Service.akseptor)), at)).all()
    seen = _visits(faskes).where(FollowUp.done_on.between(month.first, month.last), FollowUp.undone_at.is_(None))
    at = joinedload(FollowUp.service).options(at)
    visits = db.session.scalars(seen.options(_whole(joinedload(FollowUp.akseptor)), at)).all()
    opener = the_keys()  # hundreds of fields: looked up once
    opened = [
        (visit, Visit.from_text(opener.open("follow_up.found", visit.id, visit.found_sealed))) for visit in visits
    ]
    told = _who_told([*services, *visits])
    places = _names(faskes)
    return [
        *(_service_line(opener, service, told) for service in services),
        *(_visit_line(opener, visit, found, told, places) for visit, found in opened if found.found in IN_FORM),
    ]


def _names(faskes: ServicePoint) -> dict[UUID, str]:
    rows = db.session.execute(
        select(ServicePoint.id, ServicePoint.name).where(ServicePoint.id.in_(_its_points(faskes)))
    )
    return dict(rows.all())


def _who_told(rows) -> dict[UUID, str]:
    ids = {row.siga_by_id for row in rows if row.siga_by_id}
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def _her_columns(opener, her: Akseptor) -> dict:
    couple = Couple.from_text(opener.open("akseptor.couple", her.id, her.couple_sealed))
    home = f"RT {her.rt}/RW {her.rw} " if her.rt or her.rw else ""
    lives = home + (her.desa.name if her.desa else "")
    return {
        "name": her.name,
        "her_id": her.id,
        "birth_date": her.birth_date,
        "nik": opener.open("akseptor.nik", her.id, her.nik_sealed),
        "no_nik_reason": her.no_nik_reason,
        "phone": opener.open("akseptor.phone", her.id, her.phone_sealed),
        "address": lives if her.desa else opener.open("akseptor.address", her.id, her.address_sealed) or "",
        "is_outside": her.desa is None,
        "husband": couple.husband,
        "husband_nik": couple.husband_nik,
    }


def _siga(row, told) -> dict:
    return {"siga_at": row.siga_at, "siga_by": told.get(row.siga_by_id)}


def _service_line(opener, service: Service, told) -> Line:
    point = service.booking.service_day.service_point
    facts = ServiceFacts.from_text(opener.open("service.facts", service.id, service.facts_sealed))
    if point.kind == PointKind.BERGERAK:
        facts = replace(facts, is_mobile=True)
    return Line(
        id=service.id,
        on=service.served_on,
        method=Method(opener.open("service.method", service.id, service.method_sealed)),
        point=point.name,
        participant=service.participant,
        has_informed_consent=service.has_informed_consent,
        facts=facts,
        **_her_columns(opener, service.akseptor),
        **_siga(service, told),
    )


def _visit_line(opener, visit: FollowUp, seen: Visit, told, places) -> Line:
    at = visit.service.booking.service_day.service_point.name
    return Line(
        id=visit.id,
        on=visit.done_on,
        method=seen.method,
        found=seen.found,
        point=places.get(visit.point_id, at),
        **_her_columns(opener, visit.akseptor),
        **_siga(visit, told),
    )


class TakenBack(NamedTuple):
    """A line that does not stand any more, though its month was over when that was said."""

    on: date
    name: str
    at: datetime  # when it was taken back
    was_in_siga: bool
    is_visit: bool


def taken_back(faskes: ServicePoint, month: Month, kabupaten: Kabupaten) -> list[TakenBack]:
    """Lines of this month taken back after it, and those of earlier months taken back in it: both registers say so."""
    found = []
    for rows, on, is_visit in (
        (
            _services(faskes).options(joinedload(Service.akseptor)).where(Service.undone_at.is_not(None)),
            "served_on",
            False,
        ),
        (
            _visits(faskes).options(joinedload(FollowUp.akseptor)).where(FollowUp.undone_at.is_not(None)),
            "done_on",
            True,
        ),
    ):
        table = FollowUp if is_visit else Service
        near = getattr(table, on).between(month.first - timedelta(days=400), month.last)
        for row in db.session.scalars(rows.where(near)):
            happened, undone = Month.of(getattr(row, on)), Month.of(kabupaten.day_of(row.undone_at))
            if happened < undone and month in (happened, undone):
                found.append(
                    TakenBack(getattr(row, on), row.akseptor.name, row.undone_at, row.siga_at is not None, is_visit)
                )
    return sorted(found, key=lambda one: (one.on, one.name))


def visits_beside(faskes: ServicePoint, month: Month) -> int:
    """Visits of this month that no form asks for: kontrol and keluhan, at the puskesmas or at her home."""
    seen = _visits(faskes).where(FollowUp.done_on.between(month.first, month.last), FollowUp.undone_at.is_(None))
    opened = (
        Visit.from_text(keys.open("follow_up.found", row.id, row.found_sealed)) for row in db.session.scalars(seen)
    )
    return sum(visit.found not in IN_FORM for visit in opened)


# ---- R/II/KB/20 ----


class StockRow(NamedTuple):
    """One method and source in the book of a month: what there was, what came and went, what there is."""

    method: Method
    source: str
    before: int
    moved: Counter
    after: int


def stock_book(faskes: ServicePoint, month: Month) -> list[StockRow]:
    """Empty where this puskesmas keeps no book."""
    is_now = StockLine.on >= month.first
    summed = (
        select(
            StockLine.method,
            StockLine.source,
            StockLine.kind,
            func.sum(case((is_now, StockLine.number), else_=0)),
            func.sum(case((is_now, 0), else_=StockLine.number)),
        )
        .where(StockLine.puskesmas_id == faskes.id, StockLine.on <= month.last)
        .group_by(StockLine.method, StockLine.source, StockLine.kind)
    )
    before, moved = Counter(), {}
    for method, source, kind, number, earlier in db.session.execute(summed):
        moved.setdefault((method, source), Counter(dict.fromkeys(StockKind, 0)))[kind] += int(number)
        before[method, source] += int(earlier)
    return [
        StockRow(method, source, before[method, source], row, before[method, source] + sum(row.values()))
        for (method, source), row in sorted(moved.items())
    ]
