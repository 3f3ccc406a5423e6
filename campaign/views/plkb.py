"""The PLKB's room: how his desa stand, the way into their lists, and the cards of his kader."""

from flask import Blueprint, flash, redirect, render_template, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.views.answers import choose_campaign, me, sent_key
from campaign.views.cards import printed

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


# ---- His kader ----


@bp.get("/kader")
@allowed("reset_kader")
def kader_list():
    kader_list, _total = queries.person_list(seen_by=me(), size=1_000)
    about = {"kader_list": kader_list, "last_seen": queries.last_seen(kader_list)}
    return render_template("plkb/kader_list.html", kabupaten=queries.kabupaten(me().kabupaten_code), **about)


@bp.get("/kader/<uuid:person_id>")
@allowed("reset_kader", scope="kader")
def kader(person_id):
    person = queries.person(person_id, seen_by=me())
    about = {"person": person, "devices": queries.devices_of(person)}
    return render_template("plkb/kader.html", kabupaten=queries.kabupaten(me().kabupaten_code), **about)


@bp.post("/kader/<uuid:person_id>/kartu")
@allowed("reset_kader", scope="kader")
def new_card(person_id):
    person, key = queries.person(person_id, seen_by=me()), sent_key()
    actions.make_cards(people=[person], whom={"person_id": person.id}, by=me(), key=key)
    return printed(key, url_for(".kader", person_id=person_id))


@bp.post("/kader/<uuid:person_id>/perangkat/<uuid:her_device_id>/cabut")
@allowed("reset_kader", scope="kader")
def revoke_device(person_id, her_device_id):
    device = queries.device(her_device_id, of=queries.person(person_id, seen_by=me()))
    actions.revoke_device(device, by=me(), key=sent_key())
    flash("Perangkat dicabut dan sudah dikeluarkan.")
    return redirect(url_for(".kader", person_id=person_id), 303)
