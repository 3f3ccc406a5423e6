"""The puskesmas's day: she came, she was served, deferred, referred, or missed; and mending what was written wrongly.

Only what the puskesmas confirms here counts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from campaign.actions import aftercare, seats, steps, stock, waiting
from campaign.actions.deeds import Claim, deed
from campaign.actions.registration import consent, nik_columns, write_consents
from campaign.actions.transaction import Stale, run
from campaign.extensions import db
from campaign.models import Akseptor, Booking, ConsentKind, Outcome, Referral, Service, ServiceDay, ServicePoint
from campaign.rules.journey import CORRECTABLE, Kind, Status, lead
from campaign.rules.methods import Method, Participant
from campaign.rules.referrals import RECALLED
from campaign.rules.refusals import BadDate, DayNotOpen, NikNeeded, StillOpen, WindowPassed, WrongStep
from campaign.rules.roles import Role
from campaign.rules.service_facts import ServiceFacts
from campaign.sealed import keys

# A seat that was sat on is used up; one of a woman who never came is free for the next in the queue.
USED_UP = {Status.ATTENDED: True, Status.BOOKED: False}
OUTCOME = {Status.SERVED: Outcome.SERVED, Status.DEFERRED: Outcome.DEFERRED, Status.REFERRED: Outcome.REFERRED}
OUTCOME |= {Status.NO_SHOW: Outcome.MISSED}
SWEPT, WENT_HOME = "sapuan", "pulang"  # why she is missed, where it was not simply that she never came


@deed("attend")
def attend(claim: Claim, akseptor: Akseptor) -> Akseptor:
    """She is here. Raises WrongStep, DayNotOpen before the day itself."""
    lead(akseptor.status, Kind.ATTEND)
    booking = seats.open_booking(akseptor)
    if booking.service_day.on > akseptor.campaign.day_of(claim.at):
        raise DayNotOpen
    seats.refuse_locked(akseptor.campaign, claim)
    seats.entered(claim, booking.service_day_id)
    seats.settle(booking, arrived_at=claim.at)
    steps.take(akseptor, Kind.ATTEND, deed=claim)
    return akseptor


@deed("welcome")
def welcome(claim: Claim, akseptor: Akseptor, *, day: ServiceDay) -> Akseptor:
    """She walked in and is registered already: a seat today, and here she is. At the counter she was counselled and is willing.

    Raises WrongStep, NotYet, DayFull, DayNotOpen.
    """
    booking = seats.open_booking(akseptor)
    is_expected = booking is not None and booking.service_day_id == day.id
    lead(akseptor.status, Kind.ATTEND if is_expected else Kind.BOOK)
    if day.on != akseptor.campaign.day_of(claim.at):
        raise DayNotOpen
    if not akseptor.is_counselled:
        write_consents(consent(claim, akseptor.id, ConsentKind.COUNSELLED, is_given=True))
        steps.change(akseptor, claim, is_counselled=True)
    if not is_expected:
        waiting.make_way(claim, day)
        booking = seats.hold(akseptor, day, deed=claim)
        steps.take(akseptor, Kind.BOOK, deed=claim)
    seats.entered(claim, day.id)
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
    facts: ServiceFacts | None = None,
    served_on: date | None = None,
    nik: str | None = None,
    no_nik_reason: str | None = None,
) -> Akseptor:
    """She received this method today, or on `served_on` where it is written down later. `facts` is what the register asks besides.

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
    seats.entered(claim, booking.service_day_id, served=1)
    seats.end(booking, Outcome.SERVED, holds_seat=True)
    steps.take(akseptor, Kind.SERVE, deed=claim, served_on=served_on, **got)
    facts = facts or ServiceFacts()
    said = {"participant": participant, "has_informed_consent": has_informed_consent, "served_on": served_on}
    service_id = _write_service(claim, akseptor, booking, method, wanted, facts, **said)
    aftercare.plan(claim, service_id, akseptor, method, served_on)
    stock.use(claim, booking.service_day, method, facts.source, served_on)
    return akseptor


def _counted_under(akseptor: Akseptor, method: str, participant: Participant) -> dict:
    """The columns that say which bead of the tally is hers."""
    return {"method_sealed": keys.seal("akseptor.method", akseptor.id, method), "participant": participant}


