"""Why a kader should see a woman today, most pressing first. One reason each."""

from datetime import timedelta
from enum import StrEnum


class Need(StrEnum):
    """In the order they stand on her list."""

    TODAY = "today"  # her service day: go with her
    TOMORROW = "tomorrow"
    VISIT = "visit"  # served, and somebody should look in on her
    UNSERVED = "unserved"  # her day is over and nothing was written down
    NO_SHOW = "no_show"
    READY = "ready"  # deferred, and the time is over
    REFERRED = "referred"  # some time ago
    NO_DAY = "no_day"  # willing for days, without a day
    NOT_COUNSELLED = "not_counselled"  # registered for days


WAITED = timedelta(days=3)  # so long a kader may take her time
REFERRED_FOR = timedelta(days=7)
VISIT_AHEAD = timedelta(days=3)  # so early she is told that a visit is due
