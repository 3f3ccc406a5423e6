"""Visits after the service: planned with it, fallen and risen with it, written down once, taken back without a trace lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign import actions, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import FollowUp, Kabupaten
from campaign.rules.aftercare import Found
from campaign.rules.methods import Method
from campaign.rules.refusals import BadDate, NotAllowed, VisitSettled
from tests import builders
from tests.builders import key


@pytest.fixture
def her(cast, day):
    """Served today with two rods."""
    return builders.served(cast.ibu_sari, cast.bidan_ratna, day)


def rows(her):
    found = db.session.scalars(
        select(FollowUp).where(FollowUp.akseptor_id == her.id).order_by(FollowUp.due_on, FollowUp.id)
    )
    return found.all()


def due(her, today) -> list[int]:
    """In how many days her visits are due."""
    return [(row.due_on - today).days for row in rows(her) if row.undone_at is None and row.done_on is None]


def standing(her):
    return builders.standing_service(her)


def correct(her, by):
    last = queries.history(her)[-1].id  # a correction too, which is corrected in turn
    return actions.correct(her, step_id=last, reason="salah_tekan", by=by, key=key())


def seen(visit, by, found=Found.KONTROL, **about):
    about = {"done_on": visit.service.served_on, "point": None} | about
    return actions.visit(visit, found=found, by=by, key=key(), **about)


def test_who_is_served_is_due_by_the_rules_plan(her, today):
    assert due(her, today) == [7, 365, 730]


def test_the_office_may_plan_otherwise_from_then_on(cast, her, day, today, bu_lilis):
    kabupaten = db.session.get_one(Kabupaten, "32.14")
    plan = {"method": Method.IMPLAN_2, "visit_days": [3, 30], "lasts_months": 60}
    actions.set_plan(kabupaten, by=bu_lilis, key=key(), **plan)
    other = builders.served(cast.ibu_sari, cast.bidan_ratna, day, name="Ai")
    assert (due(her, today), due(other, today)) == ([7, 365, 730], [3, 30])
    assert queries.given(standing(other)).removal_on.year == today.year + 5
    actions.set_plan(
        kabupaten, by=bu_lilis, key=key(), method=Method.IMPLAN_2, visit_days=[7, 365, 730], lasts_months=36
    )
    assert queries.plans("32.14")[Method.IMPLAN_2].visit_days == (7, 365, 730)
    actions.set_plan(kabupaten, by=bu_lilis, key=key(), method=Method.IMPLAN_2, visit_days=[], lasts_months=36)
    nobody = builders.served(cast.ibu_sari, cast.bidan_ratna, day, name="Iis")
    assert due(nobody, today) == []


def test_visits_fall_and_rise_with_the_service_however_often(her, today, bidan_ratna):
    for times in range(1, 4):
        her = correct(her, bidan_ratna)
        assert due(her, today) == [], times
        her = correct(her, bidan_ratna)
        assert due(her, today) == [7, 365, 730], times


def test_what_was_seen_rises_again_and_what_was_itself_wrong_does_not(her, today, bidan_ratna):
    first = seen(rows(her)[0], bidan_ratna)
    wrong = actions.visit_unplanned(standing(her), found=Found.KELUHAN, done_on=today, by=bidan_ratna, key=key())
    actions.undo_visit(wrong, by=bidan_ratna, key=key())
    correct(correct(her, bidan_ratna), bidan_ratna)
    stands = [row.id for row in rows(her) if row.undone_at is None and row.done_on]
    assert stands == [first.id] and due(her, today) == [365, 730]


def test_a_visit_taken_back_is_due_again_and_stays_readable(her, today, bidan_ratna):
    visit = seen(rows(her)[0], bidan_ratna, Found.KELUHAN)
    assert due(her, today) == [365, 730]
    actions.undo_visit(visit, by=bidan_ratna, key=key())
    assert due(her, today) == [7, 365, 730]
    kept = db.session.get_one(FollowUp, visit.id)
    assert kept.undone_at and queries.found_at(kept).found == Found.KELUHAN
    with pytest.raises(VisitSettled):
        actions.undo_visit(kept, by=bidan_ratna, key=key())


@pytest.mark.parametrize("found", [Found.PENCABUTAN, Found.EKSPULSI, Found.KEGAGALAN])
def test_who_has_it_no_more_is_due_no_more_until_that_was_a_mistake(her, today, bidan_ratna, found):
    out = actions.visit_unplanned(standing(her), found=found, done_on=today, by=bidan_ratna, key=key())
    assert due(her, today) == []
    assert queries.found_at(out).method == Method.IMPLAN_2
    actions.undo_visit(out, by=bidan_ratna, key=key())
    assert due(her, today) == [7, 365, 730]


def test_an_ending_visit_that_fell_and_rose_leaves_the_others_ended(her, today, bidan_ratna):
    actions.visit_unplanned(standing(her), found=Found.PENCABUTAN, done_on=today, by=bidan_ratna, key=key())
    correct(correct(her, bidan_ratna), bidan_ratna)
    assert due(her, today) == []


def test_two_write_the_same_visit_down_and_the_second_is_told(her, bidan_ratna, ibu_sari):
    visit, same = rows(her)[0], key()
    told = {"found": Found.KONTROL, "done_on": visit.service.served_on}
    first = actions.visit(visit, by=bidan_ratna, key=same, **told)
    assert actions.visit(visit, by=bidan_ratna, key=same, **told).id == first.id
    with pytest.raises(VisitSettled):
        actions.visit(visit, by=ibu_sari, key=key(), **told)


def test_a_kader_says_that_she_was_there_and_nothing_medical(her, today, ibu_sari, pak_wawan, bidan_ratna):
    for by in (ibu_sari, pak_wawan):
        for found in (Found.KOMPLIKASI, Found.KEGAGALAN, Found.EKSPULSI, Found.PENCABUTAN):
            with pytest.raises(NotAllowed):
                seen(rows(her)[0], by, found)
    visit = seen(rows(her)[0], ibu_sari, Found.KELUHAN)
    assert visit.point_id is None
    with pytest.raises(NotAllowed):
        actions.undo_visit(visit, by=pak_wawan, key=key())
    actions.undo_visit(visit, by=ibu_sari, key=key())
    assert due(her, today) == [7, 365, 730]


def test_a_visit_lies_between_the_service_and_today(her, today, bidan_ratna):
    for wrong in (today - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(BadDate):
            seen(rows(her)[0], bidan_ratna, done_on=wrong)
    later = now() + timedelta(days=400)  # the campaign is long over and locked: she is seen all the same
    visit = rows(her)[1]
    actions.visit(visit, found=Found.KONTROL, done_on=today + timedelta(days=380), by=bidan_ratna, key=key(), at=later)
    assert due(her, today) == [7, 730]


def test_nothing_is_seen_of_a_service_that_was_taken_back(her, today, bidan_ratna):
    service, visit = standing(her), rows(her)[0]
    correct(her, bidan_ratna)
    with pytest.raises(VisitSettled):
        seen(visit, bidan_ratna, done_on=today)
    with pytest.raises(VisitSettled):
        actions.visit_unplanned(service, found=Found.KONTROL, done_on=today, by=bidan_ratna, key=key())


def test_what_a_visit_found_is_sealed(her, bidan_ratna):
    sealed = seen(rows(her)[0], bidan_ratna, Found.KELUHAN).found_sealed
    assert b"keluhan" not in sealed and b"implan" not in sealed


def test_a_visit_taken_back_after_the_end_is_not_due_while_the_end_stands(cast, her, today, bidan_ratna):
    visit = rows(her)[0]
    seen(visit, bidan_ratna)
    about = {"done_on": today, "by": bidan_ratna}
    end = actions.visit_unplanned(standing(her), found=Found.PENCABUTAN, key=key(), **about)
    actions.undo_visit(db.session.get_one(FollowUp, visit.id), by=bidan_ratna, key=key())
    assert due(her, today) == [], "what is out need not be seen"
    actions.undo_visit(db.session.get_one(FollowUp, end.id), by=bidan_ratna, key=key())
    assert due(her, today) == [7, 365, 730]
