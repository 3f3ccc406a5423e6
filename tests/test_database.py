"""What a connection promises, and that an unsafe one is refused."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from campaign import database
from campaign.actions.transaction import writing
from campaign.database import UnsafeDatabase
from campaign.extensions import db
from campaign.models import Campaign

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@sqlite_only
def test_every_sqlite_connection_is_durable_and_forgets_what_was_deleted(app):
    with db.engine.connect() as one, db.engine.connect() as two:
        for connection in (one, two):
            for pragma, promised in database.PROMISES.items():
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == promised


def test_sqlite_itself_is_new_enough():
    assert database.sqlite_library().sqlite_version_info >= (3, 51, 3)


def test_an_old_sqlite_is_refused(monkeypatch):
    monkeypatch.setattr(database, "SQLITE_OLDEST", (99, 0, 0))
    with pytest.raises(UnsafeDatabase, match=r"older than 3\.51\.3"):
        database.options("sqlite:///x.db")


def test_a_sqlite_connection_that_does_not_keep_its_promise_is_refused(tmp_path, monkeypatch):
    monkeypatch.setitem(database.PROMISES, "synchronous", 3)
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}", **database.options("sqlite:///"))
    database.guard(engine)
    with pytest.raises(UnsafeDatabase, match="synchronous"):
        engine.connect()


@postgresql_only
def test_a_postgresql_without_fsync_is_refused(database_url):
    engine = create_engine(database_url, **database.options(database_url))
    database.guard(engine, is_durable=True)
    with pytest.raises(UnsafeDatabase, match="fsync=off"):
        engine.connect()
    engine.dispose()


def test_who_only_reads_cannot_write(campaign):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.execute(text("UPDATE campaign SET name = 'x'"))
    db.session.rollback()
    with writing() as session:
        session.execute(text("UPDATE campaign SET name = 'Nama baru'"))
    assert db.session.get(Campaign, campaign.id).name == "Nama baru"


def test_a_refused_deed_leaves_nothing_behind(campaign):
    with pytest.raises(ZeroDivisionError), writing() as session:
        session.execute(text("UPDATE campaign SET name = 'x'"))
        raise ZeroDivisionError
    assert db.session.get(Campaign, campaign.id).name == "1831 MKJP"


@sqlite_only
def test_readers_do_not_queue_behind_a_writer(app, campaign):
    with writing() as session:
        session.execute(text("UPDATE campaign SET name = 'sedang ditulis'"))
        with db.engine.connect() as reader:
            assert reader.scalar(text("SELECT count(*) FROM campaign")) == 2


@sqlite_only
def test_a_writer_who_waits_too_long_hears_busy_and_nothing_is_half_done(app, campaign):
    from campaign.actions.transaction import tried_again
    from campaign.rules.refusals import Busy

    with db.engine.connect().execution_options(writing=True) as rogue:
        rogue.execute(text("UPDATE campaign SET name = 'x'"))

        def hurried():
            with writing() as session:
                session.execute(text("UPDATE campaign SET name = 'y'"))

        raw = db.session.connection().connection.dbapi_connection
        db.session.commit()
        raw.execute("PRAGMA busy_timeout=50")
        with pytest.raises(Busy):
            tried_again(hurried)
        rogue.rollback()
    assert db.session.get(Campaign, campaign.id).name == "1831 MKJP"


def test_a_moment_without_a_zone_is_refused(app):
    from datetime import datetime

    from campaign.models import Lease

    with pytest.raises(Exception, match="without a time zone"), writing() as session:
        session.add(Lease(job="x", last_run_at=datetime(2026, 1, 1)))


@postgresql_only
def test_the_app_does_not_start_on_an_unsafe_engine(settings):
    from dataclasses import replace

    from app import create_app

    with pytest.raises(SystemExit, match="fsync=off"):
        create_app(replace(settings, is_durable=True))


def test_a_database_that_is_away_is_no_reason_not_to_start(tmp_path):
    engine = create_engine("postgresql+psycopg://nobody@/nowhere?host=/nowhere")
    database.guard(engine)
    database.prove(engine)
