"""A service day of forty, played by two staff at two screens: scans, walk-ins, a deferral, a referral, a correction, the end.

At four o'clock every woman has an outcome, and the count agrees with the ledger.
"""

from collections import Counter

import pytest
from playwright.sync_api import expect

from campaign import actions, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, Booking, PointKind, ServiceDay
from campaign.rules.roles import Role
from tests import builders
from tests.browser.conftest import shut_out
from tests.builders import key

pytestmark = pytest.mark.browser
BOOKED, WALK_INS = 36, 4


@pytest.fixture
def forty(stage):
    """A day of forty seats, thirty-six booked; a second bidan; a hospital."""
    with builders.writing():
        stage.rsud = builders.places.write_point(
            "32.14", name="RSUD Bayu Asih", kind=PointKind.RUMAH_SAKIT, kecamatan_code="32.14.01"
        )
        stage.bidan_ani = builders.person("ani", "Bidan Ani", Role.PUSKESMAS, service_point_id=stage.maracang.id)
    stage.forty = builders.service_day(stage.maracang, seats=BOOKED + WALK_INS)
    stage.later = builders.service_day(stage.maracang, seats=10, in_days=1)
    stage.women = [
        builders.booked(stage.ibu_sari, stage.forty, name=f"Ibu {n:02}", nik=builders.nik(n)).id for n in range(BOOKED)
    ]
    stage.known = builders.registered(stage.ibu_wati, name="Ibu Lama", nik=builders.nik(900)).id
    return stage


def ticket_of(akseptor_id):
    return queries.ticket_code(builders.booking_of(akseptor_id))


def scan(page, code):
    """As a scanner does: typed in an instant, then Enter."""
    field = page.get_by_label("Pindai tiket, atau ketik kode atau nama")
    field.fill(code)
    field.press("Enter")


def walk_in(page, name, number):
    page.get_by_role("link", name="Ibu datang langsung").click()
    page.get_by_label("Nama lengkap (istri)").fill(name)
    page.get_by_label("NIK istri").fill(builders.nik(number))
    page.get_by_label("Desa tempat tinggal").select_option("32.14.12.2001")
    page.locator("[name=wanted][value=iud]").check()
    page.get_by_label("Ibu setuju datanya disimpan").check()
    page.get_by_label("Ibu sudah dikonseling dan bersedia dilayani").check()
    page.get_by_role("button", name="Daftarkan dan catat hadir").click()


def serve(page, name):
    page.get_by_role("link", name=f"Dilayani {name}", exact=True).click()
    if (
        not page.locator("[name=method]:checked").count()
        or page.locator("[name=method]:checked").get_attribute("value") == "implan"
    ):
        page.locator("[name=method][value=implan_2]").check()
    page.get_by_label("ya, sudah ditandatangani").check()
    page.get_by_role("button", name="Simpan: sudah dilayani").click()
    expect(page.get_by_text(f"{name}: dilayani.")).to_be_visible()


