"""The day sheet, live for all who work on it: scans, walk-ins, several at once, deferrals, referrals, the end of the day."""

from datetime import timedelta
from uuid import uuid4

import pytest

from campaign import actions, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, DeferReason, PointKind, Referral, Service, ServiceDay, Stock
from campaign.queries.sheet import last_filled
from campaign.rules.journey import Status
from campaign.rules.methods import Method
from campaign.rules.roles import Role
from campaign.rules.service_facts import Act, After, Insurance, ServiceFacts, Source
from campaign.sealed import keys
from campaign.words import row_code
from tests import builders
from tests.builders import attended, beads, booked, key, nik, registered

SERVED = {"method": "implan_2", "participant": "baru", "has_informed_consent": "ya"}


def sheet(day):
    return f"/puskesmas/hari/{day.id}"


def her(day, akseptor, deed):
    return f"{sheet(day)}/{akseptor.id}/{deed}"


def status_of(akseptor):
    return db.session.get(Akseptor, akseptor.id, populate_existing=True).status


def ticket_of(akseptor):
    return queries.ticket_code(builders.booking_of(akseptor.id))


@pytest.fixture
def hospital(cast):
    """RSUD, with a doctor who answers referrals."""
    with builders.writing():
        point = builders.places.write_point(
            "32.14", name="RSUD Bayu Asih", kind=PointKind.RUMAH_SAKIT, kecamatan_code="32.14.01"
        )
        doctor = builders.person("dokter", "dr. Hani", Role.PUSKESMAS, service_point_id=point.id)
    point.doctor = doctor
    return point


@pytest.fixture
def bidan_ani(cast):
    """The colleague at the other screen."""
    with builders.writing():
        return builders.person("ani", "Bidan Ani", Role.PUSKESMAS, service_point_id=cast.maracang.id)


@pytest.fixture
def head(cast):
    with builders.writing():
        return builders.person("kepala", "Bu Kepala", Role.PUSKESMAS, service_point_id=cast.maracang.id, is_head=True)


# ---- Scans ----


def test_a_ticket_is_enough_whole_as_an_address_or_its_first_four(browser, bidan_ratna, ibu_sari, day):
    women = [booked(ibu_sari, day, name=name) for name in ("Neng Satu", "Ai Dua", "Euis Tiga")]
    desk, said = browser(bidan_ratna), []
    codes = [
        ticket_of(women[0]).lower(),
        f"http://x/puskesmas/tiket/{ticket_of(women[1])}",
        row_code(builders.booking_of(women[2].id)),
    ]
    for n, code in enumerate(codes, start=1):
        desk.post(f"{sheet(day)}/pindai", status=200, htmx="day-sheet", code=code)
        assert f"antrean no. {n}" in desk.words and "day-sheet" in desk.page.ids
        said.append(desk.words)
    assert "Lanjut: Neng Satu" in said[0] and "Lanjut: Euis Tiga" in said[2]
    assert {status_of(woman) for woman in women} == {"attended"}
    desk.get(desk.post(f"{sheet(day)}/pindai", code=codes[0]).location)
    assert "Neng Satu sudah hadir" in desk.words and "antrean no. 1" in desk.words


