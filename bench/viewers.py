"""Five thousand open boards, ten changes a second: from the commit to the bytes at the viewer; nothing missed; memory a viewer.

The product's layout: one gunicorn, two gevent workers, one port. The viewers are processes of their own with bare sockets, but
they share these cores with the server, so each figure is an upper bound. Three parts: changes written beside the server; a
restart of the server and a broken line for every tenth viewer; and with it forty confirmations a second by POST.

VIEWERS, SECONDS and CLIENTS (processes) of the environment make it smaller.
"""

import os
import random
import selectors
import socket
import sys
import time
from array import array
from collections import Counter
from contextlib import suppress
from multiprocessing import get_context
from threading import Thread

from bench.board import kabupaten
from bench.stage import percentile, stage, verdict
from campaign import queries
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Tally
from campaign.rules.methods import Method, Participant
from tests import builders
from tests.browser.conftest import Server
from tests.client import Client

VIEWERS = int(os.environ.get("VIEWERS", "5000"))
SECONDS = int(os.environ.get("SECONDS_EACH", "30"))
CLIENTS = int(os.environ.get("CLIENTS", "2"))
CHANGES, POSTS, MOST_BYTES = 10, 40, 30_000
TAKEN = (200, 204, 303)


class Line:
    """One viewer: a socket, what it has seen, and when it saw which number first."""

    def __init__(self, request: bytes, address):
        self.request, self.address, self.seen, self.number, self.wait = request, address, b"0", -1, 1.0
        self.socket, self.rest, self.opens_at, self.is_level = None, b"", 0.0, False

    def open(self):
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        self.rest = b""
        with suppress(BlockingIOError):
            self.socket.connect(self.address)

    def ask(self):
        self.socket.send(self.request.replace(b"SINCE", self.seen))


