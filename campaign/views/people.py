"""DPPKB's room, people: who signs in, with which card, and what the office does to an account."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions import cards
from campaign.forms.people import CardsForm, DesaListForm, LeaveForm, MoveForm, NameForm, PersonForm
from campaign.rules.accounts import AccountState
from campaign.rules.refusals import NameTaken, NoSuch
from campaign.rules.roles import Role
from campaign.views.answers import asked_for, asked_page, me, sent_key
from campaign.views.cards import printed
from campaign.views.dppkb import bp

SIZE = 50


@bp.get("/orang")
@allowed("people")
def person_list():
    asked = {name: asked_for(name) for name in ("peran", "nama", "wilayah", "keadaan")} | {"hal": asked_page()}
    found = _filter(asked) | {"state": _one_of(AccountState, asked["keadaan"])}
    rows, total = queries.person_list(seen_by=me(), page=asked["hal"], size=SIZE, **found)
    about = {"rows": rows, "total": total, "pages": -(-total // SIZE) or 1, "asked": asked}
    about |= {"desa_list": queries.desa_list(me().kabupaten_code), "kabupaten": queries.kabupaten(me().kabupaten_code)}
    return render_template("dppkb/person_list.html", most=cards.MOST, **about)


def _filter(asked) -> dict:
    return {"role": _one_of(Role, asked["peran"]), "name": asked["nama"] or "", "area": asked["wilayah"] or ""}


def _one_of(enum, word):
    return enum(word) if word in set(enum) else None


# ---- Cards ----


@bp.post("/orang/kartu")
@allowed("people")
def cards_of_list():
    """For everybody of the list who cannot sign in yet."""
    form = CardsForm()
    asked = _filter({"peran": form.role.data, "nama": form.name.data, "wilayah": form.area.data})
    people = queries.waiting_for_cards(seen_by=me(), most=cards.MOST, **asked)
    actions.make_cards(people=people, whom=asked, by=me(), key=sent_key())
    return printed(form.key.data, url_for(".person_list", keadaan=AccountState.WAITING.value))


@bp.post("/orang/<uuid:person_id>/kartu")
@allowed("people", scope="person")
def new_card(person_id):
    person, key = queries.person(person_id, seen_by=me()), sent_key()
    actions.make_cards(people=[person], whom={"person_id": person.id}, by=me(), key=key)
    return printed(key, url_for(".person", person_id=person_id))


@bp.route("/orang/baru", methods=["GET", "POST"])
@allowed("people")
def new_person():
    form = PersonForm(desa_list=queries.desa_list(me().kabupaten_code), point_list=queries.point_list(seen_by=me()))
    if request.method == "POST" and form.validate():
        answers = form.answers
        if point_id := answers.get("service_point_id"):
            answers["service_point_id"] = queries.service_point(UUID(point_id), seen_by=me()).id
        try:
            actions.add_person(by=me(), key=form.key.data, **answers)
        except NameTaken:
            form.sign_in_name.errors = ["Nama masuk ini sudah dipakai orang lain. Pilih nama lain."]
        else:
            return printed(form.key.data, url_for(".person_list"))
    about = {"form": form, "kabupaten": queries.kabupaten(me().kabupaten_code)}
    return render_template("dppkb/new_person.html", **about), 422 if form.errors else 200


# ---- One of them ----


@bp.get("/orang/<uuid:person_id>")
@allowed("people", scope="person")
def person(person_id):
    return _page(queries.person(person_id, seen_by=me()))


def _page(person, status=200, **forms):
    about = {
        "person": person,
        "kabupaten": queries.kabupaten(me().kabupaten_code),
        "phone": queries.phone_of(person),
        "devices": queries.devices_of(person),
        "changes": queries.changes_of(person),
        "desa_list": queries.desa_of_plkb(person) if person.role == Role.PLKB else (),
        "name_form": NameForm(formdata=None, obj=person, phone=queries.phone_of(person)),
        "move_form": _move_form(person, formdata=None, data={"desa_code": person.desa_code, "rw": person.rw}),
        "leave_form": _leave_form(person, formdata=None),
    }
    return render_template("dppkb/person.html", **about | forms), status


def _leave_form(person, form=LeaveForm, **about):
    return form(successors=[(str(p.id), p.name) for p in queries.successors(person)], **about)


def _move_form(person, **about):
    return _leave_form(person, MoveForm, desa_list=queries.desa_list(me().kabupaten_code), **about)


def _back_to(person_id, message):
    flash(message)
    return redirect(url_for(".person", person_id=person_id), 303)


@bp.post("/orang/<uuid:person_id>")
@allowed("people", scope="person")
def change_person(person_id):
    person, form = queries.person(person_id, seen_by=me()), NameForm()
    if not form.validate():
        return _page(person, 422, name_form=form)
    answers = form.answers if person.role == Role.KADER else form.answers | {"poktan": None}
    actions.change_person(person, by=me(), key=form.key.data, **answers)
    return _back_to(person_id, "Perubahan disimpan.")


@bp.post("/orang/<uuid:person_id>/pindah")
@allowed("people", scope="person")
def move_kader(person_id):
    person = _kader(person_id)
    form = _move_form(person)
    if not form.validate():
        return _page(person, 422, move_form=form)
    actions.move_kader(person, by=me(), key=form.key.data, **form.answers)
    return _back_to(person_id, "Kader dipindahkan dan dikeluarkan dari semua perangkat.")


def _kader(person_id):
    person = queries.person(person_id, seen_by=me())
    if person.role != Role.KADER:
        raise NoSuch
    return person


@bp.post("/orang/<uuid:person_id>/nonaktif")
@allowed("people", scope="person")
def disable_person(person_id):
    person = queries.person(person_id, seen_by=me())
    form = _leave_form(person)
    if not form.validate():
        return _page(person, 422, leave_form=form)
    actions.disable_person(person, by=me(), key=form.key.data, **form.answers)
    return _back_to(person_id, "Akun dinonaktifkan dan dikeluarkan dari semua perangkat.")


@bp.post("/orang/<uuid:person_id>/aktif")
@allowed("people", scope="person")
def enable_person(person_id):
    actions.enable_person(queries.person(person_id, seen_by=me()), by=me(), key=sent_key())
    return _back_to(person_id, "Akun diaktifkan lagi.")


@bp.post("/orang/<uuid:person_id>/perangkat/<uuid:her_device_id>/cabut")
@allowed("people", scope="person")
def revoke_device(person_id, her_device_id):
    device = queries.device(her_device_id, of=queries.person(person_id, seen_by=me()))
    actions.revoke_device(device, by=me(), key=sent_key())
    return _back_to(person_id, "Perangkat dicabut dan sudah dikeluarkan.")


@bp.route("/orang/<uuid:plkb_id>/desa", methods=["GET", "POST"])
@allowed("people", scope="plkb")
def desa_of_plkb(plkb_id):
    person = queries.person(plkb_id, seen_by=me())
    if person.role != Role.PLKB:
        raise NoSuch
    every = queries.desa_list(me().kabupaten_code)
    form = DesaListForm(desa_list=every, data={"desa_codes": [desa.code for desa in queries.desa_of_plkb(person)]})
    if request.method == "POST" and form.validate():
        actions.assign_plkb(person, by=me(), key=form.key.data, **form.answers)
        return _back_to(plkb_id, "Desa binaan disimpan.")
    about = {"person": person, "form": form, "desa_list": every, "asked": asked_for("cari")}
    return render_template("dppkb/plkb_desa.html", **about), 422 if form.errors else 200
