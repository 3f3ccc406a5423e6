"""What followed a gathering: numbers of three groups of kader, told with due doubt."""

from flask import render_template

from campaign import queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.rules.effect import MOST_DAYS, Side, difference, may_be_chance
from campaign.views.answers import me
from campaign.views.gatherings import bp


@bp.get("/<uuid:gathering_id>/dampak")
@allowed("gathering", scope="gathering")
def effect(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    found = queries.effect(gathering, today=gathering.day_of(now()))
    about = {"gathering": gathering, "found": found, "sides": list(Side), "most_days": MOST_DAYS}
    about |= {"difference": difference, "may_be_chance": may_be_chance}
    return render_template("gathering/effect.html", came=Side.CAME, **about)
