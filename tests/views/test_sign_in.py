"""The door: signing in and out, the first account of an install, one's own password, where each goes first."""

import pytest

from campaign import actions
from campaign.actions import start
from campaign.extensions import db
from campaign.models import Desa, Person
from campaign.rules.roles import Role
from tests import builders
from tests.builders import PASSWORD, key

NEW = "kuda laut minum teh"
FIRST_ROOM = {
    "ibu_sari": "/kader/",
    "pak_wawan": "/plkb/",
    "bidan_ratna": "/puskesmas/",
    "bu_lilis": "/dppkb/",
    "pak_dedi": "/papan/",
}


@pytest.mark.parametrize("who", FIRST_ROOM)
def test_everybody_is_led_to_her_own_room(browser, cast, who):
    screen = browser(getattr(cast, who))
    assert screen.last.location == "/"
    assert screen.get("/", status=303).location == FIRST_ROOM[who]


def test_a_stranger_is_shown_the_door_and_comes_back_to_where_she_was(browser, campaign, ibu_sari):
    phone = browser()
    assert phone.get("/", status=303).location == "/masuk"
    door = phone.get(f"/kader/{campaign.id}?nama=ai", status=303).location
    phone.get(door)
    assert "Silakan masuk dulu." in phone.words
    wanted = f"/kader/{campaign.id}?nama=ai"
    assert f'value="{wanted}"' in phone.last.text
    assert phone.sign_in("sari", lanjut=wanted).location == wanted


def test_a_wrong_password_and_an_unknown_name_look_the_same(browser, cast):
    screen, told = browser(), []
    for name, password in (("sari", "bukan ini"), ("entah", PASSWORD), ("sari ", "x" * 300)):
        screen.sign_in(name, password, status=422)
        told.append(screen.errors)
    assert told == [{"password": "Nama masuk atau kata sandi salah."}] * 3
    assert "bukan ini" not in screen.last.text
    screen.sign_in("", "", status=422)
    assert screen.errors == {"name": "Isi nama masuk dari kartu Anda.", "password": "Isi kata sandi."}


def test_the_name_may_be_typed_as_a_phone_types_it(browser, cast):
    assert browser().sign_in("  Sari ").location == "/"


def test_a_disabled_person_is_as_unknown(browser, cast, bu_lilis, ibu_sari):
    actions.disable_person(db.session.get(Person, ibu_sari.id), by=bu_lilis, key=key())
    screen = browser()
    screen.sign_in("sari", status=422)
    assert screen.errors == {"password": "Nama masuk atau kata sandi salah."}


