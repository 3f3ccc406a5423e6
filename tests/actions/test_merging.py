"""Two records of one woman: made one, taken apart again; nothing lost, nothing counted twice, one NIK in one place."""

from datetime import date

import pytest

from campaign import actions, queries
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Consent, Merge
from campaign.rules.couple import Couple
from campaign.rules.journey import Kind, Status
from campaign.rules.refusals import AlreadyRegistered, Busy, Locked, NoSuch, NotMergeable, WrongStep
from tests import builders
from tests.actions.test_races import at_once, one
from tests.builders import beads, key, registered

BORN, NIK, PHONE = date(1990, 3, 10), builders.nik(1), "+6282000000001"
COUPLE = Couple(husband="Asep", children=2)
COLUMNS = [column.key for column in Akseptor.__table__.columns if column.key not in ("revision", "changed_at")]


def as_kept(akseptor) -> dict:
    """Every column of her row, and what the sealed ones say; sealing the same again gives other bytes."""
    db.session.expire_all()
    row = db.session.execute(
        db.select(*(getattr(Akseptor, name) for name in COLUMNS)).where(Akseptor.id == akseptor.id)
    ).one()
    kept = {name: value for name, value in row._mapping.items() if not name.endswith("_sealed")}
    return kept | queries.sealed_facts(one(Akseptor, akseptor.id))


def merged(kept, gone, by) -> Merge:
    return actions.merge(one(Akseptor, kept.id), one(Akseptor, gone.id), by=by, key=key())


def apart(merge, by) -> Merge:
    return actions.unmerge(one(Merge, merge.id), by=by, key=key())


@pytest.fixture
def bare(ibu_sari):
    """Of her little is known."""
    return registered(ibu_sari, name="Siti Aminah", birth_date=None, rt="", rw="")


@pytest.fixture
def full(ibu_sari):
    """The same woman, by somebody who asked more."""
    said = {
        "nik": NIK,
        "phone": PHONE,
        "couple": COUPLE,
        "birth_date": BORN,
        "address": "Kp. Krajan",
        "paper_row": "AB3D5F-07",
    }
    return registered(ibu_sari, name="Sti Aminah", rt="003", rw="004", **said)


def test_the_kept_one_gets_what_she_lacks_and_the_other_stands_nowhere(campaign, ibu_sari, bu_lilis, today, bare, full):
    assert beads(campaign) == {"registered": 2}
    merge = merged(bare, full, bu_lilis)
    kept = as_kept(bare)
    assert kept["nik"] == NIK and kept["has_nik"] and kept["phone"] == PHONE and kept["birth_date"] == BORN
    assert Couple.from_text(kept["couple"]) == COUPLE and kept["address"] == "Kp. Krajan"
    assert (kept["rt"], kept["rw"], kept["paper_row"]) == ("003", "004", "AB3D5F-07")
    assert kept["name"] == "Siti Aminah", "what she has stays"
    assert sorted(merge.moved) == ["address", "birth_date", "couple", "nik", "paper_row", "phone", "rt_rw"]
    assert (merge.by_id, merge.gone_status) == (bu_lilis.id, "registered")
    assert beads(campaign) == {"registered": 1}
    assert one(Akseptor, full.id).status is None
    assert [step.kind for step in queries.history(full)] == [Kind.REGISTER, Kind.MERGE]
    assert [step.kind for step in queries.history(bare)] == [Kind.REGISTER]
    assert queries.differences() == []


def test_who_stands_nowhere_is_in_no_list_and_cannot_be_opened(campaign, ibu_sari, bu_lilis, today, bare, full):
    merged(bare, full, bu_lilis)
    rows, total = queries.akseptor_list(campaign, seen_by=ibu_sari, today=today)
    assert [row.id for row in rows] == [bare.id] and total == 1
    for by in (ibu_sari, bu_lilis):
        with pytest.raises(NoSuch):
            queries.akseptor(full.id, seen_by=by, today=today)
    with pytest.raises(AlreadyRegistered):
        registered(ibu_sari, nik=NIK)
    assert [merge.gone_id for merge in queries.merged_into(one(Akseptor, bare.id))] == [full.id]


