"""Registers out: the made-up month against the hand-made answer, who may see what, SIGA's ticks, paper and xlsx."""

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from campaign import actions, queries, words
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import AccessLog, Deed, FollowUp, Kabupaten, Service, StockKind, StockLine
from campaign.rules.methods import Method
from campaign.rules.nik import mask
from campaign.rules.registers import COUNTED, Note, cells, recap, register, total
from campaign.rules.service_facts import Source
from campaign.sheets.apart import read_apart
from campaign.sheets.registers import recap_rows
from campaign.views import registers
from tests import builders
from tests.builders import key, nik
from tests.rules.test_registers import f2_from_cells
from tests.the_month import last_month, the_month

DATA = Path(__file__).resolve().parent.parent / "data"


def by_hand(name: str) -> list[list[str]]:
    lines = [line for line in (DATA / name).read_text().splitlines() if line and not line.startswith("#")]
    return list(csv.reader(lines))


def as_by_hand(row: list) -> list[str]:
    """One row of ours as the answer writes it: days of the month, ticks as x, nothing as nothing."""
    no, on, husband, her_nik, name, born, *rest = row
    number = "" if her_nik is None else str(int(her_nik[-4:]) - 9001)
    told = ["" if value is None else "x" if value == "✓" else str(value) for value in rest]
    return [str(no), str(on.day), husband or "", number, name, born.isoformat(), *told]


@pytest.fixture
def story(cast):
    return the_month(cast)


def made_of(cast, story):
    return register(queries.register_lines(cast.maracang, story.month), cast.maracang.name)


def page(cast, story, more="") -> str:
    return f"/puskesmas/register/{cast.maracang.id}/{story.month}{more}"


def test_r_i_kb_20_and_f_ii_kb_are_as_written_by_hand_and_agree_with_each_other(cast, story):
    made = made_of(cast, story)
    rows = [cells(no, line) for no, line in enumerate(made.lines, start=1)]
    assert [as_by_hand(row) for row in rows] == by_hand("register-r1.csv")

    counted = recap(made.lines)
    f2 = [[method.value, *(str(row[name]) for name in COUNTED)] for method, row in counted.items()]
    f2.append(["jumlah", *(str(total(counted.values())[name]) for name in COUNTED)])
    assert f2 == by_hand("register-f2.csv")
    assert list(map(dict, counted.values())) == list(f2_from_cells(rows).values())


def test_what_the_form_cannot_hold_is_said(cast, story):
    made = made_of(cast, story)
    who = {note: sorted(line.name for line in made.with_note(note)) for note in Note}
    assert who == {
        Note.OUTSIDE: ["Dede"],
        Note.NO_NIK: ["Rini"],
        Note.TWICE: ["Ai", "Ai", "Euis", "Euis", "Nani", "Nani"],
        Note.HUSBAND_NIK: ["Wati"],
        Note.NO_INSURANCE: ["Rini"],
        Note.NO_SOURCE: ["Rini"],
        Note.STATUS_4: ["Dede"],
        Note.EKSPULSI: ["Iis"],
        Note.CHANGED: ["Dede", "Neneng"],
    }
    assert queries.visits_beside(cast.maracang, story.month) == 1


def test_the_screen_shows_no_whole_nik_and_says_what_is_beside(cast, story, browser):
    ratna = browser(cast.bidan_ratna)
    ratna.get(page(cast, story))
    assert mask(nik(1)) in ratna.words and not re.search(r"\d{16}", ratna.last.text)
    assert "+6282000008888" not in ratna.last.text
    for said in (
        "Ekspulsi tidak punya kolom, jadi tidak menjadi baris: Iis, 23",
        "1 baris tanpa NIK.",
        "1 baris dari luar kabupaten.",
        "1 kunjungan kontrol atau keluhan bulan ini tidak diminta formulir ini.",
    ):
        assert said in ratna.words
    assert "Yati" not in ratna.words and "Yuli Lain" not in ratna.words and "Lama" not in ratna.words


