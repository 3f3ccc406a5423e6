"""Who signs in, and the people an office manages."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Person, SignIn
from campaign.rules.refusals import NoSuch

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
    Person.must_change_password,
)


def signed_in(token_hash: bytes, *, at):
    """The row behind a cookie: who, and when she was last seen. None when the sign-in or the person has ended."""
    lives = (
        SignIn.token_hash == token_hash,
        SignIn.ended_at.is_(None),
        SignIn.ends_at > at,
        Person.disabled_at.is_(None),
    )
    query = select(*ACTOR, SignIn.seen_at).join(SignIn, SignIn.person_id == Person.id).where(*lives)
    return db.session.execute(query).first()


def person(person_id: UUID, *, seen_by) -> Person:
    """Somebody of her kabupaten. Raises NoSuch."""
    found = db.session.scalars(
        select(Person).where(Person.id == person_id, Person.kabupaten_code == seen_by.kabupaten_code)
    ).first()
    if found is None:
        raise NoSuch
    return found


def person_list(*, seen_by, role=None, name="", page=1, size=50):
    """One page of the kabupaten's people by name, and how many there are."""
    ours = [Person.kabupaten_code == seen_by.kabupaten_code]
    if role:
        ours.append(Person.role == role)
    if name:
        ours.append(func.lower(Person.name).contains(name.lower(), autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(Person).where(*ours))
    rows = select(Person).where(*ours).options(joinedload(Person.desa), joinedload(Person.service_point))
    rows = rows.order_by(Person.disabled_at.is_not(None), Person.name, Person.id).limit(size).offset((page - 1) * size)
    return list(db.session.scalars(rows)), total


def is_anybody_here() -> bool:
    """Whether this install has any people yet."""
    return db.session.scalar(select(Person.id).limit(1)) is not None


def everybody() -> list[Person]:
    """For the operator at the console, who has the whole database anyway."""
    return list(db.session.scalars(select(Person).order_by(Person.role, Person.sign_in_name)))


def by_sign_in_name(name: str) -> Person | None:
    return db.session.scalars(select(Person).where(Person.sign_in_name == name)).first()