def test_taking_it_back_gives_back_exactly(campaign, bu_lilis, bare, full):
    before = as_kept(bare), as_kept(full)
    merge = merged(bare, full, bu_lilis)
    assert as_kept(bare) != before[0] and as_kept(full) != before[1]
    undone = apart(merge, bu_lilis)
    assert (as_kept(bare), as_kept(full)) == before
    assert undone.undone_by_id == bu_lilis.id and undone.undone_at is not None
    assert beads(campaign) == {"registered": 2}
    assert [step.kind for step in queries.history(full)][-1] == Kind.UNMERGE
    assert queries.differences() == []
    again = merged(full, bare, bu_lilis)  # now the other way round
    assert again.moved == []
    apart(again, bu_lilis)
    assert (as_kept(bare), as_kept(full)) == before


def test_what_the_kept_one_has_is_never_replaced(bu_lilis, ibu_sari, bare):
    hers = {"phone": "+6282000000009", "couple": Couple(husband="Dadang"), "birth_date": date(1991, 1, 2)}
    other = registered(ibu_sari, name="Sti Aminah", rt="009", rw="009", **hers)
    kept = as_kept(other)
    given = registered(ibu_sari, name="Siti Amina", phone=PHONE, couple=COUPLE, birth_date=BORN, rt="003", rw="004")
    assert merged(other, given, bu_lilis).moved == []
    assert as_kept(other) == kept


def test_rt_and_rw_of_another_desa_are_not_hers(bu_lilis, ibu_wati, bare):
    there = registered(ibu_wati, name="Sti Aminah", rt="001", rw="002", birth_date=None)
    assert merged(bare, there, bu_lilis).moved == []
    assert as_kept(bare)["rt"] == ""


def test_what_changed_since_stays_hers_when_they_are_taken_apart(bu_lilis, ibu_sari, full):
    """She withdrew and came back with another phone and the same NIK; the NIK is the other record's all the same."""
    kept = registered(ibu_sari, name="Siti Aminah", birth_date=None)
    before = as_kept(full)
    merge = merged(kept, full, bu_lilis)
    actions.withdraw(one(Akseptor, kept.id), by=ibu_sari, key=key())
    registered(ibu_sari, name="Siti Aminah", nik=NIK, phone="+6282000000009", birth_date=date(1991, 1, 2))
    apart(merge, bu_lilis)
    now = as_kept(kept)
    assert (now["phone"], now["birth_date"], now["nik"], now["has_nik"]) == (
        "+6282000000009",
        date(1991, 1, 2),
        None,
        False,
    )
    after = as_kept(full)
    assert after | {"paper_row": None} == before | {"paper_row": None}
    assert queries.differences() == []


def test_consents_and_bookings_stay_with_their_record(campaign, bu_lilis, ibu_sari, bidan_ratna, day, bare):
    deferred = builders.attended(ibu_sari, bidan_ratna, day, name="Sti Aminah")
    deferred = actions.defer(deferred, reason="haid", until=date(2030, 1, 1), by=bidan_ratna, key=key())
    consents = db.session.scalars(db.select(Consent.id).where(Consent.akseptor_id == deferred.id)).all()
    merge = merged(bare, deferred, bu_lilis)
    assert len(consents) == 2
    assert db.session.scalars(db.select(Consent.id).where(Consent.akseptor_id == deferred.id)).all() == consents
    assert db.session.scalars(db.select(Booking.akseptor_id)).all() == [deferred.id]
    apart(merge, bu_lilis)
    back = one(Akseptor, deferred.id)
    assert (back.status, back.deferred_until) == (Status.DEFERRED, date(2030, 1, 1))
    step = queries.last_correctable([back])[back.id]
    actions.correct(back, step_id=step.id, reason="salah_tekan", by=bu_lilis, key=key())  # as if nothing had been
    assert one(Akseptor, deferred.id).status == Status.ATTENDED
    assert queries.differences() == []


