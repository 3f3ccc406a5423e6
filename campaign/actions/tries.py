"""Wrong passphrases are counted, so that guessing comes to an end and nobody's guessing shuts out the owner.

On a browser she has signed in on before, her tries are counted for that browser alone. Everywhere else they are counted for
her name, from all addresses together, and for the address, over all names.
"""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import bindparam, delete, func, insert, select, update

from campaign.actions.transaction import write
from campaign.extensions import db
from campaign.models import SignInTry
from campaign.rules.refusals import TooManyTries

# However patient: a hundred in all, until she comes in by herself or is given a new card.
LIMITS = ((timedelta(minutes=15), 10), (timedelta(days=1), 30), (timedelta(days=90), 100))
KEPT = LIMITS[-1][0]
ADDRESS_WITHIN, ADDRESS_LIMIT = timedelta(minutes=15), 60


def keyed(text: str) -> bytes:
    """32 bytes that tell nothing of the text without the server's secret.

    Not the key file's: signing in to the boards must work without it.
    """
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), text.encode(), "sha256")


def index_of(door: str, name: str) -> bytes:
    """Under what the tries of this name at this door are counted: people type passwords into the wrong box."""
    return keyed(f"{door}|{name}")[:16]


def begin(who: bytes, address: str, device_id: UUID | None, *, at: datetime) -> int:
    """Count a try before it is judged, so that of many at once no more get through than one after another.

    Raises TooManyTries. A flood is turned away by reading alone: writing would hold up everybody else.
    """
    _refuse_too_many(who, address, device_id, at)
    about = {"name_index": who, "address": address, "device_id": device_id, "at": at, "is_wrong": False}
    number = write(insert(SignInTry).values(**about).returning(SignInTry.id))
    try:
        _refuse_too_many(who, address, device_id, at, counted=1)
    except TooManyTries:
        write(delete(SignInTry).where(SignInTry.id == number))
        raise
    return number


def wrong(number: int, *, at: datetime) -> None:
    """It was wrong."""
    old = delete(SignInTry).where(SignInTry.at < at - KEPT)
    write(old, update(SignInTry).where(SignInTry.id == number).values(is_wrong=True))


def right(number: int) -> None:
    """It was right: it does not count. What was wrong before it still does."""
    write(delete(SignInTry).where(SignInTry.id == number))


def forget(*names: bytes, device_id: UUID | None = None):
    """The statement after which these names, or this browser of hers, are counted from nothing again."""
    return delete(SignInTry).where(*_those_of(*names, device_id=device_id))


def _those_of(*names: bytes, device_id: UUID | None):
    if device_id:
        return (SignInTry.device_id == device_id,)
    return SignInTry.name_index.in_(names), SignInTry.device_id.is_(None)


def _refuse_too_many(who, address, device_id, at, *, counted: int = 0) -> None:
    """Raises TooManyTries; `counted` of the tries is the one that asks."""
    since = {f"since_{number}": at - within for number, (within, _limit) in enumerate(LIMITS)}
    asked = {"device_id": device_id} if device_id else {"who": who}
    found = db.session.execute(ON_DEVICE if device_id else UNDER_NAME, since | asked).one()
    for number, (within, limit) in reversed([*zip(found, LIMITS, strict=True)]):
        if number - counted >= limit:
            raise TooManyTries(within)
    if device_id is None:
        there = {"address": address, "since": at - ADDRESS_WITHIN}
        if db.session.scalar(FROM_ADDRESS, there) >= ADDRESS_LIMIT:
            raise TooManyTries(ADDRESS_WITHIN)


# Built once: a flood asks these thousands of times.
TRY = SignInTry.__table__.c
COUNTS = select(*(func.count().filter(TRY.at > bindparam(f"since_{number}")) for number in range(len(LIMITS))))
ON_DEVICE = COUNTS.where(TRY.device_id == bindparam("device_id"))
UNDER_NAME = COUNTS.where(TRY.name_index == bindparam("who"), TRY.device_id.is_(None))
# Those just being judged do not count: at eight o'clock a whole office signs in from one address.
FROM_ADDRESS = select(func.count()).where(
    TRY.address == bindparam("address"), TRY.device_id.is_(None), TRY.is_wrong, TRY.at > bindparam("since")
)
