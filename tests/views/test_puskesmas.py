"""The puskesmas's room: days with seats, the walk-in, the sheet of the day and what becomes of everybody on it."""

from datetime import timedelta

from campaign import actions, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, Service, ServiceDay, Stage, Step
from tests import builders
from tests.builders import attended, beads, booked, key, nik, registered, served

SERVED = {"method": "implan_2", "participant": "baru", "has_informed_consent": "ya"}


def sheet_of(day):
    return f"/puskesmas/hari/{day.id}"


def her(day, akseptor, deed):
    return f"{sheet_of(day)}/{akseptor.id}/{deed}"


def status_of(akseptor):
    return db.session.get(Akseptor, akseptor.id).status


def arriving(**also):
    """What is typed about a woman at the counter."""
    about = {"name": "Ai Datang", "no_nik_reason": "tidak_dibawa", "wanted": "iud", "desa_code": "32.14.12.2001"}
    return about | {"has_consent": "y", "is_counselled": "y"} | also


# ---- Days and seats ----


def test_bidan_ratna_opens_a_day_with_seats_at_her_saung(browser, campaign, cast, bidan_ratna, today):
    desk = browser(bidan_ratna)
    desk.get(f"/puskesmas/{campaign.id}/hari-baru")
    assert "Saung Ambu Cikao" in desk.words and "Koncara" not in desk.words
    on = today + timedelta(days=3)
    form = {"point": str(cast.saung.id), "on": [str(on.day), str(on.month), str(on.year)], "seats": "25"}
    answer = desk.post(f"/puskesmas/{campaign.id}/hari-baru", starts_at="08:00", ends_at="14:30", **form)
    desk.get(answer.location)
    assert "Hari pelayanan sudah dibuka." in desk.words and "08.00–14.30" in desk.words
    day = db.session.scalars(db.select(ServiceDay)).one()
    assert (day.on, day.seats, day.taken, day.service_point_id) == (on, 25, 0, cast.saung.id)
    desk.get(f"/puskesmas/{campaign.id}")
    assert "Saung Ambu Cikao" in desk.words


WRONG_DAY = {
    "no date": ({"on": ""}, "on", "Isi tanggal."),
    "31 February": ({"on": ["31", "2", "2027"]}, "on", "Tanggal ini tidak ada."),
    "no seats": ({"seats": ""}, "seats", "Isi jumlah kursi."),
    "zero seats": ({"seats": "0"}, "seats", "Antara 1 dan 500 kursi."),
    "seats in words": ({"seats": "sepuluh"}, "seats", "Isi dengan angka bulat."),
    "ends before it starts": ({"ends_at": "07:00"}, "ends_at", "Jam selesai harus sesudah jam mulai."),
    "no place": ({"point": ""}, "point", "Pilih tempat."),
}


def test_a_wrong_day_comes_back_with_words(browser, campaign, cast, bidan_ratna, today):
    desk = browser(bidan_ratna)
    right = {"point": str(cast.maracang.id), "on": str(today), "seats": "10", "starts_at": "08:00", "ends_at": "15:00"}
    path = f"/puskesmas/{campaign.id}/hari-baru"
    assert desk.otherwise(path, right, WRONG_DAY) == {}
    assert desk.otherwise(path, right, WRONG_DAY, htmx="day-form") == {} and desk.is_part
    assert db.session.scalars(db.select(ServiceDay)).all() == []


def test_a_day_outside_the_campaign_or_at_a_strangers_place_is_refused(browser, campaign, cast, bidan_ratna, today):
    desk = browser(bidan_ratna)
    form = {"point": str(cast.maracang.id), "seats": "10", "starts_at": "08:00", "ends_at": "15:00"}
    for on in (today - timedelta(days=1), campaign.closes_on + timedelta(days=1)):
        desk.post(f"/puskesmas/{campaign.id}/hari-baru", status=409, on=str(on), **form)
        assert "Hari pelayanan ini tidak dapat dipakai" in desk.words
    desk.post(
        f"/puskesmas/{campaign.id}/hari-baru", status=422, on=str(today), **form | {"point": str(cast.koncara.id)}
    )
    assert "point" in desk.errors
    assert db.session.scalars(db.select(ServiceDay)).all() == []


