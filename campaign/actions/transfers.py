"""She lives in another desa: the PLKB who has her says so, the office decides. One line in the ledger, one bead that moves."""

from uuid import UUID, uuid4

from sqlalchemy import select, text, update

from campaign.actions import seats, steps
from campaign.actions.deeds import Claim, deed, dialect, upsert
from campaign.extensions import db
from campaign.models import Akseptor, Desa, Person, Transfer
from campaign.rules.journey import MOVABLE, Kind
from campaign.rules.refusals import AlreadyDecided, AlreadyProposed, MovedOn, NoSuch, WrongStep
from campaign.rules.roles import Role


@deed("propose_transfer")
def propose_transfer(claim: Claim, akseptor: Akseptor, *, desa_code: str, why: str, rt="", rw="") -> Transfer:
    """She has moved, or was written down in the wrong desa. Until the office decides nothing about her changes.

    Raises NoSuch for a desa that is not another one of this kabupaten, AlreadyProposed, WrongStep, Locked, CampaignNotOpen.
    """
    seats.refuse_locked(akseptor.campaign, claim)
    if akseptor.status not in MOVABLE:
        raise WrongStep(akseptor.status, Kind.TRANSFER)
    desa = db.session.get(Desa, desa_code)
    if desa is None or desa.ended_on or desa.kecamatan.kabupaten_code != claim.by.kabupaten_code:
        raise NoSuch
    if desa_code == akseptor.desa_code:
        raise NoSuch
    about = {"akseptor_id": akseptor.id, "from_desa_code": akseptor.desa_code, "to_desa_code": desa_code}
    about |= {"to_rt": rt, "to_rw": rw, "why": why, "proposed_by_id": claim.by.id, "proposed_at": claim.at}
    # One open proposal for each woman: whoever comes second is told so, by the index.
    entering = upsert(Transfer.__table__, dialect()).values(id=uuid4(), **about)
    entering = entering.on_conflict_do_nothing(index_elements=["akseptor_id"], index_where=text("decided_at IS NULL"))
    transfer_id = db.session.execute(entering.returning(Transfer.__table__.c.id)).scalar()
    if transfer_id is None:
        raise AlreadyProposed
    return db.session.get_one(Transfer, transfer_id)


@deed("accept_transfer")
def accept_transfer(claim: Claim, transfer: Transfer) -> Transfer:
    """Yes, she lives there now: her desa, RT, RW and kader are the new ones, she is counted there, her booking stays.

    Raises AlreadyDecided; MovedOn when she or the new desa is not any more as it was proposed; WrongStep, Locked.
    """
    akseptor = transfer.akseptor
    seats.refuse_locked(akseptor.campaign, claim)
    _decide(transfer, claim, is_accepted=True)
    if akseptor.desa_code != transfer.from_desa_code or transfer.to_desa.ended_on:
        raise MovedOn
    kader_id = _kader_of(transfer.to_desa_code, transfer.to_rw)
    there = {"desa_code": transfer.to_desa_code, "rt": transfer.to_rt, "rw": transfer.to_rw, "kader_id": kader_id}
    steps.transfer(akseptor, deed=claim, **there)
    return transfer


@deed("reject_transfer")
def reject_transfer(claim: Claim, transfer: Transfer) -> Transfer:
    """No: she stays where she is, and who proposed it reads so. Raises AlreadyDecided."""
    _decide(transfer, claim, is_accepted=False)
    return transfer


@deed("drop_transfer")
def drop_transfer(claim: Claim, transfer: Transfer) -> Transfer:
    """It was a mistake: her PLKB takes the proposal back before it is decided. Raises AlreadyDecided."""
    _decide(transfer, claim, is_accepted=None)
    return transfer


def _decide(transfer: Transfer, claim: Claim, *, is_accepted: bool | None) -> None:
    still_open = update(Transfer).where(Transfer.id == transfer.id, Transfer.decided_at.is_(None))
    deciding = still_open.values(is_accepted=is_accepted, decided_by_id=claim.by.id, decided_at=claim.at)
    if db.session.execute(deciding, execution_options={"synchronize_session": False}).rowcount == 0:
        raise AlreadyDecided
    db.session.expire(transfer)


def _kader_of(desa_code: str, rw: str) -> UUID | None:
    """Who looks after her there: the kader of her RW, else one of the whole desa, else nobody but the PLKB."""
    here = (Person.role == Role.KADER, Person.desa_code == desa_code, Person.disabled_at.is_(None))
    kader = select(Person.id).where(*here, (Person.rw == rw) | Person.rw.is_(None))
    return db.session.scalar(kader.order_by(Person.rw.is_(None), Person.name, Person.id).limit(1))
