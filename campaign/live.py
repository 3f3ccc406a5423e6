"""Tallies that moved → parts rendered once → server-sent events, the same bytes to every viewer.

Each process has one reader. It compares the board's version, which the database keeps, and renders only what moved; viewers
wait on it and take what is newer than what they have seen. Nothing is queued per viewer, so a slow one skips to the newest
state, and one that comes back after a broken line or a restarted server is given what it missed. Under gunicorn a viewer's
line leaves its request, which ends: the reader writes to it, and a viewer costs a file descriptor and a few names.

Who may see different things is a different AUDIENCE: each has a reading, a rendering and a version of its own, so nothing of one
can reach another. Within an audience a view says which pieces are `shown`; a wall shows them all.
"""

import os
import random
import ssl
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, render_template
from sqlalchemy.exc import DBAPIError
from werkzeug.http import http_date

from campaign.extensions import db
from campaign.models import Campaign
from campaign.queries import board as board_of
from campaign.queries import board_version

TICK = 0.15  # seconds between two looks at the database
STAMP_EVERY = 10  # seconds between two stamps: who hears nothing for longer has a dead line
ASK_EVERY = 8  # seconds between two questions whether the viewer still may look
STREAM_LASTS = 600  # seconds until a stream ends and is opened anew by the browser
MOST_VIEWERS = 5_000  # per process; further ones poll
SLICE = 0.002  # seconds of writing to boards until whoever else has work is let through
EVERYWHERE = frozenset("*")  # shown in every view of its audience


class Piece(NamedTuple):
    """One piece of a board, before it is rendered: again only when its `facts` differ from those it was rendered from."""

    id: str  # unique within its audience
    facts: object  # every number and word it shows, comparable by ==
    shown_in: frozenset[str]  # the views it stands in, or EVERYWHERE
    event: str  # the name of its server-sent event
    template: str  # rendered with what the board is of, oob=True and `context`, for nobody in particular
    context: dict


