"""One woman on the road, deed by deed, and what the tally says after each."""

from datetime import timedelta

import pytest

from campaign import actions, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Consent, DayCount, Outcome, Step
from campaign.rules.journey import Kind, Status
from campaign.rules.methods import Method, Participant
from campaign.rules.refusals import (
    AlreadyRegistered,
    BadDate,
    CampaignNotOpen,
    DayFull,
    DayNotOpen,
    Locked,
    NikNeeded,
    NotCounselled,
    NotYet,
    WindowPassed,
    WrongStep,
)
from tests import builders
from tests.builders import SERVICE, attended, beads, booked, key, registered, served


def test_neng_walks_the_whole_road_and_the_bar_moves(campaign, margacinta, ibu_sari, bidan_ratna, day):
    neng = registered(ibu_sari, nik=builders.nik(1))
    assert beads(campaign, margacinta) == {"registered": 1}
    neng = actions.book(neng, day=day, by=ibu_sari, key=key())
    assert beads(campaign) == {"booked": 1}
    neng = actions.attend(neng, by=bidan_ratna, key=key())
    assert beads(campaign) == {"attended": 1}
    neng = actions.serve(neng, by=bidan_ratna, key=key(), **SERVICE)
    assert beads(campaign) == {"served": 1}
    assert neng.status == Status.SERVED
    assert queries.board(campaign, today=campaign.day_of(now())).total.served == 1
    assert [step.kind for step in queries.history(neng)] == [Kind.REGISTER, Kind.BOOK, Kind.ATTEND, Kind.SERVE]
    assert queries.differences() == []


def test_the_desa_is_the_kaders_own_whatever_is_said(ibu_sari, cikao):
    neng = registered(ibu_sari, desa_code=cikao.code)
    assert neng.desa_code == "32.14.12.2001"


def test_what_is_sealed_cannot_be_read_in_the_row(ibu_sari):
    neng = registered(ibu_sari, nik=builders.nik(1), phone="+6282000001234")
    row = db.session.execute(db.text("SELECT * FROM akseptor")).mappings().one()
    held = b" ".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row.values())
    assert builders.nik(1).encode() not in held
    assert b"82000001234" not in held
    assert b"implan" not in held
    facts = queries.sealed_facts(neng)
    assert (facts["nik"], facts["phone"], facts["method"]) == (builders.nik(1), "+6282000001234", "implan")


def test_the_same_nik_is_refused_in_another_desa_and_free_in_another_campaign(ibu_sari, ibu_wati, neng_siti):
    with pytest.raises(AlreadyRegistered):
        registered(ibu_wati, nik="3214125003909123")
    with builders.writing():
        other = builders.write_campaign({"32.14.12.2002": 3}, name="Kedua")
    assert registered(ibu_wati, nik="3214125003909123", campaign=other).id != neng_siti.id


def test_who_withdrew_may_come_back_in_another_desa_and_nobody_is_told(ibu_sari, ibu_wati, neng_siti, campaign, cikao):
    actions.withdraw(neng_siti, by=ibu_sari, key=key())
    again = registered(ibu_wati, nik="3214125003909123", name="Neng Siti A")
    assert again.id == neng_siti.id
    assert (again.desa_code, again.status, again.name) == (cikao.code, Status.REGISTERED, "Neng Siti A")
    assert beads(campaign) == {"registered": 1}
    assert beads(campaign, cikao) == {"registered": 1}
    assert queries.differences() == []


def test_withdrawing_frees_the_seat_and_ends_every_consent(ibu_sari, day, campaign):
    neng = booked(ibu_sari, day)
    actions.withdraw(neng, by=ibu_sari, key=key())
    assert queries.bookable_day(day.id, campaign).taken == 0
    assert all(c.withdrawn_at for c in db.session.scalars(db.select(Consent)))
    assert beads(campaign) == {"withdrawn": 1}


def test_without_counselling_no_seat_is_held(ibu_sari, day):
    neng = registered(ibu_sari, is_counselled=False)
    with pytest.raises(NotCounselled):
        actions.book(neng, day=day, by=ibu_sari, key=key())
    neng = actions.counsel(neng, by=ibu_sari, key=key())
    assert actions.book(neng, day=day, by=ibu_sari, key=key()).status == Status.BOOKED


def test_moving_to_another_day_gives_the_first_seat_back(ibu_sari, day, tomorrow):
    neng = booked(ibu_sari, day)
    neng = actions.book(neng, day=tomorrow, by=ibu_sari, key=key())
    db.session.expire_all()
    assert (day.taken, tomorrow.taken) == (0, 1)
    outcomes = db.session.scalars(db.select(Booking.outcome).order_by(Booking.booked_at)).all()
    assert outcomes == [Outcome.MOVED, None]


