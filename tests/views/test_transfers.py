"""She lives elsewhere now: her PLKB says where, the office says yes or no, and both sides read what became of it."""

from campaign import actions
from campaign.extensions import db
from campaign.models import Akseptor, Transfer
from campaign.rules.roles import Role
from tests import builders
from tests.builders import key, nik, registered, served

THERE = "32.14.12.2002"
SAID = {"desa_code": THERE, "why": "pindah", "rt": "3", "rw": "5"}


def test_from_her_card_to_the_new_kaders_list(browser, campaign, cast, neng_siti):
    desk = browser(cast.pak_wawan)
    desk.get(f"/kader/akseptor/{neng_siti.id}")
    assert f"/plkb/akseptor/{neng_siti.id}/pindah" in desk.last.text
    desk.get(f"/plkb/akseptor/{neng_siti.id}/pindah")
    assert "Desa Cikao, Kec. Babakancikao" in desk.words and "Nagri Kidul" not in desk.words
    card = desk.post(f"/plkb/akseptor/{neng_siti.id}/pindah", **SAID).location
    desk.get(card)
    assert "Sampai DPPKB memutuskan, Ibu ini tetap di desa yang sekarang." in desk.words
    office = browser(cast.bu_lilis)
    office.get("/dppkb/")
    assert "Usulan pindah desa (1 menunggu)" in office.words
    office.get("/dppkb/pindah")
    assert "Neng Siti" in office.words and ", Kec. Babakancikao, RT 003/RW 005" in office.words
    assert "0 dilayani dari target 12" in office.words and "0 dilayani dari target 8" in office.words
    transfer = db.session.scalars(db.select(Transfer)).one()
    office.get(office.post(f"/dppkb/pindah/{transfer.id}/terima").location)
    assert "Neng Siti sekarang tercatat di Cikao." in office.words and "diterima" in office.words
    wati = browser(cast.ibu_wati)
    wati.get(f"/kader/{campaign.id}")
    assert "Neng Siti" in wati.words
    browser(cast.ibu_sari).get(f"/kader/akseptor/{neng_siti.id}", status=404)
    desk.get(f"/kader/akseptor/{neng_siti.id}", status=404)
    desk.get(f"/plkb/{campaign.id}")
    assert "diterima DPPKB" in desk.words and f"/kader/akseptor/{neng_siti.id}" not in desk.last.text


def test_names_repeat_so_the_kecamatan_stands_beside(browser, cast, neng_siti):
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/akseptor/{neng_siti.id}/pindah?cari=nagri")
    assert "Kelurahan Nagri Kidul, Kec. Purwakarta" in desk.words and "Desa Cikao" not in desk.words
    desk.get(f"/plkb/akseptor/{neng_siti.id}/pindah?cari=Babakan")
    assert "Desa Cikao" in desk.words and "Desa Margacinta, Kec. Babakancikao" in desk.words, (
        "where she is, is said above"
    )
    assert f'value="{cast.margacinta.code}"' not in desk.last.text, "but her own desa is no choice"
    desk.get(f"/plkb/akseptor/{neng_siti.id}/pindah?cari=Bandung")
    assert "Tidak ada desa lain dengan nama itu" in desk.words


def test_what_is_missing_is_said_at_its_field(browser, cast, neng_siti):
    desk = browser(cast.pak_wawan)
    cases = {
        "no desa": ({"desa_code": ""}, "desa_code", "Pilih desanya."),
        "own desa": ({"desa_code": "32.14.12.2001"}, "desa_code", "Pilihan ini tidak ada."),
        "elsewhere": ({"desa_code": "32.15.01.2001"}, "desa_code", "Pilihan ini tidak ada."),
        "no reason": ({"why": ""}, "why", "Pilih salah satu sebab."),
        "made up": ({"why": "karena"}, "why", "Pilihan ini tidak ada."),
        "rw": ({"rw": "5a"}, "rw", "Diisi angka saja"),
        "rt": ({"rt": "1234"}, "rt", "Paling banyak 3 huruf."),
    }
    assert desk.otherwise(f"/plkb/akseptor/{neng_siti.id}/pindah", SAID, cases) == {}
    assert db.session.scalar(db.select(db.func.count()).select_from(Transfer)) == 0


def test_what_was_chosen_elsewhere_stays_chosen_when_something_is_missing(browser, cast, neng_siti):
    desk = browser(cast.pak_wawan)
    desk.post(f"/plkb/akseptor/{neng_siti.id}/pindah", status=422, **SAID | {"desa_code": "32.14.01.1001", "why": ""})
    assert 'value="32.14.01.1001" checked' in desk.last.text


