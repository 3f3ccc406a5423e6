"""One's own account: in by a card, a passphrase and a PIN of one's own, and the browsers one is known on."""

import logging
import re
from datetime import timedelta

import pytest

from campaign import queries
from campaign.actions import cards, staff
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import NO_PASSWORD, Activation, Device, Person, SignIn
from campaign.rules.roles import Role
from tests import builders
from tests.builders import PASSWORD, key
from tests.screen import Screen
from tests.views.test_people import cards_on

NEW, PIN = "kuda laut minum teh", "580274"
DEAD = "Kartu ini tidak berlaku lagi, atau yang diketik keliru."


@pytest.fixture
def tuti(cast):
    """Kader of Margacinta, with a card and nothing else."""
    with builders.writing():
        row = staff.enlist("32.14", sign_in_name="tuti", name="Ibu Tuti", role=Role.KADER, desa_code="32.14.12.2001")
    return row


@pytest.fixture
def card(browser, bu_lilis, tuti):
    """Words and address of her card, as they were printed."""
    office, sent = browser(bu_lilis), key()
    office.post(f"/dppkb/orang/{tuti.id}/kartu", status=200, key=sent)
    words, token = cards.secrets_of(sent, tuti.id)
    assert cards_on(office) == [("tuti", words)]
    return words, f"/aktivasi/{token}"


def fill_in(screen, *, new=NEW, pin=PIN, again=None, status=303):
    return screen.post("/aktivasi/kata-sandi", status=status, new=new, pin=pin, pin_again=again or pin)


def kept() -> tuple:
    db.session.commit()
    rows = db.session.execute(db.select(Activation.__table__, Person.password_hash).join(Person))
    return tuple(map(repr, rows)), db.session.scalar(db.select(db.func.count()).select_from(SignIn))


# ---- In by a card ----


def test_the_code_opens_a_page_with_a_button_and_looking_uses_nothing_up(browser, card, campaign):
    phone, before = browser(), kept()
    for _ in range(3):
        phone.get(card[1])
    assert "Ibu Tuti" in phone.words and "Desa Margacinta, Kec. Babakancikao" in phone.words
    assert kept() == before
    phone.get(phone.post(card[1]).location)
    assert "nama masuk tuti" in phone.words and kept() == before
    assert card[1].rpartition("/")[2] not in phone.last.text, "from here on the code is on no page"
    phone.get(fill_in(phone).location, status=303)
    phone.get(f"/kader/{campaign.id}")
    assert "Akun Anda aktif." in phone.words


@pytest.mark.parametrize(
    "typed", [str, str.upper, lambda w: w.replace("-", " "), lambda w: f"  {w.replace('-', '')}. "]
)
def test_the_words_may_be_typed_as_a_phone_types_them(browser, card, typed):
    phone = browser()
    phone.get("/aktivasi")
    phone.get(phone.post("/aktivasi", name=" Tuti ", words=typed(card[0])).location)
    fill_in(phone)
    assert phone.get("/", status=303).location == "/kader/"


def test_a_card_used_run_out_replaced_unknown_or_of_somebody_disabled_says_one_and_the_same(
    app, browser, bu_lilis, card, tuti
):
    def told_to(path):
        browser_ = browser()
        browser_.get(path, status=404)
        return browser_.words

    said = [told_to("/aktivasi/" + "a" * 32)]
    with builders.writing() as session:
        session.get_one(Person, tuti.id).disabled_at = now()
    said.append(told_to(card[1]))
    with builders.writing() as session:
        session.get_one(Person, tuti.id).disabled_at = None
        session.scalars(db.select(Activation)).one().ends_at = now() - timedelta(seconds=1)
    said.append(told_to(card[1]))
    with builders.writing() as session:
        session.scalars(db.select(Activation)).one().ends_at = now() + timedelta(days=1)
    phone = browser()
    phone.get(phone.post(card[1]).location)
    fill_in(phone)
    said.append(told_to(card[1]))
    browser(bu_lilis).post(f"/dppkb/orang/{tuti.id}/kartu", status=200)
    said.append(told_to(card[1]))
    assert len(set(said)) == 1 and DEAD in said[0] and "PLKB atau DPPKB" in said[0]
    for name, words in (("tuti", card[0]), ("entah", card[0]), ("tuti", "empat kata yang salah"), ("sari", card[0])):
        phone.post("/aktivasi", status=422, name=name, words=words)
        assert phone.errors["words"].startswith(DEAD)


def test_wrong_words_are_counted_like_wrong_passwords_and_the_code_still_opens(browser, card):
    thief, phone = browser(), browser()
    for _ in range(10):
        thief.post("/aktivasi", status=422, name="tuti", words="salah salah salah salah")
    thief.post("/aktivasi", status=429, name="tuti", words=card[0])
    phone.get(phone.post(card[1]).location)
    fill_in(phone)
    browser().sign_in("tuti", NEW)


