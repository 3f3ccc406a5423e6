"""The puskesmas's room: days with seats and the sheet of a day, live for all who work on it. DPPKB may open days too.

Who comes is in `arriving.py`, what becomes of her in `outcomes.py`.
"""

from contextlib import contextmanager
from datetime import timedelta

from flask import Blueprint, flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed, refreshes_itself
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.rules.methods import Method
from campaign.rules.refusals import Quicker, WrongStep
from campaign.rules.roles import may
from campaign.views.answers import asked_for, choose_campaign, done, me, sent_key, swaps
from campaign.words import defer_reasons

bp = Blueprint("puskesmas", __name__, url_prefix="/puskesmas")
UNDO_FOR = timedelta(minutes=15)  # so long what she did last can be taken back with one press
EMPTY_ROWS = 8  # on the printed sheet, for who walks in


@bp.get("/")
@allowed("day_sheet")
def home():
    return choose_campaign("puskesmas.day_list")


@bp.get("/hari/<uuid:day_id>")
@allowed("day_sheet", scope="service_day")
@refreshes_itself
def day_sheet(day_id):
    day = day_of(day_id)
    if htmx.target != "day-sheet":
        return render_template("puskesmas/day_sheet.html", **sheet_of(day))
    # Every desk asks every few seconds; as long as nothing has changed there is nothing to draw.
    if request.args.get("v") == queries.sheet_version(day, at=now()):
        return "", 204
    return render_template("puskesmas/_day_sheet.html", **sheet_of(day))


@bp.get("/hari/<uuid:day_id>/cetak")
@allowed("day_sheet", scope="service_day")
def printed_sheet(day_id):
    return render_template("puskesmas/printed_sheet.html", empty_rows=EMPTY_ROWS, **sheet_of(day_of(day_id)))


def day_of(day_id):
    return queries.service_day(day_id, seen_by=me())


def sheet_of(day):
    """What the sheet shows, the same for every desk but for what this person did last."""
    at = now()
    version = queries.sheet_version(day, at=at)  # before the rest is read: what changes meanwhile is drawn once more
    bookings = queries.day_sheet(day)
    people = [booking.akseptor for booking in bookings]
    since = queries.booked_since(bookings)
    here = [akseptor for akseptor in people if akseptor.id not in since]
    mine = queries.my_last(day, by=me(), since=at - UNDO_FOR)
    return {
        "day": day,
        "campaign": day.campaign,
        "today": day.campaign.day_of(at),
        "version": version,
        "bookings": bookings,
        "methods": {akseptor.id: Method(queries.method_of(akseptor)) for akseptor in people},
        "undoable": queries.last_correctable(here),
        "last_done": queries.last_done(here),
        "reasons": reasons_of(day),
        "mine": mine if mine and mine.step.akseptor_id not in since else None,
        "works_here": may(me().role, "attend"),
        "is_closable": may(me().role, "close_day"),
    }


def reasons_of(day) -> dict[str, str]:
    """The words for the reasons of a deferral, the office's own and those it has retired."""
    return {why.code: why.label for why in defer_reasons(queries.defer_reasons(day.campaign.kabupaten_code))}


def changed(day, akseptor, *messages):
    """The whole sheet again: two people work on it, and what the other did is news too."""
    if not htmx:
        for message in messages:
            flash(message)
    sheet = sheet_of(day) | {"messages": messages}
    return swaps("puskesmas/changed.swaps.html", else_to=url_for(".day_sheet", day_id=day.id), row=akseptor, **sheet)


@contextmanager
def colleagues_named(akseptor, day):
    """When somebody was quicker, say who, what and when; nothing was changed."""
    try:
        yield
    except WrongStep:
        last = queries.last_done([akseptor]).get(akseptor.id)
        if last is None or not last.step.after:
            raise
        raise Quicker(akseptor.name, last.step, last.who, day.campaign.zone) from None


@bp.get("/hari/<uuid:day_id>/janji")
@allowed("book", scope="service_day")
def to_book(day_id):
    day, name = day_of(day_id), asked_for("nama")
    rows = queries.bookable_list(day.campaign, seen_by=me(), name=name)
    part = "puskesmas/_to_book.html" if htmx.target == "to-book" else "puskesmas/to_book.html"
    return render_template(part, day=day, campaign=day.campaign, rows=rows, name=name)


@bp.post("/hari/<uuid:day_id>/janji/<uuid:akseptor_id>")
@allowed("book", scope="service_day")
def book(day_id, akseptor_id):
    day = day_of(day_id)
    akseptor = queries.bookable(akseptor_id, day.campaign, seen_by=me())
    akseptor = actions.book(akseptor, day=day, by=me(), key=sent_key())
    flash(f"{akseptor.name} sudah dijadwalkan.")
    return done(url_for(".to_book", day_id=day.id), row=akseptor)
