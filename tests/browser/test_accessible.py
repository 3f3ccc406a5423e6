"""Every room, every role, phone and desk: axe finds nothing, nothing sticks out sideways."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from campaign import actions, queries
from campaign.actions.transaction import now, writing
from campaign.rules.gatherings import QuizPart, SignedBy
from campaign.rules.printed import edition_of
from tests import builders
from tests.browser.conftest import shut_out

pytestmark = pytest.mark.browser


def pages(stage):
    """Who opens what."""
    campaign, day = stage.campaign.id, stage.day.id
    neng = builders.attended(
        stage.ibu_sari, stage.bidan_ratna, stage.day, nik=builders.nik(1), phone="+6282000001111"
    ).id
    other = builders.booked(stage.ibu_wati, stage.day, name="Ai Wati").id
    booked = builders.booked(stage.ibu_sari, stage.day, name="Iis", phone="+6282000002222").id
    builders.look_twice(stage, booked)
    twice = [builders.registered(stage.ibu_wati, name="Siti Aminah", rw=rw) for rw in ("001", "002", "003")]
    actions.merge(twice[0], twice[2], by=stage.bu_lilis, key=builders.key())
    sheet, paper = f"/puskesmas/hari/{day}", f"/kader/kertas/{builders.paper_sheet(stage.ibu_sari).id}"
    ticket = queries.ticket_code(builders.booking_of(other))
    actions.make_digest(stage.campaign, by=stage.bu_lilis, key=builders.key())
    builders.wall(by=stage.bu_lilis)
    return {
        "ibu_sari": [
            f"/kader/{campaign}",
            f"/kader/{campaign}/daftar",
            f"/kader/akseptor/{booked}/tersimpan",
            f"/kader/akseptor/{neng}",
            f"/kader/akseptor/{booked}/jadwal",
            f"/kader/akseptor/{booked}/tiket",
            f"/kader/{campaign}/tiket",
            f"/kader/{campaign}/kertas",
            paper,
            f"{paper}/cetak",
            f"/papan/{campaign}",
            f"/papan/{campaign}/gambar",
            "/kata-sandi",
            "/akun",
            "/akun/pin",
            "/aktivasi",
            f"/aktivasi/{builders.card_of(stage.ibu_wati)}",
        ],
        "pak_wawan": [
            f"/plkb/{campaign}",
            f"/plkb/{campaign}/periksa",
            f"/plkb/{campaign}/periksa?cetak=ya",
            f"/plkb/{campaign}/periksa/{stage.ibu_sari.id}",
            f"/plkb/akseptor/{neng}/pindah",
            f"/plkb/akseptor/{booked}/pindah",
            f"/kader/{campaign}",
            "/plkb/kader",
            f"/plkb/kader/{stage.ibu_sari.id}",
        ],
        "bidan_ratna": [
            f"/puskesmas/{campaign}",
            f"/puskesmas/{campaign}/hari-baru",
            f"{sheet}/ubah",
            "/puskesmas/libur",
            f"/puskesmas/stok/{stage.maracang.id}",
            sheet,
            f"{sheet}/janji",
            f"/puskesmas/tiket/{ticket}",
            "/puskesmas/tiket",
            f"{sheet}/datang",
            f"{sheet}/{neng}/layani",
            f"{sheet}/{other}/tunda",
            f"{sheet}/{neng}/rujuk",
            f"{sheet}/cetak",
            f"/puskesmas/{campaign}/rujukan",
            "/puskesmas/pencabutan",
            "/puskesmas/stok",
            "/puskesmas/cari",
            "/puskesmas/dibuka",
            f"{sheet}/{neng}/betulkan",
        ],
        "bu_lilis": [
            "/dppkb/",
            "/dppkb/kampanye/baru",
            f"/dppkb/kampanye/{campaign}",
            *(f"/dppkb/kampanye/{campaign}/langkah/{step}" for step in ("nama", "waktu", "hitungan", "tempat")),
            f"/dppkb/kampanye/{campaign}/dinding",
            f"/dppkb/kampanye/{campaign}/target",
            f"/dppkb/kampanye/{campaign}/target/bagi",
            "/dppkb/lembar",
            "/dppkb/wilayah",
            "/dppkb/wilayah/32.14.12.2001",
            "/dppkb/tempat",
            "/dppkb/orang",
            "/dppkb/orang/baru",
            "/dppkb/orang?keadaan=waiting",
            f"/dppkb/orang/{stage.ibu_sari.id}",
            f"/dppkb/orang/{stage.pak_wawan.id}/desa",
            f"/dppkb/tempat/{stage.maracang.id}",
            "/dppkb/sebutan",
            "/dppkb/sebab-tunda",
            "/puskesmas/",
            "/puskesmas/libur",
            f"/papan/{campaign}/rekap",
            "/dppkb/hitung-ulang",
            f"/papan/{campaign}/gambar/32.14.12",
            "/dppkb/pindah",
            f"/dppkb/{campaign}/ganda",
            f"/dppkb/akseptor/{twice[0].id}/ganda/{twice[1].id}",
            f"/dppkb/akseptor/{neng}/ganda/{other}",
        ],
        "pak_dedi": [
            f"/papan/{campaign}",
            f"/papan/{campaign}/desa?urut=kurang&keadaan=needs_help",
            f"/papan/{campaign}/32.14.12",
            f"/papan/{campaign}/layanan",
            f"/papan/{campaign}/cara",
            f"/papan/{campaign}/rekap",
            *(f"/papan/{campaign}{more}" for more in ("/gambar", "/gambar/32.14.12")),
            "/data-saya",
        ],
    }


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1366, 768)])
def test_nobody_is_shut_out(window, stage, width, height):
    found = []
    for who, paths in pages(stage).items():
        page = window(getattr(stage, who), width, height)
        for path in paths:
            page.goto(path)
            found += shut_out(page)
        assert page.complaints == [], who
    assert found == [], "\n".join(found)


LONG = "Orientasi Kader Institusi Masyarakat Pedesaan dan Kelompok Kegiatan"


def gathered(stage):
    """One that is open with everything in it, one of yesterday with all that came of it, one to come, one called off."""
    by, wawan = stage.bu_lilis, stage.pak_wawan
    is_open = builders.gathering(
        by, name=LONG, agenda="08.30 Pembukaan", speakers="Bidan Ratna", target=107, capacity=150
    )
    sari, wati, plkb = builders.invited(is_open, stage.ibu_sari, stage.ibu_wati, wawan, by=by)
    long_name = "Hj. Siti Nurhasanah Kusumawardhaniabdurrahmanwiraatmadjaja"
    guest = actions.invite_by_name(is_open, name=long_name, title="Camat", by=by, key=builders.key())
    actions.come(guest, signed_by=SignedBy.DESK, stands_in="Sekcam", by=by, key=builders.key())
    builders.questions(is_open, by=by)
    text = "Enam peran.\n\n- Satu\n- Dua"
    material = actions.add_material(is_open, title="Enam peran", text=text, by=by, key=builders.key())
    past = builders.gathering(by)
    sari_then, _ = builders.invited(past, stage.ibu_sari, stage.ibu_wati, by=by)
    with writing():
        past.on -= timedelta(days=3)
    certificate = builders.certificate(sari_then, by=by)
    questions = builders.questions(past, by=by)
    right = {str(question.id): question.right for question in questions}
    for part in QuizPart:
        actions.open_quiz(past, part=part, by=by, key=builders.key())
        actions.answer_quiz(sari_then, part=part, chosen=right, by=stage.ibu_sari, key=builders.key())
    actions.shut_quiz(past, by=by, key=builders.key())
    actions.write_minutes(past, minutes="Dibuka.", was=edition_of(""), by=by, key=builders.key())
    today = now().date()
    for days, what in ((-1, "Melapor"), (9, "Berkunjung")):
        actions.decide(past, what=what, who="PPKBD", due_on=today + timedelta(days=days), by=by, key=builders.key())
    builders.photo(past, by=by)
    actions.close_list(past, by=by, key=builders.key())
    ahead = builders.gathering(by, in_days=4)
    builders.invited(ahead, stage.ibu_sari, by=by)
    off = builders.gathering(by, in_days=5)
    builders.invited(off, stage.ibu_sari, by=by)
    actions.cancel_gathering(off, why="Hujan", by=by, key=builders.key())
    hers = builders.gathering(wawan, tier="desa", area_code=stage.ibu_sari.desa_code)
    return SimpleNamespace(**locals())


def gathering_pages(stage, g):
    """Who opens what of them."""
    each = {name: f"/pertemuan/{getattr(g, name).id}" for name in ("is_open", "past", "ahead", "off", "hers")}
    desk = ("", "/meja", "/pintu", "/notulen", "/nilai")
    office = ("/ubah", "/undangan", "/bahan", "/tes", "/hasil", "/dampak", "/sesudah", "/layar")
    return {
        "bu_lilis": [
            "/pertemuan/",
            "/pertemuan/baru",
            "/pertemuan/soal",
            *(each[which] + page for which in ("is_open", "past") for page in (*desk, *office)),
            *(
                each[which] + page
                for which in ("ahead", "off")
                for page in ("", "/meja", "/undangan", "/sesudah", "/dampak", "/tes")
            ),
            f"{each['ahead']}/undangan?pilih=1&officers=semua",
            *(f"{each['is_open']}/meja/datang?cari={name}" for name in ("sari", "xyz")),
            f"{each['is_open']}/meja?cari=xyz",
            *(f"/pertemuan/meja/{invitee.id}" for invitee in (g.wati, g.guest)),
            f"/pertemuan/undangan/{g.guest.id}/nilai",
            f"/pertemuan/bahan/{g.material.id}",
            f"/dppkb/lembar?isi=peserta&gathering_id={g.is_open.id}",
            "/papan/pertemuan",
        ],
        "pak_wawan": [
            "/pertemuan/",
            "/pertemuan/baru",
            *(each["hers"] + page for page in (*desk, *office)),
            f"/hadir/pertemuan/{g.is_open.id}",
        ],
        "ibu_sari": [
            "/hadir/",
            *(f"/hadir/{getattr(g, which).door_code}" for which in ("is_open", "past", "ahead", "off", "hers")),
            *(f"/hadir/pertemuan/{g.is_open.id}{page}" for page in ("", "/tes", "/bahan")),
            *(f"/hadir/pertemuan/{g.past.id}{page}" for page in ("", "/tes", "/bahan")),
            *(f"/hadir/pertemuan/{g.off.id}{page}" for page in ("", "/tes", "/bahan")),
        ],
        "pak_dedi": ["/papan/pertemuan", *(f"/papan/pertemuan/{g.past.id}", f"/papan/pertemuan/{g.is_open.id}")],
    }


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1366, 768)])
def test_nobody_is_shut_out_of_a_gathering(window, stage, width, height):
    g = gathered(stage)
    found = []
    for who, paths in gathering_pages(stage, g).items():
        page = window(getattr(stage, who), width, height)
        for path in paths:
            answer = page.goto(path)
            assert answer.status == 200, path
            found += shut_out(page)
        if who == "ibu_sari":  # the test is open, and she has come
            page.goto(f"/hadir/{g.is_open.door_code}")
            page.get_by_role("button", name="Saya hadir").click()
            page.get_by_text("Anda tercatat hadir").first.wait_for()
            found += shut_out(page, "she is here")
            actions.open_quiz(g.is_open, part=QuizPart.PRE, by=stage.bu_lilis, key=builders.key())
            page.goto(f"/hadir/pertemuan/{g.is_open.id}/tes")
            found += shut_out(page, "the test")
            page.get_by_role("button", name="Kirim jawaban").click()
            page.get_by_text("Ada yang perlu diperiksa").wait_for()
            found += shut_out(page, "a test left empty")
        if who == "bu_lilis":
            for path, button in (
                ("/pertemuan/baru", "Buat pertemuan"),
                (f"/pertemuan/{g.past.id}/bahan", "Simpan bahan"),
            ):
                page.goto(path)
                page.get_by_role("button", name=button).click()
                page.get_by_text("Ada yang perlu diperiksa").wait_for()
                found += shut_out(page, f"{path} left empty")
        complaints = [said for said in page.complaints if "422" not in said]
        assert complaints == [], who
    for address in ("", "/0000000000000000", f"/{g.certificate.code}"):
        page.goto(f"/sertifikat{address}")
        found += shut_out(page)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1920, 1080)])
def test_nobody_is_shut_out_of_the_screen_in_the_hall(window, stage, width, height):
    """And the code at the door can be seen: dark strokes on white, as a camera needs them."""
    g = gathered(stage)
    page = window(stage.bu_lilis, width, height)
    for gathering in (g.is_open, g.past, g.off):
        page.goto(f"/dinding/{builders.hall_wall(gathering, by=stage.bu_lilis)[1]}")
        found = shut_out(page)
        assert found == [], "\n".join(found)
        if gathering is g.is_open:
            looks = "(path) => [getComputedStyle(path).stroke, getComputedStyle(path.ownerSVGElement).backgroundColor]"
            assert page.locator(".door .qr path").evaluate(looks) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.complaints == []


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1366, 768)])
def test_nobody_is_shut_out_of_a_map_and_of_a_new_walls_address(window, stage, width, height):
    """The tiles stand in the pages above; here the office has put in a map of its own, and a link is shown this once."""
    office = window(stage.bu_lilis, width, height)
    builders.office_map({"32.14.12": 200, "32.14.01": 700})
    office.goto(f"/papan/{stage.campaign.id}/gambar")
    assert office.locator("svg path[d='M700 0h90v90z']").count() == 1
    found = shut_out(office, "the map")
    office.goto(f"/dppkb/kampanye/{stage.campaign.id}/dinding")
    office.get_by_label("Dipasang di mana").fill("Pendopo")
    office.get_by_label("Ruang pimpinan").check()
    office.get_by_role("button", name="Buat tautan").click()
    office.get_by_text("/dinding/").first.wait_for()
    found += shut_out(office, "a new wall")
    assert found == [] and office.complaints == [], "\n".join(found)
