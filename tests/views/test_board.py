"""The board: the number first, for each as much as is hers, and never a person."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from campaign import live, queries
from campaign.extensions import db
from campaign.models import ServiceDay, Stage
from campaign.rules.methods import Method, Participant
from campaign.rules.setup import SetupStep
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


def test_no_day_is_left_once_it_is_closed_and_none_behind_its_last_day(
    browser, cast, campaign, pak_dedi, bu_lilis, today, some
):
    builders.service_day(cast.maracang, in_days=3)
    hall, street = browser(pak_dedi), browser()
    _link, token = builders.wall(by=bu_lilis)
    hall.get(papan(campaign))
    assert "Sisa hari pelayanan 2" in hall.words and "Perlu 9 per hari pelayanan" in hall.words
    zone = {"zone": campaign.zone, "grace_days": 2, "correction_days": 2, "opens_on": campaign.opens_on}
    shorter = zone | {"closes_on": today + timedelta(days=2)}
    builders.actions.settle(campaign, step=SetupStep.SPAN, by=bu_lilis, key=builders.key(), **shorter)
    for screen, path in ((hall, papan(campaign)), (street, f"/dinding/{token}")):
        screen.get(path)
        assert "Perlu 17 per hari pelayanan" in screen.words, "what was opened behind the last day cannot be booked"
    assert "Sisa hari pelayanan 1" in hall.words and "Kursi tersisa 4" in hall.words
    builders.actions.close_campaign(campaign, by=bu_lilis, key=builders.key())
    for screen, path in ((hall, papan(campaign)), (street, f"/dinding/{token}")):
        screen.get(path)
        assert "Kampanye sudah ditutup. Kurang 17" in screen.words
        assert "erlu 1" not in screen.words and "hari pelayanan lagi" not in screen.words
    hall.get(papan(campaign))
    assert "Sisa hari pelayanan 0" in hall.words and "Kursi tersisa 0" in hall.words


def test_a_campaign_without_any_day_yet_does_not_say_they_are_over(browser, campaign, pak_dedi):
    hall = browser(pak_dedi)
    hall.get(papan(campaign))
    assert "Belum ada hari pelayanan lagi. Kurang 20 dari target." in hall.words


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


def test_rows_stand_in_the_order_and_of_the_pace_that_is_asked_for(browser, campaign, pak_dedi, some):
    hall = browser(pak_dedi)

    def shown(query):
        hall.get(papan(campaign, "/32.14.12" + query))
        return [i.removeprefix("area-") for i in hall.page.ids if i.startswith("area-32141220")]

    by_need, by_name = shown(""), shown("?urut=nama")
    assert by_need[:2] == ["3214122002", "3214122001"], "12 % before 16 %"
    assert by_name.index("3214122001") != by_name.index("3214122002") and sorted(by_name) == sorted(by_need)
    assert shown("?urut=kurang")[0] == "3214122001", "ten are missing there, seven in the other"
    assert shown("?urut=%27;--&keadaan=x") == by_need, "an order nobody knows is the usual one"
    assert shown("?keadaan=reached") == [] and "Tidak ada yang tercapai" in hall.words


def test_what_is_left_counts_service_days_of_the_puskesmas_that_works_there(browser, cast, campaign, pak_dedi, today):
    """Three days at Maracang before today, six served on them; one day to come there, another elsewhere."""
    days = [builders.service_day(cast.maracang) for _ in range(3)]
    women = [attended(cast.ibu_sari, cast.bidan_ratna, days[n // 2], name=f"Neng {n}", nik=nik(n)) for n in range(6)]
    for n, woman in enumerate(women):
        on = today - timedelta(days=1 + n // 2)
        builders.actions.serve(woman, by=cast.bidan_ratna, key=builders.key(), served_on=on, **builders.SERVICE)
    with builders.writing() as session:
        for n, past in enumerate(days):
            session.execute(
                db.update(ServiceDay).where(ServiceDay.id == past.id).values(on=today - timedelta(days=1 + n))
            )
    builders.service_day(cast.maracang, in_days=2)
    builders.service_day(cast.koncara, in_days=3)
    board = queries.board(campaign, today=today)
    near = board.desa_lists["32.14.12"][0]
    assert near.code == cast.margacinta.code
    assert (near.outlook.missing, near.outlook.days_left) == (near.target - 6, 1), "only its own puskesmas's day"
    assert (near.outlook.rate, near.outlook.rate_days) == (2, 3)
    assert board.total.outlook.days_left == 2 and board.total.outlook.rate == 2
    hall = browser(pak_dedi)
    hall.get(papan(campaign, "/32.14.12"))
    assert f"perlu {near.target - 6} per hari, terakhir 2" in row(hall, "3214122001")
    assert "3 hari pelayanan terakhir: 2 per hari" in hall.words


def test_who_is_not_confirmed_after_her_day_is_said_beside_the_number(
    browser, cast, campaign, pak_dedi, some, day, today
):
    with builders.writing() as session:
        session.execute(db.update(ServiceDay).values(on=today - timedelta(days=1)))
    hall = browser(pak_dedi)
    hall.get(papan(campaign, "/32.14.12"))
    assert "belum dikonfirmasi 2" in row(hall, "3214122001"), "one waits there, one is booked"
    assert "Harinya lewat, belum dikonfirmasi 2" in hall.words
    hall.get(papan(campaign, "/layanan"))
    cells = hall.words
    assert "Puskesmas Maracang" in cells and "belum pernah" not in cells
    standing = {row.point.name: row for row in queries.point_standings(campaign, today=today)}["Puskesmas Maracang"]
    assert (standing.served, standing.unconfirmed, standing.unclosed) == (4, 2, 1)


def test_who_came_from_outside_and_is_not_confirmed_is_in_every_sum_of_those(
    browser, cast, campaign, pak_dedi, bu_lilis, some, day, today
):
    about = {"name": "Kenari Jauh", "nik": nik(8), "desa_code": None, "address": "Desa X, Subang"}
    builders.actions.walk_in(
        day, wanted=Method.IUD, is_counselled=True, by=cast.bidan_ratna, key=builders.key(), **about
    )
    with builders.writing() as session:
        session.execute(db.update(ServiceDay).values(on=today - timedelta(days=1)))
    board = queries.board(campaign, today=today)
    places = sum(place.unconfirmed for place in queries.point_standings(campaign, today=today))
    builders.actions.make_digest(campaign, by=bu_lilis, key=builders.key())
    told = queries.digest(campaign, today).told["unconfirmed"]
    assert board.total.unconfirmed == places == told == 3
    assert board.total.found == board.kecamatan_list[1].found, "she is in no other sum"
    answer = browser(bu_lilis).ask("GET", papan(campaign, "/unduh/desa.csv")).data.decode("utf-8-sig").splitlines()
    header, *desa_list = (line.split(";") for line in answer)
    at = header.index("Harinya lewat, belum dikonfirmasi")
    assert [desa[at] for desa in desa_list if desa[2] == "Margacinta"] == ["2"]


def test_methods_of_desa_are_for_the_office_and_the_puskesmas_that_works_there(
    browser, campaign, bu_lilis, pak_dedi, bidan_ratna, ibu_sari, some
):
    def desa_seen(person):
        screen = browser(person)
        screen.get(papan(campaign, "/cara"))
        assert "implan 2 batang" in screen.words and "Babakancikao" in screen.words
        return {name for name in ("Margacinta", "Cikao") if f">{name}<" in screen.last.text}

    assert desa_seen(bu_lilis) >= {"Margacinta"}
    assert desa_seen(pak_dedi) == set(), "the bupati sees kecamatan"
    assert "Margacinta" in desa_seen(bidan_ratna)
    phone = browser(ibu_sari)
    for more in ("/cara", "/layanan"):
        phone.get(papan(campaign, more), status=403)
