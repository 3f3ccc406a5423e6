"""Registers and visits in the real browser: nobody is shut out; a register fits A4 on its side, a card A6."""

import pytest

from tests import builders
from tests.browser.conftest import shut_out
from tests.browser.test_paper import pages_of
from tests.the_month import overdue, the_month

pytestmark = pytest.mark.browser


@pytest.fixture
def story(stage):
    return the_month(stage)


def at(stage, story, more="") -> str:
    return f"/puskesmas/register/{stage.maracang.id}/{story.month}{more}"


def paths(stage, story):
    campaign, service = stage.campaign.id, story.services["Iis"]
    her = builders.standing_service(
        builders.served(stage.ibu_sari, stage.bidan_ratna, stage.day, name="Neng Siti")
    ).akseptor_id
    overdue(her)
    return {
        "ibu_sari": [f"/kader/{campaign}", f"/kader/akseptor/{her}/kunjungan"],
        "bidan_ratna": [
            f"/puskesmas/{campaign}",
            f"/puskesmas/{campaign}/kunjungan",
            f"/puskesmas/{campaign}/kelengkapan",
            f"/puskesmas/pelayanan/{service}",
            f"/puskesmas/pelayanan/{service}/kartu",
            "/puskesmas/register",
            "/puskesmas/register/yakin",
            at(stage, story),
            at(stage, story, "/rekap"),
            at(stage, story, "/alokon"),
        ],
        "bu_lilis": [
            "/puskesmas/register",
            f"/puskesmas/register/semua/{story.month}",
            f"/puskesmas/{campaign}/kelengkapan",
            "/dppkb/sesudah-pelayanan",
            "/dppkb/sesudah-pelayanan/iud",
        ],
    }


def be_sure(page, path):
    page.goto(path)
    page.get_by_label("Kata sandi Anda").fill(builders.PASSWORD)
    page.get_by_role("button", name="Buka").click()
    page.wait_for_url(lambda address: "yakin" not in address)


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1366, 768)])
def test_nobody_is_shut_out_of_registers_and_visits(window, stage, story, width, height):
    found = []
    for who, addresses in paths(stage, story).items():
        page = window(getattr(stage, who), width, height)
        if who == "bidan_ratna":
            be_sure(page, at(stage, story, "/cetak"))
            addresses = [*addresses, at(stage, story, "/cetak")]
        for path in addresses:
            page.goto(path)
            found += shut_out(page)
        assert page.complaints == [], who
    assert found == [], "\n".join(found)


def test_a_register_is_printed_on_a4_on_its_side_with_who_and_when_over_every_page(window, stage, story):
    page = window(stage.bidan_ratna)
    be_sure(page, at(stage, story, "/cetak"))
    sizes = pages_of(page.pdf(prefer_css_page_size=True))
    # A sheet for the puskesmas, one for the saung, and what no column holds on one of its own.
    assert sizes == [(297, 210)] * 3
    assert page.locator(".watermark").inner_text().startswith("Bidan Ratna, ")
    assert page.locator(".watermark").evaluate("one => getComputedStyle(one).position") == "fixed"
    assert page.locator(".register-sheet tbody tr").count() == 13


def test_a_card_is_a6(window, stage, story):
    page = window(stage.bidan_ratna)
    page.goto(f"/puskesmas/pelayanan/{story.services['Iis']}/kartu?alat=ya")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == [(105, 148)]


def test_lines_are_ticked_and_sigas_table_compared(window, stage, story):
    page = window(stage.bidan_ratna)
    page.goto(at(stage, story))
    for name in ("Baris 1, Ai", "Baris 2, Iis"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Tandai sudah masuk SIGA").click()
    page.get_by_text("2 baris ditandai sudah masuk SIGA.").wait_for()
    assert page.get_by_text("Bidan Ratna,").count() == 2
    page.get_by_role("link", name="F/II/KB").click()
    table = page.locator("table.recap").first.inner_text()
    page.get_by_label("Tabel dari SIGA").fill(table)
    page.get_by_role("button", name="Bandingkan").click()
    page.get_by_text("144 angka dibandingkan, semuanya sama.").wait_for()
