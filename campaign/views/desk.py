"""The room of gatherings, its desks: who has come, by a tap or by the code of a letter; who was not invited; the door's poster."""

from uuid import UUID

from flask import flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed, refreshes_itself
from campaign.actions.transaction import now
from campaign.errors import sentence
from campaign.extensions import htmx
from campaign.forms.gatherings import CorrectEntryForm, ExcuseForm, GuestForm, LetterCodeForm, StandInForm
from campaign.rules import codes
from campaign.rules.attendance import IN_THE_HALL, MAY_COME
from campaign.rules.gatherings import SignedBy
from campaign.rules.names import tidy
from campaign.rules.refusals import NoSuch, Refused
from campaign.views.answers import asked_for, done, me, refused, sent_key, swaps
from campaign.views.gatherings import bp
from campaign.words import qr, told_at_desk

SHORTEST = 2  # letters of a name: fewer would list half the register


@bp.get("/<uuid:hall_id>/meja")
@refreshes_itself
@allowed("desk", scope="hall")
def desk(hall_id):
    gathering = queries.gathering_at_desk(hall_id, seen_by=me())
    if htmx.target != "desk":
        return render_template("gathering/desk.html", form=LetterCodeForm(formdata=None), **_sheet(gathering))
    # Every desk asks every few seconds; as long as nothing has changed there is nothing to draw.
    if request.args.get("v") == _version(gathering):
        return "", 204
    return render_template("gathering/_desk.html", **_sheet(gathering))


def _version(gathering) -> str:
    return f"{queries.turnout_version(gathering.id)}-{gathering.is_open(now()):d}"


def _sheet(gathering) -> dict:
    """What a desk shows: the list as it was asked for, and the numbers of the whole."""
    version = _version(gathering)  # before the rest is read: what changes meanwhile is drawn once more
    asked = _asked(request.values)
    awaited = MAY_COME if "belum" in asked else ()
    board = queries.turnout(gathering)
    return {
        "gathering": gathering,
        "kabupaten": gathering.kabupaten,
        "at": now(),
        "version": version,
        "asked": asked,
        "invited": queries.invitee_list(
            gathering, name=asked.get("cari", ""), area=asked.get("kecamatan", ""), status=awaited
        ),
        "total": board.total,
        "kecamatan_list": board.kecamatan_list,
    }


def _asked(said) -> dict[str, str]:
    """The choice of the list, from a form or from an address: it is kept from page to page."""
    return {name: text for name in ("cari", "kecamatan", "belum") if (text := tidy(said.get(name)))}


def _write(gathering, act, *, key):
    """Do a deed at this desk and show the whole list again, with what to say to whoever stands there.

    Somebody at another desk may have been quicker: then her entry stands, and this desk is told so.
    """
    try:
        told = _told(act(), key)
    except Refused as refusal:
        if not htmx:
            raise
        told = {"is_go": False, "words": sentence(refusal)}
    return _say(gathering, told)


def _told(invitee, key: str) -> dict:
    entry = queries.last_entry(invitee)
    is_new = (entry.by_id, entry.key) == (me().id, key)
    return {"is_go": True, "words": told_at_desk(invitee, entry, is_new=is_new)}


def _say(gathering, told: dict):
    if not htmx:
        flash(told["words"])
    sheet = _sheet(gathering)
    back = url_for(".desk", hall_id=gathering.id, **sheet["asked"])
    return swaps("gathering/desk_changed.swaps.html", else_to=back, row=gathering, told=told, **sheet)


# ---- Who was invited ----


