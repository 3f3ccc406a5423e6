"""Random deeds on full days by many clients at once, on both engines: `make test-hard`.

STEPS (a million) and CLIENTS (64) by environment. Prints what was done, what was refused, and what was checked.
"""

import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from random import Random
from threading import Lock
from time import monotonic

from bench.stage import stage, verdict
from campaign.extensions import db
from tests import engines
from tests.any_day import Days

STEPS, CLIENTS = int(os.environ.get("STEPS", 1_000_000)), int(os.environ.get("CLIENTS", 64))
CORES = os.cpu_count() or 1
ROUNDS = 20  # so often everybody stops and everything is checked
playing: Days | None = None
CHECKED = (
    "taken = bookings that hold a seat, of the day and of each family; 0 ≤ taken ≤ seats; one open booking per booked woman and "
    "none on a cancelled day; nobody waits with a seat, or for a day with a seat for her; the line in its order; ledger = tally"
)


def measure(engine: str, postgresql) -> bool:
    # Without waiting for the disk: seats and lines are looked at, not power cuts (bench/killed.py).
    with stage(engine, postgresql=postgresql, is_durable=False) as cast:
        days, began, wrong = Days(cast, women=4 * CLIENTS, days=max(CLIENTS // 4, 4)), monotonic(), []
        compared, turn = 0, 0
        while turn < ROUNDS and not wrong:
            _round(days, turn)
            turn += 1
            wrong = days.wrong()
            compared = days.compared
            if sys.stdout.isatty():
                print(f"     {engine}: round {turn} of {ROUNDS}", end="\r", flush=True)
        took = monotonic() - began
    steps = sum(days.done.values()) + sum(days.refused.values())
    print(f"     {engine}: {steps} steps in {took:.0f} s, {steps / took:.0f} a second; checked: {CHECKED}")
    print(f"     done: {dict(days.done.most_common())}")
    print(f"     refused: {dict(days.refused.most_common())}; places in line compared: {compared}")
    for told in wrong[:20]:
        print(f"     WRONG {told}")
    return verdict(
        f"{CLIENTS} clients, {engine}", f"{STEPS} steps, nothing wrong", f"{steps} steps, {len(wrong)} wrong", not wrong
    )


def _round(days: Days, turn: int) -> None:
    """Every client plays, shared out over the cores; then everybody knows which women and days are left."""
    global playing
    playing = days  # a forked process is handed it by being a copy
    db.session.remove()
    db.engine.dispose()
    seeds = [turn * CLIENTS + client for client in range(CLIENTS)]
    with get_context("fork").Pool(CORES) as pool:
        played = pool.map(_play, [seeds[core::CORES] for core in range(CORES)], chunksize=1)
    women, open_days = [], []
    for done, refused, her_women, her_days in played:
        days.done += done
        days.refused += refused
        women, open_days = women + her_women, open_days + her_days
    days.women = list(dict.fromkeys(women))[-len(days.women) :]
    days.days = list(dict.fromkeys(open_days))[-len(days.days) :]


def _play(seeds):
    """Some of the clients, each a thread with its own session."""
    days = playing
    days.done, days.refused, days.lock = Counter(), Counter(), Lock()
    db.engine.dispose(close=False)

    def client(seed):
        with days.cast.app.app_context():
            try:
                random = Random(seed)
                for _ in range(-(-STEPS // (CLIENTS * ROUNDS))):
                    days.play(random)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(seeds)) as pool:
        list(pool.map(client, seeds))
    db.engine.dispose()
    return days.done, days.refused, days.women, days.days


def main() -> bool:
    postgresql = engines.start_postgresql()
    try:
        return all([measure("sqlite", None), measure("postgresql", postgresql)])
    finally:
        postgresql.stop()


if __name__ == "__main__":
    sys.exit(not main())
