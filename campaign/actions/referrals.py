"""The other place answers: she has a day with us, or we send her back to her puskesmas and her kader.

A referral is a record beside the road. Sent back she still stands as referred, from where she may be booked anywhere.
"""

from sqlalchemy import update

from campaign.actions import seats, steps, waiting
from campaign.actions.deeds import Claim, deed
from campaign.extensions import db
from campaign.models import Referral, ServiceDay
from campaign.rules.journey import Kind, Status, lead
from campaign.rules.referrals import BOOKED, RETURNED
from campaign.rules.refusals import AlreadyAnswered, WrongStep


@deed("answer_referral")
def answer_referral(claim: Claim, referral: Referral, *, day: ServiceDay | None = None) -> Referral:
    """She is booked on this day of ours; without a day she goes back, and is bookable where she came from.

    Raises AlreadyAnswered, WrongStep when she has been booked elsewhere meanwhile, DayFull, DayNotOpen.
    """
    akseptor = referral.akseptor
    if akseptor.status != Status.REFERRED:
        raise WrongStep(akseptor.status, Kind.BOOK)
    if day is not None:
        lead(akseptor.status, Kind.BOOK)
        waiting.make_way(claim, day)
        seats.hold(akseptor, day, deed=claim)
        steps.take(akseptor, Kind.BOOK, deed=claim)
    else:
        steps.change(akseptor, claim)  # her row shows that something has happened, and guards against a booking at once
    said = {"answer": BOOKED if day else RETURNED, "answered_by_id": claim.by.id, "answered_at": claim.at}
    unanswered = update(Referral).where(Referral.id == referral.id, Referral.answer.is_(None))
    if db.session.execute(unanswered.values(said)).rowcount == 0:
        raise AlreadyAnswered
    return referral
