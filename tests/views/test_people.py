"""DPPKB's room: people, their cards, where they work; and the PLKB's, for his kader."""

import re

from campaign import queries
from campaign.actions import cards, staff
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import NO_PASSWORD, Activation, Akseptor, Person, PersonChange, PlkbDesa
from campaign.rules.roles import Role
from campaign.rules.sign_in_names import short_name
from tests import builders
from tests.builders import PASSWORD, booked, key, registered, served
from tests.engines import statements

OWN = "kuda laut minum teh"
PIN = "580274"


def cards_on(screen) -> list[tuple[str, str]]:
    """Sign-in name and words of each card on the screen."""
    found = re.findall(r"<code>([^<]+)</code>", screen.last.text)
    return list(zip(found[::2], found[1::2], strict=True))


def activate(screen, name, words, *, pin=PIN):
    """With the card in hand, as a person would."""
    screen.get(screen.post("/aktivasi", name=name, words=words).location)
    screen.post("/aktivasi/kata-sandi", new=OWN, **({"pin": pin, "pin_again": pin} if pin else {}))


def somebody(**also):
    return {"name": "Ibu Baru", "sign_in_name": "Baru.1", "role": "kader", "desa_code": "32.14.12.2001"} | also


def person_of(name) -> Person:
    return db.session.scalars(db.select(Person).where(Person.sign_in_name == name)).one()


def changes(person) -> list[str]:
    found = db.select(PersonChange.what).where(PersonChange.person_id == person.id).order_by(PersonChange.at)
    return list(db.session.scalars(found))


# ---- New ones ----


def test_a_new_kader_gets_a_card_and_comes_in_by_it(browser, bu_lilis, campaign):
    office = browser(bu_lilis)
    office.get("/dppkb/orang/baru")
    office.post("/dppkb/orang/baru", status=200, **somebody(rw="5", phone="0812 3456 7890"))
    assert "Kartu ini hanya muncul sekali" in office.words
    assert "Desa Margacinta, Kec. Babakancikao" in office.words and "Sub PPKBD RW 005" in office.words
    ((name, words),) = cards_on(office)
    assert name == "baru.1"
    row = person_of("baru.1")
    assert (row.desa_code, row.rw, row.kabupaten_code) == ("32.14.12.2001", "005", "32.14")
    assert queries.phone_of(row) == "+6281234567890" and b"6281234567890" not in row.phone_sealed
    assert row.password_hash == NO_PASSWORD, "nobody else's password"
    phone = browser()
    activate(phone, name, words)
    phone.get(f"/kader/{campaign.id}")
    assert changes(row) == ["added", "activated"]


def test_a_card_asked_for_twice_is_one_person_and_one_card(browser, bu_lilis, cast):
    office, sent = browser(bu_lilis), key()
    seen = set()
    for _ in range(2):
        office.post("/dppkb/orang/baru", status=200, **somebody(key=sent))
        seen.add(tuple(cards_on(office)))
    assert len(seen) == 1
    activate(browser(), *seen.pop()[0])


def test_every_role_is_given_its_place(browser, bu_lilis, cast):
    office = browser(bu_lilis)
    for role, where in {
        "plkb": {"desa_codes": ["32.14.12.2001", "32.14.12.2002"]},
        "puskesmas": {"service_point_id": str(cast.maracang.id), "is_head": "y"},
        "dppkb": {"is_admin": "y"},
        "bupati": {},
    }.items():
        form = {"name": f"Orang {role}", "sign_in_name": f"baru-{role}", "role": role}
        office.post("/dppkb/orang/baru", status=200, **form, **where)
    people = {row.role: row for row in db.session.scalars(db.select(Person).where(Person.sign_in_name.like("baru-%")))}
    assert people["puskesmas"].service_point_id == cast.maracang.id and people["puskesmas"].is_head
    assert people["dppkb"].is_admin and not people["bupati"].is_admin
    desa = db.session.scalars(db.select(PlkbDesa.desa_code).where(PlkbDesa.person_id == people["plkb"].id)).all()
    assert sorted(desa) == ["32.14.12.2001", "32.14.12.2002"]


