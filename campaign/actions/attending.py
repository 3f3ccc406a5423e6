"""The second staircase: only here does the attendance ledger grow, a chair is taken, and a bead move on a gathering's turnout.

Lock order in every deed: gathering, invitees by id, turnout by desa.
"""

import os
from collections import Counter
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.orm.attributes import set_committed_value

from campaign.actions.deeds import Claim, deed, dialect, upsert
from campaign.actions.transaction import Stale, insert_many, run
from campaign.extensions import db
from campaign.models import AttendanceStep, Gathering, Invitee, Person, Turnout
from campaign.rules import codes
from campaign.rules.attendance import ATTENDING, IN_THE_HALL, START, Attendance, Entry, arrival, came_at
from campaign.rules.gatherings import SignedBy
from campaign.rules.refusals import GatheringOver, HallFull, ListClosed, SignInShut, WrongStep

GATHERING, INVITEE, LEDGER, TURNOUT = (table.__table__ for table in (Gathering, Invitee, AttendanceStep, Turnout))


# ---- Invited ----


@deed("invite")
def invite(claim: Claim, gathering: Gathering, *, person_ids: list[UUID]) -> None:
    """These people of the register are asked to come; who is on the list already stays as she is. Raises GatheringOver."""
    refuse_over(gathering)
    wanted = select(Person).where(Person.id.in_(person_ids), Person.kabupaten_code == gathering.kabupaten_code)
    enter(claim, gathering, [of_register(person) for person in db.session.scalars(wanted)])


def of_register(person: Person) -> dict:
    """A person of the register, as the list takes her."""
    return {"person_id": person.id, "name": person.name, "desa_code": person.desa_code, "rw": person.rw or ""}


@deed("invite_by_name")
def invite_by_name(claim: Claim, gathering: Gathering, **who) -> Invitee:
    """Somebody who is not in the register: `name`, and as far as known `desa_code`, `rw`, `title`. Raises GatheringOver."""
    refuse_over(gathering)
    return enter(claim, gathering, [who | {"person_id": None}])[0]


def enter(claim: Claim, gathering: Gathering, people: list[dict], *, is_walk_in: bool = False) -> list[Invitee]:
    """Put these people on the list: their first entry. Who stands on it stays; who was taken off comes back with her code."""
    touch(gathering)
    listed = known(gathering, [who["person_id"] for who in people if who["person_id"]])
    entered, make_code = [], _new_codes(gathering)
    for who in people:
        invitee = listed.get(who["person_id"])
        if invitee is None:
            invitee = Invitee(id=uuid4(), gathering_id=gathering.id, code=make_code(), **who, is_walk_in=is_walk_in)
            invitee.status, invitee.revision = ATTENDING.lead(START, Entry.INVITE), 1
            db.session.add(invitee)
        elif invitee.status is START:
            change(invitee, status=ATTENDING.lead(START, Entry.INVITE), is_walk_in=is_walk_in)
        else:
            continue
        entered.append(invitee)
    db.session.flush()
    _write(claim, entered, START, Entry.INVITE, Attendance.INVITED)
    _move(gathering, Counter((invitee.desa_code or "", Attendance.INVITED) for invitee in entered))
    return entered


def known(gathering: Gathering, person_ids: list[UUID]) -> dict[UUID | None, Invitee]:
    """Who of these people has a line there, taken off or not."""
    hers = select(Invitee).where(Invitee.gathering_id == gathering.id, Invitee.person_id.in_(person_ids))
    return {invitee.person_id: invitee for invitee in db.session.scalars(hers)}


def _new_codes(gathering: Gathering):
    """Makes codes nobody on this list has."""
    taken = set(db.session.scalars(select(Invitee.code).where(Invitee.gathering_id == gathering.id)))

    def make() -> str:
        while (code := codes.sheet_code(os.urandom(8))) in taken:
            pass
        taken.add(code)
        return code

    return make


@deed("strike")
def strike(claim: Claim, invitee: Invitee) -> None:
    """The invitation is taken back: she is on no list and in no count. Raises WrongStep once she has come."""
    take(claim, invitee, Entry.STRIKE)


# ---- Coming ----


