"""DPPKB's room: its campaigns, and the count checked against the ledger. Its other pages stand beside this module."""

from flask import Blueprint, flash, redirect, render_template, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.views.answers import me, sent_key

bp = Blueprint("dppkb", __name__, url_prefix="/dppkb")


@bp.get("/")
@allowed("campaign")
def home():
    about = {"campaign_list": queries.campaign_list(seen_by=me())}
    return render_template("dppkb/home.html", transfers_waiting=queries.transfers_waiting(seen_by=me()), **about)


@bp.get("/hitung-ulang")
@allowed("recount")
def recount():
    return render_template("dppkb/recount.html", differences=queries.differences(), jobs=queries.jobs())


@bp.post("/hitung-ulang")
@allowed("recount")
def mend():
    sent_key()
    found = actions.mend()
    flash(f"{len(found)} selisih diperbaiki." if found else "Tidak ada selisih.")
    return redirect(url_for(".recount"), 303)
