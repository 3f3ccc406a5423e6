"""Browsers that somebody has signed in on before."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from campaign.extensions import db
from campaign.models import Device, Person
from campaign.queries import scope
from campaign.rules import pin
from campaign.rules.roles import HAS_PIN, Role
from campaign.sealed import token_hash


class Known(NamedTuple):
    """Somebody this browser is known to, by one of the tokens its cookie keeps."""

    id: UUID
    person_id: UUID
    sign_in_name: str
    name: str
    role: Role
    pin_hash: str | None
    pin_tries: int
    token: str

    @property
    def is_pin_dead(self) -> bool:
        return self.pin_hash is not None and self.pin_tries >= pin.TRIES

    @property
    def has_pin(self) -> bool:
        return self.role in HAS_PIN and self.pin_hash is not None and not self.is_pin_dead


def devices_here(tokens) -> list[Known]:
    """Who is known on the browser that keeps these tokens, in their order; who was disabled or revoked is not."""
    by_hash = {token_hash(token): token for token in tokens if token}
    if not by_hash:
        return []
    person = (Device.person_id, Person.sign_in_name, Person.name, Person.role)
    query = select(Device.id, *person, Device.pin_hash, Device.pin_tries, Device.token_hash)
    query = query.join(Person, Person.id == Device.person_id)
    query = query.where(Device.token_hash.in_(by_hash), Device.revoked_at.is_(None), Person.disabled_at.is_(None))
    found = [Known(*about, by_hash[digest]) for *about, digest in db.session.execute(query)]
    return sorted(found, key=lambda known: list(by_hash.values()).index(known.token))


def devices_of(person) -> list[Device]:
    """The browsers she is known on, the one used last first."""
    hers = select(Device).where(Device.person_id == person.id, Device.revoked_at.is_(None))
    return list(db.session.scalars(hers.order_by(Device.seen_at.desc(), Device.id)))


def device(device_id: UUID, *, of) -> Device:
    """One of this person's. Raises NoSuch."""
    hers = (Device.id == device_id, Device.person_id == of.id, Device.revoked_at.is_(None))
    return scope.one(select(Device).where(*hers))