WRONG_PERSON = {
    "a kader without desa": ({"desa_code": ""}, "desa_code", "Pilih desa kader ini."),
    "a plkb without desa": ({"role": "plkb"}, "desa_codes", "Pilih paling sedikit satu desa binaan."),
    "a bidan without puskesmas": ({"role": "puskesmas"}, "service_point_id", "Pilih tempat pelayanannya."),
    "a desa elsewhere": ({"desa_code": "32.15.01.2001"}, "desa_code", ""),
    "a name with a space": ({"sign_in_name": "ibu baru"}, "sign_in_name", "Hanya huruf kecil, angka"),
    "a name somebody has": ({"sign_in_name": "sari"}, "sign_in_name", "Nama masuk ini sudah dipakai orang lain."),
    "no role": ({"role": ""}, "role", "Pilih peran."),
    "an invented role": ({"role": "raja"}, "role", ""),
    "a name too long": ({"sign_in_name": "x" * 41}, "sign_in_name", "Paling banyak 40 huruf."),
    "no phone at all": ({"phone": "saya"}, "phone", "Nomor HP dimulai 08"),
}


def test_a_wrong_person_comes_back_with_words(browser, bu_lilis, cast):
    before = len(db.session.scalars(db.select(Person)).all())
    assert browser(bu_lilis).otherwise("/dppkb/orang/baru", somebody(), WRONG_PERSON) == {}
    assert len(db.session.scalars(db.select(Person)).all()) == before


# ---- The list and its cards ----


def enlisted(*names, desa="32.14.12.2001"):
    """Kader from a roster, without a card yet."""
    rows = [{"name": f"Ibu {name.title()}", "sign_in_name": name, "desa_code": desa} for name in names]
    with builders.writing():
        return staff.enlist_many("32.14", rows, at=now(), by_id=None)


def test_people_are_found_by_name_role_place_and_whether_they_can_sign_in(browser, bu_lilis, cast):
    office = browser(bu_lilis)
    enlisted("tuti")
    for asked, found, other in (
        ("nama=sari", "Ibu Sari", "Ibu Wati"),
        ("peran=puskesmas", "Bidan Ratna", "Ibu Sari"),
        ("wilayah=32.14.12.2002", "Ibu Wati", "Ibu Sari"),
        ("wilayah=32.14.12", "Ibu Sari", "Bidan Ratna"),
        ("keadaan=waiting", "Ibu Tuti", "Ibu Sari"),
        ("keadaan=active", "Ibu Sari", "Ibu Tuti"),
        ("", "Ibu Sari", "Orang Karawang"),
    ):
        office.get(f"/dppkb/orang?{asked}")
        assert found in office.words and other not in office.words, asked


def test_the_cards_of_a_desa_are_printed_at_once_and_open_their_accounts(browser, bu_lilis, cast, campaign):
    enlisted("tuti", "tati")
    enlisted("nining", desa="32.14.12.2002")
    office = browser(bu_lilis)
    office.get("/dppkb/orang?keadaan=waiting&wilayah=32.14.12.2001")
    assert "Cetak 2 kartu" in office.words
    sent = key()
    office.post("/dppkb/orang/kartu", status=200, key=sent, wilayah="32.14.12.2001", peran="", nama="")
    printed = dict(cards_on(office))
    assert set(printed) == {"tuti", "tati"}
    activate(browser(), "tuti", printed["tuti"])
    office.post("/dppkb/orang/kartu", status=200, key=sent, wilayah="32.14.12.2001", peran="", nama="")
    assert dict(cards_on(office)) == {"tati": printed["tati"]}, "sent again: the same card, the used one left out"
    office.post("/dppkb/orang/kartu", status=200, wilayah="", peran="", nama="")
    assert set(dict(cards_on(office))) == {"tati", "nining"}
    browser().post("/aktivasi", status=422, name="tati", words=printed["tati"])  # printed anew: the old one is void


