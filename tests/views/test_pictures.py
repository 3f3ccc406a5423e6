"""The pictures: each number is the board's, each picture has its table, and nobody is shown a day he should not see."""

import csv
import io
import re
from datetime import timedelta

import pytest

from campaign import actions, queries
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Tally, Target
from campaign.queries.board import OUTSIDE
from campaign.rules import charts
from campaign.rules.methods import Method, Participant
from campaign.sheets.apart import read_apart
from tests import builders
from tests.builders import SERVICE, attended, booked, key, nik, registered, served


def gambar(campaign, more=""):
    return f"/papan/{campaign.id}/gambar{more}"


def unduh(campaign, name):
    return f"/papan/{campaign.id}/unduh/{name}"


@pytest.fixture
def some(ibu_sari, ibu_wati, bidan_ratna, cast):
    """Margacinta: two counted two days ago, one today, one without NIK, one found; Cikao: one counted, one here, one booked."""
    today = builders.service_day(cast.maracang, seats=20)
    for number in range(2):
        her = attended(ibu_sari, bidan_ratna, today, name="Kenari Lama", nik=nik(number))
        actions.serve(her, by=bidan_ratna, key=key(), served_on=today.on - timedelta(days=2), **SERVICE)
    served(ibu_sari, bidan_ratna, today, name="Kenari Satu", nik=nik(2))
    served(ibu_sari, bidan_ratna, today, name="Kenari Dua")
    registered(ibu_sari, name="Kenari Tiga")
    served(ibu_wati, bidan_ratna, today, name="Kenari Enam", nik=nik(3))
    attended(ibu_wati, bidan_ratna, today, name="Kenari Tujuh")
    return booked(ibu_wati, today, name="Kenari Delapan")


def rows_of_strip(screen) -> list[str]:
    """Whom the squares of days belong to."""
    strip = screen.last.text[screen.last.text.index('class="picture strip"') :]
    return re.findall(r'<text x="0" y="[0-9]+">([^<]+)', strip[: strip.index("</svg>")])


def standings(campaign, today):
    board = queries.board(campaign, today=today)
    return board, {area.code: area for areas in (board.kecamatan_list, *board.desa_lists.values()) for area in areas}


def test_the_way_to_the_target_ends_at_the_boards_number(campaign, today, some):
    board, areas = standings(campaign, today)
    drawn = queries.burn_up(campaign, today=today)
    assert drawn.by_day == {today - timedelta(days=2): 2, today: 2}, "who waits for her NIK is not counted"
    assert drawn.served == board.total.served == 4 and drawn.target == 20
    for code, number in (("32.14.12", 4), ("32.14.12.2001", 3), ("32.14.12.2002", 1), ("32.14.01", 0)):
        assert queries.burn_up(campaign, today=today, area=areas[code]).served == areas[code].served == number


def test_a_woman_from_outside_counts_only_where_the_campaign_says_so(campaign, today, some, bidan_ratna, cast):
    day = builders.service_day(cast.saung)
    about = {"name": "Kenari Jauh", "nik": nik(8), "desa_code": None, "address": "Desa X, Subang"}
    her = actions.walk_in(day, wanted=Method.IUD, is_counselled=True, by=bidan_ratna, key=key(), **about)
    actions.serve(her, by=bidan_ratna, key=key(), **SERVICE)
    assert db.session.scalars(db.select(Tally).filter_by(desa_code=OUTSIDE)).first()
    assert queries.burn_up(campaign, today=today).served == queries.board(campaign, today=today).total.served == 4
    with writing():
        campaign.counts_outsiders = True
    assert queries.burn_up(campaign, today=today).served == queries.board(campaign, today=today).total.served == 5


def test_a_correction_takes_the_service_out_of_its_day(campaign, today, some, ibu_sari, bidan_ratna, cast):
    day = builders.service_day(cast.saung)
    her = served(ibu_sari, bidan_ratna, day, name="Kenari Salah", nik=nik(7))
    assert queries.burn_up(campaign, today=today).by_day[today] == 3
    step = queries.last_correctable([her])[her.id]
    actions.correct(her, step_id=step.id, reason="salah_orang", by=bidan_ratna, key=key())
    assert queries.burn_up(campaign, today=today).by_day[today] == 2


