"""Four people at four screens: register → book → attend → serve → the bar moves, by itself and without a reload.

How soon is a figure and no promise of a test: `make bench` measures it (bench/freshness.py).
"""

import pytest
from playwright.sync_api import expect

from tests import builders

pytestmark = pytest.mark.browser


def test_neng_is_registered_booked_and_served_and_the_bupatis_bar_moves(window, stage):
    pak_dedi = window(stage.pak_dedi, 1920, 1080)
    expect(pak_dedi.locator("#board-total")).to_contain_text("0")
    pak_dedi.evaluate("() => { window.neverReloaded = true }")

    ibu_sari = window(stage.ibu_sari, 360, 640, is_phone=True)
    ibu_sari.get_by_role("link", name="Daftarkan calon akseptor").first.click()
    ibu_sari.get_by_label("Sudah saya bacakan").check()
    on = ibu_sari.get_by_role("button", name="Lanjut")
    on.click()
    ibu_sari.get_by_label("Nama lengkap (istri)").fill("Neng Siti Aisyah")
    ibu_sari.get_by_label("NIK istri").fill("321412 500390 912")
    on.click()
    expect(ibu_sari.get_by_text("NIK harus 16 angka, ini 15 angka").first).to_be_visible()

    ibu_sari.get_by_label("NIK istri").fill("3214125003909123")
    for _ in range(3):
        on.click()
    ibu_sari.locator("[name=wanted][value=implan]").check()
    ibu_sari.get_by_label("Ibu sudah dikonseling").check()
    on.click()
    on.click()
    ibu_sari.get_by_role("button", name="Simpan").click()
    expect(ibu_sari.locator("#kept")).to_contain_text("Terkirim ✓", timeout=20_000)
    assert ibu_sari.evaluate("() => document.documentElement.scrollWidth") <= 360

    ratna = window(stage.bidan_ratna)
    ratna.goto(f"/puskesmas/hari/{stage.day.id}/janji")
    ratna.get_by_role("button", name="Jadwalkan").first.click()
    expect(ratna.get_by_text("Neng Siti Aisyah sudah dijadwalkan.")).to_be_visible()
    ratna.goto(f"/puskesmas/hari/{stage.day.id}")
    ratna.get_by_role("button", name="Hadir Neng Siti Aisyah", exact=True).click()
    ratna.get_by_role("link", name="Dilayani Neng Siti Aisyah").click()
    ratna.get_by_label("implan 2 batang").check()
    ratna.get_by_label("ya, sudah ditandatangani").check()

    bar = pak_dedi.locator("#board-total strong").first
    expect(bar).to_have_text("0")
    ratna.get_by_role("main").get_by_role("button").last.click()
    expect(bar).to_have_text("1")
    assert pak_dedi.evaluate("() => window.neverReloaded") is True
    expect(ratna.get_by_text("Neng Siti Aisyah: dilayani.")).to_be_visible()
    served = pak_dedi.locator("#area-321412 rect.served").first
    expect(served).not_to_have_attribute("width", "0.0")
    assert [p.complaints for p in (pak_dedi, ratna)] == [[], []]


def test_the_board_catches_up_after_the_server_was_killed(window, stage, server):
    pak_dedi = window(stage.pak_dedi)
    bar = pak_dedi.locator("#board-total strong").first
    expect(bar).to_have_text("0")
    pak_dedi.evaluate("() => { window.neverReloaded = true }")
    server.kill()
    builders.served(stage.ibu_sari, stage.bidan_ratna, stage.day, nik=builders.nik(1))
    server.start()
    expect(bar).to_have_text("1", timeout=15_000)
    assert pak_dedi.evaluate("() => window.neverReloaded") is True


def test_a_kaders_pages_work_without_script(chromium, server, stage):
    context = chromium.new_context(
        base_url=server.url, java_script_enabled=False, viewport={"width": 360, "height": 640}
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Nama masuk").fill("sari")
    page.get_by_label("Kata sandi").fill(builders.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("link", name="Nanti saja").click()
    page.get_by_role("link", name="Daftarkan calon akseptor").first.click()
    page.get_by_label("Sudah saya bacakan").check()
    page.get_by_label("Nama lengkap (istri)").fill("Tanpa Skrip")
    page.get_by_text("NIK belum ada?").click()
    page.get_by_role("radio", name="KTP hilang").check()
    page.get_by_label("Ibu sudah dikonseling").check()
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Tanpa Skrip sudah terdaftar.")).to_be_visible()
    context.close()
