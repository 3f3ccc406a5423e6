"""The board that moves by itself: rendered once, the same bytes to all, nothing lost, nobody named."""

import gzip
import re
import threading
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest

from campaign import actions, live, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Campaign, Person
from campaign.rules.roles import Role
from tests import builders


def everybody(who, at):
    """Nobody's sign-in ends."""
    return who


@pytest.fixture
def hub(app):
    """The reader, turned by hand."""
    hub = app.extensions["live"]
    hub.reader = threading.current_thread()  # so that none of its own is begun
    hub.look = live.Look(app)
    yield hub
    hub.look.close()


@pytest.fixture
def watch(hub, campaign):
    watch = hub.watches.setdefault((campaign.id, "papan"), live.Watch(live.AUDIENCES["papan"], viewers=1))
    hub._look_once(hub.look)
    return watch


def ids(frames: bytes) -> set[str]:
    return set(re.findall(r'<(?:tr|section)[^>]* id="([^"]+)"', frames.decode()))


def test_only_what_moved_is_sent_again(hub, watch, campaign, ibu_sari):
    first = watch.version
    assert ids(watch.news("kecamatan", -1)) == {"board-total", "area-321412", "area-321401"}
    builders.registered(ibu_sari)
    hub._look_once(hub.look)
    assert watch.version > first
    assert ids(watch.news("kecamatan", first)) == {"board-total", "area-321412"}
    assert ids(watch.news("desa", first)) == {"board-total", "area-3214122001"}


def test_all_who_look_at_the_same_get_the_same_bytes(watch):
    assert watch.news("kecamatan", -1) is watch.news("kecamatan", -1)


def test_a_kader_is_sent_the_whole_and_her_own_desa_only(watch):
    assert ids(watch.news("own:32.14.12.2001", -1)) == {"board-total", "area-3214122001"}


def test_a_slow_viewer_skips_to_the_newest(hub, watch, ibu_sari):
    seen = watch.version
    for number in range(5):
        builders.registered(ibu_sari, name=f"Neng {number}")
        hub._look_once(hub.look)
    news = watch.news("kecamatan", seen).decode()
    assert news.count('id="area-321412"') == 1


def test_nothing_that_names_a_person_ever_travels(hub, watch, ibu_sari, bidan_ratna, day):
    builders.served(ibu_sari, bidan_ratna, day, name="Kenari Rahasia", nik=builders.nik(1), phone="+6282000009999")
    hub._look_once(hub.look)
    for shown in ("kecamatan", "desa", "32.14.12", "own:32.14.12.2001"):
        sent = watch.news(shown, -1).decode()
        for secret in ("Kenari", builders.nik(1), "82000009999", "Ibu Sari", "Ratna", "csrf"):
            assert secret not in sent


def test_a_mended_count_and_a_new_target_reach_the_board_too(hub, watch, campaign, bu_lilis, ibu_sari):
    builders.registered(ibu_sari)
    hub._look_once(hub.look)
    for change in (
        actions.mend,
        lambda: builders.shared_out(campaign, 50, by=bu_lilis),
    ):
        before = watch.version
        change()
        hub._look_once(hub.look)
        assert watch.version > before
    assert "50" in watch.news("kecamatan", before).decode()


def test_the_version_is_the_databases_so_another_process_agrees(hub, watch, campaign):
    assert watch.version == live.edition(queries.board_version(campaign.id), campaign.day_of(watch.looked_at))


def test_a_stream_begins_with_what_was_missed_and_ends_when_the_viewer_may_not_look(
    app, hub, watch, campaign, monkeypatch
):
    monkeypatch.setattr(live, "ASK_EVERY", -1)
    allowed = {"dedi", "lilis"}
    frames, others = (
        live.stream(campaign.id, "kecamatan", since=0, who=who, ask=lambda everybody, at: everybody & allowed)
        for who in ("dedi", "lilis")
    )
    assert next(frames).startswith(b"retry: ") and next(others)
    assert b'id="board-total"' in next(frames)
    assert hub.viewers.total() == 2
    allowed.discard("dedi")
    hub._look_once(hub.look)
    *_, last = list(islice(frames, 50))
    assert last.endswith(live.ENDED)
    assert (watch.viewers, hub.viewers.total()) == (2, 1), "and was counted out; the other one looks on"
    others.close()


def test_a_full_house_is_told_to_poll(app, hub, watch, campaign, monkeypatch):
    monkeypatch.setattr(live, "MOST_VIEWERS", 0)
    assert live.stream(campaign.id, "kecamatan", since=0, who="dedi", ask=everybody) is None


def test_a_stream_holds_no_database_session(app, hub, watch, campaign):
    frames = live.stream(campaign.id, "kecamatan", since=0, who="dedi", ask=everybody)
    next(frames), next(frames)
    db.session.remove()
    assert db.engine.pool.checkedout() <= 1, "only the reader's own"
    frames.close()