def test_what_a_scan_cannot_take_is_said_large_and_changes_nothing(
    browser, cast, bidan_ratna, ibu_sari, day, tomorrow, campaign
):
    served = builders.served(ibu_sari, bidan_ratna, day, name="Sudah")
    waits = booked(ibu_sari, tomorrow, name="Besok")
    moved = booked(ibu_sari, day, name="Pindah")
    old = ticket_of(moved)
    actions.book(moved, day=tomorrow, by=ibu_sari, key=key())
    deferred = actions.defer(
        attended(ibu_sari, bidan_ratna, day, name="Tunda"), reason="haid", by=bidan_ratna, key=key()
    )
    stranger = booked(ibu_sari, builders.service_day(cast.koncara), name="Rahasia")
    on = builders.standing_service(db.session.get(Akseptor, served.id)).served_on
    before, desk = beads(campaign), browser(bidan_ratna)
    for code, words in (
        (ticket_of(served), f"Sudah sudah dilayani {on.day}/{on.month} di Puskesmas Maracang"),
        (ticket_of(waits), "Bukan hari ini: tiket Besok untuk"),
        (old, "Tiket Pindah tidak berlaku lagi"),
        (ticket_of(deferred), "Tunda sudah selesai hari ini: ditunda"),
        (ticket_of(stranger), "Tidak dikenal di sini."),
        ("0" * 32, "Tidak dikenal di sini."),
        ("tidak ada", "Tidak dikenal di sini."),
    ):
        desk.post(f"{sheet(day)}/pindai", status=200, htmx="day-sheet", code=code)
        assert words in desk.words and "Rahasia" not in desk.words, code
    assert beads(campaign) == before
    desk.post(f"{sheet(day)}/pindai", status=422, code="")
    assert desk.errors == {"code": "Pindai tiket, atau ketik kode atau nama."}
    too_long = desk.post(f"{sheet(day)}/pindai", status=200, htmx="day-sheet", code="x" * 500)
    assert 'id="day-sheet"' in too_long.text and 'class="stop"' in too_long.text


def test_a_name_is_offered_to_be_tapped_and_moves_nobody(browser, bidan_ratna, ibu_sari, day):
    women = [booked(ibu_sari, day, name=name) for name in ("Siti Aminah", "Siti Aisyah", "Euis")]
    desk = browser(bidan_ratna)
    desk.post(f"{sheet(day)}/pindai", status=200, htmx="day-sheet", code="siti")
    assert "2 Ibu cocok. Ketuk yang benar." in desk.words
    assert {status_of(woman) for woman in women} == {"booked"} and "lagi. Ketik" not in desk.words
    for n in range(7):
        booked(ibu_sari, day, name=f"Siti {n}")
    desk.post(f"{sheet(day)}/pindai", status=200, htmx="day-sheet", code="siti")
    assert "9 Ibu cocok." in desk.words and "Dan 1 lagi. Ketik namanya lebih lengkap." in desk.words


def test_a_phones_camera_opens_the_ticket_and_one_press_is_enough(browser, bidan_ratna, ibu_sari, day):
    neng = booked(ibu_sari, day)
    phone = browser(bidan_ratna)
    phone.get(f"/puskesmas/tiket/{ticket_of(neng)}")
    assert "Tiket berlaku hari ini" in phone.words
    assert her(day, neng, "hadir") in [form["action"] for form in phone.page.forms]
    phone.post(her(day, neng, "hadir"))
    phone.get(f"/puskesmas/tiket/{ticket_of(neng)}")
    assert "sudah hadir" in phone.words and her(day, neng, "hadir") not in [form["action"] for form in phone.page.forms]


# ---- Live ----


def test_the_sheet_is_sent_again_only_when_something_has_changed(browser, bidan_ratna, bidan_ani, ibu_sari, day):
    neng, at = booked(ibu_sari, day), now()
    desk = browser(bidan_ratna)
    desk.get(sheet(day), htmx="day-sheet")
    seen = queries.sheet_version(day, at=at)
    assert queries.sheet_version(day, at=at) == seen
    deeds = (
        lambda: actions.attend(neng, by=bidan_ani, key=key()),
        lambda: actions.defer(neng, reason="haid", by=bidan_ani, key=key()),
        lambda: booked(ibu_sari, day, name="Baru"),
        lambda: actions.withdraw(registered_on(ibu_sari, day), by=ibu_sari, key=key()),
    )
    versions = [seen]
    for deed in deeds:
        deed()
        db.session.expire_all()
        versions.append(queries.sheet_version(db.session.get(ServiceDay, day.id), at=at))
    assert len(set(versions)) == len(versions)
    desk.ask("GET", sheet(day))
    newest = queries.sheet_version(db.session.get(ServiceDay, day.id), at=now())
    told = desk.ask("GET", f"{sheet(day)}?v={newest}", headers={"HX-Request": "true", "HX-Target": "day-sheet"})
    other = desk.ask("GET", f"{sheet(day)}?v=x", headers={"HX-Request": "true", "HX-Target": "day-sheet"})
    assert (told.status_code in (200, 204), other.status_code) == (True, 200)
    assert newest != versions[0]


