"""An office's own map: the boundaries of a GeoJSON file as SVG paths, light enough to travel with the board.

Every corner is snapped to one grid of integers and every border is cut where areas meet. A piece of border is thinned
once, for both its neighbours: no gap opens between them.

`shapes` belongs in a child process with limits: the worst 10 MB of JSON ask for 500 MB and 15 seconds (192 desa in
180 KB: 50 ms). It takes and gives plain values, and raises nothing but BadFile until the memory ends.
"""

import json
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from heapq import heapify, heappop, heappush
from itertools import groupby, pairwise
from math import cos, inf, radians

from campaign.rules.names import tidy
from campaign.rules.refusals import BadFile

MOST_BYTES = 10 * 2**20
MOST_FEATURES = 5_000
MOST_POINTS = 1_000_000  # two coordinates each
MOST_CORNERS = 300_000  # on the grid; the most detailed 10 MB of a real map come to a fifth of that

WIDTH = 1000  # of the drawing, in whole units; its height follows
WEST, EAST, SOUTH, NORTH = 90, 145, -12, 8  # Indonesia, in degrees
FINEST = 1  # square units; a corner that stands out by less is not drawn, nor an island hardly larger
COARSEST = 1000
CHARACTERS, CHARACTERS_PER_AREA = 16_000, 220  # 17 kecamatan in 20 KB, 192 desa in 58 KB

AGAIN = "Simpan ulang petanya sebagai GeoJSON."
THIN = "Sederhanakan dahulu batasnya (di QGIS: Vektor, Alat Geometri, Sederhanakan)."
TOO_INTRICATE = f"Batas wilayah di berkas peta terlalu rumit. {THIN}"

Corner = tuple[int, int]
Ring = list[Corner]  # not closed: its last corner is not its first once more
Degrees = tuple[array, array]  # a ring as it came: longitudes and latitudes


@dataclass(frozen=True, slots=True)
class Map:
    """Areas to draw in one view box; paths are filled by the even-odd rule. Codes are spelled as they were asked for."""

    view_box: str
    paths: dict[str, str]  # code → `d`, in whole units; all steps relative, which a file of borders is shortest in
    centroids: dict[str, Corner]  # of each area's largest polygon
    missing: tuple[str, ...]  # codes without a shape
    unknown: tuple[str, ...]  # what stands in the file and is not ours: code and name, as they came


def shapes(data: bytes, codes: set[str]) -> Map:
    """The shapes of these areas, in the order of their codes. Raises BadFile, which says what to do.

    Features are known by their property `code`, written with dots or without, as text or as a number; coordinates are
    degrees of WGS84. Features of other areas are named and not looked at.
    """
    ours, unknown = _ours(_features(data), codes)
    if not any(ours.values()):
        raise BadFile(
            "Di berkas peta tidak ada bentuk satu wilayah pun dari kabupaten ini. Setiap wilayah harus punya batas dan "
            f"properti “code” berisi kode Kemendagri, bukan kode BPS; misalnya {min(codes, default='32.14.01')}."
        )
    snap, height = _grid([ring for polygons in ours.values() for polygon in polygons for ring in polygon])
    areas = {
        code: _rings([[snap(ring) for ring in polygon] for polygon in ours[code]])
        for code in sorted(ours)
        if ours[code]
    }
    # The first ring is the largest polygon's.
    centroids = {code: _centroid(rings[0]) for code, rings in areas.items()}
    return Map(
        view_box=f"0 0 {WIDTH} {height}",
        paths=_paths(areas, centroids),
        centroids=centroids,
        missing=tuple(sorted(codes - areas.keys())),
        unknown=tuple(unknown),
    )


# ---- What stands in the file ----


def _features(data: bytes) -> list:
    if len(data) > MOST_BYTES:
        raise BadFile(f"Berkas peta lebih dari {MOST_BYTES // 2**20} MB. Simpan hanya wilayah kabupaten ini. {THIN}")
    try:
        # Whole numbers as floats: an int of a million digits is refused by Python itself, and not in our words.
        tree = json.loads(data.decode("utf-8-sig"), parse_int=float, parse_constant=_not_a_number)
    except UnicodeDecodeError:
        raise BadFile(f"Berkas ini bukan teks UTF-8; shapefile dan ZIP tidak dapat dibaca. {AGAIN}") from None
    except json.JSONDecodeError as bad:
        raise BadFile(f"Berkas ini bukan JSON yang utuh (baris {bad.lineno}, huruf ke-{bad.colno}). {AGAIN}") from None
    except RecursionError:
        raise BadFile(f"Isi berkas ini bersusun terlalu dalam untuk sebuah peta. {AGAIN}") from None
    match tree:
        case {"type": "FeatureCollection", "features": list(features)} if len(features) <= MOST_FEATURES:
            return features
        case {"type": "FeatureCollection", "features": list()}:
            raise BadFile(f"Ada lebih dari {MOST_FEATURES} wilayah di berkas peta. Simpan hanya wilayah kabupaten ini.")
    raise BadFile("Berkas ini bukan FeatureCollection. Simpan seluruh lapisan batas wilayah sebagai GeoJSON.")


