"""Two hundred women for one seat, twenty times, on both engines: one winner each, nothing leaked."""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from bench.stage import on_both_engines, stage, verdict
from campaign import actions, queries
from campaign.extensions import db
from campaign.models import Akseptor, ServiceDay
from campaign.rules.refusals import Busy, DayFull
from tests import builders
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


if __name__ == "__main__":
    sys.exit(not on_both_engines(measure))