def test_before_her_card_is_used_no_password_opens(browser, card, tuti):
    assert db.session.get_one(Person, tuti.id).password_hash == NO_PASSWORD
    for guess in ("", "!", "tuti", card[0]):
        browser().sign_in("tuti", guess, status=422)


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_passphrase(app, browser, card, campaign):
    phone = browser()
    phone.get(phone.post(card[1]).location)
    again = Screen(app)
    again.client._cookies = dict(phone.client._cookies)  # as it was: the answer never came
    fill_in(phone)
    fill_in(again)
    again.get(f"/kader/{campaign.id}")
    other = Screen(app)
    other.client._cookies = {name: cookie for name, cookie in again.client._cookies.items() if "perangkat" in str(name)}
    other.get("/masuk")
    assert "Ibu Tuti" in other.words, "her PIN is set on the phone she holds"


def test_with_a_used_card_another_passphrase_opens_nothing(app, browser, card):
    phone = browser()
    phone.get(phone.post(card[1]).location)
    thief = Screen(app)
    thief.client._cookies = dict(phone.client._cookies)
    fill_in(phone)
    thief.post("/aktivasi/kata-sandi", status=404, new="bukan punya saya ini", pin=PIN, pin_again=PIN)
    browser().sign_in("tuti", NEW)


WRONG = {
    "no passphrase": ({"new": ""}, "new", "Isi kata sandi Anda."),
    "too short": ({"new": "kuda laut"}, "new", "Paling sedikit 12 huruf."),
    "her name and desa": ({"new": "ibu tuti margacinta"}, "new", "Kata sandi ini terlalu mudah"),
    "the campaign": ({"new": "1831 MKJP posyandu"}, "new", "Kata sandi ini terlalu mudah"),
    "digits": ({"new": "9012345678123456"}, "new", "Kata sandi ini terlalu mudah"),
    "no PIN": ({"pin": "", "pin_again": ""}, "pin", "Isi PIN, 6 angka."),
    "five digits": ({"pin": "58027", "pin_again": "58027"}, "pin", "PIN harus 6 angka."),
    "Arabic digits": ({"pin": "٥٨٠٢٧٤", "pin_again": "٥٨٠٢٧٤"}, "pin", "PIN harus 6 angka."),
    "counting": ({"pin": "123456", "pin_again": "123456"}, "pin", "PIN ini mudah ditebak."),
    "a birth date": ({"pin": "100390", "pin_again": "100390"}, "pin", "PIN ini mudah ditebak."),
    "typed differently": ({"pin_again": "580275"}, "pin_again", "Kedua PIN tidak sama."),
}


def test_what_will_not_do_is_told_why_and_the_card_stays_good(browser, card):
    phone = browser()
    phone.get(phone.post(card[1]).location)
    right = {"new": NEW, "pin": PIN, "pin_again": PIN}
    assert phone.otherwise("/aktivasi/kata-sandi", right, WRONG) == {}
    assert NEW not in phone.last.text and PIN not in phone.last.text
    fill_in(phone)


def test_who_works_at_a_desk_chooses_no_pin(browser, bu_lilis, bidan_ratna):
    office, desk = browser(bu_lilis), browser()
    office.post(f"/dppkb/orang/{bidan_ratna.id}/kartu", status=200)
    ((name, words),) = cards_on(office)
    desk.get(desk.post("/aktivasi", name=name, words=words).location)
    assert "PIN" not in desk.words
    desk.post("/aktivasi/kata-sandi", new=NEW)
    assert desk.get("/", status=303).location == "/puskesmas/"
    assert desk.get("/akun/pin", status=303).location == "/"


def test_without_a_card_there_is_nothing_to_choose(browser, cast):
    assert browser().get("/aktivasi/kata-sandi", status=303).location == "/aktivasi"
    assert browser().post("/aktivasi/kata-sandi", new=NEW).location == "/aktivasi"


def test_neither_words_nor_code_nor_passphrase_are_in_any_log(browser, card, caplog):
    caplog.set_level(logging.DEBUG)
    phone = browser()
    phone.get(card[1])
    phone.post("/aktivasi", name="tuti", words=card[0])
    fill_in(phone)
    written = caplog.text + "".join(str(record.args) for record in caplog.records)
    for secret in (card[0], card[1].rpartition("/")[2], NEW, PIN):
        assert secret not in written


# ---- A phone that knows her ----


@pytest.fixture
def phone(browser, ibu_sari):
    """Hers, with a PIN; she has signed out."""
    screen = browser(ibu_sari)
    screen.post("/akun/pin", pin=PIN, pin_again=PIN)
    screen.post("/keluar")
    return screen


