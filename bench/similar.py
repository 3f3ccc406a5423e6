"""Who sounds alike among a million: 500 searches as the form asks them, over 192 desa of which the largest has 20,000.

Also the exact search by NIK, and how long the office waits for the list of records that may be one woman.
"""

import random
import sys
import time
from bisect import bisect
from datetime import date
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from bench.stage import on_both_engines, percentile, stage, verdict
from campaign import queries
from campaign.actions.transaction import now, prepare, writing
from campaign.extensions import db
from campaign.models import Akseptor, Desa, Jenis
from campaign.rules import invented, sounds
from campaign.rules.journey import Status
from campaign.rules.methods import Participant
from campaign.sealed import keys
from tests import builders

WOMEN, DESA, LARGEST, SEARCHES, GOAL = 1_000_000, 192, 20_000, 500, 50.0
OFFICE = 30_000  # as many as a large campaign of one kabupaten
HABITS = [("ti", "tie"), ("y", "i"), ("h", ""), ("f", "p"), ("z", "j"), ("u", "oe"), ("a", "o"), (" ", ""), ("n", "nn")]


def sizes() -> list[int]:
    """Women per desa: some large kelurahan, many small desa, all together as many as there are."""
    flat = (WOMEN - LARGEST) / (DESA - 1)
    return [LARGEST, *(max(200, round(flat * (2.2 - 2.4 * place / DESA))) for place in range(1, DESA))]


def name(chance: random.Random) -> str:
    """One or two names before the last, as they are given: a quarter begins with Siti or Nur."""
    front = chance.choices(["Siti ", "Nur ", "Sri ", ""], [15, 8, 5, 72])[0]
    middle = f"{chance.choice(invented.LAST)} " if chance.random() < 0.3 else ""
    return f"{front}{middle}{invented.name(chance)}"


def born(chance: random.Random) -> date:
    """One in twenty-five knows only her year."""
    day = invented.birth_date(chance)
    return day.replace(month=7, day=1) if chance.random() < 0.04 else day


def fill(campaign, women: int, desa_codes: list[str], per_desa: list[int]) -> list[dict]:
    """Through the driver, a hundred thousand at a time; answers a few to search for."""
    chance, at, ends, known = random.Random(women), now(), list(accumulate(per_desa)), []
    people = [(her, sounds.key(her), born(chance)) for her in (name(chance) for _ in range(100_000))]
    method = keys.seal("akseptor.method", campaign.id, "iud")  # nobody opens it here
    same = {"campaign_id": campaign.id, "status": Status.REGISTERED, "participant": Participant.BELUM, "kader_id": None}
    same |= {"registered_at": at, "changed_at": at, "method_sealed": method, "revision": 1, "is_counselled": True}
    for begin in range(0, women, 100_000):
        rows = []
        for number in range(begin, min(begin + 100_000, women)):
            (her, sound, _), (*_, birth_date) = chance.choices(people, k=2)
            index = chance.randbytes(16) if chance.random() < 0.7 else None
            row = {"id": UUID(int=chance.getrandbits(128), version=4), "name": her, "sound": sound, "nik_index": index}
            row |= {"birth_date": birth_date, "desa_code": desa_codes[min(bisect(ends, number), DESA - 1)]}
            rows.append(row | {"has_nik": index is not None, "rt": f"{number % 40:03}", "rw": "001"})
        known += chance.sample(rows, SEARCHES // 5)
        with writing():
            prepare(Akseptor.__table__, rows, **same).insert()
    return known


def misspelt(chance: random.Random, name: str) -> str:
    for written, otherwise in chance.sample(HABITS, 2):
        name = name.lower().replace(written, otherwise, 1)
    return name


class Took(NamedTuple):
    """Milliseconds: on the wall, and of our processor (without the database server's)."""

    wall: float
    cpu: float


def timed(do) -> Took:
    """How long it takes in a session of its own, as a request has it."""
    db.session.rollback()
    began = time.perf_counter(), time.thread_time()
    do()
    return Took((time.perf_counter() - began[0]) * 1000, (time.thread_time() - began[1]) * 1000)


def measure(engine: str, postgresql) -> bool:
    with stage(engine, postgresql=postgresql) as cast:
        codes = [f"32.14.12.{3000 + place}" for place in range(DESA)]
        with writing():
            about = {"jenis": Jenis.DESA, "kecamatan_code": "32.14.12"}
            db.session.add_all(Desa(code=code, name=f"Desa {code[-4:]}", **about) for code in codes)
        campaign = cast.campaign
        known = fill(campaign, WOMEN, codes, sizes())
        if engine == "postgresql":  # its autovacuum does so by itself
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE akseptor")
        return all([*_searches(engine, campaign, codes, known), _lists(engine, cast, codes)])


def _searches(engine: str, campaign, codes: list[str], known: list[dict]) -> list[bool]:
    chance, found = random.Random(1), 0

    def search(her, desa_code):
        nonlocal found
        alike = queries.similar(campaign, misspelt(chance, her["name"]), her["birth_date"], desa_code)
        found += her["id"] in {one.akseptor_id for one in alike}

    for her in known[:5]:
        search(her, her["desa_code"])
    anywhere = [timed(lambda her=her: search(her, her["desa_code"])) for her in chance.choices(known, k=SEARCHES)]
    share, found = found / (SEARCHES + 5), 0
    largest = [timed(lambda her=her: search(her, codes[0])) for her in chance.choices(known, k=SEARCHES)]
    exact = [timed(lambda n=n: queries.exact(campaign, builders.nik(n % 900))) for n in range(SEARCHES)]
    told = {
        f"her own desa, found {share:.0%} of misspelt names": anywhere,
        "the largest desa": largest,
        "exact NIK": exact,
    }
    return [
        verdict(
            f"similar among {WOMEN:,}, {engine}, {which}",
            f"p99 < {GOAL:.0f} ms",
            f"p50 {percentile(wall, 0.5):.1f}, p99 {percentile(wall, 0.99):.1f}, worst {max(wall):.1f} ms; "
            f"processor p99 {percentile(cpu, 0.99):.1f} ms",
            percentile(wall, 0.99) < GOAL,
        )
        for which, (wall, cpu) in ((which, list(zip(*took, strict=True))) for which, took in told.items())
    ]


def _lists(engine: str, cast, codes: list[str]) -> bool:
    """A campaign as large as a kabupaten's: the whole office, and one PLKB."""
    with writing():
        campaign = builders.write_campaign({"32.14.12.2001": 1}, name="Satu kabupaten")
    fill(campaign, OFFICE, codes, [OFFICE // DESA] * DESA)
    whole = timed(lambda: queries.suspects(campaign, None, limit=50)).wall
    plkb = timed(lambda: queries.suspects(campaign, codes[:15], limit=50)).wall
    seen = f"whole campaign {whole:.0f} ms, 15 desa {plkb:.0f} ms"
    return verdict(f"suspects among {OFFICE:,}, {engine}", "< 2 s, < 300 ms", seen, whole < 2000 and plkb < 300)


if __name__ == "__main__":
    sys.exit(not on_both_engines(measure))
