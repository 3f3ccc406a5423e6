"""DPPKB's room: campaigns and their targets, places, people, and the count checked against the ledger."""

import io
import re
from datetime import timedelta

from campaign import queries
from campaign.extensions import db
from campaign.models import Campaign, Person, PlkbDesa, ServicePoint, Stage, Target, WorkingArea
from tests import builders
from tests.builders import PASSWORD, key, registered

DESA = ("32.14.01.1001", "32.14.12.2001", "32.14.12.2002")


def file(text: str | bytes):
    raw = text if isinstance(text, bytes) else text.encode()
    return io.BytesIO(raw), "berkas.csv"


def as_files(cases: dict) -> dict:
    """Cases of a text and its sentence, as the forms with a file take them."""
    return {case: ({"file": file(text)}, "file", sentence) for case, (text, sentence) in cases.items()}


def numbers_of(campaign) -> list[int]:
    targets = queries.targets(campaign)
    return [targets[code].number for code in DESA]


# ---- Campaigns ----


def asked(today, **also):
    about = {"name": "1831 MKJP", "occasion": "", "zone": "Asia/Jakarta", "headline": "1.831"}
    about |= {"opens_on": str(today), "closes_on": str(today + timedelta(days=43))}
    about |= {"counted_methods": ["implan_1", "implan_2", "iud"], "counted_participants": ["baru", "kbpp"]}
    return about | {"grace_days": "2", "correction_days": "2"} | also


def test_bu_lilis_makes_splits_and_opens_a_campaign(browser, bu_lilis, ibu_sari, today):
    office = browser(bu_lilis)
    office.get("/dppkb/kampanye/baru")
    office.get(office.post("/dppkb/kampanye/baru", **asked(today, name="Pekan MKJP")).location)
    assert "Kampanye dibuat sebagai rancangan." in office.words and "1.831" in office.words
    campaign = db.session.scalars(db.select(Campaign).where(Campaign.name == "Pekan MKJP")).one()
    at = f"/dppkb/kampanye/{campaign.id}"
    browser(ibu_sari).get(f"/kader/{campaign.id}", status=404)

    office.post(f"{at}/tahap", status=409, stage="open")
    assert "Jumlah target desa (0) belum sama dengan target kampanye (1.831). Bagi target dulu." in office.words
    office.get(office.post(f"{at}/target", way="sama").location)
    assert "Target sudah dibagi habis ke semua desa." in office.words
    assert numbers_of(campaign) == [611, 610, 610]
    office.post(f"{at}/tahap", stage="open")
    assert campaign.stage == Stage.OPEN
    browser(ibu_sari).get(f"/kader/{campaign.id}")


def test_a_campaign_is_closed_opened_again_and_never_a_draft_again(browser, bu_lilis, campaign):
    office, at = browser(bu_lilis), f"/dppkb/kampanye/{campaign.id}"
    office.get(office.post(f"{at}/tahap", stage="closed").location)
    assert "Kampanye ditutup." in office.words and campaign.stage == Stage.CLOSED
    office.post(f"{at}/tahap", stage="open")
    for wrong in ("draft", "entah", ""):
        answer = office.ask("POST", f"{at}/tahap", data={"key": key(), "csrf_token": office.token(), "stage": wrong})
        assert 400 <= answer.status_code < 500, f"{wrong!r}: {answer.status_code}"
    assert campaign.stage == Stage.OPEN


WRONG = {
    "no name": ({"name": ""}, "name", "Isi nama kampanye."),
    "ends before it begins": ({"closes_on": "2020-01-01"}, "closes_on", "Hari terakhir harus sesudah hari pertama."),
    "no such day": ({"opens_on": ["30", "2", "2026"]}, "opens_on", "Tanggal ini tidak ada."),
    "a target in words": ({"headline": "seribu"}, "headline", "Isi dengan angka bulat."),
    "nothing counts": ({"counted_methods": []}, "counted_methods", "Pilih paling sedikit satu metode."),
    "endless grace": ({"grace_days": "61"}, "grace_days", "0 sampai 60."),
    "a name too long": ({"name": "x" * 121}, "name", "Paling banyak 120 huruf."),
}


def test_a_wrong_campaign_comes_back_with_words(browser, bu_lilis, today):
    before = len(db.session.scalars(db.select(Campaign)).all())
    assert browser(bu_lilis).otherwise("/dppkb/kampanye/baru", asked(today), WRONG) == {}
    assert len(db.session.scalars(db.select(Campaign)).all()) == before