def pin_form(screen):
    (device,) = re.findall(r'name="perangkat" value="([^"]+)"', screen.last.text)
    return {"perangkat": device}


def test_on_her_own_phone_her_name_and_a_pin_are_enough(phone, campaign):
    phone.get(f"/masuk?lanjut=/kader/{campaign.id}")
    assert "Ibu Sari" in phone.words and "Bukan saya" in phone.words
    assert 'inputmode="numeric"' in phone.last.text and 'autocomplete="off"' in phone.last.text
    answer = phone.post("/masuk/pin", **pin_form(phone), pin=PIN, lanjut=f"/kader/{campaign.id}")
    assert answer.location == f"/kader/{campaign.id}"
    phone.get(answer.location)


def pause(minutes: int):
    """So long ago was everybody's last touch."""
    with writing():
        for row in db.session.scalars(db.select(SignIn).where(SignIn.ended_at.is_(None))):
            row.seen_at -= timedelta(minutes=minutes)


def test_after_a_quarter_of_an_hour_a_phone_shows_nobody_until_the_pin_is_typed(phone, campaign):
    here = f"/kader/{campaign.id}"
    phone.get("/masuk")
    phone.post("/masuk/pin", **pin_form(phone), pin=PIN)
    pause(14)
    phone.get(here)
    pause(14)
    assert phone.get("/csrf").json["user"]  # what it does by itself goes on, and is nobody's hand
    pause(2)
    assert phone.get(here, status=303).location.startswith("/masuk?lanjut=")
    assert phone.get("/csrf").json["user"]
    phone.get(phone.get(here, status=303).location)
    phone.get(phone.post("/masuk/pin", **pin_form(phone), pin=PIN, lanjut=here).location)
    assert db.session.scalar(db.select(db.func.count()).where(SignIn.ended_at.is_(None))) == 1


def test_a_phone_without_a_pin_is_not_asked_at_every_door(browser, ibu_sari, campaign):
    screen = browser(ibu_sari)
    pause(60 * 24)
    screen.get(f"/kader/{campaign.id}")


def test_five_wrong_pins_and_the_passphrase_is_asked_for_then_a_new_pin(phone):
    phone.get("/masuk")
    form = pin_form(phone)
    for left in (4, 3, 2, 1, 0):
        phone.post("/masuk/pin", status=422, **form, pin="111222")
        assert phone.errors["pin"] == (f"PIN salah. Tinggal {left} kali lagi." if left else phone.errors["pin"])
    phone.get(phone.post("/masuk/pin", **form, pin=PIN).location)
    assert "PIN di perangkat ini tidak berlaku lagi. Masuklah dengan kata sandi." in phone.words
    phone.get("/masuk")
    assert "Nama masuk" in phone.words, "her name is not shown any more"
    assert phone.sign_in("sari").location == "/akun/pin?lanjut=/"
    phone.post("/akun/pin", pin="904713", pin_again="904713")
    phone.post("/keluar")
    phone.get("/masuk")
    phone.post("/masuk/pin", **pin_form(phone), pin="904713")


def test_her_pin_is_worth_nothing_on_another_phone(phone, browser, ibu_sari):
    phone.get("/masuk")
    other = browser()
    other.get(other.post("/masuk/pin", **pin_form(phone), pin=PIN).location)
    assert "Masuklah dengan kata sandi." in other.words


def test_a_phone_two_share_asks_who_it_is_and_shows_first_names_only(phone, ibu_sari):
    with builders.writing():
        builders.person("tuti", "Ibu Tuti Alawiyah Kusumah", Role.KADER, desa_code="32.14.12.2001")
    phone.sign_in("tuti")
    phone.post("/akun/pin", pin="904713", pin_again="904713")
    phone.post("/keluar")
    phone.get("/masuk")
    assert "Ibu Tuti A." in phone.words and "Ibu Sari" in phone.words
    assert (
        "Alawiyah" not in phone.last.text and "Kusumah" not in phone.last.text and "Margacinta" not in phone.last.text
    )
    links = re.findall(r'href="(/masuk\?perangkat=[^"]+)"', phone.last.text)
    phone.get(links[1])
    assert "Ibu Sari" in phone.words and "Orang lain" in phone.words
    phone.post("/masuk/pin", **pin_form(phone), pin=PIN)
    assert phone.get("/csrf").json["user"] == str(ibu_sari.id)


def test_a_stranger_learns_no_name_from_the_door(browser, phone):
    stranger = browser()
    stranger.get("/masuk")
    assert "Ibu Sari" not in stranger.words


def test_who_was_disabled_is_gone_from_the_phone(phone, browser, bu_lilis, ibu_sari):
    phone.get("/masuk")
    form = pin_form(phone)
    browser(bu_lilis).post(f"/dppkb/orang/{ibu_sari.id}/nonaktif")
    phone.post("/masuk/pin", **form, pin=PIN)
    phone.get("/masuk")
    assert "Ibu Sari" not in phone.words


