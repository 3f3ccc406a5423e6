"""The clock: named jobs that time, not people, sets off. Each is safe to run twice; a lease lets one process run it at a time.

What can be judged when it is looked at (eligible again, pace) needs no job.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from campaign import actions, backup, queries
from campaign.actions import imports, leases
from campaign.actions.transaction import now


@dataclass(frozen=True)
class Job:
    """`work(at)` answers one line for the log; it is run again `every` so long."""

    name: str
    every: timedelta
    work: Callable[[datetime], str]


def sweep_no_shows(at: datetime) -> str:
    """Who was booked and never came is missed, once her day is over."""
    days = queries.days_to_sweep(at)
    for day in days:
        actions.sweep(day, by=actions.CLOCK, key=f"sweep {day.id} {at:%y%m%d%H%M%S}"[:64], at=at)
    return f"{len(days)} hari disapu"


def let_seats_go(at: datetime) -> str:
    """A seat that was held and nobody said yes to goes on to the next in line; a day that is over has no line."""
    days = queries.days_to_let_go(at)
    for day in days:
        actions.let_go(day, by=actions.CLOCK, key=f"let_go {day.id} {at:%y%m%d%H%M%S}"[:64], at=at)
    return f"{len(days)} hari diperiksa"


def close_lists(at: datetime) -> str:
    """Hours after a gathering nobody comes any more: who did not sign in and said nothing was absent."""
    over = queries.gatherings_to_close(at)
    for gathering in over:
        actions.close_list(gathering, by=actions.CLOCK, key=f"close {gathering.id} {at:%y%m%d%H%M%S}"[:64], at=at)
    return f"{len(over)} daftar hadir ditutup"


def recount(at: datetime) -> str:
    """Compare tally and seats with the ledger; only compare: mending is a person's decision."""
    found = queries.differences()
    for difference in found[:20]:
        current_app.logger.error("recount: %s", difference)
    return f"{len(found)} selisih"


def nightly_backup(at: datetime) -> str:
    """A sealed backup to BACKUP_TARGET, read back once."""
    target = current_app.config["SETTINGS"].backup_target
    return str(backup.backup(target, at=at)) if target else "BACKUP_TARGET belum diatur"


def forget_sheets(at: datetime) -> str:
    """Rows of the office's files are not kept longer than people need to mend what was refused."""
    return f"{imports.forget_old(at=at)} baris dihapus"


def renew_lobbies(at: datetime) -> str:
    """What lobbies show moves on: each row once an hour, at a minute of its own."""
    return f"{sum(actions.renew_lobby(campaign, at=at) for campaign in queries.lobbies(at))} baris lobi diperbarui"


def tell_the_day(at: datetime) -> str:
    """The short message of the day, for each campaign whose hour has come."""
    due = queries.digests_due(at)
    for campaign in due:
        actions.make_digest(campaign, by=actions.CLOCK, key=f"digest {campaign.id} {at:%y%m%d%H%M%S}", at=at)
    return f"{len(due)} rekap"


JOBS = (
    Job("sweep", timedelta(minutes=10), sweep_no_shows),
    Job("seats", timedelta(minutes=1), let_seats_go),
    Job("lists", timedelta(minutes=10), close_lists),
    Job("lobby", timedelta(seconds=50), renew_lobbies),
    Job("recount", timedelta(minutes=1), recount),
    Job("digest", timedelta(minutes=1), tell_the_day),
    Job("sheets", timedelta(hours=1), forget_sheets),
    Job("backup", timedelta(hours=24), nightly_backup),
)


def tick(at: datetime | None = None, *, only: str | None = None) -> dict[str, str]:
    """Run the jobs whose time has come and nobody else is running; answers what each said."""
    at, said = at or now(), {}
    for job in JOBS:
        if only not in (None, job.name) or not leases.take(job.name, job.every, at=at):
            continue
        try:
            said[job.name] = job.work(at)
        except Exception as error:  # one job that fails must not stop the others
            current_app.logger.exception("clock: %s", job.name)
            said[job.name] = f"gagal: {type(error).__name__}"
        leases.give_back(job.name, said[job.name], at=at)
    return said
