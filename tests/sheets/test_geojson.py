"""An office's map becomes a drawing without gaps, or a sentence that says what is wrong with it."""

import json
import pickle
import random
import re
from collections import Counter
from dataclasses import asdict
from itertools import pairwise, product
from math import cos, sin, tau

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.rules.refusals import BadFile
from campaign.sheets.geojson import CHARACTERS, CHARACTERS_PER_AREA, WIDTH, Map, shapes

BUNGURSARI, CAMPAKA, CIBATU = "32.14.01", "32.14.02", "32.14.03"


def box(west, north, size=0.1):
    """A square of so many degrees, as a polygon."""
    east, south = west + size, north - size
    return [[[west, north], [west, south], [east, south], [east, north], [west, north]]]


def feature(code, *polygons, name="Bungursari", **other):
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    return {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geometry} | other


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def rings(path):
    """The corners of each ring of a `d`, read as a browser would."""
    (x, y), found = (0, 0), []
    for subpath in path.split("z")[:-1]:
        assert re.fullmatch(r"m-?\d+(?:[ -]-?\d+)+", subpath)
        numbers = [int(number) for number in re.findall(r"-?\d+", subpath)]
        corners = []
        for step in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + step[0], y + step[1]
            corners.append((x, y))
        x, y = corners[0]
        found.append(corners)
    return found


def doubled_area(ring):
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, ring[1:] + ring[:1], strict=True))


def sides(its_rings):
    """Each side of these rings, whichever way it is walked, and how often it is."""
    return Counter(frozenset(side) for ring in its_rings for side in zip(ring, ring[1:] + ring[:1], strict=True))


def is_filled(drawn):
    """Whether the view box is filled to the last unit: a gap would be too little, an overlap too much."""
    height = int(drawn.view_box.split()[3])
    return -sum(doubled_area(ring) for path in drawn.paths.values() for ring in rings(path)) == 2 * WIDTH * height


def tiling(columns, rows, wiggles, seed, drift=0.2):
    """Areas that fill a rectangle: straight outside, each inner border crooked in `wiggles` halvings, told by both."""
    step, chance = 0.05, random.Random(seed)

    def border(start, end):
        if start > end:
            return border(end, start)[::-1]
        if (start, end) not in drawn:
            points, is_inner = [start, end], 0 < start[0] < columns and start[0] == end[0]
            is_inner = is_inner or (0 < start[1] < rows and start[1] == end[1])
            for _ in range(wiggles if is_inner else 0):
                halved = []
                for (a, b), (c, d) in pairwise(points):
                    out = chance.uniform(-drift, drift)
                    x, y = (a + c) / 2 + (d - b) * out, (b + d) / 2 + (a - c) * out
                    halved += [(a, b), (min(max(x, 0), columns), min(max(y, 0), rows))]
                points = [*halved, end]
            drawn[start, end] = points
        return drawn[start, end]

    drawn, features = {}, []
    for i, j in product(range(columns), range(rows)):
        corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j), (i, j)]
        ring = [point for start, end in pairwise(corners) for point in border(start, end)[:-1]]
        turn = chance.randrange(len(ring))
        ring = [[round(107 + step * x, 6), round(-6 - step * y, 6)] for x, y in ring[turn:] + ring[: turn + 1]]
        features.append(feature(f"32.14.{i:02}.{j:04}", [ring]))
    return collection(*features), {one["properties"]["code"] for one in features}


# ---- What is drawn ----


def test_two_neighbours_are_drawn_side_by_side():
    drawn = shapes(
        collection(feature(CAMPAKA, box(107.1, -6)), feature(BUNGURSARI, box(107, -6))), {BUNGURSARI, CAMPAKA}
    )
    # 0.2 degrees along, shortened by the cosine of 6.05 degrees, are 1000 units; so 0.1 down are 503.
    assert drawn == Map(
        view_box="0 0 1000 503",
        paths={BUNGURSARI: "m500 503 0-503-500 0 0 503z", CAMPAKA: "m500 0 0 503 500 0 0-503z"},
        centroids={BUNGURSARI: (250, 252), CAMPAKA: (750, 252)},
        missing=(),
        unknown=(),
    )


