"""Which dates a series of service days has."""

from datetime import date, timedelta

MOST_DAYS = 60  # of one series


def dates(first: date, last: date, weekdays: set[int]) -> list[date]:
    """The dates between these two, both included, that fall on one of these weekdays; Monday is 0."""
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [on for on in span if on.weekday() in weekdays]
