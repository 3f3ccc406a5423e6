"""A kader in a village without signal, on the real browser: kept, sealed, sent once; and everything that can come between."""

import json
import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from campaign.extensions import db
from campaign.models import Akseptor, Device
from tests import builders
from tests.browser.conftest import FLAGS, find_chromium, wait_until
from tests.browser.killable import IS_KEPT, drill

pytestmark = pytest.mark.browser


def ready(page, stage):
    """She has opened the form once where there was a signal: the phone has kept it."""
    page.goto(f"/kader/{stage.campaign.id}/daftar")
    wait_until(page, IS_KEPT)
    return page


def fill_in(page, name, nik=None):
    """Step by step, as a thumb does."""
    page.get_by_label("Sudah saya bacakan").check()
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_label("Nama lengkap (istri)").fill(name)
    if nik:
        page.get_by_label("NIK istri").fill(nik)
    else:
        page.get_by_text("NIK belum ada?").click()
        page.locator("#siapa").get_by_label("KTP hilang").check()
    for _step in range(5):
        page.get_by_role("button", name="Lanjut").click()
    page.get_by_role("button", name="Simpan").click()


def women():
    db.session.rollback()
    return db.session.scalars(db.select(Akseptor).order_by(Akseptor.name)).all()


def items(page):
    return page.evaluate("() => outbox.all()")


def complaints(page):
    """What went wrong on the page; that a line was cut is said by the browser too, and is not wrong."""
    return [
        said for said in page.complaints if "ERR_INTERNET_DISCONNECTED" not in said and "Failed to fetch" not in said
    ]


