"""Signing in at a gathering: desks, letters, who was not invited, the poster at the door, and one's own phone."""

from datetime import timedelta

import pytest

from campaign import actions, models, queries
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.rules.attendance import Attendance
from campaign.rules.gatherings import SignedBy
from campaign.rules.roles import Role
from campaign.words import hour
from tests import builders, phone
from tests.builders import key


@pytest.fixture
def hall(cast):
    return builders.gathering(cast.bu_lilis)


@pytest.fixture
def sari(cast, hall):
    return builders.invited(hall, cast.ibu_sari, cast.ibu_wati, by=cast.bu_lilis)[0]


@pytest.fixture
def ibu_nia(cast):
    """A kader nobody has invited."""
    with writing():
        return builders.person("nia", "Ibu Nia", Role.KADER, desa_code="32.14.12.2002")


def desk_of(hall):
    return f"/pertemuan/{hall.id}/meja"


def fresh(row):
    db.session.rollback()
    return db.session.get_one(type(row), row.id)


def shift(hall, **to):
    with writing():
        for name, value in to.items():
            setattr(db.session.get_one(models.Gathering, hall.id), name, value)


def listed():
    db.session.rollback()
    return list(db.session.scalars(db.select(models.Invitee).order_by(models.Invitee.name)))


# ---- The desk ----


def test_a_tap_signs_her_in_and_the_list_and_the_numbers_say_so(browser, bu_lilis, hall, sari):
    screen = browser(bu_lilis)
    screen.get(desk_of(hall))
    assert "0 hadir dari 2" in screen.words and "2 belum datang" in screen.words
    screen.post(f"/pertemuan/meja/{sari.id}/hadir", status=200, htmx="desk", key=key())
    came = fresh(sari)
    assert (came.status, came.signed_by) == (Attendance.CAME, SignedBy.DESK)
    at = hour(came.came_at, hall.zone)
    assert "1 hadir dari 2" in screen.words and f"Sari, PPKBD Desa Margacinta: hadir {at}" in screen.words
    assert f"hadir {at}" in screen.words.split("menurut pilihan")[-1]


def test_without_script_it_is_the_same_and_the_choice_is_kept(browser, bu_lilis, hall, sari):
    screen = browser(bu_lilis)
    page = screen.get(f"{desk_of(hall)}?cari=sar&belum=ya")
    assert "Sari" in screen.words and "Wati" not in screen.words
    assert f"/pertemuan/meja/{sari.id}/hadir?cari=sar" in page.text
    answer = screen.post(f"/pertemuan/meja/{sari.id}/hadir?cari=sar&belum=ya", key=key())
    assert answer.location.endswith(f"{desk_of(hall)}?cari=sar&belum=ya")
    screen.get(answer.location)
    assert "Tidak ada di daftar menurut pilihan ini" in screen.words and "hadir" in screen.words


def test_a_filter_by_kecamatan_and_nonsense_finds_nobody(browser, bu_lilis, hall, sari):
    screen = browser(bu_lilis)
    screen.get(f"{desk_of(hall)}?kecamatan={sari.desa_code[:8]}", htmx="desk")
    assert "Sari" in screen.words
    screen.get(f"{desk_of(hall)}?kecamatan=99.99.99", htmx="desk")
    assert "Tidak ada di daftar" in screen.words


def test_a_desk_that_asks_is_told_only_what_is_new(browser, bu_lilis, pak_wawan, hall, sari):
    screen, other = browser(bu_lilis), browser(pak_wawan)
    screen.get(desk_of(hall))
    version = f"{queries.turnout_version(hall.id)}-1"
    screen.get(f"{desk_of(hall)}?v={version}", htmx="desk", status=204)
    other.post(f"/pertemuan/meja/{sari.id}/hadir", key=key())
    screen.get(f"{desk_of(hall)}?v={version}", htmx="desk")
    assert "1 hadir dari 2" in screen.words


def test_the_slower_desk_is_told_who_was_quicker(browser, bu_lilis, pak_wawan, hall, sari):
    slow, quick = browser(bu_lilis), browser(pak_wawan)
    quick.post(f"/pertemuan/meja/{sari.id}/hadir", key=key())
    slow.post(f"/pertemuan/meja/{sari.id}/hadir", status=200, htmx="desk", key=key())
    at = hour(fresh(sari).came_at, hall.zone)
    assert f"Sari, PPKBD Desa Margacinta: sudah hadir sejak {at}, dicatat {pak_wawan.name}" in slow.words
    assert builders.turnout(hall) == {"came": 1, "invited": 1} and queries.differences() == []


