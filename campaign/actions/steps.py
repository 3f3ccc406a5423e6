"""THE STAIRCASE: only here does the ledger grow and a bead move on the tally.

Lock order in every deed: service day, booking, akseptor, tally, count of the day. Two puskesmas that lock in different orders
wait for each other.
"""

from collections import Counter
from datetime import date
from functools import cache
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from campaign.actions.deeds import Claim, dialect, upsert
from campaign.actions.transaction import Hot, Prepared, Stale, insert_many, prepare, run
from campaign.extensions import db
from campaign.models import Akseptor, DayCount, Step, Tally
from campaign.rules.journey import BESIDE, MOVABLE, START, Kind, Status, lead, lead_back
from campaign.rules.methods import Method, Participant
from campaign.rules.refusals import WrongStep
from campaign.sealed import keys

AKSEPTOR, STEP, TALLY, DAY_COUNT = Akseptor.__table__, Step.__table__, Tally.__table__, DayCount.__table__
TALLY_KEY = ("campaign_id", "desa_code", "method", "participant")
DAY_KEY = (*TALLY_KEY, "on")


class Bead(NamedTuple):
    """Where on the tally a woman is counted, and whether her service would count yet."""

    campaign_id: UUID
    desa_code: str  # '' outside the kabupaten
    method: Method
    participant: Participant
    has_nik: bool
    served_on: date | None = None

    @property
    def row(self):
        return self[:4]

    @property
    def day(self):
        """Her row of the counts by day, once she is served."""
        return (*self.row, self.served_on)


def start(deed: Claim, **columns) -> Akseptor | None:
    """Her first step: she is registered. None when this NIK stands in the campaign already."""
    columns |= {"status": lead(START, Kind.REGISTER), "participant": Participant.BELUM, "revision": 1}
    columns |= {"registered_at": deed.at, "changed_at": deed.at}
    if run(_entering(dialect()), **columns).scalar() is None:
        return None
    akseptor = known(Akseptor(**columns))
    _write(deed, akseptor, START, Kind.REGISTER)
    _add(bead_of(akseptor), akseptor.status)
    return akseptor


class Entering(NamedTuple):
    """Many women before their first step: their rows as the driver takes them, their ids, and where they will be counted."""

    rows: Prepared
    ids: list[UUID]
    beads: Counter


def entering(campaign_id: UUID, women: list[dict], *, at) -> Entering:
    """Prepared outside the transaction: `women` are columns as `start` takes them, with `method`."""
    rows = [{name: value for name, value in woman.items() if name != "method"} for woman in women]
    same = {
        "campaign_id": campaign_id,
        "status": lead(START, Kind.REGISTER),
        "participant": Participant.BELUM,
        "revision": 1,
    }
    prepared = prepare(AKSEPTOR, rows, **same, registered_at=at, changed_at=at)
    places = Counter((woman["desa_code"] or "", woman["method"]) for woman in women)
    beads = Counter({Bead(campaign_id, *place, Participant.BELUM, False): number for place, number in places.items()})
    return Entering(prepared, [woman["id"] for woman in women], beads)


def start_many(deed: Claim, women: Entering) -> None:
    """The first step of many at once. No NIK of theirs may stand here yet."""
    status = lead(START, Kind.REGISTER)
    women.rows.insert()
    _write_many(deed, women.ids, START, Kind.REGISTER, status)
    for bead, number in sorted(women.beads.items(), key=lambda item: item[0].row):
        _add(bead, status, number)


def untouched(ids: list[UUID]) -> dict[UUID, Bead]:
    """Who of these still stands as she was registered, and where she is counted. Opened beforehand: it takes its time."""
    columns = (Akseptor.id, Akseptor.campaign_id, Akseptor.desa_code, Akseptor.method_sealed, Akseptor.has_nik)
    found = {}
    for chunk in batched(ids, 500):
        for row in db.session.execute(select(*columns).where(Akseptor.id.in_(chunk), *AS_REGISTERED)):
            method = Method(keys.open("akseptor.method", row.id, row.method_sealed))
            found[row.id] = Bead(row.campaign_id, row.desa_code or "", method, Participant.BELUM, row.has_nik)
    return found


AS_REGISTERED = (Akseptor.revision == 1, Akseptor.status == Status.REGISTERED)


