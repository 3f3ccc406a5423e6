"""The board: counters, never people. Its cost does not grow with the number of akseptor."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, DayCount, Desa, ServiceDay, ServicePoint, Tally, WorkingArea
from campaign.queries import campaigns, days, scope
from campaign.queries.by_day import OUTSIDE, SERVED, counting, in_the_whole
from campaign.rules import pace as paces
from campaign.rules.methods import Participant

# Columns and not rows of the ORM: hundreds of them are read at every change, and making objects takes ten times as long.
BEADS = [column for column in Tally.__table__.c if column.name != "campaign_id"]


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
    promised = campaigns.promised(campaign)
    rows = db.session.execute(select(*BEADS).where(Tally.campaign_id == campaign.id)).all()
    standings = {}
    for desa in campaigns.desa_names(campaign.kabupaten_code):
        standings[desa.code] = Standing(desa.code, desa.name, target=promised.get(desa.code, 0))
        standings[desa.code].has_ended = desa.ended_on is not None
    outside = standings.setdefault(OUTSIDE, Standing(OUTSIDE, ""))
    for row in rows:
        _count(standings[row.desa_code], row, campaign)
    for desa_code, number in _unconfirmed(campaign, today):
        standings[desa_code or OUTSIDE].unconfirmed = number

    total = Standing(campaign.kabupaten_code, campaign.name)
    kecamatan_list, desa_lists = [], {}
    for kecamatan in campaigns.kecamatan_list(campaign.kabupaten_code):
        inside = (s for s in standings.values() if s.code.startswith(kecamatan.code + "."))
        desa_lists[kecamatan.code] = [s for s in inside if s.revision or s.target or not s.has_ended]
        sum_of = Standing(kecamatan.code, kecamatan.name)
        for desa in desa_lists[kecamatan.code]:
            sum_of.add(desa)
        kecamatan_list.append(sum_of)
        total.add(sum_of)
    if campaign.counts_outsiders:
        total.add(outside)
    total.target = campaign.headline

    every_desa = (desa for desa_list in desa_lists.values() for desa in desa_list)
    areas = [total, *kecamatan_list, *every_desa]
    judge_pace(areas, campaign, today=today)
    look_ahead(areas, campaign, today=today)
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


def look_ahead(areas, campaign: Campaign, *, today: date) -> None:
    """Say of each area what is left and how fast it went lately, by the service days of the puskesmas that work for it."""
    open_on = defaultdict(set)
    points = select(func.coalesce(ServicePoint.induk_id, ServicePoint.id), ServiceDay.on).distinct()
    points = points.join(ServicePoint, ServicePoint.id == ServiceDay.service_point_id)
    for puskesmas_id, on in db.session.execute(
        points.where(ServiceDay.campaign_id == campaign.id, ~ServiceDay.is_cancelled)
    ):
        open_on[puskesmas_id].add(on)
    every_day = set().union(*open_on.values())
    since = min(sorted(day for day in every_day if day < today)[-paces.RECENT :], default=today)
    lately = _lately(campaign, since, today)

    near = defaultdict(set)  # by area: the days of the puskesmas that work for any of its desa
    inside = WorkingArea.desa_code.startswith(campaign.kabupaten_code + ".")
    for desa_code, puskesmas_id in db.session.execute(
        select(WorkingArea.desa_code, WorkingArea.puskesmas_id).where(inside)
    ):
        near[desa_code] |= open_on[puskesmas_id]
        near[desa_code[:8]] |= open_on[puskesmas_id]
    for area in areas:
        open_days = near.get(area.code) or every_day  # where nobody has said who works there: wherever there is a day
        so_far = {"target": area.target, "served": area.served, "lately": lately[area.code]}
        area.outlook = paces.outlook(**so_far, days=open_days, today=today, since=since)


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


def _count(area: Standing, row: Tally, campaign: Campaign) -> None:
    area.attended += row.attended
    area.booked += row.booked
    area.registered += row.registered + row.deferred + row.no_show + row.referred
    area.revision += row.revision
    if campaign.counts(row.method, row.participant):
        area.served += row.served - row.waiting_nik
        area.waiting_nik += row.waiting_nik
        area.methods[row.method] = area.methods.get(row.method, 0) + row.served - row.waiting_nik
    elif row.participant != Participant.BELUM:
        area.not_counted += row.served


def standings_of(campaign: Campaign, desa_codes: list[str]) -> dict[str, Standing]:
    """Only these desa, without pace: what a kader sees above her list."""
    promised = campaigns.promised(campaign)
    standings = {code: Standing(code, "", target=promised.get(code, 0)) for code in desa_codes}
    rows = select(*BEADS).where(Tally.campaign_id == campaign.id, Tally.desa_code.in_(desa_codes))
    for row in db.session.execute(rows):
        _count(standings[row.desa_code], row, campaign)
    return standings
