"""Days with seats on screen: a series, a change with its people placed, days off, stock; and the kader's side of waiting."""

from datetime import timedelta

import pytest

from campaign import actions, queries
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Notice, ServiceDay, StockLine, Waiting
from tests import builders
from tests.builders import booked, key, registered


def again(row):
    db.session.expire_all()
    return db.session.get_one(type(row), row.id)


def boxes(on):
    return [str(on.day), str(on.month), str(on.year)]


def opening(cast, on, **also):
    return {
        "point": str(cast.saung.id),
        "on": boxes(on),
        "seats": "12",
        "starts_at": "08:00",
        "ends_at": "14:00",
    } | also


def test_a_series_is_opened_and_says_what_it_skipped(browser, cast, campaign, bidan_ratna, today):
    first = today + timedelta(days=1)
    off = first + timedelta(days=7)
    about = {
        "kabupaten": campaign.kabupaten,
        "first": off,
        "last": off,
        "why": "Rapat",
        "by": cast.bu_lilis,
        "key": key(),
    }
    actions.add_blackout(**about)
    desk = browser(bidan_ratna)
    form = opening(cast, first, weekdays=[str(first.weekday())], until=boxes(first + timedelta(days=14)), implan="7")
    desk.get(desk.post(f"/puskesmas/{campaign.id}/hari-baru", team="Bidan Ratna, dr. Budi", **form).location)
    assert "2 hari pelayanan sudah dibuka." in desk.words
    assert "Dilewati karena libur:" in desk.words and "(Rapat)" in desk.words
    days = db.session.scalars(db.select(ServiceDay).order_by(ServiceDay.on)).all()
    assert [day.on for day in days] == [first, first + timedelta(days=14)]
    assert [(row.family, row.seats) for row in days[0].method_seats] == [("implan", 7)]
    assert days[0].team == "Bidan Ratna, dr. Budi"
    told = desk.post(f"/puskesmas/{campaign.id}/hari-baru", status=409, **opening(cast, off))
    assert "libur pelayanan (Rapat). Pilih tanggal lain." in told.text


WRONG = {
    "weekdays without an end": ({"weekdays": ["0"]}, "until", "Untuk mengulang"),
    "an end without weekdays": ({"until": ["1", "1", "2027"]}, "until", "Untuk mengulang"),
    "more of a family than in all": ({"iud": "13"}, "seats", "Untuk IUD: tidak dapat lebih"),
    "an end before the beginning": (
        {"until": ["1", "1", "2020"], "weekdays": ["0"]},
        "until",
        "Tanggal terakhir harus",
    ),
    "years of days": ({"until": ["31", "12", "2099"], "weekdays": list("0123456")}, "until", "Paling banyak 60 hari"),
}


def test_a_series_that_cannot_be_is_said_at_its_field(browser, cast, campaign, bidan_ratna, today):
    desk = browser(bidan_ratna)
    assert desk.otherwise(f"/puskesmas/{campaign.id}/hari-baru", opening(cast, today), WRONG, htmx="day-form") == {}


def test_a_day_is_made_smaller_with_its_people_placed(browser, cast, ibu_sari, bidan_ratna):
    day, other = (builders.service_day(cast.maracang, seats=n, in_days=d) for n, d in ((2, 2), (1, 3)))
    women = [booked(ibu_sari, again(day), name=name) for name in ("Neng", "Euis")]
    desk, here = browser(bidan_ratna), f"/puskesmas/hari/{day.id}"
    desk.get(f"{here}/ubah")
    assert "Pindahkan sebagian Ibu (2 belum datang)" in desk.words and "(1 kosong)" in desk.words
    desk.post(f"{here}/kursi", status=409, seats="1")
    assert "Kursi tidak dapat kurang dari yang sudah terisi (2). Pilih Ibu yang dipindahkan" in desk.words
    form = {"seats": "1", "leaving": [str(women[1].id)], "to": str(other.id), "rest": "daftar"}
    desk.get(desk.post(f"{here}/kursi", **form).location)
    assert "Kursi sudah diubah. Kader Ibu-Ibu yang dipindahkan sudah diberi tahu." in desk.words
    assert (again(day).taken, again(day).seats, again(other).taken) == (1, 1, 1)
    stranger = browser(cast.bidan_yuli)
    for path in ("ubah", "kursi", "pindah", "batalkan"):
        (stranger.get if path == "ubah" else stranger.post)(f"{here}/{path}", status=404)
    assert queries.differences() == []