@pytest.mark.parametrize("written", ["32.14.01", "321401", 321401, 321401.0, " 32.14.01 ", "3214.01"])
def test_a_code_is_known_however_it_is_written(written):
    assert shapes(collection(feature(written, box(107, -6))), {BUNGURSARI}).paths.keys() == {BUNGURSARI}


def test_what_is_missing_and_what_is_not_ours_is_named():
    data = collection(
        feature(BUNGURSARI, box(107, -6)),
        feature("32.15.01", box(0, 80), name="Di luar\u202e kabupaten"),
        feature(None, name="Waduk Jatiluhur"),
        feature(True, name=["x"]),
        feature("\ud800" * 99),
        {"type": "Feature", "properties": None, "geometry": None},
        feature(CIBATU) | {"geometry": None},
    )
    drawn = shapes(data, {BUNGURSARI, CAMPAKA, CIBATU})
    assert drawn.missing == (CAMPAKA, CIBATU)
    assert drawn.unknown == (
        "32.15.01 Di luar kabupaten",
        "Waduk Jatiluhur",
        "wilayah ke-4, tanpa kode",
        "Bungursari",
        "wilayah ke-6, tanpa kode",
    )


def test_a_byte_order_mark_and_heights_above_the_sea_do_no_harm():
    high = [[[*point, 312.5] for point in ring] for ring in box(107, -6)]
    flat = shapes(collection(feature(BUNGURSARI, box(107, -6))), {BUNGURSARI})
    assert shapes(b"\xef\xbb\xbf" + collection(feature(BUNGURSARI, high)), {BUNGURSARI}) == flat


def test_a_polygon_may_stand_without_a_multipolygon_and_unclosed():
    plain = {"type": "Polygon", "coordinates": [box(107, -6)[0][:-1]]}
    closed = shapes(collection(feature(BUNGURSARI, box(107, -6))), {BUNGURSARI})
    assert shapes(collection(feature(BUNGURSARI, geometry=plain)), {BUNGURSARI}) == closed


def test_a_hole_is_a_ring_of_its_own_and_fits_the_area_in_it():
    around = box(107, -6) + box(107.03, -6.03, 0.04)
    drawn = shapes(
        collection(feature(BUNGURSARI, around), feature(CAMPAKA, box(107.03, -6.03, 0.04))), {BUNGURSARI, CAMPAKA}
    )
    _, hole = rings(drawn.paths[BUNGURSARI])
    assert rings(drawn.paths[CAMPAKA]) == [hole]


def test_an_enclave_with_a_crooked_border_fits_its_hole_wherever_the_two_begin_to_tell_it():
    chance = random.Random(1)
    for _ in range(20):
        lake = [(chance.uniform(0.9, 1), i * tau / 1000) for i in range(1000)]
        ring = [[107.05 + 0.04 * far * cos(turn), -6.05 - 0.04 * far * sin(turn)] for far, turn in lake]
        begin = chance.randrange(1000)
        around = [*box(107, -6), [*ring[begin:], *ring[:begin]][::-1]]
        drawn = shapes(collection(feature(BUNGURSARI, around), feature(CAMPAKA, [ring])), {BUNGURSARI, CAMPAKA})
        _, *holes = rings(drawn.paths[BUNGURSARI])
        assert sides(holes) == sides(rings(drawn.paths[CAMPAKA]))


def test_a_tiny_island_is_left_out_beside_a_larger_one():
    drawn = shapes(collection(feature(BUNGURSARI, box(107.2, -6.2, 0.0002), box(107, -6))), {BUNGURSARI})
    assert len(rings(drawn.paths[BUNGURSARI])) == 1
    assert drawn.centroids[BUNGURSARI] < (500, 500)


def test_an_area_however_small_keeps_a_dot():
    speck, thread = box(107.05, -6.05, 0.00001), [[[107.02, -6.02], [107.03, -6.03], [107.02, -6.02]]]
    data = collection(feature(BUNGURSARI, box(107, -6)), feature(CAMPAKA, speck, speck), feature(CIBATU, thread))
    drawn = shapes(data, {BUNGURSARI, CAMPAKA, CIBATU})
    assert drawn.paths[CAMPAKA] == "m499 502h2v2h-2z"
    assert drawn.paths[CIBATU].endswith("h2v2h-2z")


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(2, 4), st.integers(0, 7), st.integers(0, 999))
def test_no_gap_opens_and_nothing_overlaps(columns, rows, wiggles, seed):
    data, codes = tiling(columns, rows, wiggles, seed)
    drawn = shapes(data, codes)
    assert drawn.missing == ()
    assert is_filled(drawn)