@bp.post("/<uuid:hall_id>/meja/kode")
@allowed("desk", scope="hall")
def letter_code(hall_id):
    """The code of a letter is enough, however it was typed. The door's own code is told apart: it is no letter."""
    gathering, form = queries.gathering_at_desk(hall_id, seen_by=me()), LetterCodeForm()
    if not form.validate():
        if "key" in form.errors:
            sent_key()  # says so
        if htmx:  # the desk stays as it is; what was typed is gone from the box already
            return _say(gathering, {"is_go": False, "words": next(iter(form.errors.values()))[0]})
        return refused("", page="gathering/desk.html", form=form, **_sheet(gathering))
    code, key = codes.typed_letter(form.code.data), form.key.data
    invitee = queries.invitee_by_code(gathering, code)
    if invitee is None:
        is_door = codes.typed_ticket(form.code.data) == gathering.door_code
        return _say(
            gathering, {"is_go": False, "words": THE_DOOR if is_door else NO_LETTER.format(code=code[:16] or "–")}
        )
    come = lambda: actions.come(invitee, signed_by=SignedBy.CODE, by=me(), key=key)  # noqa: E731
    return _write(gathering, come, key=key)


THE_DOOR = "Itu kode pintu, bukan kode surat. Kode pintu dipindai peserta sendiri dengan HP-nya."
NO_LETTER = "Kode {code} tidak ada di daftar pertemuan ini. Periksa suratnya, atau cari namanya."


@bp.post("/meja/<uuid:invitee_id>/hadir")
@allowed("desk", scope="invitee")
def sign_in(invitee_id):
    invitee, key = queries.invitee(invitee_id, seen_by=me()), sent_key()
    come = lambda: actions.come(invitee, signed_by=SignedBy.DESK, by=me(), key=key)  # noqa: E731
    return _write(invitee.gathering, come, key=key)


@bp.get("/meja/<uuid:invitee_id>")
@allowed("desk", scope="invitee")
def entry(invitee_id):
    """Everything else about one of the list: represented, excused, corrected."""
    return render_template("gathering/entry.html", **_entry(queries.invitee(invitee_id, seen_by=me())))


def _entry(invitee, **forms) -> dict:
    made = {"stand_in": StandInForm, "excuse": ExcuseForm, "correct": CorrectEntryForm}
    shown = {name: forms.get(name) or form(formdata=None) for name, form in made.items()}
    about = {"invitee": invitee, "gathering": invitee.gathering, "kabupaten": invitee.gathering.kabupaten, "at": now()}
    about |= {"last": queries.last_entry(invitee), "is_here": invitee.status in IN_THE_HALL}
    return shown | about | {"asked": _asked(request.args)}


def _entered(invitee, form, name: str, act):
    if not form.validate():
        if "key" in form.errors:
            sent_key()
        return render_template("gathering/entry.html", **_entry(invitee, **{name: form})), 422
    flash(act())
    return done(url_for(".desk", hall_id=invitee.gathering_id, **_asked(request.args)), row=invitee)


@bp.post("/meja/<uuid:invitee_id>/wakil")
@allowed("desk", scope="invitee")
def stand_in(invitee_id):
    invitee, form = queries.invitee(invitee_id, seen_by=me()), StandInForm()

    def act():
        came = actions.come(invitee, signed_by=SignedBy.DESK, by=me(), key=form.key.data, stands_in=form.stands_in.data)
        return _told(came, form.key.data)["words"]

    return _entered(invitee, form, "stand_in", act)


@bp.post("/meja/<uuid:invitee_id>/izin")
@allowed("desk", scope="invitee")
def excuse(invitee_id):
    invitee, form = queries.invitee(invitee_id, seen_by=me()), ExcuseForm()

    def act():
        actions.excuse(invitee, by=me(), key=form.key.data, reason=form.reason.data)
        return f"{invitee.name}: izin."

    return _entered(invitee, form, "excuse", act)


@bp.post("/meja/<uuid:invitee_id>/betulkan")
@allowed("desk", scope="invitee")
def correct(invitee_id):
    invitee, form = queries.invitee(invitee_id, seen_by=me()), CorrectEntryForm()

    def act():
        actions.correct_entry(invitee, by=me(), key=form.key.data, reason=form.reason.data, seen=form.seen.data)
        return f"{invitee.name}: catatan terakhir dibetulkan."

    return _entered(invitee, form, "correct", act)


# ---- Who was not ----


