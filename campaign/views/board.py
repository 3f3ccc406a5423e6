"""The board: the number first, then the bars, then the tables; and the stream that moves them."""

from collections.abc import Callable
from typing import NamedTuple

from flask import Blueprint, render_template, request

from campaign import access, live, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.rules.pace import Pace
from campaign.rules.refusals import NoSuch
from campaign.rules.roles import Role
from campaign.views import kept
from campaign.views.answers import choose_campaign, last_seen, me, streamed

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
    order = request.args.get("urut") if request.args.get("urut") in ORDERS else "bantuan"
    pace = Pace(request.args["keadaan"]) if request.args.get("keadaan") in set(Pace) else None

    def make(person):
        campaign = queries.campaign(campaign_id, seen_by=me())
        version = queries.board_version(campaign_id)
        board = queries.board(campaign, today=campaign.day_of(at))
        part = _part(kecamatan_code, board)
        page = render_template(
            "board/_board.html" if is_part else "board/board.html",
            campaign=campaign,
            board=board,
            part=part,
            groups=_groups(board, part, order, pace),
            order=order,
            pace=pace,
            at=at,
            since=live.edition(version, campaign.day_of(at)),
            is_live=campaign.is_live,
            part_code=kecamatan_code,
            current_user=person,
        )
        return campaign, version, page

    return kept.answer(campaign_id, (kecamatan_code, order, pace), at, make, is_part=is_part)


# Who needs help stands first unless somebody asks otherwise; areas without a target have no share and stand last.
ORDERS: dict[str, Callable] = {
    "bantuan": lambda area: (area.share is None, area.share, area.name),
    "nama": lambda area: area.name,
    "kurang": lambda area: (-area.outlook.missing, area.name),
    "laju": lambda area: (area.outlook.rate is None, area.outlook.rate, area.name),
}


class Group(NamedTuple):
    """Rows that stand together."""

    areas: list
    heading: object = None  # the kecamatan above them
    opens: bool = False  # whether each leads to its desa
    is_whole: bool = False  # the sum of the rows below it


def _groups(board, part: str, order: str, pace: Pace | None) -> list[Group]:
    """The rows of this part, in order, of one pace where that is asked for."""
    if part == "own":
        groups = [Group([area for areas in board.desa_lists.values() for area in areas if area.code == me().desa_code])]
    elif part == "kecamatan":
        groups = [Group(board.kecamatan_list, opens=True)]
    elif part == "desa":
        groups = [Group(board.desa_lists[kecamatan.code], heading=kecamatan) for kecamatan in board.kecamatan_list]
    else:
        whole = [kecamatan for kecamatan in board.kecamatan_list if kecamatan.code == part]
        groups = [Group(whole, opens=True, is_whole=True), Group(board.desa_lists[part])]
    shown = [
        group if group.is_whole else group._replace(areas=[a for a in group.areas if pace in (None, a.pace)])
        for group in groups
    ]
    return [group._replace(areas=sorted(group.areas, key=ORDERS[order])) for group in shown if group.areas]


@bp.get("/<uuid:campaign_id>/layanan")
@allowed("whole_board", scope="campaign")
def points(campaign_id):
    """Each puskesmas and its points: served, seats, and what is not confirmed yet."""
    campaign, at = queries.campaign(campaign_id, seen_by=me()), now()
    rows = queries.point_standings(campaign, today=campaign.day_of(at))
    by_puskesmas = {}
    for row in rows:
        by_puskesmas.setdefault(row.point.puskesmas_id, []).append(row)
    return render_template("board/points.html", campaign=campaign, groups=list(by_puskesmas.values()), at=at)


@bp.get("/<uuid:campaign_id>/cara")
@allowed("whole_board", scope="campaign")
def methods(campaign_id):
    """Served by method: of kecamatan for every office, of desa for DPPKB and for the puskesmas that works there."""
    campaign, at = queries.campaign(campaign_id, seen_by=me()), now()
    board = queries.board(campaign, today=campaign.day_of(at))
    seen = queries.desa_by_method(seen_by=me())
    desa_lists = {code: [desa for desa in areas if desa.code in seen] for code, areas in board.desa_lists.items()}
    counted = sorted(board.total.methods, key=lambda method: -board.total.methods[method])
    page = {"campaign": campaign, "board": board, "desa_lists": desa_lists, "methods": counted, "at": at}
    return render_template("board/methods.html", **page)


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
    if not campaign.is_live:
        raise NoSuch  # a finished campaign is not listened to
    shown = f"own:{me().desa_code}" if me().role == Role.KADER else part
    kecamatan_codes = {kecamatan.code for kecamatan in queries.kecamatan_list(campaign.kabupaten_code)}
    if me().role != Role.KADER and part not in {"kecamatan", "desa"} | kecamatan_codes:
        raise NoSuch
    frames = live.stream(
        campaign.id,
        shown,
        since=last_seen(),
        who=me(),
        ask=access.still_watching,
    )
    return streamed(frames, {"Cache-Control": "no-store"})
