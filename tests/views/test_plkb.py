"""The PLKB's room: his desa, how they stand, and what he does there in a kader's stead."""

from datetime import timedelta

from campaign import actions
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Akseptor, Device
from campaign.rules.methods import Method
from campaign.rules.roles import Role
from tests import builders
from tests.builders import key, nik, registered, served


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
    assert "perlu bantuan" in desk.words, "a third of the days are over: the pace is said as on the board"
    assert "1 sudah dilayani, belum dihitung" in desk.words


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


# ---- What to look at first ----


def at_once(kader, number, *, at=None, seconds=5, **about):
    """So many registered by her one after the other, as her phone says."""
    at = at or now() - timedelta(hours=2)
    campaign = builders.the_campaign()
    for n in range(number):
        said = {"is_counselled": False, "wanted": Method.IMPLAN, "nik": builders.nik(100 + n)} | about
        if "no_nik_reason" in said:
            said["nik"] = None
        actions.register(
            campaign=campaign,
            name=f"Neng {chr(65 + n)}",
            by=kader,
            key=key(),
            done_at=at + timedelta(seconds=seconds * n),
            **said,
        )


def test_nothing_to_check_is_said_so(browser, campaign, pak_wawan):
    desk = browser(pak_wawan)
    desk.get(f"/plkb/{campaign.id}")
    assert "Tidak ada yang perlu diperiksa sekarang." in desk.words and "Tidak ada usulan." in desk.words
    desk.get(f"/plkb/{campaign.id}/periksa")
    assert "Tidak ada yang perlu diperiksa." in desk.words


def test_who_has_no_nik_stands_on_the_list_with_since_when_and_why(browser, campaign, cast, day):
    registered(cast.ibu_sari, name="Neng Tanpa")
    registered(cast.ibu_sari, name="Neng Dengan", nik=nik(2))
    registered(cast.ibu_wati, name="Euis Cikao")
    leaves = registered(cast.ibu_sari, name="Neng Mundur")
    actions.withdraw(leaves, by=cast.ibu_sari, key=key())
    served(cast.ibu_sari, cast.bidan_ratna, day, name="Neng Dilayani")
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/{campaign.id}/periksa?sebab=no_nik")
    assert "2 Ibu ." in desk.words or "2 Ibu." in desk.words
    assert "belum punya KTP" in desk.words and "belum dihitung" in desk.words and "Ibu Sari" in desk.words
    assert not {"Dengan", "Mundur", "Euis"} & set(desk.words.split())
    assert desk.words.index("Neng Dilayani") < desk.words.index("Neng Tanpa"), "who would count comes first"


def test_the_list_is_filtered_by_reason_and_desa_and_prints(browser, campaign, cast):
    with builders.writing():
        both = builders.person("dua", "Bu Dua", Role.PLKB, desa_codes=["32.14.12.2001", "32.14.12.2002"])
    registered(cast.ibu_sari, name="Neng Tanpa")
    registered(cast.ibu_wati, name="Euis Cikao")
    desk = browser(both)
    desk.get(f"/plkb/{campaign.id}/periksa?desa=32.14.12.2002")
    assert "Euis Cikao" in desk.words and "Neng Tanpa" not in desk.words
    desk.get(f"/plkb/{campaign.id}/periksa?sebab=burst")
    assert "Euis" not in desk.words and "Tidak ada yang perlu diperiksa untuk pilihan ini." in desk.words
    desk.get(f"/plkb/{campaign.id}/periksa?desa=32.14.01.1001&sebab=apa&hal=-3&cetak=ya")
    assert "Euis Cikao" in desk.words and "Neng Tanpa" in desk.words, "what is not his or unknown filters nothing"
    assert "Dicetak oleh Bu Dua" in desk.words and "Siap dicetak" in desk.words


def test_the_list_has_pages(browser, campaign, cast, monkeypatch):
    from campaign.views import plkb

    monkeypatch.setattr(plkb, "PAGE", 2)
    for n in range(3):
        registered(cast.ibu_sari, name=f"Neng {'ABC'[n]}")
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/{campaign.id}/periksa?sebab=no_nik")
    assert "halaman 1 dari 2" in desk.words and "Neng A" in desk.words and "Neng C" not in desk.words
    desk.get(f"/plkb/{campaign.id}/periksa?sebab=no_nik&hal=2")
    assert "Neng C" in desk.words and "Neng A" not in desk.words


def test_ten_in_a_minute_open_the_women_concerned(browser, campaign, cast):
    at_once(cast.ibu_sari, 10, phone="+628200000099")
    registered(cast.ibu_sari, name="Neng Tenang", nik=nik(5))
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/{campaign.id}")
    assert "Ibu Sari: banyak dalam semenit, nomor HP yang sama" in desk.words
    desk.get(f"/plkb/{campaign.id}/periksa?sebab=burst")
    assert "10 pendaftaran dalam semenit" in desk.words and "nomor HP yang sama untuk" not in desk.words
    desk.get(f"/plkb/{campaign.id}/periksa/{cast.ibu_sari.id}")
    assert "Nomor HP yang sama untuk 10 Ibu" in desk.words and "Neng J" in desk.words
    assert "Tenang" not in desk.words and "0820" not in desk.last.text and "+62820" not in desk.last.text


