"""At once: two hundred for one seat, one NIK by two kader, one key sent by many. Each with a control that must fail.

The control runs the same race through a way that looks first and acts then, as hurried hands would write it: where that
does not go wrong, the race was no race and the test above it proves nothing.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from campaign import actions, queries
from campaign.actions.transaction import tried_again
from campaign.errors import sentence
from campaign.extensions import db
from campaign.models import Akseptor, Booking, ServiceDay
from campaign.rules.refusals import AlreadyRegistered, Busy, DayFull, Refused, WrongStep
from tests import builders
from tests.builders import beads, key, registered

CROWD = 12  # threads that start at the same moment; the two hundred of the issue run in `make bench`


def at_once(app, *deeds):
    """Run these in threads that start together; answers their results or the refusals they met."""
    barrier = Barrier(len(deeds))

    def run(deed):
        with app.app_context():
            try:
                barrier.wait()
                return deed()
            except Refused as refusal:
                return type(refusal)
            finally:
                db.session.remove()

    db.session.commit()  # the stage holds no snapshot while the others play
    with ThreadPoolExecutor(len(deeds)) as pool:
        results = list(pool.map(run, deeds))
    db.session.expire_all()
    return results


def one(model, row_id):
    return db.session.get_one(model, row_id)


def test_the_last_seat_goes_to_one(app, cast, ibu_sari, day):
    seat = builders.service_day(cast.saung, seats=1).id
    women = [registered(ibu_sari, name=f"Neng {n}").id for n in range(CROWD)]

    def book(woman):
        return lambda: actions.book(one(Akseptor, woman), day=one(ServiceDay, seat), by=cast.ibu_sari, key=key()).status

    results = at_once(app, *(book(woman) for woman in women))
    assert results.count("booked") == 1
    assert set(results) <= {"booked", DayFull, Busy}
    assert one(ServiceDay, seat).taken == 1
    assert queries.differences() == []


def test_control_looking_before_taking_oversells(app, cast):
    seat = builders.service_day(cast.saung, seats=1).id
    looked = Barrier(4)

    def hurried():
        with db.engine.connect() as reading:
            free = reading.scalar(text("SELECT seats - taken FROM service_day WHERE id = :day"), {"day": _plain(seat)})
        looked.wait()
        return free > 0

    results = at_once(app, *[hurried] * 4)
    assert results.count(True) > 1, "looking first must mislead somebody, or this was no race"


def _plain(row_id):
    return row_id if db.engine.dialect.name == "postgresql" else row_id.hex


OVER = text("UPDATE service_day SET taken = taken + 2 WHERE id = :x")


def test_the_check_behind_the_seat_stops_who_ignores_the_guard(app, cast):
    seat = builders.service_day(cast.saung, seats=1).id
    with pytest.raises(IntegrityError), builders.writing() as session:
        session.execute(OVER, {"x": _plain(seat)})


def test_a_row_somebody_wrote_at_the_same_moment_is_looked_at_once_more(cast):
    """What the database stops is tried once more, with what stopped it in sight; what it stops twice is an error."""
    looks, seat = [], builders.service_day(cast.saung, seats=1).id

    def hurried(times):
        looks.append(times)
        with builders.writing() as session:
            if len(looks) <= times:
                session.execute(OVER, {"x": _plain(seat)})
        return "done"

    assert tried_again(lambda: hurried(1)) == "done" and len(looks) == 2
    looks.clear()
    with pytest.raises(IntegrityError):
        tried_again(lambda: hurried(9))
    assert len(looks) == 2


def test_one_nik_by_two_kader_is_one_woman(app, cast, campaign):
    for attempt in range(5):
        nik = builders.nik(attempt)
        results = at_once(
            app, *(lambda k=k, nik=nik: registered(k, nik=nik).name for k in (cast.ibu_sari, cast.ibu_wati) * 3)
        )
        assert results.count("Neng Siti") == 1, results
        assert set(results) <= {"Neng Siti", AlreadyRegistered, Busy}
    assert beads(campaign) == {"registered": 5}
    assert queries.differences() == []


def test_who_comes_second_with_a_nik_is_told_whose_plkb_to_ask(app, cast, campaign):
    told = "Ibu ini sudah terdaftar dalam kampanye ini. Hubungi PLKB Kec. Babakancikao."

    def register(kader, nik):
        try:
            return registered(kader, nik=nik).name
        except AlreadyRegistered as refusal:
            return sentence(refusal)

    for attempt in range(3):
        nik = builders.nik(attempt)
        results = at_once(app, *(lambda k=k, n=nik: register(k, n) for k in (cast.ibu_sari, cast.ibu_wati)))
        assert "Neng Siti" in results and set(results) <= {"Neng Siti", told, Busy}, results
    assert beads(campaign) == {"registered": 3}


def test_one_key_sent_by_many_is_done_once_and_all_hear_the_same(app, cast, campaign, ibu_sari):
    sent = key()
    said = {"name": "Neng", "wanted": "iud", "is_counselled": True, "no_nik_reason": "hilang", "key": sent}
    by = cast.ibu_sari
    results = at_once(app, *[lambda: actions.register(campaign=builders.the_campaign(), by=by, **said).id] * CROWD)
    assert len(set(results)) == 1
    assert beads(campaign) == {"registered": 1}


def test_control_without_the_claimed_key_a_double_click_registers_twice(app, cast, campaign):
    said = {"wanted": "iud", "is_counselled": True, "no_nik_reason": "hilang"}
    at_once(app, *[lambda: registered(cast.ibu_sari, **said).id] * 4)  # each with a key of its own
    assert beads(campaign) == {"registered": 4}


def test_cancelling_and_moving_at_once_leak_no_seat(app, cast, ibu_sari):
    """The case a guard on her status alone would miss: booked before, booked after, but on another day."""
    for _round in range(6):
        first, second = (builders.service_day(cast.maracang, seats=5, in_days=n).id for n in (0, 1))
        woman = builders.booked(ibu_sari, one(ServiceDay, first)).id
        at_once(
            app,
            lambda w=woman: actions.cancel(one(Akseptor, w), by=cast.ibu_sari, key=key()).status,
            lambda w=woman, d=second: (
                actions.book(one(Akseptor, w), day=one(ServiceDay, d), by=cast.ibu_sari, key=key()).status
            ),
            lambda w=woman: actions.withdraw(one(Akseptor, w), by=cast.ibu_sari, key=key()).status,
        )
        assert queries.differences() == []


def test_what_was_read_before_a_colleague_acted_is_read_again(app, cast, ibu_sari, bidan_ratna, day, tomorrow):
    """Her NIK comes in while the bidan has the older record in hand: nothing of it is lost."""
    neng = builders.attended(ibu_sari, bidan_ratna, day)
    in_hand = one(Akseptor, neng.id)
    assert not in_hand.has_nik
    with ThreadPoolExecutor(1) as pool:
        pool.submit(
            _in(
                app, lambda: actions.enter_nik(one(Akseptor, neng.id), nik=builders.nik(3), by=cast.ibu_sari, key=key())
            )
        ).result()
    served = actions.serve(in_hand, no_nik_reason="hilang", by=bidan_ratna, key=key(), **builders.SERVICE)
    assert served.has_nik
    assert queries.sealed_facts(served)["nik"] == builders.nik(3)
    assert queries.differences() == []


def _in(app, deed):
    def run():
        with app.app_context():
            try:
                return deed()
            finally:
                db.session.remove()

    return run


def test_serving_and_missing_at_once_leave_one_outcome(app, cast, ibu_sari, bidan_ratna, day):
    for number in range(4):
        woman = builders.attended(ibu_sari, bidan_ratna, day, nik=builders.nik(number)).id
        results = at_once(
            app,
            lambda w=woman: actions.serve(one(Akseptor, w), by=bidan_ratna, key=key(), **builders.SERVICE).status,
            lambda w=woman: actions.miss(one(Akseptor, w), by=bidan_ratna, key=key()).status,
            lambda w=woman: actions.defer(one(Akseptor, w), reason="sakit", by=bidan_ratna, key=key()).status,
        )
        assert results.count(WrongStep) == 2, results
        outcomes = db.session.scalars(db.select(Booking.outcome).where(Booking.akseptor_id == woman)).all()
        assert len(outcomes) == 1 and outcomes[0] is not None
    assert queries.differences() == []


def test_seats_that_free_at_once_go_to_as_many_who_wait_in_their_order(app, cast, ibu_sari):
    day = builders.service_day(cast.maracang, seats=3, in_days=3).id
    seated = [builders.booked(ibu_sari, one(ServiceDay, day), name=f"Neng {n}").id for n in range(3)]
    db.session.expire_all()
    line = [registered(ibu_sari, name=f"Euis {n}").id for n in range(5)]
    for woman in line:
        actions.wait(one(Akseptor, woman), day=one(ServiceDay, day), by=cast.ibu_sari, key=key())

    def cancel(woman):
        return lambda: actions.cancel(one(Akseptor, woman), by=cast.ibu_sari, key=key()).status

    results = at_once(app, *(cancel(woman) for woman in seated))
    freed = results.count("registered")
    assert freed and set(results) <= {"registered", Busy}
    assert [one(Akseptor, woman).status == "booked" for woman in line] == [n < freed for n in range(5)]
    assert one(ServiceDay, day).taken == 3
    assert queries.differences() == []


def test_the_last_seat_of_a_family_goes_to_one(app, cast, ibu_sari):
    day = builders.service_day(cast.maracang, seats=CROWD, in_days=3)
    builders.families(day, implan=1)
    day = day.id
    women = [registered(ibu_sari, name=f"Neng {n}").id for n in range(CROWD)]

    def book(woman):
        return lambda: actions.book(one(Akseptor, woman), day=one(ServiceDay, day), by=cast.ibu_sari, key=key()).status

    results = at_once(app, *(book(woman) for woman in women))
    assert results.count("booked") == 1
    assert set(results) <= {"booked", DayFull, Busy}
    assert one(ServiceDay, day).taken == 1
    assert queries.differences() == []
