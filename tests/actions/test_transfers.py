"""She lives in another desa: proposed by one side, decided by the office, one line, one bead, no seat lost."""

from datetime import timedelta

import pytest

from campaign import actions, queries
from campaign.actions import steps
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Desa, Person, Transfer
from campaign.rules.journey import Kind, Status
from campaign.rules.refusals import AlreadyDecided, AlreadyProposed, Busy, Locked, MovedOn, NoSuch, WrongStep
from campaign.rules.roles import Role
from tests import builders
from tests.actions.test_races import at_once
from tests.builders import beads, key, nik, registered

THERE = "32.14.12.2002"


def proposed(akseptor, by, *, desa_code=THERE, **about):
    return actions.propose_transfer(akseptor, desa_code=desa_code, why="pindah", by=by, key=key(), **about)


def moved(akseptor, cast, **about):
    actions.accept_transfer(proposed(akseptor, cast.pak_wawan, **about), by=cast.bu_lilis, key=key())
    return db.session.get_one(Akseptor, akseptor.id)


def test_until_the_office_decides_nothing_about_her_changes(campaign, margacinta, neng_siti, pak_wawan):
    proposed(neng_siti, pak_wawan)
    assert neng_siti.desa_code == margacinta.code and beads(campaign, margacinta) == {"registered": 1}
    assert [step.kind for step in queries.history(neng_siti)] == [Kind.REGISTER]


def test_accepted_she_is_counted_there_and_looked_after_there(cast, campaign, margacinta, cikao, neng_siti, today):
    neng = moved(neng_siti, cast, rt="003", rw="005")
    assert (neng.desa_code, neng.rt, neng.rw, neng.kader_id) == (THERE, "003", "005", cast.ibu_wati.id)
    assert beads(campaign, margacinta) == {} and beads(campaign, cikao) == {"registered": 1}
    last = queries.history(neng)[-1]
    assert (last.kind, last.before, last.after) == (Kind.TRANSFER, Status.REGISTERED, Status.REGISTERED)
    for who in (cast.ibu_sari, cast.pak_wawan):
        with pytest.raises(NoSuch):
            queries.akseptor(neng.id, seen_by=who, today=today)
    assert queries.akseptor(neng.id, seen_by=cast.ibu_wati, today=today).id == neng.id
    assert queries.differences() == []


def test_who_was_served_takes_her_service_along(cast, campaign, margacinta, cikao, day):
    counted = builders.served(cast.ibu_sari, cast.bidan_ratna, day, nik=nik(1))
    waiting = builders.served(cast.ibu_sari, cast.bidan_ratna, day)
    moved(counted, cast)
    assert beads(campaign, margacinta) == {"served": 1, "waiting_nik": 1} and beads(campaign, cikao) == {"served": 1}
    moved(waiting, cast)
    assert beads(campaign, margacinta) == {} and beads(campaign, cikao) == {"served": 2, "waiting_nik": 1}
    standings = queries.standings_of(campaign, [margacinta.code, cikao.code])
    assert (standings[margacinta.code].served, standings[cikao.code].served) == (0, 1)
    assert queries.differences() == []


def test_her_booking_stays_and_the_seat_with_it(cast, neng_siti, day):
    actions.book(neng_siti, day=day, by=cast.ibu_sari, key=key())
    neng = moved(db.session.get_one(Akseptor, neng_siti.id), cast)
    booking = db.session.scalars(db.select(Booking)).one()
    assert booking.outcome is None and booking.holds_seat and day.taken == 1
    arrived = actions.attend(neng, by=cast.bidan_ratna, key=key())
    assert arrived.status == Status.ATTENDED and arrived.desa_code == THERE


def test_a_mistake_of_the_day_can_still_be_mended_after_she_moved(cast, campaign, cikao, day):
    neng = moved(builders.served(cast.ibu_sari, cast.bidan_ratna, day, nik=nik(1)), cast)
    step = queries.last_correctable([neng])[neng.id]
    assert step.kind == Kind.SERVE
    actions.correct(neng, step_id=step.id, reason="salah_orang", by=cast.bidan_ratna, key=key())
    assert beads(campaign, cikao) == {"attended": 1} and queries.differences() == []


