"""The board of gatherings: numbers for every official, live, nothing of a person; and the screen in the hall."""

import re
from datetime import timedelta

import pytest

from campaign import actions, live
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Gathering, WallLink
from campaign.queries import gathering_list, gatherings_of_kabupaten, turnout, turnout_version
from campaign.rules.gatherings import SignedBy
from tests import builders
from tests.builders import key


@pytest.fixture
def hall(cast):
    """Sari has come, Wati has not; a guest of no desa sent somebody."""
    made = builders.gathering(cast.bu_lilis, target=107)
    sari, _wati = builders.invited(made, cast.ibu_sari, cast.ibu_wati, by=cast.bu_lilis)
    actions.come(sari, signed_by=SignedBy.DESK, by=cast.bu_lilis, key=key())
    camat = actions.invite_by_name(made, name="Camat Rahasia", by=cast.bu_lilis, key=key())
    actions.come(camat, signed_by=SignedBy.DESK, stands_in="Sekcam", by=cast.bu_lilis, key=key())
    return made


def test_turnout_by_kecamatan_desa_and_nowhere(hall):
    board = turnout(hall)
    assert (board.total.present, board.total.of, board.total.listed, board.total.share) == (2, 107, 3, 1)
    assert [(area.name, area.present, area.of) for area in board.kecamatan_list] == [("Babakancikao", 1, 2)]
    assert [(d.name, d.present) for d in board.desa_lists["32.14.12"]] == [("Margacinta", 1), ("Cikao", 0)]
    assert (board.elsewhere.present, board.elsewhere.represented) == (1, 1)


def test_every_official_sees_numbers_and_no_person(browser, cast, hall):
    for person in (cast.pak_dedi, cast.bidan_ratna, cast.pak_wawan, cast.bu_lilis):
        screen = browser(person)
        screen.get("/papan/pertemuan")
        assert "2 / 107" in screen.words
        screen.get(f"/papan/pertemuan/{hall.id}")
        assert "2 hadir dari 107" in screen.words and "Margacinta" in screen.words
        assert "Ibu Sari" not in screen.words and "Rahasia" not in screen.words and "Sekcam" not in screen.words
    browser(cast.ibu_sari).get(f"/papan/pertemuan/{hall.id}", status=403)
    browser(cast.orang_karawang).get(f"/papan/pertemuan/{hall.id}", status=404)


def test_a_long_series_ahead_does_not_push_today_off_any_list(browser, cast, hall, pak_dedi):
    for days in (-1, 3, 10):
        builders.gathering(cast.bu_lilis, in_days=days, name=f"Rapat {days}")
    today = hall.on
    asked = {
        "seen_by": pak_dedi,
        "since": today - timedelta(days=9),
        "until": today + timedelta(days=9),
        "today": today,
    }
    assert [line.gathering.name for line in gatherings_of_kabupaten(**asked)] == [hall.name, "Rapat 3", "Rapat -1"]
    assert [line.gathering.name for line in gatherings_of_kabupaten(**asked, most=1)] == [hall.name, "Rapat -1"]
    listed = [line.gathering.name for line in gathering_list(seen_by=cast.bu_lilis, today=today)]
    assert listed == [hall.name, "Rapat 3", "Rapat 10", "Rapat -1"]
    screen = browser(pak_dedi)
    screen.get("/papan/pertemuan")
    words = screen.words
    assert words.index("Hari ini") < words.index("Yang akan datang") < words.index("Yang sudah lewat")


def test_a_campaigns_board_shows_who_gathers_today(browser, cast, campaign, hall, pak_dedi):
    builders.gathering(cast.bu_lilis, in_days=2, name="Rapat lusa")
    office = browser(pak_dedi)
    office.get(f"/papan/{campaign.id}")
    assert "/papan/pertemuan/hari-ini" in office.last.text
    office.get("/papan/pertemuan/hari-ini", htmx="gatherings-today")
    assert (
        "2 hadir dari 107" in office.last.text.replace("<b>", "").replace("</b>", "") and "lusa" not in office.last.text
    )


def test_who_polls_is_sent_nothing_while_nothing_moved(browser, cast, hall, pak_dedi):
    office, path = browser(pak_dedi), f"/papan/pertemuan/{hall.id}"
    etag = office.get(path, htmx="board").headers["ETag"]
    again = office.get(path, htmx="board", status=304, **{"If-None-Match": etag})
    assert again.data == b"" and again.headers["Stamp"].startswith("per ")
    actions.invite_by_name(hall, name="Tamu", by=cast.bu_lilis, key=key())
    assert office.get(path, htmx="board", **{"If-None-Match": etag}).headers["ETag"] != etag


