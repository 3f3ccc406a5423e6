"""The national list of areas that ships with the product: which kabupaten there are, which kecamatan codes a NIK may have."""

import csv
import gzip
from functools import cache
from pathlib import Path
from typing import NamedTuple

WILAYAH = Path(__file__).parent.parent / "wilayah"


class Area(NamedTuple):
    code: str
    name: str
    jenis: str  # '' where the list does not say


def _rows(name: str):
    path = WILAYAH / name
    with gzip.open(path, "rt", encoding="utf-8", newline="") if path.suffix == ".gz" else path.open(newline="") as file:
        yield from csv.DictReader(file)


@cache
def known_regions() -> frozenset[str]:
    """The six digits of every kecamatan of today, as a NIK begins."""
    return frozenset(row["kode"].replace(".", "") for row in _rows("kecamatan.csv"))


@cache
def kabupaten_list() -> dict[str, Area]:
    """Every kabupaten and kota of the country by code."""
    return {row["kode"]: Area(row["kode"], row["nama"], row["jenis"]) for row in _rows("kabkota.csv")}


@cache
def _zones() -> dict[str, str]:
    return {row["kode"]: row["tz"] for row in _rows("provinsi.csv")}


def zone_of(code: str) -> str:
    """The time zone of the province an area code begins with."""
    return _zones()[code[:2]]


def areas_inside(kabupaten_code: str) -> tuple[list[Area], list[Area]]:
    """Kecamatan and desa of one kabupaten, from the national list."""
    inside = kabupaten_code + "."
    kecamatan = [Area(r["kode"], r["nama"], "") for r in _rows("kecamatan.csv") if r["kode"].startswith(inside)]
    desa = [Area(r["kode"], r["nama"], r["jenis"]) for r in _rows("desa.csv.gz") if r["kode"].startswith(inside)]
    return kecamatan, desa
