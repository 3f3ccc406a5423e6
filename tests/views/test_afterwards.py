"""After a gathering, on the screen: papers, messages, minutes, decisions, photos, certificates and whether one is true."""

import io
from urllib.parse import unquote

import pytest
from PIL import Image

from campaign import actions
from campaign.actions.staff import PHONE
from campaign.actions.transaction import writing
from campaign.actions.tries import LIMITS
from campaign.extensions import db
from campaign.models import AccessLog, Certificate, Decision, Gathering, Invitee, Person, Photo
from campaign.rules.gatherings import MOST_PHOTOS, SignedBy
from campaign.sealed import keys
from tests import builders
from tests.builders import key
from tests.papers.written import words_of
from tests.test_hostile import ODD


@pytest.fixture
def made(cast):
    return builders.gathering(cast.bu_lilis)


@pytest.fixture
def hers(cast, made):
    """Ibu Sari's line on the list."""
    return builders.invited(made, cast.ibu_sari, by=cast.bu_lilis)[0]


@pytest.fixture
def office(browser, bu_lilis):
    return browser(bu_lilis)


def come(invitee, by, **about):
    return actions.come(invitee, signed_by=SignedBy.DESK, by=by, key=key(), **about)


def pdf(screen, path) -> str:
    answer = screen.ask("GET", path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return words_of(answer.data)


def picture(colour="red") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "JPEG")
    file.seek(0)
    return file


# ---- Before ----


def test_letters_for_everybody_and_for_one(office, cast, made, hers):
    builders.invited(made, cast.ibu_wati, by=cast.bu_lilis)
    everybody = pdf(office, f"/pertemuan/{made.id}/surat.pdf?nomor=400/7")
    assert {"Ibu Sari", "Ibu Wati"} <= {
        name for name in ("Ibu Sari", "Ibu Wati") if name in everybody
    } and "400/7" in everybody
    one = pdf(office, f"/pertemuan/undangan/{hers.id}/surat.pdf")
    assert "Ibu Sari" in one and "Ibu Wati" not in one and "PPKBD" in one and "Desa Margacinta" in one
    office.get(f"/pertemuan/{made.id}/undangan")
    assert "Surat untuk 2 undangan" in office.words


def test_there_is_no_letter_to_what_was_cancelled_or_to_nobody(office, cast, made):
    assert office.ask("GET", f"/pertemuan/{made.id}/surat.pdf").status_code == 303
    hers = builders.invited(made, cast.ibu_sari, by=cast.bu_lilis)[0]
    actions.cancel_gathering(made, why="Banjir", by=cast.bu_lilis, key=key())
    for path in (
        f"/pertemuan/{made.id}/surat.pdf",
        f"/pertemuan/undangan/{hers.id}/surat.pdf",
        f"/pertemuan/undangan/{hers.id}/wa",
    ):
        assert office.ask("GET", path).status_code == 409


def test_a_message_opens_her_number_for_one_tap_only(office, cast, made, hers):
    number = "+628200001234"
    with writing():
        sari = db.session.get_one(Person, cast.ibu_sari.id)
        sari.phone_sealed = keys.seal(PHONE, sari.id, number)
    page = office.get(f"/pertemuan/{made.id}/undangan")
    assert number[1:] not in office.last.text and "WhatsApp" in office.words
    answer = office.ask("GET", f"/pertemuan/undangan/{hers.id}/wa")
    told = unquote(answer.location)
    assert told.startswith(f"https://wa.me/{number[1:]}?text=") and "Ibu Sari" in told and made.place in told
    assert hers.code[:3] in told
    logged = db.session.execute(db.select(AccessLog.what, AccessLog.by_id, AccessLog.reason)).all()
    assert logged == [("invitee_phone", cast.bu_lilis.id, hers.id.hex[:24])]
    del page


