"""Setting up in the real browser, on the real server: the sheet is read in a process beside it while the page watches."""

import io

import pytest
import xlsxwriter
from playwright.sync_api import expect

from campaign import queries
from campaign.extensions import db
from tests.browser.conftest import shut_out

pytestmark = pytest.mark.browser


@pytest.fixture
def pus(tmp_path):
    """The office's sheet of weights, with a title and column numbers."""
    path, file = tmp_path / "pus.xlsx", io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet("PUS")
        rows = [["DATA PUS"], [], ["No", "Desa", "Jumlah PUS"], [1, 2, 3], [1, "MARGACINTA", 3000], [2, "Cikao", 1000]]
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    path.write_bytes(file.getvalue())
    return path


def test_weights_from_a_sheet_are_watched_taken_and_shared_out(window, stage, pus):
    page = window(stage.bu_lilis)
    page.goto("/dppkb/lembar")
    page.get_by_label("Bobot tiap desa").check()
    page.get_by_label("Berkas").set_input_files(pus)
    page.get_by_role("button", name="Baca berkas").click()
    expect(page.get_by_role("button", name="Impor 2 baris")).to_be_visible(timeout=30_000)
    assert shut_out(page) == []
    page.get_by_role("button", name="Impor 2 baris").click()
    expect(page.get_by_text("Tersimpan.")).to_be_visible(timeout=30_000)

    page.goto(f"/dppkb/kampanye/{stage.campaign.id}/target/bagi")
    page.get_by_label("Target", exact=True).fill("1831")
    page.get_by_label("Target, sekali lagi").fill("1831")
    page.get_by_label("Jumlah PUS", exact=True).check()
    page.get_by_role("button", name="Hitung usulan").click()
    expect(page.get_by_text("seribu delapan ratus tiga puluh satu")).to_be_visible()
    assert shut_out(page) == []
    page.get_by_role("button", name="Pakai pembagian ini").click()
    expect(page.get_by_text("Pembagian ini dipakai.")).to_be_visible()
    db.session.rollback()
    numbers = {target.desa.code: target.target.number for target in _rows(stage)}
    assert sum(numbers.values()) == 1831 and numbers["32.14.12.2001"] == 1373


def _rows(stage):
    db.session.expire_all()
    return queries.target_rows(queries.current_split(stage.campaign), stage.campaign)


def test_every_page_of_setting_up_fits_a_small_phone(window, stage, pus):
    page = window(stage.bu_lilis, 360, 640, is_phone=True)
    campaign = f"/dppkb/kampanye/{stage.campaign.id}"
    steps = [f"{campaign}/langkah/{step}" for step in ("nama", "waktu", "hitungan", "tempat")]
    for path in (
        "/dppkb/",
        campaign,
        *steps,
        f"{campaign}/target",
        f"{campaign}/target/bagi",
        "/dppkb/lembar",
        "/dppkb/wilayah",
    ):
        page.goto(path)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360, path
