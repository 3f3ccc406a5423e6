"""Somebody stands in the lobby for a thousand minutes with a notebook, knows how we do it, and learns nothing of anybody.

He writes down everything the lobby's wall shows at each minute, from the real query and the real renewal, and guesses of single
services the minute and the desa, and of desa what method they use. Beside it stands the board one would build at first:
live, exact from five on. There he is right, so this test can fail.
"""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from campaign import actions, queries
from campaign.actions.transaction import writing
from campaign.extensions import db
from campaign.models import Campaign, Desa, Jenis, Kecamatan, LobbyRow, Stage, Tally
from campaign.rules.banding import Band
from campaign.rules.methods import Method, Participant
from tests import builders

# The renewal is tested on both engines in views/test_walls.py; a thousand minutes of it are long.
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SNAPSHOTS, MARGIN = 1000, 0.05
METHODS = (Method.IMPLAN_2, Method.IUD)
OTHER = dict(zip(METHODS, reversed(METHODS), strict=True))
START = datetime.fromisoformat("2026-07-01T01:00:00+00:00")


def stage(seed: int):
    """Four kecamatan with five desa each; 1,000 minutes with a service in one desa now and then."""
    random = Random(seed)
    desa_codes = [f"32.14.{k:02}.{2000 + d}" for k in range(20, 24) for d in range(1, 6)]
    with writing() as session:
        session.add_all(
            Kecamatan(code=code, name=code, kabupaten_code="32.14") for code in {code[:8] for code in desa_codes}
        )
        session.flush()
        session.add_all(Desa(code=c, name=c, jenis=Jenis.DESA, kecamatan_code=c[:8]) for c in desa_codes)
        campaign = builders.write_campaign(dict.fromkeys(desa_codes, 20), name="Lobi", stage=Stage.OPEN)
        for code in desa_codes:
            for method in METHODS:
                about = {
                    "campaign_id": campaign.id,
                    "desa_code": code,
                    "method": method,
                    "served": random.randint(0, 5),
                }
                session.add(Tally(participant=Participant.BARU, **about))
    # A desa has a service every two hours or so: single events, the easiest to guess.
    events = {}
    for minute in range(SNAPSHOTS):
        if random.random() < 0.2:
            events[minute] = (random.choice(desa_codes), random.choice(METHODS))
    return campaign.id, desa_codes, events


def serve(campaign_id, code, method):
    """One service more, as the staircase counts it; what a deed writes besides is not on any wall."""
    row = (Tally.campaign_id == campaign_id, Tally.desa_code == code, Tally.method == method)
    with writing() as session:
        session.execute(db.update(Tally).where(*row).values(served=Tally.served + 1, revision=Tally.revision + 1))


def seen_on(board) -> dict[str, Band]:
    """Everything a wall shows, by area."""
    areas = [
        board.total,
        *board.kecamatan_list,
        *(desa for desa_list in board.desa_lists.values() for desa in desa_list),
    ]
    return {area.code: area.served for area in areas}


def naive(numbers) -> dict[str, Band]:
    """The board one would build at first: live, and 1–4 until five."""
    return {code: Band(n, n) if n == 0 or n >= 5 else Band(1, 4) for code, n in numbers.items()}


def watched(campaign_id, events, minutes: int):
    """What the lobby and the naive board showed at each of so many minutes."""
    lobby, live = [], []
    for minute in range(minutes):
        at = START + timedelta(minutes=minute, seconds=30)
        if minute in events:
            serve(campaign_id, *events[minute])
        campaign = db.session.get_one(Campaign, campaign_id)
        actions.renew_lobby(campaign, at=at)
        lobby.append(seen_on(queries.lobby(campaign, today=START.date())))
        live.append(naive(with_sums(queries.served_by_desa(campaign))))
        db.session.expire_all()
    return lobby, live


def with_sums(numbers: dict[str, int]) -> dict[str, int]:
    sums = Counter()
    for code, number in numbers.items():
        sums[code[:8]] += number
    return numbers | sums


