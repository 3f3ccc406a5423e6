"""Where a person may look: conditions that go into every query, so that outside looks like unknown."""

from datetime import timedelta

from sqlalchemy import exists, false, select, true

from campaign.extensions import db
from campaign.models import (
    Akseptor,
    Booking,
    Campaign,
    Desa,
    Gathering,
    Invitee,
    Person,
    PlkbDesa,
    ServiceDay,
    ServicePoint,
    Stage,
    WorkingArea,
)
from campaign.rules.refusals import NoSuch
from campaign.rules.roles import Role

NEAR = timedelta(days=30)  # how far from today a booking opens her record to the puskesmas


def one(query):
    """The row this asks for: what does not exist and what is not hers to see are the same. Raises NoSuch."""
    found = db.session.scalars(query).first()
    if found is None:
        raise NoSuch
    return found


def campaigns_of(by):
    """Campaigns of her kabupaten; a draft is the office's own, and a rehearsal nothing for the bupati's office."""
    drafts = true() if by.role == Role.DPPKB else Campaign.stage != Stage.DRAFT
    real = ~Campaign.is_rehearsal if by.role == Role.BUPATI else true()
    return (Campaign.kabupaten_code == by.kabupaten_code) & drafts & real


def points_of(by):
    """The puskesmas she works at and the places it answers for; the office's are all of the kabupaten."""
    if by.role == Role.DPPKB:
        return ServicePoint.kabupaten_code == by.kabupaten_code
    if by.role == Role.PUSKESMAS:
        return (ServicePoint.id == by.service_point_id) | (ServicePoint.induk_id == by.service_point_id)
    return false()


def days_of(by):
    """Service days at her points."""
    return ServiceDay.service_point_id.in_(select(ServicePoint.id).where(points_of(by)))


def _in_kabupaten(by):
    return Akseptor.campaign_id.in_(select(Campaign.id).where(Campaign.kabupaten_code == by.kabupaten_code))


def akseptor_of(by, *, today):
    """Whose full record she may open: kader her desa or RW, plkb her desa, puskesmas who is booked there around now."""
    return Akseptor.status.is_not(None) & _hers(by, today)


def _hers(by, today):
    match by.role:
        case Role.KADER:
            hers = Akseptor.desa_code == by.desa_code
            return hers & (Akseptor.rw == by.rw) if by.rw else hers
        case Role.PLKB:
            return Akseptor.desa_code.in_(desa_of_plkb(by))
        case Role.PUSKESMAS:
            booked = select(Booking.id).join(ServiceDay, ServiceDay.id == Booking.service_day_id)
            near = ServiceDay.on.between(today - NEAR, today + NEAR)
            return exists(booked.where(Booking.akseptor_id == Akseptor.id, days_of(by), near))
        case Role.DPPKB:
            return _in_kabupaten(by)
    return false()


def bookable_of(by):
    """Whom she may give a seat: name, desa and status only. For a puskesmas that is its whole working area.

    Who lives outside the kabupaten is in nobody's area and on no kader's list: she is where she had a seat.
    """
    if by.role == Role.PUSKESMAS:
        area = select(WorkingArea.desa_code).where(WorkingArea.puskesmas_id == by.service_point_id)
        seated = select(Booking.id).join(ServiceDay, ServiceDay.id == Booking.service_day_id)
        seated = exists(seated.where(Booking.akseptor_id == Akseptor.id, days_of(by)))
        return Akseptor.desa_code.in_(area) | (Akseptor.desa_code.is_(None) & seated)
    return false()


def people_of(by):
    """Whose accounts she manages: the office everybody's, a PLKB those of the kader in the desa he looks after."""
    if by.role == Role.DPPKB:
        return Person.kabupaten_code == by.kabupaten_code
    if by.role == Role.PLKB:
        return (Person.role == Role.KADER) & Person.desa_code.in_(desa_of_plkb(by))
    return false()


def successors_of(person):
    """Who may take on a kader's women: the other active kader of her desa."""
    kader = (Person.role == Role.KADER) & (Person.desa_code == person.desa_code)
    return kader & Person.disabled_at.is_(None) & (Person.id != person.id)


def desa_of_plkb(by):
    return select(PlkbDesa.desa_code).where(PlkbDesa.person_id == by.id)


def desa_by_method(by):
    """Desa whose methods may be seen one by one: the office's all, a puskesmas those it works for; nobody else any."""
    if by.role == Role.DPPKB:
        return Desa.code.startswith(by.kabupaten_code + ".")
    if by.role == Role.PUSKESMAS:
        return Desa.code.in_(select(WorkingArea.desa_code).where(WorkingArea.puskesmas_id == by.service_point_id))
    return false()


def gatherings_of(by):
    """What she may arrange: the office everything, a PLKB what he called together himself."""
    if by.role == Role.DPPKB:
        return Gathering.kabupaten_code == by.kabupaten_code
    if by.role == Role.PLKB:
        return Gathering.made_by_id == by.id
    return false()


def desks_of(by):
    """Where she may write down who has come: PLKB help at every desk of their kabupaten."""
    if by.role in (Role.DPPKB, Role.PLKB):
        return Gathering.kabupaten_code == by.kabupaten_code
    return false()


def invitations_of(by):
    """Lists she stands on."""
    on_it = select(Invitee.gathering_id).where(Invitee.person_id == by.id, Invitee.status.is_not(None))
    return Gathering.id.in_(on_it)


def inviteable_of(by):
    """Whom of the register she may invite: the office everybody, a PLKB the kader of his desa and the officers of his kabupaten."""
    here = (Person.kabupaten_code == by.kabupaten_code) & Person.disabled_at.is_(None)
    if by.role == Role.DPPKB:
        return here
    if by.role == Role.PLKB:
        return here & ((Person.role != Role.KADER) | Person.desa_code.in_(desa_of_plkb(by)))
    return false()