def test_who_was_served_without_nik_counts_once_the_other_record_gives_it(
    campaign, bu_lilis, ibu_sari, bidan_ratna, day, full
):
    served = builders.served(ibu_sari, bidan_ratna, day, name="Siti Aminah")
    assert beads(campaign) == {"registered": 1, "served": 1, "waiting_nik": 1}
    merge = merged(served, full, bu_lilis)
    assert beads(campaign) == {"served": 1}
    assert queries.differences() == []
    apart(merge, bu_lilis)
    assert beads(campaign) == {"registered": 1, "served": 1, "waiting_nik": 1}
    assert queries.differences() == []


@pytest.mark.parametrize(
    ("make", "why"),
    [(builders.booked, "gone_booked"), (builders.attended, "gone_attended"), (builders.served, "gone_served")],
)
def test_a_record_with_a_seat_or_a_service_does_not_go(campaign, bu_lilis, ibu_sari, bidan_ratna, day, bare, make, why):
    where = (day,) if make is builders.booked else (bidan_ratna, day)
    busy = make(ibu_sari, *where, name="Sti Aminah")
    before, kept = beads(campaign), as_kept(bare)
    with pytest.raises(NotMergeable) as refusal:
        merged(bare, busy, bu_lilis)
    assert refusal.value.why == why
    assert (beads(campaign), as_kept(bare)) == (before, kept)
    merged(busy, bare, bu_lilis)  # the other way round nothing is lost
    assert one(Akseptor, busy.id).status == busy.status
    assert queries.differences() == []


def test_two_services_are_two_until_one_is_corrected(bu_lilis, ibu_sari, bidan_ratna, day, tomorrow):
    one_served, other = (builders.served(ibu_sari, bidan_ratna, day, name="Siti Aminah") for _ in range(2))
    with pytest.raises(NotMergeable) as refusal:
        merged(one_served, other, bu_lilis)
    assert refusal.value.why == "two_services"
    for _back in range(2):  # to attended, to booked
        step = queries.last_correctable([one(Akseptor, other.id)]).get(other.id)
        step = step or queries.history(other)[-1]
        actions.correct(one(Akseptor, other.id), step_id=step.id, reason="salah_orang", by=bu_lilis, key=key())
        if one(Akseptor, other.id).status == Status.ATTENDED:
            break
    actions.miss(one(Akseptor, other.id), by=bidan_ratna, key=key())
    merged(one_served, other, bu_lilis)
    assert queries.differences() == []


def test_two_niks_are_two_women(bu_lilis, ibu_sari, full):
    other = registered(ibu_sari, name="Siti Aminah", nik=builders.nik(2))
    with pytest.raises(NotMergeable) as refusal:
        merged(other, full, bu_lilis)
    assert refusal.value.why == "two_niks"


def test_only_two_that_stand_in_one_campaign_are_made_one(cast, bu_lilis, ibu_sari, bare, full):
    far = registered(cast.ibu_wati, name="Siti Aminah", campaign=_another_campaign())
    gone = registered(ibu_sari, name="Siti Aminah")
    merged(bare, gone, bu_lilis)
    for kept, other in ((bare, bare), (bare, far), (bare, gone), (gone, full)):
        with pytest.raises(NoSuch):
            merged(kept, other, bu_lilis)
    with pytest.raises(NoSuch):
        actions.not_same(one(Akseptor, bare.id), one(Akseptor, far.id), by=bu_lilis, key=key())
    with pytest.raises(NoSuch):
        actions.not_same(one(Akseptor, bare.id), one(Akseptor, bare.id), by=bu_lilis, key=key())


def _another_campaign():
    with builders.writing():
        return builders.write_campaign({"32.14.12.2002": 1}, name="Yang lain")


