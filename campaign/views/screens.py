"""The room of gatherings: screens in the hall, by a link that is shown once and can be taken back."""

from flask import render_template, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.forms.walls import ScreenForm
from campaign.views.answers import done, me
from campaign.views.gatherings import bp
from campaign.views.walls import shown_once, taken_back


@bp.get("/<uuid:gathering_id>/layar")
@allowed("gathering", scope="gathering")
def screens(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    today = gathering.day_of(now())
    return _list(gathering, ScreenForm(today=today, until=max(today, gathering.on)))


def _list(gathering, form):
    about = {"gathering": gathering, "form": form, "walls": queries.wall_list(gathering), "at": now()}
    return render_template("gathering/screens.html", **about), 422 if form.errors else 200


@bp.post("/<uuid:gathering_id>/layar")
@allowed("gathering", scope="gathering")
def make_screen(gathering_id):
    """The link and its QR code, this once: only its digest is kept."""
    gathering = queries.gathering(gathering_id, seen_by=me())
    form = ScreenForm(today=gathering.day_of(now()))
    if not form.validate():
        return _list(gathering, form)
    about = {"name": form.name.data, "ends_at": form.ends_at(gathering.zone)}
    link = actions.make_hall_wall(gathering, by=me(), key=form.key.data, **about)
    return shown_once(link, form.key.data, of=gathering, back=url_for(".screens", gathering_id=gathering.id))


@bp.post("/layar/<uuid:screen_id>/cabut")
@allowed("gathering", scope="screen")
def revoke_screen(screen_id):
    link = taken_back(screen_id)
    return done(url_for(".screens", gathering_id=link.gathering_id))
