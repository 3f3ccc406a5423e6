"""The clock: who never came is swept, once; a job runs in one place at a time; one that fails stops no other."""

from datetime import UTC, datetime, timedelta

from campaign import actions, clock, queries
from campaign.actions import leases
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, ServiceDay
from campaign.rules.journey import Status
from tests import builders
from tests.builders import beads


def test_after_her_day_who_never_came_is_missed_and_who_came_is_not(ibu_sari, bidan_ratna, day, campaign, later):
    gone, here = builders.booked(ibu_sari, day), builders.attended(ibu_sari, bidan_ratna, day)
    assert clock.tick(only="sweep") == {"sweep": "0 hari disapu"}
    assert clock.tick(later(days=1), only="sweep") == {"sweep": "1 hari disapu"}
    db.session.expire_all()
    assert (gone.status, here.status) == (Status.NO_SHOW, Status.ATTENDED)
    assert db.session.get(ServiceDay, day.id).taken == 1
    assert beads(campaign) == {"attended": 1, "no_show": 1}
    assert clock.tick(later(days=1, minutes=11), only="sweep") == {"sweep": "0 hari disapu"}
    assert queries.differences() == []


def test_the_day_ends_by_the_campaigns_own_clock(cast, ibu_sari):
    """At 22.30 WIB it is past midnight in Jayapura: a campaign there is swept, ours is not."""
    day = builders.service_day(cast.maracang)
    builders.booked(ibu_sari, day)
    half_past_ten = datetime.combine(day.on, datetime.min.time(), UTC) + timedelta(hours=15, minutes=30)
    assert queries.days_to_sweep(half_past_ten) == []
    with builders.writing():
        db.session.get(builders.models.Campaign, cast.campaign.id).zone = "Asia/Jayapura"
    assert [d.id for d in queries.days_to_sweep(half_past_ten)] == [day.id]


def test_a_swept_no_show_can_be_taken_back_by_the_puskesmas(ibu_sari, bidan_ratna, day, later):
    neng = builders.booked(ibu_sari, day)
    clock.tick(later(days=1), only="sweep")
    neng = db.session.get(Akseptor, neng.id)
    step = queries.history(neng)[-1]
    assert (step.reason, step.kind) == ("sapuan", "miss")
    neng = actions.correct(neng, step_id=step.id, reason="salah_catat", by=bidan_ratna, key=builders.key())
    assert neng.status == Status.BOOKED


def test_a_job_has_one_holder_and_comes_again_when_it_is_due(app):
    at, hour = now(), timedelta(hours=1)
    assert leases.take("x", hour, at=at)
    assert not leases.take("x", hour, at=at), "somebody holds it"
    leases.give_back("x", "selesai", at=at)
    assert not leases.take("x", hour, at=at + timedelta(minutes=59)), "not yet due"
    assert leases.take("x", hour, at=at + timedelta(minutes=61))
    assert leases.take("x", hour, at=at + timedelta(minutes=61) + leases.HELD), "its holder died"


def test_a_job_that_fails_says_so_and_the_others_run(app, monkeypatch, caplog):
    def broken(_at):
        raise RuntimeError("x")

    jobs = (clock.Job("rusak", timedelta(0), broken), clock.Job("baik", timedelta(0), lambda at: "ya"))
    monkeypatch.setattr(clock, "JOBS", jobs)
    assert clock.tick() == {"rusak": "gagal: RuntimeError", "baik": "ya"}


def test_the_recount_finds_an_injected_error_within_a_minutes_tick(ibu_sari, campaign, caplog):
    builders.registered(ibu_sari)
    with builders.writing() as session:
        session.execute(db.text("UPDATE tally SET registered = registered + 1"))
    assert clock.tick(only="recount") == {"recount": "1 selisih"}
    assert clock.JOBS[1].every <= timedelta(minutes=1)
