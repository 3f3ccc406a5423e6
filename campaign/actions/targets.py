"""Sharing the headline out: a proposal is reckoned, looked at, and accepted or dropped. Accepted versions stay."""

from fractions import Fraction
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update

from campaign.actions.deeds import Claim, deed
from campaign.extensions import db
from campaign.models import Campaign, Split, Stage, Target, Weight, WeightColumn
from campaign.queries.campaigns import desa_list
from campaign.rules import setup
from campaign.rules.apportionment import Share, Way, split
from campaign.rules.margins import margins
from campaign.rules.refusals import InUse, NoSuch, NotCurrent
from campaign.rules.weights import mix as mixed


@deed("propose_split")
def propose(
    claim: Claim,
    campaign: Campaign,
    *,
    headline: int,
    headline_parts: dict[str, int],
    mix: list[dict],
    way: Way,
    is_kecamatan_first: bool,
    least: int,
    locked: dict[str, int],
    by_method: bool,
    by_week: bool,
    why: str,
) -> Split:
    """Reckon how the headline would be shared out. Nothing changes on any board until it is accepted.

    `mix` names the weight columns with their percentages, none for all desa alike. Of proposals only the newest is kept.
    Raises what `apportionment.split` and `weights.mix` raise.
    """
    shares = split(
        headline,
        _weights(campaign, mix),
        way=way,
        least=least,
        locked=locked,
        group_of=(lambda code: code[:8]) if is_kecamatan_first else None,
    )
    drop_proposals(campaign)
    version = Split(
        id=uuid4(),
        campaign_id=campaign.id,
        at=claim.at,
        by_id=claim.by.id,
        why=why,
        headline=headline,
        way=way,
        is_kecamatan_first=is_kecamatan_first,
        least=least,
        mix=mix,
        methods=headline_parts if by_method else {},
        weeks=_weeks(campaign, headline) if by_week else [],
    )
    db.session.add(version)
    db.session.flush()
    write_targets(version, shares)
    return version


def _weights(campaign: Campaign, mix: list[dict]) -> dict[str, Fraction]:
    codes = [desa.code for desa in desa_list(campaign.kabupaten_code)]
    if not mix:
        return dict.fromkeys(codes, Fraction(1))
    columns = []
    for part in mix:
        figures = select(Weight.desa_code, Weight.value).join(WeightColumn)
        ours = (WeightColumn.kabupaten_code == campaign.kabupaten_code, WeightColumn.id == UUID(part["column_id"]))
        found = dict(db.session.execute(figures.where(*ours)).all())
        if not found:
            raise NoSuch
        columns.append((Fraction(part["percent"]), {code: found.get(code, Fraction(0)) for code in codes}))
    return columns[0][1] if len(columns) == 1 else mixed(columns)


def _weeks(campaign: Campaign, headline: int) -> list[dict]:
    """The headline over the campaign's weeks, by their working days."""
    days = {first.isoformat(): working for first, working in setup.weeks(campaign.opens_on, campaign.closes_on)}
    return [{"from": first, "number": share.seats} for first, share in split(headline, days).items()]


def write_targets(version: Split, shares: dict[str, Share]) -> None:
    """The desa of one version, with the parts by method and week where it has them: every sum in them is exact."""
    cells = _cells(version, {code: share.seats for code, share in shares.items()})
    rows = [
        {
            "split_id": version.id,
            "desa_code": code,
            "weight": Fraction(share.weight),
            "quota": share.quota,
            "number": share.seats,
            "is_locked": share.is_locked,
            "is_least": share.at_least,
            "cells": cells.get(code, {}),
        }
        for code, share in shares.items()
    ]
    db.session.execute(insert(Target), rows)


def _cells(version: Split, numbers: dict[str, int]) -> dict[str, dict[str, list[int]]]:
    if not (version.methods or version.weeks):
        return {}
    by_method = margins(numbers, version.methods) if version.methods else {code: {"": n} for code, n in numbers.items()}
    if not version.weeks:
        return {code: {method: [n] for method, n in parts.items()} for code, parts in by_method.items()}
    rows = {f"{code} {method}": n for code, parts in by_method.items() for method, n in parts.items()}
    by_week = margins(rows, {week["from"]: week["number"] for week in version.weeks})
    return {
        code: {method: list(by_week[f"{code} {method}"].values()) for method in parts}
        for code, parts in by_method.items()
    }


@deed("accept_split")
def accept(claim: Claim, version: Split) -> Split:
    """From now on these are the targets, on every board. A draft's headline must still be the one that was shared out.

    Raises NotCurrent when it is not, or when the version was accepted before.
    """
    campaign = db.session.get_one(Campaign, version.campaign_id)
    if version.accepted_at or (campaign.stage == Stage.DRAFT and version.headline != campaign.headline):
        raise NotCurrent
    db.session.execute(update(Split).where(Split.campaign_id == campaign.id).values(is_current=False))
    version.is_current, version.accepted_at, version.accepted_by_id = True, claim.at, claim.by.id
    campaign.headline = version.headline
    if version.methods or sum(campaign.headline_parts.values()) != version.headline:
        campaign.headline_parts = version.methods
    campaign.revision = Campaign.revision + 1
    db.session.flush()
    return version


@deed("drop_split")
def drop(claim: Claim, version: Split) -> None:
    """This proposal is not wanted. Raises InUse for a version that was ever accepted."""
    if version.accepted_at:
        raise InUse
    drop_proposals(db.session.get_one(Campaign, version.campaign_id))


def drop_proposals(campaign: Campaign) -> None:
    proposals = select(Split.id).where(Split.campaign_id == campaign.id, Split.accepted_at.is_(None))
    db.session.execute(delete(Target).where(Target.split_id.in_(proposals)))
    db.session.execute(delete(Split).where(Split.campaign_id == campaign.id, Split.accepted_at.is_(None)))


def write_weights(kabupaten_code: str, name: str, figures: dict[str, Fraction], *, by_id, at, id=None) -> WeightColumn:
    """A new column of weights, inside an open transaction. An older one of the same name stays, for what was split by it."""
    column = WeightColumn(id=id or uuid4(), kabupaten_code=kabupaten_code, name=name, at=at, by_id=by_id)
    db.session.add(column)
    db.session.flush()
    rows = [{"column_id": column.id, "desa_code": code, "value": value} for code, value in figures.items()]
    db.session.execute(insert(Weight), rows)
    return column
