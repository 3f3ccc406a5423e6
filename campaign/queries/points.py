"""Which desa a puskesmas works for."""

from collections import defaultdict

from sqlalchemy import select

from campaign.extensions import db
from campaign.models import ServicePoint, WorkingArea


def works_for(point: ServicePoint) -> list[str]:
    """The codes of the desa in its working area."""
    area = select(WorkingArea.desa_code).where(WorkingArea.puskesmas_id == point.id)
    return list(db.session.scalars(area.order_by(WorkingArea.desa_code)))


def others_there(point: ServicePoint) -> dict[str, list[str]]:
    """By desa code, the other puskesmas that work for it."""
    names = select(WorkingArea.desa_code, ServicePoint.name).join(
        ServicePoint, ServicePoint.id == WorkingArea.puskesmas_id
    )
    ours = (ServicePoint.kabupaten_code == point.kabupaten_code, ServicePoint.id != point.id)
    found = defaultdict(list)
    for code, name in db.session.execute(names.where(*ours).order_by(ServicePoint.name)):
        found[code].append(name)
    return found
