"""The day's message as a picture and as a sheet of paper, from the same numbers as its text."""

from campaign.papers import telling
from campaign.papers.look import BEYOND, BOOKED, GOOD, HELP, QUIET, SERVED
from campaign.papers.paper import MARGIN, WIDTH, Column, Paper
from campaign.papers.picture import Picture
from campaign.rules.digest import NAMED, Numbers, told_as
from campaign.rules.pace import Pace
from campaign.words import bar, label, number, percent

COLUMNS = (
    Column("Kecamatan", 42),
    Column("Kemajuan (tegak: target)", 48),
    Column("Dilayani", 19, True),
    Column("Target", 17, True),
    Column("Capaian", 17, True),
    Column("    Keadaan", 31),
)
AREA_SCALE = 1.12  # room beyond the target, as on the board


def png(told: Numbers) -> bytes:
    """The picture to send on."""
    picture = Picture()
    for mark in telling.marks(told):
        picture.banner(mark)
    picture.say(f"{told.campaign} · {told.place}", 36, bold=True, gap=0)
    picture.say(telling.when(told), 32, colour=QUIET, gap=20)
    picture.say(telling.few(told.served), 190, bold=True, gap=0, leading=1.12)
    of = f"dari {number(told.target)} " if told.target else ""
    share = f"· {percent(told.share)} " if told.share is not None else ""
    picture.say(f"{of}{share}sudah dilayani", 44, gap=20)
    picture.bar(*_total_bar(told))
    picture.y += 56 + 24
    picture.say(telling.progress(told), 32, colour=QUIET, gap=8)
    picture.say(telling.ahead(told), 36, gap=20)
    if told.in_need:
        picture.line()
        picture.say("Perlu bantuan lebih dulu", 38, bold=True, colour=HELP)
        for area in told.in_need[:NAMED]:
            picture.row(area.name, telling.served_of(area), *_area_bar(area))
        if len(told.in_need) > NAMED:
            picture.say(f"dan {number(len(told.in_need) - NAMED)} kecamatan lain", 32, colour=QUIET)
    if told.reached:
        picture.line()
        thanks = f"Terima kasih, {telling.names(told.reached, NAMED)}: target sudah tercapai."
        picture.say(thanks, 34, bold=True, colour=GOOD)
    picture.line()
    picture.say(telling.completeness(told), 30, colour=QUIET, gap=0)
    return picture.made()


def pdf(told: Numbers) -> bytes:
    """The sheet to print or to send: every kecamatan, help first."""
    mark = "".join(telling.marks(told))
    foot = f"{told.campaign} · {telling.when(told)}"
    paper = Paper(f"Rekap {told.campaign}, {told.on:%d-%m-%Y}", foot=foot, at=told.at, mark=mark)
    paper.say(f"{told.campaign} · {told.place}", 14, bold=True, gap=0)
    paper.say(telling.when(told), 11, colour=QUIET, gap=4)
    paper.say(telling.headline(told), 20, bold=True, gap=3)
    paper.bar(MARGIN, paper.get_y(), WIDTH, 7, *_total_bar(told))
    paper.ln(10)
    paper.say(telling.progress(told), colour=QUIET, gap=1)
    paper.say(telling.ahead(told), gap=1)
    paper.say(telling.completeness(told), gap=5)
    paper.say("Kecamatan, yang perlu bantuan lebih dulu", 13, bold=True, gap=1)
    areas = told.in_order
    rows = [
        [
            area.name,
            None,
            telling.range_of(area.band),
            number(area.target),
            percent(area.share),
            f"    {label(area.pace)}",
        ]
        for area in areas
    ]
    paper.table(COLUMNS, rows, draw=lambda at, *box: paper.bar(*box, *_area_bar(areas[at])))
    if any(not area.band.is_exact for area in areas):
        paper.ln(3)
        paper.say("Angka kecil ditulis sebagai rentang, supaya tidak menunjuk orang.", 9, colour=QUIET)
    return paper.made()


def _total_bar(told: Numbers):
    """Served over booked, as on the board; a range is drawn as its least."""
    widths = bar(told_as(told.served).low, 0, told_as(told.booked).low, 0, told.target)
    parts = [(widths["booked"] / 1000, BOOKED), (widths["served"] / 1000, SERVED)]
    if widths["beyond"]:
        beyond = (widths["target"] + widths["beyond"]) / 1000
        parts = [(widths["booked"] / 1000, BOOKED), (beyond, BEYOND), (widths["target"] / 1000, SERVED)]
    return parts, widths["target"] and widths["target"] / 1000


def _area_bar(area):
    """In steps, with room beyond the target."""
    share = min(area.drawn / 100, AREA_SCALE) / AREA_SCALE
    at = 1 / AREA_SCALE
    if area.pace == Pace.NO_TARGET:
        return [], None
    return ([(share, BEYOND)] if share > at else []) + [(min(share, at), SERVED)], at
