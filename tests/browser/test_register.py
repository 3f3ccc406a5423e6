"""The form on a kader's phone: step by step, by thumb and by keyboard, and what it says when something is wrong."""

import re

import pytest
from playwright.sync_api import expect

from campaign import queries
from campaign.extensions import db
from campaign.models import Akseptor
from campaign.rules.couple import Couple
from tests import builders
from tests.browser.conftest import shut_out

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(window, stage):
    """Ibu Sari's, with the empty form on it."""
    page = window(stage.ibu_sari, 360, 640, is_phone=True)
    page.goto(f"/kader/{stage.campaign.id}/daftar")
    return page


def on(page):
    page.get_by_role("button", name="Lanjut").click()


def heading(page):
    return page.locator(".step:visible h2")


def agree(page):
    page.get_by_label("Sudah saya bacakan").check()
    on(page)


def fill_in(page, name="Neng Siti Aisyah", nik="3214125003909123", wanted="implan"):
    """From the first step to the last."""
    agree(page)
    page.get_by_label("Nama lengkap (istri)").fill(name)
    page.get_by_label("NIK istri").fill(nik)
    on(page)
    page.get_by_label("Nama suami").fill("Asep")
    page.get_by_label("Jumlah anak hidup").fill("2")
    page.locator("#youngest_years").fill("3")
    on(page)
    page.locator("[value=suntik]").check()
    page.get_by_label("tidak ingin anak lagi").check()
    on(page)
    page.locator(f"[name=wanted][value={wanted}]").check()
    page.get_by_label("Ibu sudah dikonseling").check()
    on(page)
    page.get_by_label("RT", exact=True).fill("3")
    page.get_by_label("RW", exact=True).fill("2")
    on(page)


def everybody():
    db.session.rollback()  # forget the snapshot from before
    return db.session.scalars(db.select(Akseptor).order_by(Akseptor.registered_at)).all()


def test_a_woman_is_registered_step_by_step_and_the_next_one_finds_it_empty(phone, stage):
    expect(heading(phone)).to_have_text("Bacakan dulu kepada Ibu")
    expect(phone.get_by_text("Langkah 1 dari 7")).to_be_visible()
    agree(phone)
    expect(heading(phone)).to_be_focused()
    assert "Langkah 2 dari 7" in phone.title()
    assert phone.locator("#nik").get_attribute("inputmode") == "numeric"
    phone.get_by_role("button", name="Kembali").click()
    fill_in(phone)
    expect(heading(phone)).to_have_text("Periksa, lalu simpan")
    answers = phone.locator(".check")
    for said in (
        "3214 1250 0390 9123",
        "10 3 1990",
        "Asep",
        "3 tahun",
        "tidak ingin anak lagi",
        "implan (susuk)",
        "sudah",
    ):
        expect(answers.get_by_text(said, exact=True)).to_be_visible()
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 360
    phone.get_by_role("link", name="Ubah Nama suami").click()
    expect(phone.get_by_label("Nama suami")).to_be_focused()
    phone.get_by_label("Nama suami").fill("Ujang")
    on(phone)
    expect(answers.get_by_text("Ujang", exact=True)).to_be_visible()

    phone.get_by_role("button", name="Simpan").click()
    receipt = phone.locator("#kept")
    expect(receipt.get_by_role("heading")).to_contain_text(re.compile(r"Tersimpan di HP \d\d:\d\d|Terkirim"))
    expect(receipt.get_by_role("heading")).to_contain_text(
        re.compile(r"Terkirim ✓ \d\d:\d\d, no. 0001"), timeout=20_000
    )
    expect(receipt).to_contain_text("Berikutnya: pilih hari pelayanan.")
    expect(receipt.get_by_role("link", name="Pilih hari pelayanan")).to_have_attribute("href", re.compile("/jadwal$"))
    neng = everybody()[0]
    couple = Couple.from_text(queries.sealed_facts(neng)["couple"])
    assert (neng.name, couple.husband, couple.children, couple.youngest_months) == ("Neng Siti Aisyah", "Ujang", 2, 36)

    receipt.get_by_role("button", name="Daftarkan lagi").click()
    expect(heading(phone)).to_have_text("Bacakan dulu kepada Ibu")
    expect(phone.get_by_label("Sudah saya bacakan")).not_to_be_checked()
    left = "all => all.filter(i => /radio|box/.test(i.type) ? i.checked && i.value != 'belum' : i.value).length"
    assert phone.locator("#registration-form input:not([type=hidden])").evaluate_all(left) == 0, (
        "nothing of the last woman is on the screen"
    )
    fill_in(phone, name="Euis Rohaeti", nik=builders.nik(4))
    phone.get_by_role("button", name="Simpan").click()
    expect(receipt.get_by_role("heading")).to_contain_text("no. 0002", timeout=20_000)
    assert [akseptor.name for akseptor in everybody()] == ["Neng Siti Aisyah", "Euis Rohaeti"]
    assert phone.complaints == []


