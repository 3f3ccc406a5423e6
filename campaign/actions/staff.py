"""Accounts: made, changed, ended and begun again. None comes with a password: a card opens it, see cards.py."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update

from campaign.actions import cards, keeping, sessions
from campaign.actions.deeds import Claim, deed
from campaign.actions.posting import hand_over, look_after
from campaign.extensions import db
from campaign.models import NO_PASSWORD, Device, Person, SignIn
from campaign.rules import pin
from campaign.rules.refusals import LastAdmin, NameTaken
from campaign.rules.roles import Role
from campaign.sealed import keys, token_hash


@deed("add_person")
def add_person(claim: Claim, *, desa_codes: tuple[str, ...] = (), **answers) -> Person:
    """Somebody new, and a card for her. Raises NameTaken."""
    person = enlist(claim.by.kabupaten_code, desa_codes=desa_codes, **answers)
    cards.write_cards([person.id], key=claim.key, at=claim.at, deed_id=claim.id)
    keeping.note_changes("added", _where(person.id, answers), at=claim.at, by_id=claim.by.id)
    return person


def enlist(kabupaten_code: str, *, password_hash: str = NO_PASSWORD, desa_codes=(), phone=None, **answers) -> Person:
    """Write a new person inside an open transaction. Raises NameTaken."""
    _refuse_taken([answers["sign_in_name"]])
    person_id = uuid4()
    about = {"id": person_id, "password_hash": password_hash, "phone_sealed": keys.seal(PHONE, person_id, phone)}
    person = Person(kabupaten_code=kabupaten_code, **about, **answers)
    db.session.add(person)
    db.session.flush()
    look_after(person_id, desa_codes)
    return person


def enlist_many(kabupaten_code: str, rows: list[dict], *, at: datetime, by_id: UUID | None) -> list[UUID]:
    """Write many kader at once inside an open transaction; answers their ids, in the order of the rows. Raises NameTaken.

    A row says name, sign_in_name and desa_code, and perhaps rw, phone (+62…), poktan and another role.
    """
    _refuse_taken([row["sign_in_name"] for row in rows])
    same = {
        "kabupaten_code": kabupaten_code,
        "password_hash": NO_PASSWORD,
        "is_head": False,
        "is_admin": False,
        "poktan": [],
    }
    people = [same | {"role": Role.KADER, "rw": None, "phone": None, "id": uuid4()} | row for row in rows]
    for person in people:
        person["phone_sealed"] = keys.seal(PHONE, person["id"], person.pop("phone"))
    if people:
        db.session.execute(insert(Person), people)
    keeping.note_changes("added", *(_where(person["id"], person) for person in people), at=at, by_id=by_id)
    return [person["id"] for person in people]


PHONE = "person.phone"


def _where(person_id: UUID, about: dict) -> dict:
    places = ("desa_code", "rw", "service_point_id")
    told = {name: str(about[name]) for name in places if about.get(name)}
    return {"person_id": person_id, "after": {"role": Role(about["role"]).value} | told}


def _refuse_taken(names: list[str]) -> None:
    if taken := db.session.scalar(select(Person.sign_in_name).where(Person.sign_in_name.in_(names))):
        raise NameTaken(taken)


@deed("change_person")
def change_person(
    claim: Claim, person: Person, *, name: str, phone: str | None = None, poktan: list[str] | None = None
) -> Person:
    """Her name or her phone number is another, or a kader looks after other groups; she signs in as before."""
    if name != person.name:
        change = {"person_id": person.id, "before": {"name": person.name}}
        keeping.note_changes("renamed", change, at=claim.at, by_id=claim.by.id)
    person.name, person.phone_sealed = name, keys.seal(PHONE, person.id, phone)
    if poktan is not None:
        person.poktan = poktan
    return person


@deed("disable_person")
def disable_person(claim: Claim, person: Person, *, successor_id: UUID | None = None) -> Person:
    """She works here no longer: she is signed out everywhere at once. What she wrote stays hers.

    A kader's women who are still underway go to her successor, or to none. Raises LastAdmin, NoSuch.
    """
    _refuse_last_admin(person)
    if person.role == Role.KADER:
        hand_over(person, to=successor_id)
    person.disabled_at = claim.at
    sessions.end_all(person.id, at=claim.at)
    change = {"person_id": person.id, "after": {"successor": str(successor_id) if successor_id else None}}
    keeping.note_changes("disabled", change, at=claim.at, by_id=claim.by.id)
    return person


@deed("enable_person")
def enable_person(claim: Claim, person: Person) -> Person:
    """She is back."""
    person.disabled_at = None
    keeping.note_changes("enabled", {"person_id": person.id}, at=claim.at, by_id=claim.by.id)
    return person


@deed("change_password", apart=frozenset({"password_hash", "but"}))
def change_password(claim: Claim, *, password_hash: str, but: str) -> Person:
    """My own new passphrase. Every other sign-in of mine ends, and my PIN on other phones; `but` is this one's token.

    A phone that was lost must not be let in by its PIN once she has changed what she could change.
    """
    person = db.session.get_one(Person, claim.by.id)
    person.password_hash = password_hash
    here = db.session.scalar(select(SignIn.device_id).where(SignIn.token_hash == token_hash(but)))
    elsewhere = update(Device).where(Device.person_id == person.id, Device.id != here)
    db.session.execute(elsewhere.values(pin_tries=pin.TRIES))
    sessions.end_all(person.id, at=claim.at, but=token_hash(but))
    return person


def _refuse_last_admin(person: Person) -> None:
    if person.role != Role.DPPKB or not person.is_admin:
        return
    others = select(func.count()).where(
        Person.kabupaten_code == person.kabupaten_code,
        Person.role == Role.DPPKB,
        Person.is_admin,
        Person.disabled_at.is_(None),
        Person.password_hash != NO_PASSWORD,
        Person.id != person.id,
    )
    if db.session.scalar(others) == 0:
        raise LastAdmin
