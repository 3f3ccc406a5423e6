"""The day's message: its text to copy and send, its picture, its sheet of paper; and those of earlier days."""

from datetime import date
from urllib.parse import quote

from flask import Response, redirect, render_template, url_for

from campaign import actions, papers, queries
from campaign.access import allowed, away_from_the_loop
from campaign.actions.transaction import now
from campaign.models import Stage
from campaign.papers import telling
from campaign.rules.digest import Numbers
from campaign.rules.refusals import NoSuch
from campaign.rules.roles import may
from campaign.views.answers import me, sent_key
from campaign.views.board import bp


@bp.get("/<uuid:campaign_id>/rekap", defaults={"day_text": None})
@bp.get("/<uuid:campaign_id>/rekap/<day_text>")
@allowed("whole_board", scope="campaign")
def digest(campaign_id, day_text):
    """The newest one, or that of a day."""
    campaign = queries.campaign(campaign_id, seen_by=me())
    digest_list = queries.digest_list(campaign)
    shown = _told(campaign, day_text) if day_text else digest_list[0] if digest_list else None
    about = {"campaign": campaign, "shown": shown, "today": campaign.day_of(now()), "digest_list": digest_list}
    about["may_make"] = may(me().role, "make_digest") and campaign.stage != Stage.DRAFT
    if shown:
        text = telling.text(Numbers.read(shown.told))
        about |= {"text": text, "send_to": f"https://wa.me/?text={quote(text)}"}
    return render_template("board/digest.html", **about)


@bp.post("/<uuid:campaign_id>/rekap")
@allowed("make_digest", scope="campaign")
def make_digest(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    actions.make_digest(campaign, by=me(), key=sent_key())
    return redirect(url_for(".digest", campaign_id=campaign_id), 303)


@bp.get("/<uuid:campaign_id>/rekap/<day_text>/rekap.png")
@allowed("whole_board", scope="campaign")
def digest_picture(campaign_id, day_text):
    return _drawn(campaign_id, day_text, "png", "image/png")


@bp.get("/<uuid:campaign_id>/rekap/<day_text>/rekap.pdf")
@allowed("whole_board", scope="campaign")
def digest_paper(campaign_id, day_text):
    return _drawn(campaign_id, day_text, "pdf", "application/pdf")


def _told(campaign, day_text: str):
    """What was told that day. Raises NoSuch."""
    try:
        return queries.digest(campaign, date.fromisoformat(day_text))
    except ValueError as error:
        raise NoSuch from error


def _drawn(campaign_id, day_text: str, form: str, mimetype: str) -> Response:
    shown = _told(queries.campaign(campaign_id, seen_by=me()), day_text)
    file = away_from_the_loop(papers.drawn, "digest", form, Numbers.read(shown.told))
    named = {"Content-Disposition": f'inline; filename="rekap-{shown.on}.{form}"'}
    return Response(file, mimetype=mimetype, headers=named)