def retract_many(deed: Claim, women: dict[UUID, Bead]) -> int:
    """Take an import back: who is still `untouched` goes, with all that was kept of her. Returns how many."""
    gone = []
    for chunk in batched(women, 500):
        theirs = (AKSEPTOR.c.id.in_(chunk), *AS_REGISTERED)
        still = list(db.session.scalars(select(Akseptor.id).where(*theirs)))
        run(update(AKSEPTOR).where(*theirs).values(**NOTHING_OF_HER, changed_at=deed.at, revision=2))
        gone += still
    _write_many(deed, gone, Status.REGISTERED, Kind.RETRACT, START)
    for bead, number in sorted(Counter(women[id] for id in gone).items(), key=lambda item: item[0].row):
        _change_tally(bead, _beads(bead, Status.REGISTERED, -number))
    return len(gone)


NOTHING_OF_HER = {
    "status": START,
    "name": "",
    "sound": "",
    "birth_date": None,
    "rt": "",
    "rw": "",
    "kader_id": None,
    "has_nik": False,
}
NOTHING_OF_HER |= dict.fromkeys(
    ("nik_sealed", "nik_index", "no_nik_reason", "phone_sealed", "address_sealed", "couple_sealed", "paper_row")
)


def _write_many(deed: Claim, ids: list[UUID], before, kind: Kind, after) -> None:
    about = {"deed_id": deed.id, "before": before, "kind": kind, "after": after}
    insert_many(STEP, [{"akseptor_id": id} for id in ids], **about, done_at=deed.done_at, written_at=deed.at)


def known(row):
    """A row just written, as if it had been read: the session need not ask for it."""
    make_transient_to_detached(row)
    db.session.add(row)
    return row


def take(akseptor: Akseptor, kind: Kind, *, deed: Claim, reason=None, until=None, **along) -> None:
    """One step on: her new status, a ledger line, one bead moved. Raises WrongStep, Stale when somebody else was quicker.

    `until` is the day a deferral ends. `along` are other columns of hers that change with this step.
    """
    before, after = akseptor.status, lead(akseptor.status, kind)
    if kind in (Kind.DEFER, Kind.SERVE, Kind.REGISTER):
        along["deferred_until"] = until  # otherwise it stands until its day, whatever is booked meanwhile
    was = bead_of(akseptor)
    change(akseptor, deed, status=after, **along)
    _write(deed, akseptor, before, kind, reason=reason, until=until)
    _move_bead(was, before, bead_of(akseptor), after)


def take_all(deed: Claim, moves: list[tuple[Akseptor, Kind]], *, reason=None) -> None:
    """One step on for each of these women: they and the rows of the tally always in the same order. Raises WrongStep, Stale."""
    beads = []
    for akseptor, kind in sorted(moves, key=lambda move: move[0].id):
        before, after = akseptor.status, lead(akseptor.status, kind)
        change(akseptor, deed, status=after)
        _write(deed, akseptor, before, kind, reason=reason)
        beads += [(bead_of(akseptor), before, -1), (bead_of(akseptor), after, +1)]
    _move_beads(*beads)


def take_back(akseptor: Akseptor, *, deed: Claim, reason: str, **along) -> None:
    """Undo the last step by a new one. Undoing an undo leads forward again. Raises WrongStep where nothing can be undone."""
    last = last_step(akseptor)
    before, after = akseptor.status, lead_back(last.kind, last.before, akseptor.status)
    until = origin(last).until if after == Status.DEFERRED else None
    was = bead_of(akseptor)
    change(akseptor, deed, status=after, deferred_until=until, **along)
    _write(deed, akseptor, before, Kind.CORRECT, reason=reason, until=until, corrects_id=last.id)
    _move_bead(was, before, bead_of(akseptor), after)


def nik_entered(akseptor: Akseptor, *, deed: Claim, **nik) -> None:
    """Her NIK has come. Her place on the road stays; if she was served without it, she waits no longer and counts."""
    was = bead_of(akseptor)
    change(akseptor, deed, **nik)
    _move_bead(was, akseptor.status, bead_of(akseptor), akseptor.status)


