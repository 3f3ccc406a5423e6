"""A wall in Chromium through a simulated campaign day: the server dies twice, lines break, thousands of changes pass.

At the end every number is right, the heap is where it was, nothing was reloaded and nothing shifted. CHANGES and BREAKS say how
long the day is (the goal: 100,000 changes, 50 reconnects); changes are counted by the staircase's own statement, some at a time,
since the wall hears of the newest only. What it did hear, and how often its line was opened, is counted in the page itself.
"""

import os
import socket
import sys
import time
from contextlib import suppress
from itertools import cycle
from threading import Thread

from playwright.sync_api import sync_playwright

from bench.stage import stage, verdict
from campaign import queries
from campaign.actions.transaction import writing
from campaign.extensions import db
from campaign.models import Campaign, Tally
from campaign.rules.methods import Method, Participant
from tests import builders
from tests.browser.conftest import FLAGS, Server, find_chromium
from tests.browser.test_wall import WATCH

CHANGES, BREAKS = int(os.environ.get("CHANGES", 100_000)), int(os.environ.get("BREAKS", 50))
AT_ONCE = 10  # changes in one commit
# Counts what came through the stream and how often the line was opened.
COUNT = """
  window.heard = 0; window.opened = 0;
  window.EventSource = class extends EventSource {
    constructor(...how) {
      super(...how);
      this.addEventListener("open", () => { window.opened += 1; });
      for (const name of ["total", "area", "part"]) this.addEventListener(name, () => { window.heard += 1; });
    }
  };
"""
HEAP = "() => { gc(); return performance.memory.usedJSHeapSize; }"
SHOWN = """() => Object.fromEntries([...document.querySelectorAll('[id^=area-] .n, #wall-total strong')]
  .map((n) => [n.closest('[id]').id, n.textContent.split('/')[0].trim().replaceAll('.', '')]))"""


class Line:
    """Between the wall and the server, to be cut: what is open breaks off. Chromium's own "offline" leaves a stream open."""

    def __init__(self, port: int):
        self.far_port, self.ends, self.door = port, set(), socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        Thread(target=self._answer, daemon=True).start()

    def cut(self) -> None:
        for end in list(self.ends):
            with suppress(OSError):  # it has ended just now
                end.shutdown(socket.SHUT_RDWR)

    def _answer(self) -> None:
        while True:
            near, _ = self.door.accept()
            try:
                far = socket.create_connection(("127.0.0.1", self.far_port))
            except ConnectionError:  # the server is away
                near.close()
                continue
            for ends in ((near, far), (far, near)):
                Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, heard: socket.socket, told: socket.socket) -> None:
        self.ends.add(heard)
        with suppress(OSError):  # the other end is gone already
            while sent := heard.recv(65536):
                told.sendall(sent)
            told.shutdown(socket.SHUT_RDWR)
        self.ends.discard(heard)
        heard.close()


def main() -> bool:
    with stage() as cast, sync_playwright() as playwright:
        token, desa_codes = builders.wall(by=cast.bu_lilis)[1], ["32.14.12.2001", "32.14.12.2002", "32.14.01.1001"]
        with writing() as session:
            about = {"campaign_id": cast.campaign.id, "method": Method.IUD, "participant": Participant.BARU}
            session.add_all(Tally(desa_code=code, **about) for code in desa_codes)
        server = Server(cast.folder).start()
        flags = [*FLAGS, "--js-flags=--expose-gc", "--enable-precise-memory-info"]
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.add_init_script(COUNT)
        line = Line(server.port)
        page.goto(f"{line.url}/dinding/{token}")
        page.evaluate(WATCH)
        turns, commits = cycle(desa_codes), max(CHANGES // AT_ONCE, 10)
        for commit in range(commits):
            if commit == commits // 10:
                begun = page.evaluate(HEAP)  # warm
            if commit in (commits // 3, 2 * commits // 3):
                server.kill()
                server.start()
            if BREAKS and commit % max(commits // BREAKS, 1) == 0:
                line.cut()
            _serve(cast.campaign.id, next(turns), AT_ONCE)
            page.wait_for_timeout(20)
        right = _until_right(page, cast.campaign.id)
        heap = page.evaluate(HEAP) / begun
        heard, opened, stays, shifts = page.evaluate("() => [heard, opened, stays, shifts]")
        print(
            "shifted:",
            page.evaluate("() => [...new Set(window.shifted.map(([what]) => what))].join(', ')") or "nothing",
        )
        page.screenshot(path=os.environ.get("SHOT", str(cast.folder / "wall.png")))
        browser.close()
        server.stop()
    seen = f"right {right}, heap × {heap:.2f}, not reloaded {bool(stays)}, layout shift {shifts:.4f}"
    is_met = right and heap < 1.2 and stays and shifts < 0.01 and opened > BREAKS
    goal = "every number right, heap < × 1.2, no reload, no shift, opened again after each break"
    passed = (
        f"{commits * AT_ONCE:,} changes ({heard:,} parts heard), {BREAKS} breaks, 2 restarts (opened {opened} times)"
    )
    return verdict(f"a wall through {passed}", goal, seen, is_met)


def _serve(campaign_id, code, number):
    row = (Tally.campaign_id == campaign_id, Tally.desa_code == code)
    with writing() as session:
        moved = {"served": Tally.served + number, "revision": Tally.revision + number}
        session.execute(db.update(Tally).where(*row).values(moved))


def _until_right(page, campaign_id) -> bool:
    """Whether every number on the wall becomes the board's within a minute."""
    campaign = db.session.get_one(Campaign, campaign_id)
    board = queries.board(campaign, today=campaign.opens_on)
    areas = [*board.kecamatan_list, *(desa for desa_list in board.desa_lists.values() for desa in desa_list)]
    due = {f"area-{area.code.replace('.', '')}": str(area.served) for area in areas}
    due["wall-total"] = str(board.total.served)
    until = time.monotonic() + 60
    while page.evaluate(SHOWN) != due and time.monotonic() < until:
        time.sleep(0.2)
    return page.evaluate(SHOWN) == due


if __name__ == "__main__":
    sys.exit(not main())