def test_without_a_signal_she_registers_and_it_arrives_by_itself_when_there_is_one(window, stage):
    page = ready(window(stage.ibu_sari, 360, 640, is_phone=True), stage)
    page.context.set_offline(True)
    page.goto("/kader/")
    page.wait_for_url(re.compile("/daftar$"))
    fill_in(page, "Neng Siti", builders.nik(1))
    expect(page.get_by_text("Tersimpan di HP")).to_be_visible()
    expect(page.get_by_text("1 pendaftaran tersimpan di HP, menunggu sinyal.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 pendaftaran tersimpan di HP, menunggu sinyal.")).to_be_visible()
    fill_in(page, "Neng Euis")
    expect(page.get_by_text("2 pendaftaran tersimpan di HP")).to_be_visible()
    assert women() == []
    [kept, _other] = items(page)
    assert set(kept) == {"kind", "key", "owner", "campaign", "at", "state", "tries", "sentence", "sealed"}

    page.context.set_offline(False)
    expect(page.get_by_text("Terkirim ✓")).to_be_visible()
    expect(page.get_by_text("menunggu sinyal")).to_have_count(0)
    assert [woman.name for woman in women()] == ["Neng Euis", "Neng Siti"]
    assert items(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    assert complaints(page) == []


def keep_one(page, **said):
    """One more registration kept, through the form's own fields but without the thumb; it is not sent yet."""
    return page.evaluate(
        """async (said) => {
          const form = document.querySelector("form[data-outbox]"), { owner, campaign } = form.dataset;
          const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
          const typed = new URLSearchParams({ has_consent: "y", is_counselled: "y", wanted: "implan", ...said, key });
          await outbox.keep(await outbox.sealed({ form: typed.toString(), owner, campaign, key }));
          return key;
        }""",
        {"name": "Neng", "no_nik_reason": "hilang"} | said,
    )


def flush(page):
    return page.evaluate("() => outbox.flush()")


OURS = {"ok": False, "error": "x", "message": "Sebabnya."}
ANSWERS = {
    "200": (200, "done", "gone"),
    "201": (201, "done", "gone"),
    "200 for another key": (200, {"ok": True, "key": "lain"}, "waiting"),
    "400, twice": (400, OURS, "waiting"),
    "401": (401, OURS, "waiting"),
    "403": (403, OURS, "parked"),
    "404": (404, OURS, "parked"),
    "409": (409, OURS, "to mend"),
    "413": (413, OURS, "parked"),
    "422": (422, OURS, "to mend"),
    "422, unreadable": (422, OURS | {"error": "unreadable"}, "parked"),
    "429": (429, OURS, "waiting"),
    "500": (500, OURS, "waiting"),
    "503": (503, OURS, "waiting"),
    "507": (507, OURS, "waiting"),
    "no answer": (0, None, "waiting"),
    "a captive portal's page": (200, "<html>Beli paket dulu</html>", "waiting"),
    "a captive portal's json": (200, {"status": "login"}, "waiting"),
    "a proxy's own 403": (403, "<html>Forbidden</html>", "waiting"),
    "a proxy's own 404": (404, "<html>Not found</html>", "waiting"),
    "sent elsewhere": (302, "", "waiting"),
}


def test_each_answer_is_heard_as_the_table_says(window, stage):
    page = window(stage.ibu_sari, service_workers="block")
    page.goto(f"/kader/{stage.campaign.id}/daftar")
    now, found, asked = {}, {}, []

    def answer(route):
        status, body, _wanted = now["row"]
        asked.append(now["case"])
        if status == 0:
            return route.abort()
        if body == "done":
            body = {"ok": True, "key": now["key"], "number": "0001", "at": "2026-11-22T14:03:00+07:00", "next": "…"}
        kind = "text/html" if isinstance(body, str) else "application/json"
        text = body if isinstance(body, str) else json.dumps(body)
        return route.fulfill(
            status=status, content_type=kind, body=text, headers={"Location": "/masuk"} if status == 302 else {}
        )

    page.route("**/kader/kotak", answer)
    for case, row in ANSWERS.items():
        page.evaluate("async () => { for (const item of await outbox.all()) await outbox.forget(item.key); }")
        now |= {"case": case, "row": row, "key": keep_one(page)}
        flush(page)
        left = items(page)
        states = {"waiting": "waiting", "parked": "to mend" if left and left[0].get("isToMend") else "parked"}
        found[case] = states[left[0]["state"]] if left else "gone"
        if found[case] in ("parked", "to mend"):
            assert left[0]["sentence"] == "Sebabnya.", case
    assert found == {case: wanted for case, (_status, _body, wanted) in ANSWERS.items()}
    assert asked.count("400, twice") == 2, "a fresh token is fetched and it is tried once more"
    assert all(asked.count(case) == 1 for case in ANSWERS if case != "400, twice")
    assert women() == []


def test_a_poisoned_one_is_put_aside_with_its_reason_and_the_others_arrive(window, stage):
    page = ready(window(stage.ibu_sari, 360, 640, is_phone=True), stage)
    builders.registered(stage.ibu_wati, nik=builders.nik(5), name="Sudah Ada")
    page.context.set_offline(True)
    keep_one(page, name="Satu")
    keep_one(page, name="Dua", nik=builders.nik(5))
    broken = keep_one(page, name="Tiga")
    page.evaluate(
        """async (key) => {
          const item = (await outbox.all()).find((one) => one.key === key);
          item.sealed[item.sealed.length - 1] ^= 1;
          await outbox.keep(item);
        }""",
        broken,
    )
    keep_one(page, name="Empat")
    page.context.set_offline(False)
    flush(page)
    assert [woman.name for woman in women()] == ["Empat", "Satu", "Sudah Ada"]
    page.goto(f"/kader/{stage.campaign.id}")
    there = page.locator("#outbox-list")
    expect(there.get_by_text("perlu diperbaiki")).to_have_count(2)
    expect(there.get_by_text("Ibu ini sudah terdaftar dalam kampanye ini.")).to_be_visible()
    expect(there.get_by_text("Simpanan ini rusak")).to_be_visible()
    expect(there.get_by_role("button", name="Perbaiki")).to_have_count(1)
    db.session.rollback()
    [told] = db.session.scalars(db.select(Device).where(Device.person_id == stage.ibu_sari.id)).all()
    assert (told.unsent, told.parked) == (0, 2) and told.oldest_unsent_at is not None

    there.get_by_role("button", name="Perbaiki").click()
    expect(page.get_by_role("heading", name="Perbaiki pendaftaran")).to_be_visible()
    expect(page.locator(".errors").get_by_text("sudah terdaftar")).to_be_visible()
    assert page.locator("[name=name]").input_value() == "Dua"
    page.locator("[name=nik]").fill(builders.nik(6))
    for _step in range(5):
        page.get_by_role("button", name="Lanjut").click()
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Terkirim ✓")).to_be_visible()
    assert [woman.name for woman in women()] == ["Dua", "Empat", "Satu", "Sudah Ada"]
    assert [item["key"] for item in items(page)] == [broken], "the old one went with the better one"

    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/kader/{stage.campaign.id}")
    there.get_by_role("button", name="Hapus dari HP").click()
    expect(there).to_be_hidden()
    assert items(page) == []


def sign_in_as(page, person):
    page.goto("/masuk")
    page.get_by_label("Nama masuk").fill(person.sign_in_name)
    page.get_by_label("Kata sandi").fill(builders.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("link", name="Nanti saja").click()


def test_on_a_shared_phone_another_accounts_are_counted_and_neither_sent_nor_opened(window, stage):
    page = ready(window(stage.ibu_sari, 360, 640, is_phone=True), stage)
    page.context.set_offline(True)
    keep_one(page, name="Milik Sari")
    page.context.clear_cookies()
    page.context.set_offline(False)
    asked = []
    page.context.on("request", lambda request: asked.append(request.url) if "/kader/kotak" in request.url else None)
    said = []
    sign_in_as(page, stage.ibu_wati)
    expect(page.get_by_text("1 pendaftaran milik akun lain menunggu di HP ini.")).to_be_visible()
    page.goto(f"/kader/{stage.campaign.id}/daftar")
    flush(page)
    assert asked == [] and women() == [] and len(items(page)) == 1
    expect(page.locator("#outbox-list")).to_have_count(0)

    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
    page.locator(".menu summary").click()
    page.locator(".menu").get_by_role("button", name="Keluar").click()
    expect(page.get_by_text("1 pendaftaran menunggu di HP ini. Masuk supaya terkirim.")).to_be_visible()
    assert said == [], "what is somebody else's is not hers to be asked about"
    sign_in_as(page, stage.ibu_sari)
    wait_until(page, "async () => (await outbox.all()).length === 0")
    [hers] = women()
    assert (hers.name, hers.kader_id) == ("Milik Sari", stage.ibu_sari.id)


def test_leaving_with_something_unsent_asks_first_and_nothing_is_cleared(window, stage):
    page = ready(window(stage.ibu_sari, 360, 640, is_phone=True), stage)
    page.route("**/kader/kotak", lambda route: route.abort())
    keep_one(page, name="Belum Terkirim")
    said, answers = [], [False, True]

    def ask(dialog):
        said.append(dialog.message)
        dialog.accept() if answers.pop(0) else dialog.dismiss()

    page.on("dialog", ask)
    leave = page.locator(".menu").get_by_role("button", name="Keluar")
    page.locator(".menu summary").click()
    with page.expect_event("dialog"):
        leave.click()
    assert "/daftar" in page.url and said[0].startswith("1 pendaftaran di HP ini belum terkirim. Tetap keluar?")
    leave.click()
    page.wait_for_url("**/masuk**")
    assert len(said) == 2 and len(items(page)) == 1
    page.context.set_offline(True)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(f"/kader/{stage.campaign.id}/daftar")  # who has left has no form any more


def test_when_her_sign_in_has_ended_everything_stays_and_goes_on_after_it(window, stage):
    page = ready(window(stage.ibu_sari, 360, 640, is_phone=True), stage)
    page.context.set_offline(True)
    page.goto(f"/kader/{stage.campaign.id}/daftar")
    page.context.clear_cookies()
    fill_in(page, "Neng Setelah Habis")
    expect(page.get_by_text("Tersimpan di HP")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("1 pendaftaran tersimpan di HP, menunggu Ibu masuk lagi.")).to_be_visible()
    assert women() == []
    page.get_by_role("link", name="Masuk", exact=True).click()
    expect(page.get_by_text("1 pendaftaran menunggu di HP ini.")).to_be_visible()
    sign_in_as(page, stage.ibu_sari)
    wait_until(page, "async () => (await outbox.all()).length === 0")
    assert [woman.name for woman in women()] == ["Neng Setelah Habis"]


# Photos and other things of hers: until nothing more goes in, not even a little.
FILL = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("foto", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("foto", { autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
  });
  const add = (size) => new Promise((done) => {
    const transaction = db.transaction("foto", "readwrite");
    transaction.objectStore("foto").add(crypto.getRandomValues(new Uint8Array(size)));
    transaction.oncomplete = () => done("");
    transaction.onabort = () => done(transaction.error.name);
  });
  let said = "";
  for (const size of [60_000, 6_000, 600, 60]) for (let n = 0; n < 200 && !(said = await add(size)); n++);
  return said;
}"""


def test_a_full_phone_says_so_before_the_form_is_cleared_and_sends_where_it_can(chromium, stage, server):
    context = chromium.new_context(base_url=server.url, viewport={"width": 360, "height": 640})
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": 3_000_000})
    sign_in_as(page, stage.ibu_sari)
    ready(page, stage)
    assert page.evaluate(FILL) == "QuotaExceededError"
    context.set_offline(True)
    fill_in(page, "Neng Tak Muat")
    expect(page.get_by_text("HP penuh, jadi belum tersimpan. Isian tetap di layar.")).to_be_visible()
    assert page.locator("[name=name]").input_value() == "Neng Tak Muat"
    assert items(page) == [] and women() == []
    context.set_offline(False)
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Terkirim ✓")).to_be_visible()
    assert [woman.name for woman in women()] == ["Neng Tak Muat"]
    context.close()


def test_a_wrong_phone_clock_is_said_and_moves_nothing(window, stage):
    page = window(stage.ibu_sari, 360, 640, is_phone=True)
    page.clock.install(time="2036-11-22T08:00:00")
    ready(page, stage)
    keep_one(page, name="Sepuluh Tahun")
    assert flush(page) == ""
    expect(page.get_by_text(re.compile("Jam HP ini terlalu cepat 3[0-9]{3} hari"))).to_be_visible()
    [woman] = women()
    db.session.rollback()
    assert woman.registered_at.year < 2036 and items(page) == []


def test_the_page_about_the_phone_says_that_it_is_ready_and_without_https_why_not(window, stage, server, chromium):
    page = ready(window(stage.ibu_sari, 360, 640, is_phone=True), stage)
    page.goto("/kader/hp")
    expect(page.locator("#phone-says")).to_contain_text("HP ini siap")
    expect(page.locator("#phone-check")).to_contain_text("Formulir sudah disimpan di HP✓ sudah")
    page.screenshot(path=str(server.folder / "hp.png"), full_page=True)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360 and page.complaints == []


def test_without_https_the_form_is_posted_plainly_and_the_page_says_why(stage, server, chromium):
    host = "kb.test"
    other = chromium.browser_type.launch(
        executable_path=find_chromium(), args=[*FLAGS, f"--host-resolver-rules=MAP {host} 127.0.0.1"]
    )
    page = other.new_page(base_url=f"http://{host}:{server.port}", viewport={"width": 360, "height": 640})
    sign_in_as(page, stage.ibu_sari)
    assert page.evaluate("() => [isSecureContext, outbox.canKeep]") == [False, False]
    page.goto("/kader/hp")
    expect(page.locator("#phone-says")).to_contain_text("alamat ini dibuka tanpa https")
    page.goto(f"/kader/{stage.campaign.id}/daftar")
    fill_in(page, "Neng Biasa")
    expect(page.get_by_role("heading", name=re.compile("Tersimpan"))).to_be_visible()
    assert [woman.name for woman in women()] == ["Neng Biasa"]
    other.close()


def test_a_phone_that_dies_while_it_sends_loses_and_doubles_nothing(chromium, stage, tmp_path):
    """The short one; `make bench` does it with 500 and twenty deaths."""
    seen = drill(SimpleNamespace(chromium=chromium.browser_type), stage, tmp_path, keeps=33, kills=3)
    assert seen["control"], "what may be readable is found, so what may not would be"
    assert seen["before the last kill"] < 30 and seen["upgraded"]
    assert seen["parked"] == ["already_registered", "form", "unreadable"]
    assert {name: seen[name] for name in ("delivered", "lost", "doubled", "without a reason", "readable")} == {
        "delivered": 30,
        "lost": 0,
        "doubled": 0,
        "without a reason": 0,
        "readable": [],
    }
