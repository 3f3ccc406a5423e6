"""A kader's phone: Chromium at 360×640, its processor six times slower, on 2G (400 ms, 50 KB/s).

What the form weighs on its first visit, how soon it can be used on the next, and one registration by thumb: taps are counted,
and each is given the time a thumb takes; typing and reading aloud are left out.
"""

import gzip
import sys
import time

from playwright.sync_api import sync_playwright

from bench.stage import stage, verdict
from tests import builders
from tests.browser.conftest import FLAGS, Server, find_chromium

SIZE = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True, "locale": "id-ID"}
SIZE["service_workers"] = "block"  # its line cannot be slowed down, so a page that came through it would be too soon
LINE = {"offline": False, "latency": 400, "downloadThroughput": 50 * 1024, "uploadThroughput": 50 * 1024}
SLOWER, THUMB = 6, 1.2  # seconds to find a button and to hit it
HEAVIEST, SOONEST, TAPS, SECONDS, VISITS = 40, 3.0, 25, 45, 3
USABLE = """() => {
  const look = () => { const nav = document.querySelector('.thumb.two'); if (nav && !nav.hidden && !window.usable) window.usable = performance.now(); };
  new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
}"""  # noqa: E501


class Phone:
    """One page on a slow phone. `bytes` are what came over the line, head and body of each answer; `taps` are counted."""

    def __init__(self, context):
        self.page, self.bytes, self.taps = context.new_page(), {}, 0
        self.page.add_init_script(f"({USABLE})()")
        wire, asked = context.new_cdp_session(self.page), {}
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", LINE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        wire.on("Network.requestWillBeSent", lambda sent: asked.update({sent["requestId"]: sent["request"]["url"]}))
        wire.on(
            "Network.loadingFinished",
            lambda came: self._note(asked.get(came["requestId"], "?"), came["encodedDataLength"]),
        )

    def _note(self, address, length):
        name = address.partition("?")[0].rpartition("/")[2]
        self.bytes[name] = self.bytes.get(name, 0) + length

    def tap(self, what):
        what.tap()
        self.taps += 1

    def type(self, what, text):
        """A tap into the box; the typing itself is not counted."""
        self.tap(what)
        what.fill(text)


def main() -> bool:
    with stage() as cast, sync_playwright() as playwright:
        builders.registered(cast.ibu_sari, name="Siti Nurhayati", nik=builders.nik(0))
        server = Server(cast.folder).start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        form = f"/kader/{cast.campaign.id}/daftar"
        state = _signed_in(browser, server)
        context = browser.new_context(base_url=server.url, storage_state=state, **SIZE)
        first = Phone(context)
        first.page.goto(form, wait_until="networkidle", timeout=60_000)
        weight = sum(first.bytes.values()) / 1000
        later = _kept_for_later(context, form)
        first.page.close()
        soon = []
        for _ in range(VISITS):
            phone = Phone(context)
            phone.page.goto(form, timeout=60_000)
            phone.page.wait_for_function("() => window.usable", timeout=60_000)
            soon.append(phone.page.evaluate("() => window.usable") / 1000)
            phone.page.close()
        phone = Phone(context)
        taps, machine, sent = _register(phone, form)
        browser.close()
        server.stop()
    print("     " + ", ".join(f"{name} {length / 1000:.1f}" for name, length in sorted(first.bytes.items())))
    print(f"     htmx, once she has agreed: {phone.bytes.get('htmx.min.js', 0) / 1000:.1f}")
    print(f"     and in the background, for days without signal: {later:.1f} KB; {sent}")
    return all(
        [
            verdict(
                "first visit of the form, heads and bodies", f"≤ {HEAVIEST} KB", f"{weight:.1f} KB", weight <= HEAVIEST
            ),
            verdict(
                f"form usable after the first visit, {SLOWER}× slower, 2G",
                f"< {SOONEST:.0f} s",
                f"worst {max(soon):.2f} s of {VISITS}",
                max(soon) < SOONEST,
            ),
            verdict(
                "one registration besides typing and reading aloud",
                f"≤ {SECONDS} s, ≤ {TAPS} taps",
                f"{taps} taps × {THUMB} s + {machine:.1f} s of waiting = {taps * THUMB + machine:.1f} s",
                taps <= TAPS and taps * THUMB + machine <= SECONDS,
            ),
        ]
    )


def _signed_in(browser, server):
    """Her cookies, from another browser: nothing of ours is kept in hers yet."""
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/masuk")
    page.fill("[name=name]", "sari")
    page.fill("[name=password]", builders.PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda address: "/masuk" not in address)
    state = context.storage_state()
    context.close()
    return {"cookies": state["cookies"], "origins": []}


def _kept_for_later(context, form) -> float:
    """What the service worker fetches besides what the page has fetched already."""
    bodies = [context.request.get(path).body() for path in ("/sw.js", f"{form}/kosong")]
    return sum(len(gzip.compress(body, 5)) for body in bodies) / 1000


def _register(phone: Phone, form: str) -> tuple[int, float, str]:
    """From the consent to “Tersimpan”: taps, and the seconds the phone itself took."""
    page = phone.page
    page.goto(form, timeout=60_000)
    page.wait_for_function("() => window.usable", timeout=60_000)
    on, began = page.locator("[data-on]"), time.monotonic()
    phone.tap(page.locator("label[for=has_consent]"))
    phone.tap(on)
    phone.type(page.locator("#name"), "Euis Rohaeti")
    phone.type(page.locator("#nik"), builders.nik(1))
    phone.tap(on)
    phone.type(page.locator("#husband"), "Asep")
    phone.type(page.locator("#children"), "2")
    phone.type(page.locator("#youngest_years"), "3")
    phone.tap(on)
    phone.tap(page.locator("label:has([value=suntik])"))
    phone.tap(page.locator("label:has([value=tial])"))
    phone.tap(on)
    phone.tap(page.locator("label:has([name=wanted][value=implan])"))
    phone.tap(page.locator("label[for=is_counselled]"))
    phone.tap(on)
    phone.type(page.locator("#rt"), "3")
    phone.type(page.locator("#rw"), "2")
    phone.type(page.locator("#phone"), "082000001111")
    phone.tap(on)
    phone.tap(page.locator("#registration-form .button:visible", has_text="Simpan"))
    page.wait_for_function("() => !document.getElementById('kept').hidden", timeout=60_000)
    machine = time.monotonic() - began
    page.wait_for_function("() => document.querySelector('#kept').textContent.includes('no. ')", timeout=60_000)
    return phone.taps, machine, f"sent {time.monotonic() - began - machine:.1f} s after it was kept"


if __name__ == "__main__":
    sys.exit(not main())