def test_a_day_is_moved_and_then_cancelled(browser, cast, ibu_sari, bidan_ratna, today):
    day = builders.service_day(cast.maracang, in_days=2)
    neng = booked(ibu_sari, day, name="Neng")
    desk, here, on = browser(bidan_ratna), f"/puskesmas/hari/{day.id}", today + timedelta(days=4)
    form = {"point": str(cast.saung.id), "on": boxes(on), "starts_at": "09:00", "ends_at": "12:00"}
    desk.post(f"{here}/pindah", status=422, **form | {"ends_at": "07:00"})
    assert desk.errors == {"ends_at": "Jam selesai harus sesudah jam mulai."}
    desk.post(f"{here}/pindah", **form)
    assert (again(day).on, day.service_point_id) == (on, cast.saung.id)
    desk.post(f"{here}/batalkan", status=422)
    desk.get(desk.post(f"{here}/batalkan", why="cuaca").location)
    assert "dibatalkan cuaca, banjir, atau jalan putus" in desk.words
    assert again(neng).status == "registered"
    phone = browser(ibu_sari)
    phone.get(f"/kader/{cast.campaign.id}")
    assert (
        "Perlu Ibu kabari" in phone.words and "dibatalkan. Ibu ini kembali di daftar; pilih hari baru." in phone.words
    )


def test_days_off_are_noted_and_taken_away(browser, cast, campaign, bidan_ratna, bu_lilis, today, tomorrow):
    desk, office = browser(bidan_ratna), browser(bu_lilis)
    desk.get(desk.post("/puskesmas/libur", first=boxes(tomorrow.on), why="Rapat bulanan").location)
    assert (
        "Rapat bulanan · Puskesmas Maracang" in desk.words
        and "Masih ada hari yang terbuka pada tanggal libur" in desk.words
    )
    office.post("/puskesmas/libur", first=boxes(today), last=boxes(today + timedelta(days=2)), why="Idulfitri")
    rows = queries.blackout_list(seen_by=bidan_ratna, today=today)
    assert [(row.on - today).days for row in rows] == [0, 1, 1, 2]
    theirs = next(row for row in rows if row.why == "Idulfitri")
    desk.post(f"/puskesmas/libur/{theirs.id}/hapus", status=404)
    own = next(row for row in rows if row.puskesmas_id)
    desk.post(f"/puskesmas/libur/{own.id}/hapus")
    assert len(queries.blackout_list(seen_by=bidan_ratna, today=today)) == 3
    assert desk.post("/puskesmas/libur", status=422, first=boxes(today), last=boxes(today - timedelta(days=1)))


def test_the_stock_book_on_screen(browser, cast, bidan_ratna, bu_lilis, today):
    desk = browser(bidan_ratna)
    here = desk.get("/puskesmas/stok", status=303).location
    desk.get(here)
    assert "Buku ini belum dimulai." in desk.words
    line = {"method": "implan_2", "source": "apbn", "on": boxes(today)}
    desk.get(desk.post(here, kind="counted", number="30", **line).location)
    assert "30 set" in desk.words and "hasil hitung ulang Bidan Ratna" in desk.words
    desk.post(here, kind="lost", number="2", **line)
    wrong = {
        "nothing lost": ({"kind": "lost", "number": "0"}, "number", "Paling sedikit 1 set."),
        "tomorrow": (
            {"kind": "lost", "number": "1", "on": boxes(today + timedelta(days=1))},
            "on",
            "Tanggal tidak boleh",
        ),
    }
    assert desk.otherwise(here, line, wrong, htmx="stock-form") == {}
    assert [row.number for row in db.session.scalars(db.select(StockLine).order_by(StockLine.id))] == [30, -2]
    browser(cast.bidan_yuli).get(here, status=404)
    office = browser(bu_lilis)
    office.get("/puskesmas/stok")
    assert "Puskesmas Maracang" in office.words and "Saung" not in office.words
    office.get(here)
    assert "28 set" in office.words


# ---- The kader's side ----


@pytest.fixture
def full(cast, ibu_sari):
    day = builders.service_day(cast.maracang, seats=1, in_days=3)
    booked(ibu_sari, day, name="Neng")
    return again(day)


