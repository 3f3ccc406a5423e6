"""The only place where a writing transaction begins and ends.

What a deed was handed may have been read a moment before it. Nothing relies on it unguarded: seats, bookings and akseptor are
changed only WHERE they still are as they were read; otherwise the deed is `Stale`, everything is read afresh and it is tried
once more.
"""

from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError, IntegrityError

from campaign import database
from campaign.extensions import db
from campaign.rules.refusals import AlreadyRegistered, Busy


class Stale(Exception):
    """What was read before the deed is not so any more."""


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def writing():
    """Write inside, committed at the end or not at all. Afterwards everything is read afresh."""
    db.session.commit()  # ends the reading transaction: its snapshot cannot be turned into a writing one
    db.session.connection(execution_options={"writing": True})
    try:
        yield db.session
        db.session.commit()
        db.session.expire_all()
    except BaseException:
        db.session.rollback()  # forgets what was read, too
        raise


def tried_again(do):
    """Do it; after a collision do it once more. Raises Busy when it collides again: trying later is safe."""
    for is_last in (False, True):
        try:
            return do()
        except IntegrityError as error:
            if database.violates(error, "uq_akseptor_campaign_id", "akseptor.campaign_id", "akseptor.nik_index"):
                raise AlreadyRegistered from error
            raise
        except (Stale, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not database.is_collision(error):
                raise
            if is_last:
                raise Busy from error


def write(*statements) -> None:
    """Execute these in a writing transaction of their own: what the house notes beside the deeds. Raises Busy."""

    def attempt():
        with writing() as session:
            for statement in statements:
                session.execute(statement)

    tried_again(attempt)


def run(statement, **values):
    """Execute one statement of the writing transaction, beside the ORM: these are the hot ones, built once and reused."""
    return db.session.connection().execute(statement, values)
