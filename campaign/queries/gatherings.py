"""Gatherings: which there are, who is invited, who of the register could be; and how many have come, by area."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import String, case, cast, func, or_, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import AttendanceStep, Deed, Desa, Gathering, Invitee, Kecamatan, Person, Turnout
from campaign.queries import scope
from campaign.rules.attendance import Attendance
from campaign.rules.gatherings import Level, Poktan
from campaign.rules.roles import Role

# ---- Which there are ----


def gathering(gathering_id: UUID, *, seen_by) -> Gathering:
    """One she arranges. Raises NoSuch."""
    return _one(Gathering.id == gathering_id, scope.gatherings_of(seen_by))


def gathering_at_desk(gathering_id: UUID, *, seen_by) -> Gathering:
    """One at whose desk she may sit. Raises NoSuch."""
    return _one(Gathering.id == gathering_id, scope.desks_of(seen_by))


def gathering_invited_to(gathering_id: UUID, *, seen_by) -> Gathering:
    """One she is invited to. Raises NoSuch."""
    return _one(Gathering.id == gathering_id, scope.invitations_of(seen_by))


def gathering_in_kabupaten(gathering_id: UUID, *, seen_by) -> Gathering:
    """One of her kabupaten, as its numbers are for every official. Raises NoSuch."""
    return _one(Gathering.id == gathering_id, Gathering.kabupaten_code == seen_by.kabupaten_code)


def gathering_by_door(door_code: str, *, seen_by) -> Gathering:
    """The one this door belongs to. Raises NoSuch."""
    return _one(Gathering.door_code == door_code, Gathering.kabupaten_code == seen_by.kabupaten_code)


def _one(*conditions) -> Gathering:
    return scope.one(select(Gathering).where(*conditions).options(joinedload(Gathering.kabupaten)))


@dataclass(frozen=True)
class Line:
    """A gathering in a list, and how many of how many have come."""

    gathering: Gathering
    counted: "Counted"


def gathering_list(*, seen_by, today: date, most: int = 100) -> list[Line]:
    """Those at whose desk she may sit: today's and the next ones first, then the newest past ones; so many of each."""
    return _lines(scope.desks_of(seen_by), today=today, most=most)


def gatherings_of_kabupaten(*, seen_by, today: date, since: date, until: date, most: int = 50) -> list[Line]:
    """Those of these days whose numbers any official may see, in the same order."""
    there = (Gathering.kabupaten_code == seen_by.kabupaten_code, Gathering.on.between(since, until))
    return _lines(*there, today=today, most=most)


def my_gatherings(*, seen_by, since: date) -> list[Invitee]:
    """Her own invitations from this day on, the next first."""
    hers = select(Invitee).join(Gathering).where(Invitee.person_id == seen_by.id, Invitee.status.is_not(None))
    hers = hers.where(Gathering.on >= since).options(joinedload(Invitee.gathering))
    return list(db.session.scalars(hers.order_by(Gathering.on, Gathering.starts_at)))


def _lines(*conditions, today: date, most: int) -> list[Line]:
    """The numbers in one query. A long series ahead must not push today's off the list, so each half has a limit of its own."""
    asked = select(Gathering).where(*conditions).limit(most)
    ahead = asked.where(Gathering.on >= today).order_by(Gathering.on, Gathering.starts_at, Gathering.id)
    past = asked.where(Gathering.on < today).order_by(Gathering.on.desc(), Gathering.starts_at, Gathering.id)
    found = [each for half in (ahead, past) for each in db.session.scalars(half)]
    counts = {each.id: Counted("", each.name, target=each.target or 0) for each in found}
    for row in db.session.scalars(select(Turnout).where(Turnout.gathering_id.in_(counts))):
        counts[row.gathering_id].take(row)
    return [Line(each, counts[each.id]) for each in found]


def gatherings_to_close(at: datetime) -> list[Gathering]:
    """Those that ended some hours ago and whose list nobody has closed."""
    over = (Gathering.closes_at < at - CLOSED_AFTER, Gathering.closed_at.is_(None), ~Gathering.is_cancelled)
    return list(db.session.scalars(select(Gathering).where(*over)))


