"""The list of a gathering from an office's file: invitations, attendance and marks in one deed, and how it is taken back.

It goes up the same staircase as a desk. The window of sign-in does not apply: a paper list is keyed in afterwards. The chairs
do: nobody can have sat where there was none, so an office that had more raises the capacity first.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from campaign.actions import attending, learning
from campaign.actions.deeds import Claim
from campaign.extensions import db
from campaign.models import AttendanceStep, Certificate, Gathering, Import, Invitee, Person, QuizResult
from campaign.rules.attendance import START, Attendance, Entry
from campaign.rules.gatherings import QuizPart, SignedBy

LED_TO = {
    Entry.COME: Attendance.CAME,
    Entry.COME_LATE: Attendance.LATE,
    Entry.REPRESENT: Attendance.REPRESENTED,
    Entry.EXCUSE: Attendance.EXCUSED,
    Entry.MISS: Attendance.ABSENT,
}


def ready_list(taken: Import, rows: list[tuple[UUID, dict]], *, by, at):
    """People onto the list, and what they did there. Raises GatheringOver, HallFull, WrongStep, QuizAnswered."""

    def write(claim: Claim, taken: Import) -> None:
        gathering = db.session.get_one(Gathering, taken.gathering_id)
        attending.refuse_over(gathering)
        _write(claim, gathering, [said for _id, said in rows])
        taken.totals = taken.totals | {"deed": claim.id}

    return write


def _write(claim: Claim, gathering: Gathering, rows: list[dict]) -> None:
    attending.touch(gathering)  # its lock first: who signs in at this moment waits
    listed = _listed(gathering, [UUID(said["invitee_id"]) for said in rows if said["invitee_id"]])
    new = _invited(claim, gathering, [said for said in rows if not said["invitee_id"]])
    for said in rows:
        invitee = listed[UUID(said["invitee_id"])] if said["invitee_id"] else next(new)
        if said["entry"]:
            _attend(claim, gathering, invitee, said)
        for part in QuizPart:
            if said[part.value]:
                learning.write_mark(claim, invitee, part, *said[part.value])


def _listed(gathering: Gathering, ids: list[UUID]) -> dict[UUID, Invitee]:
    rows = select(Invitee).where(Invitee.gathering_id == gathering.id, Invitee.id.in_(ids)).order_by(Invitee.id)
    return {row.id: row for row in db.session.scalars(rows.execution_options(populate_existing=True))}


def _invited(claim: Claim, gathering: Gathering, rows: list[dict]) -> Iterator[Invitee]:
    """Put on the list now, in the order of the rows; who has come onto it since the file was read is taken as she stands."""
    ids = [UUID(said["person_id"]) for said in rows if said["person_id"]]
    here = (Person.id.in_(ids), Person.kabupaten_code == gathering.kabupaten_code)
    persons = {str(person.id): person for person in db.session.scalars(select(Person).where(*here))}
    named = [
        {name: said[name] for name in ("name", "desa_code", "rw", "title")} | {"person_id": None}
        for said in rows
        if not said["person_id"]
    ]
    attending.enter(claim, gathering, [attending.of_register(person) for person in persons.values()])
    by_name = iter(attending.enter(claim, gathering, named))
    by_person = attending.known(gathering, ids)
    for said in rows:
        yield by_person[UUID(said["person_id"])] if said["person_id"] else next(by_name)


def _attend(claim: Claim, gathering: Gathering, invitee: Invitee, said: dict) -> None:
    kind = Entry(said["entry"])
    if invitee.status == LED_TO[kind]:
        return  # somebody wrote the same at a desk meanwhile
    along = {}
    if said["came_at"]:
        came_at = datetime.combine(gathering.on, time.fromisoformat(said["came_at"]), ZoneInfo(gathering.zone))
        along = {"came_at": came_at, "signed_by": SignedBy.SHEET, "stands_in": said["stands_in"]}
    attending.take(claim, invitee, kind, **along)


# ---- Taken back ----


def take_back(claim: Claim, taken: Import) -> int:
    """Whoever nothing has happened to since goes back to where she stood, off the list if the file put her there. How many."""
    gathering = db.session.get_one(Gathering, taken.gathering_id)
    attending.touch(gathering)
    steps = defaultdict(list)
    of_file = select(AttendanceStep).where(AttendanceStep.deed_id == taken.totals.get("deed"))
    for step in db.session.scalars(of_file.order_by(AttendanceStep.id)):
        steps[step.invitee_id].append(step)
    marks = _marks_of(taken)
    ids = steps.keys() | marks.keys()
    newest, certified, answered = _newest(ids), _certified(ids), _answered(ids)
    gone = 0
    for invitee in _listed(gathering, sorted(ids)).values():
        hers = steps[invitee.id]
        if invitee.id in certified or (hers and (newest[invitee.id] != hers[-1].id or invitee.id in answered)):
            continue
        for part in marks.get(invitee.id, ()):
            db.session.execute(delete(QuizResult).where(QuizResult.invitee_id == invitee.id, QuizResult.part == part))
        _step_back(claim, invitee, hers)
        gone += 1
    return gone


def _step_back(claim: Claim, invitee: Invitee, hers: list[AttendanceStep]) -> None:
    if hers and hers[-1].kind != Entry.INVITE:
        attending.put_back(claim, invitee, hers[-1], reason="impor")
    if hers and hers[0].before is START:
        attending.take(claim, invitee, Entry.STRIKE)


def _marks_of(taken: Import) -> dict[UUID, list[QuizPart]]:
    """The marks this file wrote: in its very moment, and with no answers of her own."""
    rows = select(QuizResult).join(Invitee).where(Invitee.gathering_id == taken.gathering_id)
    found = defaultdict(list)
    for row in db.session.scalars(rows.where(QuizResult.at == taken.applied_at)):
        if not row.chosen:
            found[row.invitee_id].append(row.part)
    return found


def _newest(ids) -> dict[UUID, int]:
    rows = select(AttendanceStep.invitee_id, func.max(AttendanceStep.id)).where(AttendanceStep.invitee_id.in_(ids))
    return dict(db.session.execute(rows.group_by(AttendanceStep.invitee_id)).all())


def _answered(ids) -> set[UUID]:
    """Who sent answers from her own phone: who was signed in by the file was there."""
    rows = select(QuizResult.invitee_id, QuizResult.chosen).where(QuizResult.invitee_id.in_(ids))
    return {invitee_id for invitee_id, chosen in db.session.execute(rows) if chosen}


def _certified(ids) -> set[UUID]:
    return set(db.session.scalars(select(Certificate.invitee_id).where(Certificate.invitee_id.in_(ids))))
