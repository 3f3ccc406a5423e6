"""Who may do what, and what "on pace" means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.rules.pace import Outlook, Pace, calendar, judge, needed_per_day, outlook
from campaign.rules.passphrase import passphrase
from campaign.rules.roles import MAY, ROOMS, Role, may, who_may


def test_a_kader_recruits_and_never_confirms():
    assert {deed for deed in ("attend", "serve", "defer", "miss", "correct") if may(Role.KADER, deed)} == set()
    assert may(Role.KADER, "register")


def test_only_the_puskesmas_confirms():
    assert MAY["serve"] == {Role.PUSKESMAS}


def test_the_bupati_looks_at_the_board_and_at_nobody():
    looks = {"board", "whole_board", "make_digest", "own_account", "turnout"}
    assert {deed for deed in MAY if may(Role.BUPATI, deed)} == looks | {"come"}  # to what that office is invited to
    assert {room for room in ROOMS if Role.BUPATI in ROOMS[room]} == {"board", "coming", "sign_in", "account"}


def test_an_unknown_deed_or_room_is_a_mistake_and_not_a_no():
    with pytest.raises(KeyError):
        may(Role.DPPKB, "fly")
    with pytest.raises(KeyError):
        who_may("serve", "cellar")


def test_what_is_needed_per_day():
    assert needed_per_day(1831, 1118, 17) == 42
    assert needed_per_day(10, 10, 3) == needed_per_day(10, 14, 0) == 0
    assert needed_per_day(10, 9, 0) is None, "no day is left"


@given(target=st.integers(1, 5000), served=st.integers(0, 5000), days=st.integers(1, 60))
def test_serving_what_is_needed_every_day_reaches_the_target_and_one_less_does_not(target, served, days):
    needed = needed_per_day(target, served, days)
    assert served + needed * days >= target
    assert needed == 0 or served + (needed - 1) * days < target


def test_lately_is_counted_by_service_days_and_today_is_one_that_is_left():
    today = date(2026, 7, 10)
    days = {date(2026, 7, day) for day in (1, 3, 6, 8, 10, 13, 17)}
    span = {"today": today, "since": date(2026, 7, 3)}
    seen = outlook(target=40, served=22, lately=12, days=calendar(days, **span, until=date(2026, 7, 31)))
    assert calendar(days, **span, until=date(2026, 7, 13)).left == 2, "17 July lies behind the campaign's last day"
    assert (seen.missing, seen.days_left, seen.rate_days) == (18, 3, 3), (
        "3, 6 and 8 July lately; 10, 13 and 17 are left"
    )
    assert (seen.needed_per_day, seen.rate, seen.is_enough) == (6, 4, False)
    assert Outlook(12, 3, 12, 3).is_enough and not Outlook(13, 3, 12, 3).is_enough


def test_what_cannot_be_said_of_the_days_is_not_said():
    assert (Outlook(5, 3).rate, Outlook(5, 3).is_enough) == (None, None), "no day yet"
    assert (Outlook(5, 0, 4, 2).needed_per_day, Outlook(5, 0, 4, 2).is_enough) == (None, False), "no day is left"
    assert (Outlook(0, 0).needed_per_day, Outlook(0, 0).is_enough) == (0, True), "reached"


def test_how_an_area_stands():
    halfway = {"days_gone": 22, "days_all": 44}
    assert judge(0, 3, **halfway) == Pace.NO_TARGET
    assert judge(10, 12, **halfway) == Pace.REACHED
    assert judge(10, 5, **halfway) == Pace.ON_PACE
    assert judge(10, 4, **halfway) == Pace.BEHIND
    assert judge(10, 3, **halfway) == Pace.NEEDS_HELP
    assert judge(10, 0, days_gone=-3, days_all=44) == Pace.ON_PACE, "before it opens nobody is late"


def test_a_passphrase_is_four_words_that_differ_with_the_dice():
    words = passphrase(bytes(range(16))).split("-")
    assert [len(word) for word in words] == [4] * 4
    assert passphrase(bytes(range(16))) == "-".join(words) != passphrase(bytes(range(1, 17)))