def _write_service(claim, akseptor, booking, method, wanted, facts: ServiceFacts, **said) -> UUID:
    service_id = uuid4()
    run(
        CONFIRM,
        id=service_id,
        akseptor_id=akseptor.id,
        booking_id=booking.id,
        method_sealed=keys.seal("service.method", service_id, method),
        wanted_sealed=keys.seal("service.wanted", service_id, wanted),
        facts_sealed=keys.seal("service.facts", service_id, facts.as_text()),
        by_id=claim.by.id,
        **said,
    )
    write_consents(consent(claim, akseptor.id, ConsentKind.INFORMED, is_given=said["has_informed_consent"]))
    return service_id


CONFIRM = insert(Service.__table__)


@deed("defer")
def defer(claim: Claim, akseptor: Akseptor, *, reason: str, until: date | None = None) -> Akseptor:
    """Not today: the reason, and when it is known the day from which she can be booked again by herself."""
    return _end_unserved(claim, akseptor, Kind.DEFER, reason=reason, until=until)


@deed("refer")
def refer(claim: Claim, akseptor: Akseptor, *, to: ServicePoint, reason: str) -> Akseptor:
    """Not here: she is sent on to another place, mostly a hospital, which answers. Raises WrongStep."""
    booking = seats.open_booking(akseptor)
    akseptor = _end_unserved(claim, akseptor, Kind.REFER, reason=reason)
    about = {"akseptor_id": akseptor.id, "booking_id": booking.id, "to_point_id": to.id, "reason": reason}
    run(SEND_ON, id=uuid4(), by_id=claim.by.id, at=claim.at, answer=None, **about)
    return akseptor


SEND_ON = insert(Referral.__table__)


@deed("miss")
def miss(claim: Claim, akseptor: Akseptor) -> Akseptor:
    """She did not come, or went home before her turn. Raises DayNotOpen before the day itself."""
    return _end_unserved(claim, akseptor, Kind.MISS, reason=WENT_HOME if akseptor.status == Status.ATTENDED else None)


def _end_unserved(claim: Claim, akseptor: Akseptor, kind: Kind, *, reason=None, until=None) -> Akseptor:
    before, after = akseptor.status, lead(akseptor.status, kind)
    booking = seats.open_booking(akseptor)
    if kind == Kind.MISS and booking.service_day.on > akseptor.campaign.day_of(claim.at):
        raise DayNotOpen
    seats.refuse_locked(akseptor.campaign, claim)
    seats.entered(claim, booking.service_day_id)
    if not USED_UP[before]:
        seats.give_back_seat(booking.service_day_id)
    seats.end(booking, OUTCOME[after], holds_seat=USED_UP[before])
    steps.take(akseptor, kind, deed=claim, reason=reason, until=until)
    return akseptor


@deed("correct")
def correct(claim: Claim, akseptor: Akseptor, *, step_id: int, reason: str) -> Akseptor:
    """What was written last about her is wrong: take it back, and say why.

    The puskesmas within the campaign's window, DPPKB after it. `step_id` is the line the person saw: when a colleague has
    mended it meanwhile this is a WrongStep, not an undo of the undo. Who did come after all, on a day that is over, is here at
    once: only expected, the next sweep would miss her again. Raises WindowPassed, Locked, DayFull when her seat has gone.
    """
    last = steps.last_step(akseptor)
    if last.id != step_id or last.kind not in CORRECTABLE:
        raise WrongStep(akseptor.status, Kind.CORRECT)
    if claim.by.role != Role.DPPKB and claim.at > last.written_at + timedelta(days=akseptor.campaign.correction_days):
        raise WindowPassed
    seats.refuse_locked(akseptor.campaign, claim)
    booking, was = seats.day_of_service(akseptor), akseptor.status
    needs_seat = last.before in (Status.BOOKED, Status.ATTENDED, Status.SERVED) or USED_UP.get(was, False)
    undone = _standing_service(akseptor) if was == Status.SERVED else None
    again = _last_undone(akseptor) if last.before == Status.SERVED else None
    seats.entered(claim, booking.service_day_id, served=bool(again) - bool(undone))
    _give_or_take_seat(booking, needs_seat)
    along = _undo(claim, undone) if undone else _redo(again) if again else {}
    is_here = was == Status.NO_SHOW and booking.service_day.on < akseptor.campaign.day_of(claim.at)
    came = claim.at if is_here or last.before in (Status.ATTENDED, Status.SERVED) else None
    arrived_at = None if last.before == Status.BOOKED and not is_here else booking.arrived_at or came
    seats.settle(booking, outcome=OUTCOME.get(last.before), holds_seat=needs_seat, arrived_at=arrived_at)
    steps.take_back(akseptor, deed=claim, reason=reason, **along)
    if is_here and akseptor.status == Status.BOOKED:
        steps.take(akseptor, Kind.ATTEND, deed=claim)
    if Status.REFERRED in (was, akseptor.status):
        _recall(claim, booking, is_recalled=was == Status.REFERRED)
    if undone:
        aftercare.drop(claim, undone.id)
        stock.give_back(claim, booking.service_day, *_what_was_used(undone))
    if again:
        aftercare.again(claim, again.id)
        stock.use(claim, booking.service_day, *_what_was_used(again))
    return akseptor


