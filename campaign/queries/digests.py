"""The day's message: its numbers from one look at the board, what was told on earlier days, and whose is due."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select

from campaign.extensions import db
from campaign.models import Campaign, DayCount, Digest, Stage
from campaign.queries import completeness
from campaign.queries.board import board, judge_pace
from campaign.queries.by_day import SERVED, counting, in_the_whole
from campaign.rules import banding
from campaign.rules import digest as rules
from campaign.rules.refusals import NoSuch


def numbers(campaign: Campaign, *, at: datetime) -> rules.Numbers:
    """What a message of this moment tells."""
    today = campaign.day_of(at)
    now, points = board(campaign, today=today), completeness.point_standings(campaign, today=today)
    bands = banding.banded({area.code: area.served for area in now.kecamatan_list})
    # Judged by what is told: beside a range the verdict on the number itself would say which one it is.
    areas = [replace(area, served=bands[area.code].low) for area in now.kecamatan_list]
    judge_pace(areas, campaign, today=today)
    return rules.Numbers(
        campaign=campaign.name,
        place=campaign.kabupaten.name,
        zone=campaign.zone,
        on=today,
        at=at,
        closes_on=campaign.closes_on,
        is_closed=campaign.stage == Stage.CLOSED or today > campaign.closes_on,
        is_example=campaign.is_example,
        is_rehearsal=campaign.is_rehearsal,
        target=now.total.target,
        served=now.total.served,
        today=_served_on(campaign, today),
        booked=now.total.booked,
        waiting_nik=now.total.waiting_nik,
        outside=0 if campaign.counts_outsiders else now.outside.served,
        days_left=now.total.outlook.days_left,
        lately=now.total.outlook.lately,
        rate_days=now.total.outlook.rate_days,
        unconfirmed=sum(point.unconfirmed for point in points),
        points=sum(bool(point.unconfirmed) for point in points),
        areas=tuple(
            rules.Area(area.name, area.target, area.served, bands[area.code].high, area.pace) for area in areas
        ),
    )


def _served_on(campaign: Campaign, on: date) -> int:
    """Services of this day that count."""
    served = select(func.coalesce(SERVED, 0)).where(*counting(campaign), in_the_whole(campaign), DayCount.on == on)
    return int(db.session.scalar(served))


def digest(campaign: Campaign, on: date) -> Digest:
    """What was told that day. Raises NoSuch."""
    found = db.session.get(Digest, (campaign.id, on))
    if found is None:
        raise NoSuch
    return found


def digest_list(campaign: Campaign) -> list[Digest]:
    """All that was told, the newest first."""
    told = select(Digest).where(Digest.campaign_id == campaign.id)
    return list(db.session.scalars(told.order_by(Digest.on.desc())))


def digests_due(at: datetime) -> list[Campaign]:
    """Campaigns whose hour of today has come and that have told nothing since; also closed ones until their results stand."""
    due = []
    running = select(Campaign).where(Campaign.stage != Stage.DRAFT, ~Campaign.is_rehearsal).order_by(Campaign.id)
    for campaign in db.session.scalars(running).all():
        today = campaign.day_of(at)
        hour = rules.due_at(today, campaign.zone)
        if at < hour or today < campaign.opens_on or campaign.is_locked(at):
            continue
        told = db.session.get(Digest, (campaign.id, today))
        if told is None or told.at < hour:
            due.append(campaign)
    return due