def _not_a_number(name: str):
    raise BadFile(f"Di berkas peta ada {name}, padahal harus angka. Periksa geometrinya. {AGAIN}")


def _ours(features: list, codes: set[str]) -> tuple[dict[str, list[list[Degrees]]], list[str]]:
    """The polygons of each area that is ours, and what the others are called."""
    spelled = {code.replace(".", ""): code for code in codes}
    ours, unknown, points = {}, [], 0
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            raise BadFile(f"Wilayah ke-{number} di berkas peta bukan Feature. {AGAIN}")
        properties = feature.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        written, name = _text(properties.get("code")), _text(properties.get("name"))
        code = spelled.get(written.replace(".", ""))
        if code is None:
            unknown.append(f"{written} {name}".strip() or f"wilayah ke-{number}, tanpa kode")
        elif code in ours:
            raise BadFile(f"Kode {code} ada dua kali di berkas peta. Gabungkan dahulu menjadi satu MultiPolygon.")
        else:
            ours[code] = _polygons(feature.get("geometry"), code)
            points += sum(len(ring[0]) for polygon in ours[code] for ring in polygon)
            if points > MOST_POINTS:
                raise BadFile(f"Batas wilayah di berkas peta lebih dari satu juta titik. {THIN}")
    return ours, unknown


def _text(value) -> str:
    """A property as one short line; a number too, as 3214012001.0 is one."""
    if isinstance(value, float) and value.is_integer():
        value = f"{value:.0f}"
    return tidy(value[:60]) if isinstance(value, str) else ""


def _polygons(geometry, code: str) -> list[list[Degrees]]:
    match geometry:
        case None:
            return []
        case {"type": "Polygon", "coordinates": list(polygon)}:
            polygons = [polygon]
        case {"type": "MultiPolygon", "coordinates": list(polygons)}:
            pass
        case {"type": str(other)} if other not in ("Polygon", "MultiPolygon"):
            raise BadFile(
                f"Wilayah {code} di berkas peta berupa {_text(other)}; yang dapat digambar hanya Polygon dan MultiPolygon. "
                "Simpan lapisan batas wilayahnya sebagai GeoJSON."
            )
        case _:
            raise BadFile(f"Geometri wilayah {code} di berkas peta rusak. {AGAIN}")
    try:
        found = [[ring for ring in map(_degrees, polygon) if len(ring[0]) >= 3] for polygon in polygons]
    except (TypeError, ValueError):
        raise BadFile(f"Koordinat wilayah {code} di berkas peta bukan pasangan angka. {AGAIN}") from None
    for longitudes, latitudes in (ring for polygon in found for ring in polygon):
        west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
        if west < WEST or east > EAST or south < SOUTH or north > NORTH:
            raise BadFile(
                f"Koordinat wilayah {code} (bujur {west:g} sampai {east:g}, lintang {south:g} sampai {north:g}) bukan derajat "
                "WGS84 di Indonesia. Simpan ulang petanya dengan CRS EPSG:4326, bujur dahulu lalu lintang."
            )
    return [polygon for polygon in found if polygon]


def _degrees(ring: list) -> Degrees:
    # Arrays, because they weigh a tenth of the lists they come from and take nothing but numbers.
    longitudes, latitudes = array("d"), array("d")
    for longitude, latitude, *_ in ring:
        longitudes.append(longitude)
        latitudes.append(latitude)
    return longitudes, latitudes


# ---- The grid ----


def _grid(rings: list[Degrees]) -> tuple[Callable[[Degrees], Ring], int]:
    """How a ring is laid on the grid, and the grid's height.

    Equirectangular: a degree of longitude is shortened as it is in the middle of the map.
    """
    west, east = min(min(ring[0]) for ring in rings), max(max(ring[0]) for ring in rings)
    south, north = min(min(ring[1]) for ring in rings), max(max(ring[1]) for ring in rings)
    shortened = cos(radians((south + north) / 2))
    width, height = (east - west) * shortened, north - south
    if min(width, height) < 0.001 or max(width, height) > 10 * min(width, height):
        raise BadFile(
            "Peta ini terlalu sempit untuk sebuah kabupaten. Periksa koordinatnya: bujur dahulu, lalu lintang, dalam WGS84."
        )
    scale = WIDTH / width

    def snap(ring: Degrees) -> Ring:
        corners = (
            (round((longitude - west) * shortened * scale), round((north - latitude) * scale))
            for longitude, latitude in zip(*ring, strict=True)
        )
        snapped = [corner for corner, _ in groupby(corners)]
        return snapped[:-1] if len(snapped) > 1 and snapped[0] == snapped[-1] else snapped

    return snap, round(height * scale)


def _rings(polygons: list[list[Ring]]) -> list[Ring]:
    """Outlines and holes, those of the largest polygon first."""
    return [ring for polygon in sorted(polygons, key=lambda its: -abs(_doubled_area(its[0]))) for ring in polygon]