def test_a_phone_keeps_four_and_forgets_the_one_who_was_here_longest_ago(browser, cast):
    shared = browser()
    for name in ("sari", "wati", "wawan", "ratna", "yuli"):
        shared.sign_in(name)
    tokens = shared.client.get_cookie("perangkat").value.split(".")
    known = [known.sign_in_name for known in queries.devices_here(tokens)]
    assert known == ["yuli", "ratna", "wawan", "wati"]


def test_a_cookie_that_was_tampered_with_knows_nobody(browser, phone):
    value = phone.client.get_cookie("perangkat").value
    for wrong in (value[:-2], "x" + value, "", "....", "é", "a" * 4000):
        phone.client.set_cookie("perangkat", wrong)
        phone.get("/masuk")
        assert "Ibu Sari" not in phone.words


def test_only_hashes_of_her_devices_are_kept(phone):
    rows = db.session.execute(db.select(Device.__table__)).all()
    assert phone.client.get_cookie("perangkat").value not in repr(rows) and PIN not in repr(rows)


# ---- My account ----


def test_she_sees_her_devices_and_revokes_the_lost_one(app, browser, ibu_sari, campaign):
    lost, phone = browser(ibu_sari), browser(ibu_sari)
    phone.get("/akun")
    assert "PPKBD" in phone.words and phone.words.count("yang ini") == 1
    ways = re.findall(r'action="(/akun/perangkat/[^"]+/cabut)"', phone.last.text)
    assert len(ways) == 2 and "yang ini" in phone.last.text.partition(ways[0])[0], "the one used last stands first"
    phone.get(phone.post(ways[1]).location)
    assert "Perangkat dicabut dan sudah dikeluarkan." in phone.words and ways[1] not in phone.last.text
    lost.get(f"/kader/{campaign.id}", status=303)
    phone.get(f"/kader/{campaign.id}")


def test_nobody_revokes_what_is_somebody_elses(browser, ibu_sari, ibu_wati):
    browser(ibu_wati)
    (strange,) = queries.devices_of(ibu_wati)
    browser(ibu_sari).post(f"/akun/perangkat/{strange.id}/cabut", status=404)


def test_a_new_passphrase_opens_ends_every_other_sign_in_and_every_other_pin(app, browser, phone, ibu_sari, campaign):
    desk = browser(ibu_sari)
    desk.get("/kata-sandi")
    desk.get(desk.post("/kata-sandi", old=PASSWORD, new=NEW, again=NEW).location, status=303)
    desk.get(f"/kader/{campaign.id}")
    phone.get("/masuk")
    assert "Nama masuk" in phone.words, "the PIN of the other phone is dead"
    browser().sign_in("sari", PASSWORD, status=422)
    browser().sign_in("sari", NEW)


def test_another_pin_ends_her_other_sign_ins_and_a_first_one_does_not(browser, ibu_sari, campaign):
    phone, desk = browser(ibu_sari), browser(ibu_sari)
    phone.post("/akun/pin", pin=PIN, pin_again=PIN)
    desk.get(f"/kader/{campaign.id}")
    phone.post("/akun/pin", pin="904713", pin_again="904713")
    desk.get(f"/kader/{campaign.id}", status=303)
    phone.get(f"/kader/{campaign.id}")


WRONG_CHANGE = {
    "the old one is wrong": ({"old": "bukan ini"}, "old", "Kata sandi sekarang salah."),
    "no old one": ({"old": ""}, "old", "Isi kata sandi sekarang."),
    "too short": ({"new": "kuda laut", "again": "kuda laut"}, "new", "Paling sedikit 12 huruf."),
    "what everybody takes": (
        {"new": "bismillah123456", "again": "bismillah123456"},
        "new",
        "Kata sandi ini terlalu mudah",
    ),
    "one letter": ({"new": "a" * 14, "again": "a" * 14}, "new", "Kata sandi ini terlalu mudah"),
    "her own name": (
        {"new": "Sari Margacinta 17", "again": "Sari Margacinta 17"},
        "new",
        "Kata sandi ini terlalu mudah",
    ),
    "endless": ({"new": NEW * 20, "again": NEW * 20}, "new", "Paling banyak 200 huruf."),
    "typed differently": ({"again": NEW + "x"}, "again", "Kedua kata sandi baru tidak sama."),
}


def test_a_password_that_will_not_do_is_told_why(browser, ibu_sari):
    phone = browser(ibu_sari)
    assert phone.otherwise("/kata-sandi", {"old": PASSWORD, "new": NEW, "again": NEW}, WRONG_CHANGE) == {}
    assert NEW not in phone.last.text and PASSWORD not in phone.last.text, "no password is sent back"