def registered_on(ibu_sari, day):
    return booked(ibu_sari, day, name="Mundur")


def test_asking_with_the_newest_version_is_answered_with_nothing(browser, bidan_ratna, ibu_sari, day):
    """Nobody waits, so no minute passes on the sheet and the version stands still."""
    builders.served(ibu_sari, bidan_ratna, day, nik=nik(1))
    desk = browser(bidan_ratna)
    version = queries.sheet_version(db.session.get(ServiceDay, day.id), at=now())
    desk.get(f"{sheet(day)}?v={version}", status=204, htmx="day-sheet")
    booked(ibu_sari, day, name="Ai")
    desk.get(f"{sheet(day)}?v={version}", htmx="day-sheet")
    assert "Ai" in desk.words


def test_the_second_is_told_what_the_colleague_did(browser, bidan_ratna, bidan_ani, ibu_sari, day):
    neng = booked(ibu_sari, day)
    first, second = browser(bidan_ani), browser(bidan_ratna)
    first.post(her(day, neng, "hadir"))
    second.post(her(day, neng, "hadir"), status=409, htmx="day-sheet")
    assert "Neng Siti sudah dicatat “hadir” oleh Bidan Ani" in second.words
    first.post(her(day, neng, "layani"), no_nik_reason="hilang", **SERVED)
    second.post(her(day, neng, "tunda"), status=409, reason="haid")
    assert "Neng Siti sudah dicatat “dilayani” oleh Bidan Ani" in second.words
    assert status_of(neng) == "served"


def test_the_last_act_is_undone_with_one_press(browser, bidan_ratna, bidan_ani, ibu_sari, day):
    neng = booked(ibu_sari, day)
    desk, other = browser(bidan_ratna), browser(bidan_ani)
    desk.post(her(day, neng, "hadir"), status=200, htmx="day-sheet")
    assert "Terakhir Anda catat: Neng Siti , hadir" in desk.words and "Urungkan" in desk.words
    other.get(sheet(day))
    assert "Urungkan" not in other.words
    step = queries.history(neng)[-1].id
    desk.post(her(day, neng, "betulkan"), step_id=str(step), reason="salah_tekan")
    assert status_of(neng) == "booked"
    desk.get(sheet(day))
    assert "Urungkan" not in desk.words


# ---- Walk-ins ----


def arriving(**also):
    about = {"name": "Ai Datang", "no_nik_reason": "tidak_dibawa", "wanted": "iud", "desa_code": "32.14.12.2001"}
    return about | {"has_consent": "y", "is_counselled": "y", "kader": "desa"} | also


def test_a_walk_in_is_credited_to_the_kader_of_her_rw_her_desa_or_whom_one_says(browser, cast, bidan_ratna, day):
    with builders.writing():
        of_rw = builders.person("rini", "Ibu Rini", Role.KADER, desa_code="32.14.12.2001", rw="004")
    desk, found = browser(bidan_ratna), {}
    for name, said in {
        "desa": {},
        "rw": {"rw": "4"},
        "none": {"kader": ""},
        "other": {"kader": str(cast.ibu_wati.id)},
        "outside": {"desa_code": "luar", "address": "Subang"},
    }.items():
        desk.get(desk.post(f"{sheet(day)}/datang", **arriving(name=name, **said)).location)
        found[name] = db.session.scalars(db.select(Akseptor.kader_id).where(Akseptor.name == name)).one()
    assert found == {"desa": cast.ibu_sari.id, "rw": of_rw.id, "none": None, "other": cast.ibu_wati.id, "outside": None}
    desk.get(f"{sheet(day)}/datang/kader?desa_code=32.14.12.2001&rw=4", htmx="kader-choice")
    assert desk.is_part and "Ibu Rini, Margacinta RW 004" in desk.words and "Ibu Wati" not in desk.words


