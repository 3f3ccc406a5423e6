"""Sealed fields: readable with the key, for that row, and not otherwise."""

from uuid import uuid4

import pytest

from campaign.sealed import CannotOpen, Keys

NIK = "3214125003909123"


@pytest.fixture
def keys(tmp_path):
    keys = Keys(tmp_path / "kunci" / "master.key")
    keys.make()
    return keys


def test_what_is_sealed_opens_for_its_own_row_and_column(keys):
    row = uuid4()
    sealed = keys.seal("akseptor.nik", row, NIK)
    assert keys.open("akseptor.nik", row, sealed) == NIK
    assert NIK.encode() not in sealed
    for label, other in (("akseptor.nik", uuid4()), ("akseptor.phone", row)):
        with pytest.raises(CannotOpen):
            keys.open(label, other, sealed)


def test_a_changed_byte_is_noticed(keys):
    row = uuid4()
    sealed = bytearray(keys.seal("akseptor.nik", row, NIK))
    sealed[-1] ^= 1
    with pytest.raises(CannotOpen):
        keys.open("akseptor.nik", row, bytes(sealed))


def test_the_same_nik_seals_differently_and_indexes_alike(keys):
    row = uuid4()
    assert keys.seal("akseptor.nik", row, NIK) != keys.seal("akseptor.nik", row, NIK)
    assert keys.index("nik", NIK) == keys.index("nik", NIK) != keys.index("nik", NIK[:-1] + "4")
    assert len(keys.index("nik", NIK)) == 16


def test_another_key_opens_nothing_and_indexes_otherwise(keys, tmp_path):
    other = Keys(tmp_path / "other.key")
    other.make()
    row = uuid4()
    with pytest.raises(CannotOpen):
        other.open("akseptor.nik", row, keys.seal("akseptor.nik", row, NIK))
    assert other.index("nik", NIK) != keys.index("nik", NIK)
    assert not other.is_the_key_of(keys.check_value())


def test_a_key_is_never_overwritten_and_is_for_its_owner_only(keys):
    with pytest.raises(FileExistsError):
        keys.make()
    assert keys.path.stat().st_mode & 0o777 == 0o600
