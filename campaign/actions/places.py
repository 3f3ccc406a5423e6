"""Where the work happens: service points and their working areas, desa that are renamed, split or merged, the map."""

from sqlalchemy import delete, insert, select, update

from campaign.actions.deeds import Claim, deed
from campaign.extensions import db
from campaign.models import (
    Campaign,
    Desa,
    Jenis,
    Kabupaten,
    Kecamatan,
    Person,
    PointKind,
    ServicePoint,
    Shape,
    WorkingArea,
)
from campaign.rules.refusals import InUse, NameTaken, NoSuch


@deed("add_point")
def add_point(claim: Claim, *, name: str, kind: PointKind, kecamatan_code: str, induk_id=None) -> ServicePoint:
    """A place where service days happen. A new puskesmas works for every desa of its kecamatan. Raises NameTaken."""
    point = write_point(claim.by.kabupaten_code, name=name, kind=kind, kecamatan_code=kecamatan_code, induk_id=induk_id)
    if kind == PointKind.PUSKESMAS:
        inside = select(Desa.code).where(Desa.kecamatan_code == kecamatan_code, Desa.ended_on.is_(None))
        work_for(point, db.session.scalars(inside))
    return point


def write_point(kabupaten_code: str, **columns) -> ServicePoint:
    same = (ServicePoint.kabupaten_code == kabupaten_code, ServicePoint.name == columns["name"])
    if db.session.scalar(select(ServicePoint.id).where(*same)):
        raise NameTaken(columns["name"])
    point = ServicePoint(kabupaten_code=kabupaten_code, **columns)
    db.session.add(point)
    db.session.flush()
    return point


def work_for(point: ServicePoint, desa_codes) -> None:
    """Say which desa this puskesmas works for."""
    db.session.execute(delete(WorkingArea).where(WorkingArea.puskesmas_id == point.id))
    rows = [{"puskesmas_id": point.id, "desa_code": code} for code in desa_codes]
    if rows:
        db.session.execute(insert(WorkingArea), rows)
    show_on_boards(point.kabupaten_code)


def show_on_boards(kabupaten_code: str) -> None:
    """Something every board of this kabupaten stands on has changed: they read it anew."""
    its = Campaign.kabupaten_code == kabupaten_code
    db.session.execute(update(Campaign).where(its).values(revision=Campaign.revision + 1))


# ---- Wilayah ----


def jenis_of(code: str) -> Jenis:
    """What the first digit of a desa code's last block says: 1 kelurahan, 2 desa, 3 desa adat."""
    return {"1": Jenis.KELURAHAN, "3": Jenis.DESA_ADAT}.get(code[9], Jenis.DESA)


@deed("rename_area")
def rename_area(claim: Claim, area: Kecamatan | Desa, *, name: str) -> None:
    """It is called otherwise now; its code, its people and its numbers stay."""
    area.name = name
    show_on_boards(claim.by.kabupaten_code)


@deed("add_area")
def add_area(claim: Claim, *, code: str, name: str) -> None:
    """A kecamatan or desa that the national list does not know yet, after a split. Raises NameTaken, NoSuch kecamatan."""
    show_on_boards(claim.by.kabupaten_code)
    is_kecamatan = len(code) == 8
    if db.session.get(Kecamatan if is_kecamatan else Desa, code):
        raise NameTaken(code)
    if is_kecamatan:
        db.session.add(Kecamatan(code=code, name=name, kabupaten_code=claim.by.kabupaten_code))
        return
    if db.session.get(Kecamatan, code[:8]) is None:
        raise NoSuch
    db.session.add(Desa(code=code, name=name, jenis=jenis_of(code), kecamatan_code=code[:8]))


@deed("end_desa")
def end_desa(claim: Claim, desa: Desa) -> None:
    """It was split or merged away: it gets no more targets. Its people stay readable. Raises InUse while a kader works there."""
    if db.session.scalar(select(Person.id).where(Person.desa_code == desa.code, Person.disabled_at.is_(None))):
        raise InUse
    desa.ended_on = desa.kecamatan.kabupaten.day_of(claim.at)
    show_on_boards(claim.by.kabupaten_code)


@deed("revive_desa")
def revive_desa(claim: Claim, desa: Desa) -> None:
    """That was a mistake: it is there."""
    desa.ended_on = None
    show_on_boards(claim.by.kabupaten_code)


@deed("draw_map", apart=frozenset({"paths"}))
def draw_map(claim: Claim, *, box: str | None, digest: str, paths: list[dict]) -> None:
    """The outlines of our areas from the office's file; none of them: back to the tile map. `digest` is the file's."""
    kabupaten = db.session.get_one(Kabupaten, claim.by.kabupaten_code)
    db.session.execute(delete(Shape).where(Shape.kabupaten_code == kabupaten.code))
    kabupaten.map_box = box
    if paths:
        db.session.execute(insert(Shape), [path | {"kabupaten_code": kabupaten.code} for path in paths])
