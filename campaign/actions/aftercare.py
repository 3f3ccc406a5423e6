"""After the service: visits are planned when it is confirmed, fall when it is taken back, and what they found is written down."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update

from campaign.actions.deeds import Claim, deed
from campaign.actions.transaction import insert_many, run
from campaign.extensions import db
from campaign.models import AfterPlan, Akseptor, FollowUp, Kabupaten, Service, ServicePoint, Step
from campaign.queries.aftercare import plan_of
from campaign.rules.aftercare import AT_HOME, DEFAULT, ENDS, Found, Plan, Visit, days_due
from campaign.rules.journey import Kind
from campaign.rules.methods import Method
from campaign.rules.refusals import BadDate, NotAllowed, VisitSettled
from campaign.rules.roles import Role
from campaign.sealed import keys

PLANNED = FollowUp.__table__


# ---- Within the deeds of the day ----


def plan(claim: Claim, service_id: UUID, akseptor: Akseptor, method: Method, served_on: date) -> None:
    """She was served: her visits, by the office's plan for this method."""
    days = days_due(served_on, plan_of(akseptor.campaign.kabupaten_code, method))
    rows = [{"id": uuid4(), "due_on": due_on} for due_on in days]
    insert_many(PLANNED, rows, service_id=service_id, akseptor_id=akseptor.id, is_planned=True)


def drop(claim: Claim, service_id: UUID) -> None:
    """The service was taken back, and with it everything after it."""
    _settle(FollowUp.service_id == service_id, FollowUp.undone_at.is_(None), undone_at=claim.at)


def again(claim: Claim, service_id: UUID) -> None:
    """That was wrong: what fell with the service stands again; a visit that was itself wrong, or not due any more, does not."""
    # A correction writes its step and drops the visits at one moment.
    fell = select(Step.written_at).where(Step.akseptor_id == FollowUp.akseptor_id, Step.kind == Kind.CORRECT)
    _settle(FollowUp.service_id == service_id, FollowUp.undone_at.in_(fell), undone_at=None)


def _settle(*those, **columns) -> int:
    return db.session.execute(
        update(FollowUp).where(*those).values(columns).execution_options(synchronize_session=False)
    ).rowcount


# ---- Deeds ----


@deed("visit")
def visit(
    claim: Claim, follow_up: FollowUp, *, found: Found, done_on: date, point: ServicePoint | None = None
) -> FollowUp:
    """The visit that was due has taken place; at her home where no point is said.

    Raises VisitSettled when somebody else has written it down, NotAllowed, BadDate.
    """
    _refuse(claim, follow_up.service, found, done_on)
    _done(claim, follow_up.id, follow_up.service, found, done_on, point)
    return follow_up


@deed("visit_unplanned")
def visit_unplanned(
    claim: Claim, service: Service, *, found: Found, done_on: date, point: ServicePoint | None = None
) -> FollowUp:
    """She came, or was visited, without a date. Raises NotAllowed, BadDate, VisitSettled when the service was taken back."""
    _refuse(claim, service, found, done_on)
    came = FollowUp(
        id=uuid4(), service_id=service.id, akseptor_id=service.akseptor_id, due_on=done_on, is_planned=False
    )
    db.session.add(came)
    db.session.flush()
    _done(claim, came.id, service, found, done_on, point)
    return came


def _refuse(claim: Claim, service: Service, found: Found, done_on: date) -> None:
    if claim.by.role != Role.PUSKESMAS and found not in AT_HOME:
        raise NotAllowed
    if not service.served_on <= done_on <= service.akseptor.campaign.day_of(claim.at):
        raise BadDate
    # Locked until the end: whoever takes the service back meanwhile waits, and then finds this visit too.
    stands = select(Service.id).where(Service.id == service.id, Service.undone_at.is_(None))
    if db.session.scalar(stands.with_for_update()) is None:
        raise VisitSettled


def _done(claim: Claim, visit_id: UUID, service: Service, found: Found, done_on: date, point) -> None:
    method = Method(keys.open("service.method", service.id, service.method_sealed))
    sealed = keys.seal("follow_up.found", visit_id, Visit(found, method).as_text())
    about = {"done_on": done_on, "done_at": claim.at, "by_id": claim.by.id, "found_sealed": sealed}
    is_due = (FollowUp.id == visit_id, FollowUp.done_on.is_(None), FollowUp.undone_at.is_(None))
    if not _settle(*is_due, **about, point_id=point.id if point else None):
        raise VisitSettled
    if found in ENDS:
        _settle(*_due_of(service), undone_at=claim.at)


def _due_of(service: Service) -> tuple:
    return FollowUp.service_id == service.id, FollowUp.done_on.is_(None), FollowUp.undone_at.is_(None)


@deed("undo_visit")
def undo_visit(claim: Claim, follow_up: FollowUp) -> FollowUp:
    """That visit was written down wrongly: it stays readable as taken back, and is due again where it was planned.

    Who is not of the puskesmas may take back only her own. Raises VisitSettled, NotAllowed.
    """
    if claim.by.role != Role.PUSKESMAS and follow_up.by_id != claim.by.id:
        raise NotAllowed
    stands = (FollowUp.id == follow_up.id, FollowUp.done_on.is_not(None), FollowUp.undone_at.is_(None))
    if not _settle(*stands, undone_at=claim.at):
        raise VisitSettled
    is_ended = _ended_at(follow_up.service_id)
    if follow_up.is_planned:
        due = {"service_id": follow_up.service_id, "akseptor_id": follow_up.akseptor_id, "is_planned": True}
        run(insert(PLANNED), id=uuid4(), due_on=follow_up.due_on, undone_at=is_ended, **due)
    # It had ended those still due: they are due again.
    ended = (FollowUp.done_on.is_(None), FollowUp.undone_at == follow_up.done_at)
    _settle(FollowUp.service_id == follow_up.service_id, *ended, undone_at=is_ended)
    return follow_up


def _ended_at(service_id: UUID) -> datetime | None:
    """When a visit that stands ended those still due; what becomes due meanwhile fell with it, and rises with it."""
    done = select(FollowUp).where(FollowUp.service_id == service_id, FollowUp.done_on.is_not(None))
    done = db.session.scalars(done.where(FollowUp.undone_at.is_(None)).order_by(FollowUp.done_at))
    found = ((v.done_at, Visit.from_text(keys.open("follow_up.found", v.id, v.found_sealed)).found) for v in done)
    return next((at for at, what in found if what in ENDS), None)


@deed("set_plan")
def set_plan(
    claim: Claim, kabupaten: Kabupaten, *, method: Method, visit_days: list[int], lasts_months: int | None = None
):
    """From now on who gets this method is seen so many days after it. Visits that were planned already stay."""
    run(delete(AfterPlan.__table__).where(AfterPlan.kabupaten_code == kabupaten.code, AfterPlan.method == method))
    if Plan(tuple(visit_days), lasts_months) != DEFAULT.get(method, Plan()):
        about = {"kabupaten_code": kabupaten.code, "method": method}
        run(insert(AfterPlan.__table__), **about, visit_days=visit_days, lasts_months=lasts_months)


@deed("set_report_day")
def set_report_day(claim: Claim, kabupaten: Kabupaten, *, report_day: int):
    """The registers of a month must be in by this day of the next one."""
    db.session.execute(update(Kabupaten).where(Kabupaten.code == kabupaten.code).values(report_day=report_day))
