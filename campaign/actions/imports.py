"""Sheets of the office: a file is taken in, its rows are applied all or nothing, and within a day undone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from campaign.actions import listing, staff, steps, targets
from campaign.actions.deeds import Claim, deed
from campaign.actions.registration import her_columns
from campaign.actions.transaction import insert_many, prepare, tried_again, write, writing
from campaign.extensions import db
from campaign.models import (
    Activation,
    Akseptor,
    Booking,
    Campaign,
    Consent,
    ConsentKind,
    DaySeats,
    Device,
    Gathering,
    Import,
    ImportRow,
    Invitee,
    Notice,
    Person,
    PersonChange,
    ServiceDay,
    SheetState,
    SignIn,
    Stage,
    Waiting,
    Weight,
    WeightColumn,
)
from campaign.queries.imports import known_weights
from campaign.rules.methods import Method
from campaign.rules.refusals import AlreadyRegistered, CampaignNotOpen, TooLate, WrongState
from campaign.rules.roles import Role
from campaign.rules.sign_in_names import short_name
from campaign.rules.verdicts import SheetKind
from campaign.sealed import Keys, keys, the_keys

UNDO_WITHIN = timedelta(hours=24)
KEPT = timedelta(days=7)  # what was refused may be fetched so long
ON_PAPER = "kertas"  # the office says that her consent stands on paper


@deed("take_in", apart=frozenset({"file"}))
def take_in(
    claim: Claim,
    *,
    kind: SheetKind,
    campaign: Campaign | None,
    file_name: str,
    digest: str,
    file: bytes,
    gathering: Gathering | None = None,
) -> Import:
    """The office hands in a sheet. It is read apart from here; nothing of it counts before somebody has looked at it."""
    taken = Import(
        id=uuid4(),
        kabupaten_code=claim.by.kabupaten_code,
        campaign_id=campaign.id if campaign else None,
        gathering_id=gathering.id if gathering else None,
        kind=kind,
        file_name=file_name,
        by_id=claim.by.id,
        at=claim.at,
        beat_at=claim.at,
        kept_until=claim.at + KEPT,
    )
    taken.file_sealed = keys.seal_bytes("import.file", taken.id, file)
    db.session.add(taken)
    db.session.flush()
    return taken


@deed("say_columns")
def say_columns(claim: Claim, taken: Import, *, tables: list[dict]) -> Import:
    """The columns were taken for something else than they are: look at the file again, with what a person says of it."""
    _move_on(taken, SheetState.READY, SheetState.READING, claim)
    taken.tables = tables
    return taken


@deed("ask_to_apply")
def ask_to_apply(claim: Claim, taken: Import) -> Import:
    """Take these rows. From here on it is applied once, however often the button was pressed."""
    _move_on(taken, SheetState.READY, SheetState.APPLYING, claim)
    return taken


@deed("drop_import")
def drop_import(claim: Claim, taken: Import) -> None:
    """This file is not wanted after all. Raises WrongState once it was applied."""
    if taken.state not in (SheetState.READING, SheetState.READY, SheetState.FAILED):
        raise WrongState
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == taken.id))
    db.session.execute(delete(Import).where(Import.id == taken.id))


def _move_on(taken: Import, before: SheetState, after: SheetState, claim: Claim) -> None:
    moved = update(Import).where(Import.id == taken.id, Import.state == before)
    if db.session.execute(moved.values(state=after, beat_at=claim.at, done=0, of=0)).rowcount == 0:
        raise WrongState
    db.session.refresh(taken)


Write = Callable[[Claim, Import], None]  # what `apply_import` does with rows that were made ready beforehand


@deed("apply_import", apart=frozenset({"write"}))
def apply_import(claim: Claim, taken: Import, *, write: Write) -> Import:
    """All rows of a file, or none. Raises AlreadyRegistered where somebody was quicker, WrongState."""
    _move_on(taken, SheetState.APPLYING, SheetState.APPLIED, claim)
    write(claim, taken)
    taken.applied_at, taken.file_sealed = claim.at, None
    if taken.campaign:
        taken.campaign.revision = Campaign.revision + 1
    db.session.flush()
    return taken


# ---- Calon akseptor ----


def ready_akseptor(taken: Import, rows: list[tuple[UUID, dict]], *, by, at) -> Write:
    """Women found on paper: registered, not yet counselled, so not bookable; their consent to keep data stands on paper."""
    kader, keys = _kader_of(taken.kabupaten_code), the_keys()
    women = [_woman(id, said, kader, keys) for id, said in rows]
    niks = {woman["nik_index"] for woman in women} - {None}
    entering = steps.entering(taken.campaign_id, women, at=at)
    given = {"kind": ConsentKind.DATA, "is_given": True, "text_version": ON_PAPER, "by_id": by.id, "given_at": at}
    consents = prepare(Consent.__table__, [{"id": uuid4(), "akseptor_id": woman["id"]} for woman in women], **given)

    def write(claim: Claim, taken: Import) -> None:
        if taken.campaign.stage == Stage.CLOSED:
            raise CampaignNotOpen
        here = (Akseptor.campaign_id == taken.campaign_id, Akseptor.nik_index.is_not(None))
        if niks.intersection(db.session.scalars(select(Akseptor.nik_index).where(*here))):
            raise AlreadyRegistered
        steps.start_many(claim, entering)
        consents.insert()

    return write


def _kader_of(kabupaten_code: str) -> dict[tuple, UUID]:
    """(desa, RW) → the Sub PPKBD there, (desa, None) → the PPKBD."""
    active = (Person.kabupaten_code == kabupaten_code, Person.role == Role.KADER, Person.disabled_at.is_(None))
    found = db.session.execute(select(Person.desa_code, Person.rw, Person.id).where(*active).order_by(Person.id.desc()))
    return {(desa_code, rw): id for desa_code, rw, id in found}


def _woman(id: UUID, said: dict, kader: dict, keys: Keys) -> dict:
    about = said | {"wanted": Method(said["wanted"]), "is_counselled": False}
    about["birth_date"] = date.fromisoformat(said["birth_date"]) if said["birth_date"] else None
    about["kader_id"] = kader.get((said["desa_code"], said["rw"])) or kader.get((said["desa_code"], None))
    return {"id": id, "method": about["wanted"], **her_columns(id, keys=keys, **about)}


# ---- Kader ----


def ready_kader(taken: Import, rows: list[tuple[UUID, dict]], *, by, at) -> Write:
    """Accounts for the roster. Nobody can sign in to one before its card was printed and used."""
    told = ("name", "desa_code", "rw", "phone")
    people = [{"id": id, "poktan": said.get("poktan", [])} | {name: said[name] for name in told} for id, said in rows]

    def write(claim: Claim, taken: Import) -> None:
        names = set(db.session.scalars(select(Person.sign_in_name)))
        for person in people:
            person["sign_in_name"] = short_name(person["name"], names)
            names.add(person["sign_in_name"])
        staff.enlist_many(taken.kabupaten_code, people, at=claim.at, by_id=claim.by.id)

    return write


def _strike_off(ids: list[UUID]) -> int:
    """Those who have not come in yet and with whom nothing was done."""
    gone = 0
    for chunk in steps.batched(ids, 500):
        kept = [select(table.person_id).where(table.person_id.in_(chunk)) for table in (SignIn, Device)]
        kept += [select(Akseptor.kader_id).where(Akseptor.kader_id.in_(chunk))]
        kept += [select(Invitee.person_id).where(Invitee.person_id.in_(chunk))]
        kept += [select(Activation.person_id).where(Activation.person_id.in_(chunk), Activation.used_at.is_not(None))]
        free = set(chunk).difference(*(db.session.scalars(query) for query in kept))
        for table in (Activation, PersonChange):
            db.session.execute(delete(table).where(table.person_id.in_(free)))
        gone += db.session.execute(delete(Person).where(Person.id.in_(free))).rowcount
    return gone


# ---- Service days ----


def ready_days(taken: Import, rows: list[tuple[UUID, dict]], *, by, at) -> Write:
    """Days with seats at our places."""
    days = prepare(ServiceDay.__table__, [_day(id, said) for id, said in rows], campaign_id=taken.campaign_id)
    return lambda claim, taken: days.insert()


def _day(id: UUID, said: dict) -> dict:
    return {
        "id": id,
        "service_point_id": UUID(said["service_point_id"]),
        "on": date.fromisoformat(said["on"]),
        "starts_at": time.fromisoformat(said["starts_at"]),
        "ends_at": time.fromisoformat(said["ends_at"]),
        "seats": said["seats"],
    }


def _close_days(ids: list[UUID]) -> int:
    """Those nobody was ever booked on."""
    gone = 0
    for chunk in steps.batched(ids, 500):
        used = select(Booking.service_day_id).union_all(select(Waiting.service_day_id), select(Notice.service_day_id))
        free = select(ServiceDay.id).where(ServiceDay.id.in_(chunk), ServiceDay.id.not_in(used))
        free = list(db.session.scalars(free))
        db.session.execute(delete(DaySeats).where(DaySeats.service_day_id.in_(free)))
        gone += db.session.execute(delete(ServiceDay).where(ServiceDay.id.in_(free))).rowcount
    return gone


# ---- Weights ----


def ready_weights(taken: Import, rows: list[tuple[UUID, dict]], *, by, at) -> Write:
    """Each figure column of the sheet becomes a column of weights; what it does not say stays as it was under this name."""
    return lambda claim, taken: _write_columns(claim, taken, [said for _id, said in rows])


def _write_columns(claim: Claim, taken: Import, rows: list[dict]) -> None:
    before, made = known_weights(taken.kabupaten_code), []
    for name in dict.fromkeys(name for said in rows for name in said["figures"]):
        told = {said["desa_code"]: said["figures"].get(name) for said in rows}
        figures = before.get(name, {}) | {code: Fraction(figure) for code, figure in told.items() if figure is not None}
        column = targets.write_weights(taken.kabupaten_code, name, figures, by_id=claim.by.id, at=claim.at)
        made.append(str(column.id))
    taken.totals = taken.totals | {"columns": made}


def _drop_columns(taken: Import) -> int:
    ids = [UUID(id) for id in taken.totals.get("columns", ())]
    db.session.execute(delete(Weight).where(Weight.column_id.in_(ids)))
    return db.session.execute(delete(WeightColumn).where(WeightColumn.id.in_(ids))).rowcount


READY = {
    SheetKind.AKSEPTOR: ready_akseptor,
    SheetKind.KADER: ready_kader,
    SheetKind.DAYS: ready_days,
    SheetKind.WEIGHTS: ready_weights,
    SheetKind.ATTENDANCE: listing.ready_list,
}


# ---- Undo ----


@deed("ask_to_undo")
def ask_to_undo(claim: Claim, taken: Import) -> Import:
    """Take the whole file back. Raises TooLate after a day, WrongState."""
    if taken.state == SheetState.APPLIED and claim.at > taken.applied_at + UNDO_WITHIN:
        raise TooLate
    _move_on(taken, SheetState.APPLIED, SheetState.UNDOING, claim)
    return taken


@deed("undo_import", apart=frozenset({"ready"}))
def undo_import(claim: Claim, taken: Import, *, ready: "ToUndo") -> Import:
    """What the file made goes. Who was worked with since stays, and how many did is told. Raises WrongState."""
    _move_on(taken, SheetState.UNDOING, SheetState.UNDONE, claim)
    gone = ready.take_back(claim)
    taken.undone_at = claim.at
    taken.totals = taken.totals | {"undone": gone, "kept": ready.made - gone}
    if taken.campaign:
        taken.campaign.revision = Campaign.revision + 1
    db.session.flush()
    return taken


@dataclass
class ToUndo:
    """How many rows (or columns of weights) a file made, and how they are taken back."""

    made: int
    take_back: Callable[[Claim], int]


def to_undo(taken: Import) -> ToUndo:
    """Made beforehand, like what is applied: looking takes longer than writing."""
    if taken.kind == SheetKind.WEIGHTS:
        return ToUndo(len(taken.totals.get("columns", ())), lambda _claim: _drop_columns(taken))
    made = select(ImportRow.made_id).where(ImportRow.import_id == taken.id, ImportRow.made_id.is_not(None))
    ids = list(db.session.scalars(made))
    match taken.kind:
        case SheetKind.AKSEPTOR:
            women = steps.untouched(ids)
            return ToUndo(len(ids), lambda claim: steps.retract_many(claim, women))
        case SheetKind.KADER:
            return ToUndo(len(ids), lambda _claim: _strike_off(ids))
        case SheetKind.DAYS:
            return ToUndo(len(ids), lambda _claim: _close_days(ids))
        case SheetKind.ATTENDANCE:
            return ToUndo(len(ids), lambda claim: listing.take_back(claim, taken))


# ---- What is noted beside the deeds, by the process that reads ----


def note_progress(import_id: UUID, *, at, done: int, of: int) -> None:
    write(update(Import).where(Import.id == import_id).values(beat_at=at, done=done, of=of))


def note_failed(import_id: UUID, sentence: str, *, at) -> None:
    """It cannot be taken, and why. The file is not kept."""
    failed = {"state": SheetState.FAILED, "sentence": sentence[:400], "beat_at": at, "file_sealed": None}
    write(
        delete(ImportRow).where(ImportRow.import_id == import_id),
        update(Import).where(Import.id == import_id).values(failed),
    )


def note_not_done(import_id: UUID, state: SheetState, sentence: str, *, at) -> None:
    """Nothing was written; it is where it was before, `state`, and can be looked at again."""
    back = {"state": state, "sentence": sentence[:400], "beat_at": at}
    write(update(Import).where(Import.id == import_id).values(back))


def note_read(import_id: UUID, *, tables: list[dict], totals: dict, at) -> None:
    ready = {"state": SheetState.READY, "tables": tables, "totals": totals, "sentence": "", "beat_at": at}
    write(update(Import).where(Import.id == import_id, Import.state == SheetState.READING).values(ready))


def keep_rows(import_id: UUID, rows: list[dict]) -> None:
    """The judged rows of a file in the place of those that stood, in short transactions: others write meanwhile."""
    write(delete(ImportRow).where(ImportRow.import_id == import_id))
    for chunk in steps.batched(rows, 2_000):

        def attempt(chunk=chunk):
            with writing():
                insert_many(ImportRow.__table__, chunk)

        tried_again(attempt)


def forget_old(*, at) -> int:
    """Files nobody applied within a day go; rows go after a week, names and NIK with them. Answers how many rows."""
    old = select(Import.id).where(Import.kept_until < at)
    stale = (Import.file_sealed.is_not(None), Import.at < at - UNDO_WITHIN)
    write(update(Import).where(*stale).values(file_sealed=None))
    return write(delete(ImportRow).where(ImportRow.import_id.in_(old)))
