"""The boundaries of Purwakarta as an office would import them: whole, light and without gaps."""

import json
from collections import Counter
from pathlib import Path

import pytest

from campaign.rules.tiles import place
from campaign.sheets.geojson import shapes
from tests.sheets.test_geojson import doubled_area, rings, sides

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MOST = {"purwakarta-kecamatan": (17, 20_000), "purwakarta-desa": (192, 60_000)}


def neighbours(rings_of):
    """Pairs of areas that have a side in common."""
    owners = {}
    for code, its_rings in rings_of.items():
        for side in sides(its_rings):
            owners.setdefault(side, set()).add(code)
    return {frozenset(pair) for pair in owners.values() if len(pair) == 2}


@pytest.fixture(scope="module", params=MOST)
def office_map(request):
    """The file, its rings in degrees, and what is drawn of it."""
    data = (SHARED_DATA / f"{request.param}.geojson").read_bytes()
    degrees = {
        feature["properties"]["code"]: [
            [tuple(point) for point in ring[:-1]] for ring in feature["geometry"]["coordinates"]
        ]
        for feature in json.loads(data)["features"]
    }
    return request.param, degrees, shapes(data, set(degrees))


def test_every_area_is_found_and_the_drawing_is_light(office_map):
    name, degrees, drawn = office_map
    areas, characters = MOST[name]
    assert drawn.paths.keys() == drawn.centroids.keys() == degrees.keys()
    assert (len(drawn.paths), drawn.missing, drawn.unknown) == (areas, (), ())
    assert sum(map(len, drawn.paths.values())) <= characters
    assert drawn.view_box == "0 0 1000 973"


def test_neighbours_stay_neighbours_and_nothing_gapes_between_them(office_map):
    _, degrees, drawn = office_map
    outlines = {code: rings(path) for code, path in drawn.paths.items()}
    corners = {code: {corner for ring in its_rings for corner in ring} for code, its_rings in outlines.items()}
    assert all(corners[one] & corners[other] for one, other in neighbours(degrees))

    walked = sides(ring for its_rings in outlines.values() for ring in its_rings)
    assert max(walked.values()) == 2
    # What only one area walks is the kabupaten's own outline: from each of its corners one side comes and one goes.
    alone = Counter(corner for side, times in walked.items() if times == 1 for corner in side)
    assert set(alone.values()) == {2}
    outer = sides(ring for its_rings in degrees.values() for ring in its_rings)
    assert len(alone) <= sum(times == 1 for times in outer.values())


def test_areas_keep_their_size(office_map):
    _, degrees, drawn = office_map
    drawn_size = {code: abs(sum(map(doubled_area, rings(path)))) for code, path in drawn.paths.items()}
    true_size = {code: abs(sum(map(doubled_area, its_rings))) for code, its_rings in degrees.items()}
    scale = sum(drawn_size.values()) / sum(true_size.values())
    for code in degrees:
        # A pixel's width along the whole border of the smallest desa is some twentieth of it.
        assert drawn_size[code] == pytest.approx(scale * true_size[code], rel=0.05), code


def test_kecamatan_that_border_on_each_other_lie_near_each_other_as_tiles():
    data = (SHARED_DATA / "purwakarta-kecamatan.geojson").read_bytes()
    codes = {feature["properties"]["code"] for feature in json.loads(data)["features"]}
    drawn = shapes(data, codes)
    tiles = place(sorted(codes), drawn.centroids)
    pairs = [tuple(pair) for pair in neighbours({code: rings(path) for code, path in drawn.paths.items()})]
    apart = [max(abs(a - b) for a, b in zip(tiles.cells[one], tiles.cells[other], strict=True)) for one, other in pairs]
    assert (tiles.columns, tiles.rows) == (5, 4)
    assert max(apart) <= 2
    assert apart.count(1) / len(apart) > 0.8
