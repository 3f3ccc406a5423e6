"""The office's own list of reasons for a deferral: worded, ordered, added to, retired. What the ledger holds stays readable."""

from sqlalchemy import update

from campaign.actions.deeds import Claim, deed, dialect, upsert
from campaign.actions.transaction import run
from campaign.extensions import db
from campaign.models import DeferReason
from campaign.rules.defer_reasons import code_of

REASON = DeferReason.__table__


@deed("set_defer_reasons")
def set_defer_reasons(claim: Claim, kabupaten_code: str, *, reasons: list[dict]) -> None:
    """The whole list as it shall be offered, in order: `code` (none: a new one), `label`, `wait_days`, `is_used`.

    One that is left out is retired, never deleted.
    """
    taken = {reason["code"] for reason in reasons if reason["code"]}
    taken |= set(db.session.scalars(db.select(DeferReason.code).where(DeferReason.kabupaten_code == kabupaten_code)))
    db.session.execute(update(DeferReason).where(DeferReason.kabupaten_code == kabupaten_code).values(is_used=False))
    for place, reason in enumerate(reasons):
        code = reason["code"] or code_of(reason["label"], taken)
        taken.add(code)
        row = {"label": reason["label"], "wait_days": reason["wait_days"], "is_used": reason["is_used"], "place": place}
        writing = upsert(REASON, dialect()).values(kabupaten_code=kabupaten_code, code=code, **row)
        run(writing.on_conflict_do_update(index_elements=["kabupaten_code", "code"], set_=row))
