"""How long a seat is held for a woman who moved up from the waiting list, until her kader says yes."""

from datetime import datetime, timedelta

HELD_FOR = timedelta(hours=24)
BEFORE_THE_DAY = timedelta(hours=2)  # so that the seat can still go to the next one


def held_until(at: datetime, begins_at: datetime) -> datetime | None:
    """Until when; None where there is no time left to ask: then the seat is simply hers."""
    last = begins_at - BEFORE_THE_DAY
    return min(at + HELD_FOR, last) if at < last else None
