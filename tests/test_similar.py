"""Who may be one woman written twice: while her name is typed, and in the lists people go through afterwards."""

from datetime import date

import pytest

from campaign import actions, queries
from campaign.extensions import db
from campaign.models import Akseptor
from campaign.queries.similar import Alike
from campaign.rules.refusals import NoSuch
from campaign.rules.sounds import Births
from tests import builders
from tests.builders import key, registered

BORN, LATER = date(1990, 3, 10), date(1984, 8, 21)


@pytest.fixture
def siti(ibu_sari):
    return registered(ibu_sari, name="Siti Aminah", birth_date=BORN)


def asked(campaign, name, birth_date=BORN, desa="32.14.12.2001", **about) -> list[Alike]:
    return queries.similar(campaign, name, birth_date, desa, **about)


def names(found) -> list[str]:
    return [one.name for one in found]


def test_a_name_written_otherwise_is_found_with_where_she_is(campaign, siti):
    (found,) = asked(campaign, "Hj. Sti Amina, S.Pd", None)
    assert (found.akseptor_id, found.name, found.desa_code) == (siti.id, "Siti Aminah", "32.14.12.2001")
    assert (found.desa_name, found.kecamatan_name, found.is_same_desa) == ("Margacinta", "Babakancikao", True)
    assert (found.status, found.has_nik, found.births) == ("registered", False, Births.UNKNOWN)
    assert 0 < found.score < asked(campaign, "Sti Aminah")[0].score <= 1


def test_another_name_another_birth_or_nothing_typed_finds_nobody(campaign, siti):
    assert asked(campaign, "Siti Aisyah", None) == []
    assert asked(campaign, "Siti Aminah", LATER) == []
    assert asked(campaign, "", BORN) == asked(campaign, "123", BORN) == []


def test_with_her_birth_date_she_is_found_in_every_desa_of_the_campaign(cast, campaign, siti):
    """And without it only in the desa that is asked for: there are too many of one name."""
    in_cikao = "32.14.12.2002"
    assert [(one.name, one.is_same_desa) for one in asked(campaign, "Siti Amina", desa=in_cikao)] == [
        ("Siti Aminah", False)
    ]
    assert asked(campaign, "Siti Aminah", None, in_cikao) == []
    assert names(asked(campaign, "Aminah", desa=None)) == ["Siti Aminah"], (
        "asked for a woman from outside the kabupaten"
    )
    assert asked(cast.elsewhere, "Siti Aminah") == [], "another campaign is another register"


def test_a_guessed_birth_date_says_little(campaign, ibu_sari):
    registered(ibu_sari, name="Siti Aminah", birth_date=date(1990, 7, 1))
    assert names(asked(campaign, "Siti Aminah", date(1990, 7, 1))) == ["Siti Aminah"]
    assert asked(campaign, "Siti Aminah", date(1990, 7, 1), "32.14.12.2002") == []
    assert names(asked(campaign, "Siti Aminah", date(1991, 4, 12))) == ["Siti Aminah"], "she was born about then"


def test_the_likeliest_comes_first_and_no_more_than_asked_for(campaign, ibu_sari, ibu_wati):
    registered(ibu_sari, name="Siti Aminah", birth_date=None)
    registered(ibu_wati, name="Siti Aminah", birth_date=BORN)
    registered(ibu_sari, name="Siti Amina", birth_date=BORN)
    found = asked(campaign, "Siti Aminah")
    assert names(found) == ["Siti Amina", "Siti Aminah", "Siti Aminah"]
    assert [one.births for one in found] == [Births.SAME, Births.SAME, Births.UNKNOWN]
    assert len(asked(campaign, "Siti Aminah", limit=2)) == 2


def test_who_has_another_nik_is_another_woman(campaign, ibu_sari):
    registered(ibu_sari, name="Siti Aminah", birth_date=BORN, nik=builders.nik(1))
    assert names(asked(campaign, "Siti Aminah")) == ["Siti Aminah"]
    assert asked(campaign, "Siti Aminah", has_nik=True) == []


def test_who_stands_nowhere_or_withdrew_is_not_spoken_of(campaign, ibu_sari, bu_lilis, siti):
    """She who withdrew may come back like anybody else, so nobody is told that she was here."""
    twice = registered(ibu_sari, name="Sti Aminah", birth_date=BORN, nik=builders.nik(2))
    actions.merge(twice, siti, by=bu_lilis, key=key())
    assert names(asked(campaign, "Siti Aminah")) == ["Sti Aminah"]
    assert queries.exact(campaign, builders.nik(2)) == "Babakancikao"
    actions.withdraw(db.session.get_one(Akseptor, twice.id), by=ibu_sari, key=key())
    assert asked(campaign, "Siti Aminah") == []
    assert queries.exact(campaign, builders.nik(2)) is None


def test_a_nik_tells_the_kecamatan_and_nothing_else(campaign, cast, ibu_sari, bidan_ratna, day):
    registered(ibu_sari, nik=builders.nik(1))
    outsider = {"wanted": "iud", "is_counselled": True, "address": "Karawang", "name": "Neng Jauh"}
    actions.walk_in(day, desa_code=None, nik=builders.nik(2), by=bidan_ratna, key=key(), **outsider)
    assert queries.exact(campaign, builders.nik(1)) == "Babakancikao"
    assert queries.exact(campaign, builders.nik(2)) == ""
    assert queries.exact(campaign, builders.nik(3)) is None
    assert queries.exact(cast.elsewhere, builders.nik(1)) is None


