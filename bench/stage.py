"""A campaign to measure on, on either engine, with as many women as asked for."""

import tempfile
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from app import create_app
from campaign.extensions import db
from campaign.settings import Settings
from tests import builders, engines

SECRET = "a secret of the measurements, long enough"


@contextmanager
def stage(engine: str = "sqlite", *, postgresql=None, is_durable=True):
    """An app with the cast in a fresh database; `cast.folder` is its data directory. `is_durable`: SQLite flushes."""
    with tempfile.TemporaryDirectory(prefix="kampanye-bench-") as name:
        folder = Path(name)
        if engine == "sqlite":
            yield from _staged(folder, engines.sqlite_copy(folder / "campaign.db"), is_durable)
        else:
            with postgresql.fresh_database() as url:
                yield from _staged(folder, url, is_durable=False)  # the throw-away PostgreSQL runs without fsync


def _staged(folder: Path, url: str, is_durable: bool):
    app = create_app(Settings(url, folder, folder / "kunci" / "master.key", SECRET, is_durable=is_durable))
    with app.app_context():
        cast = builders.cast()
        cast.app, cast.folder = app, folder
        yield cast
        db.session.remove()
        db.engine.dispose()


def forked(works: list) -> list:
    """What each of these answers, each done in a process of its own: as the server's workers, copies of this one."""
    db.session.remove()
    db.engine.dispose()  # no connection is inherited by two workers
    fork = get_context("fork")

    def work(act, told):
        told.send(act())
        db.engine.dispose()

    pipes = [fork.Pipe(duplex=False) for _ in works]
    workers = [fork.Process(target=work, args=(act, told)) for act, (_, told) in zip(works, pipes, strict=True)]
    for worker, (_, told) in zip(workers, pipes, strict=True):
        worker.start()
        told.close()  # only the worker holds it: if it dies, hearing it is an error and no waiting
    answers = [heard.recv() for heard, _ in pipes]
    for worker in workers:
        worker.join()
    return answers


def on_both_engines(measure, *, is_durable=False) -> bool:
    """`measure(engine, postgresql)` on SQLite, then on a PostgreSQL of its own; whether both met their goal.

    A server of ours refuses a PostgreSQL that is not `is_durable`.
    """
    postgresql = engines.start_postgresql(is_durable=is_durable)
    try:
        return all([measure("sqlite", None), measure("postgresql", postgresql)])
    finally:
        postgresql.stop()


def percentile(values, share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def verdict(name: str, goal: str, seen: str, is_met: bool) -> bool:
    print(f"{'ok  ' if is_met else 'MISS'} {name}: {seen} (goal: {goal})", flush=True)
    return is_met
