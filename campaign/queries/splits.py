"""Versions of the split, the columns they can be made from, and what a version changes."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from campaign.extensions import db
from campaign.models import Campaign, Desa, Person, Split, StageChange, Target, Weight, WeightColumn
from campaign.queries import campaigns, scope


@dataclass
class Row:
    """One desa in one version, beside what it has now."""

    desa: Desa
    target: Target
    before: int | None  # none: it had no target

    @property
    def change(self) -> int:
        return self.target.number - (self.before or 0)


ORDERS = {
    "desa": lambda row: row.desa.code,
    "nama": lambda row: row.desa.name,
    "bobot": lambda row: row.target.weight,
    "kuota": lambda row: row.target.quota,
    "sisa": lambda row: row.target.quota % 1,
    "target": lambda row: row.target.number,
    "beda": lambda row: row.change,
}


def split(split_id: UUID, campaign: Campaign) -> Split:
    """One version of this campaign. Raises NoSuch."""
    return scope.one(select(Split).where(Split.id == split_id, Split.campaign_id == campaign.id))


def current_split(campaign: Campaign) -> Split | None:
    return db.session.scalars(select(Split).where(Split.campaign_id == campaign.id, Split.is_current)).first()


def split_list(campaign: Campaign) -> list[tuple[Split, str | None]]:
    """Every version, the newest first, with the name of who made it."""
    versions = select(Split, Person.name).outerjoin(Person, Person.id == Split.by_id)
    return list(db.session.execute(versions.where(Split.campaign_id == campaign.id).order_by(Split.at.desc())))


def rows(version: Split, campaign: Campaign, *, order: str = "desa", is_down: bool = False) -> list[Row]:
    """The desa of a version in this order, each beside the accepted target."""
    now = {} if version.is_current else {code: t.number for code, t in campaigns.targets(campaign).items()}
    of_version = {t.desa_code: t for t in db.session.scalars(select(Target).where(Target.split_id == version.id))}
    desa_list = {desa.code: desa for desa in campaigns.every_desa(campaign.kabupaten_code)}
    found = [Row(desa_list[code], target, now.get(code)) for code, target in of_version.items()]
    found.sort(key=lambda row: row.desa.code)
    return sorted(found, key=ORDERS.get(order, ORDERS["desa"]), reverse=is_down)


def weight_columns(kabupaten_code: str) -> list[WeightColumn]:
    """The newest column of each name."""
    ours = select(WeightColumn).where(WeightColumn.kabupaten_code == kabupaten_code)
    found = db.session.scalars(ours.order_by(WeightColumn.at, WeightColumn.id))
    return list({column.name: column for column in found}.values())


def weight_sums(columns) -> dict[UUID, tuple]:
    """(sum, how many desa) of each of these columns."""
    sums = {column.id: [] for column in columns}
    for weight in db.session.scalars(select(Weight).where(Weight.column_id.in_(sums))):
        sums[weight.column_id].append(weight.value)
    return {id: (sum(values), len(values)) for id, values in sums.items()}


def stage_changes(campaign: Campaign) -> list[tuple[StageChange, str]]:
    """When it was opened, closed, unlocked, and by whom, the newest first."""
    changes = select(StageChange, Person.name).join(Person, Person.id == StageChange.by_id)
    mine = changes.where(StageChange.campaign_id == campaign.id).order_by(StageChange.at.desc())
    return list(db.session.execute(mine))
