"""What the board costs: the page of 192 desa to somebody signed in, beside an empty handler; and a refresh with 1.4 million women.

Page: the whole WSGI call with her cookie, compressed as a browser asks for it, in turns with the empty handler; medians.
Refresh: one service's bead moved on the tally, then everything read and what moved rendered, as each process does; the same
database before and after it is filled with women who were served on a day gone by, medians. Some always have no outcome yet.
"""

import os
import sys
import time
from contextvars import Context
from datetime import timedelta
from statistics import median

from werkzeug.test import create_environ, run_wsgi_app

from bench import similar
from bench.stage import on_both_engines, stage, verdict
from campaign import live
from campaign.access import allowed
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Desa, Jenis, Kecamatan, Outcome, ServiceDay, Tally
from campaign.rules.methods import Method, Participant
from tests import builders
from tests.screen import Screen

DESA, KECAMATAN, FEW, TURNS, REFRESHES = 192, 17, 2_000, 400, 60
MANY = int(os.environ.get("WOMEN", "1400000"))
PAGE_GOAL, REFRESH_GOAL = 1.5, 1.2
PAST_DAYS, UNCONFIRMED = 40, 200


def kabupaten():
    """192 desa in 17 kecamatan with 1831 promised, and a tally for each; answers the campaign and their codes."""
    codes = [f"32.14.{30 + n % KECAMATAN}.{2001 + n // KECAMATAN}" for n in range(DESA)]
    with writing():
        db.session.add_all(
            Kecamatan(code=f"32.14.{30 + n}", name=f"Kecamatan {n}", kabupaten_code="32.14") for n in range(KECAMATAN)
        )
        db.session.flush()
        db.session.add_all(
            Desa(code=code, name=f"Desa {n}", jenis=Jenis.DESA, kecamatan_code=code[:8]) for n, code in enumerate(codes)
        )
        db.session.flush()
        campaign = builders.write_campaign({code: 9 + n % 2 for n, code in enumerate(codes)}, name="Satu kabupaten")
        beads = {"registered": 9, "booked": 4, "attended": 2, "served": 3}
        about = [
            (method, part) for method in (Method.IMPLAN_2, Method.IUD) for part in (Participant.BARU, Participant.KBPP)
        ]
        db.session.add_all(
            Tally(campaign_id=campaign.id, desa_code=code, method=method, participant=part, **beads)
            for code in codes
            for method, part in about
        )
    return campaign, codes


def caller(app, person):
    """`call(path)`: the whole WSGI call as her browser makes it; answers status, headers and body."""
    cookie = Screen(app, person).client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    environs = {}

    def call(path: str):
        if path not in environs:
            sent = {"Cookie": f"{cookie.key}={cookie.value}", "Accept-Encoding": "gzip, deflate, br"}
            environs[path] = create_environ(path, headers=sent)
        # A world of its own, as a server gives it: it shares neither person nor token with the request before.
        body, status, headers = Context().run(run_wsgi_app, app.wsgi_app, environs[path].copy(), buffered=True)
        return status, headers, b"".join(body)

    return call


def timed(do) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


def pages(cast, campaign) -> bool:
    app = cast.app
    app.add_url_rule("/kosong", "board.empty", allowed("board")(lambda: "ya"))
    call = caller(app, cast.pak_dedi)
    paths = {"empty": "/kosong", "kecamatan": f"/papan/{campaign.id}", "192 desa": f"/papan/{campaign.id}/desa"}
    took, sizes = {name: [] for name in paths}, {}
    for turn in range(TURNS + 3):
        for name, path in paths.items():
            milliseconds = timed(lambda path=path: call(path))
            if turn >= 3:
                took[name].append(milliseconds)
    for name, path in paths.items():
        status, _headers, body = call(path)
        sizes[name] = f"{len(body) / 1000:.0f} kB"
        if not status.startswith("200"):
            raise ConnectionError(f"{status} {path}")
    empty = median(took["empty"])
    ratios = {name: median(times) / empty for name, times in took.items() if name != "empty"}
    seen = ", ".join(
        f"{name} {ratio:.2f}× ({median(took[name]):.2f} ms, {sizes[name]})" for name, ratio in ratios.items()
    )
    return verdict(
        "board from cache, signed in",
        f"≤ {PAGE_GOAL}× an empty handler",
        f"empty {empty:.2f} ms; {seen}",
        max(ratios.values()) <= PAGE_GOAL,
    )