def test_a_plkb_opens_no_number_of_another_desas_kader_by_signing_her_in(browser, cast, pak_wawan):
    """Anybody may walk in at his desk; whom he could not invite he cannot write to."""
    his = builders.gathering(pak_wawan)
    with writing():
        for kader in (cast.ibu_sari, cast.ibu_wati):
            row = db.session.get_one(Person, kader.id)
            row.phone_sealed = keys.seal(PHONE, row.id, "+628200001234")
    (sari,) = builders.invited(his, cast.ibu_sari, by=pak_wawan)
    wati = actions.come_uninvited(his, signed_by=SignedBy.DESK, person_id=cast.ibu_wati.id, by=pak_wawan, key=key())
    screen = browser(pak_wawan)
    screen.get(f"/pertemuan/{his.id}/undangan")
    assert f"{sari.id}/wa" in screen.last.text and f"{wati.id}/wa" not in screen.last.text
    assert "wa.me" in screen.ask("GET", f"/pertemuan/undangan/{sari.id}/wa").location
    screen.get(screen.ask("GET", f"/pertemuan/undangan/{wati.id}/wa").location)
    assert "hanya dapat dibuka PLKB desanya" in screen.words


def test_who_has_no_number_gets_a_letter(office, hers):
    answer = office.ask("GET", f"/pertemuan/undangan/{hers.id}/wa")
    assert answer.location.endswith("/undangan")
    office.get(answer.location)
    assert "Nomor HP Ibu Sari belum ada" in office.words and "WhatsApp" not in office.words


def test_the_sheet_is_empty_before_and_filled_after(office, browser, cast, made, hers):
    come(hers, cast.bu_lilis)
    actions.come_uninvited(made, signed_by=SignedBy.DESK, name="Haji Udin", by=cast.bu_lilis, key=key())
    empty = pdf(office, f"/pertemuan/{made.id}/daftar-hadir.pdf")
    assert "Ibu Sari" in empty and "Haji Udin" not in empty and "hadir," not in empty
    filled = pdf(browser(cast.pak_wawan), f"/pertemuan/{made.id}/daftar-hadir.pdf?isi=ya")
    assert "Haji Udin" in filled and "Hadir: 2" in filled


# ---- Minutes and decisions ----


def test_minutes_are_kept_and_a_colleagues_are_not_written_over(office, made):
    path = f"/pertemuan/{made.id}"
    was = was_of(office, path)
    office.post(f"{path}/notulen", key=key(), minutes="Dibuka pukul 8.\r\n\r\nSelesai.", was=was)
    assert db.session.get_one(Gathering, made.id).minutes == "Dibuka pukul 8.\n\nSelesai."
    office.post(f"{path}/notulen", status=422, key=key(), minutes="Punya saya", was=was)
    assert (
        "rekan lain mengubah notulen" in office.words
        and "Dibuka pukul 8." in office.words
        and "Punya saya" in office.words
    )
    assert db.session.get_one(Gathering, made.id).minutes.startswith("Dibuka")
    office.post(f"{path}/notulen", key=key(), minutes="Keduanya", was=was_of_text(office.last.text))
    office.get(f"{path}/notulen")
    assert "Keduanya" in office.words


def was_of(screen, path) -> str:
    screen.get(f"{path}/sesudah")
    return was_of_text(screen.last.text)


def was_of_text(text: str) -> str:
    return text.partition('name="was" value="')[2].partition('"')[0]


