"""From the commit of a service to the changed number on twenty open boards in Chromium, in milliseconds.

One service a second; the twenty browsers draw on the same cores as the server, so this is an upper bound.
"""

import sys
import time

from playwright.sync_api import sync_playwright

from bench.stage import percentile, stage, verdict
from tests import builders
from tests.browser.conftest import FLAGS, Server, find_chromium

BOARDS, SERVICES, EVERY = 20, 45, 1.0
WATCH = """() => {
  const seen = window.seen = {};
  const note = () => { const n = document.querySelector('#board-total strong'); if (n && !(n.textContent in seen)) seen[n.textContent] = Date.now(); };
  new MutationObserver(note).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
}"""  # noqa: E501


def main() -> bool:
    with stage() as cast, sync_playwright() as playwright:
        day = builders.service_day(cast.maracang, seats=SERVICES)
        women = [
            builders.attended(cast.ibu_sari, cast.bidan_ratna, day, name=f"Neng {n}", nik=builders.nik(n))
            for n in range(SERVICES)
        ]
        server = Server(cast.folder).start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        pages = [_board(browser, server, cast) for _ in range(BOARDS)]
        time.sleep(2)
        committed = {}
        for number, woman in enumerate(women, start=1):
            builders.actions.serve(woman, by=cast.bidan_ratna, key=builders.key(), **builders.SERVICE)
            committed[number] = time.time() * 1000
            time.sleep(EVERY)
        time.sleep(2)
        delays, shown_last = [], 0
        for page in pages:
            seen = {int(n): moment for n, moment in page.evaluate("() => window.seen").items() if n.isdigit()}
            # A board that was busy skips to the newest number: fresh is whatever shows this service or a later one.
            delays += [min(seen[n] for n in seen if n >= number) - moment for number, moment in committed.items()]
            shown_last += SERVICES in seen
        browser.close()
        server.stop()
    p50, p99 = percentile(delays, 0.5), percentile(delays, 0.99)
    seen = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms of {len(delays)}; last number right on {shown_last} of {BOARDS}"
    is_met = p99 < 1000 and shown_last == BOARDS and len(delays) == BOARDS * SERVICES
    return verdict(f"commit → bar, {BOARDS} boards, gevent ×2", "p99 < 1000 ms, none missed", seen, is_met)


def _board(browser, server, cast):
    """One window of the bupati's office, each a browser of its own: a browser opens six streams to a server at most."""
    page = browser.new_context(base_url=server.url, locale="id-ID").new_page()
    page.goto("/masuk")
    page.fill("[name=name]", cast.pak_dedi.sign_in_name)
    page.fill("[name=password]", builders.PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda address: "/papan/" in address)
    page.evaluate(WATCH)
    return page


if __name__ == "__main__":
    sys.exit(not main())
