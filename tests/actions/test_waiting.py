"""Who waits for a full day: whoever has waited longest and fits gets the seat that frees, in the same transaction."""

from datetime import timedelta

import pytest

from campaign import actions, queries
from campaign.actions.transaction import now, writing
from campaign.clock import tick
from campaign.errors import sentence
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Notice, Waiting
from campaign.rules.methods import Family, Method
from campaign.rules.refusals import DayFull, DayHasRoom, DayNotOpen, HasSeat, NotCounselled, SeatLapsed
from tests import builders
from tests.builders import booked, key, registered


def again(row):
    db.session.expire_all()
    return db.session.get_one(type(row), row.id)


@pytest.fixture
def full(cast):
    """In three days at Maracang: one seat, which Neng has."""
    day = builders.service_day(cast.maracang, seats=1, in_days=3)
    booked(cast.ibu_sari, day, name="Neng")
    return again(day)


@pytest.fixture(params=["walk_in", "welcome"])
def walk_up(request, cast):
    """`walk_up(day, at=)`: Neng stands at the counter, registered or not."""

    def new(day, **at):
        with writing() as session:
            session.execute(db.update(Akseptor).where(Akseptor.name == "Neng").values(name="Neng yang dulu"))
        about = {"name": "Neng", "wanted": Method.IUD, "is_counselled": True, "desa_code": cast.margacinta.code}
        actions.walk_in(again(day), by=cast.bidan_ratna, key=key(), **about, **at)

    def known(day, **at):
        actions.welcome(named("Neng"), day=again(day), by=cast.bidan_ratna, key=key(), **at)

    return {"walk_in": new, "welcome": known}[request.param]


def waits(cast, day, name, **answers):
    return actions.wait(registered(cast.ibu_sari, name=name, **answers), day=again(day), by=cast.ibu_sari, key=key())


def named(name) -> Akseptor:
    db.session.expire_all()
    return db.session.scalars(db.select(Akseptor).where(Akseptor.name == name)).one()


def status(*names) -> list:
    return [named(name).status.value for name in names]


def line(day) -> list:
    return [row.akseptor.name for row in queries.line_of(again(day))]


def cancel(cast, name, **at):
    return actions.cancel(named(name), by=cast.ibu_sari, key=key(), **at)


def kinds() -> list:
    rows = db.session.scalars(db.select(Notice).order_by(Notice.at)).all()
    return [(row.akseptor.name, row.kind.value) for row in rows]


def test_who_has_waited_longest_moves_up_when_a_seat_frees(cast, full):
    for name in ("Euis", "Iis", "Ai"):
        waits(cast, full, name)
    assert line(full) == ["Euis", "Iis", "Ai"]
    before = now()
    cancel(cast, "Neng")
    assert status("Neng", "Euis", "Iis", "Ai") == ["registered", "booked", "registered", "registered"]
    assert (again(full).taken, line(full), kinds()) == (1, ["Iis", "Ai"], [("Euis", "moved_up")])
    held = builders.booking_of(named("Euis").id).held_until
    assert before + timedelta(hours=24) <= held <= now() + timedelta(hours=24)
    actions.confirm(named("Euis"), by=cast.ibu_sari, key=key())
    assert builders.booking_of(named("Euis").id).held_until is None
    assert queries.differences() == []


@pytest.mark.parametrize("how", ["withdraw", "move", "defer"])
def test_however_a_seat_frees_it_goes_to_who_waits(cast, full, how):
    other = builders.service_day(cast.saung, in_days=4)
    waits(cast, full, "Euis")
    if how == "withdraw":
        actions.withdraw(named("Neng"), by=cast.ibu_sari, key=key())
    elif how == "move":
        actions.book(named("Neng"), day=again(other), by=cast.ibu_sari, key=key())
    else:
        actions.defer(named("Neng"), reason="sakit", by=cast.bidan_ratna, key=key())
    assert (status("Euis"), line(full), again(full).taken) == (["booked"], [], 1)
    assert queries.differences() == []


def test_who_does_not_fit_is_passed_over_and_keeps_her_place(cast):
    day = builders.service_day(cast.maracang, seats=2, in_days=3)
    builders.families(day, implan=1)
    booked(cast.ibu_sari, day, name="Neng")
    booked(cast.ibu_sari, again(day), name="Iud", wanted=Method.IUD)
    waits(cast, day, "Euis")
    late = waits(cast, day, "Iis", wanted=Method.IUD)
    with builders.writing():
        db.session.get_one(Akseptor, late.id).deferred_until = day.on + timedelta(days=1)
    waits(cast, day, "Ai", wanted=Method.IUD)
    cancel(cast, "Iud")
    assert status("Euis", "Iis", "Ai") == ["registered", "registered", "booked"]
    assert line(day) == ["Euis", "Iis"]
    cancel(cast, "Neng")
    assert (status("Euis"), line(day)) == (["booked"], ["Iis"])
    assert queries.differences() == []


