"""Bookings a second on one day by 64 clients, against the bare UPDATE of its seat in a transaction of its own, same disk."""

# As in gunicorn.conf.py: the clients of one process take turns as the requests of one worker do.
from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier
from time import monotonic

from bench.stage import forked, on_both_engines, stage, verdict
from campaign import actions
from campaign.actions.seats import TAKE
from campaign.actions.transaction import run, writing
from campaign.extensions import db
from campaign.models import Akseptor, ServiceDay
from tests import builders
from tests.builders import key

CLIENTS, EACH, WORKERS, FLOOR = 64, 10, 2, 0.5


def measure(engine: str, postgresql) -> bool:
    with stage(engine, postgresql=postgresql) as cast:
        women = [builders.registered(cast.ibu_sari, name=f"Neng {n}").id for n in range(CLIENTS * EACH)]
        days = [builders.service_day(cast.maracang, seats=CLIENTS * EACH).id for _ in range(2)]
        db.session.commit()
        bare = _a_second(cast, lambda n: _bare(days[0]))
        booked = _a_second(cast, lambda n: _book(cast, women[n], days[1]))
        taken = [db.session.get_one(ServiceDay, day).taken for day in days]
    seen = f"{booked:.0f} a second, bare {bare:.0f}: {booked / bare:.2f}; seats taken {taken[1]} of {CLIENTS * EACH}"
    is_met = booked / bare >= FLOOR and taken == [CLIENTS * EACH] * 2
    return verdict(
        f"{CLIENTS} clients booking one day, {engine}", f"≥ {FLOOR} of the bare UPDATE, none over", seen, is_met
    )


def _bare(day_id) -> None:
    with writing():
        if run(TAKE, day_id=day_id).rowcount != 1:
            raise AssertionError("no seat where there must be one")


def _book(cast, woman, day_id) -> None:
    akseptor, day = db.session.get_one(Akseptor, woman), db.session.get_one(ServiceDay, day_id)
    actions.book(akseptor, day=day, by=cast.ibu_sari, key=key())


def _a_second(cast, act) -> float:
    """How many acts a second by all clients at once, shared out over as many workers as the server has."""
    start = get_context("fork").Barrier(WORKERS)
    times = forked([lambda n=n: _work(cast, act, range(n, CLIENTS, WORKERS), start) for n in range(WORKERS)])
    return CLIENTS * EACH / (max(ended for _, ended in times) - min(began for began, _ in times))


def _work(cast, act, numbers, start) -> tuple[float, float]:
    """One worker, until each of its clients has done what it had to: from when to when, by the machine's clock."""
    all_here = Barrier(len(numbers) + 1)

    def client(number):
        with cast.app.app_context():
            db.session.execute(db.text("SELECT 1"))
            db.session.rollback()
            all_here.wait()
            for n in range(number * EACH, (number + 1) * EACH):
                act(n)
            db.session.remove()

    with ThreadPoolExecutor(len(numbers)) as pool:
        clients = [pool.submit(client, number) for number in numbers]
        start.wait()
        began = monotonic()
        all_here.wait()
        for one in clients:
            one.result()
    return began, monotonic()


if __name__ == "__main__":
    sys.exit(not on_both_engines(measure))
