"""Any number of deeds in any order: after each the count is the ledger's, and no seat is over or leaked."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from campaign import actions, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, Booking, ServiceDay
from campaign.rules.journey import Status
from campaign.rules.methods import Method, Participant
from campaign.rules.refusals import Refused
from tests import builders
from tests.builders import key


class AnyRoad(RuleBasedStateMachine):
    """Three women, three days with one or two seats, everybody pressing whatever button."""

    app = stage = None

    @initialize()
    def open_the_campaign(self):
        cast = type(self).stage
        with builders.writing():
            campaign = builders.write_campaign({"32.14.12.2001": 5}, name="Acak")
        self.campaign_id, self.cast = campaign.id, cast
        self.days = [
            builders.service_day(cast.maracang, seats=seats, in_days=n, campaign=campaign).id
            for n, seats in ((0, 1), (0, 2), (3, 1))
        ]
        self.women, self.niks = [], 0

    @precondition(lambda self: len(self.women) < 3)
    @rule(has_nik=st.booleans(), is_counselled=st.booleans())
    def register(self, has_nik, is_counselled):
        said = {"is_counselled": is_counselled}
        if has_nik:
            self.niks += 1
            said["nik"] = builders.nik(self.niks)
        campaign = db.session.get_one(builders.Campaign, self.campaign_id)
        self.women.append(builders.registered(self.cast.ibu_sari, campaign=campaign, **said).id)

    def _try(self, deed, which, **what):
        if not self.women:
            return
        akseptor = db.session.get_one(Akseptor, self.women[which % len(self.women)])
        try:
            deed(akseptor, key=key(), **what)
        except Refused:
            db.session.rollback()

    WHO = st.integers(0, 2)

    @rule(who=WHO, day=st.integers(0, 2))
    def book(self, who, day):
        self._try(actions.book, who, by=self.cast.ibu_sari, day=db.session.get_one(ServiceDay, self.days[day]))

    @rule(who=WHO)
    def cancel(self, who):
        self._try(actions.cancel, who, by=self.cast.ibu_sari)

    @rule(who=WHO)
    def counsel(self, who):
        self._try(actions.counsel, who, by=self.cast.ibu_sari)

    @rule(who=WHO)
    def attend(self, who):
        self._try(actions.attend, who, by=self.cast.bidan_ratna)

    @rule(
        who=WHO,
        method=st.sampled_from([Method.IMPLAN_1, Method.IUD, Method.MOW]),
        part=st.sampled_from([Participant.BARU, Participant.ULANGAN]),
    )
    def serve(self, who, method, part):
        said = {"method": method, "participant": part, "has_informed_consent": True, "no_nik_reason": "hilang"}
        self._try(actions.serve, who, by=self.cast.bidan_ratna, **said)

    @rule(who=WHO, days=st.none() | st.integers(1, 4))
    def defer(self, who, days):
        until = days and self.cast.campaign.day_of(now()) + timedelta(days=days)
        self._try(actions.defer, who, by=self.cast.bidan_ratna, reason="haid", until=until)

    @rule(who=WHO)
    def miss(self, who):
        self._try(actions.miss, who, by=self.cast.bidan_ratna)

    @rule(who=WHO)
    def withdraw(self, who):
        self._try(actions.withdraw, who, by=self.cast.ibu_sari)

    @rule(who=WHO)
    def correct(self, who):
        if self.women:
            akseptor = db.session.get_one(Akseptor, self.women[who % len(self.women)])
            step_id = queries.history(akseptor)[-1].id
            self._try(actions.correct, who, by=self.cast.bu_lilis, step_id=step_id, reason="lain")

    @rule(who=WHO)
    def enter_nik(self, who):
        self.niks += 1
        self._try(actions.enter_nik, who, by=self.cast.ibu_sari, nik=builders.nik(self.niks))

    @rule(who=WHO, there=st.sampled_from(["32.14.12.2001", "32.14.12.2002", "32.14.01.1001"]))
    def propose_transfer(self, who, there):
        self._try(actions.propose_transfer, who, by=self.cast.pak_wawan, desa_code=there, why="pindah")

    @rule(who=WHO, is_yes=st.booleans())
    def decide_transfer(self, who, is_yes):
        waiting = self.women and queries.open_transfer(db.session.get_one(Akseptor, self.women[who % len(self.women)]))
        if waiting:
            deed = actions.accept_transfer if is_yes else actions.reject_transfer
            try:
                deed(waiting, by=self.cast.bu_lilis, key=key())
            except Refused:
                db.session.rollback()

    @rule(who=WHO, other=WHO)
    def merge(self, who, other):
        if self.women:
            gone = db.session.get_one(Akseptor, self.women[other % len(self.women)])
            self._try(lambda kept, **said: actions.merge(kept, gone, **said), who, by=self.cast.bu_lilis)

    @rule(which=WHO)
    def unmerge(self, which):
        merges = queries.merge_list(db.session.get_one(builders.Campaign, self.campaign_id), limit=50)
        if merges:
            try:
                actions.unmerge(merges[which % len(merges)], by=self.cast.bu_lilis, key=key())
            except Refused:
                db.session.rollback()

    @invariant()
    def a_nik_stands_in_one_record(self):
        ours = Akseptor.campaign_id == getattr(self, "campaign_id", None)
        rows = db.session.execute(db.select(Akseptor.status, Akseptor.has_nik, Akseptor.nik_index).where(ours)).all()
        held = [row.nik_index for row in rows if row.nik_index]
        assert len(held) == len(set(held))
        assert all(row.has_nik == (row.nik_index is not None) for row in rows if row.status)
        assert all(row.nik_index is None for row in rows if row.status is None)

    @invariant()
    def the_count_is_the_ledgers(self):
        db.session.commit()
        assert queries.differences() == []

    @invariant()
    def a_booking_still_to_come_is_hers_who_is_booked_or_here(self):
        for woman in getattr(self, "women", []):
            akseptor = db.session.get_one(Akseptor, woman, populate_existing=True)
            standing = db.session.scalars(
                db.select(Booking).where(Booking.akseptor_id == woman, Booking.outcome.is_(None))
            ).all()
            assert len(standing) == (akseptor.status in (Status.BOOKED, Status.ATTENDED))


def test_after_any_deeds_in_any_order_the_count_is_the_ledgers(app, cast):
    AnyRoad.stage = cast
    quick = settings(
        max_examples=15,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(AnyRoad, settings=quick)