def _doubled_area(ring: Ring) -> int:
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, ring[1:] + ring[:1], strict=True))


def _centroid(ring: Ring) -> Corner:
    sides = [(x + u, y + v, x * v - u * y) for (x, y), (u, v) in zip(ring, ring[1:] + ring[:1], strict=True)]
    tripled = 3 * sum(cross for *_, cross in sides)
    if not tripled:
        return ring[0]
    along, down = sum(x * cross for x, _, cross in sides), sum(y * cross for _, y, cross in sides)
    return round(along / tripled), round(down / tripled)


# ---- Borders, thinned once for both their neighbours ----


def _paths(areas: dict[str, list[Ring]], centroids: dict[str, Corner]) -> dict[str, str]:
    """`d` of each area, thinned until all of them fit; an area too small for that is a dot."""
    if sum(len(ring) for rings in areas.values() for ring in rings) > MOST_CORNERS:
        raise BadFile(TOO_INTRICATE)
    junctions = _junctions(areas)
    weigh = cache(_weigh)
    weighed = {code: [_weighed(ring, junctions, weigh) for ring in rings] for code, rings in areas.items()}
    coarseness = FINEST
    while coarseness <= COARSEST:
        paths = {code: _path(rings, 2 * coarseness) or _dot(centroids[code]) for code, rings in weighed.items()}
        if sum(map(len, paths.values())) <= CHARACTERS + CHARACTERS_PER_AREA * len(paths):
            return paths
        coarseness *= 2
    raise BadFile(TOO_INTRICATE)


def _junctions(areas: dict[str, list[Ring]]) -> set[Corner]:
    """Corners where a ring comes to another neighbour, or to none. Where a border merely touches itself is no such place."""
    owners, joined = {}, cache(lambda codes, code: codes | {code})
    for code, rings in areas.items():
        for ring in rings:
            for side in zip(ring, ring[1:] + ring[:1], strict=True):
                owners[_either_way(*side)] = joined(owners.get(_either_way(*side), frozenset()), code)
    return {
        corner
        for rings in areas.values()
        for ring in rings
        for before, corner, after in zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True)
        if owners[_either_way(before, corner)] != owners[_either_way(corner, after)]
    }


def _either_way(one, other) -> tuple:
    return (one, other) if one < other else (other, one)


def _weighed(ring: Ring, junctions: set[Corner], weigh) -> list[tuple[Corner, float]]:
    """Each corner with its weight. The ring is cut at its junctions; one without any at its westernmost corner."""
    cuts = [place for place, corner in enumerate(ring) if corner in junctions] or [ring.index(min(ring))]
    start = cuts[0]
    ring = (*ring[start:], *ring[: start + 1])
    weighed = []
    for begin, end in pairwise([*(cut - start for cut in cuts), len(ring) - 1]):
        border = ring[begin : end + 1]
        # The neighbour walks it the other way: both must weigh the same line in the same direction.
        first, second = border, border[::-1]
        weights = weigh(first) if first <= second else weigh(second)[::-1]
        weighed += zip(border[:-1], weights[:-1], strict=True)
    return weighed


def _weigh(border: tuple[Corner, ...]) -> list[float]:
    """How much each corner stands out, as twice a triangle's area; its ends for ever (Visvalingam and Whyatt 1993)."""
    last = len(border) - 1
    before, after = list(range(-1, last)), list(range(1, last + 2))
    weights = [inf] * (last + 1)

    def triangle(place: int) -> int:
        (a, b), (x, y), (u, v) = border[before[place]], border[place], border[after[place]]
        return abs((x - a) * (v - b) - (u - a) * (y - b))

    areas = [inf, *map(triangle, range(1, last)), inf]
    heap = [(areas[place], place) for place in range(1, last)]
    heapify(heap)
    least = 0
    while heap:
        area, place = heappop(heap)
        if area != areas[place]:
            continue  # it was weighed anew since
        # Never less than one that went before: else a coarser drawing would keep what a finer one left out.
        weights[place] = least = max(least, area)
        areas[place] = None
        left, right = before[place], after[place]
        after[left], before[right] = right, left
        for beside in (left, right):
            if 0 < beside < last:
                areas[beside] = triangle(beside)
                heappush(heap, (areas[beside], beside))
    return weights


# ---- SVG ----


def _path(rings: list[list[tuple[Corner, float]]], least: float) -> str:
    path, pen = "", (0, 0)
    for ring in rings:
        corners = [corner for corner, weight in ring if weight > least]
        if _doubled_area(corners):
            steps = [(u - x, v - y) for (x, y), (u, v) in pairwise([pen, *corners])]
            path += "m" + " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-") + "z"
            pen = corners[0]  # where `z` leads back to
    return path


def _dot(centroid: Corner) -> str:
    return f"m{centroid[0] - 1} {centroid[1] - 1}h2v2h-2z"
