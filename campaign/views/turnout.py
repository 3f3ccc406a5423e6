"""The board of gatherings: how many have come of how many, by kecamatan and desa, live; numbers only, for every official."""

from datetime import timedelta

from flask import Response, make_response, render_template, request

from campaign import access, live, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.models import Gathering
from campaign.rules.refusals import NoSuch
from campaign.views.answers import last_seen, me, streamed, today_here
from campaign.views.board import bp
from campaign.words import stamp

LOOKS_BACK, LOOKS_AHEAD = timedelta(days=92), timedelta(days=31)


def pieces(gathering, board):
    """Every piece of the signed-in board of a gathering."""
    yield live.Piece(
        "total", _of_whole(gathering, board), live.EVERYWHERE, "total", "turnout/_total.html", {"board": board}
    )
    # Somebody of an area nobody was of before, or the last of one gone: a row has no place yet, or one too many. Before the rows.
    found = areas(board)
    listed = tuple(area.code for area in found)
    yield live.Piece("areas", listed, live.EVERYWHERE, "row", "turnout/_areas.html", {"board": board})
    for area in found:
        yield live.Piece(
            area.code, live.facts_of(area), live.EVERYWHERE, "row", "turnout/_area_row.html", {"area": area}
        )


def _of_whole(gathering, board):
    return live.facts_of(board.total), gathering.target, gathering.capacity, gathering.is_cancelled


def areas(board) -> list:
    """Every area of it, kecamatan first; who is of no desa is one of them."""
    elsewhere = [board.elsewhere] if board.elsewhere.listed else []
    return [*board.kecamatan_list, *(desa for desas in board.desa_lists.values() for desa in desas), *elsewhere]


def read(gathering, *, today):
    """What a board of a gathering shows; it does not depend on the day."""
    return queries.turnout(gathering)


live.AUDIENCES["hadir"] = live.Audience(queries.turnout_version, read, pieces, of=Gathering)


@bp.get("/pertemuan")
@allowed("turnout")
def turnout_list():
    today = today_here()
    days = {"since": today - LOOKS_BACK, "until": today + LOOKS_AHEAD}
    lines = queries.gatherings_of_kabupaten(seen_by=me(), today=today, **days)
    return render_template("turnout/list.html", lines=lines, today=today)


@bp.get("/pertemuan/hari-ini")
@allowed("turnout")
def turnout_today():
    """The part of a campaign's board that says who gathers today."""
    today = today_here()
    lines = queries.gatherings_of_kabupaten(seen_by=me(), today=today, since=today, until=today)
    shown = [line for line in lines if not line.gathering.is_cancelled]
    return render_template("turnout/_today.html", lines=shown)


@bp.get("/pertemuan/<uuid:event_id>")
@allowed("turnout", scope="event")
def turnout(event_id):
    """One gathering; asked again by a page without a stream, 304 while nothing has moved."""
    gathering, at = queries.gathering_in_kabupaten(event_id, seen_by=me()), now()
    is_part = htmx.target == "board"
    edition = live.edition(gathering.revision, gathering.day_of(at))
    told = {"Stamp": stamp(at, gathering.zone)} | ({} if gathering.is_live else {"HX-Refresh": "true"})
    if is_part and request.if_none_match.contains_weak(str(edition)):
        return Response(status=304, headers=told)
    about = {"gathering": gathering, "board": queries.turnout(gathering), "at": at, "since": edition}
    page = make_response(render_template("turnout/_board.html" if is_part else "turnout/board.html", **about))
    if is_part:
        page.headers.update(told)
        page.set_etag(str(edition), weak=True)
    return page


@bp.get("/pertemuan/<uuid:event_id>/alir")
@allowed("turnout", scope="event")
def turnout_stream(event_id):
    """Server-sent events: what moved since `sejak`, or since the last one this browser has seen."""
    gathering = queries.gathering_in_kabupaten(event_id, seen_by=me())
    if not gathering.is_live:
        raise NoSuch  # a closed list is not listened to
    frames = live.stream(gathering.id, since=last_seen(), who=me(), ask=access.still_watching, audience="hadir")
    return streamed(frames, {"Cache-Control": "no-store"})
