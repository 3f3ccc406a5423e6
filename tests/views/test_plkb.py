"""The PLKB's room: his desa, how they stand, and what he does there in a kader's stead."""

from campaign.extensions import db
from campaign.models import Akseptor
from campaign.rules.roles import Role
from tests import builders
from tests.builders import nik, registered, served


def said(**also):
    about = {"name": "Neng Siti", "nik": nik(1), "wanted": "implan", "has_consent": "y", "is_counselled": "y"}
    return about | {"desa_code": "32.14.12.2001"} | also


def test_pak_wawan_sees_how_his_desa_stand(browser, campaign, pak_wawan, ibu_sari, bidan_ratna, day):
    served(ibu_sari, bidan_ratna, day, nik=nik(1))
    served(ibu_sari, bidan_ratna, day)
    desk = browser(pak_wawan)
    assert desk.get("/plkb/", status=303).location == f"/plkb/{campaign.id}"
    desk.get(f"/plkb/{campaign.id}")
    assert "Desa Margacinta" in desk.words and "Cikao" not in desk.words
    assert "1 / 12" in desk.words and "8 %" in desk.words and "menunggu NIK 1" in desk.words


def test_the_link_to_a_desas_list_opens(browser, campaign, pak_wawan, ibu_sari, ibu_wati, margacinta):
    registered(ibu_sari, name="Neng Siti")
    registered(ibu_wati, name="Euis Cikao")
    desk = browser(pak_wawan)
    desk.get(f"/plkb/{campaign.id}")
    there = f"/kader/{campaign.id}?desa={margacinta.code}"
    assert there in desk.last.text
    desk.get(there)
    assert "Neng Siti" in desk.words and "Euis" not in desk.words


def test_he_registers_in_his_own_desa_and_nowhere_else(browser, campaign, pak_wawan, cikao, day):
    desk = browser(pak_wawan)
    desk.get(f"/kader/{campaign.id}/daftar")
    assert "Margacinta, Kec. Babakancikao" in desk.words
    desk.post(f"/kader/{campaign.id}/daftar", status=422, **said(desa_code=cikao.code))
    assert "desa_code" in desk.errors
    desk.post(f"/kader/{campaign.id}/daftar", status=422, **said(desa_code=""))
    assert desk.errors == {"desa_code": "Pilih desa."}
    desk.get(desk.post(f"/kader/{campaign.id}/daftar", **said()).location)
    neng = db.session.scalars(db.select(Akseptor)).one()
    assert neng.desa_code == "32.14.12.2001"
    desk.post(f"/kader/akseptor/{neng.id}/jadwal/{day.id}")
    assert db.session.get(Akseptor, neng.id).status == "booked"


def test_a_woman_outside_his_desa_is_nobody(browser, campaign, pak_wawan, ibu_wati, day):
    euis = registered(ibu_wati, name="Euis Cikao")
    desk = browser(pak_wawan)
    desk.get(f"/kader/akseptor/{euis.id}", status=404)
    desk.post(f"/kader/akseptor/{euis.id}/jadwal/{day.id}", status=404)
    desk.get(f"/kader/{campaign.id}?desa=32.14.12.2002")
    assert "Euis" not in desk.words


def test_a_plkb_of_two_desa_sees_both_and_says_which(browser, campaign, ibu_sari, ibu_wati):
    with builders.writing():
        both = builders.person("dua", "Bu Dua", Role.PLKB, desa_codes=["32.14.12.2001", "32.14.12.2002"])
    registered(ibu_sari, name="Neng Siti")
    registered(ibu_wati, name="Euis Cikao")
    desk = browser(both)
    desk.get(f"/kader/{campaign.id}")
    assert "Neng Siti" in desk.words and "Euis Cikao" in desk.words
    desk.get(f"/kader/{campaign.id}?desa=32.14.12.2002")
    assert "Neng Siti" not in desk.words and "Euis Cikao" in desk.words


def test_a_plkb_without_desa_is_told_who_sets_them(browser, campaign):
    with builders.writing():
        nobodys = builders.person("kosong", "Pak Kosong", Role.PLKB)
    desk = browser(nobodys)
    desk.get(f"/plkb/{campaign.id}")
    assert "Belum ada desa binaan. DPPKB yang mengaturnya" in desk.words
