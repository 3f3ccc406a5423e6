"""The list of a gathering out as a sheet and in again: shown row by row, applied all or nothing, taken back within a day."""

import csv
import io

import pytest

from campaign import actions, queries
from campaign.extensions import db
from campaign.models import AttendanceStep, Import, Invitee, QuizResult, SheetState
from campaign.rules.gatherings import QuizPart, SignedBy
from tests import builders
from tests.builders import key
from tests.views.test_sheets import xlsx

HEAD = ["No", "Kode", "Nama", "Jabatan", "Desa", "Kecamatan", "RW", "No HP", "Kehadiran", "Jam", "Diwakili oleh"]
HEAD += ["Nilai pre", "Nilai post"]


@pytest.fixture
def made(cast):
    return builders.gathering(cast.bu_lilis)


@pytest.fixture
def office(browser, bu_lilis):
    return browser(bu_lilis)


def row(name, *, code="", title="", desa="", rw="", hadir="", jam="", wakil="", pre="", post=""):
    return ["", code, name, title, desa, "", rw, "0812 0000 0001", hadir, jam, wakil, pre, post]


def hand_in(office, made, *rows) -> Import:
    form = {"kind": "peserta", "gathering_id": str(made.id), "file": xlsx(["DAFTAR HADIR"], HEAD, *rows)}
    office.get(office.post("/dppkb/lembar", **form).location)
    return db.session.scalars(db.select(Import).order_by(Import.at.desc())).first()


def take(office, taken, *, how="terapkan"):
    office.get(office.post(f"/dppkb/lembar/{taken.id}/{how}").location)
    db.session.refresh(taken)


def standing(made):
    """Name → (status, how she came onto the list, who stood in)."""
    return {
        who.name: (who.status.value, who.signed_by and who.signed_by.value, who.stands_in)
        for who in queries.invitee_list(made)
    }


def verdicts(taken):
    return taken.totals["verdicts"]


def test_a_filled_in_list_is_shown_then_applied_in_one_deed(office, cast, made):
    sari, _wati = builders.invited(made, cast.ibu_sari, cast.ibu_wati, by=cast.bu_lilis)
    taken = hand_in(
        office, made,
        row("Ibu Sari", code=sari.code.lower(), hadir="Hadir", jam="08.05", pre="7/10", post="9 dari 10"),
        row("Ibu Wati", desa="Cikao", hadir="diwakili", wakil="Ibu Nia"),
        row("Haji Udin", title="Kepala Desa", desa="Cikao", hadir="v"),
        row("Camat Baru", title="Camat", hadir="izin"),
        row("Orang Salah", code="AAAAA"),
        row("Bu Aneh", hadir="mungkin"),
        row("Ibu Sari", code=sari.code, hadir="izin"),
    )  # fmt: skip
    assert taken.state == SheetState.READY, taken.sentence
    assert verdicts(taken) == {"diimpor": 2, "peringatan": 2, "ditolak": 2, "ganda": 1}
    for words in ("kode “AAAAA” tidak ada", "kehadiran “mungkin” tidak terbaca", "orang yang sama dengan baris 3"):
        assert words in office.words
    assert builders.turnout(made) == {"invited": 2}
    take(office, taken)
    assert taken.state == SheetState.APPLIED, taken.sentence
    assert standing(made) == {
        "Ibu Sari": ("came", "sheet", ""),
        "Ibu Wati": ("represented", "sheet", "Nia"),
        "Udin": ("came", "sheet", ""),
        "Camat Baru": ("excused", None, ""),
    }
    assert builders.turnout(made) == {"came": 2, "represented": 1, "excused": 1}
    marks = {(m.part.value, m.right, m.of) for m in db.session.scalars(db.select(QuizResult))}
    assert marks == {("pre", 7, 10), ("post", 9, 10)}
    assert f"{made.day_of(db.session.get(Invitee, sari.id).came_at)}" == str(made.on)


