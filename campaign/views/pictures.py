"""The campaign in pictures, each with its table: the way to the target, days, funnel, strip, map; and the tables as files."""

from datetime import date

from flask import Response, render_template

from campaign import queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.papers.telling import marks
from campaign.rules import charts
from campaign.rules.refusals import NoSuch
from campaign.rules.roles import Role, may
from campaign.sheets import board as sheets
from campaign.sheets.handout import as_csv, tables
from campaign.views.answers import me
from campaign.views.board import bp
from campaign.words import moment

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
ALL_DAYS = {  # tables as files, in the order they are offered
    "kecamatan": "Kecamatan",
    "desa": "Desa",
    "hari": "Hari demi hari",
    "hari-kecamatan": "Kecamatan dan hari",
    "hari-desa": "Desa dan hari",
    "tempat": "Tempat pelayanan",
}


@bp.get("/<uuid:campaign_id>/gambar", defaults={"kecamatan_code": None})
@bp.get("/<uuid:campaign_id>/gambar/<kecamatan_code>")
@allowed("board", scope="campaign")
def pictures(campaign_id, kecamatan_code):
    """Of the whole, or of one kecamatan with its desa. A kader sees the whole, and her own desa's funnel."""
    campaign = queries.campaign(campaign_id, seen_by=me())
    at = now()
    today = campaign.day_of(at)
    board = queries.board(campaign, today=today)
    area, sees_areas = _kecamatan(kecamatan_code, board), me().role != Role.KADER
    about = {"campaign": campaign, "board": board, "area": area or board.total, "is_whole": area is None, "at": at}
    about |= {"own": _own_desa(board), "sees_areas": sees_areas, "files": _offered(), "today": today}
    burn_up = queries.burn_up(campaign, today=today, area=area) if _may_see_days(area, board) else None
    if burn_up:
        about["bars"] = charts.columns(burn_up.by_day, burn_up.first, burn_up.last, width=400, height=120)
    strip = _strip(campaign, board, area, today=today) if sees_areas and burn_up else None
    about |= {"burn_up": burn_up, "strip": strip, "places": queries.places_open(campaign), "level": charts.level}
    parts = board.desa_lists[area.code] if area else board.kecamatan_list
    if sees_areas and area is None:
        about["drawing"] = queries.drawing(campaign.kabupaten)
    return render_template("board/pictures.html", funnel=charts.funnel, parts=parts, **about)


def _kecamatan(code: str | None, board):
    """The kecamatan that is asked for, or none for the whole. Raises NoSuch; for a kader there is only the whole."""
    if code is None:
        return None
    if me().role == Role.KADER:
        raise NoSuch
    found = next((kecamatan for kecamatan in board.kecamatan_list if kecamatan.code == code), None)
    if found is None:
        raise NoSuch
    return found


def _own_desa(board):
    """A kader's own desa, unless it has ended with nothing in its name; for anybody else none."""
    every_desa = (desa for inside in board.desa_lists.values() for desa in inside)
    is_kader = me().role == Role.KADER
    return next((desa for desa in every_desa if desa.code == me().desa_code), None) if is_kader else None


def _may_see_days(area, board) -> bool:
    """Whether the days of this area are hers to see: a kecamatan of one desa tells of that desa."""
    return area is None or may(me().role, "day_by_desa") or len(board.desa_lists[area.code]) > 1


def _strip(campaign, board, area, *, today):
    """Kecamatan × day; within a kecamatan desa × day, for those who may see it."""
    if area is not None and not may(me().role, "day_by_desa"):
        return None
    areas = board.desa_lists[area.code] if area else [k for k in board.kecamatan_list if _may_see_days(k, board)]
    until = max(campaign.opens_on, min(today, campaign.closes_on))
    counts = queries.day_counts(campaign, since=campaign.opens_on)
    return charts.strip(areas, counts, opens_on=campaign.opens_on, until=until)


# ---- As files ----


def _offered() -> dict[str, str]:
    """The tables this person may take along."""
    role = me().role
    not_hers = {"kecamatan", "hari-kecamatan"} if role == Role.KADER else set()
    not_hers |= set() if may(role, "day_by_desa") else {"hari-desa"}
    not_hers |= set() if may(role, "whole_board") else {"tempat"}
    return {name: title for name, title in ALL_DAYS.items() if name not in not_hers}


@bp.get("/<uuid:campaign_id>/unduh/<table_file>")
@allowed("board", scope="campaign")
def table_file(campaign_id, table_file):
    """One table, `desa.xlsx` or `desa.csv`, with what the board says at this moment."""
    campaign = queries.campaign(campaign_id, seen_by=me())
    name, _, kind = table_file.partition(".")
    if name not in _offered() or kind not in KINDS:
        raise NoSuch
    at = now()
    table = _table(name, campaign, queries.board(campaign, today=campaign.day_of(at)), at)
    file = tables(table) if kind == "xlsx" else as_csv(table)
    invented = "gladi-bersih-" if campaign.is_rehearsal else "contoh-" if campaign.is_example else ""
    stamped = f"{invented}papan-{name}-{campaign.day_of(at)}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{stamped}"', "Cache-Control": "no-store"}
    return Response(file, content_type=KINDS[kind], headers=headers)


def _beside(campaign, board) -> dict:
    """Who lives in none of its areas, where there is anybody."""
    title = "Luar wilayah" if campaign.counts_outsiders else "Luar wilayah, tidak dihitung"
    return {title: board.outside} if board.outside.found else {}


def _table(name: str, campaign, board, at):
    today, role = campaign.day_of(at), me().role
    above = [[" · ".join([*marks(campaign), campaign.name, ALL_DAYS[name]])], [f"Keadaan {moment(at, campaign.zone)}"]]
    names = {kecamatan.code: kecamatan.name for kecamatan in board.kecamatan_list}
    every_desa = [desa for inside in board.desa_lists.values() for desa in inside]
    match name:
        case "kecamatan":
            about = {"inside": {}, "by_method": names, "beside": _beside(campaign, board)}
            return sheets.areas_table("Kecamatan", board.kecamatan_list, above=above, **about)
        case "desa":
            hers = [desa for desa in every_desa if role != Role.KADER or desa.code == me().desa_code]
            inside = {desa.code: names[desa.code[:8]] for desa in every_desa}
            about = {"inside": inside, "by_method": queries.desa_by_method(seen_by=me())}
            about["beside"] = _beside(campaign, board) if role != Role.KADER else {}
            return sheets.areas_table("Desa", hers, above=above, **about)
        case "hari":
            burn_up = queries.burn_up(campaign, today=today)
            return sheets.days_table(burn_up, queries.places_open(campaign), above=above)
        case "tempat":
            rows = queries.point_standings(campaign, today=today)
            return sheets.places_table(rows, zone=campaign.zone, above=above)
        case "hari-desa":
            counts = queries.day_counts(campaign, since=date.min)
            return sheets.strip_table("Desa dan hari", every_desa, counts, above=above)
        case _:
            areas = [kecamatan for kecamatan in board.kecamatan_list if _may_see_days(kecamatan, board)]
            counts = queries.day_counts(campaign, since=date.min)
            return sheets.strip_table("Kecamatan dan hari", areas, counts, above=above)