def test_a_second_proposal_is_not_offered_and_the_first_can_be_taken_back(browser, campaign, cast, neng_siti):
    desk = browser(cast.pak_wawan)
    desk.post(f"/plkb/akseptor/{neng_siti.id}/pindah", **SAID)
    desk.get(f"/plkb/akseptor/{neng_siti.id}/pindah")
    assert "Menunggu putusan DPPKB" in desk.words and "Kirim usulan" not in desk.words
    desk.post(f"/plkb/akseptor/{neng_siti.id}/pindah", status=409, **SAID)
    assert "sudah ada usulan pindah desa" in desk.words
    transfer = db.session.scalars(db.select(Transfer)).one()
    desk.get(desk.post(f"/plkb/pindah/{transfer.id}/tarik").location)
    assert "ditarik kembali" in desk.words
    office = browser(cast.bu_lilis)
    office.get("/dppkb/pindah")
    assert "Tidak ada usulan yang menunggu." in office.words and "ditarik PLKB" in office.words
    office.post(f"/dppkb/pindah/{transfer.id}/terima", status=409)
    assert "sudah diputuskan atau ditarik" in office.words


def test_no_is_told_to_who_asked(browser, campaign, cast, neng_siti):
    transfer = actions.propose_transfer(neng_siti, desa_code=THERE, why="keliru", by=cast.pak_wawan, key=key())
    office = browser(cast.bu_lilis)
    office.get(office.post(f"/dppkb/pindah/{transfer.id}/tolak").location)
    assert "Neng Siti tetap di Margacinta" in office.words
    desk = browser(cast.pak_wawan)
    desk.get(f"/plkb/{campaign.id}")
    assert "ditolak DPPKB" in desk.words and "sejak awal tercatat di desa yang keliru" in desk.words


def test_the_other_side_sees_numbers_coming_and_no_name(browser, campaign, cast, neng_siti):
    with builders.writing():
        of_cikao = builders.person("cikao", "Pak Cikao", Role.PLKB, desa_codes=[THERE])
    transfer = actions.propose_transfer(neng_siti, desa_code=THERE, why="pindah", by=cast.pak_wawan, key=key())
    desk = browser(of_cikao)
    desk.get(f"/plkb/{campaign.id}")
    assert "1 Ibu dari Desa Margacinta, Kec. Babakancikao diusulkan pindah ke Desa Cikao." in desk.words
    assert "Neng" not in desk.last.text and str(neng_siti.id) not in desk.last.text
    desk.post(f"/plkb/pindah/{transfer.id}/tarik", status=404)
    browser(cast.orang_karawang).post(f"/dppkb/pindah/{transfer.id}/terima", status=404)
    desk.get(f"/plkb/akseptor/{neng_siti.id}/pindah", status=404)
    desk.post(f"/plkb/akseptor/{neng_siti.id}/pindah", status=404, **SAID)


def test_neither_a_kader_nor_the_puskesmas_moves_anybody(browser, cast, neng_siti):
    for who in (cast.ibu_sari, cast.bidan_ratna, cast.bu_lilis):
        screen = browser(who)
        screen.post(f"/plkb/akseptor/{neng_siti.id}/pindah", status=403, **SAID)
    browser(cast.pak_wawan).get("/dppkb/pindah", status=403)
    sari = browser(cast.ibu_sari)
    sari.get(f"/kader/akseptor/{neng_siti.id}")
    assert "/pindah" not in sari.last.text


def test_what_has_changed_meanwhile_is_said_before_anybody_presses(browser, cast, neng_siti):
    transfer = actions.propose_transfer(neng_siti, desa_code=THERE, why="pindah", by=cast.pak_wawan, key=key())
    actions.withdraw(neng_siti, by=cast.ibu_sari, key=key())
    office = browser(cast.bu_lilis)
    office.get("/dppkb/pindah")
    assert "Tidak dapat diterima lagi. Ibu ini tidak lagi ikut" in office.words
    assert f"/dppkb/pindah/{transfer.id}/terima" not in office.last.text and "Tutup usulan" in office.words
    office.post(f"/dppkb/pindah/{transfer.id}/terima", status=409)
    assert "pindah desa" in office.words
    office.post(f"/dppkb/pindah/{transfer.id}/tolak")


def test_the_office_reads_that_a_served_woman_changes_two_bars(browser, cast, day):
    neng = served(cast.ibu_sari, cast.bidan_ratna, day, nik=nik(1))
    transfer = actions.propose_transfer(neng, desa_code=THERE, why="pindah", by=cast.pak_wawan, key=key())
    office = browser(cast.bu_lilis)
    office.get("/dppkb/pindah")
    assert "1 dilayani dari target 12" in office.words and "angka kedua desa berubah satu" in office.words
    office.post(f"/dppkb/pindah/{transfer.id}/terima")
    assert db.session.get_one(Akseptor, neng.id).desa_code == THERE
    board = browser(cast.pak_dedi)
    board.get(f"/papan/{cast.campaign.id}/32.14.12")
    assert "0 / 12" in board.words and "1 / 8" in board.words


def test_a_rehearsal_is_named_as_such(browser, cast):
    with builders.writing():
        rehearsal = builders.write_campaign({"32.14.12.2001": 12}, name="Gladi", is_rehearsal=True)
    invented = registered(cast.ibu_sari, name="Neng Lain", campaign=rehearsal)
    actions.propose_transfer(invented, desa_code=THERE, why="lain", by=cast.pak_wawan, key=key())
    office = browser(cast.bu_lilis)
    office.get("/dppkb/pindah")
    assert "(gladi bersih)" in office.words