def test_who_is_registered_already_gets_no_second_record(browser, bidan_ratna, ibu_sari, day, campaign, head):
    neng = registered(ibu_sari, nik=nik(1), is_counselled=False)
    desk = browser(bidan_ratna)
    desk.post(f"{sheet(day)}/datang/terdaftar", status=404, akseptor_id=str(neng.id))
    desk.post(f"{sheet(day)}/datang", status=200, **arriving(nik=nik(1)))
    assert "NIK ini sudah terdaftar" in desk.words and "Neng Siti" in desk.words
    assert beads(campaign) == {"registered": 1}
    desk.get(desk.post(f"{sheet(day)}/datang/terdaftar", akseptor_id=str(neng.id)).location)
    assert "Neng Siti sudah terdaftar sebelumnya" in desk.words
    assert beads(campaign) == {"attended": 1}
    assert db.session.get(Akseptor, neng.id).is_counselled
    boss = browser(head)
    boss.get("/puskesmas/dibuka")
    assert "Bidan Ratna" in boss.words and "datang langsung" in boss.words
    assert queries.differences() == []


def test_a_woman_booked_for_another_day_walks_in_and_her_old_seat_is_free(
    browser, bidan_ratna, ibu_sari, day, tomorrow
):
    neng = booked(ibu_sari, tomorrow, nik=nik(1))
    desk = browser(bidan_ratna)
    desk.post(f"{sheet(day)}/datang", status=200, **arriving(nik=nik(1)))
    desk.post(f"{sheet(day)}/datang/terdaftar", akseptor_id=str(neng.id))
    db.session.expire_all()
    assert (status_of(neng), day.taken, tomorrow.taken) == ("attended", 1, 0)


# ---- Several at once ----


def test_several_get_one_outcome_and_a_sentence_each(browser, bidan_ratna, bidan_ani, ibu_sari, day, tomorrow):
    a, b, c, d = (booked(ibu_sari, day, name=name) for name in ("Ani", "Bela", "Cici", "Dedeh"))
    actions.attend(c, by=bidan_ani, key=key())
    actions.book(d, day=tomorrow, by=ibu_sari, key=key())
    desk, ids = browser(bidan_ratna), [str(woman.id) for woman in (a, b, c, d)]
    desk.post(f"{sheet(day)}/beberapa", status=200, htmx="day-sheet", her=ids, outcome="hadir")
    for said in (
        "Ani: hadir.",
        "Bela: hadir.",
        "Cici sudah dicatat “hadir” oleh Bidan Ani",
        "Satu Ibu sudah tidak ada di lembar ini",
    ):
        assert said in desk.words
    desk.get(desk.post(f"{sheet(day)}/beberapa", her=ids[:1], outcome="pulang").location)
    assert "Ani: pulang." in desk.words
    assert (status_of(a), status_of(b), status_of(c), status_of(d)) == ("no_show", "attended", "attended", "booked")
    desk.get(desk.post(f"{sheet(day)}/beberapa", outcome="hadir").location)
    assert "Centang paling sedikit satu Ibu." in desk.words
    desk.get(desk.post(f"{sheet(day)}/beberapa", her=["x"], outcome="hadir").location)
    assert "Muat ulang halaman" in desk.words
    desk.get(
        desk.post(f"{sheet(day)}/beberapa", her=[ids[0], *(uuid4() for _ in range(100))], outcome="hadir").location
    )
    assert "Paling banyak 100 Ibu sekali tekan. Belum ada yang dicatat" in desk.words


def test_missed_is_for_who_is_expected_and_home_for_who_is_here(browser, bidan_ratna, ibu_sari, day):
    here, expected = attended(ibu_sari, bidan_ratna, day, name="Ada"), booked(ibu_sari, day, name="Belum")
    desk = browser(bidan_ratna)
    for outcome in ("tidak-hadir", "pulang"):
        desk.post(
            f"{sheet(day)}/beberapa",
            status=200,
            htmx="day-sheet",
            her=[str(here.id), str(expected.id)],
            outcome=outcome,
        )
    assert [queries.history(woman)[-1].reason for woman in (here, expected)] == ["pulang", None]
    desk.get(sheet(day))
    assert "pulang" in desk.words and "tidak hadir" in desk.words


# ---- Served, with what the register asks ----


def facts_of(akseptor) -> ServiceFacts:
    service = builders.standing_service(db.session.get(Akseptor, akseptor.id))
    return ServiceFacts.from_text(keys.open("service.facts", service.id, service.facts_sealed))


FACTS = {"act": "pasang", "insurance": "bpjs", "source": "apbn", "product": "Indoplant", "responsible": "dr. Hani"}


