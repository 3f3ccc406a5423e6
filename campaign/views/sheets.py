"""DPPKB's room, sheets: hand one in, look at every row, take it or leave it, take it back."""

from datetime import timedelta
from pathlib import PurePath
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for

from campaign import actions, importing, queries
from campaign.access import allowed, takes_files
from campaign.actions.transaction import now
from campaign.forms.sheets import OF_A_CAMPAIGN, ApplyForm, UploadForm
from campaign.models import SheetState
from campaign.rules.names import tidy
from campaign.rules.nik import mask
from campaign.rules.refusals import NoSuch, WrongState
from campaign.rules.verdicts import SheetKind, Verdict
from campaign.sheets import handout
from campaign.sheets.kinds import FIELDS
from campaign.sheets.reasons import Reason
from campaign.views.answers import asked_for, asked_page, me, sent_key, today_here
from campaign.views.dppkb import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SILENT = timedelta(seconds=90)  # so long without a beat, and the work has died
WORK = {SheetState.READING: "baca", SheetState.APPLYING: "terapkan", SheetState.UNDOING: "batalkan"}
DATA = tuple(verdict for verdict in Verdict if verdict != Verdict.NO_DATA)


@bp.get("/lembar")
@allowed("import")
def sheets():
    chosen = {name: asked_for(name) for name in ("campaign_id", "gathering_id")} | {"kind": asked_for("isi") or None}
    return _sheets(_upload(data=chosen))


def _upload(**about) -> UploadForm:
    today = today_here()
    lines = queries.gathering_list(seen_by=me(), today=today)
    lists = {
        "campaign_list": queries.campaign_list(seen_by=me()),
        "gathering_list": [line.gathering for line in lines if not line.gathering.is_cancelled],
    }
    return UploadForm(**lists, **about)


def _sheets(form):
    about = {"form": form, "import_list": queries.import_list(seen_by=me()), "kinds": list(SheetKind)}
    about["zone"] = queries.kabupaten(me().kabupaten_code).zone
    return render_template("dppkb/sheets.html", **about), 422 if form.errors else 200


@bp.post("/lembar")
@takes_files
@allowed("import")
def take_in():
    form = _upload()
    if not form.validate():
        return _sheets(form)
    kind, file = SheetKind(form.kind.data), form.file.data.read()
    campaign = queries.campaign(UUID(form.campaign_id.data), seen_by=me()) if kind in OF_A_CAMPAIGN else None
    gathering = None
    if kind == SheetKind.ATTENDANCE:
        gathering = queries.gathering(UUID(form.gathering_id.data), seen_by=me())
    name = tidy(PurePath(form.file.data.filename).name)[-120:] or "lembar"
    about = {"kind": kind, "campaign": campaign, "file_name": name, "digest": importing.digest_of(file)}
    about |= {"gathering": gathering}
    taken = actions.take_in(**about, file=file, by=me(), key=form.key.data)
    importing.start("baca", taken)
    return redirect(url_for(".sheet", import_id=taken.id), 303)


@bp.get("/lembar/contoh/<kind>.xlsx")
@allowed("import")
def template(kind):
    if kind not in set(SheetKind):
        raise NoSuch
    digits = {"nik", "hp", "rt", "rw", "rt_rw", "kode", "undangan", "pre", "post", "jam"}
    columns = [
        handout.Column(field.label, field.guide, is_text=field.name in digits)
        for field in FIELDS[SheetKind(kind)]
        if field.name not in ("rt_rw", "jam_mulai", "jam_selesai")
    ]
    return _file(handout.template(kind.capitalize(), columns), f"contoh-{kind}.xlsx")


def _file(data: bytes, name: str) -> Response:
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.get("/lembar/<uuid:import_id>")
@allowed("import", scope="import")
def sheet(import_id):
    taken = queries.import_(import_id, seen_by=me())
    return _sheet(taken, ApplyForm(needs_consent=taken.kind == SheetKind.AKSEPTOR))


