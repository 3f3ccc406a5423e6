"""Engines: what every connection must promise before it is trusted, how transactions begin, what a collision is.

Reading is the default. Only a connection that asks for `writing` may change anything: SQLite is held to it by
`query_only`, PostgreSQL by a read-only transaction. So no GET can change campaign data by accident.
"""

from contextlib import suppress
from datetime import UTC, datetime
from fractions import Fraction
from random import uniform
from threading import Lock
from time import monotonic, sleep

from sqlalchemy import DateTime, Text, TypeDecorator, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

SQLITE_OLDEST = (3, 51, 3)  # before it, the WAL-reset bug can corrupt a database
PATIENCE = 5.0  # seconds to wait for somebody who writes
TURN = Lock()
PROMISES = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


class UnsafeDatabase(RuntimeError):
    """The engine under this connection would lose or leak what it was given."""


class Moment(TypeDecorator):
    """A point in time: UTC in the database, aware in Python on both engines. Refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect):
        return (
            value if value is None else (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))
        )


class Exact(TypeDecorator):
    """An exact number: a Fraction in Python, written out in the database. A float would move a service to another desa."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | int | None, dialect):
        return None if value is None else str(Fraction(value))

    def process_result_value(self, value: str | None, dialect):
        return None if value is None else Fraction(value)


def options(url: str) -> dict:
    """Options for `create_engine`."""
    if url.startswith("sqlite"):
        # Who waits for the write lock holds a connection: all that one worker serves at once must find one.
        return {"module": sqlite_library(), "pool_size": 10, "max_overflow": 90}
    return {"pool_size": 10, "max_overflow": 30, "pool_pre_ping": True, "connect_args": {"options": "-c TimeZone=UTC"}}


def sqlite_library():
    """The SQLite new enough to be trusted: PyPI's pysqlite3, or the interpreter's own. Raises UnsafeDatabase."""
    try:
        from pysqlite3 import dbapi2 as library
    except ImportError:
        from sqlite3 import dbapi2 as library
    if library.sqlite_version_info < SQLITE_OLDEST:
        raise UnsafeDatabase(f"SQLite {library.sqlite_version} is older than 3.51.3 and may corrupt a WAL database.")
    return library


def guard(engine: Engine, *, is_durable: bool = True) -> None:
    """Make every connection of this engine promise durability, and every transaction say whether it writes."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _promise_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _promise_postgresql if is_durable else _promise_nothing)
        event.listen(engine, "begin", _begin_postgresql)


def prove(engine: Engine) -> None:
    """Connect once, so that an unsafe engine is refused at the start. Raises UnsafeDatabase.

    One that is away for now is no reason not to start: requests say so, in words, until it is back.
    """
    with suppress(DBAPIError), engine.connect():
        pass


def _promise_sqlite(connection, _record):
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own would begin too late
    for pragma in (
        f"busy_timeout={PATIENCE * 1000:.0f}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA journal_size_limit=67108864")
    for name, promised in PROMISES.items():
        kept = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if kept != promised:
            raise UnsafeDatabase(f"SQLite answers {name}={kept}, the app needs {promised}.")


def _promise_postgresql(connection, _record):
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        for name in ("fsync", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] != "on":
                raise UnsafeDatabase(f"PostgreSQL runs with {name}=off and would lose data in a power cut.")
    connection.commit()


def _promise_nothing(_connection, _record):
    """A throw-away PostgreSQL of the tests."""


def _begin_sqlite(connection):
    # IMMEDIATE takes the write lock before the first read: a deferred BEGIN that turns into a writer fails as "locked".
    writing = connection.get_execution_options().get("writing", False)
    connection.connection.dbapi_connection.execute(f"PRAGMA query_only={0 if writing else 1}")
    if writing:
        _begin_when_it_is_our_turn(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_when_it_is_our_turn(connection):
    """Wait for the write lock here and not in the driver: under gevent everybody else at this worker goes on meanwhile."""
    driver, until = connection.connection.dbapi_connection, monotonic() + PATIENCE
    driver.execute("PRAGMA busy_timeout=0")
    try:
        with TURN:  # of this process one knocks, the others stand behind it: forty who knock leave no time to work
            while monotonic() < until:
                try:
                    return driver.execute("BEGIN IMMEDIATE")
                except sqlite_library().OperationalError as error:
                    if not is_locked(error):
                        break
                    sleep(uniform(0.0002, 0.001))  # noqa: S311  nobody's secret, only that two do not step in time
        return connection.exec_driver_sql("BEGIN IMMEDIATE")  # and hear in SQLAlchemy's words what is the matter
    finally:
        driver.execute(f"PRAGMA busy_timeout={PATIENCE * 1000:.0f}")


def _begin_postgresql(connection):
    connection.connection.dbapi_connection.read_only = not connection.get_execution_options().get("writing", False)


def is_collision(error: DBAPIError) -> bool:
    """Whether trying the same transaction once more may help: a lock not had in time, a deadlock, a serialization failure."""
    code = getattr(error.orig, "sqlstate", None)
    return code in ("40001", "40P01", "55P03") or is_locked(error.orig)


def is_locked(error: Exception) -> bool:
    """Whether SQLite says that somebody else writes just now."""
    return "database is locked" in str(error)


def violates(error: IntegrityError, constraint: str, *columns: str) -> bool:
    """Whether this error is that unique constraint's: PostgreSQL names it, SQLite lists its columns."""
    said = str(error.orig)
    return constraint in said or (bool(columns) and all(column in said for column in columns))
