"""Gladi bersih: a copy of a campaign to practise in, with people who do not exist. It is counted nowhere and goes as it came."""

from datetime import time, timedelta
from random import Random
from uuid import uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import selectinload

from campaign.actions import steps
from campaign.actions.deeds import Claim, deed
from campaign.actions.registration import her_columns
from campaign.extensions import db
from campaign.models import (
    AccessLog,
    Akseptor,
    Booking,
    Campaign,
    Consent,
    DayCount,
    DaySeats,
    Digest,
    FollowUp,
    Import,
    LobbyRow,
    Merge,
    Notice,
    NotSame,
    PaperSheet,
    Referral,
    Service,
    ServiceDay,
    ServicePoint,
    Split,
    Stage,
    StageChange,
    Step,
    Tally,
    Target,
    Transfer,
    Waiting,
    WallLink,
)
from campaign.rules import invented
from campaign.rules.methods import Method
from campaign.rules.refusals import TargetNotReady, WrongStage

SAME = ("kabupaten_code", "occasion", "zone", "grace_days", "correction_days", "headline", "counted_methods")
SAME += ("counted_participants", "counts_outsiders", "headline_parts", "settled")
WOMEN_PER_DESA, SEATS = 2, 12
SHOWN = (LobbyRow, WallLink, Digest)


@deed("rehearse")
def rehearse(claim: Claim, campaign: Campaign) -> Campaign:
    """A copy to practise in: same settings, targets and days, invented women in every desa. Raises TargetNotReady, WrongStage."""
    if campaign.is_rehearsal:
        raise WrongStage
    split = db.session.scalars(select(Split).where(Split.campaign_id == campaign.id, Split.is_current)).first()
    if split is None:
        raise TargetNotReady(campaign.headline, 0)
    today = campaign.day_of(claim.at)
    late = timedelta(0) if campaign.opens_on <= today < campaign.closes_on else today - campaign.opens_on
    copy = Campaign(
        id=uuid4(),
        name=f"Gladi bersih {campaign.name}"[:120],
        opens_on=campaign.opens_on + late,
        closes_on=campaign.closes_on + late,
        stage=Stage.OPEN,
        is_rehearsal=True,
        rehearses_id=campaign.id,
        **{name: getattr(campaign, name) for name in SAME},
    )
    db.session.add(copy)
    db.session.flush()
    desa_codes = _copy_split(split, copy, claim)
    _copy_days(campaign, copy, today, late)
    women = _women(Random(copy.id.int), desa_codes)  # noqa: S311  nobody's secrets
    steps.start_many(claim, steps.entering(copy.id, women, at=claim.at))
    return copy


def _copy_split(split: Split, copy: Campaign, claim: Claim) -> list[str]:
    about = {c.key: getattr(split, c.key) for c in Split.__table__.columns}
    about |= {"id": uuid4(), "campaign_id": copy.id, "at": claim.at, "by_id": claim.by.id}
    targets = db.session.scalars(select(Target).where(Target.split_id == split.id)).all()
    columns = [column.key for column in Target.__table__.columns]
    db.session.execute(insert(Split), [about])
    rows = [{name: getattr(target, name) for name in columns} | {"split_id": about["id"]} for target in targets]
    db.session.execute(insert(Target), rows)
    return [target.desa_code for target in targets]


def _copy_days(campaign: Campaign, copy: Campaign, today, late: timedelta) -> None:
    """The coming days with all their seats free; where none is open yet, three at each of the first five places."""
    coming = select(ServiceDay).where(ServiceDay.campaign_id == campaign.id, ~ServiceDay.is_cancelled)
    rows, families = [], []
    for day in db.session.scalars(coming.options(selectinload(ServiceDay.method_seats))):
        if today <= day.on + late <= copy.closes_on:
            id = uuid4()
            about = {name: getattr(day, name) for name in ("service_point_id", "starts_at", "ends_at", "seats", "team")}
            rows.append(about | {"id": id, "on": day.on + late})
            families += [{"service_day_id": id, "family": f.family, "seats": f.seats} for f in day.method_seats]
    if not rows:
        points = select(ServicePoint.id).where(ServicePoint.kabupaten_code == copy.kabupaten_code)
        rows = [
            {
                "id": uuid4(),
                "service_point_id": id,
                "on": min(today + timedelta(days=n), copy.closes_on),
                "seats": SEATS,
            }
            for id in db.session.scalars(points.order_by(ServicePoint.name).limit(5))
            for n in range(3)
        ]
    same = {"campaign_id": copy.id, "taken": 0, "is_cancelled": False}
    hours = {"starts_at": time(8), "ends_at": time(15)}
    if rows:
        db.session.execute(insert(ServiceDay), [hours | row | same for row in rows])
    if families:
        db.session.execute(insert(DaySeats), families)


def _women(random: Random, desa_codes: list[str]) -> list[dict]:
    women, used = [], set()
    for desa_code in desa_codes:
        for _ in range(WOMEN_PER_DESA):
            id, born = uuid4(), invented.birth_date(random)
            nik = invented.nik(random, desa_code, born)
            about = {
                "desa_code": desa_code,
                "name": invented.name(random),
                "birth_date": born,
                "rt": f"{random.randint(1, 6):03}",
                "rw": f"{random.randint(1, 9):03}",
                "phone": invented.phone(random),
                "wanted": random.choice((Method.IMPLAN, Method.IUD)),
                "is_counselled": random.random() < 0.7,
                "nik": None if nik in used else nik,
                "no_nik_reason": "belum_punya",
            }
            women.append({"id": id, "method": about["wanted"], **her_columns(id, **about)})
            used.add(nik)
    return women


@deed("clear_rehearsal")
def clear_rehearsal(claim: Claim, campaign: Campaign) -> None:
    """The practice is over: all of it goes at once. Raises WrongStage for a campaign that is real."""
    if not campaign.is_rehearsal:
        raise WrongStage
    women = select(Akseptor.id).where(Akseptor.campaign_id == campaign.id)
    for theirs in (Merge.kept_id, NotSame.one_id):
        db.session.execute(delete(theirs.class_).where(theirs.in_(women)))
    for table in (AccessLog, Consent, Waiting, Notice, FollowUp, Referral, Service, Booking, Step, Transfer):
        db.session.execute(delete(table).where(table.akseptor_id.in_(women)))
    versions = select(Split.id).where(Split.campaign_id == campaign.id)
    db.session.execute(delete(Target).where(Target.split_id.in_(versions)))
    days = select(ServiceDay.id).where(ServiceDay.campaign_id == campaign.id)
    db.session.execute(delete(DaySeats).where(DaySeats.service_day_id.in_(days)))
    for table in (Akseptor, Tally, DayCount, *SHOWN, ServiceDay, Split, StageChange, Import, PaperSheet):
        db.session.execute(delete(table).where(table.campaign_id == campaign.id))
    db.session.execute(delete(Campaign).where(Campaign.id == campaign.id))
