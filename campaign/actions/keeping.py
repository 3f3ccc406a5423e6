"""What the house keeps for itself: the key's check value, who opened whose record, what was done to an account."""

from contextlib import suppress
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from campaign.actions.transaction import now, write, writing
from campaign.extensions import db
from campaign.models import AccessLog, KeyCheck, PersonChange
from campaign.rules.refusals import ReadOnly
from campaign.sealed import KeyState, keys


def settle_key() -> KeyState:
    """Compare the key file with the database's check value; on an install without either, make both.

    A key is never made for a database that was sealed with another one: a second index key would let every woman be
    registered twice.
    """
    if keys.state != KeyState.UNKNOWN:
        return keys.state
    check = db.session.scalar(select(KeyCheck.value))
    if check is None:
        check = _first_check()
    if not keys.exists:
        keys.state = KeyState.MISSING
    elif keys.is_open_to_others:
        keys.state = KeyState.OPEN_TO_OTHERS
    else:
        keys.state = KeyState.RIGHT if keys.is_the_key_of(check) else KeyState.WRONG
    return keys.state


def _first_check() -> bytes:
    if not keys.exists:
        with suppress(FileExistsError):  # the other worker was quicker
            keys.make()
    with suppress(IntegrityError), writing() as session:
        session.execute(insert(KeyCheck).values(id=1, value=keys.check_value(), made_at=now()))
    return db.session.scalar(select(KeyCheck.value))


def refuse_without_key() -> None:
    """Raises ReadOnly unless the key file is the one this database was sealed with."""
    if settle_key() != KeyState.RIGHT:
        raise ReadOnly(keys.state)


def log_access(what: str, *, by, akseptor_id=None, reason: str | None = None, at=None) -> None:
    """Write down who opens whose record, before it is shown."""
    write(insert(AccessLog).values(at=at or now(), by_id=by.id, what=what, akseptor_id=akseptor_id, reason=reason))


def note_changes(what: str, *changes: dict, at, by_id) -> None:
    """Remember what was done to accounts: of each `person_id`, what stood `before` and stands `after`."""
    about = {"at": at, "by_id": by_id, "what": what, "before": {}, "after": {}}
    if changes:
        db.session.execute(insert(PersonChange), [about | {"id": uuid4()} | change for change in changes])


def why_not_writable() -> str | None:
    """None when deeds can be written now, else the reason in one word for the machine that watches."""
    try:
        state = settle_key()
        with writing():
            pass
    except DBAPIError:
        db.session.rollback()
        return "database"
    return None if state == KeyState.RIGHT else f"key {state.value}"
