"""Tally, counts by day, seats and turnouts against their ledgers: what differs, named by place and never by person."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from campaign.extensions import db
from campaign.models import (
    Akseptor,
    AttendanceStep,
    Booking,
    DayCount,
    DaySeats,
    Gathering,
    Invitee,
    Lease,
    Outcome,
    ServiceDay,
    Step,
    Tally,
    Turnout,
)
from campaign.rules import sounds
from campaign.rules.attendance import IN_THE_HALL, Attendance
from campaign.rules.journey import Status
from campaign.sealed import CannotOpen, keys

COUNTED = [status.value for status in Status] + ["waiting_nik"]
COUNTED_BY_DAY = ["served", "waiting_nik"]
ATTENDED = [status.value for status in Attendance]
CHUNK = 5_000


@dataclass(frozen=True)
class Difference:
    """One place where what is kept is not what the ledger says. `where` names codes and columns, never a person."""

    where: str
    kept: int | str
    ledger: int | str


def differences() -> list[Difference]:
    """Everything that does not agree, in one reading snapshot."""
    return [*_status_differences(), *_tally_differences(), *_seat_differences(), *_turnout_differences()]


def _newest_steps():
    newest = select(Step.akseptor_id, func.max(Step.id).label("id")).group_by(Step.akseptor_id).subquery()
    return select(Step.akseptor_id, Step.after).join(newest, newest.c.id == Step.id).subquery()


def _status_differences() -> list[Difference]:
    newest = _newest_steps()
    wrong = (
        select(Akseptor.id, Akseptor.status, newest.c.after)
        .outerjoin(newest, newest.c.akseptor_id == Akseptor.id)
        .where(Akseptor.status.is_distinct_from(newest.c.after))
    )
    return [
        Difference(f"akseptor {row.id} status", str(row.status), str(row.after)) for row in db.session.execute(wrong)
    ]


class Told(NamedTuple):
    """What the ledger says: by (campaign, desa, method, participant), and the served by the same and their day."""

    tally: dict[tuple, Counter]
    days: dict[tuple, Counter]


def told_by_ledger() -> Told:
    """How many stand where, by each woman's newest step. Raises CannotOpen."""
    newest, told, last = _newest_steps(), Told({}, {}), None
    columns = (Akseptor.id, Akseptor.campaign_id, Akseptor.desa_code, Akseptor.method_sealed, Akseptor.participant)
    columns += (Akseptor.has_nik, Akseptor.served_on)
    query = select(*columns, newest.c.after).join(newest, newest.c.akseptor_id == Akseptor.id)
    while True:
        page = query if last is None else query.where(Akseptor.id > last)
        rows = db.session.execute(page.order_by(Akseptor.id).limit(CHUNK)).all()
        for row in rows:
            method = keys.open("akseptor.method", row.id, row.method_sealed)
            key = (row.campaign_id, row.desa_code or "", method, row.participant.value)
            beads = told.tally.setdefault(key, Counter())
            if row.after is None:  # her import was undone: she is in no count
                continue
            moved = Counter({row.after.value: 1})
            if row.after == Status.SERVED:
                moved["waiting_nik"] = int(not row.has_nik)
                told.days.setdefault((*key, row.served_on), Counter()).update(moved)
            beads.update(moved)
        if len(rows) < CHUNK:
            return told
        last = rows[-1].id


def _tally_differences() -> list[Difference]:
    try:
        told = told_by_ledger()
    except CannotOpen:
        return [Difference("kunci", "salah", "rekap per metode tidak dapat diperiksa tanpa berkas kunci")]
    tallies, days = ({_key_of(row): row for row in db.session.scalars(select(table))} for table in (Tally, DayCount))
    return [
        *_compared("rekap", tallies, told.tally, COUNTED),
        *_compared("rekap hari", days, told.days, COUNTED_BY_DAY),
    ]


def _key_of(row: Tally | DayCount) -> tuple:
    key = (row.campaign_id, row.desa_code, row.method.value, row.participant.value)
    return (*key, row.on) if isinstance(row, DayCount) else key


def _compared(what: str, kept: dict, told: dict, columns: list[str]):
    for key in sorted(told.keys() | kept.keys(), key=str):
        for column in columns:
            have = getattr(kept[key], column) if key in kept else 0
            should = told[key][column] if key in told else 0
            if have != should:
                place = " ".join([str(key[0]), key[1] or "luar", *map(str, key[2:]), column])
                yield Difference(f"{what} {place}", have, should)


