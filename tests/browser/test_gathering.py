"""A hall of 107 kader in Chromium: two desks, phones at the door and the bar on the wall, and what comes between them.

Simulated: the people (invented), their hands (machine speed, so that ten minutes pass in one), and the hour at which one is late,
which is moved instead of waited for. In Chromium are twelve phones at the door, desk A and desk B, the wall of the hall and the
board; the other people press the same buttons over HTTP at the same time (tests/hall.py). Everything runs on one machine.
"""

import re
from collections import Counter
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from campaign import queries
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Gathering
from campaign.rules.attendance import Attendance
from campaign.rules.gatherings import SignedBy
from campaign.words import hour
from tests import builders, hall
from tests.browser.conftest import wait_until
from tests.browser.killable import IS_KEPT, Phone
from tests.client import Client

pytestmark = pytest.mark.browser

INVITED, PHONES = 107, 12
DESA = ["32.14.12.2001", "32.14.12.2002", "32.14.01.1001"]
# What a page has ever shown: the number, and what its bar says to who cannot see it; with the moment, as the server counts it.
WATCH = """(what) => {
  window.shown = [];
  const look = () => {
    const told = document.querySelector(what), n = told.querySelector("strong").textContent;
    const [bar] = told.querySelector("svg.bar").getAttribute("aria-label").split(" ");
    if (window.shown.at(-1)?.[1] !== n) window.shown.push([Date.now() / 1000, n, bar]);
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  look();
}"""


@pytest.fixture
def balangan(stage):
    """107 of the register are invited, sign-in is open, nobody is late yet."""
    with writing():
        people = hall.kader(INVITED, DESA)
    gathering = builders.gathering(
        stage.bu_lilis, name="Orientasi Kader IMP", place="Aula Kecamatan Juai", target=INVITED
    )
    invitees = builders.invited(gathering, *people, by=stage.bu_lilis)
    return SimpleNamespace(
        gathering=gathering, people=people, invitees=invitees, desk=f"/pertemuan/{gathering.id}/meja"
    )


@pytest.fixture
def phone_of(chromium, server):
    """`phone_of(person)`: a phone she has been signed in on for weeks."""
    contexts = []

    def hand_over(person, **more):
        client = Client(server).sign_in(person.sign_in_name)
        size = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True}
        context = chromium.new_context(base_url=server.url, locale="id-ID", timezone_id="Asia/Jakarta", **size, **more)
        contexts.append(context)
        context.add_cookies([{"name": c.key, "value": c.value, "url": server.url} for c in client.cookies.values()])
        return context.new_page()

    yield hand_over
    for context in contexts:
        context.close()


def door(gathering) -> str:
    """What the code on the door carries."""
    return f"/hadir/{gathering.door_code}"


def fresh(row):
    db.session.rollback()
    return db.session.get_one(type(row), row.id)


def move(gathering, **to):
    """The hands of the clock: time does not pass in a test."""
    with writing():
        for name, value in to.items():
            setattr(db.session.get_one(Gathering, gathering.id), name, value)


def complaints(page):
    """What went wrong on the page; a line that was cut or a page left while it asked is not wrong."""
    cut = (
        "ERR_INTERNET_DISCONNECTED",
        "Failed to fetch",
        "ERR_CONNECTION_",
        "ERR_EMPTY_RESPONSE",
        "htmx:afterRequest",
        "htmx:sendError",
        "htmx:sendAbort",  # what only asks makes way for what is pressed
    )
    return [said for said in page.complaints if not any(word in said for word in cut)]


