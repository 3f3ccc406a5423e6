"""What her kader must tell her: written with the deed that changed her seat, gone from the list when the kader has told her."""

from uuid import uuid4

from sqlalchemy import insert, update

from campaign.actions.deeds import Claim, deed
from campaign.actions.transaction import run
from campaign.extensions import db
from campaign.models import Notice, NoticeKind

WRITE = insert(Notice.__table__)


def write(claim: Claim, kind: NoticeKind, day_id, akseptor_ids) -> None:
    """One notice about each of these women, inside a deed."""
    about = {"kind": kind, "service_day_id": day_id, "at": claim.at}
    if rows := [{"id": uuid4(), "akseptor_id": her, **about} for her in akseptor_ids]:
        db.session.connection().execute(WRITE, rows)


@deed("tell")
def tell(claim: Claim, notice: Notice) -> Notice:
    """Her kader has told her. Whoever says so second changes nothing."""
    untold = update(Notice.__table__).where(Notice.id == notice.id, Notice.told_at.is_(None))
    run(untold.values(told_at=claim.at, told_by_id=claim.by.id))
    db.session.expire(notice)
    return notice