def test_a_card_says_whose_it_is_and_its_code_opens_it(browser, bu_lilis, cast):
    office = browser(bu_lilis)
    office.post(f"/dppkb/orang/{cast.ibu_sari.id}/kartu", status=200)
    for told in ("Ibu Sari", "PPKBD", "Desa Margacinta, Kec. Babakancikao", "Berlaku sekali, sampai"):
        assert told in office.words
    assert office.last.text.count('<svg class="qr"') == 1
    card = db.session.scalars(db.select(Activation)).one()
    assert (card.ends_at - card.made_at).days == 14
    kept = repr(db.session.execute(db.text("SELECT * FROM activation")).all()).encode()
    ((_name, words),) = cards_on(office)
    assert words.encode() not in kept and words.replace("-", "").encode() not in kept


def test_three_hundred_cards_ask_the_database_no_more_than_one(browser, bu_lilis, cast):
    def made() -> tuple[int, int]:
        data = {"key": key(), "csrf_token": office.token()}
        with statements() as seen:
            answer = office.ask("POST", "/dppkb/orang/kartu", data=data)
        return answer.text.count('<svg class="qr"'), len(seen)

    def enlist(many):
        taken = set(db.session.scalars(db.select(Person.sign_in_name)))
        rows = []
        for _ in range(many):
            rows.append({"name": "Siti", "sign_in_name": short_name("Siti", taken), "desa_code": "32.14.12.2001"})
            taken.add(rows[-1]["sign_in_name"])
        with builders.writing():
            staff.enlist_many("32.14", rows, at=now(), by_id=None)

    office = browser(bu_lilis)
    enlist(1)
    cards_of_one, asked_for_one = made()
    enlist(299)
    cards_of_all, asked_for_all = made()
    assert (cards_of_one, cards_of_all) == (1, 300)
    assert asked_for_all == asked_for_one


def test_nobody_makes_a_card_for_herself(browser, bu_lilis):
    office = browser(bu_lilis)
    office.post(f"/dppkb/orang/{bu_lilis.id}/kartu", status=409)
    assert "Kartu untuk akun sendiri harus dibuat rekan lain." in office.words
    office.get("/dppkb/orang")


def test_a_new_card_ends_the_old_password_every_sign_in_and_every_device(browser, bu_lilis, ibu_sari, campaign):
    phone, office = browser(ibu_sari), browser(bu_lilis)
    phone.post("/akun/pin", pin=PIN, pin_again=PIN)
    office.post(f"/dppkb/orang/{ibu_sari.id}/kartu", status=200)
    ((name, words),) = cards_on(office)
    phone.get(f"/kader/{campaign.id}", status=303)
    phone.get("/masuk")
    assert "Ibu Sari" not in phone.words, "her PIN is worth nothing, and her name is gone from the phone"
    browser().sign_in("sari", PASSWORD, status=422)
    activate(phone, name, words)
    phone.get(f"/kader/{campaign.id}")
    phone.sign_in("sari", OWN)


# ---- One of them ----


def at(person, *more):
    return "/".join((f"/dppkb/orang/{person.id}", *more))


def test_a_name_and_a_phone_are_mended_and_the_sign_in_name_stays(browser, bu_lilis, ibu_sari):
    office = browser(bu_lilis)
    office.get(office.post(at(ibu_sari), name="Ibu Sari Wulandari", phone="081234567890").location)
    assert "Ibu Sari Wulandari" in office.words and "+6281234567890" in office.words
    assert person_of("sari").name == "Ibu Sari Wulandari"
    office.post(at(ibu_sari), status=422, name="", phone="12")
    assert office.errors == {"name": "Isi namanya.", "phone": "Nomor HP dimulai 08 dan panjangnya 10 sampai 13 angka."}
    office.post(at(ibu_sari), name="Ibu Sari", phone="")
    assert queries.phone_of(person_of("sari")) is None


