"""DPPKB's room, places: where service days happen, for which desa a puskesmas works, what kader are called here."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.forms.people import DesaListForm, LevelsForm
from campaign.forms.places import PointForm
from campaign.models import PointKind
from campaign.rules.refusals import NameTaken, NoSuch
from campaign.views.answers import asked_for, me
from campaign.views.dppkb import bp


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


@bp.route("/tempat/<uuid:point_id>", methods=["GET", "POST"])
@allowed("campaign", scope="point")
def working_area(point_id):
    point = queries.service_point(point_id, seen_by=me())
    if point.kind != PointKind.PUSKESMAS:
        raise NoSuch
    every = queries.desa_list(me().kabupaten_code)
    form = DesaListForm(desa_list=every, data={"desa_codes": queries.works_for(point)})
    if request.method == "POST" and form.validate():
        actions.set_working_area(point, by=me(), key=form.key.data, **form.answers)
        flash("Wilayah kerja disimpan.")
        return redirect(url_for(".working_area", point_id=point_id), 303)
    about = {"point": point, "form": form, "desa_list": every, "asked": asked_for("cari")}
    about["also"] = queries.others_there(point)
    return render_template("dppkb/working_area.html", **about), 422 if form.errors else 200


@bp.route("/sebutan", methods=["GET", "POST"])
@allowed("people")
def levels():
    form = LevelsForm(obj=queries.kabupaten(me().kabupaten_code))
    if request.method == "POST" and form.validate():
        actions.name_levels(by=me(), key=form.key.data, **form.answers)
        flash("Sebutan kader disimpan.")
        return redirect(url_for(".person_list"), 303)
    return render_template("dppkb/levels.html", form=form), 422 if form.errors else 200