def test_seats_change_but_never_below_what_is_taken(browser, bidan_ratna, ibu_sari, day):
    for name in ("Neng", "Ai"):
        booked(ibu_sari, day, name=name)
    desk = browser(bidan_ratna)
    desk.get(desk.post(f"{sheet_of(day)}/kursi", seats="2").location)
    assert "Kursi sudah diubah." in desk.words and "0 kosong" in desk.words
    desk.post(f"{sheet_of(day)}/kursi", status=409, seats="1")
    assert "Kursi tidak dapat kurang dari yang sudah terisi (2)." in desk.words
    desk.post(f"{sheet_of(day)}/kursi", status=422, seats="501")
    assert desk.errors == {"seats": "Antara 1 dan 500 kursi."}
    assert day.seats == 2


def test_the_other_puskesmas_sees_nothing_of_this_day(browser, bidan_yuli, ibu_sari, day, campaign):
    neng = booked(ibu_sari, day)
    desk = browser(bidan_yuli)
    desk.get(f"/puskesmas/{campaign.id}")
    assert "Maracang" not in desk.words
    for path in ("", "/janji", "/datang", f"/{neng.id}/layani"):
        desk.get(sheet_of(day) + path, status=404)
        assert "Neng" not in desk.last.text
    desk.post(her(day, neng, "hadir"), status=404)
    assert status_of(neng) == "booked"


def test_dppkb_opens_days_anywhere_and_serves_nowhere(browser, campaign, cast, bu_lilis, ibu_sari, day, today):
    neng = booked(ibu_sari, day)
    desk = browser(bu_lilis)
    form = {"point": str(cast.koncara.id), "on": str(today), "seats": "5", "starts_at": "08:00", "ends_at": "15:00"}
    desk.post(f"/puskesmas/{campaign.id}/hari-baru", **form)
    desk.get(sheet_of(day))
    assert "Neng Siti" in desk.words and "Hadir" not in {line.strip() for line in desk.page.text}
    for deed in ("hadir", "tidak-hadir", "batal", "layani", "tunda"):
        desk.post(her(day, neng, deed), status=403)
    assert status_of(neng) == "booked"


# ---- Who comes ----


def test_a_woman_of_the_working_area_is_given_a_seat_at_the_counter(browser, bidan_ratna, ibu_sari, ibu_wati, day):
    neng = registered(ibu_sari)
    registered(ibu_wati, name="Belum Dikonseling", is_counselled=False)
    desk = browser(bidan_ratna)
    desk.get(f"{sheet_of(day)}/janji")
    assert "Neng Siti" in desk.words and "Belum Dikonseling" not in desk.words
    desk.get(f"{sheet_of(day)}/janji?nama=sit", htmx="to-book")
    assert desk.is_part and "Neng Siti" in desk.words
    desk.get(desk.post(f"{sheet_of(day)}/janji/{neng.id}").location)
    assert "Neng Siti sudah dijadwalkan." in desk.words
    assert (day.taken, status_of(neng)) == (1, "booked")


def test_a_woman_of_another_working_area_is_nobody_here(browser, bidan_yuli, cast, ibu_sari):
    neng, other = registered(ibu_sari), builders.service_day(cast.koncara)
    browser(bidan_yuli).post(f"{sheet_of(other)}/janji/{neng.id}", status=404)
    assert status_of(neng) == "registered"


def test_ai_walks_in_without_a_booking(browser, bidan_ratna, day, campaign, margacinta):
    desk = browser(bidan_ratna)
    desk.get(f"{sheet_of(day)}/datang")
    assert "Data Ibu dicatat oleh kader: nama, tanggal lahir" in desk.words, "the consent is there to be read"
    desk.get(desk.post(f"{sheet_of(day)}/datang", **arriving()).location)
    assert "Ai Datang sudah terdaftar dan hadir." in desk.words and "Dilayani" in desk.words
    assert beads(campaign, margacinta) == {"attended": 1}
    assert day.taken == 1


WRONG_WALK_IN = {
    "no consent": ({"has_consent": ""}, "has_consent", "Tanpa persetujuan, data tidak boleh disimpan."),
    "not counselled": ({"is_counselled": ""}, "is_counselled", "Tanpa konseling dan kesediaan"),
    "no desa": ({"desa_code": ""}, "desa_code", "Pilih desa."),
    "from outside without address": ({"desa_code": "luar"}, "address", "Tulis alamatnya: desa, kecamatan, kabupaten."),
    "a NIK of 17 digits": ({"nik": nik(1) + "0"}, "nik", "NIK harus 16 angka, ini 17 angka."),
}