def test_what_the_register_asks_is_sealed_and_filled_in_for_the_next(browser, bidan_ratna, bidan_ani, ibu_sari, day):
    first = attended(ibu_sari, bidan_ratna, day, name="Satu", nik=nik(1))
    desk = browser(bidan_ratna)
    desk.get(her(day, first, "layani"))
    assert 'value="Bidan Ratna"' in desk.last.text
    desk.post(her(day, first, "layani"), **SERVED, **FACTS)
    assert facts_of(first) == ServiceFacts(
        act=Act.PASANG, insurance=Insurance.BPJS, source=Source.APBN, product="Indoplant", responsible="dr. Hani"
    )
    second = attended(ibu_sari, bidan_ratna, day, name="Dua", nik=nik(2))
    other = browser(bidan_ani)
    other.get(her(day, second, "layani"))
    for filled in (
        'value="implan_2" checked',
        'value="bpjs" checked',
        'value="apbn" checked',
        'value="Indoplant"',
        'value="dr. Hani"',
    ):
        assert filled in other.last.text, filled
    assert 'name="has_informed_consent" value="ya" checked' not in other.last.text, "her consent is asked of each"
    assert last_filled(db.session.get(ServiceDay, day.id), by=bidan_ani).method == "implan_2"


def test_the_act_follows_the_method_and_a_kbpp_is_after_a_birth(browser, bidan_ratna, ibu_sari, day):
    a, b = (attended(ibu_sari, bidan_ratna, day, name=name, nik=nik(n)) for n, name in enumerate(("A", "B")))
    desk = browser(bidan_ratna)
    desk.post(her(day, a, "layani"), **SERVED | {"method": "mow", "act": "pasang"})
    assert facts_of(a).act == Act.OPERATIF
    wrong = SERVED | {"participant": "kbpp", "after": "keguguran"}
    desk.post(her(day, b, "layani"), status=422, **wrong)
    assert desk.errors["after"].startswith("KBPP adalah pasca persalinan.")
    desk.post(her(day, b, "layani"), status=422, **SERVED | {"method": "mow", "act": "cabut_pasang"})
    assert desk.errors["act"].startswith("MOW dan MOP tidak dicabut.")
    desk.post(her(day, b, "layani"), **SERVED | {"participant": "kbpp"})
    assert facts_of(b).after == After.PERSALINAN


def test_mobile_is_the_default_at_a_mobile_point_and_the_team_serves(browser, cast, bidan_ratna, ibu_sari):
    with builders.writing():
        van = builders.places.write_point(
            "32.14", name="Mobil", kind=PointKind.BERGERAK, kecamatan_code="32.14.12", induk_id=cast.maracang.id
        )
    day = builders.service_day(van)
    with builders.writing():
        db.session.get(ServiceDay, day.id).team = "dr. Hani, Bidan Ani"
    neng = attended(ibu_sari, bidan_ratna, day, nik=nik(1))
    desk = browser(bidan_ratna)
    desk.get(her(day, neng, "layani"))
    assert 'name="is_mobile" value="y" checked' in desk.last.text and 'value="dr. Hani"' in desk.last.text


# ---- Deferred ----


def test_a_reason_proposes_the_day_and_the_office_words_its_own(browser, bidan_ratna, bu_lilis, ibu_sari, day, today):
    office = browser(bu_lilis)
    office.get("/dppkb/sebab-tunda")
    rows = {
        "code": ["haid", "lain", ""],
        "label": ["menunggu haid", "sebab lain", "hujan"],
        "wait_days": ["10", "", "1"],
    }
    rows |= {"place": ["2", "3", "1"], "is_used": ["haid"]}
    office.post("/dppkb/sebab-tunda", **rows)
    kept = {
        row.code: (row.label, row.wait_days, row.is_used, row.place)
        for row in db.session.scalars(db.select(DeferReason))
    }
    assert kept == {
        "hujan": ("hujan", 1, True, 0),
        "haid": ("menunggu haid", 10, True, 1),
        "lain": ("sebab lain", None, False, 2),
    }
    neng = attended(ibu_sari, bidan_ratna, day)
    desk = browser(bidan_ratna)
    desk.get(her(day, neng, "tunda"))
    assert "hujan → boleh lagi" in desk.words.lower() and "sebab lain" not in desk.words
    desk.post(her(day, neng, "tunda"), status=422, reason="lain")
    desk.post(her(day, neng, "tunda"), reason="haid")
    assert db.session.get(Akseptor, neng.id).deferred_until == today + timedelta(days=10)
    desk.get(sheet(day))
    assert "menunggu haid" in desk.words