@dataclass(frozen=True)
class Audience:
    """Who may see the same. `every` is how often their board is looked at, in seconds: 0 is as soon as something moves."""

    version: Callable[..., int]  # (subject_id) → a number that grows with every change of what `read` reads
    read: Callable[
        ..., object
    ]  # (campaign, *, today) → what they see; its `.version` is asked for after all else was read
    pieces: Callable[..., Iterator[Piece]]  # (campaign, what was read) → every piece
    of: type = Campaign  # what the board is of; it knows its zone, its day and whether it `is_live`
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
        self.lines: dict[Viewer, int] = {}  # who has left the request → the file descriptor of the line
        self.slow: set[Viewer] = set()  # of these, whose line takes no more for now
        self.is_told = False  # whether there is something that not all lines were written
        self.asked_at = 0.0
        self.door = threading.Lock()
        self.reader: threading.Thread | None = None
        self.worker = None  # the server's worker, so that streams end when it is asked to stop

    @property
    def is_serving(self) -> bool:
        return getattr(self.worker, "alive", True)

    def watch(self, subject_id, audience: str) -> Watch:
        """What this audience is shown of this campaign; from now on somebody looks."""
        with self.door:
            watch = self.watches.setdefault((subject_id, audience), Watch(AUDIENCES[audience]))
            if self.reader is None or not self.reader.is_alive():
                self.reader = threading.Thread(target=self._read_on, daemon=True, name="live-reader")
                self.reader.start()
        return watch

    def _read_on(self) -> None:
        look, rest = Look(self.app), TICK
        while self.is_serving:
            time.sleep(rest)
            begin = time.monotonic()
            try:
                self._look_once(look)
            except Exception as error:  # a database that is away comes back; the boards say meanwhile how old they are
                self.app.logger.warning("live: %s", type(error).__name__, exc_info=self.app.debug)
                look.close()
                time.sleep(1)
            self._write()
            took = time.monotonic() - begin
            rest = max(TICK - took, took)  # at most half of a busy worker's time: a board may wait longer than a bidan
        self._tell(*self.watches.values())
        self._write()

    def _tell(self, *watches: Watch) -> None:
        self.is_told = True
        for watch in watches:
            watch.tell()

    def _write(self) -> None:
        """Write every line what it is owed. In slices: five thousand in one go would hold up a bidan."""
        if not self.is_told and not self.slow:
            return
        viewers, self.is_told = list(self.lines if self.is_told else self.slow), False
        until = time.monotonic() + SLICE
        for viewer in viewers:
            self.write(viewer)
            if time.monotonic() > until:
                time.sleep(0)
                until = time.monotonic() + SLICE

    def write(self, viewer: "Viewer", first: bytes = b"") -> None:
        """As much of what it is owed as its line takes now. What is over, or does not stand any more, is closed."""
        line = self.lines.get(viewer)
        if line is None:
            return
        try:
            # The rest of a message comes before the next: a slow line is not given what is newer until it has room.
            while owed := viewer.rest or first or viewer.owed():
                viewer.rest, first = memoryview(owed)[os.write(line, owed) :] or b"", b""
        except BlockingIOError:
            viewer.rest = owed
            self.slow.add(viewer)
            if not viewer.is_late:
                return
        except OSError:
            viewer.is_over = True
        self.slow.discard(viewer)
        if viewer.is_over or viewer.is_late:
            del self.lines[viewer]
            os.close(line)
            viewer.close()

    def _look_once(self, look: "Look") -> None:
        watched = [(subject_id, watch) for (subject_id, _), watch in list(self.watches.items()) if watch.viewers]
        if not watched:
            return
        move, at, boards = look.move(), datetime.now(UTC), {}
        with self.app.app_context(), self.app.test_request_context():
            if time.monotonic() - self.asked_at > ASK_EVERY:
                self._ask(at)
            for subject_id, watch in watched:
                is_quiet = time.monotonic() - watch.stamped_at > STAMP_EVERY
                if watch.is_due(at):
                    if watch.move != move or is_quiet:  # a new day comes without a commit
                        try:
                            self._refresh(subject_id, watch, at, boards)
                        except DBAPIError:  # away for every board
                            raise
                        except Exception:  # this one's viewers see how old it is; the others are looked at all the same
                            self.app.logger.exception("live: %s %s", watch.audience.of.__tablename__, subject_id)
                            watch.move, watch.stamped_at = (
                                move,
                                time.monotonic(),
                            )  # tried again at the next commit or stamp
                            continue
                    watch.move, watch.looked_at = move, at
                if is_quiet or not watch.stamped_at:
                    self._stamp(watch)
                    self._tell(watch)
            db.session.remove()

    def _ask(self, at: datetime) -> None:
        """Ask about everybody at once who of them may still look: thousands who are asked one by one leave no time to look."""
        self.asked_at, about = time.monotonic(), defaultdict(set)
        for ask, who in list(self.viewers):
            about[ask].add(who)
        self.refused = frozenset((ask, who) for ask, asked in about.items() for who in asked - ask(asked, at))
        if self.refused:
            self._tell(*self.watches.values())

    def _refresh(self, subject_id, watch: Watch, at: datetime, boards: dict) -> None:
        """Render what moved. `boards` is what was read in this look: two audiences of one board read it once."""
        audience = watch.audience
        # The version before the board, and that of the board after it: what is committed in between is looked at once more.
        version = audience.version(subject_id)
        if watch.zone and edition(version, at.astimezone(watch.zone).date()) == watch.version:
            return
        subject = db.session.get(audience.of, subject_id)
        if subject is None:  # a rehearsal that was cleared: its viewers are sent away
            watch.is_open, watch.zone, watch.stamped_at = False, watch.zone or ZoneInfo("UTC"), 0.0
            return
        today, watch.zone = subject.day_of(at), ZoneInfo(subject.zone)
        if (subject_id, audience.read) not in boards:
            boards[subject_id, audience.read] = audience.read(subject, today=today)
        board = boards[subject_id, audience.read]
        facts, parts = dict(watch.facts), dict(watch.parts)
        for piece in audience.pieces(subject, board):
            if facts.get(piece.id) != piece.facts:
                facts[piece.id] = piece.facts
                about = {audience.of.__tablename__: subject} | piece.context
                html = render_template(piece.template, oob=True, **about)
                parts[piece.id] = Part(edition(board.version, today), piece.shown_in, frame(piece.event, html))
        watch.facts, watch.parts, watch.joined, watch.version = facts, parts, {}, edition(version, today)
        watch.is_open = subject.is_live
        watch.stamped_at = 0.0  # what moved is stamped at once, and told with it

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
    subject_id, shown: str = "*", *, since: int, who, ask: Callable[[set, datetime], set], audience: str = "papan"
):
    """The frames for one viewer, to be answered as a `Stream`, or None when the house is full.

    `ask(everybody, at)` answers who of them may still look; it is asked every few seconds, about all who came with it as `who`.
    `shown` is one of the audience's views; what a wall shows is all EVERYWHERE, so it names none.
    """
    hub: Hub = current_app.extensions["live"]
    if hub.viewers.total() >= MOST_VIEWERS:
        return None
    return Viewer(hub, hub.watch(subject_id, audience), shown, since, (ask, who))