def test_signing_out_says_so_and_the_rooms_are_closed(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    phone.get(phone.post("/keluar").location)
    assert "Anda sudah keluar." in phone.words
    phone.get(f"/kader/{campaign.id}", status=303)


def test_the_next_person_at_the_same_screen_is_herself(browser, campaign, ibu_sari, ibu_wati, neng_siti):
    phone = browser(ibu_sari)
    phone.sign_in("wati")
    phone.get(f"/kader/{campaign.id}")
    assert "Desa Cikao" in phone.words and "Neng Siti" not in phone.words


def test_a_fresh_token_says_whose_it_is(browser, ibu_sari):
    phone = browser(ibu_sari)
    told = phone.get("/csrf").json
    assert told["user"] == str(ibu_sari.id) and len(told["token"]) > 40
    browser().get("/csrf", status=401, Accept="application/json")


# ---- One's own password ----


def test_she_changes_her_password_and_only_the_new_one_opens(browser, ibu_sari):
    phone = browser(ibu_sari)
    phone.get("/kata-sandi")
    phone.get(phone.post("/kata-sandi", old=PASSWORD, new=NEW, again=NEW).location, status=303)
    browser().sign_in("sari", PASSWORD, status=422)
    browser().sign_in("sari", NEW)


WRONG = {
    "the old one is wrong": ({"old": "bukan ini"}, "old", "Kata sandi sekarang salah."),
    "no old one": ({"old": ""}, "old", "Isi kata sandi sekarang."),
    "too short": ({"new": "kuda laut", "again": "kuda laut"}, "new", "Paling sedikit 12 huruf."),
    "what everybody takes": (
        {"new": "bismillah123456", "again": "bismillah123456"},
        "new",
        "Kata sandi ini terlalu mudah",
    ),
    "one letter": ({"new": "a" * 14, "again": "a" * 14}, "new", "Kata sandi ini terlalu mudah"),
    "endless": ({"new": NEW * 20, "again": NEW * 20}, "new", "Paling banyak 200 huruf."),
    "typed differently": ({"again": NEW + "x"}, "again", "Kedua kata sandi baru tidak sama."),
}


def test_a_password_that_will_not_do_is_told_why(browser, ibu_sari):
    phone = browser(ibu_sari)
    assert phone.otherwise("/kata-sandi", {"old": PASSWORD, "new": NEW, "again": NEW}, WRONG) == {}
    assert NEW not in phone.last.text and PASSWORD not in phone.last.text, "no password is sent back"


def test_who_holds_a_card_makes_her_own_password_first(browser, campaign):
    with builders.writing():
        row = builders.person("baru", "Ibu Baru", Role.KADER, desa_code="32.14.12.2001")
        db.session.get(Person, row.id).must_change_password = True
    phone = browser(row)
    assert phone.get(f"/kader/{campaign.id}", status=303).location == "/kata-sandi"
    phone.get("/kata-sandi")
    assert "Kata sandi di kartu hanya untuk masuk pertama kali." in phone.words
    phone.post("/kata-sandi", old=PASSWORD, new=NEW, again=NEW)
    phone.get(f"/kader/{campaign.id}")


# ---- The first account ----


def first_account(code, **also):
    about = {"kabupaten_code": "32.14", "name": "Bu Lilis", "sign_in_name": "Lilis", "password": NEW, "code": code}
    return about | also


def test_an_empty_server_asks_for_the_code_and_makes_the_first_account_once(app, browser, settings):
    code = start.make_code(settings.data_dir)
    screen = browser()
    assert screen.get("/", status=303).location == "/mulai"
    screen.get("/mulai")
    assert "Akun pertama" in screen.words
    screen.get(screen.post("/mulai", **first_account(f" {code} ")).location)
    assert "Akun pertama sudah dibuat. Silakan masuk." in screen.words
    bu_lilis = db.session.scalars(db.select(Person)).one()
    assert (bu_lilis.role, bu_lilis.is_admin, bu_lilis.sign_in_name) == (Role.DPPKB, True, "lilis")
    assert db.session.scalar(db.select(db.func.count()).select_from(Desa)) == 192
    assert list(settings.data_dir.glob("kode*")) == [], "the code works once"
    screen.sign_in("lilis", NEW)
    screen.get("/dppkb/")
    assert browser().post("/mulai", **first_account(code, sign_in_name="lain")).location == "/masuk"
    assert len(db.session.scalars(db.select(Person)).all()) == 1


WRONG_START = {
    "the code is wrong": ({"code": "0000-0000-0000-0000"}, "code", "Kode ini salah."),
    "no code": ({"code": ""}, "code", "Isi kode yang tercetak di layar server."),
    "no kabupaten": ({"kabupaten_code": ""}, "kabupaten_code", "Pilih kabupaten."),
    "a short password": ({"password": "pendek"}, "password", "Paling sedikit 12 huruf."),
    "no name": ({"name": ""}, "name", "Isi nama Anda."),
}


def test_a_wrong_start_makes_nobody(app, browser, settings):
    right = first_account(start.make_code(settings.data_dir))
    assert browser().otherwise("/mulai", right, WRONG_START) == {}
    assert db.session.scalars(db.select(Person)).all() == []


def test_without_a_code_on_the_console_no_code_is_right(app, browser):
    screen = browser()
    screen.post("/mulai", status=422, **first_account("1234-1234-1234-1234"))
    assert screen.errors["code"].startswith("Kode ini salah.")


# ---- For anybody ----


def test_anybody_can_read_what_is_kept_about_a_woman(browser, cast):
    screen = browser()
    screen.get("/data-saya")
    assert "Data Ibu (nama, tanggal lahir, alamat" in screen.words and "Hak Ibu" in screen.words


def test_the_machine_that_watches_is_told_whether_deeds_can_be_written(app, browser, cast):
    screen = browser()
    assert screen.get("/healthz").json == {"ok": True, "reason": "alive"}
    assert screen.get("/readyz").json == {"ok": True, "reason": "can write"}
    app.extensions["keys"].path.unlink()
    app.extensions["keys"] = type(app.extensions["keys"])(app.extensions["keys"].path)
    assert screen.get("/readyz", status=503).json == {"ok": False, "reason": "key missing"}
