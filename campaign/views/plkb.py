"""The PLKB's room: how her desa stand, and the way into their lists."""

from flask import Blueprint, redirect, render_template, url_for

from campaign import queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.views.answers import me

bp = Blueprint("plkb", __name__, url_prefix="/plkb")


@bp.get("/")
@allowed("akseptor_list")
def home():
    campaign_list = queries.campaign_list(seen_by=me())
    if len(campaign_list) == 1:
        return redirect(url_for(".desa_list", campaign_id=campaign_list[0].id), 303)
    return render_template("campaign_list.html", campaign_list=campaign_list, to="plkb.desa_list")


@bp.get("/<uuid:campaign_id>")
@allowed("akseptor_list", scope="campaign")
def desa_list(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    desa_list = queries.desa_of_plkb(me())
    return render_template(
        "plkb/desa_list.html",
        campaign=campaign,
        desa_list=desa_list,
        standings=queries.standings_of(campaign, [desa.code for desa in desa_list]),
        to_help=queries.to_help(campaign, seen_by=me(), today=campaign.day_of(now())),
    )