def seats_held():
    held = select(Booking.service_day_id, func.count().label("n")).where(Booking.holds_seat)
    return held.group_by(Booking.service_day_id).subquery()


def served_on_day():
    served = select(Booking.service_day_id, func.count().label("n")).where(Booking.outcome == Outcome.SERVED)
    return served.group_by(Booking.service_day_id).subquery()


def _seat_differences() -> list[Difference]:
    found = []
    for what, column, counted in (
        ("kursi terisi", ServiceDay.taken, seats_held()),
        ("dilayani", ServiceDay.served, served_on_day()),
    ):
        should = func.coalesce(counted.c.n, 0)
        wrong = select(ServiceDay.id, column.label("kept"), should.label("n"))
        wrong = wrong.outerjoin(counted, counted.c.service_day_id == ServiceDay.id).where(column != should)
        found += [Difference(f"hari {row.id} {what}", row.kept, row.n) for row in db.session.execute(wrong)]
    try:
        return found + _family_differences()
    except CannotOpen:
        return found  # the tally has said already that the key is wrong


def attended() -> dict[tuple, Counter]:
    """By (gathering, desa): how many stand where, by each invitee's newest entry; those who sit in the hall are `present`, too."""
    newest = select(func.max(AttendanceStep.id)).group_by(AttendanceStep.invitee_id)
    rows = select(Invitee.gathering_id, Invitee.desa_code, AttendanceStep.after, func.count().label("n"))
    rows = rows.join(AttendanceStep, AttendanceStep.invitee_id == Invitee.id).where(AttendanceStep.id.in_(newest))
    told = {}
    for row in db.session.execute(rows.group_by(Invitee.gathering_id, Invitee.desa_code, AttendanceStep.after)):
        beads = told.setdefault((row.gathering_id, row.desa_code or ""), Counter())
        if row.after is not None:
            beads[row.after.value] += row.n
            beads["present"] += row.n * (row.after in IN_THE_HALL)
    return told


def _turnout_differences() -> list[Difference]:
    told, found = attended(), []
    kept = {(row.gathering_id, row.desa_code): row for row in db.session.scalars(select(Turnout))}
    for key in sorted(told.keys() | kept.keys(), key=str):
        for bead in ATTENDED:
            have, should = getattr(kept.get(key), bead, 0), told.get(key, {}).get(bead, 0)
            if have != should:
                found.append(Difference(f"pertemuan {key[0]} {key[1] or 'tanpa desa'} {bead}", have, should))
    present = Counter()
    for (gathering_id, _), beads in told.items():
        present[gathering_id] += beads["present"]
    for row in db.session.execute(select(Gathering.id, Gathering.present)):
        if row.present != present[row.id]:
            found.append(Difference(f"pertemuan {row.id} kursi terisi", row.present, present[row.id]))
    return found


def held_by_family(day_id: UUID | None = None) -> Counter:
    """(day, family) → seats held by its bookings: of this day, or of all that count them so. Raises CannotOpen."""
    here = (
        Booking.service_day_id.in_(select(DaySeats.service_day_id))
        if day_id is None
        else Booking.service_day_id == day_id
    )
    sealed = (Booking.id, Booking.service_day_id, Booking.family_sealed)
    held = select(*sealed).where(Booking.holds_seat, Booking.family_sealed.is_not(None))
    found = Counter()
    for row in db.session.execute(held.where(here)):
        found[row.service_day_id, keys.open("booking.family", row.id, row.family_sealed).strip()] += 1
    return found


def _family_differences() -> list[Difference]:
    held, found = held_by_family(), []
    for row in db.session.execute(select(DaySeats.service_day_id, DaySeats.family, DaySeats.taken)):
        should = held[row.service_day_id, row.family.value]
        if row.taken != should:
            found.append(Difference(f"hari {row.service_day_id} kursi {row.family.value} terisi", row.taken, should))
    return found


def misheard() -> dict[UUID, str]:
    """Whose name sounds otherwise than is kept, and how; who stands nowhere is not heard."""
    rows = db.session.execute(select(Akseptor.id, Akseptor.name, Akseptor.sound).where(Akseptor.status.is_not(None)))
    return {row.id: heard for row in rows if (heard := sounds.key(row.name)) != row.sound}


def jobs() -> list[Lease]:
    """What the clock did last."""
    return list(db.session.scalars(select(Lease).order_by(Lease.job)))
