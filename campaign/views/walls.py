"""DPPKB's room: the links of walls. A link is shown once, when it is made; afterwards it can only be taken back."""

from datetime import timedelta

from flask import flash, render_template, url_for

from campaign import access, actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.actions.walls import token_of
from campaign.forms.walls import WallForm
from campaign.models import WallKind
from campaign.views.answers import done, me, sent_key
from campaign.views.dppkb import bp
from campaign.words import qr


@bp.get("/kampanye/<uuid:campaign_id>/dinding")
@allowed("campaign", scope="campaign")
def wall_list(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    today = campaign.day_of(now())
    last = max(today, campaign.closes_on + timedelta(days=campaign.grace_days))
    return _list(campaign, WallForm(today=today, until=last))


def _list(campaign, form):
    about = {"campaign": campaign, "form": form, "walls": queries.wall_list(campaign), "at": now()}
    return render_template("dppkb/walls.html", **about), 422 if form.errors else 200


@bp.post("/kampanye/<uuid:campaign_id>/dinding")
@allowed("campaign", scope="campaign")
def make_wall(campaign_id):
    """The link and its QR code, this once: only its digest is kept."""
    campaign = queries.campaign(campaign_id, seen_by=me())
    form = WallForm(today=campaign.day_of(now()))
    if not form.validate():
        return _list(campaign, form)
    about = {"kind": WallKind(form.kind.data), "name": form.name.data, "ends_at": form.ends_at(campaign.zone)}
    link = actions.make_wall(campaign, by=me(), key=form.key.data, **about)
    return shown_once(
        link, form.key.data, of=campaign, back=url_for(".wall_list", campaign_id=campaign.id), campaign=campaign
    )


def shown_once(link, key: str, **page):
    """The page with a link that was just made: its address is nowhere else."""
    address = url_for("wall.wall", wall_token=token_of(key, me()), _external=True)
    code = access.away_from_the_loop(qr, address)
    return render_template("dppkb/wall_made.html", link=link, address=address, code=code, **page)


@bp.post("/dinding/<uuid:wall_id>/cabut")
@allowed("campaign", scope="wall")
def revoke_wall(wall_id):
    link = taken_back(wall_id)
    return done(url_for(".wall_list", campaign_id=link.campaign_id))


def taken_back(wall_id):
    """The link of a wall, that opens nothing any more."""
    link = queries.wall_link(wall_id, seen_by=me())
    actions.revoke_wall(link, by=me(), key=sent_key())
    flash(f"Tautan “{link.name}” sudah dicabut. Layar yang terbuka berhenti dalam beberapa detik.")
    return link
