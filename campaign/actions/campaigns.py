"""What the office says about a campaign: step by step as a draft, then open, closed, locked, unlocked."""

from datetime import timedelta

from sqlalchemy import select

from campaign.actions.deeds import Claim, deed
from campaign.extensions import db
from campaign.models import Campaign, Kabupaten, Split, Stage, StageChange, Target
from campaign.rules import setup
from campaign.rules.refusals import NotSettled, TargetNotReady, WrongStage
from campaign.rules.setup import SetupStep


@deed("create_campaign")
def create_campaign(claim: Claim, *, name: str, settled=(SetupStep.NAME,), **answers) -> Campaign:
    """A new campaign, as a draft. What is not said yet is proposed."""
    zone = answers.get("zone") or db.session.get_one(Kabupaten, claim.by.kabupaten_code).zone
    campaign = Campaign(kabupaten_code=claim.by.kabupaten_code, name=name, stage=Stage.DRAFT, zone=zone)
    today = campaign.day_of(claim.at)
    proposed = {
        "opens_on": today,
        "closes_on": today + setup.SPAN,
        "headline": 0,
        "counted_methods": list(setup.COUNTED_METHODS),
        "counted_participants": list(setup.COUNTED_PARTICIPANTS),
        "settled": list(settled),
    }
    _write(campaign, proposed | answers)
    db.session.add(campaign)
    db.session.flush()
    return campaign


@deed("settle")
def settle(claim: Claim, campaign: Campaign, *, step: SetupStep, **answers) -> Campaign:
    """Say one part of a campaign, or say it anew. Every board shows it at once.

    Once it runs, its headline is changed by a new split only: raises WrongStage.
    """
    if campaign.stage != Stage.DRAFT and answers.get("headline", campaign.headline) != campaign.headline:
        raise WrongStage
    _write(campaign, answers | {"settled": [s for s in SetupStep if s in {*campaign.settled, step}]})
    if set(campaign.headline_parts) - set(setup.promises(campaign.counted_methods)):
        campaign.headline_parts = {}  # a method that no longer counts was promised: the parts are asked again
    campaign.revision = Campaign.revision + 1
    db.session.flush()
    return campaign


def _write(campaign: Campaign, answers: dict) -> None:
    for name, value in answers.items():
        setattr(campaign, name, value)


@deed("open_campaign")
def open_campaign(claim: Claim, campaign: Campaign) -> Campaign:
    """From now on kader register and the boards move. Also opens a closed campaign again.

    Raises NotSettled while a part is only proposed, TargetNotReady when the accepted shares do not make the headline.
    """
    if missing := setup.missing(campaign.settled):
        raise NotSettled(missing)
    accepted = select(Target.number).join(Split).where(Split.campaign_id == campaign.id, Split.is_current)
    total = sum(db.session.scalars(accepted))
    if total != campaign.headline:
        raise TargetNotReady(campaign.headline, total)
    _write(campaign, {"stage": Stage.OPEN, "closed_at": None, "unlocked_until": None})
    return _noted(claim, campaign, "opened")


@deed("close_campaign")
def close_campaign(claim: Claim, campaign: Campaign) -> Campaign:
    """No more is registered or booked. Results may still be written for the days of grace, then it is locked."""
    if campaign.stage != Stage.OPEN:
        raise WrongStage
    _write(campaign, {"stage": Stage.CLOSED, "closed_at": claim.at, "unlocked_until": None})
    return _noted(claim, campaign, "closed")


@deed("unlock_campaign")
def unlock_campaign(claim: Claim, campaign: Campaign, *, days: int, why: str) -> Campaign:
    """Results that were forgotten may be written for some days more. Who did this and why stays on the campaign's page."""
    if campaign.stage == Stage.DRAFT:
        raise WrongStage
    campaign.unlocked_until = claim.at + timedelta(days=days)
    return _noted(claim, campaign, "unlocked", why)


def _noted(claim: Claim, campaign: Campaign, what: str, why: str = "") -> Campaign:
    db.session.add(StageChange(campaign_id=campaign.id, at=claim.at, by_id=claim.by.id, what=what, why=why))
    campaign.revision = Campaign.revision + 1
    db.session.flush()
    return campaign
