"""DPPKB's room: where service days happen, and for which desa."""

from campaign.extensions import db
from campaign.models import Desa, ServicePoint, WorkingArea
from tests import builders


def test_a_new_puskesmas_works_for_its_kecamatan_and_a_saung_under_it(browser, bu_lilis, cast):
    office = browser(bu_lilis)
    office.get("/dppkb/tempat")
    office.post("/dppkb/tempat", name="Puskesmas Baru", kind="puskesmas", kecamatan_code="32.14.12")
    new = db.session.scalars(db.select(ServicePoint).where(ServicePoint.name == "Puskesmas Baru")).one()
    area = db.session.scalars(db.select(WorkingArea.desa_code).where(WorkingArea.puskesmas_id == new.id)).all()
    assert sorted(area) == ["32.14.12.2001", "32.14.12.2002"]
    office.get(
        office.post(
            "/dppkb/tempat", name="Saung Baru", kind="saung_ambu", kecamatan_code="32.14.12", induk_id=str(new.id)
        ).location
    )
    assert "Tempat pelayanan ditambahkan." in office.words and "Saung Baru" in office.words


def test_a_place_that_will_not_do_is_told_why(browser, bu_lilis, cast):
    office = browser(bu_lilis)
    office.post("/dppkb/tempat", status=422, name="Puskesmas Maracang", kind="puskesmas", kecamatan_code="32.14.12")
    assert office.errors == {"name": "Sudah ada tempat dengan nama ini."}
    office.post("/dppkb/tempat", status=422, name="", kind="", kecamatan_code="")
    assert set(office.errors) == {"name", "kind", "kecamatan_code"}
    office.post("/dppkb/tempat", status=422, name="Saung Yatim", kind="saung_ambu", kecamatan_code="32.14.12")
    assert office.errors == {"induk_id": "Pilih puskesmas induknya."}
    far = str(cast.far.id)
    office.post("/dppkb/tempat", status=422, name="Saung", kind="saung_ambu", kecamatan_code="32.14.12", induk_id=far)
    assert "induk_id" in office.errors


def desa_of(point) -> set[str]:
    return set(db.session.scalars(db.select(WorkingArea.desa_code).where(WorkingArea.puskesmas_id == point.id)))


def test_a_puskesmas_works_for_the_desa_that_are_ticked_and_a_desa_may_have_two(browser, bu_lilis, cast):
    office, there = browser(bu_lilis), f"/dppkb/tempat/{cast.koncara.id}"
    office.get(f"{there}?cari=MARGA")
    assert "Desa Margacinta" in office.words and "juga Puskesmas Maracang" in office.words
    assert "Desa Cikao" not in office.words
    office.get(office.post(there, desa_codes=["32.14.01.1001", "32.14.12.2001"]).location)
    assert "Wilayah kerja disimpan." in office.words
    assert desa_of(cast.koncara) == {"32.14.01.1001", "32.14.12.2001"}
    assert desa_of(cast.maracang) == {"32.14.12.2001", "32.14.12.2002"}
    office.post(there, status=422, desa_codes=["32.15.01.2001"])
    office.post(there)
    assert desa_of(cast.koncara) == set()


def test_only_a_puskesmas_of_ours_has_a_working_area(browser, bu_lilis, cast):
    office = browser(bu_lilis)
    for other in (cast.saung, cast.far):
        office.get(f"/dppkb/tempat/{other.id}", status=404)


def test_a_hundred_and_ninety_two_desa_can_be_ticked_on_a_phone(browser, bu_lilis, cast):
    """Folded by kecamatan, found by a search that works without script, sent in one form."""
    with builders.writing() as session:
        desa = [{"code": f"32.14.12.{2003 + n}", "name": f"Desa{n}", "jenis": "desa"} for n in range(190)]
        session.execute(db.insert(Desa), [row | {"kecamatan_code": "32.14.12"} for row in desa])
    office, there = browser(bu_lilis), f"/dppkb/tempat/{cast.koncara.id}"
    office.get(there)
    assert office.last.text.count('<details class="sure"') == 2 and "Kec. Babakancikao" in office.words
    office.post(there, desa_codes=[row["code"] for row in desa])
    assert len(desa_of(cast.koncara)) == 190
    office.get(f"{there}?cari=desa189")
    assert office.last.text.count('type="checkbox" name="desa_codes"') == 1
    assert office.last.text.count('type="hidden" name="desa_codes"') == 189
