"""DPPKB's room, sheets: a file is handed in, every row is shown, taken all or nothing, handed in again, taken back."""

import io
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import xlsxwriter

from campaign import actions, beside, importing, queries
from campaign.actions import imports
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import (
    Akseptor,
    Consent,
    Import,
    ImportRow,
    Kabupaten,
    Person,
    ServiceDay,
    ServicePoint,
    SheetState,
    Step,
    Weight,
)
from campaign.rules.journey import Kind, Status
from campaign.rules.refusals import TooLate
from campaign.sealed import keys
from campaign.sheets import apart
from tests import builders
from tests.builders import key, nik

HEAD = ["No", "Nama", "NIK", "Tgl Lahir", "Desa/Kel", "RT/RW", "No HP", "Alkon"]


def xlsx(*rows, sheet="Data") -> tuple:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                page.write(number, at, cell)
    return io.BytesIO(file.getvalue()), "lembar.xlsx"


def women(*rows):
    return xlsx(["DAFTAR CALON AKSEPTOR"], [], HEAD, *rows)


NENG = (1, "Neng Siti", nik(1), "", "Margacinta", "01/02", "0812 0000 0001", "Implan")
EUIS = (2, "EUIS ROHAYATI", "'" + nik(2), "", "DS. CIKAO", "", "", "iud")
NO_NIK = (3, "Ai Nurhayati", "", "5-3-1990", "Margacinta", "", "", "")
SHORT_NIK = (4, "Iis Sumiati", "321412500390912", "", "Margacinta", "", "", "Implan")
NOWHERE = (5, "Imas Kartini", nik(5), "", "Antah Berantah", "", "", "Implan")
AGAIN = (6, "Neng Siti", nik(1), "", "Margacinta", "01/02", "0812 0000 0001", "Implan")


@pytest.fixture
def office(browser, bu_lilis):
    return browser(bu_lilis)


def hand_in(office, file, *, kind="akseptor", campaign=None) -> Import:
    form = {"kind": kind, "file": file} | ({"campaign_id": str(campaign.id)} if campaign else {})
    office.get(office.post("/dppkb/lembar", **form).location)
    return db.session.scalars(db.select(Import).order_by(Import.at.desc())).first()


def take(office, taken, **form):
    office.get(office.post(f"/dppkb/lembar/{taken.id}/terapkan", **form).location)
    db.session.refresh(taken)


def standing(campaign) -> list[str]:
    mine = db.select(Akseptor.name).where(Akseptor.campaign_id == campaign.id, Akseptor.status.is_not(None))
    return sorted(db.session.scalars(mine))


def test_women_are_shown_row_by_row_then_taken_all_at_once(office, campaign, margacinta, ibu_sari, bu_lilis):
    taken = hand_in(office, women(NENG, EUIS, NO_NIK, SHORT_NIK, NOWHERE, AGAIN), campaign=campaign)
    assert taken.state == SheetState.READY and taken.totals["verdicts"] == {
        "diimpor": 2,
        "peringatan": 1,
        "ditolak": 2,
        "ganda": 1,
    }
    for words in (
        "NIK 15 digit, harus 16",
        "desa “Antah Berantah” tidak ditemukan",
        "sama dengan baris 4",
        "Impor 3 baris",
    ):
        assert words in office.words
    assert nik(1) not in office.last.text and nik(2) not in office.last.text
    assert standing(campaign) == []

    office.post(f"/dppkb/lembar/{taken.id}/terapkan", status=422)
    assert "Tanpa persetujuan tertulis" in office.words and standing(campaign) == []
    take(office, taken, on_paper="y")
    assert taken.state == SheetState.APPLIED and "Tersimpan." in office.words
    assert standing(campaign) == ["Ai Nurhayati", "Euis Rohayati", "Neng Siti"]

    neng = db.session.scalars(db.select(Akseptor).where(Akseptor.name == "Neng Siti")).one()
    assert (neng.status, neng.is_counselled, neng.kader_id) == (Status.REGISTERED, False, ibu_sari.id)
    assert queries.sealed_facts(neng) == {
        "nik": nik(1),
        "phone": "+6281200000001",
        "address": None,
        "method": "implan",
        "couple": None,
    }
    consent = db.session.scalars(db.select(Consent).where(Consent.akseptor_id == neng.id)).one()
    assert (consent.kind, consent.text_version, consent.by_id) == ("data", "kertas", bu_lilis.id)
    assert queries.differences() == []
    assert taken.file_sealed is None


