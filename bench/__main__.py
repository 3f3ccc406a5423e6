"""Every figure, one after the other, each in a process of its own."""

import subprocess
import sys

FIGURES = (
    "split",
    "sheets",
    "seats",
    "bookings",
    "similar",
    "paper",
    "killed",
    "outbox",
    "phone",
    "freshness",
    "board",
    "viewers",
    "wall",
)
missed = [name for name in FIGURES if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode]
if missed:
    sys.exit(f"missed: {', '.join(missed)}")