def test_what_is_decided_is_done_undone_and_taken_out(office, made):
    path = f"/pertemuan/{made.id}"
    office.post(f"{path}/keputusan", status=422, key=key(), what="", who="", due_on="")
    office.post(f"{path}/keputusan", key=key(), what="Melapor tanggal 25", who="Sub PPKBD", due_on=["1", "2", "2020"])
    one = db.session.scalars(db.select(Decision)).one()
    office.get(f"{path}/sesudah")
    assert "Melapor tanggal 25 Sub PPKBD · paling lambat 1 Februari 2020 lewat waktu" in office.words
    part = office.ask(
        "POST",
        f"/pertemuan/keputusan/{one.id}",
        data={"key": key(), "csrf_token": office.token()},
        headers={"HX-Request": "true"},
    )
    assert "selesai" in part.text and "<html" not in part.text
    db.session.expire_all()
    assert one.done_at is not None
    office.post(f"/pertemuan/keputusan/{one.id}", key=key(), batal="ya")
    db.session.expire_all()
    assert one.done_at is None
    office.post(f"/pertemuan/keputusan/{one.id}/hapus", key=key())
    assert db.session.scalars(db.select(Decision)).all() == []


def test_what_earlier_gatherings_left_open_is_shown_by_area(office, cast, made):
    same = builders.gathering(cast.bu_lilis, in_days=-30, name="Bulan lalu")
    of_desa = builders.gathering(cast.bu_lilis, in_days=-30, tier="desa", area_code="32.14.12.2001")
    later = builders.gathering(cast.bu_lilis, in_days=30)
    for gathering, what in ((same, "Masih terbuka"), (same, "Sudah beres"), (of_desa, "Milik desa"), (later, "Nanti")):
        decision = actions.decide(gathering, what=what, who="", by=cast.bu_lilis, key=key())
        if what == "Sudah beres":
            actions.settle_decision(decision, is_done=True, by=cast.bu_lilis, key=key())
    office.get(f"/pertemuan/{made.id}/sesudah")
    assert "Masih terbuka" in office.words and "dari Bulan lalu" in office.words
    assert not any(what in office.words for what in ("Sudah beres", "Milik desa", "Nanti"))


# ---- Photos ----


def test_a_photo_comes_in_once_and_is_seen_at_the_desks_only(office, browser, cast, made):
    path, again = f"/pertemuan/{made.id}/foto", key()
    for _ in range(2):
        office.post(path, key=again, photo=(picture(), "a.jpg"), caption="Pembukaan")
    one = db.session.scalars(db.select(Photo)).one()
    assert (one.width, one.height, one.caption) == (60, 40, "Pembukaan")
    office.post(path, status=422, key=again, photo=(picture("blue"), "a.jpg"), caption="Pembukaan")
    for size in (f"{one.id}.jpg", f"{one.id}/kecil.jpg"):
        answer = browser(cast.pak_wawan).ask("GET", f"/pertemuan/foto/{size}")
        assert Image.open(io.BytesIO(answer.data)).size == (60, 40) and "private" in answer.headers["Cache-Control"]
        etag = {"If-None-Match": answer.headers["ETag"]}
        assert office.ask("GET", f"/pertemuan/foto/{size}", headers=etag).status_code == 304
        assert browser(cast.orang_karawang).ask("GET", f"/pertemuan/foto/{size}", headers=etag).status_code == 404
        assert browser(cast.ibu_sari).ask("GET", f"/pertemuan/foto/{size}").status_code == 403


def test_what_is_no_photo_is_refused_in_words(office, made):
    path = f"/pertemuan/{made.id}/foto"
    office.post(path, status=422, key=key(), photo=(io.BytesIO(b"<svg/>"), "a.jpg"), caption="")
    assert "tidak dapat dibaca sebagai foto" in office.words
    office.post(path, status=422, key=key(), caption="")
    assert "Pilih fotonya" in office.words
    assert db.session.scalars(db.select(Photo)).all() == []


def test_there_is_an_end_to_photos(office, cast, made):
    photos = [builders.photo(made, by=cast.bu_lilis) for _ in range(MOST_PHOTOS)]
    office.post(f"/pertemuan/{made.id}/foto", status=409, key=key(), photo=(picture(), "a.jpg"), caption="")
    office.post(f"/pertemuan/foto/{photos[0].id}/hapus", key=key())
    office.post(f"/pertemuan/foto/{photos[1].id}/keterangan", key=key(), caption="Foto bersama")
    office.post(f"/pertemuan/{made.id}/foto", key=key(), photo=(picture(), "a.jpg"), caption="")
    office.get(f"/pertemuan/{made.id}/sesudah")
    assert "Foto bersama" in office.words and db.session.query(Photo).count() == MOST_PHOTOS