def test_the_same_file_handed_in_again_changes_nothing(office, campaign):
    take(office, hand_in(office, women(NENG, EUIS, NO_NIK), campaign=campaign), on_paper="y")
    again = hand_in(office, women(NENG, EUIS, NO_NIK), campaign=campaign)
    assert again.totals["verdicts"] == {"ganda": 3}
    assert "Tidak ada baris baru di berkas ini." in office.words and "sudah terdaftar" in office.words
    assert len(standing(campaign)) == 3


def test_an_import_is_taken_back_for_all_nobody_has_worked_with(office, campaign, ibu_sari):
    taken = hand_in(office, women(NENG, EUIS, NO_NIK), campaign=campaign)
    take(office, taken, on_paper="y")
    neng = db.session.scalars(db.select(Akseptor).where(Akseptor.name == "Neng Siti")).one()
    actions.counsel(neng, by=ibu_sari, key=key())
    office.get(office.post(f"/dppkb/lembar/{taken.id}/batalkan").location)
    assert "2 dihapus lagi, 1 tetap karena sudah dikerjakan" in office.words
    assert standing(campaign) == ["Neng Siti"] and queries.differences() == []
    gone = db.session.scalars(db.select(Akseptor).where(Akseptor.status.is_(None))).all()
    assert [(her.name, her.birth_date, her.has_nik) for her in gone] == [("", None, False)] * 2
    assert db.session.scalar(db.select(db.func.count()).select_from(Step).where(Step.kind == Kind.RETRACT)) == 2
    # Her NIK is free again.
    take(office, hand_in(office, women(EUIS), campaign=campaign), on_paper="y")
    assert standing(campaign) == ["Euis Rohayati", "Neng Siti"]


def test_an_import_is_taken_back_within_a_day_only_and_once(office, campaign, bu_lilis, later):
    taken = hand_in(office, women(NENG), campaign=campaign)
    take(office, taken, on_paper="y")
    with pytest.raises(TooLate):
        actions.ask_to_undo(taken, by=bu_lilis, key=key(), at=later(hours=25))
    office.post(f"/dppkb/lembar/{taken.id}/batalkan")
    office.post(f"/dppkb/lembar/{taken.id}/batalkan", status=409)