def test_107_kader_by_two_desks_and_the_door(window, phone_of, chromium, stage, server, balangan):
    gathering, people, rows = balangan.gathering, balangan.people, balangan.invitees
    wall = chromium.new_page(base_url=server.url, viewport={"width": 1920, "height": 1080})
    wall.goto(f"/dinding/{builders.hall_wall(gathering, by=stage.bu_lilis)[1]}")
    board = window(stage.pak_dedi)
    board.goto(f"/papan/pertemuan/{gathering.id}")
    pages = {"#wall-total": wall, "#board-total": board}
    for what, page in pages.items():
        page.evaluate(WATCH, what)
    desk_a, desk_b = window(stage.bu_lilis), window(stage.pak_wawan)
    for desk in (desk_a, desk_b):
        desk.goto(balangan.desk)
    phones = [phone_of(person) for person in people[:PHONES]]
    for phone in phones:
        phone.goto(door(gathering))

    def hands(*who):
        started = [hall.Hand(server, name, presses, **headers) for name, presses, headers in who]
        for hand in started:
            hand.start()
        return started

    def both_say(present):
        """Ledger, wall, board and both desks."""
        assert hall.standing(gathering)["present"] == present
        for what, page in pages.items():
            wait_until(page, f"async () => document.querySelector('{what} strong').textContent === '{present}'")
        for desk in (desk_a, desk_b):
            expect(desk.locator("#desk h2").first).to_have_text(f"{present} hadir dari 107", timeout=30_000)
        desa = queries.turnout(fresh(gathering)).desa_lists
        for area in (area for areas in desa.values() for area in areas):
            mark = f"#area-{area.code.replace('.', '')} .n"
            expect(wall.locator(mark)).to_have_text(f"{area.present} / {area.listed}")

    # Twelve phones at the door, while both desks tap and read letters.
    at_desks = hands(
        ("lilis", [hall.tap(row) for row in rows[12:24]], hall.AT_A_DESK),
        ("wawan", [hall.letter(row) for row in rows[24:36]], hall.AT_A_DESK),
    )
    for phone in phones:
        phone.get_by_role("button", name="Saya hadir").tap(no_wait_after=True)
    for phone in phones:
        expect(phone.locator("#door-said")).to_contain_text("Anda tercatat hadir pukul", timeout=30_000)
    hall.all_done(at_desks)
    both_say(36)

    # Desk A taps, desk B has a scanner that does not wait, and more phones come to the door.
    at_door = hands(*((person.sign_in_name, [hall.at_the_door(gathering)], {}) for person in people[36:46]))
    desk_a.get_by_label("Hanya yang belum datang").check()
    for row in rows[46:50]:
        desk_a.get_by_role("button", name=f"Hadir {row.name}", exact=True).click()
        expect(desk_a.locator("#scanned")).to_have_text(re.compile(f"^{row.name}.*: hadir "))
    box = desk_b.get_by_label("Pindai surat undangan")
    for row in rows[50:54]:
        box.press_sequentially(row.code)
        box.press("Enter")
    expect(desk_b.locator("#scanned")).to_contain_text(rows[53].name, timeout=30_000)
    hall.all_done(at_door)
    both_say(54)

    # One is represented, one has sent word, and one comes whom nobody has invited.
    desk_a.get_by_label("Hanya yang belum datang").uncheck()
    desk_a.get_by_role("link", name=f"Lainnya {rows[54].name}", exact=True).click()
    desk_a.locator("summary", has_text="Diwakili").click()
    desk_a.get_by_label("Siapa yang datang").fill("Bu Camat")
    desk_a.get_by_role("button", name="Catat diwakili").click()
    expect(desk_a.get_by_text("diwakili Bu Camat").first).to_be_visible()
    desk_b.get_by_role("link", name=f"Lainnya {rows[55].name}", exact=True).click()
    desk_b.locator("summary", has_text="Izin").click()
    desk_b.get_by_label("Sakit").check()
    desk_b.get_by_role("button", name="Catat izin").click()
    expect(desk_b.get_by_text(f"{rows[55].name}: izin.")).to_be_visible()
    desk_a.get_by_role("link", name="Datang tanpa undangan").click()
    desk_a.get_by_role("searchbox").fill(stage.ibu_wati.name)
    desk_a.get_by_role("searchbox").press("Enter")
    desk_a.get_by_role("button", name=f"Hadir {stage.ibu_wati.name}").click()
    expect(desk_a.get_by_text(f"{stage.ibu_wati.name}").first).to_be_visible()
    both_say(56)

    # The hour has struck: who comes now is late. Then the list is closed.
    both = hands(
        ("lilis", [hall.tap(row) for row in rows[56:76]], hall.AT_A_DESK),
        ("wawan", [hall.letter(row) for row in rows[76:93]], hall.AT_A_DESK),
    )
    hall.all_done(both)
    both_say(93)
    move(gathering, late_at=now() - timedelta(seconds=1))
    hall.all_done(hands(*((person.sign_in_name, [hall.at_the_door(gathering)], {}) for person in people[93:97])))
    desk_b.get_by_role("button", name=f"Hadir {rows[97].name}", exact=True).click()
    expect(desk_b.locator("#scanned")).to_contain_text("terlambat")
    both_say(98)
    seen = [page.evaluate("() => shown.map(([at, n, bar]) => [at, +n, +bar])") for page in pages.values()]
    desk_a.locator("summary", has_text="Tutup daftar hadir").click()
    desk_a.get_by_role("button", name="Tutup sekarang").click()
    expect(desk_a.get_by_text("Daftar hadir sudah ditutup").first).to_be_visible()
    expect(desk_b.get_by_text("Daftar hadir sudah ditutup").first).to_be_visible(timeout=30_000)

    told = hall.standing(gathering)
    assert told == {"came": 92, "late": 5, "represented": 1, "excused": 1, "absent": 9, "present": 98}
    listed = Counter(row.status.value for row in map(fresh, rows))
    assert sum(listed.values()) == INVITED and listed == {
        "came": 91,
        "late": 5,
        "represented": 1,
        "excused": 1,
        "absent": 9,
    }
    assert queries.differences() == [] and hall.came_twice(gathering) == 0
    entered = [moment.timestamp() for moment in hall.arrivals(gathering)]
    for shown in seen:
        assert [n for _, n, _ in shown] == sorted(n for _, n, _ in shown), "it never goes back"
        ahead = [(at, n) for at, n, _ in shown if n > sum(moment <= at + 0.001 for moment in entered)]
        assert ahead == [], "it never shows more than the ledger holds"
        assert all(n == bar for _, n, bar in shown) and shown[-1][1] == 98
    for what, page in pages.items():  # also where the closed list has made the page come anew
        expect(page.locator(f"{what} strong")).to_have_text("98")
    assert [*complaints(desk_a), *complaints(desk_b), *complaints(board)] == []
    wall.close()


