"""The puskesmas's room, referrals: whom others have sent to our places and wait for an answer, and whom we sent on."""

from uuid import UUID

from flask import flash, render_template, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.forms.service import AnswerForm
from campaign.views.answers import choose_campaign, done, me, refused
from campaign.views.puskesmas import bp


@bp.get("/rujukan")
@allowed("answer_referral")
def referrals_home():
    return choose_campaign("puskesmas.referrals")


@bp.get("/<uuid:campaign_id>/rujukan")
@allowed("answer_referral", scope="campaign")
def referrals(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    return render_template("puskesmas/referrals.html", **_page(campaign))


def _page(campaign) -> dict:
    form = AnswerForm(formdata=None, day_list=_days(campaign))
    to_us = queries.referred_to_us(campaign, seen_by=me())
    return {"campaign": campaign, "to_us": to_us, "by_us": queries.referred_by_us(campaign, seen_by=me()), "form": form}


def _days(campaign) -> list:
    today = campaign.day_of(now())
    days = queries.day_list(campaign, seen_by=me())
    return [day for day in days if day.on >= today and not day.is_cancelled and day.free > 0][:40]


@bp.post("/rujukan/<uuid:referral_id>")
@allowed("answer_referral", scope="referral")
def answer_referral(referral_id):
    referral = queries.referral(referral_id, seen_by=me())
    campaign, name = referral.akseptor.campaign, referral.akseptor.name
    form = AnswerForm(day_list=_days(campaign))
    if not form.validate():
        page = "puskesmas/referrals.html"
        return refused(page, page=page, **_page(campaign) | {"form": form})
    day = queries.service_day(UUID(form.day.data), seen_by=me()) if form.day.data else None
    actions.answer_referral(referral, day=day, by=me(), key=form.key.data)
    flash(
        f"{name} sudah dijadwalkan."
        if day
        else f"{name} dikembalikan: puskesmas dan kadernya dapat menjadwalkannya lagi."
    )
    return done(url_for(".referrals", campaign_id=campaign.id), row=referral)