def test_axe_finds_nothing_on_any_step_with_its_errors_or_on_the_receipt(phone):
    found = []

    def look():
        found.extend(shut_out(phone, phone.title()))

    on(phone)
    look()
    agree(phone)
    phone.get_by_text("NIK belum ada?").click()
    on(phone)
    look()
    phone.get_by_label("Nama lengkap (istri)").fill("Neng")
    phone.get_by_label("NIK istri").fill("3214125003909123")
    for _ in range(3):
        on(phone)
        look()
    phone.locator("[name=wanted][value=mop]").check()
    on(phone)
    look()
    phone.locator("[name=wanted][value=iud]").check()
    for _ in range(2):
        on(phone)
        look()
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.locator("#kept")).to_contain_text("no. 0001", timeout=20_000)
    look()
    assert found == []


def test_without_her_consent_nothing_can_be_typed(phone):
    on(phone)
    link = phone.get_by_role("alert").get_by_role("link")
    expect(link).to_have_text("Tanpa persetujuan, data tidak boleh disimpan. Bacakan dulu, lalu tanyakan.")
    expect(phone.get_by_role("alert")).to_be_focused()
    link.click()
    expect(phone.get_by_label("Sudah saya bacakan")).to_be_focused()
    phone.go_forward()
    expect(phone.locator("#name")).not_to_be_visible()


def test_the_browsers_own_way_back_goes_a_step_back(phone, stage):
    fill_in(phone)
    for title in (
        "Di mana Ibu tinggal?",
        "Apa yang diminati Ibu?",
        "KB selama ini",
        "Keluarganya",
        "Siapa calon akseptornya?",
    ):
        phone.go_back()
        expect(heading(phone)).to_have_text(title)
    expect(phone.get_by_label("Nama lengkap (istri)")).to_have_value("Neng Siti Aisyah")
    on(phone)
    expect(heading(phone)).to_have_text("Keluarganya")


def test_a_wrong_answer_is_told_at_its_field_and_the_top_leads_there(phone):
    agree(phone)
    phone.get_by_label("NIK istri").fill("321412500390912")
    phone.locator("[name=birth_date]").first.fill("31")
    on(phone)
    summary = phone.get_by_role("alert")
    expect(summary).to_be_focused()
    assert summary.get_by_role("link").all_inner_texts() == [
        "Isi nama lengkapnya.",
        "NIK harus 16 angka, ini 15 angka. Periksa sekali lagi.",
        "Tanggal ini tidak ada. Isi hari, bulan, dan tahun, misalnya 5 3 1990.",
    ]
    expect(phone.locator("#nik-error")).to_be_visible()
    expect(phone.locator("#nik")).to_have_attribute("aria-invalid", "true")
    summary.get_by_role("link", name="NIK harus").click()
    expect(phone.locator("#nik")).to_be_focused()
    phone.get_by_label("Nama lengkap (istri)").fill("Neng")
    phone.get_by_label("NIK istri").fill("")
    phone.locator("[name=birth_date]").first.fill("")
    phone.get_by_text("NIK belum ada?").click()
    phone.get_by_role("radio", name="KTP hilang").check()
    on(phone)
    expect(heading(phone)).to_have_text("Keluarganya")
    expect(summary).to_have_count(0)


def test_mop_asks_for_the_man_and_leads_back_to_where_his_name_stands(phone, stage):
    agree(phone)
    phone.get_by_label("Nama lengkap (istri)").fill("Neng")
    phone.get_by_label("NIK istri").fill("3214125003909123")
    on(phone)
    on(phone)
    on(phone)
    his_nik = phone.get_by_label("NIK suami")
    expect(his_nik).not_to_be_visible()
    phone.locator("[name=wanted][value=mop]").check()
    expect(his_nik).to_be_visible()
    expect(phone.get_by_text("MOP dilakukan pada suami.")).to_be_visible()
    on(phone)
    phone.get_by_role("alert").get_by_role("link", name="Untuk MOP, isi nama suami").click()
    expect(phone.get_by_label("Nama suami")).to_be_focused()
    phone.get_by_label("Nama suami").fill("Asep")
    phone.go_back()
    expect(heading(phone)).to_have_text("Apa yang diminati Ibu?")
    his_nik.fill("3214121003889001")
    on(phone)
    expect(heading(phone)).to_have_text("Di mana Ibu tinggal?")


def test_by_keyboard_alone_enter_means_on(window, stage):
    desk = window(stage.ibu_sari)
    desk.goto(f"/kader/{stage.campaign.id}/daftar")
    desk.get_by_label("Sudah saya bacakan").focus()
    keys = desk.keyboard
    keys.press("Space")
    keys.press("Enter")
    keys.press("Tab")
    keys.type("Neng Siti")
    keys.press("Tab")
    keys.type("3214125003909123")
    keys.press("Enter")
    expect(heading(desk)).to_have_text("Keluarganya")
    keys.press("Tab")
    keys.press("Enter")
    expect(heading(desk)).to_have_text("KB selama ini")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Enter")
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Enter")
    expect(desk.locator(".check")).to_contain_text("belum pernah")
    expect(desk.get_by_role("heading", name="Periksa, lalu simpan")).to_be_visible()
    desk.get_by_role("button", name="Simpan").press("Enter")
    expect(desk.locator("#kept").get_by_role("heading")).to_contain_text("no. 0001", timeout=20_000)
    assert desk.complaints == []