def test_a_letter_and_a_tap_at_the_same_time_lose_none_and_a_proxys_502_is_no_answer(window, stage, server, balangan):
    """A scanner does not wait for a tap that is under way, nor for a server that is being started again."""
    gathering, rows = balangan.gathering, balangan.invitees
    desk = window(stage.bu_lilis)
    desk.goto(balangan.desk)
    lame = {"taps": 1, "letters": 2}

    def slow(route):
        if lame["taps"]:
            lame["taps"] -= 1
            desk.wait_for_timeout(1500)
        route.continue_()

    def away(route):
        if lame["letters"]:
            lame["letters"] -= 1
            return route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>")
        return route.continue_()

    desk.route("**/hadir", slow)
    desk.route("**/meja/kode", away)
    for row in rows[:3]:
        desk.get_by_role("button", name=f"Hadir {row.name}", exact=True).click(no_wait_after=True)
    box = desk.get_by_label("Pindai surat undangan")
    for row in rows[3:7]:
        box.fill(row.code)
        box.press("Enter", no_wait_after=True)
    expect(desk.locator("#desk h2").first).to_have_text("7 hadir dari 107", timeout=30_000)
    assert hall.standing(gathering)["present"] == 7 and hall.came_twice(gathering) == 0


# ---- Once ----

PRESS_AT = "([at, what]) => void setTimeout(() => document.querySelector(what).click(), at - Date.now())"


