"""Every area has its square, the grid is nearly square, and neighbours stay near each other."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.rules.tiles import TileMap, place

coordinates = st.integers(0, 1000)
maps = st.dictionaries(
    st.integers(1, 99).map(lambda number: f"32.14.{number:02}"),
    st.tuples(coordinates, coordinates),
    min_size=1,
    max_size=30,
)


def codes(number):
    return [f"32.14.{place:02}" for place in range(1, number + 1)]


@pytest.mark.parametrize(
    "number, grid",
    [
        (0, (0, 0)),
        (1, (1, 1)),
        (2, (2, 1)),
        (3, (3, 1)),
        (8, (4, 2)),
        (17, (6, 3)),
        (23, (6, 4)),
        (36, (6, 6)),
        (45, (9, 5)),
    ],
)
def test_the_grid_suits_the_number_of_kecamatan(number, grid):
    tiles = place(codes(number))
    assert (tiles.columns, tiles.rows) == grid


@pytest.mark.parametrize("number", range(1, 61))
def test_without_a_map_the_order_is_read_like_a_page_and_only_its_last_line_may_be_short(number):
    tiles = place(codes(number))
    read = sorted(tiles.cells, key=lambda code: tiles.cells[code][::-1])
    free = tiles.columns * tiles.rows - number
    assert read == codes(number)
    assert tiles.cells[read[-1]] == (tiles.columns - 1 - free, tiles.rows - 1)
    assert free <= min(5, tiles.columns - 1)
    assert number < 4 or 1 <= tiles.columns / tiles.rows <= 2.5


@settings(max_examples=60, deadline=None)
@given(maps)
def test_each_area_has_a_cell_of_its_own(centroids):
    tiles = place(list(centroids), centroids)
    assert list(tiles.cells) == list(centroids)
    assert len(set(tiles.cells.values())) == len(centroids)
    assert all(0 <= column < tiles.columns and 0 <= row < tiles.rows for column, row in tiles.cells.values())


@settings(max_examples=60, deadline=None)
@given(maps)
def test_the_same_map_comes_out_whatever_the_order(centroids):
    assert place(sorted(centroids, reverse=True), centroids) == place(sorted(centroids), centroids)


@pytest.mark.parametrize("columns, rows", [(2, 2), (4, 3), (6, 4), (5, 5), (3, 6)])
def test_areas_that_lie_in_rows_and_columns_already_stay_there(columns, rows):
    cells = {f"{column}-{row}": (column, row) for column in range(columns) for row in range(rows)}
    centroids = {code: (100 + 10 * column, 7 + 10 * row) for code, (column, row) in cells.items()}
    assert place(sorted(cells), centroids) == TileMap({code: cells[code] for code in sorted(cells)}, columns, rows)


def test_one_far_island_does_not_press_the_others_together():
    centroids = {f"{column}-{row}": (column, row) for column in range(4) for row in range(4)} | {"island": (90, 3)}
    tiles = place(sorted(centroids), centroids)
    used = Counter(column for column, _ in tiles.cells.values())
    assert tiles.cells["island"][0] == tiles.columns - 1
    assert min(used[column] for column in range(tiles.columns - 1)) >= 1


def test_free_cells_lie_at_the_rim():
    # The districts of a round kabupaten: rings of 1, 6 and 10 about its middle.
    centroids = {"middle": (0, 0)}
    centroids |= {f"near {i}": p for i, p in enumerate([(-2, 0), (2, 0), (-1, 2), (1, 2), (-1, -2), (1, -2)])}
    around = [(-4, 0), (4, 0), (-3, 3), (3, 3), (-3, -3), (3, -3), (0, 4), (0, -4), (2, 4), (-2, -4)]
    centroids |= {f"far {i}": p for i, p in enumerate(around)}
    tiles = place(sorted(centroids), centroids)
    cells = {(column, row) for column in range(tiles.columns) for row in range(tiles.rows)}
    free = cells - set(tiles.cells.values())
    assert free
    assert all(column in (0, tiles.columns - 1) or row in (0, tiles.rows - 1) for column, row in free)


def test_an_area_without_a_shape_finds_room_all_the_same():
    centroids = {code: (place % 4, place // 4) for place, code in enumerate(codes(16))}
    tiles = place([*codes(16), "32.14.99"], centroids)
    assert tiles.cells.keys() == {*codes(16), "32.14.99"}


@pytest.mark.parametrize("where", [(5, 5), (5.5, -2.25)])
def test_areas_that_all_lie_on_one_spot_are_placed(where):
    tiles = place(codes(7), dict.fromkeys(codes(7), where))
    assert len(set(tiles.cells.values())) == 7