def test_booking_the_same_full_day_again_keeps_her_seat(ibu_sari, cast):
    day = builders.service_day(cast.maracang, seats=1)
    neng = actions.book(booked(ibu_sari, day), day=day, by=ibu_sari, key=key())
    db.session.expire_all()
    assert (day.taken, neng.status) == (1, Status.BOOKED)
    assert queries.differences() == []


def test_a_move_to_a_full_day_changes_nothing(ibu_sari, ibu_wati, cast, day):
    full = builders.service_day(cast.saung, seats=1)
    booked(ibu_wati, full)
    neng = booked(ibu_sari, day)
    with pytest.raises(DayFull):
        actions.book(neng, day=full, by=ibu_sari, key=key())
    db.session.expire_all()
    assert (day.taken, full.taken, neng.status) == (1, 1, Status.BOOKED)
    assert queries.differences() == []


def test_a_cancelled_seat_is_free_and_she_is_on_the_list_again(ibu_sari, day, campaign):
    neng = actions.cancel(booked(ibu_sari, day), by=ibu_sari, key=key())
    db.session.expire_all()
    assert (day.taken, neng.status) == (0, Status.REGISTERED)
    assert beads(campaign) == {"registered": 1}


def test_the_walk_in_takes_three_steps_in_one_deed(bidan_ratna, day, campaign, margacinta):
    said = {"name": "Ai Datang", "wanted": Method.IUD, "is_counselled": True, "no_nik_reason": "tidak_dibawa"}
    ai = actions.walk_in(day, desa_code=margacinta.code, by=bidan_ratna, key=key(), **said)
    steps = queries.history(ai)
    assert [step.kind for step in steps] == [Kind.REGISTER, Kind.BOOK, Kind.ATTEND]
    assert len({step.deed_id for step in steps}) == 1
    db.session.expire_all()
    assert (day.taken, beads(campaign)) == (1, {"attended": 1})
    assert day.entered_at, "whoever is registered on the spot is written down there"


def test_a_woman_from_elsewhere_is_in_no_desas_bar(bidan_ratna, day, campaign, today):
    said = {"name": "Ibu Jauh", "wanted": Method.IUD, "is_counselled": True, "nik": builders.nik(5)}
    jauh = actions.walk_in(day, desa_code=None, address="Desa X, Subang", by=bidan_ratna, key=key(), **said)
    actions.serve(jauh, by=bidan_ratna, key=key(), **SERVICE)
    board = queries.board(campaign, today=today)
    assert (board.total.served, board.outside.served) == (0, 1)
    with builders.writing():
        campaign.counts_outsiders = True
    assert queries.board(campaign, today=today).total.served == 1


def test_only_what_the_campaign_counts_moves_the_bar(ibu_sari, bidan_ratna, day, campaign, today):
    for number, (method, participant) in enumerate(
        [(Method.IMPLAN_1, Participant.BARU), (Method.MOW, Participant.BARU), (Method.IUD, Participant.GANTI_CARA)]
    ):
        neng = attended(ibu_sari, bidan_ratna, day, nik=builders.nik(number))
        actions.serve(
            neng, method=method, participant=participant, has_informed_consent=True, by=bidan_ratna, key=key()
        )
    total = queries.board(campaign, today=today).total
    assert (total.served, total.not_counted) == (1, 2)
    with builders.writing():
        campaign.counted_methods = [*campaign.counted_methods, Method.MOW.value]
    assert queries.board(campaign, today=today).total.served == 2


def test_a_service_without_nik_waits_and_counts_once_the_nik_comes(ibu_sari, bidan_ratna, day, campaign, today):
    neng = attended(ibu_sari, bidan_ratna, day)
    with pytest.raises(NikNeeded):
        actions.serve(neng, by=bidan_ratna, key=key(), **SERVICE)
    neng = actions.serve(neng, no_nik_reason="hilang", by=bidan_ratna, key=key(), **SERVICE)
    total = queries.board(campaign, today=today).total
    assert (total.served, total.waiting_nik) == (0, 1)
    actions.enter_nik(neng, nik=builders.nik(7), by=ibu_sari, key=key())
    total = queries.board(campaign, today=today).total
    assert (total.served, total.waiting_nik) == (1, 0)
    assert queries.differences() == []


def test_a_nik_of_another_woman_is_refused_wherever_it_is_entered(ibu_sari, bidan_ratna, day, neng_siti):
    other = attended(ibu_sari, bidan_ratna, day)
    with pytest.raises(AlreadyRegistered):
        actions.enter_nik(other, nik="3214125003909123", by=ibu_sari, key=key())
    with pytest.raises(AlreadyRegistered):
        actions.serve(other, nik="3214125003909123", by=bidan_ratna, key=key(), **SERVICE)
    assert db.session.get(Akseptor, other.id).status == Status.ATTENDED


