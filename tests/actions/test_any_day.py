"""Random deeds on full days, one after the other and several at once: seats = bookings, never over, none leaked, lines fair."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

from campaign import actions
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, Booking, ServiceDay, Waiting
from tests import builders
from tests.any_day import Days
from tests.builders import key

STEPS, CLIENTS = 240, 4


def test_any_deeds_in_any_order_leave_seats_and_lines_right(cast):
    days, random = Days(cast, women=14, days=4), Random(5)
    for step in range(STEPS):
        days.play(random)
        if step % 40 == 39:
            assert days.wrong() == [], f"after {step + 1} steps"
    assert days.compared > 0 and {"book", "cancel", "wait", "resize", "lapse"} <= days.done.keys()
    assert any("day_full" in what for what in days.refused)


def test_several_at_once_leave_seats_and_lines_right(app, cast):
    days = Days(cast, women=14, days=4)

    def client(number):
        with app.app_context():
            try:
                random = Random(number)
                for _ in range(STEPS // CLIENTS):
                    days.play(random)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, range(CLIENTS)))
    assert days.wrong() == []
    assert sum(days.done.values()) + sum(days.refused.values()) == STEPS
    assert sum(days.done.values()) > STEPS // 8


def test_control_a_seat_that_leaks_and_a_line_that_was_passed_are_noticed(cast, ibu_sari):
    days = Days(cast, women=4, days=1)
    day = db.session.get_one(ServiceDay, days.days[0])
    assert days.wrong() == []
    for her in days.women[:2]:
        actions.book(db.session.get_one(Akseptor, her), day=day, by=ibu_sari, key=key())
    for her in days.women[2:]:
        actions.wait(db.session.get_one(Akseptor, her), day=day, by=ibu_sari, key=key())
    assert days.wrong() == []
    with builders.writing() as session:
        session.execute(db.update(Booking).where(Booking.akseptor_id == days.women[0]).values(holds_seat=False))
    assert any("kursi terisi" in told for told in days.wrong())
    assert any("seat False" in told for told in days.wrong())
    with builders.writing() as session:
        session.execute(db.update(Booking).values(holds_seat=True))
        session.execute(db.text("UPDATE service_day SET seats = seats + 1"))
    assert any("the day has a seat for her" in told for told in days.wrong())
    with builders.writing() as session:
        session.execute(db.text("UPDATE service_day SET seats = seats - 1"))
    actions.cancel(db.session.get_one(Akseptor, days.women[0]), by=ibu_sari, key=key())
    assert (days.wrong(), days.compared) == ([], 1)
    with builders.writing() as session:  # as if she who still waits had stood in front
        passed = db.update(Waiting).where(Waiting.akseptor_id == days.women[3])
        session.execute(passed.values(since=now() - timedelta(days=1)))
    assert any("somebody behind her has moved up" in told for told in days.wrong())