def test_at_two_desks_and_the_door_at_the_same_moment_she_came_once_and_all_are_told(
    window, phone_of, stage, server, balangan
):
    gathering, people, rows = balangan.gathering, balangan.people, balangan.invitees
    desk_a, desk_b, phone = window(stage.bu_lilis), window(stage.pak_wawan), phone_of(people[0])
    for desk in (desk_a, desk_b):
        desk.goto(balangan.desk)
    phone.goto(door(gathering))
    her, at = f"form[action*='{rows[0].id}'] button", (now() + timedelta(seconds=2)).timestamp() * 1000
    for page, what in ((desk_a, her), (desk_b, her), (phone, "#door-form button")):
        page.evaluate(PRESS_AT, [at, what])
    expect(phone.locator("#door-said")).to_contain_text("Anda tercatat hadir pukul", timeout=30_000)
    heard = []
    for desk in (desk_a, desk_b):
        expect(desk.locator("#scanned")).to_have_text(
            re.compile(f"^{rows[0].name}.*: (hadir|sudah hadir sejak) "), timeout=30_000
        )
        heard.append("sudah" in desk.locator("#scanned").text_content())
    assert sum(heard) >= 1, "at most one desk was the first"

    # Ten more, without a picture and without a pause: both desks and her own phone, two times each.
    presses = [press(row) for row in rows[1:11] for press in (hall.tap, hall.letter)]
    again = [press(row) for row in rows[1:11] for press in (hall.letter, hall.tap)]
    hands = [hall.Hand(server, "lilis", presses, **hall.AT_A_DESK), hall.Hand(server, "wawan", again, **hall.AT_A_DESK)]
    hands += [hall.Hand(server, one.sign_in_name, [hall.at_the_door(gathering)] * 2) for one in people[1:11]]
    for hand in hands:
        hand.enter()
    for hand in hands:
        hand.start()
    hall.all_done(hands)
    told = [text for hand in hands[:2] for _status, text in hand.answers.values()]
    assert all(re.search(r"Ibu Kader \d{4}[^<]*: (sudah )?hadir ", text) for text in told) and len(told) == 40
    assert {status for hand in hands for status, _ in hand.answers.values()} == {200, 303}
    assert hall.standing(gathering) == {"came": 11, "invited": 96, "present": 11}
    assert hall.came_twice(gathering) == 0 and queries.differences() == []


# ---- The door on a weak line ----


def items(page):
    return page.evaluate("() => outbox.all()")