def test_the_same_press_sent_again_says_the_same(browser, bu_lilis, hall, sari):
    screen, sent = browser(bu_lilis), key()
    told = []
    for _ in range(2):
        screen.post(f"/pertemuan/meja/{sari.id}/hadir", status=200, htmx="desk", key=sent)
        told.append("sudah hadir" in screen.words)
    assert told == [False, False] and builders.turnout(hall) == {"came": 1, "invited": 1}


@pytest.mark.parametrize(
    "typed", ["{code}", " {lower} ", "https://kb.example/surat/{code}", "https://kb.example/x?kode={code}"]
)
def test_the_code_of_a_letter_is_enough_however_it_comes(browser, bu_lilis, hall, sari, typed):
    screen = browser(bu_lilis)
    text = typed.format(code=sari.code, lower=f"{sari.code[:2]} {sari.code[2:]}".lower())
    screen.post(f"{desk_of(hall)}/kode", status=200, htmx="desk", key=key(), code=text)
    assert fresh(sari).signed_by == SignedBy.CODE and "Sari, PPKBD" in screen.words
    screen.post(f"{desk_of(hall)}/kode", status=200, htmx="desk", key=key(), code=text)
    assert "sudah hadir sejak" in screen.words


def test_a_code_that_is_none_and_the_doors_own_are_told_apart(browser, bu_lilis, hall, sari):
    screen = browser(bu_lilis)
    for text, words in {
        "AAAAA": "Kode AAAAA tidak ada di daftar",
        f"https://kb.example/hadir/{hall.door_code}": "Itu kode pintu, bukan kode surat",
        hall.door_code.lower(): "Itu kode pintu, bukan kode surat",
    }.items():
        screen.post(f"{desk_of(hall)}/kode", status=200, htmx="desk", key=key(), code=text)
        assert words in screen.words
    screen.post(f"{desk_of(hall)}/kode", status=422, key=key(), code=" ")
    assert "Pindai suratnya, atau ketik kodenya." in screen.words
    answer = screen.post(f"{desk_of(hall)}/kode", status=200, htmx="desk", key=key(), code="x" * 401)
    assert 'id="desk"' in answer.text and "Paling banyak 400" in screen.words
    assert builders.turnout(hall) == {"invited": 2}


def test_represented_excused_and_corrected(browser, bu_lilis, hall, sari):
    screen, her = browser(bu_lilis), f"/pertemuan/meja/{sari.id}"
    screen.get(her)
    assert "Diwakili" in screen.words and "Izin" in screen.words and "Betulkan" not in screen.words
    screen.post(f"{her}/izin", key=key(), reason="sakit")
    screen.get(her)
    assert "izin (sakit)" in screen.words
    screen.post(f"{her}/wakil", status=422, key=key(), stands_in="")
    assert "Isi nama yang datang." in screen.words
    screen.post(f"{her}/wakil", key=key(), stands_in="Bu Sekdes")
    assert builders.turnout(hall) == {"represented": 1, "invited": 1} and fresh(sari).stands_in == "Bu Sekdes"
    screen.post(f"{her}/betulkan", key=key(), reason="salah_orang", seen=str(fresh(sari).revision))
    assert builders.turnout(hall) == {"excused": 1, "invited": 1} and queries.differences() == []


def test_two_desks_that_correct_the_same_do_not_undo_each_other(browser, bu_lilis, pak_wawan, hall, sari):
    actions.come(sari, signed_by=SignedBy.DESK, by=bu_lilis, key=key())
    seen = str(fresh(sari).revision)
    browser(bu_lilis).post(f"/pertemuan/meja/{sari.id}/betulkan", key=key(), reason="salah_pencet", seen=seen)
    slow = browser(pak_wawan)
    slow.post(f"/pertemuan/meja/{sari.id}/betulkan", status=409, key=key(), reason="salah_pencet", seen=seen)
    assert "Mungkin meja lain lebih dulu" in slow.words
    assert builders.turnout(hall) == {"invited": 2}


