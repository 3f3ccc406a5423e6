"""Her seat on a service day: held, moved, given back."""

from campaign.actions import seats, steps, waiting
from campaign.actions.deeds import Claim, deed
from campaign.models import Akseptor, Outcome, ServiceDay
from campaign.queries.days import free_days
from campaign.rules.journey import Kind, lead
from campaign.rules.refusals import DayFull


@deed("book")
def book(claim: Claim, akseptor: Akseptor, *, day: ServiceDay) -> Akseptor:
    """Hold a seat for her on this day; from another day this is a move.

    Raises WrongStep, NotCounselled, NotYet, DayNotOpen, CampaignNotOpen, and DayFull with the next days that are free.
    """
    lead(akseptor.status, Kind.BOOK)
    waiting.make_way(claim, day)
    try:
        seats.hold(akseptor, day, deed=claim)
    except DayFull as full:
        raise DayFull(full.family, free_days(day, akseptor, seats.wanted_family(akseptor))) from None
    steps.take(akseptor, Kind.BOOK, deed=claim)
    return akseptor


@deed("cancel")
def cancel(claim: Claim, akseptor: Akseptor) -> Akseptor:
    """She cannot come that day: the seat is free again, and she is on her kader's list."""
    lead(akseptor.status, Kind.CANCEL)
    booking = seats.open_booking(akseptor)
    seats.give_back_seat(booking.service_day_id)
    seats.end(booking, Outcome.CANCELLED, holds_seat=False)
    steps.take(akseptor, Kind.CANCEL, deed=claim)
    return akseptor
