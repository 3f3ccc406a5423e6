"""Why a woman is deferred, as it stands until an office says otherwise; coarse on purpose: findings stay in the medical record.

The words are in `words.py`. After `wait_days` she may be booked again by herself; none: at once, or when the bidan says.
"""

import re

WAIT_DAYS: dict[str, int | None] = {
    "medis": 14,
    "haid": 7,
    "keluarga": 7,
    "sakit": 7,
    "stok": None,
    "petugas": None,
    "lain": None,
}
LONGEST_WAIT = 366


def code_of(label: str, taken) -> str:
    """What the ledger keeps for a reason the office has added: its words made short, never one that was taken before."""
    stem = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:20] or "sebab"
    if stem not in taken:
        return stem
    return next(code for n in range(2, 1000) if (code := f"{stem}_{n}") not in taken)
