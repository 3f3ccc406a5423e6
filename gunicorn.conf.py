"""The server: one gunicorn, two gevent workers, one port; the clock beside them."""

# The app is loaded once, here, and the workers are copies: they start sooner and share its memory. So gevent must have its way
# before the first lock is made.
from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402
import gc
import os
import signal
import subprocess
import sys

from campaign.settings import UnsafeSettings, from_environment

try:
    settings = from_environment()
except UnsafeSettings as unsafe:
    sys.exit(f"kampanye: {unsafe}")

bind = f"{settings.bind}:{settings.port}"
workers = settings.workers
worker_class = "gevent"
preload_app = True
worker_connections = 6000  # a request holds one; an open board only while it is opened
timeout = 60
graceful_timeout = 5
keepalive = 5
control_socket_disable = True
accesslog = None  # addresses of persons' records stay out of files
loglevel = "warning"
forwarded_allow_ips = "127.0.0.1"

_clock = None


def when_ready(server):
    """The clock runs in a process of its own: a backup must not hold up a bidan."""
    global _clock
    from campaign.extensions import db

    with server.app.wsgi().app_context():
        db.engine.dispose()  # no connection is inherited by two workers
    # What is there now stays for good: looking through it for garbage takes time, and makes each worker a copy of its own.
    gc.collect()
    gc.freeze()
    # Ctrl-C reaches the whole group: as a TERM it lets every worker finish what it is doing.
    signal.signal(signal.SIGINT, lambda *_: signal.raise_signal(signal.SIGTERM))
    _welcome()
    tick = [sys.executable, "-m", "flask", "--app", "app", "tick", "--forever"]
    _clock = subprocess.Popen(tick, stdout=subprocess.DEVNULL)  # noqa: S603


def _welcome():
    print(f"\nKampanye: http://{settings.bind}:{settings.port}   (Ctrl-C untuk berhenti)\n", flush=True)
    if settings.accounts_file.exists() and not settings.is_production:
        print(f"Akun contoh (juga di {settings.accounts_file}):\n{settings.accounts_file.read_text()}", flush=True)


def post_worker_init(worker):
    """Open boards end when this worker is asked to stop; Ctrl-C is the master's to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from campaign import live

    live.serving(worker.wsgi, worker)


def on_exit(server):
    if _clock and _clock.poll() is None:
        os.kill(_clock.pid, signal.SIGTERM)
        _clock.wait(5)
