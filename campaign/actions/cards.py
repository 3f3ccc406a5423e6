"""Activation cards: how an account is handed over. Nobody ever knows somebody else's passphrase."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update

from campaign.actions import keeping, sessions, tries
from campaign.actions.deeds import Claim, deed
from campaign.actions.transaction import now, tried_again, writing
from campaign.extensions import db
from campaign.models import NO_PASSWORD, Activation, Device, Person
from campaign.queries import cards
from campaign.rules.passphrase import passphrase
from campaign.rules.refusals import CardNotGood, OwnCard
from campaign.sealed import keys

LASTS = timedelta(days=14)
MOST = 2_000  # cards of one form


def secrets_of(key: str, person_id: UUID) -> tuple[str, str]:
    """Words and QR token of a card: the same whenever the same form comes again, and nothing without our key file."""
    keeping.refuse_without_key()
    words, token = (keys.digest(f"card|{what}|{key}|{person_id}".encode()) for what in ("words", "token"))
    return passphrase(words), urlsafe_b64encode(token)[:32].decode()


@deed("make_cards", apart=frozenset({"people"}))
def make_cards(claim: Claim, *, people: list[Person], whom: dict) -> None:
    """A new card for each of these people; `whom` is how the form named them.

    What opened their accounts before is worth nothing at once: older cards, passphrases, browsers, sign-ins. Raises OwnCard.
    """
    if any(person.id == claim.by.id for person in people):
        raise OwnCard
    ids = [person.id for person in people]
    sessions.end_all(*ids, at=claim.at)
    theirs = update(Device).where(Device.person_id.in_(ids), Device.revoked_at.is_(None))
    db.session.execute(theirs.values(revoked_at=claim.at))
    db.session.execute(update(Person).where(Person.id.in_(ids)).values(password_hash=NO_PASSWORD))
    db.session.execute(_doors_open_again(*people))
    write_cards(ids, key=claim.key, at=claim.at, deed_id=claim.id)
    keeping.note_changes("card", *({"person_id": person_id} for person_id in ids), at=claim.at, by_id=claim.by.id)


def write_cards(person_ids, *, key: str, at: datetime, deed_id: int | None = None) -> None:
    """Write the cards inside an open transaction; unused older ones of these people go."""
    db.session.execute(delete(Activation).where(Activation.person_id.in_(person_ids), Activation.used_at.is_(None)))
    rows = []
    for person_id in person_ids:
        words, token = secrets_of(key, person_id)
        kept = {"words_index": cards.words_digest(person_id, words), "token_hash": cards.token_digest(token)}
        rows.append(
            {"id": uuid4(), "person_id": person_id, "deed_id": deed_id, "made_at": at, "ends_at": at + LASTS} | kept
        )
    if rows:
        db.session.execute(insert(Activation), rows)


def _doors_open_again(*people: Person):
    return tries.forget(
        *(tries.index_of(door, person.sign_in_name) for door in ("sign-in", "card") for person in people)
    )


def read_words(*, name: str, words: str, address: str, at: datetime | None = None) -> UUID:
    """The card these words stand on. Wrong ones are counted like wrong passphrases. Raises CardNotGood, TooManyTries."""
    at, who = at or now(), tries.index_of("card", name)
    number = tries.begin(who, address, None, at=at)
    person = db.session.scalars(select(Person).where(Person.sign_in_name == name)).first()
    try:
        card, _person = cards.card_in_words(person, words, at=at)
    except CardNotGood:
        tries.wrong(number, at=at)
        raise
    tries.right(number)
    return card.id


def activate(card_id: UUID, *, password_hash: str, at: datetime | None = None) -> None:
    """I hold my card and have chosen my own passphrase. Raises CardNotGood."""
    at = at or now()
    good = (Activation.id == card_id, Activation.used_at.is_(None), Activation.ends_at > at)
    using = update(Activation).where(*good).values(used_at=at).returning(Activation.person_id)

    def attempt():
        with writing() as session:
            person_id = session.scalar(using)
            if person_id is None or (person := session.get_one(Person, person_id)).is_disabled:
                raise CardNotGood
            person.password_hash = password_hash
            session.execute(_doors_open_again(person))
            keeping.note_changes("activated", {"person_id": person.id}, at=at, by_id=person.id)

    tried_again(attempt)
