"""What kader registered, and what their women were served with, before and after a gathering; by who came and who did not."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from campaign.extensions import db
from campaign.models import Akseptor, Campaign, Gathering, Invitee, Person, Service, Stage
from campaign.rules.attendance import HERE
from campaign.rules.effect import Change, Side, Spans, spans
from campaign.rules.roles import Role


@dataclass(frozen=True)
class Effect:
    """Both things by group; and what else happened in those days: campaigns begun or ended, other gatherings."""

    spans: Spans
    registered: dict[Side, Change]
    served: dict[Side, Change]
    campaigns: list[Campaign]
    gatherings: list[Gathering]


def effect(gathering: Gathering, *, today: date) -> Effect | None:
    """None as long as not one whole day has passed since."""
    told = spans(gathering.on, today)
    if told is None:
        return None
    side = _sides(gathering)
    return Effect(
        told,
        _changes(side, *(_registered(gathering, *days) for days in (told.before, told.after))),
        _changes(side, *(_served(gathering, *days) for days in (told.before, told.after))),
        _campaigns(gathering, told),
        _gatherings(gathering, told),
    )


def _sides(gathering: Gathering) -> dict[UUID, Side]:
    """Every kader of the kabupaten who works now. Whose invitation was taken back counts as not invited."""
    kader = (Person.kabupaten_code == gathering.kabupaten_code, Person.role == Role.KADER, Person.disabled_at.is_(None))
    on_list = (Invitee.gathering_id == gathering.id) & (Invitee.person_id == Person.id)
    rows = db.session.execute(select(Person.id, Invitee.status).outerjoin(Invitee, on_list).where(*kader))
    return {
        id: Side.CAME if status in HERE else Side.STAYED_AWAY if status else Side.NOT_INVITED for id, status in rows
    }


def _changes(side: dict[UUID, Side], before: dict[UUID, int], after: dict[UUID, int]) -> dict[Side, Change]:
    kader, *counted = Counter(side.values()), Counter(), Counter()
    for sums, told in zip(counted, (before, after), strict=True):
        for id, number in told.items():
            if id in side:
                sums[side[id]] += number
    return {each: Change(kader[each], counted[0][each], counted[1][each]) for each in Side}


def _real(gathering: Gathering):
    """Women of real campaigns who are still there: no rehearsal, no import taken back."""
    campaigns = select(Campaign.id).where(Campaign.kabupaten_code == gathering.kabupaten_code, ~Campaign.is_rehearsal)
    return Akseptor.status.is_not(None) & Akseptor.campaign_id.in_(campaigns) & Akseptor.kader_id.is_not(None)


def _registered(gathering: Gathering, first: date, last: date) -> dict[UUID, int]:
    """By kader, on these days of the kabupaten's clock."""
    zone = ZoneInfo(gathering.zone)
    begins, ends = (datetime.combine(on, time(), zone) for on in (first, last + timedelta(days=1)))
    here = (_real(gathering), Akseptor.registered_at >= begins, Akseptor.registered_at < ends)
    rows = select(Akseptor.kader_id, func.count()).where(*here).group_by(Akseptor.kader_id)
    return dict(db.session.execute(rows).all())


def _served(gathering: Gathering, first: date, last: date) -> dict[UUID, int]:
    """By kader: each standing service of a woman of hers, under the day it was given."""
    here = (_real(gathering), Service.undone_at.is_(None), Service.served_on.between(first, last))
    rows = select(Akseptor.kader_id, func.count()).join(Service, Service.akseptor_id == Akseptor.id)
    return dict(db.session.execute(rows.where(*here).group_by(Akseptor.kader_id)).all())


def _campaigns(gathering: Gathering, told: Spans) -> list[Campaign]:
    days = (told.before[0], told.after[1])
    here = (Campaign.kabupaten_code == gathering.kabupaten_code, Campaign.stage != Stage.DRAFT, ~Campaign.is_rehearsal)
    moved = or_(Campaign.opens_on.between(*days), Campaign.closes_on.between(*days))
    return list(db.session.scalars(select(Campaign).where(*here, moved).order_by(Campaign.opens_on, Campaign.id)))


def _gatherings(gathering: Gathering, told: Spans) -> list[Gathering]:
    here = (Gathering.kabupaten_code == gathering.kabupaten_code, Gathering.id != gathering.id, ~Gathering.is_cancelled)
    near = Gathering.on.between(told.before[0], told.after[1])
    return list(db.session.scalars(select(Gathering).where(*here, near).order_by(Gathering.on, Gathering.id).limit(20)))
