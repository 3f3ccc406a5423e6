"""Whether somebody can sign in."""

from enum import StrEnum


class AccountState(StrEnum):
    """She has not used her card yet, she comes and goes, or she works here no longer."""

    WAITING = "waiting"
    ACTIVE = "active"
    DISABLED = "disabled"
