"""The PLKB's room: how her desa stand, and the way into their lists."""

from flask import Blueprint, render_template

from campaign import queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.views.answers import choose_campaign, me

bp = Blueprint("plkb", __name__, url_prefix="/plkb")


@bp.get("/")
@allowed("akseptor_list")
def home():
    return choose_campaign("plkb.desa_list")


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
