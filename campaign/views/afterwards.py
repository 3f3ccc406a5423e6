"""After a gathering: minutes, decisions, photos, certificates; and all of it as one page to read and to print."""

import hashlib

from flask import Response, flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed, takes_files
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.forms.afterwards import CaptionForm, CertificateForm, DecisionForm, MinutesForm, PhotoForm
from campaign.papers import photo as photos
from campaign.rules.attendance import HERE
from campaign.rules.gatherings import MOST_PHOTOS
from campaign.rules.printed import edition_of
from campaign.rules.refusals import BadFile, MinutesMoved
from campaign.views.answers import done, me, sent_key
from campaign.views.gatherings import bp


@bp.get("/<uuid:gathering_id>/sesudah")
@allowed("gathering", scope="gathering")
def after(gathering_id):
    return _after(queries.gathering(gathering_id, seen_by=me()))


def _after(gathering, status: int = 200, **forms):
    """The page, with a form that came back in its place."""
    tail, is_settled = queries.number_tail(gathering)
    minutes = MinutesForm(None, minutes=gathering.minutes, was=edition_of(gathering.minutes))
    shown = {"minutes": minutes, "decision": DecisionForm(None), "photo": PhotoForm(None)}
    shown["certificate"] = CertificateForm(None, tail=tail)
    about = {
        "decisions": queries.decisions(gathering),
        "left_open": queries.open_decisions(gathering, seen_by=me()),
        "photos": queries.photos(gathering),
        "most_photos": MOST_PHOTOS,
        "certificates": queries.certificates(gathering),
        "here": len(queries.invitee_list(gathering, status=HERE)),
        "tail": tail,
        "is_settled": is_settled,
        "today": gathering.day_of(now()),
    }
    return render_template("gathering/after.html", gathering=gathering, **about, **(shown | forms)), status


def _back(gathering, part: str, row=None):
    return done(url_for(".after", gathering_id=gathering.id) + f"#{part}", row=row or gathering)


@bp.get("/<uuid:hall_id>/notulen")
@allowed("desk", scope="hall")
def minutes(hall_id):
    """What is filed: who was there in numbers, what was said and decided, and what it looked like."""
    gathering = queries.gathering_at_desk(hall_id, seen_by=me())
    about = {"board": queries.turnout(gathering), "decisions": queries.decisions(gathering)}
    about |= {"photos": queries.photos(gathering), "today": gathering.day_of(now())}
    return render_template("gathering/minutes.html", gathering=gathering, **about)


@bp.post("/<uuid:gathering_id>/notulen")
@allowed("gathering", scope="gathering")
def write_minutes(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    form = MinutesForm()
    if not form.validate():
        return _after(gathering, 422, minutes=form)
    try:
        actions.write_minutes(gathering, by=me(), key=form.key.data, **form.answers | {"minutes": form.minutes.data})
    except MinutesMoved:
        form.minutes.errors = [
            "Sementara itu rekan lain mengubah notulen ini; tulisannya ada di bawah. Gabungkan, lalu simpan."
        ]
        form.was.data = edition_of(gathering.minutes)
        form.key.data = None
        return _after(gathering, 422, minutes=form)
    flash("Notulen disimpan.")
    return _back(gathering, "notulen")


# ---- What was decided ----


@bp.post("/<uuid:gathering_id>/keputusan")
@allowed("gathering", scope="gathering")
def decide(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    form = DecisionForm()
    if not form.validate():
        return _after(gathering, 422, decision=form)
    made = actions.decide(gathering, by=me(), key=form.key.data, **form.answers)
    return _back(gathering, "keputusan", made)


@bp.post("/keputusan/<uuid:decision_id>")
@allowed("gathering", scope="decision")
def settle_decision(decision_id):
    """Done, or with `batal` not done after all."""
    decision = queries.decision(decision_id, seen_by=me())
    actions.settle_decision(decision, is_done="batal" not in request.form, by=me(), key=sent_key())
    if htmx:
        about = {"decision": decision, "gathering": decision.gathering, "today": decision.gathering.day_of(now())}
        return render_template("gathering/_decision.html", **about)
    return _back(decision.gathering, "keputusan", decision)


@bp.post("/keputusan/<uuid:decision_id>/hapus")
@allowed("gathering", scope="decision")
def drop_decision(decision_id):
    decision = queries.decision(decision_id, seen_by=me())
    gathering = decision.gathering
    actions.drop_decision(decision, by=me(), key=sent_key())
    return "" if htmx else _back(gathering, "keputusan")


# ---- Photos ----


@bp.post("/<uuid:gathering_id>/foto")
@takes_files
@allowed("gathering", scope="gathering")
def add_photo(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    form = PhotoForm()
    if not form.validate():
        return _after(gathering, 422, photo=form)
    file = form.photo.data.read()
    try:
        drawn = photos.drawn_anew(file)
    except BadFile as refusal:
        form.photo.errors = [refusal.sentence]
        return _after(gathering, 422, photo=form)
    about = {"digest": hashlib.sha256(file).hexdigest(), "caption": form.caption.data or ""}
    made = actions.add_photo(gathering, **about, drawn=drawn, by=me(), key=form.key.data)
    flash("Foto disimpan.")
    return _back(gathering, "foto", made)


@bp.get("/foto/<uuid:photo_id>.jpg", defaults={"size": "jpeg"})
@bp.get("/foto/<uuid:photo_id>/kecil.jpg", defaults={"size": "small"})
@allowed("desk", scope="photo")
def photo(photo_id, size):
    """A photo never changes, so a browser that has it is told so; but it asks each time whether it still may."""
    shown = queries.photo(photo_id, seen_by=me())
    etag = f"{shown.id}-{size}"
    kept = {"Cache-Control": "private, no-cache"}
    if etag in request.if_none_match:
        return Response(status=304, headers=kept | {"ETag": f'"{etag}"'})
    answer = Response(getattr(shown, size), mimetype="image/jpeg", headers=kept)
    answer.set_etag(etag)
    return answer


@bp.post("/foto/<uuid:photo_id>/keterangan")
@allowed("gathering", scope="photo")
def caption_photo(photo_id):
    photo = queries.photo_to_change(photo_id, seen_by=me())
    form = CaptionForm()
    if form.validate():
        actions.caption_photo(photo, caption=form.caption.data or "", by=me(), key=form.key.data)
        flash("Keterangan foto disimpan.")
    else:
        flash(f"Keterangan foto belum disimpan. {next(iter(form.errors.values()))[0]}")
    return _back(photo.gathering, "foto", photo)


@bp.post("/foto/<uuid:photo_id>/hapus")
@allowed("gathering", scope="photo")
def drop_photo(photo_id):
    photo = queries.photo_to_change(photo_id, seen_by=me())
    gathering = photo.gathering
    actions.drop_photo(photo, by=me(), key=sent_key())
    flash("Foto dihapus.")
    return _back(gathering, "foto")
