"""A sheet of A4: heading, sentences, facts, tables, bars; what it is and its page at the foot of every page."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from fpdf import FPDF, XPos, YPos

from campaign.papers.look import BOLD, INK, LINE, QUIET, REGULAR, SOFT

MARGIN, WIDTH = 18, 210 - 2 * 18  # millimetres
NEXT = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}


class Column(NamedTuple):
    """Its heading, its width in millimetres, and whether its cells are numbers."""

    name: str
    width: float
    is_number: bool = False


class Paper(FPDF):
    """Black on white. `foot` stands on every page beside its number; `mark`, where there is one, across its head."""

    def __init__(self, title: str, *, foot: str, at: datetime, mark: str = ""):
        super().__init__()
        self.foot, self.mark = foot, mark
        self.add_font("letters", "", REGULAR)
        self.add_font("letters", "B", BOLD)
        self.set_title(title)
        self.set_lang("id-ID")
        self.set_creation_date(at)  # the same numbers are the same bytes
        self.set_margin(MARGIN)
        self.c_margin = 0  # text stands flush with bars and lines
        self.set_auto_page_break(True, MARGIN + 6)
        self.alias_nb_pages("{pages}")
        self.letters()
        self.add_page()

    def letters(self, size: float = 11, *, bold: bool = False, colour: str = INK) -> None:
        self.set_font("letters", "B" if bold else "", size)
        self.set_text_color(colour)

    def header(self):
        if self.mark:
            self.letters(11, bold=True)
            self.set_draw_color(INK)
            self.cell(WIDTH, 8, self.mark, border=1, align="C", **NEXT)
            self.ln(3)

    def footer(self):
        self.set_y(-MARGIN)
        self.letters(9, colour=QUIET)
        self.cell(WIDTH, 6, f"{self.fitted(self.foot, WIDTH - 36)} · halaman {self.page_no()} dari {{pages}}")

    def say(self, text: str, size: float = 11, *, bold: bool = False, colour: str = INK, gap: float = 2) -> None:
        """A sentence or a heading, wrapped, with a gap below."""
        self.letters(size, bold=bold, colour=colour)
        self.multi_cell(WIDTH, size * 0.47, text, align="L", **NEXT)
        self.ln(gap)

    def bar(
        self, x: float, y: float, width: float, height: float, parts: Sequence[tuple[float, str]], tick: float | None
    ):
        """Parts of the width (0 to 1), the widest first, over each other; a tick at the target."""
        for part, colour in [(1, SOFT), *parts]:
            self.set_fill_color(colour)
            if part > 0:
                self.rect(x, y, width * part, height, style="F")
        if tick is not None:
            self.set_draw_color(INK)
            self.set_line_width(0.5)
            self.line(x + width * tick, y - 0.6, x + width * tick, y + height + 0.6)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, draw=None) -> None:
        """Hairlines, its head again on each page. `draw(row number, x, y, width, height)` fills cells that are None."""
        self._head(columns)
        for number, row in enumerate(rows):
            if self.will_page_break(8):
                self.add_page()
                self._head(columns)
            self._row(columns, row, 7, draw and (lambda *box, number=number: draw(number, *box)))

    def _head(self, columns) -> None:
        self._row(columns, [column.name for column in columns], 7, None, bold=True)

    def _row(self, columns, row, height, draw, *, bold=False) -> None:
        self.set_draw_color(LINE)
        self.set_line_width(0.2)
        for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
            self.letters(9 if bold else 10, bold=bold or at == 0, colour=QUIET if bold else INK)
            if cell is None:
                draw(self.x, self.y + 1.8, column.width - 3, height - 3.6)
            text = "" if cell is None else self.fitted(cell, column.width - 1)
            self.set_draw_color(LINE)
            self.set_line_width(0.2)
            self.cell(column.width, height, text, border="B", align="R" if column.is_number else "L")
        self.ln(height)

    def fitted(self, text: str, width: float) -> str:
        """As much of it as the width holds."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "…") > width:
            text = text[:-1]
        return text + "…"

    def made(self) -> bytes:
        return bytes(self.output())
