"""The room of who is invited: her gatherings, and the page behind the code at the door with its one button."""

from datetime import timedelta
from types import SimpleNamespace

from flask import Blueprint, flash, redirect, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed, open_at_rest
from campaign.actions.transaction import now
from campaign.rules import codes
from campaign.rules.attendance import IN_THE_HALL
from campaign.rules.gatherings import SignedBy
from campaign.rules.refusals import NoSuch, NoSuchDoor, NotInvited
from campaign.views import installed
from campaign.views.answers import done, me, sent_key, today_here
from campaign.views.certificates import certificates_of
from campaign.words import told_at_door

bp = Blueprint("coming", __name__, url_prefix="/hadir")

LATELY = timedelta(days=60)


@bp.get("/")
@allowed("come")
def home():
    """Her invitations, and a box for the code at a door she cannot scan."""
    if typed := request.args.get("kode"):
        return redirect(url_for(".door", door_code=codes.typed_ticket(typed) or "-"), 303)
    today = today_here()
    mine = queries.my_gatherings(seen_by=me(), since=today - LATELY)
    return render_template("coming/home.html", mine=mine, today=today)


@bp.get("/pertemuan/<uuid:meeting_id>")
@allowed("come", scope="meeting")
def meeting(meeting_id):
    """One she is invited to."""
    gathering = queries.gathering_invited_to(meeting_id, seen_by=me())
    mine = queries.my_invitation(gathering, me())
    about = {"has_test": bool(queries.quiz_of(gathering)), "has_reading": bool(queries.material_list(gathering))}
    about["has_certificate"] = queries.has_certificate(mine)
    return render_template("coming/meeting.html", gathering=gathering, mine=mine, **about)


@bp.get("/pertemuan/<uuid:meeting_id>/sertifikat.pdf")
@allowed("come", scope="meeting")
def certificate(meeting_id):
    """Hers, for her phone. Raises NoCertificate."""
    gathering = queries.gathering_invited_to(meeting_id, seen_by=me())
    mine = queries.my_invitation(gathering, me())
    return certificates_of(gathering, [queries.certificate_of(mine)], f"sertifikat-{mine.code}")


@bp.get("/<door_code>")
@allowed("come", scope="door")
def door(door_code):
    return _page(_door(door_code))


@bp.get("/<door_code>/kosong")
@open_at_rest
@allowed("come", scope="door")
def shell(door_code):
    """The same page as a phone keeps it: no name, no token, no key. Whether she may come is judged when it is sent."""
    nobody = SimpleNamespace(is_authenticated=False, id=me().id)
    nothing = {"current_user": nobody, "csrf_token": str, "get_flashed_messages": list}
    return installed.shell(_page(_door(door_code), is_shell=True, **nothing))


@bp.post("/<door_code>")
@allowed("come", scope="door")
def come(door_code):
    invitee = sign_in(door_code, by=me(), key=sent_key())
    flash(told_at_door(invitee))
    return done(url_for(".door", door_code=invitee.gathering.door_code), row=invitee, **receipt_of(invitee))


def sign_in(door_code: str, *, by, key: str, **claim):
    """She has come, says her own phone; `claim` is its moment. Raises NoSuchDoor, NotInvited, and as `actions.come`."""
    invitee = queries.my_invitation(_door(door_code), by)
    if invitee is None:
        raise NotInvited
    return actions.come(invitee, signed_by=SignedBy.DOOR, by=by, key=key, **claim)


def receipt_of(invitee) -> dict:
    """What a script is told of it."""
    return {"kind": "come", "said": told_at_door(invitee), "door": invitee.gathering.door_code}


def _door(door_code: str):
    try:
        return queries.gathering_by_door(codes.typed_ticket(door_code), seen_by=me())
    except NoSuch:
        raise NoSuchDoor from None


def _page(gathering, *, is_shell=False, **about):
    mine = None if is_shell else queries.my_invitation(gathering, me())
    about |= {"is_here": mine is not None and mine.status in IN_THE_HALL, "is_shell": is_shell, "at": now()}
    about["keeps"] = "" if is_shell else url_for(".shell", door_code=gathering.door_code)
    return render_template("coming/door.html", gathering=gathering, mine=mine, **about)