def _sheet(taken, form):
    if taken.state in WORK:
        return _progress("dppkb/sheet_working.html", taken)
    asked, page = asked_for("lihat"), asked_page()
    verdicts = (Verdict(asked),) if asked in set(Verdict) else DATA
    rows, total = queries.import_page(taken, verdicts, page)
    about = {
        "taken": taken,
        "form": form,
        "rows": [_shown(row) for row in rows],
        "total": total,
        "pages": -(-total // queries.imports.ROWS_PER_PAGE) or 1,
        "asked": {"lihat": asked, "hal": page},
        "fields": [(field.name, field.label) for field in FIELDS[taken.kind]],
        "names": _names(),
        "may_undo": taken.state == SheetState.APPLIED and now() <= taken.applied_at + actions.imports.UNDO_WITHIN,
    }
    return render_template("dppkb/sheet.html", **about), 422 if form.errors else 200


def _names() -> dict[str, str]:
    """What desa and service points are called, by code and id."""
    desa = {d.code: f"{d.name}, Kec. {d.kecamatan.name}" for d in queries.every_desa(me().kabupaten_code)}
    return desa | {str(point.id): point.name for point in queries.point_list(seen_by=me())}


def _shown(row) -> dict:
    """A row as the screen shows it: what was understood, the NIK masked, and why."""
    kept = importing.opened(row)
    values = kept["values"] | ({"nik": mask(kept["values"]["nik"])} if kept["values"].get("nik") else {})
    return {
        "sheet_no": row.sheet_no,
        "row_no": row.row_no,
        "verdict": row.verdict,
        "values": values,
        "cells": [] if values else [cell for cell in kept["cells"] if cell is not None][:6],
        "sentences": [Reason(code, params).sentence for code, params in kept["reasons"]],
    }


def _progress(template: str, taken) -> str:
    return render_template(template, taken=taken, has_died=now() - taken.beat_at > SILENT)


@bp.get("/lembar/<uuid:import_id>/maju")
@allowed("import", scope="import")
def sheet_progress(import_id):
    """For htmx: the bar while it works, then the page itself."""
    taken = queries.import_(import_id, seen_by=me())
    if taken.state in WORK:
        return _progress("dppkb/_sheet_progress.html", taken)
    return "", 204, {"HX-Redirect": url_for(".sheet", import_id=import_id)}


@bp.post("/lembar/<uuid:import_id>/ulangi")
@allowed("import", scope="import")
def work_again(import_id):
    """The work has died: begin it again. It writes all or nothing, so nothing is there twice."""
    taken = queries.import_(import_id, seen_by=me())
    sent_key()
    if taken.state not in WORK:
        raise WrongState
    importing.start(WORK[taken.state], taken, by=me())
    return redirect(url_for(".sheet", import_id=import_id), 303)


@bp.post("/lembar/<uuid:import_id>/kolom")
@allowed("import", scope="import")
def say_columns(import_id):
    taken = queries.import_(import_id, seen_by=me())
    tables = [_told(table, taken.kind) for table in taken.tables]
    actions.say_columns(taken, tables=tables, by=me(), key=sent_key())
    importing.start("baca", taken)
    return redirect(url_for(".sheet", import_id=import_id), 303)


def _told(table: dict, kind: SheetKind) -> dict:
    """What she says of one sheet: a field for each column, and where the header ends."""
    known = {field.name for field in FIELDS[kind]} | {column["field"] for column in table["columns"]}
    said = {}
    for column in table["columns"]:
        field = request.form.get(f"s{table['no']}-{column['index']}", "")
        said[str(column["index"])] = field if field in known else None
    head = request.form.get(f"s{table['no']}-tajuk", "")
    row = int(head) if head.isascii() and head.isdigit() and len(head) < 6 else None
    moved = row is not None and row != max(table["header_rows"], default=0)
    return table | {"said": said, "said_row": row if moved else table["said_row"]}


@bp.post("/lembar/<uuid:import_id>/terapkan")
@allowed("import", scope="import")
def apply_sheet(import_id):
    taken = queries.import_(import_id, seen_by=me())
    form = ApplyForm(needs_consent=taken.kind == SheetKind.AKSEPTOR)
    if not form.validate():
        return _sheet(taken, form)
    actions.ask_to_apply(taken, by=me(), key=form.key.data)
    importing.start("terapkan", taken, by=me())
    return redirect(url_for(".sheet", import_id=import_id), 303)


@bp.post("/lembar/<uuid:import_id>/batalkan")
@allowed("import", scope="import")
def undo_sheet(import_id):
    taken = queries.import_(import_id, seen_by=me())
    actions.ask_to_undo(taken, by=me(), key=sent_key())
    importing.start("batalkan", taken, by=me())
    return redirect(url_for(".sheet", import_id=import_id), 303)


@bp.post("/lembar/<uuid:import_id>/buang")
@allowed("import", scope="import")
def drop_sheet(import_id):
    actions.drop_import(queries.import_(import_id, seen_by=me()), by=me(), key=sent_key())
    flash("Berkas dibuang. Tidak ada yang disimpan.")
    return redirect(url_for(".sheets"), 303)


@bp.get("/lembar/<uuid:import_id>/ditolak.xlsx")
@allowed("import", scope="import")
def refused_rows(import_id):
    """The refused rows of the first sheet that has any, or of the one asked for, to be mended and handed in again."""
    taken = queries.import_(import_id, seen_by=me())
    actions.log_access("refused_rows", by=me())
    refused = queries.import_rows(taken, (Verdict.REFUSED,))
    asked = request.args.get("lembar", type=int)
    no = asked if asked is not None else next((row.sheet_no for row in refused), 0)
    table = next((table for table in taken.tables if table["no"] == no), None)
    if table is None:
        raise NoSuch
    header = max(table["header_rows"], default=0)
    above = [
        row for row in queries.import_rows(taken, (Verdict.NO_DATA,)) if row.sheet_no == no and row.row_no <= header
    ]
    layout = [importing.opened(row)["cells"] for row in above]
    told = [importing.opened(row) for row in refused if row.sheet_no == no]
    why = [(kept["cells"], "; ".join(Reason(*reason).sentence for reason in kept["reasons"])) for kept in told]
    merged = [tuple(area) for area in table["merged"]]
    return _file(handout.refused_rows(layout, why, merged), f"ditolak-{PurePath(taken.file_name).stem[:60]}.xlsx")
