"""Guessing passphrases: how far it gets, what the owner notices of it, and what many at once achieve.

argon2 is the slow part and the thing to be protected, so it is counted: a try that is turned away is not evaluated.
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from campaign import actions
from campaign.actions import sessions, tries
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Device, Person, SignIn, SignInTry
from campaign.rules import pin as pins
from campaign.rules.refusals import NoPin, TooManyTries, WrongPin
from tests import builders
from tests.actions.test_races import at_once
from tests.builders import PASSWORD

PIN = "580274"


class Counter:
    """Counts how often the slow hash was asked; it is run only for who knows the password."""

    def __init__(self):
        self.asked = 0

    def __call__(self, work, known, typed):
        self.asked += 1
        return typed == PASSWORD and work(known, typed)


def attempt(name, password, *, away=None, address="10.9.0.1", at=None, devices=()):
    """What the door says: in, wrong, or refused."""
    away = away or Counter()
    try:
        asked = {"address": address, "at": at, "devices": devices, "away": away}
        return sessions.sign_in(name=name, password=password, **asked) or "wrong"
    except TooManyTries:
        return "refused"


def known_phone(name="sari"):
    """A browser she has signed in on before."""
    return attempt(name, PASSWORD).device_token


def test_ten_thousand_tries_from_a_thousand_addresses_are_a_hundred_at_most_and_the_owner_comes_in(app, cast):
    phone, evaluated, began = known_phone(), Counter(), now()
    for number in range(10_000):  # one every twenty-six seconds, for three days
        at = began + timedelta(seconds=26 * number)
        answer = attempt(
            "sari", f"tebakan {number}", address=f"10.{number % 4}.{number % 250}.9", at=at, away=evaluated
        )
        assert answer in ("wrong", "refused")
        if number % 500 == 0:
            assert attempt("sari", PASSWORD, devices=[phone], at=at).person.sign_in_name == "sari"
    assert 30 <= evaluated.asked <= 100


def test_a_patient_guesser_has_a_hundred_in_all_until_she_has_a_new_card(app, cast):
    evaluated, began = Counter(), now()
    for hour in range(24 * 60):
        attempt("sari", "tebakan", address=f"10.0.{hour % 250}.1", at=began + timedelta(hours=hour), away=evaluated)
    assert evaluated.asked == 100
    with builders.writing() as session:
        session.execute(tries.forget(tries.index_of("sign-in", "sari")))
    assert attempt("sari", PASSWORD, at=began + timedelta(days=60), away=evaluated).person.name == "Ibu Sari"


def test_her_own_slips_on_her_own_phone_are_bounded_too_and_shut_nobody_elses_door(app, cast):
    phone, evaluated = known_phone(), Counter()
    for _ in range(50):
        attempt("sari", "salah", devices=[phone], away=evaluated)
    assert evaluated.asked == 10
    assert attempt("sari", PASSWORD, devices=[phone], away=evaluated) == "refused"
    assert attempt("sari", PASSWORD, away=evaluated).person.name == "Ibu Sari"
    assert attempt("wati", PASSWORD, devices=[phone], away=evaluated).person.name == "Ibu Wati"


def test_sixty_staff_behind_one_address_all_come_in_at_eight(app, cast):
    with builders.writing():
        for number in range(60):
            builders.person(f"staf{number}", f"Staf {number}", "bupati")
    at, quick = now(), lambda work, *args: True  # the hash is not what is looked at here
    answers = [attempt(f"staf{number}", PASSWORD, at=at, away=quick) for number in range(60)]
    assert sum(answer not in ("wrong", "refused") for answer in answers) == 60
    assert db.session.scalars(db.select(SignInTry)).all() == [], "who came in is not counted"


def test_one_address_that_tries_many_names_is_stopped_after_sixty(app, cast):
    evaluated = Counter()
    answers = [attempt(f"nama{number}", "x", away=evaluated) for number in range(100)]
    assert (evaluated.asked, answers.count("refused")) == (60, 40)
    assert attempt("sari", PASSWORD, away=evaluated) == "refused"
    assert attempt("sari", PASSWORD, address="10.9.0.2", away=evaluated).person.name == "Ibu Sari"


def test_a_flood_that_is_turned_away_writes_nothing(app, cast):
    for _ in range(10):
        attempt("sari", "salah")
    kept = db.session.scalars(db.select(SignInTry.id)).all()
    for _ in range(20):
        assert attempt("sari", "salah") == "refused"
    assert db.session.scalars(db.select(SignInTry.id)).all() == kept


def test_old_tries_are_swept_away(app, cast):
    attempt("sari", "salah", at=now() - timedelta(days=91))
    attempt("wati", "salah")
    assert len(db.session.scalars(db.select(SignInTry)).all()) == 1


def test_of_many_tries_at_once_no_more_are_evaluated_than_one_after_another(app, cast):
    evaluated = SimpleNamespace(asked=[])

    def guess():
        return attempt("sari", "salah", away=lambda work, *args: evaluated.asked.append(1) or work(*args))

    for _round in range(3):
        at_once(app, *[guess] * 12)
    assert len(evaluated.asked) <= 10


def test_control_looking_first_and_counting_afterwards_lets_a_dozen_through(app, cast):
    """The same race past a door that counts only what was wrong: it is a race, so the door above is what stops it."""
    from threading import Barrier

    looked, evaluated = Barrier(12), []

    def hurried():
        who = tries.index_of("sign-in", "sari")
        tries._refuse_too_many(who, "10.9.0.1", None, now())
        looked.wait()
        evaluated.append(1)
        return attempt("sari", "salah", away=lambda work, *args: False)

    at_once(app, *[hurried] * 12)
    assert len(evaluated) == 12


def test_an_unknown_name_an_unused_card_and_a_wrong_password_cost_one_hash_each(app, cast):
    with builders.writing():
        from campaign.actions import staff

        staff.enlist("32.14", sign_in_name="baru", name="Ibu Baru", role="kader", desa_code="32.14.12.2001")
        db.session.scalars(db.select(Person).filter_by(sign_in_name="wati")).one().disabled_at = now()
    hashes = []
    for name in ("sari", "entah", "baru", "wati"):
        attempt(name, "salah", away=lambda work, known, typed: hashes.append(known) or work(known, typed))
    assert len(hashes) == 4 and all(known.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for known in hashes)


# ---- While the hash is being tried ----


def reset(cast):
    people = [db.session.scalars(db.select(Person).filter_by(sign_in_name="sari")).one()]
    actions.make_cards(people=people, whom={}, by=cast.bu_lilis, key=builders.key())


def disable(cast):
    row = db.session.scalars(db.select(Person).filter_by(sign_in_name="sari")).one()
    actions.disable_person(row, by=cast.bu_lilis, key=builders.key())


@pytest.mark.parametrize("office", [reset, disable])
def test_who_is_reset_or_disabled_while_she_signs_in_is_not_in(app, cast, office):
    def meanwhile(work, *args):
        office(cast)
        return work(*args)

    phone = known_phone()
    assert attempt("sari", PASSWORD, devices=[phone], away=meanwhile) == "wrong"
    living = db.select(SignIn).where(SignIn.ended_at.is_(None))
    assert db.session.scalars(living).all() == []


def test_a_revoked_phone_does_not_come_in_by_its_pin_a_moment_later(app, cast, phone):
    def meanwhile(work, *args):
        actions.revoke_device(db.session.get_one(Device, phone.device_id), by=cast.bu_lilis, key=builders.key())
        return work(*args)

    with pytest.raises(NoPin):
        with_pin(phone, PIN, away=meanwhile)
    assert db.session.scalars(db.select(SignIn).where(SignIn.ended_at.is_(None))).all() == []


# ---- PIN ----


@pytest.fixture
def phone(app, cast):
    """Ibu Sari's phone, with a PIN."""
    entered = attempt("sari", PASSWORD)
    with builders.writing():
        device = db.session.get_one(Device, entered.device_id)
        device.pin_hash = sessions.hash_password(sessions.pin_text(device.id, PIN))
    return SimpleNamespace(device_id=entered.device_id, devices=[entered.device_token])


