"""Backups: everything comes back, on the other engine too; nothing is readable; what is damaged is refused whole."""

import pytest
from sqlalchemy import text

from app import create_app
from campaign import actions, backup, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.rules.refusals import ReadOnly
from campaign.sealed import KeyState
from campaign.settings import Settings
from tests import builders, engines

PASSPHRASE = "delapan kata yang tidak berhubungan"


@pytest.fixture
def written(app, ibu_sari, bidan_ratna, day, tmp_path):
    """A backup of a campaign in which somebody was served, and her NIK."""
    builders.served(ibu_sari, bidan_ratna, day, nik=builders.nik(1), phone="+6282000009999")
    return backup.backup(tmp_path / "cadangan", at=now(), passphrase=PASSPHRASE)


def test_nothing_personal_is_readable_in_the_file(written):
    raw = written.read_bytes()
    for secret in (builders.nik(1), "82000009999", "Neng Siti", "person"):
        assert secret.encode() not in raw
    assert written.stat().st_mode & 0o777 == 0o600
    assert list(written.parent.iterdir()) == [written], "no unfinished file is left beside it"


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_all_comes_back_on_either_engine(written, app, into, tmp_path, request):
    before = _counts()
    db.session.remove()
    (tmp_path / "baru").mkdir()
    if into == "sqlite":
        url, context = f"sqlite:///{tmp_path / 'baru' / 'campaign.db'}", None
    else:
        context = request.getfixturevalue("postgresql").fresh_database()
        url = context.__enter__()
    settings = Settings(url, tmp_path / "baru", app.extensions["keys"].path, "x" * 40, is_durable=False)
    other = create_app(settings)
    try:
        with other.app_context():
            backup.restore(written, passphrase=PASSPHRASE)
            assert _counts() == before
            assert actions.settle_key() == KeyState.RIGHT
            assert queries.differences() == []
            woman = db.session.scalars(db.select(builders.models.Akseptor)).one()
            assert queries.sealed_facts(woman)["nik"] == builders.nik(1)
            sari = db.session.scalars(db.select(builders.models.Person).filter_by(sign_in_name="sari")).one()
            builders.registered(sari, name="Sesudah pulih")  # counters go on where they were
            assert queries.differences() == []
            db.session.remove()
            db.engine.dispose()
    finally:
        if context:
            context.__exit__(None, None, None)


def _counts():
    return {t.name: db.session.scalar(db.select(db.func.count()).select_from(t)) for t in db.metadata.sorted_tables}


def test_without_the_key_file_the_boards_come_back_and_nothing_is_written(written, tmp_path):
    other = create_app(
        Settings(engines.sqlite_copy(tmp_path / "lain.db"), tmp_path, tmp_path / "no.key", "x" * 40, is_durable=False)
    )
    with other.app_context():
        backup.restore(written, passphrase=PASSPHRASE)
        campaign = builders.the_campaign()
        assert queries.board(campaign, today=campaign.day_of(now())).total.served == 1
        sari = db.session.scalars(db.select(builders.models.Person).filter_by(sign_in_name="sari")).one()
        with pytest.raises(ReadOnly):
            builders.registered(sari)
        assert not (tmp_path / "no.key").exists()
        db.session.remove()
        db.engine.dispose()


def test_a_wrong_passphrase_and_a_damaged_file_are_refused_and_change_nothing(written, tmp_path):
    raw = written.read_bytes()
    damaged = {
        "cut.cadangan": raw[:-40],
        "changed.cadangan": raw[:200] + bytes([raw[200] ^ 1]) + raw[201:],
        "other.cadangan": b"PK" + raw,
    }
    other = create_app(
        Settings(engines.sqlite_copy(tmp_path / "lain.db"), tmp_path, tmp_path / "k", "x" * 40, is_durable=False)
    )
    with other.app_context():
        with pytest.raises(backup.CannotRestore, match="sandi"):
            backup.restore(written, passphrase="salah")
        for name, content in damaged.items():
            (tmp_path / name).write_bytes(content)
            with pytest.raises(backup.CannotRestore):
                backup.restore(tmp_path / name, passphrase=PASSPHRASE)
        assert not queries.is_anybody_here()
        db.session.remove()
        db.engine.dispose()


def test_a_database_that_is_not_empty_is_left_alone(written, app):
    with pytest.raises(backup.CannotRestore, match="sudah berisi"):
        backup.restore(written, passphrase=PASSPHRASE)
    assert db.session.scalar(text("SELECT count(*) FROM akseptor")) == 1
