"""Tickets: shown and printed by her kader, opened by the puskesmas whose day it is, dead with their booking."""

import re
from contextlib import suppress
from random import Random

import segno

from campaign import actions, queries
from campaign.extensions import db
from campaign.models import Deed, Step
from campaign.queries.tickets import ticket
from campaign.rules import codes
from campaign.rules.refusals import NoSuch
from campaign.sealed import KeyState
from campaign.words import qr, row_code
from tests import builders
from tests.builders import booked, key


def opened(code):
    return f"/puskesmas/tiket/{code}"


def ticket_of(akseptor):
    return queries.ticket_code(builders.booking_of(akseptor.id))


def test_a_booking_gives_a_ticket_with_place_day_and_nothing_of_what_it_is_for(browser, ibu_sari, neng_siti, day):
    phone = browser(ibu_sari)
    answer = phone.post(f"/kader/akseptor/{neng_siti.id}/jadwal/{day.id}")
    assert answer.location == f"/kader/akseptor/{neng_siti.id}/tiket"
    phone.get(answer.location)
    code = ticket_of(neng_siti)
    assert codes.groups(code) in phone.words
    told = re.search(r"<article.*?</article>", phone.last.text, re.DOTALL).group()
    for said in ("Neng Siti", "Puskesmas Maracang", "pukul 08.00", "Bawa KTP.", "Ibu Sari"):
        assert said in told
    for never in ("KB", "MKJP", "implan", "metode", "akseptor", "9123", str(neng_siti.id)):
        assert never.lower() not in re.sub(r"<[^>]*>", " ", told).lower()
    address = f"http://localhost/puskesmas/tiket/{code}"
    assert qr(address)["path"] in told
    assert segno.make_qr(address, error="m", boost_error=False).version <= 5


def test_who_has_no_seat_has_no_ticket(browser, ibu_sari, neng_siti, cast):
    phone = browser(ibu_sari)
    phone.get(f"/kader/akseptor/{neng_siti.id}/tiket")
    assert "tidak sedang terjadwal" in phone.words and "<article" not in phone.last.text
    yesterday = builders.service_day(cast.maracang, in_days=-1)
    late = booked(ibu_sari, builders.service_day(cast.saung), name="Ai")
    with builders.writing() as session:
        booking = session.merge(builders.booking_of(late.id))
        booking.service_day_id = yesterday.id
    phone.get(f"/kader/akseptor/{late.id}/tiket")
    assert "sudah lewat" in phone.words and "<article" not in phone.last.text


def test_the_counter_opens_it_and_is_led_to_her_line(browser, ibu_sari, bidan_ratna, bu_lilis, day):
    neng = booked(ibu_sari, day)
    for person in (bidan_ratna, bu_lilis):
        screen = browser(person)
        screen.get(opened(ticket_of(neng)))
        assert "Tiket berlaku hari ini" in screen.words and "Neng Siti" in screen.words
        assert f'href="/puskesmas/hari/{day.id}#akseptor-{neng.id}"' in screen.last.text
        screen.get(f"/puskesmas/hari/{day.id}")
        assert f"akseptor-{neng.id}" in screen.page.ids
    log = db.session.execute(db.text("SELECT what FROM access_log WHERE what = 'ticket'")).all()
    assert len(log) == 2


def test_a_code_is_typed_as_it_comes_or_scanned_whole(browser, ibu_sari, bidan_ratna, day):
    code = ticket_of(booked(ibu_sari, day))
    counter = browser(bidan_ratna)
    for typed in (
        codes.groups(code).lower(),
        f"http://localhost{opened(code)}",
        code.replace("0", "o").replace("1", "l"),
    ):
        assert counter.get(f"/puskesmas/tiket?kode={typed}", status=303).location == opened(code)
    assert counter.get("/puskesmas/tiket?kode=!", status=303).location == opened("-")
    counter.get("/puskesmas/tiket")
    assert "Kode tiket" in counter.words


def test_a_ticket_opens_nothing_for_anybody_else(browser, ibu_sari, ibu_wati, bidan_yuli, pak_dedi, day):
    code = ticket_of(booked(ibu_sari, day))
    other = browser(bidan_yuli)
    other.get(opened(code), status=404)
    unknown = browser(bidan_yuli)
    unknown.get(opened("0" * 32), status=404)
    assert other.words == unknown.words and "Neng" not in other.words
    for person in (ibu_wati, pak_dedi):
        browser(person).get(opened(code), status=403)
    assert browser().get(opened(code), status=303).location.startswith("/masuk?lanjut=")


