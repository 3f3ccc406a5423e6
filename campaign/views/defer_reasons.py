"""DPPKB's room: the office's own reasons for a deferral, and after how long she may be booked again."""

from flask import flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.forms.service import DeferReasonsForm
from campaign.views.answers import done, me
from campaign.views.dppkb import bp
from campaign.words import defer_reasons


@bp.route("/sebab-tunda", methods=["GET", "POST"])
@allowed("campaign")
def deferring():
    reasons, form = defer_reasons(queries.defer_reasons(me().kabupaten_code)), DeferReasonsForm()
    if request.method == "POST":
        if form.read(request.form, {why.code for why in reasons}):
            actions.set_defer_reasons(me().kabupaten_code, reasons=form.rows, by=me(), key=form.key.data)
            flash("Daftar sebab sudah disimpan.")
            return done(url_for(".deferring"))
        reasons = form.typed or reasons
    return render_template("dppkb/defer_reasons.html", form=form, reasons=reasons), 422 if form.complaints else 200