def test_forty_women_come_and_at_the_end_every_one_has_an_outcome(window, forty):
    sheet = f"/puskesmas/hari/{forty.forty.id}"
    ratna, ani = window(forty.bidan_ratna), window(forty.bidan_ani, 360, 640)
    ratna.goto(sheet)
    ani.goto(sheet)
    ani.evaluate("() => { window.neverReloaded = true }")
    half_typed = ani.get_by_label("Pindai tiket, atau ketik kode atau nama")
    half_typed.fill("Ibu 3")
    ani.locator(f"[name=her][value='{forty.women[33]}']").check()

    # Twenty tickets one after the other, faster than the server answers; the other screen shows them by itself.
    for akseptor_id in forty.women[:20]:
        scan(ratna, ticket_of(akseptor_id))
    expect(ratna.locator("#scanned")).to_contain_text("Lanjut: Ibu 19, antrean no. 20", timeout=60_000)
    expect(ani.get_by_role("heading", name="Sudah hadir, menunggu giliran (20)")).to_be_visible(timeout=20_000)
    assert ani.evaluate("() => window.neverReloaded") is True
    assert half_typed.input_value() == "Ibu 3", "a colleague's change disturbs nobody who types"
    expect(ani.locator(f"[name=her][value='{forty.women[33]}']")).to_be_checked()

    # The same ticket once more, at the other desk.
    scan(ani, ticket_of(forty.women[3]).lower())
    expect(ani.locator("#scanned .stop")).to_contain_text("Ibu 03 sudah hadir")
    # Several at once: ten are here, ticked on the sheet.
    ani.goto(sheet)
    for akseptor_id in forty.women[20:30]:
        ani.locator(f"[name=her][value='{akseptor_id}']").check()
    ani.locator("#several").get_by_role("button", name="Hadir", exact=True).click()
    expect(ani.locator("#notice")).to_contain_text("Ibu 29: hadir.")
    # Two by a tap.
    for name in ("Ibu 30", "Ibu 31"):
        ani.get_by_role("button", name=f"Hadir {name}", exact=True).click()
        expect(ani.locator("#notice")).to_contain_text(f"{name}: hadir.")

    # Walk-ins: three new ones, and one who was registered by another kader.
    for n in range(3):
        walk_in(ratna, f"Datang {n}", 910 + n)
        expect(ratna.locator("#notice")).to_contain_text("Dicatat atas nama kader Ibu Sari")
    walk_in(ratna, "Ibu Lama", 900)
    expect(ratna.get_by_text("NIK ini sudah terdaftar")).to_be_visible()
    ratna.get_by_role("button", name="Ya, catat hadir").click()
    expect(ratna.locator("#notice")).to_contain_text("Ibu Lama sudah terdaftar sebelumnya")

    # Served by both; the register's facts are filled in once.
    serve(ratna, "Ibu 00")
    serve(ani, "Ibu 01")
    serve(ratna, "Datang 0")
    # Deferred with a proposed day, referred, gone home.
    ani.get_by_role("link", name="Tunda Ibu 02", exact=True).click()
    ani.locator("[name=reason][value=haid]").check()
    ani.get_by_role("button", name="Simpan: ditunda").click()
    expect(ani.get_by_text("Ibu 02: ditunda.")).to_be_visible()
    ratna.goto(sheet)
    ratna.get_by_role("link", name="Rujuk Ibu 03", exact=True).click()
    ratna.get_by_label("Dirujuk ke").select_option(label="RSUD Bayu Asih (rumah sakit)")
    ratna.locator("[name=reason][value=operatif]").check()
    ratna.get_by_role("button", name="Simpan: dirujuk").click()
    expect(ratna.get_by_text("Ibu 03: dirujuk.")).to_be_visible()
    ani.on("dialog", lambda dialog: dialog.accept())
    ani.goto(sheet)
    ani.get_by_role("button", name="Pulang Ibu 04", exact=True).click()
    expect(ani.locator("#notice")).to_contain_text("Ibu 04: tidak hadir.")

    # A correction: that was Ibu 05, not Ibu 01.
    ani.get_by_role("link", name="Betulkan Ibu 01", exact=True).click()
    ani.get_by_label("salah orang").check()
    ani.get_by_role("button", name="Betulkan").click()
    expect(ani.get_by_text("Ibu 01: dibetulkan.")).to_be_visible()
    serve(ani, "Ibu 05")

    # The afternoon goes to another day: four who have not come are moved there, and today has four seats fewer.
    ratna.goto(f"{sheet}/ubah")
    ratna.get_by_label("Jumlah kursi").fill("36")
    ratna.get_by_text("Pindahkan sebagian Ibu (4 belum datang)").click()
    for akseptor_id in forty.women[32:]:
        ratna.locator(f"[name=leaving][value='{akseptor_id}']").check()
    ratna.locator("#resize-form [name=to]").select_option(str(forty.later.id))
    ratna.get_by_role("button", name="Simpan kursi").click()
    expect(ratna.get_by_text("Kursi sudah diubah.")).to_be_visible()

    # The day cannot be closed while somebody waits: the two serve the rest, turn about.
    ani.goto(sheet)
    expect(ani.get_by_role("button", name="Tutup hari ini")).to_have_count(0)
    db.session.commit()  # the stage's own snapshot is from this morning
    left = db.session.scalars(
        db.select(Akseptor)
        .join(Booking)
        .where(Booking.service_day_id == forty.forty.id, Booking.outcome.is_(None))
        .order_by(Akseptor.name)
    ).all()
    assert len(left) == 30 and {akseptor.status for akseptor in left} == {"attended"}
    ratna.goto(sheet)
    for n, akseptor in enumerate(left):
        serve((ratna, ani)[n % 2], akseptor.name)
    ratna.goto(sheet)
    ratna.get_by_role("button", name="Tutup hari ini").click()
    expect(ratna.locator("#day-sheet")).to_contain_text("Hari ini sudah ditutup")

    db.session.rollback()  # what the stage remembers is of before the two went on
    outcomes = Counter(
        outcome.value
        for outcome in db.session.scalars(db.select(Booking.outcome).where(Booking.service_day_id == forty.forty.id))
    )
    assert outcomes == {"served": 33, "deferred": 1, "referred": 1, "missed": 1, "moved": 4}
    assert sum(outcomes.values()) == BOOKED + WALK_INS
    assert db.session.get(ServiceDay, forty.later.id).taken == 4
    assert queries.differences() == []
    day = db.session.get(ServiceDay, forty.forty.id)
    assert day.closed_at <= now() and day.taken <= day.seats
    assert [page.complaints for page in (ratna, ani)] == [[], []]


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1366, 768)])
def test_every_page_of_the_day_shuts_nobody_out(window, forty, tmp_path, width, height):
    sheet, campaign = f"/puskesmas/hari/{forty.forty.id}", forty.campaign.id
    here, expected = forty.women[0], forty.women[1]
    for n in (0, 2, 3, 4):
        actions.attend(db.session.get(Akseptor, forty.women[n]), by=forty.bidan_ratna, key=key())
    actions.refer(
        db.session.get(Akseptor, forty.women[2]), to=forty.rsud, reason="operatif", by=forty.bidan_ratna, key=key()
    )
    actions.defer(db.session.get(Akseptor, forty.women[3]), reason="haid", by=forty.bidan_ratna, key=key())
    with builders.writing():
        doctor = builders.person("dokter", "dr. Hani", Role.PUSKESMAS, service_point_id=forty.rsud.id)
    builders.service_day(forty.rsud, in_days=1)
    paths = {
        "ratna": [
            sheet,
            f"{sheet}/cetak",
            f"{sheet}/datang",
            *(f"{sheet}/{here}/{deed}" for deed in ("layani", "tunda", "rujuk", "betulkan")),
            f"/puskesmas/tiket/{ticket_of(expected)}",
            *(f"/puskesmas/{campaign}/{page}" for page in ("rujukan", "cari")),
            "/puskesmas/dibuka",
        ],
        "lilis": ["/dppkb/sebab-tunda", "/puskesmas/dibuka", sheet],
        "dokter": [f"/puskesmas/{campaign}/rujukan"],
    }
    found, people = [], {"ratna": forty.bidan_ratna, "lilis": forty.bu_lilis, "dokter": doctor}
    for who, addresses in paths.items():
        page = window(people[who], width, height)
        for n, path in enumerate(addresses):
            page.goto(path)
            found += shut_out(page)
            page.screenshot(path=tmp_path / f"{who}-{n}.png", full_page=True)
        if who == "ratna":
            page.goto(sheet)
            scan(page, ticket_of(expected))
            expect(page.locator("#scanned .go")).to_be_visible()
            found += shut_out(page, "a scan")
            page.screenshot(path=tmp_path / "scan.png", full_page=True)
            page.goto(f"/puskesmas/{campaign}/cari")
            page.get_by_label("NIK istri").fill(builders.nik(900))
            page.get_by_label("Ibu ini atau kadernya menelepon").check()
            page.get_by_role("button", name="Buka catatannya").click()
            expect(page.get_by_role("heading", name="Ibu Lama")).to_be_visible()
            found += shut_out(page, "found")
            page.screenshot(path=tmp_path / "found.png", full_page=True)
        assert page.complaints == [], who
    assert found == [], "\n".join(found)


