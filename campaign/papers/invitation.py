"""The letter that invites to a gathering: one page of A4 for each guest, with her code for the desk."""

from collections.abc import Sequence
from datetime import date, datetime

from campaign import words
from campaign.papers.look import INK, QUIET
from campaign.papers.paper import MARGIN, WIDTH, Paper
from campaign.rules import codes
from campaign.rules.printed import Guest, Occasion

OFFICE = "Dinas Pengendalian Penduduk dan Keluarga Berencana"
DOTS = "." * 40
AGENDA_LINES = 12  # the rest is said at the gathering: the letter stays one page
CODE_SIDE = 34


class Letter(Paper):
    """A paper without a foot: it is one page, and signed."""

    def footer(self):
        pass


def letterhead(paper: Paper, kabupaten: str, x: float, width: float) -> None:
    """Whose paper this is, across the head, and the double line below."""
    paper.set_xy(x, paper.get_y())
    for text, size in ((f"PEMERINTAH {kabupaten.upper()}", 13), (OFFICE.upper(), 14)):
        paper.boxed(text, (x, paper.get_y(), width, 7), (size, 12, 11, 10, 9), bold=True, align="C")
        paper.set_xy(x, paper.get_y() + 7)
    bottom = paper.get_y() + 2
    paper.set_draw_color(INK)
    for y, thick in ((bottom, 0.9), (bottom + 1.1, 0.25)):
        paper.set_line_width(thick)
        paper.line(x, y, x + width, y)
    paper.set_xy(x, bottom + 5)


def pdf(occasion: Occasion, guests: Sequence[Guest], number: str, signer: str, at: datetime, on: date) -> bytes:
    """A letter for each of these. `number` may be empty: a line to write on; so may `signer`, of whom only the office is said."""
    paper = Letter(f"Undangan {occasion.name}", foot="", at=at)
    paper.set_auto_page_break(False)
    for place, guest in enumerate(guests):
        if place:
            paper.add_page()
        _letter(paper, occasion, guest, number, signer, on)
    return paper.made()


def _letter(paper: Letter, occasion: Occasion, guest: Guest, number: str, signer: str, on: date) -> None:
    letterhead(paper, occasion.kabupaten, MARGIN, WIDTH)
    top = paper.get_y()
    facts(paper, (("Nomor", number or DOTS), ("Sifat", "Biasa"), ("Hal", "Undangan")), label=20, width=100)
    paper.boxed(words.day(on), (MARGIN + 110, top, WIDTH - 110, 6), (11,), align="R")
    paper.set_xy(MARGIN, top + 24)
    paper.say("Kepada Yth.", gap=0)
    paper.boxed(guest.name, (MARGIN, paper.get_y(), WIDTH, 11), (13, 12, 11, 10, 9), bold=True)
    paper.set_xy(MARGIN, paper.get_y() + 11)
    for line in filter(None, (guest.title, guest.home)):
        paper.boxed(line, (MARGIN, paper.get_y(), WIDTH, 6), (11, 10, 9, 8))
        paper.set_xy(MARGIN, paper.get_y() + 6)
    paper.say("di tempat", gap=6)
    paper.say("Dengan hormat,", gap=1)
    kind = words.label(occasion.kind)
    paper.say(f"kami mengundang Ibu/Bapak untuk hadir dalam {kind} tingkat {words.label(occasion.tier)}:", gap=2)
    hours = f"{words.clock(occasion.starts_at)}–{words.clock(occasion.ends_at)} {words.ZONE.get(occasion.zone, '')}"
    said = (
        ("Acara", occasion.name),
        ("Hari, tanggal", words.day(occasion.on, with_weekday=True)),
        ("Pukul", hours.strip()),
        ("Tempat", occasion.place),
    )
    facts(paper, (*said, *((("Narasumber", occasion.speakers),) if occasion.speakers else ())), label=32, width=WIDTH)
    _agenda(paper, occasion.agenda)
    paper.ln(3)
    paper.say(
        "Mengingat pentingnya acara ini, kami mohon Ibu/Bapak hadir tepat waktu. Atas perhatiannya, terima kasih."
    )
    _foot(paper, guest, occasion.kabupaten, signer)


def facts(paper: Paper, said: Sequence[tuple[str, str]], *, label: float, width: float) -> None:
    """Lines of what is what, its words under each other; at most two lines each."""
    for name, text in said:
        y = paper.get_y()
        paper.letters(11)
        lines = paper.lines(text, width - label - 3)
        height = 5.4 * min(len(lines), 2)
        paper.boxed(name, (MARGIN, y, label, 5.4), (11,))
        paper.boxed(":", (MARGIN + label, y, 3, 5.4), (11,))
        paper.boxed(text, (MARGIN + label + 3, y, width - label - 3, height), (11, 10, 9, 8))
        paper.set_xy(MARGIN, y + height)


def _agenda(paper: Letter, agenda: str) -> None:
    lines = [line.strip() for line in agenda.split("\n") if line.strip()]
    if not lines:
        return
    paper.ln(2)
    paper.say("Susunan acara:", bold=True, gap=0)
    shown = lines if len(lines) <= AGENDA_LINES else [*lines[: AGENDA_LINES - 1], "dan seterusnya"]
    paper.letters(10)
    wanted = [min(len(paper.lines(line, WIDTH - 4)), 2) for line in shown]
    tall = wanted if sum(wanted) <= AGENDA_LINES else [1] * len(shown)
    for line, many in zip(shown, tall, strict=True):
        height = 5 * many
        paper.boxed(line, (MARGIN + 4, paper.get_y(), WIDTH - 4, height), (10, 9, 8))
        paper.set_xy(MARGIN, paper.get_y() + height)


def _foot(paper: Letter, guest: Guest, kabupaten: str, signer: str) -> None:
    """Where it is signed, and her code for the desk."""
    y = 297 - MARGIN - CODE_SIDE - 8
    paper.qr(guest.code, MARGIN - 3, y, CODE_SIDE)
    beside = MARGIN + CODE_SIDE
    paper.boxed("Kode hadir", (beside, y + 3, 50, 5), (9,), colour=QUIET)
    paper.boxed(codes.groups(guest.code, 3), (beside, y + 8, 50, 11), (24,), bold=True)
    paper.boxed(
        "Bawalah surat ini. Di meja, tunjukkan kotak ini atau sebutkan kodenya.", (beside, y + 20, 52, 10), (9, 8)
    )
    paper.boxed(f"{signer or 'Kepala Dinas'},", (MARGIN + 100, y, WIDTH - 100, 6), (11, 10, 9), align="C")
    paper.boxed(kabupaten, (MARGIN + 100, y + 6, WIDTH - 100, 5), (10, 9, 8), align="C", colour=QUIET)
    paper.boxed(DOTS, (MARGIN + 100, y + 32, WIDTH - 100, 5), (11,), align="C")
    paper.boxed("NIP " + DOTS[:28], (MARGIN + 100, y + 38, WIDTH - 100, 5), (10,), align="C")