CLOSED_AFTER = timedelta(hours=12)  # who was without a line has had the evening to send

# ---- Who is invited ----


def invitee(invitee_id: UUID, *, seen_by) -> Invitee:
    """Somebody on a list at whose desk she may sit. Raises NoSuch."""
    asked = select(Invitee).join(Gathering).where(Invitee.id == invitee_id, scope.desks_of(seen_by))
    return scope.one(asked.options(joinedload(Invitee.gathering), joinedload(Invitee.desa)))


def invitee_by_code(gathering: Gathering, code: str) -> Invitee | None:
    """Who holds the letter with this code."""
    listed = (Invitee.gathering_id == gathering.id, Invitee.code == code, Invitee.status.is_not(None))
    return db.session.scalars(select(Invitee).where(*listed)).first()


def my_invitation(gathering: Gathering, by) -> Invitee | None:
    """Her own line on the list."""
    hers = (Invitee.gathering_id == gathering.id, Invitee.person_id == by.id, Invitee.status.is_not(None))
    return db.session.scalars(select(Invitee).where(*hers)).first()


def invitee_list(
    gathering: Gathering, *, name: str = "", area: str = "", status: Collection[Attendance] = ()
) -> list[Invitee]:
    """The list by kecamatan, desa and name. `area` is the code of a kecamatan or desa, `name` any part of a name."""
    asked = [Invitee.gathering_id == gathering.id, Invitee.status.is_not(None)]
    if name:
        asked.append(func.lower(Invitee.name).contains(name.lower(), autoescape=True))
    if area:
        asked.append(Invitee.desa_code.startswith(area, autoescape=True))
    if status:
        asked.append(Invitee.status.in_(status))
    of_desa = joinedload(Invitee.desa).joinedload(Desa.kecamatan)
    rows = select(Invitee).where(*asked).options(of_desa, joinedload(Invitee.person))
    nowhere_last = case((Invitee.desa_code.is_(None), 1), else_=0)
    return list(db.session.scalars(rows.order_by(nowhere_last, Invitee.desa_code, Invitee.name, Invitee.id)))


def last_entry(invitee: Invitee):
    """The last line of the ledger about her: `kind`, `reason`, `written_at`, and the deed's `key`, `by_id` and `who` did it."""
    asked = select(
        AttendanceStep.kind,
        AttendanceStep.reason,
        AttendanceStep.written_at,
        Deed.key,
        Deed.by_id,
        Person.name.label("who"),
    )
    asked = asked.join(Deed, Deed.id == AttendanceStep.deed_id).outerjoin(Person, Person.id == Deed.by_id)
    hers = asked.where(AttendanceStep.invitee_id == invitee.id)
    return db.session.execute(hers.order_by(AttendanceStep.id.desc()).limit(1)).one()


def uninvited(gathering: Gathering, *, name: str = "", person_id: UUID | None = None, most: int = 30) -> list[Person]:
    """Who of the register of its kabupaten is not on the list: at a desk, whoever comes may be any of them."""
    listed = select(Invitee.person_id).where(
        Invitee.gathering_id == gathering.id, Invitee.person_id.is_not(None), Invitee.status.is_not(None)
    )
    asked = [Person.kabupaten_code == gathering.kabupaten_code, Person.disabled_at.is_(None)]
    if person_id:
        asked.append(Person.id == person_id)
    else:
        asked += [Person.id.not_in(listed), func.lower(Person.name).contains(name.lower(), autoescape=True)]
    rows = select(Person).where(*asked).options(joinedload(Person.desa).joinedload(Desa.kecamatan))
    return list(db.session.scalars(rows.order_by(Person.name, Person.id).limit(most)))


