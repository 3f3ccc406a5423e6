"""Files of the office: what was handed in, what each row became, and what the database knows that a sheet may say again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import (
    Akseptor,
    Blackout,
    Campaign,
    Gathering,
    Import,
    ImportRow,
    Person,
    ServiceDay,
    ServicePoint,
    Weight,
)
from campaign.queries import scope, splits
from campaign.queries.learning import quiz_of, scored_list
from campaign.rules.roles import Role
from campaign.rules.verdicts import Verdict

ROWS_PER_PAGE = 50


def import_(import_id: UUID, *, seen_by) -> Import:
    """One file of her kabupaten. Raises NoSuch."""
    mine = (Import.id == import_id, Import.kabupaten_code == seen_by.kabupaten_code)
    return scope.one(select(Import).where(*mine).options(joinedload(Import.by)))


def import_list(*, seen_by, limit: int = 30) -> list[Import]:
    """The newest files."""
    mine = select(Import).where(Import.kabupaten_code == seen_by.kabupaten_code)
    mine = mine.options(joinedload(Import.by), joinedload(Import.campaign), joinedload(Import.gathering))
    return list(db.session.scalars(mine.order_by(Import.at.desc(), Import.id).limit(limit)))


def import_rows(of: Import, verdicts: Iterable[Verdict]) -> list[ImportRow]:
    """All rows with these verdicts, in the order of the file."""
    mine = select(ImportRow).where(ImportRow.import_id == of.id, ImportRow.verdict.in_(verdicts))
    return list(db.session.scalars(mine.order_by(ImportRow.sheet_no, ImportRow.row_no)))


def rows_to_take(of: Import):
    """What is written when the file is applied: only the columns that need it, there are many rows."""
    mine = (ImportRow.import_id == of.id, ImportRow.made_id.is_not(None))
    columns = (ImportRow.import_id, ImportRow.sheet_no, ImportRow.row_no, ImportRow.sealed, ImportRow.made_id)
    return db.session.execute(select(*columns).where(*mine).order_by(ImportRow.sheet_no, ImportRow.row_no))


def will_make(of: Import, rows: list[tuple[UUID, dict]]) -> bool:
    """Whether these rows are those kept now: each reading gives them other ids."""
    mine = (ImportRow.import_id == of.id, ImportRow.made_id == rows[0][0]) if rows else ()
    return bool(rows) and db.session.scalar(select(func.count()).select_from(ImportRow).where(*mine)) == 1


def import_page(of: Import, verdicts: Iterable[Verdict], page: int) -> tuple[list[ImportRow], int]:
    """One page of rows with these verdicts, and how many there are."""
    mine = (ImportRow.import_id == of.id, ImportRow.verdict.in_(verdicts))
    total = db.session.scalar(select(func.count()).select_from(ImportRow).where(*mine))
    rows = select(ImportRow).where(*mine).order_by(ImportRow.sheet_no, ImportRow.row_no)
    return list(db.session.scalars(rows.limit(ROWS_PER_PAGE).offset((page - 1) * ROWS_PER_PAGE))), total


# ---- What a sheet may say again ----


@dataclass
class KnownWomen:
    """Who stands in a campaign: blind indexes of NIK; and (name, birth date, desa)."""

    niks: set[bytes]
    people: set[tuple]


def known_women(campaign_id: UUID) -> KnownWomen:
    mine = (Akseptor.campaign_id == campaign_id, Akseptor.status.is_not(None))
    columns = select(Akseptor.nik_index, Akseptor.name, Akseptor.birth_date, Akseptor.desa_code)
    rows = db.session.execute(columns.where(*mine)).all()
    return KnownWomen({row.nik_index for row in rows} - {None}, {tuple(row[1:]) for row in rows})


def known_kader(kabupaten_code: str) -> set[tuple]:
    """(name, desa, jabatan, RW) of every kader with an account."""
    active = (Person.kabupaten_code == kabupaten_code, Person.role == Role.KADER, Person.disabled_at.is_(None))
    rows = db.session.execute(select(Person.name, Person.desa_code, Person.rw).where(*active))
    return {(name, desa, "sub_ppkbd" if rw else "ppkbd", rw) for name, desa, rw in rows}


def known_days(campaign: Campaign, *, today: date) -> dict:
    """The window, the places and the days a sheet of days is compared with."""
    points = select(ServicePoint).where(ServicePoint.kabupaten_code == campaign.kabupaten_code)
    points = list(db.session.scalars(points.order_by(ServicePoint.name)))
    off = select(Blackout.puskesmas_id, Blackout.on, Blackout.why)
    off = off.where(Blackout.kabupaten_code == campaign.kabupaten_code, Blackout.on >= today)
    days = select(ServiceDay.service_point_id, ServiceDay.on).where(ServiceDay.campaign_id == campaign.id)
    return {
        "today": today,
        "opens_on": campaign.opens_on,
        "closes_on": campaign.closes_on,
        "points": [(str(point.id), point.name) for point in points],
        "existing": {(str(id), on) for id, on in db.session.execute(days)},
        "off": {
            (str(point.id), on): why
            for puskesmas_id, on, why in db.session.execute(off)
            for point in points
            if puskesmas_id in (None, point.puskesmas_id)
        },
    }


def known_list(gathering: Gathering) -> dict:
    """Who is on the list with her marks, every kader of the kabupaten, and what a row of attendance is read by."""
    active = (
        Person.kabupaten_code == gathering.kabupaten_code,
        Person.role == Role.KADER,
        Person.disabled_at.is_(None),
    )
    kader = db.session.execute(select(Person.id, Person.name, Person.desa_code, Person.rw).where(*active))
    return {
        "listed": scored_list(gathering),
        "kader": [(str(id), *rest) for id, *rest in kader],
        "starts_at": gathering.starts_at,
        "late_at": gathering.late_at.astimezone(ZoneInfo(gathering.zone)).time(),
        "questions": len(quiz_of(gathering)),
    }


def known_weights(kabupaten_code: str) -> dict[str, dict[str, Fraction]]:
    """The newest columns: name → desa code → figure."""
    columns = {column.id: column.name for column in splits.weight_columns(kabupaten_code)}
    found = {name: {} for name in columns.values()}
    for weight in db.session.scalars(select(Weight).where(Weight.column_id.in_(columns))):
        found[columns[weight.column_id]][weight.desa_code] = weight.value
    return found
