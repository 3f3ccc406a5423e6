"""Tallies that moved → parts rendered once → server-sent events, the same bytes to every viewer.

Each process has one reader. It compares the board's version, which the database keeps, and renders only what moved; viewers
wait on it and take what is newer than what they have seen. Nothing is queued per viewer, so a slow one skips to the newest
state, and one that comes back after a broken line or a restarted server is given what it missed.

Who may see different things is a different AUDIENCE: each has a reading, a rendering and a version of its own, so nothing of one
can reach another. Within an audience a view says which pieces are `shown`; a wall shows them all.
"""

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import Flask, current_app, render_template

from campaign.extensions import db
from campaign.models import Campaign, Stage
from campaign.queries import board as board_of
from campaign.queries import board_version

TICK = 0.15  # seconds between two looks at the database
STAMP_EVERY = 10  # seconds between two stamps: who hears nothing for longer has a dead line
ASK_EVERY = 8  # seconds between two questions whether the viewer still may look
STREAM_LASTS = 600  # seconds until a stream ends and is opened anew by the browser
MOST_VIEWERS = 5_000  # per process; further ones poll
EVERYWHERE = frozenset("*")  # shown in every view of its audience


class Piece(NamedTuple):
    """One piece of a board, before it is rendered: again only when its `facts` differ from those it was rendered from."""

    id: str  # unique within its audience
    facts: object  # every number and word it shows, comparable by ==
    shown_in: frozenset[str]  # the views it stands in, or EVERYWHERE
    event: str  # the name of its server-sent event
    template: str  # rendered with campaign, oob=True and `context`, for nobody in particular
    context: dict


@dataclass(frozen=True)
class Audience:
    """Who may see the same. `every` is how often their board is looked at, in seconds: 0 is as soon as something moves."""

    version: Callable[..., int]  # (campaign_id) → a number that grows with every change of what `read` reads
    read: Callable[
        ..., object
    ]  # (campaign, *, today) → what they see; its `.version` is asked for after all else was read
    pieces: Callable[..., Iterator[Piece]]  # (campaign, what was read) → every piece
    stamp: str = "board/_stamp.html"  # rendered with at (when the board was last looked at), zone, oob=True
    every: int = 0


# Audience by name. The walls' room brings its own: AUDIENCES["pimpinan"] = Audience(…), AUDIENCES["lobi"] = Audience(…, every=60).
AUDIENCES: dict[str, Audience] = {}


def edition(version: int, today: date) -> int:
    """A board's version on this day, as one number that only grows: at midnight what is due changes, though nobody did anything."""
    return today.toordinal() * 10**12 + version


@dataclass
class Part:
    """One piece as every viewer of its audience gets it."""

    version: int
    shown_in: frozenset[str]
    frame: bytes


@dataclass
class Watch:
    """What this process knows of one campaign's board, as one audience sees it."""

    audience: Audience
    version: int = -1  # an edition: see below
    move: int = -1  # the last commit of anybody that this watch has looked at
    is_open: bool = True  # a finished campaign is not listened to
    looked_at: datetime | None = None
    zone: ZoneInfo | None = None
    facts: dict = field(default_factory=dict)  # piece id → what it was rendered from
    parts: dict[str, Part] = field(default_factory=dict)
    stamp: bytes = b""
    stamped_at: float = 0.0
    viewers: int = 0
    joined: dict = field(default_factory=dict)  # (shown, since) → bytes, for this version
    moved: threading.Event = field(default_factory=threading.Event)  # set once, when this is no longer the newest

    def tell(self) -> None:
        """Wake everybody who waits for what is newer than they have seen."""
        waited_for, self.moved = self.moved, threading.Event()
        waited_for.set()

    def is_due(self, at: datetime) -> bool:
        """Whether this audience's next look has come: at the full minute, say, and never in between."""
        if self.looked_at is None or not self.audience.every:
            return True
        return at.timestamp() // self.audience.every > self.looked_at.timestamp() // self.audience.every

    def news(self, shown: str, since: int) -> bytes:
        """The frames of this view that moved after version `since`, joined once for all who ask the same."""
        if (shown, since) not in self.joined:
            moved = [p for p in self.parts.values() if p.version > since and not p.shown_in.isdisjoint(("*", shown))]
            # The version comes last, on its own: who is cut off in the middle has not seen it, and is given all of it again.
            self.joined[shown, since] = b"".join(part.frame for part in moved) + f"id: {self.version}\n\n".encode()
        return self.joined[shown, since]


