"""The real server and the real Chromium. In CI they must be there; on a laptop their absence is said loudly."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, expect, sync_playwright

from app import create_app
from campaign.extensions import db
from campaign.settings import Settings
from tests import builders, engines
from tests.conftest import MUST_RUN_ALL

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Patience for busy machines: what comes at all passes as soon as it is there.
expect.set_options(timeout=20_000)
SECRET = "a secret of the tests, long enough for anybody"  # the same in bench/stage.py


def find_chromium() -> str | None:
    named = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in named if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if path is None:
        if MUST_RUN_ALL:
            pytest.fail("no Chromium could be had; see tools/test-needs.sh")
        pytest.skip("NO CHROMIUM: run `make test`, which provides it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def shut_out(page, what: str | None = None) -> list[str]:
    """What keeps somebody out of the page that is open: what axe finds, and what sticks out sideways."""
    what, result = what or page.url, Axe().run(page)
    found = [f"{what}: {result.generate_report()[:600]}"] if result.violations_count else []
    if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{what} is wider than {page.viewport_size['width']}")
    return found


def wait_until(page, promised: str, *, seconds=60) -> None:
    """
    Until what this asynchronous function promises is true; `wait_for_function` takes the promise itself for a yes.

    Of a page that is only on its way its scripts cannot be asked yet: that is a no, and the last one tells why.
    """
    until = time.monotonic() + seconds
    while True:
        why = None
        try:
            if page.evaluate(promised):
                return
        except Error as refused:
            why = refused
        if time.monotonic() > until:
            raise TimeoutError(promised) from why
        time.sleep(0.05)


class Server:
    """gunicorn as `make run` starts it, on a port of its own; `kill()` is the power going, `start()` coming back."""

    def __init__(self, folder: Path, workers: int = 2, root: Path = ROOT, database_url: str | None = None):
        self.folder, self.workers, self.root, self.database_url = folder, workers, root, database_url
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        environment = os.environ | {
            "DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "SECRET_KEY": SECRET,
            "WEB_CONCURRENCY": str(self.workers),
            "FLASK_APP": "app.py",
        }
        environment.pop("DATABASE_URL", None)
        if self.database_url:  # else the SQLite file in its folder
            environment["DATABASE_URL"] = self.database_url
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "app:create_app()"]
        with open(self.folder / "server.log", "a") as log:
            self.process = subprocess.Popen(
                command, cwd=self.root, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        for _ in range(1200):  # a busy machine takes its time
            try:
                with closing(HTTPConnection("127.0.0.1", self.port, timeout=1)) as line:
                    line.request("GET", "/healthz")
                    if line.getresponse().status == 200:
                        return self
            except (OSError, HTTPException):
                pass
            time.sleep(0.05)
        raise RuntimeError((self.folder / "server.log").read_text())

    def kill(self):
        """SIGKILL to master, workers and clock alike."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(15)


@pytest.fixture
def stage(tmp_path):
    """A campaign in a SQLite file of its own; `stage.app` reaches into it beside the server."""
    url = engines.sqlite_copy(tmp_path / "campaign.db")
    settings = Settings(
        database_url=url, data_dir=tmp_path, key_file=tmp_path / "kunci" / "master.key", secret_key=SECRET
    )
    app = create_app(settings)
    with app.app_context():
        cast = builders.cast()
        cast.app = app
        cast.day = builders.service_day(cast.maracang, seats=10)
        yield cast
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def server(stage, tmp_path):
    server = Server(tmp_path).start()
    yield server
    server.stop()


@pytest.fixture
def window(chromium, server):
    """`window(ibu_sari, 360, 640)`: she is signed in, on a screen of this size."""
    contexts = []

    def open_window(person, width=1366, height=768, *, is_phone=False, **more):
        context = chromium.new_context(
            base_url=server.url,
            viewport={"width": width, "height": height},
            is_mobile=is_phone,
            has_touch=is_phone,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.goto("/masuk")
        page.get_by_label("Nama masuk").fill(person.sign_in_name)
        page.get_by_label("Kata sandi").fill(builders.PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(lambda address: "/masuk" not in address)
        if "/akun/pin" in page.url:
            page.get_by_role("link", name="Nanti saja").click()
            page.wait_for_url(lambda address: "/akun" not in address)
        return page

    yield open_window
    for context in contexts:
        context.close()
