"""What "on pace" means: facts in, a verdict out, computed when looked at and never stored."""

from enum import StrEnum


class Pace(StrEnum):
    """How an area stands against its target on this day of the campaign."""

    NO_TARGET = "no_target"
    REACHED = "reached"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    NEEDS_HELP = "needs_help"


def needed_per_day(target: int, served: int, days_left: int) -> int | None:
    """Services per remaining service day to reach the target, rounded up; 0 when reached, None when no day is left."""
    missing = max(0, target - served)
    if missing == 0:
        return 0
    return -(-missing // days_left) if days_left > 0 else None


def judge(target: int, served: int, *, days_gone: int, days_all: int) -> Pace:
    """How `served` compares with the share of the target due after `days_gone` of `days_all` days.

    Less than two thirds of what is due needs help. The line is straight: every day of the campaign weighs the same.
    """
    if target <= 0:
        return Pace.NO_TARGET
    if served >= target:
        return Pace.REACHED
    # Integers on both sides: served / target against days_gone / days_all.
    done, due = served * days_all, target * max(0, min(days_gone, days_all))
    if done >= due:
        return Pace.ON_PACE
    return Pace.BEHIND if 3 * done >= 2 * due else Pace.NEEDS_HELP
