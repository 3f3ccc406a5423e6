"""After a gathering: its minutes, what was decided, its photos, and the certificates of who was there herself."""

import os
from datetime import date
from uuid import uuid4

from sqlalchemy import delete, func, select, update

from campaign.actions.attending import refuse_over, touch
from campaign.actions.deeds import Claim, deed
from campaign.actions.transaction import run
from campaign.extensions import db
from campaign.models import Certificate, Decision, Desa, Gathering, Invitee, Kabupaten, Photo
from campaign.rules import codes
from campaign.rules.attendance import HERE
from campaign.rules.gatherings import MOST_PHOTOS
from campaign.rules.printed import edition_of, numbered
from campaign.rules.refusals import MinutesMoved, NumberTaken, TooManyPhotos

CODE_BYTES = 10  # eighty bits: nobody guesses one, and it can still be typed


@deed("write_minutes")
def write_minutes(claim: Claim, gathering: Gathering, *, minutes: str, was: str) -> Gathering:
    """What was said. `was` marks the text she began with: raises MinutesMoved where a colleague has changed it since."""
    refuse_over(gathering)
    touch(gathering)  # from here on nobody else writes
    now_there = db.session.scalar(select(Gathering.minutes).where(Gathering.id == gathering.id))
    if edition_of(now_there) != was:
        raise MinutesMoved
    run(update(Gathering).where(Gathering.id == gathering.id).values(minutes=minutes))
    return gathering


# ---- What was decided ----


@deed("decide")
def decide(claim: Claim, gathering: Gathering, *, what: str, who: str, due_on: date | None = None) -> Decision:
    """Somebody is to do something by a day. Raises GatheringOver."""
    refuse_over(gathering)
    made = Decision(id=uuid4(), gathering_id=gathering.id, what=what, who=who, due_on=due_on)
    db.session.add(made)
    db.session.flush()
    return made


@deed("settle_decision")
def settle_decision(claim: Claim, decision: Decision, *, is_done: bool) -> Decision:
    """It is done, or it is not after all."""
    by = {"done_at": claim.at, "done_by_id": claim.by.id} if is_done else {"done_at": None, "done_by_id": None}
    run(update(Decision).where(Decision.id == decision.id, Decision.done_at.is_(None) == is_done).values(by))
    return decision


@deed("drop_decision")
def drop_decision(claim: Claim, decision: Decision) -> None:
    """It was written down by mistake."""
    run(delete(Decision).where(Decision.id == decision.id))


# ---- Photos ----


@deed("add_photo", apart=frozenset({"drawn"}))
def add_photo(claim: Claim, gathering: Gathering, *, digest: str, caption: str, drawn) -> Photo:
    """A photo as it was drawn anew. `digest` is of the file that was sent: the same one again is the same deed.

    Raises GatheringOver, TooManyPhotos.
    """
    refuse_over(gathering)
    touch(gathering)  # two at once may not both be the last one
    many = db.session.scalar(select(func.count()).where(Photo.gathering_id == gathering.id))
    if many >= MOST_PHOTOS:
        raise TooManyPhotos
    about = {"jpeg": drawn.jpeg, "small": drawn.small, "width": drawn.width, "height": drawn.height}
    made = Photo(id=uuid4(), gathering_id=gathering.id, caption=caption, at=claim.at, by_id=claim.by.id, **about)
    db.session.add(made)
    db.session.flush()
    return made


@deed("caption_photo")
def caption_photo(claim: Claim, photo: Photo, *, caption: str) -> Photo:
    """Other words below it."""
    run(update(Photo).where(Photo.id == photo.id).values(caption=caption))
    return photo


@deed("drop_photo")
def drop_photo(claim: Claim, photo: Photo) -> None:
    """It is gone, for good."""
    run(delete(Photo).where(Photo.id == photo.id))


# ---- Certificates ----


@deed("make_certificates")
def make_certificates(claim: Claim, gathering: Gathering, *, tail: str) -> Gathering:
    """One for each who was there herself and has none; who has one keeps its number.

    `tail` is how their numbers end. Raises GatheringOver, NumberTaken where another gathering's numbers end so.
    """
    refuse_over(gathering)
    touch(gathering)
    # Two gatherings at once may not both take these numbers.
    db.session.execute(select(Kabupaten.code).where(Kabupaten.code == gathering.kabupaten_code).with_for_update())
    elsewhere = (
        select(Certificate.id)
        .join(Gathering)
        .where(
            Gathering.kabupaten_code == gathering.kabupaten_code,
            Certificate.gathering_id != gathering.id,
            Certificate.number.endswith(f"/{tail}", autoescape=True),
        )
    )
    if db.session.scalars(elsewhere.limit(1)).first():
        raise NumberTaken
    has_one = select(Certificate.invitee_id).where(Certificate.gathering_id == gathering.id)
    here = (Invitee.gathering_id == gathering.id, Invitee.status.in_(HERE), Invitee.id.not_in(has_one))
    of_desa = select(Invitee.id).outerjoin(Desa, Desa.code == Invitee.desa_code).where(*here)
    rows = db.session.scalars(of_desa.order_by(Desa.code.is_(None), Desa.code, Invitee.name, Invitee.id)).all()
    last = select(func.max(Certificate.serial)).where(Certificate.gathering_id == gathering.id)
    for serial, invitee_id in enumerate(rows, start=(db.session.scalar(last) or 0) + 1):
        about = {"serial": serial, "number": numbered(serial, tail), "code": codes.spell(os.urandom(CODE_BYTES))}
        db.session.add(
            Certificate(id=uuid4(), invitee_id=invitee_id, gathering_id=gathering.id, made_at=claim.at, **about)
        )
    db.session.flush()
    return gathering
