"""Days: opened one by one and in series, moved, resized and cancelled; nobody who had a seat there vanishes."""

from datetime import time, timedelta

import pytest

from campaign import actions, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Notice, ServiceDay, Waiting
from campaign.rules.calendar import dates
from campaign.rules.methods import Family, Method
from campaign.rules.refusals import DayBegun, DayFull, DayNotOpen, IsBlackout, NoDates, NotLeaving, SeatsTaken
from tests import builders
from tests.builders import booked, key, registered


def on(cast, in_days):
    return cast.campaign.day_of(now()) + timedelta(days=in_days)


def again(row):
    db.session.expire_all()
    return db.session.get_one(type(row), row.id)


def notices(day=None) -> list:
    rows = db.session.scalars(db.select(Notice).order_by(Notice.at, Notice.id)).all()
    return sorted((row.akseptor.name, row.kind.value) for row in rows if day is None or row.service_day_id == day.id)


def statuses() -> dict:
    return {her.name: her.status.value for her in db.session.scalars(db.select(Akseptor))}


def standing(day) -> set:
    rows = db.session.scalars(db.select(Booking).where(Booking.service_day_id == day.id, Booking.outcome.is_(None)))
    return {row.akseptor.name for row in rows}


# ---- Opening ----


def test_a_series_skips_the_dates_nobody_serves_on(cast, campaign):
    wanted = dates(on(cast, 1), on(cast, 14), {0, 3})
    assert len(wanted) == 4
    about = {"kabupaten": campaign.kabupaten, "by": cast.bu_lilis}
    actions.add_blackout(first=wanted[0], last=wanted[0], why="Libur", key=key(), **about)
    actions.add_blackout(first=wanted[1], last=wanted[1], puskesmas=cast.koncara, key=key(), **about)
    seats = {"seats": 9, "families": {Family.IUD: 4}, "team": "Bidan Ratna", "starts_at": time(9)}
    first = actions.open_series(
        campaign=campaign, point=cast.saung, dates=wanted, by=cast.bidan_ratna, key=key(), **seats
    )
    opened = db.session.scalars(db.select(ServiceDay).order_by(ServiceDay.on)).all()
    assert [day.on for day in opened] == wanted[1:], "the other puskesmas's day off is not ours"
    assert {day.series_id for day in opened} == {first.series_id} != {None}
    assert all([(s.family, s.seats, s.taken) for s in day.method_seats] == [("iud", 4, 0)] for day in opened)
    with pytest.raises(NoDates):
        actions.open_series(
            campaign=campaign, point=cast.saung, dates=wanted[:1], by=cast.bidan_ratna, key=key(), seats=1
        )


def test_a_day_is_not_opened_on_a_blackout_nor_moved_there(cast, campaign):
    off = on(cast, 3)
    at_maracang = {"puskesmas": cast.maracang, "by": cast.bidan_ratna}
    actions.add_blackout(kabupaten=campaign.kabupaten, first=off, last=off, why="Rapat", key=key(), **at_maracang)
    with pytest.raises(IsBlackout):
        actions.open_day(campaign=campaign, point=cast.saung, on=off, seats=3, by=cast.bidan_ratna, key=key())
    there = {"starts_at": time(8), "ends_at": time(12), "by": cast.bidan_ratna, "on": off}
    day = builders.service_day(cast.maracang, in_days=2)
    with pytest.raises(IsBlackout):
        actions.move_day(day, point=cast.saung, key=key(), **there)
    moved = actions.move_day(again(day), point=cast.koncara, key=key(), **there)
    assert (moved.on, moved.service_point_id, moved.ends_at) == (off, cast.koncara.id, time(12))
    actions.remove_blackout(
        queries.blackout_list(seen_by=cast.bidan_ratna, today=off)[0], by=cast.bidan_ratna, key=key()
    )
    assert (
        actions.open_day(campaign=campaign, point=cast.saung, on=off, seats=3, by=cast.bidan_ratna, key=key()).on == off
    )


# ---- By family ----


def test_seats_of_a_family_are_taken_and_given_back_with_the_day_s(cast, ibu_sari, tomorrow):
    builders.families(tomorrow, implan=1)
    neng = booked(ibu_sari, tomorrow, name="Neng")
    with pytest.raises(DayFull) as full:
        booked(ibu_sari, again(tomorrow), name="Euis")
    assert full.value.family == Family.IMPLAN
    booked(ibu_sari, again(tomorrow), name="Iis", wanted=Method.IUD)
    booked(ibu_sari, again(tomorrow), name="Ai", wanted=Method.BELUM)
    assert (again(tomorrow).taken, tomorrow.method_seats[0].taken) == (3, 1)
    actions.cancel(again(neng), by=ibu_sari, key=key())
    assert (again(tomorrow).taken, tomorrow.method_seats[0].taken) == (2, 0)
    assert queries.differences() == []


