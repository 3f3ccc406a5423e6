"""DPPKB's room, wilayah: areas renamed, split and ended, and the office's own map."""

import io
import json
from datetime import UTC, date, datetime

import pytest

from campaign import actions, queries
from campaign.actions.transaction import writing
from campaign.extensions import db
from campaign.models import Desa, Kecamatan, Person, Shape
from tests.builders import key


@pytest.fixture
def office(browser, bu_lilis):
    return browser(bu_lilis)


def square(code, x, y, size=0.05):
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    about = {"code": code, "name": "x"}
    return {"type": "Feature", "properties": about, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def geojson(*features):
    text = json.dumps({"type": "FeatureCollection", "features": list(features)})
    return io.BytesIO(text.encode()), "batas.geojson"


def test_an_area_gets_a_new_name_everywhere(office, margacinta, ibu_sari, browser):
    office.get("/dppkb/wilayah")
    assert "2 kecamatan, 3 desa dan kelurahan" in office.words and "Peta petak" in office.words
    office.get(f"/dppkb/wilayah?nama={margacinta.name.upper()}")
    assert "Desa Margacinta" in office.words
    office.get(office.post(f"/dppkb/wilayah/{margacinta.code}", name="Margacinta Raya").location)
    assert db.session.get(Desa, margacinta.code).name == "Margacinta Raya"
    office.post(f"/dppkb/wilayah/{margacinta.kecamatan_code}", name="Babakancikao Baru")
    assert db.session.get(Kecamatan, margacinta.kecamatan_code).name == "Babakancikao Baru"
    nothing = {"no name": ({"name": ""}, "name", "Isi namanya.")}
    assert office.otherwise(f"/dppkb/wilayah/{margacinta.code}", {"name": "x"}, nothing) == {}


def test_a_new_desa_of_a_split_gets_targets_and_the_ended_one_no_more(office, campaign, cikao, bu_lilis, ibu_wati):
    office.get(office.post("/dppkb/wilayah", code="3214122009", name="Cikao Kaler").location)
    assert "Cikao Kaler ditambahkan." in office.words
    assert "32.14.12.2009" in [desa.code for desa in queries.desa_list("32.14")]
    office.post(f"/dppkb/wilayah/{cikao.code}/akhiri", status=409)  # a kader works there still
    actions.disable_person(db.session.get_one(Person, ibu_wati.id), by=bu_lilis, key=key())
    office.get(office.post(f"/dppkb/wilayah/{cikao.code}/akhiri").location)
    assert "tidak mendapat target baru" in office.words
    assert cikao.code not in [desa.code for desa in queries.desa_list("32.14")]
    board = queries.board(campaign, today=campaign.opens_on)
    assert cikao.code in [s.code for s in board.desa_lists["32.14.12"]]  # its target still stands
    office.get(office.post(f"/dppkb/wilayah/{cikao.code}/pulihkan").location)
    assert cikao.code in [desa.code for desa in queries.desa_list("32.14")]


def test_a_desa_ends_on_the_day_of_its_own_zone(cikao, bu_lilis, ibu_wati):
    """Half past one at night in Jayapura is still yesterday in UTC."""
    actions.disable_person(db.session.get_one(Person, ibu_wati.id), by=bu_lilis, key=key())
    with writing():
        cikao.kecamatan.kabupaten.zone = "Asia/Jayapura"
    actions.end_desa(cikao, by=bu_lilis, key=key(), at=datetime(2026, 6, 18, 16, 30, tzinfo=UTC))
    assert cikao.ended_on == date(2026, 6, 19)


WRONG = {
    "too short": ({"code": "3214"}, "code", "Kode kecamatan 6 angka"),
    "elsewhere": ({"code": "32.15.01.2001"}, "code", "Kode ini bukan bagian kabupaten 32.14."),
    "there already": ({"code": "32.14.12.2001"}, "code", "Kode ini sudah ada."),
    "no kecamatan": ({"code": "32.14.99.2001"}, "code", "Kecamatannya belum ada."),
    "no name": ({"name": ""}, "name", "Isi namanya."),
}


def test_a_wrong_area_comes_back_with_words(office, cast):
    assert office.otherwise("/dppkb/wilayah", {"code": "32.14.12.2009", "name": "Baru"}, WRONG) == {}
    office.post("/dppkb/wilayah", code="32.14.18", name="Kecamatan Baru")
    office.post("/dppkb/wilayah", code="32.14.18.1001", name="Kelurahan Baru")
    assert db.session.get(Desa, "32.14.18.1001").jenis == "kelurahan"


def test_areas_of_another_kabupaten_are_not_there(office, cast):
    office.get("/dppkb/wilayah/32.15.01.2001", status=404)
    office.get("/dppkb/wilayah/entah", status=404)
    office.post("/dppkb/wilayah/32.14.12/akhiri", status=404)  # a kecamatan is not ended


def test_the_offices_map_takes_the_place_of_the_tiles_and_goes_again(office, cast):
    file = geojson(square("32.14.01", 107.40, -6.55), square("321412", 107.45, -6.55), square("32.15.01", 107.5, -6.55))
    office.get(office.post("/dppkb/wilayah/peta", file=file).location)
    assert "Peta disimpan: 2 kecamatan dan 0 desa punya bentuk. 1 bentuk wilayah lain diabaikan." in office.words
    assert "Peta kantor" in office.words and "<path fill-rule" in office.last.text
    office.get(office.post("/dppkb/wilayah/peta/hapus").location)
    assert "Peta petak" in office.words and db.session.scalars(db.select(Shape)).all() == []


def test_a_map_of_desa_only_draws_their_kecamatan(office, cast):
    codes = ("32.14.01.1001", "32.14.12.2001", "32.14.12.2002")
    office.post("/dppkb/wilayah/peta", file=geojson(*(square(c, 107.4 + n / 20, -6.5) for n, c in enumerate(codes))))
    drawing = queries.drawing(queries.kabupaten("32.14"))
    assert set(drawing.paths) == {"32.14.01", "32.14.12"} and drawing.paths["32.14.12"].count("m") >= 2


def test_what_is_no_map_comes_back_with_words(office, cast):
    wrong = {
        "no file": (lambda: "", "Pilih berkas GeoJSON."),
        "a picture": (lambda: (io.BytesIO(b"\x89PNG\r\n\x1a\n\xff\xfe"), "peta.png"), "Berkas ini bukan teks UTF-8"),
        "half a file": (lambda: (io.BytesIO(b'{"type": "Feature'), "peta.json"), "Berkas ini bukan JSON yang utuh"),
        "elsewhere": (lambda: geojson(square("11.01.01", 107, -6)), "Di berkas peta tidak ada bentuk"),
        "in metres": (lambda: geojson(square("32.14.01", 700000, 9200000)), ""),
    }
    for case, (file, sentence) in wrong.items():
        found = office.otherwise("/dppkb/wilayah/peta", {}, {case: ({"file": file()}, "file", sentence)})
        assert found == {}, case
    assert db.session.scalars(db.select(Shape)).all() == []


def test_no_area_is_without_a_tile(app, cast):
    drawing = queries.drawing(queries.kabupaten("32.14"))
    assert set(drawing.cells) == {k.code for k in drawing.kecamatan_list}