def inviteable(
    gathering: Gathering,
    *,
    seen_by,
    areas: Collection[str] = (),
    level: Level | None = None,
    poktan: Poktan | None = None,
    roles: Collection[Role] = (Role.KADER,),
) -> list[Person]:
    """Whom of the register she could still invite, by desa and name. `areas` are codes of kecamatan or desa; none: everywhere."""
    listed = select(Invitee.person_id).where(
        Invitee.gathering_id == gathering.id, Invitee.person_id.is_not(None), Invitee.status.is_not(None)
    )
    asked = [scope.inviteable_of(seen_by), Person.role.in_(roles), Person.id.not_in(listed)]
    if areas:
        asked.append(or_(*(Person.desa_code.startswith(area, autoescape=True) for area in areas)))
    if level == Level.PPKBD:
        asked.append(Person.rw.is_(None))
    elif level == Level.SUB_PPKBD:
        asked.append(Person.rw.is_not(None))
    if poktan:
        asked.append(cast(Person.poktan, String).contains(f'"{poktan.value}"', autoescape=True))
    of_desa = joinedload(Person.desa).joinedload(Desa.kecamatan)
    rows = select(Person).where(*asked).options(of_desa).order_by(Person.desa_code, Person.rw, Person.name, Person.id)
    return list(db.session.scalars(rows))


# ---- How many have come ----

BEADS = tuple(status.value for status in Attendance)


@dataclass
class Counted:
    """How many of an area stand where. `here` counts who came herself, `present` also those who sent somebody."""

    code: str
    name: str
    target: int = 0  # how many shall come: the gathering's own number, or as many as are on the list
    invited: int = 0
    came: int = 0
    late: int = 0
    excused: int = 0
    absent: int = 0
    represented: int = 0
    revision: int = 0

    def take(self, other) -> None:
        for bead in (*BEADS, "revision"):
            setattr(self, bead, getattr(self, bead) + getattr(other, bead))

    @property
    def listed(self) -> int:
        return sum(getattr(self, bead) for bead in BEADS)

    @property
    def here(self) -> int:
        return self.came + self.late

    @property
    def present(self) -> int:
        return self.here + self.represented

    @property
    def of(self) -> int:
        return self.target or self.listed

    @property
    def share(self) -> int | None:
        """Whole percent of those who shall come, rounded down."""
        return 100 * self.present // self.of if self.of else None


@dataclass
class TurnoutBoard:
    """How many have come to one gathering, at one moment."""

    total: Counted
    kecamatan_list: list[Counted]
    desa_lists: dict[str, list[Counted]]  # by kecamatan code
    elsewhere: Counted  # of no desa: officers, guests
    version: int


def turnout(gathering: Gathering) -> TurnoutBoard:
    """The whole board of a gathering: only areas somebody of which is on the list."""
    rows = select(Turnout, Desa, Kecamatan).outerjoin(Desa, Desa.code == Turnout.desa_code)
    rows = rows.outerjoin(Kecamatan, Kecamatan.code == Desa.kecamatan_code)
    rows = rows.where(Turnout.gathering_id == gathering.id).order_by(Turnout.desa_code)
    total = Counted("", gathering.name, target=gathering.target or 0)
    elsewhere, kecamatan_list, desa_lists = Counted("-", "tanpa desa"), {}, {}
    for row, desa, kecamatan in db.session.execute(rows).all():
        total.take(row)
        if desa is None:
            elsewhere.take(row)
            continue
        counted = Counted(desa.code, desa.name)
        counted.take(row)
        kecamatan_list.setdefault(kecamatan.code, Counted(kecamatan.code, kecamatan.name)).take(row)
        if counted.listed:
            desa_lists.setdefault(kecamatan.code, []).append(counted)
    shown = [area for area in kecamatan_list.values() if area.listed]
    return TurnoutBoard(total, shown, desa_lists, elsewhere, turnout_version(gathering.id))


def turnout_version(gathering_id: UUID) -> int:
    """Grows with every change of what the board of a gathering shows: each entry and each change touches the gathering."""
    return int(db.session.scalar(select(Gathering.revision).where(Gathering.id == gathering_id)) or 0)
