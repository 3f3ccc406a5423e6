"""Which of two records of one woman stays, and what stands between making them one."""

from campaign.rules.journey import Status

HOW_FAR = [
    Status.WITHDRAWN,
    Status.REGISTERED,
    Status.NO_SHOW,
    Status.DEFERRED,
    Status.REFERRED,
    Status.BOOKED,
    Status.ATTENDED,
    Status.SERVED,
]


def to_keep_first(*two) -> list:
    """Two records: first the one further on the road, then the one with a NIK, then the older one."""
    return sorted(two, key=lambda one: (-HOW_FAR.index(one.status), not one.has_nik, one.registered_at, one.id))


def hindrance(kept, gone) -> str | None:
    """Why `gone` cannot become part of `kept` now: something of it would be lost, or they are two women."""
    if kept.has_nik and gone.has_nik:
        return "two_niks"
    if gone.status == Status.SERVED:
        return "two_services" if kept.status == Status.SERVED else "gone_served"
    return f"gone_{gone.status}" if gone.status in (Status.BOOKED, Status.ATTENDED) else None
