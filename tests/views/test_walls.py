"""Walls without a sign-in: a link shown once, numbers only, two audiences, and an end that is said in words."""

import logging
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from campaign import actions, clock, live, queries
from campaign.actions.transaction import now
from campaign.actions.walls import minute_of
from campaign.extensions import db
from campaign.models import LobbyRow, Stage, WallKind, WallLink
from tests import builders
from tests.builders import key, nik, registered, served


def dinding(token, more=""):
    return f"/dinding/{token}{more}"


@pytest.fixture
def wall(bu_lilis, campaign):
    return builders.wall(by=bu_lilis)


@pytest.fixture
def some(ibu_sari, ibu_wati, bidan_ratna, day):
    """Six served in Margacinta, one in Cikao."""
    for number in range(6):
        served(ibu_sari, bidan_ratna, day, name="Kenari Satu", nik=nik(number))
    served(ibu_wati, bidan_ratna, day, name="Kenari Dua", nik=nik(9))


def area(screen, code: str) -> str:
    """The words of one area."""
    part = re.search(rf'<li id="area-{code.replace(".", "")}".*?</li>', screen.last.text, re.DOTALL).group()
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


# ---- Making and taking back ----


def test_the_office_makes_a_link_and_sees_it_once(browser, campaign, bu_lilis):
    office = browser(bu_lilis)
    sent = {"key": key(), "name": "Pendopo", "kind": "pimpinan", "until": str(campaign.closes_on)}
    office.post(f"/dppkb/kampanye/{campaign.id}/dinding", status=200, **sent)
    address = re.search(r"/dinding/([\w-]+)", office.words).group()
    assert len(address.split("/")[2]) == 43, "256 bits"
    assert '<svg class="qr"' in office.last.text
    office.get(f"/dppkb/kampanye/{campaign.id}/dinding")
    assert "Pendopo" in office.words and "Ruang pimpinan" in office.words
    assert "/dinding/" + address.split("/")[2] not in office.last.text
    browser().get(address)
    office.post(f"/dppkb/kampanye/{campaign.id}/dinding", status=200, **sent)
    assert address in office.words, "the same form again is the same link"
    assert len(queries.wall_list(campaign)) == 1


def test_of_a_link_only_its_digest_is_kept(wall):
    link, token = wall
    kept = db.session.execute(db.select(WallLink.__table__)).one()
    assert token not in repr(kept) and token.encode() not in link.token_digest


def test_a_link_needs_a_place_an_audience_and_a_day(browser, campaign, bu_lilis):
    office = browser(bu_lilis)
    office.post(f"/dppkb/kampanye/{campaign.id}/dinding", status=422)
    assert set(office.errors) == {"name", "kind", "until"}
    far = str(campaign.day_of(now()) + timedelta(days=400))
    gone = str(campaign.day_of(now()) - timedelta(days=1))
    for until in (far, gone):
        about = {"name": "Pendopo", "kind": "lobi", "until": until}
        office.post(f"/dppkb/kampanye/{campaign.id}/dinding", status=422, **about)
        assert set(office.errors) == {"until"}
    assert queries.wall_list(campaign) == []


def test_a_draft_has_no_wall(browser, bu_lilis, campaign, wall):
    with builders.writing():
        campaign.stage = Stage.DRAFT
    sent = {"name": "Pendopo", "kind": "lobi", "until": str(campaign.closes_on)}
    browser(bu_lilis).post(f"/dppkb/kampanye/{campaign.id}/dinding", status=409, **sent)
    browser().get(dinding(wall[1]), status=404)


def test_a_link_taken_back_ended_or_never_made_opens_the_same_page(browser, wall, bu_lilis):
    link, token = wall
    street = browser()
    street.get(dinding("x" * 43), status=404)
    unknown = street.last.text
    assert "Tautan ini sudah tidak berlaku" in street.words
    browser(bu_lilis).post(f"/dppkb/dinding/{link.id}/cabut")
    _, ended = builders.wall(by=bu_lilis, days=-1)
    for gone in (token, ended):
        for more in ("", "/alir"):
            street.get(dinding(gone, more), status=404)
            assert street.last.text == unknown


