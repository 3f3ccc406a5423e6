"""A wall in Chromium through a short day: the server goes twice, the number is right, nothing reloads, nothing shifts."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from campaign import actions
from tests import builders
from tests.browser.conftest import wait_until

pytestmark = pytest.mark.browser

WATCH = """
  window.stays = true; window.shifts = 0; window.shifted = [];
  const note = (list) => list.getEntries().forEach((entry) => {
    window.shifts += entry.value;
    for (const { node, previousRect, currentRect } of entry.sources)
      window.shifted.push([node?.id || node?.className || node?.nodeName, previousRect, currentRect]);
  });
  new PerformanceObserver(note).observe({type: "layout-shift", buffered: true});
"""
NUMBER = "() => document.querySelector('#wall-total strong')?.textContent"


@pytest.fixture
def screen(chromium, server, stage):
    """`screen(token, width, height)`: a television nobody has signed in on."""
    contexts = []

    def hang(token, width=1920, height=1080, **more):
        context = chromium.new_context(base_url=server.url, viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"/dinding/{token}")
        page.evaluate(WATCH)
        return page

    yield hang
    for context in contexts:
        context.close()


def serve(stage, number):
    builders.served(stage.ibu_sari, stage.bidan_ratna, stage.day, name=f"Neng {number}", nik=builders.nik(number))


def test_the_number_is_right_after_two_restarts_without_a_reload(screen, server, stage):
    page = screen(builders.wall(by=stage.bu_lilis)[1])
    for number in range(3):
        serve(stage, number)
    wait_until(page, "async () => document.querySelector('#wall-total strong').textContent === '3'")
    for number in (3, 4):
        server.kill()
        serve(stage, number)  # while nobody hears it
        server.start()
    wait_until(page, "async () => document.querySelector('#wall-total strong').textContent === '5'")
    assert page.locator("#area-3214122001 .n").text_content() == "5 / 12"
    wait_until(page, "async () => !document.querySelector('#stamp.stale')")
    assert page.evaluate("() => window.stays"), "the page was reloaded"
    assert page.evaluate("() => window.shifts") < 0.01, page.evaluate("() => JSON.stringify(window.shifted)")
    assert page.complaints == [] and page.context.cookies() == []


def test_a_wall_whose_link_is_taken_back_says_so_within_ten_seconds(screen, stage):
    link, token = builders.wall(by=stage.bu_lilis)
    serve(stage, 1)
    page = screen(token)
    assert page.evaluate(NUMBER) == "1"
    page.wait_for_timeout(1000)  # the stream stands
    actions.revoke_wall(link, by=stage.bu_lilis, key=builders.key())
    page.get_by_role("heading", name="Tautan ini sudah tidak berlaku").wait_for(timeout=30_000)
    assert page.evaluate(NUMBER) is None
    assert page.title() == "Tautan ini sudah tidak berlaku"


def test_large_enough_and_legible_upright_and_across(screen, stage):
    token = builders.wall("lobi", by=stage.bu_lilis)[1]
    for width, height in ((1920, 1080), (1080, 1920)):
        page = screen(token, width, height)
        size = "(what) => parseFloat(getComputedStyle(document.querySelector(what)).fontSize)"
        assert page.evaluate(size, "#wall-total strong") >= 96
        assert page.evaluate(size, "#area-3214122001 .name") >= 40
        assert page.evaluate("() => document.fonts.check('16px Atkinson')")
        assert (
            Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "best-practice"]}).violations_count
            == 0
        )
        assert page.evaluate("() => [scrollX, document.documentElement.scrollHeight - innerHeight]") == [0, 0]


def test_panels_turn_by_hand_and_stop_by_the_space_bar(screen, stage):
    page = screen(builders.wall(by=stage.bu_lilis)[1])
    shown = page.locator(".panel.shown h2")
    assert shown.text_content() == "Semua kecamatan"
    page.keyboard.press("ArrowRight")
    assert shown.text_content() == "Kecamatan Purwakarta"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    assert page.get_by_role("button").text_content() == "Lanjut (spasi)"


def test_with_reduced_motion_panels_do_not_fade(screen, stage):
    page = screen(builders.wall(by=stage.bu_lilis)[1], reduced_motion="reduce")
    assert page.evaluate("() => getComputedStyle(document.querySelector('.panel')).transitionDuration") == "0s"


def test_without_a_script_the_panels_turn_too(screen, stage):
    page = screen(builders.wall(by=stage.bu_lilis)[1], java_script_enabled=False)
    assert page.locator("noscript meta[http-equiv=refresh]").count() or "layar=1" in page.content()


def test_in_the_hand_it_is_an_ordinary_page(screen, stage):
    page = screen(builders.wall(by=stage.bu_lilis)[1], 360, 640)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.get_by_text("Margacinta").is_visible()
