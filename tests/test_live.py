"""The board that moves by itself: rendered once, the same bytes to all, nothing lost, nobody named."""

import re
from itertools import islice

import pytest

from campaign import actions, live, queries
from campaign.extensions import db
from tests import builders


@pytest.fixture
def hub(app):
    """The reader, turned by hand."""
    hub = app.extensions["live"]
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
    answers = iter([True, False])
    frames = live.stream(campaign.id, "kecamatan", since=0, still_allowed=lambda at: next(answers))
    got = list(islice(frames, 50))
    assert got[0].startswith(b"retry: ")
    assert b'id="board-total"' in got[1]
    assert len(got) < 50, "it ended"
    assert watch.viewers == 1, "and was counted out"


def test_a_full_house_is_told_to_poll(app, hub, watch, campaign, monkeypatch):
    monkeypatch.setattr(live, "MOST_VIEWERS", 1)
    assert live.stream(campaign.id, "kecamatan", since=0, still_allowed=lambda at: True) is None


def test_a_stream_holds_no_database_session(app, hub, watch, campaign):
    frames = live.stream(campaign.id, "kecamatan", since=0, still_allowed=lambda at: True)
    next(frames), next(frames)
    db.session.remove()
    assert db.engine.pool.checkedout() <= 1, "only the reader's own"
    frames.close()
