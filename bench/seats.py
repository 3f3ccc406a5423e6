"""Two hundred women for one seat, twenty times, on both engines: one winner each, nothing leaked; then bookings a second."""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic

from bench.stage import stage, verdict
from campaign import actions, queries
from campaign.actions.seats import TAKE
from campaign.actions.transaction import run, writing
from campaign.extensions import db
from campaign.models import Akseptor, ServiceDay
from campaign.rules.refusals import Busy, DayFull
from tests import builders, engines
from tests.builders import key

WOMEN, ROUNDS = 200, 20


def race(cast, day_id, women) -> dict[str, int]:
    """All of them at once; how often each answer was given."""
    barrier, by = Barrier(len(women)), cast.ibu_sari

    def book(woman):
        with cast.app.app_context():
            try:
                akseptor, day = db.session.get_one(Akseptor, woman), db.session.get_one(ServiceDay, day_id)
                db.session.commit()
                barrier.wait()
                for _patience in range(20):  # the office's phones, too, try again when they hear "busy"
                    try:
                        actions.book(akseptor, day=day, by=by, key=key())
                        return "booked"
                    except Busy:
                        continue
                return "busy"
            except DayFull:
                return "full"
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(women)) as pool:
        answers = list(pool.map(book, women))
    return {answer: answers.count(answer) for answer in set(answers)}


def measure(engine: str, postgresql) -> bool:
    with stage(engine, postgresql=postgresql) as cast:
        women = [builders.registered(cast.ibu_sari, name=f"Neng {n}").id for n in range(WOMEN)]
        right = 0
        for _round in range(ROUNDS):
            day = builders.service_day(cast.maracang, seats=1).id
            db.session.commit()
            answers = race(cast, day, women)
            db.session.rollback()  # forget the snapshot from before the race
            right += answers == {"booked": 1, "full": WOMEN - 1} and db.session.get_one(ServiceDay, day).taken == 1
            for akseptor in db.session.scalars(db.select(Akseptor).where(Akseptor.status == "booked")).all():
                actions.cancel(akseptor, by=cast.ibu_sari, key=key())
        clean = queries.differences() == []
    seen = f"{right} of {ROUNDS} rounds with one winner, recount {'clean' if clean else 'NOT clean'}"
    return verdict(
        f"{WOMEN} at once for one seat, {engine}", f"{ROUNDS} of {ROUNDS}, clean", seen, right == ROUNDS and clean
    )


CLIENTS, EACH, FLOOR = 64, 10, 0.5


def rate(engine: str, postgresql) -> bool:
    """Bookings a second on one day by 64 clients, against the bare UPDATE of its seat in a transaction of its own, same disk."""
    with stage(engine, postgresql=postgresql) as cast:
        women = [builders.registered(cast.ibu_sari, name=f"Neng {n}").id for n in range(CLIENTS * EACH)]
        days = [builders.service_day(cast.maracang, seats=CLIENTS * EACH).id for _ in range(2)]
        db.session.commit()
        bare = _a_second(cast, lambda n: _bare(days[0]))
        booked = _a_second(cast, lambda n: _book(cast, women[n], days[1]))
        db.session.rollback()
        taken = [db.session.get_one(ServiceDay, day).taken for day in days]
    seen = f"{booked:.0f} a second, bare {bare:.0f}: {booked / bare:.2f}; seats taken {taken[1]} of {CLIENTS * EACH}"
    is_met = booked / bare >= FLOOR and taken == [CLIENTS * EACH] * 2
    return verdict(
        f"{CLIENTS} clients booking one day, {engine}", f"≥ {FLOOR} of the bare UPDATE, none over", seen, is_met
    )


def _a_second(cast, act) -> float:
    """How many acts a second, done by all clients at once."""
    barrier = Barrier(CLIENTS + 1)

    def client(number):
        with cast.app.app_context():
            db.session.execute(db.text("SELECT 1"))
            db.session.rollback()
            barrier.wait()
            for n in range(number * EACH, (number + 1) * EACH):
                act(n)
            db.session.remove()

    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(client, number) for number in range(CLIENTS)]
        barrier.wait()
        began = monotonic()
        for one in running:
            one.result()
    return CLIENTS * EACH / (monotonic() - began)


def _bare(day_id) -> None:
    with writing():
        assert run(TAKE, day_id=day_id).rowcount == 1


def _book(cast, woman, day_id) -> None:
    akseptor, day = db.session.get_one(Akseptor, woman), db.session.get_one(ServiceDay, day_id)
    actions.book(akseptor, day=day, by=cast.ibu_sari, key=key())


def main() -> bool:
    postgresql = engines.start_postgresql()
    try:
        met = [
            figure(*engine) for figure in (measure, rate) for engine in (("sqlite", None), ("postgresql", postgresql))
        ]
        return all(met)
    finally:
        postgresql.stop()


if __name__ == "__main__":
    sys.exit(not main())