def test_whole_niks_ask_for_the_password_again_and_for_five_minutes(cast, story, browser, monkeypatch):
    ratna = browser(cast.bidan_ratna)
    for more in ("/cetak", "/unduh.xlsx"):
        answer = ratna.get(page(cast, story, more), status=303)
        assert answer.location.startswith("/puskesmas/register/yakin?lanjut=")
    ask = answer.location
    ratna.post(ask, status=422, password="salah sekali ini")
    assert ratna.errors["password"] == "Kata sandi salah."
    ratna.get(page(cast, story, "/cetak"), status=303)
    answer = ratna.post(ask, password=builders.PASSWORD)
    assert answer.location == page(cast, story, "/unduh.xlsx")
    ratna.get(page(cast, story, "/cetak"))
    assert nik(1) in ratna.words and "+6282000008888" in ratna.words and "Bidan Ratna" in ratna.words
    logged = db.session.scalars(select(AccessLog.what).where(AccessLog.by_id == cast.bidan_ratna.id)).all()
    assert "register_print" in logged
    # Another sign-in of hers, on the same browser, is not sure of her.
    ratna.post("/keluar")
    ratna.sign_in("ratna")
    ratna.get(page(cast, story, "/cetak"), status=303)
    ratna.post(ask, password=builders.PASSWORD)
    ratna.get(page(cast, story, "/cetak"))
    monkeypatch.setattr(registers, "now", lambda: now() + timedelta(minutes=5, seconds=1))
    ratna.get(page(cast, story, "/cetak"), status=303)


def test_the_password_page_leads_to_no_other_site(cast, story, browser):
    ratna = browser(cast.bidan_ratna)
    answer = ratna.post("/puskesmas/register/yakin?lanjut=//jahat.example/", password=builders.PASSWORD)
    assert answer.location == "/puskesmas/register"


def test_the_xlsx_holds_the_register_and_is_written_down(cast, story, browser):
    ratna = browser(cast.bidan_ratna)
    ratna.post("/puskesmas/register/yakin", password=builders.PASSWORD)
    file = ratna.get(page(cast, story, "/unduh.xlsx")).data
    first, second, third = read_apart(file, "x.xlsx")
    rows = [row for row in first.rows if isinstance(row[0], (int, float)) and len(row) > 20 and isinstance(row[4], str)]
    assert [row[4] for row in rows] == [row[4] for row in by_hand("register-r1.csv")]
    assert rows[0][3] == nik(1) and isinstance(rows[0][3], str)
    assert [int(cell) for cell in second.rows[-1][2:]] == [int(cell) for cell in by_hand("register-f2.csv")[-1][1:]]
    assert any("Ekspulsi" in str(row[0]) for row in third.rows)
    logged = select(AccessLog.reason).where(AccessLog.what == "register_xlsx")
    assert db.session.scalars(logged).all() == [str(story.month)]


def test_another_puskesmas_register_is_unknown_and_the_office_sees_numbers_only(cast, story, browser):
    yuli, lilis = browser(cast.bidan_yuli), browser(cast.bu_lilis)
    for more in ("", "/cetak", "/unduh.xlsx", "/rekap", "/alokon"):
        yuli.get(page(cast, story, more), status=404)
    yuli.post(page(cast, story, "/siga"), status=404, baris=str(story.services["Ai"]))
    for more in ("", "/cetak", "/unduh.xlsx"):
        lilis.get(page(cast, story, more), status=403)
    lilis.get(page(cast, story, "/rekap"))
    assert "Euis" not in lilis.words and "implan 2 batang" in lilis.words
    lilis.get(f"/puskesmas/register/semua/{story.month}")
    assert "10 pelayanan" in lilis.words  # nine of Maracang, one of Koncara
    file = lilis.get(f"/puskesmas/register/semua/{story.month}/rekap.xlsx").data
    assert [table.name for table in read_apart(file, "x.xlsx")][:2] == ["1 Puskesmas Koncara", "2 Puskesmas Maracang"]
    yuli.get(f"/puskesmas/register/semua/{story.month}")
    assert "Maracang" not in yuli.words
    for text in ("2026-13", "kapan", "1999-01"):
        lilis.get(f"/puskesmas/register/{cast.maracang.id}/{text}/rekap", status=404)


