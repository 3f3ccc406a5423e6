"""The board: the number first, then the bars, then the tables; and the stream that moves them."""

from flask import Blueprint, Response, render_template, request

from campaign import access, live, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.models import Stage
from campaign.rules.refusals import NoSuch
from campaign.rules.roles import Role
from campaign.views import kept
from campaign.views.answers import choose_campaign, me

bp = Blueprint("board", __name__, url_prefix="/papan")


@bp.get("/")
@allowed("board")
def home():
    return choose_campaign("board.board")


@bp.get("/<uuid:campaign_id>", defaults={"kecamatan_code": None})
@bp.get("/<uuid:campaign_id>/<kecamatan_code>")
@allowed("board", scope="campaign")
def board(campaign_id, kecamatan_code):
    """All kecamatan; the desa of one; or, as `desa`, every desa of the kabupaten. A kader sees the whole and her own desa."""
    at, is_part = now(), htmx.target == "board"

    def make(person):
        campaign = queries.campaign(campaign_id, seen_by=me())
        version = queries.board_version(campaign_id)
        board = queries.board(campaign, today=campaign.day_of(at))
        page = render_template(
            "board/_board.html" if is_part else "board/board.html",
            campaign=campaign,
            board=board,
            part=_part(kecamatan_code, board),
            own_desa=me().desa_code,
            at=at,
            since=live.edition(version, campaign.day_of(at)),
            is_live=campaign.stage == Stage.OPEN,
            part_code=kecamatan_code,
            current_user=person,
        )
        return campaign, version, page

    return kept.answer(campaign_id, (kecamatan_code,), at, make, is_part=is_part)


def _part(kecamatan_code: str | None, board) -> str:
    """Which part of the board is asked for, within what this person sees. Raises NoSuch."""
    if me().role == Role.KADER:
        if kecamatan_code:
            raise NoSuch
        return "own"
    if kecamatan_code is None or kecamatan_code == "desa" or kecamatan_code in board.desa_lists:
        return kecamatan_code or "kecamatan"
    raise NoSuch


@bp.get("/<uuid:campaign_id>/alir", defaults={"part": "kecamatan"})
@bp.get("/<uuid:campaign_id>/alir/<part>")
@allowed("board", scope="campaign")
def stream(campaign_id, part):
    """Server-sent events: what moved since `sejak`, or since the last one this browser has seen."""
    campaign = queries.campaign(campaign_id, seen_by=me())
    if campaign.stage != Stage.OPEN:
        raise NoSuch  # a finished campaign is not listened to
    shown = f"own:{me().desa_code}" if me().role == Role.KADER else part
    kecamatan_codes = {kecamatan.code for kecamatan in queries.kecamatan_list(campaign.kabupaten_code)}
    if me().role != Role.KADER and part not in {"kecamatan", "desa"} | kecamatan_codes:
        raise NoSuch
    since = request.headers.get("Last-Event-ID") or request.args.get("sejak") or "0"
    who = me()
    frames = live.stream(
        campaign.id,
        shown,
        since=int(since) if since.isascii() and since.isdigit() and len(since) < 19 else 0,
        still_allowed=lambda at: access.still_allowed(who, "board", at),
    )
    if frames is None:
        return Response("", 503, {"Retry-After": "30"})
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(frames, mimetype="text/event-stream", headers=headers)
