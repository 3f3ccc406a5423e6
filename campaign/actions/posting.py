"""Who works where: a kader moves or stops, a PLKB looks after desa, a puskesmas works for an area."""

from uuid import UUID

from sqlalchemy import delete, insert, select, update

from campaign.actions import keeping, sessions
from campaign.actions.deeds import Claim, deed
from campaign.actions.places import work_for
from campaign.extensions import db
from campaign.models import Akseptor, Kabupaten, Person, PlkbDesa, ServicePoint
from campaign.queries import scope
from campaign.rules.journey import UNDERWAY
from campaign.rules.refusals import NoSuch


@deed("move_kader")
def move_kader(claim: Claim, person: Person, *, desa_code: str, rw: str | None, successor_id: UUID | None) -> Person:
    """She works in another desa or RW now. Whom she leaves behind, her successor takes on; what she wrote stays hers.

    Raises NoSuch for a successor who is no kader of the old desa.
    """
    before = {"desa_code": person.desa_code, "rw": person.rw}
    stays = Akseptor.desa_code == desa_code
    hand_over(person, to=successor_id, but=stays & (Akseptor.rw == rw) if rw else stays)
    person.desa_code, person.rw = desa_code, rw
    after = {"desa_code": desa_code, "rw": rw, "successor": str(successor_id) if successor_id else None}
    change = {"person_id": person.id, "before": before, "after": after}
    keeping.note_changes("moved", change, at=claim.at, by_id=claim.by.id)
    sessions.end_all(person.id, at=claim.at)
    return person


def hand_over(person: Person, *, to: UUID | None, but=None) -> None:
    """Her women who are still underway, `but` some, go to another kader of her desa, or to none: then her PLKB sees them.

    Served and withdrawn ones are history. Raises NoSuch.
    """
    if to and not db.session.scalar(select(Person.id).where(Person.id == to, scope.successors_of(person))):
        raise NoSuch
    hers = [Akseptor.kader_id == person.id, Akseptor.status.in_(UNDERWAY)]
    if but is not None:
        hers.append(~but)
    # A newer revision: who is booking her at this very moment reads her again.
    handing = update(Akseptor).where(*hers).values(kader_id=to, revision=Akseptor.revision + 1)
    db.session.execute(handing, execution_options={"synchronize_session": False})


@deed("look_after")
def assign_plkb(claim: Claim, person: Person, *, desa_codes: tuple[str, ...]) -> Person:
    """Which desa this PLKB looks after from now on."""
    before = db.session.scalars(select(PlkbDesa.desa_code).where(PlkbDesa.person_id == person.id)).all()
    look_after(person.id, desa_codes)
    change = {"person_id": person.id, "before": {"desa": sorted(before)}, "after": {"desa": sorted(desa_codes)}}
    keeping.note_changes("desa", change, at=claim.at, by_id=claim.by.id)
    return person


def look_after(person_id: UUID, desa_codes) -> None:
    """Say which desa this PLKB looks after."""
    db.session.execute(delete(PlkbDesa).where(PlkbDesa.person_id == person_id))
    if desa_codes:
        db.session.execute(insert(PlkbDesa), [{"person_id": person_id, "desa_code": code} for code in desa_codes])


@deed("working_area")
def set_working_area(claim: Claim, point: ServicePoint, *, desa_codes: tuple[str, ...]) -> ServicePoint:
    """Which desa this puskesmas works for; a desa may have two."""
    work_for(point, desa_codes)
    return point


@deed("level_names")
def name_levels(claim: Claim, *, ppkbd_name: str, sub_ppkbd_name: str) -> None:
    """What the two levels of kader are called here."""
    kabupaten = db.session.get_one(Kabupaten, claim.by.kabupaten_code)
    kabupaten.ppkbd_name, kabupaten.sub_ppkbd_name = ppkbd_name, sub_ppkbd_name