def marked(cast, story) -> set[str]:
    lines = queries.register_lines(cast.maracang, story.month)
    return {f"{line.name} {line.on.day} {line.siga_by}" for line in lines if line.siga_at}


def test_lines_are_ticked_as_entered_in_siga_by_whom_and_unticked(cast, story, browser):
    ratna = browser(cast.bidan_ratna)
    made = made_of(cast, story)
    ids = {f"{line.name} {line.on.day}": str(line.id) for line in made.lines}
    foreign = db.session.scalars(select(Service.id).where(Service.id.not_in(story.services.values()))).all()
    ratna.post(
        page(cast, story, "/siga"), baris=[ids["Ai 3"], ids["Ai 20"], *map(str, foreign), "apa saja"], lakukan="tandai"
    )
    assert marked(cast, story) == {"Ai 3 Bidan Ratna", "Ai 20 Bidan Ratna"}
    assert db.session.scalar(select(func.count()).where(Service.siga_at.is_not(None))) == 1
    ratna.get(page(cast, story))
    assert "2 sudah masuk SIGA" in ratna.words
    ratna.post(
        page(cast, story, "/siga"),
        baris=[ids["Ai 20"], ids["Iis 2"] if "Iis 2" in ids else ids["Iis 3"]],
        lakukan="batal",
    )
    assert marked(cast, story) == {"Ai 3 Bidan Ratna"}
    ratna.post(page(cast, story, "/siga"))
    assert marked(cast, story) == {"Ai 3 Bidan Ratna"}


def test_the_first_who_ticked_stays_named_and_the_same_form_twice_is_once(cast, story, bidan_ratna):
    with writing():
        other = builders.person("tini", "Bidan Tini", "puskesmas", service_point_id=cast.maracang.id)
    ids, sent = {"services": [story.services["Ai"]], "visits": []}, key()
    actions.mark_siga(cast.maracang, by=bidan_ratna, key=sent, **ids)
    actions.mark_siga(cast.maracang, by=bidan_ratna, key=sent, **ids)
    actions.mark_siga(cast.maracang, by=other, key=key(), **ids)
    assert marked(cast, story) == {"Ai 3 Bidan Ratna"}


def test_what_was_taken_back_after_its_month_is_said_in_both_months(cast, story, browser):
    service = story.services["Euis"]
    actions.mark_siga(cast.maracang, by=cast.bidan_ratna, key=key(), services=[service], visits=[])
    with writing() as session:
        session.execute(update(Service).where(Service.id == service).values(undone_at=now()))
    ratna = browser(cast.bidan_ratna)
    for month in (story.month, story.month.after):
        ratna.get(f"/puskesmas/register/{cast.maracang.id}/{month}")
        assert "Pelayanan Euis, 5 " in ratna.words and "sesudah bulannya berakhir" in ratna.words
        assert "Baris itu sudah bertanda masuk SIGA: hapus juga di sana." in ratna.words
        assert "Yati" not in ratna.words  # taken back in its own month: nothing to mend anywhere


def test_a_visit_taken_back_late_is_said_too(cast, story, browser):
    seen = db.session.scalars(
        select(FollowUp).where(FollowUp.done_on == date(story.month.year, story.month.month, 22))
    ).one()
    actions.undo_visit(seen, by=cast.bidan_ratna, key=key())
    ratna = browser(cast.bidan_ratna)
    ratna.get(page(cast, story))
    assert "Hasil kunjungan Nani, 22 " in ratna.words
    assert "Nani 22" not in {f"{line.name} {line.on.day}" for line in made_of(cast, story).lines}


