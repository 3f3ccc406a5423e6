"""The kader's room: she registers, books, moves, mends and lets go; wrong forms come back with words at the field."""

from datetime import time

from campaign import actions, queries
from campaign.extensions import db
from campaign.models import Akseptor, Person, ServiceDay, Stage
from campaign.rules.roles import Role
from tests import builders
from tests.builders import booked, key, nik, registered

JSON = {"Accept": "application/json"}


def said(**also):
    """What Ibu Sari types about Neng."""
    about = {"name": "Neng Siti", "nik": nik(1), "wanted": "implan", "has_consent": "y", "is_counselled": "y"}
    return about | {"rt": "1", "rw": "2"} | also


def everybody():
    return db.session.scalars(db.select(Akseptor).order_by(Akseptor.registered_at)).all()


def form_of(campaign):
    return f"/kader/{campaign.id}/daftar"


def card_of(akseptor):
    return f"/kader/akseptor/{akseptor.id}"


def with_notice(screen) -> str:
    """What htmx is told to show at the top of the page the person is on."""
    assert screen.last.headers["HX-Retarget"] == "#notice"
    assert screen.last.headers["HX-Reswap"] == "innerHTML"
    assert screen.is_part
    return screen.words


# ---- Registration ----


def test_ibu_sari_registers_neng_and_sees_her_card(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}")
    assert "Belum ada yang terdaftar" in phone.words
    phone.get(form_of(campaign))
    assert "Desa Margacinta , desa Ibu sendiri" in phone.words
    answer = phone.post(form_of(campaign), **said(phone="0820 0000 1234", birth_date="1990-03-10"))
    neng = everybody()[0]
    phone.get(answer.location)
    assert "Neng Siti sudah terdaftar." in phone.words
    phone.get(card_of(neng))
    assert "RT 001/RW 002" in phone.words
    assert "implan (susuk)" in phone.words
    assert "+6282000001234" in phone.words
    phone.get(f"/kader/{campaign.id}")
    assert "Neng Siti" in phone.words and "1 orang" in phone.words


def test_of_the_nik_the_card_shows_the_end_and_no_page_the_whole(browser, campaign, ibu_sari, neng_siti):
    phone = browser(ibu_sari)
    for path in (f"/kader/{campaign.id}", card_of(neng_siti), f"{card_of(neng_siti)}/jadwal"):
        assert "3214125003909123" not in phone.get(path).text
    phone.get(card_of(neng_siti))
    assert "9123" in phone.words


WRONG = {
    "a NIK of 15 digits": ({"nik": nik(1)[:15]}, "nik", "NIK harus 16 angka, ini 15 angka. Periksa sekali lagi."),
    "a NIK with letters": ({"nik": "32141250O3909123"}, "nik", "NIK hanya boleh berisi angka."),
    "month 13 in the NIK": ({"nik": "3214125013909123"}, "nik", "Bulan lahir di dalam NIK (angka ke-9 dan 10)"),
    "the serial 0000": ({"nik": "3214125003900000"}, "nik", "Empat angka terakhir NIK tidak boleh 0000."),
    "no name": ({"name": "  "}, "name", "Isi nama lengkapnya."),
    "31 February": ({"birth_date": ["31", "2", "1990"]}, "birth_date", "Tanggal ini tidak ada."),
    "a child": ({"birth_date": "2024-01-01"}, "birth_date", "Umurnya di luar 10–70 tahun."),
    "a phone abroad": ({"phone": "+1 555 0100"}, "phone", "Nomor HP dimulai 08"),
    "no consent": ({"has_consent": ""}, "has_consent", "Tanpa persetujuan, data tidak boleh disimpan."),
}


