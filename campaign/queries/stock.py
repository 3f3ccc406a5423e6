"""The stock book: what lies there, what is promised on coming days, and its lines."""

from collections import Counter
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Campaign, DaySeats, PointKind, ServiceDay, ServicePoint, Stock, StockKind, StockLine
from campaign.queries import scope
from campaign.rules.methods import FAMILY, HAS_SETS, Family

LINES = 60  # of the book on one page


def book_list(*, seen_by) -> list[ServicePoint]:
    """Whose books she may open: puskesmas and hospitals, who answer for themselves."""
    own = select(ServicePoint).where(scope.points_of(seen_by), ServicePoint.induk_id.is_(None))
    keepers = own.where(ServicePoint.kind.in_([PointKind.PUSKESMAS, PointKind.RUMAH_SAKIT]))
    return list(db.session.scalars(keepers.order_by(ServicePoint.name)))


def book(point_id, *, seen_by) -> ServicePoint:
    """One of those. Raises NoSuch."""
    mine = select(ServicePoint).where(ServicePoint.id == point_id, scope.points_of(seen_by))
    return scope.one(mine.where(ServicePoint.induk_id.is_(None)))


def keeps_book(puskesmas_id) -> bool:
    """Whether this puskesmas has begun to write its book."""
    return db.session.scalar(select(StockLine.id).where(StockLine.puskesmas_id == puskesmas_id).limit(1)) is not None


def stock_of(puskesmas: ServicePoint) -> list[Stock]:
    """By method and source, how many sets the book says lie there."""
    kept = select(Stock).where(Stock.puskesmas_id == puskesmas.id).order_by(Stock.method, Stock.source)
    return list(db.session.scalars(kept))


def stock_lines(puskesmas: ServicePoint) -> list[StockLine]:
    """The newest lines of the book."""
    kept = select(StockLine).where(StockLine.puskesmas_id == puskesmas.id).options(joinedload(StockLine.by))
    return list(db.session.scalars(kept.order_by(StockLine.id.desc()).limit(LINES)))


def sets_on_hand(puskesmas_id) -> Counter:
    """By family, how many sets lie there; one source is as good as another."""
    there = select(Stock.method, func.sum(Stock.on_hand)).where(Stock.puskesmas_id == puskesmas_id)
    found = Counter()
    for method, number in db.session.execute(there.group_by(Stock.method)):
        found[FAMILY[method]] += int(number)
    return found


def promised(puskesmas_id, *, today: date) -> Counter:
    """By family, how many sets the days from today on count on; of today's those that were used are gone already."""
    here = (ServicePoint.id == puskesmas_id) | (ServicePoint.induk_id == puskesmas_id)
    days = (
        select(DaySeats.family, ServiceDay.on, func.sum(DaySeats.seats))
        .select_from(DaySeats)
        .join(ServiceDay)
        .join(ServicePoint)
        .join(Campaign, Campaign.id == ServiceDay.campaign_id)
        .where(here, ServiceDay.on >= today, ~ServiceDay.is_cancelled, ~Campaign.is_rehearsal)
    )
    found, todays = Counter(), Counter()
    for family, on, seats in db.session.execute(days.group_by(DaySeats.family, ServiceDay.on)):
        (todays if on == today else found)[family] += int(seats)
    gone = _used_on(puskesmas_id, today)
    for family, seats in todays.items():
        found[family] += max(seats - gone[family], 0)
    return Counter({family: number for family, number in found.items() if family in HAS_SETS})


def _used_on(puskesmas_id, on: date) -> Counter:
    lines = select(StockLine.method, func.sum(StockLine.number)).where(
        StockLine.puskesmas_id == puskesmas_id,
        StockLine.on == on,
        StockLine.kind.in_([StockKind.USED, StockKind.GIVEN_BACK]),
    )
    found: Counter[Family] = Counter()
    for method, number in db.session.execute(lines.group_by(StockLine.method)):
        found[FAMILY[method]] -= int(number)
    return found
