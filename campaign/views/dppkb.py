"""DPPKB's room: campaigns, their targets, places, people, and the count checked against the ledger."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from campaign import access, actions, queries
from campaign.access import allowed, takes_files
from campaign.actions import sessions
from campaign.forms.base import DeedForm
from campaign.forms.office import CampaignForm, KaderFileForm, PersonForm, PointForm, SplitForm, StageForm
from campaign.models import PointKind, Stage
from campaign.rules.apportionment import CannotSplit
from campaign.rules.refusals import BadFile, BadKey, NameTaken
from campaign.rules.roles import Role
from campaign.sheets import plain_csv
from campaign.views.answers import asked_for, asked_page, me, sent_key

bp = Blueprint("dppkb", __name__, url_prefix="/dppkb")


@bp.get("/")
@allowed("campaign")
def home():
    return render_template("dppkb/home.html", campaign_list=queries.campaign_list(seen_by=me()))


# ---- Campaigns ----


@bp.route("/kampanye/baru", methods=["GET", "POST"])
@allowed("campaign")
def new_campaign():
    form = CampaignForm(zone=queries.kabupaten(me().kabupaten_code).zone)
    if request.method == "POST" and form.validate():
        campaign = actions.create_campaign(by=me(), key=form.key.data, **form.answers)
        flash("Kampanye dibuat sebagai rancangan. Bagi targetnya, lalu buka.")
        return redirect(url_for(".target", campaign_id=campaign.id), 303)
    return render_template("dppkb/campaign.html", form=form, campaign=None), 422 if form.errors else 200


@bp.route("/kampanye/<uuid:campaign_id>", methods=["GET", "POST"])
@allowed("campaign", scope="campaign")
def campaign(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    form = CampaignForm(obj=campaign)
    if request.method == "POST" and form.validate():
        actions.change_campaign(campaign, by=me(), key=form.key.data, **form.answers)
        flash("Perubahan disimpan.")
        return redirect(url_for(".target", campaign_id=campaign_id), 303)
    return render_template("dppkb/campaign.html", form=form, campaign=campaign), 422 if form.errors else 200


@bp.get("/kampanye/<uuid:campaign_id>/target")
@allowed("campaign", scope="campaign")
def target(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    return render_template("dppkb/target.html", **_target(campaign, SplitForm()))


def _target(campaign, form):
    targets = queries.targets(campaign)
    return {
        "campaign": campaign,
        "form": form,
        "desa_list": queries.desa_list(campaign.kabupaten_code),
        "targets": targets,
        "weight": sum(target.weight for target in targets.values()),
        "total": sum(target.number for target in targets.values()),
    }


@bp.post("/kampanye/<uuid:campaign_id>/target")
@takes_files
@allowed("campaign", scope="campaign")
def split(campaign_id):
    campaign, form = queries.campaign(campaign_id, seen_by=me()), SplitForm()
    if form.validate():
        codes = [desa.code for desa in queries.desa_list(campaign.kabupaten_code)]
        try:
            weights = (
                plain_csv.weights(form.file.data.read(), set(codes))
                if form.way.data == "berkas"
                else dict.fromkeys(codes, 1)
            )
            actions.split(campaign, weights=weights, by=me(), key=form.key.data)
        except BadFile as bad:
            form.file.errors = [bad.sentence]
        except CannotSplit:
            form.file.errors = ["Semua bobot nol, jadi target tidak dapat dibagi."]
    if form.errors:
        return render_template("dppkb/target.html", **_target(campaign, form)), 422
    flash("Target sudah dibagi habis ke semua desa.")
    return redirect(url_for(".target", campaign_id=campaign_id), 303)


@bp.post("/kampanye/<uuid:campaign_id>/tahap")
@allowed("campaign", scope="campaign")
def set_stage(campaign_id):
    campaign, form = queries.campaign(campaign_id, seen_by=me()), StageForm()
    if not form.validate():
        raise BadKey
    actions.set_stage(campaign, stage=Stage(form.stage.data), by=me(), key=form.key.data)
    flash("Kampanye dibuka." if form.stage.data == Stage.OPEN else "Kampanye ditutup.")
    return redirect(url_for(".target", campaign_id=campaign_id), 303)


# ---- Places ----


@bp.route("/tempat", methods=["GET", "POST"])
@allowed("campaign")
def point_list():
    point_list = queries.point_list(seen_by=me())
    kecamatan_list = queries.kecamatan_list(me().kabupaten_code)
    form = PointForm(kecamatan_list=kecamatan_list, point_list=point_list)
    if request.method == "POST" and form.validate():
        answers = form.answers
        answers["kind"] = PointKind(answers["kind"])
        induk = queries.service_point(UUID(answers["induk_id"]), seen_by=me()) if answers["induk_id"] else None
        try:
            actions.add_point(by=me(), key=form.key.data, **answers | {"induk_id": induk.id if induk else None})
        except NameTaken:
            form.name.errors = ["Sudah ada tempat dengan nama ini."]
        else:
            flash("Tempat pelayanan ditambahkan.")
            return redirect(url_for(".point_list"), 303)
    return render_template("dppkb/point_list.html", form=form, point_list=point_list), 422 if form.errors else 200


# ---- People ----


@bp.get("/orang")
@allowed("people")
def person_list():
    role, name, page = asked_for("peran"), asked_for("nama"), asked_page()
    role = Role(role) if role in set(Role) else None
    rows, total = queries.person_list(seen_by=me(), role=role, name=name, page=page)
    asked = {"peran": role, "nama": name, "hal": page}
    return render_template("dppkb/person_list.html", rows=rows, total=total, pages=-(-total // 50) or 1, asked=asked)


@bp.route("/orang/baru", methods=["GET", "POST"])
@allowed("people")
def new_person():
    form = PersonForm(desa_list=queries.desa_list(me().kabupaten_code), point_list=queries.point_list(seen_by=me()))
    if request.method == "POST" and form.validate():
        answers = form.answers
        if point_id := answers.get("service_point_id"):
            answers["service_point_id"] = queries.service_point(UUID(point_id), seen_by=me()).id
        password = actions.first_passphrase(form.key.data, answers["sign_in_name"])
        password_hash = access.away_from_the_loop(sessions.hash_password, password)
        try:
            person = actions.add_person(by=me(), key=form.key.data, password_hash=password_hash, **answers)
        except NameTaken:
            form.sign_in_name.errors = ["Nama masuk ini sudah dipakai orang lain. Pilih nama lain."]
        else:
            return render_template("dppkb/cards.html", cards=[(person.name, person.sign_in_name, password)])
    return render_template("dppkb/new_person.html", form=form), 422 if form.errors else 200


@bp.route("/orang/kader", methods=["GET", "POST"])
@takes_files
@allowed("people")
def kader_file():
    form = KaderFileForm()
    if request.method == "POST" and form.validate():
        try:
            codes = {desa.code for desa in queries.desa_list(me().kabupaten_code)}
            rows = plain_csv.kader(form.file.data.read(), codes)
            cards = [
                (row["name"], row["sign_in_name"], actions.first_passphrase(form.key.data, row["sign_in_name"]))
                for row in rows
            ]
            hashes = access.away_from_the_loop(lambda: [sessions.hash_password(password) for *_, password in cards])
            actions.add_kader(by=me(), key=form.key.data, rows=rows, password_hashes=hashes)
            return render_template("dppkb/cards.html", cards=cards)
        except BadFile as bad:
            form.file.errors = [bad.sentence]
        except NameTaken as taken:
            form.file.errors = [f"Nama masuk {taken.name} sudah dipakai. Tidak ada yang disimpan."]
    return render_template("dppkb/kader_file.html", form=form), 422 if form.errors else 200


@bp.get("/orang/<uuid:person_id>")
@allowed("people", scope="person")
def person(person_id):
    return render_template("dppkb/person.html", person=queries.person(person_id, seen_by=me()), form=DeedForm())


@bp.post("/orang/<uuid:person_id>/nonaktif")
@allowed("people", scope="person")
def disable_person(person_id):
    actions.disable_person(queries.person(person_id, seen_by=me()), by=me(), key=sent_key())
    flash("Akun dinonaktifkan dan dikeluarkan dari semua perangkat.")
    return redirect(url_for(".person", person_id=person_id), 303)


@bp.post("/orang/<uuid:person_id>/aktif")
@allowed("people", scope="person")
def enable_person(person_id):
    actions.enable_person(queries.person(person_id, seen_by=me()), by=me(), key=sent_key())
    flash("Akun diaktifkan lagi.")
    return redirect(url_for(".person", person_id=person_id), 303)


@bp.post("/orang/<uuid:person_id>/sandi")
@allowed("people", scope="person")
def reset_password(person_id):
    person, key = queries.person(person_id, seen_by=me()), sent_key()
    password = actions.first_passphrase(key, person.sign_in_name)
    password_hash = access.away_from_the_loop(sessions.hash_password, password)
    person = actions.reset_password(person, by=me(), key=key, password_hash=password_hash)
    return render_template("dppkb/cards.html", cards=[(person.name, person.sign_in_name, password)])


# ---- The count ----


@bp.get("/hitung-ulang")
@allowed("recount")
def recount():
    return render_template("dppkb/recount.html", differences=queries.differences(), jobs=queries.jobs())


@bp.post("/hitung-ulang")
@allowed("recount")
def mend():
    sent_key()
    found = actions.mend()
    flash(f"{len(found)} selisih diperbaiki." if found else "Tidak ada selisih.")
    return redirect(url_for(".recount"), 303)