def test_sigas_table_is_compared_cell_by_cell_and_kept_nowhere(cast, story, browser):
    ratna = browser(cast.bidan_ratna)
    counted = recap(made_of(cast, story).lines)
    same = "\n".join("\t".join("" if cell is None else str(cell) for cell in row) for row in recap_rows(counted))
    ratna.post(page(cast, story, "/rekap"), status=200, pasted=same)
    assert "144 angka dibandingkan, semuanya sama" in ratna.words
    counted[Method.IUD]["ulangan"] += 6
    other = "\n".join("\t".join(map(str, row[1:])) for row in recap_rows(counted))
    ratna.post(page(cast, story, "/rekap"), status=200, pasted=f"{other}\nPIL AJAIB\t1")
    assert "144 angka dibandingkan, 2 berbeda" in ratna.words  # the cell and its sum
    assert "IUD (spiral) Ulangan 1 7" in ratna.words and "Jumlah Ulangan 1 7" in ratna.words
    assert "PIL AJAIB" in ratna.words
    ratna.post(page(cast, story, "/rekap"), status=422, pasted="")


def test_the_stock_book_of_a_month(cast, today, browser):
    month = last_month(cast)
    lines = [
        (StockKind.RECEIVED, 40, month.before.last, Source.APBN),
        (StockKind.RECEIVED, 10, month.first, Source.APBN),
        (StockKind.USED, -7, month.last, Source.APBN),
        (StockKind.USED, -3, month.after.first, Source.APBN),
        (StockKind.USED, -2, month.first, Source.APBD),
    ]
    actions.set_report_day(db.session.get_one(Kabupaten, "32.14"), report_day=7, by=cast.bu_lilis, key=key())
    deed_id = db.session.scalar(select(func.max(Deed.id)))
    with writing() as session:
        for kind, number, on, source in lines:
            session.add(
                StockLine(
                    puskesmas_id=cast.maracang.id, method=Method.IMPLAN_2, source=source, kind=kind, number=number, on=on,
                    written_at=now(), by_id=cast.bidan_ratna.id, deed_id=deed_id,
                )
            )  # fmt: skip
    rows = {row.source: row for row in queries.stock_book(cast.maracang, month)}
    assert (rows["apbn"].before, rows["apbn"].moved["received"], rows["apbn"].moved["used"], rows["apbn"].after) == (
        40,
        10,
        -7,
        43,
    )
    assert (rows["apbd"].before, rows["apbd"].after) == (0, -2)
    ratna = browser(cast.bidan_ratna)
    ratna.get(f"/puskesmas/register/{cast.maracang.id}/{month}/alokon")
    assert "di bawah nol: hitung ulang" in ratna.words and "Hanya implan dan IUD yang dibukukan" in ratna.words
    koncara = browser(cast.bidan_yuli)
    koncara.get(f"/puskesmas/register/{cast.koncara.id}/{month}/alokon")
    assert "tidak dapat dibuat di sini" in koncara.words


def test_the_countdown_is_to_the_offices_day(cast, browser, monkeypatch):
    lilis, ratna = browser(cast.bu_lilis), browser(cast.bidan_ratna)
    lilis.post("/dppkb/sesudah-pelayanan", report_day="10")
    for wrong in ("0", "29", "x", ""):
        lilis.post("/dppkb/sesudah-pelayanan", status=422, report_day=wrong)
    assert db.session.get_one(Kabupaten, "32.14").report_day == 10
    told = {}
    for day in (4, 10, 11):
        at = now().replace(day=day, hour=5)
        monkeypatch.setattr(registers, "now", lambda at=at: at)
        ratna.get("/puskesmas/register")
        told[day] = re.search(r"Laporan (\w+) \d{4} paling lambat .*?: (\d+ hari lagi|hari ini)", ratna.words).groups()
    this, last = (words.BULAN[month.month - 1] for month in (last_month(cast).after, last_month(cast)))
    assert told[4] == (last, "6 hari lagi") and told[10] == (last, "hari ini")
    assert told[11][0] == this and int(told[11][1].split()[0]) >= 27
