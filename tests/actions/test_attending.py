"""Attendance: the second staircase, its window, its chairs, and what many at once do to it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from campaign import actions, clock, models, queries
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.rules.attendance import Attendance
from campaign.rules.gatherings import QuizPart, SignedBy
from campaign.rules.refusals import GatheringOver, HallFull, ListClosed, Refused, SignInShut, WrongStep
from tests import builders
from tests.builders import key


@pytest.fixture
def bu_lilis(cast):
    return cast.bu_lilis


@pytest.fixture
def orientation(cast, bu_lilis):
    return builders.gathering(bu_lilis)


@pytest.fixture
def sari_wati(cast, orientation, bu_lilis):
    return builders.invited(orientation, cast.ibu_sari, cast.ibu_wati, by=bu_lilis)


def desk(act, *on, by, **what):
    return act(*on, by=by, key=key(), **what)


def steps_of(invitee):
    hers = db.select(models.AttendanceStep).filter_by(invitee_id=invitee.id).order_by(models.AttendanceStep.id)
    return [(step.kind.value, step.after and step.after.value) for step in db.session.scalars(hers)]


def test_invited_twice_is_on_the_list_once(cast, orientation, sari_wati, bu_lilis):
    builders.invited(orientation, cast.ibu_sari, cast.ibu_wati, by=bu_lilis)
    assert builders.turnout(orientation) == {"invited": 2}
    assert [steps_of(invitee) for invitee in sari_wati] == [[("invite", "invited")]] * 2


def test_nobody_of_another_kabupaten_is_invited(cast, orientation, bu_lilis):
    actions.invite(orientation, person_ids=[cast.orang_karawang.id], by=bu_lilis, key=key())
    assert builders.turnout(orientation) == {}


def test_signed_in_in_time_late_represented_and_excused(cast, orientation, sari_wati, bu_lilis):
    sari, wati = sari_wati
    desk(actions.come, sari, by=bu_lilis, signed_by=SignedBy.DESK)
    assert (sari.status, sari.signed_by, orientation.present) == (Attendance.CAME, SignedBy.DESK, 1)
    desk(actions.excuse, wati, by=bu_lilis, reason="sakit")
    assert builders.turnout(orientation) == {"came": 1, "excused": 1}
    with writing():
        db.session.get_one(models.Gathering, orientation.id).late_at = now() - timedelta(minutes=1)
    desk(actions.come, wati, by=bu_lilis, signed_by=SignedBy.CODE)  # who was excused came after all
    assert builders.turnout(orientation) == {"came": 1, "late": 1}
    guest = desk(actions.invite_by_name, orientation, by=bu_lilis, name="Kepala Desa Cikao", title="Kepala Desa")
    desk(actions.come, guest, by=bu_lilis, signed_by=SignedBy.DESK, stands_in="Sekdes Cikao")
    assert builders.turnout(orientation) == {"came": 1, "late": 1, "represented": 1}
    assert guest.stands_in == "Sekdes Cikao" and orientation.present == 3
    assert queries.differences() == []


def test_signing_in_twice_is_once(orientation, sari_wati, bu_lilis):
    for _ in range(3):
        desk(actions.come, sari_wati[0], by=bu_lilis, signed_by=SignedBy.DESK)
    assert steps_of(sari_wati[0]) == [("invite", "invited"), ("come", "came")]
    assert builders.turnout(orientation) == {"came": 1, "invited": 1} and orientation.present == 1


def test_outside_the_window_nobody_signs_in_but_a_phone_that_had_no_line(cast, bu_lilis):
    over = builders.gathering(bu_lilis, at=now() - timedelta(hours=5))
    (sari,) = builders.invited(over, cast.ibu_sari, by=bu_lilis)
    with pytest.raises(SignInShut):
        desk(actions.come, sari, by=bu_lilis, signed_by=SignedBy.DESK)
    told = now() - timedelta(hours=4, minutes=50)
    with pytest.raises(SignInShut):  # a desk has no phone's moment to tell
        desk(actions.come, sari, by=bu_lilis, signed_by=SignedBy.DESK, done_at=told)
    desk(actions.close_list, over, by=bu_lilis)
    assert sari.status == Attendance.ABSENT
    desk(actions.come, sari, by=cast.ibu_sari, signed_by=SignedBy.DOOR, done_at=told)
    assert (sari.status, sari.came_at) == (Attendance.CAME, told)
    assert builders.turnout(over) == {"came": 1} and queries.differences() == []


def test_a_closed_list_takes_nobody_until_it_is_opened_again(orientation, sari_wati, bu_lilis):
    desk(actions.close_list, orientation, by=bu_lilis)
    assert builders.turnout(orientation) == {"absent": 2}
    with pytest.raises(ListClosed):
        desk(actions.come, sari_wati[0], by=bu_lilis, signed_by=SignedBy.DESK)
    desk(actions.reopen_list, orientation, by=bu_lilis)
    desk(actions.come, sari_wati[0], by=bu_lilis, signed_by=SignedBy.DESK)
    assert builders.turnout(orientation) == {"absent": 1, "came": 1} and queries.differences() == []


def test_with_the_list_its_test_is_shut(orientation, bu_lilis):
    builders.questions(orientation, by=bu_lilis)
    desk(actions.open_quiz, orientation, by=bu_lilis, part=QuizPart.POST)
    desk(actions.close_list, orientation, by=bu_lilis)
    db.session.refresh(orientation)
    assert orientation.open_quiz is None


def test_the_clock_closes_a_list_that_was_forgotten(app, cast, bu_lilis):
    old = builders.gathering(bu_lilis, in_days=-1, at=now() - timedelta(hours=3))
    today = builders.gathering(bu_lilis)
    builders.invited(old, cast.ibu_sari, by=bu_lilis)
    builders.invited(today, cast.ibu_sari, by=bu_lilis)
    assert clock.tick(only="lists") == {"lists": "1 daftar hadir ditutup"}
    assert (builders.turnout(old), builders.turnout(today)) == ({"absent": 1}, {"invited": 1})
    assert clock.tick(now() + timedelta(minutes=11), only="lists") == {"lists": "0 daftar hadir ditutup"}


def test_a_wrong_entry_is_corrected_by_another_one(orientation, sari_wati, bu_lilis):
    sari = sari_wati[0]
    desk(actions.come, sari, by=bu_lilis, signed_by=SignedBy.DESK)
    desk(actions.correct_entry, sari, by=bu_lilis, reason="salah_orang")
    assert (sari.status, orientation.present) == (Attendance.INVITED, 0)
    desk(actions.correct_entry, sari, by=bu_lilis, reason="salah_orang")
    assert (sari.status, orientation.present) == (Attendance.CAME, 1)
    assert [kind for kind, _ in steps_of(sari)] == ["invite", "come", "correct", "correct"]
    with pytest.raises(WrongStep):
        desk(
            actions.correct_entry, sari_wati[1], by=bu_lilis, reason="salah_orang"
        )  # an invitation is struck, not corrected


def test_who_was_struck_off_comes_back_with_her_code(cast, orientation, sari_wati, bu_lilis):
    code = sari_wati[0].code
    desk(actions.strike, sari_wati[0], by=bu_lilis)
    assert builders.turnout(orientation) == {"invited": 1}
    assert queries.invitee_by_code(orientation, code) is None
    builders.invited(orientation, cast.ibu_sari, by=bu_lilis)
    assert queries.invitee_by_code(orientation, code).id == sari_wati[0].id
    assert builders.turnout(orientation) == {"invited": 2} and queries.differences() == []


def test_a_walk_in_of_the_register_or_by_name(cast, orientation, sari_wati, bu_lilis):
    desk(actions.come_uninvited, orientation, by=bu_lilis, signed_by=SignedBy.DESK, person_id=cast.pak_wawan.id)
    guest = desk(actions.come_uninvited, orientation, by=bu_lilis, signed_by=SignedBy.DESK, name="Bu Camat")
    assert guest.is_walk_in and builders.turnout(orientation) == {"came": 2, "invited": 2}
    desk(actions.come_uninvited, orientation, by=bu_lilis, signed_by=SignedBy.DESK, person_id=cast.ibu_sari.id)
    assert builders.turnout(orientation) == {"came": 3, "invited": 1}, "she was invited all along"
    assert not sari_wati[0].is_walk_in


def test_a_walk_in_struck_off_and_invited_later_is_no_walk_in_any_more(cast, orientation, bu_lilis):
    sari = desk(actions.come_uninvited, orientation, by=bu_lilis, signed_by=SignedBy.DESK, person_id=cast.ibu_sari.id)
    desk(actions.correct_entry, sari, by=bu_lilis, reason="salah_orang")
    desk(actions.strike, sari, by=bu_lilis)
    assert not builders.invited(orientation, cast.ibu_sari, by=bu_lilis)[0].is_walk_in


def test_the_last_chair_is_given_once(cast, bu_lilis):
    small = builders.gathering(bu_lilis, capacity=1)
    sari, wati = builders.invited(small, cast.ibu_sari, cast.ibu_wati, by=bu_lilis)
    desk(actions.come, sari, by=bu_lilis, signed_by=SignedBy.DESK)
    with pytest.raises(HallFull):
        desk(actions.come, wati, by=bu_lilis, signed_by=SignedBy.DESK)
    assert builders.turnout(small) == {"came": 1, "invited": 1}


def test_a_cancelled_gathering_takes_nobody(orientation, sari_wati, bu_lilis):
    desk(actions.cancel_gathering, orientation, by=bu_lilis, why="Banjir")
    with pytest.raises(GatheringOver):
        desk(actions.come, sari_wati[0], by=bu_lilis, signed_by=SignedBy.DESK)
    with pytest.raises(GatheringOver):
        desk(actions.come_uninvited, orientation, by=bu_lilis, signed_by=SignedBy.DESK, name="Bu Camat")


@pytest.mark.parametrize("statement", [update(models.AttendanceStep).values(reason="x"), delete(models.AttendanceStep)])
def test_the_attendance_ledger_refuses_changes(sari_wati, statement):
    with pytest.raises(DBAPIError, match="append-only"), writing() as session:
        session.execute(statement)


def test_a_wrong_turnout_is_seen_and_mended(orientation, sari_wati, bu_lilis):
    desk(actions.come, sari_wati[0], by=bu_lilis, signed_by=SignedBy.DESK)
    builders.gathering(bu_lilis, name="Belum ada undangan")
    with writing() as session:
        session.execute(update(models.Turnout).values(came=models.Turnout.came + 5))
        session.execute(update(models.Gathering).values(present=7))
    assert {difference.kept for difference in queries.differences()} >= {7, 6}
    before = queries.turnout_version(orientation.id)
    actions.mend()
    assert queries.differences() == [] and builders.turnout(orientation) == {"came": 1, "invited": 1}
    assert queries.turnout_version(orientation.id) > before


# ---- Many at once ----


def at_once(app, *acts):
    """Each in a thread of its own, begun together; what each answered or was refused."""
    start = Barrier(len(acts))

    def one(act):
        with app.app_context():
            start.wait()
            try:
                return act()
            except Refused as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_the_same_person_at_two_desks_and_the_door_at_once_came_once(app, cast, orientation, sari_wati, bu_lilis):
    sari_id = sari_wati[0].id
    db.session.commit()

    def sign(by, how):
        def act():
            return actions.come(db.session.get_one(models.Invitee, sari_id), signed_by=how, by=by, key=key()).status

        return act

    ways = [(bu_lilis, SignedBy.DESK), (cast.pak_wawan, SignedBy.CODE), (cast.ibu_sari, SignedBy.DOOR)] * 2
    assert at_once(app, *(sign(*way) for way in ways)) == [Attendance.CAME] * 6
    assert builders.turnout(orientation) == {"came": 1, "invited": 1}
    assert [kind for kind, _ in steps_of(sari_wati[0])] == ["invite", "come"]
    assert queries.differences() == []


def test_more_than_there_are_chairs_for_come_at_once(app, cast, bu_lilis):
    small = builders.gathering(bu_lilis, capacity=3)
    guests = [desk(actions.invite_by_name, small, by=bu_lilis, name=f"Tamu {n}").id for n in range(8)]
    db.session.commit()

    def sign(guest_id):
        guest = db.session.get_one(models.Invitee, guest_id)
        return actions.come(guest, signed_by=SignedBy.DESK, by=bu_lilis, key=key()).status

    told = at_once(app, *(lambda g=g: sign(g) for g in guests))
    assert sum(status == Attendance.CAME for status in told) == 3
    assert sum(isinstance(refusal, HallFull) for refusal in told) == 5
    assert builders.turnout(small) == {"came": 3, "invited": 5} and queries.differences() == []


def test_any_way_of_many_people_keeps_list_turnout_and_chairs_together(cast, bu_lilis):
    random = Random(107)
    hall = builders.gathering(bu_lilis, capacity=12)
    guests = [desk(actions.invite_by_name, hall, by=bu_lilis, name=f"Tamu {n}") for n in range(15)]
    ways = (
        lambda g: desk(actions.come, g, by=bu_lilis, signed_by=SignedBy.DESK),
        lambda g: desk(actions.come, g, by=bu_lilis, signed_by=SignedBy.CODE, stands_in="Anaknya"),
        lambda g: desk(actions.excuse, g, by=bu_lilis, reason="sakit"),
        lambda g: desk(actions.correct_entry, g, by=bu_lilis, reason="salah_orang"),
        lambda g: desk(actions.strike, g, by=bu_lilis),
    )
    done = 0
    for _ in range(120):
        try:
            random.choice(ways)(random.choice(guests))
            done += 1
        except (WrongStep, HallFull):
            pass
    assert done > 20 and queries.differences() == []
    listed = queries.turnout(hall).total
    assert listed.present == hall.present <= 12
    assert listed.listed == len(queries.invitee_list(hall))


def test_a_key_that_comes_again_writes_nothing_more(orientation, bu_lilis):
    sent = uuid4().hex
    first, again = (actions.invite_by_name(orientation, name="Bu Camat", by=bu_lilis, key=sent) for _ in range(2))
    assert first.id == again.id and builders.turnout(orientation) == {"invited": 1}