def test_a_line_cut_in_the_middle_has_not_seen_the_version(hub, watch, ibu_sari):
    before = watch.version
    builders.registered(ibu_sari)
    hub._look_once(hub.look)
    *frames, last = watch.news("kecamatan", before).split(b"\n\n")[:-1]
    assert len(frames) == 2 and not any(b"id: " in frame for frame in frames)
    assert last == f"id: {watch.version}".encode()


def test_audiences_share_nothing_but_the_campaign(hub, watch, campaign, ibu_sari, monkeypatch):
    def pieces(campaign, board):
        yield live.Piece("one", board.total.registered, live.EVERYWHERE, "part", "board/_stamp.html", WHEN)

    monkeypatch.setitem(live.AUDIENCES, "wall", live.Audience(queries.board_version, queries.board, pieces))
    wall = hub.watches[campaign.id, "wall"] = live.Watch(live.AUDIENCES["wall"], viewers=1)
    builders.registered(ibu_sari)
    hub._look_once(hub.look)
    assert b"board-total" not in wall.news("*", -1) and wall.news("*", -1).count(b"event: ") == 1
    assert b"event: part" not in watch.news("kecamatan", -1)


WHEN = {"at": datetime(2026, 11, 22, 7, 3, 22, tzinfo=UTC), "zone": "Asia/Jakarta"}


def test_who_looks_once_a_minute_learns_nothing_in_between(hub, watch, campaign, ibu_sari, monkeypatch):
    slow = live.Audience(queries.board_version, queries.board, live.pieces, every=60)
    lobby = hub.watches[campaign.id, "slow"] = live.Watch(slow, viewers=1)
    hub._look_once(hub.look)
    first, minute = lobby.version, lobby.looked_at.replace(second=0, microsecond=0)
    lobby.looked_at = minute
    assert not lobby.is_due(minute + timedelta(seconds=59.9))
    assert lobby.is_due(minute + timedelta(seconds=60))
    lobby.looked_at = datetime.now(UTC) + timedelta(minutes=1)  # as if it had looked in the minute to come
    builders.registered(ibu_sari)
    hub._look_once(hub.look)
    assert lobby.version == first < watch.version
    lobby.looked_at -= timedelta(minutes=2)
    hub._look_once(hub.look)
    assert lobby.version == watch.version


def test_a_board_nobody_looked_at_for_a_while_is_new_to_the_next(hub, watch, ibu_sari, campaign):
    watch.viewers = 0
    hub.watches[campaign.id, "other"] = live.Watch(live.AUDIENCES["papan"], viewers=1)
    builders.registered(ibu_sari)
    hub._look_once(hub.look)  # the commit was noticed, by somebody else's look
    before, watch.viewers = watch.version, 1
    hub._look_once(hub.look)
    assert watch.version > before


def test_a_new_day_is_news_though_nobody_did_anything(hub, watch, campaign):
    assert live.edition(5, date(2026, 11, 23)) > live.edition(999_999_999_999, date(2026, 11, 22))
    watch.version, watch.stamped_at = watch.version - 10**12, 0.0  # as rendered yesterday
    watch.facts["32.14.12"] = "what was due yesterday"
    hub._look_once(hub.look)
    assert watch.version == live.edition(queries.board_version(campaign.id), campaign.day_of(watch.looked_at))


def test_a_campaign_that_is_finished_is_not_listened_to(hub, watch, campaign, bu_lilis, browser, pak_dedi):
    frames = live.stream(campaign.id, "kecamatan", since=0, who="dedi", ask=everybody)
    next(frames)
    actions.close_campaign(campaign, by=bu_lilis, key=builders.key())
    hub._look_once(hub.look)
    assert list(islice(frames, 20))[-1].endswith(live.ENDED)
    hall = browser(pak_dedi)
    hall.get(f"/papan/{campaign.id}/alir", status=404)
    assert hall.get(f"/papan/{campaign.id}", htmx="board").headers["HX-Refresh"] == "true"


def test_a_rehearsal_that_is_cleared_while_somebody_watches_takes_no_other_board_along(
    hub, watch, campaign, bu_lilis, ibu_sari
):
    practice = actions.rehearse(campaign, by=bu_lilis, key=builders.key())
    frames = live.stream(practice.id, "kecamatan", since=0, who="lilis", ask=everybody)
    next(frames)
    hub.watches = dict(reversed(hub.watches.items()))  # the practice is looked at first
    hub._look_once(hub.look)
    actions.clear_rehearsal(practice, by=bu_lilis, key=builders.key())
    before, her = watch.version, builders.registered(ibu_sari)
    hub._look_once(hub.look)
    assert her and watch.version > before, "the real board moves on"
    assert list(islice(frames, 20))[-1].endswith(live.ENDED)