def test_the_same_file_again_changes_nothing(office, cast, made):
    rows = (row("Ibu Sari", desa="Margacinta", hadir="hadir", pre="3/5"), row("Tamu", hadir="hadir"))
    take(office, hand_in(office, made, *rows))
    steps = db.session.scalar(db.select(db.func.count()).select_from(AttendanceStep))
    again = hand_in(office, made, *rows)
    assert verdicts(again) == {"ganda": 2}
    take(office, again)
    assert db.session.scalar(db.select(db.func.count()).select_from(AttendanceStep)) == steps
    assert builders.turnout(made) == {"came": 2}


def test_it_is_taken_back_where_nothing_happened_since(office, cast, made):
    builders.invited(made, cast.ibu_sari, by=cast.bu_lilis)
    taken = hand_in(
        office, made, row("Ibu Sari", desa="Margacinta", hadir="hadir", pre="3/5"), row("Tamu", hadir="terlambat"),
        row("Ibu Wati", desa="Cikao", hadir="hadir"),
    )  # fmt: skip
    take(office, taken)
    wati = next(who for who in queries.invitee_list(made) if who.name == "Ibu Wati")
    actions.correct_entry(wati, reason="salah_orang", by=cast.bu_lilis, key=key())
    take(office, taken, how="batalkan")
    assert taken.state == SheetState.UNDONE, taken.sentence
    assert (taken.totals["undone"], taken.totals["kept"]) == (2, 1)
    assert builders.turnout(made) == {"invited": 2}
    assert sorted(standing(made)) == ["Ibu Sari", "Ibu Wati"]
    assert db.session.scalars(db.select(QuizResult)).all() == []
    assert db.session.get(type(made), made.id).present == 0


def test_who_has_answered_on_her_phone_since_is_not_taken_back(office, cast, made):
    asked = builders.questions(made, by=cast.bu_lilis)
    (sari,) = builders.invited(made, cast.ibu_sari, by=cast.bu_lilis)
    taken = hand_in(office, made, row("Ibu Sari", desa="Margacinta", hadir="hadir"), row("Tamu", hadir="hadir"))
    take(office, taken)
    actions.open_quiz(made, part=QuizPart.PRE, by=cast.bu_lilis, key=key())
    actions.answer_quiz(sari, part=QuizPart.PRE, chosen={str(asked[0].id): 1}, by=cast.ibu_sari, key=key())
    take(office, taken, how="batalkan")
    assert (taken.totals["undone"], taken.totals["kept"]) == (1, 1)
    assert builders.turnout(made) == {"came": 1} and standing(made)["Ibu Sari"][0] == "came"


def test_a_hall_too_small_takes_nothing_at_all(office, cast):
    small = builders.gathering(cast.bu_lilis, capacity=1)
    taken = hand_in(office, small, row("Ibu Sari", desa="Margacinta", hadir="hadir"), row("Tamu", hadir="hadir"))
    take(office, taken)
    assert taken.state == SheetState.READY and "sudah habis" in taken.sentence
    assert builders.turnout(small) == {} and standing(small) == {}


def test_who_signed_in_while_the_file_lay_there_came_once(office, cast, made):
    (sari,) = builders.invited(made, cast.ibu_sari, by=cast.bu_lilis)
    taken = hand_in(office, made, row("Ibu Sari", desa="Margacinta", hadir="hadir"))
    actions.come(sari, signed_by=SignedBy.DESK, by=cast.bu_lilis, key=key())
    take(office, taken)
    assert taken.state == SheetState.APPLIED and builders.turnout(made) == {"came": 1}


def test_what_she_answered_on_her_phone_is_not_written_over(office, cast, made):
    asked = builders.questions(made, by=cast.bu_lilis)
    (sari,) = builders.invited(made, cast.ibu_sari, by=cast.bu_lilis)
    actions.come(sari, signed_by=SignedBy.DESK, by=cast.bu_lilis, key=key())
    actions.open_quiz(made, part=QuizPart.PRE, by=cast.bu_lilis, key=key())
    actions.answer_quiz(sari, part=QuizPart.PRE, chosen={str(asked[0].id): 1}, by=cast.ibu_sari, key=key())
    taken = hand_in(office, made, row("Ibu Sari", desa="Margacinta", hadir="hadir", pre="2", post="2"))
    assert "sudah dijawab sendiri di HP" in office.words
    take(office, taken)
    marks = {m.part.value: m.right for m in db.session.scalars(db.select(QuizResult))}
    assert marks == {"pre": 1, "post": 2}


