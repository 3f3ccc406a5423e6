"""Links of walls: made, taken back; and the lobby's rows, renewed by the clock so that nobody learns a minute."""

from base64 import urlsafe_b64encode
from datetime import datetime

from sqlalchemy import update

from campaign import queries
from campaign.actions import keeping, tries
from campaign.actions.deeds import Claim, deed, dialect, upsert
from campaign.actions.transaction import now, run, tried_again, writing
from campaign.extensions import db
from campaign.models import Campaign, Gathering, LobbyRow, Stage, WallKind, WallLink
from campaign.queries.walls import wall_token_digest
from campaign.rules.banding import is_due, moves_with, shown
from campaign.rules.refusals import TooManyTries, WrongStage
from campaign.sealed import keys

ROW = LobbyRow.__table__

# ---- Links ----


def token_of(key: str, by) -> str:
    """A link's 256 bits: the same whenever the same form comes again, and nothing without our key file."""
    keeping.refuse_without_key()
    return urlsafe_b64encode(keys.digest(f"wall|{key}|{by.id}".encode())).decode().rstrip("=")


@deed("make_wall")
def make_wall(claim: Claim, campaign: Campaign, *, kind: WallKind, name: str, ends_at: datetime) -> WallLink:
    """Let a screen show this campaign without a sign-in, until then. Raises WrongStage for a draft."""
    if campaign.stage == Stage.DRAFT:
        raise WrongStage
    link = _link(claim, campaign_id=campaign.id, kind=kind, name=name, ends_at=ends_at)
    if kind == WallKind.LOBI:
        _renew(campaign, at=claim.at)  # a lobby that opens now must not wait for the clock
    return link


@deed("make_hall_wall")
def make_hall_wall(claim: Claim, gathering: Gathering, *, name: str, ends_at: datetime) -> WallLink:
    """Let a screen in the hall show who has come, and the way in, until then."""
    return _link(claim, gathering_id=gathering.id, kind=WallKind.AULA, name=name, ends_at=ends_at)


def _link(claim: Claim, **about) -> WallLink:
    link = WallLink(token_digest=wall_token_digest(token_of(claim.key, claim.by)), **about)
    link.made_at, link.made_by_id = claim.at, claim.by.id
    db.session.add(link)
    db.session.flush()
    return link


@deed("revoke_wall")
def revoke_wall(claim: Claim, link: WallLink) -> None:
    """This link opens nothing any more; screens that are open say so within seconds."""
    standing = (WallLink.id == link.id, WallLink.revoked_at.is_(None))
    db.session.execute(update(WallLink).where(*standing).values(revoked_at=claim.at, revoked_by_id=claim.by.id))


def count_wrong_token(address: str, *, door: str = "wall", at: datetime | None = None) -> bool:
    """A link, or the code of a certificate, that is none was asked for from this address; whether that was once too often.

    Nobody guesses so many bits: this keeps a flood from costing more than a look. A screen whose link has ended must not shut its
    office out of signing in, so it is not counted with the passphrases.
    """
    at, who = at or now(), tries.index_of(door, address)
    try:
        tries.wrong(tries.begin(who, door, None, at=at), at=at)
    except TooManyTries:
        return True
    return False


# ---- The lobby ----


def minute_of(campaign_id, code: str) -> int:
    """At which minute of the hour this area's rows are renewed: its own, and nobody outside can work it out."""
    return int.from_bytes(keys.digest(f"lobby|{campaign_id}|{code}".encode())[:4], "big") % 60


def renew_lobby(campaign: Campaign, *, at: datetime) -> int:
    """Renew the rows whose minute it is, and fill the missing ones. Answers how many."""

    def attempt():
        with writing():
            return _renew(campaign, at=at)

    return tried_again(attempt)


def _renew(campaign: Campaign, *, at: datetime) -> int:
    kept = queries.lobby_rows(campaign.id)
    live = queries.served_by_desa(campaign)
    told = {code: kept[code].served if code in kept else 0 for code in live}
    bands, due = shown(told), []
    for code in live:
        minute = minute_of(campaign.id, moves_with(code, bands))
        if code not in kept or is_due(kept[code].at, minute, at):
            due.append(code)
    for code in due:
        row = {"campaign_id": campaign.id, "desa_code": code, "served": live[code], "at": at, "revision": 1}
        moved = {"served": live[code], "at": at}
        if code in kept:
            moved["revision"] = kept[code].revision + (kept[code].served != live[code])
        renewing = upsert(ROW, dialect()).values(row)
        run(renewing.on_conflict_do_update(index_elements=["campaign_id", "desa_code"], set_=moved))
    return len(due)
