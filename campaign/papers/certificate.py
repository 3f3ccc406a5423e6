"""Certificates: A4 on its side, one page each, with a number and a code by which anybody can have it confirmed."""

from collections.abc import Sequence
from datetime import datetime

from campaign import words
from campaign.papers.invitation import DOTS, Letter, letterhead
from campaign.papers.look import BOOKED, QUIET, SERVED
from campaign.rules import codes
from campaign.rules.printed import Occasion, Proof

WIDE, HIGH, EDGE = 297, 210, 10
LEFT, ROOM = 30, 297 - 60


def pdf(occasion: Occasion, proofs: Sequence[Proof], signer: str, at: datetime) -> bytes:
    """A page for each of these."""
    paper = Letter(f"Sertifikat {occasion.name}", foot="", at=at, is_landscape=True)
    paper.set_auto_page_break(False)
    for place, proof in enumerate(proofs):
        if place:
            paper.add_page()
        _page(paper, occasion, proof, signer)
    return paper.made()


def _page(paper: Letter, occasion: Occasion, proof: Proof, signer: str) -> None:
    for inset, thick, colour in ((EDGE, 1.6, SERVED), (EDGE + 2.6, 0.5, BOOKED)):
        paper.set_draw_color(colour)
        paper.set_line_width(thick)
        paper.rect(inset, inset, WIDE - 2 * inset, HIGH - 2 * inset)
    paper.set_xy(LEFT, 19)
    letterhead(paper, occasion.kabupaten, LEFT, ROOM)

    def line(text: str, y: float, height: float, *sizes: float, **how) -> None:
        paper.boxed(text, (LEFT, y, ROOM, height), sizes, align="C", **how)

    line("SERTIFIKAT", 46, 15, 34, bold=True, colour=SERVED)
    line(f"Nomor: {proof.number}", 62, 6, 11, 10, 9, 8)
    line("diberikan kepada", 72, 6, 12)
    line(proof.guest.name, 79, 20, 30, 26, 22, 19, 16, 14, bold=True)
    line(" · ".join(filter(None, (proof.guest.title, proof.guest.home))), 99, 7, 12, 11, 10, 9, 8)
    kind, tier = words.label(occasion.kind), words.label(occasion.tier)
    line(f"yang telah mengikuti {kind} tingkat {tier}", 109, 6, 12)
    line(occasion.name, 116, 15, 18, 16, 14, 12, 10, bold=True)
    line(f"{words.day(occasion.on, with_weekday=True)}, di {occasion.place}", 132, 7, 12, 11, 10, 9)
    _foot(paper, occasion, proof, signer)


def _foot(paper: Letter, occasion: Occasion, proof: Proof, signer: str) -> None:
    paper.qr(f"{proof.address}/{proof.code}", LEFT - 4, 150, 40)
    beside = LEFT + 38
    paper.boxed("Periksa keasliannya: pindai kotak ini, atau buka", (beside, 156, 82, 5), (9,), colour=QUIET)
    paper.boxed(proof.address.partition("//")[2], (beside, 161, 82, 9), (10, 9, 8, 7), bold=True)
    paper.boxed("lalu isi kode", (beside, 170, 82, 5), (9,), colour=QUIET)
    paper.boxed(codes.groups(proof.code), (beside, 175, 82, 8), (13,), bold=True)
    right, width = 180, WIDE - 180 - LEFT
    paper.boxed(words.day(occasion.on), (right, 147, width, 6), (11,), align="C")
    paper.boxed(f"{signer or 'Kepala Dinas'},", (right, 153, width, 6), (11, 10, 9), align="C")
    paper.boxed(DOTS, (right, 182, width, 5), (11,), align="C")
    paper.boxed("NIP " + DOTS[:28], (right, 188, width, 5), (10,), align="C")