def test_what_is_handed_out_is_read_back_as_it_was(office, cast, made):
    sari, _wati = builders.invited(made, cast.ibu_sari, cast.ibu_wati, by=cast.bu_lilis)
    actions.come(sari, signed_by=SignedBy.DESK, by=cast.bu_lilis, key=key())
    actions.invite_by_name(made, name="=HYPERLINK(1)", title="@cmd", by=cast.bu_lilis, key=key())
    actions.enter_mark(sari, part=QuizPart.PRE, right=7, of=10, by=cast.bu_lilis, key=key())
    file = office.get(f"/pertemuan/{made.id}/unduh/peserta.xlsx").data
    form = {"kind": "peserta", "gathering_id": str(made.id), "file": (io.BytesIO(file), "peserta.xlsx")}
    office.get(office.post("/dppkb/lembar", **form).location)
    taken = db.session.scalars(db.select(Import)).one()
    assert verdicts(taken) == {"ganda": 3}, office.words
    told = office.get(f"/pertemuan/{made.id}/unduh/peserta.csv").data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(told), delimiter=";"))
    assert lines[1][2].startswith(("'=", "Ibu")) and "7/10" in told and ";=" not in told and ";@" not in told
    office.get(f"/pertemuan/{made.id}/unduh/semua.xlsx", status=404)


def test_a_stand_in_that_was_corrected_is_neither_shown_nor_handed_out_nor_read_back(office, cast, made):
    (sari,) = builders.invited(made, cast.ibu_sari, by=cast.bu_lilis)
    actions.come(sari, signed_by=SignedBy.DESK, stands_in="Ibu Nia", by=cast.bu_lilis, key=key())
    office.get(f"/pertemuan/{made.id}/undangan")
    assert "oleh Ibu Nia" in office.words
    actions.correct_entry(sari, reason="salah_orang", by=cast.bu_lilis, key=key())
    office.get(f"/pertemuan/{made.id}/undangan")
    assert "Ibu Nia" not in office.words
    file = office.get(f"/pertemuan/{made.id}/unduh/peserta.xlsx").data
    form = {"kind": "peserta", "gathering_id": str(made.id), "file": (io.BytesIO(file), "peserta.xlsx")}
    office.get(office.post("/dppkb/lembar", **form).location)
    assert verdicts(db.session.scalars(db.select(Import)).one()) == {"ganda": 1}, office.words


def test_what_was_taken_back_can_be_put_forward_again_at_a_desk(office, browser, cast, made):
    (sari,) = builders.invited(made, cast.ibu_sari, by=cast.bu_lilis)
    taken = hand_in(office, made, row("Ibu Sari", desa="Margacinta", hadir="hadir", jam="08.05"))
    take(office, taken)
    take(office, taken, how="batalkan")
    assert standing(made)["Ibu Sari"][0] == "invited"
    actions.correct_entry(sari, reason="salah_orang", by=cast.bu_lilis, key=key())
    phone = browser(cast.ibu_sari)
    phone.get(f"/hadir/{made.door_code}")
    assert "hadir pukul 08.05" in phone.words
    office.post(f"/pertemuan/meja/{sari.id}/hadir", status=200, htmx="desk", key=key())
    assert "sudah hadir sejak 08.05" in office.words


def test_a_gathering_of_elsewhere_takes_no_file(browser, cast, made):
    stranger = browser(cast.orang_karawang)
    form = {"kind": "peserta", "gathering_id": str(made.id), "file": xlsx(HEAD, row("Tamu"))}
    stranger.post("/dppkb/lembar", status=422, **form)
    assert db.session.scalars(db.select(Import)).all() == []


def test_a_file_for_people_needs_a_gathering(office):
    office.post("/dppkb/lembar", status=422, kind="peserta", file=xlsx(HEAD, row("Tamu")))
    assert "Pilih pertemuannya." in office.words
