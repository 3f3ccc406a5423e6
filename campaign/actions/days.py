"""Days with seats."""

from sqlalchemy import update

from campaign.actions.deeds import Claim, deed
from campaign.extensions import db
from campaign.models import Campaign, ServiceDay, ServicePoint
from campaign.rules.refusals import DayNotOpen, SeatsTaken


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
