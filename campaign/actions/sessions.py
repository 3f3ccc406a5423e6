"""Signing in and out. A sign-in is a row: when it ends, every copy of its cookie is dead."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app
from sqlalchemy import delete, insert, select, update

from campaign.actions.transaction import now, write
from campaign.extensions import db
from campaign.models import Person, SignIn, SignInTry
from campaign.rules.refusals import TooManyTries
from campaign.rules.roles import Role

# OWASP's second choice: 19 MiB, two passes; about 20 ms, so that forty people can sign in at eight o'clock.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NO_PASSWORD = "!"  # noqa: S105  the hash of an account nobody signs in to
NOBODYS_HASH = HASHER.hash(secrets.token_hex(16))  # an unknown name takes as long as a wrong password

# How long a sign-in lasts. A kader's phone stays signed in for the campaign; the bupati's board must not fall asleep.
LASTS = {Role.KADER: timedelta(days=30)} | dict.fromkeys(set(Role) - {Role.KADER}, timedelta(hours=12))
IDLE = dict.fromkeys({Role.PLKB, Role.PUSKESMAS, Role.DPPKB}, timedelta(minutes=30))
SEEN_EVERY = timedelta(minutes=2)

TRIES, TRIES_WITHIN = 8, timedelta(minutes=15)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def check_password(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def sign_in(*, name: str, password: str, address: str, at: datetime | None = None, away=lambda work, *a: work(*a)):
    """The person and her new token, or None for a wrong name or password. Raises TooManyTries.

    Tries are counted per name and address together: somebody who guesses elsewhere locks himself out and not the owner.
    `away` runs the slow hash where it does not hold up everybody else.
    """
    at, who = at or now(), _index_of(name)
    _refuse_too_many(who, address, at)
    person = db.session.scalars(select(Person).where(Person.sign_in_name == name)).first()
    password_hash = person.password_hash if person else NOBODYS_HASH
    db.session.rollback()  # hashing takes its time: no snapshot is held meanwhile
    is_right = away(check_password, password_hash, password)
    if not is_right or person is None or person.is_disabled:
        _note_wrong(who, address, at)
        return None
    return person, _begin(person, who, at)


def _index_of(name: str) -> bytes:
    """Keyed with the server's secret, not with the key file: signing in to the boards must work without it."""
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), f"sign-in|{name}".encode(), "sha256")[:16]


def _refuse_too_many(who: bytes, address: str, at: datetime) -> None:
    recent = select(SignInTry.id).where(
        SignInTry.name_index == who, SignInTry.address == address, SignInTry.at > at - TRIES_WITHIN
    )
    if len(db.session.scalars(recent.limit(TRIES)).all()) >= TRIES:
        raise TooManyTries


def _note_wrong(who: bytes, address: str, at: datetime) -> None:
    write(
        insert(SignInTry).values(name_index=who, address=address, at=at),
        delete(SignInTry).where(SignInTry.at < at - timedelta(days=1)),
    )


def _begin(person: Person, who: bytes, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    moments = {"began_at": at, "seen_at": at, "ends_at": at + LASTS[person.role]}
    write(
        insert(SignIn).values(token_hash=token_hash(token), person_id=person.id, **moments),
        delete(SignInTry).where(SignInTry.name_index == who),
        delete(SignIn).where(SignIn.ends_at < at - timedelta(days=90)),
    )
    return token


def seen(token: str, *, at: datetime) -> None:
    """Note that this sign-in is in use. Written in its own transaction, beside the reading that noticed it."""
    write(update(SignIn).where(SignIn.token_hash == token_hash(token)).values(seen_at=at))


def sign_out(token: str, *, at: datetime | None = None) -> None:
    """End this sign-in and with it every copy of its cookie."""
    mine = (SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None))
    write(update(SignIn).where(*mine).values(ended_at=at or now()))


def end_all(session, person_id, *, at: datetime, but: bytes | None = None) -> None:
    """End a person's sign-ins, within a deed that changes what she may do."""
    hers = [SignIn.person_id == person_id, SignIn.ended_at.is_(None)]
    if but:
        hers.append(SignIn.token_hash != but)
    session.execute(update(SignIn).where(*hers).values(ended_at=at))
