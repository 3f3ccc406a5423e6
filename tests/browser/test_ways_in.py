"""A card on paper, a phone without script, a PIN the next day; and the sheet of cards as the printer gets it."""

import re

import pytest
from playwright.sync_api import expect

from tests import builders

pytestmark = pytest.mark.browser


def test_a_card_lets_her_in_without_script_and_a_pin_the_next_time(chromium, server, stage):
    context = chromium.new_context(
        base_url=server.url, java_script_enabled=False, viewport={"width": 360, "height": 640}
    )
    page = context.new_page()
    page.goto(f"/aktivasi/{builders.card_of(stage.ibu_sari)}")
    expect(page.get_by_role("heading", name="Ibu Sari")).to_be_visible()
    page.get_by_role("button", name="Ya, ini saya").click()
    page.get_by_label("Kata sandi Anda").fill("kuda laut minum teh")
    page.get_by_label("PIN untuk HP ini").fill("580274")
    page.get_by_label("PIN, sekali lagi").fill("580274")
    page.get_by_role("button", name="Aktifkan").click()
    expect(page.get_by_text("Akun Anda aktif.")).to_be_visible()

    page.locator(".menu summary").click()
    page.locator(".menu").get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("heading", name="Ibu Sari")).to_be_visible()
    page.get_by_label("PIN").fill("580274")
    page.get_by_label("PIN").press("Enter")
    expect(page.get_by_role("heading", name="Desa Margacinta")).to_be_visible()
    context.close()


def test_eight_cards_fit_a_sheet_of_paper_and_none_is_cut_in_two(window, stage):
    with builders.writing():
        rows = [
            {"name": f"Hj. Siti Nurhayati Kusumaningrum {number}", "sign_in_name": f"siti{number}", "rw": "003"}
            for number in range(16)
        ]
        rows = [row | {"desa_code": "32.14.12.2001"} for row in rows]
        builders.staff.enlist_many("32.14", rows, at=builders.now(), by_id=None)
    office = window(stage.bu_lilis)
    office.goto("/dppkb/orang?keadaan=waiting")
    office.get_by_role("button", name="Cetak 16 kartu").click()
    cards = office.locator(".account-cards li")
    expect(cards).to_have_count(16)
    sheet = office.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 2
    office.emulate_media(media="print")
    overflowing = "cards => cards.filter(card => card.scrollHeight > card.clientHeight + 1).length"
    assert cards.evaluate_all(overflowing) == 0, "all of it is on the card"
    assert office.complaints == []