@pytest.mark.parametrize(
    "written", ["Khadijah", "Yuyun Yuningsih", "Zubaedah", "Haryati", "Nurhasanah", "Euis Komalasari", "Ai", "Ở"]
)
def test_every_first_letter_is_looked_for_in_its_desa(campaign, ibu_sari, written):
    registered(ibu_sari, name=written, birth_date=None)
    assert names(asked(campaign, written, None)) == [written]


OTHERWISE = {"Khadijah Nurlaela": "Kadijah Nurlaela", "Haryati Ningsih": "Aryati Ningsih", "Jubaedah": "Subaedah"}


@pytest.mark.parametrize(("written", "typed"), OTHERWISE.items())
def test_even_a_first_letter_may_be_written_otherwise(campaign, ibu_sari, written, typed):
    registered(ibu_sari, name=written, birth_date=None)
    assert names(asked(campaign, typed, None)) == [written]


# ---- Lists ----


def suspected(campaign, desa_codes=None, limit=50) -> list[tuple[str, str]]:
    return [(pair.one.name, pair.other.name) for pair in queries.suspects(campaign, desa_codes, limit=limit)]


def test_suspects_are_one_name_in_one_desa_or_one_birth_date_anywhere(campaign, ibu_sari, ibu_wati, siti):
    registered(ibu_sari, name="Sti Aminah", birth_date=None)  # of her desa
    registered(ibu_wati, name="Siti Amina", birth_date=BORN)  # born on her day, elsewhere
    registered(ibu_wati, name="Siti Aminah", birth_date=None, rt="009")  # neither
    registered(ibu_wati, name="Nunung Marlina", birth_date=BORN)
    pairs = suspected(campaign)
    assert pairs[0] == ("Siti Aminah", "Siti Amina")
    assert ("Siti Aminah", "Sti Aminah") in pairs
    assert ("Siti Amina", "Siti Aminah") in pairs, "in Cikao one has no birth date"
    assert len(pairs) == 3
    assert suspected(campaign, ["32.14.12.2001"]) == [("Siti Aminah", "Sti Aminah")]
    assert suspected(campaign, ["32.14.01.1001"]) == suspected(campaign, []) == []
    assert suspected(campaign, limit=1) == pairs[:1]


def test_neighbours_of_one_name_are_looked_at_whatever_their_births(campaign, ibu_sari, siti):
    registered(ibu_sari, name="Siti Aminah", birth_date=LATER)
    assert suspected(campaign) == [("Siti Aminah", "Siti Aminah")]
    registered(ibu_sari, name="Siti Aminah", birth_date=date(1979, 2, 3), rt="007")
    assert len(suspected(campaign)) == 1


def test_two_with_a_nik_each_and_two_that_were_looked_at_are_no_suspects(campaign, ibu_sari, pak_wawan):
    one, other = (registered(ibu_sari, name="Siti Aminah", nik=builders.nik(n)) for n in (1, 2))
    assert suspected(campaign) == []
    third = registered(ibu_sari, name="Siti Aminah")
    assert len(suspected(campaign)) == 2
    actions.not_same(third, one, by=pak_wawan, key=key())
    assert [{pair.one.id, pair.other.id} for pair in queries.suspects(campaign, None, limit=9)] == [
        {other.id, third.id}
    ]
    actions.not_same(other, third, by=pak_wawan, key=key())
    actions.not_same(third, other, by=pak_wawan, key=key())  # twice, and the other way round, is once
    assert suspected(campaign) == []


def test_first_stands_the_one_to_keep(campaign, ibu_sari, bidan_ratna, day):
    """Further on the road, then with NIK, then older."""
    older = registered(ibu_sari, name="Siti Aminah")
    with_nik = registered(ibu_sari, name="Siti Aminah", nik=builders.nik(1))
    (pair,) = queries.suspects(campaign, None, limit=9)
    assert (pair.one.id, pair.other.id) == (with_nik.id, older.id)
    booked = builders.booked(ibu_sari, day, name="Siti Aminah")
    kept = {
        pair.one.id for pair in queries.suspects(campaign, None, limit=9) if booked.id in (pair.one.id, pair.other.id)
    }
    assert kept == {booked.id}


def test_withdrawn_women_are_nobodys_suspects(campaign, ibu_sari, siti):
    again = registered(ibu_sari, name="Siti Aminah", birth_date=BORN)
    assert len(suspected(campaign)) == 1
    actions.withdraw(again, by=ibu_sari, key=key())
    assert suspected(campaign) == []


def test_a_pair_is_of_one_campaign_and_within_the_scope(
    cast, campaign, today, ibu_sari, ibu_wati, bu_lilis, pak_wawan, siti
):
    other = registered(ibu_wati, name="Siti Amina", birth_date=BORN)
    pair = queries.pair(siti.id, other.id, seen_by=bu_lilis, today=today)
    assert {pair.one.id, pair.other.id} == {siti.id, other.id} and pair.score > 0.9
    for one, two, by in (
        (siti.id, siti.id, bu_lilis),
        (siti.id, cast.campaign.id, bu_lilis),
        (siti.id, other.id, pak_wawan),
        (siti.id, other.id, cast.orang_karawang),
        (siti.id, other.id, cast.pak_dedi),
    ):
        with pytest.raises(NoSuch):
            queries.pair(one, two, seen_by=by, today=today)