def test_a_stream_ends_within_seconds_of_the_links_end(app, wall, bu_lilis):
    link, _token = wall
    assert queries.walls_standing({link.id}, now()) == {link.id} and not queries.walls_standing({link.id}, link.ends_at)
    hub = app.extensions["live"]
    hub.reader = SimpleNamespace(is_alive=lambda: True)  # nobody need read: nothing shall be sent
    about = {"who": link.id, "ask": queries.walls_standing, "audience": WallKind.PIMPINAN}
    frames = live.stream(link.campaign_id, since=0, **about)
    next(frames)
    actions.revoke_wall(link, by=bu_lilis, key=key())
    hub._ask(now())
    assert list(frames)[-1] == live.ENDED
    assert live.ASK_EVERY + 1 <= 10


def test_no_log_holds_a_link(app, wall, caplog):
    for name in ("gunicorn.error", "werkzeug", app.logger.name, "campaign"):
        logging.getLogger(name).error("Error handling request %s", dinding(wall[1], "/alir?sejak=1"))
    assert len(caplog.messages) == 4
    assert set(caplog.messages) == {"Error handling request /dinding/…/alir?sejak=1"}


def test_many_wrong_links_from_one_address_are_turned_away_and_right_ones_are_not(browser, wall, bu_lilis):
    street = browser()
    answers = [street.ask("GET", dinding(f"{n}" * 43)).status_code for n in range(12)]
    assert answers == [404] * 10 + [429] * 2
    street.get(dinding(wall[1]))
    browser(bu_lilis).get("/dppkb/"), "and nobody there is kept from signing in"


# ---- What it shows ----


def test_a_wall_says_nothing_of_anybody_and_leads_nowhere(browser, wall, some):
    street = browser()
    street.get(dinding(wall[1]))
    assert "7 dari 20 dilayani · 35 %" in street.words
    assert "6 / 12" in area(street, "32.14.12.2001") and "1 / 8" in area(street, "32.14.12.2002")
    html = street.last.text
    for private in ("Kenari", nik(0), "csrf", "Ibu Sari", "<a ", "<form"):
        assert private not in html, private
    head = street.last.headers
    assert head["Referrer-Policy"] == "no-referrer" and "noindex" in head["X-Robots-Tag"]
    assert head["Cache-Control"] == "no-store" and "Set-Cookie" not in head
    street.get(dinding("x" * 43), status=404)
    assert "Set-Cookie" not in street.last.headers and street.last.headers["Referrer-Policy"] == "no-referrer"


def test_what_a_wall_shows_already_is_not_rendered_again(browser, wall, some, ibu_sari):
    street = browser()
    street.get(dinding(wall[1]))
    etag = {"If-None-Match": street.last.headers["ETag"]}
    assert street.get(dinding(wall[1]), status=304, **etag).headers["X-Per"].startswith("per ")
    registered(ibu_sari)
    street.get(dinding(wall[1]), **etag)


def test_each_panel_can_be_read_from_across_the_room(browser, wall):
    street = browser()
    for shown, title in (("0", "Semua kecamatan"), ("1", "Kecamatan Purwakarta"), ("5", "Kecamatan Babakancikao")):
        street.get(dinding(wall[1], f"?layar={shown}"))
        assert re.search(rf'class="panel shown">\s*<h2>{title}', street.last.text), shown
    assert "url=" + dinding(wall[1]) + "?layar=0" in street.last.text, "without a script the next panel follows"


def test_the_way_to_the_target_is_drawn_anew_when_its_days_change(campaign, today):
    pieces = live.AUDIENCES["pimpinan"].pieces

    def drawn_from():
        board = queries.board(campaign, today=today)
        return next(piece.facts for piece in pieces(campaign, board) if piece.id == "burn-up")

    before = drawn_from()
    with builders.writing():
        campaign.closes_on += timedelta(days=7)
        campaign.revision += 1  # as the deed that settles it does
    assert drawn_from() != before


def test_a_closed_campaign_does_not_listen(browser, wall, campaign):
    with builders.writing():
        campaign.stage = Stage.CLOSED
    street = browser()
    street.get(dinding(wall[1]))
    assert "data-stream" not in street.last.text and "sudah ditutup" in street.words
    street.get(dinding(wall[1], "/alir"), status=503)