def test_what_does_not_count_is_in_no_picture(campaign, today, some, ibu_sari, bidan_ratna, cast):
    her = attended(ibu_sari, bidan_ratna, builders.service_day(cast.saung), name="Kenari Ganti", nik=nik(7))
    actions.serve(her, by=bidan_ratna, key=key(), **SERVICE | {"participant": Participant.GANTI_CARA})
    assert queries.burn_up(campaign, today=today).served == 4
    counts = queries.day_counts(campaign, since=campaign.opens_on)
    assert counts["32.14.12.2001"] == {today - timedelta(days=2): 2, today: 1}
    assert counts["32.14.12"] == {today - timedelta(days=2): 2, today: 2}
    assert queries.day_counts(campaign, since=today)["32.14.12"] == {today: 2}


def test_the_funnel_says_what_each_step_counts(browser, campaign, pak_dedi, today, some):
    board, _areas = standings(campaign, today)
    assert [stage.number for stage in charts.funnel(board.total)] == [8, 7, 6, 5, 4]
    hall = browser(pak_dedi)
    hall.get(gambar(campaign))
    for said in (
        "Terdaftar semua yang didaftarkan",
        "8 100 %",
        "7 87 %",
        "6 75 %",
        "5 62 %",
        "Dihitung angka di papan 4 50 %",
    ):
        assert said in hall.words
    assert "Kenari" not in hall.last.text


def test_each_picture_has_its_table(browser, campaign, pak_dedi, some):
    hall = browser(pak_dedi)
    hall.get(gambar(campaign))
    tables, pictures = hall.last.text.count("Sebagai tabel"), hall.last.text.count("<figure")
    assert (tables, pictures) == (3, 4), "the day bars' table is that of the way to the target"
    assert "4 dilayani dari 20 · 20 %" in hall.words


def test_the_bupati_sees_days_of_kecamatan_and_never_of_desa(browser, campaign, pak_dedi, bu_lilis, pak_wawan, some):
    hall = browser(pak_dedi)
    hall.get(gambar(campaign))
    assert "Kecamatan dan hari" in hall.words
    assert rows_of_strip(hall) == ["Babakancikao"], "a kecamatan of one desa has no row"
    hall.get(gambar(campaign, "/32.14.12"))
    assert "tidak ditampilkan di sini" in hall.words and "Desa dan hari" not in hall.words
    assert "Margacinta" not in hall.words and "Jalan ke target" in hall.words
    hall.get(gambar(campaign, "/32.14.01"))
    assert "Jalan ke target" not in hall.words and "Sebagai tabel" not in hall.words, "one desa: its days are a desa's"
    for person in (bu_lilis, pak_wawan):
        desk = browser(person)
        desk.get(gambar(campaign))
        assert rows_of_strip(desk) == ["Purwakarta", "Babakancikao"]
        desk.get(gambar(campaign, "/32.14.12"))
        assert rows_of_strip(desk) == ["Margacinta", "Cikao"]
        desk.get(gambar(campaign, "/32.14.01"))
        assert "Jalan ke target" in desk.words


def test_methods_of_desa_are_told_to_the_office_and_to_the_puskesmas_that_works_there(
    browser, campaign, pak_dedi, bidan_ratna, bu_lilis, some
):
    def told(person) -> set[str]:
        screen = browser(person)
        assert "Implan 2 batang" in rows(screen, campaign, "kecamatan.csv")[0], "of kecamatan it is everybody's"
        header, *desa_list = rows(screen, campaign, "desa.csv")
        if "Implan 2 batang" not in header:
            return set()
        at = header.index("Implan 2 batang")
        return {row[2] for row in desa_list if row[at] != ""}

    assert told(pak_dedi) == set()
    assert told(bidan_ratna) == {"Margacinta", "Cikao"}
    assert told(bu_lilis) > told(bidan_ratna)


