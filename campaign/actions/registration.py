"""Finding her and asking her: registration, the walk-in, counselling, her NIK, and leaving again."""

from uuid import uuid4

from sqlalchemy import insert, select, update

from campaign.actions import seats, steps, waiting
from campaign.actions.deeds import Claim, deed
from campaign.extensions import db
from campaign.models import Akseptor, Campaign, Consent, ConsentKind, Outcome, ServiceDay
from campaign.rules import sounds
from campaign.rules.couple import Couple
from campaign.rules.journey import Kind, Status, lead
from campaign.rules.methods import Method, Participant
from campaign.rules.refusals import AlreadyRegistered
from campaign.rules.roles import Role
from campaign.sealed import Keys, keys

CONSENT_TEXT = "2026-12"  # which wording of the consent was read to her; the wordings stand in words.py
UNASKED = Couple()


@deed("register")
def register(claim: Claim, *, campaign: Campaign, desa_code: str | None = None, **answers) -> Akseptor:
    """I found a calon akseptor, told her what is kept about her, and she agrees.

    The desa is the kader's own; only somebody who looks after several says which. Raises AlreadyRegistered, CampaignNotOpen.
    """
    seats.refuse_closed(campaign, claim)
    return enrol(claim, campaign=campaign, desa_code=claim.by.desa_code or desa_code, kader_id=claim.by.id, **answers)


@deed("walk_in")
def walk_in(claim: Claim, day: ServiceDay, *, desa_code: str | None, kader_id=None, **answers) -> Akseptor:
    """She stands at our counter without a booking: register her, give her a seat and note that she is here.

    `desa_code` is none for a woman from outside the kabupaten. Raises AlreadyRegistered, DayFull, DayNotOpen.
    """
    # Before her bead: who is received at the next desk holds the day and wants the same row of the tally.
    seats.entered(claim, day.id)
    waiting.make_way(claim, day)
    akseptor = enrol(claim, campaign=day.campaign, desa_code=desa_code, kader_id=kader_id, **answers)
    booking = seats.hold(akseptor, day, deed=claim)
    steps.take(akseptor, Kind.BOOK, deed=claim)
    steps.take(akseptor, Kind.ATTEND, deed=claim)
    seats.settle(booking, arrived_at=claim.at)
    return akseptor


def enrol(
    claim: Claim,
    *,
    campaign: Campaign,
    is_counselled: bool,
    nik: str | None = None,
    rw: str = "",
    consent_text: str = CONSENT_TEXT,
    **about,
) -> Akseptor:
    """She enters the campaign inside a deed, with the consents she gave. Raises AlreadyRegistered."""
    akseptor_id = uuid4()
    about |= {"is_counselled": is_counselled, "nik": nik}
    about["rw"] = claim.by.rw or rw if claim.by.role == Role.KADER else rw
    akseptor = steps.start(claim, id=akseptor_id, campaign_id=campaign.id, **her_columns(akseptor_id, **about))
    if akseptor is None:
        akseptor = _returning(campaign, nik)
        fresh = her_columns(akseptor.id, **about) | {"participant": Participant.BELUM}
        steps.take(akseptor, Kind.REGISTER, deed=claim, **fresh)
    _write_consents(claim, akseptor.id, is_counselled, consent_text)
    return akseptor


def _returning(campaign: Campaign, nik: str) -> Akseptor:
    """Who withdrew may come back without anybody being told that she had; everybody else stands here already."""
    same = select(Akseptor).where(Akseptor.campaign_id == campaign.id, Akseptor.nik_index == keys.index("nik", nik))
    akseptor = db.session.scalars(same).one()
    if akseptor.status != Status.WITHDRAWN:
        raise AlreadyRegistered(akseptor.desa.kecamatan.name if akseptor.desa else None)
    return akseptor