# ---- Doubles while typing ----


def test_a_name_like_hers_is_suggested_and_never_in_the_way(phone, stage):
    builders.registered(stage.ibu_sari, name="Siti Nurhayati")
    agree(phone)
    phone.get_by_label("Nama lengkap (istri)").press_sequentially("Sti Nur Hayati")
    expect(phone.locator("#similar")).to_contain_text("Mungkin sudah terdaftar: ada nama mirip.")
    expect(phone.locator("#similar").get_by_role("link", name="Siti Nurhayati")).to_be_visible()
    phone.get_by_label("NIK istri").fill(builders.nik(5))
    on(phone)
    expect(heading(phone)).to_have_text("Keluarganya")
    assert "Hayati" not in phone.url and phone.complaints == []


def test_a_nik_that_stands_elsewhere_is_told_before_anything_else_is_asked(phone, stage):
    builders.registered(stage.ibu_wati, name="Rahasia Sekali", nik=builders.nik(6))
    agree(phone)
    phone.get_by_label("Nama lengkap (istri)").fill("Neng Siti")
    phone.get_by_label("NIK istri").press_sequentially(builders.nik(6))
    told = "Ibu ini sudah terdaftar dalam kampanye ini. Hubungi PLKB Kec. Babakancikao."
    expect(phone.locator("#similar")).to_have_text(told)
    on(phone)
    expect(phone.locator("#nik-error")).to_have_text(told)
    phone.get_by_label("NIK istri").fill(builders.nik(7))
    expect(phone.locator("#similar")).to_have_text("")
    on(phone)
    expect(heading(phone)).to_have_text("Keluarganya")
    assert "Rahasia" not in phone.content()


def test_without_signal_nobody_is_asked_and_nothing_is_said(phone):
    agree(phone)
    phone.get_by_label("Nama lengkap (istri)").fill("Neng")
    phone.context.set_offline(True)
    with phone.expect_event("requestfailed"):
        phone.get_by_label("NIK istri").press_sequentially("3214125003909123")
    on(phone)
    expect(heading(phone)).to_have_text("Keluarganya")
    expect(phone.locator("#notice")).to_have_text("")


# ---- Where outbox.js does not work, the browser sends it ----


@pytest.fixture
def plain_phone(window, stage):
    """A phone whose browser cannot keep anything."""
    page = window(stage.ibu_sari, 360, 640, is_phone=True, service_workers="block")
    page.route("**/outbox.js*", lambda route: route.abort())
    page.goto(f"/kader/{stage.campaign.id}/daftar")
    return page


def test_a_plain_form_leads_to_the_servers_receipt(plain_phone):
    phone = plain_phone
    fill_in(phone)
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(re.compile(r"Tersimpan \d\d:\d\d, no. 0001"))
    expect(phone.get_by_role("link", name="Daftarkan lagi")).to_be_visible()
    phone.get_by_role("link", name="Pilih hari pelayanan").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Pilih hari pelayanan")


def test_what_only_the_server_sees_opens_the_step_it_is_about(plain_phone):
    phone = plain_phone
    fill_in(phone)
    phone.get_by_role("link", name="Ubah Tanggal lahir").click()
    phone.locator("[name=birth_date]").last.fill("2024")
    on(phone)
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.get_by_role("alert")).to_contain_text("Umurnya di luar 10–70 tahun.")
    expect(phone.get_by_role("alert")).to_be_focused()
    expect(heading(phone)).to_have_text("Siapa calon akseptornya?")
    phone.locator("[name=birth_date]").last.fill("1990")
    for _ in range(5):
        on(phone)
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("no. 0001")


def test_without_script_it_is_one_page_that_opens_when_she_has_agreed(chromium, server, stage):
    context = chromium.new_context(
        base_url=server.url, java_script_enabled=False, viewport={"width": 360, "height": 640}
    )
    page = context.new_page()
    page.goto("/masuk")
    page.get_by_label("Nama masuk").fill("sari")
    page.get_by_label("Kata sandi").fill(builders.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda address: "/masuk" not in address)
    page.goto(f"/kader/{stage.campaign.id}/daftar")
    expect(page.get_by_label("Nama lengkap (istri)")).not_to_be_visible()
    page.get_by_label("Sudah saya bacakan").check()
    for label in ("Nama lengkap (istri)", "Nama suami", "RT"):
        expect(page.get_by_label(label, exact=True)).to_be_visible()
    page.get_by_label("Nama lengkap (istri)").fill("Tanpa Skrip")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("link", name="Isi NIK, atau pilih sebab NIK belum ada.")).to_be_visible()
    page.get_by_text("NIK belum ada?").first.click()
    page.get_by_label("KTP hilang").first.check()
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Tanpa Skrip sudah terdaftar.")).to_be_visible()
    expect(page.get_by_text("Kursi belum dapat dipesan")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    context.close()
