"""1.4 million over 83,762 areas, both exact ways, beside rounding each area for itself; then a large table of weeks.

Seconds are the processor's, the best of three rounds.
"""

import random
import sys
from time import process_time

from bench.stage import verdict
from campaign.rules.apportionment import Way, split
from campaign.rules.margins import margins

TARGET, AREAS, ROUNDS, SECONDS = 1_400_000, 83_762, 3, 2.0


def naive(total, weights) -> dict[str, int]:
    """What a spreadsheet does, and why its sum is off."""
    everything = sum(weights.values())
    return {code: round(total * weight / everything) for code, weight in weights.items()}


def fastest(divide) -> tuple[float, object]:
    """The seconds of the best of a few rounds, and what it gave."""
    seconds = []
    for _round in range(ROUNDS):
        start = process_time()
        answer = divide()
        seconds.append(process_time() - start)
    return min(seconds), answer


def main() -> bool:
    chance = random.Random(AREAS)
    pus = {f"{area:010}": chance.randint(0, 5000) for area in range(AREAS)}
    baseline, rounded = fastest(lambda: naive(TARGET, pus))
    print(f"     naive rounding: {baseline:.3f} s, {sum(rounded.values()) - TARGET:+} off")
    verdicts = [_measure_split(way, pus, baseline) for way in Way]
    return all([*verdicts, _measure_table(chance)])


def _measure_split(way, pus, baseline) -> bool:
    seconds, shares = fastest(lambda: split(TARGET, pus, way=way))
    off = sum(share.seats for share in shares.values()) - TARGET
    seen = f"{seconds:.2f} s, {seconds / baseline:.0f} × naive rounding, {off} off"
    is_met = seconds < SECONDS and off == 0
    return verdict(f"{TARGET:,} over {AREAS:,} areas, {way}", f"< {SECONDS:.0f} s, 0 off", seen, is_met)


def _measure_table(chance) -> bool:
    """As many rows as desa × methods of a province, over the weeks of a year."""
    rows = {f"{row:04}": share.seats for row, share in split(40_000, _some(chance, 3000)).items()}
    columns = {f"{week:02}": share.seats for week, share in split(40_000, _some(chance, 53)).items()}
    seconds, cells = fastest(lambda: margins(rows, columns))
    kept = all(sum(cells[row].values()) == number for row, number in rows.items())
    kept &= all(sum(row[week] for row in cells.values()) == number for week, number in columns.items())
    seen = f"{seconds:.2f} s, both totals {'kept' if kept else 'NOT kept'}"
    return verdict("40,000 over 3,000 rows × 53 weeks", "< 1 s, kept", seen, seconds < 1 and kept)


def _some(chance, count) -> dict[int, int]:
    return {number: chance.randint(1, 99) for number in range(count)}


if __name__ == "__main__":
    sys.exit(not main())