def test_pressed_without_a_line_it_outlives_the_phone_and_counts_at_its_own_moment(chromium, stage, server, tmp_path):
    gathering = builders.gathering(stage.bu_lilis)
    (sari,) = builders.invited(gathering, stage.ibu_sari, by=stage.bu_lilis)
    phone = Phone(SimpleNamespace(chromium=chromium.browser_type), server, tmp_path / "profil")
    try:
        phone.on()
        wait_until(phone.enter(door(gathering)), IS_KEPT)
        phone.off()  # she has looked at the door before: it stands on the disk
        phone.on()
        page = phone.enter(door(gathering))
        phone.context.set_offline(True)
        page.get_by_role("button", name="Saya hadir").click()
        expect(page.locator("#door-said")).to_contain_text("Tersimpan di HP pukul")
        expect(page.locator("#outbox-list").get_by_text("tersimpan di HP")).to_be_visible()
        [kept] = items(page)
        phone.die()
        assert hall.standing(gathering) == {"invited": 1}
        move(gathering, late_at=now())  # whoever comes from now on is late

        server.kill()  # no line to it: what the phone kept is all there is
        phone.on()
        page = phone.page
        page.goto(server.url + door(gathering))
        expect(page.get_by_role("button", name="Saya hadir")).to_be_visible()
        expect(page.locator("#outbox-list").get_by_text("tersimpan di HP")).to_be_visible()
        assert [item["key"] for item in items(page)] == [kept["key"]]
        server.start()
        phone.context.set_offline(True)
        phone.context.set_offline(False)  # the phone finds a line; its browser has forgotten who was signed in
        expect(page.get_by_text("1 tanda hadir tersimpan di HP, menunggu Ibu masuk lagi.")).to_be_visible(
            timeout=30_000
        )
        page.get_by_role("link", name="Masuk", exact=True).click()
        page.get_by_label("Nama masuk").fill("sari")
        page.get_by_label("Kata sandi").fill(builders.PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(re.compile(f"{door(gathering)}|/pin"))
        if "/pin" in page.url:  # killed before it had written down that this phone is known
            page.get_by_role("link", name="Nanti saja").click()
            page.wait_for_url(f"**{door(gathering)}")
        expect(page.locator("main")).to_contain_text("Anda tercatat hadir pukul", timeout=30_000)
        assert items(page) == [] and page.locator("#door-form").is_hidden()
        came = fresh(sari)
        assert (came.status, came.signed_by) == (Attendance.CAME, SignedBy.DOOR), "and not late"
        assert abs(came.came_at - datetime.fromisoformat(kept["at"])) < timedelta(seconds=2)
        assert hall.standing(gathering) == {"came": 1, "present": 1} and hall.came_twice(gathering) == 0
        page.goto(f"{server.url}/hadir/")
        said = f"hadir {hour(came.came_at, gathering.zone)}"
        expect(page.locator("li.card", has_text=gathering.name)).to_contain_text(said)
        page.goto(server.url + door(gathering))
        expect(page.get_by_text("Anda tercatat hadir pukul")).to_be_visible()
    finally:
        if phone.process.poll() is None:
            phone.die()


def test_what_is_not_taken_says_why_at_the_door_and_in_her_room_and_can_be_put_away(phone_of, stage, server):
    gathering = builders.gathering(stage.bu_lilis)
    (sari,) = builders.invited(gathering, stage.ibu_sari, by=stage.bu_lilis)
    for person, change, sentence in (
        (stage.ibu_wati, {}, "Nama Anda belum ada di daftar undangan pertemuan ini"),
        (
            stage.ibu_sari,
            {"late_at": now() - timedelta(minutes=50), "closes_at": now() - timedelta(minutes=30)},
            "Daftar hadir",
        ),
    ):
        page = phone_of(person)
        page.goto(door(gathering))
        wait_until(page, IS_KEPT)
        page.context.set_offline(True)
        page.goto(door(gathering))
        page.get_by_role("button", name="Saya hadir").click()
        expect(page.locator("#door-said")).to_contain_text("Tersimpan di HP pukul")
        move(gathering, **change)
        page.context.set_offline(False)
        expect(page.locator("#door-said")).to_contain_text(sentence, timeout=30_000)
        page.goto("/hadir/")
        mine = page.locator("#outbox-list")
        expect(mine.get_by_text("tidak diterima")).to_be_visible()
        expect(mine.get_by_text(sentence)).to_be_visible()
        expect(mine.get_by_role("button", name="Perbaiki")).to_have_count(0)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
        page.on("dialog", lambda dialog: dialog.accept())
        mine.get_by_role("button", name="Hapus dari HP").click()
        expect(mine).to_be_hidden()
        assert items(page) == [] and fresh(sari).status == Attendance.INVITED


def test_a_server_that_dies_while_two_desks_and_phones_sign_in_loses_and_doubles_nobody(stage, server, balangan):
    """The short one; `make bench` does it with more people and deaths, on both engines."""
    gathering = builders.gathering(stage.bu_lilis)
    seen = hall.drill(server, stage, gathering, balangan.people[:40], seconds=8, kills=2)
    assert seen["sent again"] > 0, "something was under way when it died"
    assert seen["signed in"] == 40
    wrong = ("refused", "lost", "doubled", "turnout", "differences")
    assert {name: seen[name] for name in wrong} == dict.fromkeys(wrong, 0)


def test_minutes_that_were_typed_and_not_saved_are_not_lost_to_another_form(window, stage, balangan):
    page = window(stage.bu_lilis)
    page.goto(f"/pertemuan/{balangan.gathering.id}/sesudah")
    page.get_by_label("Notulen").fill("Yang disampaikan pagi ini.")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Ringkasan").click(no_wait_after=True)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Notulen")).to_have_value("Yang disampaikan pagi ini.")
    page.get_by_role("button", name="Simpan notulen").click()
    page.wait_for_load_state()
    page.get_by_role("link", name="Ringkasan").click()
    page.wait_for_url(f"**/pertemuan/{balangan.gathering.id}")
    assert len(asked) == 1, "what was saved is asked about no more"
