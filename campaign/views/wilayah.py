"""DPPKB's room, wilayah: the areas as the office has them, renamed, split and merged; and its own map."""

import hashlib

from flask import flash, redirect, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed, takes_files
from campaign.forms.wilayah import AreaForm, MapForm, NameAreaForm
from campaign.models import Kecamatan
from campaign.rules.refusals import BadFile, NameTaken, NoSuch
from campaign.sheets import drawn
from campaign.views.answers import asked_for, me, sent_key
from campaign.views.dppkb import bp


@bp.get("/wilayah")
@allowed("campaign")
def wilayah():
    return _page()


def _page(area_form=None, map_form=None):
    code, name = me().kabupaten_code, asked_for("nama")
    area_form, map_form = area_form or AreaForm(kabupaten_code=code, formdata=None), map_form or MapForm(formdata=None)
    about = {
        "kabupaten": queries.kabupaten(code),
        "drawing": queries.drawing(queries.kabupaten(code)),
        "desa_list": queries.desa_named(code, name),
        "name": name,
        "area_form": area_form,
        "map_form": map_form,
    }
    return render_template("dppkb/wilayah.html", **about), 422 if area_form.errors or map_form.errors else 200


@bp.post("/wilayah")
@allowed("campaign")
def add_area():
    form = AreaForm(kabupaten_code=me().kabupaten_code)
    if form.validate():
        try:
            actions.add_area(code=form.code.data, name=form.name.data, by=me(), key=form.key.data)
        except NameTaken:
            form.code.errors = ["Kode ini sudah ada. Ubah namanya lewat daftar di bawah."]
        except NoSuch:
            form.code.errors = ["Kecamatannya belum ada. Tambahkan kecamatan itu dulu."]
        else:
            flash(f"{form.name.data} ditambahkan.")
            return redirect(url_for(".wilayah"), 303)
    return _page(area_form=form)


@bp.route("/wilayah/<code>", methods=["GET", "POST"])
@allowed("campaign", scope="area")
def area(code):
    area = queries.area(code, seen_by=me())
    form = NameAreaForm(obj=area)
    if request.method == "POST" and form.validate():
        actions.rename_area(area, name=form.name.data, by=me(), key=form.key.data)
        flash("Nama disimpan.")
        return redirect(url_for(".wilayah"), 303)
    about = {"area": area, "form": form, "is_desa": not isinstance(area, Kecamatan)}
    return render_template("dppkb/area.html", **about), 422 if form.errors else 200


@bp.post("/wilayah/<code>/akhiri")
@allowed("campaign", scope="area")
def end_desa(code):
    actions.end_desa(_desa(code), by=me(), key=sent_key())
    flash("Desa ini tidak lagi mendapat target. Orang dan angkanya tetap terbaca.")
    return redirect(url_for(".area", code=code), 303)


@bp.post("/wilayah/<code>/pulihkan")
@allowed("campaign", scope="area")
def revive_desa(code):
    actions.revive_desa(_desa(code), by=me(), key=sent_key())
    flash("Desa ini dipakai lagi.")
    return redirect(url_for(".area", code=code), 303)


def _desa(code: str):
    area = queries.area(code, seen_by=me())
    if isinstance(area, Kecamatan):
        raise NoSuch
    return area


@bp.post("/wilayah/peta")
@takes_files
@allowed("campaign")
def draw_map():
    form = MapForm()
    if not form.validate():
        return _page(map_form=form)
    data = form.file.data.read()
    areas = queries.desa_named(me().kabupaten_code, "")
    codes = {desa.code for desa in areas} | {desa.kecamatan_code for desa in areas}
    try:
        drawing = drawn.shapes_apart(data, codes)
    except BadFile as bad:
        form.file.errors = [bad.sentence]
        return _page(map_form=form)
    places = drawing.centroids
    paths = [
        {"area_code": code, "path": path, "x": places[code][0], "y": places[code][1]}
        for code, path in drawing.paths.items()
    ]
    actions.draw_map(
        box=drawing.view_box, digest=hashlib.sha256(data).hexdigest(), paths=paths, by=me(), key=form.key.data
    )
    flash(_drawn(drawing))
    return redirect(url_for(".wilayah"), 303)


def _drawn(drawing) -> str:
    kecamatan = sum(len(code) == 8 for code in drawing.paths)
    desa = len(drawing.paths) - kecamatan
    ignored = f" {len(drawing.unknown)} bentuk wilayah lain diabaikan." if drawing.unknown else ""
    return f"Peta disimpan: {kecamatan} kecamatan dan {desa} desa punya bentuk.{ignored}"


@bp.post("/wilayah/peta/hapus")
@allowed("campaign")
def drop_map():
    actions.draw_map(box=None, digest="", paths=[], by=me(), key=sent_key())
    flash("Kembali ke peta petak.")
    return redirect(url_for(".wilayah"), 303)
