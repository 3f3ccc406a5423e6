"""How papers look: the same ink, paper and teal as the screen, and the wall's letters."""

from pathlib import Path

LETTERS = Path(__file__).parent.parent.parent / "static" / "vendor" / "fontsource-atkinson-hyperlegible-5.3.0"
# WOFF, not WOFF2: both fpdf2 and Pillow read it without another library.
REGULAR, BOLD = (LETTERS / f"atkinson-hyperlegible-latin-{weight}-normal.woff" for weight in (400, 700))

INK, QUIET, PAPER, LINE, SOFT = "#16202a", "#4a5660", "#fbfaf6", "#dcd7cc", "#f1eee6"
SERVED, BOOKED, BEYOND, HELP, GOOD = "#0a6b68", "#8fc5be", "#c78500", "#a83c22", "#1f6a3a"
