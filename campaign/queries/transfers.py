"""Women who are to be counted in another desa: proposed, decided, coming."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Akseptor, Campaign, Desa, Person, Transfer
from campaign.queries import scope
from campaign.rules.journey import MOVABLE
from campaign.rules.roles import Role

WITH_ALL = (
    joinedload(Transfer.akseptor).joinedload(Akseptor.campaign),
    joinedload(Transfer.akseptor).joinedload(Akseptor.desa),
    joinedload(Transfer.from_desa).joinedload(Desa.kecamatan),
    joinedload(Transfer.to_desa).joinedload(Desa.kecamatan),
    joinedload(Transfer.proposed_by),
)
LONGEST = 200  # lines of a list


def transfer(transfer_id: UUID, *, seen_by) -> Transfer:
    """One she may decide or take back: the office any of its kabupaten, a PLKB those from his desa. Raises NoSuch."""
    hers = select(Transfer).where(Transfer.id == transfer_id, _of(seen_by)).options(*WITH_ALL)
    return scope.one(hers)


def _of(by):
    if by.role == Role.PLKB:
        return Transfer.from_desa_code.in_(scope.desa_of_plkb(by))
    ours = select(Akseptor.id).join(Campaign).where(Campaign.kabupaten_code == by.kabupaten_code)
    return Transfer.akseptor_id.in_(ours)


def hindrance(transfer: Transfer, *, at: datetime) -> str | None:
    """Why it cannot be accepted any more, as a code: the deed would refuse."""
    akseptor = transfer.akseptor
    if akseptor.campaign.is_locked(at):
        return "locked"
    if akseptor.desa_code != transfer.from_desa_code or transfer.to_desa.ended_on:
        return "moved_on"
    return None if akseptor.status in MOVABLE else "left"


def open_transfer(akseptor: Akseptor) -> Transfer | None:
    """The proposal about her that waits for the office."""
    hers = select(Transfer).where(Transfer.akseptor_id == akseptor.id, Transfer.decided_at.is_(None))
    return db.session.scalars(hers.options(*WITH_ALL)).first()


def transfers_to_decide(*, seen_by) -> list[Transfer]:
    """What waits for the office, the oldest first."""
    waiting = select(Transfer).where(_of(seen_by), Transfer.decided_at.is_(None)).options(*WITH_ALL)
    return list(db.session.scalars(waiting.order_by(Transfer.proposed_at, Transfer.id).limit(LONGEST)))


def transfers_waiting(*, seen_by) -> int:
    return db.session.scalar(
        select(func.count()).select_from(Transfer).where(_of(seen_by), Transfer.decided_at.is_(None))
    )


def transfers_decided(*, seen_by, since: datetime) -> list[tuple[Transfer, str]]:
    """What was decided or taken back lately, the newest first, and by whom."""
    decided = select(Transfer, Person.name).join(Person, Person.id == Transfer.decided_by_id).options(*WITH_ALL)
    decided = decided.where(_of(seen_by), Transfer.decided_at > since)
    return list(db.session.execute(decided.order_by(Transfer.decided_at.desc(), Transfer.id).limit(LONGEST)))


def transfers_from(campaign: Campaign, *, seen_by, since: datetime) -> list[Transfer]:
    """What was proposed for women of this PLKB's desa: still open, or decided lately; the newest first."""
    ours = select(Transfer).join(Akseptor, Akseptor.id == Transfer.akseptor_id).options(*WITH_ALL)
    ours = ours.where(Akseptor.campaign_id == campaign.id, Transfer.from_desa_code.in_(scope.desa_of_plkb(seen_by)))
    ours = ours.where(Transfer.decided_at.is_(None) | (Transfer.decided_at > since))
    return list(db.session.scalars(ours.order_by(Transfer.proposed_at.desc(), Transfer.id).limit(LONGEST)))


def transfers_to(campaign: Campaign, *, seen_by) -> list[tuple[Desa, Desa, int]]:
    """Who may come into this PLKB's desa, as numbers: until the office has decided she is none of his."""
    to = select(Transfer.from_desa_code, Transfer.to_desa_code, func.count()).join(Akseptor)
    to = to.where(Akseptor.campaign_id == campaign.id, Transfer.decided_at.is_(None))
    ours = scope.desa_of_plkb(seen_by)
    to = to.where(Transfer.to_desa_code.in_(ours), Transfer.from_desa_code.not_in(ours))
    rows = db.session.execute(to.group_by(Transfer.from_desa_code, Transfer.to_desa_code)).all()
    codes = {code for row in rows for code in row[:2]}
    desa = select(Desa).where(Desa.code.in_(codes)).options(joinedload(Desa.kecamatan))
    places = {one.code: one for one in db.session.scalars(desa)}
    return sorted(((places[a], places[b], n) for a, b, n in rows), key=lambda row: (row[1].code, row[0].code))
