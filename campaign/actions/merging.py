"""Two records of one woman: made one, taken apart again, or said to be two women.

The record that goes keeps its columns, its consents, steps and bookings, and stands nowhere; so nothing has to be
remembered to take it back. Only what may stand once in a campaign, the NIK and the row on paper, is handed over.
"""

from uuid import uuid4

from sqlalchemy import select, update

from campaign.actions import seats, steps, waiting
from campaign.actions.deeds import Claim, deed, dialect, upsert
from campaign.actions.registration import nik_columns
from campaign.actions.transaction import run
from campaign.extensions import db
from campaign.models import Akseptor, Merge, NotSame, Waiting
from campaign.rules import sounds
from campaign.rules.merging import hindrance
from campaign.rules.refusals import NoSuch, NotMergeable
from campaign.sealed import keys

SEALED = ("phone", "address", "couple")


@deed("merge")
def merge(claim: Claim, kept: Akseptor, gone: Akseptor) -> Merge:
    """These two records are one woman: this one stays, and gets from the other what it lacks.

    Raises NotMergeable while the other has a seat or was served, or when each has a NIK; NoSuch for records that do not
    stand in one campaign; Locked, CampaignNotOpen.
    """
    _read_together(kept, gone)
    if kept.id == gone.id or kept.campaign_id != gone.campaign_id or None in (kept.status, gone.status):
        raise NoSuch
    seats.refuse_locked(kept.campaign, claim)
    if why := hindrance(kept, gone):
        raise NotMergeable(why)
    gone_status = gone.status
    given, hers, left = _given(kept, gone)
    steps.merge(kept, gone, deed=claim, hers=hers, left=left)
    _hand_over_places(claim, kept, gone)
    row = Merge(
        id=uuid4(),
        kept_id=kept.id,
        gone_id=gone.id,
        gone_status=gone_status,
        moved=given,
        by_id=claim.by.id,
        at=claim.at,
    )
    db.session.add(row)
    return row


def _hand_over_places(claim: Claim, kept: Akseptor, gone: Akseptor) -> None:
    """Where the other record stood in line the kept one stands now, if she may wait; who stands nowhere waits for nothing."""
    if kept.status in waiting.MAY_WAIT:
        hers = select(Waiting.service_day_id).where(Waiting.akseptor_id == kept.id, Waiting.ended_at.is_(None))
        days = list(db.session.scalars(hers))
        its = (Waiting.akseptor_id == gone.id, Waiting.ended_at.is_(None), Waiting.service_day_id.not_in(days))
        run(update(Waiting.__table__).where(*its).values(akseptor_id=kept.id))
    seats.stop_waiting(gone.id, claim)


def _read_together(kept: Akseptor, gone: Akseptor) -> None:
    """Both as they are at one moment: read one before and one after a colleague's merge, they look like two women with a NIK."""
    both = select(Akseptor).where(Akseptor.id.in_([kept.id, gone.id])).execution_options(populate_existing=True)
    db.session.scalars(both).all()


def _given(kept: Akseptor, gone: Akseptor) -> tuple[list[str], dict, dict]:
    """What the kept one lacks and gets: its names, the columns of the kept one, and those of the other."""
    given, hers, left = [], {}, {"sound": ""}  # who stands nowhere is heard nowhere
    if gone.has_nik:
        given, hers, left = ["nik"], _nik(kept, _opened(gone, "nik")), left | {"nik_index": None}
    for name in SEALED:
        text = _opened(gone, name)
        if text and not _opened(kept, name):
            given, hers = [*given, name], hers | _sealed(kept, name, text)
    if gone.birth_date and not kept.birth_date:
        given, hers = [*given, "birth_date"], hers | {"birth_date": gone.birth_date}
    if gone.rt + gone.rw and not kept.rt + kept.rw and gone.desa_code == kept.desa_code:
        given, hers = [*given, "rt_rw"], hers | {"rt": gone.rt, "rw": gone.rw}
    if gone.paper_row and not kept.paper_row:
        given, hers, left = [*given, "paper_row"], hers | {"paper_row": gone.paper_row}, left | {"paper_row": None}
    return given, hers, left


@deed("unmerge")
def unmerge(claim: Claim, merged: Merge) -> Merge:
    """They were two women after all: both stand again as before, and what one got of the other goes back.

    What has changed on the kept one since then stays hers. Raises NotMergeable when it was taken back already or when the
    kept record has itself been merged into another; Locked, CampaignNotOpen.
    """
    kept, gone = merged.kept, merged.gone
    seats.refuse_locked(kept.campaign, claim)
    still_one = update(Merge).where(Merge.id == merged.id, Merge.undone_at.is_(None))
    undoing = still_one.values(undone_by_id=claim.by.id, undone_at=claim.at)
    if db.session.execute(undoing, execution_options={"synchronize_session": False}).rowcount == 0:
        raise NotMergeable("undone")
    if kept.status is None:
        raise NotMergeable("kept_is_gone")
    hers, left = _given_back(merged)
    steps.unmerge(kept, gone, merged.gone_status, deed=claim, hers=hers, left=left)
    db.session.expire(merged)
    return merged


def _given_back(merged: Merge) -> tuple[dict, dict]:
    """Columns of the kept one and of the other, as they were; except where the kept one has become different since."""
    kept, gone = merged.kept, merged.gone
    hers, left = {}, {"sound": sounds.key(gone.name)}
    for name in merged.moved:
        match name:
            case "nik":
                nik = _opened(gone, "nik")
                left["nik_index"] = keys.index("nik", nik)
                if _opened(kept, "nik") == nik:
                    hers |= _nik(kept, None)
            case "birth_date":
                if kept.birth_date == gone.birth_date:
                    hers["birth_date"] = None
            case "rt_rw":
                if (kept.rt, kept.rw) == (gone.rt, gone.rw):
                    hers |= {"rt": "", "rw": ""}
            case "paper_row":
                hers["paper_row"], left["paper_row"] = None, kept.paper_row
            case _:
                if _opened(kept, name) == _opened(gone, name):
                    hers |= _sealed(kept, name, None)
    return hers, left


def _nik(kept: Akseptor, nik: str | None) -> dict:
    """Without the reason why there was none, which stays beside it: it is right again when the NIK goes back."""
    return {name: value for name, value in nik_columns(kept.id, nik).items() if name != "no_nik_reason"}


def _sealed(akseptor: Akseptor, name: str, text: str | None) -> dict:
    return {f"{name}_sealed": keys.seal(f"akseptor.{name}", akseptor.id, text)}


def _opened(akseptor: Akseptor, name: str) -> str | None:
    sealed = db.session.scalar(select(getattr(Akseptor, f"{name}_sealed")).where(Akseptor.id == akseptor.id))
    return keys.open(f"akseptor.{name}", akseptor.id, sealed)


@deed("not_same")
def not_same(claim: Claim, one: Akseptor, other: Akseptor) -> None:
    """I have looked: these are two women. Nobody is asked again. Raises NoSuch for one and the same, or of two campaigns."""
    if one.id == other.id or one.campaign_id != other.campaign_id:
        raise NoSuch
    first, second = sorted((one.id, other.id))
    said = upsert(NotSame.__table__, dialect()).values(one_id=first, other_id=second, by_id=claim.by.id, at=claim.at)
    db.session.execute(said.on_conflict_do_nothing(index_elements=["one_id", "other_id"]))