class Hub:
    """The reader of one process and the boards it watches."""

    def __init__(self, app: Flask):
        self.app = app
        self.watches: dict = {}
        self.viewers = Counter()  # (who is asked, about whom) → her open streams
        self.refused = frozenset()  # of these, who may not look any more
        self.asked_at = 0.0
        self.door = threading.Lock()
        self.reader: threading.Thread | None = None
        self.worker = None  # the server's worker, so that streams end when it is asked to stop

    @property
    def is_serving(self) -> bool:
        return getattr(self.worker, "alive", True)

    def watch(self, campaign_id, audience: str) -> Watch:
        """What this audience is shown of this campaign; from now on somebody looks."""
        with self.door:
            watch = self.watches.setdefault((campaign_id, audience), Watch(AUDIENCES[audience]))
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
        for watch in self.watches.values():
            watch.tell()

    def _look_once(self, look: "Look") -> None:
        watched = [(campaign_id, watch) for (campaign_id, _), watch in list(self.watches.items()) if watch.viewers]
        if not watched:
            return
        move, at, boards = look.move(), datetime.now(UTC), {}
        with self.app.app_context(), self.app.test_request_context():
            if time.monotonic() - self.asked_at > ASK_EVERY:
                self._ask(at)
            for campaign_id, watch in watched:
                is_quiet = time.monotonic() - watch.stamped_at > STAMP_EVERY
                if watch.is_due(at):
                    if watch.move != move or is_quiet:  # a new day comes without a commit
                        self._refresh(campaign_id, watch, at, boards)
                    watch.move, watch.looked_at = move, at
                if is_quiet or not watch.stamped_at:
                    self._stamp(watch)
                    watch.tell()
            db.session.remove()

    def _ask(self, at: datetime) -> None:
        """Ask about everybody at once who of them may still look: thousands who are asked one by one leave no time to look."""
        self.asked_at, about = time.monotonic(), defaultdict(set)
        for ask, who in list(self.viewers):
            about[ask].add(who)
        self.refused = frozenset((ask, who) for ask, asked in about.items() for who in asked - ask(asked, at))
        if self.refused:
            for watch in self.watches.values():
                watch.tell()

    def _refresh(self, campaign_id, watch: Watch, at: datetime, boards: dict) -> None:
        """Render what moved. `boards` is what was read in this look: two audiences of one board read it once."""
        audience = watch.audience
        # The version before the board, and that of the board after it: what is committed in between is looked at once more.
        version = audience.version(campaign_id)
        if watch.zone and edition(version, at.astimezone(watch.zone).date()) == watch.version:
            return
        campaign = db.session.get(Campaign, campaign_id)
        today, watch.zone = campaign.day_of(at), ZoneInfo(campaign.zone)
        if (campaign_id, audience.read) not in boards:
            boards[campaign_id, audience.read] = audience.read(campaign, today=today)
        board = boards[campaign_id, audience.read]
        facts, parts = dict(watch.facts), dict(watch.parts)
        for piece in audience.pieces(campaign, board):
            if facts.get(piece.id) != piece.facts:
                facts[piece.id] = piece.facts
                html = render_template(piece.template, campaign=campaign, oob=True, **piece.context)
                parts[piece.id] = Part(edition(board.version, today), piece.shown_in, frame(piece.event, html))
        watch.facts, watch.parts, watch.joined, watch.version = facts, parts, {}, edition(version, today)
        watch.is_open, watch.stamped_at = (
            campaign.stage == Stage.OPEN,
            0.0,
        )  # what moved is stamped at once, and told with it

    def _stamp(self, watch: Watch) -> None:
        html = render_template(watch.audience.stamp, at=watch.looked_at, zone=watch.zone.key, oob=True)
        watch.stamp, watch.stamped_at = frame("stamp", html), time.monotonic()


