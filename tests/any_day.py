"""Anybody pressing any button about full days, alone or many at once; and what must be true of seats and lines afterwards.

Short in `make test` (tests/actions/test_any_day.py), long in `make test-hard` (bench/hard.py).
"""

from collections import Counter
from datetime import time, timedelta
from random import Random
from threading import Lock

from campaign import actions, queries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Akseptor, Booking, DaySeats, Notice, NoticeKind, ServiceDay, ServicePoint, Step, Waiting
from campaign.rules.journey import Kind, Status
from campaign.rules.methods import FAMILY, Family, Method
from campaign.rules.refusals import Busy, Refused
from tests import builders
from tests.builders import key

WANTED = (Method.IMPLAN, Method.IUD, Method.IMPLAN, Method.BELUM)


class Days:
    """A campaign with few seats and many women. `play` is one deed of somebody; each client has its own `random`."""

    def __init__(self, cast, *, women=40, days=6):
        self.cast, self.lock = cast, Lock()
        self.done, self.refused = Counter(), Counter()
        self.points = cast.maracang.id, cast.saung.id  # of ids only: clients share no session
        self.campaign_id = builders.the_campaign().id
        self.women = [
            builders.registered(cast.ibu_sari, name=f"Neng {n}", wanted=WANTED[n % len(WANTED)]).id
            for n in range(women)
        ]
        self.days = [self._open(n) for n in range(days)]
        db.session.commit()

    def _open(self, n: int):
        """Every other day counts its seats by family."""
        campaign = db.session.get_one(builders.Campaign, self.campaign_id)
        about = {"on": campaign.day_of(now()) + timedelta(days=2 + n % 15), "seats": 2 + n % 3}
        about |= {"families": {Family.IMPLAN: 1, Family.IUD: 1} if n % 2 else {}, "point": self._point(0)}
        return actions.open_day(campaign=campaign, by=self.cast.bidan_ratna, key=key(), **about).id

    def play(self, random: Random) -> None:
        """One deed, done or refused. Busy is what a phone hears and tries again later."""
        name, deed = random.choice(DEEDS)
        try:
            deed(self, random)
            outcome = self.done
        except Refused as refusal:
            db.session.rollback()
            outcome, name = self.refused, f"{name}: {refusal.code}"
            if isinstance(refusal, Busy):
                name = "busy"
        with self.lock:
            outcome[name] += 1

    def _point(self, n: int) -> ServicePoint:
        return db.session.get_one(ServicePoint, self.points[n])

    def woman(self, random) -> Akseptor:
        return db.session.get_one(Akseptor, random.choice(self.women), populate_existing=True)

    def day(self, random) -> ServiceDay:
        day_id = random.choice(self.days)
        if (day := db.session.get(ServiceDay, day_id, populate_existing=True)) is None:
            db.session.rollback()  # opened by somebody after this client began to read
            day = db.session.get_one(ServiceDay, day_id)
        return day

    # ---- Deeds ----

    def book(self, random):
        actions.book(self.woman(random), day=self.day(random), by=self.cast.ibu_sari, key=key())

    def cancel(self, random):
        actions.cancel(self.woman(random), by=self.cast.ibu_sari, key=key())

    def wait(self, random):
        actions.wait(self.woman(random), day=self.day(random), by=self.cast.ibu_sari, key=key())

    def stop_waiting(self, random):
        actions.stop_waiting(self.woman(random), day=self.day(random), by=self.cast.ibu_sari, key=key())

    def confirm(self, random):
        actions.confirm(self.woman(random), by=self.cast.ibu_sari, key=key())

    def withdraw(self, random):
        """And comes back at once, as another woman of this desa."""
        gone = self.woman(random)
        actions.withdraw(gone, by=self.cast.ibu_sari, key=key())
        campaign = db.session.get_one(builders.Campaign, self.campaign_id)
        wanted = random.choice(WANTED)
        her = builders.registered(self.cast.ibu_sari, name="Neng Baru", wanted=wanted, campaign=campaign).id
        with self.lock:
            if gone.id in self.women:
                self.women[self.women.index(gone.id)] = her

    def defer(self, random):
        akseptor = self.woman(random)
        until = random.choice((None, akseptor.campaign.day_of(now()) + timedelta(days=random.randint(1, 8))))
        actions.defer(akseptor, reason="sakit", until=until, by=self.cast.bidan_ratna, key=key())

    def resize(self, random):
        """Smaller or larger, with whom it needs leaving for another day, the line, or her kader's list."""
        day = self.day(random)
        seats = random.randint(1, 5)
        expected = queries.expected_on(day)
        leaving = [booking.akseptor_id for booking in expected[: max(day.taken - seats, 0)]]
        families = {}
        if day.method_seats:
            families = {random.choice((Family.IMPLAN, Family.IUD)): random.randint(1, 3)}
        to = random.choice((None, self.day(random)))
        about = {"leaving": leaving, "families": families, "waits": random.random() < 0.5}
        actions.set_seats(day, seats=seats, to=to if leaving else None, by=self.cast.bidan_ratna, key=key(), **about)

    def move_day(self, random):
        day = self.day(random)
        on = day.campaign.day_of(now()) + timedelta(days=random.randint(2, 16))
        there = {"on": on, "starts_at": time(random.randint(7, 10)), "ends_at": time(15)}
        point = self._point(random.randint(0, 1))
        actions.move_day(day, point=point, by=self.cast.bidan_ratna, key=key(), **there)

    def cancel_day(self, random):
        """And another one is opened in its place."""
        day = self.day(random)
        to = random.choice((None, self.day(random)))
        actions.cancel_day(day, why="cuaca", to=to, by=self.cast.bidan_ratna, key=key())
        self._instead(day, random)

    def _instead(self, day, random):
        """That day is over for this game; another one takes its place."""
        fresh = self._open(random.randint(0, 99))
        with self.lock:
            if day.id in self.days:
                self.days[self.days.index(day.id)] = fresh

    def lapse(self, random):
        """A day and an hour pass for whoever was asked."""
        day, at = self.day(random), now() + timedelta(hours=25)
        if at < day.begins_at:
            actions.let_go(day, by=actions.CLOCK, key=key(), at=at)

    def sweep(self, random):
        """Its evening has come."""
        day = self.day(random)
        actions.sweep(day, by=actions.CLOCK, key=key())
        self._instead(day, random)

    # ---- What must be true ----

    def wrong(self) -> list[str]:
        """What is not as it must be; nobody plays meanwhile."""
        db.session.rollback()
        db.session.expire_all()
        found = [f"recount: {difference}" for difference in queries.differences()]
        for day in db.session.scalars(db.select(ServiceDay)):
            if not 0 <= day.taken <= day.seats:
                found.append(f"day {day.id}: {day.taken} of {day.seats}")
        return [*found, *self._bookings(), *self._left_waiting(), *self._jumped_the_line()]

    def _bookings(self):
        """A booking that is still to come holds a seat and its woman is booked; on a cancelled day nobody has one."""
        rows = db.session.execute(
            db.select(Booking.holds_seat, Akseptor.status, ServiceDay.is_cancelled, Booking.id)
            .join(Akseptor, Akseptor.id == Booking.akseptor_id)
            .join(ServiceDay, ServiceDay.id == Booking.service_day_id)
            .where(Booking.outcome.is_(None))
        ).all()
        for holds_seat, status, is_cancelled, booking_id in rows:
            if not holds_seat or is_cancelled or status != Status.BOOKED:
                yield f"booking {booking_id}: seat {holds_seat}, day cancelled {is_cancelled}, she is {status}"
        booked = db.session.scalar(
            db.select(db.func.count()).select_from(Akseptor).where(Akseptor.status == Status.BOOKED)
        )
        if booked != len(rows):
            yield f"{booked} women are booked, {len(rows)} bookings stand"

    def _left_waiting(self):
        """Nobody waits who has a seat, and no seat is free for who waits."""
        for waiting in db.session.scalars(db.select(Waiting).where(Waiting.ended_at.is_(None))):
            her, day = waiting.akseptor, waiting.service_day
            limit = db.session.get(DaySeats, (day.id, self._family(her)))
            has_room = day.free > 0 and (limit is None or limit.taken < limit.seats)
            suits = her.deferred_until is None or her.deferred_until <= day.on
            if her.status in (Status.BOOKED, Status.WITHDRAWN):
                yield f"waiting {waiting.id}: she is {her.status}"
            elif has_room and suits and not day.is_cancelled:
                yield f"waiting {waiting.id}: the day has a seat for her"

    def _family(self, her):
        return FAMILY.get(queries.method_of(her))

    def _jumped_the_line(self):
        """Where nothing but the place in line decides, who stood there first moved up first: by the ledger's own order."""
        counted = set(db.session.scalars(db.select(DaySeats.service_day_id)))
        deferred = set(db.session.scalars(db.select(Step.akseptor_id).where(Step.until.is_not(None))))
        put_first = db.select(Notice.akseptor_id, Notice.service_day_id).where(Notice.kind == NoticeKind.SEAT_GONE)
        put_first = {tuple(row) for row in db.session.execute(put_first)}
        # Who moves up by one deed moves up together: its first step stands for all.
        first = db.select(Step.deed_id, db.func.min(Step.id).label("id")).group_by(Step.deed_id).subquery()
        ups = db.select(Notice.akseptor_id, Notice.service_day_id, Notice.at, db.func.min(first.c.id))
        same = (Step.akseptor_id == Notice.akseptor_id) & (Step.written_at == Notice.at) & (Step.kind == Kind.BOOK)
        ups = (
            ups.join(Step, same).join(first, first.c.deed_id == Step.deed_id).where(Notice.kind == NoticeKind.MOVED_UP)
        )
        ups = db.session.execute(ups.group_by(Notice.akseptor_id, Notice.service_day_id, Notice.at)).all()
        turn = {tuple(row[:3]): row[3] for row in ups}
        lines = {}
        for row in db.session.scalars(db.select(Waiting).order_by(Waiting.since)):
            who = (row.akseptor_id, row.service_day_id)
            if row.service_day_id not in counted and row.akseptor_id not in deferred and who not in put_first:
                lines.setdefault(row.service_day_id, []).append(row)
        self.compared = 0
        for line in lines.values():
            last = None
            for row in line:  # by since: the order in which they moved up must be the same
                mine = turn.get((row.akseptor_id, row.service_day_id, row.ended_at))
                if mine is None:
                    continue
                self.compared += 1
                if last is not None and mine < last:
                    yield f"waiting {row.id}: moved up before who stood in front of her"
                last = max(last or 0, mine)
            newest = max(
                (row.since for row in line if (row.akseptor_id, row.service_day_id, row.ended_at) in turn), default=None
            )
            for row in line:
                if row.ended_at is None and newest and row.since < newest:
                    yield f"waiting {row.id}: still waits, somebody behind her has moved up"


DEEDS = [
    (name, getattr(Days, name))
    for name, weight in {
        "book": 8, "cancel": 4, "wait": 8, "stop_waiting": 1, "confirm": 2, "withdraw": 1, "defer": 1, "resize": 3,
        "move_day": 1, "cancel_day": 1, "lapse": 2, "sweep": 1,
    }.items()
    for _ in range(weight)
]  # fmt: skip