def test_a_wrong_form_comes_back_with_the_words_at_its_field(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    assert phone.otherwise(form_of(campaign), said(), WRONG) == {}
    assert everybody() == []


def test_a_wrong_form_keeps_what_was_typed_and_says_it_at_the_top_too(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    phone.post(form_of(campaign), status=422, **said(nik="321412", phone="1"))
    assert list(phone.errors) == ["nik", "phone"]
    assert all(phone.words.count(sentence) == 2 for sentence in phone.errors.values())
    assert 'value="Neng Siti"' in phone.last.text and 'value="321412"' in phone.last.text


def test_a_form_sent_twice_by_a_tired_thumb_registers_one_woman(browser, campaign, ibu_sari):
    phone, sent = browser(ibu_sari), key()
    first = phone.post(form_of(campaign), **said(key=sent))
    again = phone.post(form_of(campaign), **said(key=sent))
    assert first.location == again.location
    assert len(everybody()) == 1


def test_the_same_key_with_other_content_is_refused_in_words(browser, campaign, ibu_sari):
    phone, sent = browser(ibu_sari), key()
    phone.post(form_of(campaign), **said(key=sent))
    phone.post(form_of(campaign), status=422, **said(key=sent, name="Orang Lain"))
    assert "Formulir ini sudah pernah dikirim dengan isi lain." in phone.words
    assert [akseptor.name for akseptor in everybody()] == ["Neng Siti"]


def test_a_form_without_a_usable_key_is_asked_to_be_loaded_again(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    for sent in ("", "pendek", "x" * 65):
        phone.post(form_of(campaign), status=422, **said(key=sent))
        assert "Muat ulang halaman, lalu isi lagi." in phone.words
        assert everybody() == []


def test_who_stands_in_the_campaign_already_is_refused_and_nothing_of_her_is_told(
    browser, campaign, ibu_wati, neng_siti
):
    phone = browser(ibu_wati)
    phone.post(form_of(campaign), status=409, **said(nik="3214125003909123", name="Siti"))
    assert "Ibu ini sudah terdaftar dalam kampanye ini." in phone.words
    assert "Neng" not in phone.words and "Margacinta" not in phone.words


def test_the_desa_cannot_be_chosen_from_outside(browser, campaign, ibu_sari, cikao, ibu_wati):
    more = {
        "desa_code": cikao.code,
        "status": "served",
        "kader_id": str(ibu_wati.id),
        "has_nik": "",
        "participant": "baru",
    }
    phone = browser(ibu_sari)
    form = said(**more) | {"key": key(), "csrf_token": phone.token()}
    phone.ask("POST", form_of(campaign), data=form)
    neng = everybody()[0]
    assert (neng.desa_code, neng.status, neng.kader_id) == ("32.14.12.2001", "registered", ibu_sari.id)
    assert (neng.has_nik, neng.participant) == (True, "belum")


def test_a_closed_campaign_takes_nobody_and_says_so(browser, campaign, ibu_sari):
    with builders.writing():
        campaign.stage = Stage.CLOSED
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}")
    assert "Kampanye ini sedang tidak berjalan" in phone.words
    phone.post(form_of(campaign), status=409, **said())
    assert "Kampanye ini sedang tidak berjalan, jadi tidak ada yang dapat dicatat. Hubungi DPPKB." in phone.words
    assert everybody() == []


def test_another_role_is_told_that_this_is_not_hers(browser, campaign, bidan_ratna, pak_dedi):
    for person in (bidan_ratna, pak_dedi):
        screen = browser(person)
        screen.post(form_of(campaign), status=403, **said())
        assert "Peran Anda tidak melakukan ini. Bila seharusnya bisa, hubungi DPPKB." in screen.words
    assert everybody() == []


def test_a_woman_of_another_desa_looks_like_nobody(browser, ibu_wati, neng_siti, campaign):
    phone = browser(ibu_wati)
    phone.get(card_of(neng_siti), status=404)
    assert "tidak ada, atau bukan bagian Anda" in phone.words and "Neng" not in phone.last.text
    for deed in ("konseling", "nik", "batal", "mundur"):
        phone.post(f"{card_of(neng_siti)}/{deed}", status=404)
    phone.get(f"/kader/{campaign.id}?nama=Neng")
    assert "Tidak ada yang cocok." in phone.words


def test_who_waited_too_long_is_asked_to_sign_in_and_keeps_her_form(browser, campaign, ibu_sari, later):
    phone = browser(ibu_sari)
    token = phone.token()
    with builders.writing() as session:
        session.execute(db.text("UPDATE sign_in SET ended_at = seen_at"))
    phone.post(form_of(campaign), status=401, **said(csrf_token=token))
    assert "Anda belum masuk, atau waktu masuk Anda sudah habis. Masuk lagi;" in phone.words
    phone.post(form_of(campaign), status=401, htmx="registration-form", **said(csrf_token=token))
    assert "Masuk lagi di halaman baru" in with_notice(phone)
    answer = phone.get(form_of(campaign), status=303)
    assert answer.location.startswith("/masuk?lanjut=")
    assert everybody() == []


# ---- The list ----


def test_the_list_is_searched_by_name_and_by_where_she_stands(browser, campaign, ibu_sari, day):
    registered(ibu_sari, name="Neng Siti")
    booked(ibu_sari, day, name="Ai Nurhayati")
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}?nama=sit")
    assert "Neng Siti" in phone.last.text and "1 orang" in phone.words
    phone.get(f"/kader/{campaign.id}?status=booked", htmx="akseptor-list")
    assert phone.is_part and "Ai Nurhayati" in phone.words and "Neng" not in phone.words
    assert phone.page.ids[0] == "akseptor-list"
    phone.get(f"/kader/{campaign.id}?nama=%25")
    assert "Tidak ada yang cocok." in phone.words, "a percent sign is a letter, not everybody"


def test_a_long_list_has_pages(browser, campaign, ibu_sari):
    for number in range(27):
        registered(ibu_sari, name=f"Ibu {number:02}")
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}")
    assert "27 orang · halaman 1 dari 2" in phone.words
    first = phone.last.text
    phone.get(f"/kader/{campaign.id}?hal=2")
    assert "halaman 2 dari 2" in phone.words
    names = [f"Ibu {number:02}" for number in range(27)]
    assert all((name in first) != (name in phone.last.text) for name in names)