@deed("come")
def come(claim: Claim, invitee: Invitee, *, signed_by: SignedBy, stands_in: str | None = None) -> Invitee:
    """She is here, or somebody in her place. Who has signed in already, at whichever desk, stays as she is.

    Her own phone's moment counts (rules/attendance.py `came_at`). Raises SignInShut outside the window, ListClosed, HallFull,
    GatheringOver.
    """
    return _come(claim, invitee, signed_by, stands_in)


def _come(claim: Claim, invitee: Invitee, signed_by: SignedBy, stands_in: str | None = None) -> Invitee:
    gathering = invitee.gathering
    if invitee.status in IN_THE_HALL:
        return invitee
    if gathering.is_cancelled:
        raise GatheringOver
    told = claim.done_at if signed_by == SignedBy.DOOR else None
    moment = came_at(told, claim.at, gathering.opens_at, gathering.closes_at)
    if moment is None:
        raise SignInShut(gathering.opens_at, gathering.closes_at, gathering.zone)
    # A phone may have kept it from before the list was closed; what was pressed after it is refused as at a desk.
    if gathering.closed_at is not None and (moment != told or moment > gathering.closed_at):
        raise ListClosed
    kind = Entry.REPRESENT if stands_in else arrival(moment, gathering.late_at)
    take(claim, invitee, kind, came_at=moment, signed_by=signed_by, stands_in=stands_in or "")
    return invitee


@deed("come_uninvited")
def come_uninvited(
    claim: Claim, gathering: Gathering, *, signed_by: SignedBy, person_id: UUID | None = None, **who
) -> Invitee:
    """Somebody came who was not invited: onto the list and in, in one deed. Of the register by id, or by name as `who`.

    Raises as `come`.
    """
    refuse_over(gathering)
    person = db.session.get_one(Person, person_id) if person_id else None
    entered = enter(claim, gathering, [of_register(person) if person else who | {"person_id": None}], is_walk_in=True)
    invitee = entered[0] if entered else known(gathering, [person_id])[person_id]
    return _come(claim, invitee, signed_by)


@deed("excuse")
def excuse(claim: Claim, invitee: Invitee, *, reason: str) -> Invitee:
    """She has said why she cannot come; also after the list was closed. Raises WrongStep."""
    take(claim, invitee, Entry.EXCUSE, reason=reason)
    return invitee


@deed("correct_entry")
def correct_entry(claim: Claim, invitee: Invitee, *, reason: str, seen: int | None = None) -> Invitee:
    """The last entry was wrong: back to where she stood before, by an entry of its own. Raises WrongStep.

    `seen` is the revision somebody looked at: two desks that correct the same entry must not undo each other.
    """
    if seen is not None and seen != invitee.revision:
        raise WrongStep(invitee.status, Entry.CORRECT)
    hers = select(AttendanceStep).where(AttendanceStep.invitee_id == invitee.id)
    last = db.session.scalars(hers.order_by(AttendanceStep.id.desc()).limit(1)).one()
    put_back(claim, invitee, last, reason=reason)
    return invitee


def put_back(claim: Claim, invitee: Invitee, last: AttendanceStep, *, reason: str) -> None:
    """To where she stood before this, her last entry, inside an open deed. Raises WrongStep.

    When and how she came stays in her row: correcting this correction leads forward to it again.
    """
    after = ATTENDING.lead_back(last.kind, last.before, invitee.status)
    _take(claim, invitee, Entry.CORRECT, after, reason=reason)


# ---- The list ----


@deed("close_list")
def close_list(claim: Claim, gathering: Gathering) -> Gathering:
    """Nobody comes any more: who has not signed in and said nothing was absent; the test is shut.

    Raises GatheringOver, ListClosed.
    """
    refuse_over(gathering)
    if gathering.closed_at is not None:
        raise ListClosed
    touch(gathering, closed_at=claim.at, open_quiz=None)  # nor answers a test at home, beside what there is to read
    awaited = select(Invitee).where(Invitee.gathering_id == gathering.id, Invitee.status == Attendance.INVITED)
    absent = list(db.session.scalars(awaited.order_by(Invitee.id)))
    for invitee in absent:
        change(invitee, status=ATTENDING.lead(invitee.status, Entry.MISS))
    _write(claim, absent, Attendance.INVITED, Entry.MISS, Attendance.ABSENT)
    by_desa, moved = Counter(invitee.desa_code or "" for invitee in absent), Counter()
    for desa_code, number in by_desa.items():
        moved[desa_code, Attendance.INVITED], moved[desa_code, Attendance.ABSENT] = -number, number
    _move(gathering, moved)
    return gathering