def test_a_board_that_cannot_be_rendered_grows_old_by_itself(hub, watch, campaign, bu_lilis, ibu_sari, monkeypatch):
    practice = actions.rehearse(campaign, by=bu_lilis, key=builders.key())
    other = hub.watches[practice.id, "papan"] = live.Watch(watch.audience, viewers=1)
    hub._look_once(hub.look)
    hub.watches = dict(reversed(hub.watches.items()))  # the broken one is looked at first
    refresh = hub._refresh

    def broken(subject_id, *about):
        if subject_id == practice.id:
            raise ZeroDivisionError
        refresh(subject_id, *about)

    monkeypatch.setattr(hub, "_refresh", broken)
    stamp, before, her = other.stamp, watch.version, builders.registered(ibu_sari)
    monkeypatch.setattr(live, "STAMP_EVERY", -1)
    hub._look_once(hub.look)
    assert her and watch.version > before
    assert other.stamp is stamp, "nobody is told that this one is fresh"


def test_two_deeds_at_once_both_move_the_board(campaign, cast):
    before = campaign.revision  # read by who is about to open a day, while somebody else's deed is committed
    with db.engine.connect().execution_options(writing=True) as other:
        other.execute(db.update(Campaign).where(Campaign.id == campaign.id).values(revision=Campaign.revision + 1))
        other.commit()
    assert campaign.revision == before
    at = {"starts_at": time(8), "ends_at": time(12)}
    on = campaign.day_of(now())
    actions.open_day(campaign=campaign, point=cast.maracang, on=on, seats=5, by=cast.bu_lilis, key=builders.key(), **at)
    assert queries.board_version(campaign.id) == before + 2


@pytest.mark.parametrize("how", ["signed out", "disabled", "another role"])
def test_a_stream_ends_within_ten_seconds_of_what_ends_it(
    app, hub, watch, campaign, browser, pak_dedi, how, monkeypatch
):
    assert live.ASK_EVERY + 1 < 10, "it is asked so often, at the next look"
    asked, screen = [], browser(pak_dedi)
    monkeypatch.setattr(live, "stream", lambda *a, who, ask, **b: asked.append((who, ask)) or iter(()))
    screen.get(f"/papan/{campaign.id}/alir")
    ((who, ask),) = asked
    assert ask({who}, now()) == {who}
    if how == "signed out":
        screen.post("/keluar")
    else:
        with builders.writing():
            person = db.session.get_one(Person, pak_dedi.id)
            person.disabled_at = now() if how == "disabled" else None
            person.role = Role.BUPATI if how == "disabled" else Role.PLKB
    assert ask({who}, now()) == set()


def test_a_full_house_answers_when_to_come_back(hub, watch, campaign, browser, pak_dedi, monkeypatch):
    monkeypatch.setattr(live, "MOST_VIEWERS", 0)
    answer = browser(pak_dedi).get(f"/papan/{campaign.id}/alir", status=503)
    assert answer.headers["Retry-After"] == "30"


def test_who_polls_is_sent_nothing_while_nothing_moved(campaign, browser, pak_dedi, ibu_sari):
    hall, papan = browser(pak_dedi), f"/papan/{campaign.id}"
    etag = hall.get(papan, htmx="board").headers["ETag"]
    again = hall.get(papan, htmx="board", status=304, **{"If-None-Match": etag})
    assert again.data == b"" and again.headers["Stamp"].startswith("per ")
    builders.registered(ibu_sari)
    assert hall.get(papan, htmx="board", **{"If-None-Match": etag}).headers["ETag"] != etag


def _seal(token: str) -> str:
    """What of a form's token is the session's own: the rest tells the second it was made in."""
    return token.partition(".")[0]


def test_a_kept_page_is_everybodys_but_for_name_token_and_stamp(app, campaign, browser, pak_dedi, bu_lilis, ibu_sari):
    dedi, papan = browser(pak_dedi), f"/papan/{campaign.id}/desa"
    first, second = dedi.get(papan).text, dedi.get(papan).text
    assert "Pak Dedi" in second and "\ue000" not in second
    stamp, token = r"per \d\d:\d\d:\d\d", r"[\w.-]{60,}"
    same = [re.sub(token, "", re.sub(stamp, "", page)) for page in (first, second)]
    assert same[0] == same[1]
    assert _seal(dedi.token()) in second and "Bu Lilis" in browser(bu_lilis).get(papan).text
    packed = dedi.ask("GET", papan, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert re.sub(stamp, "", re.sub(token, "", gzip.decompress(packed.data).decode())) == same[0]
    builders.registered(ibu_sari)
    assert dedi.get(papan).text != second, "what was kept is not good any more"


def test_a_word_for_one_reader_is_in_no_page_that_is_kept(campaign, browser, pak_dedi):
    dedi, papan = browser(pak_dedi), f"/papan/{campaign.id}"
    for is_kept in (False, True):
        with dedi.client.session_transaction() as session:
            session["_flashes"] = [("message", "Kata sandi sudah diganti.")]
        assert "Kata sandi sudah diganti." in dedi.get(papan).text, "said at once, also where a page is kept"
        assert "Kata sandi sudah diganti." not in dedi.get(papan).text, f"kept before: {is_kept}"
