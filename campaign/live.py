"""Tallies that moved → parts rendered once → server-sent events, the same bytes to every viewer.

Each process has one reader. It compares the board's version, which the database keeps, and renders only what moved; viewers
wait on it and take what is newer than what they have seen. Nothing is queued per viewer, so a slow one skips to the newest
state, and one that comes back after a broken line or a restarted server is given what it missed.
"""

import random
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from flask import Flask, current_app, render_template

from campaign.extensions import db
from campaign.models import Campaign
from campaign.queries import board as board_of
from campaign.queries import board_version

TICK = 0.15  # seconds between two looks at the database
STAMP_EVERY = 10  # seconds between two stamps, and between two questions whether the viewer still may look
STREAM_LASTS = 600  # seconds until a stream ends and is opened anew by the browser
MOST_VIEWERS = 5_000  # per process; further ones poll


@dataclass
class Part:
    """One piece of the board as every viewer gets it."""

    version: int
    shown_in: frozenset[str]
    frame: bytes


@dataclass
class Watch:
    """What this process knows of one campaign's board."""

    version: int = -1
    facts: dict = field(default_factory=dict)  # part id → the numbers it was rendered from
    parts: dict[str, Part] = field(default_factory=dict)
    stamp: bytes = b""
    stamped_at: float = 0.0
    viewers: int = 0
    joined: dict = field(default_factory=dict)  # (shown, since) → bytes, for this version

    def news(self, shown: str, since: int) -> bytes:
        """The frames of this view that moved after version `since`, joined once for all who ask the same."""
        if (shown, since) not in self.joined:
            moved = [p for p in self.parts.values() if p.version > since and not p.shown_in.isdisjoint(("*", shown))]
            self.joined[shown, since] = b"".join(part.frame for part in moved)
        return self.joined[shown, since]


class Hub:
    """The reader of one process and the boards it watches."""

    def __init__(self, app: Flask):
        self.app = app
        self.watches: dict = {}
        self.moved = threading.Condition()
        self.reader: threading.Thread | None = None
        self.worker = None  # the server's worker, so that streams end when it is asked to stop

    @property
    def is_serving(self) -> bool:
        return getattr(self.worker, "alive", True)

    def watch(self, campaign_id) -> Watch:
        """The watch of this campaign, filled at least once."""
        with self.moved:
            watch = self.watches.setdefault(campaign_id, Watch())
            if self.reader is None or not self.reader.is_alive():
                self.reader = threading.Thread(target=self._read_on, daemon=True, name="live-reader")
                self.reader.start()
        return watch

    def _read_on(self) -> None:
        look = Look(self.app)
        while self.is_serving:
            time.sleep(TICK)
            try:
                self._look_once(look)
            except Exception as error:  # a database that is away comes back; the boards say meanwhile how old they are
                self.app.logger.warning("live: %s", type(error).__name__, exc_info=self.app.debug)
                look.close()
                time.sleep(1)
        with self.moved:
            self.moved.notify_all()

    def _look_once(self, look: "Look") -> None:
        watched = {campaign_id: watch for campaign_id, watch in list(self.watches.items()) if watch.viewers}
        if not watched:
            return
        may_have_moved, at = look.has_moved(), datetime.now(UTC)
        with self.app.app_context(), self.app.test_request_context():
            for campaign_id, watch in watched.items():
                if may_have_moved or watch.version < 0:
                    self._refresh(campaign_id, watch, at)
                if time.monotonic() - watch.stamped_at > STAMP_EVERY:
                    self._stamp(campaign_id, watch, at)
            db.session.remove()

    def _refresh(self, campaign_id, watch: Watch, at: datetime) -> None:
        version = board_version(campaign_id)
        if version == watch.version:
            return
        campaign = db.session.get(Campaign, campaign_id)
        board = board_of(campaign, today=campaign.day_of(at))
        facts, parts = dict(watch.facts), dict(watch.parts)
        for part_id, numbers, shown_in, event, template, context in pieces(campaign, board):
            if facts.get(part_id) != numbers:
                facts[part_id] = numbers
                html = render_template(template, campaign=campaign, oob=True, **context)
                parts[part_id] = Part(board.version, shown_in, frame(event, html, board.version))
        with self.moved:
            watch.facts, watch.parts, watch.version, watch.joined = facts, parts, board.version, {}
            watch.stamped_at = 0.0  # what moved is stamped at once
            self.moved.notify_all()

    def _stamp(self, campaign_id, watch: Watch, at: datetime) -> None:
        campaign = db.session.get(Campaign, campaign_id)
        html = render_template("board/_stamp.html", at=at, zone=campaign.zone, oob=True)
        with self.moved:
            watch.stamp, watch.stamped_at = frame("stamp", html), time.monotonic()
            self.moved.notify_all()


