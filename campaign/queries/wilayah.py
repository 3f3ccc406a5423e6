"""The areas of a kabupaten and how they are drawn: outlines where the office brought them, else a square each."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from campaign.extensions import db
from campaign.models import Desa, Kabupaten, Kecamatan, Shape
from campaign.queries import campaigns
from campaign.rules import tiles
from campaign.rules.refusals import NoSuch


@dataclass
class Drawing:
    """The kecamatan of a kabupaten in one SVG: `paths` by code where there are outlines, else `cells` of a tile map."""

    box: str
    kecamatan_list: list[Kecamatan]
    paths: dict[str, str]
    cells: dict[str, tuple[int, int]]
    centres: dict[str, tuple[int, int]]


TILE = 100  # units of the drawing


def drawing(kabupaten: Kabupaten) -> Drawing:
    """How its kecamatan are drawn."""
    kecamatan_list = campaigns.kecamatan_list(kabupaten.code)
    shapes = {s.area_code: s for s in db.session.scalars(select(Shape).where(Shape.kabupaten_code == kabupaten.code))}
    inside = {k.code: [s for code, s in shapes.items() if code.startswith(k.code)] for k in kecamatan_list}
    if kabupaten.map_box and all(inside.values()):
        paths = {code: "".join(s.path for s in _own_or_desa(code, shapes, parts)) for code, parts in inside.items()}
        centres = {code: _middle(_own_or_desa(code, shapes, parts)) for code, parts in inside.items()}
        return Drawing(kabupaten.map_box, kecamatan_list, paths, {}, centres)
    placed = tiles.place([k.code for k in kecamatan_list])
    box = f"0 0 {placed.columns * TILE} {placed.rows * TILE}"
    centres = {code: (x * TILE + TILE // 2, y * TILE + TILE // 2) for code, (x, y) in placed.cells.items()}
    return Drawing(box, kecamatan_list, {}, placed.cells, centres)


def _own_or_desa(code: str, shapes: dict[str, Shape], parts: list[Shape]) -> list[Shape]:
    """A kecamatan's own outline, or those of its desa where the office's map has only desa."""
    return [shapes[code]] if code in shapes else parts


def _middle(shapes: list[Shape]) -> tuple[int, int]:
    return sum(s.x for s in shapes) // len(shapes), sum(s.y for s in shapes) // len(shapes)


def area(code: str, *, seen_by) -> Kecamatan | Desa:
    """A kecamatan or desa of her kabupaten, also one that has ended. Raises NoSuch."""
    found = None
    if re.fullmatch(re.escape(seen_by.kabupaten_code) + r"\.[0-9]{2}(\.[0-9]{4})?", code):
        found = db.session.get(Kecamatan if len(code) == 8 else Desa, code)
    if found is None:
        raise NoSuch
    return found


def desa_named(kabupaten_code: str, name: str) -> list[Desa]:
    """Desa whose name, or whose kecamatan's name, contains this; all of them for ''."""
    inside = campaigns.desa_of(kabupaten_code)
    if name:
        like = Desa.name.icontains(name, autoescape=True) | Kecamatan.name.icontains(name, autoescape=True)
        inside = inside.where(like | Desa.code.startswith(name, autoescape=True))
    return list(db.session.scalars(inside))
