"""THE STAIRCASE: only here does the ledger grow and a bead move on the tally.

Lock order in every deed: service day, akseptor, tally. Two puskesmas that lock in different orders wait for each other.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert, select, update

from campaign.actions.deeds import Claim, upsert
from campaign.extensions import db
from campaign.models import Akseptor, Step, Tally
from campaign.rules.journey import START, Kind, Status, lead, lead_back
from campaign.rules.methods import Method, Participant
from campaign.rules.refusals import WrongStep
from campaign.sealed import keys

UNSYNCHRONIZED = {"synchronize_session": False}


class Bead(NamedTuple):
    """Where on the tally a woman is counted, and whether her service would count yet."""

    campaign_id: UUID
    desa_code: str  # '' outside the kabupaten
    method: Method
    participant: Participant
    has_nik: bool

    @property
    def row(self):
        return self[:4]


def start(deed: Claim, **columns) -> UUID | None:
    """Her first step: she is registered. None when this NIK stands in the campaign already."""
    status = lead(START, Kind.REGISTER)
    new = upsert(Akseptor).values(status=status, registered_at=deed.at, changed_at=deed.at, **columns)
    akseptor_id = db.session.scalar(
        new.on_conflict_do_nothing(index_elements=["campaign_id", "nik_index"]).returning(Akseptor.id)
    )
    if akseptor_id is None:
        return None
    _write(deed, akseptor_id, START, Kind.REGISTER, status)
    _add(_bead(akseptor_id, columns), status)
    return akseptor_id


def take(akseptor: Akseptor, kind: Kind, *, deed: Claim, reason=None, until=None, **along) -> None:
    """One step on: her new status, a ledger line, one bead moved. Raises WrongStep, also when somebody else was quicker.

    `until` is the day a deferral ends. `along` are other columns of hers that change with this step.
    """
    before, after = akseptor.status, lead(akseptor.status, kind)
    if kind in (Kind.DEFER, Kind.SERVE, Kind.REGISTER):
        along["deferred_until"] = until  # otherwise it stands until its day, whatever is booked meanwhile
    was = bead_of(akseptor)
    _move(akseptor, before, after, kind, deed, along)
    _write(deed, akseptor.id, before, kind, after, reason=reason, until=until)
    _move_bead(was, before, bead_of(akseptor), after)


def take_back(akseptor: Akseptor, *, deed: Claim, reason: str, **along) -> None:
    """Undo the last step by a new one. Undoing an undo leads forward again. Raises WrongStep where nothing can be undone."""
    last = last_step(akseptor)
    before, after = akseptor.status, lead_back(last.kind, last.before, akseptor.status)
    until = origin(last).until if after == Status.DEFERRED else None
    was = bead_of(akseptor)
    _move(akseptor, before, after, Kind.CORRECT, deed, along | {"deferred_until": until})
    _write(deed, akseptor.id, before, Kind.CORRECT, after, reason=reason, until=until, corrects_id=last.id)
    _move_bead(was, before, bead_of(akseptor), after)


def nik_entered(akseptor: Akseptor, *, deed: Claim, **nik) -> None:
    """Her NIK has come. Her place on the road stays; if she was served without it, she waits no longer and counts."""
    was = bead_of(akseptor)
    _move(akseptor, akseptor.status, akseptor.status, Kind.REGISTER, deed, nik)
    _move_bead(was, akseptor.status, bead_of(akseptor), akseptor.status)


def last_step(akseptor: Akseptor) -> Step:
    """The newest line of the ledger on her."""
    newest = select(Step).where(Step.akseptor_id == akseptor.id).order_by(Step.id.desc()).limit(1)
    return db.session.scalars(newest).one()


def origin(step: Step) -> Step:
    """The step at the bottom of a pile of corrections."""
    while step.kind == Kind.CORRECT:
        step = db.session.get_one(Step, step.corrects_id)
    return step


def bead_of(akseptor: Akseptor) -> Bead:
    return _bead(akseptor.id, {column: getattr(akseptor, column) for column in BEAD_COLUMNS})


BEAD_COLUMNS = ("campaign_id", "desa_code", "method_sealed", "participant", "has_nik")


def _bead(akseptor_id: UUID, columns: dict) -> Bead:
    method = keys.open("akseptor.method", akseptor_id, columns["method_sealed"])
    participant = columns.get("participant") or Participant.BELUM
    return Bead(columns["campaign_id"], columns["desa_code"] or "", Method(method), participant, columns["has_nik"])


def _move(akseptor, before, after, kind, deed, along) -> None:
    changed = along | {"status": after, "changed_at": deed.at}
    guarded = update(Akseptor).where(Akseptor.id == akseptor.id, Akseptor.status == before).values(changed)
    if db.session.execute(guarded, execution_options=UNSYNCHRONIZED).rowcount == 0:
        raise WrongStep(before, kind)
    db.session.refresh(akseptor)


def _write(deed, akseptor_id, before, kind, after, *, reason=None, until=None, corrects_id=None) -> None:
    db.session.execute(
        insert(Step).values(
            deed_id=deed.id,
            akseptor_id=akseptor_id,
            before=before,
            kind=kind,
            after=after,
            reason=reason,
            until=until,
            corrects_id=corrects_id,
            done_at=deed.done_at,
            written_at=deed.at,
        )
    )


def _move_bead(was: Bead, before: Status, is_now: Bead, after: Status) -> None:
    if was.row != is_now.row:
        # Two rows, always in the same order, or two women who swap methods wait for each other.
        ways = [(was.row, _take_off, was, before), (is_now.row, _add, is_now, after)]
        for _row, way, bead, status in sorted(ways, key=lambda move: move[0]):
            way(bead, status)
    else:
        # One row, one statement. A move to another day leaves every count as it was and still shows as a new revision.
        _change(was, _delta(was, before, -1), _delta(is_now, after, +1))


def _delta(bead: Bead, status: Status, by: int) -> dict[str, int]:
    waits = {"waiting_nik": by} if status == Status.SERVED and not bead.has_nik else {}
    return {status.value: by} | waits


def _take_off(bead: Bead, status: Status) -> None:
    _change(bead, _delta(bead, status, -1))


def _change(bead: Bead, *deltas: dict[str, int]) -> None:
    moved = {"revision": Tally.revision + 1}
    for column in {column for delta in deltas for column in delta}:
        by = sum(delta.get(column, 0) for delta in deltas)
        if by:
            moved[column] = getattr(Tally, column) + by
    changed = update(Tally).where(*(column == value for column, value in zip(TALLY_KEY, bead.row, strict=True)))
    if db.session.execute(changed.values(moved), execution_options=UNSYNCHRONIZED).rowcount != 1:
        raise RuntimeError("the tally has no row for a bead the ledger put there: run `flask recount`")


def _add(bead: Bead, status: Status) -> None:
    delta = _delta(bead, status, +1)
    key = {column.key: value for column, value in zip(TALLY_KEY, bead.row, strict=True)}
    more = {column: getattr(Tally, column) + by for column, by in delta.items()}
    added = upsert(Tally).values(**key, **delta)
    added = added.on_conflict_do_update(index_elements=list(key), set_=more | {"revision": Tally.revision + 1})
    db.session.execute(added, execution_options=UNSYNCHRONIZED)


TALLY_KEY = (Tally.campaign_id, Tally.desa_code, Tally.method, Tally.participant)
