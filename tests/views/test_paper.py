"""Paper: sheets with codes are printed, keyed in row by row, every row once, by the form's own rules."""

import re

from campaign import actions
from campaign.extensions import db
from campaign.models import Akseptor, Consent, Deed, PaperSheet, Step
from campaign.rules.methods import Method
from campaign.rules.refusals import AlreadyRegistered, RowTaken
from campaign.rules.roles import Role
from tests import builders
from tests.actions.test_races import at_once
from tests.builders import key, nik, paper_sheet, registered


def wrote(row, **also):
    """What stands on one row, as the grid sends it."""
    about = {"has_consent": "y", "name": f"Neng {row}", "nik": nik(row), "no_nik_reason": "", "birth_date": ""}
    about |= {"rt": "1", "rw": "2", "phone": "", "children": "2", "last_method": "suntik", "wanted": "implan"}
    return {f"{row}-{name}": value for name, value in (about | {"is_counselled": "y"} | also).items()}


def everybody():
    return db.session.scalars(db.select(Akseptor).order_by(Akseptor.registered_at, Akseptor.name)).all()


def grid_of(sheet):
    return f"/kader/kertas/{sheet.id}"


# ---- Printing ----


def test_sheets_are_printed_with_a_code_each_and_found_by_it(browser, campaign, ibu_sari):
    desk = browser(ibu_sari)
    desk.get(f"/kader/{campaign.id}/kertas")
    answer = desk.post(f"/kader/{campaign.id}/kertas", sheets="3", rows="10")
    sheets = db.session.scalars(db.select(PaperSheet)).all()
    assert len({sheet.code for sheet in sheets}) == 3
    assert {(sheet.desa_code, sheet.rows, sheet.by_id) for sheet in sheets} == {("32.14.12.2001", 10, ibu_sari.id)}
    desk.get(answer.location)
    for sheet in sheets:
        assert f"{sheet.code}-1 " in desk.words and f"{sheet.code}-10" in desk.words
    for said in (
        "Setuju (paraf)",
        "NIK istri (16 angka)",
        "Bacakan kepada setiap Ibu",
        "Desa Margacinta, Kec. Babakancikao",
    ):
        assert said in desk.words
    code = sheets[1].code
    assert desk.get(f"/kader/{campaign.id}/kertas?kode={code.lower()}-4", status=303).location == grid_of(sheets[1])
    desk.get(f"/kader/{campaign.id}/kertas?kode=XXXXX")
    assert "Lembar “XXXXX” tidak ada di desa ini." in desk.words


def test_a_wrong_number_of_sheets_is_told_and_the_same_form_prints_once(browser, campaign, ibu_sari):
    desk, here = browser(ibu_sari), f"/kader/{campaign.id}/kertas"
    cases = {
        "none": ({"sheets": ""}, "sheets", "Isi berapa lembar."),
        "too many": ({"sheets": "21"}, "sheets", "Antara 1 dan 20."),
        "too few rows": ({"rows": "3"}, "rows", "Antara 4 dan 12."),
    }
    assert desk.otherwise(here, {"sheets": "1", "rows": "10"}, cases) == {}
    sent = key()
    first, again = (desk.post(here, sheets="2", rows="10", key=sent).location for _ in range(2))
    assert first == again and len(db.session.scalars(db.select(PaperSheet)).all()) == 2


def test_a_plkb_says_for_which_desa_and_nobody_elses_sheet_is_there(
    browser, campaign, pak_wawan, ibu_wati, ibu_sari, bidan_ratna
):
    desk, here = browser(pak_wawan), f"/kader/{campaign.id}/kertas"
    desk.post(here, status=422, sheets="1", rows="10", desa_code="32.14.12.2002")
    assert list(desk.errors) == ["desa_code"]
    desk.post(here, sheets="1", rows="10", desa_code="32.14.12.2001")
    hers = db.session.scalars(db.select(PaperSheet)).one()
    browser(ibu_sari).get(grid_of(hers))
    other = browser(ibu_wati)
    other.get(grid_of(hers), status=404)
    other.get(f"{grid_of(hers)}/cetak", status=404)
    other.post(grid_of(hers), status=404, row="1", **wrote(1))
    other.get(f"/kader/{campaign.id}/kertas?kode={hers.code}")
    assert "tidak ada di desa ini" in other.words and everybody() == []
    browser(bidan_ratna).get(grid_of(hers), status=403)


