"""A deed: one form sent, done once. Its key is claimed before anything is written, and its answer remembered.

A refusal changes nothing, so nothing of it is remembered either: the same key may be tried again and is judged afresh.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache, wraps
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from campaign import models
from campaign.actions import keeping
from campaign.actions.transaction import Hot, now, run, tried_again, writing
from campaign.extensions import db
from campaign.models import Deed
from campaign.rules.couple import Couple
from campaign.rules.refusals import KeyReused
from campaign.rules.service_facts import ServiceFacts
from campaign.sealed import keys


@dataclass(frozen=True)
class Claim:
    """The deed being done: its row and key, who does it, and when the server says it is."""

    id: int
    key: str
    by: object
    at: datetime
    done_at: datetime | None


def deed(kind: str, *, apart: frozenset[str] = frozenset()):
    """Make a function one deed: `do(claim, *on, **what)` in one transaction, once per person and key.

    What is `apart` does not belong to the content: a salted hash differs each time the same form is sent.

    The caller says `by=` who does it, `key=` from the form, optionally `at=` the server's time, `done_at=` the phone's claim and
    `phone_ahead=` by how many seconds its clock was before ours: these decide nothing, so a copy may say others.
    Raises KeyReused when the key came before with another content, ReadOnly without the right key file, Busy after two collisions.
    """

    def wrap(do):
        @wraps(do)
        def once(*on, by, key, at: datetime | None = None, done_at: datetime | None = None, phone_ahead=None, **what):
            keeping.refuse_without_key()
            # What is not said is no content: a phone kept an older form, and the newer one asks more.
            content = {name: value for name, value in what.items() if name not in apart and value is not None}
            by_id, when, digest = by.id, at or now(), digest_of(kind, on, content)

            def attempt():
                with writing():
                    deed_id = _claim(by_id, str(key), kind, digest, when, done_at, phone_ahead)
                    if deed_id is None:
                        return _answer(by_id, str(key), digest)
                    db.session.info.clear()  # what a deed that failed had noted
                    claim = Claim(deed_id, str(key), by, when, done_at)
                    result = do(claim, *on, **what)
                    for see_to in AT_THE_END:
                        see_to(claim)
                    _remember(deed_id, result)
                return result

            return tried_again(attempt)

        return once

    return wrap


AT_THE_END = []  # what every deed sees to before it is done


def at_the_end(see_to):
    """Make this function the last part of every deed: `see_to(claim)`, in the same transaction."""
    AT_THE_END.append(see_to)
    return see_to


def _claim(by_id, key, kind, digest, when, done_at, phone_ahead) -> int | None:
    """The new deed's id, or None when the key is taken: then a copy waits here until the first one is committed."""
    values = {"by_id": by_id, "key": key, "kind": kind, "digest": digest, "written_at": when}
    return run(_claiming(dialect()), **values, done_at=done_at, phone_ahead=phone_ahead).scalar()


@cache
def _claiming(dialect: str):
    claiming = upsert(DEED, dialect).on_conflict_do_nothing(index_elements=["by_id", "key"])
    return Hot(claiming.returning(DEED.c.id))


def _remember(deed_id: int, result) -> None:
    if result is not None:
        run(REMEMBER, deed_id=deed_id, said=f"{type(result).__name__} {result.id}")


DEED = Deed.__table__
REMEMBER = Hot(update(DEED).where(DEED.c.id == bindparam("deed_id")).values(answer=bindparam("said")))


def _answer(by_id, key, digest):
    first = db.session.execute(select(Deed.digest, Deed.answer).where(Deed.by_id == by_id, Deed.key == key)).one()
    if first.digest != digest:
        raise KeyReused
    if first.answer is None:
        return None
    table, row = first.answer.split(" ")
    return db.session.get(getattr(models, table), UUID(row))


def digest_of(kind: str, on: tuple, what: dict) -> bytes:
    """A keyed digest of what the form said, equal for equal content."""
    return keys.digest(json.dumps([kind, on, what], default=_plain, sort_keys=True, ensure_ascii=False).encode())


def _plain(value):
    if isinstance(value, UUID | date | datetime | time):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Couple | ServiceFacts):
        return value.as_text()
    if isinstance(value, db.Model):
        return str(getattr(value, "id", None) or value.code)
    raise TypeError(f"a deed cannot be told a {type(value).__name__}")


def dialect() -> str:
    return db.engine.dialect.name


def upsert(table, dialect: str):
    """An INSERT that can say ON CONFLICT, in the dialect of the engine at hand."""
    return {"sqlite": sqlite, "postgresql": postgresql}[dialect].insert(table)