def test_who_was_not_invited_is_found_in_the_register_and_comes(browser, bu_lilis, ibu_nia, hall, sari):
    screen, page = browser(bu_lilis), f"{desk_of(hall)}/datang"
    screen.get(f"{page}?cari={ibu_nia.name[-3:]}")
    assert ibu_nia.name in screen.words and "Terdaftar, belum diundang" in screen.words
    screen.post(page, key=key(), person=str(ibu_nia.id))
    walked_in = next(one for one in listed() if one.person_id == ibu_nia.id)
    assert walked_in.is_walk_in and walked_in.status == Attendance.CAME
    screen.get(f"{page}?cari=sari")
    assert "Sudah di daftar undangan" in screen.words
    screen.get(f"{page}?cari=zzz")
    assert "Tidak ada nama seperti itu" in screen.words
    screen.post(page, key=key(), name="Camat Juai", title="Camat", desa_code="")
    assert [one.name for one in listed() if one.is_walk_in and one.person_id is None] == ["Camat Juai"]
    screen.post(page, status=422, key=key(), name="")
    assert "Isi nama." in screen.words


def test_nobody_of_another_kabupaten_and_no_nonsense_walks_in(browser, bu_lilis, cast, hall):
    screen = browser(bu_lilis)
    for person in (cast.orang_karawang.id, "x"):
        screen.post(f"{desk_of(hall)}/datang", status=404, key=key(), person=str(person))
    assert listed() == []


def test_outside_the_window_the_desk_is_told_in_words_and_has_no_button(browser, bu_lilis, hall, sari):
    screen = browser(bu_lilis)
    shift(
        hall,
        opens_at=now() + timedelta(hours=1),
        late_at=now() + timedelta(hours=2),
        closes_at=now() + timedelta(hours=3),
    )
    page = screen.get(desk_of(hall))
    assert "Sebelum itu tidak ada yang dapat dicatat hadir" in screen.words
    assert f"/pertemuan/meja/{sari.id}/hadir" not in page.text
    screen.post(f"/pertemuan/meja/{sari.id}/hadir", status=200, htmx="desk", key=key())
    assert "Daftar hadir dibuka" in screen.words and fresh(sari).status == Attendance.INVITED
    screen.post(f"/pertemuan/meja/{sari.id}/hadir", status=409, key=key())


def test_the_list_is_closed_and_opened_again(browser, bu_lilis, hall, sari):
    screen = browser(bu_lilis)
    screen.get(desk_of(hall))
    assert "2 orang yang belum datang akan tercatat tidak hadir" in screen.words
    screen.post(f"{desk_of(hall)}/tutup", key=key())
    screen.get(desk_of(hall))
    assert "Daftar hadir sudah ditutup" in screen.words and "2 tidak hadir" in screen.words
    screen.post(f"{desk_of(hall)}/buka", key=key())
    screen.post(f"/pertemuan/meja/{sari.id}/hadir", key=key())
    assert builders.turnout(hall) == {"came": 1, "absent": 1}


def test_a_desk_after_its_hours_is_told_what_still_helps_and_offers_nothing_that_does_not(
    browser, bu_lilis, hall, sari
):
    screen = browser(bu_lilis)
    actions.close_list(hall, by=bu_lilis, key=key())
    shift(hall, late_at=hall.opens_at, closes_at=now() - timedelta(minutes=1), on=hall.day_of(now()))
    page = screen.get(desk_of(hall))
    assert "memanjangkan jamnya, lalu daftar dibuka lagi" in screen.words and "/meja/buka" not in page.text
    shift(hall, on=hall.day_of(now()) - timedelta(days=1))
    page = screen.get(desk_of(hall))
    assert "lewat Impor" in screen.words and "memanjangkan" not in screen.words and "/meja/buka" not in page.text
    shift(hall, closed_at=None)
    screen.get(desk_of(hall))
    assert "Waktu daftar hadir berakhir" in screen.words and "lewat Impor" in screen.words


# ---- The door ----


def test_the_poster_says_the_code_and_a_new_one_ends_the_old(browser, bu_lilis, pak_wawan, ibu_sari, hall, sari):
    office, old = browser(bu_lilis), hall.door_code
    office.get(f"/pertemuan/{hall.id}/pintu")
    assert f"{old[:4]} {old[4:]}" in office.words
    browser(pak_wawan).get(f"/pertemuan/{hall.id}/pintu")
    office.post(f"/pertemuan/{hall.id}/pintu/kode", key=key())
    assert fresh(hall).door_code != old
    phone_of_sari = browser(ibu_sari)
    phone_of_sari.get(f"/hadir/{old}", status=404)
    assert "Kode pintu ini tidak dikenal" in phone_of_sari.words
    phone_of_sari.get(f"/hadir/{fresh(hall).door_code}")