# ---- Minute and desa ----


def guesses(snapshots, desa_codes):
    """(minute at which it was seen, desa) of every step up; of a hidden desa by the steps of its kecamatan's sum.

    Of a kecamatan that moved while none of its open desa did he names one of those that are hidden or stand at none.
    """
    found = []
    for minute, (before, after) in enumerate(pairwise(snapshots), start=1):
        steps = {code: after[code].low - before[code].low for code in after}
        for code in desa_codes:
            if steps[code] > 0:
                found.append((minute, code))
        for kecamatan in {code[:8] for code in desa_codes}:
            inside = [code for code in desa_codes if code.startswith(kecamatan)]
            if steps[kecamatan] > 0 and not any(steps[code] > 0 for code in inside):
                hidden = [code for code in inside if not after[code].is_exact or after[code].low == 0]
                if hidden:
                    found.append((minute, hidden[minute % len(hidden)]))
    return found


def right(found, events, lag: int) -> float:
    """How many of the guesses are a service, when each is said to have been `lag` minutes before it was seen."""
    hits = sum(minute - lag in events and events[minute - lag][0] == code for minute, code in found)
    return hits / max(len(found), 1)


def best(snapshots, desa_codes, events) -> float:
    """The best he can do: he tries every delay on the first half, where he was told the truth, and uses it on the second."""
    found = guesses(snapshots, desa_codes)
    learned = [guess for guess in found if guess[0] < SNAPSHOTS // 2]
    asked = [guess for guess in found if guess[0] >= SNAPSHOTS // 2]
    lag = max(range(61), key=lambda lag: right(learned, events, lag))
    assert len(asked) > 60, "he has something to guess at"
    return right(asked, events, lag)


@ONE_ENGINE
def test_a_thousand_snapshots_tell_no_single_services_minute_and_desa(app, cast):
    campaign_id, desa_codes, events = stage(seed=14)
    lobby, live = watched(campaign_id, events, SNAPSHOTS)
    # Chance: who knows how many services there are guesses any desa at any minute.
    chance = len(events) / SNAPSHOTS / len(desa_codes)
    on_the_lobby, on_the_naive = best(lobby, desa_codes, events), best(live, desa_codes, events)
    print(f"right: lobby {on_the_lobby:.3f}, naive board {on_the_naive:.3f}, chance {chance:.3f}")
    assert on_the_naive > 0.5, "the board one would build at first would not be found out: the attacker is too weak"
    assert on_the_lobby <= chance + MARGIN


# ---- A desa's method ----


@ONE_ENGINE
def test_no_snapshot_would_be_another_if_every_woman_had_chosen_the_other_method(app, cast):
    """Why nobody does better than chance at a desa's method: what he sees does not depend on it."""
    campaign_id, desa_codes, events = stage(seed=3)
    seen, split = [], []
    for other_way_round in (False, True):
        begin_again(campaign_id, desa_codes, other_way_round)
        usual = events if not other_way_round else {m: (code, OTHER[method]) for m, (code, method) in events.items()}
        lobby, _live = watched(campaign_id, usual, 150)
        seen.append(lobby)
        campaign = db.session.get_one(Campaign, campaign_id)
        split.append([s.methods for s in queries.standings_of(campaign, desa_codes).values()])
    assert seen[0] == seen[1]
    assert split[0] != split[1], "control: the women did choose otherwise"


def begin_again(campaign_id, desa_codes, other_way_round: bool):
    """The same numbers, by one method or the other; no row of the lobby yet."""
    with writing() as session:
        session.execute(db.delete(LobbyRow).where(LobbyRow.campaign_id == campaign_id))
        for number, code in enumerate(desa_codes):
            for method in METHODS:
                is_usual = (method == METHODS[0]) != other_way_round
                row = (Tally.campaign_id == campaign_id, Tally.desa_code == code, Tally.method == method)
                session.execute(db.update(Tally).where(*row).values(served=number % 9 if is_usual else number % 2))
