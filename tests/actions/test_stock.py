"""The stock book: lines are added and never changed, the heap is their sum, and seats of a family are no more than its sets."""

from datetime import timedelta

import pytest

from campaign import actions, queries
from campaign.actions.transaction import now
from campaign.errors import sentence
from campaign.extensions import db
from campaign.models import ServiceDay, Stock, StockKind, StockLine
from campaign.rules.methods import Family, Method
from campaign.rules.refusals import BadDate, StockShort
from campaign.rules.service_facts import Source
from tests import builders
from tests.builders import key


def received(cast, number, *, method=Method.IMPLAN_2, kind=StockKind.RECEIVED, source=Source.APBN):
    about = {"method": method, "source": source, "number": number, "on": cast.campaign.day_of(now())}
    actions.write_stock(cast.maracang, kind=kind, by=cast.bidan_ratna, key=key(), **about)


def counted(cast, number, *, method=Method.IMPLAN_2, source=Source.APBN):
    about = {"method": method, "source": source, "number": number, "on": cast.campaign.day_of(now())}
    actions.count_stock(cast.maracang, by=cast.bidan_ratna, key=key(), **about)


def on_hand(cast) -> int:
    return queries.sets_on_hand(cast.maracang.id)[Family.IMPLAN]


def lines() -> list:
    return [(line.kind, line.number) for line in db.session.scalars(db.select(StockLine).order_by(StockLine.id))]


def open_day(cast, *, in_days=3, point=None, **families):
    campaign = builders.the_campaign()
    about = {"seats": 40, "families": {Family(name): number for name, number in families.items()}, "team": ""}
    about |= {"on": campaign.day_of(now()) + timedelta(days=in_days)}
    return actions.open_day(campaign=campaign, point=point or cast.maracang, by=cast.bidan_ratna, key=key(), **about)


def test_the_book_adds_up(cast):
    received(cast, 20)
    received(cast, 3, kind=StockKind.HANDED_ON)
    received(cast, 1, kind=StockKind.LOST)
    counted(cast, 15)
    counted(cast, 15)  # nothing to write: it is so
    received(cast, 5, method=Method.IMPLAN_1, source=Source.APBD)
    assert lines() == [("received", 20), ("handed_on", -3), ("lost", -1), ("counted", -1), ("received", 5)]
    assert on_hand(cast) == 20
    rows = db.session.scalars(db.select(Stock)).all()
    assert {(row.method, row.source): row.on_hand for row in rows} == {
        ("implan_2", "apbn"): 15,
        ("implan_1", "apbd"): 5,
    }


def test_nothing_is_written_for_a_day_that_has_not_come(cast):
    with pytest.raises(BadDate):
        actions.write_stock(
            cast.maracang, kind=StockKind.RECEIVED, method=Method.IUD, source=Source.APBN, number=1,
            on=cast.campaign.day_of(now()) + timedelta(days=1), by=cast.bidan_ratna, key=key(),
        )  # fmt: skip
    assert lines() == []


def test_a_service_takes_a_set_and_its_correction_gives_it_back(cast, ibu_sari, bidan_ratna):
    at_saung = builders.service_day(cast.saung)
    builders.served(ibu_sari, bidan_ratna, at_saung)
    assert lines() == [], "who keeps no book uses nothing up"
    received(cast, 10)
    neng = builders.served(ibu_sari, bidan_ratna, at_saung, name="Neng Dua")
    assert (on_hand(cast), lines()[-1]) == (9, ("used", -1)), "the saung's sets are its induk's"
    last = queries.last_correctable([neng])[neng.id]
    actions.correct(neng, step_id=last.id, reason="salah_orang", by=bidan_ratna, key=key())
    assert (on_hand(cast), lines()[-1]) == (10, ("given_back", 1))


def test_a_service_from_before_the_book_gives_no_set_back(cast, ibu_sari, bidan_ratna, day):
    neng = builders.served(ibu_sari, bidan_ratna, day)
    counted(cast, 7)
    last = queries.last_correctable([neng])[neng.id]
    actions.correct(neng, step_id=last.id, reason="salah_orang", by=bidan_ratna, key=key())
    assert (on_hand(cast), len(lines())) == (7, 1), "whoever counted has seen it lying there"


def test_seats_of_a_family_are_no_more_than_sets(cast):
    received(cast, 12)
    first = open_day(cast, implan=8, steril=30)
    with pytest.raises(StockShort) as short:
        open_day(cast, in_days=4, point=cast.saung, implan=5)
    assert sentence(short.value) == (
        "Set implan tidak cukup: di buku stok ada 12, sedangkan kursi pada hari-hari yang akan datang, termasuk ini, "
        "menjadi 13. Kurangi 1 kursi, atau catat dulu set yang diterima."
    )
    second = open_day(cast, in_days=4, point=cast.saung, implan=4)
    with pytest.raises(StockShort):
        actions.set_seats(second, seats=40, families={Family.IMPLAN: 6}, by=cast.bidan_ratna, key=key())
    db.session.rollback()
    first = db.session.get_one(ServiceDay, first.id)
    actions.set_seats(first, seats=40, families={Family.IMPLAN: 6}, by=cast.bidan_ratna, key=key())
    second = db.session.get_one(ServiceDay, second.id)
    second = actions.set_seats(second, seats=40, families={Family.IMPLAN: 6}, by=cast.bidan_ratna, key=key())
    assert second.method_seats[0].seats == 6
    assert queries.promised(cast.maracang.id, today=cast.campaign.day_of(now())) == {Family.IMPLAN: 12}


def test_sets_used_today_are_not_promised_twice(cast, ibu_sari, bidan_ratna):
    received(cast, 3)
    today = open_day(cast, in_days=0, implan=2)
    builders.served(ibu_sari, bidan_ratna, today)
    assert on_hand(cast) == 2
    assert queries.promised(cast.maracang.id, today=cast.campaign.day_of(now())) == {Family.IMPLAN: 1}
    assert open_day(cast, implan=1).seats == 40


def test_without_a_book_nothing_is_refused(cast):
    assert open_day(cast, implan=40, iud=40).method_seats[0].seats == 40


def test_a_count_written_down_later_is_held_against_the_book_of_its_day(cast, ibu_sari, bidan_ratna, today):
    there = {"method": Method.IMPLAN_2, "source": Source.APBN, "by": cast.bidan_ratna}
    on = today - timedelta(days=3)
    actions.write_stock(cast.maracang, kind=StockKind.RECEIVED, number=12, on=on, key=key(), **there)
    received(cast, 3, kind=StockKind.HANDED_ON)
    actions.count_stock(cast.maracang, number=10, on=on + timedelta(days=1), key=key(), **there)
    assert lines()[-1] == ("counted", -2), "the three went after they were counted"
    assert on_hand(cast) == 7