def test_she_presses_the_one_button(browser, ibu_sari, hall, sari):
    screen = browser(ibu_sari)
    screen.get(f"/hadir/{hall.door_code}")
    assert "Saya hadir" in screen.words
    answer = screen.post(f"/hadir/{hall.door_code}", key=key())
    screen.get(answer.location)
    came = fresh(sari)
    assert came.signed_by == SignedBy.DOOR
    assert f"Anda tercatat hadir pukul {hour(came.came_at, hall.zone)}." in screen.words


def test_late_and_represented_are_said_kindly(browser, ibu_sari, ibu_wati, bu_lilis, hall, sari):
    shift(hall, late_at=now() - timedelta(minutes=1))
    screen = browser(ibu_sari)
    screen.post(f"/hadir/{hall.door_code}", key=key())
    screen.get(f"/hadir/{hall.door_code}")
    assert fresh(sari).status == Attendance.LATE and "silakan masuk" in screen.words
    wati = next(one for one in listed() if one.person_id == ibu_wati.id)
    actions.come(wati, signed_by=SignedBy.DESK, stands_in="Anaknya", by=bu_lilis, key=key())
    other = browser(ibu_wati)
    other.get(f"/hadir/{hall.door_code}")
    assert "Anda tercatat diwakili Anaknya" in other.words


def test_who_is_not_invited_is_sent_to_the_desk(browser, ibu_nia, hall, sari):
    screen = browser(ibu_nia)
    page = screen.get(f"/hadir/{hall.door_code}")
    assert "Datanglah ke meja" in screen.words and "door-form" not in page.text
    screen.post(f"/hadir/{hall.door_code}", status=409, key=key())
    assert "belum ada di daftar undangan" in screen.words
    assert builders.turnout(hall) == {"invited": 2}


def test_who_is_not_signed_in_signs_in_and_is_back_at_the_door(browser, ibu_sari, hall, sari):
    stranger = browser()
    answer = stranger.get(f"/hadir/{hall.door_code}", status=303)
    assert f"lanjut=/hadir/{hall.door_code}" in answer.location.replace("%2F", "/")
    stranger.sign_in(ibu_sari.sign_in_name, lanjut=f"/hadir/{hall.door_code}")
    stranger.get(f"/hadir/{hall.door_code}")
    assert "Saya hadir" in stranger.words


def test_her_gatherings_and_the_code_typed_by_hand(browser, ibu_sari, hall, sari):
    screen = browser(ibu_sari)
    screen.get("/hadir/")
    assert hall.name in screen.words and "diundang" in screen.words
    typed = f"{hall.door_code[:4]} {hall.door_code[4:]}".lower()
    assert screen.get(f"/hadir/?kode={typed}", status=303).location.endswith(f"/hadir/{hall.door_code}")
    screen.get(f"/hadir/pertemuan/{hall.id}")
    assert sari.code in screen.words


def test_before_after_and_when_it_is_cancelled_there_is_no_button(browser, bu_lilis, ibu_sari, hall, sari):
    screen, at = browser(ibu_sari), now()
    hours = {
        "opens_at": at + timedelta(hours=1),
        "late_at": at + timedelta(hours=1),
        "closes_at": at + timedelta(hours=2),
    }
    for change, words in (
        (hours, "Buka lagi halaman ini sesudah itu"),
        ({name: moment - timedelta(hours=4) for name, moment in hours.items()}, "Daftar hadir sudah ditutup"),
        ({"is_cancelled": True, "cancelled_why": "banjir"}, "Pertemuan ini dibatalkan: banjir"),
    ):
        shift(hall, **change)
        page = screen.get(f"/hadir/{hall.door_code}")
        assert words in screen.words and "door-form" not in page.text


# ---- Her phone without a line ----

BOX = "/kader/kotak"


def kept(screen, owner, door, *, at=None, **also):
    """What lies on her phone once she has pressed."""
    said = {"kind": "come", "campaign": None} | also
    nowhere = type("Nowhere", (), {"id": None})
    at = at.isoformat() if at else None
    return phone.item(owner, nowhere, {"door": door}, public=phone.public_key(screen), at=at, but=said)


def ms(moment):
    return round(moment.timestamp() * 1000)


