"""The room of gatherings: the list, calling people together, changing it, and who is invited. Its other pages stand beside."""

from itertools import groupby

from flask import Blueprint, flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.forms.afterwards import LetterForm
from campaign.forms.gatherings import CancelGatheringForm, ChangeGatheringForm, GatheringForm, GuestForm, WhomForm
from campaign.rules.roles import Role
from campaign.views.answers import done, me, refused, sent_key, today_here

bp = Blueprint("gathering", __name__, url_prefix="/pertemuan")

MOST_INVITED = 5_000  # at once; more are invited by kecamatan


@bp.get("/")
@allowed("desk")
def home():
    today = today_here()
    return render_template("gathering/home.html", lines=queries.gathering_list(seen_by=me(), today=today), today=today)


@bp.route("/baru", methods=["GET", "POST"])
@allowed("gathering")
def call_together():
    form = GatheringForm(**_places())
    if request.method == "GET":
        return render_template("gathering/new.html", form=form)
    if not form.validate():
        return refused("gathering/_form.html", page="gathering/new.html", form=form)
    kabupaten, dates = queries.kabupaten(me().kabupaten_code), form.dates()
    made = actions.call_together(kabupaten=kabupaten, dates=dates, by=me(), key=form.key.data, **form.answers)
    flash("Pertemuan sudah dibuat." if len(dates) == 1 else f"{len(dates)} pertemuan sudah dibuat. Ini yang pertama.")
    return done(url_for(".invitations", gathering_id=made.id), row=made)


def _places() -> dict:
    """Where she may call people together: a PLKB in his desa and their kecamatan."""
    if me().role == Role.PLKB:
        desa_list = queries.desa_of_plkb(me())
        kecamatan_list = {desa.kecamatan_code: desa.kecamatan for desa in desa_list}
        return {"desa_list": desa_list, "kecamatan_list": list(kecamatan_list.values())}
    kabupaten = queries.kabupaten(me().kabupaten_code)
    return {"desa_list": queries.desa_list(kabupaten.code), "kecamatan_list": queries.kecamatan_list(kabupaten.code)}


@bp.get("/<uuid:hall_id>")
@allowed("desk", scope="hall")
def show(hall_id):
    """All about one: its numbers, its agenda, and the ways on from here."""
    gathering = queries.gathering_at_desk(hall_id, seen_by=me())
    return render_template("gathering/show.html", gathering=gathering, board=queries.turnout(gathering), at=now())


@bp.route("/<uuid:gathering_id>/ubah", methods=["GET", "POST"])
@allowed("gathering", scope="gathering")
def change(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    form = ChangeGatheringForm(**_places(), **_as_it_is(gathering))
    page = {"gathering": gathering, "cancel": CancelGatheringForm(formdata=None)}
    if request.method == "GET":
        return render_template("gathering/change.html", form=form, **page)
    if not form.validate():
        return refused("gathering/_form.html", page="gathering/change.html", form=form, **page)
    actions.change_gathering(gathering, by=me(), key=form.key.data, **form.answers)
    flash(
        "Pertemuan sudah diubah. Yang sudah diundang belum tahu: kirim undangannya lagi bila waktu atau tempatnya pindah."
    )
    return done(url_for(".show", hall_id=gathering.id), row=gathering)


def _as_it_is(gathering) -> dict:
    same = (
        "kind",
        "name",
        "tier",
        "rw",
        "place",
        "on",
        "starts_at",
        "ends_at",
        "capacity",
        "target",
        "agenda",
        "speakers",
    )
    minutes = {
        "open_before": (gathering.begins_at - gathering.opens_at).total_seconds() // 60,
        "late_after": (gathering.late_at - gathering.begins_at).total_seconds() // 60,
    }
    as_it_is = {name: getattr(gathering, name) for name in same} | {name: int(n) for name, n in minutes.items()}
    return as_it_is | {"area": gathering.area_code or ""}


@bp.post("/<uuid:gathering_id>/batal")
@allowed("gathering", scope="gathering")
def cancel(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    form = CancelGatheringForm()
    if not form.validate():
        page = {
            "gathering": gathering,
            "cancel": form,
            "form": ChangeGatheringForm(None, **_places(), **_as_it_is(gathering)),
        }
        return render_template("gathering/change.html", **page), 422
    actions.cancel_gathering(gathering, why=form.why.data, by=me(), key=form.key.data)
    flash("Pertemuan dibatalkan. Beri tahu yang diundang.")
    return done(url_for(".show", hall_id=gathering.id), row=gathering)


# ---- Who is invited ----


@bp.get("/<uuid:gathering_id>/undangan")
@allowed("gathering", scope="gathering")
def invitations(gathering_id):
    """Who is on the list, and whom of the register could be: chosen by kecamatan, desa, level, poktan, then looked at."""
    return render_template("gathering/invitations.html", **_invitations(gathering_id))


def _invitations(gathering_id, *, guest=None) -> dict:
    gathering, places = queries.gathering(gathering_id, seen_by=me()), _places()
    whom = WhomForm(request.args, **places)
    is_asked = "pilih" in request.args
    found = queries.inviteable(gathering, seen_by=me(), **whom.asked) if is_asked and whom.validate() else []
    guest = guest or GuestForm(formdata=None, desa_list=places["desa_list"])
    where = [(each, list(people)) for each, people in groupby(found[:MOST_INVITED], key=_kecamatan_of)]
    about = {"with_phone": queries.invitees_with_phone(gathering, seen_by=me()), "letter": LetterForm(None)}
    about |= {"invited": queries.invitee_list(gathering), "found": where, "is_asked": is_asked}
    return about | {"gathering": gathering, "whom": whom, "guest": guest, "kabupaten": gathering.kabupaten}


def _kecamatan_of(person):
    return person.desa.kecamatan if person.desa else None


@bp.post("/<uuid:gathering_id>/undang")
@allowed("gathering", scope="gathering")
def invite(gathering_id):
    """Everybody who is ticked. Only those she may invite are."""
    gathering, key = queries.gathering(gathering_id, seen_by=me()), sent_key()
    ticked = set(request.form.getlist("person"))
    people = [
        person.id
        for person in queries.inviteable(gathering, seen_by=me(), roles=tuple(Role))
        if str(person.id) in ticked
    ]
    if not people:
        flash("Belum ada yang dicentang, atau semuanya sudah diundang.")
    else:
        actions.invite(gathering, person_ids=people, by=me(), key=key)
        flash(f"{len(people)} orang diundang.")
    return done(url_for(".invitations", gathering_id=gathering.id), row=gathering)


@bp.post("/<uuid:gathering_id>/undang-nama")
@allowed("gathering", scope="gathering")
def invite_by_name(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    form = GuestForm(desa_list=_places()["desa_list"])
    if not form.validate():
        return render_template("gathering/invitations.html", **_invitations(gathering_id, guest=form)), 422
    guest = actions.invite_by_name(gathering, by=me(), key=form.key.data, **form.answers)
    flash(f"{guest.name} diundang.")
    return done(url_for(".invitations", gathering_id=gathering.id), row=guest)


@bp.post("/undangan/<uuid:invitee_id>/tarik")
@allowed("gathering", scope="invitee")
def strike(invitee_id):
    """Take an invitation back; only of a gathering she arranges."""
    invitee = queries.invitee(invitee_id, seen_by=me())
    gathering = queries.gathering(invitee.gathering_id, seen_by=me())
    actions.strike(invitee, by=me(), key=sent_key())
    if htmx:
        return ""
    flash(f"Undangan {invitee.name} ditarik.")
    return done(url_for(".invitations", gathering_id=gathering.id), row=gathering)
