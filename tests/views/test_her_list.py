"""Her list: whom to see today and why, one tap to call, a message without a word of what it is about, days in words."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from campaign import actions, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, Booking, PointKind
from campaign.rules.distance import Distance
from campaign.rules.journey import Status
from campaign.rules.needs import Need
from campaign.sealed import KeyState
from campaign.words import BULAN, message_to_her
from tests import builders
from tests.builders import booked, key, registered
from tests.the_month import overdue

DAYS_AGO = {number: now() - timedelta(days=number) for number in (1, 5, 20)}


def set_back(akseptor, **columns):
    """As if it had been some days ago."""
    with builders.writing() as session:
        session.execute(db.update(Akseptor).where(Akseptor.id == akseptor.id).values(**columns))


@pytest.fixture
def in_every_need(cast, ibu_sari, bidan_ratna, day, tomorrow):
    """One woman in each need, by name, and some who need nobody."""
    yesterday = builders.service_day(cast.maracang, in_days=-1)
    booked(ibu_sari, day, name="Neng Today", phone="+6282000000001")
    booked(ibu_sari, tomorrow, name="Neng Tomorrow", phone="+6282000000002")
    forgotten = booked(ibu_sari, builders.service_day(cast.saung), name="Neng Unserved")
    with builders.writing() as session:
        there = db.select(Booking.id).where(Booking.akseptor_id == forgotten.id)
        session.execute(db.update(Booking).where(Booking.id.in_(there)).values(service_day_id=yesterday.id))
    overdue(builders.served(ibu_sari, bidan_ratna, day, name="Neng Visit").id)
    actions.miss(booked(ibu_sari, day, name="Neng No_show"), by=bidan_ratna, key=key())
    until = {"reason": "haid", "until": day.on + timedelta(days=3)}
    ready = actions.defer(booked(ibu_sari, day, name="Neng Ready"), by=bidan_ratna, key=key(), **until)
    set_back(ready, deferred_until=day.on)
    set_back(registered(ibu_sari, name="Neng Referred"), status="referred", changed_at=DAYS_AGO[20])
    set_back(registered(ibu_sari, name="Neng No_day"), changed_at=DAYS_AGO[5])
    set_back(registered(ibu_sari, name="Neng Not_counselled", is_counselled=False), registered_at=DAYS_AGO[5])

    actions.defer(booked(ibu_sari, day, name="Kelak"), by=bidan_ratna, key=key(), **until)
    registered(ibu_sari, name="Baru Tadi")
    registered(ibu_sari, name="Baru Tadi Juga", is_counselled=False)
    set_back(registered(ibu_sari, name="Baru Dirujuk"), status="referred", changed_at=DAYS_AGO[1])
    booked(ibu_sari, builders.service_day(cast.saung, in_days=2), name="Lusa")
    builders.served(ibu_sari, bidan_ratna, day, name="Sudah")
    actions.withdraw(registered(ibu_sari, name="Mundur"), by=ibu_sari, key=key())


def test_whom_to_see_today_stands_by_reason_most_pressing_first(in_every_need, campaign, ibu_sari, ibu_wati, today):
    groups = queries.in_need(campaign, seen_by=ibu_sari, today=today)
    assert [(group.need, [akseptor.name for akseptor in group.women], group.total) for group in groups] == [
        (need, [f"Neng {need.value.capitalize()}"], 1) for need in Need
    ]
    assert queries.in_need(campaign, seen_by=ibu_wati, today=today) == []


def test_a_long_group_shows_its_first_and_says_how_many_more(browser, campaign, ibu_sari, today):
    for number in range(9):
        set_back(registered(ibu_sari, name=f"Ibu {number}", is_counselled=False), registered_at=DAYS_AGO[20])
    (group,) = queries.in_need(campaign, seen_by=ibu_sari, today=today)
    assert [akseptor.name for akseptor in group.women] == [f"Ibu {number}" for number in range(4)] and group.total == 9
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}")
    assert "dan 5 orang lagi" in phone.words


def test_each_card_says_what_to_do_and_lets_her_do_it(browser, in_every_need, campaign, ibu_sari):
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}")
    for said in (
        "Hari ini pukul 08.00 di Puskesmas Maracang. Dampingi bila bisa.",
        "Besok pukul 08.00 di Puskesmas Maracang.",
        "Kemarin di Puskesmas Maracang, tetapi hasilnya belum dicatat.",
        "Hari ini tidak hadir di Puskesmas Maracang.",
        "Waktunya dikunjungi kemarin. Tanyakan kabarnya.",
        "Sudah boleh dijadwalkan lagi.",
        "Jadwalkan ulang untuk Neng No_show",
        "Pilih hari untuk Neng No_day",
        "Sudah dikonseling dan bersedia Neng Not_counselled",
    ):
        assert said in phone.words, said


def test_counselling_and_leaving_are_said_on_the_list_and_lead_back_to_it(browser, in_every_need, campaign, ibu_sari):
    phone, here = browser(ibu_sari), f"/kader/{campaign.id}"
    for name, deed, told in (
        ("Neng Not_counselled", "konseling", "Konseling dan kesediaan sudah dicatat."),
        ("Neng No_show", "mundur", "Sudah dicatat: Ibu tidak jadi ikut."),
    ):
        her = db.session.scalars(db.select(Akseptor.id).where(Akseptor.name == name)).one()
        answer = phone.post(f"/kader/akseptor/{her}/{deed}", dari="daftar")
        assert answer.location == here
        phone.get(here)
        assert f"{name}: {told}" in phone.words
    helped = phone.words.partition("Semua calon akseptor")[0].replace("Neng No_show: Sudah dicatat", "")
    assert "Neng No_show" not in helped and "Neng Not_counselled" not in helped.partition("dicatat.")[2]


def test_one_tap_calls_and_writes_and_no_record_counts_as_opened(browser, in_every_need, campaign, ibu_sari):
    phone = browser(ibu_sari)
    text = phone.get(f"/kader/{campaign.id}").text
    assert text.count('href="tel:+6282000000001"') == 2, "among those to see today, and on the list"
    assert "https://wa.me/6282000000002?text=Assalamu%27alaikum%2C%20ini%20Ibu%20Sari" in text
    assert db.session.scalar(db.text("SELECT count(*) FROM access_log")) == 0


def test_without_the_key_file_her_list_is_still_there(app, browser, in_every_need, campaign, ibu_sari):
    phone, keys = browser(ibu_sari), app.extensions["keys"]
    hidden = keys.path.rename(keys.path.with_suffix(".away"))
    for derived in ("_master", "_sealing"):
        vars(keys).pop(derived, None)
    keys.state = KeyState.UNKNOWN
    phone.get(f"/kader/{campaign.id}")
    assert "Neng Today" in phone.words and "tel:" not in phone.last.text
    hidden.rename(keys.path)


MEDICAL = "kb kontrasepsi metode implan iud mow mop mkjp susuk spiral steril hamil akseptor pasang suntik pil kampanye"


def test_a_message_says_when_and_where_and_never_what_for(ibu_sari, pak_wawan, margacinta, cast):
    day, texts = builders.service_day(cast.maracang), {}
    booking = Booking(service_day=day)
    for ahead in (0, 1, 5, -1):
        texts[ahead] = message_to_her(ibu_sari, margacinta, booking, day.on - timedelta(days=ahead))
    texts[None] = message_to_her(pak_wawan, margacinta, None, day.on)
    on = f"{day.on.day} {BULAN[day.on.month - 1]}"
    assert texts[1] == (
        f"Assalamu'alaikum, ini Ibu Sari, kader Desa Margacinta. Besok {on} pukul 08.00 di Puskesmas Maracang ya, Bu. "
        "Saya temani. Bawa KTP."
    )
    assert f"Hari ini {on} pukul 08.00" in texts[0] and f"{on} pukul 08.00" in texts[5] and "Besok" not in texts[5]
    assert "Boleh saya mampir" in texts[-1] and texts[None].startswith("Assalamu'alaikum, ini Pak Wawan, PLKB Desa")
    for text in texts.values():
        assert not set(MEDICAL.split()) & set(text.lower().replace(".", " ").replace(",", " ").split())


def test_the_message_of_a_link_is_read_back_whole(browser, in_every_need, campaign, ibu_sari):
    text = browser(ibu_sari).get(f"/kader/{campaign.id}").text
    links = {piece.partition('"')[0] for piece in text.split('href="')[1:] if piece.startswith("https://wa.me/")}
    told = [parse_qs(urlsplit(link).query)["text"][0] for link in links]
    assert len(told) == 2 and all(t.startswith("Assalamu'alaikum, ini Ibu Sari") and t.endswith("KTP.") for t in told)


def test_her_own_progress_counts_whom_she_registered_and_no_refusal(
    browser, in_every_need, campaign, ibu_sari, ibu_wati
):
    progress = queries.progress_of(campaign, by=ibu_sari)
    assert (progress[Status.SERVED], progress[Status.WITHDRAWN], sum(progress.values())) == (2, 1, 16)
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}")
    assert "Yang Ibu daftarkan sendiri: 16 orang · 4 terjadwal · 2 dilayani" in phone.words
    other = browser(ibu_wati)
    other.get(f"/kader/{campaign.id}")
    assert "Yang Ibu daftarkan" not in other.words and "Ibu Sari" not in other.words


def test_what_was_asked_of_the_couple_stands_on_her_card(browser, ibu_sari):
    from campaign.rules.couple import Couple, LastMethod, NotUsing

    couple = Couple(children=2, youngest_months=19, last_method=LastMethod.SUNTIK, not_using=NotUsing.TIAL)
    neng = registered(ibu_sari, couple=couple)
    phone = browser(ibu_sari)
    phone.get(f"/kader/akseptor/{neng.id}")
    for said in ("2; yang bungsu 1 tahun 7 bulan", "suntik", "tidak ingin anak lagi"):
        assert said in phone.words
    phone.get(f"/kader/akseptor/{registered(ibu_sari, name='Ai').id}")
    assert "Anak hidup" not in phone.words and "Suami" not in phone.words


# ---- Days ----


@pytest.fixture
def days(cast):
    """Places near and far, a full day and one after it."""
    with builders.writing():
        there = {"kind": PointKind.SAUNG_AMBU, "kecamatan_code": "32.14.12"}
        own = builders.places.write_point("32.14", name="Saung Ambu Margacinta", induk_id=cast.maracang.id, **there)
        near = builders.places.write_point(
            "32.14", name="Puskesmas Mulyamekar", kind=PointKind.PUSKESMAS, kecamatan_code="32.14.12"
        )
    return {
        "far": builders.service_day(cast.koncara),
        "kecamatan": builders.service_day(near, in_days=1),
        "full": builders.service_day(cast.maracang, in_days=2, seats=1),
        "after": builders.service_day(cast.maracang, in_days=6),
        "desa": builders.service_day(own, in_days=8),
    }


def test_days_stand_from_near_to_far_soonest_first_and_a_full_one_names_the_next(
    browser, campaign, margacinta, ibu_sari, ibu_wati, days, today, neng_siti
):
    booked(ibu_wati, days["full"])
    found = queries.days_to_book(campaign, today=today, desa=margacinta)
    assert [(choice.day.id, choice.distance) for choice in found] == [
        (days["desa"].id, Distance.SAME_DESA),
        (days["full"].id, Distance.OWN_PUSKESMAS),
        (days["after"].id, Distance.OWN_PUSKESMAS),
        (days["kecamatan"].id, Distance.SAME_KECAMATAN),
        (days["far"].id, Distance.ELSEWHERE),
    ]
    assert [choice.next_free and choice.next_free.id for choice in found] == [None, days["after"].id, None, None, None]
    phone = browser(ibu_sari)
    phone.get(f"/kader/akseptor/{neng_siti.id}/jadwal")
    heads = ["Di desa yang sama", "Puskesmas desa ini", "Satu kecamatan", "Kecamatan lain"]
    places = [phone.words.index(head) for head in heads]
    assert places == sorted(places) and "penuh , kosong lagi" in phone.words
    assert f"/jadwal/{days['full'].id}" not in phone.last.text


def test_the_list_of_days_has_an_end_and_no_day_after_the_campaign(campaign, margacinta, cast, today):
    for number in range(12):
        builders.service_day(cast.maracang, in_days=number)
    after = builders.service_day(cast.maracang, in_days=60)
    found = queries.days_to_book(campaign, today=today, desa=margacinta)
    assert len(found) == 8 and after.id not in {choice.day.id for choice in found}
    assert queries.days_to_book(campaign, today=date(2099, 1, 1), desa=margacinta) == []


def test_who_moves_is_told_what_becomes_of_the_old_seat(browser, ibu_sari, days):
    neng = booked(ibu_sari, days["after"])
    phone = browser(ibu_sari)
    phone.get(f"/kader/akseptor/{neng.id}/jadwal")
    assert "kursi itu menjadi bebas untuk Ibu lain dan tiket lama tidak berlaku lagi" in phone.words
    assert "Pindah hari pelayanan" in phone.words and "hari yang sekarang" in phone.words
