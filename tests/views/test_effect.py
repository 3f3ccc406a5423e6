"""What followed a gathering, counted by hand: who came, who did not, and all others."""

from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from campaign import actions, models, queries
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.rules.attendance import Attendance
from campaign.rules.effect import Side
from campaign.rules.gatherings import SignedBy
from campaign.rules.roles import Role
from tests import builders
from tests.builders import key

DAYS_AGO = 11  # so that ten whole days have passed


@pytest.fixture
def nia(cast):
    """A third kader, of Nagri Kidul, whom nobody invites."""
    with writing():
        return builders.person("nia", "Ibu Nia", Role.KADER, desa_code="32.14.01.1001")


@pytest.fixture
def held(cast, nia):
    """Eleven days ago: Ibu Sari came, Ibu Wati did not."""
    gathering = builders.gathering(cast.bu_lilis, in_days=-DAYS_AGO)
    sari, _wati = builders.invited(gathering, cast.ibu_sari, cast.ibu_wati, by=cast.bu_lilis)
    actions.come(
        sari, signed_by=SignedBy.DESK, by=cast.bu_lilis, key=key(), at=gathering.late_at - timedelta(minutes=1)
    )
    return db.session.get_one(models.Gathering, gathering.id)


def registered(kader, days_after, held, **about) -> UUID:
    """A woman whom this kader registered so many days after the gathering, at its hour."""
    her = builders.registered(kader, **about).id
    with writing():
        row = db.session.get_one(models.Akseptor, her)
        row.registered_at = held.begins_at + timedelta(days=days_after)
    return her


def counted(held):
    today = held.day_of(now())
    found = queries.effect(held, today=today)
    return found, {side.value: (c.kader, c.before, c.after) for side, c in found.registered.items()}


def test_the_day_itself_and_what_lies_outside_ten_days_count_nowhere(cast, held, nia):
    for days in (-12, -10, -1, 0, 1, 10):
        registered(cast.ibu_sari, days, held)
    registered(cast.ibu_wati, -3, held)
    registered(nia, 4, held)
    gone = registered(nia, 5, held)
    with writing():
        db.session.get_one(models.Akseptor, gone).status = None  # an import taken back leaves nobody
    found, registrations = counted(held)
    assert found.spans.days == DAYS_AGO - 1 and found.spans.is_short
    assert registrations == {"came": (1, 2, 2), "stayed_away": (1, 1, 0), "not_invited": (1, 0, 1)}


def test_a_rehearsal_counts_nowhere(cast, held):
    with writing():
        practice = builders.write_campaign({"32.14.12.2001": 1}, name="Gladi", is_rehearsal=True)
    registered(cast.ibu_sari, 2, held, campaign=practice)
    assert counted(held)[1]["came"] == (1, 0, 0)


def test_services_are_counted_by_the_day_they_were_given(cast, held, day):
    her = builders.served(cast.ibu_sari, cast.bidan_ratna, day)
    for days, wanted in ((-2, (1, 0)), (0, (0, 0)), (2, (0, 1))):
        service = builders.standing_service(her)
        with writing():
            db.session.get_one(models.Service, service.id).served_on = held.on + timedelta(days=days)
        served = queries.effect(held, today=held.day_of(now())).served[Side.CAME]
        assert (served.before, served.after) == wanted


def test_who_sent_somebody_or_was_taken_off_the_list_did_not_come(cast, held):
    listed = {row.person_id: row for row in queries.invitee_list(held)}
    actions.strike(listed[cast.ibu_wati.id], by=cast.bu_lilis, key=key())
    assert counted(held)[1]["stayed_away"][0] == 0
    assert listed[cast.ibu_sari.id].status == Attendance.CAME
    actions.correct_entry(listed[cast.ibu_sari.id], reason="salah_orang", by=cast.bu_lilis, key=key())
    assert counted(held)[1]["came"][0] == 0


def test_the_page_names_doubts_and_no_person(browser, cast, held):
    for days in (-1, 1, 2):
        registered(cast.ibu_sari, days, held)
    office = browser(cast.bu_lilis)
    office.get(f"/pertemuan/{held.id}/dampak")
    assert "Baru 10 hari penuh berlalu" in office.words and "bukan bukti" in office.words
    assert "hanya 1 orang" in office.words and "Daftar hadir belum ditutup" in office.words
    assert "10 lebih tinggi per 10 kader" in office.words and "bisa saja kebetulan" in office.words
    assert "Ibu Sari" not in office.words and "%" not in office.words
    found, _ = counted(held)
    assert found.registered[Side.CAME].change == Fraction(10)


def test_before_a_whole_day_has_passed_nothing_is_compared(browser, cast):
    today = builders.gathering(cast.bu_lilis)
    office = browser(cast.bu_lilis)
    office.get(f"/pertemuan/{today.id}/dampak")
    assert "Belum ada satu hari penuh" in office.words


def test_a_campaign_that_opened_meanwhile_is_named_with_its_day(browser, cast, held, campaign):
    with writing():
        db.session.get_one(models.Campaign, campaign.id).opens_on = held.on + timedelta(days=3)
    office = browser(cast.bu_lilis)
    office.get(f"/pertemuan/{held.id}/dampak")
    assert f"Kampanye {campaign.name} dibuka" in office.words
