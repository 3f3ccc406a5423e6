"""Visits after the service: the office's plan, whose visit is due where, what was found."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import false, or_, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import AfterPlan, Akseptor, Booking, Campaign, FollowUp, Service, ServiceDay, ServicePoint
from campaign.queries import scope
from campaign.rules.aftercare import DEFAULT, ENDS, PRODUCT_LASTS, Plan, Visit, months_after, removal_on
from campaign.rules.journey import Status
from campaign.rules.methods import Method
from campaign.rules.needs import VISIT_AHEAD
from campaign.rules.registers import Month
from campaign.rules.roles import Role
from campaign.rules.service_facts import ServiceFacts
from campaign.sealed import keys, the_keys

COMING = timedelta(days=30)  # so far ahead the list of the puskesmas looks
MOST_ON_A_LIST = 200


def plans(kabupaten_code: str) -> dict[Method, Plan]:
    """The plan of every method that has one: what the office says, else what the rules begin with."""
    said = db.session.scalars(select(AfterPlan).where(AfterPlan.kabupaten_code == kabupaten_code))
    return DEFAULT | {Method(row.method): Plan(tuple(row.visit_days), row.lasts_months) for row in said}


def plan_of(kabupaten_code: str, method: Method) -> Plan:
    return plans(kabupaten_code).get(method, Plan())


def _standing(by):
    """Visits of services she may see to: those given at her points, or for kader and PLKB those of her women."""
    stands = (
        select(FollowUp)
        .join(Service, Service.id == FollowUp.service_id)
        .join(Akseptor, Akseptor.id == FollowUp.akseptor_id)
    )
    return stands.where(FollowUp.undone_at.is_(None), Service.undone_at.is_(None), _hers(by))


def _hers(by):
    if by.role == Role.PUSKESMAS:
        here = select(Booking.id).join(ServiceDay, ServiceDay.id == Booking.service_day_id).where(scope.days_of(by))
        return Service.booking_id.in_(here)
    if by.role in (Role.KADER, Role.PLKB):
        return scope.akseptor_of(by, today=None)
    return false()


def _with_her(rows):
    her = joinedload(FollowUp.akseptor)
    at = joinedload(FollowUp.service).joinedload(Service.booking).joinedload(Booking.service_day)
    return rows.options(
        her.joinedload(Akseptor.desa), her.joinedload(Akseptor.kader), her.joinedload(Akseptor.campaign),
        at.joinedload(ServiceDay.service_point),
    )  # fmt: skip


def due_visits(
    campaign, *, seen_by, today: date, ahead: timedelta = COMING, point_id: UUID | None = None
) -> list[FollowUp]:
    """Whose visit is overdue or comes soon, the longest overdue first."""
    due = _standing(seen_by).where(
        Akseptor.campaign_id == campaign.id, FollowUp.done_on.is_(None), FollowUp.due_on <= today + ahead
    )
    if point_id:
        there = select(Booking.id).join(ServiceDay, ServiceDay.id == Booking.service_day_id)
        due = due.where(Service.booking_id.in_(there.where(ServiceDay.service_point_id == point_id)))
    in_order = due.order_by(FollowUp.due_on, Akseptor.name, FollowUp.id).limit(MOST_ON_A_LIST)
    return list(db.session.scalars(_with_her(in_order)))


def visits_due(akseptor_list, *, today: date) -> dict[UUID, FollowUp]:
    """Of these women, by akseptor id, the visit that has been due longest; those that come later are left out."""
    ids = [akseptor.id for akseptor in akseptor_list if akseptor.status == Status.SERVED]
    due = select(FollowUp).where(
        FollowUp.akseptor_id.in_(ids), FollowUp.done_on.is_(None), FollowUp.undone_at.is_(None)
    )
    rows = db.session.scalars(
        due.where(FollowUp.due_on <= today + VISIT_AHEAD).order_by(FollowUp.due_on.desc(), FollowUp.id)
    )
    return {visit.akseptor_id: visit for visit in rows}


def follow_up(follow_up_id: UUID, *, seen_by) -> FollowUp:
    """One of those visits, due or done. Raises NoSuch."""
    return scope.one(_with_her(_standing(seen_by).where(FollowUp.id == follow_up_id)))


def service(service_id: UUID, *, seen_by) -> Service:
    """A service that stands, given at her points or to one of her women. Raises NoSuch."""
    hers = select(Service).join(Akseptor, Akseptor.id == Service.akseptor_id)
    hers = hers.where(Service.id == service_id, Service.undone_at.is_(None), _hers(seen_by))
    her, at = joinedload(Service.akseptor), joinedload(Service.booking).joinedload(Booking.service_day)
    return scope.one(
        hers.options(
            her.joinedload(Akseptor.desa), her.joinedload(Akseptor.campaign), at.joinedload(ServiceDay.service_point)
        )
    )


def aftercare_of(akseptor_id: UUID, *, seen_by) -> Service | None:
    """Her standing service, where the one who asks may see to it."""
    hers = select(Service.id).join(Akseptor, Akseptor.id == Service.akseptor_id)
    found = db.session.scalar(
        hers.where(Service.akseptor_id == akseptor_id, Service.undone_at.is_(None), _hers(seen_by))
    )
    return service(found, seen_by=seen_by) if found else None


def visits_of(service: Service) -> list[FollowUp]:
    """Her visits in order, done and due."""
    hers = select(FollowUp).where(FollowUp.service_id == service.id, FollowUp.undone_at.is_(None))
    return list(
        db.session.scalars(hers.order_by(FollowUp.done_on.is_(None), FollowUp.done_on, FollowUp.due_on, FollowUp.id))
    )


def found_at(visit: FollowUp) -> Visit | None:
    """What was found; none while it is due. Raises CannotOpen."""
    text = keys.open("follow_up.found", visit.id, visit.found_sealed)
    return Visit.from_text(text) if text else None


class Given(NamedTuple):
    """What she got, and until when it lasts: nothing where it does so for good, or is out already."""

    method: Method
    removal_on: date | None


def given(service: Service) -> Given:
    """The method of a service and when it should be taken out. The caller has logged who looks. Raises CannotOpen."""
    method = Method(keys.open("service.method", service.id, service.method_sealed))
    facts = ServiceFacts.from_text(keys.open("service.facts", service.id, service.facts_sealed))
    plan = plan_of(service.akseptor.campaign.kabupaten_code, method)
    ended = any(seen.found in ENDS for seen in map(found_at, visits_of(service)) if seen)
    return Given(method, None if ended else removal_on(service.served_on, plan, facts.product))


def points_visited(campaign, *, seen_by) -> list[ServicePoint]:
    """The points of hers where somebody was served: by these the list can be narrowed."""
    there = select(ServiceDay.service_point_id).where(ServiceDay.campaign_id == campaign.id)
    mine = select(ServicePoint).where(scope.points_of(seen_by), ServicePoint.id.in_(there))
    return list(db.session.scalars(mine.order_by(ServicePoint.name)))


class Removal(NamedTuple):
    """What should be taken out of her, and when."""

    service: Service
    method: Method
    product: str | None
    on: date


def removal_months(*, seen_by, today: date) -> list[Month]:
    """The months, from a year ago on, in which something she gave may be due to be taken out, whatever it was."""
    days = db.session.scalars(_to_be_removed(seen_by).with_only_columns(Service.served_on).distinct())
    ends = {Month.of(months_after(day, lasts)) for day in days for lasts in _lasting(seen_by.kabupaten_code)}
    return sorted((month for month in ends if month.first >= months_after(today, -12)), key=str)


def removals_due(first: Month, last: Month, *, seen_by) -> list[Removal]:
    """What is to be taken out in these months, of services at her points, the earliest first. The caller has logged who looks.

    Only services of the months from which it can be are opened. Raises CannotOpen.
    """
    months = [
        Service.served_on.between(months_after(first.first, -lasts), Month.of(months_after(last.first, -lasts)).last)
        for lasts in _lasting(seen_by.kabupaten_code)
    ]
    her, at = joinedload(Service.akseptor), joinedload(Service.booking).joinedload(Booking.service_day)
    given = _to_be_removed(seen_by).where(or_(false(), *months))
    given = given.options(
        her.joinedload(Akseptor.desa), her.joinedload(Akseptor.kader), at.joinedload(ServiceDay.service_point)
    )
    services, opener, office = db.session.scalars(given).all(), the_keys(), plans(seen_by.kabupaten_code)
    seen = select(FollowUp.id, FollowUp.service_id, FollowUp.found_sealed).where(
        FollowUp.service_id.in_([service.id for service in services]),
        FollowUp.done_on.is_not(None),
        FollowUp.undone_at.is_(None),
    )
    ended = {
        row.service_id
        for row in db.session.execute(seen)
        if Visit.from_text(opener.open("follow_up.found", row.id, row.found_sealed)).found in ENDS
    }
    due = []
    for service in services:
        method = Method(opener.open("service.method", service.id, service.method_sealed))
        product = ServiceFacts.from_text(opener.open("service.facts", service.id, service.facts_sealed)).product
        on = removal_on(service.served_on, office.get(method, Plan()), product)
        if on and first.first <= on <= last.last and service.id not in ended:
            due.append(Removal(service, method, product, on))
    return sorted(due, key=lambda removal: (removal.on, removal.service.akseptor.name))


def _to_be_removed(by):
    """Services that stand, given at her points; of a rehearsal's nothing is left."""
    given = select(Service).join(Akseptor, Akseptor.id == Service.akseptor_id)
    given = given.join(Campaign, Campaign.id == Akseptor.campaign_id)
    return given.where(Service.undone_at.is_(None), ~Campaign.is_rehearsal, _hers(by))


def _lasting(kabupaten_code: str) -> set[int]:
    """After how many months something may have to be taken out."""
    said = {plan.lasts_months for plan in plans(kabupaten_code).values()} - {None}
    return said | set(PRODUCT_LASTS.values())
