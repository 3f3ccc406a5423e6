"""How complete what was written down is: per service point, for a puskesmas its own, for the office all of them."""

from flask import render_template

from campaign import queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.views.answers import me
from campaign.views.puskesmas import bp


@bp.get("/<uuid:campaign_id>/kelengkapan")
@allowed("completeness", scope="campaign")
def completeness(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    today = campaign.day_of(now())
    rows = queries.completeness_of(campaign, seen_by=me(), today=today)
    return render_template("puskesmas/completeness.html", campaign=campaign, today=today, rows=rows)