def test_a_campaign_is_changed_and_its_boards_move(browser, bu_lilis, campaign, today):
    office, revision = browser(bu_lilis), campaign.revision
    office.get(f"/dppkb/kampanye/{campaign.id}")
    assert 'value="1831 MKJP"' in office.last.text
    form = asked(campaign.opens_on, name="1831 MKJP Purwakarta", headline="20")
    office.get(office.post(f"/dppkb/kampanye/{campaign.id}", **form).location)
    assert "Perubahan disimpan." in office.words
    assert (campaign.name, campaign.headline) == ("1831 MKJP Purwakarta", 20)
    assert campaign.revision > revision


def test_weights_from_a_file_split_the_target_exactly(browser, bu_lilis, campaign):
    office, at = browser(bu_lilis), f"/dppkb/kampanye/{campaign.id}/target"
    office.post(at, way="berkas", file=file("kode;bobot\n32.14.12.2001;3.000\n32.14.12.2002;1000\n"))
    assert numbers_of(campaign) == [0, 15, 5]
    office.get(at)
    assert "Jumlah target desa sama persis dengan target kampanye." in office.words


WRONG_FILES = {
    "an unknown desa": ("kode,bobot\n32.14.12.2001,3\n32.99.99.2001,4\n", "Baris 3: kode 32.99.99.2001 bukan desa"),
    "a weight in words": ("kode,bobot\n32.14.12.2001,tiga\n", "Baris 2: bobot tiga bukan angka bulat."),
    "a negative weight": ("kode,bobot\n32.14.12.2001,-3\n", "Baris 2: bobot -3 bukan angka bulat."),
    "a desa twice": ("kode,bobot\n32.14.12.2001,3\n32.14.12.2001,3\n", "Baris 3: kode 32.14.12.2001 sudah ada"),
    "no such column": ("desa,jumlah\na,b\n", "Kolom kode, bobot tidak ada."),
    "nothing in it": ("", "Kolom kode, bobot tidak ada."),
    "only a header": ("kode,bobot\n", "Tidak ada satu baris pun dengan bobot."),
    "only zeros": ("kode,bobot\n32.14.12.2001,0\n", "Semua bobot nol"),
    "not a csv": (b"PK\x03\x04\xff\xfe\x00", "Berkas ini bukan csv UTF-8."),
}


def test_a_bad_line_of_weights_is_named_and_nothing_changes(browser, bu_lilis, campaign):
    def targets():
        return db.session.execute(db.select(Target.desa_code, Target.number).order_by(Target.desa_code)).all()

    before = targets()
    path = f"/dppkb/kampanye/{campaign.id}/target"
    assert browser(bu_lilis).otherwise(path, {"way": "berkas"}, as_files(WRONG_FILES)) == {}
    assert targets() == before


def test_a_file_as_large_as_a_whole_province_is_read(browser, bu_lilis, campaign):
    """Far more than a form may hold: a sheet is not a field."""
    office = browser(bu_lilis)
    text = "kode,bobot,catatan\n32.14.12.2001,3,\n32.14.12.2002,1,\n" + ",,catatan yang panjang sekali\n" * 4000
    office.post(f"/dppkb/kampanye/{campaign.id}/target", way="berkas", file=file(text))
    assert numbers_of(campaign) == [0, 15, 5]


def test_a_split_by_file_without_a_file_asks_for_it(browser, bu_lilis, campaign):
    office = browser(bu_lilis)
    office.post(f"/dppkb/kampanye/{campaign.id}/target", status=422, way="berkas")
    assert office.errors == {"file": "Pilih berkas csv."}


# ---- Places ----


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


# ---- People ----


def card_of(screen) -> tuple[str, str]:
    """The sign-in name and the passphrase that stand on the card on the screen."""
    name, password = re.findall(r"<code>([^<]+)</code>", screen.last.text)
    return name, password


def somebody(**also):
    return {"name": "Ibu Baru", "sign_in_name": "Baru.1", "role": "kader", "desa_code": "32.14.12.2001"} | also