def test_a_service_is_dated_neither_in_the_future_nor_before_the_campaign(ibu_sari, bidan_ratna, day, today, campaign):
    neng = attended(ibu_sari, bidan_ratna, day, nik=builders.nik(1))
    for wrong in (today + timedelta(days=1), campaign.opens_on - timedelta(days=1)):
        with pytest.raises(BadDate):
            actions.serve(neng, served_on=wrong, by=bidan_ratna, key=key(), **SERVICE)


def test_a_deferral_keeps_her_from_earlier_days_and_then_lets_go_by_itself(ibu_sari, bidan_ratna, cast, today):
    day, soon, late = (builders.service_day(cast.maracang, in_days=n) for n in (0, 2, 6))
    neng = attended(ibu_sari, bidan_ratna, day)
    neng = actions.defer(neng, reason="haid", until=today + timedelta(days=5), by=bidan_ratna, key=key())
    with pytest.raises(NotYet):
        actions.book(neng, day=soon, by=ibu_sari, key=key())
    assert actions.book(neng, day=late, by=ibu_sari, key=key()).status == Status.BOOKED
    db.session.expire_all()
    assert (day.taken, late.taken) == (1, 1)  # the seat she sat on is used up


def test_who_never_came_leaves_her_seat_to_the_next(ibu_sari, bidan_ratna, day, campaign):
    actions.miss(booked(ibu_sari, day), by=bidan_ratna, key=key())
    db.session.expire_all()
    assert (day.taken, beads(campaign)) == (0, {"no_show": 1})


def test_nobody_attends_or_misses_a_day_that_has_not_come(ibu_sari, bidan_ratna, tomorrow):
    neng = booked(ibu_sari, tomorrow)
    for deed in (actions.attend, actions.miss):
        with pytest.raises(DayNotOpen):
            deed(neng, by=bidan_ratna, key=key())


def test_a_past_day_and_a_day_of_another_campaign_cannot_be_booked(ibu_sari, cast):
    neng = registered(ibu_sari)
    past = builders.service_day(cast.maracang, in_days=-1)
    foreign = builders.service_day(cast.far, campaign=cast.elsewhere)
    for day in (past, foreign):
        with pytest.raises(DayNotOpen):
            actions.book(neng, day=day, by=ibu_sari, key=key())


def test_a_closed_campaign_registers_and_books_nobody_but_outcomes_have_some_days(
    campaign, ibu_sari, bidan_ratna, day, later
):
    neng = booked(ibu_sari, day)
    after_close = later(days=21)  # one day after the window, within the grace of two
    with pytest.raises(CampaignNotOpen):
        registered(ibu_sari, at=after_close)
    neng = actions.attend(neng, by=bidan_ratna, key=key(), at=after_close)
    with pytest.raises(Locked):
        actions.serve(neng, no_nik_reason="hilang", by=bidan_ratna, key=key(), at=later(days=25), **SERVICE)
    neng = actions.serve(neng, no_nik_reason="hilang", by=bidan_ratna, key=key(), at=after_close, **SERVICE)
    assert neng.status == Status.SERVED


@pytest.mark.parametrize("skipped", [actions.attend, actions.cancel, actions.miss])
def test_a_step_from_the_wrong_place_is_refused(neng_siti, bidan_ratna, skipped):
    with pytest.raises(WrongStep):
        skipped(neng_siti, by=bidan_ratna, key=key())


def test_nobody_is_served_twice(ibu_sari, bidan_ratna, day):
    neng = served(ibu_sari, bidan_ratna, day)
    with pytest.raises(WrongStep):
        actions.serve(neng, no_nik_reason="hilang", by=bidan_ratna, key=key(), **SERVICE)


# ---- Corrections ----


def last_step(akseptor):
    return queries.history(akseptor)[-1].id


def correct(akseptor, by, **what):
    return actions.correct(akseptor, step_id=last_step(akseptor), reason="salah_tekan", by=by, key=key(), **what)


def test_a_wrong_service_is_taken_back_and_undoing_the_undo_restores_it(ibu_sari, bidan_ratna, day, campaign, today):
    neng = served(ibu_sari, bidan_ratna, day, nik=builders.nik(1))
    neng = correct(neng, bidan_ratna)
    assert (neng.status, queries.method_of(neng), neng.participant) == (Status.ATTENDED, "implan", Participant.BELUM)
    assert queries.board(campaign, today=today).total.served == 0
    neng = correct(neng, bidan_ratna)
    assert (neng.status, queries.method_of(neng), neng.participant) == (Status.SERVED, "implan_2", Participant.BARU)
    assert queries.board(campaign, today=today).total.served == 1
    assert queries.differences() == []


