"""Fill a table between its margins: targets by desa and week, or by desa and method, where both totals are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import index

from campaign.rules.weights import CannotSplit, NoAreas

Cells = dict[str, dict[str, int]]


@dataclass(eq=False)
class NegativeMargin(CannotSplit):
    """The total of a row or column is a number of services, none or more."""

    code: str
    number: int


@dataclass(eq=False)
class MarginsDiffer(CannotSplit):
    """The rows add up to something else than the columns."""

    rows: int
    columns: int


def margins(rows: Mapping[str, int], columns: Mapping[str, int]) -> Cells:
    """Whole cells, row → column → seats, that add up to both totals; rows and columns stay in the order given.

    Each cell is its quota, row * column / total, rounded down or up; a quota that is whole stays as it is. At first all
    are rounded down. Then, column by column, each one that is missing goes to the row furthest behind what it should
    have by then (a tie to the smaller code), so that over the weeks every row keeps an even pace. What finds no row so,
    which is rare, is placed by moving others. That always ends well: the parts behind the comma are themselves a flow
    from rows to columns that leaves nothing missing, and a network of whole capacities that carries a flow carries one
    in whole numbers, to be had one augmenting chain after the other (Ford and Fulkerson 1956).

    Raises NoAreas, NegativeMargin, MarginsDiffer; TypeError where a total is not whole.
    """
    total = _total(rows, columns) or 1  # of nothing, each cell is nothing
    cells = {row: {column: rows[row] * columns[column] // total for column in columns} for row in rows}
    missing = {row: number - sum(cells[row].values()) for row, number in rows.items()}

    def above(row, column):
        """How far the cell is above its quota, in services * total: negative may have one more, positive one less."""
        return cells[row][column] * total - rows[row] * columns[column]

    ahead = dict.fromkeys(sorted(rows), 0)
    unplaced = []
    for column, number in columns.items():
        wanted = number - sum(cells[row][column] for row in rows)
        for row in ahead:
            ahead[row] += above(row, column)
        line = sorted((row for row in ahead if missing[row] and above(row, column) < 0), key=ahead.get)[:wanted]
        for row in line:
            cells[row][column] += 1
            ahead[row] += total
            missing[row] -= 1
        unplaced += [column] * (wanted - len(line))
    for column in unplaced:
        _place_by_moving(column, cells, missing, above)
    return cells


def _total(rows, columns) -> int:
    if not rows or not columns:
        raise NoAreas
    for code, number in [*rows.items(), *columns.items()]:
        if index(number) < 0:
            raise NegativeMargin(code, number)
    total = sum(rows.values())
    if total != sum(columns.values()):
        raise MarginsDiffer(total, sum(columns.values()))
    return total


def _place_by_moving(column, cells, missing, above) -> None:
    """Give the column one more: a row takes it instead of another column, which looks in turn, until one has one over."""
    instead = {column: None}  # column → the row that would leave it, and the column that row would take
    looking = [column]
    for column in looking:  # grows on the way: breadth first, so that the chain is short
        for row in sorted(row for row in cells if above(row, column) < 0):
            if missing[row]:
                missing[row] -= 1
                cells[row][column] += 1
                while instead[column]:
                    row, taken = instead[column]
                    cells[row][column] -= 1
                    cells[row][taken] += 1
                    column = taken
                return
            for other in cells[row]:
                if other not in instead and above(row, other) > 0:
                    instead[other] = row, column
                    looking.append(other)
