"""The only place where a writing transaction begins and ends.

What a deed was handed may have been read a moment before it. Nothing relies on it unguarded: seats, bookings and akseptor are
changed only WHERE they still are as they were read; otherwise the deed is `Stale`, everything is read afresh and it is tried
once more.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from operator import itemgetter

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from campaign import database
from campaign.extensions import db
from campaign.rules.refusals import AlreadyRegistered, Busy, RowTaken


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
            if database.violates(error, "uq_akseptor_campaign_id_paper_row", "akseptor.paper_row"):
                raise RowTaken from error
            if database.violates(error, "uq_akseptor_campaign_id", "akseptor.campaign_id", "akseptor.nik_index"):
                raise AlreadyRegistered from error
            if not database.violates(error, "uq_booking_akseptor_id_open", "booking.akseptor_id"):
                raise
            if is_last:  # somebody gave her another seat at the same moment
                raise Busy from error
        except (Stale, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not database.is_collision(error):
                raise
            if is_last:
                raise Busy from error


def write(*statements):
    """Execute these in a writing transaction of their own: what the house notes beside the deeds. Raises Busy.

    Answers what the last one returns, or how many rows it touched.
    """

    def attempt():
        with writing() as session:
            *_, last = [session.connection().execute(statement) for statement in statements]
            return last.scalar() if last.returns_rows else last.rowcount

    return tried_again(attempt)


def run(statement, **values):
    """Execute one statement of the writing transaction, beside the ORM: these are the hot ones, built once and reused."""
    return db.session.connection().execute(statement, values)


@dataclass(frozen=True)
class Prepared:
    """Rows as the driver takes them."""

    statement: str
    values: list

    def insert(self) -> None:
        if self.values:
            db.session.connection().exec_driver_sql(self.statement, self.values)


def prepare(table, rows: list[dict], **same) -> Prepared:
    """Rows of this table, with what is the `same` in all of them, ready to be inserted by the driver.

    ORM and Core prepare each value anew for each row while the lock is held, which takes several times as long as inserting.
    """
    if not rows:
        return Prepared("", [])
    unsaid = {
        c.name: c.default.arg
        for c in table.c
        if c.default is not None and c.default.is_scalar and c.name not in rows[0]
    }
    same = unsaid | same
    dialect, names = db.engine.dialect, [*rows[0], *same]
    statement = insert(table).compile(dialect=dialect, column_keys=names)
    names = statement.positiontup or names

    def column(name: str):
        write = table.c[name].type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is
        return repeat(write(same[name])) if name in same else map(write, map(itemgetter(name), rows))

    # Column by column, not row by row: thousands of rows in a few loops of the interpreter's own.
    written = zip(*map(column, names), strict=False)
    return Prepared(
        str(statement), list(written) if statement.positional else [dict(zip(names, r, strict=True)) for r in written]
    )


def insert_many(table, rows: list[dict], **same) -> None:
    """Insert these rows through the driver."""
    prepare(table, rows, **same).insert()


def _as_it_is(value):
    return value
