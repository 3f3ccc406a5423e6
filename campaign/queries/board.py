"""The board: counters, never people. Its cost does not grow with the number of akseptor."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, DayCount, Desa, ServiceDay, ServicePoint, Tally, WorkingArea
from campaign.queries import campaigns, days, scope
from campaign.queries.by_day import OUTSIDE, SERVED, counting, in_the_whole
from campaign.rules import pace as paces
from campaign.rules.methods import Participant

# Columns and not rows of the ORM: hundreds of them are read at every change, and making objects takes ten times as long.
FOUND = Tally.registered + Tally.deferred + Tally.no_show + Tally.referred
BEADS = (Tally.desa_code, Tally.method, Tally.participant, Tally.attended, Tally.booked, FOUND, Tally.served)
BEADS += (Tally.waiting_nik, Tally.revision)


@dataclass
class Standing:
    """How one area stands: numbers of women, and the target."""

    code: str
    name: str
    target: int = 0
    served: int = 0  # what counts by the campaign's setting
    waiting_nik: int = 0  # served, and would count with a NIK
    not_counted: int = 0  # served, but not by a method or status that counts
    attended: int = 0
    booked: int = 0
    registered: int = 0  # found and still to come: registered, deferred, missed, referred
    unconfirmed: int = 0  # whose service day is over and who has no outcome
    pace: paces.Pace = paces.Pace.NO_TARGET
    outlook: paces.Outlook | None = None  # where somebody looked ahead
    revision: int = 0
    has_ended: bool = False  # split or merged: shown only while something stands in its name
    methods: dict = field(default_factory=dict)

    def add(self, other: "Standing") -> None:
        for name in SUMMED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for method, number in other.methods.items():
            self.methods[method] = self.methods.get(method, 0) + number

    @property
    def found(self) -> int:
        """Everybody who was registered and takes part, whether she counts or not."""
        return self.registered + self.booked + self.attended + self.served + self.waiting_nik + self.not_counted

    @property
    def share(self) -> int | None:
        """Whole percent of the target, rounded down: 99,9 % is not yet reached."""
        return 100 * self.served // self.target if self.target else None


SUMMED = (
    "target",
    "served",
    "waiting_nik",
    "not_counted",
    "attended",
    "booked",
    "registered",
    "unconfirmed",
    "revision",
)


@dataclass
class Board:
    """The whole board of one campaign at one moment."""

    total: Standing
    kecamatan_list: list[Standing]
    desa_lists: dict[str, list[Standing]]  # by kecamatan code
    outside: Standing
    seats_left: int
    version: int


def version(campaign_id) -> int:
    """A number that grows with every change the board shows, the same in every process."""
    tallies = (
        select(func.coalesce(func.sum(Tally.revision), 0)).where(Tally.campaign_id == campaign_id).scalar_subquery()
    )
    return int(db.session.scalar(select(Campaign.revision + tallies).where(Campaign.id == campaign_id)) or 0)


def board(campaign: Campaign, *, today: date) -> Board:
    """Every bar of this campaign, from one reading snapshot."""
    ground = _ground(campaign, today)
    standings = {}
    for code, name, has_ended, target in ground.desa_list:
        standings[code] = Standing(code, name, target=target, has_ended=has_ended)
    outside = standings.setdefault(OUTSIDE, Standing(OUTSIDE, ""))
    _count(standings, select(*BEADS).where(Tally.campaign_id == campaign.id), campaign)
    for desa_code, number in _unconfirmed(campaign, today):
        standings[desa_code or OUTSIDE].unconfirmed = number

    total, inside = Standing(campaign.kabupaten_code, campaign.name), defaultdict(list)
    for desa in standings.values():
        if desa is not outside and (desa.revision or desa.target or not desa.has_ended):
            inside[desa.code[:8]].append(desa)
    kecamatan_list, desa_lists = [], {}
    for code, name in ground.kecamatan_list:
        desa_lists[code] = inside[code]
        sum_of = Standing(code, name)
        for desa in inside[code]:
            sum_of.add(desa)
        kecamatan_list.append(sum_of)
        total.add(sum_of)
    if campaign.counts_outsiders:
        total.add(outside)
    else:  # not her service, but still somebody's work that is not done: as the places and the day's message say it
        total.unconfirmed += outside.unconfirmed
    total.target = campaign.headline

    every_desa = (desa for desa_list in desa_lists.values() for desa in desa_list)
    areas = [total, *kecamatan_list, *every_desa]
    judge_pace(areas, campaign, today=today)
    _look_ahead(areas, campaign, ground, today=today)
    return Board(
        total=total,
        kecamatan_list=kecamatan_list,
        desa_lists=desa_lists,
        outside=outside,
        seats_left=days.seats_left(campaign, today=today),
        version=version(campaign.id),
    )


def desa_by_method(*, seen_by) -> set[str]:
    """Codes of the desa whose services this person may see by method."""
    return set(db.session.scalars(select(Desa.code).where(scope.desa_by_method(seen_by))))


def judge_pace(areas, campaign: Campaign, *, today: date) -> None:
    """Say of each area how it stands today against what is due."""
    all_days = (campaign.closes_on - campaign.opens_on).days + 1
    gone = (min(today, campaign.closes_on) - campaign.opens_on).days + 1
    for area in areas:
        area.pace = paces.judge(area.target, area.served, days_gone=gone, days_all=all_days)


@dataclass(frozen=True)
class Ground:
    """What a board stands on: places, targets, and on which service days women of each area go somewhere.

    Whatever changes it moves the campaign's revision, so it is read once per revision and day and not with every service.
    """

    revision: int
    today: date
    kecamatan_list: list[tuple[str, str]]  # code, name
    desa_list: list[tuple[str, str, bool, int]]  # code, name, whether it has ended, target
    days: dict[str, paces.Calendar]  # by area
    everywhere: paces.Calendar  # for an area nobody has said who works in
    since: date  # the first of the service days that are "lately"


_GROUNDS: dict[UUID, Ground] = {}  # the newest of each campaign


def _ground(campaign: Campaign, today: date) -> Ground:
    kept = _GROUNDS.get(campaign.id)
    if kept is None or (kept.revision, kept.today) != (campaign.revision, today):
        kept = _GROUNDS[campaign.id] = _read_ground(campaign, today)
    return kept


def _read_ground(campaign: Campaign, today: date) -> Ground:
    open_on = defaultdict(set)
    points = select(func.coalesce(ServicePoint.induk_id, ServicePoint.id), ServiceDay.on).distinct()
    points = points.join(ServicePoint, ServicePoint.id == ServiceDay.service_point_id)
    held = (ServiceDay.campaign_id == campaign.id, ~ServiceDay.is_cancelled)
    for puskesmas_id, on in db.session.execute(points.where(*held)):
        open_on[puskesmas_id].add(on)
    every_day = set().union(*open_on.values())
    since = min(sorted(day for day in every_day if day < today)[-paces.RECENT :], default=today)

    near = defaultdict(set)  # by area: the days of the puskesmas that work for any of its desa
    inside = WorkingArea.desa_code.startswith(campaign.kabupaten_code + ".")
    for desa_code, puskesmas_id in db.session.execute(
        select(WorkingArea.desa_code, WorkingArea.puskesmas_id).where(inside)
    ):
        near[desa_code] |= open_on[puskesmas_id]
        near[desa_code[:8]] |= open_on[puskesmas_id]

    span = {"today": today, "since": since, "until": campaign.books_until}
    promised, desa_list = campaigns.promised(campaign), campaigns.desa_names(campaign.kabupaten_code)
    return Ground(
        revision=campaign.revision,
        today=today,
        kecamatan_list=[(area.code, area.name) for area in campaigns.kecamatan_list(campaign.kabupaten_code)],
        desa_list=[(d.code, d.name, d.ended_on is not None, promised.get(d.code, 0)) for d in desa_list],
        days={code: paces.calendar(days, **span) for code, days in near.items() if days},
        everywhere=paces.calendar(every_day, **span),
        since=since,
    )


def _look_ahead(areas, campaign: Campaign, ground: Ground, *, today: date) -> None:
    """Say of each area what is left and how fast it went lately, by the service days of the puskesmas that work for it."""
    lately = _lately(campaign, ground.since, today)
    for area in areas:
        days = ground.days.get(area.code, ground.everywhere)
        so_far = {"target": area.target, "served": area.served, "lately": lately[area.code]}
        area.outlook = paces.outlook(**so_far, days=days)


def _lately(campaign: Campaign, since: date, today: date) -> Counter:
    """By area, what was served from `since` until yesterday and counts; from elsewhere only where that counts."""
    rows = select(DayCount.desa_code, SERVED).where(*counting(campaign), in_the_whole(campaign))
    rows = rows.where(DayCount.on >= since, DayCount.on < today).group_by(DayCount.desa_code)
    lately = Counter()
    for desa_code, number in db.session.execute(rows):
        for code in {desa_code, desa_code[:8], campaign.kabupaten_code}:
            lately[code] += int(number)
    return lately


def _unconfirmed(campaign: Campaign, today: date):
    """By desa, how many have no outcome though their day is over."""
    # The open bookings first, by their own index: from the days the planner of SQLite would go through all who were ever served.
    standing = select(Booking.akseptor_id, Booking.service_day_id).where(Booking.outcome.is_(None))
    standing = standing.cte("standing").prefix_with("MATERIALIZED")
    waiting = select(Akseptor.desa_code, func.count()).join(standing, standing.c.akseptor_id == Akseptor.id)
    waiting = waiting.join(ServiceDay, ServiceDay.id == standing.c.service_day_id)
    waiting = waiting.where(ServiceDay.campaign_id == campaign.id, ServiceDay.on < today)
    return db.session.execute(waiting.group_by(Akseptor.desa_code)).all()


def _count(standings: dict[str, Standing], rows, campaign: Campaign) -> None:
    """Add these beads to the standings of their desa."""
    counted = {(method, who) for method in campaign.counted_methods for who in campaign.counted_participants}
    for desa_code, method, participant, attended, booked, found, served, waiting_nik, revision in db.session.execute(
        rows
    ):
        area = standings[desa_code]
        area.attended += attended
        area.booked += booked
        area.registered += found
        area.revision += revision
        if (method, participant) in counted:
            area.served += served - waiting_nik
            area.waiting_nik += waiting_nik
            area.methods[method] = area.methods.get(method, 0) + served - waiting_nik
        elif participant != Participant.BELUM:
            area.not_counted += served


def standings_of(campaign: Campaign, desa_codes: list[str]) -> dict[str, Standing]:
    """Only these desa, without pace: what a kader sees above her list."""
    promised = campaigns.promised(campaign)
    standings = {code: Standing(code, "", target=promised.get(code, 0)) for code in desa_codes}
    _count(standings, select(*BEADS).where(Tally.campaign_id == campaign.id, Tally.desa_code.in_(desa_codes)), campaign)
    return standings