def transfer(akseptor: Akseptor, *, deed: Claim, desa_code: str, **along) -> None:
    """She lives in another desa now: where she stands stays, where she is counted goes along. Raises WrongStep, Stale."""
    if akseptor.status not in MOVABLE:
        raise WrongStep(akseptor.status, Kind.TRANSFER)
    was = bead_of(akseptor)
    change(akseptor, deed, desa_code=desa_code, **along)
    _write(deed, akseptor, akseptor.status, Kind.TRANSFER)
    _move_bead(was, akseptor.status, bead_of(akseptor), akseptor.status)


def merge(kept: Akseptor, gone: Akseptor, *, deed: Claim, hers: dict, left: dict) -> None:
    """Two records are one woman: `gone` stands nowhere any more and is in no count. Raises WrongStep, Stale.

    `hers` is what the kept one gets, `left` what the other gives away for it. If she was served without NIK and has one now,
    she waits no longer.
    """
    before, after = gone.status, lead(gone.status, Kind.MERGE)
    was, its = bead_of(kept), bead_of(gone)
    change(gone, deed, status=after, **left)  # first: a NIK stands in one record at every moment
    change(kept, deed, **hers)
    _write(deed, gone, before, Kind.MERGE)
    _move_beads((its, before, -1), (was, kept.status, -1), (bead_of(kept), kept.status, +1))


def unmerge(kept: Akseptor, gone: Akseptor, status: Status, *, deed: Claim, hers: dict, left: dict) -> None:
    """They were two women after all: `gone` stands again where she stood. `hers` and `left` as above. Raises Stale."""
    was = bead_of(kept)
    change(kept, deed, **hers)
    change(gone, deed, status=status, **left)
    _write(deed, gone, START, Kind.UNMERGE)
    _move_beads((bead_of(gone), status, +1), (was, kept.status, -1), (bead_of(kept), kept.status, +1))


def change(akseptor: Akseptor, deed: Claim, **columns) -> None:
    """Change her row if it still is as it was read. Raises Stale."""
    columns |= {"changed_at": deed.at, "revision": akseptor.revision + 1}
    guarded = _changing(frozenset(columns))
    if run(guarded, row=akseptor.id, seen=akseptor.revision, **columns).rowcount == 0:
        raise Stale
    for name, value in columns.items():
        set_committed_value(akseptor, name, value)


def last_step(akseptor: Akseptor) -> Step:
    """The newest line of the ledger that moved her on; to live in another desa is no step on the road."""
    hers = (Step.akseptor_id == akseptor.id, Step.kind.not_in(BESIDE))
    return db.session.scalars(select(Step).where(*hers).order_by(Step.id.desc()).limit(1)).one()


def origin(step: Step) -> Step:
    """The step at the bottom of a pile of corrections."""
    while step.kind == Kind.CORRECT:
        step = db.session.get_one(Step, step.corrects_id)
    return step


def bead_of(akseptor: Akseptor) -> Bead:
    method = Method(keys.open("akseptor.method", akseptor.id, akseptor.method_sealed))
    desa_code = akseptor.desa_code or ""
    return Bead(akseptor.campaign_id, desa_code, method, akseptor.participant, akseptor.has_nik, akseptor.served_on)


def _write(deed, akseptor, before, kind, *, reason=None, until=None, corrects_id=None) -> None:
    run(
        WRITE,
        deed_id=deed.id,
        akseptor_id=akseptor.id,
        before=before,
        kind=kind,
        after=akseptor.status,
        reason=reason,
        until=until,
        corrects_id=corrects_id,
        done_at=deed.done_at,
        written_at=deed.at,
    )


def _move_bead(was: Bead, before: Status, is_now: Bead, after: Status) -> None:
    if was.row == is_now.row:
        # One row, one statement. A move to another day leaves every count as it was and still shows as a new revision.
        off, on = _beads(was, before, -1), _beads(is_now, after, +1)
        moved = {column: off.get(column, 0) + on.get(column, 0) for column in off | on}
        _change_tally(was, {column: by for column, by in moved.items() if by})
    else:
        # Two rows, always in the same order, or two women who swap methods wait for each other.
        off = (was.row, lambda: _change_tally(was, _beads(was, before, -1)))
        on = (is_now.row, lambda: _add(is_now, after))
        for _row, move in sorted([off, on], key=lambda way: way[0]):
            move()
    _count_days((was, before, -1), (is_now, after, +1))


