"""The board: counters, never people. Its cost does not grow with the number of akseptor."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from campaign.extensions import db
from campaign.models import Campaign, Tally
from campaign.queries import campaigns, days
from campaign.rules import pace as paces
from campaign.rules.methods import Participant

# Columns and not rows of the ORM: hundreds of them are read at every change, and making objects takes ten times as long.
BEADS = [column for column in Tally.__table__.c if column.name != "campaign_id"]
OUTSIDE = ""  # the tally's desa code for women from outside the kabupaten


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
    pace: paces.Pace = paces.Pace.NO_TARGET
    revision: int = 0
    has_ended: bool = False  # split or merged: shown only while something stands in its name
    methods: dict = field(default_factory=dict)

    def add(self, other: "Standing") -> None:
        for name in ("target", "served", "waiting_nik", "not_counted", "attended", "booked", "registered", "revision"):
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


@dataclass
class Board:
    """The whole board of one campaign at one moment."""

    total: Standing
    kecamatan_list: list[Standing]
    desa_lists: dict[str, list[Standing]]  # by kecamatan code
    outside: Standing
    days_left: int
    seats_left: int
    needed_per_day: int | None
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
    judge_pace([total, *kecamatan_list, *every_desa], campaign, today=today)
    left = days.days_left(campaign, today=today)
    return Board(
        total=total,
        kecamatan_list=kecamatan_list,
        desa_lists=desa_lists,
        outside=outside,
        days_left=left,
        seats_left=days.seats_left(campaign, today=today),
        needed_per_day=paces.needed_per_day(total.target, total.served, left),
        version=version(campaign.id),
    )


def judge_pace(areas, campaign: Campaign, *, today: date) -> None:
    """Say of each area how it stands today against what is due."""
    all_days = (campaign.closes_on - campaign.opens_on).days + 1
    gone = (min(today, campaign.closes_on) - campaign.opens_on).days + 1
    for area in areas:
        area.pace = paces.judge(area.target, area.served, days_gone=gone, days_all=all_days)


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
