"""A phone's clock may be minutes or years off. What it says is kept as a claim, put right; the server's time decides."""

from datetime import UTC, datetime, timedelta

MOST = 2**31 - 1  # seconds, what the column holds: 68 years either way
ON_THE_WAY = 60  # seconds: what is sent over a weak line arrives late, which looks like a clock that is behind
FIRST, LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def ahead(phone_now: int | None, now: datetime) -> int | None:
    """How many seconds the phone's clock is before ours; `phone_now` is its milliseconds since 1970."""
    if phone_now is None:
        return None
    return max(-MOST, min(MOST, round(phone_now / 1000 - now.timestamp())))


def claimed(text: str | None) -> datetime | None:
    """The moment a phone wrote down, or None where nobody can read it."""
    try:
        moment = datetime.fromisoformat(text or "")
        return moment if moment.tzinfo and FIRST < moment.astimezone(UTC) < LAST else None
    except (ValueError, OverflowError):
        return None


def put_right(moment: datetime | None, ahead: int | None) -> datetime | None:
    """The claimed moment by our clock, as far as the phone's is known to be off. A slow line moves nothing."""
    off = 0 if ahead is None or -ON_THE_WAY <= ahead < 0 else ahead
    try:
        right = moment and moment.astimezone(UTC) - timedelta(seconds=off)
    except OverflowError:
        return None
    return right if right and FIRST < right < LAST else None