def test_who_needs_help_today_stands_first(browser, campaign, ibu_sari, bidan_ratna, day):
    actions.miss(booked(ibu_sari, day, name="Neng Absen"), by=bidan_ratna, key=key())
    booked(ibu_sari, day, name="Neng Hariini")
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}")
    helped = phone.words.partition("Semua calon akseptor")[0]
    assert "Perlu Ibu bantu hari ini" in helped and "Neng Absen" in helped and "Neng Hariini" in helped
    assert "Dampingi bila bisa." in helped


def test_a_sub_ppkbd_sees_her_own_rw_and_registers_there(browser, campaign, ibu_sari):
    with builders.writing():
        bu_rw = builders.person("rw5", "Bu Erwe", Role.KADER, desa_code="32.14.12.2001", rw="005")
    elsewhere = registered(ibu_sari, name="Neng Duha", rw="002")
    phone = browser(bu_rw)
    phone.post(form_of(campaign), **said(name="Neng Lima", rw="2"))
    phone.get(f"/kader/{campaign.id}")
    assert "Neng Lima" in phone.words and "Neng Duha" not in phone.words and "RW 005" in phone.words
    phone.get(card_of(elsewhere), status=404)


# ---- Counselling, NIK, seat, leaving ----


def test_counselling_comes_before_a_seat(browser, ibu_sari, day):
    neng = registered(ibu_sari, is_counselled=False)
    phone = browser(ibu_sari)
    phone.get(f"{card_of(neng)}/jadwal")
    assert "belum dikonseling" in phone.words
    phone.post(f"{card_of(neng)}/jadwal/{day.id}", status=409)
    assert "Catat konselingnya dulu, baru pilih hari." in phone.words
    phone.get(phone.post(f"{card_of(neng)}/konseling").location)
    assert "Konseling dan kesediaan sudah dicatat." in phone.words
    phone.post(f"{card_of(neng)}/jadwal/{day.id}")
    assert db.session.get(ServiceDay, day.id).taken == 1


def test_a_nik_found_later_is_entered_and_a_wrong_one_is_told(browser, ibu_sari, neng_siti):
    ai = registered(ibu_sari, name="Ai")
    phone = browser(ibu_sari)
    phone.get(card_of(ai))
    assert "NIK belum ada" in phone.words
    phone.post(f"{card_of(ai)}/nik", status=422, nik="321412")
    assert phone.errors == {"nik": "NIK harus 16 angka, ini 6 angka. Periksa sekali lagi."}
    phone.post(f"{card_of(ai)}/nik", status=422, nik="")
    assert phone.errors == {"nik": "Isi NIK, 16 angka di KTP."}
    phone.post(f"{card_of(ai)}/nik", status=409, nik="3214125003909123")
    assert "Ibu ini sudah terdaftar dalam kampanye ini." in phone.words
    phone.get(phone.post(f"{card_of(ai)}/nik", nik="3214.1250.0390.9005").location)
    assert "NIK sudah dicatat." in phone.words and "9005" in phone.words


