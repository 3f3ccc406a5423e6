"""Activation cards, as far as they still open anything."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Activation, Deed, Desa, Person
from campaign.rules.passphrase import letters_of
from campaign.rules.refusals import CardNotGood
from campaign.sealed import keys


def token_digest(token: str) -> bytes:
    """What is kept of a card's QR code."""
    return keys.digest(f"card token|{token}".encode())


def words_digest(person_id: UUID | None, words: str) -> bytes:
    """What is kept of a card's words."""
    return keys.digest(f"card words|{person_id}|{letters_of(words)}".encode())


def card(token: str, *, at) -> tuple[Activation, Person]:
    """The card this QR code stands on, and whose it is. Raises CardNotGood."""
    return _standing(Activation.token_hash == token_digest(token), at)


def card_in_words(person: Person | None, words: str, *, at) -> tuple[Activation, Person]:
    """The card these words stand on. Raises CardNotGood."""
    person_id = person.id if person else None
    right = (Activation.person_id == person_id) & (Activation.words_index == words_digest(person_id, words))
    return _standing(right, at)


def card_by_id(card_id: UUID) -> tuple[Activation, Person] | None:
    """A card that was shown here a moment ago, used since or not."""
    cards = select(Activation, Person).join(Person, Person.id == Activation.person_id)
    return db.session.execute(cards.where(Activation.id == card_id)).first()


def _standing(condition, at):
    cards = select(Activation, Person).join(Person, Person.id == Activation.person_id)
    good = (Activation.used_at.is_(None), Activation.ends_at > at, Person.disabled_at.is_(None))
    found = db.session.execute(cards.where(condition, *good)).first()
    if found is None:
        raise CardNotGood
    return found


def cards_made(key: str, *, by) -> list[tuple[Activation, Person]]:
    """The cards of one form that are still good, as they are handed out: by desa, then by name."""
    cards = select(Activation, Person).join(Person, Person.id == Activation.person_id)
    cards = cards.join(Deed, Deed.id == Activation.deed_id)
    cards = cards.where(Deed.by_id == by.id, Deed.key == key, Activation.used_at.is_(None))
    cards = cards.options(joinedload(Person.desa).joinedload(Desa.kecamatan), joinedload(Person.service_point))
    return list(db.session.execute(cards.order_by(Person.desa_code, Person.name, Person.id)))