def test_a_chain_is_taken_apart_from_its_end(campaign, bu_lilis, ibu_sari, bare, full):
    last = registered(ibu_sari, name="Siti Amina")
    before = [as_kept(woman) for woman in (bare, full, last)]
    first_merge = merged(bare, full, bu_lilis)
    second_merge = merged(last, bare, bu_lilis)
    assert as_kept(last)["nik"] == NIK and beads(campaign) == {"registered": 1}
    with pytest.raises(NotMergeable) as refusal:
        apart(first_merge, bu_lilis)
    assert refusal.value.why == "kept_is_gone"
    apart(second_merge, bu_lilis)
    apart(first_merge, bu_lilis)
    assert [as_kept(woman) for woman in (bare, full, last)] == before
    with pytest.raises(NotMergeable) as refusal:
        apart(first_merge, bu_lilis)
    assert refusal.value.why == "undone"
    assert queries.differences() == []


def test_a_locked_campaign_keeps_its_numbers(campaign, bu_lilis, bare, full, later):
    merge = merged(bare, full, bu_lilis)
    with pytest.raises(Locked):
        actions.unmerge(one(Merge, merge.id), by=bu_lilis, key=key(), at=later(days=60))
    apart(merge, bu_lilis)
    with pytest.raises(Locked):
        actions.merge(one(Akseptor, bare.id), one(Akseptor, full.id), by=bu_lilis, key=key(), at=later(days=60))


def test_one_press_sent_twice_is_one_merge(bu_lilis, bare, full):
    sent = key()
    first = actions.merge(bare, full, by=bu_lilis, key=sent)
    again = actions.merge(one(Akseptor, bare.id), one(Akseptor, full.id), by=bu_lilis, key=sent)
    assert first.id == again.id
    assert db.session.scalar(db.select(db.func.count()).select_from(Merge)) == 1


def test_merging_both_ways_at_once_leaves_one_woman(app, cast, campaign, ibu_sari):
    for number in range(4):
        a = registered(ibu_sari, name="Siti Aminah", nik=builders.nik(number)).id
        b = registered(ibu_sari, name="Siti Aminah").id

        def make_one(kept, gone):
            return lambda: actions.merge(one(Akseptor, kept), one(Akseptor, gone), by=cast.bu_lilis, key=key()).kept_id

        results = at_once(app, *[make_one(a, b), make_one(b, a)] * 2)
        assert set(results) <= {a, b, NoSuch, Busy}, results
        assert sum(result in (a, b) for result in results) == 1, results
        standing = [row for row in (one(Akseptor, a), one(Akseptor, b)) if row.status]
        assert len(standing) == 1 and standing[0].has_nik
    assert beads(campaign) == {"registered": 4}
    assert queries.differences() == []


def test_she_is_booked_while_the_office_merges_her_away(app, cast, campaign, ibu_sari, day):
    """Whoever is second is told so; no seat is held by nobody."""
    day_id = day.id
    for _round in range(4):
        kept, gone = (registered(ibu_sari, name="Siti Aminah").id for _ in range(2))
        results = at_once(
            app,
            lambda k=kept, g=gone: (
                actions.merge(one(Akseptor, k), one(Akseptor, g), by=cast.bu_lilis, key=key()).kept_id
            ),
            lambda g=gone: (
                actions.book(one(Akseptor, g), day=one(type(day), day_id), by=cast.ibu_sari, key=key()).status
            ),
        )
        assert set(results) <= {kept, "booked", NotMergeable, WrongStep, Busy}, results
        assert (kept in results) != ("booked" in results), results
    assert queries.differences() == []


def test_her_place_in_line_goes_to_the_record_that_stays(cast, ibu_sari, bu_lilis):
    day = builders.service_day(cast.maracang, seats=1, in_days=3)
    builders.booked(ibu_sari, day, name="Ai")
    kept, gone = registered(ibu_sari, name="Siti Aminah"), registered(ibu_sari, name="Sti Aminah")
    actions.wait(gone, day=one(type(day), day.id), by=ibu_sari, key=key())
    merged(kept, gone, bu_lilis)
    assert [row.akseptor_id for row in queries.line_of(day)] == [kept.id]
    other = registered(ibu_sari, name="Siti Aminah")
    actions.wait(other, day=one(type(day), day.id), by=ibu_sari, key=key())
    merged(kept, other, bu_lilis)
    assert [row.akseptor_id for row in queries.line_of(day)] == [kept.id], "she stands in line once"