def test_her_kader_puts_her_in_line_and_says_yes_to_the_seat_that_frees(browser, cast, ibu_sari, full, campaign):
    euis = registered(ibu_sari, name="Euis", phone="+6282000001111")
    phone, hers = browser(ibu_sari), f"/kader/akseptor/{euis.id}"
    phone.get(f"{hers}/jadwal")
    assert "penuh" in phone.words and "Tunggu" in phone.words
    phone.post(f"{hers}/jadwal/{full.id}", status=409)
    assert "Kursi hari itu sudah habis." in phone.words
    phone.get(phone.post(f"{hers}/tunggu/{full.id}").location)
    assert "Menunggu kursi" in phone.words and "paling depan" in phone.words
    phone.get(f"{hers}/jadwal")
    assert "1 menunggu" in phone.words and "Tidak menunggu lagi" in phone.words
    neng = db.session.scalars(db.select(Akseptor).where(Akseptor.name == "Neng")).one()
    actions.cancel(neng, by=ibu_sari, key=key())
    phone.get(f"/kader/{campaign.id}")
    assert "Mendapat kursi dari daftar tunggu:" in phone.words and "Jawab sebelum" in phone.words
    said = phone.last.text
    assert "Ada%20tempat%20untuk%20Ibu" in said and "implan" not in said.split("wa.me")[1].split('"')[0].lower()
    phone.get(phone.post(f"{hers}/kursi").location)
    assert "Kursi untuk Euis sudah pasti." in phone.words
    notice = db.session.scalars(db.select(Notice)).one()
    phone.get(phone.post(f"/kader/kabar/{notice.id}/sudah").location)
    assert "Euis sudah dikabari" in phone.words and "Perlu Ibu kabari" not in phone.words
    browser(cast.ibu_wati).post(f"/kader/kabar/{notice.id}/sudah", status=404)


def test_her_kader_takes_her_out_of_the_line(browser, ibu_sari, full):
    euis = registered(ibu_sari, name="Euis")
    phone, hers = browser(ibu_sari), f"/kader/akseptor/{euis.id}"
    phone.post(f"{hers}/tunggu/{full.id}")
    phone.get(phone.post(f"{hers}/tunggu/{full.id}/berhenti").location)
    assert "Euis tidak lagi menunggu hari itu." in phone.words and "Menunggu kursi" not in phone.words


def test_a_day_that_is_full_for_her_method_only_is_full_for_her(browser, cast, ibu_sari):
    day = builders.service_day(cast.maracang, seats=5, in_days=3)
    builders.families(day, implan=0)
    phone = browser(ibu_sari)
    phone.get(f"/kader/akseptor/{registered(ibu_sari, name='Euis').id}/jadwal")
    assert "penuh" in phone.words and "5 kursi kosong" not in phone.words
    phone.get(f"/kader/akseptor/{registered(ibu_sari, name='Iis', wanted='iud').id}/jadwal")
    assert "5 kursi kosong" in phone.words


def test_the_puskesmas_puts_somebody_in_line_too(browser, cast, ibu_sari, bidan_ratna, full):
    euis = registered(ibu_sari, name="Euis")
    desk = browser(bidan_ratna)
    desk.get(f"/puskesmas/hari/{full.id}/janji")
    assert "Daftar tunggu" in desk.words
    desk.post(f"/puskesmas/hari/{full.id}/tunggu/{euis.id}")
    assert [row.akseptor_id for row in db.session.scalars(db.select(Waiting))] == [euis.id]
    desk.get(f"/puskesmas/hari/{full.id}/ubah")
    assert "Daftar tunggu (1)" in desk.words
    assert db.session.scalar(db.select(db.func.count()).select_from(Booking)) == 1


def test_where_one_familys_seats_are_gone_she_may_wait_though_the_day_has_others(browser, cast, bidan_ratna):
    day = builders.service_day(cast.maracang, in_days=3)
    builders.families(day, implan=1)
    desk, here = browser(bidan_ratna), f"/puskesmas/hari/{day.id}/janji"
    builders.registered(cast.ibu_sari, name="Euis")
    desk.get(here)
    assert "Jadwalkan Euis" in desk.words and "Daftar tunggu" not in desk.words
    builders.booked(cast.ibu_sari, day, name="Neng")
    desk.get(here)
    assert "Jadwalkan Euis" in desk.words and "Daftar tunggu Euis" in desk.words
