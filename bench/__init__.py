"""Figures, measured: `make bench`. Each script prints what it saw and a verdict, and exits 1 when the goal is missed."""
