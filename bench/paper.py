"""Seconds for one row of paper: the real server, the real browser, the keyboard alone, at the pace of an untrained typist.

Keys are pressed as in the keystroke-level model of Card, Moran and Newell: 0.28 s for each, the average of people who do not type
for a living, and 1.2 s to look at the paper for each cell that has something written in it. What the server takes is added as it
is: a row is sent while the next one is typed, so only what is still under way when the next row is done would be waited for.
"""

import statistics
import time

from playwright.sync_api import expect, sync_playwright

from bench.stage import percentile, stage, verdict
from tests import builders
from tests.browser.conftest import FLAGS, Server, find_chromium

KEY, LOOK = 0.28, 1.2  # seconds: Card, Moran and Newell 1980, table 1
ROWS, GOAL = 12, 30  # seconds a row
NAMES = ("Neng Rohayati", "Iis Kurniasih", "Ai Nurhayati", "Euis Sumiati", "Siti Aminah", "Dewi Lestari")


def cells(row: int) -> list[str]:
    """What is typed into each cell after the first, which is a tick."""
    has_nik = row % 4 > 0
    nik, born = (builders.nik(row), "") if has_nik else ("", "17081991")
    phone = f"08200000{1000 + row}" if row % 2 else ""
    return [
        NAMES[row % len(NAMES)],
        nik,
        "" if has_nik else "be",
        born,
        "3",
        "5",
        phone,
        str(row % 4),
        "sun",
        "im",
        " ",
    ]


def main() -> bool:
    with stage() as cast:
        sheet = builders.paper_sheet(cast.ibu_sari, rows=ROWS)
        server = Server(cast.folder).start()
        try:
            pressed, looked, answers, done = type_it_in(server.url, cast.ibu_sari, sheet.id)
        finally:
            server.stop()
    hands = [keys * KEY + looks * LOOK for keys, looks in zip(pressed, looked, strict=True)]
    told = f"{statistics.mean(hands):.1f} s a row ({statistics.mean(pressed):.0f} keys, {statistics.mean(looked):.1f} looks)"
    told += f", longest {max(hands):.1f}; server {percentile(answers, 0.5) * 1000:.0f} ms, longest {max(answers) * 1000:.0f}"
    return verdict(
        "a row of paper keyed in",
        f"≤ {GOAL} s, all {ROWS} saved",
        f"{told}; {done} saved",
        done == ROWS and max(hands) <= GOAL,
    )


def type_it_in(url: str, person, sheet_id):
    """Keys pressed and cells looked up, row by row; how long the server took for each; how many it took."""
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS).new_page(base_url=url)
        page.goto("/masuk")
        page.get_by_label("Nama masuk").fill(person.sign_in_name)
        page.get_by_label("Kata sandi").fill(builders.PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(lambda address: "/masuk" not in address)
        page.goto(f"/kader/kertas/{sheet_id}")
        sent, answers = {}, []
        page.on("request", lambda asked: sent.setdefault(asked, time.perf_counter()))
        page.on("requestfinished", lambda asked: answers.append(time.perf_counter() - sent[asked]))
        pressed, looked = [], []
        for row in range(1, ROWS + 1):
            written = cells(row)
            page.keyboard.press("Space")
            for text in written:
                page.keyboard.press("Tab")
                page.keyboard.type(text)
            page.keyboard.press("Tab")
            pressed.append(1 + sum(map(len, written)) + len(written) + 1)
            looked.append(1 + sum(bool(text) for text in written))
        expect(page.locator("tbody.done")).to_have_count(ROWS, timeout=30_000)
        return pressed, looked, answers, page.locator("tbody.done").count()


if __name__ == "__main__":
    raise SystemExit(not main())