def women_of(person) -> set[str]:
    return set(db.session.scalars(db.select(Akseptor.name).where(Akseptor.kader_id == person.id)))


def test_a_kader_moves_her_open_women_stay_with_a_successor_and_history_with_her(
    browser, cast, bu_lilis, ibu_sari, bidan_ratna, day, campaign
):
    with builders.writing():
        ibu_tuti = builders.person("tuti", "Ibu Tuti", Role.KADER, desa_code="32.14.12.2001")
    phone, office = browser(ibu_sari), browser(bu_lilis)
    registered(ibu_sari, name="Terdaftar")
    booked(ibu_sari, day, name="Terjadwal")
    served(ibu_sari, bidan_ratna, day, name="Dilayani", nik=builders.nik(1))
    office.get(at(ibu_sari))
    form = {"desa_code": "32.14.12.2002", "rw": "3", "successor_id": str(ibu_tuti.id)}
    office.get(office.post(at(ibu_sari, "pindah"), **form).location)
    assert "Kader dipindahkan" in office.words and "dari 32.14.12.2001 ke 32.14.12.2002 RW 003" in office.words
    assert women_of(ibu_sari) == {"Dilayani"} and women_of(ibu_tuti) == {"Terdaftar", "Terjadwal"}
    phone.get(f"/kader/{campaign.id}", status=303)
    phone.sign_in("sari")
    phone.get(f"/kader/{campaign.id}")
    assert "Desa Cikao" in phone.words and "Terdaftar" not in phone.words
    assert changes(ibu_sari) == ["moved"]
    assert queries.differences() == []


def test_without_a_successor_they_wait_with_no_kader_and_their_plkb_sees_them(
    browser, bu_lilis, ibu_sari, pak_wawan, campaign
):
    woman = registered(ibu_sari, name="Neng Sendiri").id
    browser(bu_lilis).post(at(ibu_sari, "pindah"), desa_code="32.14.12.2002", rw="", successor_id="")
    assert db.session.get_one(Akseptor, woman).kader_id is None
    officer = browser(pak_wawan)
    officer.get(f"/kader/{campaign.id}?desa=32.14.12.2001")
    assert "Neng Sendiri" in officer.words
    officer.post(f"/kader/akseptor/{woman}/mundur")


def test_who_moves_to_one_rw_hands_over_only_those_she_no_longer_sees(browser, cast, bu_lilis, ibu_sari):
    with builders.writing():
        ibu_tuti = builders.person("tuti", "Ibu Tuti", Role.KADER, desa_code="32.14.12.2001")
    registered(ibu_sari, name="Di RW 2", rw="002")
    registered(ibu_sari, name="Di RW 5", rw="005")
    form = {"desa_code": "32.14.12.2001", "rw": "2", "successor_id": str(ibu_tuti.id)}
    browser(bu_lilis).post(at(ibu_sari, "pindah"), **form)
    assert (women_of(ibu_sari), women_of(ibu_tuti)) == ({"Di RW 2"}, {"Di RW 5"})


def test_who_retires_hands_over_is_out_at_once_and_may_come_back(browser, bu_lilis, ibu_sari, campaign):
    with builders.writing():
        ibu_tuti = builders.person("tuti", "Ibu Tuti", Role.KADER, desa_code="32.14.12.2001")
    registered(ibu_sari, name="Neng Siti")
    phone, office = browser(ibu_sari), browser(bu_lilis)
    office.get(office.post(at(ibu_sari, "nonaktif"), successor_id=str(ibu_tuti.id)).location)
    assert "Akun dinonaktifkan dan dikeluarkan dari semua perangkat." in office.words
    assert women_of(ibu_tuti) == {"Neng Siti"}
    phone.get(f"/kader/{campaign.id}", status=303)
    browser().sign_in("sari", status=422)
    office.post(at(ibu_sari, "aktif"))
    phone.get(f"/kader/{campaign.id}", status=303)
    browser().sign_in("sari")
    assert changes(ibu_sari) == ["disabled", "enabled"] and women_of(ibu_sari) == set()


