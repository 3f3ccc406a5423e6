"""The board: the number first, for each as much as is hers, and never a person."""

from types import SimpleNamespace

import pytest

from campaign import live
from campaign.models import Stage
from campaign.rules.methods import Method, Participant
from tests import builders
from tests.builders import attended, booked, nik, registered, served
from tests.screen import Page


def papan(campaign, more=""):
    return f"/papan/{campaign.id}{more}"


@pytest.fixture
def some(ibu_sari, ibu_wati, bidan_ratna, day):
    """Three served in Margacinta, one of them without NIK; one waiting, one booked, one found; one served in Cikao."""
    for number in range(2):
        served(ibu_sari, bidan_ratna, day, name="Kenari Satu", nik=nik(number))
    served(ibu_sari, bidan_ratna, day, name="Kenari Dua")
    attended(ibu_sari, bidan_ratna, day, name="Kenari Tiga")
    booked(ibu_sari, day, name="Kenari Empat")
    registered(ibu_sari, name="Kenari Lima")
    served(ibu_wati, bidan_ratna, day, name="Kenari Enam", nik=nik(9))


def row(screen, code: str) -> str:
    """The words of one area's row."""
    html = screen.last.text
    start = html.index(f'<tr id="area-{code}"')
    part = html[start : html.index("</tr>", start)]
    return Page(part).words


def test_the_number_stands_first_with_what_is_left_to_do(browser, campaign, pak_dedi, some):
    hall = browser(pak_dedi)
    assert hall.get("/papan/", status=303).location == papan(campaign)
    hall.get(papan(campaign))
    assert "3 dari 20 · 15 %" in hall.words
    assert "Perlu 17 per hari pelayanan" in hall.words, "one service day is left"
    for fact in ("Sisa hari pelayanan 1", "Kursi tersisa 4", "Hadir, belum dikonfirmasi 1", "menunggu NIK 1"):
        assert fact in hall.words
    assert "implan 2 batang 3" in hall.words
    assert hall.last.text.index("<title>3 dari 20") > 0


def test_no_page_of_the_board_names_a_woman(browser, campaign, pak_dedi, bu_lilis, ibu_sari, some):
    for person in (pak_dedi, bu_lilis, ibu_sari):
        screen = browser(person)
        for more in ("", "/desa", "/32.14.12") if person is not ibu_sari else ("",):
            assert "Kenari" not in screen.get(papan(campaign, more)).text


def test_a_kecamatan_opens_into_its_desa(browser, campaign, pak_dedi, some):
    hall = browser(pak_dedi)
    hall.get(papan(campaign))
    assert "3 / 20" in row(hall, "321412") and "15 %" in row(hall, "321412")
    assert "32.14.12.2001" not in hall.page.ids and "area-3214122001" not in hall.page.ids
    hall.get(papan(campaign, "/32.14.12"))
    assert "Kecamatan Babakancikao" in hall.words
    assert "2 / 12" in row(hall, "3214122001") and "16 %" in row(hall, "3214122001")
    assert "1 / 8" in row(hall, "3214122002") and "12 %" in row(hall, "3214122002")
    hall.get(papan(campaign, "/desa"))
    assert {"area-3214122001", "area-3214122002", "area-3214011001"} <= set(hall.page.ids)


def test_who_asks_for_a_kecamatan_that_is_not_there_is_told(browser, campaign, pak_dedi):
    hall = browser(pak_dedi)
    for wrong in ("/99.99.99", "/32.15.01", "/own", "/<b>"):
        hall.get(papan(campaign, wrong), status=404)


def test_a_kader_sees_the_whole_and_her_own_desa(browser, campaign, ibu_sari, some):
    phone = browser(ibu_sari)
    phone.get(papan(campaign))
    assert "3 dari 20" in phone.words and "Desa Ibu" in phone.words
    assert "2 / 12" in row(phone, "3214122001")
    assert "Cikao" not in phone.words and "area-3214122002" not in phone.page.ids
    for other in ("/desa", "/32.14.12"):
        phone.get(papan(campaign, other), status=404)


def test_a_target_of_zero_has_no_percentage(browser, campaign, pak_dedi, some):
    hall = browser(pak_dedi)
    hall.get(papan(campaign, "/desa"))
    assert "0 / 0" in row(hall, "3214011001") and "%" not in row(hall, "3214011001")
    assert "tanpa target" in row(hall, "3214011001")
    with builders.writing():
        campaign.headline = 0
    hall.get(papan(campaign))
    assert "3 dari 0 · –" in hall.words and "Target kampanye belum diisi." in hall.words


def test_beyond_the_target_the_number_goes_on(browser, campaign, pak_dedi, some):
    with builders.writing():
        campaign.headline = 2
    hall = browser(pak_dedi)
    hall.get(papan(campaign))
    assert "3 dari 2 · 150 %" in hall.words and "Target tercapai." in hall.words
    assert 'class="beyond"' in hall.last.text


def test_what_counts_is_the_campaigns_setting(browser, campaign, bu_lilis, some):
    with builders.writing():
        campaign.counted_methods = [Method.IUD.value]
        campaign.counted_participants = [Participant.BARU.value]
    hall = browser(bu_lilis)
    hall.get(papan(campaign))
    assert "0 dari 20 · 0 %" in hall.words


def test_htmx_gets_the_board_alone(browser, campaign, pak_dedi, some):
    hall = browser(pak_dedi)
    hall.get(papan(campaign), htmx="board")
    assert hall.is_part and hall.page.ids[0] == "board" and "3 dari 20" in hall.words


def test_an_open_campaign_listens_and_a_closed_one_has_stopped(browser, campaign, pak_dedi):
    hall = browser(pak_dedi)
    hall.get(papan(campaign))
    assert f'sse-connect="{papan(campaign, "/alir")}' in hall.last.text
    with builders.writing():
        campaign.stage = Stage.CLOSED
        campaign.revision += 1  # as the deed that closes it does: a page that was kept is not good any more
    hall.get(papan(campaign))
    assert "sse-connect" not in hall.last.text and "kampanye ini sudah ditutup" in hall.words


def test_a_draft_is_the_offices_own(browser, campaign, pak_dedi, bu_lilis):
    with builders.writing():
        draft = builders.write_campaign({"32.14.12.2001": 1}, name="Rancangan", stage=Stage.DRAFT).id
    browser(pak_dedi).get(f"/papan/{draft}", status=404)
    browser(bu_lilis).get(f"/papan/{draft}")


def test_the_stream_is_never_kept_and_takes_any_beginning(app, browser, campaign, pak_dedi):
    live.serving(app, SimpleNamespace(alive=False))
    hall = browser(pak_dedi)
    for since in ("0", "-1", "x", "²", "9" * 5000):
        answer = hall.get(papan(campaign, f"/alir?sejak={since}"))
        assert answer.mimetype == "text/event-stream" and answer.headers["Cache-Control"] == "no-store"
        hall.get(papan(campaign, "/alir"), **{"Last-Event-ID": since if since != "²" else "x"})


def test_a_stream_of_no_part_of_the_board_is_not_there(app, browser, campaign, pak_dedi):
    live.serving(app, SimpleNamespace(alive=False))
    hall = browser(pak_dedi)
    for part in ("desa", "32.14.12"):
        hall.get(papan(campaign, f"/alir/{part}"))
    for part in ("99.99.99", "own", "x" * 500):
        hall.get(papan(campaign, f"/alir/{part}"), status=404)
