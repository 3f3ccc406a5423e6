"""What comes after a gathering, many at once: no number twice, no photo too many, nobody's minutes written over."""

import pytest

from campaign import actions, queries
from campaign.actions.transaction import writing
from campaign.extensions import db
from campaign.models import Certificate, Gathering, Invitee, Photo
from campaign.papers.photo import Drawn
from campaign.rules.gatherings import MOST_PHOTOS, SignedBy
from campaign.rules.printed import edition_of
from campaign.rules.refusals import Busy, GatheringOver, KeyReused, MinutesMoved, NumberTaken, TooManyPhotos
from tests import builders
from tests.actions.test_races import at_once, one
from tests.builders import key


def guests(gathering, by, many: int) -> list[Invitee]:
    """So many who are there."""
    for number in range(many):
        about = {"name": f"Tamu {number:03d}", "title": "", "desa_code": None}
        actions.come_uninvited(gathering, signed_by=SignedBy.DESK, by=by, key=key(), **about)
    return db.session.scalars(db.select(Invitee).filter_by(gathering_id=gathering.id).order_by(Invitee.name)).all()


def made_for(gathering_id) -> list[tuple[int, str]]:
    asked = db.select(Certificate.serial, Certificate.number).filter_by(gathering_id=gathering_id)
    return [tuple(row) for row in db.session.execute(asked.order_by(Certificate.serial))]


def test_many_who_make_certificates_at_once_make_each_one_once(app, bu_lilis):
    gathering = builders.gathering(bu_lilis)
    many = len(guests(gathering, bu_lilis, 12))
    made = gathering.id

    def make():
        return actions.make_certificates(one(Gathering, made), tail="ORI", by=bu_lilis, key=key()) and "made"

    assert set(at_once(app, *[make] * 6)) <= {"made", Busy}
    assert made_for(made) == [(n, f"{n:03d}/ORI") for n in range(1, many + 1)]


def test_two_gatherings_at_once_never_share_a_number(app, bu_lilis):
    both = [builders.gathering(bu_lilis) for _ in range(2)]
    for gathering in both:
        guests(gathering, bu_lilis, 2)
    ids = [gathering.id for gathering in both]

    def make(made):
        return lambda: actions.make_certificates(one(Gathering, made), tail="ORI", by=bu_lilis, key=key()) and "made"

    results = at_once(app, make(ids[0]), make(ids[1]))
    assert results.count("made") == 1 and set(results) <= {"made", NumberTaken, Busy}, results
    assert sorted(len(made_for(made)) for made in ids) == [0, 2]


def test_who_was_corrected_away_keeps_her_number_and_loses_its_worth(bu_lilis):
    gathering = builders.gathering(bu_lilis)
    first, second = guests(gathering, bu_lilis, 2)
    actions.make_certificates(gathering, tail="ORI", by=bu_lilis, key=key())
    hers = queries.certificate_of(first)
    actions.correct_entry(first, reason="salah_orang", by=bu_lilis, key=key())
    db.session.expire_all()
    assert not queries.is_valid(queries.certificate_by_code(hers.code))
    assert [one.invitee_id for one in queries.certificates(gathering)] == [second.id]
    actions.come(first, signed_by=SignedBy.DESK, by=bu_lilis, key=key())
    actions.make_certificates(gathering, tail="ORI", by=bu_lilis, key=key())
    assert queries.certificate_of(first).number == hers.number and queries.is_valid(hers)


def test_the_numbers_of_the_next_gathering_end_otherwise(bu_lilis):
    first, second = builders.gathering(bu_lilis), builders.gathering(bu_lilis)
    guests(first, bu_lilis, 1)
    tail, is_settled = queries.number_tail(first)
    assert not is_settled and queries.number_tail(second) == (tail, False)
    actions.make_certificates(first, tail=tail, by=bu_lilis, key=key())
    assert queries.number_tail(first) == (tail, True)
    assert queries.number_tail(second) == (tail.replace("ORIENTASI", "ORIENTASI-2"), False)


def test_no_photo_too_many_however_many_come_at_once(app, bu_lilis):
    gathering = builders.gathering(bu_lilis)
    for _ in range(MOST_PHOTOS - 1):
        builders.photo(gathering, by=bu_lilis)
    made = gathering.id

    def add():
        drawn = Drawn(b"besar", b"kecil", 4, 3)
        return (
            actions.add_photo(one(Gathering, made), digest=key(), caption="", drawn=drawn, by=bu_lilis, key=key()) and 1
        )

    results = at_once(app, *[add] * 5)
    assert results.count(1) == 1 and set(results) <= {1, TooManyPhotos, Busy}, results
    assert db.session.query(Photo).count() == MOST_PHOTOS


def test_the_same_photo_sent_twice_is_one_and_another_under_its_key_is_refused(bu_lilis):
    gathering, again = builders.gathering(bu_lilis), key()
    about = {"caption": "Aula", "by": bu_lilis, "key": again}
    first = actions.add_photo(gathering, digest="a", drawn=Drawn(b"x", b"y", 4, 3), **about)
    assert actions.add_photo(gathering, digest="a", drawn=Drawn(b"x", b"y", 4, 3), **about).id == first.id
    with pytest.raises(KeyReused):
        actions.add_photo(gathering, digest="b", drawn=Drawn(b"x", b"y", 4, 3), **about)


def test_of_two_who_write_the_minutes_at_once_one_is_told(app, bu_lilis, pak_wawan):
    made, was = builders.gathering(bu_lilis).id, edition_of("")

    def write(text):
        return lambda: (
            actions.write_minutes(one(Gathering, made), minutes=text, was=was, by=bu_lilis, key=key()).minutes
        )

    results = at_once(app, write("Satu"), write("Dua"))
    kept = one(Gathering, made).minutes
    assert kept in ("Satu", "Dua") and results.count(kept) == 1 and set(results) <= {kept, MinutesMoved, Busy}


def test_nothing_is_filed_of_what_did_not_take_place(bu_lilis):
    gathering = builders.gathering(bu_lilis)
    with writing():
        db.session.get_one(Gathering, gathering.id).is_cancelled = True
    same = {"by": bu_lilis, "key": key()}
    for deed, about in (
        (actions.write_minutes, {"minutes": "x", "was": edition_of("")}),
        (actions.decide, {"what": "x", "who": ""}),
        (actions.add_photo, {"digest": "a", "caption": "", "drawn": Drawn(b"x", b"y", 4, 3)}),
        (actions.make_certificates, {"tail": "ORI"}),
    ):
        with pytest.raises(GatheringOver):
            deed(gathering, **about, **same)