def test_what_was_sent_at_once_but_happened_over_the_day_is_nothing_to_ask_about(browser, campaign, cast):
    at_once(cast.ibu_sari, 12, seconds=600)
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/{campaign.id}/periksa")
    assert "Tidak ada yang perlu diperiksa." in desk.words, "an outbox is emptied in one minute"


def test_paper_imports_walk_ins_and_other_peoples_kader_are_not_judged(browser, campaign, cast):
    at_once(cast.ibu_wati, 12)
    at_once(cast.pak_wawan, 0)
    for n in range(12):
        registered(cast.ibu_sari, name=f"Neng {n}", nik=nik(300 + n), paper_row=f"ABCDEF-{n}")
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/{campaign.id}/periksa")
    assert "Tidak ada yang perlu diperiksa." in desk.words
    desk.get(f"/plkb/{campaign.id}/periksa/{cast.ibu_wati.id}", status=404)
    desk.get(f"/plkb/{campaign.id}/periksa/{cast.ibu_sari.id}")
    assert "Tidak ada yang perlu ditanyakan kepada Ibu Sari." in desk.words


def test_many_without_nik_and_a_desa_far_beyond_its_target(browser, campaign, cast):
    at_once(cast.ibu_sari, 36, seconds=60, no_nik_reason="tidak_dibawa")
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/{campaign.id}/periksa")
    assert "36 dari 36 Ibu belum ada NIK" in desk.words
    assert "Desa Margacinta: 36 terdaftar, targetnya 12" in desk.words


def test_two_that_may_be_one_are_said_to_be_two(browser, campaign, cast):
    one = registered(cast.ibu_sari, name="Siti Nurhayati")
    other = registered(cast.ibu_sari, name="Sti Nur Hayati", nik=nik(3))
    euis = registered(cast.ibu_wati, name="Siti Nurhayati")
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/{campaign.id}")
    assert "1 pasang mungkin tercatat dua kali" in desk.words
    desk.get(f"/plkb/{campaign.id}/periksa?sebab=twice")
    assert "Siti Nurhayati" in desk.words and "Sti Nur Hayati" in desk.words and "Cikao" not in desk.words
    desk.post(f"/plkb/akseptor/{one.id}/bukan-sama/{euis.id}", status=404)
    desk.post(f"/plkb/akseptor/{one.id}/bukan-sama/{one.id}", status=404)
    desk.get(desk.post(f"/plkb/akseptor/{one.id}/bukan-sama/{other.id}").location)
    assert "dua orang yang berbeda" in desk.words and "Bukan orang yang sama" not in desk.words


# ---- His kader ----


def test_his_kader_stand_by_who_needs_a_hand_and_never_by_refusals(browser, campaign, cast, day):
    with writing() as session:
        builders.person("ani", "Ibu Ani", Role.KADER, desa_code="32.14.12.2001", rw="002")
        session.get_one(builders.Campaign, campaign.id).opens_on = campaign.opens_on - timedelta(days=10)
    leaves = registered(cast.ibu_sari, name="Neng Mundur")
    actions.withdraw(leaves, by=cast.ibu_sari, key=key())
    served(cast.ibu_sari, cast.bidan_ratna, day)
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/{campaign.id}")
    assert "1 Ibu: 0 terjadwal, 1 dilayani, 1 tanpa NIK" in desk.words
    assert desk.words.index("Ibu Ani") < desk.words.index("1 Ibu: 0 terjadwal"), "who has found nobody yet comes first"
    assert "dua minggu tanpa pendaftaran" in desk.words and "Ini bukan peringkat." in desk.words
    assert "mundur" not in desk.words.lower() and "tidak jadi" not in desk.words


def test_what_a_phone_still_holds_is_said_alike_to_plkb_and_office(browser, campaign, cast):
    device, at = builders.device(cast.ibu_sari), now()
    with writing() as session:
        row = session.get_one(Device, device.id)
        row.unsent, row.parked, row.told_at, row.oldest_unsent_at = 3, 1, at, at - timedelta(days=9)
    words = "3 isian belum terkirim, 1 perlu diperbaiki, sejak"
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/{campaign.id}")
    assert words in desk.words and "1 kader punya isian yang belum terkirim" in desk.words
    assert "bantu memperbaiki isian di HP-nya" in desk.words and "bantu mengirim isian yang tertahan" in desk.words
    for path in ("/plkb/kader", f"/plkb/kader/{cast.ibu_sari.id}"):
        desk.get(path)
        assert words in desk.words and "Kabar terakhir dari HP" in desk.words
    office = browser(cast.bu_lilis)
    office.get(f"/dppkb/orang/{cast.ibu_sari.id}")
    assert words in office.words
    with writing() as session:
        row = session.get_one(Device, device.id)
        row.unsent, row.parked, row.oldest_unsent_at = 0, 0, None
    desk.get(f"/plkb/kader/{cast.ibu_sari.id}")
    assert "Semua isian sudah terkirim" in desk.words


def test_he_finds_the_page_that_checks_a_phone(browser, campaign, pak_wawan):
    desk = browser(pak_wawan)
    desk.get("/plkb/kader")
    assert "/kader/hp" in desk.last.text
    desk.get("/kader/hp")
