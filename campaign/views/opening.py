"""The puskesmas's room, breaking the glass: one record by its whole NIK, for a reason, and the list of all who did so."""

from flask import render_template, request

from campaign import actions, queries
from campaign.access import allowed, refreshes_itself
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.forms.service import FindForm
from campaign.queries.places import known_regions
from campaign.views.answers import choose_campaign, me
from campaign.views.puskesmas import bp


@bp.get("/cari")
@allowed("find")
def find_home():
    return choose_campaign("puskesmas.find")


@bp.route("/<uuid:campaign_id>/cari", methods=["GET", "POST"])
@allowed("find", scope="campaign")
def find(campaign_id):
    """The record stands in the answer to this form and nowhere else: it has no address that could be kept or passed on."""
    campaign = queries.campaign(campaign_id, seen_by=me())
    form = FindForm(today=campaign.day_of(now()), regions=known_regions())
    page = {"campaign": campaign, "form": form, "her": None, "is_nobody": False}
    if request.method == "GET":
        return render_template("puskesmas/find.html", **page)
    if not form.validate():
        return render_template("puskesmas/find.html", **page), 422
    her = queries.by_nik(campaign, form.nik.data)
    actions.log_opening("glass", by=me(), akseptor_id=her.id if her else None, reason=form.reason.data)
    if her is None:
        return render_template("puskesmas/find.html", **page | {"is_nobody": True})
    return render_template("puskesmas/found.html", **page | _record(her))


def _record(her) -> dict:
    booking = queries.bookings_of([her]).get(her.id)
    return {
        "her": her,
        "booking": booking,
        "service": queries.service_of(her),
        "phone": queries.phones_of([her]).get(her.id),
    }


@bp.get("/dibuka")
@allowed("opened")
@refreshes_itself
def opened_list():
    """Each sees her own, the head all of the puskesmas, who manages DPPKB the whole kabupaten: within a few seconds."""
    version = str(queries.last_opened(seen_by=me()))
    if htmx.target == "opened" and request.args.get("v") == version:
        return "", 204
    page = {"rows": queries.opened_list(seen_by=me()), "version": version, "sees_all": me().is_head or me().is_admin}
    page |= {"zone": queries.kabupaten(me().kabupaten_code).zone}
    return render_template("puskesmas/_opened.html" if htmx.target == "opened" else "puskesmas/opened.html", **page)
