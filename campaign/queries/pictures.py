"""What the pictures of a campaign are drawn from: services by the day they were given on. Counters, never people."""

from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import func, select

from campaign.extensions import db
from campaign.models import Campaign, DayCount, ServiceDay
from campaign.queries.by_day import OUTSIDE, SERVED, counting, in_the_whole
from campaign.rules.charts import BurnUp


def burn_up(campaign: Campaign, *, today: date, area=None) -> BurnUp:
    """What counts by the campaign's setting, day by day, of the whole campaign or of one area (a `Standing`).

    Its sum is the board's number at the same moment. It moves with every service, so it is not for the lobby's wall.
    """
    days = select(DayCount.on, SERVED).where(*counting(campaign)).group_by(DayCount.on)
    days = days.where(in_the_whole(campaign) if area is None else _inside(area.code))
    by_day = {on: int(number) for on, number in db.session.execute(days) if number}
    target = campaign.headline if area is None else area.target
    return BurnUp(target, campaign.opens_on, campaign.closes_on, today, by_day)


def day_counts(campaign: Campaign, *, since: date) -> dict[str, Counter]:
    """By code of every desa and kecamatan somebody was served from: how many count of each day since then."""
    days = select(DayCount.desa_code, DayCount.on, SERVED).where(*counting(campaign), DayCount.on >= since)
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


def _inside(code: str):
    return (DayCount.desa_code == code) | DayCount.desa_code.startswith(code + ".", autoescape=True)
