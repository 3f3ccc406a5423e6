"""Two desks at once on one woman, fifty scans of one ticket, and Fridays in three zones."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from campaign import actions, clock, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, ServiceDay, ServicePoint, Step
from campaign.rules.arrivals import Arrival
from campaign.rules.journey import Kind, Status
from campaign.rules.methods import Method
from campaign.rules.needs import Need
from campaign.rules.refusals import Busy, NotYet, StillOpen, WrongStep
from tests import builders
from tests.actions.test_races import at_once, one
from tests.builders import key

SCANS = 50


def test_fifty_scans_of_one_ticket_are_one_arrival(app, cast, ibu_sari, bidan_ratna, day):
    code = queries.ticket_code(builders.booking_of(builders.booked(ibu_sari, day).id))
    day_id = day.id

    def scan():
        scanned = queries.scanned(one(ServiceDay, day_id), code, seen_by=bidan_ratna)
        if scanned.arrival != Arrival.GO:
            return scanned.arrival
        return actions.attend(scanned.booking.akseptor, by=bidan_ratna, key=key()).status

    results = at_once(app, *[scan] * SCANS)
    assert results.count("attended") == 1, results
    assert set(results) <= {"attended", Arrival.HERE, WrongStep, Busy}
    arrivals = db.session.scalars(db.select(Step).where(Step.kind == Kind.ATTEND)).all()
    assert len(arrivals) == 1 and queries.differences() == []


def test_two_desks_give_one_woman_one_outcome_and_one_set_of_facts(app, cast, ibu_sari, bidan_ratna, day):
    for number in range(3):
        her = builders.attended(ibu_sari, bidan_ratna, day, nik=builders.nik(number)).id
        results = at_once(
            app,
            lambda w=her: actions.serve(one(Akseptor, w), by=bidan_ratna, key=key(), **builders.SERVICE).status,
            lambda w=her: (
                actions.refer(one(Akseptor, w), to=cast.koncara, reason="alat", by=bidan_ratna, key=key()).status
            ),
            lambda w=her: actions.defer(one(Akseptor, w), reason="haid", by=bidan_ratna, key=key()).status,
        )
        assert len(set(results) & {"served", "referred", "deferred"}) == 1, results
    assert queries.differences() == []


def test_a_known_walk_in_at_two_desks_sits_once(app, cast, ibu_sari, bidan_ratna, day):
    her, day_id = builders.registered(ibu_sari, nik=builders.nik(1)).id, day.id

    def welcome():
        return actions.welcome(one(Akseptor, her), day=one(ServiceDay, day_id), by=bidan_ratna, key=key()).status

    results = at_once(app, *[welcome] * 6)
    assert results.count("attended") == 1 and set(results) <= {"attended", WrongStep, Busy}, results
    assert one(ServiceDay, day_id).taken == 1 and queries.differences() == []


def test_closing_while_somebody_is_booked_loses_nobody(app, cast, ibu_sari, bidan_ratna, day):
    her, day_id = builders.registered(ibu_sari).id, day.id
    results = at_once(
        app,
        lambda: bool(actions.close_day(one(ServiceDay, day_id), by=bidan_ratna, key=key()).closed_at),
        lambda: actions.book(one(Akseptor, her), day=one(ServiceDay, day_id), by=ibu_sari, key=key()).status,
    )
    assert results[0] in (True, StillOpen, Busy) and results[1] in ("booked", Busy)
    if results[1] == "booked":
        with pytest.raises(StillOpen):
            actions.close_day(one(ServiceDay, day_id), by=bidan_ratna, key=key())


# ---- A Friday in WIB, WITA and WIT ----


@pytest.fixture(params=["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def friday(request, cast):
    """The next Friday of a campaign in this zone, at a place of ours; `there(day, hour)` is a moment on it."""
    with builders.writing():
        campaign = builders.write_campaign({"32.14.12.2001": 5}, name="Zona", zone=request.param)
    zone, tomorrow = ZoneInfo(request.param), campaign.day_of(now()) + timedelta(days=1)
    on = tomorrow + timedelta(days=(4 - tomorrow.weekday()) % 7)
    day = builders.service_day(cast.maracang, seats=5, in_days=(on - tomorrow).days + 1, campaign=campaign)
    assert (day.on, day.on.weekday()) == (on, 4)
    day.there = lambda hour, minute=0, days=0: datetime.combine(on + timedelta(days=days), time(hour, minute), zone)
    return day


def needs(campaign, ibu_sari, at) -> dict[Need, list]:
    found = queries.in_need(campaign, seen_by=ibu_sari, today=campaign.day_of(at))
    return {group.need: [her.id for her in group.women] for group in found}


def test_who_did_not_come_on_friday_is_swept_on_saturday_of_her_own_zone(friday, ibu_sari):
    there, campaign = friday.there, one(Campaign, friday.campaign_id)
    her = builders.registered(ibu_sari, campaign=campaign)
    her = actions.book(her, day=friday, by=ibu_sari, key=key())
    for at, status in ((there(23, 59), Status.BOOKED), (there(0, 1, days=1), Status.NO_SHOW)):
        clock.sweep_no_shows(at)
        assert db.session.get(Akseptor, her.id, populate_existing=True).status == status
    assert her.id in needs(campaign, ibu_sari, there(0, 2, days=1))[Need.NO_SHOW]
    booking = db.session.scalars(db.select(Booking).where(Booking.akseptor_id == her.id)).one()
    assert (booking.outcome, booking.holds_seat) == ("missed", False)
    assert queries.differences() == []


def test_who_was_deferred_on_friday_returns_on_her_day_of_her_own_zone(friday, ibu_sari, bidan_ratna, cast):
    there, campaign = friday.there, one(Campaign, friday.campaign_id)
    her = builders.registered(ibu_sari, campaign=campaign)
    her = actions.book(her, day=friday, by=ibu_sari, key=key())
    her = actions.attend(her, by=bidan_ratna, key=key(), at=there(8))
    until = friday.on + timedelta(days=7)
    her = actions.defer(her, reason="haid", until=until, by=bidan_ratna, key=key(), at=there(9))
    assert her.id not in needs(campaign, ibu_sari, there(23, 59, days=6)).get(Need.READY, [])
    assert her.id in needs(campaign, ibu_sari, there(0, 1, days=7))[Need.READY]
    away = (friday.on - campaign.day_of(now())).days
    early, right = (
        builders.service_day(cast.maracang, in_days=away + days, campaign=one(Campaign, friday.campaign_id))
        for days in (6, 7)
    )
    her = one(Akseptor, her.id)
    with pytest.raises(NotYet):
        actions.book(her, day=early, by=ibu_sari, key=key(), at=there(10))
    assert actions.book(her, day=right, by=ibu_sari, key=key(), at=there(10)).status == Status.BOOKED


# ---- The order of locks ----


@contextmanager
def written():
    """The tables that are written inside, in order."""
    tables = []

    def look(_connection, _cursor, statement, *_):
        verb, *rest = statement.replace("INSERT INTO", "INSERT").split(maxsplit=2)
        tables.extend(rest[:1] if verb in ("INSERT", "UPDATE") else ())

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        yield tables
    finally:
        event.remove(db.engine, "before_cursor_execute", look)


def test_a_walk_in_holds_the_day_before_her_place_on_the_tally(cast, bidan_ratna, day):
    """Who is received at the next desk holds the day and then wants the tally: the other way round they wait for each other."""
    said = {"wanted": Method.IUD, "is_counselled": True, "no_nik_reason": "tidak_dibawa"}
    with written() as tables:
        actions.walk_in(day, desa_code=cast.margacinta.code, name="Ai", by=bidan_ratna, key=key(), **said)
    assert tables.index("service_day") < tables.index("akseptor") < tables.index("tally")


def test_the_sweep_touches_every_woman_before_the_tally(cast, ibu_sari):
    yesterday = builders.service_day(cast.maracang)
    for number, method in enumerate((Method.IUD, Method.IMPLAN, Method.MOW)):
        builders.booked(ibu_sari, yesterday, nik=builders.nik(number), wanted=method)
    with builders.writing():
        one(ServiceDay, yesterday.id).on -= timedelta(days=1)
    with written() as tables:
        actions.sweep(one(ServiceDay, yesterday.id), by=actions.CLOCK, key=key())
    assert tables.count("akseptor") == 3 and tables[-4:-1] == ["tally"] * 3, tables
    assert queries.differences() == []


def test_two_days_opened_at_once_are_two_changes_of_the_board(app, cast, bu_lilis, campaign):
    was, campaign_id, point_id = campaign.revision, campaign.id, cast.maracang.id

    def open_day(in_days):
        def do():
            there, point = one(Campaign, campaign_id), one(ServicePoint, point_id)
            on = there.day_of(now()) + timedelta(days=in_days)
            there.revision  # noqa: B018  as it was read before
            return actions.open_day(campaign=there, point=point, on=on, seats=5, by=bu_lilis, key=key()).seats

        return do

    results = at_once(app, *map(open_day, range(1, 9)))
    assert one(Campaign, campaign_id).revision == was + results.count(5), results
