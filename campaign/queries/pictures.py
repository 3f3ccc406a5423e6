"""What the pictures of a campaign are drawn from: services by the day they were given on. Counters, never people."""

from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import func, select

from campaign.extensions import db
from campaign.models import Campaign, DayCount, ServiceDay
from campaign.queries.board import OUTSIDE
from campaign.rules.charts import BurnUp

COUNTED = func.sum(DayCount.served - DayCount.waiting_nik)


def burn_up(campaign: Campaign, *, today: date, area=None) -> BurnUp:
    """What counts by the campaign's setting, day by day, of the whole campaign or of one area (a `Standing`).

    Its sum is the board's number at the same moment. It moves with every service, so it is not for the lobby's wall.
    """
    days = select(DayCount.on, COUNTED).where(*_counted(campaign)).group_by(DayCount.on)
    if area is not None:
        days = days.where(_inside(area.code))
    elif not campaign.counts_outsiders:
        days = days.where(DayCount.desa_code != OUTSIDE)
    by_day = {on: int(number) for on, number in db.session.execute(days) if number}
    target = campaign.headline if area is None else area.target
    return BurnUp(target, campaign.opens_on, campaign.closes_on, today, by_day)


def day_counts(campaign: Campaign, *, since: date) -> dict[str, Counter]:
    """By code of every desa and kecamatan somebody was served from: how many count of each day since then."""
    days = select(DayCount.desa_code, DayCount.on, COUNTED).where(*_counted(campaign), DayCount.on >= since)
    days = days.where(DayCount.desa_code != OUTSIDE).group_by(DayCount.desa_code, DayCount.on)
    found = defaultdict(Counter)
    for code, on, number in db.session.execute(days):
        found[code][on] += int(number)
        found[code[:8]][on] += int(number)
    return found


def places_open(campaign: Campaign) -> dict[date, int]:
    """On how many places each date has a service day."""
    days = select(ServiceDay.on, func.count(ServiceDay.service_point_id.distinct()))
    days = days.where(ServiceDay.campaign_id == campaign.id, ~ServiceDay.is_cancelled)
    return dict(db.session.execute(days.group_by(ServiceDay.on)).all())


def _counted(campaign: Campaign):
    return (
        DayCount.campaign_id == campaign.id,
        DayCount.method.in_(campaign.counted_methods),
        DayCount.participant.in_(campaign.counted_participants),
    )


def _inside(code: str):
    return (DayCount.desa_code == code) | DayCount.desa_code.startswith(code + ".", autoescape=True)
