"""The day's message is told: its numbers are kept as they are at that moment, and every copy of it is drawn from them."""

from campaign.actions.deeds import Claim, deed, dialect, upsert
from campaign.actions.transaction import run
from campaign.models import Campaign, Digest, Stage
from campaign.queries.digests import numbers
from campaign.rules.refusals import WrongStage


@deed("make_digest")
def make_digest(claim: Claim, campaign: Campaign) -> None:
    """Tell the day as it stands now. Told again later, the newer numbers stand. A draft has none: raises WrongStage."""
    if campaign.stage == Stage.DRAFT:
        raise WrongStage
    told = numbers(campaign, at=claim.at)
    said = {"at": claim.at, "told": told.as_json()}
    telling = upsert(Digest, dialect()).values(campaign_id=campaign.id, on=told.on, **said)
    # Two at once: the later look stands, whoever comes to the table last.
    run(telling.on_conflict_do_update(index_elements=["campaign_id", "on"], set_=said, where=Digest.at <= claim.at))
