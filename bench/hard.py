"""Random deeds on full days by many clients at once, on both engines: `make test-hard`.

STEPS (a million) and CLIENTS (64) by environment. Prints what was done, what was refused, and what was checked.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from random import Random
from time import monotonic

from bench.stage import stage, verdict
from campaign.extensions import db
from tests import engines
from tests.any_day import Days

STEPS, CLIENTS = int(os.environ.get("STEPS", 1_000_000)), int(os.environ.get("CLIENTS", 64))
ROUNDS = 20  # so often everybody stops and everything is checked
CHECKED = (
    "taken = bookings that hold a seat, of the day and of each family; 0 ≤ taken ≤ seats; one open booking per booked woman and "
    "none on a cancelled day; nobody waits with a seat, or for a day with a seat for her; the line in its order; ledger = tally"
)


def measure(engine: str, postgresql) -> bool:
    with stage(engine, postgresql=postgresql) as cast:
        days, began, wrong = Days(cast, women=4 * CLIENTS, days=max(CLIENTS // 4, 4)), monotonic(), []
        compared = 0

        def client(seed):
            with cast.app.app_context():
                try:
                    random = Random(seed)
                    for _ in range(max(STEPS // CLIENTS // ROUNDS, 1)):
                        days.play(random)
                finally:
                    db.session.remove()

        for turn in range(ROUNDS):
            with ThreadPoolExecutor(CLIENTS) as pool:
                list(pool.map(client, range(turn * CLIENTS, (turn + 1) * CLIENTS)))
            wrong += days.wrong()
            compared = days.compared
            if wrong:
                break
        took = monotonic() - began
    steps = sum(days.done.values()) + sum(days.refused.values())
    print(f"     {engine}: {steps} steps in {took:.0f} s, {steps / took:.0f} a second; checked: {CHECKED}")
    print(f"     done: {dict(days.done.most_common())}")
    print(f"     refused: {dict(days.refused.most_common())}; places in line compared: {compared}")
    for told in wrong[:20]:
        print(f"     WRONG {told}")
    goal = f"{max(STEPS // CLIENTS // ROUNDS, 1) * CLIENTS * ROUNDS} steps, nothing wrong"
    return verdict(f"{CLIENTS} clients, {engine}", goal, f"{steps} steps, {len(wrong)} wrong", not wrong)


def main() -> bool:
    postgresql = engines.start_postgresql()
    try:
        return all([measure("sqlite", None), measure("postgresql", postgresql)])
    finally:
        postgresql.stop()


if __name__ == "__main__":
    sys.exit(not main())
