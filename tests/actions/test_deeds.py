"""Once is once: the key, the copy, the other content."""

from uuid import uuid4

import pytest

from campaign import actions
from campaign.extensions import db
from campaign.models import Akseptor, Deed
from campaign.rules.refusals import DayFull, KeyReused, ReadOnly
from campaign.sealed import KeyState, keys
from tests import builders
from tests.builders import beads, key, registered


def test_the_same_form_sent_twice_registers_once(campaign, margacinta, ibu_sari):
    sent = key()
    first = registered_with(ibu_sari, sent)
    again = registered_with(ibu_sari, sent)
    assert first.id == again.id
    assert beads(campaign, margacinta) == {"registered": 1}


def registered_with(kader, sent, name="Neng Siti"):
    said = {"wanted": "implan", "is_counselled": True, "no_nik_reason": "hilang"}
    return actions.register(campaign=builders.the_campaign(), name=name, by=kader, key=sent, **said)


def test_the_same_key_with_another_content_is_refused_and_the_first_stays(ibu_sari, campaign):
    sent = key()
    registered_with(ibu_sari, sent)
    with pytest.raises(KeyReused):
        registered_with(ibu_sari, sent, name="Orang Lain")
    assert db.session.scalars(db.select(Akseptor.name)).all() == ["Neng Siti"]


def test_a_key_of_another_person_is_just_another_key(ibu_sari, ibu_wati):
    sent = key()
    assert registered_with(ibu_sari, sent).id != registered_with(ibu_wati, sent).id


def test_a_refusal_is_not_remembered_and_may_succeed_later(ibu_sari, ibu_wati, cast):
    day = builders.service_day(cast.maracang, seats=1)
    other, neng, sent = builders.booked(ibu_wati, day), registered(ibu_sari), key()
    with pytest.raises(DayFull):
        actions.book(neng, day=day, by=ibu_sari, key=sent)
    actions.cancel(other, by=ibu_wati, key=key())
    assert actions.book(neng, day=day, by=ibu_sari, key=sent).status == "booked"


def test_the_digest_tells_nothing_of_the_nik(ibu_sari):
    import hashlib

    registered(ibu_sari, nik=builders.nik(1))
    digests = db.session.scalars(db.select(Deed.digest)).all()
    assert all(len(d) == 32 for d in digests)
    assert hashlib.sha256(builders.nik(1).encode()).digest() not in digests


def test_without_the_right_key_file_nothing_is_written_and_nothing_is_lost(ibu_sari, campaign, app):
    registered(ibu_sari)
    keys.path.write_text(f"{uuid4().hex}{uuid4().hex}\n")
    app.extensions["keys"] = type(keys._get_current_object())(keys.path)
    assert actions.settle_key() == KeyState.WRONG
    with pytest.raises(ReadOnly):
        registered(ibu_sari)
    assert beads(campaign) == {"registered": 1}


def test_a_missing_key_is_never_made_anew_for_a_sealed_database(ibu_sari, app):
    keys.path.unlink()
    app.extensions["keys"] = type(keys._get_current_object())(keys.path)
    assert actions.settle_key() == KeyState.MISSING
    with pytest.raises(ReadOnly):
        registered(ibu_sari)
    assert not keys.path.exists()


def test_a_key_file_others_can_read_is_refused(ibu_sari, app):
    keys.path.chmod(0o644)
    app.extensions["keys"] = type(keys._get_current_object())(keys.path)
    assert actions.settle_key() == KeyState.OPEN_TO_OTHERS
