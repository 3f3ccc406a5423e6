"""Whose turn a job of the clock is."""

from datetime import datetime, timedelta

from sqlalchemy import update

from campaign.actions.deeds import dialect, upsert
from campaign.actions.transaction import tried_again, write, writing
from campaign.models import Lease

HELD = timedelta(minutes=15)  # how long a process that died keeps the others waiting


def take(job: str, every: timedelta, *, at: datetime) -> bool:
    """Whether this job is due and now ours."""

    def attempt():
        with writing() as session:
            session.execute(upsert(Lease, dialect()).values(job=job, last_answer="").on_conflict_do_nothing())
            is_free = Lease.held_until.is_(None) | (Lease.held_until <= at)
            is_due = Lease.last_run_at.is_(None) | (Lease.last_run_at <= at - every)
            taken = update(Lease).where(Lease.job == job, is_free, is_due).values(held_until=at + HELD)
            return session.execute(taken).rowcount == 1

    return tried_again(attempt)


def give_back(job: str, answer: str, *, at: datetime) -> None:
    """The job is done, and what it said."""
    said = {"held_until": None, "last_run_at": at, "last_answer": answer[:400]}
    write(update(Lease).where(Lease.job == job).values(said))
