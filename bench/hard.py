"""Random deeds on full days by many clients at once, on both engines: `make test-hard`.

STEPS (a million) and CLIENTS (64) by environment. Prints what was done, what was refused, and what was checked.
"""

# As in gunicorn.conf.py: the clients of one process take turns as the requests of one worker do.
from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Lock
from time import monotonic

from bench.stage import forked, on_both_engines, stage, verdict
from campaign.extensions import db
from tests.any_day import Days

STEPS, CLIENTS = int(os.environ.get("STEPS", 1_000_000)), int(os.environ.get("CLIENTS", 64))
WORKERS = 2
ROUNDS = 20  # so often everybody stops and everything is checked
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
            played = sum(days.done.values()) + sum(days.refused.values())
            print(f"     {engine}: round {turn} of {ROUNDS}, {played} steps, {len(wrong)} wrong", flush=True)
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
    """Every client plays, shared out over as many workers as the server has; then everybody knows which women and days are left."""
    seeds = [turn * CLIENTS + client for client in range(CLIENTS)]
    played = forked([lambda n=n: _play(days, seeds[n::WORKERS]) for n in range(WORKERS)])
    women, open_days = [], []
    for done, refused, her_women, her_days in played:
        days.done += done
        days.refused += refused
        women, open_days = women + her_women, open_days + her_days
    days.women = list(dict.fromkeys(women))[-len(days.women) :]
    days.days = list(dict.fromkeys(open_days))[-len(days.days) :]


def _play(days, seeds):
    """Some of the clients, each with its own session."""
    days.done, days.refused, days.lock = Counter(), Counter(), Lock()

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
    return days.done, days.refused, days.women, days.days


if __name__ == "__main__":
    sys.exit(not on_both_engines(measure))