def test_a_new_kader_gets_a_card_and_changes_its_password_first(browser, bu_lilis, campaign):
    office = browser(bu_lilis)
    office.get("/dppkb/orang/baru")
    office.post("/dppkb/orang/baru", status=200, **somebody(rw="5"))
    assert "Kartu ini hanya muncul sekali." in office.words
    name, password = card_of(office)
    assert name == "baru.1"
    phone = browser()
    phone.sign_in(name, password)
    assert phone.get(f"/kader/{campaign.id}", status=303).location == "/kata-sandi"
    row = db.session.scalars(db.select(Person).where(Person.sign_in_name == "baru.1")).one()
    assert (row.desa_code, row.rw, row.kabupaten_code) == ("32.14.12.2001", "005", "32.14")


def test_a_card_asked_for_twice_is_one_person_and_one_passphrase(browser, bu_lilis, cast):
    office, sent = browser(bu_lilis), key()
    cards = set()
    for _ in range(2):
        office.post("/dppkb/orang/baru", status=200, **somebody(key=sent))
        cards.add(card_of(office))
    assert len(cards) == 1
    browser().sign_in(*cards.pop())


def test_every_role_is_given_its_place(browser, bu_lilis, cast):
    office = browser(bu_lilis)
    for role, where in {
        "plkb": {"desa_codes": ["32.14.12.2001", "32.14.12.2002"]},
        "puskesmas": {"service_point_id": str(cast.maracang.id), "is_head": "y"},
        "dppkb": {"is_admin": "y"},
        "bupati": {},
    }.items():
        form = {"name": f"Orang {role}", "sign_in_name": f"baru-{role}", "role": role}
        office.post("/dppkb/orang/baru", status=200, **form, **where)
    people = {row.role: row for row in db.session.scalars(db.select(Person).where(Person.sign_in_name.like("baru-%")))}
    assert people["puskesmas"].service_point_id == cast.maracang.id and people["puskesmas"].is_head
    assert people["dppkb"].is_admin and not people["bupati"].is_admin
    desa = db.session.scalars(db.select(PlkbDesa.desa_code).where(PlkbDesa.person_id == people["plkb"].id)).all()
    assert sorted(desa) == ["32.14.12.2001", "32.14.12.2002"]


WRONG_PERSON = {
    "a kader without desa": ({"desa_code": ""}, "desa_code", "Pilih desa kader ini."),
    "a plkb without desa": ({"role": "plkb"}, "desa_codes", "Pilih paling sedikit satu desa binaan."),
    "a bidan without puskesmas": ({"role": "puskesmas"}, "service_point_id", "Pilih tempat pelayanannya."),
    "a desa elsewhere": ({"desa_code": "32.15.01.2001"}, "desa_code", ""),
    "a name with a space": ({"sign_in_name": "ibu baru"}, "sign_in_name", "Hanya huruf kecil, angka"),
    "a name somebody has": ({"sign_in_name": "sari"}, "sign_in_name", "Nama masuk ini sudah dipakai orang lain."),
    "no role": ({"role": ""}, "role", "Pilih peran."),
    "an invented role": ({"role": "raja"}, "role", ""),
    "a name too long": ({"sign_in_name": "x" * 41}, "sign_in_name", "Paling banyak 40 huruf."),
}


def test_a_wrong_person_comes_back_with_words(browser, bu_lilis, cast):
    before = len(db.session.scalars(db.select(Person)).all())
    assert browser(bu_lilis).otherwise("/dppkb/orang/baru", somebody(), WRONG_PERSON) == {}
    assert len(db.session.scalars(db.select(Person)).all()) == before


def test_people_are_found_by_name_and_role(browser, bu_lilis, cast):
    office = browser(bu_lilis)
    office.get("/dppkb/orang?nama=sari")
    assert "Ibu Sari" in office.words and "Ibu Wati" not in office.words
    office.get("/dppkb/orang?peran=puskesmas")
    assert "Bidan Ratna" in office.words and "Ibu Sari" not in office.words
    office.get("/dppkb/orang")
    assert "Orang Karawang" not in office.words


def test_who_is_disabled_is_out_at_once_and_may_come_back(browser, bu_lilis, ibu_sari, campaign):
    phone, office = browser(ibu_sari), browser(bu_lilis)
    phone.get(f"/kader/{campaign.id}")
    at = f"/dppkb/orang/{ibu_sari.id}"
    office.get(office.post(f"{at}/nonaktif").location)
    assert "Akun dinonaktifkan dan dikeluarkan dari semua perangkat." in office.words
    phone.get(f"/kader/{campaign.id}", status=303)
    browser().sign_in("sari", status=422)
    office.post(f"{at}/aktif")
    phone.get(f"/kader/{campaign.id}", status=303)
    browser().sign_in("sari")


