"""A viewer's line outside its request, as under gunicorn: written by the reader, slow, cut, refused, ended with the server."""

import re
import select
import socket
import threading
from types import SimpleNamespace

import pytest
from werkzeug.test import EnvironBuilder

from campaign import live
from campaign.extensions import db
from campaign.models import WallLink
from tests import builders
from tests.browser.conftest import server, stage  # noqa: F401


@pytest.fixture
def hub(app):
    """The reader under gunicorn, turned by hand."""
    hub = app.extensions["live"]
    hub.reader, hub.worker = threading.current_thread(), SimpleNamespace(alive=True)
    look = live.Look(app)

    def turn():
        hub._look_once(look)
        hub._write()

    hub.turn = turn
    yield hub
    hub.worker.alive = False
    hub._tell()
    hub._write()
    look.close()


@pytest.fixture
def line(app, hub, bu_lilis, campaign):
    """`line(since)`: a wall looks on through the server's line; answers the browser's end of it."""
    link, token = builders.wall(by=bu_lilis)
    app.extensions["wall"] = link.id
    ends = []

    def opened(since: int = 0, room: int | None = None) -> socket.socket:
        ours, theirs = socket.socketpair()
        ends.append(theirs)
        ours.setblocking(False)
        if room:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, room)
        environ = EnvironBuilder(f"/dinding/{token}/alir", query_string={"sejak": since}).get_environ()
        with pytest.raises(StopIteration):
            app.wsgi_app(environ | {"gunicorn.socket": ours}, lambda *_: pytest.fail("the server answers, too"))
        ours.close()  # as gunicorn does at the end of a request
        return theirs

    yield opened
    for end in ends:
        end.close()


def heard(end: socket.socket) -> bytes:
    """All that has come by now."""
    said = b""
    while select.select([end], [], [], 0)[0] and (more := end.recv(65_536)):
        said += more
    return said


def is_at_end(end: socket.socket) -> bool:
    return bool(select.select([end], [], [], 0)[0]) and end.recv(1) == b""


def test_the_request_ends_and_the_line_goes_on(hub, line, ibu_sari):
    end = line()
    hub.turn()
    first = heard(end)
    head, _, body = first.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n") and b"Content-Type: text/event-stream" in head
    assert b"no-store" in head and b"Connection: close" in head and b"Content-Length" not in head
    assert body.startswith(b"retry: ") and b"event: part" in body
    assert db.engine.pool.checkedout() <= 1, "only the reader's own"
    builders.registered(ibu_sari)
    hub.turn()
    assert re.search(rb"event: part\n.*\nid: \d+\n\n", heard(end), re.DOTALL)
    hub.turn()
    assert heard(end) == b"", "nothing moved"


def test_lines_and_iterators_are_owed_the_same(app, hub, line, campaign):
    end = line()
    hub.turn()
    frames = live.stream(campaign.id, since=0, who="w", ask=lambda all, at: all, audience="pimpinan")
    assert next(frames).startswith(b"retry: ") and heard(end).endswith(next(frames))
    frames.close()


def test_a_slow_line_gets_the_whole_message_then_the_newest_only(hub, line, ibu_sari):
    line()  # somebody looks, so that there is something to send at once
    hub.turn()
    end = line(room=2_048)
    assert hub.slow, "more than fits"
    for number in range(5):
        builders.registered(ibu_sari, name=f"Neng {number}")
        hub.turn()
    said = b""
    while more := heard(end):
        said += more
        hub.turn()
    assert not hub.slow
    ids = re.findall(rb"^id: (\d+)$", said, re.MULTILINE)
    (watch,) = hub.watches.values()
    assert len(ids) == 2 and int(ids[-1]) == watch.version
    for piece in said.partition(b"\r\n\r\n")[2].split(b"\n\n"):
        assert re.fullmatch(rb"(event: \w+\ndata: [^\n]*|retry: \d+|id: \d+|)", piece), "no message is cut"


def test_a_cut_line_is_counted_out(hub, line, ibu_sari):
    end, other = line(), line()
    hub.turn()
    assert hub.viewers.total() == len(hub.lines) == 2
    end.close()
    builders.registered(ibu_sari)
    hub.turn()
    assert hub.viewers.total() == len(hub.lines) == 1
    assert b"event: part" in heard(other)


def test_who_may_not_look_any_more_is_told_and_the_line_ends(app, hub, line, monkeypatch):
    monkeypatch.setattr(live, "ASK_EVERY", -1)
    end = line()
    hub.turn()
    heard(end)
    with builders.writing():
        link = db.session.get_one(WallLink, app.extensions["wall"])
        link.ends_at = link.made_at
    hub.turn()
    assert heard(end).endswith(live.ENDED) and is_at_end(end) and not hub.lines and not hub.viewers


@pytest.mark.parametrize("how", ["its time is over", "the server stops"])
def test_a_line_ends_without_a_last_word_so_the_browser_comes_back(hub, line, how):
    end = line()
    hub.turn()
    heard(end)
    if how == "the server stops":
        hub.worker.alive = False
    else:
        (viewer,) = hub.lines
        viewer.ends_at = 0
    hub._tell(*hub.watches.values())
    hub._write()
    assert is_at_end(end) and not hub.lines and not hub.viewers


ID = re.compile(rb"\nid: (\d+)\n\n")


def until_id(end: socket.socket) -> tuple[bytes, int]:
    """What is said up to a version, and the version. Raises EOFError when the line ends before."""
    said = b""
    while not (found := ID.search(said)):
        if not (more := end.recv(65_536)):
            raise EOFError(said[-200:])
        said += more
    return said, int(found.group(1))


def test_gunicorn_hands_the_line_over_and_ends_it_when_it_stops(stage, server):  # noqa: F811
    _, token = builders.wall(by=stage.bu_lilis)

    def ask(since: int) -> socket.socket:
        end = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        end.sendall(f"GET /dinding/{token}/alir?sejak={since} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        return end

    with ask(0) as end:
        first, before = until_id(end)
        assert b"Transfer-Encoding" not in first, "what follows is no chunk"
        builders.registered(stage.ibu_sari)
        said, seen = until_id(end)
        assert seen > before and b"event: part" in said
        server.stop()
        while end.recv(65_536):
            pass  # it ends, and not by a reset
    builders.registered(stage.ibu_sari, name="Neng Dua")
    server.start()
    with ask(seen) as end:
        missed, newest = until_id(end)
    assert newest > seen and b"event: part" in missed