def test_a_plkb_sees_the_photos_of_the_office_but_changes_none(browser, cast, made):
    photo = builders.photo(made, by=cast.bu_lilis)
    plkb = browser(cast.pak_wawan)
    plkb.get(f"/pertemuan/{made.id}/notulen")
    assert f"/pertemuan/foto/{photo.id}.jpg" in plkb.last.text
    plkb.post(f"/pertemuan/foto/{photo.id}/hapus", status=404, key=key())
    plkb.get(f"/pertemuan/{made.id}/sesudah", status=404)


# ---- Odd input ----


def test_no_field_of_its_forms_breaks_the_server(office, cast, made):
    photo, decision = (
        builders.photo(made, by=cast.bu_lilis),
        actions.decide(made, what="x", who="", by=cast.bu_lilis, key=key()),
    )
    here, token, broken = f"/pertemuan/{made.id}", office.token(), []
    forms = {
        f"{here}/notulen": {"minutes": "x", "was": was_of(office, here)},
        f"{here}/keputusan": {"what": "x", "who": "x", "due_on": "2026-01-01"},
        f"/pertemuan/keputusan/{decision.id}": {"batal": "x"},
        f"{here}/foto": {"photo": "x", "caption": "x"},
        f"/pertemuan/foto/{photo.id}/keterangan": {"caption": "x"},
        f"{here}/sertifikat": {"tail": "x"},
    }
    for path, right in forms.items():
        for name in (*right, "key"):
            for odd in ODD:
                filled = {"key": key(), "csrf_token": token} | right | {name: odd}
                if (status := office.ask("POST", path, data=filled).status_code) >= 500:
                    broken.append(f"{path} {name}={odd[:20]!r}: {status}")
    for odd in ODD:
        for path in (f"{here}/surat.pdf", f"{here}/daftar-hadir.pdf", "/sertifikat"):
            query = {"nomor": odd, "isi": odd, "kode": odd}
            if (status := office.client.get(path, query_string=query).status_code) >= 500:
                broken.append(f"{path} {odd[:20]!r}: {status}")
    assert broken == []


# ---- Certificates ----


def numbers() -> list[str]:
    return db.session.scalars(db.select(Certificate.number).order_by(Certificate.serial)).all()


def test_who_was_there_herself_gets_a_number_that_stays(office, cast, made, hers):
    wati, wawan = builders.invited(made, cast.ibu_wati, cast.pak_wawan, by=cast.bu_lilis)
    come(hers, cast.bu_lilis)
    come(wawan, cast.bu_lilis, stands_in="Pak Asep")
    path = f"/pertemuan/{made.id}/sertifikat"
    office.post(path, key=key(), tail="ORIENTASI/II/2025")
    assert numbers() == ["001/ORIENTASI/II/2025"], "neither who was represented nor who did not come"
    come(wati, cast.bu_lilis)
    office.post(path, key=key(), tail="LAIN")
    office.post(path, key=key(), tail="LAIN")
    assert numbers() == ["001/ORIENTASI/II/2025", "002/ORIENTASI/II/2025"]
    assert "Semua yang hadir sudah punya sertifikat" in pages_after(office, made)
    both = pdf(office, f"{path}.pdf")
    assert "Ibu Sari" in both and "Ibu Wati" in both and "Pak Wawan" not in both
    assert "Ibu Wati" not in pdf(office, f"/pertemuan/undangan/{hers.id}/sertifikat.pdf")
    assert office.ask("GET", f"/pertemuan/undangan/{wawan.id}/sertifikat.pdf").status_code == 409