def test_a_wrong_list_of_reasons_is_refused_in_words(browser, bu_lilis):
    office = browser(bu_lilis)
    right = {"code": ["haid"], "label": ["haid"], "wait_days": ["7"], "place": ["1"], "is_used": ["haid"]}
    for wrong, words in (
        ({"label": [""]}, "Baris 1: isi sebabnya"),
        ({"label": ["x" * 61]}, "Baris 1: isi sebabnya"),
        ({"wait_days": ["seminggu"]}, "Baris 1: lama menunggu diisi angka hari"),
        ({"wait_days": ["0"]}, "Baris 1: lama menunggu"),
        ({"is_used": []}, "Paling sedikit satu sebab harus dipakai."),
    ):
        office.post("/dppkb/sebab-tunda", status=422, **right | wrong)
        assert words in office.words, wrong
    assert db.session.scalars(db.select(DeferReason)).all() == []


# ---- Referred ----


def test_she_is_referred_the_hospital_answers_and_she_is_booked_there(
    browser, hospital, cast, bidan_ratna, bidan_yuli, ibu_sari, day, campaign
):
    neng = attended(ibu_sari, bidan_ratna, day, nik=nik(1))
    there = builders.service_day(hospital, in_days=2)
    desk, ward, other = browser(bidan_ratna), browser(hospital.doctor), browser(bidan_yuli)
    desk.post(her(day, neng, "rujuk"), status=422)
    assert desk.errors == {"to": "Pilih tempat rujukan.", "reason": "Pilih sebabnya."}
    desk.post(her(day, neng, "rujuk"), status=422, to=str(cast.maracang.id), reason="operatif")
    desk.post(her(day, neng, "rujuk"), to=str(hospital.id), reason="operatif")
    assert status_of(neng) == "referred" and db.session.get(ServiceDay, day.id).taken == 1
    ward.get(f"/puskesmas/{campaign.id}/rujukan")
    assert "Neng Siti" in ward.words and "perlu tindakan operatif" in ward.words
    other.get(f"/puskesmas/{campaign.id}/rujukan")
    assert "Neng Siti" not in other.words
    referral = db.session.scalars(db.select(Referral)).one()
    answer = f"/puskesmas/rujukan/{referral.id}"
    for stranger in (other, desk):
        stranger.post(answer, status=404, day=str(there.id))
    ward.post(answer, status=422, day=str(day.id))
    ward.post(answer, day=str(there.id))
    assert status_of(neng) == "booked" and db.session.get(ServiceDay, there.id).taken == 1
    desk.get(f"/puskesmas/{campaign.id}/rujukan")
    assert "sudah dijadwalkan di sana" in desk.words
    ward.post(answer, status=409, day=str(there.id))
    ward.get(f"/puskesmas/hari/{there.id}")
    assert "Neng Siti" in ward.words
    assert queries.differences() == []


def test_sent_back_she_is_bookable_where_she_came_from(
    browser, hospital, bidan_ratna, ibu_sari, day, tomorrow, campaign, today
):
    neng = actions.refer(attended(ibu_sari, bidan_ratna, day), to=hospital, reason="medis", by=bidan_ratna, key=key())
    assert neng not in queries.bookable_list(campaign, seen_by=bidan_ratna)
    referral = db.session.scalars(db.select(Referral)).one()
    card = browser(ibu_sari)
    card.get(f"/kader/akseptor/{neng.id}")
    assert "Dirujuk ke RSUD Bayu Asih . Belum ada jawaban" in card.words
    browser(hospital.doctor).post(f"/puskesmas/rujukan/{referral.id}", day="")
    card.get(f"/kader/akseptor/{neng.id}")
    assert "Dikembalikan: sekarang boleh dijadwalkan lagi" in card.words
    assert [woman.id for woman in queries.bookable_list(campaign, seen_by=bidan_ratna)] == [neng.id]
    assert neng.id in [woman.id for woman in queries.to_help(campaign, seen_by=ibu_sari, today=today)]
    desk = browser(bidan_ratna)
    desk.post(f"{sheet(tomorrow)}/janji/{neng.id}")
    assert status_of(neng) == "booked"


