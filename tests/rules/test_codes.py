"""Codes: what is spelled is read back, what is mistyped is not, and nothing in them looks like something else."""

from random import Random

import pytest

from campaign.rules import codes
from campaign.rules.distance import Distance, distance


def test_a_ticket_is_spelled_and_read_back():
    chance = Random(4)
    for _ in range(2_000):
        data = chance.randbytes(20)
        code = codes.spell(data)
        assert len(code) == 32 and codes.read(code) == data
        assert codes.read(codes.typed_ticket(codes.groups(code).lower())) == data
    assert codes.spell(bytes(20)) == "0" * 32 and codes.spell(b"\xff" * 20) == "Z" * 32


def test_what_looks_alike_is_taken_for_what_was_meant():
    assert codes.typed_ticket("oIl1-abcd efgh") == "0111ABCDEFGH"
    assert codes.typed_ticket("https://kb.example.go.id/puskesmas/tiket/7K3M") == "7K3M"


@pytest.mark.parametrize("wrong", ["", "7K3M", "0" * 31, "0" * 33, "I" * 32, "a" * 32, "é" * 32, "0" * 31 + " "])
def test_what_is_no_ticket_is_not_read(wrong):
    with pytest.raises(ValueError):
        codes.read(wrong)


def test_the_code_of_a_sheet_has_no_two_letters_that_look_alike():
    chance = Random(5)
    made = {codes.sheet_code(chance.randbytes(8)) for _ in range(3_000)}
    assert len(made) > 2_990 and {len(code) for code in made} == {5}
    assert not set("".join(made)) & set("01258BILOSZ")
    assert codes.typed_sheet(" a7kmx-3 ") == codes.typed_sheet("A7 KMX") == "A7KMX"


@pytest.mark.parametrize(
    ("place", "kecamatan", "is_own", "far"),
    [
        ("Saung Ambu Cikao", "32.14.12", True, Distance.SAME_DESA),
        ("Puskesmas Maracang", "32.14.12", True, Distance.OWN_PUSKESMAS),
        ("Puskesmas Mulyamekar", "32.14.12", False, Distance.SAME_KECAMATAN),
        ("Puskesmas Koncara", "32.14.01", False, Distance.ELSEWHERE),
        ("Saung Ambu Cikao", "32.14.01", False, Distance.ELSEWHERE),
        ("Saung Ambu Hegarcikao", "32.14.12", False, Distance.SAME_KECAMATAN),
        ("Pelayanan bergerak", None, False, Distance.ELSEWHERE),
    ],
)
def test_how_far_a_place_is_in_words(place, kecamatan, is_own, far):
    about = {"place": place, "place_kecamatan": kecamatan, "is_own": is_own}
    assert distance(**about, desa="Cikao", desa_kecamatan="32.14.12") == far