def test_the_kader_of_her_rw_takes_her_on_else_the_one_of_the_desa_else_nobody(cast, ibu_sari):
    with writing():
        of_rw = builders.person("nani", "Ibu Nani", Role.KADER, desa_code=THERE, rw="005")
    assert moved(registered(ibu_sari), cast, rw="005").kader_id == of_rw.id
    assert moved(registered(ibu_sari), cast, rw="006").kader_id == cast.ibu_wati.id
    assert moved(registered(ibu_sari), cast).kader_id == cast.ibu_wati.id, "without RW nobody's RW is hers"
    wati = db.session.get_one(Person, cast.ibu_wati.id)
    actions.disable_person(wati, successor_id=None, by=cast.bu_lilis, key=key())
    assert moved(registered(ibu_sari), cast, rw="006").kader_id is None


def test_rejected_she_stays_and_the_proposal_says_so(cast, campaign, margacinta, neng_siti):
    transfer = actions.reject_transfer(proposed(neng_siti, cast.pak_wawan), by=cast.bu_lilis, key=key())
    assert (transfer.is_accepted, transfer.decided_by_id) == (False, cast.bu_lilis.id)
    assert beads(campaign, margacinta) == {"registered": 1}
    again = proposed(neng_siti, cast.pak_wawan)
    assert again.id != transfer.id, "who was told no may ask again"


def test_the_same_form_sent_twice_proposes_and_moves_once(cast, campaign, cikao, neng_siti, pak_wawan, bu_lilis):
    sent = key()
    first = actions.propose_transfer(neng_siti, desa_code=THERE, why="suami", by=pak_wawan, key=sent)
    assert actions.propose_transfer(neng_siti, desa_code=THERE, why="suami", by=pak_wawan, key=sent).id == first.id
    yes = key()
    for _ in range(2):
        assert actions.accept_transfer(first, by=bu_lilis, key=yes).is_accepted
    assert beads(campaign, cikao) == {"registered": 1}


def test_one_open_proposal_for_each_woman(neng_siti, pak_wawan):
    proposed(neng_siti, pak_wawan)
    with pytest.raises(AlreadyProposed):
        proposed(neng_siti, pak_wawan, desa_code="32.14.01.1001")
    assert db.session.scalar(db.select(db.func.count()).select_from(Transfer)) == 1


@pytest.mark.parametrize("there", ["32.14.12.2001", "32.15.01.2001", "99.99.99.9999"])
def test_her_own_desa_one_elsewhere_and_none_at_all_are_no_place_to_go(neng_siti, pak_wawan, there):
    with pytest.raises(NoSuch):
        proposed(neng_siti, pak_wawan, desa_code=there)


def test_who_does_not_take_part_any_more_stays_where_she_is(cast, neng_siti):
    waiting = proposed(neng_siti, cast.pak_wawan)
    actions.withdraw(neng_siti, by=cast.ibu_sari, key=key())
    with pytest.raises(WrongStep):
        actions.accept_transfer(waiting, by=cast.bu_lilis, key=key())
    assert queries.hindrance(waiting, at=now()) == "left"
    assert db.session.get_one(Transfer, waiting.id).decided_at is None, "nothing of it was written"
    actions.reject_transfer(waiting, by=cast.bu_lilis, key=key())
    with pytest.raises(WrongStep):
        proposed(db.session.get_one(Akseptor, neng_siti.id), cast.pak_wawan)


def test_who_has_come_back_in_another_desa_meanwhile_is_not_moved_from_the_old_one(cast, campaign, ibu_sari, ibu_wati):
    neng = registered(ibu_sari, nik=nik(1))
    waiting = proposed(neng, cast.pak_wawan, desa_code="32.14.01.1001")
    actions.withdraw(neng, by=ibu_sari, key=key())
    assert registered(ibu_wati, nik=nik(1)).id == neng.id, "she came back, in Cikao"
    with pytest.raises(MovedOn):
        actions.accept_transfer(waiting, by=cast.bu_lilis, key=key())
    assert queries.hindrance(waiting, at=now()) == "moved_on"
    assert queries.differences() == []


def test_a_desa_that_has_ended_takes_nobody_in(cast, neng_siti):
    nagri = "32.14.01.1001"
    waiting = proposed(neng_siti, cast.pak_wawan, desa_code=nagri)
    actions.end_desa(db.session.get_one(Desa, nagri), by=cast.bu_lilis, key=key())
    with pytest.raises(MovedOn):
        actions.accept_transfer(waiting, by=cast.bu_lilis, key=key())
    with pytest.raises(NoSuch):
        proposed(registered(cast.ibu_sari), cast.pak_wawan, desa_code=nagri)


