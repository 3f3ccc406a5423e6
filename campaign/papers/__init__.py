"""Papers: what is drawn to be handed out or sent on, as PDF and as a picture. A paper draws the numbers it is given, nothing else.

What draws (fpdf2, Pillow) takes a second to be loaded and tenths of one to draw, so neither happens before somebody asks: a
view says `away_from_the_loop(papers.drawn, "digest", "pdf", numbers)`.
"""

from functools import lru_cache
from importlib import import_module


@lru_cache(32)
def drawn(paper: str, form: str, *about) -> bytes:
    """What the function `form` of `campaign/papers/<paper>.py` makes of these. Many ask for the same one at once."""
    return drawn_anew(paper, form, *about)


def drawn_anew(paper: str, form: str, *about) -> bytes:
    """The same, and no copy stays here: names stand on it."""
    return getattr(import_module(f"campaign.papers.{paper}"), form)(*about)
