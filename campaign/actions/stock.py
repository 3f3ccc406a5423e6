"""The stock book of a puskesmas: sets received, handed on, lost, counted, and used by the services of its points.

A rehearsal uses nothing: its women do not exist. In every deed the book comes last in the order of locks.
"""

from datetime import date

from sqlalchemy import bindparam, func, insert, select, update

from campaign.actions.deeds import Claim, deed, dialect, upsert
from campaign.actions.transaction import run
from campaign.extensions import db
from campaign.models import ServiceDay, ServicePoint, Stock, StockKind, StockLine
from campaign.queries.stock import keeps_book, promised, sets_on_hand
from campaign.rules.methods import HAS_SETS, Family, Method
from campaign.rules.refusals import BadDate, StockShort
from campaign.rules.service_facts import Source

LINE, STOCK = StockLine.__table__, Stock.__table__
WRITE = insert(LINE)
UNSAID = Source.APBN  # where nobody says who paid: nearly every set is the centre's
LOCK = update(STOCK).where(STOCK.c.puskesmas_id == bindparam("row")).values(on_hand=STOCK.c.on_hand)

# What a person writes into the book, and whether it makes the heap larger.
WRITTEN = {StockKind.RECEIVED: +1, StockKind.HANDED_ON: -1, StockKind.LOST: -1}


@deed("write_stock")
def write_stock(
    claim: Claim, puskesmas: ServicePoint, *, kind: StockKind, method: Method, source: Source, number: int, on: date
) -> None:
    """A line for what came or went. Raises BadDate for a day that has not come."""
    _refuse_future(puskesmas, claim, on)
    _book(claim, puskesmas.id, method, source, kind, WRITTEN[kind] * number, on)


@deed("count_stock")
def count_stock(
    claim: Claim, puskesmas: ServicePoint, *, method: Method, source: Source, number: int, on: date
) -> None:
    """Stock opname: so many lay there on that day. The difference to the book is written; where there is none, that is kept, too,
    as no line. Raises BadDate.
    """
    _refuse_future(puskesmas, claim, on)
    run(LOCK, row=puskesmas.id)  # nobody uses one between our reading and our writing
    here = (StockLine.puskesmas_id == puskesmas.id, StockLine.method == method, StockLine.source == source)
    # Counted on Friday, written down on Monday: what came and went after that day was not counted.
    told = select(func.coalesce(func.sum(StockLine.number), 0)).where(*here, StockLine.on <= on)
    _book(claim, puskesmas.id, method, source, StockKind.COUNTED, number - int(db.session.scalar(told)), on)


def use(claim: Claim, booking_day: ServiceDay, method: Method, source: Source | None, on: date) -> None:
    """One set was used at this day's point, where its puskesmas keeps a book. Inside a deed, after everything else."""
    if book := _book_of(booking_day, method):
        _book(claim, book, method, source or UNSAID, StockKind.USED, -1, on)


def give_back(claim: Claim, day: ServiceDay, method: Method, source: Source | None, on: date) -> None:
    """That service was none: the set lies there still. Only what the book says was used on that day comes back."""
    book, source = _book_of(day, method), source or UNSAID
    if not book:
        return
    same = (StockLine.puskesmas_id == book, StockLine.method == method, StockLine.source == source, StockLine.on == on)
    moved = select(func.coalesce(func.sum(StockLine.number), 0)).where(*same)
    if db.session.scalar(moved.where(StockLine.kind.in_([StockKind.USED, StockKind.GIVEN_BACK]))) < 0:
        _book(claim, book, method, source, StockKind.GIVEN_BACK, +1, on)


def refuse_more_than_there_are(day: ServiceDay, families: set[Family], claim: Claim) -> None:
    """Raises StockShort where, with this day as it is now, more sets are promised than lie there.

    The book is held, so that two days opened at once do not both count on the last sets.
    """
    puskesmas_id, today = day.service_point.puskesmas_id, day.campaign.day_of(claim.at)
    if day.campaign.is_rehearsal or not keeps_book(puskesmas_id):
        return
    run(LOCK, row=puskesmas_id)
    there, told = sets_on_hand(puskesmas_id), promised(puskesmas_id, today=today)
    for family in sorted(families & HAS_SETS.keys()):
        if told[family] > there[family]:
            raise StockShort(family, there[family], told[family])


def _book_of(day: ServiceDay, method: Method):
    """The puskesmas in whose book a set used on this day stands, or None."""
    puskesmas_id = day.service_point.puskesmas_id
    has_sets = any(method in methods for methods in HAS_SETS.values())
    return puskesmas_id if has_sets and not day.campaign.is_rehearsal and keeps_book(puskesmas_id) else None


def _refuse_future(puskesmas: ServicePoint, claim: Claim, on: date) -> None:
    if on > puskesmas.kabupaten.day_of(claim.at):
        raise BadDate


def _book(claim: Claim, puskesmas_id, method, source, kind: StockKind, number: int, on: date) -> None:
    where = {"puskesmas_id": puskesmas_id, "method": method, "source": source}
    adding = upsert(STOCK, dialect()).values(**where, on_hand=number)
    more = {"on_hand": STOCK.c.on_hand + adding.excluded.on_hand}
    run(adding.on_conflict_do_update(index_elements=["puskesmas_id", "method", "source"], set_=more))
    if number:
        about = {"kind": kind, "number": number, "on": on}
        run(WRITE, **where, **about, written_at=claim.at, by_id=claim.by.id, deed_id=claim.id)
