"""Whose visit is due, at the puskesmas and on her kader's list; her page, her card, the office's plan, the gentle list."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from campaign import actions, queries
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import AccessLog, Campaign, DaySeats, FollowUp, Person, Service, ServiceDay, Stock
from campaign.rules.aftercare import Found, months_after
from campaign.rules.methods import Family, Method
from campaign.rules.registers import Month
from campaign.rules.service_facts import ServiceFacts, Source
from campaign.sealed import keys
from tests import builders
from tests.engines import statements

MEDICAL = ("implan", "susuk", "IUD", "spiral", "KB", "kontrasepsi", "steril", "batang")


@pytest.fixture
def her(cast, day):
    return builders.served(cast.ibu_sari, cast.bidan_ratna, day, name="Neng Siti", phone="+6282000001111")


def service_of(her):
    return builders.standing_service(her)


def move_visits(her, today, *days):
    """Her visits are due in so many days."""
    ids = db.session.scalars(select(FollowUp.id).where(FollowUp.akseptor_id == her.id).order_by(FollowUp.due_on)).all()
    with writing() as session:
        for id, in_days in zip(ids, days, strict=False):
            session.execute(update(FollowUp).where(FollowUp.id == id).values(due_on=today + timedelta(days=in_days)))


def test_the_puskesmas_sees_who_is_late_who_comes_this_week_and_who_later(cast, her, today, browser):
    ratna = browser(cast.bidan_ratna)
    move_visits(her, today, -2, 5, 20)
    ratna.get(f"/puskesmas/{cast.campaign.id}/kunjungan")
    for heading in ("Sudah lewat (1)", "Minggu ini (1)", "Nanti (1)"):
        assert heading in ratna.words
    saung = builders.served(cast.ibu_wati, cast.bidan_ratna, builders.service_day(cast.saung), name="Ai Saung")
    move_visits(saung, today, 0)
    ratna.get(f"/puskesmas/{cast.campaign.id}/kunjungan?tempat={cast.saung.id}")
    assert "Ai Saung" in ratna.words and "Neng Siti" not in ratna.words
    yuli = browser(cast.bidan_yuli)
    yuli.get(f"/puskesmas/{cast.campaign.id}/kunjungan")
    assert "Neng Siti" not in yuli.words and "Tidak ada kunjungan" in yuli.words


def test_what_is_to_be_taken_out_is_listed_by_month_and_by_product(cast, her, day, today, browser):
    years_ago = service_of(her)
    jadelle = service_of(builders.served(cast.ibu_sari, cast.bidan_ratna, day, name="Euis"))
    removed = service_of(builders.served(cast.ibu_sari, cast.bidan_ratna, day, name="Iis"))
    with writing() as session:
        for service, months in ((years_ago, 37), (jadelle, 37), (removed, 37)):
            session.get_one(Service, service.id).served_on = months_after(today, -months)
        facts = keys.seal("service.facts", jadelle.id, ServiceFacts(product="Jadelle").as_text())
        session.get_one(Service, jadelle.id).facts_sealed = facts
    actions.visit_unplanned(
        queries.service(removed.id, seen_by=cast.bidan_ratna), by=cast.bidan_ratna, key=builders.key(),
        found=Found.PENCABUTAN, done_on=today, point=cast.maracang,
    )  # fmt: skip
    ratna = browser(cast.bidan_ratna)
    ratna.get("/puskesmas/pencabutan")
    assert "Neng Siti sudah lewat" in ratna.words and "Iis" not in ratna.words
    assert "Euis" not in ratna.words, "five years by what stands on its package"
    later = Month.of(months_after(jadelle.served_on, 60))
    ratna.get(f"/puskesmas/pencabutan?bulan={later}")
    assert "Euis" in ratna.words and "Neng Siti" not in ratna.words
    logged = db.session.scalars(select(AccessLog.reason).where(AccessLog.what == "removal_list")).all()
    assert sorted(logged, key=str) == sorted([None, str(later)], key=str)
    yuli = browser(cast.bidan_yuli)
    yuli.get("/puskesmas/pencabutan")
    assert "Neng Siti" not in yuli.words and "Tidak ada yang perlu dicabut" in yuli.words
    browser(cast.ibu_sari).get("/puskesmas/pencabutan", status=403)


def test_she_is_written_down_undone_and_written_down_as_removed(cast, her, today, browser):
    ratna, page = browser(cast.bidan_ratna), f"/puskesmas/pelayanan/{service_of(her).id}"
    ratna.get(page)
    assert "implan 2 batang" in ratna.words and "Perkiraan dicabut" in ratna.words
    visit = db.session.scalars(select(FollowUp).where(FollowUp.akseptor_id == her.id).order_by(FollowUp.due_on)).first()
    right = {"visit": str(visit.id), "found": "keluhan", "done_on": today.isoformat(), "point": str(cast.maracang.id)}
    wrong = ratna.otherwise(
        page,
        right,
        {
            "no finding": ({"found": ""}, "found", "Pilih hasilnya"),
            "unknown finding": ({"found": "sehat"}, "found", "Pilihan ini tidak ada"),
            "tomorrow": (
                {"done_on": (today + timedelta(days=1)).isoformat()},
                "done_on",
                "Tanggal tidak boleh di masa depan",
            ),
            "before the service": ({"done_on": "2020-01-01"}, "done_on", "Tanggal tidak boleh sebelum pelayanannya"),
            "elsewhere": ({"point": str(cast.koncara.id)}, "point", "Pilihan ini tidak ada"),
            "removed at home": (
                {"found": "pencabutan", "point": "rumah"},
                "point",
                "Ini dilakukan di tempat pelayanan",
            ),
            "another's visit": ({"visit": str(cast.campaign.id)}, "visit", "Pilihan ini tidak ada"),
        },
    )
    assert wrong == {}
    ratna.post(page, **right)
    ratna.get(page)
    assert "ada keluhan" in ratna.words and f"terjadwal {visit.due_on.day}" in ratna.words
    ratna.post(f"/puskesmas/kunjungan/{visit.id}/batal")
    ratna.post(f"/puskesmas/kunjungan/{visit.id}/batal", status=404)
    ratna.post(page, **right | {"visit": "", "found": "pencabutan"})
    ratna.get(page)
    assert "pencabutan" in ratna.words and "akan datang" not in ratna.words
    logged = db.session.scalars(select(AccessLog.akseptor_id).where(AccessLog.what == "after_service")).all()
    assert set(logged) == {her.id}


def test_the_card_says_no_method_unless_she_wishes_it(cast, her, today, browser):
    with writing() as session:
        sealed = keys.seal("person.phone", cast.ibu_sari.id, "+6282000007777")
        session.execute(update(Person).where(Person.id == cast.ibu_sari.id).values(phone_sealed=sealed))
    ratna, page = browser(cast.bidan_ratna), f"/puskesmas/pelayanan/{service_of(her).id}/kartu"
    ratna.get(page)
    card = ratna.words.split("Kertas A6.")[1]
    assert not [word for word in MEDICAL if word in card]
    due = today + timedelta(days=7)
    for told in ("Neng Siti", "Puskesmas Maracang", f"{due.day} ", "Berlaku sampai", "Ibu Sari", "+6282000007777"):
        assert told in card
    ratna.get(f"{page}?alat=ya")
    assert "implan 2 batang" in ratna.words


def test_her_kader_is_told_when_a_visit_is_due_without_a_medical_word(cast, her, today, browser):
    sari = browser(cast.ibu_sari)
    move_visits(her, today, 4, 300, 600)
    sari.get(f"/kader/{cast.campaign.id}")
    assert "Waktunya dikunjungi" not in sari.words and "Catat kunjungan" not in sari.words
    move_visits(her, today, 3)
    sari.get(f"/kader/{cast.campaign.id}")
    told = sari.words.split("Waktunya dikunjungi", 1)[1].split("Semua calon akseptor")[0]
    assert "Neng Siti" in told and "Catat kunjungan" in told
    assert not [word for word in MEDICAL if word in told]
    assert "wa.me/6282000001111?text=Assalamu" in sari.last.text.replace("%27", "'")
    page = f"/kader/akseptor/{her.id}/kunjungan"
    sari.get(page)
    assert not [word for word in MEDICAL if word in sari.page.words]
    sari.post(page, status=422, found="pencabutan", done_on=today.isoformat())
    sari.post(page, found="keluhan", done_on=today.isoformat())
    sari.get(f"/kader/{cast.campaign.id}")
    assert "Waktunya dikunjungi" not in sari.words
    browser(cast.ibu_wati).get(page, status=404)


def test_a_kader_has_nobody_to_visit_before_the_service(cast, neng_siti, browser):
    sari = browser(cast.ibu_sari)
    sari.get(f"/kader/akseptor/{neng_siti.id}/kunjungan")
    assert "Belum ada yang perlu dikunjungi" in sari.words
    sari.post(f"/kader/akseptor/{neng_siti.id}/kunjungan", status=409, found="kontrol", done_on="2026-11-01")


def test_anothers_service_and_visit_are_unknown(cast, her, browser):
    service, visit = service_of(her).id, db.session.scalars(select(FollowUp.id).limit(1)).one()
    yuli = browser(cast.bidan_yuli)
    for path in (f"/puskesmas/pelayanan/{service}", f"/puskesmas/pelayanan/{service}/kartu"):
        yuli.get(path, status=404)
    yuli.post(f"/puskesmas/kunjungan/{visit}/batal", status=404)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_a_visit_is_due_by_the_day_of_its_zone(cast, her, zone):
    """At ten to midnight it is tomorrow's; ten minutes after, today's."""
    with writing() as session:
        session.execute(update(Campaign).where(Campaign.id == cast.campaign.id).values(zone=zone))
    campaign = db.session.get_one(Campaign, cast.campaign.id)
    on = date(2027, 2, 28)
    move_visits(her, on, 1, 300, 600)  # due on 1 March
    midnight = datetime(2027, 3, 1, tzinfo=ZoneInfo(zone))
    left = []
    for at in (midnight - timedelta(minutes=10), midnight + timedelta(minutes=10)):
        today = campaign.day_of(at.astimezone(ZoneInfo("UTC")))
        visit = queries.due_visits(campaign, seen_by=cast.bidan_ratna, today=today)[0]
        left.append((visit.due_on - today).days)
    assert left == [1, 0]
    for ahead, expected in ((4, []), (3, ["visit"])):
        today = date(2027, 3, 1) - timedelta(days=ahead)
        assert [group.need.value for group in queries.in_need(campaign, seen_by=cast.ibu_sari, today=today)] == expected


def test_the_office_sets_days_and_how_long_it_lasts(cast, browser):
    lilis = browser(cast.bu_lilis)
    lilis.get("/dppkb/sesudah-pelayanan")
    assert "30, 90, 180, 365" in lilis.words and "8 tahun" in lilis.words and "seterusnya" in lilis.words
    page = "/dppkb/sesudah-pelayanan/iud"
    for days in ("besok", "0", "1831", "7; x", "1,2,3,4,5,6,7,8,9", "-7", "٣"):
        lilis.post(page, status=422, visit_days=days, lasts_months="96")
    for months in ("0", "181", "x"):
        lilis.post(page, status=422, visit_days="7", lasts_months=months)
    lilis.post(page, visit_days="180, 7 60", lasts_months="120")
    lilis.get("/dppkb/sesudah-pelayanan")
    assert "7, 60, 180" in lilis.words and "10 tahun" in lilis.words
    assert queries.plans("32.15")[Method.IUD].visit_days == (30, 90, 180, 365)
    lilis.get("/dppkb/sesudah-pelayanan/pil", status=404)
    browser(cast.bidan_ratna).get(page, status=403)


# ---- Completeness ----


def test_a_point_says_when_it_wrote_last_and_what_is_left(cast, today, browser):
    past = builders.service_day(cast.maracang, in_days=0)
    saung = builders.service_day(cast.saung, in_days=0)
    builders.attended(cast.ibu_sari, cast.bidan_ratna, past, name="Belum Selesai")
    builders.served(cast.ibu_sari, cast.bidan_ratna, saung, name="Sudah")
    with writing() as session:
        session.execute(update(ServiceDay).values(on=today - timedelta(days=1)))
        session.execute(update(ServiceDay).where(ServiceDay.id == saung.id).values(closed_at=now()))
    by_name = {
        row.point.name: row for row in queries.completeness_of(cast.campaign, seen_by=cast.bu_lilis, today=today)
    }
    own, other = by_name["Puskesmas Maracang"], by_name["Saung Ambu Cikao"]
    assert (own.unconfirmed, own.unclosed, own.days) == (1, 1, 1)
    assert (other.unconfirmed, other.unclosed, other.days) == (0, 0, 1)
    assert list(by_name) == ["Puskesmas Maracang", "Saung Ambu Cikao"]
    assert abs(own.last_at - now()) < timedelta(minutes=5)
    yuli = browser(cast.bidan_yuli)
    yuli.get(f"/puskesmas/{cast.campaign.id}/kelengkapan")
    assert "Maracang" not in yuli.words
    lilis = browser(cast.bu_lilis)
    lilis.get(f"/puskesmas/{cast.campaign.id}/kelengkapan")
    assert "Puskesmas Maracang" in lilis.words and "lengkap" in lilis.words


def test_completeness_asks_the_database_as_often_for_one_point_as_for_many(cast, today, app):
    def asked() -> int:
        with statements() as seen:
            queries.completeness_of(cast.campaign, seen_by=cast.bu_lilis, today=today)
        return len(seen)

    builders.service_day(cast.maracang)
    db.session.commit()
    one = asked()
    for point in (cast.saung, cast.koncara):
        builders.service_day(point)
    assert asked() == one <= 6


def test_tomorrow_morning_names_what_is_left_who_is_due_and_what_is_short(cast, her, today, browser):
    move_visits(her, today, -1, 3, 300)
    day = builders.service_day(cast.maracang, in_days=1)
    left = builders.service_day(cast.saung)
    builders.booked(cast.ibu_sari, left, name="Tertinggal")
    with writing() as session:
        session.execute(update(ServiceDay).where(ServiceDay.id == left.id).values(on=today - timedelta(days=1)))
        session.add(DaySeats(service_day_id=day.id, family=Family.IMPLAN, seats=9, taken=4))
        session.add(Stock(puskesmas_id=cast.maracang.id, method=Method.IMPLAN_2, source=Source.APBN, on_hand=2))
        session.add(Stock(puskesmas_id=cast.maracang.id, method=Method.IMPLAN_1, source=Source.APBN, on_hand=1))
    seen = queries.tomorrow(cast.campaign, seen_by=cast.bidan_ratna, today=today)
    assert [row.id for row in seen.unconfirmed] == [left.id] and seen.unclosed == []
    assert (seen.overdue, seen.due) == (1, 1)
    assert seen.short == [(Family.IMPLAN, 4, 3)]
    assert [row.id for row in seen.days] == [day.id]
    ratna = browser(cast.bidan_ratna)
    ratna.get(f"/puskesmas/{cast.campaign.id}")
    for told in (
        "Untuk besok pagi",
        "masih ada Ibu tanpa hasil",
        "1 sudah lewat, 1 dalam seminggu",
        "Besok dijanjikan 4",
    ):
        assert told in ratna.words
    koncara = queries.tomorrow(cast.campaign, seen_by=cast.bidan_yuli, today=today)
    assert koncara.is_quiet