# ---- Keying in ----


def test_a_row_is_saved_as_she_leaves_it(browser, campaign, ibu_sari):
    sheet, desk = paper_sheet(ibu_sari), browser(ibu_sari)
    desk.get(grid_of(sheet))
    desk.post(
        grid_of(sheet), status=200, htmx="row-2", row="2", **wrote(2, birth_date="11031990", phone="0820 0000 1234")
    )
    assert desk.is_part and desk.page.ids[0] == "row-2" and "✓ Neng 2" in desk.words
    assert "Periksa lagi: tanggal lahir berbeda dengan NIK" in desk.words
    (neng,) = everybody()
    assert (neng.paper_row, neng.desa_code, neng.kader_id) == (f"{sheet.code}-2", "32.14.12.2001", ibu_sari.id)
    assert (neng.birth_date.isoformat(), neng.rt, neng.is_counselled) == ("1990-03-11", "001", True)
    consents = db.session.scalars(db.select(Consent).order_by(Consent.kind)).all()
    assert [(given.kind, given.text_version) for given in consents] == [("counselled", "kertas"), ("data", "kertas")]
    desk.get(grid_of(sheet))
    assert "✓ Neng 2" in desk.words and "2-name" not in desk.page.ids and "1-name" in desk.page.ids
    desk.get(f"/kader/{campaign.id}/kertas")
    assert "1 dari 4 baris" in desk.words


def test_the_rules_are_the_forms_and_the_verdict_stands_in_the_row(browser, ibu_sari):
    sheet, desk = paper_sheet(ibu_sari), browser(ibu_sari)
    registered(ibu_sari, nik="3214125003909123")
    for also, said in (
        ({"nik": nik(1)[:15]}, "NIK harus 16 angka, ini 15 angka."),
        ({"nik": ""}, "Isi NIK, atau pilih sebab NIK belum ada."),
        ({"name": " "}, "Isi nama lengkapnya."),
        ({"has_consent": ""}, "Tanpa persetujuan, data tidak boleh disimpan."),
        ({"birth_date": "31021990"}, "Tanggal ini tidak ada."),
        ({"phone": "12"}, "Nomor HP dimulai 08"),
        ({"children": "dua"}, "Isi dengan angka bulat."),
        ({"wanted": "mop"}, "Untuk MOP, daftarkan lewat formulir biasa"),
        ({"nik": "3214125003909123"}, "sudah terdaftar"),
    ):
        sent = {name: value for name, value in wrote(1, **also).items() if value or name != "1-has_consent"}
        desk.post(grid_of(sheet), status=422, htmx="row-1", row="1", **sent)
        assert said in desk.words, (also, desk.words)
        assert desk.is_part and 'class="wrong"' in desk.last.text
    assert len(everybody()) == 1
    desk.post(grid_of(sheet), status=200, htmx="row-1", row="1", **wrote(1, nik="", no_nik_reason="hilang"))
    assert "✓ Neng 1" in desk.words


def test_dates_are_read_as_they_are_typed(browser, ibu_sari):
    sheet, desk = paper_sheet(ibu_sari), browser(ibu_sari)
    for row, typed in enumerate(("05031990", "5-3-1990", "5/3/1990", "5 3 1990"), start=1):
        desk.post(
            grid_of(sheet),
            status=200,
            htmx="x",
            row=str(row),
            **wrote(row, nik="", no_nik_reason="lain", birth_date=typed),
        )
    assert {str(neng.birth_date) for neng in everybody()} == {"1990-03-05"}
    assert len(everybody()) == 4


def test_a_row_sent_again_is_the_same_woman_and_said_as_such(browser, ibu_sari):
    sheet, desk = paper_sheet(ibu_sari), browser(ibu_sari)
    for _ in range(3):
        desk.post(grid_of(sheet), status=200, htmx="row-1", row="1", **wrote(1))
        assert "✓ Neng 1" in desk.words
    desk.post(grid_of(sheet), status=200, htmx="row-1", row="1", **wrote(1, name="Orang Lain", nik=nik(7)))
    assert "Baris ini sudah dimasukkan." in desk.words and "✓ Neng 1" in desk.words
    assert [neng.name for neng in everybody()] == ["Neng 1"]
    assert db.session.scalar(db.select(db.func.count()).select_from(Step)) == 1


