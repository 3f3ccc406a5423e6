"""Every figure, one after the other."""

import sys

from bench import freshness, killed, seats

sys.exit(not all([seats.main(), killed.main(), freshness.main()]))