def test_the_last_administrator_cannot_lock_the_office_out(browser, bu_lilis):
    office = browser(bu_lilis)
    office.post(f"/dppkb/orang/{bu_lilis.id}/nonaktif", status=409)
    assert "Ini pengelola DPPKB yang terakhir. Angkat pengelola lain dulu." in office.words
    office.get("/dppkb/orang")


def test_a_new_card_ends_the_old_password_and_every_sign_in(browser, bu_lilis, ibu_sari, campaign):
    phone, office = browser(ibu_sari), browser(bu_lilis)
    office.post(f"/dppkb/orang/{ibu_sari.id}/sandi", status=200)
    name, password = card_of(office)
    phone.get(f"/kader/{campaign.id}", status=303)
    browser().sign_in("sari", PASSWORD, status=422)
    phone.sign_in(name, password)
    assert phone.get("/kader/", status=303).location == "/kata-sandi"


def test_a_file_of_kader_makes_them_all_with_their_cards(browser, bu_lilis, cast):
    office = browser(bu_lilis)
    office.get("/dppkb/orang/kader")
    text = "\ufeffNama;Nama_Masuk;Kode_Desa;RW\nIbu Satu;satu;32.14.12.2001;\nIbu Dua;Dua;32.14.12.2002;7\n"
    office.post("/dppkb/orang/kader", status=200, file=file(text))
    assert "Ibu Satu" in office.words and "Ibu Dua" in office.words
    assert len(re.findall(r"<code>", office.last.text)) == 4
    dua = db.session.scalars(db.select(Person).where(Person.sign_in_name == "dua")).one()
    assert (dua.desa_code, dua.rw, dua.must_change_password) == ("32.14.12.2002", "007", True)


HEAD = "nama,nama_masuk,kode_desa,rw\n"
WRONG_KADER = {
    "no name": ("Ibu,satu,32.14.12.2001,\n,dua,32.14.12.2001,\n", "Baris 3: nama kosong atau terlalu panjang."),
    "a space in the sign-in name": ("Ibu,sa tu,32.14.12.2001,\n", "Baris 2: nama masuk hanya huruf kecil"),
    "the same name twice": ("A,satu,32.14.12.2001,\nB,Satu,32.14.12.2001,\n", "Baris 3: nama masuk satu sudah ada"),
    "a desa elsewhere": ("A,satu,32.15.01.2001,\n", "Baris 2: kode desa 32.15.01.2001 bukan desa kabupaten ini."),
    "an RW in words": ("A,satu,32.14.12.2001,lima\n", "Baris 2: RW lima bukan angka."),
    "a name somebody has": ("A,satu,32.14.12.2001,\nB,sari,32.14.12.2001,\n", "Nama masuk sari sudah dipakai."),
    "a sign-in name too long": (f"A,{'x' * 41},32.14.12.2001,\n", "Baris 2: nama masuk"),
    "nobody": ("", "Tidak ada satu baris pun dengan kader."),
}


def test_a_bad_line_of_the_kader_file_is_named_and_nobody_is_made(browser, bu_lilis, cast):
    before = len(db.session.scalars(db.select(Person)).all())
    cases = as_files({case: (HEAD + text, sentence) for case, (text, sentence) in WRONG_KADER.items()})
    assert browser(bu_lilis).otherwise("/dppkb/orang/kader", {}, cases) == {}
    assert len(db.session.scalars(db.select(Person)).all()) == before


def test_without_a_file_it_is_asked_for(browser, bu_lilis, cast):
    office = browser(bu_lilis)
    office.post("/dppkb/orang/kader", status=422)
    assert office.errors == {"file": "Pilih berkas csv."}


# ---- The count ----


def test_the_count_is_checked_and_mended_from_the_ledger(browser, bu_lilis, ibu_sari, campaign):
    registered(ibu_sari)
    office = browser(bu_lilis)
    office.get("/dppkb/hitung-ulang")
    assert "Semua cocok: tidak ada selisih." in office.words
    with builders.writing() as session:
        session.execute(db.text("UPDATE tally SET registered = 7"))
    office.get("/dppkb/hitung-ulang")
    assert "1 selisih ditemukan." in office.words and "Neng" not in office.last.text
    office.get(office.post("/dppkb/hitung-ulang").location)
    assert "1 selisih diperbaiki." in office.words and "Semua cocok" in office.words
    assert queries.differences() == []
