"""The main journey through the screens, as four people walk it: the kader, the bidan, DPPKB and the bupati's office."""

import re

from campaign import queries
from campaign.extensions import db
from campaign.models import Akseptor
from tests.builders import nik


def served_on(board) -> int:
    return int(re.search(r"sudah dilayani.*?(\d+) dari", board.words).group(1))


def link(screen, word: str) -> str:
    """Where the link or the button with this word leads on the page at hand."""
    html = screen.last.text
    found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>{word}', html)
    found = found or re.search(rf'<form[^>]*action="([^"]+)"(?:(?!</form>).)*<button[^>]*>{word}', html, re.DOTALL)
    return found.group(1)


def test_from_the_village_to_the_bupatis_board(browser, cast, campaign, today):
    office, desk, phone, hall = (browser(p) for p in (cast.bu_lilis, cast.bidan_ratna, cast.ibu_sari, cast.pak_dedi))

    office.get("/dppkb/")
    assert "1831 MKJP" in office.words
    hall.get(hall.get("/papan/", status=303).location)
    before = served_on(hall)

    desk.get(desk.get("/puskesmas/", status=303).location)
    form = {"point": str(cast.saung.id), "on": [str(today.day), str(today.month), str(today.year)], "seats": "3"}
    desk.get(desk.post(f"/puskesmas/{campaign.id}/hari-baru", starts_at="08:00", ends_at="15:00", **form).location)
    sheet = desk.last.request.path

    phone.get(phone.get("/kader/", status=303).location)
    phone.get(link(phone, "Daftarkan calon akseptor"))
    neng = {"name": "Neng Siti", "nik": nik(1), "wanted": "implan", "has_consent": "y", "is_counselled": "y"}
    phone.get(phone.post(phone.last.request.path, **neng).location)
    card = phone.last.request.path.removesuffix("/tersimpan")
    phone.get(link(phone, "Pilih hari pelayanan"))
    assert "Saung Ambu Cikao" in phone.words and "3 kursi kosong" in phone.words
    phone.get(phone.post(link(phone, "Pilih")).location)
    assert "Kursi sudah dipesan." in phone.words and "Saung Ambu Cikao" in phone.words

    desk.get(sheet)
    assert "Neng Siti" in desk.words and "2 kosong" in desk.words
    neng_id = card.rpartition("/")[2]
    desk.post(f"{sheet}/{neng_id}/hadir", status=200, htmx="day-sheet")
    hall.get(hall.last.request.path)
    assert served_on(hall) == before, "who has come is not yet served"
    desk.get(link(desk, "Dilayani"))
    done = {"method": "implan_2", "participant": "baru", "has_informed_consent": "ya"}
    desk.get(desk.post(desk.last.request.path, **done).location)
    assert "Neng Siti: dilayani." in desk.words

    hall.get(hall.last.request.path)
    assert served_on(hall) == before + 1
    phone.get(card)
    assert "dilayani" in phone.words and "Perjalanannya" in phone.words
    office.get("/dppkb/hitung-ulang")
    assert "Semua cocok: tidak ada selisih." in office.words
    steps = queries.history(db.session.scalars(db.select(Akseptor)).one())
    assert [step.kind for step in steps] == ["register", "book", "attend", "serve"]