def test_the_leaders_wall_is_sent_what_moves(app, wall, campaign, ibu_sari, bidan_ratna, day):
    hub, look = app.extensions["live"], live.Look(app)
    watch = live.Watch(live.AUDIENCES[WallKind.PIMPINAN], viewers=1)
    hub.watches[campaign.id, WallKind.PIMPINAN] = watch
    hub._look_once(look)
    before = watch.version
    served(ibu_sari, bidan_ratna, day, name="Kenari Rahasia", nik=nik(1))
    hub._look_once(look)
    sent = watch.news("*", before).decode()
    assert set(re.findall(r'<(?:li|section|div)[^>]* id="([^"]+)"', sent)) == {
        "wall-total", "area-321412", "area-3214122001", "wall-burn-up",
    }  # fmt: skip
    assert "Kenari" not in sent
    look.close()


# ---- The lobby ----


@pytest.fixture
def lobby(bu_lilis, campaign):
    return builders.wall("lobi", by=bu_lilis)


def turn_to(at, minute):
    """The next time this minute is there, at least an hour after `at`."""
    then = (at + timedelta(hours=1)).replace(minute=minute, second=30)
    return then if then - at >= timedelta(hours=1) else then + timedelta(hours=1)


def test_the_lobby_hides_small_numbers_methods_and_those_on_their_way(browser, some, lobby, ibu_sari):
    registered(ibu_sari)
    street = browser()
    street.get(dinding(lobby[1]))
    assert "1–4 / 8" in area(street, "32.14.12.2002")
    assert "3–6 / 12" in area(street, "32.14.12.2001"), "hidden with it: together they are seven"
    assert "7 dari 20 dilayani" in street.words
    for live_only in ("implan", "terdaftar", "NIK", "burn-up"):
        assert live_only not in street.last.text, live_only


def test_the_lobby_does_not_move_with_the_service_but_at_its_minute(
    browser, some, lobby, campaign, ibu_sari, day, bidan_ratna
):
    at, street = now(), browser()
    served(ibu_sari, bidan_ratna, day, nik=nik(20))
    assert clock.tick(at + timedelta(minutes=1), only="lobby") == {"lobby": "0 baris lobi diperbarui"}
    assert queries.lobby(campaign, today=day.on).total.served.low == 7
    with_it = minute_of(campaign.id, "32.14.12")
    assert actions.renew_lobby(campaign, at=turn_to(at, with_it)) >= 2, "the two hidden rows move together"
    db.session.expire_all()
    assert queries.lobby(campaign, today=day.on).total.served.low == 8
    street.get(dinding(lobby[1]))
    assert "8 dari 20 dilayani" in street.words


def test_the_lobbys_version_counts_what_it_shows_and_not_what_happens(lobby, campaign, ibu_sari, bidan_ratna, day):
    before = queries.lobby_version(campaign.id)
    served(ibu_sari, bidan_ratna, day, nik=nik(1))
    assert queries.lobby_version(campaign.id) == before
    later = now() + timedelta(hours=2)
    for minute in range(60):
        actions.renew_lobby(campaign, at=later + timedelta(minutes=minute))
    assert queries.lobby_version(campaign.id) == before + 1


def test_a_lobby_that_opens_shows_the_number_at_once_and_a_new_desa_with_the_next_tick(lobby, campaign):
    assert db.session.query(LobbyRow).count() == 3
    with builders.writing() as session:
        session.add(builders.Desa(code="32.14.12.2003", name="Baru", jenis="desa", kecamatan_code="32.14.12"))
    clock.tick(only="lobby")
    assert db.session.query(LobbyRow).count() == 4


def test_the_lobbys_stream_is_looked_at_once_a_minute(app):
    assert live.AUDIENCES[WallKind.LOBI].every == 60 and live.AUDIENCES[WallKind.PIMPINAN].every == 0


def test_a_stream_takes_any_beginning(app, browser, wall, lobby):
    live.serving(app, SimpleNamespace(alive=False))
    for _link, token in (wall, lobby):
        for since in ("0", "-1", "x", "²", "9" * 5000):
            answer = browser().get(dinding(token, f"/alir?sejak={since}"))
            assert answer.mimetype == "text/event-stream" and "Set-Cookie" not in answer.headers
