"""Every figure, one after the other."""

import sys

from bench import freshness, killed, outbox, paper, phone, seats, sheets, similar, split

sys.exit(
    not all(
        [
            split.main(),
            sheets.main(),
            seats.main(),
            similar.main(),
            paper.main(),
            killed.main(),
            outbox.main(),
            phone.main(),
            freshness.main(),
        ]
    )
)