def _recall(claim: Claim, booking: Booking, *, is_recalled: bool) -> None:
    """The referral was a mistake, or was none after all."""
    hers = select(Referral).where(Referral.booking_id == booking.id).order_by(Referral.at.desc()).limit(1)
    referral = db.session.scalars(hers).one()
    said = {"answer": RECALLED, "answered_by_id": claim.by.id, "answered_at": claim.at}
    said = said if is_recalled else dict.fromkeys(said)
    db.session.execute(update(Referral).where(Referral.id == referral.id).values(said))


def _what_was_used(service: Service) -> tuple:
    facts = ServiceFacts.from_text(keys.open("service.facts", service.id, service.facts_sealed))
    method = Method(keys.open("service.method", service.id, service.method_sealed))
    return method, facts.source, service.served_on


def _give_or_take_seat(booking: Booking, needs_seat: bool) -> None:
    if needs_seat and not booking.holds_seat:
        seats.take_seat(booking.service_day_id)
    elif booking.holds_seat and not needs_seat:
        seats.give_back_seat(booking.service_day_id)


def _standing_service(akseptor: Akseptor) -> Service:
    standing = select(Service).where(Service.akseptor_id == akseptor.id, Service.undone_at.is_(None))
    service = db.session.scalars(standing).first()
    if service is None:
        raise Stale
    return service


def _last_undone(akseptor: Akseptor) -> Service:
    undone = select(Service).where(Service.akseptor_id == akseptor.id).order_by(Service.undone_at.desc()).limit(1)
    return db.session.scalars(undone).one()


def _undo(claim: Claim, service: Service) -> dict:
    _settle_service(service, undone_at=claim.at)
    wanted = keys.open("service.wanted", service.id, service.wanted_sealed)
    return _counted_under(service.akseptor, wanted, Participant.BELUM) | {"served_on": None}


def _redo(service: Service) -> dict:
    _settle_service(service, undone_at=None)
    method = keys.open("service.method", service.id, service.method_sealed)
    return _counted_under(service.akseptor, method, service.participant) | {"served_on": service.served_on}


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
    steps.take_all(claim, [(booking.akseptor, Kind.MISS) for booking in bookings], reason=SWEPT)
    return day


@deed("close_day")
def close_day(claim: Claim, day: ServiceDay) -> ServiceDay:
    """Everybody of this day has an outcome, and I have looked at all of them. Raises StillOpen with who has none, DayNotOpen."""
    if day.on > day.campaign.day_of(claim.at) or day.is_cancelled:
        raise DayNotOpen
    # The day's row first: who is booked meanwhile waits for it, and is then seen by the next who closes.
    closing = update(ServiceDay).where(ServiceDay.id == day.id, ServiceDay.closed_at.is_(None))
    db.session.execute(closing.values(closed_at=claim.at, closed_by_id=claim.by.id))
    left = select(Akseptor.name).join(Booking, Booking.akseptor_id == Akseptor.id)
    left = left.where(Booking.service_day_id == day.id, Booking.outcome.is_(None)).order_by(Akseptor.name)
    if names := list(db.session.scalars(left)):
        raise StillOpen(names)
    return day