def test_nobody_but_a_kader_of_the_old_desa_takes_her_women(browser, bu_lilis, ibu_sari, ibu_wati, pak_wawan):
    registered(ibu_sari)
    office = browser(bu_lilis)
    for other in (ibu_wati, pak_wawan, ibu_sari, bu_lilis):
        office.post(at(ibu_sari, "pindah"), status=422, desa_code="32.14.12.2002", successor_id=str(other.id))
        assert set(office.errors) == {"mover_successor_id"}
    office.post(at(ibu_sari, "pindah"), status=422, desa_code="32.15.01.2001", rw="x", successor_id="")
    assert set(office.errors) == {"desa_code", "rw"}
    office.post(at(pak_wawan, "pindah"), status=404, desa_code="32.14.12.2002", successor_id="")
    assert women_of(ibu_sari) == {"Neng Siti"}


def test_the_last_administrator_cannot_lock_the_office_out(browser, bu_lilis):
    office = browser(bu_lilis)
    with builders.writing():  # one who has not come in yet does not help
        staff.enlist("32.14", sign_in_name="baru", name="Bu Baru", role=Role.DPPKB, is_admin=True)
    office.post(at(bu_lilis, "nonaktif"), status=409, successor_id="")
    assert "Ini pengelola DPPKB yang terakhir. Angkat pengelola lain dulu." in office.words
    office.get("/dppkb/orang")


def test_a_plkb_looks_after_the_desa_that_are_ticked(browser, bu_lilis, pak_wawan, campaign):
    office, there = browser(bu_lilis), at(pak_wawan, "desa")
    office.get(f"{there}?cari=nagri")
    assert "Kelurahan Nagri Kidul" in office.words and "Desa Cikao" not in office.words
    assert 'type="hidden" name="desa_codes" value="32.14.12.2001"' in office.last.text, "what is hidden stays ticked"
    office.get(office.post(there, desa_codes=["32.14.12.2001", "32.14.01.1001"]).location)
    assert "Desa binaan disimpan." in office.words and "Margacinta" in office.words and "Nagri Kidul" in office.words
    officer = browser(pak_wawan)
    officer.get(f"/plkb/{campaign.id}")
    assert "Nagri Kidul" in officer.words
    office.post(there, desa_codes=["32.14.12.2001"] * 2)
    assert [desa.code for desa in queries.desa_of_plkb(pak_wawan)] == ["32.14.12.2001"]
    office.post(there, status=422, desa_codes=["32.15.01.2001"])
    office.post(there)
    officer.get(f"/plkb/{campaign.id}")
    assert "Belum ada desa binaan." in officer.words


def test_a_lost_phone_is_revoked_by_the_office(browser, bu_lilis, ibu_sari, campaign):
    phone, office = browser(ibu_sari), browser(bu_lilis)
    office.get(at(ibu_sari))
    (device,) = re.findall(r"/perangkat/([0-9a-f-]+)/cabut", office.last.text)
    office.get(office.post(at(ibu_sari, "perangkat", device, "cabut")).location)
    assert "Perangkat dicabut dan sudah dikeluarkan." in office.words and "perangkat dicabut" in office.words
    phone.get(f"/kader/{campaign.id}", status=303)
    phone.sign_in("sari")


# ---- The PLKB and his kader ----