def test_a_wrong_walk_in_comes_back_with_words(browser, bidan_ratna, day):
    assert browser(bidan_ratna).otherwise(f"{sheet_of(day)}/datang", arriving(), WRONG_WALK_IN) == {}
    assert day.taken == 0


def test_a_walk_in_from_outside_or_on_a_full_day(browser, cast, bidan_ratna, campaign):
    day = builders.service_day(cast.maracang, seats=1)
    desk = browser(bidan_ratna)
    desk.post(f"{sheet_of(day)}/datang", **arriving(desa_code="luar", address="Desa X, Subang"))
    desk.get(sheet_of(day))
    assert "luar kabupaten" in desk.words
    desk.post(f"{sheet_of(day)}/datang", status=409, **arriving(name="Ibu Dua"))
    assert "Kursi hari itu sudah habis." in desk.words
    assert beads(campaign) == {"attended": 1}


# ---- The sheet ----


def test_who_came_first_stands_first(browser, bidan_ratna, ibu_sari, day):
    first, second = (booked(ibu_sari, day, name=name) for name in ("Zubaedah", "Aminah"))
    actions.attend(first, by=bidan_ratna, key=key(), at=now() - timedelta(minutes=30))
    actions.attend(second, by=bidan_ratna, key=key())
    desk = browser(bidan_ratna)
    desk.get(sheet_of(day))
    queue = desk.words.partition("Sudah hadir, menunggu giliran")[2]
    assert queue.index("Zubaedah") < queue.index("Aminah")
    assert "menunggu 30 menit" in desk.words


def test_hadir_swaps_the_whole_sheet_and_says_so(browser, bidan_ratna, ibu_sari, day):
    neng = booked(ibu_sari, day)
    desk = browser(bidan_ratna)
    desk.post(her(day, neng, "hadir"), status=200, htmx="day-sheet")
    assert desk.is_part and desk.page.ids[0] == "day-sheet" and "notice" in desk.page.ids
    assert "Neng Siti: hadir." in desk.words
    desk.get(sheet_of(day))
    assert desk.words.count("Neng Siti: hadir.") == 0, "what was said is not said again on the next page"
    desk.get(sheet_of(day), htmx="day-sheet")
    assert desk.is_part


def test_hadir_without_javascript_leads_back_to_the_sheet(browser, bidan_ratna, ibu_sari, day):
    neng = booked(ibu_sari, day)
    desk = browser(bidan_ratna)
    answer = desk.post(her(day, neng, "hadir"))
    assert answer.location == sheet_of(day)
    desk.get(answer.location)
    assert "Neng Siti: hadir." in desk.words


def test_the_colleague_was_quicker_and_the_second_is_told(browser, bidan_ratna, ibu_sari, day):
    neng = attended(ibu_sari, bidan_ratna, day)
    desk = browser(bidan_ratna)
    desk.post(her(day, neng, "hadir"), status=409)
    assert "Neng Siti sudah dicatat “hadir” oleh Bidan Ratna" in desk.words
    desk.post(her(day, neng, "hadir"), status=409, htmx="day-sheet")
    assert desk.last.headers["HX-Retarget"] == "#notice" and desk.is_part


def test_without_script_a_refusal_leads_back_to_where_it_was_pressed(browser, bidan_ratna, ibu_sari, day):
    neng = attended(ibu_sari, bidan_ratna, day)
    desk = browser(bidan_ratna)
    ours, back = f"http://localhost{sheet_of(day)}?urut=nama", f'href="{sheet_of(day)}?urut=nama"'
    desk.post(her(day, neng, "hadir"), status=409, headers={"Referer": ours})
    assert back in desk.last.text and "Kembali ke halaman tadi" in desk.words
    for elsewhere in (
        "",
        "http://elsewhere.example/x",
        "http://[",
        "http://localhost//elsewhere.example",
        sheet_of(day),
    ):
        desk.post(her(day, neng, "hadir"), status=409, headers={"Referer": elsewhere})
        assert "Kembali ke halaman tadi" not in desk.words and "Ke halaman awal" in desk.words, elsewhere
    nowhere = f"{sheet_of(day)}x"
    desk.get(nowhere, status=404, Referer=f"http://localhost{nowhere}")
    assert "Kembali ke halaman tadi" not in desk.words, "it would only be refused again"


