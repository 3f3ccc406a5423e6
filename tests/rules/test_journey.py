"""The road: every pair of place and step, said out loud, so that a changed table is a changed test."""

import pytest

from campaign.rules.journey import CORRECTABLE, ROAD, START, Kind, Status, lead, lead_back, may
from campaign.rules.refusals import WrongStep

# Row by row what may be done where she stands, and where it leads; what is not written here is refused.
WAYS = {
    START: {"register": "registered"},
    "registered": {"book": "booked", "withdraw": "withdrawn", "retract": START, "merge": START},
    "booked": {
        "book": "booked",
        "cancel": "registered",
        "attend": "attended",
        "defer": "deferred",
        "miss": "no_show",
        "withdraw": "withdrawn",
    },
    "attended": {
        "serve": "served",
        "defer": "deferred",
        "refer": "referred",
        "miss": "no_show",
        "withdraw": "withdrawn",
    },
    "served": {},
    "deferred": {"book": "booked", "withdraw": "withdrawn", "merge": START},
    "referred": {"book": "booked", "withdraw": "withdrawn", "merge": START},
    "no_show": {"book": "booked", "withdraw": "withdrawn", "merge": START},
    "withdrawn": {"register": "registered", "merge": START},
}
PAIRS = [(place, kind) for place in [START, *Status] for kind in Kind]


@pytest.mark.parametrize(("place", "kind"), PAIRS, ids=lambda value: str(value))
def test_every_pair_of_place_and_step(place, kind):
    assert may(place, kind) is (kind in WAYS[place])
    if kind in WAYS[place]:
        assert lead(place, kind) == WAYS[place][kind]
    else:
        with pytest.raises(WrongStep) as refused:
            lead(place, kind)
        assert (refused.value.before, refused.value.kind) == (place, kind)


def test_the_table_has_no_place_or_step_the_road_does_not_know():
    assert set(WAYS) == {START, *Status}
    assert {kind for ways in WAYS.values() for kind in ways} == set(ROAD)


def test_nobody_is_served_who_did_not_come():
    assert ROAD[Kind.SERVE][0] == {Status.ATTENDED}


@pytest.mark.parametrize("last", list(Kind))
def test_only_what_the_puskesmas_wrote_on_the_day_is_corrected(last):
    if last in CORRECTABLE:
        assert lead_back(last, Status.BOOKED, Status.ATTENDED) == Status.BOOKED
    else:
        with pytest.raises(WrongStep):
            lead_back(last, Status.BOOKED, Status.ATTENDED)


def test_what_a_kader_does_is_never_undone_by_correcting():
    assert CORRECTABLE.isdisjoint({Kind.REGISTER, Kind.BOOK, Kind.CANCEL, Kind.WITHDRAW})
