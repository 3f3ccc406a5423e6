"""Small numbers before strangers: what a lobby may show, so that no sum gives away what a row hides.

Areas are known by their codes: a desa's begins with its kecamatan's. Everything here is public reasoning over public numbers,
but for the numbers themselves.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

SMALL = 5  # from here on a number is shown as it is
STEP = 5  # percent: a lobby's bar moves in steps
WHOLE = "*"  # the code of the whole campaign among its areas
HOUR, NEARLY = timedelta(hours=1), timedelta(minutes=55)


@dataclass(frozen=True)
class Band:
    """A number as it is told: between `low` and `high`, both possible."""

    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    @property
    def is_open(self) -> bool:
        """Whether it is exact and large enough that its every step may be seen."""
        return self.is_exact and self.low >= SMALL


def banded(numbers: Mapping[str, int]) -> dict[str, Band]:
    """How these numbers, whose sum is known, are shown side by side: 1 to 4 as a band, and never such a one alone.

    Where exactly one is small, or their sum would tell them (all 1, all 4), the next smallest is hidden with them. Its band is
    what their common sum allows and no more, so that every small one may still be 1, 2, 3 or 4.
    """
    bands = {code: Band(number, number) for code, number in numbers.items()}
    small = [code for code, number in numbers.items() if 0 < number < SMALL]
    bands |= dict.fromkeys(small, Band(1, SMALL - 1))
    least, most = len(small), len(small) * (SMALL - 1)
    together = sum(numbers[code] for code in small)
    large = [(number, code) for code, number in numbers.items() if number >= SMALL]
    if large and small and (least == 1 or together in (least, most)):
        number, code = min(large)
        bands[code] = Band(number + together - most, number + together - least)
    return bands


def kecamatan_of(desa_code: str) -> str:
    """The code of its kecamatan; '' for outside the kabupaten."""
    return desa_code.rpartition(".")[0]


def shown(numbers: Mapping[str, int]) -> dict[str, Band]:
    """How every desa, every kecamatan and the WHOLE are shown, from the numbers of the desa."""
    inside = defaultdict(dict)
    for code, number in numbers.items():
        inside[kecamatan_of(code)][code] = number
    sums = {code: sum(of_desa.values()) for code, of_desa in inside.items()}
    bands, whole = banded(sums), sum(sums.values())
    of_desa = {}
    for code, theirs in inside.items():
        found = banded(theirs)
        if not bands[code].is_exact and all(band.is_exact for band in found.values()):
            # Hidden for its neighbour's sake: its own desa must not add up to it.
            number, smallest = min((number, desa) for desa, number in theirs.items() if number)
            found[smallest] = Band(number + bands[code].low - sums[code], number + bands[code].high - sums[code])
        of_desa |= found
    return {WHOLE: banded({WHOLE: whole})[WHOLE]} | bands | of_desa


def moves_with(desa_code: str, bands: Mapping[str, Band]) -> str:
    """The code of the area at whose minute this desa's row is renewed: the smallest around it whose every step may be seen.

    Hidden rows move together: a step of their common sum then says nothing of one of them.
    """
    for code in (desa_code, kecamatan_of(desa_code)):
        if bands[code].is_open:
            return code
    return WHOLE


def is_due(renewed_at: datetime, minute: int, at: datetime) -> bool:
    """Whether a row whose turn is this minute of each hour is to be renewed; nearly an hour lies between two times at least."""
    turn = at.replace(minute=minute, second=0, microsecond=0)
    turn -= HOUR if turn > at else timedelta(0)
    return turn - renewed_at >= NEARLY


def stepped(number: int, target: int, *, up: bool = False) -> int:
    """Percent of the target in steps of five, rounded down, or `up`; capped a little beyond it. 0 without a target."""
    if target <= 0:
        return 0
    steps = -(-100 * number // (target * STEP)) if up else 100 * number // (target * STEP)
    return min(STEP * steps, 115)