def test_a_referral_taken_back_is_called_off_and_stands_again_when_that_was_wrong(hospital, bidan_ratna, ibu_sari, day):
    neng = actions.refer(attended(ibu_sari, bidan_ratna, day), to=hospital, reason="alat", by=bidan_ratna, key=key())
    answers = []
    for _ in range(2):
        neng = actions.correct(
            neng, step_id=queries.history(neng)[-1].id, reason="salah_orang", by=bidan_ratna, key=key()
        )
        answers.append((neng.status, db.session.scalars(db.select(Referral.answer)).one()))
    assert answers == [("attended", "recalled"), ("referred", None)]
    assert queries.differences() == []


# ---- The end of the day ----


def test_a_day_is_closed_when_everybody_has_an_outcome_and_a_correction_opens_it(browser, bidan_ratna, ibu_sari, day):
    neng, ai = attended(ibu_sari, bidan_ratna, day, nik=nik(1)), booked(ibu_sari, day, name="Ai")
    desk = browser(bidan_ratna)
    desk.post(f"{sheet(day)}/tutup", status=409)
    assert "Belum ada hasilnya: Ai, Neng Siti (2 Ibu)." in desk.words
    actions.serve(neng, by=bidan_ratna, key=key(), **builders.SERVICE)
    actions.miss(ai, by=bidan_ratna, key=key())
    desk.post(f"{sheet(day)}/tutup", status=200, htmx="day-sheet")
    assert "Hari ini sudah ditutup" in desk.words
    closed = db.session.get(ServiceDay, day.id)
    assert closed.closed_at and closed.closed_by_id == bidan_ratna.id
    step = queries.history(neng)[-1].id
    desk.post(her(day, neng, "betulkan"), step_id=str(step), reason="salah_orang")
    assert db.session.get(ServiceDay, day.id).closed_at is None


def test_who_is_booked_on_a_closed_day_opens_it_and_its_sweep_is_looked_at(browser, cast, bidan_ratna, ibu_sari, day):
    actions.serve(attended(ibu_sari, bidan_ratna, day, nik=nik(1)), by=bidan_ratna, key=key(), **builders.SERVICE)
    actions.close_day(db.session.get(ServiceDay, day.id), by=bidan_ratna, key=key())
    about = {"campaign": cast.campaign, "today": day.on, "desa": cast.margacinta}
    assert queries.days_to_book(**about) == [], "there they have gone home"
    late = booked(ibu_sari, db.session.get(ServiceDay, day.id), name="Ai")
    assert db.session.get(ServiceDay, day.id).closed_at is None
    with builders.writing():
        db.session.get(ServiceDay, day.id).on -= timedelta(days=1)
    actions.sweep(db.session.get(ServiceDay, day.id), by=actions.CLOCK, key=key())
    desk = browser(bidan_ratna)
    desk.get(sheet(day))
    assert status_of(late) == "no_show" and "1 Ibu disapu" in desk.words and "Tutup hari ini" in desk.words


def test_an_old_sheet_does_not_tell_or_mend_what_came_after(browser, cast, bidan_ratna, ibu_sari, day, tomorrow):
    neng = attended(ibu_sari, bidan_ratna, day)
    neng = actions.defer(neng, reason="haid", until=None, by=bidan_ratna, key=key())
    neng = actions.book(neng, day=tomorrow, by=ibu_sari, key=key())
    actions.defer(neng, reason="sakit", until=None, by=bidan_ratna, key=key())
    desk = browser(bidan_ratna)
    desk.get(sheet(day))
    assert "Neng Siti" in desk.words and "sakit" not in desk.words.lower()
    assert "Betulkan" not in desk.words and "Urungkan" not in desk.words, "from here it would lead nowhere"
    desk.get(sheet(tomorrow))
    assert "sakit" in desk.words.lower() and "Betulkan" in desk.words and "Urungkan" in desk.words


