"""Once a day at the campaign's own 16:00, and whenever somebody asks, the numbers are told, and kept as they were told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campaign import actions, clock, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Campaign, Digest, Stage
from campaign.rules.digest import Numbers, due_at
from campaign.rules.refusals import NoSuch, WrongStage
from tests import builders
from tests.builders import key, nik, served


@pytest.fixture
def four(today, campaign):
    """16:00 in the campaign's zone."""
    return due_at(today, campaign.zone)


def told(campaign) -> list[tuple[date, datetime]]:
    db.session.expire_all()
    return [(one.on, one.at) for one in queries.digest_list(campaign)]


def test_at_four_it_is_told_once_and_every_kabupaten_its_own(cast, campaign, today, four):
    assert clock.tell_the_day(four - timedelta(seconds=1)) == "0 rekap"
    assert clock.tell_the_day(four + timedelta(seconds=3)) == "2 rekap"
    assert clock.tell_the_day(four + timedelta(seconds=3)) == "0 rekap"
    assert clock.tell_the_day(four + timedelta(hours=5)) == "0 rekap"
    assert told(campaign) == [(today, four + timedelta(seconds=3))]
    assert clock.tell_the_day(four + timedelta(days=1)) == "2 rekap"
    assert len(told(campaign)) == 2


def test_a_clock_that_slept_tells_when_it_wakes_and_the_hour_is_the_zones(cast, campaign, four, today):
    with builders.writing():
        db.session.get(Campaign, cast.elsewhere.id).zone = "Asia/Jayapura"
    assert clock.tell_the_day(four - timedelta(hours=2)) == "1 rekap", "it is four in Jayapura"
    assert told(campaign) == []
    assert clock.tell_the_day(four + timedelta(hours=3)) == "1 rekap"
    assert told(campaign) == [(today, four + timedelta(hours=3))]


def test_what_was_asked_for_at_noon_is_told_anew_at_four_and_the_later_look_stands(cast, campaign, four, today):
    for hours in (-4, 2, 1):
        actions.make_digest(campaign, by=cast.bu_lilis, key=key(), at=four + timedelta(hours=hours))
        if hours == -4:
            assert queries.digests_due(four - timedelta(seconds=1)) == []
            assert campaign in queries.digests_due(four)
    assert told(campaign) == [(today, four + timedelta(hours=2))]
    assert campaign not in queries.digests_due(four + timedelta(hours=3))


def test_the_same_form_twice_tells_once(cast, campaign, four, today):
    sent = key()
    for minutes in (0, 5):
        actions.make_digest(campaign, by=cast.bu_lilis, key=sent, at=four + timedelta(minutes=minutes))
    assert told(campaign) == [(today, four)]


def test_a_closed_campaign_is_told_until_its_results_stand(cast, campaign, four, today):
    def due(days):
        return campaign in queries.digests_due(four + timedelta(days=days))

    actions.close_campaign(campaign, by=cast.bu_lilis, key=key(), at=four)
    db.session.expire_all()
    assert [due(days) for days in (0, campaign.grace_days, campaign.grace_days + 1)] == [True, True, False]


def test_a_draft_and_a_rehearsal_are_not_told_by_themselves(cast, campaign, four):
    with builders.writing():
        draft = builders.write_campaign({"32.14.12.2001": 1}, name="Rancangan", stage=Stage.DRAFT)
        builders.write_campaign({"32.14.12.2001": 1}, name="Gladi", is_rehearsal=True)
    assert clock.tell_the_day(four) == "2 rekap"
    with pytest.raises(WrongStage):
        actions.make_digest(draft, by=cast.bu_lilis, key=key())
    assert told(draft) == []


def test_it_tells_what_the_board_shows_and_keeps_it(cast, campaign, day, today):
    yesterday = builders.service_day(cast.maracang, in_days=-1)
    for number in range(6):
        served(cast.ibu_sari, cast.bidan_ratna, day, nik=nik(number))
    served(cast.ibu_sari, cast.bidan_ratna, day)  # waits for her NIK
    her = builders.registered(cast.ibu_wati)
    actions.book(her, day=yesterday, by=cast.ibu_wati, key=key(), at=now() - timedelta(days=1))
    actions.make_digest(campaign, by=cast.pak_dedi, key=key())
    board = queries.board(campaign, today=today)

    def shown():
        return Numbers.read(queries.digest(campaign, today).told)

    said = shown()
    assert (said.served, said.target, said.today, said.waiting_nik) == (6, 20, 6, 1)
    assert (said.served, said.waiting_nik, said.booked) == (
        board.total.served,
        board.total.waiting_nik,
        board.total.booked,
    )
    assert (said.unconfirmed, said.points) == (1, 1)
    assert (said.days_left, said.outlook.missing) == (1, 14)
    assert {area.name: (area.low, area.high) for area in said.areas} == {"Babakancikao": (6, 6), "Purwakarta": (0, 0)}

    served(cast.ibu_wati, cast.bidan_ratna, day, nik=nik(50))
    assert shown() == said, "what was told stands"
    actions.make_digest(campaign, by=cast.pak_dedi, key=key())
    assert shown().served == 7


def test_no_small_number_of_a_kecamatan_is_kept(cast, campaign, day, today):
    served(cast.ibu_sari, cast.bidan_ratna, day, nik=nik(1))
    actions.make_digest(campaign, by=cast.bu_lilis, key=key())
    kept = queries.digest(campaign, today).told["areas"]
    assert [(area["low"], area["high"]) for area in kept if area["name"] == "Babakancikao"] == [(1, 4)]


def test_a_verdict_beside_a_range_does_not_say_which_number_it_is(cast, campaign, day, today):
    with builders.writing():
        campaign.opens_on = today - timedelta(days=5)
    said, judged = set(), set()
    for number in range(1, 5):
        served(cast.ibu_sari, cast.bidan_ratna, day, nik=nik(number))
        actions.make_digest(campaign, by=cast.bu_lilis, key=key(), at=now())
        (told,) = (one for one in queries.digest(campaign, today).told["areas"] if one["name"] == "Babakancikao")
        said.add((told["low"], told["high"], told["pace"]))
        judged |= {area.pace for area in queries.board(campaign, today=today).kecamatan_list if area.served}
    assert len(judged) > 1, "the board's own verdict changes among the four"
    assert len(said) == 1


def test_a_day_nobody_told_is_unknown(campaign):
    with pytest.raises(NoSuch):
        queries.digest(campaign, date(1999, 1, 1))


def test_a_rehearsal_goes_with_what_it_told(cast, campaign):
    practice = actions.rehearse(campaign, by=cast.bu_lilis, key=key())
    actions.make_digest(practice, by=cast.bu_lilis, key=key(), at=datetime.now(UTC))
    actions.clear_rehearsal(practice, by=cast.bu_lilis, key=key())
    assert db.session.scalars(db.select(Digest)).all() == []