class Viewer:
    """One open board: what it has been given, and so what it is owed. As an iterator it waits for that, frame by frame."""

    __slots__ = ("ends_at", "hub", "is_in", "is_over", "key", "rest", "seen", "shown", "stamp", "watch")

    def __init__(self, hub: Hub, watch: Watch, shown: str, since: int, key: tuple):
        self.hub, self.watch, self.shown, self.seen, self.key = hub, watch, shown, since, key
        self.stamp, self.rest, self.is_in, self.is_over = None, b"", False, False
        self.ends_at = time.monotonic() + STREAM_LASTS * random.uniform(0.8, 1.2)  # noqa: S311  spread, not secrecy

    @property
    def is_late(self) -> bool:
        return not self.hub.is_serving or time.monotonic() > self.ends_at

    def enter(self) -> bytes:
        """Count it in. The first word is when to come back: a restarted server must not be met by everybody at once."""
        self.is_in = True
        self.watch.viewers += 1
        self.hub.viewers[self.key] += 1
        return f"retry: {random.randint(1000, 4000)}\n\n".encode()  # noqa: S311

    def owed(self) -> bytes:
        """What is newer than what it was given, which counts as given from now on. After the last word `is_over`."""
        watch, news = self.watch, b""
        if self.is_over or self.is_late:
            return news
        if watch.version >= 0 and watch.version != self.seen:
            news, self.seen = watch.news(self.shown, self.seen if self.seen <= watch.version else -1), watch.version
        if watch.stamp is not self.stamp:
            self.stamp = watch.stamp
            news += self.stamp
        refused = self.hub.refused  # mostly nobody: then a key need not be hashed
        if not watch.is_open or (refused and self.key in refused):
            news, self.is_over = news + ENDED, True
        return news

    def __iter__(self):
        return self

    def __next__(self) -> bytes:
        if not self.is_in:
            return self.enter()
        while not self.is_over and not self.is_late:
            moved = self.watch.moved  # taken before we look: what comes while we look is not missed
            if news := self.owed():
                return news
            moved.wait(STAMP_EVERY)
        self.close()
        raise StopIteration

    def close(self) -> None:
        """Count it out, once."""
        if self.is_in:
            self.is_in, self.is_over = False, True
            self.watch.viewers -= 1
            self.hub.viewers[self.key] -= 1
            if not self.hub.viewers[self.key]:
                del self.hub.viewers[self.key]


class Stream(Response):
    """A viewer's answer. Under gunicorn its line is handed to the reader; elsewhere the request lasts as long as the stream."""

    def __init__(self, frames, headers: dict):
        super().__init__(frames, mimetype="text/event-stream", headers=headers)

    def __call__(self, environ, start_response):
        line, viewer = environ.get("gunicorn.socket"), self.response
        is_ours = isinstance(viewer, Viewer) and viewer.hub.worker and environ["REQUEST_METHOD"] == "GET"
        if not is_ours or line is None or isinstance(line, ssl.SSLSocket):
            return super().__call__(environ, start_response)
        headers = [*self.get_wsgi_headers(environ), ("Date", http_date()), ("Connection", "close")]
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        # A copy: gunicorn closes its own when the request ends, and that says nothing to the other side.
        viewer.hub.lines[viewer] = os.dup(line.fileno())
        first = f"HTTP/1.1 200 OK\r\n{head}\r\n".encode("latin-1") + viewer.enter()
        viewer.hub.write(viewer, first)
        raise StopIteration  # so gunicorn is told that this line carries no further request, nor more of this answer


def serving(app: Flask, worker) -> None:
    """The server says which worker this is; its streams end when it is asked to stop."""
    app.extensions["live"].worker = worker


def init_app(app: Flask) -> None:
    app.extensions["live"] = Hub(app)