def test_she_takes_a_seat_moves_and_gives_it_back(browser, ibu_sari, neng_siti, day, tomorrow):
    phone = browser(ibu_sari)
    phone.get(f"{card_of(neng_siti)}/jadwal")
    assert phone.words.count("10 kursi kosong") == 2
    phone.get(phone.post(f"{card_of(neng_siti)}/jadwal/{day.id}").location)
    assert "Kursi sudah dipesan. Ini tiketnya." in phone.words
    phone.get(card_of(neng_siti))
    assert "Hari ini: dampingi bila bisa." in phone.words
    phone.post(f"{card_of(neng_siti)}/jadwal/{tomorrow.id}")
    assert (day.taken, tomorrow.taken) == (0, 1)
    phone.get(phone.post(f"{card_of(neng_siti)}/batal").location)
    assert "Jadwal dibatalkan. Kursinya sudah bebas lagi." in phone.words
    assert (day.taken, tomorrow.taken) == (0, 0)


def test_a_day_whose_hours_are_over_says_so_in_the_evening(browser, ibu_sari, neng_siti, day, tomorrow):
    with builders.writing():
        db.session.get_one(ServiceDay, day.id).ends_at = time(0)
    phone = browser(ibu_sari)
    phone.get(f"{card_of(neng_siti)}/jadwal")
    assert phone.words.count("jamnya sudah lewat") == 1 and phone.words.count("kursi kosong") == 2


def test_the_last_seat_is_taken_and_the_next_is_told_to_choose_another_day(
    browser, cast, ibu_sari, ibu_wati, neng_siti
):
    full = builders.service_day(cast.saung, seats=1)
    booked(ibu_wati, full)
    phone = browser(ibu_sari)
    phone.post(f"{card_of(neng_siti)}/jadwal/{full.id}", status=409)
    assert "Kursi hari itu sudah habis. Pilih hari lain, atau masukkan Ibu ke daftar tunggu." in phone.words
    phone.post(f"{card_of(neng_siti)}/jadwal/{full.id}", status=409, htmx="x")
    assert with_notice(phone) == "Kursi hari itu sudah habis. Pilih hari lain, atau masukkan Ibu ke daftar tunggu."
    phone.get(f"{card_of(neng_siti)}/jadwal")
    assert "Belum ada hari pelayanan yang masih kosong." in phone.words


def test_a_day_of_another_campaign_is_no_day_of_hers(browser, cast, ibu_sari, neng_siti):
    far = builders.service_day(cast.far, campaign=cast.elsewhere)
    browser(ibu_sari).post(f"{card_of(neng_siti)}/jadwal/{far.id}", status=404)
    assert db.session.get(ServiceDay, far.id).taken == 0


def test_she_may_leave_without_saying_why_and_come_back(browser, campaign, ibu_sari, neng_siti):
    phone = browser(ibu_sari)
    phone.get(phone.post(f"{card_of(neng_siti)}/mundur").location)
    assert "Sudah dicatat: Ibu tidak jadi ikut." in phone.words
    phone.post(f"{card_of(neng_siti)}/mundur", status=409)
    assert "Tidak dapat: Ibu ini sekarang “tidak jadi”" in phone.words
    phone.post(form_of(campaign), **said(nik="3214125003909123"))
    assert [akseptor.status for akseptor in everybody()] == ["registered"]


def test_a_button_without_a_key_does_nothing(browser, ibu_sari, neng_siti):
    phone = browser(ibu_sari)
    phone.post(f"{card_of(neng_siti)}/mundur", status=422, key="")
    assert "Muat ulang halaman, lalu tekan sekali lagi." in phone.words
    assert everybody()[0].status == "registered"


def test_opening_a_card_is_written_down(browser, ibu_sari, neng_siti):
    browser(ibu_sari).get(card_of(neng_siti))
    log = db.session.execute(db.text("SELECT by_id, akseptor_id, what FROM access_log")).all()
    assert [(str(row.what)) for row in log] == ["akseptor"]


# ---- htmx ----


