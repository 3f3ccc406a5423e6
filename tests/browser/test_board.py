"""The board in Chromium where no stream carries it: it asks by itself, is told only what moved, and knows when it is over."""

import pytest

from campaign import actions
from campaign.extensions import db
from campaign.models import Person
from tests import builders

pytestmark = pytest.mark.browser

NUMBER = "#board-total strong"


@pytest.fixture
def board(window, stage):
    """Pak Dedi's board, whose clock can be put forward: `board(streams=False)` where the house is full."""

    def open_board(*, streams):
        page = window(stage.pak_dedi)
        page.clock.install()
        if not streams:
            page.route("**/alir*", lambda route: route.fulfill(status=503, headers={"Retry-After": "30"}))
        page.goto(f"/papan/{stage.campaign.id}")
        return page

    return open_board


def serve(stage, number):
    builders.served(stage.ibu_sari, stage.bidan_ratna, stage.day, name=f"Neng {number}", nik=builders.nik(number))


def is_poll(answer) -> bool:
    return answer.request.headers.get("hx-target") == "board"


def polled(page):
    """The answer to the next question the page asks by itself."""
    with page.expect_response(is_poll) as answer:
        page.clock.fast_forward(16_000)
    return answer.value


def test_a_full_house_polls_and_is_sent_nothing_where_nothing_moved(board, stage):
    page = board(streams=False)
    serve(stage, 1)
    assert polled(page).status == 200
    page.locator(NUMBER, has_text="1").wait_for()
    again = polled(page)
    assert again.status == 304 and again.request.headers["if-none-match"]
    page.wait_for_function(
        "stamp => document.getElementById('stamp').textContent === stamp", arg=again.headers["stamp"]
    )
    assert page.locator("#stamp.stale").count() == 0
    serve(stage, 2)
    assert polled(page).status == 200
    page.locator(NUMBER, has_text="2").wait_for()


def test_rows_of_one_pace_too_say_when_nothing_is_heard(board, stage):
    page = board(streams=True)
    page.goto(f"/papan/{stage.campaign.id}?keadaan=needs_help")
    page.wait_for_load_state("networkidle")
    page.route("**/papan/**", lambda route: route.abort())
    page.clock.run_for(40_000)
    page.locator("#stamp.stale", has_text="sambungan terputus").wait_for()


def test_who_hears_the_stream_does_not_poll(board, stage):
    page, asked = board(streams=True), []
    page.on("request", lambda request: asked.append(request) if request.headers.get("hx-target") == "board" else None)
    serve(stage, 1)
    page.locator(NUMBER, has_text="1").wait_for()
    page.clock.fast_forward(16_000)
    assert asked == []


def test_a_board_that_has_ended_asks_once_more_and_then_rests(board, stage):
    page = board(streams=True)
    serve(stage, 1)
    page.locator(NUMBER, has_text="1").wait_for()
    page.evaluate("() => document.addEventListener('htmx:sseClose', () => { window.hasEnded = true; })")
    actions.close_campaign(stage.campaign, by=stage.bu_lilis, key=builders.key())
    page.wait_for_function("() => window.hasEnded")
    page.clock.fast_forward(16_000)
    page.get_by_text("kampanye ini sudah ditutup").wait_for()
    assert page.locator("[data-poll], [sse-connect]").count() == 0
    assert page.locator(NUMBER).text_content().strip() == "1"


def test_who_may_not_look_any_more_is_shown_the_door(board, stage):
    page = board(streams=True)
    serve(stage, 1)
    page.locator(NUMBER, has_text="1").wait_for()
    page.evaluate("() => document.addEventListener('htmx:sseClose', () => { window.hasEnded = true; })")
    actions.disable_person(db.session.get_one(Person, stage.pak_dedi.id), by=stage.bu_lilis, key=builders.key())
    page.wait_for_function("() => window.hasEnded")
    page.clock.fast_forward(16_000)
    page.get_by_role("link", name="Masuk").wait_for()