def test_a_plkb_gives_his_kader_a_new_card_and_nobody_elses(browser, pak_wawan, ibu_sari, ibu_wati, bidan_ratna):
    officer = browser(pak_wawan)
    officer.get("/plkb/kader")
    assert "Ibu Sari" in officer.words and "Ibu Wati" not in officer.words and "belum pernah" in officer.words
    officer.get(f"/plkb/kader/{ibu_sari.id}")
    officer.post(f"/plkb/kader/{ibu_sari.id}/kartu", status=200)
    ((name, words),) = cards_on(officer)
    activate(browser(), name, words)
    for other in (ibu_wati, bidan_ratna, pak_wawan):
        officer.get(f"/plkb/kader/{other.id}", status=404)
        officer.post(f"/plkb/kader/{other.id}/kartu", status=404)
    browser().sign_in("wati")


def test_a_plkb_revokes_a_lost_phone_of_his_kader(browser, pak_wawan, ibu_sari, ibu_wati, campaign):
    phone, officer = browser(ibu_sari), browser(pak_wawan)
    other = browser(ibu_wati)
    officer.get(f"/plkb/kader/{ibu_sari.id}")
    (device,) = re.findall(r"/perangkat/([0-9a-f-]+)/cabut", officer.last.text)
    strange = queries.devices_of(ibu_wati)[0].id
    officer.post(f"/plkb/kader/{ibu_sari.id}/perangkat/{strange}/cabut", status=404)
    officer.post(f"/plkb/kader/{ibu_sari.id}/perangkat/{device}/cabut")
    phone.get(f"/kader/{campaign.id}", status=303)
    other.get(f"/kader/{campaign.id}")


# ---- What kader are called here ----


def test_a_kabupaten_calls_its_kader_as_it_does(browser, bu_lilis, ibu_sari, pak_wawan):
    office = browser(bu_lilis)
    office.get("/dppkb/sebutan")
    office.post("/dppkb/sebutan", status=422, ppkbd_name="", sub_ppkbd_name="x" * 41)
    assert set(office.errors) == {"ppkbd_name", "sub_ppkbd_name"}
    office.get(office.post("/dppkb/sebutan", ppkbd_name="Pos KB Desa", sub_ppkbd_name="Pos KB RW").location)
    assert "Sebutan kader disimpan." in office.words and "Pos KB Desa" in office.words
    office.get(at(ibu_sari))
    assert "Pos KB Desa" in office.words
    office.post(at(ibu_sari, "kartu"), status=200)
    assert "Pos KB Desa" in office.words
    officer = browser(pak_wawan)
    officer.get("/plkb/kader")
    assert "Pos KB Desa" in officer.words


def test_a_card_is_the_same_whenever_its_form_comes_and_another_for_another_form(app, cast):
    one, two = key(), key()
    assert cards.secrets_of(one, cast.ibu_sari.id) == cards.secrets_of(one, cast.ibu_sari.id)
    assert cards.secrets_of(one, cast.ibu_sari.id) != cards.secrets_of(two, cast.ibu_sari.id)
    assert cards.secrets_of(one, cast.ibu_sari.id) != cards.secrets_of(one, cast.ibu_wati.id)


def test_which_groups_a_kader_looks_after_is_ticked_shown_and_cleared(browser, bu_lilis, ibu_sari, pak_wawan):
    office = browser(bu_lilis)
    about = {"name": "Ibu Sari", "phone": ""}
    office.get(office.post(at(ibu_sari), poktan=["bkl", "bkb"], **about).location)
    assert "BKB (Bina Keluarga Balita), BKL (Bina Keluarga Lansia)" in office.words
    assert db.session.get(Person, ibu_sari.id).poktan == ["bkb", "bkl"]
    office.post(at(ibu_sari), status=422, poktan=["arisan"], **about)
    office.post(at(ibu_sari), **about)
    assert db.session.get(Person, ibu_sari.id, populate_existing=True).poktan == []
    office.post(at(pak_wawan), name="Pak Wawan", phone="", poktan=["bkb"])
    assert db.session.get(Person, pak_wawan.id, populate_existing=True).poktan == []