# A browser that has a detector, as a phone's has: it sees what lies before its camera, here a canvas.
DETECTOR = """
window.before = [];
window.BarcodeDetector = class {
  async detect(video) { return video.srcObject ? window.before.map((rawValue) => ({ rawValue })) : []; }
};
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => {
  const canvas = document.createElement("canvas"), drawn = canvas.getContext("2d");
  setInterval(() => drawn.fillRect(0, 0, 1, 1), 50);  // a picture that never changes has no frames
  return canvas.captureStream();
} } });
"""


def test_where_the_browser_can_read_codes_its_camera_takes_the_tickets(window, forty):
    ratna = window(forty.bidan_ratna, 360, 640)
    ratna.add_init_script(DETECTOR)
    ratna.goto(f"/puskesmas/hari/{forty.forty.id}")
    ratna.get_by_role("button", name="Pakai kamera").click()
    expect(ratna.locator(".camera")).to_be_visible()
    for n in (0, 1):
        ratna.evaluate("(code) => { window.before = [code] }", ticket_of(forty.women[n]))
        expect(ratna.locator("#scanned")).to_contain_text(f"Lanjut: Ibu 0{n}, antrean no. {n + 1}", timeout=20_000)
    ratna.get_by_role("button", name="Tutup kamera").click()
    expect(ratna.locator(".camera")).to_be_hidden()
    here = db.select(db.func.count()).select_from(Akseptor).where(Akseptor.status == "attended")
    db.session.rollback()
    assert db.session.scalar(here) == 2, "a ticket that stays before the lens is one arrival"
    assert ratna.complaints == []


def test_taps_that_follow_each_other_faster_than_the_server_answers_are_all_heard(window, forty):
    """The line they wait in must outlive what is swapped."""
    ratna = window(forty.bidan_ratna)
    ratna.goto(f"/puskesmas/hari/{forty.forty.id}")
    lame = [1500]

    def slow(route):
        if lame:
            ratna.wait_for_timeout(lame.pop())
        route.continue_()

    ratna.route("**/hadir", slow)
    for n in range(3):
        ratna.get_by_role("button", name=f"Hadir Ibu {n:02}", exact=True).click(no_wait_after=True)
    for akseptor_id in forty.women[3:6]:
        scan(ratna, ticket_of(akseptor_id))
    expect(ratna.get_by_role("heading", name="Sudah hadir, menunggu giliran (6)")).to_be_visible(timeout=30_000)