def test_refused_rows_come_back_in_their_own_layout_and_can_be_mended(office, campaign):
    taken = hand_in(office, women(NENG, SHORT_NIK, NOWHERE), campaign=campaign)
    answer = office.get(f"/dppkb/lembar/{taken.id}/ditolak.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = apart.read_apart(answer.data, "ditolak.xlsx")[0]
    assert sheet.rows[0][0] == "DAFTAR CALON AKSEPTOR" and sheet.rows[2][: len(HEAD)] == HEAD
    assert [row[1] for row in sheet.rows[3:]] == ["Iis Sumiati", "Imas Kartini"]
    assert "NIK 15 digit" in sheet.rows[3][len(HEAD)]
    mended = [row[: len(HEAD)] for row in sheet.rows[2:]]
    mended[1][2], mended[2][4] = nik(4), "Margacinta"
    assert hand_in(office, xlsx(*mended), campaign=campaign).totals["verdicts"] == {"diimpor": 2}


def test_a_column_taken_for_something_else_is_said_anew(office, campaign):
    file = xlsx(["Nama", "Kode rahasia", "Tempat tinggal"], ["Neng Siti", nik(1), "Margacinta"])
    taken = hand_in(office, file, campaign=campaign)
    assert taken.totals["verdicts"] != {"diimpor": 1}
    said = {"s0-tajuk": "1", "s0-0": "nama", "s0-1": "nik", "s0-2": "desa"}
    office.get(office.post(f"/dppkb/lembar/{taken.id}/kolom", **said).location)
    db.session.refresh(taken)
    assert taken.state == SheetState.READY and taken.totals["verdicts"] == {"diimpor": 1}, office.words


def test_a_file_is_left_and_nothing_of_it_stays(office, campaign):
    taken = hand_in(office, women(NENG), campaign=campaign)
    office.get(office.post(f"/dppkb/lembar/{taken.id}/buang").location)
    assert "Berkas dibuang. Tidak ada yang disimpan." in office.words
    assert not db.session.scalars(db.select(Import)).all() and not db.session.scalars(db.select(ImportRow)).all()


def test_a_file_of_which_women_were_made_is_not_dropped(office, app, campaign, bu_lilis):
    taken = hand_in(office, women(NENG), campaign=campaign)
    take(office, taken, on_paper="y")
    office.post(f"/dppkb/lembar/{taken.id}/buang", status=409)
    app.extensions["importing"] = lambda *what: None
    office.post(f"/dppkb/lembar/{taken.id}/batalkan")
    assert taken.state == SheetState.UNDOING
    office.post(f"/dppkb/lembar/{taken.id}/buang", status=409)
    assert len(standing(campaign)) == 1
    assert len(db.session.scalars(db.select(ImportRow)).all()) >= 1


def test_what_is_no_sheet_fails_with_a_sentence(office, campaign):
    taken = hand_in(office, (io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(200)), "foto.xlsx"), campaign=campaign)
    assert taken.state == SheetState.FAILED and taken.sentence in office.words and taken.file_sealed is None
    taken = hand_in(office, xlsx(["a", "b"], [1, 2]), campaign=campaign)
    assert taken.state == SheetState.FAILED and "Tidak ada tabel yang dikenali di berkas ini." in office.words
    wrong = {
        "no kind": ({"kind": ""}, "kind", "Pilih isi lembarnya."),
        "no campaign": ({"campaign_id": ""}, "campaign_id", "Pilih kampanyenya."),
        "no file": ({"file": ""}, "file", "Pilih berkasnya."),
    }
    right = {"kind": "akseptor", "campaign_id": str(campaign.id), "file": ""}
    assert office.otherwise("/dppkb/lembar", right | {"file": ""}, {"no file": wrong["no file"]}) == {}
    for case in ("no kind", "no campaign"):
        file = {"file": women(NENG)}
        assert office.otherwise("/dppkb/lembar", right | file, {case: wrong[case]}) == {}


def test_somebody_quicker_with_one_nik_stops_the_whole_file(office, campaign, ibu_sari):
    taken = hand_in(office, women(NENG, EUIS), campaign=campaign)
    builders.registered(ibu_sari, nik=nik(2))
    take(office, taken, on_paper="y")
    assert taken.state == SheetState.READY and "Tidak ada yang berubah. Ibu ini sudah terdaftar" in office.words
    assert len(standing(campaign)) == 1
    assert queries.differences() == []


def test_rows_in_hand_are_those_that_were_kept(office, app, campaign, bu_lilis):
    """Who has read the file applies what it understood itself, unless the file was read again elsewhere."""
    app.extensions["importing"] = lambda *what: None
    taken = hand_in(office, women(NENG, EUIS), campaign=campaign)
    with apart.in_memory(women(NENG, EUIS)[0].getvalue()) as given:
        in_hand = importing.read(taken.id, apart.Reading(given))
    kept = {row.made_id: importing.values_of(row, keys) for row in queries.rows_to_take(taken)}
    assert len(in_hand) == 2 and dict(in_hand) == kept and queries.will_make(taken, in_hand)
    stale = [(uuid4(), values | {"name": "Orang Lain"}) for _, values in in_hand]
    assert not queries.will_make(taken, stale) and not queries.will_make(taken, [])
    actions.ask_to_apply(taken, by=bu_lilis, key=key())
    importing.apply(taken.id, bu_lilis.id, stale)
    assert standing(campaign) == ["Euis Rohayati", "Neng Siti"]