def pages_after(screen, made) -> str:
    screen.get(f"/pertemuan/{made.id}/sesudah")
    return screen.words


def test_two_gatherings_never_share_a_number(office, cast, made, hers):
    other = builders.gathering(cast.bu_lilis)
    come(hers, cast.bu_lilis)
    come(builders.invited(other, cast.ibu_sari, by=cast.bu_lilis)[0], cast.bu_lilis)
    office.post(f"/pertemuan/{made.id}/sertifikat", key=key(), tail="ORI")
    office.post(f"/pertemuan/{other.id}/sertifikat", status=422, key=key(), tail="ORI")
    office.post(f"/pertemuan/{other.id}/sertifikat", key=key(), tail="A/../<b>")
    assert "Hanya huruf, angka" in pages_after(office, other)
    assert numbers() == ["001/ORI"]


def test_anybody_may_ask_whether_a_certificate_is_true(browser, cast, made, hers):
    code = builders.certificate(hers, by=cast.bu_lilis).code
    stranger = browser()
    typed = stranger.ask("GET", f"/sertifikat?kode={code[:4].lower()}+{code[4:8]}-{code[8:]}")
    answer = stranger.ask("GET", typed.location)
    assert "Sah." in answer.text and "Ibu Sari" in answer.text and made.name in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"] and "Set-Cookie" not in answer.headers
    actions.correct_entry(hers, reason="salah_orang", by=cast.bu_lilis, key=key())
    answer = stranger.ask("GET", f"/sertifikat/{code}")
    assert "Tidak berlaku lagi" in answer.text and "Sah." not in answer.text
    assert browser(cast.bu_lilis).ask("GET", f"/pertemuan/undangan/{hers.id}/sertifikat.pdf").status_code == 409


def test_a_certificate_of_what_was_cancelled_says_so_and_is_printed_no_more(browser, office, cast, made, hers):
    code = builders.certificate(hers, by=cast.bu_lilis).code
    actions.cancel_gathering(made, why="Banjir", by=cast.bu_lilis, key=key())
    answer = browser().ask("GET", f"/sertifikat/{code}")
    assert "Tidak berlaku lagi" in answer.text and "pertemuannya dibatalkan" in answer.text
    assert "kehadirannya dibetulkan" not in answer.text
    phone = browser(cast.ibu_sari)
    phone.get(f"/hadir/pertemuan/{made.id}")
    assert "sertifikat" not in phone.words.lower()
    assert phone.ask("GET", f"/hadir/pertemuan/{made.id}/sertifikat.pdf").status_code == 409
    assert office.ask("GET", f"/pertemuan/{made.id}/sertifikat.pdf").status_code == 303


def test_codes_that_are_none_are_all_alike_and_counted(browser, cast, hers):
    code = builders.certificate(hers, by=cast.bu_lilis).code
    stranger, limit = browser(), LIMITS[0][1]
    wrong = [stranger.ask("GET", f"/sertifikat/{'0' * 15}{n % 10}") for n in range(limit + 1)]
    assert {answer.text for answer in wrong} == {stranger.ask("GET", "/sertifikat/x%27y").text}
    assert [answer.status_code for answer in wrong] == [404] * limit + [429]
    assert stranger.ask("GET", f"/sertifikat/{code}").status_code == 200, "who holds one is not kept waiting"


def test_her_own_certificate_on_her_phone(browser, cast, made, hers):
    phone = browser(cast.ibu_sari)
    assert phone.ask("GET", f"/hadir/pertemuan/{made.id}/sertifikat.pdf").status_code == 409
    builders.certificate(hers, by=cast.bu_lilis)
    assert "Ibu Sari" in pdf(phone, f"/hadir/pertemuan/{made.id}/sertifikat.pdf")
    assert browser(cast.ibu_wati).ask("GET", f"/hadir/pertemuan/{made.id}/sertifikat.pdf").status_code == 404
    assert db.session.query(Invitee).count() == 1