def test_a_seat_nobody_said_yes_to_goes_on_to_the_next(cast, full, later):
    for name in ("Euis", "Iis"):
        waits(cast, full, name)
    cancel(cast, "Neng")
    assert tick(later(hours=23), only="seats") == {"seats": "0 hari diperiksa"}
    with pytest.raises(SeatLapsed):
        actions.confirm(named("Euis"), by=cast.ibu_sari, key=key(), at=later(hours=25))
    db.session.rollback()
    assert tick(later(hours=25), only="seats") == {"seats": "1 hari diperiksa"}
    assert status("Euis", "Iis") == ["registered", "booked"]
    assert sorted(kinds()) == [("Euis", "lapsed"), ("Euis", "moved_up"), ("Iis", "moved_up")]
    lapsed = db.session.scalars(db.select(Booking).where(Booking.outcome == "lapsed")).one()
    assert (lapsed.akseptor.name, lapsed.holds_seat) == ("Euis", False)
    assert [step.reason for step in queries.history(named("Euis"))][-1] == "tidak_dijawab"
    assert tick(later(hours=26), only="seats") == {"seats": "0 hari diperiksa"}
    assert queries.differences() == []


def test_a_lapsed_seat_is_judged_when_somebody_looks(cast, full, later):
    waits(cast, full, "Euis")
    cancel(cast, "Neng")
    actions.book(named("Neng"), day=again(full), by=cast.ibu_sari, key=key(), at=later(hours=25))
    assert (status("Neng", "Euis"), again(full).taken) == (["booked", "registered"], 1)
    waits(cast, full, "Iis")
    assert queries.differences() == []


def test_a_lapsed_seat_goes_first_to_who_waits_and_not_to_who_looks(cast, full, later):
    for name in ("Euis", "Iis"):
        waits(cast, full, name)
    cancel(cast, "Neng")
    with pytest.raises(DayFull):
        actions.book(named("Neng"), day=again(full), by=cast.ibu_sari, key=key(), at=later(hours=25))
    db.session.rollback()
    tick(later(hours=25), only="seats")
    assert status("Neng", "Euis", "Iis") == ["registered", "registered", "booked"]


def test_at_the_counter_too_a_seat_held_in_vain_is_free_again(cast, full, walk_up):
    waits(cast, full, "Euis")
    cancel(cast, "Neng")  # held for Euis, whose kader says nothing
    walk_up(full, at=full.begins_at)
    assert (status("Neng", "Euis"), again(full).taken) == (["attended", "registered"], 1)
    assert queries.differences() == []


def test_at_the_counter_too_a_seat_that_is_held_still_is_not_free(cast, full, walk_up):
    waits(cast, full, "Euis")
    cancel(cast, "Neng", at=full.begins_at - timedelta(hours=1))  # too late to ask: simply hers
    with pytest.raises(DayFull):
        walk_up(full, at=full.begins_at)
    db.session.rollback()
    assert status("Euis") == ["booked"]


def test_near_the_day_the_seat_is_firm_and_once_it_has_begun_nobody_moves_up(cast, full):
    for name in ("Euis", "Iis"):
        waits(cast, full, name)
    cancel(cast, "Neng", at=full.begins_at - timedelta(hours=1))
    assert builders.booking_of(named("Euis").id).held_until is None
    cancel(cast, "Euis", at=full.begins_at + timedelta(minutes=1))
    assert (status("Iis"), again(full).taken) == (["registered"], 0)


def test_the_line_ends_with_its_day(cast, full):
    waits(cast, full, "Euis")
    over = full.begins_at + timedelta(days=1)
    assert tick(over, only="seats") == {"seats": "1 hari diperiksa"}
    assert (line(full), status("Euis")) == ([], ["registered"])


def test_who_gets_a_seat_elsewhere_or_leaves_waits_no_longer(cast, full):
    for name in ("Euis", "Iis", "Ai"):
        waits(cast, full, name)
    booked_elsewhere = builders.service_day(cast.saung, in_days=4)
    actions.book(named("Euis"), day=booked_elsewhere, by=cast.ibu_sari, key=key())
    actions.withdraw(named("Iis"), by=cast.ibu_sari, key=key())
    actions.stop_waiting(named("Ai"), day=again(full), by=cast.ibu_sari, key=key())
    assert line(full) == []
    assert db.session.scalars(db.select(Waiting).where(Waiting.ended_at.is_(None))).all() == []


def test_who_may_not_wait(cast, full, tomorrow):
    with pytest.raises(HasSeat):
        actions.wait(named("Neng"), day=again(full), by=cast.ibu_sari, key=key())
    with pytest.raises(NotCounselled):
        waits(cast, full, "Euis", is_counselled=False)
    with pytest.raises(DayHasRoom):
        waits(cast, tomorrow, "Iis")
    begun = builders.service_day(cast.maracang, seats=0, in_days=0)
    with pytest.raises(DayNotOpen):
        actions.wait(named("Iis"), day=begun, by=cast.ibu_sari, key=key(), at=begun.begins_at)
    waits(cast, full, "Ai")
    actions.wait(named("Ai"), day=again(full), by=cast.ibu_sari, key=key())
    assert line(full) == ["Ai"], "once is once"


def test_a_full_day_says_which_next_ones_are_free(cast, full):
    builders.service_day(cast.koncara, in_days=4)  # far from her
    near = builders.service_day(cast.saung, in_days=5)
    builders.families(builders.service_day(cast.maracang, in_days=4), implan=0)
    here = builders.service_day(cast.maracang, in_days=6)
    with pytest.raises(DayFull) as no:
        booked(cast.ibu_sari, again(full), name="Euis")
    assert no.value.free == ((near.on, "Saung Ambu Cikao"), (here.on, "Puskesmas Maracang"))
    assert sentence(no.value).startswith("Kursi hari itu sudah habis. Yang masih kosong: ")
    assert sentence(no.value).endswith("Atau masukkan Ibu ke daftar tunggu hari itu.")
    assert "Kursi untuk IUD hari itu sudah habis." in sentence(DayFull(Family.IUD))