def test_who_read_hears_the_next_word(app, monkeypatch):
    """Another is begun only when it waits no longer."""
    begun, import_id = [], str(uuid4())
    monkeypatch.setattr(beside.subprocess, "Popen", lambda command, **_: begun.append(command[3:]))
    beside.begin("terapkan", import_id, "x", b"")
    assert begun == [["terapkan", import_id, "x"]]
    heard = []

    def wait():
        with app.app_context():
            heard.append(beside.next_word(import_id))

    beside.door(import_id).parent.mkdir(exist_ok=True)
    waiting = threading.Thread(target=wait)
    waiting.start()
    while waiting.is_alive() and not beside.door(import_id).exists():
        waiting.join(0.01)
    begun.clear()
    while waiting.is_alive() and not begun[1:]:  # the door is there a moment before it opens
        beside.begin("terapkan", import_id, "y", b"")
        waiting.join(1)
    assert heard == [["terapkan", "y"]] and not beside.door(import_id).exists()
    monkeypatch.setattr(beside, "PATIENCE", 0.01)
    assert beside.next_word(import_id) == []


def test_a_work_that_died_is_told_and_begun_again(office, app, campaign, bu_lilis):
    begun = []
    app.extensions["importing"] = lambda *what: begun.append(what)
    taken = hand_in(office, women(NENG), campaign=campaign)
    assert taken.state == SheetState.READING and "Membaca berkas" in office.words
    assert "Membaca berkas" in office.get(f"/dppkb/lembar/{taken.id}/maju", htmx="progress").text
    with writing():
        db.session.get_one(Import, taken.id).beat_at = now() - timedelta(minutes=5)
    office.get(f"/dppkb/lembar/{taken.id}")
    assert "Pekerjaan ini berhenti di tengah jalan." in office.words
    office.post(f"/dppkb/lembar/{taken.id}/ulangi")
    assert [what for what, *_ in begun] == ["baca", "baca"]
    importing.read(taken.id)
    db.session.refresh(taken)
    assert taken.state == SheetState.READY
    answer = office.get(f"/dppkb/lembar/{taken.id}/maju", htmx="progress", status=204)
    assert answer.headers["HX-Redirect"].endswith(str(taken.id))
    office.post(f"/dppkb/lembar/{taken.id}/ulangi", status=409)


def test_applying_twice_writes_once(office, app, campaign, bu_lilis):
    taken = hand_in(office, women(NENG), campaign=campaign)
    app.extensions["importing"] = lambda *what: None
    office.post(f"/dppkb/lembar/{taken.id}/terapkan", on_paper="y")
    office.post(f"/dppkb/lembar/{taken.id}/terapkan", on_paper="y", status=409)
    importing.apply(taken.id, bu_lilis.id)
    importing.apply(taken.id, bu_lilis.id)
    assert standing(campaign) == ["Neng Siti"]