@deed("reopen_list")
def reopen_list(claim: Claim, gathering: Gathering) -> Gathering:
    """Somebody was forgotten: desks may write again. Who was set down as absent stays so until she is signed in."""
    refuse_over(gathering)
    touch(gathering, closed_at=None)
    return gathering


# ---- The staircase ----


def take(claim: Claim, invitee: Invitee, kind: Entry, *, reason: str | None = None, **along) -> None:
    """One step on: her new status, a ledger line, a chair, one bead. Raises WrongStep, HallFull, Stale."""
    _take(claim, invitee, kind, ATTENDING.lead(invitee.status, kind), reason=reason, **along)


def _take(claim: Claim, invitee: Invitee, kind: Entry, after: Attendance | None, *, reason=None, **along) -> None:
    before, gathering = invitee.status, invitee.gathering
    touch(gathering, chairs=(after in IN_THE_HALL) - (before in IN_THE_HALL))
    change(invitee, status=after, **along)
    _write(claim, [invitee], before, kind, after, reason=reason)
    desa_code = invitee.desa_code or ""
    _move(gathering, Counter({(desa_code, status): by for status, by in ((before, -1), (after, +1)) if status}))


def touch(gathering: Gathering, *, chairs: int = 0, **columns) -> None:
    """Change a gathering, and so many chairs of its hall are taken. First in every deed. Raises HallFull."""
    present = GATHERING.c.present + chairs
    fits = [or_(GATHERING.c.capacity.is_(None), present <= GATHERING.c.capacity)] if chairs > 0 else []
    if columns.get("capacity") is not None:
        fits = [present <= columns["capacity"]]
    moving = update(GATHERING).where(GATHERING.c.id == gathering.id, *fits)
    if run(moving.values(columns | {"present": present, "revision": GATHERING.c.revision + 1})).rowcount == 0:
        raise HallFull


def change(invitee: Invitee, **columns) -> None:
    """Change her row if it still is as it was read. Raises Stale."""
    columns |= {"revision": invitee.revision + 1}
    unchanged = (Invitee.id == invitee.id, Invitee.revision == invitee.revision)
    if run(update(INVITEE).where(*unchanged).values(columns)).rowcount == 0:
        raise Stale
    for name, value in columns.items():
        set_committed_value(invitee, name, value)


def refuse_over(gathering: Gathering) -> None:
    """Raises GatheringOver where it was cancelled."""
    if gathering.is_cancelled:
        raise GatheringOver


def _write(claim: Claim, invitees: list[Invitee], before, kind: Entry, after, *, reason=None) -> None:
    about = {"deed_id": claim.id, "before": before, "kind": kind, "after": after, "reason": reason}
    rows = [{"invitee_id": invitee.id} for invitee in invitees]
    insert_many(LEDGER, rows, **about, done_at=claim.done_at, written_at=claim.at)


def _move(gathering: Gathering, beads: Counter) -> None:
    """Beads by (desa, status), the rows always in the same order."""
    for desa_code in sorted({desa_code for desa_code, _ in beads}):
        moved = {status.value: by for (at, status), by in beads.items() if at == desa_code}
        more = {name: TURNOUT.c[name] + by for name, by in moved.items()} | {"revision": TURNOUT.c.revision + 1}
        key = {"gathering_id": gathering.id, "desa_code": desa_code}
        if min(moved.values()) < 0:
            here = (TURNOUT.c[name] == value for name, value in key.items())
            if run(update(TURNOUT).where(*here).values(more)).rowcount != 1:
                raise RuntimeError("the turnout has no row for a bead the ledger put there: run `flask recount`")
        else:
            entering = upsert(TURNOUT, dialect()).values(EMPTY | moved | key)
            run(entering.on_conflict_do_update(index_elements=list(key), set_=more))


EMPTY = {status.value: 0 for status in Attendance} | {"revision": 1}
