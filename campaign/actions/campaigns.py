"""What the office sets up: a campaign, its split over the desa, its days with seats."""

from sqlalchemy import delete, insert, select, update

from campaign.actions.deeds import Claim, deed
from campaign.extensions import db
from campaign.models import (
    Campaign,
    Desa,
    Kecamatan,
    PointKind,
    ServiceDay,
    ServicePoint,
    Stage,
    Target,
    WorkingArea,
)
from campaign.rules.apportionment import largest_remainder
from campaign.rules.refusals import DayNotOpen, NameTaken, SeatsTaken, TargetNotReady, WrongStage


@deed("open_office_campaign")
def create_campaign(claim: Claim, **answers) -> Campaign:
    """A new campaign, as a draft: name, window, what counts, the headline target."""
    campaign = Campaign(kabupaten_code=claim.by.kabupaten_code, stage=Stage.DRAFT, **answers)
    db.session.add(campaign)
    db.session.flush()
    return campaign


@deed("change_campaign")
def change_campaign(claim: Claim, campaign: Campaign, **answers) -> Campaign:
    """Change what was said about a campaign. Every board shows it at once."""
    for name, value in answers.items():
        setattr(campaign, name, value)
    campaign.revision += 1
    db.session.flush()
    return campaign


@deed("split")
def split(claim: Claim, campaign: Campaign, *, weights: dict[str, int]) -> Campaign:
    """Split the headline over the desa by these weights, exactly: largest remainder, a tie to the smaller code.

    A desa the weights do not name gets weight 0 and target 0. Raises what `largest_remainder` raises.
    """
    every = dict.fromkeys(desa_codes(campaign), 0)
    shares = largest_remainder(campaign.headline, every | {code: w for code, w in weights.items() if code in every})
    db.session.execute(delete(Target).where(Target.campaign_id == campaign.id))
    db.session.execute(
        insert(Target),
        [
            {"campaign_id": campaign.id, "desa_code": code, "weight": int(share.weight), "number": share.seats}
            for code, share in shares.items()
        ],
    )
    campaign.revision += 1
    return campaign


def desa_codes(campaign: Campaign) -> list[str]:
    inside = select(Desa.code).join(Kecamatan).where(Kecamatan.kabupaten_code == campaign.kabupaten_code)
    return list(db.session.scalars(inside.order_by(Desa.code)))


@deed("set_stage")
def set_stage(claim: Claim, campaign: Campaign, *, stage: Stage) -> Campaign:
    """Open the campaign, close it, or open it again. Raises TargetNotReady when the parts do not make the headline."""
    if stage == Stage.DRAFT:
        raise WrongStage
    if stage == Stage.OPEN:
        total = sum(db.session.scalars(select(Target.number).where(Target.campaign_id == campaign.id)))
        if total != campaign.headline:
            raise TargetNotReady(campaign.headline, total)
    campaign.stage = stage
    campaign.revision += 1
    return campaign


@deed("open_day")
def open_day(claim: Claim, *, campaign: Campaign, point: ServicePoint, **answers) -> ServiceDay:
    """A day with seats at one of our places. Raises DayNotOpen outside the campaign's window or in the past."""
    if not max(campaign.opens_on, campaign.day_of(claim.at)) <= answers["on"] <= campaign.closes_on:
        raise DayNotOpen
    day = ServiceDay(campaign_id=campaign.id, service_point_id=point.id, **answers)
    db.session.add(day)
    campaign.revision += 1
    db.session.flush()
    return day


@deed("set_seats")
def set_seats(claim: Claim, day: ServiceDay, *, seats: int) -> ServiceDay:
    """More seats or fewer, never fewer than are taken. Raises SeatsTaken."""
    fits = (ServiceDay.id == day.id, ServiceDay.taken <= seats)
    changed = db.session.execute(update(ServiceDay).where(*fits).values(seats=seats))
    if changed.rowcount == 0:
        raise SeatsTaken(day.taken)
    db.session.refresh(day)
    day.campaign.revision += 1
    return day


@deed("add_point")
def add_point(claim: Claim, *, name: str, kind: PointKind, kecamatan_code: str, induk_id=None) -> ServicePoint:
    """A place where service days happen. A new puskesmas works for every desa of its kecamatan. Raises NameTaken."""
    point = write_point(claim.by.kabupaten_code, name=name, kind=kind, kecamatan_code=kecamatan_code, induk_id=induk_id)
    if kind == PointKind.PUSKESMAS:
        inside = select(Desa.code).where(Desa.kecamatan_code == kecamatan_code)
        work_for(point, db.session.scalars(inside))
    return point


def write_point(kabupaten_code: str, **columns) -> ServicePoint:
    same = (ServicePoint.kabupaten_code == kabupaten_code, ServicePoint.name == columns["name"])
    if db.session.scalar(select(ServicePoint.id).where(*same)):
        raise NameTaken(columns["name"])
    point = ServicePoint(kabupaten_code=kabupaten_code, **columns)
    db.session.add(point)
    db.session.flush()
    return point


def work_for(point: ServicePoint, desa_codes) -> None:
    """Say which desa this puskesmas works for."""
    db.session.execute(delete(WorkingArea).where(WorkingArea.puskesmas_id == point.id))
    rows = [{"puskesmas_id": point.id, "desa_code": code} for code in desa_codes]
    if rows:
        db.session.execute(insert(WorkingArea), rows)
