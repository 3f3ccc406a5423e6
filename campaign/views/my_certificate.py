"""A participant's own certificate, for her phone."""

from flask import Blueprint

from campaign import queries
from campaign.access import allowed
from campaign.rules.refusals import NoCertificate
from campaign.views.answers import me
from campaign.views.certificates import certificates_of

bp = Blueprint("coming", __name__)


@bp.get("/sertifikat-saya/<uuid:meeting_id>.pdf")
@allowed("come", scope="meeting")
def my_certificate(meeting_id):
    """Of a gathering she is invited to. Raises NoCertificate."""
    gathering = queries.gathering_invited_to(meeting_id, seen_by=me())
    hers = queries.my_invitation(gathering, me())
    if hers is None:
        raise NoCertificate
    return certificates_of(gathering, [queries.certificate_of(hers)], f"sertifikat-{hers.code}")