def past_days(cast, campaign) -> list:
    """Ids of the days on which those who fill the database were served."""
    days = [
        ServiceDay(campaign_id=campaign.id, service_point_id=cast.maracang.id, on=on, seats=1, taken=0)
        for on in (campaign.day_of(now()) - timedelta(days=n) for n in range(1, PAST_DAYS + 1))
    ]
    with writing() as session:
        session.add_all(days)
    return [day.id for day in days]


def serve_all(campaign, days: list, *, unconfirmed: int = 0) -> None:
    """Who has no booking yet was served on one of these days; so many of them have no outcome yet."""
    columns = [Booking.id, Booking.akseptor_id, Booking.service_day_id, Booking.booked_at]
    new = Akseptor.id.not_in(db.select(Booking.akseptor_id))
    with writing() as session:
        for number, day_id in enumerate(days):  # `fill` numbers their RT so
            day, at = db.literal(day_id, Booking.service_day_id.type), db.literal(now(), Booking.booked_at.type)
            hers = db.select(Akseptor.id, Akseptor.id, day, at, db.literal(Outcome.SERVED, Booking.outcome.type))
            hers = hers.where(Akseptor.campaign_id == campaign.id, Akseptor.rt == f"{number:03}", new)
            session.execute(db.insert(Booking).from_select([*columns, Booking.outcome], hers))
        some = db.select(Booking.id).limit(unconfirmed)
        session.execute(db.update(Booking).where(Booking.id.in_(some)).values(outcome=None))


def refreshes(cast, campaign, codes) -> tuple[float, float]:
    """Median milliseconds from a moved bead to everything rendered: on the wall, and of our processor."""
    hub, took = live.Hub(cast.app), []
    watch = hub.watches[campaign.id, "papan"] = live.Watch(live.AUDIENCES["papan"], viewers=1)
    look = live.Look(cast.app)
    hub._look_once(look)
    for turn in range(REFRESHES):
        desa = codes[turn % DESA]
        with writing() as session:
            session.execute(
                db.update(Tally)
                .where(Tally.campaign_id == campaign.id, Tally.desa_code == desa, Tally.method == Method.IUD)
                .where(Tally.participant == Participant.BARU)
                .values(served=Tally.served + 1, revision=Tally.revision + 1)
            )
        before = watch.version
        took.append(similar.timed(lambda: hub._look_once(look)))
        if watch.version == before:
            raise AssertionError("nothing moved")
    look.close()
    return tuple(map(median, zip(*took, strict=True)))


def measure(engine: str, postgresql) -> bool:
    with stage(engine, postgresql=postgresql) as cast:
        campaign, codes = kabupaten()
        similar.fill(campaign, FEW, codes, [FEW // DESA] * DESA)
        days = past_days(cast, campaign)
        serve_all(campaign, days, unconfirmed=UNCONFIRMED)
        is_cheap = pages(cast, campaign) if engine == "sqlite" else True
        few = refreshes(cast, campaign, codes)
        similar.fill(campaign, MANY - FEW, codes, [(MANY - FEW) // DESA] * DESA)
        serve_all(campaign, days)
        if engine == "postgresql":  # its autovacuum does so by itself
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        many = refreshes(cast, campaign, codes)
        (few, few_cpu), (many, many_cpu) = few, many
        seen = f"{few:.1f} ms with {FEW:,}, {many:.1f} ms with {MANY:,}: {many / few:.2f}×; processor {many_cpu / few_cpu:.2f}×"
        return (
            verdict(f"refresh of 192 desa, {engine}", f"≤ {REFRESH_GOAL}×", seen, many / few <= REFRESH_GOAL)
            and is_cheap
        )


if __name__ == "__main__":
    sys.exit(not on_both_engines(measure))
