"""The office's pages of gatherings: called together once or in a row, changed, cancelled; and whom it invites."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Gathering, Invitee, Person
from campaign.rules.roles import Role
from tests import builders
from tests.builders import key


def said(**more):
    on = now() + timedelta(days=3)
    about = {
        "kind": "orientasi",
        "name": "Orientasi Kader IMP",
        "tier": "kabupaten",
        "area": "",
        "rw": "",
        "place": "Aula Juai",
    }
    about |= {
        "on": [str(on.day), str(on.month), str(on.year)],
        "starts_at": "08:00",
        "ends_at": "12:00",
        "target": "107",
    }
    about |= {"open_before": "60", "late_after": "15", "capacity": "", "agenda": "08.30 Pembukaan\n09.00 Enam peran"}
    return about | {"speakers": "", "every": "", "until": "", "key": key()} | more


@pytest.fixture
def made(cast):
    return builders.gathering(cast.bu_lilis, in_days=3)


def test_an_empty_list_says_what_to_do(browser, bu_lilis):
    office = browser(bu_lilis)
    office.get("/pertemuan/")
    assert "Belum ada pertemuan" in office.words


def test_the_office_calls_people_together(browser, bu_lilis):
    office = browser(bu_lilis)
    office.get("/pertemuan/baru")
    office.post("/pertemuan/baru", **said())
    gathering = db.session.scalars(db.select(Gathering)).one()
    assert (gathering.name, gathering.target, gathering.capacity) == ("Orientasi Kader IMP", 107, None)
    assert gathering.late_at - gathering.opens_at == timedelta(minutes=75) and gathering.zone == "Asia/Jakarta"
    office.get(f"/pertemuan/{gathering.id}")
    assert (
        "0 hadir dari 107 yang ditargetkan 0 orang di daftar." in " ".join(office.words.split())
        and "Enam peran" in office.words
    )


def test_a_row_of_them_every_month(browser, bu_lilis):
    until = now() + timedelta(days=100)
    browser(bu_lilis).post(
        "/pertemuan/baru", **said(every="month", until=[str(until.day), str(until.month), str(until.year)])
    )
    rows = db.session.scalars(db.select(Gathering).order_by(Gathering.on)).all()
    assert (
        len(rows) in (3, 4)
        and len({row.series_id for row in rows}) == 1
        and len({row.door_code for row in rows}) == len(rows)
    )
    assert len({row.on.weekday() for row in rows}) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Isi nama pertemuan."),
        ({"ends_at": "07:00"}, "Jam selesai harus sesudah jam mulai."),
        ({"tier": "desa"}, "Untuk tingkat desa/kelurahan, pilih desanya."),
        ({"tier": "planet", "area": "32.14.12"}, "Pilihan ini tidak ada."),
        ({"every": "week"}, "Untuk mengulang, pilih seberapa sering dan tanggal terakhir."),
        ({"late_after": "500"}, "Batas terlambat ada sesudah jam selesai."),
        ({"capacity": "0"}, "Paling sedikit 1 orang."),
    ],
)
def test_what_cannot_be_is_said_in_words(browser, bu_lilis, wrong, sentence):
    office = browser(bu_lilis)
    office.post("/pertemuan/baru", status=422, **said(**wrong))
    assert sentence in office.words
    assert db.session.scalars(db.select(Gathering)).all() == []


def test_changed_and_cancelled(browser, bu_lilis, made):
    office = browser(bu_lilis)
    office.get(f"/pertemuan/{made.id}/ubah")
    office.post(f"/pertemuan/{made.id}/ubah", **said(place="Pendopo", starts_at="09:00"))
    office.get(f"/pertemuan/{made.id}")
    assert "09.00–12.00 · Pendopo" in office.words
    office.post(f"/pertemuan/{made.id}/batal", status=422, key=key(), why="")
    office.post(f"/pertemuan/{made.id}/batal", key=key(), why="Banjir")
    office.get(f"/pertemuan/{made.id}")
    assert "Dibatalkan: Banjir" in office.words


def test_invited_by_kecamatan_level_and_poktan(browser, cast, bu_lilis, made):
    with writing():
        sub = builders.person("sub", "Ibu Sub", Role.KADER, desa_code="32.14.12.2001", rw="004")
        db.session.get_one(Person, sub.id).poktan = ["bkb", "uppka"]
    office = browser(bu_lilis)

    def found(**asked):
        office.get(f"/pertemuan/{made.id}/undangan?{urlencode({'pilih': '1'} | asked)}")
        return {name for name in ("Ibu Sari", "Ibu Wati", "Ibu Sub", "Pak Wawan") if name in office.words}

    assert found() == {"Ibu Sari", "Ibu Wati", "Ibu Sub"}
    assert found(areas="32.14.01") == set()
    assert found(desa="32.14.12.2002") == {"Ibu Wati"}
    assert found(level="sub_ppkbd") == {"Ibu Sub"} and found(level="ppkbd") == {"Ibu Sari", "Ibu Wati"}
    assert found(poktan="bkb") == {"Ibu Sub"} and found(poktan="bkl") == set()
    assert found(officers="petugas") == {"Pak Wawan"}
    office.post(
        f"/pertemuan/{made.id}/undang",
        key=key(),
        person=[str(cast.ibu_sari.id), str(sub.id), str(cast.orang_karawang.id)],
    )
    assert builders.turnout(made) == {"invited": 2}
    assert found() == {"Ibu Sari", "Ibu Wati", "Ibu Sub"}, "two on the list, one still to be found"
    assert "2 orang di daftar" in office.words and "1 orang belum diundang" in office.words


def test_somebody_of_no_register_is_invited_and_taken_off(browser, bu_lilis, made):
    office = browser(bu_lilis)
    office.post(f"/pertemuan/{made.id}/undang-nama", status=422, key=key(), name="", title="", desa_code="")
    office.post(
        f"/pertemuan/{made.id}/undang-nama", key=key(), name="Haji Udin", title="Kepala Desa", desa_code="32.14.12.2002"
    )
    office.get(f"/pertemuan/{made.id}/undangan")
    assert "Haji Udin Kepala Desa" in office.words
    guest = db.session.scalars(db.select(Invitee)).one()
    office.post(f"/pertemuan/undangan/{guest.id}/tarik", key=key())
    office.get(f"/pertemuan/{made.id}/undangan")
    assert "Belum ada yang diundang" in office.words and builders.turnout(made) == {}


def test_a_plkb_calls_his_own_desa_together_and_sees_the_offices_halls(browser, cast, made):
    plkb = browser(cast.pak_wawan)
    plkb.get("/pertemuan/baru")
    assert "Margacinta" in plkb.words and "Nagri Kidul" not in plkb.words
    plkb.post("/pertemuan/baru", **said(tier="desa", area="32.14.12.2001", name="Pertemuan Rutin Margacinta"))
    own = db.session.scalars(db.select(Gathering).filter_by(made_by_id=cast.pak_wawan.id)).one()
    plkb.get(f"/pertemuan/{own.id}/undangan?pilih=1")
    assert "Ibu Sari" in plkb.words and "Ibu Wati" not in plkb.words
    plkb.get(f"/pertemuan/{made.id}")
    plkb.get(f"/pertemuan/{made.id}/undangan", status=404)
    plkb.post(f"/pertemuan/{made.id}/batal", status=404, key=key(), why="x")


def test_another_kabupaten_is_unknown(browser, cast, made):
    stranger = browser(cast.orang_karawang)
    for path in ("", "/undangan", "/ubah"):
        stranger.get(f"/pertemuan/{made.id}{path}", status=404)
