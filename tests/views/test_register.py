"""Registration: consent first, the couple, the path of the man, doubles while typing, and a receipt that says what is next."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from campaign import actions, queries
from campaign.actions.registration import CONSENT_TEXT
from campaign.extensions import db
from campaign.models import AccessLog, Akseptor, Consent, Step
from campaign.rules.couple import Couple, LastMethod, NotUsing
from campaign.rules.journey import Kind
from campaign.rules.methods import Method
from campaign.rules.refusals import TooManyLooks
from campaign.rules.roles import Role
from campaign.words import AFTER_BIRTH, CONSENT
from tests import builders
from tests.builders import key, nik, registered

FORM = (Path(__file__).parent.parent.parent / "campaign/templates/kader/_registration_form.html").read_text()


def said(**also):
    """What Ibu Sari types about Neng."""
    about = {"name": "Neng Siti", "nik": nik(1), "wanted": "implan", "has_consent": "y", "is_counselled": "y"}
    return about | {"rt": "1", "rw": "2"} | also


COUPLE = {"husband": "Asep", "children": "2", "youngest_years": "3", "youngest_months": "5"}
COUPLE |= {"last_method": "suntik", "not_using": "tial"}


def everybody():
    return db.session.scalars(db.select(Akseptor).order_by(Akseptor.registered_at)).all()


def couple_of(akseptor) -> Couple:
    return Couple.from_text(queries.sealed_facts(akseptor)["couple"])


@pytest.fixture
def form_of(campaign):
    return f"/kader/{campaign.id}/daftar"


@pytest.fixture
def alike_at(campaign):
    return f"/kader/{campaign.id}/serupa"


# ---- The page ----


def test_consent_comes_before_the_first_thing_to_fill_in(browser, ibu_sari, form_of):
    page = browser(ibu_sari).get(form_of).text
    assert CONSENT[CONSENT_TEXT] in page
    places = [
        page.index(f'name="{name}"') for name in ("has_consent", "name", "husband", "wanted", "is_counselled", "rt")
    ]
    assert places == sorted(places)
    asked = re.findall(r"<input(?![^>]*type=\"(?:hidden|radio|checkbox)\")[^>]*>", page)
    assert len(asked) > 12 and all('autocomplete="off"' in box for box in asked), "no phone keeps what was typed of her"


def test_the_form_says_to_the_outbox_whose_it_is(browser, ibu_sari, campaign, form_of):
    page = browser(ibu_sari).get(form_of).text
    form = re.search(r'<form id="registration-form"[^>]*>', page).group()
    assert f'data-owner="{ibu_sari.id}"' in form and f'data-campaign="{campaign.id}"' in form and "data-outbox" in form
    assert "hx-post" not in form


def test_the_empty_form_a_phone_keeps_names_nobody_and_carries_no_token(app, browser, ibu_sari, campaign):
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}/daftar/kosong")
    assert "Ibu Sari" not in phone.last.text and 'action="/keluar"' not in phone.last.text
    assert 'name="csrf_token" value=""' in phone.last.text and 'name="key" value=""' in phone.last.text
    assert 'X-CSRFToken": ""' in phone.last.text
    assert f'data-owner="{ibu_sari.id}"' in phone.last.text and "Desa Margacinta" in phone.words
    assert "/serupa" not in phone.last.text, "without signal nobody can be asked"


def test_a_page_kept_by_a_phone_does_not_swallow_what_she_was_to_be_told(browser, ibu_sari, campaign, form_of):
    phone = browser(ibu_sari)
    phone.post(form_of, **said(not_using="hamil"))
    phone.get(f"/kader/{campaign.id}/daftar/kosong")
    assert AFTER_BIRTH not in phone.words
    phone.get(f"/kader/{campaign.id}")
    assert AFTER_BIRTH in phone.words


def test_a_sub_ppkbd_is_not_asked_for_the_rw_that_is_hers(browser, form_of):
    with builders.writing():
        bu_rw = builders.person("rw5", "Bu Erwe", Role.KADER, desa_code="32.14.12.2001", rw="005")
    phone = browser(bu_rw)
    assert 'name="rw"' not in phone.get(form_of).text and "005, RW Ibu sendiri" in phone.words
    phone.post(form_of, **said())
    assert everybody()[0].rw == "005"


# ---- What is kept ----


def test_the_couple_is_kept_sealed_and_stands_on_her_card(browser, ibu_sari, form_of):
    phone = browser(ibu_sari)
    phone.post(form_of, **said(**COUPLE))
    neng = everybody()[0]
    assert couple_of(neng) == Couple(
        husband="Asep", children=2, youngest_months=41, last_method=LastMethod.SUNTIK, not_using=NotUsing.TIAL
    )
    sealed = db.session.scalar(db.select(Akseptor.couple_sealed))
    assert b"Asep" not in bytes(sealed) and b"suntik" not in bytes(sealed)
    phone.get(f"/kader/akseptor/{neng.id}")
    assert "Asep" in phone.words and "tidak ingin anak lagi" in phone.words


def test_of_the_couple_nothing_need_be_said(browser, ibu_sari, form_of):
    browser(ibu_sari).post(form_of, **said())
    assert couple_of(everybody()[0]) == Couple()
    assert db.session.scalar(db.select(Akseptor.couple_sealed)) is None


def test_who_still_uses_something_has_no_reason_why_not(browser, ibu_sari, form_of):
    browser(ibu_sari).post(form_of, **said(last_method="pil", not_using="memakai", children="0"))
    assert couple_of(everybody()[0]) == Couple(children=0, last_method=LastMethod.PIL)


@pytest.mark.parametrize(
    ("typed", "months"),
    [
        ({"youngest_years": "2"}, 24),
        ({"youngest_months": "7"}, 7),
        ({"youngest_years": "0", "youngest_months": "0"}, 0),
        ({}, None),
    ],
)
def test_the_youngest_childs_age_is_months_however_it_was_said(app, browser, ibu_sari, form_of, typed, months):
    browser(ibu_sari).post(form_of, **said(**typed))
    assert couple_of(everybody()[0]).youngest_months == months


MOP = {"wanted": "mop", "husband": "Asep", "husband_nik": "3214121003889001"}
WRONG = {
    "no NIK and no reason": ({"nik": ""}, "nik", "Isi NIK, atau pilih sebab NIK belum ada."),
    "thirty children": ({"children": "30"}, "children", "Antara 0 dan 20."),
    "two and a half": ({"children": "2,5"}, "children", "Isi dengan angka bulat."),
    "thirteen months": ({"youngest_months": "13"}, "youngest_months", "Bulan antara 0 dan 11."),
    "a method of no list": ({"last_method": "jamu"}, "last_method", "Pilihan ini tidak ada."),
    "a reason of no list": ({"not_using": "malas"}, "not_using", "Pilihan ini tidak ada."),
    "a consent nobody wrote": ({"consent_text": "2001-01"}, "consent_text", "nothing"),
    "MOP without the man": ({"wanted": "mop"}, "husband", "Untuk MOP, isi nama suami"),
    "MOP without his NIK": (MOP | {"husband_nik": ""}, "husband_nik", "Untuk MOP, isi NIK suami, atau pilih sebab"),
    "his NIK too short": (MOP | {"husband_nik": "32141210"}, "husband_nik", "NIK harus 16 angka, ini 8 angka."),
}


def test_a_wrong_answer_comes_back_with_the_words_at_its_field(browser, ibu_sari, form_of):
    cases = {case: wrong for case, wrong in WRONG.items() if wrong[2] != "nothing"}
    phone = browser(ibu_sari)
    assert phone.otherwise(form_of, said(), cases) == {}
    phone.post(form_of, status=422, **said(consent_text="2001-01"))
    assert "Muat ulang halaman, lalu bacakan sekali lagi." in phone.words
    assert everybody() == []


def test_what_was_answered_is_still_there_when_the_form_comes_back(browser, ibu_sari, form_of):
    page = browser(ibu_sari).post(form_of, status=422, **said(name="", **COUPLE)).text
    assert (
        'value="Asep"' in page
        and re.search(r'value="suntik" checked', page)
        and re.search(r'value="tial" checked', page)
    )


def test_for_mop_he_is_written_down_beside_her_who_stays_the_key(browser, ibu_sari, form_of):
    browser(ibu_sari).post(form_of, **said(**MOP))
    neng = everybody()[0]
    assert neng.has_nik and queries.method_of(neng) == Method.MOP
    assert couple_of(neng) == Couple(husband="Asep", husband_nik="3214121003889001")


def test_for_mop_his_nik_may_come_later_for_a_reason(browser, ibu_sari, form_of):
    browser(ibu_sari).post(form_of, **said(**MOP | {"husband_nik": "", "husband_no_nik_reason": "tidak_dibawa"}))
    assert couple_of(everybody()[0]) == Couple(husband="Asep", husband_no_nik_reason="tidak_dibawa")


def test_of_a_man_whose_wife_chose_something_else_only_the_name_is_kept(browser, ibu_sari, form_of):
    browser(ibu_sari).post(form_of, **said(**MOP | {"wanted": "iud", "husband_no_nik_reason": "hilang"}))
    assert couple_of(everybody()[0]) == Couple(husband="Asep")


def test_the_wording_that_was_read_is_the_one_written_down(browser, ibu_sari, form_of):
    phone = browser(ibu_sari)
    phone.post(form_of, **said(consent_text="2026-11"))
    phone.post(form_of, **said(nik=nik(2)))
    read = {row.akseptor_id: row.text_version for row in db.session.scalars(db.select(Consent))}
    assert [read[akseptor.id] for akseptor in everybody()] == ["2026-11", CONSENT_TEXT]


# ---- The receipt ----


def number_of(akseptor) -> str:
    step = db.session.scalars(db.select(Step).filter_by(akseptor_id=akseptor.id, kind=Kind.REGISTER)).one()
    return f"{step.id:04}"


def test_the_receipt_tells_number_time_and_what_is_next(browser, campaign, ibu_sari, form_of):
    phone = browser(ibu_sari)
    address = phone.post(form_of, **said()).location
    phone.get(address)
    neng = everybody()[0]
    jakarta = datetime.fromtimestamp(neng.registered_at.timestamp() + 7 * 3600, UTC)
    assert f"Tersimpan {jakarta:%H:%M}, no. {number_of(neng)}" in phone.words
    assert "Berikutnya: pilih hari pelayanan." in phone.words
    assert f"/kader/akseptor/{neng.id}/jadwal" in phone.last.text and form_of in phone.last.text
    assert number_of(neng) not in address
    registered(ibu_sari, name="Orang Lain")
    phone.get(address)
    assert f"no. {number_of(neng)}" in phone.words, "the number stays hers"


def test_without_counselling_the_receipt_says_that_no_seat_can_be_held(browser, ibu_sari, form_of):
    phone = browser(ibu_sari)
    phone.get(phone.post(form_of, **said(is_counselled="")).location)
    assert "Kursi belum dapat dipesan" in phone.words and "Pilih hari pelayanan" not in phone.words
    assert "Buka kartu Ibu" in phone.words


def test_a_strangers_receipt_looks_like_none(browser, ibu_wati, neng_siti):
    browser(ibu_wati).get(f"/kader/akseptor/{neng_siti.id}/tersimpan", status=404)


def test_the_outbox_is_told_number_time_and_what_is_next(browser, ibu_sari, form_of):
    phone, sent = browser(ibu_sari), key()
    told = phone.send(form_of, **said(key=sent))
    neng = everybody()[0]
    assert told["number"] == number_of(neng) and told["next"] == "pilih hari pelayanan."
    assert told["url"] == f"/kader/akseptor/{neng.id}/jadwal" and told["doubts"] == []
    assert datetime.fromisoformat(told["at"]).timestamp() == pytest.approx(neng.registered_at.timestamp(), abs=1)
    assert told["at"].endswith("+07:00")
    assert phone.send(form_of, **said(key=sent)) == told


# ---- Doubts: saved, and to be looked at once more ----


def doubts_of(screen, path, **form):
    return screen.send(path, **form)["doubts"]


def test_a_pregnant_woman_is_registered_and_the_method_waits(browser, ibu_sari, form_of):
    phone = browser(ibu_sari)
    phone.get(phone.post(form_of, **said(not_using="hamil")).location)
    assert AFTER_BIRTH in phone.words and everybody()[0].status == "registered"


def test_an_age_at_which_few_take_part_is_asked_about_and_no_refusal(browser, campaign, ibu_sari, form_of):
    phone, this_year = browser(ibu_sari), datetime.now(UTC).year
    for number, years in enumerate((13, 30, 55)):
        born = ["1", "1", str(this_year - years)]
        told = doubts_of(
            phone, form_of, **said(nik="", no_nik_reason="hilang", birth_date=born, name=f"Ibu {'ABC'[number]}xyz")
        )
        assert any("di luar 15–49" in doubt for doubt in told) == (years != 30), years


def test_an_odd_nik_is_told_to_the_phone_that_sent_it(browser, ibu_sari, form_of):
    told = doubts_of(browser(ibu_sari), form_of, **said(nik="3214995003909123"))
    assert told == ["Sudah disimpan, tetapi periksa lagi: kode wilayah NIK tidak dikenal."]
    told = doubts_of(browser(ibu_sari), form_of, **said(nik=nik(2), **MOP | {"husband_nik": nik(3)}, name="Euis"))
    assert told == ["Sudah disimpan, tetapi periksa lagi NIK suami: jenis kelamin berbeda dengan NIK."]


def test_a_weeks_worth_from_an_outbox_fills_no_cookie(browser, ibu_sari, form_of):
    phone = browser(ibu_sari)
    for number in range(12):
        phone.send(form_of, **said(nik=nik(number), not_using="hamil"))
    phone.get("/data-saya")
    assert AFTER_BIRTH not in phone.words


def test_who_works_without_script_is_told_of_a_name_like_it_after_saving(browser, ibu_sari, ibu_wati, form_of):
    registered(ibu_sari, name="Siti Nurhayati", birth_date=date(1990, 3, 10))
    phone = browser(ibu_sari)
    phone.get(
        phone.post(
            form_of, **said(nik="", no_nik_reason="hilang", name="Sti Nur Hayati", birth_date="1990-03-10")
        ).location
    )
    assert "Mungkin Ibu ini sudah terdaftar: ada nama mirip di Desa Margacinta." in phone.words
    assert len(everybody()) == 2, "a suggestion, never a refusal"


def test_a_form_that_came_twice_does_not_find_her_like_herself(browser, ibu_sari, form_of):
    phone, form = browser(ibu_sari), said(nik="", no_nik_reason="hilang", birth_date="1990-03-10", key=key())
    assert doubts_of(phone, form_of, **form) == doubts_of(phone, form_of, **form) == []


# ---- Doubles while typing ----


def test_a_nik_that_stands_anywhere_is_told_by_its_kecamatan_and_nothing_else(browser, ibu_wati, neng_siti, alike_at):
    phone = browser(ibu_wati)
    phone.post(alike_at, status=200, htmx="similar", nik="3214 1250 0390 9123", name="Siapa")
    assert phone.words == "Ibu ini sudah terdaftar dalam kampanye ini. Hubungi PLKB Kec. Babakancikao."


def test_a_nik_refused_on_saving_names_the_plkb_to_ask(browser, ibu_wati, neng_siti, form_of):
    phone = browser(ibu_wati)
    phone.post(form_of, status=409, **said(nik="3214125003909123"))
    assert "Hubungi PLKB Kec. Babakancikao." in phone.words and "Margacinta" not in phone.words


def test_of_who_withdrew_nothing_is_told(browser, ibu_sari, neng_siti, alike_at):
    actions.withdraw(neng_siti, by=ibu_sari, key=key())
    phone = browser(ibu_sari)
    assert phone.post(alike_at, status=200, htmx="similar", nik="3214125003909123", name="Neng Siti").text.strip() == ""


def test_a_name_like_hers_is_shown_to_her_own_kader_and_only_hinted_to_others(
    browser, cast, ibu_sari, ibu_wati, alike_at
):
    neng = registered(ibu_sari, name="Siti Nurhayati", birth_date=date(1990, 3, 10))
    typed = {"name": "Sti Nur Hayati", "birth_date": ["10", "3", "1990"]}
    own, other = browser(ibu_sari), browser(ibu_wati)
    own.post(alike_at, status=200, htmx="similar", **typed)
    assert f"/kader/akseptor/{neng.id}" in own.last.text and "Siti Nurhayati , di Desa Margacinta" in own.words
    other.post(alike_at, status=200, htmx="similar", **typed)
    assert "Seseorang di Kec. Babakancikao: tanyakan kepada PLKB di sana" in other.words
    for secret in ("Nurhayati", "Margacinta", str(neng.id)):
        assert secret not in other.last.text


def test_what_cannot_be_read_yet_is_asked_nobody(browser, ibu_sari, neng_siti, alike_at):
    phone = browser(ibu_sari)
    for typed in (
        {},
        {"name": "Ne"},
        {"nik": "32141250039091"},
        {"birth_date": ["31", "2", "1990"]},
        {"name": "Ne", "nik": "x" * 99},
    ):
        assert phone.post(alike_at, status=200, htmx="similar", **typed).text.strip() == ""
    assert db.session.scalars(db.select(AccessLog)).all() == []


def test_a_plkb_is_told_of_names_in_the_desa_he_chose_and_no_other(
    browser, pak_wawan, ibu_sari, ibu_wati, cikao, alike_at
):
    registered(ibu_sari, name="Siti Nurhayati", birth_date=None)
    registered(ibu_wati, name="Dedeh Rohaeti", birth_date=None)
    phone = browser(pak_wawan)
    phone.post(alike_at, status=200, htmx="similar", name="Sti Nurhayati", desa_code="32.14.12.2001")
    assert "Siti Nurhayati" in phone.words
    assert (
        phone.post(alike_at, status=200, htmx="similar", name="Dedeh Rohaeti", desa_code=cikao.code).text.strip() == ""
    )


def test_asking_is_written_down_and_has_an_end(browser, ibu_sari, ibu_wati, neng_siti, alike_at, form_of):
    phone = browser(ibu_sari)
    for number in range(20):
        phone.post(alike_at, status=200, htmx="similar", nik=nik(500 + number))
    assert {(row.what, row.by_id) for row in db.session.scalars(db.select(AccessLog))} == {("look_nik", ibu_sari.id)}
    phone.post(alike_at, status=429, htmx="similar", nik="3214125003909123")
    assert (
        "Terlalu sering mencari nama yang serupa. Lanjutkan saja" in phone.words and "Babakancikao" not in phone.words
    )
    phone.post(alike_at, status=200, htmx="similar", name="Neng Siti")
    assert "Neng Siti" in phone.words, "names are counted for themselves"
    browser(ibu_wati).post(alike_at, status=200, htmx="similar", nik="3214125003909123")
    phone.post(form_of, **said(nik=nik(9)))
    assert len(everybody()) == 2, "registering goes on"


def test_after_ten_minutes_she_may_ask_again(app, ibu_sari, later):
    for _ in range(20):
        actions.log_look("look_nik", by=ibu_sari)
    with pytest.raises(TooManyLooks):
        actions.log_look("look_nik", by=ibu_sari, at=later(minutes=9))
    actions.log_look("look_nik", by=ibu_sari, at=later(minutes=11))
    assert db.session.scalar(db.select(db.func.count()).select_from(AccessLog)) == 21


def test_no_name_or_nik_is_ever_asked_about_in_an_address(browser, ibu_sari, alike_at):
    browser(ibu_sari).get(f"{alike_at}?nik={nik(1)}", status=405)
    assert "hx-get" not in FORM