def test_counting_a_family_later_counts_who_is_booked_already(cast, ibu_sari, bidan_ratna, tomorrow):
    for name in ("Neng", "Euis"):
        booked(ibu_sari, tomorrow, name=name)
    with pytest.raises(SeatsTaken) as taken:
        actions.set_seats(again(tomorrow), seats=10, families={Family.IMPLAN: 1}, by=bidan_ratna, key=key())
    assert (taken.value.taken, taken.value.family) == (2, Family.IMPLAN)
    db.session.rollback()
    day = actions.set_seats(again(tomorrow), seats=10, families={Family.IMPLAN: 2}, by=bidan_ratna, key=key())
    assert [(row.seats, row.taken) for row in day.method_seats] == [(2, 2)]
    assert queries.differences() == []
    day = actions.set_seats(again(tomorrow), seats=10, families={Family.IMPLAN: None}, by=bidan_ratna, key=key())
    assert day.method_seats == []


def test_recount_names_and_mends_a_wrong_number_of_a_family(cast, ibu_sari, tomorrow):
    builders.families(tomorrow, implan=3)
    booked(ibu_sari, tomorrow)
    with builders.writing() as session:
        session.execute(db.text("UPDATE day_seats SET taken = 3"))
    (found,) = queries.differences()
    assert (found.kept, found.ledger) == (3, 1) and found.where.endswith("kursi implan terisi")
    actions.mend()
    assert queries.differences() == []


# ---- Changing ----


def test_people_move_along_with_their_day_and_whom_it_does_not_suit_is_on_the_list(cast, ibu_sari, bidan_ratna):
    day = builders.service_day(cast.maracang, in_days=6)
    for name in ("Neng", "Euis"):
        booked(ibu_sari, again(day), name=name)
    late = registered(ibu_sari, name="Iis")
    with builders.writing():
        db.session.get_one(Akseptor, late.id).deferred_until = on(cast, 5)
    actions.book(again(late), day=again(day), by=ibu_sari, key=key())
    there = {"on": on(cast, 4), "starts_at": time(9), "ends_at": time(12), "point": cast.saung}
    moved = actions.move_day(again(day), by=bidan_ratna, key=key(), **there)
    assert (moved.on, moved.starts_at, moved.service_point_id, moved.taken) == (on(cast, 4), time(9), cast.saung.id, 2)
    assert standing(day) == {"Neng", "Euis"}
    assert statuses() == {"Neng": "booked", "Euis": "booked", "Iis": "registered"}
    assert notices(day) == [("Euis", "day_moved"), ("Iis", "day_moved"), ("Neng", "day_moved")]
    assert queries.differences() == []


def test_a_new_name_in_the_team_tells_nobody(cast, ibu_sari, bidan_ratna, tomorrow):
    booked(ibu_sari, tomorrow)
    day = again(tomorrow)
    as_it_is = {"on": day.on, "starts_at": day.starts_at, "ends_at": day.ends_at, "point": cast.maracang}
    assert actions.move_day(day, team="Bidan Yuli", by=bidan_ratna, key=key(), **as_it_is).team == "Bidan Yuli"
    assert notices() == []


def test_a_day_shrinks_only_with_its_people_placed(cast, ibu_sari, bidan_ratna):
    day, other = (builders.service_day(cast.maracang, seats=n, in_days=d) for n, d in ((4, 2), (1, 3)))
    women = [booked(ibu_sari, again(day), name=name) for name in ("Neng", "Euis", "Iis", "Ai")]
    with pytest.raises(SeatsTaken):
        actions.set_seats(again(day), seats=2, by=bidan_ratna, key=key())
    db.session.rollback()
    leaving = {"leaving": [women[2].id, women[3].id], "to": again(other), "waits": True}
    actions.set_seats(again(day), seats=2, by=bidan_ratna, key=key(), **leaving)
    assert (standing(day), standing(other)) == ({"Neng", "Euis"}, {"Iis"})
    assert statuses() == {"Neng": "booked", "Euis": "booked", "Iis": "booked", "Ai": "registered"}
    assert [row.akseptor.name for row in queries.line_of(day)] == ["Ai"]
    assert (notices(day), notices(other)) == ([("Ai", "seat_gone")], [("Iis", "day_moved")])
    with pytest.raises(NotLeaving):
        actions.set_seats(again(day), seats=1, leaving=[women[3].id], by=bidan_ratna, key=key())
    db.session.rollback()
    actions.set_seats(again(day), seats=3, by=bidan_ratna, key=key())
    assert standing(day) == {"Neng", "Euis", "Ai"}, "who waits moves up when the day grows"
    assert queries.differences() == []