def test_a_row_somebody_else_keyed_in_is_not_doubled(browser, ibu_sari, pak_wawan, margacinta):
    with builders.writing():
        bu_rw = builders.person("rw5", "Bu Erwe", Role.KADER, desa_code="32.14.12.2001", rw="005")
    sheet = paper_sheet(ibu_sari)
    plkb = browser(pak_wawan)
    plkb.post(grid_of(sheet), status=200, htmx="row-1", row="1", **wrote(1, nik="", no_nik_reason="hilang"))
    assert everybody()[0].kader_id == ibu_sari.id, "who keys in for a kader leaves the woman with her"
    for person, name in ((ibu_sari, "Neng 1"), (bu_rw, "sudah dimasukkan")):
        desk = browser(person)
        desk.get(grid_of(sheet))
        assert f"✓ {name}" in desk.words
        desk.post(grid_of(sheet), status=200, htmx="row-1", row="1", **wrote(1, name="Lagi", nik=nik(3)))
        assert "Baris ini sudah dimasukkan." in desk.words and f"✓ {name}" in desk.words
    assert len(everybody()) == 1


def test_two_who_key_in_one_row_at_the_same_moment_make_one_woman(app, ibu_sari, pak_wawan):
    sheet = paper_sheet(ibu_sari)
    about = {"no_nik_reason": "hilang", "wanted": Method.IUD, "is_counselled": False}

    def type_in(person, name):
        mine = sheet.id
        return lambda: (
            actions.key_in(db.session.get_one(PaperSheet, mine), row=1, by=person, key=key(), name=name, **about).name
        )

    told = at_once(app, type_in(ibu_sari, "Satu"), type_in(pak_wawan, "Dua"))
    (her,) = everybody()
    assert told in ([her.name, RowTaken], [RowTaken, her.name])


def test_a_nik_that_is_taken_is_still_told_as_that_and_not_as_a_row(ibu_sari):
    sheet = paper_sheet(ibu_sari)
    registered(ibu_sari, nik=nik(1))
    about = {"name": "Neng", "nik": nik(1), "wanted": Method.IUD, "is_counselled": False}
    try:
        actions.key_in(sheet, row=1, by=ibu_sari, key=key(), **about)
    except AlreadyRegistered as refusal:
        assert refusal.code == "already_registered"
    else:
        raise AssertionError("she was registered twice")


def test_without_script_the_whole_sheet_goes_at_once(browser, ibu_sari):
    sheet, desk = paper_sheet(ibu_sari), browser(ibu_sari)
    desk.post(grid_of(sheet), status=422, **wrote(1), **wrote(2, nik="321"), **wrote(4))
    assert "✓ Neng 1" in desk.words and "✓ Neng 4" in desk.words and "ini 3 angka" in desk.words
    assert 'value="321"' in desk.last.text and [neng.name for neng in everybody()] == ["Neng 1", "Neng 4"]
    answer = desk.post(grid_of(sheet), **wrote(2))
    desk.get(answer.location)
    assert "1 baris disimpan." in desk.words and desk.words.count("✓") == 3
    desk.get(desk.post(grid_of(sheet)).location)
    assert "Tidak ada baris yang diisi." in desk.words
    assert db.session.scalar(db.select(db.func.count()).select_from(Deed).where(Deed.kind == "paper")) == 3


def test_a_row_beyond_the_sheet_and_a_closed_campaign_take_nobody(browser, campaign, ibu_sari):
    sheet, desk = paper_sheet(ibu_sari), browser(ibu_sari)
    for row in ("5", "0", "-1", "satu"):
        desk.post(grid_of(sheet), status=404, row=row, **wrote(5))
    with builders.writing():
        campaign.stage = builders.Stage.CLOSED
    desk.post(grid_of(sheet), status=409, htmx="row-1", row="1", **wrote(1))
    assert "Kampanye ini sedang tidak berjalan" in desk.words and everybody() == []


def test_the_grid_can_be_used_with_the_keyboard_alone(browser, ibu_sari):
    sheet, desk = paper_sheet(ibu_sari), browser(ibu_sari)
    text = desk.get(grid_of(sheet)).text
    row = re.search(r'<tbody id="row-1".*?</tbody>', text, re.DOTALL).group()
    fields = re.findall(r"<(?:input|select) [^>]*>", row)
    assert len(fields) == 12 and all('form="sheet-form"' in one and "aria-label=" in one for one in fields)
    assert "autofocus" in fields[0] and text.count("autofocus") == 1 and 'tabindex="-1"' not in row
