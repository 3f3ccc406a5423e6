"""Breaking the glass: by the whole NIK, for a reason, not too often, and seen by the head at once."""

import pytest

from campaign import queries
from campaign.extensions import db
from campaign.models import AccessLog
from campaign.rules.roles import Role
from tests import builders
from tests.builders import booked, nik, registered


@pytest.fixture
def head(cast):
    with builders.writing():
        return builders.person("kepala", "Bu Kepala", Role.PUSKESMAS, service_point_id=cast.maracang.id, is_head=True)


@pytest.fixture
def other_head(cast):
    with builders.writing():
        return builders.person("kepala2", "Pak Kepala", Role.PUSKESMAS, service_point_id=cast.koncara.id, is_head=True)


def find(campaign):
    return f"/puskesmas/{campaign.id}/cari"


def test_a_record_is_opened_by_its_whole_nik_with_a_reason_and_the_head_sees_it(
    browser, campaign, bidan_ratna, head, other_head, bu_lilis, ibu_sari
):
    registered(ibu_sari, nik=nik(1), phone="+6282000001234")
    desk = browser(bidan_ratna)
    desk.get(find(campaign))
    desk.post(find(campaign), status=422, nik=nik(1))
    assert desk.errors == {"reason": "Pilih alasannya."}
    desk.post(find(campaign), status=422, nik=nik(1)[:12], reason="telepon")
    assert "Neng" not in desk.words and db.session.scalars(db.select(AccessLog)).all() == []
    desk.post(find(campaign), status=200, nik=nik(1), reason="telepon")
    assert "Neng Siti" in desk.words and "Ibu Sari" in desk.words and nik(1) not in desk.last.text
    for person, sees in ((head, True), (bu_lilis, True), (bidan_ratna, True), (other_head, False)):
        screen = browser(person)
        screen.get("/puskesmas/dibuka")
        shown = ("Bidan Ratna" in screen.words, "Neng Siti" in screen.words, "kadernya menelepon" in screen.words)
        if person is not bidan_ratna:
            assert shown == (sees, sees, sees), person.name
        else:
            assert shown == (True, True, True)


def test_the_list_grows_without_a_reload_and_says_nothing_while_nothing_happens(
    browser, campaign, bidan_ratna, head, ibu_sari
):
    registered(ibu_sari, nik=nik(1))
    boss, desk = browser(head), browser(bidan_ratna)
    version = queries.last_opened(seen_by=head)
    boss.get(f"/puskesmas/dibuka?v={version}", status=204, htmx="opened")
    desk.post(find(campaign), status=200, nik=nik(2), reason="lain")
    assert "NIK ini tidak ada dalam kampanye ini" in desk.words
    boss.get(f"/puskesmas/dibuka?v={version}", htmx="opened")
    assert boss.is_part and "NIK yang tidak terdaftar" in boss.words and "Bidan Ratna" in boss.words


def test_nobody_looks_at_the_neighbours_one_after_the_other(browser, campaign, bidan_ratna, ibu_sari):
    for n in range(8):
        registered(ibu_sari, name=f"Ibu {n}", nik=nik(n))
    desk, seen = browser(bidan_ratna), []
    for n in range(8):
        answer = desk.post(find(campaign), status=200 if n < 6 else 429, nik=nik(n), reason="lain")
        seen.append(f"Ibu {n}" in answer.text)
    assert seen == [True] * 6 + [False] * 2
    assert "Terlalu banyak catatan dibuka" in desk.words


def test_a_ticket_outside_its_day_counts_as_looking(browser, bidan_ratna, head, ibu_sari, day, tomorrow):
    today, later = booked(ibu_sari, day, name="Hari Ini"), booked(ibu_sari, tomorrow, name="Besok Pagi")
    desk, boss = browser(bidan_ratna), browser(head)
    for woman in (today, later):
        desk.get(f"/puskesmas/tiket/{queries.ticket_code(builders.booking_of(woman.id))}")
    boss.get("/puskesmas/dibuka")
    assert "Besok Pagi" in boss.words and "tiket dibuka bukan pada harinya" in boss.words
    assert "Hari Ini" not in boss.words


def test_whom_she_has_not_on_her_days_she_does_not_open(
    browser, campaign, bidan_yuli, bidan_ratna, ibu_sari, day, cast
):
    """The record of one booked at our point opens at ours, and not at the other puskesmas; sixty days later at neither."""
    neng = booked(ibu_sari, day)
    browser(bidan_ratna).get(f"/puskesmas/hari/{day.id}/{neng.id}/tunda")
    browser(bidan_yuli).get(f"/puskesmas/hari/{day.id}/{neng.id}/tunda", status=404)
    old = builders.service_day(cast.maracang)
    ai = booked(ibu_sari, old, name="Ai Lama")
    with builders.writing():
        db.session.get(builders.ServiceDay, old.id).on -= builders.timedelta(days=31)
    browser(bidan_ratna).get(f"/puskesmas/hari/{old.id}/{ai.id}/tunda", status=404)
