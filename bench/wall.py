"""A wall in Chromium through a simulated campaign day: the server dies twice, lines break, thousands of changes pass.

At the end every number is right, the heap is where it was, nothing was reloaded and nothing shifted. CHANGES and BREAKS say how
long the day is (the goal: 100,000 changes, 50 reconnects); changes are counted by the staircase's own statement, many at a time,
since the wall hears of the newest only.
"""

import os
import sys
import time
from itertools import cycle

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
AT_ONCE = 50  # changes in one commit
HEAP = "() => { gc(); return performance.memory.usedJSHeapSize; }"
SHOWN = """() => Object.fromEntries([...document.querySelectorAll('[id^=area-] .n, #wall-total strong')]
  .map((n) => [n.closest('[id]').id, n.textContent.split('/')[0].trim().replaceAll('.', '')]))"""


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
        page.goto(f"{server.url}/dinding/{token}")
        page.evaluate(WATCH)
        turns, commits = cycle(desa_codes), max(CHANGES // AT_ONCE, 10)
        for commit in range(commits):
            if commit == commits // 10:
                begun = page.evaluate(HEAP)  # warm
            if commit in (commits // 3, 2 * commits // 3):
                server.kill()
                server.start()
            if BREAKS and commit % max(commits // BREAKS, 1) == 0:
                page.context.set_offline(True)
                page.context.set_offline(False)
            _serve(cast.campaign.id, next(turns), AT_ONCE)
            page.wait_for_timeout(20)
        right = _until_right(page, cast.campaign.id)
        heap, stays, shifts = (
            page.evaluate(HEAP) / begun,
            page.evaluate("() => window.stays"),
            page.evaluate("() => window.shifts"),
        )
        print(
            "shifted:",
            page.evaluate("() => [...new Set(window.shifted.map(([what]) => what))].join(', ')") or "nothing",
        )
        page.screenshot(path=os.environ.get("SHOT", str(cast.folder / "wall.png")))
        browser.close()
        server.stop()
    seen = f"right {right}, heap × {heap:.2f}, not reloaded {bool(stays)}, layout shift {shifts:.4f}"
    is_met = right and heap < 1.2 and stays and shifts < 0.01
    goal = "every number right, heap < × 1.2, no reload, no shift"
    return verdict(f"a wall through {commits * AT_ONCE:,} changes, {BREAKS} breaks, 2 restarts", goal, seen, is_met)


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
