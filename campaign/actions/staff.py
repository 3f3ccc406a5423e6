"""People of the office's campaigns: accounts made, disabled, given a new password, moved."""

from sqlalchemy import delete, func, insert, select

from campaign.actions import keeping, sessions
from campaign.actions.deeds import Claim, deed
from campaign.extensions import db
from campaign.models import Person, PlkbDesa
from campaign.rules.passphrase import passphrase
from campaign.rules.refusals import LastAdmin, NameTaken
from campaign.rules.roles import Role
from campaign.sealed import keys

SALTED = frozenset({"password_hash"})


@deed("add_person", apart=SALTED)
def add_person(claim: Claim, *, password_hash: str, desa_codes: tuple[str, ...] = (), **answers) -> Person:
    """Somebody new, with a password she must change at once. Raises NameTaken."""
    return enlist(claim.by.kabupaten_code, password_hash=password_hash, desa_codes=desa_codes, **answers)


def enlist(kabupaten_code: str, *, password_hash: str, desa_codes=(), **answers) -> Person:
    """Write a new person inside an open transaction. Raises NameTaken."""
    if db.session.scalar(select(Person.id).where(Person.sign_in_name == answers["sign_in_name"])):
        raise NameTaken(answers["sign_in_name"])
    person = Person(kabupaten_code=kabupaten_code, password_hash=password_hash, **answers)
    db.session.add(person)
    db.session.flush()
    look_after(person, desa_codes)
    return person


def look_after(person: Person, desa_codes) -> None:
    """Say which desa this PLKB looks after."""
    db.session.execute(delete(PlkbDesa).where(PlkbDesa.person_id == person.id))
    if desa_codes:
        db.session.execute(insert(PlkbDesa), [{"person_id": person.id, "desa_code": code} for code in desa_codes])


@deed("disable_person")
def disable_person(claim: Claim, person: Person) -> Person:
    """She works here no longer: she is signed out everywhere at once. What she wrote stays hers. Raises LastAdmin."""
    _refuse_last_admin(person)
    person.disabled_at = claim.at
    sessions.end_all(db.session, person.id, at=claim.at)
    return person


@deed("enable_person")
def enable_person(claim: Claim, person: Person) -> Person:
    """She is back."""
    person.disabled_at = None
    return person


@deed("reset_password", apart=SALTED)
def reset_password(claim: Claim, person: Person, *, password_hash: str) -> Person:
    """A new password, to be changed at the next sign-in; every browser she was signed in on is signed out."""
    person.password_hash, person.must_change_password = password_hash, True
    sessions.end_all(db.session, person.id, at=claim.at)
    return person


@deed("change_password", apart=SALTED | {"but"})
def change_password(claim: Claim, *, password_hash: str, but: str) -> Person:
    """My own new password. Every other browser I was signed in on is signed out; `but` is this one's token."""
    person = db.session.get_one(Person, claim.by.id)
    person.password_hash, person.must_change_password = password_hash, False
    sessions.end_all(db.session, person.id, at=claim.at, but=sessions.token_hash(but))
    return person


def _refuse_last_admin(person: Person) -> None:
    if person.role != Role.DPPKB or not person.is_admin:
        return
    others = select(func.count()).where(
        Person.kabupaten_code == person.kabupaten_code,
        Person.role == Role.DPPKB,
        Person.is_admin,
        Person.disabled_at.is_(None),
        Person.id != person.id,
    )
    if db.session.scalar(others) == 0:
        raise LastAdmin


@deed("add_kader", apart=frozenset({"password_hashes"}))
def add_kader(claim: Claim, *, rows: list[dict], password_hashes: list[str]) -> None:
    """The kader roster, all of it or none. Raises NameTaken."""
    for row, password_hash in zip(rows, password_hashes, strict=True):
        enlist(claim.by.kabupaten_code, password_hash=password_hash, role=Role.KADER, **row)


def first_passphrase(key: str, name: str) -> str:
    """The passphrase of a new account: the same whenever the same form comes again, and nothing without our key."""
    keeping.refuse_without_key()
    return passphrase(keys.digest(f"passphrase|{key}|{name}".encode()))