class Look:
    """Has anything been committed since the last look? On SQLite `data_version` says it in microseconds."""

    def __init__(self, app: Flask):
        self.app, self.connection, self.last, self.moves = app, None, None, 0

    def move(self) -> int:
        """A number that grows with every commit of another connection."""
        if self.app.config["SETTINGS"].is_sqlite:
            if self.connection is None:
                with self.app.app_context():
                    # A connection of its own: data_version tells of other connections' commits only.
                    pooled = db.engine.raw_connection()
                    self.connection = pooled.dbapi_connection
                    pooled.detach()
            version = self.connection.execute("PRAGMA data_version").fetchone()[0]
            if version == self.last:
                return self.moves
            self.last = version
        self.moves += 1
        return self.moves

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = self.last = None


def pieces(campaign: Campaign, board) -> Iterator[Piece]:
    """Every piece of the board for who is signed in: the whole, each kecamatan, each desa."""
    total = (asdict(board.total), asdict(board.outside), board.seats_left, campaign.revision)
    yield Piece("total", total, EVERYWHERE, "total", "board/_total.html", {"board": board})
    for area in board.kecamatan_list:
        yield _row(area, {"kecamatan", area.code}, is_link=True)
        for desa in board.desa_lists[area.code]:
            yield _row(desa, {"desa", area.code, f"own:{desa.code}"}, is_link=False)


def _row(area, shown_in: set[str], *, is_link: bool) -> Piece:
    context = {"area": area, "link": is_link}
    return Piece(area.code, facts_of(area), frozenset(shown_in), "row", "board/_area_row.html", context)


def facts_of(area) -> dict:
    """All that is known of an area but the count of its changes, which also moves when nothing to be seen has."""
    return {name: known for name, known in vars(area).items() if name != "revision"}


AUDIENCES["papan"] = Audience(board_version, board_of, pieces)


def frame(event: str, html: str) -> bytes:
    """One server-sent event on one line of data."""
    return f"event: {event}\ndata: {' '.join(html.split())}\n\n".encode()


ENDED = frame("ended", "yes")  # the last word to who may not look any more: this is no broken line


def stream(
    campaign_id, shown: str = "*", *, since: int, who, ask: Callable[[set, datetime], set], audience: str = "papan"
):
    """Frames for one viewer, or None when the house is full.

    `ask(everybody, at)` answers who of them may still look; it is asked every few seconds, about all who came with it as `who`.
    `shown` is one of the audience's views; what a wall shows is all EVERYWHERE, so it names none.
    """
    hub: Hub = current_app.extensions["live"]
    if hub.viewers.total() >= MOST_VIEWERS:
        return None
    return _frames(hub, hub.watch(campaign_id, audience), shown, since, (ask, who))


def _frames(hub: Hub, watch: Watch, shown: str, seen: int, viewer: tuple):
    ends_at, stamp = time.monotonic() + STREAM_LASTS * random.uniform(0.8, 1.2), None  # noqa: S311  spread, not secrecy
    watch.viewers += 1
    hub.viewers[viewer] += 1
    try:
        # A restarted server must not be met by everybody at once.
        yield f"retry: {random.randint(1000, 4000)}\n\n".encode()  # noqa: S311
        while hub.is_serving and time.monotonic() < ends_at:
            moved, news = watch.moved, b""  # taken before we look: what comes while we look is not missed
            if watch.version >= 0 and watch.version != seen:
                news, seen = watch.news(shown, seen if seen <= watch.version else -1), watch.version
            if watch.stamp is not stamp:
                stamp = watch.stamp
                news += stamp
            if not watch.is_open or viewer in hub.refused:
                yield news + ENDED
                return
            if news:
                yield news
            moved.wait(STAMP_EVERY)
    finally:
        watch.viewers -= 1
        hub.viewers[viewer] -= 1
        if not hub.viewers[viewer]:
            del hub.viewers[viewer]


def serving(app: Flask, worker) -> None:
    """The server says which worker this is; its streams end when it is asked to stop."""
    app.extensions["live"].worker = worker


def init_app(app: Flask) -> None:
    app.extensions["live"] = Hub(app)
