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
            if is_last:  # what somebody wrote at the same moment is seen, and refused in words, the second time
                if not database.violates(error, "uq_booking_akseptor_id_open", "booking.akseptor_id"):
                    raise
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
    """Execute one statement of the writing transaction, beside the ORM. A `Hot` one answers as the driver does."""
    if isinstance(statement, Hot):
        return statement.execute(db.session.connection(), values)
    return db.session.connection().execute(statement, values)


class Hot:
    """A statement written out for the driver once and then only handed over: all that a seat, a step and a bead take.

    Core looks up, checks and converts anew at each call, which takes several times as long as the database does.
    """

    def __init__(self, statement):
        self._statement = statement
        self._written = {}  # by engine and the names of the values: an INSERT has columns by them

    def execute(self, connection, values: dict):
        dialect = connection.dialect
        kind = (dialect.name, *values)
        if kind not in self._written:
            self._written[kind] = self._write(dialect, list(values))
        text, is_positional, parts = self._written[kind]
        sent = [write(values.get(name, same)) for name, same, write in parts]
        if not is_positional:
            sent = {name: value for (name, *_), value in zip(parts, sent, strict=True)}
        return connection.exec_driver_sql(text, tuple(sent) if is_positional else sent)

    def _write(self, dialect, names: list[str]):
        """Its text, and of each parameter the name, the value it has where none is said, and how it is made the driver's."""
        compiled = self._statement.compile(dialect=dialect, column_keys=names)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise TypeError("a hot statement must be told the columns that have a default")
        types = {name: bound.type for bound, name in compiled.bind_names.items()}
        written_as = {name: _writer(types[name], dialect) for name in compiled.params}
        parts = [(name, compiled.params[name], written_as[name]) for name in compiled.positiontup or compiled.params]
        return str(compiled), compiled.positional, parts


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
        write = _writer(table.c[name].type, dialect)
        return repeat(write(same[name])) if name in same else map(write, map(itemgetter(name), rows))

    # Column by column, not row by row: thousands of rows in a few loops of the interpreter's own.
    written = zip(*map(column, names), strict=False)
    return Prepared(
        str(statement), list(written) if statement.positional else [dict(zip(names, r, strict=True)) for r in written]
    )


def insert_many(table, rows: list[dict], **same) -> None:
    """Insert these rows through the driver."""
    prepare(table, rows, **same).insert()


def _writer(type, dialect):
    """What makes a value of this type the driver's."""
    return type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value):
    return value
