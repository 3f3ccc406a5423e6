"""A sheet of paper is keyed in without a mouse; what cannot be sent stays in its cells; tickets and sheets fit their paper."""

import re

import pytest
from playwright.sync_api import expect

from campaign.extensions import db
from campaign.models import Akseptor
from tests import builders
from tests.builders import nik

pytestmark = pytest.mark.browser


def women():
    db.session.rollback()  # its snapshot is older than what the server wrote
    return db.session.scalars(db.select(Akseptor).order_by(Akseptor.paper_row)).all()


def key_in(page, name, digits, *, wanted="im", then="Tab"):
    """One row with the keyboard alone, from its first cell to the first of the next."""
    hand = page.keyboard
    hand.press("Space")
    for typed in (name, digits, "", "", "1", "2", "", "2"):
        hand.press(then)
        hand.type(typed)
    hand.press(then)
    hand.type("sun")
    hand.press(then)
    hand.type(wanted)
    hand.press(then)
    hand.press("Space")
    hand.press(then)


@pytest.mark.parametrize("then", ["Tab", "Enter"])
def test_a_sheet_is_keyed_in_without_a_mouse(window, stage, then):
    sheet = builders.paper_sheet(stage.ibu_sari)
    page = window(stage.ibu_sari)
    page.goto(f"/kader/kertas/{sheet.id}")
    expect(page.locator("[id='1-has_consent']")).to_be_focused()
    key_in(page, "Neng Satu", nik(1), then=then)
    expect(page.locator("#row-1")).to_contain_text("✓ Neng Satu")
    key_in(page, "Neng Dua", "321", then=then)
    expect(page.locator("#row-2")).to_contain_text("NIK harus 16 angka, ini 3 angka.")
    key_in(page, "Neng Tiga", nik(3), then=then)
    expect(page.locator("#row-3")).to_contain_text("✓ Neng Tiga")
    expect(page.locator("[id='4-has_consent']")).to_be_focused()
    page.locator("[id='2-nik']").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(nik(2))
    page.locator("[id='4-name']").focus()
    expect(page.locator("#row-2")).to_contain_text("✓ Neng Dua")
    rows = [(her.paper_row, her.name, her.is_counselled) for her in women()]
    assert rows == [(f"{sheet.code}-{n}", f"Neng {name}", True) for n, name in enumerate(("Satu", "Dua", "Tiga"), 1)]
    assert [said for said in page.complaints if "422" not in said] == []


def test_what_could_not_be_sent_stays_and_goes_later(window, stage):
    sheet = builders.paper_sheet(stage.ibu_sari)
    page = window(stage.ibu_sari)
    page.goto(f"/kader/kertas/{sheet.id}")
    page.context.set_offline(True)
    key_in(page, "Neng Satu", nik(1))
    expect(page.locator("#row-1")).to_contain_text("Belum tersimpan")
    assert page.locator("[id='1-name']").input_value() == "Neng Satu" and women() == []
    page.context.set_offline(False)
    page.locator("[id='3-name']").focus()
    expect(page.locator("#row-1")).to_contain_text("✓ Neng Satu")
    assert [her.name for her in women()] == ["Neng Satu"]


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of every page, in millimetres."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) for width, height in boxes]


def test_sheets_and_tickets_fit_their_paper(window, stage):
    page = window(stage.ibu_sari)
    page.goto(f"/kader/{stage.campaign.id}/kertas")
    page.get_by_label("Berapa lembar").fill("2")
    page.get_by_label("Baris tiap lembar").fill("12")
    page.get_by_role("button", name="Buat dan cetak").click()
    page.wait_for_url("**/cetak")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == [(297, 210)] * 2

    neng = builders.booked(stage.ibu_sari, stage.day, name="Neng Siti Nurhalimah Rohaeti Kusumaningrum")
    for number in range(4):
        builders.booked(stage.ibu_sari, stage.day, name=f"Ai {number}")
    page.goto(f"/kader/akseptor/{neng.id}/tiket")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == [(105, 148)]
    page.goto(f"/kader/{stage.campaign.id}/tiket")
    assert page.locator("article.ticket").count() == 5
    assert pages_of(page.pdf(prefer_css_page_size=True)) == [(210, 297)] * 2
