"""The papers of a gathering before and on its day: letters, a message to the phone, the sheet to sign."""

from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Response, flash, redirect, request, url_for

from campaign import actions, papers, queries, words
from campaign.access import allowed, away_from_the_loop
from campaign.actions.transaction import now
from campaign.forms.afterwards import LetterForm
from campaign.rules.printed import Guest, Occasion, Signed
from campaign.rules.refusals import GatheringOver
from campaign.rules.roles import Role
from campaign.views.answers import me
from campaign.views.gatherings import bp


def occasion_of(gathering) -> Occasion:
    """The head of every paper of this gathering."""
    same = ("kind", "tier", "name", "place", "on", "starts_at", "ends_at", "zone", "agenda", "speakers")
    return Occasion(kabupaten=gathering.kabupaten.name, **{name: getattr(gathering, name) for name in same})


def guest_of(invitee, kabupaten) -> Guest:
    return Guest(invitee.name, words.title_of(invitee, kabupaten), words.home_of(invitee), invitee.code)


def signer_of(gathering) -> str:
    """Who signs: what a PLKB calls together himself he signs; for the office its head does."""
    return f"PKB/PLKB {gathering.made_by.name}" if gathering.made_by.role == Role.PLKB else ""


def sheet_of_paper(paper: str, name: str, *about) -> Response:
    """Drawn beside the loop, as a file of this name; no copy of it stays anywhere."""
    file = away_from_the_loop(papers.drawn_anew, paper, "pdf", *about)
    named = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(file, mimetype="application/pdf", headers=named)


# ---- Letters ----


@bp.get("/<uuid:gathering_id>/surat.pdf")
@allowed("gathering", scope="gathering")
def letters(gathering_id):
    """One for everybody on the list who was invited."""
    gathering = queries.gathering(gathering_id, seen_by=me())
    invited = [invitee for invitee in queries.invitee_list(gathering) if not invitee.is_walk_in]
    if not invited:
        flash("Belum ada yang diundang, jadi belum ada surat.")
        return redirect(url_for(".invitations", gathering_id=gathering.id), 303)
    return _letters(gathering, invited, f"undangan-{gathering.on}")


@bp.get("/undangan/<uuid:invitee_id>/surat.pdf")
@allowed("gathering", scope="invitee")
def letter(invitee_id):
    invitee = queries.invitee(invitee_id, seen_by=me())
    gathering = queries.gathering(invitee.gathering_id, seen_by=me())
    return _letters(gathering, [invitee], f"undangan-{invitee.code}")


def _letters(gathering, invited, name: str) -> Response:
    """Raises GatheringOver: nobody is invited to what does not take place."""
    if gathering.is_cancelled:
        raise GatheringOver
    form, at = LetterForm(request.args), now()
    number = (form.nomor.data or "") if form.validate() else ""
    guests = [guest_of(invitee, gathering.kabupaten) for invitee in invited]
    about = (occasion_of(gathering), guests, number, signer_of(gathering), at, gathering.day_of(at))
    return sheet_of_paper("invitation", name, *about)


@bp.get("/undangan/<uuid:invitee_id>/wa")
@allowed("gathering", scope="invitee")
def message(invitee_id):
    """To WhatsApp with a text for her. Her number is opened for this one tap and by whom is logged; no page of ours shows it."""
    invitee = queries.invitee(invitee_id, seen_by=me())
    gathering = queries.gathering(invitee.gathering_id, seen_by=me())
    if gathering.is_cancelled:
        raise GatheringOver
    if invitee.id not in queries.invitees_with_phone(gathering, seen_by=me()):
        is_kept = invitee.person is not None and invitee.person.phone_sealed is not None
        why = "hanya dapat dibuka PLKB desanya dan DPPKB" if is_kept else "belum ada"
        flash(f"Nomor HP {invitee.name} {why}. Beri suratnya.")
        return redirect(url_for(".invitations", gathering_id=gathering.id), 303)
    actions.log_access("invitee_phone", by=me(), reason=invitee.id.hex[:24])
    phone = queries.phone_of(invitee.person)
    return redirect(f"https://wa.me/{phone[1:]}?text={quote(words.invitation_message(invitee, gathering, me()))}", 303)


# ---- The sheet ----


@bp.get("/<uuid:hall_id>/daftar-hadir.pdf")
@allowed("desk", scope="hall")
def attendance_sheet(hall_id):
    """To be signed; with `isi=ya` as it stands now."""
    gathering = queries.gathering_at_desk(hall_id, seen_by=me())
    is_filled = request.args.get("isi") == "ya"
    listed = queries.invitee_list(gathering)
    lines = [_line(invitee, gathering) for invitee in listed if is_filled or not invitee.is_walk_in]
    about = (occasion_of(gathering), lines, is_filled, signer_of(gathering), now())
    return sheet_of_paper("attendance", f"daftar-hadir-{gathering.on}", *about)


def _line(invitee, gathering) -> Signed:
    guest = guest_of(invitee, gathering.kabupaten)
    return Signed(guest, invitee.status, _hour(invitee.came_at, gathering.zone), invitee.stands_in)


def _hour(moment: datetime | None, zone: str):
    return moment.astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0) if moment else None