class Watchers:
    """Some of the viewers, in one process: who came from which number to which, and when."""

    def __init__(self, count: int, requests: list[bytes], address, commits, deaf, level):
        self.lines = [Line(requests[n % len(requests)], address) for n in range(count)]
        self.commits, self.selector, self.refused = commits, selectors.EpollSelector(), 0
        self.sightings, self.deaf, self.level = array("d"), deaf, level

    def run(self, told):
        chance, pending = random.Random(os.getpid()), sorted(self.lines, key=lambda _: random.random())
        for place, line in enumerate(pending):
            line.opens_at = time.monotonic() + place / 500  # not all in one second: a morning, not an attack
        broken = False
        while not told.poll():
            at = time.monotonic()
            waiting = []
            for line in pending:
                if line.opens_at > at:
                    waiting.append(line)
                    continue
                line.open()
                self.selector.register(line.socket, selectors.EVENT_WRITE, line)
            pending = waiting
            if self.deaf.value and not broken:
                broken = True
                for line in chance.sample(self.lines, len(self.lines) // 10):
                    if line.socket:
                        pending.append(self.lost(line, chance))
            for key, events in self.selector.select(0.05):
                line = key.data
                try:
                    if events & selectors.EVENT_WRITE:
                        line.ask()
                        self.selector.modify(line.socket, selectors.EVENT_READ, line)
                    elif not self.hear(line):
                        pending.append(self.lost(line, chance))
                except OSError:
                    pending.append(self.lost(line, chance))
        told.recv()
        delays = {}
        for before, number, at in zip(*[iter(self.sightings)] * 3, strict=True):
            for reached in range(int(before) + 1, int(number) + 1):
                if committed := self.commits[reached]:
                    delays.setdefault(reached, []).append((at - committed) * 1000)
        told.send((delays, Counter(line.number for line in self.lines), self.refused))

    def lost(self, line: Line, chance) -> Line:
        with suppress(KeyError, ValueError):
            self.selector.unregister(line.socket)
        line.socket.close()
        self.level.value -= line.is_level
        line.is_level = False
        line.socket, line.opens_at = None, time.monotonic() + line.wait * chance.uniform(0.5, 1.5)
        return line

    def hear(self, line: Line) -> bool:
        """Whether the line still stands after what it said."""
        got = line.socket.recv(262_144)
        at = time.monotonic()
        if not got:
            return False
        text = line.rest + got
        if text.startswith(b"HTTP/1.1 503") or text.startswith(b"HTTP/1.1 500"):
            self.refused += 1
            return False
        if (total := text.rfind(b'id="board-total"')) >= 0 and (end := text.find(b"</strong>", total)) >= 0:
            number = int(text[text.rfind(b">", total, end) + 1 : end].replace(b".", b""))
            # What stood there when it came is nobody's delay, nor what was committed while its line was broken.
            if number > line.number and line.number >= 0 and line.is_level:
                self.sightings.extend((line.number, number, at))
            self.level.value += not line.is_level
            line.number, line.is_level = max(line.number, number), True
        if (id := text.rfind(b"\nid: ")) >= 0 and (end := text.find(b"\n", id + 1)) >= 0:
            line.seen = text[id + 5 : end]
        line.rest = text[end:] if (end := text.rfind(b"\n\n")) >= 0 else text
        return True


def pss(server) -> int:
    """Kilobytes of the server's processes, what they share counted once."""
    out = 0
    for process in _family(server.process.pid):
        with suppress(OSError), open(f"/proc/{process}/smaps_rollup") as about:
            out += next(int(line.split()[1]) for line in about if line.startswith("Pss:"))
    return out


def _family(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        below = [int(child) for child in children.read().split()]
    return [pid, *(process for child in below for process in _family(child))]


def signed_in(server, cast) -> list[bytes]:
    """The requests of some offices, each signed in."""
    requests = []
    for person in (cast.pak_dedi, cast.bu_lilis, cast.pak_wawan):
        client = Client(server).sign_in(person.sign_in_name)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        head = f"Host: 127.0.0.1:{server.port}\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\nLast-Event-ID: SINCE"
        requests.append(f"GET /papan/{{campaign}}/alir HTTP/1.1\r\n{head}\r\n\r\n".encode())
    return requests


def start(server) -> None:
    """Start it, however long that takes on cores that five thousand viewers are knocking at."""
    try:
        server.start()
    except RuntimeError:
        for _ in range(60):
            with suppress(OSError):
                return Client(server).ask("GET", "/healthz", timeout=5)
            time.sleep(1)
        raise


def warm(server, request: bytes):
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(request.replace(b"SINCE", b"0"))
        heard = b""
        while b"board-total" not in heard:
            heard += line.recv(65_536)


def change(campaign_id, code: str, commits, number: int):
    """One more served, as the staircase moves its bead; says when it was committed."""
    with writing() as session:
        session.execute(
            db.update(Tally)
            .where(Tally.campaign_id == campaign_id, Tally.desa_code == code, Tally.method == Method.IUD)
            .where(Tally.participant == Participant.BARU)
            .values(served=Tally.served + 1, revision=Tally.revision + 1)
        )
    commits[number] = time.monotonic()


def changes(campaign_id, codes, commits, number: int, seconds: float) -> int:
    begin = time.monotonic()
    for turn in range(int(seconds * CHANGES)):
        time.sleep(max(0, begin + turn / CHANGES - time.monotonic()))
        number += 1
        change(campaign_id, codes[number % len(codes)], commits, number)
    return number


class Audience:
    """The viewers' processes; `told()` ends them and says what they saw."""

    def __init__(self, requests, server, commits, deaf):
        fork = get_context("fork")
        db.session.remove()
        db.engine.dispose()
        self.pipes, self.level = [], []
        for n in range(CLIENTS):
            here, there = fork.Pipe()
            count = VIEWERS // CLIENTS + (n < VIEWERS % CLIENTS)
            self.level.append(fork.Value("l", 0, lock=False))
            watchers = Watchers(count, requests, ("127.0.0.1", server.port), commits, deaf, self.level[-1])
            process = fork.Process(target=watchers.run, args=(there,))
            process.start()
            self.pipes.append((here, process))

    def gathered(self) -> float:
        """Wait until everybody's line stands and has shown a number; answers the seconds that took."""
        begin = time.monotonic()
        while sum(level.value for level in self.level) < VIEWERS and time.monotonic() < begin + 60 + VIEWERS / 20:
            time.sleep(0.1)
        return time.monotonic() - begin

    def told(self):
        """By number, how many milliseconds after its commit who saw it did; the last numbers of all; how many were refused."""
        delays, numbers, refused = {}, Counter(), 0
        for here, _ in self.pipes:
            here.send("tell")
        for here, process in self.pipes:
            some, shown, no = here.recv()
            for number, took in some.items():
                delays.setdefault(number, []).extend(took)
            numbers, refused = numbers + shown, refused + no
            process.join()
        return delays, numbers, refused


def confirmations(server, cast, day_id, women, posted: list):
    """Forty a second, by as many sign-ins of the puskesmas as it needs; each confirmed woman is one more on the board."""
    desks = [Client(server).sign_in(cast.bidan_ratna.sign_in_name) for _ in range(16)]
    begin, threads = time.monotonic(), []

    def sit(desk, own):
        signed_in = {name: morsel.value for name, morsel in desk.cookies.items()}
        for turn, woman in own:
            time.sleep(max(0, begin + turn / POSTS - time.monotonic()))
            asked = time.monotonic()
            form = {"method": "implan_2", "participant": "baru", "has_informed_consent": "ya"}
            path = f"/puskesmas/hari/{day_id}/{woman}/layani"
            status, *_ = desk.ask("POST", path, form | {"key": builders.key(), "csrf_token": desk.token})
            answered = time.monotonic()
            desk.cookies.load(signed_in)  # the page that follows in a browser has shown what was flashed
            posted.append((answered, (answered - asked) * 1000, status))

    for n, desk in enumerate(desks):
        own = [(turn, woman) for turn, woman in enumerate(women) if turn % len(desks) == n]
        threads.append(Thread(target=sit, args=(desk, own)))
        threads[-1].start()
    for thread in threads:
        thread.join()


def delayed(delays, begin: int, end: int) -> list[float]:
    return [took for number in range(begin + 1, end + 1) for took in delays.get(number, [])]


def main() -> bool:
    with stage() as cast:
        campaign, codes = kabupaten()
        day = builders.service_day(cast.maracang, seats=POSTS * SECONDS, campaign=campaign)
        hers = {"campaign": campaign}
        women = [
            builders.attended(cast.ibu_sari, cast.bidan_ratna, day, name=f"Neng {n}", nik=builders.nik(n), **hers).id
            for n in range(POSTS * SECONDS)
        ]
        campaign_id, day_id = campaign.id, day.id
        begin = queries.board(campaign, today=campaign.day_of(now())).total.served
        fork = get_context("fork")
        commits = fork.Array("d", begin + 4 * (CHANGES + POSTS) * SECONDS + 100, lock=False)
        deaf = fork.Value("b", 0)
        server = Server(cast.folder)
        start(server)
        requests = [r.replace(b"{campaign}", str(campaign_id).encode()) for r in signed_in(server, cast)]
        for _ in range(4):  # each worker has read and rendered once: that is not a viewer's memory
            warm(server, requests[0])
        empty = pss(server)
        audience = Audience(requests, server, commits, deaf)
        opened = audience.gathered()
        time.sleep(3)
        each = (pss(server) - empty) * 1000 / VIEWERS
        calm = changes(campaign_id, codes, commits, begin, SECONDS)
        time.sleep(3)

        posted, beside = [], []
        desk = Thread(target=confirmations, args=(server, cast, day_id, women, posted))
        desk.start()
        with cast.app.app_context():
            clock = fork.Array("d", len(commits), lock=False)
            last = changes(campaign_id, codes, clock, 0, SECONDS)
            beside = [clock[n] for n in range(1, last + 1)]
        desk.join()
        done = [answered for answered, _, status in posted if status in TAKEN]
        for place, moment in enumerate(sorted([*beside, *done]), start=calm + 1):
            commits[place] = moment  # a POST is taken for committed when its answer is there: some milliseconds late
        busy = calm + len(beside) + len(done)
        time.sleep(3)

        deaf.value = 1
        server.stop()
        end = changes(campaign_id, codes, commits, busy, 2)
        start(server)
        end = changes(campaign_id, codes, commits, end, SECONDS / 2)
        reopened = audience.gathered()
        time.sleep(3)
        delays, numbers, refused = audience.told()
        server.stop()
    statuses = Counter(status for *_, status in posted)

    quiet, loud = delayed(delays, begin, calm), delayed(delays, calm, busy)
    took = [took for _, took, status in posted if status in TAKEN] or [float("inf")]
    layout = f"{VIEWERS} viewers, gevent ×2 and {CLIENTS} clients on {os.cpu_count()} cores"
    p99 = [percentile(values, 0.99) if values else float("inf") for values in (quiet, loud, took)]
    return all(
        [
            verdict(
                f"{CHANGES} changes a second, {layout}",
                "p99 < 250 ms",
                f"p50 {percentile(quiet, 0.5):.0f}, p99 {p99[0]:.0f} ms of {len(quiet)}",
                p99[0] < 250,
            ),
            verdict(
                "reconnects and a restart",
                "nobody misses anything",
                f"{numbers[end]} of {VIEWERS} show the last number, refused {refused};"
                f" all stood after {opened:.0f} s, after the restart within {reopened:.0f} s of the last change",
                numbers[end] == VIEWERS,
            ),
            verdict("memory a viewer", f"< {MOST_BYTES // 1000} kB", f"{each / 1000:.1f} kB", each < MOST_BYTES),
            verdict(
                f"with {POSTS} confirmations a second",
                "POST p99 ≤ 25 ms, stream p99 ≤ 500 ms",
                f"POST p50 {percentile(took, 0.5):.0f}, p99 {p99[2]:.0f} ms {dict(statuses)}; stream p99 {p99[1]:.0f} ms",
                len(took) == len(women) and p99[2] <= 25 and p99[1] <= 500,
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(not main())