def test_a_locked_campaign_counts_where_it_counted(cast, neng_siti):
    waiting, later = proposed(neng_siti, cast.pak_wawan), now() + timedelta(days=40)
    with pytest.raises(Locked):
        actions.accept_transfer(waiting, by=cast.bu_lilis, key=key(), at=later)
    assert queries.hindrance(waiting, at=later) == "locked"
    with pytest.raises(Locked):
        actions.propose_transfer(neng_siti, desa_code=THERE, why="pindah", by=cast.pak_wawan, key=key(), at=later)


def test_what_was_decided_or_taken_back_is_not_decided_again(cast, ibu_sari):
    for first in (actions.accept_transfer, actions.reject_transfer, actions.drop_transfer):
        transfer = proposed(registered(ibu_sari), cast.pak_wawan)
        first(transfer, by=cast.bu_lilis, key=key())
        for then in (actions.accept_transfer, actions.reject_transfer, actions.drop_transfer):
            with pytest.raises((AlreadyDecided, MovedOn)):
                then(transfer, by=cast.bu_lilis, key=key())
    assert queries.differences() == []


def test_two_of_the_office_decide_at_the_same_moment_and_she_moves_once(app, cast, campaign, cikao, neng_siti):
    row_id = proposed(neng_siti, cast.pak_wawan).id

    def decide(deed):
        def now_():
            deed(db.session.get_one(Transfer, row_id), by=cast.bu_lilis, key=key())
            return deed.__name__

        return now_

    said = at_once(app, *(decide(deed) for deed in [actions.accept_transfer, actions.reject_transfer] * 3))
    decided = [word for word in said if isinstance(word, str)]
    assert len(decided) == 1 and set(said) - set(decided) <= {AlreadyDecided, MovedOn, Busy}
    assert beads(campaign, cikao) == ({"registered": 1} if decided == ["accept_transfer"] else {})
    assert queries.differences() == []


def test_booking_her_and_moving_her_at_the_same_moment_does_both_or_asks_again(
    app, cast, campaign, cikao, neng_siti, day
):
    transfer_id, woman = proposed(neng_siti, cast.pak_wawan).id, neng_siti.id

    def move():
        actions.accept_transfer(db.session.get_one(Transfer, transfer_id), by=cast.bu_lilis, key=key())
        return "moved"

    def book():
        there = db.session.get_one(builders.ServiceDay, day.id)
        return actions.book(db.session.get_one(Akseptor, woman), day=there, by=cast.bidan_ratna, key=key()).status

    said = at_once(app, move, book)
    assert "moved" in said or Busy in said
    assert queries.differences() == []


def test_the_ledger_alone_rebuilds_the_count_after_she_moved(cast, campaign, margacinta, cikao, day):
    moved(builders.served(cast.ibu_sari, cast.bidan_ratna, day, nik=nik(1)), cast)
    with writing() as session:
        session.execute(db.update(builders.Tally).values(served=0, waiting_nik=0))
    assert actions.mend() != []
    assert queries.differences() == [] and beads(campaign, cikao) == {"served": 1} and beads(campaign, margacinta) == {}


def test_an_import_that_is_undone_leaves_who_was_moved_since(cast, neng_siti):
    assert neng_siti.id in steps.untouched([neng_siti.id])
    moved(neng_siti, cast)
    assert steps.untouched([neng_siti.id]) == {}


def test_a_rehearsal_goes_with_all_that_was_practised(cast):
    rehearsal = actions.rehearse(cast.campaign, by=cast.bu_lilis, key=key())
    one, other, third = (
        registered(cast.ibu_sari, name=name, campaign=rehearsal) for name in ("Sari A", "Sari B", "Sari C")
    )
    moved(one, cast)
    proposed(other, cast.pak_wawan)
    actions.not_same(other, third, by=cast.pak_wawan, key=key())
    actions.merge(other, third, by=cast.bu_lilis, key=key())
    actions.clear_rehearsal(rehearsal, by=cast.bu_lilis, key=key())
    assert db.session.scalar(db.select(db.func.count()).select_from(Transfer)) == 0
    assert queries.differences() == []


def test_a_record_that_was_merged_into_another_is_not_moved(cast, ibu_sari):
    kept, gone = registered(ibu_sari, name="Siti", nik=nik(1)), registered(ibu_sari, name="Siti")
    waiting = proposed(gone, cast.pak_wawan)
    actions.merge(kept, gone, by=cast.bu_lilis, key=key())
    with pytest.raises(WrongStep):
        actions.accept_transfer(waiting, by=cast.bu_lilis, key=key())
    assert queries.hindrance(waiting, at=now()) == "left" and queries.differences() == []