class Look:
    """Has anything been committed since the last look? On SQLite `data_version` says it in microseconds."""

    def __init__(self, app: Flask):
        self.app, self.connection, self.last = app, None, None

    def has_moved(self) -> bool:
        if not self.app.config["SETTINGS"].is_sqlite:
            return True
        if self.connection is None:
            with self.app.app_context():
                # A connection of its own: data_version tells of other connections' commits only.
                self.connection = db.engine.raw_connection()
        version = self.connection.dbapi_connection.execute("PRAGMA data_version").fetchone()[0]
        moved, self.last = version != self.last, version
        return moved

    def close(self) -> None:
        if self.connection is not None:
            self.connection.invalidate()
        self.connection = self.last = None


def pieces(campaign: Campaign, board):
    """Every part of the board: id, the numbers it shows, the views it stands in, its event, template and context."""
    total_facts = (asdict(board.total), asdict(board.outside), board.seats_left, campaign.revision)
    yield "total", total_facts, frozenset("*"), "total", "board/_total.html", {"board": board}
    for area in board.kecamatan_list:
        shown_in = frozenset({"kecamatan", area.code})
        yield area.code, _numbers(area), shown_in, "row", "board/_area_row.html", {"area": area, "link": True}
        for desa in board.desa_lists[area.code]:
            shown_in = frozenset({"desa", area.code, f"own:{desa.code}"})
            yield desa.code, _numbers(desa), shown_in, "row", "board/_area_row.html", {"area": desa, "link": False}


def _numbers(area) -> tuple:
    return (
        area.name,
        area.target,
        area.served,
        area.waiting_nik,
        area.attended,
        area.booked,
        area.registered,
        area.pace,
        area.unconfirmed,
        area.outlook,
    )


def frame(event: str, html: str, version: int | None = None) -> bytes:
    """One server-sent event on one line of data. The version is its id, so that a browser that returns says what it has."""
    head = f"id: {version}\n" if version is not None else ""
    return f"{head}event: {event}\ndata: {' '.join(html.split())}\n\n".encode()


def stream(campaign_id, shown: str, *, since: int, still_allowed):
    """Frames for one viewer, or None when the house is full. `still_allowed(at)` is asked every ten seconds."""
    hub: Hub = current_app.extensions["live"]
    if sum(watch.viewers for watch in hub.watches.values()) >= MOST_VIEWERS:
        return None
    return _frames(hub, hub.watch(campaign_id), shown, since, still_allowed)


def _frames(hub: Hub, watch: Watch, shown: str, seen: int, still_allowed):
    ends_at = time.monotonic() + STREAM_LASTS * random.uniform(0.8, 1.2)  # noqa: S311  spread, not secrecy
    asked_at, stamp = time.monotonic(), None
    watch.viewers += 1
    try:
        # A restarted server must not be met by everybody at once.
        yield f"retry: {random.randint(1000, 4000)}\n\n".encode()  # noqa: S311
        while hub.is_serving and time.monotonic() < ends_at:
            if watch.version >= 0 and watch.version != seen:
                news, seen = watch.news(shown, seen if seen <= watch.version else -1), watch.version
                yield news or b": \n\n"
            if watch.stamp is not stamp:
                stamp = watch.stamp
                yield stamp
            if time.monotonic() - asked_at > STAMP_EVERY:
                asked_at = time.monotonic()
                if not _asked(hub.app, still_allowed):
                    return
            with hub.moved:
                if watch.version in (seen, -1) and watch.stamp is stamp:
                    hub.moved.wait(1)
    finally:
        watch.viewers -= 1


def _asked(app: Flask, still_allowed) -> bool:
    """No database session is held inside a stream: one is taken for the question and given back."""
    with app.app_context():
        try:
            return still_allowed(datetime.now(UTC))
        finally:
            db.session.remove()


def serving(app: Flask, worker) -> None:
    """The server says which worker this is; its streams end when it is asked to stop."""
    app.extensions["live"].worker = worker


def init_app(app: Flask) -> None:
    app.extensions["live"] = Hub(app)
