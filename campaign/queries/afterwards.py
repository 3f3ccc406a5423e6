"""After a gathering: what was decided and is still open, its photos, its certificates and whether one of them is true."""

from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Certificate, Decision, Desa, Gathering, Invitee, Person, Photo
from campaign.queries import scope
from campaign.rules.attendance import HERE
from campaign.rules.printed import tail_of
from campaign.rules.refusals import NoCertificate


def invitees_with_phone(gathering: Gathering, *, seen_by) -> set[UUID]:
    """Whom she could write to; the numbers stay sealed. A desk takes anybody who comes, but opens no number of another's kader."""
    asked = select(Invitee.id).join(Person).where(Invitee.gathering_id == gathering.id, scope.inviteable_of(seen_by))
    return set(db.session.scalars(asked.where(Person.phone_sealed.is_not(None))))


# ---- What was decided ----


def decisions(gathering: Gathering) -> list[Decision]:
    """Those of this gathering, what is due first at the top."""
    return _decisions(Decision.gathering_id == gathering.id)


def open_decisions(gathering: Gathering, *, seen_by) -> list[Decision]:
    """What earlier gatherings of the same row, or on the same level for the same area, left to do."""
    alike = and_(
        Gathering.kabupaten_code == gathering.kabupaten_code,
        Gathering.tier == gathering.tier,
        Gathering.area_code == gathering.area_code if gathering.area_code else Gathering.area_code.is_(None),
        Gathering.rw == gathering.rw,
    )
    same = or_(alike, Gathering.series_id == gathering.series_id) if gathering.series_id else alike
    earlier = (Gathering.id != gathering.id, Gathering.on <= gathering.on, scope.desks_of(seen_by))
    return _decisions(Decision.done_at.is_(None), same, *earlier)


def _decisions(*conditions) -> list[Decision]:
    asked = select(Decision).join(Gathering).where(*conditions).options(joinedload(Decision.gathering))
    order = (Decision.due_on.is_(None), Decision.due_on, Gathering.on, Decision.what, Decision.id)
    return list(db.session.scalars(asked.order_by(*order)))


def decision(decision_id: UUID, *, seen_by) -> Decision:
    """One of a gathering she arranges. Raises NoSuch."""
    return _one(Decision, decision_id, scope.gatherings_of(seen_by))


# ---- Photos ----


def photos(gathering: Gathering) -> list[Photo]:
    """In the order they came in; without their bytes."""
    return list(
        db.session.scalars(select(Photo).where(Photo.gathering_id == gathering.id).order_by(Photo.at, Photo.id))
    )


def photo(photo_id: UUID, *, seen_by) -> Photo:
    """One of a gathering at whose desk she may sit. Raises NoSuch."""
    return _one(Photo, photo_id, scope.desks_of(seen_by))


def photo_to_change(photo_id: UUID, *, seen_by) -> Photo:
    """One of a gathering she arranges. Raises NoSuch."""
    return _one(Photo, photo_id, scope.gatherings_of(seen_by))


def _one(table, row_id: UUID, condition):
    asked = select(table).join(Gathering).where(table.id == row_id, condition).options(joinedload(table.gathering))
    return scope.one(asked)


# ---- Certificates ----


# She still stands as having been there, at a gathering that took place.
HOLDS = (Invitee.status.in_(HERE), Certificate.gathering.has(Gathering.is_cancelled.is_(False)))


def certificates(gathering: Gathering) -> list[Certificate]:
    """Those that hold: of who was there herself, by number."""
    return _certificates(Certificate.gathering_id == gathering.id, *HOLDS)


def certificate_of(invitee: Invitee) -> Certificate:
    """Hers. Raises NoCertificate where none was made, or it does not hold any more."""
    found = _certificates_of(invitee)
    if not found:
        raise NoCertificate
    return found[0]


def has_certificate(invitee: Invitee) -> bool:
    """Is there one of hers that holds?"""
    return bool(_certificates_of(invitee))


def _certificates_of(invitee: Invitee) -> list[Certificate]:
    return _certificates(Certificate.invitee_id == invitee.id, *HOLDS)


def certificate_by_code(code: str) -> Certificate | None:
    """What the code on a certificate stands for; whether it still holds is asked of `is_valid`."""
    return next(iter(_certificates(Certificate.code == code)), None)


def is_valid(certificate: Certificate) -> bool:
    """Whether she still stands as having been there, at a gathering that took place."""
    return certificate.invitee.status in HERE and not certificate.gathering.is_cancelled


def _certificates(*conditions) -> list[Certificate]:
    whose = joinedload(Certificate.invitee)
    all_of_it = (
        whose.joinedload(Invitee.person),
        whose.joinedload(Invitee.desa).joinedload(Desa.kecamatan),
        joinedload(Certificate.gathering).joinedload(Gathering.kabupaten),
    )
    asked = select(Certificate).join(Invitee).where(*conditions).options(*all_of_it)
    return list(db.session.scalars(asked.order_by(Certificate.serial)))


def number_tail(gathering: Gathering) -> tuple[str, bool]:
    """How the numbers of its certificates end, and whether that is settled because some were made."""
    made = select(Certificate.number).where(Certificate.gathering_id == gathering.id).limit(1)
    if number := db.session.scalar(made):
        return number.partition("/")[2], True
    elsewhere = (
        select(Certificate.number)
        .join(Gathering)
        .where(Gathering.kabupaten_code == gathering.kabupaten_code, Certificate.serial == 1)
    )
    taken = {number.partition("/")[2] for number in db.session.scalars(elsewhere)}
    earlier = 0
    while (tail := tail_of(gathering.kind, gathering.on, earlier)) in taken:
        earlier += 1
    return tail, False
