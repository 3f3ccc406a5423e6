"""What is told about a registration: the number on her receipt, and how often somebody has looked for whom."""

from uuid import UUID

from sqlalchemy import func, select

from campaign.extensions import db
from campaign.models import AccessLog, Akseptor, Step
from campaign.rules.journey import Kind


def registered(akseptor: Akseptor) -> Step:
    """The step that registered her, the newest where she came back: its number stands on the receipt."""
    hers = select(Step).where(Step.akseptor_id == akseptor.id, Step.kind == Kind.REGISTER)
    return db.session.scalars(hers.order_by(Step.id.desc()).limit(1)).one()


def looks(by_id: UUID, what: str, *, since) -> int:
    """How often she has looked for this kind of thing since then."""
    hers = (AccessLog.by_id == by_id, AccessLog.what == what, AccessLog.at > since)
    return db.session.scalar(select(func.count()).select_from(AccessLog).where(*hers))