def test_the_roster_becomes_accounts_nobody_can_sign_in_to_yet(office, margacinta, cikao, bu_lilis):
    rows = [
        ["Nama Kader", "Desa", "Jabatan", "RW", "No HP"],
        ["Hj. Tati Kartini", "Margacinta", "PPKBD", "", "0820 0000 0001"],
        ["Tati Sumiati", "Cikao", "Sub PPKBD", "RW 03", "+62 820 0000 0002"],
    ]
    taken = hand_in(office, xlsx(*rows), kind="kader")
    assert taken.totals["verdicts"] == {"diimpor": 2}, office.words
    take(office, taken)
    made = {p.sign_in_name: p for p in db.session.scalars(db.select(Person).where(Person.name.like("%Tati%")))}
    assert {name: (p.desa_code, p.rw) for name, p in made.items()} == {
        "tati": (margacinta.code, None),
        "tati2": (cikao.code, "003"),
    }
    assert "Cetak kartu aktivasi" in office.words
    assert hand_in(office, xlsx(*rows), kind="kader").totals["verdicts"] == {"ganda": 2}
    office.get(office.post(f"/dppkb/lembar/{taken.id}/batalkan").location)
    assert not db.session.scalars(db.select(Person).where(Person.name.like("%Tati%"))).all()


def test_a_roster_taken_back_leaves_who_was_invited_to_a_gathering_meanwhile(office, cast, bu_lilis):
    rows = [
        ["Nama Kader", "Desa", "Jabatan"],
        ["Tati Kartini", "Margacinta", "PPKBD"],
        ["Tati Sumiati", "Cikao", "PPKBD"],
    ]
    taken = hand_in(office, xlsx(*rows), kind="kader")
    take(office, taken)
    tati = db.session.scalars(db.select(Person).where(Person.name == "Tati Kartini")).one()
    builders.invited(builders.gathering(bu_lilis), tati, by=bu_lilis)
    office.get(office.post(f"/dppkb/lembar/{taken.id}/batalkan").location)
    assert "1 dihapus lagi, 1 tetap karena sudah dikerjakan" in office.words
    assert [p.name for p in db.session.scalars(db.select(Person).where(Person.name.like("%Tati%")))] == ["Tati Kartini"]


def test_days_come_from_a_sheet_and_go_again_while_nobody_is_booked(office, campaign, cast, today, ibu_sari):
    coming = [today + timedelta(days=n) for n in (1, 2)]
    rows = [["Tanggal", "Tempat", "Kuota", "Jam"]]
    rows += [[f"{on:%d-%m-%Y}", "PKM Maracang", 12, "08.00-14.00"] for on in coming]
    rows += [["1-1-2001", "PKM Maracang", 12, ""], [f"{coming[0]:%d-%m-%Y}", "Rumah Pak RT", 5, ""]]
    taken = hand_in(office, xlsx(*rows), kind="hari", campaign=campaign)
    assert taken.totals["verdicts"] == {"diimpor": 2, "ditolak": 2}, office.words
    take(office, taken)
    days = db.session.scalars(db.select(ServiceDay).order_by(ServiceDay.on)).all()
    assert [(d.on, d.seats, d.service_point_id, f"{d.ends_at:%H}") for d in days] == [
        (on, 12, cast.maracang.id, "14") for on in coming
    ]
    assert hand_in(office, xlsx(*rows[:3]), kind="hari", campaign=campaign).totals["verdicts"] == {"ganda": 2}
    actions.book(builders.registered(ibu_sari, nik=nik(9)), day=days[0], by=ibu_sari, key=key())
    office.get(office.post(f"/dppkb/lembar/{taken.id}/batalkan").location)
    assert "1 dihapus lagi, 1 tetap karena sudah dikerjakan" in office.words
    assert len(db.session.scalars(db.select(ServiceDay)).all()) == 1


