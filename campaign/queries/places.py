"""The national list of areas that ships with the product: which kabupaten there are, which kecamatan codes a NIK may have."""

import csv
import gzip
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import process

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


def kabupaten_named(said: str) -> list[Area]:
    """The kabupaten or kota that is meant by a name or code: one, several it may be, or none.

    `balangan`, `Kab. Balangan` and `63.11` are one; `Bogor` is two; a misspelt name answers those it is most like.
    """
    every = kabupaten_list()
    wanted = _bare(said)
    if said.strip() in every:
        return [every[said.strip()]]
    exact = [area for area in every.values() if _bare(area.name) == wanted]
    within = [area for area in every.values() if wanted in _short(area)]
    if exact or within:
        return exact or within
    like = process.extract(wanted, {code: _bare(area.name) for code, area in every.items()}, limit=3, score_cutoff=75)
    return [every[code] for _name, _score, code in like]


def is_called(area: Area, said: str) -> bool:
    """Whether this is surely what was said, not only like it."""
    return _bare(said) in (area.code, _bare(area.name), *_short(area))


def _short(area: Area) -> tuple[str, str]:
    bare = _bare(area.name)
    return bare.removeprefix("kabupaten "), bare.removeprefix("kota ")


def _bare(name: str) -> str:
    words = re.sub(r"[^\w.]+", " ", name.casefold()).replace("kab. ", "kabupaten ").split()
    return " ".join("kabupaten" if word == "kab" else word for word in words)


@cache
def _zones() -> dict[str, str]:
    return {row["kode"]: row["tz"] for row in _rows("provinsi.csv")}


def zone_of(code: str) -> str:
    """The time zone of the province an area code begins with."""
    return _zones()[code[:2]]


def names() -> list[str]:
    """What desa, kecamatan and kabupaten of the country are called, to tell a desa elsewhere from one misspelt."""
    return [row["nama"] for file in ("desa.csv.gz", "kecamatan.csv", "kabkota.csv") for row in _rows(file)]


def areas_inside(kabupaten_code: str) -> tuple[list[Area], list[Area]]:
    """Kecamatan and desa of one kabupaten, from the national list."""
    inside = kabupaten_code + "."
    kecamatan = [Area(r["kode"], r["nama"], "") for r in _rows("kecamatan.csv") if r["kode"].startswith(inside)]
    desa = [Area(r["kode"], r["nama"], r["jenis"]) for r in _rows("desa.csv.gz") if r["kode"].startswith(inside)]
    return kecamatan, desa
