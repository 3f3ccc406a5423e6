"""The wall: a screen that shows a campaign without a sign-in. Numbers only, no cookie, no way out, and two audiences."""

from flask import Blueprint, Response, make_response, render_template, request, url_for

from campaign import live, queries
from campaign.access import public
from campaign.actions.transaction import now
from campaign.actions.walls import count_wrong_token
from campaign.models import Gathering, WallKind
from campaign.views import turnout
from campaign.views.answers import last_seen, streamed
from campaign.words import qr, stamp

bp = Blueprint("wall", __name__, url_prefix="/dinding")

NOT_OF_WHOLE = {"kecamatan_list", "desa_lists", "version"}
ON_A_PANEL = 20  # areas: what can be read from across a room
# Not handed on, not found by search machines, and in no copy of anybody's.
HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}


def _pieces(audience: str):
    """Its total and every area, each with the template that is this audience's own."""

    def pieces(campaign, board):
        of_whole = {name: known for name, known in vars(board).items() if name not in NOT_OF_WHOLE}
        yield _piece("total", (of_whole, campaign.revision), f"{audience}_total", board=board)
        if audience == WallKind.AULA:  # a mark no wall has yet, so that it looks afresh: its old code opens nothing
            yield _piece("door", campaign.door_code, "aula_door")
        for area in [*board.kecamatan_list, *(desa for desa_list in board.desa_lists.values() for desa in desa_list)]:
            yield _piece(area.code, live.facts_of(area), f"{audience}_area", area=area)
        if burn_up_of := _burn_up_of(audience, campaign, board):
            facts = (
                board.total.served,
                board.total.target,
                board.total.outlook,
                campaign.revision,
            )  # its first and last day
            yield _piece("burn-up", facts, f"{audience}_burn_up", burn_up_of=burn_up_of)

    return pieces


def _piece(id: str, facts, part: str, **context) -> live.Piece:
    return live.Piece(id, facts, live.EVERYWHERE, "part", f"wall/_{part}.html", context)


def _burn_up_of(kind: str, campaign, board):
    """How the burn-up is made, once it is drawn. It moves with every service, so a lobby has none; nor has a hall."""
    if kind != WallKind.PIMPINAN or not board.total.target:
        return None
    return lambda: queries.burn_up(campaign, today=campaign.day_of(now()))


live.AUDIENCES[WallKind.PIMPINAN] = live.Audience(queries.board_version, queries.board, _pieces("pimpinan"))
live.AUDIENCES[WallKind.AULA] = live.Audience(queries.turnout_version, turnout.read, _pieces("aula"), of=Gathering)
live.AUDIENCES[WallKind.LOBI] = live.Audience(queries.lobby_version, queries.lobby, _pieces("lobi"), every=60)


@bp.get("/<wall_token>")
@public
def wall(wall_token):
    """The whole wall. Asked again by a wall without a stream, it answers 304 while nothing has moved."""
    at = now()
    link = queries.wall_by_token(wall_token, at=at)
    if link is None:
        return _gone(at)
    subject, audience = _subject(link), live.AUDIENCES[link.kind]
    today, shown = subject.day_of(at), request.args.get("layar", 0, type=int)
    told = {"X-Per": stamp(at, subject.zone)}
    etag = f"{link.id}-{audience.version(subject.id)}-{today}-{subject.is_live}-{shown}"
    if etag in request.if_none_match:
        return Response(status=304, headers=HEADERS | told)
    board = audience.read(subject, today=today)
    panels = _panels(board)
    page = make_response(
        render_template(
            "wall/hall.html" if link.gathering else "wall/campaign.html",
            kind=link.kind,
            token=wall_token,
            subject=subject,
            gathering=link.gathering,
            board=board,
            panels=panels,
            shown=shown % len(panels),
            burn_up_of=_burn_up_of(link.kind, subject, board),
            door=_door(link),
            at=at,
        )
    )
    page.headers.update(HEADERS | told)
    page.set_etag(etag)
    return page


def _subject(link):
    """What this wall is of: a campaign, or a gathering in its hall."""
    return link.campaign or link.gathering


def _door(link) -> dict | None:
    """The way in, drawn for the phones in the hall."""
    return qr(url_for("coming.door", door_code=link.gathering.door_code, _external=True)) if link.gathering else None


def _panels(board) -> list[tuple[str, list]]:
    """Title and areas of each panel: all kecamatan, then the desa of each, as many as can be read from across a room."""
    found = [("Semua kecamatan", board.kecamatan_list)]
    found += [
        (f"Kecamatan {k.name}", board.desa_lists[k.code]) for k in board.kecamatan_list if board.desa_lists.get(k.code)
    ]
    parts = [(title, areas[n : n + ON_A_PANEL]) for title, areas in found for n in range(0, len(areas), ON_A_PANEL)]
    return parts or [("Belum ada kecamatan", [])]


@bp.get("/<wall_token>/alir")
@public
def stream(wall_token):
    """What moves, as server-sent events, until the link ends."""
    at = now()
    link = queries.wall_by_token(wall_token, at=at)
    if link is None:
        return _gone(at)
    subject = _subject(link)
    if not subject.is_live:
        return Response("", 503, HEADERS | {"Retry-After": "300"})
    frames = live.stream(
        subject.id,
        since=last_seen(),
        who=link.id,
        ask=queries.walls_standing,
        audience=link.kind,
    )
    return streamed(frames, HEADERS)


def _gone(at):
    """The same page to a link that was taken back, has ended, or never was; and no cookie."""
    status = 429 if count_wrong_token(request.remote_addr or "", at=at) else 404
    return Response(render_template("wall/gone.html"), status, HEADERS)