def test_the_file_of_places_tells_what_was_served_there(browser, campaign, pak_dedi, some):
    header, *places = rows(browser(pak_dedi), campaign, "tempat.csv")
    maracang = dict(zip(header, places[0], strict=True))
    assert (maracang["Tempat"], maracang["Dilayani"], maracang["Kursi terisi"]) == ("Puskesmas Maracang", "5", "7")


@pytest.mark.parametrize("counts", [True, False])
def test_with_who_lives_outside_the_rows_add_up_to_the_board(browser, campaign, cast, bu_lilis, some, today, counts):
    with writing():
        campaign.counts_outsiders = counts
    about = {"name": "Kenari Jauh", "desa_code": None, "address": "Desa X, Subang", "no_nik_reason": "hilang"}
    day = builders.service_day(cast.maracang)
    actions.walk_in(day, wanted=Method.IUD, is_counselled=True, by=cast.bidan_ratna, key=key(), **about)
    desk, board = browser(bu_lilis), queries.board(campaign, today=today)
    title = "Luar wilayah" if counts else "Luar wilayah, tidak dihitung"
    for name, at in (("kecamatan.csv", 1), ("desa.csv", 2)):
        header, *areas = rows(desk, campaign, name)
        assert [area[at] for area in areas].index(title) == len(areas) - 1
        attended = header.index("Hadir, belum dikonfirmasi")
        assert sum(int(area[attended]) for area in areas) == board.total.attended + (0 if counts else 1)
        assert areas[-1][header.index("Target")] == ""


def test_a_kader_sees_the_whole_and_her_own_desa(browser, campaign, ibu_sari, some):
    phone = browser(ibu_sari)
    phone.get(gambar(campaign))
    assert "Jalan ke target" in phone.words and "Desa Ibu: Margacinta" in phone.words
    assert "Cikao" not in phone.words and "Babakancikao" not in phone.words and "Implan" not in phone.words
    phone.get(gambar(campaign, "/32.14.12"), status=404)
    assert [row[2] for row in rows(phone, campaign, "desa.csv")] == ["Desa", "Margacinta"]
    for name in ("kecamatan.csv", "hari-desa.csv", "hari-kecamatan.xlsx", "tempat.csv"):
        phone.get(unduh(campaign, name), status=404)


def test_a_kader_whose_desa_has_ended_sees_the_whole(browser, campaign, ibu_wati, cikao):
    with writing() as session:
        session.execute(db.delete(Target).where(Target.desa_code == cikao.code))
        cikao.ended_on = campaign.day_of(now())
    phone = browser(ibu_wati)
    phone.get(gambar(campaign))
    assert "Jalan ke target" in phone.words and "Desa Ibu" not in phone.words and "Margacinta" not in phone.words
    assert [row[2] for row in rows(phone, campaign, "desa.csv")] == ["Desa"]


def test_who_asks_for_what_is_not_there_is_told(browser, campaign, bu_lilis, pak_dedi):
    desk = browser(bu_lilis)
    for wrong in ("/32.15.01", "/99.99.99", "/32.14.12.2001", "/desa"):
        desk.get(gambar(campaign, wrong), status=404)
    for wrong in ("desa.pdf", "desa", ".csv", "orang.csv", "desa.csv.exe"):
        desk.get(unduh(campaign, wrong), status=404)
    for not_his in ("hari-desa.csv", "hari-desa.xlsx"):
        browser(pak_dedi).get(unduh(campaign, not_his), status=404)


def test_a_campaign_before_its_first_day_and_one_without_target_are_drawn_too(browser, campaign, bu_lilis):
    desk = browser(bu_lilis)
    today = campaign.day_of(now())
    with writing():
        campaign.opens_on, campaign.closes_on = today + timedelta(days=5), today + timedelta(days=9)
    desk.get(gambar(campaign))
    assert "Kampanye belum dimulai" in desk.words
    with writing():
        campaign.headline = 0
    desk.get(gambar(campaign))
    assert "Garis putus-putus" not in desk.words
    with writing():
        campaign.opens_on = campaign.closes_on = today - timedelta(days=90)
    desk.get(gambar(campaign))
    assert "Jalan ke target" in desk.words and "Kampanye belum dimulai" not in desk.words


