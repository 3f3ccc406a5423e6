"""The kader's room, paper: print sheets, key them in with the keyboard alone, every row once and by the form's own rules."""

from dataclasses import dataclass
from uuid import uuid5

from flask import flash, redirect, render_template, request, url_for

from campaign import actions, errors, queries
from campaign.access import allowed
from campaign.actions.registration import CONSENT_TEXT
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.forms.paper import PaperRowForm, PrintForm
from campaign.queries.places import known_regions
from campaign.rules import codes
from campaign.rules.methods import WANTED
from campaign.rules.refusals import AlreadyRegistered, KeyReused, NoSuch, RowTaken
from campaign.rules.roles import Role
from campaign.views.answers import done, me, refused
from campaign.views.kader import bp, desa_of
from campaign.words import CONSENT


@bp.get("/<uuid:campaign_id>/kertas")
@allowed("paper", scope="campaign")
def paper(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    if code := codes.typed_sheet(request.args.get("kode", "")):
        try:
            sheet = queries.paper_sheet_by_code(code, campaign, seen_by=me())
        except NoSuch:
            return render_template("kader/paper.html", unknown=code, **_home(campaign))
        return redirect(url_for(".paper_sheet", sheet_id=sheet.id), 303)
    return render_template("kader/paper.html", unknown=None, **_home(campaign))


def _home(campaign, form=None) -> dict:
    sheets = queries.paper_sheets(campaign, seen_by=me())
    keyed = queries.rows_keyed(sheets, seen_by=me(), today=campaign.day_of(now()))
    return {"campaign": campaign, "sheets": sheets, "keyed": keyed, "form": form or _print_form(formdata=None)}


def _print_form(**about):
    return PrintForm(desa_list=desa_of(me()) if me().role == Role.PLKB else (), **about)


@bp.post("/<uuid:campaign_id>/kertas")
@allowed("paper", scope="campaign")
def print_sheets(campaign_id):
    campaign, form = queries.campaign(campaign_id, seen_by=me()), _print_form()
    if not form.validate():
        about = _home(campaign, form) | {"unknown": None}
        return refused("kader/paper.html", page="kader/paper.html", **about)
    sheet = actions.print_sheets(campaign=campaign, by=me(), key=form.key.data, **form.answers)
    return done(url_for(".printed_sheets", sheet_id=sheet.id), row=sheet)


@bp.get("/kertas/<uuid:sheet_id>/cetak")
@allowed("paper", scope="paper_sheet")
def printed_sheets(sheet_id):
    sheet = queries.paper_sheet(sheet_id, seen_by=me())
    about = {"campaign": sheet.campaign, "consent": CONSENT[CONSENT_TEXT], "wanted": WANTED, "by": me()}
    return render_template("kader/printed_sheets.html", sheets=queries.printed_with(sheet), **about)


# ---- Keying in ----


@dataclass
class Line:
    """A row of the grid: still to be keyed in, or done."""

    row: int
    form: PaperRowForm | None = None
    told: tuple[str, ...] = ()
    is_done: bool = False
    name: str | None = None  # whose it is; none where she is not on this list


@bp.get("/kertas/<uuid:sheet_id>")
@allowed("paper", scope="paper_sheet")
def paper_sheet(sheet_id):
    return _grid(queries.paper_sheet(sheet_id, seen_by=me()), {})


def _grid(sheet, judged: dict[int, Line]):
    keyed = _keyed(sheet)
    lines = [judged.get(row) or _line(sheet, row, keyed) for row in range(1, sheet.rows + 1)]
    first = next((line.row for line in lines if not line.is_done), None)
    about = {"sheet": sheet, "campaign": sheet.campaign, "lines": lines, "first": first}
    return render_template("kader/paper_sheet.html", **about)


def _keyed(sheet) -> dict[int, str | None]:
    return queries.rows_keyed([sheet], seen_by=me(), today=sheet.campaign.day_of(now()))[sheet.id]


def _line(sheet, row, keyed) -> Line:
    if row in keyed:
        return Line(row, is_done=True, name=keyed[row])
    return Line(row, form=_row_form(sheet, row, formdata=None))


def _row_form(sheet, row, **about) -> PaperRowForm:
    return PaperRowForm(row=row, today=sheet.campaign.day_of(now()), regions=known_regions(), **about)


@bp.post("/kertas/<uuid:sheet_id>")
@allowed("paper", scope="paper_sheet")
def key_in(sheet_id):
    """One row, as soon as she leaves it; or the whole sheet at once, without JavaScript."""
    sheet, asked = queries.paper_sheet(sheet_id, seen_by=me()), request.form.get("row", "")
    rows = [str(row) for row in range(1, sheet.rows + 1)]
    if asked and asked not in rows:
        raise NoSuch
    judged = {int(row): line for row in ([asked] if asked else rows) if (line := _judge(sheet, int(row)))}
    wrong = [line for line in judged.values() if not line.is_done]
    if htmx:
        line = judged.get(int(asked or 0)) or _line(sheet, int(asked or 1), _keyed(sheet))
        return render_template("kader/_paper_row.html", sheet=sheet, line=line, first=None), 422 if wrong else 200
    if wrong:
        return _grid(sheet, judged), 422
    flash(f"{len(judged)} baris disimpan." if judged else "Tidak ada baris yang diisi.")
    return redirect(url_for(".paper_sheet", sheet_id=sheet.id), 303)


def _judge(sheet, row: int) -> Line | None:
    """What becomes of this row as it was sent; nothing where it is empty."""
    form = _row_form(sheet, row)
    if form.is_empty:
        return None
    if not form.validate():
        return Line(row, form=form, told=tuple(words for errors in form.errors.values() for words in errors))
    key = uuid5(sheet.id, str(row)).hex  # of the sheet and the row: sent again, it is the same deed
    try:
        akseptor = actions.key_in(sheet, row=row, by=me(), key=key, **form.answers)
    except (RowTaken, KeyReused):
        taken = errors.sentence(RowTaken())
        return Line(row, told=(taken,), is_done=True, name=_keyed(sheet).get(row))
    except AlreadyRegistered as refusal:
        return Line(row, form=form, told=(errors.sentence(refusal),))
    return Line(row, told=tuple(form.doubts), is_done=True, name=akseptor.name)
