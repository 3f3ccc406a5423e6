"""The puskesmas's day: she came, she was served, deferred, referred, or missed; and mending what was written wrongly.

Only what the puskesmas confirms here counts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import insert, select, update

from campaign.actions import seats, steps
from campaign.actions.deeds import Claim, deed
from campaign.actions.registration import consent, nik_columns, write_consents
from campaign.actions.transaction import Stale, run
from campaign.extensions import db
from campaign.models import Akseptor, Booking, ConsentKind, Outcome, Service, ServiceDay
from campaign.rules.journey import CORRECTABLE, Kind, Status, lead
from campaign.rules.methods import Method, Participant
from campaign.rules.refusals import BadDate, DayNotOpen, NikNeeded, WindowPassed, WrongStep
from campaign.rules.roles import Role
from campaign.sealed import keys

# A seat that was sat on is used up; one of a woman who never came is free for the next in the queue.
USED_UP = {Status.ATTENDED: True, Status.BOOKED: False}
OUTCOME = {Status.SERVED: Outcome.SERVED, Status.DEFERRED: Outcome.DEFERRED, Status.REFERRED: Outcome.REFERRED}
OUTCOME |= {Status.NO_SHOW: Outcome.MISSED}


@deed("attend")
def attend(claim: Claim, akseptor: Akseptor) -> Akseptor:
    """She is here. Raises WrongStep, DayNotOpen before the day itself."""
    lead(akseptor.status, Kind.ATTEND)
    booking = seats.open_booking(akseptor)
    if booking.service_day.on > akseptor.campaign.day_of(claim.at):
        raise DayNotOpen
    seats.refuse_locked(akseptor.campaign, claim)
    seats.settle(booking, arrived_at=claim.at)
    steps.take(akseptor, Kind.ATTEND, deed=claim)
    return akseptor


@deed("serve")
def serve(
    claim: Claim,
    akseptor: Akseptor,
    *,
    method: Method,
    participant: Participant,
    has_informed_consent: bool,
    served_on: date | None = None,
    nik: str | None = None,
    no_nik_reason: str | None = None,
) -> Akseptor:
    """She received this method today, or on `served_on` where it is written down later.

    Without a NIK it is saved with the reason and counts once the NIK is entered. Raises WrongStep, NikNeeded, BadDate,
    AlreadyRegistered when the NIK now seen is another woman's of this campaign, Locked after the grace period.
    """
    lead(akseptor.status, Kind.SERVE)
    campaign, booking = akseptor.campaign, seats.open_booking(akseptor)
    seats.refuse_locked(campaign, claim)
    served_on = served_on or min(campaign.day_of(claim.at), booking.service_day.on)
    if not campaign.opens_on <= served_on <= campaign.day_of(claim.at):
        raise BadDate
    if not (akseptor.has_nik or nik or no_nik_reason):
        raise NikNeeded
    wanted = keys.open("akseptor.method", akseptor.id, akseptor.method_sealed)
    got = _counted_under(akseptor, method, participant)
    if not akseptor.has_nik:
        got |= nik_columns(akseptor.id, nik, no_nik_reason)
    seats.end(booking, Outcome.SERVED, holds_seat=True)
    steps.take(akseptor, Kind.SERVE, deed=claim, **got)
    _write_service(claim, akseptor, booking, served_on, method, wanted, participant, has_informed_consent)
    return akseptor


def _counted_under(akseptor: Akseptor, method: str, participant: Participant) -> dict:
    """The columns that say which bead of the tally is hers."""
    return {"method_sealed": keys.seal("akseptor.method", akseptor.id, method), "participant": participant}


def _write_service(claim, akseptor, booking, served_on, method, wanted, participant, has_informed_consent) -> None:
    service_id = uuid4()
    run(
        CONFIRM,
        id=service_id,
        akseptor_id=akseptor.id,
        booking_id=booking.id,
        served_on=served_on,
        method_sealed=keys.seal("service.method", service_id, method),
        wanted_sealed=keys.seal("service.wanted", service_id, wanted),
        participant=participant,
        has_informed_consent=has_informed_consent,
        by_id=claim.by.id,
    )
    write_consents(consent(claim, akseptor.id, ConsentKind.INFORMED, is_given=has_informed_consent))


CONFIRM = insert(Service.__table__)


@deed("defer")
def defer(claim: Claim, akseptor: Akseptor, *, reason: str, until: date | None = None) -> Akseptor:
    """Not today: the reason, and when it is known the day from which she can be booked again by herself."""
    return _end_unserved(claim, akseptor, Kind.DEFER, reason=reason, until=until)


@deed("miss")
def miss(claim: Claim, akseptor: Akseptor) -> Akseptor:
    """She did not come, or went home before her turn. Raises DayNotOpen before the day itself."""
    return _end_unserved(claim, akseptor, Kind.MISS)


def _end_unserved(claim: Claim, akseptor: Akseptor, kind: Kind, *, reason=None, until=None) -> Akseptor:
    before, after = akseptor.status, lead(akseptor.status, kind)
    booking = seats.open_booking(akseptor)
    if kind == Kind.MISS and booking.service_day.on > akseptor.campaign.day_of(claim.at):
        raise DayNotOpen
    seats.refuse_locked(akseptor.campaign, claim)
    if not USED_UP[before]:
        seats.give_back_seat(booking.service_day_id)
    seats.end(booking, OUTCOME[after], holds_seat=USED_UP[before])
    steps.take(akseptor, kind, deed=claim, reason=reason, until=until)
    return akseptor


@deed("correct")
def correct(claim: Claim, akseptor: Akseptor, *, step_id: int, reason: str) -> Akseptor:
    """What was written last about her is wrong: take it back, and say why.

    The puskesmas within the campaign's window, DPPKB after it. `step_id` is the line the person saw: when a colleague has
    mended it meanwhile this is a WrongStep, not an undo of the undo. Raises WindowPassed, Locked, DayFull when her seat has gone.
    """
    last = steps.last_step(akseptor)
    if last.id != step_id or last.kind not in CORRECTABLE:
        raise WrongStep(akseptor.status, Kind.CORRECT)
    if claim.by.role != Role.DPPKB and claim.at > last.written_at + timedelta(days=akseptor.campaign.correction_days):
        raise WindowPassed
    seats.refuse_locked(akseptor.campaign, claim)
    booking, was = seats.day_of_service(akseptor), akseptor.status
    needs_seat = last.before in (Status.BOOKED, Status.ATTENDED, Status.SERVED) or USED_UP.get(was, False)
    _give_or_take_seat(booking, needs_seat)
    along = _service_undone(claim, akseptor) if was == Status.SERVED else {}
    along |= _service_again(akseptor) if last.before == Status.SERVED else {}
    came = claim.at if last.before in (Status.ATTENDED, Status.SERVED) else None
    arrived_at = None if last.before == Status.BOOKED else booking.arrived_at or came
    seats.settle(booking, outcome=OUTCOME.get(last.before), holds_seat=needs_seat, arrived_at=arrived_at)
    steps.take_back(akseptor, deed=claim, reason=reason, **along)
    return akseptor


def _give_or_take_seat(booking: Booking, needs_seat: bool) -> None:
    if needs_seat and not booking.holds_seat:
        seats.take_seat(booking.service_day_id)
    elif booking.holds_seat and not needs_seat:
        seats.give_back_seat(booking.service_day_id)


def _service_undone(claim: Claim, akseptor: Akseptor) -> dict:
    standing = select(Service).where(Service.akseptor_id == akseptor.id, Service.undone_at.is_(None))
    service = db.session.scalars(standing).first()
    if service is None:
        raise Stale
    _settle_service(service, undone_at=claim.at)
    wanted = keys.open("service.wanted", service.id, service.wanted_sealed)
    return _counted_under(akseptor, wanted, Participant.BELUM)


def _service_again(akseptor: Akseptor) -> dict:
    undone = select(Service).where(Service.akseptor_id == akseptor.id).order_by(Service.undone_at.desc()).limit(1)
    service = db.session.scalars(undone).one()
    _settle_service(service, undone_at=None)
    method = keys.open("service.method", service.id, service.method_sealed)
    return _counted_under(akseptor, method, service.participant)


def _settle_service(service: Service, **columns) -> None:
    db.session.execute(update(Service).where(Service.id == service.id).values(columns))


@dataclass(frozen=True)
class Clock:
    """Who does what time sets off, and nobody's hand."""

    id = None


CLOCK = Clock()


@deed("sweep")
def sweep(claim: Claim, day: ServiceDay) -> ServiceDay:
    """The day is over: who is still only booked did not come. Running it twice finds nobody the second time."""
    expected = (
        select(Booking)
        .join(Akseptor)
        .where(Booking.service_day_id == day.id, Booking.outcome.is_(None), Akseptor.status == Status.BOOKED)
    )
    bookings = db.session.scalars(expected.order_by(Booking.akseptor_id)).all()
    for _booking in bookings:
        seats.give_back_seat(day.id)
    for booking in bookings:
        seats.end(booking, Outcome.MISSED, holds_seat=False)
    for booking in bookings:
        steps.take(booking.akseptor, Kind.MISS, deed=claim, reason="sapuan")
    return day