def test_the_offices_own_map_is_drawn_where_there_is_one(browser, campaign, bu_lilis, some):
    desk = browser(bu_lilis)
    desk.get(gambar(campaign))
    assert "Peta petak" in desk.words and '<rect class="ground"' in desk.last.text
    builders.office_map({"32.14.12": 200, "32.14.01": 700})
    desk.get(gambar(campaign))
    assert 'd="M700 0h90v90z"' in desk.last.text and "Peta petak" not in desk.words
    assert "20 %" in desk.words and "–" in desk.words, "Purwakarta has no target, so no percentage"


# ---- As files ----


def rows(screen, campaign, name) -> list[list[str]]:
    answer = screen.ask("GET", unduh(campaign, name))
    assert answer.status_code == 200 and answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_files_say_what_the_board_says(browser, campaign, bu_lilis, today, some):
    desk = browser(bu_lilis)
    _header, *areas = rows(desk, campaign, "kecamatan.csv")
    assert ["32.14.12", "Babakancikao", "20", "4", "20", "1", "0", "1", "1", "1"] in [row[:10] for row in areas]
    days = {row[0]: row[1:] for row in rows(desk, campaign, "hari.csv")}
    assert days[today.isoformat()][:3] == ["1", "2", "4"]
    assert days[(today - timedelta(days=1)).isoformat()][:3] == ["0", "0", "2"]
    assert [str(today), "32.14.12.2002", "Cikao", "1"] in rows(desk, campaign, "hari-desa.csv")
    assert [str(today), "32.14.12", "Babakancikao", "2"] in rows(desk, campaign, "hari-kecamatan.csv")
    assert rows(desk, campaign, "tempat.csv")[1][0] == "Puskesmas Maracang"


@pytest.mark.parametrize("name", ["kecamatan", "desa", "hari", "hari-kecamatan", "hari-desa", "tempat"])
def test_xlsx_and_csv_hold_the_same(browser, campaign, bu_lilis, some, name):
    desk = browser(bu_lilis)
    answer = desk.ask("GET", unduh(campaign, f"{name}.xlsx"))
    assert answer.headers["Content-Disposition"].endswith('.xlsx"') and answer.headers["Cache-Control"] == "no-store"
    sheet = read_apart(answer.data, "x.xlsx")[0].rows
    assert "Keadaan " in sheet[1][0] and campaign.name in sheet[0][0]
    plain = [["" if cell is None else str(cell).removesuffix(" 00:00:00") for cell in row] for row in sheet[2:]]
    assert plain == rows(desk, campaign, f"{name}.csv")


def test_a_file_of_invented_numbers_says_so(browser, campaign, bu_lilis):
    practice = actions.rehearse(campaign, by=bu_lilis, key=key())
    with writing():
        db.session.get(type(campaign), campaign.id).is_example = True
    for of, mark, begins in (
        (practice, "GLADI BERSIH", "gladi-bersih-papan"),
        (campaign, "DATA CONTOH", "contoh-papan"),
    ):
        answer = browser(bu_lilis).ask("GET", unduh(of, "kecamatan.xlsx"))
        assert read_apart(answer.data, "x.xlsx")[0].rows[0][0].startswith(f"{mark}: semua angka karangan · {of.name}")
        assert f'"{begins}-kecamatan' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "|calc", "%x"])
def test_no_name_wakes_as_a_formula(browser, campaign, bu_lilis, margacinta, begins):
    with writing():
        margacinta.name = begins
    desk = browser(bu_lilis)
    named = [row[2] for row in rows(desk, campaign, "desa.csv")]
    assert f"'{begins}" in named and begins not in named
    assert b"<f>" not in desk.ask("GET", unduh(campaign, "desa.xlsx")).data