def test_a_ticket_dies_with_its_booking(browser, ibu_sari, bidan_ratna, day, tomorrow):
    neng = booked(ibu_sari, day)
    old, counter = ticket_of(neng), browser(bidan_ratna)
    moved = actions.book(neng, day=tomorrow, by=ibu_sari, key=key())
    counter.get(opened(old))
    assert "tidak berlaku lagi: jadwalnya dipindah" in counter.words
    assert "Buka di lembar hari" not in counter.words
    new = ticket_of(moved)
    counter.get(opened(new))
    assert "belum untuk hari ini" in counter.words
    cancelled = actions.cancel(moved, by=ibu_sari, key=key())
    counter.get(opened(new))
    assert "tidak berlaku lagi: jadwalnya dibatalkan" in counter.words
    phone = browser(ibu_sari)
    phone.get(f"/kader/akseptor/{cancelled.id}/tiket")
    assert "tidak ada tiket yang berlaku" in phone.words


def test_a_ticket_that_was_used_or_withdrawn_says_so(browser, ibu_sari, bidan_ratna, day):
    served = builders.served(ibu_sari, bidan_ratna, day)
    gone = actions.withdraw(booked(ibu_sari, day, name="Ai"), by=ibu_sari, key=key())
    counter = browser(bidan_ratna)
    counter.get(opened(ticket_of(served)))
    assert "Sudah dilayani" in counter.words and "di Puskesmas Maracang" in counter.words
    counter.get(opened(ticket_of(gone)))
    assert "tidak jadi ikut" in counter.words


def test_every_flipped_bit_and_every_other_symbol_makes_it_nobodys(ibu_sari, bidan_ratna, day):
    code = ticket_of(booked(ibu_sari, day))
    assert ticket(code, seen_by=bidan_ratna).service_day_id == day.id
    data, chance, wrong = codes.read(code), Random(12), set()
    for bit in range(160):
        wrong.add(codes.spell((int.from_bytes(data, "big") ^ 1 << bit).to_bytes(20, "big")))
    for place in range(32):
        wrong |= {code[:place] + symbol + code[place + 1 :] for symbol in codes.SYMBOLS + "abcILOU-é "}
    while len(wrong) < 4_000:
        wrong.add(codes.spell(chance.randbytes(20)))
    opens = []
    for forged in wrong - {code}:
        with suppress(NoSuch):
            opens.append(ticket(forged, seen_by=bidan_ratna))
    assert opens == [] and len(wrong - {code}) >= 3_999


def test_opening_a_ticket_changes_nothing(browser, ibu_sari, bidan_ratna, day):
    neng = booked(ibu_sari, day)
    before = [db.session.scalar(db.select(db.func.count()).select_from(table)) for table in (Deed, Step)]
    browser(bidan_ratna).get(opened(ticket_of(neng)))
    after = [db.session.scalar(db.select(db.func.count()).select_from(table)) for table in (Deed, Step)]
    assert before == after and db.session.merge(neng).status == "booked"


def test_many_are_printed_at_once_by_day(browser, campaign, ibu_sari, ibu_wati, day, tomorrow):
    for number in range(3):
        booked(ibu_sari, day, name=f"Ibu {number}")
    booked(ibu_sari, tomorrow, name="Ibu Besok")
    booked(ibu_wati, day, name="Euis Cikao")
    phone = browser(ibu_sari)
    phone.get(f"/kader/{campaign.id}/tiket")
    assert phone.last.text.count("<article") == 4 and "Euis" not in phone.words
    phone.get(f"/kader/{campaign.id}/tiket?hari={tomorrow.on.isoformat()}")
    assert phone.last.text.count("<article") == 1 and "Ibu Besok" in phone.words


def test_the_printed_day_list_has_row_codes_that_begin_the_ticket(browser, ibu_sari, bidan_ratna, day):
    neng = booked(ibu_sari, day)
    code = row_code(builders.booking_of(neng.id))
    assert len(code) == 4 and ticket_of(neng).startswith(code)
    counter = browser(bidan_ratna)
    counter.get(f"/puskesmas/hari/{day.id}")
    assert f'<code class="row-code">{code}</code>' in counter.last.text


def test_without_the_key_file_no_ticket_is_drawn_and_it_is_said(app, browser, ibu_sari, neng_siti, day):
    phone = browser(ibu_sari)
    actions.book(neng_siti, day=day, by=ibu_sari, key=key())
    keys = app.extensions["keys"]
    hidden = keys.path.rename(keys.path.with_suffix(".away"))
    for derived in ("_master", "_ticket_key"):
        vars(keys).pop(derived, None)
    keys.state = KeyState.UNKNOWN
    phone.get(f"/kader/akseptor/{neng_siti.id}/tiket", status=503)
    hidden.rename(keys.path)
    keys.state = KeyState.UNKNOWN
    phone.get(f"/kader/akseptor/{neng_siti.id}/tiket")
    assert "Bawa KTP." in phone.words