def with_pin(phone, pin, **also):
    return sessions.sign_in_with_pin(**vars(phone) | {"pin": pin} | also)


def test_five_wrong_pins_in_a_row_and_the_right_one_is_worth_nothing(phone):
    for left in range(pins.TRIES - 1, -1, -1):
        with pytest.raises(WrongPin) as wrong:
            with_pin(phone, "000000")
        assert wrong.value.left == left
    with pytest.raises(NoPin):
        with_pin(phone, PIN)
    assert attempt("sari", PASSWORD, devices=phone.devices).may_set_pin


def test_the_right_pin_begins_the_count_anew(phone):
    for _ in range(3):
        for _ in range(pins.TRIES - 1):
            with pytest.raises(WrongPin):
                with_pin(phone, "111111")
        assert with_pin(phone, PIN).person.name == "Ibu Sari"


def test_a_pin_is_worth_nothing_without_its_phone_on_another_and_once_revoked(phone, cast):
    other = attempt("sari", PASSWORD)
    for elsewhere in ({"devices": []}, {"devices": [other.device_token]}, {"device_id": other.device_id}):
        with pytest.raises(NoPin):
            with_pin(phone, PIN, **elsewhere)
    with builders.writing():
        db.session.get_one(Device, phone.device_id).revoked_at = now()
    with pytest.raises(NoPin):
        with_pin(phone, PIN)


def test_of_many_pins_at_once_five_are_evaluated(app, phone):
    evaluated = []

    def guess():
        return with_pin(phone, "111111", away=lambda work, *args: evaluated.append(1) or work(*args))

    answers = at_once(app, *[guess] * 12)
    assert len(evaluated) == pins.TRIES and set(answers) <= {WrongPin, NoPin}


def test_a_pin_is_not_found_by_trying_all_in_a_stolen_database(app, phone):
    """Its hash is of the PIN, the device and the server's secret together."""
    kept = db.session.get_one(Device, phone.device_id).pin_hash
    assert not sessions.check_password(kept, PIN)
    assert sessions.check_password(kept, sessions.pin_text(phone.device_id, PIN))


def test_every_sign_in_names_its_device(phone):
    with_pin(phone, PIN)
    assert set(db.session.scalars(db.select(SignIn.device_id))) == {phone.device_id}
