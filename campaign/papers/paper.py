"""A sheet of A4: heading, sentences, facts, tables, bars; what it is and its page at the foot of every page."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import segno
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

    def __init__(self, title: str, *, foot: str, at: datetime, mark: str = "", is_landscape: bool = False):
        super().__init__("L" if is_landscape else "P")
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

    def lines(self, text: str, width: float) -> list[str]:
        """The text broken so that each line fits; a word longer than a line is broken anywhere."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if self.get_string_width(longer) <= width:
                lines[-1] = longer
                continue
            lines += [] if lines == [""] else [""]
            for letter in word:
                if lines[-1] and self.get_string_width(lines[-1] + letter) > width:
                    lines.append("")
                lines[-1] += letter
        return lines

    def boxed(
        self,
        text: str,
        box: tuple[float, float, float, float],
        sizes: Sequence[float] = (10, 9, 8, 7),
        *,
        bold: bool = False,
        align: str = "L",
        colour: str = INK,
    ) -> None:
        """Text in the middle of a box (x, y, width, height), as large as it fits; what does not fit even smallest is cut."""
        x, y, width, height = box
        for size in sizes:
            self.letters(size, bold=bold, colour=colour)
            leading = size * 0.42
            lines, most = self.lines(self.known(text), width), max(1, int(height / leading))
            if len(lines) <= most:
                break
        else:
            lines = [*lines[: most - 1], self.fitted(f"{lines[most - 1]} {lines[most]}", width)]
        top = y + (height - len(lines) * leading) / 2
        for line in lines:
            self.set_xy(x, top)
            self.cell(width, leading, line, align=align)
            top += leading
        self.set_xy(x + width, y)

    def known(self, text: str) -> str:
        """The text with a question mark for each sign these letters do not have: a gap would look as if nobody stood there."""
        letters = self.current_font.cmap
        return "".join(letter if ord(letter) in letters or letter.isspace() else "?" for letter in text)

    def qr(self, text: str, x: float, y: float, side: float) -> None:
        """A QR code; the border it needs is within the side."""
        rows = segno.make_qr(
            text, error="m", boost_error=False, mask=3
        ).matrix  # any mask is lawful; trying all takes long
        unit = side / (len(rows) + 8)
        self.set_fill_color("#000000")
        for down, row in enumerate(rows, start=4):
            across = 4
            for is_dark, run in groupby(row):
                length = len([*run])
                if is_dark:  # a hair too high, so that no printer draws a line between two rows
                    self.rect(x + across * unit, y + down * unit, length * unit, unit * 1.03, style="F")
                across += length

    def made(self) -> bytes:
        return bytes(self.output())
