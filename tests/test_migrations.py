"""Migrations: both directions, with data in the way, on both engines; and the models are what they make."""

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from campaign import queries
from campaign.extensions import db
from tests import builders


def revision() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_the_migrations_make_exactly_the_models(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_step_down_and_up_again(app):
    head = revision()
    db.engine.dispose()
    for _ in range(int(head)):
        flask_migrate.downgrade(revision="-1")
    assert revision() is None
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    flask_migrate.upgrade()
    assert revision() == head
    assert queries.is_anybody_here() is False


def test_going_down_one_and_up_keeps_what_stands_below(app, ibu_sari, bidan_ratna, day):
    builders.served(ibu_sari, bidan_ratna, day, nik=builders.nik(1))
    db.session.commit()
    counted = "SELECT count(*) FROM step"
    before = db.session.scalar(text(counted))
    db.session.remove()
    flask_migrate.downgrade(revision="0005")
    flask_migrate.upgrade()
    assert db.session.scalar(text(counted)) == before
    names = {check["name"] for check in inspect(db.engine).get_check_constraints("service_day")}
    assert "ck_service_day_taken" in names


def test_after_a_migration_the_ledger_still_refuses_changes(app, ibu_sari):
    import pytest
    from sqlalchemy.exc import DBAPIError

    db.session.remove()
    flask_migrate.downgrade(revision="0003")
    flask_migrate.upgrade()
    db.session.remove()
    with builders.writing() as session:
        session.execute(text("INSERT INTO lease (job, last_answer) VALUES ('x', '')"))
    builders.actions.settle_key()
    builders.registered(ibu_sari)
    with pytest.raises(DBAPIError, match="append-only"), builders.writing() as session:
        session.execute(text("DELETE FROM step"))


def test_a_passphrase_that_somebody_else_gave_is_worth_nothing_after_the_upgrade(app, cast):
    """Who had not changed the one on her card yet gets a new card; everybody else signs in as before."""
    db.session.remove()
    flask_migrate.downgrade(revision="0006")
    with builders.writing() as session:
        session.execute(text("UPDATE person SET must_change_password = (sign_in_name = 'sari')"))
    db.session.remove()
    flask_migrate.upgrade()
    hashes = dict(db.session.execute(text("SELECT sign_in_name, password_hash FROM person")).all())
    assert hashes["sari"] == "!" and hashes["wati"].startswith("$argon2id$")