def test_every_corner_lies_in_the_view_box():
    data, codes = tiling(3, 3, 6, 1)
    drawn = shapes(data, codes)
    height = int(drawn.view_box.split()[3])
    corners = [corner for path in drawn.paths.values() for ring in rings(path) for corner in ring]
    assert all(0 <= x <= WIDTH and 0 <= y <= height for x, y in corners)


def test_a_border_of_much_detail_is_thinned_until_all_fit():
    data, codes = tiling(4, 4, 12, 1, drift=0.35)
    assert len(data) > 2_000_000
    drawn = shapes(data, codes)
    assert sum(map(len, drawn.paths.values())) <= CHARACTERS + CHARACTERS_PER_AREA * len(codes)
    assert is_filled(drawn)


def test_the_order_of_the_file_does_not_matter():
    data, codes = tiling(3, 3, 4, 7)
    backwards = collection(*json.loads(data)["features"][::-1])
    assert shapes(data, codes) == shapes(backwards, codes)
    assert list(shapes(backwards, codes).paths) == sorted(codes)


def test_a_map_and_a_refusal_can_come_from_another_process():
    drawn = shapes(collection(feature(BUNGURSARI, box(107, -6))), {BUNGURSARI, CAMPAKA})
    assert pickle.loads(pickle.dumps(drawn)) == drawn  # noqa: S301
    assert json.loads(json.dumps(asdict(drawn)))["paths"] == drawn.paths
    assert pickle.loads(pickle.dumps(BadFile("Rusak."))).sentence == "Rusak."  # noqa: S301


# ---- What is refused, and in which words ----

HOME = box(107, -6)


def with_geometry(geometry):
    return collection(feature(BUNGURSARI, geometry=geometry))


def with_point(text):
    return collection(feature(BUNGURSARI, HOME)).replace(b"[107, -6]", text.encode(), 1)