def test_a_mistaken_no_show_gets_her_seat_back_or_hears_that_it_is_gone(ibu_sari, ibu_wati, bidan_ratna, cast):
    day = builders.service_day(cast.maracang, seats=1)
    neng = actions.miss(booked(ibu_sari, day), by=bidan_ratna, key=key())
    other = booked(ibu_wati, day)
    with pytest.raises(DayFull):
        correct(neng, bidan_ratna)
    actions.cancel(other, by=ibu_wati, key=key())
    assert correct(neng, bidan_ratna).status == Status.BOOKED
    db.session.expire_all()
    assert day.taken == 1
    assert queries.differences() == []


def test_a_deferral_taken_back_and_restored_has_its_day_again(ibu_sari, bidan_ratna, day, today):
    until = today + timedelta(days=9)
    neng = actions.defer(attended(ibu_sari, bidan_ratna, day), reason="medis", until=until, by=bidan_ratna, key=key())
    neng = correct(neng, bidan_ratna)
    assert (neng.status, neng.deferred_until) == (Status.ATTENDED, None)
    neng = correct(neng, bidan_ratna)
    assert (neng.status, neng.deferred_until) == (Status.DEFERRED, until)


def test_after_the_window_only_dppkb_corrects(ibu_sari, bidan_ratna, bu_lilis, day, later):
    neng = served(ibu_sari, bidan_ratna, day)
    with pytest.raises(WindowPassed):
        correct(neng, bidan_ratna, at=later(days=3))
    assert correct(neng, bu_lilis, at=later(days=3)).status == Status.ATTENDED


def test_two_who_correct_the_same_thing_do_not_undo_each_other(ibu_sari, bidan_ratna, bu_lilis, day):
    neng = served(ibu_sari, bidan_ratna, day)
    seen = last_step(neng)
    actions.correct(neng, step_id=seen, reason="salah_tekan", by=bidan_ratna, key=key())
    with pytest.raises(WrongStep):
        actions.correct(neng, step_id=seen, reason="salah_tekan", by=bu_lilis, key=key())


def test_a_registration_and_a_booking_are_not_mended_by_correcting(ibu_sari, bidan_ratna, day):
    for neng in (registered(ibu_sari), booked(ibu_sari, day)):
        with pytest.raises(WrongStep):
            correct(neng, bidan_ratna)


# ---- The ledger ----


def test_the_ledger_refuses_to_be_changed_whatever_the_code_says(neng_siti):
    from sqlalchemy.exc import DBAPIError

    for tampering in ("UPDATE step SET reason = 'x'", "DELETE FROM step"):
        with pytest.raises(DBAPIError, match="append-only"), builders.writing() as session:
            session.execute(db.text(tampering))
    assert db.session.scalar(db.select(db.func.count()).select_from(Step)) == 1


def test_an_injected_error_in_the_count_is_named_and_mended(ibu_sari, bidan_ratna, day, campaign):
    served(ibu_sari, bidan_ratna, day, nik=builders.nik(1))
    with builders.writing() as session:
        session.execute(db.text("UPDATE tally SET served = served + 1 WHERE served = 1"))
        session.execute(db.text("UPDATE day_count SET served = served + 1"))
        session.execute(db.text("UPDATE service_day SET taken = taken + 1, served = served + 1"))
    found = queries.differences()
    assert {(d.kept, d.ledger) for d in found} == {(2, 1)}
    assert len(found) == 4
    before = queries.board_version(campaign.id)
    assert len(actions.mend()) == 4
    assert queries.differences() == []
    assert queries.board_version(campaign.id) > before, "open boards must see the mended number"


def test_each_service_is_counted_under_its_own_day_and_moves_with_her(ibu_sari, bidan_ratna, day, campaign):
    """Written down today for yesterday; taken back and restored; without NIK until it comes."""
    neng = attended(ibu_sari, bidan_ratna, day)
    yesterday = max(day.on - timedelta(days=1), campaign.opens_on)
    actions.serve(neng, by=bidan_ratna, key=key(), served_on=yesterday, no_nik_reason="belum_punya", **SERVICE)
    assert days_counted() == {(yesterday, neng.desa_code): (1, 1)} and day.served == 1
    assert day.entered_at is not None
    actions.enter_nik(neng, nik=builders.nik(1), by=ibu_sari, key=key())
    assert days_counted() == {(yesterday, neng.desa_code): (1, 0)}
    neng = correct(neng, bidan_ratna)
    assert days_counted() == {} and day.served == 0 and neng.served_on is None
    neng = correct(neng, bidan_ratna)
    assert days_counted() == {(yesterday, neng.desa_code): (1, 0)} and day.served == 1
    assert queries.differences() == []


def days_counted() -> dict:
    """(day, desa) → served and of these without NIK, where there is anybody."""
    rows = db.session.execute(db.select(DayCount.on, DayCount.desa_code, DayCount.served, DayCount.waiting_nik))
    return {(row.on, row.desa_code): (row.served, row.waiting_nik) for row in rows if row.served}
