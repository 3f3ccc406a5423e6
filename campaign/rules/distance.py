"""How far a place of service is from her, in words a kader uses: no map and no kilometres are known."""

from enum import StrEnum


class Distance(StrEnum):
    """From near to far."""

    SAME_DESA = "same_desa"
    OWN_PUSKESMAS = "own_puskesmas"
    SAME_KECAMATAN = "same_kecamatan"
    ELSEWHERE = "elsewhere"


NEAR = (Distance.SAME_DESA, Distance.OWN_PUSKESMAS)


def distance(*, place: str, place_kecamatan: str | None, is_own: bool, desa: str, desa_kecamatan: str) -> Distance:
    """`is_own`: the puskesmas that works for her desa, or a place it answers for.

    Of a place only the kecamatan is known. One named after a desa of the same kecamatan (Saung Ambu Cikao) is taken to be there.
    """
    if place_kecamatan == desa_kecamatan and f" {place} ".lower().endswith(f" {desa} ".lower()):
        return Distance.SAME_DESA
    if is_own:
        return Distance.OWN_PUSKESMAS
    return Distance.SAME_KECAMATAN if place_kecamatan == desa_kecamatan else Distance.ELSEWHERE
