"""Who signs in, and the people an office manages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import NO_PASSWORD, Campaign, Desa, Device, Kabupaten, Person, PersonChange, SignIn
from campaign.queries import scope
from campaign.rules.accounts import AccountState
from campaign.sealed import keys

ACTOR = (
    Person.id,
    Person.name,
    Person.role,
    Person.kabupaten_code,
    Person.desa_code,
    Person.rw,
    Person.service_point_id,
    Person.is_head,
    Person.is_admin,
)


def signed_in(token_hash: bytes, *, at):
    """The row behind a cookie: who, when she was last seen, on which device, and whether that has a PIN.

    None when the sign-in or the person has ended.
    """
    has_pin = Device.pin_hash.is_not(None).label("has_pin")
    query = select(*ACTOR, SignIn.seen_at, SignIn.device_id, has_pin).join(SignIn, SignIn.person_id == Person.id)
    return db.session.execute(
        query.outerjoin(Device, Device.id == SignIn.device_id).where(SignIn.token_hash == token_hash, *_lives(at))
    ).first()


def signed_in_many(token_hashes: list[bytes], *, at) -> dict[bytes, Row]:
    """Who is behind each of these cookies, of those whose sign-in and person have not ended."""
    rows = select(SignIn.token_hash, *ACTOR).join(SignIn, SignIn.person_id == Person.id)
    rows = db.session.execute(rows.where(SignIn.token_hash.in_(token_hashes), *_lives(at)))
    return {row.token_hash: row for row in rows}


def _lives(at):
    return SignIn.ended_at.is_(None), SignIn.ends_at > at, Person.disabled_at.is_(None)


IS_IN = {
    AccountState.WAITING: Person.disabled_at.is_(None) & (Person.password_hash == NO_PASSWORD),
    AccountState.ACTIVE: Person.disabled_at.is_(None) & (Person.password_hash != NO_PASSWORD),
    AccountState.DISABLED: Person.disabled_at.is_not(None),
}


def person(person_id: UUID, *, seen_by) -> Person:
    """Somebody she manages. Raises NoSuch."""
    hers = select(Person).where(Person.id == person_id, scope.people_of(seen_by))
    return scope.one(hers.options(*WHERE))


def myself(by) -> Person:
    return db.session.get_one(Person, by.id)


def person_list(*, seen_by, page=1, size=50, **asked):
    """One page of the people she manages by name, and how many there are."""
    found = _found(seen_by, **asked)
    total = db.session.scalar(select(func.count()).select_from(Person).where(*found))
    rows = select(Person).where(*found).options(*WHERE)
    rows = rows.order_by(Person.disabled_at.is_not(None), Person.name, Person.id).limit(size).offset((page - 1) * size)
    return list(db.session.scalars(rows)), total


def waiting_for_cards(*, seen_by, most: int, **asked) -> list[Person]:
    """Who cannot sign in yet, as the cards are handed out: by desa, then by name."""
    found = _found(seen_by, **asked | {"state": AccountState.WAITING})
    return list(db.session.scalars(select(Person).where(*found).order_by(Person.desa_code, Person.name).limit(most)))


def _found(seen_by, *, role=None, name="", area="", state=None) -> list:
    """`area` is the code of a kecamatan or desa."""
    found = [scope.people_of(seen_by)]
    if role:
        found.append(Person.role == role)
    if name:
        found.append(func.lower(Person.name).contains(name.lower(), autoescape=True))
    if area:
        found.append(Person.desa_code.startswith(area, autoescape=True))
    if state:
        found.append(IS_IN[state])
    return found


WHERE = (joinedload(Person.desa).joinedload(Desa.kecamatan), joinedload(Person.service_point))


def last_seen(people) -> dict[UUID, datetime]:
    """When each of these people was last here, by person id."""
    theirs = select(Device.person_id, func.max(Device.seen_at)).where(Device.person_id.in_([p.id for p in people]))
    return dict(db.session.execute(theirs.group_by(Device.person_id)).all())


def changes_of(person) -> list[tuple[PersonChange, str | None]]:
    """What was done to this account and by whom, newest first."""
    by = select(PersonChange, Person.name).outerjoin(Person, Person.id == PersonChange.by_id)
    hers = by.where(PersonChange.person_id == person.id).order_by(PersonChange.at.desc(), PersonChange.id)
    return list(db.session.execute(hers))


def successors(person) -> list[Person]:
    """The other active kader of her desa: who may take on her women."""
    return list(db.session.scalars(select(Person).where(scope.successors_of(person)).order_by(Person.name)))


def names_around(person) -> list[str]:
    """What everybody around her knows, and would try first as her passphrase."""
    kabupaten = db.session.get_one(Kabupaten, person.kabupaten_code)
    names = [person.name, person.sign_in_name, kabupaten.name]
    if person.desa:
        names += [person.desa.name, person.desa.kecamatan.name]
    if person.service_point:
        names.append(person.service_point.name)
    campaigns = select(Campaign.name).where(Campaign.kabupaten_code == person.kabupaten_code)
    return names + list(db.session.scalars(campaigns))


def phone_of(person) -> str | None:
    return keys.open("person.phone", person.id, person.phone_sealed)


def is_anybody_here() -> bool:
    """Whether this install has any people yet."""
    return db.session.scalar(select(Person.id).limit(1)) is not None


def everybody() -> list[Person]:
    """For the operator at the console, who has the whole database anyway."""
    return list(db.session.scalars(select(Person).order_by(Person.role, Person.sign_in_name)))


def by_sign_in_name(name: str) -> Person | None:
    return db.session.scalars(select(Person).where(Person.sign_in_name == name)).first()