def test_what_a_phone_kept_counts_at_its_own_moment_put_right(browser, ibu_sari, hall, sari):
    shift(hall, late_at=now() - timedelta(minutes=10))
    screen, pressed, off = browser(ibu_sari), now() - timedelta(minutes=20), timedelta(days=400)
    item = kept(screen, ibu_sari, hall.door_code, at=pressed + off)
    told = screen.send(BOX, **item, now=ms(now() + off))
    came = fresh(sari)
    assert came.status == Attendance.CAME and abs(came.came_at - pressed) < timedelta(seconds=5)
    assert (told["kind"], told["key"]) == ("come", item["key"]) and hour(came.came_at, hall.zone) in told["said"]
    assert screen.send(BOX, **item, now=ms(now())) == told
    assert builders.turnout(hall) == {"came": 1, "invited": 1}


def test_what_was_pressed_in_time_counts_after_the_list_was_closed(browser, bu_lilis, ibu_sari, hall, sari):
    screen = browser(ibu_sari)
    item = kept(screen, ibu_sari, hall.door_code, at=now() - timedelta(minutes=5))
    actions.close_list(hall, by=bu_lilis, key=key())
    screen.send(BOX, **item, now=ms(now()))
    assert builders.turnout(hall) == {"came": 1, "absent": 1}


def test_what_was_pressed_after_the_list_was_closed_comes_too_late(browser, bu_lilis, ibu_sari, hall, sari):
    screen = browser(ibu_sari)
    actions.close_list(hall, by=bu_lilis, key=key())
    shift(hall, closed_at=now() - timedelta(minutes=10))
    item = kept(screen, ibu_sari, hall.door_code, at=now() - timedelta(minutes=5))
    told = screen.send(BOX, status=409, **item, now=ms(now()))
    assert told["error"] == "list_closed" and builders.turnout(hall) == {"absent": 2}


def test_pressed_with_and_without_a_line_under_one_key_is_one(browser, ibu_sari, hall, sari):
    screen, sent = browser(ibu_sari), key()
    screen.post(f"/hadir/{hall.door_code}", key=sent)
    nowhere = type("Nowhere", (), {"id": None})
    item = phone.item(
        ibu_sari, nowhere, {"door": hall.door_code}, public=phone.public_key(screen), key=sent, but={"kind": "come"}
    )
    assert screen.send(BOX, **item, now=ms(now()))["ok"]
    assert builders.turnout(hall) == {"came": 1, "invited": 1}


def test_what_cannot_be_mended_on_the_phone_is_said_in_words(browser, ibu_nia, bu_lilis, ibu_sari, hall, sari):
    screen, other = browser(ibu_sari), browser(ibu_nia)
    told = other.send(BOX, status=409, **kept(other, ibu_nia, hall.door_code))
    assert told["error"] == "not_invited" and "Datanglah ke meja" in told["message"]
    told = screen.send(BOX, status=404, **kept(screen, ibu_sari, "00000000"))
    assert told["error"] == "no_such_door" and "sudah diganti" in told["message"]
    told = screen.send(BOX, status=422, **kept(screen, ibu_sari, hall.door_code, kind="entah"))
    assert told["error"] == "unreadable"
    late = kept(screen, ibu_sari, hall.door_code, at=now() - timedelta(minutes=5))
    shift(
        hall,
        opens_at=now() - timedelta(hours=9),
        late_at=now() - timedelta(hours=8),
        closes_at=now() - timedelta(hours=7),
    )
    assert screen.send(BOX, status=409, **late, now=ms(now()))["error"] == "sign_in_shut"
    actions.cancel_gathering(fresh(hall), why="banjir", by=bu_lilis, key=key())
    assert screen.send(BOX, status=409, **late, now=ms(now()))["error"] == "gathering_over"
    screen.post("/kader/kotak/perbaiki", status=404, **late, error="sign_in_shut")
    assert builders.turnout(hall) == {"invited": 2}


def test_the_page_a_phone_keeps_holds_the_button_and_nobody(browser, ibu_sari, hall, sari):
    page = browser(ibu_sari).get(f"/hadir/{hall.door_code}/kosong")
    assert ibu_sari.name not in page.text and 'name="key" value=""' in page.text and 'data-is-shell="yes"' in page.text
    assert 'csrf_token" value=""' in page.text and f'data-owner="{ibu_sari.id}"' in page.text
    assert page.headers["X-Shell-Owner"] == str(ibu_sari.id) and "Saya hadir" in page.text