def _move_beads(*moves: tuple[Bead, Status, int]) -> None:
    """Beads of several women at once: one statement for each row, the rows always in the same order."""
    rows = {}
    for bead, status, by in moves:
        _bead, moved = rows.setdefault(bead.row, (bead, Counter()))
        moved.update(_beads(bead, status, by))
    for _row, (bead, moved) in sorted(rows.items()):
        if moved := {column: by for column, by in moved.items() if by}:
            _change_tally(bead, moved)
    _count_days(*moves)


def _count_days(*moves: tuple[Bead, Status, int]) -> None:
    """The same beads by the day of their service, those who are served: the rows always in the same order."""
    days = {}
    for bead, status, by in moves:
        if status == Status.SERVED:
            days.setdefault(bead.day, Counter()).update(served=by, waiting_nik=0 if bead.has_nik else by)
    for day, moved in sorted(days.items()):
        if not any(moved.values()):
            continue
        about = dict(zip(DAY_KEY, day, strict=True))
        if moved["served"] > 0 <= moved["waiting_nik"]:
            run(_adding_to_day(dialect()), **about, **moved)
        elif run(OFF_DAY, **{f"at_{name}": value for name, value in about.items()}, **moved).rowcount != 1:
            raise RuntimeError("no row for the day of a service the ledger knows: run `flask recount`")


def _beads(bead: Bead, status: Status, by: int) -> dict[str, int]:
    waits = {"waiting_nik": by} if status == Status.SERVED and not bead.has_nik else {}
    return {status.value: by} | waits


def _change_tally(bead: Bead, moved: dict[str, int]) -> None:
    key = {f"at_{column}": value for column, value in zip(TALLY_KEY, bead.row, strict=True)}
    by = {f"by_{column}": value for column, value in moved.items()}
    if run(_moving(frozenset(moved)), **key, **by).rowcount != 1:
        raise RuntimeError("the tally has no row for a bead the ledger put there: run `flask recount`")


def _add(bead: Bead, status: Status, number: int = 1) -> None:
    beads = _beads(bead, status, number)
    run(_adding(frozenset(beads), dialect()), **dict(zip(TALLY_KEY, bead.row, strict=True)), **EMPTY | beads)


def batched(rows, size: int):
    """Lists of at most so many."""
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


# ---- The statements, built once: building one costs more than running it ----

WRITE = Hot(insert(STEP))
EMPTY = {**{status.value: 0 for status in Status}, "waiting_nik": 0, "revision": 1}


@cache
def _entering(dialect: str):
    entering = upsert(AKSEPTOR, dialect).on_conflict_do_nothing(index_elements=["campaign_id", "nik_index"])
    return Hot(entering.returning(AKSEPTOR.c.id))


@cache
def _changing(columns: frozenset[str]):
    unchanged = (AKSEPTOR.c.id == bindparam("row"), AKSEPTOR.c.revision == bindparam("seen"))
    return Hot(update(AKSEPTOR).where(*unchanged).values({column: bindparam(column) for column in columns}))


@cache
def _moving(columns: frozenset[str]):
    moved = {column: TALLY.c[column] + bindparam(f"by_{column}") for column in columns}
    here = (TALLY.c[column] == bindparam(f"at_{column}") for column in TALLY_KEY)
    return Hot(update(TALLY).where(*here).values(moved | {"revision": TALLY.c.revision + 1}))


OFF_DAY = update(DAY_COUNT).where(*(DAY_COUNT.c[column] == bindparam(f"at_{column}") for column in DAY_KEY))
OFF_DAY = Hot(OFF_DAY.values({column: DAY_COUNT.c[column] + bindparam(column) for column in ("served", "waiting_nik")}))


@cache
def _adding_to_day(dialect: str):
    entering = upsert(DAY_COUNT, dialect)
    more = {column: DAY_COUNT.c[column] + entering.excluded[column] for column in ("served", "waiting_nik")}
    return Hot(entering.on_conflict_do_update(index_elements=list(DAY_KEY), set_=more))


@cache
def _adding(columns: frozenset[str], dialect: str):
    entering = upsert(TALLY, dialect)
    more = {column: TALLY.c[column] + entering.excluded[column] for column in columns}
    more |= {"revision": TALLY.c.revision + 1}
    return Hot(entering.on_conflict_do_update(index_elements=list(TALLY_KEY), set_=more))
