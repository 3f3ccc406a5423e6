"""Signing in and out. A sign-in is a row: when it ends, every copy of its cookie is dead."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select, update

from campaign.actions import tries
from campaign.actions.transaction import now, tried_again, write, writing
from campaign.extensions import db
from campaign.models import NO_PASSWORD, Device, Person, SignIn
from campaign.queries.devices import devices_here
from campaign.rules import pin as pins
from campaign.rules.refusals import NoPin, WrongPin
from campaign.rules.roles import HAS_PIN, Role
from campaign.sealed import token_hash

# OWASP's second choice: 19 MiB, two passes; about 20 ms, so that forty people can sign in at eight o'clock.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODYS_HASH = HASHER.hash(secrets.token_hex(16))  # an unknown name takes as long as a wrong password

# How long a sign-in lasts. A kader's phone stays signed in for the campaign; the bupati's board must not fall asleep.
LASTS = {Role.KADER: timedelta(days=30)} | dict.fromkeys(set(Role) - {Role.KADER}, timedelta(hours=12))
IDLE = dict.fromkeys({Role.PLKB, Role.PUSKESMAS, Role.DPPKB}, timedelta(minutes=30))
SEEN_EVERY = timedelta(minutes=2)
# A phone with a PIN rests so soon: then it shows nobody until the PIN is typed, and still sends what she has registered.
RESTS = timedelta(minutes=15)


class Entered(NamedTuple):
    """She is in: her token, the browser she is known on, and what its cookie must keep when it is new."""

    person: Person
    token: str
    device_id: UUID
    device_token: str
    may_set_pin: bool  # a new browser, or one whose PIN is worth nothing any more


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def check_password(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def pin_text(device_id: UUID, pin: str) -> str:
    """What is hashed of a PIN: a million of them are soon tried by who has the database, but not without our secret."""
    return tries.keyed(f"pin|{device_id}|{pin}").hex()


def sign_in(
    *, name: str, password: str, address: str, devices=(), browser="", at=None, away=lambda work, *a: work(*a)
) -> Entered | None:
    """She is in, or None for a wrong name or password. Raises TooManyTries.

    `devices` are the tokens her browser keeps. `away` runs the slow hash where it does not hold up everybody else.
    """
    at, who = at or now(), tries.index_of("sign-in", name)
    device = next((known for known in devices_here(devices) if known.sign_in_name == name), None)
    device_id = device.id if device else None
    number = tries.begin(who, address, device_id, at=at)
    person = db.session.scalars(select(Person).where(Person.sign_in_name == name)).first()
    password_hash = person.password_hash if person and person.password_hash != NO_PASSWORD else NOBODYS_HASH
    db.session.rollback()  # hashing takes its time: no snapshot is held meanwhile
    is_right = away(check_password, password_hash, password)
    entered = None
    if is_right and person:
        forgotten = tries.forget(who, device_id=device_id)
        entered = _enter(person.id, password_hash, device, forgotten, browser=browser, at=at)
    if entered is None:
        tries.wrong(number, at=at)
    return entered


def is_right(person: Person, password: str, *, device_id, address, at=None, away=lambda work, *a: work(*a)) -> bool:
    """Whether who is signed in knows her passphrase. Tries are counted as at the door. Raises TooManyTries."""
    at, password_hash = at or now(), person.password_hash
    number = tries.begin(tries.index_of("sign-in", person.sign_in_name), address, device_id, at=at)
    is_right = away(check_password, password_hash, password)
    if is_right:
        tries.right(number)
    else:
        tries.wrong(number, at=at)
    return is_right


def sign_in_with_pin(*, device_id: UUID, pin: str, devices, at=None, away=lambda work, *a: work(*a)) -> Entered:
    """She is in on her own phone. Raises WrongPin, and NoPin when the passphrase must be asked for.

    The try is counted first, by a guarded UPDATE: the sixth of many at once finds no row.
    """
    at, device = at or now(), next((known for known in devices_here(devices) if known.id == device_id), None)
    is_hers = Device.id == device_id
    counted = update(Device).where(is_hers, Device.pin_hash.is_not(None), Device.pin_tries < pins.TRIES)
    if device is None or device.role not in HAS_PIN or not write(counted.values(pin_tries=Device.pin_tries + 1)):
        raise NoPin
    columns = (Device.pin_hash, Device.pin_tries, Person.password_hash)
    tried = db.session.execute(select(*columns).join(Person, Person.id == Device.person_id).where(is_hers)).one()
    db.session.rollback()
    if not away(check_password, tried.pin_hash, pin_text(device_id, pin)):
        raise WrongPin(max(pins.TRIES - tried.pin_tries, 0))
    begin_anew = update(Device).where(is_hers).values(pin_tries=0)
    entered = _enter(device.person_id, tried.password_hash, device, begin_anew, at=at)
    if entered is None:
        raise NoPin
    return entered


def _enter(person_id: UUID, opened_by: str, device, *also, browser="", at: datetime) -> Entered | None:
    """Write the sign-in, and the browser where she was not known on it; `opened_by` is the hash of her passphrase then.

    None when the office was quicker: while the hash was tried, she was disabled, given a new card, or the browser revoked.
    """
    token, device_token = secrets.token_urlsafe(32), device.token if device else secrets.token_urlsafe(32)
    stands = select(Person).where(
        Person.id == person_id, Person.password_hash == opened_by, Person.disabled_at.is_(None)
    )
    if device:
        stands = stands.where(select(Device.id).where(Device.id == device.id, Device.revoked_at.is_(None)).exists())

    def attempt():
        with writing() as session:
            # A deed that ends her sign-ins changes her row: whoever comes second waits and sees what the other did.
            person = session.scalars(stands.with_for_update(read=True, of=Person)).first()
            if person is None:
                return None
            device_id = device.id if device else uuid4()
            if device:
                session.execute(update(Device).where(Device.id == device_id).values(seen_at=at))
                before = (SignIn.device_id == device_id, SignIn.person_id == person_id, SignIn.ended_at.is_(None))
                session.execute(update(SignIn).where(*before).values(ended_at=at))
            else:
                about = {"person_id": person_id, "token_hash": token_hash(device_token), "name": browser[:60]}
                session.add(Device(id=device_id, enrolled_at=at, seen_at=at, **about))
                session.flush()
            lasts = {"began_at": at, "seen_at": at, "ends_at": at + LASTS[person.role]}
            session.add(SignIn(token_hash=token_hash(token), person_id=person_id, device_id=device_id, **lasts))
            for statement in (*also, delete(SignIn).where(SignIn.ends_at < at - timedelta(days=90))):
                session.execute(statement)
            may_set_pin = person.role in HAS_PIN and (device is None or device.is_pin_dead)
        return Entered(person, token, device_id, device_token, may_set_pin)

    return tried_again(attempt)


def seen(token: str, *, at: datetime) -> None:
    """Note that this sign-in and its browser are in use: its own transaction, beside the reading that noticed it."""
    mine = SignIn.token_hash == token_hash(token)
    here = select(SignIn.device_id).where(mine).scalar_subquery()
    write(update(SignIn).where(mine).values(seen_at=at), update(Device).where(Device.id == here).values(seen_at=at))


def sign_out(token: str, *, at: datetime | None = None) -> None:
    """End this sign-in and with it every copy of its cookie."""
    mine = (SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None))
    write(update(SignIn).where(*mine).values(ended_at=at or now()))


def end_all(*people, at: datetime, but: bytes | None = None) -> None:
    """End the sign-ins of these people, within a deed that changes what they may do."""
    theirs = [SignIn.person_id.in_(people), SignIn.ended_at.is_(None)]
    if but:
        theirs.append(SignIn.token_hash != but)
    db.session.execute(update(SignIn).where(*theirs).values(ended_at=at))
