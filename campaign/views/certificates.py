"""Certificates: made and printed by who arranged the gathering, and confirmed to anybody who holds one."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed, public
from campaign.actions.transaction import now
from campaign.actions.walls import count_wrong_token
from campaign.forms.afterwards import CertificateForm
from campaign.rules import codes
from campaign.rules.printed import Proof
from campaign.views.answers import done, me, sent_key
from campaign.views.gathering_papers import guest_of, occasion_of, sheet_of_paper, signer_of
from campaign.views.gatherings import bp as gathering_bp

bp = Blueprint("certificate", __name__, url_prefix="/sertifikat")

# Not handed on, not found by search machines, and in no copy of anybody's.
HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}


@gathering_bp.post("/<uuid:gathering_id>/sertifikat")
@allowed("gathering", scope="gathering")
def make_certificates(gathering_id):
    """For whoever was there and has none yet."""
    gathering, key = queries.gathering(gathering_id, seen_by=me()), sent_key()
    back = url_for(".after", gathering_id=gathering.id) + "#sertifikat"
    tail, is_settled = queries.number_tail(gathering)
    form = CertificateForm()
    if not is_settled and not form.validate():
        flash(f"Sertifikat belum dibuat. {next(iter(form.errors.values()))[0]}")
        return done(back, row=gathering)
    before = len(queries.certificates(gathering))
    actions.make_certificates(gathering, tail=tail if is_settled else form.tail.data, by=me(), key=key)
    made = len(queries.certificates(gathering)) - before
    flash(f"{made} sertifikat dibuat." if made else "Semua yang hadir sudah punya sertifikat.")
    return done(back, row=gathering)


@gathering_bp.get("/<uuid:gathering_id>/sertifikat.pdf")
@allowed("gathering", scope="gathering")
def all_certificates(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    made = queries.certificates(gathering)
    if not made:
        flash("Belum ada sertifikat.")
        return redirect(url_for(".after", gathering_id=gathering.id) + "#sertifikat", 303)
    return certificates_of(gathering, made, f"sertifikat-{gathering.on}")


@gathering_bp.get("/undangan/<uuid:invitee_id>/sertifikat.pdf")
@allowed("gathering", scope="invitee")
def one_certificate(invitee_id):
    invitee = queries.invitee(invitee_id, seen_by=me())
    gathering = queries.gathering(invitee.gathering_id, seen_by=me())
    return certificates_of(gathering, [queries.certificate_of(invitee)], f"sertifikat-{invitee.code}")


def certificates_of(gathering, made: list, name: str) -> Response:
    """These as a file to print."""
    address = url_for("certificate.typed", _external=True)
    proofs = [Proof(guest_of(one.invitee, gathering.kabupaten), one.number, one.code, address) for one in made]
    return sheet_of_paper("certificate", name, occasion_of(gathering), proofs, signer_of(gathering), now())


# ---- For anybody ----


@bp.get("")
@public
def typed():
    """A code typed from the paper leads to what it stands for."""
    if typed := request.args.get("kode", ""):
        return redirect(url_for(".confirm", certificate_code=codes.typed_ticket(typed)[:16] or "-"), 303)
    return Response(render_template("certificate/typed.html"), headers=HEADERS)


@bp.get("/<certificate_code>")
@public
def confirm(certificate_code):
    """Whether this certificate is true. What is none is answered alike, whatever was asked, and counted."""
    found = queries.certificate_by_code(certificate_code)
    if found is None:
        status = 429 if count_wrong_token(request.remote_addr or "", door="certificate", at=now()) else 404
        return Response(render_template("certificate/unknown.html"), status, HEADERS)
    about = {"certificate": found, "gathering": found.gathering, "is_valid": queries.is_valid(found)}
    return Response(render_template("certificate/confirmed.html", **about), headers=HEADERS)
