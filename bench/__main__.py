"""Every figure, one after the other."""

import sys

from bench import freshness, killed, seats, sheets, split

sys.exit(not all([split.main(), sheets.main(), seats.main(), killed.main(), freshness.main()]))
