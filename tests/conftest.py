"""The stage: both engines, the cast, and a browser for each of them.

Every test that asks for `app` runs twice, on SQLite and on PostgreSQL. Nobody mocks our own code.
"""

import os
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import BytecodeCache, StrictUndefined

from app import create_app
from campaign import importing
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.settings import Settings
from tests import builders, engines
from tests.screen import Screen

MUST_RUN_ALL = os.environ.get("CI") == "true" or os.environ.get("REQUIRE") == "1"
HAS_SHARED = (Path(__file__).resolve().parent.parent.parent / "shared" / "data").is_dir()
collect_ignore = [] if HAS_SHARED else ["with_shared"]


class Compiled(BytecodeCache):
    """The templates of this run, compiled once for all its apps."""

    def __init__(self):
        self.kept = {}

    def load_bytecode(self, bucket):
        if bucket.key + bucket.checksum in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket):
        self.kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


COMPILED = Compiled()


@pytest.fixture(scope="session")
def postgresql():
    """A throw-away PostgreSQL server for this run."""
    server = engines.start_postgresql()
    if server is None:
        if MUST_RUN_ALL:
            pytest.fail("no PostgreSQL server could be had; see tools/test-needs.sh")
        pytest.skip("NO POSTGRESQL: run `make test`, which provides it")
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """A fresh, migrated database on this engine."""
    if request.param == "sqlite":
        yield engines.sqlite_copy(tmp_path / "campaign.db")
    else:
        server = request.getfixturevalue("postgresql")
        with server.fresh_database() as url:
            yield url


@pytest.fixture
def settings(database_url, tmp_path):
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        key_file=tmp_path / "kunci" / "master.key",
        secret_key="a secret of the tests, long enough for anybody",
        is_durable=False,
    )


@pytest.fixture
def app(settings):
    app = create_app(settings)
    app.testing = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.bytecode_cache = COMPILED
    # Here and at once: a test does not wait for a process.
    app.extensions["importing"] = lambda what, import_id, by_id, _file: importing.work(what, import_id, by_id)
    with app.app_context():
        yield app
        app.extensions["live"].worker = SimpleNamespace(alive=False)  # a board that was opened ends with its scene
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app):
    """Everybody and every place, made once for a scene."""
    return builders.cast()


@pytest.fixture
def today(campaign):
    return campaign.day_of(now())


@pytest.fixture
def campaign(cast):
    return cast.campaign


@pytest.fixture
def margacinta(cast):
    return cast.margacinta


@pytest.fixture
def cikao(cast):
    return cast.cikao


@pytest.fixture
def ibu_sari(cast):
    """Kader of Margacinta."""
    return cast.ibu_sari


@pytest.fixture
def ibu_wati(cast):
    """Kader of Cikao: the stranger."""
    return cast.ibu_wati


@pytest.fixture
def pak_wawan(cast):
    """PLKB of Margacinta."""
    return cast.pak_wawan


@pytest.fixture
def bidan_ratna(cast):
    """Puskesmas Maracang."""
    return cast.bidan_ratna


@pytest.fixture
def bidan_yuli(cast):
    """Puskesmas Koncara: the other one."""
    return cast.bidan_yuli


@pytest.fixture
def bu_lilis(cast):
    """DPPKB, who manages people too."""
    return cast.bu_lilis


@pytest.fixture
def pak_dedi(cast):
    """The bupati's office."""
    return cast.pak_dedi


@pytest.fixture
def day(cast):
    """Today at Puskesmas Maracang, ten seats."""
    return builders.service_day(cast.maracang, seats=10)


@pytest.fixture
def tomorrow(cast):
    """Tomorrow at Puskesmas Maracang, ten seats."""
    return builders.service_day(cast.maracang, seats=10, in_days=1)


@pytest.fixture
def neng_siti(cast):
    """Registered in Margacinta, counselled and willing, with her NIK."""
    return builders.registered(cast.ibu_sari, nik="3214125003909123")


@pytest.fixture
def browser(app):
    """`browser(ibu_sari)` is one person at one screen."""
    screens = []

    def open_screen(person=None) -> Screen:
        screen = Screen(app, person)
        screens.append(screen)
        return screen

    return open_screen


@pytest.fixture
def later():
    """`later(days=3)` is that much after now."""
    return lambda **span: now() + timedelta(**span)
