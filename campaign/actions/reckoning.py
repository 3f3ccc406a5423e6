"""Mending the count: tally, counts by day and seats rebuilt from the ledger."""

from collections import Counter

from sqlalchemy import bindparam, delete, func, insert, select, update

from campaign.actions.transaction import tried_again, writing
from campaign.models import Akseptor, Campaign, DayCount, DaySeats, Gathering, ServiceDay, Tally, Turnout
from campaign.queries.reckoning import (
    ATTENDED,
    COUNTED,
    COUNTED_BY_DAY,
    Difference,
    attended,
    differences,
    held_by_family,
    misheard,
    seats_held,
    served_on_day,
    told_by_ledger,
)


def mend() -> list[Difference]:
    """Rebuild tally and seats from the ledger in one transaction; answers what was different. A wrong status is only named.

    Every new revision is above the sum of the old ones, so every open board sees the mended number.
    """

    def attempt():
        with writing() as session:
            found = differences()
            told = told_by_ledger()
            so_far = session.scalar(select(func.coalesce(func.sum(Tally.revision), 0)))
            session.execute(delete(Tally))
            session.execute(delete(DayCount))
            key = ("campaign_id", "desa_code", "method", "participant")
            tallies = [_row(key, at, beads, COUNTED) | {"revision": so_far + 1} for at, beads in told.tally.items()]
            days = [_row((*key, "on"), at, beads, COUNTED_BY_DAY) for at, beads in told.days.items()]
            for table, rows in ((Tally, tallies), (DayCount, days)):
                if rows:
                    session.execute(insert(table), rows)
            for column, counted in (("taken", seats_held()), ("served", served_on_day())):
                number = select(counted.c.n).where(counted.c.service_day_id == ServiceDay.id).scalar_subquery()
                session.execute(update(ServiceDay).values({column: func.coalesce(number, 0)}))
            by_family = held_by_family()
            for row in session.execute(select(DaySeats.service_day_id, DaySeats.family)).all():
                here = (DaySeats.service_day_id == row.service_day_id, DaySeats.family == row.family)
                taken = by_family[row.service_day_id, row.family.value]
                session.execute(update(DaySeats).where(*here).values(taken=taken))
            session.execute(update(Campaign).values(revision=Campaign.revision + 1))
            _mend_turnouts(session)
            return found

    return tried_again(attempt)


def _mend_turnouts(session) -> None:
    told, present = attended(), Counter()
    session.execute(delete(Turnout))
    rows = [_row(("gathering_id", "desa_code"), at, beads, ATTENDED) for at, beads in told.items()]
    if rows:
        session.execute(insert(Turnout), rows)
    for (gathering_id, _), beads in told.items():
        present[gathering_id] += beads["present"]
    session.execute(
        update(Gathering).values(present=0, revision=Gathering.revision + 1)
    )  # also where nobody is on the list
    for gathering_id, number in present.items():
        session.execute(update(Gathering).where(Gathering.id == gathering_id).values(present=number))


def _row(names, key, beads, columns) -> dict:
    return dict(zip(names, key, strict=True)) | {column: beads[column] for column in columns}


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
