"""The attendance sheet as on paper: to be signed before, and afterwards with the hour at which each one came."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from campaign import words
from campaign.papers.invitation import DOTS, facts, letterhead
from campaign.papers.look import INK, QUIET
from campaign.papers.paper import MARGIN, WIDTH, Paper
from campaign.rules.attendance import HERE, IN_THE_HALL, Attendance
from campaign.rules.printed import Occasion, Signed

EDGES = [MARGIN + x for x in (0, 10, 60, 92, 132, WIDTH)]  # No, Nama, Jabatan, Desa/Kecamatan, Tanda tangan
HEADS = ("No", "Nama", "Jabatan", "Desa/Kecamatan", "Tanda tangan")
ROW, HEAD = 9, 8  # millimetres: a hand needs nine to sign in
EMPTY_LINES = 5  # for who comes without being asked
SIGNED_AT_THE_END = 62  # millimetres: sums and who signs stand together


def pdf(occasion: Occasion, lines: Sequence[Signed], is_filled: bool, signer: str, at: datetime) -> bytes:
    """The sheet of these, in their order. Filled, it says how each one stands; else there is room to sign."""
    title = "Daftar hadir" if is_filled else "Daftar hadir (untuk ditandatangani)"
    paper = Paper(f"{title} {occasion.name}", foot=f"Daftar hadir · {occasion.name} · {words.day(occasion.on)}", at=at)
    paper.set_auto_page_break(False)
    letterhead(paper, occasion.kabupaten, MARGIN, WIDTH)
    paper.boxed("DAFTAR HADIR", (MARGIN, paper.get_y(), WIDTH, 8), (15,), bold=True, align="C")
    paper.set_xy(MARGIN, paper.get_y() + 10)
    hours = f"{words.clock(occasion.starts_at)}–{words.clock(occasion.ends_at)} {words.ZONE.get(occasion.zone, '')}"
    about = (
        ("Acara", occasion.name),
        ("Hari, tanggal", f"{words.day(occasion.on, with_weekday=True)}, pukul {hours.strip()}"),
        ("Tempat", occasion.place),
    )
    facts(paper, about, label=28, width=WIDTH)
    paper.ln(3)
    _head(paper)
    empty = [] if is_filled else [None] * EMPTY_LINES
    for number, line in enumerate([*lines, *empty], start=1):
        if _is_full(paper, ROW):
            paper.add_page()
            _head(paper)
        _row(paper, number, line, is_filled)
    if _is_full(paper, SIGNED_AT_THE_END):
        paper.add_page()
    _end(paper, occasion, lines, is_filled, signer)
    return paper.made()


def _is_full(paper: Paper, height: float) -> bool:
    return paper.get_y() + height > 297 - MARGIN - 4


def _head(paper: Paper) -> None:
    y = paper.get_y()
    _boxes(paper, y, HEAD)
    for name, (left, right) in zip(HEADS, pairwise(EDGES), strict=True):
        paper.boxed(name, (left + 1, y, right - left - 2, HEAD), (9,), bold=True, align="C")
    paper.set_xy(MARGIN, y + HEAD)


def _row(paper: Paper, number: int, line: Signed | None, is_filled: bool) -> None:
    y = paper.get_y()
    _boxes(paper, y, ROW)
    guest = line.guest if line else None
    texts = (str(number), guest.name, guest.title, guest.home) if guest else (str(number), "", "", "")
    for at, (text, (left, right)) in enumerate(zip(texts, pairwise(EDGES), strict=False)):
        paper.boxed(text, (left + 1, y + 0.5, right - left - 2, ROW - 1), (10, 9, 8, 7, 6, 5), align="L" if at else "C")
    left, width = EDGES[4], EDGES[5] - EDGES[4]
    if is_filled:
        colour = INK if line.status in IN_THE_HALL else QUIET
        paper.boxed(_said(line), (left + 1, y + 0.5, width - 2, ROW - 1), (9, 8, 7, 6, 5), colour=colour)
    else:  # odd ones sign on the left, even ones on the right: twice the room for a hand
        paper.boxed(f"{number} ........", (left + (1 if number % 2 else width / 2), y, width / 2 - 1, ROW), (9, 8))
    paper.set_xy(MARGIN, y + ROW)


def _boxes(paper: Paper, y: float, height: float) -> None:
    paper.set_draw_color(INK)
    paper.set_line_width(0.2)
    for left, right in pairwise(EDGES):
        paper.rect(left, y, right - left, height)


def _said(line: Signed) -> str:
    """hadir 08.12; diwakili oleh Ani, 08.20; izin."""
    how = words.label(line.status)
    if line.status == Attendance.REPRESENTED and line.stands_in:
        how += f" oleh {line.stands_in}"
    return f"{how}, {words.clock(line.at)}" if line.at and line.status in IN_THE_HALL else how


def _end(paper: Paper, occasion: Occasion, lines: Sequence[Signed], is_filled: bool, signer: str) -> None:
    paper.ln(4)
    counts = Counter(line.status for line in lines)
    if is_filled:
        here = sum(counts[status] for status in HERE)
        rest = ", ".join(
            f"{words.number(counts[status])} {words.label(status)}"
            for status in (Attendance.REPRESENTED, Attendance.EXCUSED, Attendance.ABSENT, Attendance.INVITED)
            if counts[status]
        )
        late = f" ({words.number(counts[Attendance.LATE])} terlambat)" if counts[Attendance.LATE] else ""
        said = f"Jumlah di daftar: {words.number(len(lines))} orang. Hadir: {words.number(here)}{late}"
        paper.say(f"{said}{', ' + rest if rest else ''}.", bold=True, gap=6)
    else:
        paper.say(f"Diundang: {words.number(len(lines))} orang.   Hadir: ............ orang.", bold=True, gap=6)
    y, left = paper.get_y(), MARGIN + 96
    paper.boxed(f"{occasion.place}, {words.day(occasion.on)}", (left, y, WIDTH - 96, 9), (10, 9, 8), align="C")
    paper.boxed(signer or "Penanggung jawab", (left, y + 9, WIDTH - 96, 6), (10, 9, 8), align="C")
    paper.boxed(DOTS, (left, y + 36, WIDTH - 96, 5), (11,), align="C")
