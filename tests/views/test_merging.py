"""DPPKB goes through records that may be one woman: compares, makes them one, takes it back, or says they are two."""

from datetime import date

import pytest

from campaign import queries
from campaign.extensions import db
from campaign.models import AccessLog, Akseptor, Merge
from campaign.rules.couple import Couple
from tests import builders
from tests.builders import registered


@pytest.fixture
def office(browser, bu_lilis):
    return browser(bu_lilis)


@pytest.fixture
def two(ibu_sari):
    """One woman in two records; the first is the one to keep."""
    first = registered(
        ibu_sari, name="Siti Aminah", nik=builders.nik(1), phone="+6282000000001", couple=Couple(husband="Asep")
    )
    return first, registered(ibu_sari, name="Sti Amina", phone="+6282000000001", birth_date=None)


def page_of(campaign) -> str:
    return f"/dppkb/{campaign.id}/ganda"


def beside(one, other, deed="") -> str:
    return f"/dppkb/akseptor/{one.id}/ganda/{other.id}{deed}"


def test_from_the_campaign_to_one_woman_and_back(office, campaign, two, today):
    kept, gone = two
    office.get(f"/dppkb/kampanye/{campaign.id}", status=200)
    assert page_of(campaign) in office.last.text
    office.get(page_of(campaign))
    assert "1 pasang" in office.words and "Siti Aminah" in office.words and "Sti Amina" in office.words
    assert "ada NIK" in office.words and "belum ada NIK" in office.words and "tanggal lahir belum ada" in office.words
    assert builders.nik(1) not in office.last.text and "6282000000001" not in office.last.text
    office.get(beside(kept, gone))
    assert "berakhir 9002" in office.words and "berakhir 0001 sama" in office.words and "Asep" in office.words
    assert builders.nik(1) not in office.last.text and "6282000000001" not in office.last.text
    assert [form["action"] for form in office.page.forms if "gabung" in form["action"]] == [
        beside(kept, gone, "/gabung"), beside(gone, kept, "/gabung")
    ]  # fmt: skip
    office.get(office.post(beside(kept, gone, "/gabung")).location)
    assert (
        "catatan Siti Aminah yang dipertahankan" in office.words
        and "Tidak ada catatan yang tampak ganda" in office.words
    )
    assert "termasuk catatan Sti Amina, Desa Margacinta" in office.words and "oleh Bu Lilis" in office.words
    merge = db.session.scalars(db.select(Merge)).one()
    assert (merge.kept_id, merge.gone_id) == (kept.id, gone.id)
    office.get(office.post(f"/dppkb/gabungan/{merge.id}/batalkan").location)
    assert (
        "tercatat lagi seperti semula" in office.words and "1 pasang" in office.words and "dibatalkan" in office.words
    )
    assert f"/dppkb/gabungan/{merge.id}/batalkan" not in office.last.text
    office.post(f"/dppkb/gabungan/{merge.id}/batalkan", status=409)
    assert "Penggabungan ini sudah dibatalkan" in office.words


def test_the_other_button_keeps_the_other_record(office, two):
    kept, gone = two
    office.post(beside(gone, kept, "/gabung"))
    merge = db.session.scalars(db.select(Merge)).one()
    assert merge.kept_id == gone.id and merge.moved == ["nik", "couple", "birth_date"]


def test_whoever_compares_has_opened_both_records(office, bu_lilis, campaign, two):
    office.get(page_of(campaign))
    assert db.session.scalars(db.select(AccessLog.what).where(AccessLog.what == "pair")).all() == []
    office.get(beside(*two))
    rows = db.session.scalars(db.select(AccessLog).where(AccessLog.what == "pair")).all()
    assert {row.akseptor_id for row in rows} == {woman.id for woman in two} and {row.by_id for row in rows} == {
        bu_lilis.id
    }


def test_two_women_are_said_to_be_two_once_and_for_all(office, campaign, two):
    office.get(office.post(beside(*two, "/berbeda")).location)
    assert "dua orang yang berbeda" in office.words and "Tidak ada catatan yang tampak ganda" in office.words


def test_what_stands_between_is_said_in_words_before_and_after_the_button(
    office, campaign, ibu_sari, bidan_ratna, day, two
):
    kept, _gone = two
    booked = builders.booked(ibu_sari, day, name="Siti Aminah")
    office.get(beside(kept, booked))
    assert "Batalkan dulu jadwalnya, atau pertahankan catatan itu." in office.words
    assert (
        beside(kept, booked, "/gabung") not in office.last.text and beside(booked, kept, "/gabung") in office.last.text
    )
    office.post(beside(kept, booked, "/gabung"), status=409)
    assert "Batalkan dulu jadwalnya, atau pertahankan catatan itu." in office.words
    assert db.session.get_one(Akseptor, booked.id).status == "booked"
    served = [builders.served(ibu_sari, bidan_ratna, day, name="Siti Aminah") for _ in range(2)]
    office.get(beside(*served))
    assert "betulkan dulu pelayanan yang keliru" in office.words and "/gabung" not in office.last.text


def test_one_kecamatan_at_a_time(office, campaign, ibu_sari, ibu_wati, two):
    office.get(page_of(campaign) + "?kec=32.14.12")
    assert "1 pasang" in office.words
    office.get(page_of(campaign) + "?kec=32.14.01")
    assert "Tidak ada catatan yang tampak ganda di dalam Kec. Purwakarta" in office.words
    for nonsense in ("?kec=32.15.01", "?kec=%00", "?kec=x"):
        office.get(page_of(campaign) + nonsense)
        assert "1 pasang" in office.words


def test_a_woman_from_outside_can_be_compared_too(office, bidan_ratna, day, campaign, ibu_sari):
    from campaign import actions

    about = {"wanted": "iud", "is_counselled": True, "address": "Karawang", "birth_date": date(1990, 3, 10)}
    far = actions.walk_in(
        day, desa_code=None, name="Siti Aminah", no_nik_reason="hilang", by=bidan_ratna, key=builders.key(), **about
    )
    registered(ibu_sari, name="Sti Aminah")
    office.get(page_of(campaign))
    assert "luar kabupaten" in office.words
    (pair,) = queries.suspects(campaign, None, limit=9)
    assert pair.one.id == far.id
    office.get(office.post(beside(pair.one, pair.other, "/gabung")).location)
    assert "luar kabupaten" in office.words


def test_her_card_says_what_was_made_one_with_it(office, browser, ibu_sari, two):
    kept, gone = two
    office.post(beside(kept, gone, "/gabung"))
    sari = browser(ibu_sari)
    sari.get(f"/kader/akseptor/{kept.id}")
    assert "Catatan kedua dari Ibu ini digabung ke sini oleh DPPKB" in sari.words
    sari.get(f"/kader/akseptor/{gone.id}", status=404)
