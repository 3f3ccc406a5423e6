"""The only place where a writing transaction begins and ends."""

from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError

from campaign import database
from campaign.extensions import db
from campaign.rules.refusals import Busy


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def writing():
    """Write inside, committed at the end or not at all.

    What was read before is forgotten first: a reading snapshot can neither be turned into a writing one nor be trusted in it.
    """
    db.session.rollback()
    db.session.connection(execution_options={"writing": True})
    try:
        yield db.session
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def tried_again(do):
    """Do it; after a collision do it once more. Raises Busy when it collides again: trying later is safe."""
    for is_last in (False, True):
        try:
            return do()
        except DBAPIError as error:
            if not database.is_collision(error):
                raise
            if is_last:
                raise Busy from error