def test_who_came_from_outside_and_was_deferred_is_on_the_list_of_that_puskesmas(
    browser, cast, bidan_ratna, bidan_yuli, day, tomorrow
):
    said = {"name": "Ibu Jauh", "wanted": Method.IUD, "is_counselled": True, "no_nik_reason": "tidak_dibawa"}
    jauh = actions.walk_in(day, desa_code=None, address="Desa X, Subang", by=bidan_ratna, key=key(), **said)
    jauh = actions.defer(jauh, reason="haid", until=None, by=bidan_ratna, key=key())
    assert queries.bookable_list(cast.campaign, seen_by=bidan_yuli) == []
    desk = browser(bidan_ratna)
    desk.get(f"{sheet(tomorrow)}/janji")
    assert "Ibu Jauh" in desk.words
    desk.post(f"{sheet(tomorrow)}/janji/{jauh.id}")
    assert status_of(jauh) == "booked"


def test_a_swept_no_show_is_shown_as_such_and_mended_to_here(browser, cast, bidan_ratna, ibu_sari):
    yesterday = builders.service_day(cast.maracang, in_days=0)
    neng = booked(ibu_sari, yesterday, nik=nik(1))
    with builders.writing():
        db.session.get(ServiceDay, yesterday.id).on -= timedelta(days=1)
    actions.sweep(db.session.get(ServiceDay, yesterday.id), by=actions.CLOCK, key=key())
    desk = browser(bidan_ratna)
    desk.get(sheet(yesterday))
    assert "disapu: tidak hadir" in desk.words and "1 Ibu disapu" in desk.words
    desk.get(her(yesterday, neng, "betulkan"))
    assert "tercatat hadir" in desk.words and "oleh server" in desk.words
    step = queries.history(neng)[-1].id
    desk.post(her(yesterday, neng, "betulkan"), step_id=str(step), reason="salah_catat")
    assert status_of(neng) == "attended"
    assert queries.days_to_sweep(now()) == [], "the next sweep would miss her again"
    desk.post(her(yesterday, neng, "layani"), **SERVED)
    service = builders.standing_service(db.session.get(Akseptor, neng.id))
    assert service.served_on == db.session.get(ServiceDay, yesterday.id).on
    assert queries.differences() == []


def test_the_printed_list_has_codes_and_empty_lines(browser, bidan_ratna, ibu_sari, day):
    neng = booked(ibu_sari, day)
    desk = browser(bidan_ratna)
    desk.get(f"{sheet(day)}/cetak")
    assert row_code(builders.booking_of(neng.id)) in desk.words and desk.last.text.count('class="empty-row"') == 8


# ---- Stock and visits go along ----


def on_hand():
    return db.session.scalar(db.select(Stock.on_hand).where(Stock.method == Method.IMPLAN_2))


def test_a_correction_gives_the_set_back_and_lets_the_visits_fall_and_rise(cast, bidan_ratna, ibu_sari, day, today):
    from campaign.actions import stock
    from campaign.models import FollowUp, StockKind

    about = {"kind": StockKind.RECEIVED, "method": Method.IMPLAN_2, "source": Source.APBD, "number": 5, "on": today}
    stock.write_stock(cast.maracang, by=bidan_ratna, key=key(), **about)
    neng = attended(ibu_sari, bidan_ratna, day, nik=nik(1))
    facts = ServiceFacts(source=Source.APBD)
    neng = actions.serve(neng, facts=facts, by=bidan_ratna, key=key(), **builders.SERVICE)

    def standing():
        return db.session.scalar(db.select(db.func.count()).select_from(FollowUp).where(FollowUp.undone_at.is_(None)))

    seen = [(on_hand(), standing() > 0)]
    for _ in range(2):
        neng = actions.correct(
            neng, step_id=queries.history(neng)[-1].id, reason="salah_orang", by=bidan_ratna, key=key()
        )
        seen.append((on_hand(), standing() > 0))
    assert seen == [(4, True), (5, False), (4, True)]
    assert db.session.scalars(db.select(Service)).one().undone_at is None
    assert neng.status == Status.SERVED
