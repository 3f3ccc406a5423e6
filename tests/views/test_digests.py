"""The page of the day's message: copied, sent, saved; by whom it may be seen and made."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from campaign import actions, queries
from campaign.papers import telling
from campaign.rules.digest import Numbers
from tests.builders import key, nik, registered, served
from tests.papers.written import words_of


@pytest.fixture
def path(campaign):
    return f"/papan/{campaign.id}/rekap"


def test_the_bupatis_office_has_it_made_and_sends_it(browser, cast, campaign, path, day, today):
    for number in range(5):
        served(cast.ibu_sari, cast.bidan_ratna, day, nik=nik(number))
    office = browser(cast.pak_dedi)
    assert "Belum ada rekap" in office.get(path).text
    answer = office.post(path)
    assert answer.location == path
    page = office.get(path).text
    text = telling.text(Numbers.read(queries.digest(campaign, today).told))
    assert "*5 dari 20 sudah dilayani (25 %)*" in text
    assert unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]) == text
    link = unescape(re.search(r'href="(https://wa\.me/[^"]+)"', page)[1])
    assert unquote(link) == f"https://wa.me/?text={text}"


def test_text_picture_and_paper_are_of_one_moment(browser, cast, campaign, path, today):
    actions.make_digest(campaign, by=cast.bu_lilis, key=key())
    told = Numbers.read(queries.digest(campaign, today).told)
    desk = browser(cast.bidan_ratna)
    assert telling.when(told) in desk.get(path).text
    paper = desk.ask("GET", f"{path}/{today}/rekap.pdf")
    picture = desk.ask("GET", f"{path}/{today}/rekap.png")
    assert (paper.mimetype, picture.mimetype) == ("application/pdf", "image/png")
    assert telling.when(told) in words_of(paper.data) and telling.headline(told) in words_of(paper.data)
    assert picture.data.startswith(b"\x89PNG")
    assert paper.headers["Cache-Control"] == picture.headers["Cache-Control"] == "no-store"


def test_earlier_days_are_listed_and_stay(browser, cast, campaign, path, today, later):
    actions.make_digest(campaign, by=cast.bu_lilis, key=key())
    actions.make_digest(campaign, by=cast.bu_lilis, key=key(), at=later(days=1))
    desk = browser(cast.bu_lilis)
    assert f'href="{path}/{today}"' in desk.get(path).text
    assert str(today.day) in desk.get(f"{path}/{today}").text
    for wrong in ("kemarin", "2026-13-01", "1999-01-01", "99999-01-01"):
        for form in ("", "/rekap.png", "/rekap.pdf"):
            assert desk.ask("GET", f"{path}/{wrong}{form}").status_code == 404


def test_who_may_see_it_and_who_may_have_it_made(browser, cast, path):
    for who, sees, makes in (
        (cast.ibu_sari, 403, 403),
        (cast.pak_wawan, 200, 403),
        (cast.bidan_ratna, 200, 403),
        (cast.bu_lilis, 200, 303),
        (cast.pak_dedi, 200, 303),
        (cast.orang_karawang, 404, 404),
    ):
        screen = browser(who)
        page = screen.get(path, status=sees)
        assert ("Buat rekap dengan angka sekarang" in page.text) == (makes == 303)
        screen.post(path, status=makes)


def test_nobody_is_named_in_any_of_it(browser, cast, campaign, path, day, today):
    served(cast.ibu_sari, cast.bidan_ratna, day, name="Kenari Burung", nik=nik(3))
    registered(cast.ibu_wati, name="Kenari Kedua")
    actions.make_digest(campaign, by=cast.bu_lilis, key=key())
    desk = browser(cast.pak_dedi)
    said = desk.get(path).text + words_of(desk.ask("GET", f"{path}/{today}/rekap.pdf").data)
    said += str(queries.digest(campaign, today).told)
    assert (
        "Kenari" not in said
        and nik(3) not in said
        and "Ratna" not in said
        and "Sari" not in said.replace("Sukasari", "")
    )
