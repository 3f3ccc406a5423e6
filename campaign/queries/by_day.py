"""Services by the day they were given on, as far as they count: what the board, the pictures and the day's message add up."""

from sqlalchemy import func, true

from campaign.models import Campaign, DayCount

OUTSIDE = ""  # the tally's desa code for women from outside the kabupaten
SERVED = func.sum(DayCount.served - DayCount.waiting_nik)


def counting(campaign: Campaign):
    """Conditions: rows that count by the campaign's setting, wherever she lives."""
    return (
        DayCount.campaign_id == campaign.id,
        DayCount.method.in_(campaign.counted_methods),
        DayCount.participant.in_(campaign.counted_participants),
    )


def in_the_whole(campaign: Campaign):
    """Condition: rows that belong to the campaign's sum; women from outside only where they count."""
    return true() if campaign.counts_outsiders else DayCount.desa_code != OUTSIDE