def her_columns(
    row,
    *,
    desa_code: str | None,
    name: str,
    wanted: Method,
    is_counselled: bool,
    kader_id=None,
    nik: str | None = None,
    no_nik_reason: str | None = None,
    birth_date=None,
    phone: str | None = None,
    address: str | None = None,
    rt: str = "",
    rw: str = "",
    couple: Couple = UNASKED,
    paper_row: str | None = None,
    keys: Keys = keys,
) -> dict:
    """What is kept of a woman, as the columns of her row; what a stolen file must not tell is sealed."""
    return {
        "desa_code": desa_code,
        "name": name,
        "sound": sounds.key(name),
        "paper_row": paper_row,
        "birth_date": birth_date,
        "rt": rt,
        "rw": rw,
        "phone_sealed": keys.seal("akseptor.phone", row, phone),
        "address_sealed": keys.seal("akseptor.address", row, address),
        "couple_sealed": keys.seal("akseptor.couple", row, couple.as_text()),
        "method_sealed": keys.seal("akseptor.method", row, wanted),
        "is_counselled": is_counselled,
        "kader_id": kader_id,
        **nik_columns(row, nik, no_nik_reason, keys=keys),
    }


def nik_columns(row, nik: str | None, no_nik_reason: str | None = None, *, keys: Keys = keys) -> dict:
    """The columns that hold a NIK, sealed and indexed, or the reason why there is none."""
    return {
        "nik_sealed": keys.seal("akseptor.nik", row, nik),
        "nik_index": keys.index("nik", nik) if nik else None,
        "no_nik_reason": None if nik else no_nik_reason,
        "has_nik": bool(nik),
    }


def _write_consents(claim: Claim, akseptor_id, is_counselled: bool, text: str) -> None:
    given = [ConsentKind.DATA] + ([ConsentKind.COUNSELLED] if is_counselled else [])
    write_consents(*(consent(claim, akseptor_id, kind, is_given=True) | {"text_version": text} for kind in given))


CONSENT = insert(Consent.__table__)


def write_consents(*records: dict) -> None:
    db.session.connection().execute(CONSENT, records)


def consent(claim: Claim, akseptor_id, kind: ConsentKind, *, is_given: bool) -> dict:
    """One of the three consent records."""
    return {
        "id": uuid4(),
        "akseptor_id": akseptor_id,
        "kind": kind,
        "is_given": is_given,
        "text_version": CONSENT_TEXT,
        "by_id": claim.by.id,
        "given_at": claim.at,
    }


@deed("counsel")
def counsel(claim: Claim, akseptor: Akseptor) -> Akseptor:
    """She has been counselled and is willing: now a seat may be held for her."""
    seats.refuse_closed(akseptor.campaign, claim)
    write_consents(consent(claim, akseptor.id, ConsentKind.COUNSELLED, is_given=True))
    steps.change(akseptor, claim, is_counselled=True)
    return akseptor


@deed("enter_nik")
def enter_nik(claim: Claim, akseptor: Akseptor, *, nik: str) -> Akseptor:
    """Her KTP has turned up. If she was served without it, she counts from now on. Raises AlreadyRegistered, Locked."""
    seats.refuse_locked(akseptor.campaign, claim)
    steps.nik_entered(akseptor, deed=claim, **nik_columns(akseptor.id, nik))
    return akseptor


@deed("withdraw")
def withdraw(claim: Claim, akseptor: Akseptor) -> Akseptor:
    """She does not want it any more. One step, no reason asked, at once."""
    lead(akseptor.status, Kind.WITHDRAW)
    if booking := seats.open_booking(akseptor):
        seats.give_back_seat(booking.service_day_id)
        seats.end(booking, Outcome.WITHDREW, holds_seat=False)
    seats.stop_waiting(akseptor.id, claim)
    steps.take(akseptor, Kind.WITHDRAW, deed=claim, is_counselled=False)
    standing = update(Consent).where(Consent.akseptor_id == akseptor.id, Consent.withdrawn_at.is_(None))
    db.session.execute(standing.values(withdrawn_at=claim.at))
    return akseptor
