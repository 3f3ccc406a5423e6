"""How a view answers: what changes on the screen, a form with its errors, or the next page."""

from datetime import date
from urllib.parse import urlsplit

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm

from campaign import live, queries
from campaign.access import wants_json
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.forms.base import DeedForm
from campaign.rules.names import tidy
from campaign.rules.refusals import BadKey
from campaign.words import label


def swaps(template: str, *, else_to: str, row=None, **context):
    """After a deed: the parts that changed for htmx, JSON for the outbox, otherwise the page to go to (303)."""
    if wants_json():
        return done(else_to, row=row)
    if htmx:
        return render_template(template, **context)
    return redirect(else_to, 303)


def done(else_to: str, *, row=None, **told):
    """After a deed that leads to another page; `told` is what the JSON says besides."""
    if wants_json():
        told |= {"id": str(row.id) if row is not None else None, "key": request.form.get("key")}
        return jsonify(ok=True, **told), 201
    if htmx:
        return "", 204, {"HX-Redirect": else_to}
    return redirect(else_to, 303)


def refused(part: str, *, page: str, form: FlaskForm, **context):
    """A form that cannot be taken as it is: 422, with what is wrong at its field and at the top."""
    if wants_json():
        fields = {name: errors[0] for name, errors in form.errors.items() if name}
        return jsonify(ok=False, error="form", message=next(iter(fields.values()), ""), fields=fields), 422
    return render_template(part if htmx else page, form=form, **context), 422


def streamed(frames, headers: dict):
    """Server-sent events; where the house is full, 503 and when to come back."""
    if frames is None:
        return Response("", 503, headers | {"Retry-After": "30"})
    return live.Stream(frames, headers | {"X-Accel-Buffering": "no"})


def inside(target: str | None, otherwise: str) -> str:
    """`target` where it is a path of ours, else `otherwise`: nobody is sent to another site after signing in."""
    parts = urlsplit(target or "")
    is_ours = (
        target
        and target.isprintable()
        and target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not parts.netloc
    )
    return target if is_ours else otherwise


def today_here() -> date:
    """Of her office's clock: between midnight and morning there UTC still has yesterday's."""
    return queries.kabupaten(me().kabupaten_code).day_of(now())


def me():
    """The person at this screen, as deeds and queries take her."""
    return current_user._get_current_object()


def sent_key() -> str:
    """The key of a form that is only a button. Raises BadKey."""
    form = DeedForm()
    if not form.validate():
        raise BadKey
    return form.key.data


def choose_campaign(to: str):
    """Into the only campaign she may see, or the list to choose from; `to` is the page of this room."""
    campaign_list = queries.campaign_list(seen_by=me())
    if len(campaign_list) == 1:
        return redirect(url_for(to, campaign_id=campaign_list[0].id), 303)
    return render_template("campaign_list.html", campaign_list=campaign_list, to=to)


def flash_doubts(form: FlaskForm) -> None:
    """What was saved and should be looked at once more."""
    for doubt in getattr(getattr(form, "nik", None), "warnings", ()):
        flash(f"Sudah disimpan, tetapi periksa lagi: {label(doubt)}.")


def asked_for(name: str) -> str:
    """What the address asks for under this name, as one tidy line."""
    return tidy(request.args.get(name))


def asked_page() -> int:
    """Which page of a list the address asks for."""
    return min(max(request.args.get("hal", 1, type=int), 1), 1_000_000)


def last_seen() -> int:
    """The edition of a board this browser has: by the last event it heard, else by the page it was given."""
    seen = request.headers.get("Last-Event-ID") or request.args.get("sejak") or "0"
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0