def test_htmx_gets_the_form_again_or_is_sent_to_the_card(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    phone.post(form_of(campaign), status=422, htmx="registration-form", **said(nik="1"))
    assert phone.is_part and "registration-form" in phone.page.ids
    assert phone.errors["nik"].startswith("NIK harus 16 angka, ini 1 angka.")
    answer = phone.post(form_of(campaign), status=204, htmx="registration-form", **said())
    assert answer.headers["HX-Redirect"] == f"{card_of(everybody()[0])}/tersimpan"


# ---- JSON, for the outbox ----


def test_the_outbox_is_told_who_she_became_and_the_same_again(browser, campaign, ibu_sari):
    phone, sent = browser(ibu_sari), key()
    first = phone.send(form_of(campaign), **said(key=sent))
    assert (first["ok"], first["id"], first["key"]) == (True, str(everybody()[0].id), sent)
    assert phone.send(form_of(campaign), **said(key=sent)) == first
    assert len(everybody()) == 1


def test_the_outbox_is_told_every_refusal_in_words(browser, campaign, ibu_sari, ibu_wati, bidan_ratna, neng_siti, cast):
    full = builders.service_day(cast.saung, seats=1)
    booked(ibu_wati, full)
    phone = browser(ibu_sari)
    told = phone.send(form_of(campaign), status=422, **said(nik="321412500390912", name=""))
    assert (told["ok"], told["error"]) == (False, "form")
    assert told["fields"] == {
        "nik": "NIK harus 16 angka, ini 15 angka. Periksa sekali lagi.",
        "name": "Isi nama lengkapnya.",
    }
    assert told["message"] in told["fields"].values()

    def refusal(screen, path, status, **form):
        told = screen.send(path, status=status, **form)
        assert set(told) == {"ok", "error", "message", "fields"} and told["ok"] is False and told["fields"] == {}
        return told["error"], told["message"]

    full_day = f"{card_of(neng_siti)}/jadwal/{full.id}"
    assert refusal(phone, full_day, 409) == (
        "day_full",
        "Kursi hari itu sudah habis. Pilih hari lain, atau masukkan Ibu ke daftar tunggu.",
    )
    assert refusal(phone, f"{card_of(neng_siti)}/batal", 409)[0] == "wrong_step"
    assert refusal(phone, form_of(campaign), 409, **said(nik="3214125003909123"))[0] == "already_registered"
    assert refusal(phone, f"{card_of(neng_siti)}/mundur", 422, key="pendek")[0] == "bad_key"
    assert refusal(phone, form_of(campaign), 400, **said(csrf_token="salah"))[0] == "stale_form"
    assert refusal(browser(ibu_wati), f"{card_of(neng_siti)}/mundur", 404)[0] == "no_such"
    assert refusal(browser(bidan_ratna), form_of(campaign), 403, **said())[0] == "not_allowed"
    assert refusal(browser(), form_of(campaign), 401, **said())[0] == "sign_in"


def test_every_deed_of_the_room_answers_the_outbox(browser, ibu_sari, day):
    neng = registered(ibu_sari, is_counselled=False)
    phone = browser(ibu_sari)
    for deed in ("konseling", f"jadwal/{day.id}", "batal", "nik", "mundur"):
        sent = key()
        told = phone.send(f"{card_of(neng)}/{deed}", key=sent, nik=nik(4))
        assert told == {"ok": True, "id": str(neng.id), "key": sent}
    assert [step.kind for step in queries.history(everybody()[0])] == ["register", "book", "cancel", "withdraw"]


def test_who_has_two_campaigns_chooses_first(browser, ibu_sari, campaign):
    phone = browser(ibu_sari)
    assert phone.get("/kader/", status=303).location == f"/kader/{campaign.id}"
    with builders.writing():
        builders.write_campaign({"32.14.12.2001": 3}, name="Kedua")
    phone.get("/kader/")
    assert "Kedua" in phone.words and "1831 MKJP" in phone.words


def test_no_page_of_hers_names_another_person_of_the_office(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}")
    others = db.session.scalars(db.select(Person.name).where(Person.id != ibu_sari.id)).all()
    assert not [name for name in others if name in phone.words]


def test_an_odd_nik_is_saved_and_she_is_asked_to_look_again(browser, ibu_sari, campaign):
    """No such kecamatan, and a day in the NIK that is not the birth date: warnings, never a refusal."""
    phone = browser(ibu_sari)
    phone.post(form_of(campaign), **said(nik="3214995003909123", birth_date=["11", "3", "1990"]))
    phone.get(phone.last.location)
    assert "periksa lagi: kode wilayah NIK tidak dikenal" in phone.words
    assert "periksa lagi: tanggal lahir berbeda dengan NIK" in phone.words
    assert db.session.scalars(db.select(Akseptor)).one().has_nik
