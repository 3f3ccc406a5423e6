"""Walls: which links stand, and what the lobby shows. The lobby never reads the live tally, only the rows renewed by the clock."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Campaign, Gathering, LobbyRow, Stage, WallKind, WallLink
from campaign.queries import campaigns, days, scope
from campaign.queries.board import standings_of
from campaign.queries.by_day import OUTSIDE
from campaign.rules import pace as paces
from campaign.rules.banding import WHOLE, Band, shown
from campaign.rules.roles import Role

# ---- Links ----


def wall_token_digest(token: str) -> bytes:
    """What is kept of a link: nobody guesses its 256 random bits, so no key is needed, and a wall works without the key file."""
    return hashlib.sha256(f"wall|{token}".encode()).digest()


def wall_by_token(token: str, *, at: datetime) -> WallLink | None:
    """The link behind this address, while it stands and its campaign is no draft."""
    asked = (
        select(WallLink).outerjoin(Campaign).where(WallLink.token_digest == wall_token_digest(token), *_standing(at))
    )
    is_shown = WallLink.gathering_id.is_not(None) | (Campaign.stage != Stage.DRAFT)
    return db.session.scalars(asked.where(is_shown).options(*OF)).first()


OF = (joinedload(WallLink.campaign), joinedload(WallLink.gathering))


def walls_standing(wall_ids: set[UUID], at: datetime) -> set[UUID]:
    """Those of these walls that may stay open."""
    return set(db.session.scalars(select(WallLink.id).where(WallLink.id.in_(wall_ids), *_standing(at))))


def _standing(at: datetime):
    return WallLink.revoked_at.is_(None), WallLink.ends_at > at


def wall_list(of: Campaign | Gathering) -> list[WallLink]:
    """Every link of this campaign or gathering, the newest first."""
    its = WallLink.campaign_id if isinstance(of, Campaign) else WallLink.gathering_id
    made = select(WallLink).where(its == of.id).options(joinedload(WallLink.made_by))
    return list(db.session.scalars(made.order_by(WallLink.made_at.desc())))


def wall_link(wall_id: UUID, *, seen_by) -> WallLink:
    """One link of a campaign of her kabupaten, or of a gathering she arranges. Raises NoSuch."""
    hers = scope.gatherings_of(seen_by)
    if seen_by.role == Role.DPPKB:
        hers |= Campaign.kabupaten_code == seen_by.kabupaten_code
    asked = select(WallLink).outerjoin(Campaign).outerjoin(Gathering).where(WallLink.id == wall_id, hers)
    return scope.one(asked.options(*OF))


# ---- The lobby ----


@dataclass(frozen=True)
class Banded:
    """One area as the lobby shows it."""

    code: str
    name: str
    target: int
    served: Band


@dataclass
class Lobby:
    """What the lobby shows of a campaign: everything in it may be seen by anybody."""

    total: Banded
    kecamatan_list: list[Banded]
    desa_lists: dict[str, list[Banded]]  # by kecamatan code
    days_left: int
    needed_per_day: int | None  # not said while it would tell a small number
    version: int


def lobby_version(campaign_id: UUID) -> int:
    """Grows with every change of what the lobby shows; it counts renewals, not services."""
    rows = select(func.coalesce(func.sum(LobbyRow.revision), 0)).where(LobbyRow.campaign_id == campaign_id)
    counted = select(Campaign.revision + rows.scalar_subquery()).where(Campaign.id == campaign_id)
    return int(db.session.scalar(counted) or 0)


def lobby_rows(campaign_id: UUID) -> dict[str, LobbyRow]:
    """What was last told of each desa, by its code."""
    rows = select(LobbyRow).where(LobbyRow.campaign_id == campaign_id)
    return {row.desa_code: row for row in db.session.scalars(rows)}


def served_by_desa(campaign: Campaign) -> dict[str, int]:
    """What counts now, live, of each desa, and under "" from outside where that counts too: what the rows are renewed from."""
    codes = [desa.code for desa in campaigns.desa_names(campaign.kabupaten_code)]
    codes += [OUTSIDE] if campaign.counts_outsiders else []
    return {code: standing.served for code, standing in standings_of(campaign, codes).items()}


def lobbies(at: datetime) -> list[Campaign]:
    """Campaigns somebody shows in a lobby."""
    shown_there = select(WallLink.campaign_id).where(WallLink.kind == WallKind.LOBI, *_standing(at))
    return list(db.session.scalars(select(Campaign).where(Campaign.id.in_(shown_there)).order_by(Campaign.id)))


def lobby(campaign: Campaign, *, today: date) -> Lobby:
    """The lobby's board: sums of the rows shown, small numbers banded."""
    told = {code: row.served for code, row in lobby_rows(campaign.id).items()}
    if not campaign.counts_outsiders:
        told.pop(OUTSIDE, None)
    every_desa = campaigns.every_desa(campaign.kabupaten_code)
    bands = shown({desa.code: 0 for desa in every_desa} | told)
    promised = campaigns.promised(campaign)
    kecamatan_list, desa_lists = [], {}
    for kecamatan in campaigns.kecamatan_list(campaign.kabupaten_code):
        inside = [desa for desa in every_desa if desa.kecamatan_code == kecamatan.code]
        desa_lists[kecamatan.code] = [
            Banded(desa.code, desa.name, promised.get(desa.code, 0), bands[desa.code])
            for desa in inside
            if desa.ended_on is None or promised.get(desa.code) or bands[desa.code].high
        ]
        target = sum(desa.target for desa in desa_lists[kecamatan.code])
        nothing = Band(0, 0)  # a kecamatan without a desa
        kecamatan_list.append(Banded(kecamatan.code, kecamatan.name, target, bands.get(kecamatan.code, nothing)))
    total = Banded(campaign.kabupaten_code, campaign.name, campaign.headline, bands[WHOLE])
    left = days.days_left(campaign, today=today)
    needed = paces.needed_per_day(total.target, total.served.low, left) if total.served.is_exact else None
    return Lobby(total, kecamatan_list, desa_lists, left, needed, lobby_version(campaign.id))
