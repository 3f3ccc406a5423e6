"""Every room, every role, phone and desk: axe finds nothing, nothing sticks out sideways."""

import pytest

from campaign import actions, queries
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
