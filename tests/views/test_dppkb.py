"""DPPKB's room: the count checked against the ledger."""

from campaign import queries
from campaign.extensions import db
from tests import builders
from tests.builders import registered


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
