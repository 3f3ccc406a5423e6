"""What a PLKB looks after: how his desa stand, which registrations to look at twice, and who of his kader needs a hand.

Nobody is ranked, and who did not want to take part is in no figure.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Akseptor, Campaign, Deed, Desa, Device, Person, Stage, Step
from campaign.queries import campaigns, scope
from campaign.queries.board import Standing, judge_pace, standings_of
from campaign.rules import outliers
from campaign.rules.accounts import AccountState
from campaign.rules.journey import Kind, Status
from campaign.rules.outliers import Finding, KaderNeed, Registration
from campaign.rules.pace import Pace
from campaign.rules.roles import Role
from campaign.sealed import CannotOpen, keys

FIRST = [Pace.NEEDS_HELP, Pace.BEHIND, Pace.ON_PACE, Pace.NO_TARGET, Pace.REACHED]
MOST = 20_000  # registrations looked at, the newest: a second's work; a PLKB has some hundred
LISTED = 200  # women named of one finding


# ---- His desa ----


def progress(campaign: Campaign, *, seen_by, today: date) -> list[tuple[Desa, Standing]]:
    """His desa with how they stand and their pace, who needs help first."""
    desa_list = campaigns.desa_of_plkb(seen_by)
    standings = standings_of(campaign, [desa.code for desa in desa_list])
    judge_pace(standings.values(), campaign, today=today)
    rows = [(desa, standings[desa.code]) for desa in desa_list]
    return sorted(rows, key=lambda row: (FIRST.index(row[1].pace), row[0].name, row[0].code))


# ---- Registrations to check ----


def beyond_target(rows: list[tuple[Desa, Standing]]) -> list[tuple[Desa, Standing]]:
    """Those of his desa that have registered several times what they promised."""
    return [(desa, standing) for desa, standing in rows if outliers.is_beyond_target(standing.found, standing.target)]


def without_nik(campaign: Campaign, *, seen_by, desa_code=None, page=1, size=50):
    """One page of the women without NIK: who was served and does not count yet first, then who has waited longest; and how many."""
    waiting = [Akseptor.campaign_id == campaign.id, Akseptor.desa_code.in_(scope.desa_of_plkb(seen_by))]
    waiting += [~Akseptor.has_nik, Akseptor.status.is_not(None), Akseptor.status != Status.WITHDRAWN]
    if desa_code:
        waiting.append(Akseptor.desa_code == desa_code)
    total = db.session.scalar(select(func.count()).select_from(Akseptor).where(*waiting))
    rows = select(Akseptor).where(*waiting).options(joinedload(Akseptor.desa), joinedload(Akseptor.kader))
    rows = rows.order_by(Akseptor.status != Status.SERVED, Akseptor.registered_at, Akseptor.id)
    return list(db.session.scalars(rows.limit(size).offset((page - 1) * size))), total


@dataclass(frozen=True)
class Pattern:
    """What stands out in the registrations of one kader."""

    kader_id: UUID
    kader: str
    desa: str
    finding: Finding


def patterns(campaign: Campaign, *, seen_by, today: date, desa_code=None) -> list[Pattern]:
    """What stands out among the registrations in his desa, the newest first. Nothing is shown of a phone opened for it."""
    rows = _registrations(campaign, seen_by, desa_code)
    phones = _phones(rows)
    by_kader = defaultdict(list)
    for row in {row.id: row for row in rows}.values():  # who withdrew and came back counts once
        by_kader[row.kader_id].append(row)
    found = []
    zone = ZoneInfo(campaign.zone)
    for kader_id, its in by_kader.items():
        said = [Registration(r.id, _when(r).astimezone(zone), r.has_nik, phones.get(r.id)) for r in its]
        span = {"opens_on": campaign.opens_on, "closes_on": campaign.closes_on}
        place = {row.id: row.desa for row in its}
        for finding in outliers.of_kader(said, today=today, **span):
            where = ", ".join(sorted({place[woman] for woman in finding.women}))
            found.append(Pattern(kader_id, its[0].kader, where, finding))
    return sorted(found, key=lambda pattern: pattern.finding.at, reverse=True)


def _registrations(campaign: Campaign, seen_by, desa_code):
    """Every woman a kader registered in his desa: not imported, not keyed in from paper, not gone."""
    columns = (
        Akseptor.id,
        Akseptor.has_nik,
        Akseptor.phone_sealed,
        Person.id.label("kader_id"),
        Person.name.label("kader"),
    )
    columns += (Desa.name.label("desa"), Step.done_at, Step.written_at)
    rows = select(*columns).join(Step, Step.akseptor_id == Akseptor.id).join(Deed, Deed.id == Step.deed_id)
    rows = rows.join(Person, Person.id == Deed.by_id).join(Desa, Desa.code == Akseptor.desa_code)
    hers = [Akseptor.campaign_id == campaign.id, Akseptor.desa_code.in_(scope.desa_of_plkb(seen_by))]
    hers += [Akseptor.status.is_not(None), Akseptor.status != Status.WITHDRAWN, Akseptor.paper_row.is_(None)]
    hers += [Step.kind == Kind.REGISTER, Deed.kind == "register", Person.role == Role.KADER]
    if desa_code:
        hers.append(Akseptor.desa_code == desa_code)
    newest = db.session.execute(rows.where(*hers).order_by(Step.id.desc()).limit(MOST)).all()
    return newest[::-1]


def _when(row) -> datetime:
    """When the phone says it happened, which is kept with its clock put right; never after we had it."""
    return min(row.done_at or row.written_at, row.written_at)


def _phones(rows) -> dict[UUID, str]:
    """Phones opened to be compared, and forgotten. Without the key file none is."""
    try:
        return {row.id: keys.open("akseptor.phone", row.id, row.phone_sealed) for row in rows if row.phone_sealed}
    except CannotOpen:
        return {}


def women_of(pattern: Pattern, *, seen_by) -> list[Akseptor]:
    """The first of those it is about, as they were registered."""
    hers = (Akseptor.id.in_(pattern.finding.women[:LISTED]), Akseptor.desa_code.in_(scope.desa_of_plkb(seen_by)))
    rows = select(Akseptor).where(*hers).options(joinedload(Akseptor.desa))
    return list(db.session.scalars(rows.order_by(Akseptor.registered_at, Akseptor.id)))


# ---- His kader ----


@dataclass(frozen=True)
class Outbox:
    """What the phones of one kader said they still hold, and when one of them was seen last."""

    unsent: int = 0
    parked: int = 0
    oldest_unsent_at: datetime | None = None
    told_at: datetime | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True)
class KaderStanding:
    """One kader and hers: numbers of women, what her phone holds, what she may need."""

    kader: Person
    found: int
    booked: int
    served: int
    without_nik: int
    last_at: datetime | None
    outbox: Outbox
    needs: tuple[KaderNeed, ...]


NOTHING_HELD = Outbox()


def outboxes(people) -> dict[UUID, Outbox]:
    """What the phones of these people said last, by person id."""
    columns = (Device.person_id, func.sum(Device.unsent), func.sum(Device.parked), func.min(Device.oldest_unsent_at))
    columns += (func.max(Device.told_at), func.max(Device.seen_at))
    theirs = (Device.person_id.in_([person.id for person in people]), Device.revoked_at.is_(None))
    rows = db.session.execute(select(*columns).where(*theirs).group_by(Device.person_id))
    return {person_id: Outbox(*held) for person_id, *held in rows}


def kader_standings(campaign: Campaign, *, seen_by, at: datetime) -> list[KaderStanding]:
    """His active kader, who needs a hand first, then by name."""
    people = (
        select(Person).where(scope.people_of(seen_by), Person.disabled_at.is_(None)).options(joinedload(Person.desa))
    )
    people = list(db.session.scalars(people.order_by(Person.name, Person.id)))
    held, counted = outboxes(people), _counted(campaign, people)
    today = campaign.day_of(at)
    is_running = campaign.stage == Stage.OPEN and campaign.opens_on <= today <= campaign.closes_on
    began_at = datetime.combine(campaign.opens_on, datetime.min.time(), ZoneInfo(campaign.zone))
    rows = []
    for person in people:
        by_status, without, last_at = counted[person.id]
        outbox = held.get(person.id, NOTHING_HELD)
        about = {
            "is_in": person.state != AccountState.WAITING,
            "parked": outbox.parked,
            "unsent_since": outbox.oldest_unsent_at,
        }
        needs = outliers.needs(**about, last_at=last_at, began_at=began_at, is_running=is_running, now=at)
        booked, served = by_status[Status.BOOKED] + by_status[Status.ATTENDED], by_status[Status.SERVED]
        rows.append(KaderStanding(person, sum(by_status.values()), booked, served, without, last_at, outbox, needs))
    return sorted(rows, key=lambda row: outliers.urgency(row.needs))


def _counted(campaign: Campaign, people) -> dict:
    """By kader: how many of hers stand where, how many are without NIK, and when the last one was found."""
    columns = (Akseptor.kader_id, Akseptor.status, Akseptor.has_nik, func.count(), func.max(Akseptor.registered_at))
    hers = (Akseptor.campaign_id == campaign.id, Akseptor.kader_id.in_([person.id for person in people]))
    taking_part = (Akseptor.status.is_not(None), Akseptor.status != Status.WITHDRAWN)
    rows = select(*columns).where(*hers, *taking_part).group_by(Akseptor.kader_id, Akseptor.status, Akseptor.has_nik)
    counted = defaultdict(lambda: (defaultdict(int), 0, None))
    for kader_id, status, has_nik, number, last_at in db.session.execute(rows):
        by_status, without, newest = counted[kader_id]
        by_status[status] += number
        counted[kader_id] = (by_status, without + (not has_nik) * number, max(newest or last_at, last_at))
    return counted
