"""Mending the count: tally and seats rebuilt from the ledger."""

from sqlalchemy import bindparam, delete, func, insert, select, update

from campaign.actions.transaction import tried_again, writing
from campaign.models import Akseptor, Campaign, DaySeats, ServiceDay, Tally
from campaign.queries.reckoning import (
    COUNTED,
    Difference,
    differences,
    held_by_family,
    ledger_tally,
    misheard,
    seats_held,
)


def mend() -> list[Difference]:
    """Rebuild tally and seats from the ledger in one transaction; answers what was different. A wrong status is only named.

    Every new revision is above the sum of the old ones, so every open board sees the mended number.
    """

    def attempt():
        with writing() as session:
            found = differences()
            told = ledger_tally()
            so_far = session.scalar(select(func.coalesce(func.sum(Tally.revision), 0)))
            session.execute(delete(Tally))
            if told:
                session.execute(
                    insert(Tally),
                    [
                        dict(zip(("campaign_id", "desa_code", "method", "participant"), key, strict=True))
                        | {column: beads[column] for column in COUNTED}
                        | {"revision": so_far + 1}
                        for key, beads in told.items()
                    ],
                )
            held = seats_held()
            seats = select(held.c.n).where(held.c.service_day_id == ServiceDay.id).scalar_subquery()
            session.execute(update(ServiceDay).values(taken=func.coalesce(seats, 0)))
            by_family = held_by_family()
            for row in session.execute(select(DaySeats.service_day_id, DaySeats.family)).all():
                here = (DaySeats.service_day_id == row.service_day_id, DaySeats.family == row.family)
                taken = by_family[row.service_day_id, row.family.value]
                session.execute(update(DaySeats).where(*here).values(taken=taken))
            session.execute(update(Campaign).values(revision=Campaign.revision + 1))
            return found

    return tried_again(attempt)


def hear_names() -> int:
    """Hear every name again by the rules of today; answers how many sound otherwise now. Her record does not change by it."""

    def attempt():
        with writing() as session:
            heard = misheard()
            if heard:
                session.connection().execute(HEAR, [{"row": row, "heard": sound} for row, sound in heard.items()])
            return len(heard)

    return tried_again(attempt)


AKSEPTOR = Akseptor.__table__
HEAR = update(AKSEPTOR).where(AKSEPTOR.c.id == bindparam("row")).values(sound=bindparam("heard"))