@pytest.mark.parametrize("audience", ["hadir", "aula"])
def test_what_moved_is_sent_and_nothing_else(app, cast, hall, audience):
    hub, look = app.extensions["live"], live.Look(app)
    watch = hub.watch(hall.id, audience)
    watch.viewers += 1
    hub._look_once(look)
    first = watch.news("*", 0).decode()
    assert "Margacinta" in first and "Rahasia" not in first and "Ibu Sari" not in first
    seen, wati = watch.version, builders.invited(hall, cast.ibu_wati, by=cast.bu_lilis)[0]
    actions.come(wati, signed_by=SignedBy.DOOR, by=cast.ibu_wati, key=key())
    hub._look_once(look)
    news = watch.news("*", seen).decode()
    assert "Cikao" in news and "Margacinta" not in news
    assert turnout_version(hall.id) % 10**12 == watch.version % 10**12
    look.close()


def test_an_area_that_was_not_there_before_gets_its_row_and_one_that_is_gone_loses_it(app, cast, hall):
    def moved():
        seen = watch.version
        hub._look_once(look)
        return watch.news("*", seen).decode()

    hub, look = app.extensions["live"], live.Look(app)
    watch = hub.watch(hall.id, "hadir")
    watch.viewers += 1
    moved()
    here = {"by": cast.bu_lilis, "signed_by": SignedBy.DESK}
    came = actions.come_uninvited(hall, name="Bu Desa Baru", desa_code="32.14.01.1001", key=key(), **here)
    news = moved()
    rows = news[news.index('id="board-areas"') :].partition("</section>")[0]
    assert came.desa.name in rows and "Margacinta" in rows and rows.count("hx-swap-oob") == 1
    actions.correct_entry(came, reason="salah_orang", by=cast.bu_lilis, key=key())
    assert 'id="board-areas"' not in moved()
    actions.strike(came, by=cast.bu_lilis, key=key())
    news = moved()
    assert 'id="board-areas"' in news and came.desa.name not in news
    look.close()


def test_a_wall_is_told_that_the_code_at_the_door_is_another(app, cast, hall):
    hub, look = app.extensions["live"], live.Look(app)
    watch = hub.watch(hall.id, "aula")
    watch.viewers += 1
    hub._look_once(look)
    seen, old = watch.version, hall.door_code
    actions.new_door_code(hall, by=cast.bu_lilis, key=key())
    hub._look_once(look)
    assert f'id="door-{hall.door_code}"' in watch.news("*", seen).decode() and hall.door_code != old
    look.close()


def test_a_closed_list_is_not_listened_to(browser, cast, hall, pak_dedi):
    actions.close_list(hall, by=cast.bu_lilis, key=key())
    office = browser(pak_dedi)
    office.get(f"/papan/pertemuan/{hall.id}")
    assert "daftar hadir sudah ditutup" in office.words and "sse-connect" not in office.last.text
    office.get(f"/papan/pertemuan/{hall.id}/alir", status=404)


def test_a_screen_in_the_hall_by_a_link_shown_once(browser, cast, bu_lilis, hall):
    office = browser(bu_lilis)
    office.get(f"/pertemuan/{hall.id}/layar")
    until = str(hall.on)
    office.post(f"/pertemuan/{hall.id}/layar", status=422, key=key(), name="", until=until)
    office.post(f"/pertemuan/{hall.id}/layar", status=200, key=key(), name="Layar depan", until=until)
    address = re.search(r"/dinding/[\w-]{43}", office.words).group()
    wall = browser()
    wall.get(address)
    assert "2 hadir dari 107" in wall.words and "Babakancikao" in wall.words
    assert f'id="door-{hall.door_code}"' in wall.last.text  # else the wall would look afresh for ever
    assert hall.door_code[:4] in wall.words and "Ibu Sari" not in wall.last.text and "Rahasia" not in wall.last.text
    assert "Set-Cookie" not in wall.last.headers
    link = db.session.scalars(db.select(WallLink)).one()
    office.get(f"/pertemuan/{hall.id}/layar")
    assert "Layar depan" in office.words and address not in office.last.text
    office.post(f"/pertemuan/layar/{link.id}/cabut", key=key())
    wall.get(address, status=404)
    assert "tidak berlaku" in wall.words


def test_a_hall_with_a_target_beyond_reach_and_one_that_is_passed(browser, cast, pak_dedi, hall):
    with writing():
        db.session.get_one(Gathering, hall.id).target = 1
    office = browser(pak_dedi)
    office.get(f"/papan/pertemuan/{hall.id}")
    assert "2 hadir dari 1 · 200 %" in office.words
    assert 'class="beyond"' in office.last.text
    assert now() < hall.closes_at