def test_the_afternoon_of_a_day_that_has_begun_moves_and_nobody_moves_up_into_it(cast, ibu_sari, bidan_ratna):
    day, other = (builders.service_day(cast.maracang, seats=3, in_days=n) for n in (0, 1))
    here = builders.attended(ibu_sari, bidan_ratna, day, name="Neng")
    later = [booked(ibu_sari, again(day), name=name) for name in ("Euis", "Iis")]
    with pytest.raises(DayBegun):
        actions.cancel_day(again(day), why="cuaca", by=bidan_ratna, key=key())
    db.session.rollback()
    with pytest.raises(NotLeaving):
        actions.set_seats(again(day), seats=3, leaving=[here.id], by=bidan_ratna, key=key())
    db.session.rollback()
    leaving = {"leaving": [her.id for her in later], "to": again(other)}
    actions.set_seats(again(day), seats=1, by=bidan_ratna, key=key(), **leaving)
    assert (standing(day), standing(other)) == ({"Neng"}, {"Euis", "Iis"})
    assert queries.differences() == []


def test_a_cancelled_day_loses_nobody(cast, ibu_sari, bidan_ratna):
    day, other = (builders.service_day(cast.maracang, seats=n, in_days=d) for n, d in ((3, 2), (2, 3)))
    for name in ("Neng", "Euis", "Iis"):
        booked(ibu_sari, again(day), name=name)
    waits = registered(ibu_sari, name="Ai")
    actions.wait(waits, day=again(day), by=ibu_sari, key=key())
    day = actions.cancel_day(again(day), why="cuaca", to=again(other), by=bidan_ratna, key=key())
    assert (day.is_cancelled, day.cancelled_why, day.taken) == (True, "cuaca", 0)
    assert (standing(other), again(other).taken) == ({"Neng", "Euis"}, 2), "who booked first goes first"
    assert statuses() == {"Neng": "booked", "Euis": "booked", "Iis": "registered", "Ai": "registered"}
    assert notices(other) == [("Euis", "day_moved"), ("Neng", "day_moved")]
    assert notices(day) == [("Ai", "day_cancelled"), ("Iis", "day_cancelled")]
    assert db.session.scalars(db.select(Waiting.ended_at)).all() != [None]
    for deed in (
        lambda: actions.cancel_day(again(day), why="cuaca", by=bidan_ratna, key=key()),
        lambda: actions.set_seats(again(day), seats=9, by=bidan_ratna, key=key()),
        lambda: actions.set_seats(again(other), seats=2, leaving=[], to=again(day), by=bidan_ratna, key=key()),
    ):
        with pytest.raises(DayNotOpen):
            deed()
        db.session.rollback()
    assert queries.differences() == []


def test_her_kader_says_that_she_has_told_her(cast, ibu_sari, bidan_ratna, campaign, tomorrow):
    booked(ibu_sari, tomorrow)
    actions.cancel_day(again(tomorrow), why="stok", by=bidan_ratna, key=key())
    today = on(cast, 0)
    (notice,) = queries.untold(campaign, seen_by=ibu_sari, today=today)
    assert queries.untold(campaign, seen_by=cast.ibu_wati, today=today) == []
    actions.tell(notice, by=ibu_sari, key=key())
    assert queries.untold(campaign, seen_by=ibu_sari, today=today) == []
    assert again(notice).told_by_id == ibu_sari.id


def test_a_rehearsal_copies_seats_by_family_and_goes_with_its_line_and_notices(cast, campaign, ibu_sari, bu_lilis):
    day = builders.service_day(cast.maracang, seats=1, in_days=2)
    builders.families(day, implan=1)
    copy = actions.rehearse(again(campaign), by=bu_lilis, key=key())
    played = db.session.scalars(db.select(ServiceDay).where(ServiceDay.campaign_id == copy.id)).one()
    assert [(row.family, row.seats, row.taken) for row in played.method_seats] == [("implan", 1, 0)]
    booked(ibu_sari, played, name="Neng", campaign=copy)
    euis = registered(ibu_sari, name="Euis", campaign=again(copy))
    actions.wait(euis, day=again(played), by=ibu_sari, key=key())
    actions.cancel_day(again(played), why="lain", by=bu_lilis, key=key())
    assert len(notices()) == 2
    actions.clear_rehearsal(again(copy), by=bu_lilis, key=key())
    assert (notices(), db.session.scalars(db.select(Waiting)).all()) == ([], [])
    assert db.session.scalars(db.select(ServiceDay)).all() == [again(day)]
