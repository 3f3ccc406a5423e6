"""Campaigns, their targets, and the places they are split over."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Campaign, Desa, Kabupaten, Kecamatan, PlkbDesa, Split, Stage, Target
from campaign.queries import scope


def campaign(campaign_id: UUID, *, seen_by) -> Campaign:
    """One campaign of her kabupaten. Raises NoSuch."""
    return scope.one(select(Campaign).where(Campaign.id == campaign_id, scope.campaigns_of(seen_by)))


def campaign_list(*, seen_by) -> list[Campaign]:
    """All she may see: open ones first, then by day."""
    mine = select(Campaign).where(scope.campaigns_of(seen_by))
    return list(
        db.session.scalars(mine.order_by(Campaign.stage != Stage.OPEN, Campaign.closes_on.desc(), Campaign.name))
    )


def rehearsal_of(campaign: Campaign) -> Campaign | None:
    """The gladi bersih of this campaign, while there is one."""
    return db.session.scalars(select(Campaign).where(Campaign.rehearses_id == campaign.id)).first()


def targets(campaign: Campaign) -> dict[str, Target]:
    """The accepted ones, by desa code."""
    accepted = (Split.campaign_id == campaign.id, Split.is_current)
    return {t.desa_code: t for t in db.session.scalars(select(Target).join(Split).where(*accepted))}


def promised(campaign: Campaign) -> dict[str, int]:
    """The accepted numbers, by desa code."""
    numbers = select(Target.desa_code, Target.number).join(Split)
    return dict(db.session.execute(numbers.where(Split.campaign_id == campaign.id, Split.is_current)).all())


def kabupaten(code: str) -> Kabupaten:
    return db.session.get_one(Kabupaten, code)


def desa_list(kabupaten_code: str) -> list[Desa]:
    """Every desa and kelurahan of the kabupaten with its kecamatan, by code; those that were split or merged are left out."""
    return list(db.session.scalars(desa_of(kabupaten_code).where(Desa.ended_on.is_(None))))


def every_desa(kabupaten_code: str) -> list[Desa]:
    """Those that were split or merged too: their women and old targets are still shown."""
    return list(db.session.scalars(desa_of(kabupaten_code)))


def desa_names(kabupaten_code: str) -> list:
    """Code, name and end of every desa of the kabupaten, by code."""
    inside = select(Desa.code, Desa.name, Desa.ended_on).join(Kecamatan)
    return db.session.execute(inside.where(Kecamatan.kabupaten_code == kabupaten_code).order_by(Desa.code)).all()


def desa_of(kabupaten_code: str):
    """The select of its desa, each with its kecamatan, by code."""
    inside = select(Desa).join(Kecamatan).where(Kecamatan.kabupaten_code == kabupaten_code)
    return inside.options(joinedload(Desa.kecamatan)).order_by(Desa.code)


def kecamatan_list(kabupaten_code: str) -> list[Kecamatan]:
    inside = select(Kecamatan).where(Kecamatan.kabupaten_code == kabupaten_code)
    return list(db.session.scalars(inside.order_by(Kecamatan.code)))


def desa(code: str | None) -> Desa | None:
    return db.session.get(Desa, code, options=[joinedload(Desa.kecamatan)]) if code else None


def desa_of_plkb(by) -> list[Desa]:
    """The desa this PLKB looks after."""
    hers = select(Desa).join(PlkbDesa, PlkbDesa.desa_code == Desa.code).where(PlkbDesa.person_id == by.id)
    return list(db.session.scalars(hers.options(joinedload(Desa.kecamatan)).order_by(Desa.code)))