REFUSED = {
    "too large": (b" " * (10 * 2**20 + 1), "lebih dari 10 MB"),
    "empty": (b"", "bukan JSON yang utuh"),
    "cut off": (collection(feature(BUNGURSARI, HOME))[:-9], "bukan JSON yang utuh .baris 1, huruf ke-"),
    "a ZIP": (b"PK\x03\x04\x14\x00\xff\xfe", "shapefile dan ZIP"),
    "UTF-16": ("{}".encode("utf-16"), "UTF-8"),
    "deep lists": (b"[" * 500_000, "bersusun terlalu dalam"),
    "deep objects": (b'{"a":' * 500_000, "bersusun terlalu dalam"),
    "deep coordinates": (with_point("[" * 300 + "]" * 300), "bukan pasangan angka"),
    "a list": (b"[]", "FeatureCollection"),
    "a number": (b"1" * 9_999, "FeatureCollection"),
    "TopoJSON": (b'{"type": "Topology", "objects": {}}', "FeatureCollection"),
    "one feature alone": (json.dumps(feature(BUNGURSARI, HOME)).encode(), "FeatureCollection"),
    "features as an object": (b'{"type": "FeatureCollection", "features": {}}', "FeatureCollection"),
    "a feature that is a word": (collection(feature(BUNGURSARI, HOME), "x"), "Wilayah ke-2 .* bukan Feature"),
    "no feature": (collection(), "tidak ada bentuk satu wilayah pun .* misalnya 32.14.01"),
    "only others": (collection(feature("3214010", HOME)), "bukan kode BPS"),
    "ours without a shape": (collection(feature(BUNGURSARI)), "tidak ada bentuk satu wilayah pun"),
    "too many": (collection(*[{}] * 5_001), "lebih dari 5000 wilayah"),
    "twice": (collection(feature(BUNGURSARI, HOME), feature(321401, HOME)), "Kode 32.14.01 ada dua kali"),
    "a point": (with_geometry({"type": "Point", "coordinates": [107, -6]}), "berupa Point"),
    "geometries": (with_geometry({"type": "GeometryCollection", "geometries": []}), "berupa GeometryCollection"),
    "no type": (with_geometry({"coordinates": HOME}), "Geometri wilayah 32.14.01 .* rusak"),
    "a word for a geometry": (with_geometry("Polygon"), "Geometri wilayah 32.14.01 .* rusak"),
    "a word for coordinates": (with_geometry({"type": "Polygon", "coordinates": "x"}), "rusak"),
    "polygon called multi": (with_geometry({"type": "MultiPolygon", "coordinates": HOME}), "bukan pasangan angka"),
    "multi called polygon": (with_geometry({"type": "Polygon", "coordinates": [HOME]}), "bukan pasangan angka"),
    "text": (with_point('["107", "-6"]'), "bukan pasangan angka"),
    "a word": (with_point('"ab"'), "bukan pasangan angka"),
    "an object": (with_point('{"a": 1, "b": 2}'), "bukan pasangan angka"),
    "null": (with_point("[107, null]"), "bukan pasangan angka"),
    "one number": (with_point("[107]"), "bukan pasangan angka"),
    "NaN": (with_point("[NaN, -6]"), "NaN"),
    "Infinity": (with_point("[107, -Infinity]"), "-Infinity"),
    "beyond all numbers": (with_point("[1e999, -6]"), "bujur 107 sampai inf"),
    "a number of 9999 digits": (with_point("[" + "1" * 9_999 + ", -6]"), "EPSG:4326"),
    "metres": (with_geometry({"type": "Polygon", "coordinates": [[[785000, 9271000]] * 4]}), "WGS84 di Indonesia"),
    "latitude first": (with_geometry({"type": "Polygon", "coordinates": [[[-6, 107]] * 4]}), "bujur dahulu lalu lintang"),
    "one point": (with_geometry({"type": "Polygon", "coordinates": [[[107, -6]] * 4]}), "terlalu sempit"),
    "a line": (with_geometry({"type": "Polygon", "coordinates": [[[107, -6], [108, -6.01], [107, -6]]]}), "terlalu sempit"),
}  # fmt: skip


@pytest.mark.parametrize("data, words", REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_cannot_be_drawn_is_refused_in_words(data, words):
    with pytest.raises(BadFile, match=words) as refusal:
        shapes(data, {BUNGURSARI})
    assert refusal.value.sentence.encode().endswith(b".")


def test_a_million_points_are_enough():
    points = b"[99,1]," * 1_000_000 + b"[99,1]"
    data = collection(feature(BUNGURSARI, [["here"]])).replace(b'"here"', points)
    with pytest.raises(BadFile, match="lebih dari satu juta titik"):
        shapes(data, {BUNGURSARI})


def test_a_scribble_that_cannot_be_thinned_is_refused():
    chance = random.Random(1)
    ring = [[107 + chance.randrange(999) / 1000, -6 - chance.randrange(999) / 1000] for _ in range(20_000)]
    with pytest.raises(BadFile, match="terlalu rumit"):
        shapes(collection(feature(BUNGURSARI, [ring])), {BUNGURSARI})


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text()
    | st.sampled_from(["Polygon", "MultiPolygon", BUNGURSARI, "Feature"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "geometry", "properties", "code", "a"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(anything, st.integers(0, 10**6))
def test_whatever_stands_anywhere_in_a_map_it_is_drawn_or_refused(strange, where):
    tree = json.loads(collection(feature(BUNGURSARI, HOME, HOME), feature(CAMPAKA, HOME)))
    places = [(tree, key) for key in tree]
    for node, key in places:
        if isinstance(node[key], (dict, list)):
            places += [
                (node[key], inner) for inner in (node[key] if isinstance(node[key], dict) else range(len(node[key])))
            ]
    node, key = places[where % len(places)]
    node[key] = strange
    try:
        drawn = shapes(json.dumps(tree).encode(), {BUNGURSARI, CAMPAKA})
    except BadFile as refusal:
        assert refusal.sentence.encode()
    else:
        assert drawn.paths
        assert json.dumps(asdict(drawn), ensure_ascii=False).encode()


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_refused(data):
    with pytest.raises(BadFile):
        shapes(data, {BUNGURSARI})