def test_neng_is_served_and_counts(browser, bidan_ratna, ibu_sari, day, campaign, today):
    neng = attended(ibu_sari, bidan_ratna, day, nik=nik(1))
    desk = browser(bidan_ratna)
    desk.get(her(day, neng, "layani"))
    assert "NIK istri" not in desk.words, "her NIK is known and not asked again"
    desk.get(desk.post(her(day, neng, "layani"), served_on=str(today), **SERVED).location)
    assert "Neng Siti: dilayani." in desk.words and "1 dilayani" in desk.words
    assert beads(campaign) == {"served": 1}
    assert builders.standing_service(db.session.get(Akseptor, neng.id)).has_informed_consent is True


def test_a_service_without_nik_asks_for_it_or_for_the_reason(browser, bidan_ratna, ibu_sari, day, campaign):
    neng = attended(ibu_sari, bidan_ratna, day)
    desk = browser(bidan_ratna)
    desk.post(her(day, neng, "layani"), status=422, **SERVED)
    assert "Isi NIK, atau pilih sebab NIK belum ada." in desk.words
    desk.post(her(day, neng, "layani"), no_nik_reason="hilang", **SERVED)
    assert beads(campaign) == {"served": 1, "waiting_nik": 1}


def wrong_services(today):
    yield {"method": ""}, "method", "Pilih metode."
    yield {"method": "pil_kombinasi"}, "method", ""
    yield {"participant": "entah"}, "participant", ""
    yield {"has_informed_consent": ""}, "has_informed_consent", "Pilih ya atau tidak."
    yield {"nik": "3214"}, "nik", "NIK harus 16 angka, ini 4 angka."
    yield {"served_on": str(today + timedelta(days=1))}, "served_on", "Tanggal pelayanan tidak boleh di masa depan."


def test_a_wrong_service_comes_back_with_words(browser, bidan_ratna, ibu_sari, day, today):
    neng = attended(ibu_sari, bidan_ratna, day)
    desk = browser(bidan_ratna)
    for typed, field, sentence in wrong_services(today):
        desk.post(her(day, neng, "layani"), status=422, htmx="serve-form", **SERVED | {"nik": nik(3)} | typed)
        assert desk.is_part and desk.errors[field].startswith(sentence), typed
    assert db.session.scalars(db.select(Service)).all() == []


def test_a_service_before_the_campaign_is_refused(browser, bidan_ratna, ibu_sari, day, campaign):
    neng = attended(ibu_sari, bidan_ratna, day, nik=nik(1))
    desk = browser(bidan_ratna)
    on = campaign.opens_on - timedelta(days=1)
    desk.post(her(day, neng, "layani"), status=422, served_on=[str(on.day), str(on.month), str(on.year)], **SERVED)
    assert "Tanggal pelayanan tidak boleh di masa depan atau sebelum kampanye dimulai." in desk.words
    assert status_of(neng) == "attended"


def test_she_is_deferred_until_a_day_and_her_kader_sees_it(browser, bidan_ratna, ibu_sari, day, today):
    neng = attended(ibu_sari, bidan_ratna, day)
    desk = browser(bidan_ratna)
    desk.get(her(day, neng, "tunda"))
    desk.post(her(day, neng, "tunda"), status=422)
    assert desk.errors == {"reason": "Pilih sebabnya."}
    desk.post(her(day, neng, "tunda"), status=422, reason="haid", until=str(today))
    assert desk.errors == {"until": "Pilih tanggal sesudah hari ini."}
    until = today + timedelta(days=5)
    desk.post(her(day, neng, "tunda"), reason="haid", until=[str(until.day), str(until.month), str(until.year)])
    assert status_of(neng) == "deferred"
    phone = browser(ibu_sari)
    phone.get(f"/kader/akseptor/{neng.id}")
    assert "Ditunda sampai" in phone.words and "menunggu haid atau tes kehamilan" in phone.words


def test_who_did_not_come_and_who_cannot_come_leave_their_seats(browser, bidan_ratna, ibu_sari, day):
    absent, cancelled = booked(ibu_sari, day, name="Neng"), booked(ibu_sari, day, name="Ai")
    desk = browser(bidan_ratna)
    desk.post(her(day, absent, "tidak-hadir"), status=200, htmx="day-sheet")
    assert "Neng: tidak hadir." in desk.words
    desk.post(her(day, cancelled, "batal"), status=200, htmx="day-sheet")
    assert "Ai: jadwal dibatalkan." in desk.words
    assert (status_of(absent), status_of(cancelled), day.taken) == ("no_show", "registered", 0)