@bp.get("/<uuid:hall_id>/meja/datang")
@allowed("desk", scope="hall")
def uninvited(hall_id):
    """Somebody came without being asked: looked for in the list and in the register first, else by name."""
    return render_template("gathering/uninvited.html", **_uninvited(queries.gathering_at_desk(hall_id, seen_by=me())))


def _uninvited(gathering, guest=None) -> dict:
    name, desa_list = asked_for("cari"), queries.desa_list(gathering.kabupaten_code)
    is_asked = len(name) >= SHORTEST
    return {
        "gathering": gathering,
        "kabupaten": gathering.kabupaten,
        "name": name,
        "is_asked": is_asked,
        "listed": queries.invitee_list(gathering, name=name) if is_asked else [],
        "found": queries.uninvited(gathering, name=name) if is_asked else [],
        "guest": guest or GuestForm(formdata=None, desa_list=desa_list, name=name),
    }


@bp.post("/<uuid:hall_id>/meja/datang")
@allowed("desk", scope="hall")
def come_uninvited(hall_id):
    """Of the register by her id, or by name."""
    gathering = queries.gathering_at_desk(hall_id, seen_by=me())
    if "person" in request.form:
        key, who = sent_key(), {"person_id": _of_register(gathering).id}
    else:
        form = GuestForm(desa_list=queries.desa_list(gathering.kabupaten_code))
        if not form.validate():
            return render_template("gathering/uninvited.html", **_uninvited(gathering, form)), 422
        key, who = form.key.data, form.answers
    came = actions.come_uninvited(gathering, signed_by=SignedBy.DESK, by=me(), key=key, **who)
    flash(_told(came, key)["words"])
    return done(url_for(".desk", hall_id=gathering.id), row=came)


def _of_register(gathering):
    """Whom the form names. Raises NoSuch."""
    try:
        found = queries.uninvited(gathering, person_id=UUID(request.form["person"]))
    except ValueError:
        found = []
    if not found:
        raise NoSuch
    return found[0]


# ---- The list and the door ----


@bp.post("/<uuid:hall_id>/meja/tutup")
@allowed("desk", scope="hall")
def close_list(hall_id):
    gathering = queries.gathering_at_desk(hall_id, seen_by=me())
    actions.close_list(gathering, by=me(), key=sent_key())
    flash("Daftar hadir ditutup. Yang belum datang tercatat tidak hadir.")
    return done(url_for(".desk", hall_id=gathering.id), row=gathering)


@bp.post("/<uuid:hall_id>/meja/buka")
@allowed("desk", scope="hall")
def reopen_list(hall_id):
    gathering = queries.gathering_at_desk(hall_id, seen_by=me())
    actions.reopen_list(gathering, by=me(), key=sent_key())
    flash("Daftar hadir dibuka lagi. Yang tercatat tidak hadir tetap begitu sampai dicatat hadir.")
    return done(url_for(".desk", hall_id=gathering.id), row=gathering)


@bp.get("/<uuid:hall_id>/pintu")
@allowed("desk", scope="hall")
def poster(hall_id):
    """A page to hang at the door: the address of this door as a code to scan, and as one to type."""
    gathering = queries.gathering_at_desk(hall_id, seen_by=me())
    drawn = qr(url_for("coming.door", door_code=gathering.door_code, _external=True))
    where = url_for("coming.home", _external=True).partition("://")[2].rstrip("/")
    return render_template("gathering/poster.html", gathering=gathering, drawn=drawn, where=where)


@bp.post("/<uuid:gathering_id>/pintu/kode")
@allowed("gathering", scope="gathering")
def new_door_code(gathering_id):
    gathering = queries.gathering(gathering_id, seen_by=me())
    actions.new_door_code(gathering, by=me(), key=sent_key())
    flash("Kode pintu sudah diganti. Yang lama tidak membuka apa-apa lagi: cetak dan tempel yang baru.")
    return done(url_for(".poster", hall_id=gathering.id), row=gathering)
