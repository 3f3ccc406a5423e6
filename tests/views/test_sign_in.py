"""The door: signing in and out, the first account of an install, one's own password, where each goes first."""

import pytest

from campaign import actions
from campaign.actions import start
from campaign.extensions import db
from campaign.models import Desa, Person
from campaign.rules.roles import Role
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
    assert screen.last.location in ("/", "/akun/pin?lanjut=/")
    assert screen.get("/", status=303).location == FIRST_ROOM[who]


def test_a_stranger_is_shown_the_door_and_comes_back_to_where_she_was(browser, campaign, ibu_sari):
    phone = browser()
    assert phone.get("/", status=303).location == "/masuk"
    door = phone.get(f"/kader/{campaign.id}?nama=ai", status=303).location
    phone.get(door)
    assert "Silakan masuk dulu." in phone.words
    wanted = f"/kader/{campaign.id}?nama=ai"
    assert f'value="{wanted}"' in phone.last.text
    asked_for_pin = phone.sign_in("sari", lanjut=wanted).location
    phone.get(asked_for_pin)
    assert f'href="{wanted}">Nanti saja' in phone.last.text
    phone.post("/keluar")
    assert phone.sign_in("sari", lanjut=wanted).location == wanted, "on a phone that knows her she is not asked again"


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
    assert browser().sign_in("  Ratna ").location == "/"


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


# ---- The first account ----


def first_account(code, **also):
    about = {"kabupaten": "purwakarta", "name": "Bu Lilis", "sign_in_name": "Lilis", "password": NEW, "code": code}
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
    "no kabupaten": ({"kabupaten": ""}, "kabupaten", "Tulis nama kabupaten atau kota."),
    "two of them": ({"kabupaten": "Bogor"}, "kabupaten", "Yang mana: Kabupaten Bogor, Kota Bogor? Tulis lengkap."),
    "misspelt": ({"kabupaten": "Kab Balagan"}, "kabupaten", "Yang mana: Kabupaten Balangan"),
    "nowhere": ({"kabupaten": "Xqzw"}, "kabupaten", "Tidak ada kabupaten atau kota dengan nama itu"),
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
    assert "Kader dan peserta pertemuan" in screen.words and "jawaban dan nilai tes" in screen.words


def test_the_machine_that_watches_is_told_whether_deeds_can_be_written(app, browser, cast):
    screen = browser()
    assert screen.get("/healthz").json == {"ok": True, "reason": "alive"}
    assert screen.get("/readyz").json == {"ok": True, "reason": "can write"}
    app.extensions["keys"].path.unlink()
    app.extensions["keys"] = type(app.extensions["keys"])(app.extensions["keys"].path)
    assert screen.get("/readyz", status=503).json == {"ok": False, "reason": "key missing"}