def test_days_on_which_nobody_serves_are_refused(office, campaign, cast, today, bu_lilis):
    coming = [today + timedelta(days=n) for n in (1, 2)]
    about = {"kabupaten": db.session.get_one(Kabupaten, campaign.kabupaten_code), "by": bu_lilis}
    actions.add_blackout(first=coming[0], last=coming[0], why="Cuti bersama", key=key(), **about)
    with writing():
        elsewhere = ServicePoint(
            kabupaten_code=campaign.kabupaten_code, name="Puskesmas Plered", kind=cast.maracang.kind
        )
        db.session.add(elsewhere)
    actions.add_blackout(first=coming[1], last=coming[1], puskesmas=elsewhere, key=key(), **about)
    rows = [[f"{on:%d-%m-%Y}", place, 9] for on in coming for place in ("Puskesmas Maracang", "Puskesmas Plered")]
    take(office, hand_in(office, xlsx(["Tanggal", "Tempat", "Kuota"], *rows), kind="hari", campaign=campaign))
    days = db.session.scalars(db.select(ServiceDay)).all()
    assert [(day.on, day.service_point_id) for day in days] == [(coming[1], cast.maracang.id)]


def test_weights_come_in_several_columns_and_a_correction_keeps_the_rest(office, margacinta, cikao):
    rows = [["Kode", "Desa", "PUS", "Unmet need"], [margacinta.code, "Margacinta", "3.000", "12,5"]]
    rows += [[cikao.code, "Cikao", 1000, 7]]
    taken = hand_in(office, xlsx(*rows), kind="bobot")
    take(office, taken)
    found = queries.known_weights("32.14")
    assert {name: {code: str(value) for code, value in column.items()} for name, column in found.items()} == {
        "PUS": {margacinta.code: "3000", cikao.code: "1000"},
        "Unmet need": {margacinta.code: "25/2", cikao.code: "7"},
    }
    assert hand_in(office, xlsx(*rows), kind="bobot").totals["verdicts"] == {"ganda": 2}
    corrected = hand_in(office, xlsx(rows[0], [cikao.code, "Cikao", 1001, 7]), kind="bobot")
    take(office, corrected)
    assert {code: int(v) for code, v in queries.known_weights("32.14")["PUS"].items()} == {
        margacinta.code: 3000,
        cikao.code: 1001,
    }
    office.post(f"/dppkb/lembar/{corrected.id}/batalkan")
    assert queries.known_weights("32.14")["PUS"][cikao.code] == 1000
    office.post(f"/dppkb/lembar/{taken.id}/batalkan")
    assert db.session.scalars(db.select(Weight)).all() == []


@pytest.mark.parametrize("kind", ["akseptor", "kader", "hari", "bobot"])
def test_each_kind_has_a_template_that_is_recognised_when_it_comes_back(office, campaign, kind):
    answer = office.get(f"/dppkb/lembar/contoh/{kind}.xlsx")
    sheets = apart.read_apart(answer.data, f"{kind}.xlsx")
    filled = {
        "akseptor": {"Nama": "Neng Siti", "NIK": nik(1), "Desa/Kelurahan": "Margacinta"},
        "kader": {"Nama": "Tati", "Desa/Kelurahan": "Margacinta", "Jabatan": "PPKBD", "NIK": nik(7)},
        "hari": {
            "Tanggal": f"{campaign.day_of(now()) + timedelta(days=2):%d-%m-%Y}",
            "Tempat": "Puskesmas Maracang",
            "Kuota": 9,
        },
        "bobot": {"Desa/Kelurahan": "Margacinta", "PUS": 100},
    }[kind]
    head = sheets[0].rows[0]
    taken = hand_in(office, xlsx(head, [filled.get(word, "") for word in head]), kind=kind, campaign=campaign)
    assert sum(taken.totals["verdicts"].get(v, 0) for v in ("diimpor", "peringatan")) == 1, office.words
    office.get("/dppkb/lembar/contoh/entah.xlsx", status=404)


def test_rows_of_old_files_are_forgotten(office, campaign, later):
    taken = hand_in(office, women(NENG, SHORT_NIK), campaign=campaign)
    assert imports.forget_old(at=later(days=6)) == 0
    db.session.refresh(taken)
    assert taken.file_sealed is None
    assert imports.forget_old(at=later(days=8)) > 0
    office.get(f"/dppkb/lembar/{taken.id}")
    assert db.session.scalars(db.select(ImportRow)).all() == []