def test_a_wrong_service_is_taken_back_with_a_reason(browser, bidan_ratna, ibu_sari, day, campaign):
    neng = served(ibu_sari, bidan_ratna, day, nik=nik(1))
    desk = browser(bidan_ratna)
    desk.get(her(day, neng, "betulkan"))
    assert "Yang terakhir dicatat: dilayani" in desk.words and "kembali hadir" in desk.words
    step = queries.history(neng)[-1].id
    desk.post(her(day, neng, "betulkan"), status=422, step_id=str(step))
    assert desk.errors == {"reason": "Pilih sebabnya."}
    desk.post(her(day, neng, "betulkan"), step_id=str(step), reason="salah_orang")
    assert beads(campaign) == {"attended": 1}
    desk.post(her(day, neng, "betulkan"), status=409, step_id=str(step), reason="salah_orang")
    assert status_of(neng) == "attended", "a second click is no undo of the undo"


def test_after_some_days_only_dppkb_corrects(browser, bidan_ratna, bu_lilis, ibu_sari, day, campaign):
    neng = served(ibu_sari, bidan_ratna, day, nik=nik(1))
    with builders.writing():
        campaign.correction_days = 0
    step = {"step_id": str(queries.history(neng)[-1].id), "reason": "salah_catat"}
    desk = browser(bidan_ratna)
    desk.post(her(day, neng, "betulkan"), status=409, **step)
    assert "Waktu membetulkan sudah lewat. Mintalah DPPKB membetulkannya." in desk.words
    browser(bu_lilis).post(her(day, neng, "betulkan"), **step)
    assert status_of(neng) == "attended"


def test_nothing_is_written_on_a_day_that_has_not_come(browser, bidan_ratna, ibu_sari, tomorrow):
    neng = booked(ibu_sari, tomorrow)
    desk = browser(bidan_ratna)
    desk.get(sheet_of(tomorrow))
    assert "Ibu datang langsung" not in desk.words
    for deed in ("hadir", "tidak-hadir"):
        desk.post(her(tomorrow, neng, deed), status=409)
        assert "Hari pelayanan ini tidak dapat dipakai" in desk.words
    assert status_of(neng) == "booked"


def test_a_closed_campaign_books_nobody_but_its_last_outcomes_are_written(
    browser, bidan_ratna, ibu_sari, day, campaign
):
    waiting, neng = registered(ibu_sari, name="Menunggu"), booked(ibu_sari, day)
    with builders.writing():
        campaign.stage = Stage.CLOSED
    desk = browser(bidan_ratna)
    desk.post(f"{sheet_of(day)}/janji/{waiting.id}", status=409)
    assert "Kampanye ini sedang tidak berjalan" in desk.words
    desk.post(f"{sheet_of(day)}/datang", status=409, **arriving())
    desk.post(her(day, neng, "hadir"))
    desk.post(her(day, neng, "layani"), no_nik_reason="hilang", **SERVED)
    assert status_of(neng) == "served"


def test_the_same_click_twice_takes_one_step(browser, bidan_ratna, ibu_sari, day):
    neng, sent = booked(ibu_sari, day), key()
    desk = browser(bidan_ratna)
    for _ in range(2):
        desk.post(her(day, neng, "hadir"), status=200, htmx="day-sheet", key=sent)
    assert len(db.session.scalars(db.select(Step).where(Step.akseptor_id == neng.id)).all()) == 3


def test_a_deed_at_her_own_day_cannot_be_done_under_another_days_address(browser, cast, bidan_ratna, ibu_sari, day):
    """The sheet she is on is the sheet that is named: a stale page of another day does nothing."""
    other, neng = builders.service_day(cast.saung), booked(ibu_sari, day)
    browser(bidan_ratna).post(her(other, neng, "hadir"), status=404)
    assert status_of(neng) == "booked"


def test_an_old_sheet_does_not_act_on_her_new_booking(browser, bidan_ratna, ibu_sari, day, tomorrow):
    """She was moved to tomorrow while yesterday's page was still open: from there nothing of hers is touched."""
    neng = actions.book(booked(ibu_sari, tomorrow), day=day, by=ibu_sari, key=key())
    desk = browser(bidan_ratna)
    desk.post(f"/puskesmas/hari/{tomorrow.id}/{neng.id}/hadir", status=404)
    desk.post(f"/puskesmas/hari/{day.id}/{neng.id}/hadir")
    assert status_of(neng) == "attended"
