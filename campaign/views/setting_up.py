"""DPPKB's room, setting up: a campaign step by step, its stages, and the target shared out over the desa."""

from flask import abort, flash, redirect, render_template, request, url_for

from campaign import actions, queries, words
from campaign.access import allowed
from campaign.forms.office import FORMS, NameForm, UnlockForm, promise_of, promised, split_form
from campaign.models import Stage
from campaign.rules.apportionment import Way
from campaign.rules.setup import SetupStep, missing
from campaign.rules.weights import CannotSplit
from campaign.views.answers import asked_for, me, sent_key
from campaign.views.dppkb import bp


@bp.route("/kampanye/baru", methods=["GET", "POST"])
@allowed("campaign")
def new_campaign():
    form = NameForm()
    if request.method == "POST" and form.validate():
        campaign = actions.create_campaign(by=me(), key=form.key.data, **form.answers)
        return redirect(url_for(".step", campaign_id=campaign.id, step=SetupStep.SPAN.value), 303)
    about = {"form": form, "step": SetupStep.NAME, "campaign": None}
    return render_template("dppkb/step.html", **about), 422 if form.errors else 200


@bp.get("/kampanye/<uuid:campaign_id>")
@allowed("campaign", scope="campaign")
def campaign(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    return _overview(campaign, UnlockForm())


def _overview(campaign, unlock_form):
    about = {
        "campaign": campaign,
        "unlock_form": unlock_form,
        "missing": missing(campaign.settled),
        "version": queries.current_split(campaign),
        "total": sum(target.number for target in queries.targets(campaign).values()),
        "points": len(queries.point_list(seen_by=me())),
        "changes": queries.stage_changes(campaign),
        "rehearsal": queries.rehearsal_of(campaign),
    }
    return render_template("dppkb/campaign.html", **about), 422 if unlock_form.errors else 200


@bp.route("/kampanye/<uuid:campaign_id>/langkah/<step>", methods=["GET", "POST"])
@allowed("campaign", scope="campaign")
def step(campaign_id, step):
    campaign = queries.campaign(campaign_id, seen_by=me())
    if step not in set(SetupStep):
        abort(404)
    step = SetupStep(step)
    if step == SetupStep.HEADLINE and campaign.stage != Stage.DRAFT:
        return redirect(url_for(".split", campaign_id=campaign_id), 303)  # a promise once made is changed knowingly
    form = _step_form(step, campaign)
    if request.method == "POST" and form.validate():
        answers = form.answers
        if step == SetupStep.HEADLINE:
            answers = {"headline": form.headline.data, "headline_parts": form.parts}
        actions.settle(campaign, step=step, by=me(), key=form.key.data, **answers)
        return redirect(_after(step, campaign), 303)
    about = {"form": form, "step": step, "campaign": campaign, "point_list": queries.point_list(seen_by=me())}
    return render_template("dppkb/step.html", **about), 422 if form.errors else 200


def _step_form(step: SetupStep, campaign):
    if step == SetupStep.HEADLINE:
        return promised(FORMS[step], campaign.counted_methods)(data=promise_of(campaign))
    return FORMS[step](obj=campaign)


def _after(step: SetupStep, campaign) -> str:
    """The next step nobody has taken; after the last the split; of a running campaign its page."""
    left = missing({*campaign.settled, step})
    if campaign.stage == Stage.DRAFT and left:
        return url_for(".step", campaign_id=campaign.id, step=left[0].value)
    if campaign.stage == Stage.DRAFT and queries.current_split(campaign) is None:
        return url_for(".split", campaign_id=campaign.id)
    return url_for(".campaign", campaign_id=campaign.id)


# ---- Stages ----


@bp.post("/kampanye/<uuid:campaign_id>/buka")
@allowed("campaign", scope="campaign")
def open_campaign(campaign_id):
    actions.open_campaign(queries.campaign(campaign_id, seen_by=me()), by=me(), key=sent_key())
    flash("Kampanye dibuka: kader dapat mendaftarkan, papan bergerak.")
    return redirect(url_for(".campaign", campaign_id=campaign_id), 303)


@bp.post("/kampanye/<uuid:campaign_id>/tutup")
@allowed("campaign", scope="campaign")
def close_campaign(campaign_id):
    actions.close_campaign(queries.campaign(campaign_id, seen_by=me()), by=me(), key=sent_key())
    flash("Kampanye ditutup.")
    return redirect(url_for(".campaign", campaign_id=campaign_id), 303)


@bp.post("/kampanye/<uuid:campaign_id>/buka-kunci")
@allowed("campaign", scope="campaign")
def unlock_campaign(campaign_id):
    campaign, form = queries.campaign(campaign_id, seen_by=me()), UnlockForm()
    if not form.validate():
        return _overview(campaign, form)
    actions.unlock_campaign(campaign, by=me(), key=form.key.data, days=form.days.data, why=form.why.data)
    flash("Kunci dibuka. Ini tercatat dengan nama Anda dan alasannya.")
    return redirect(url_for(".campaign", campaign_id=campaign_id), 303)


@bp.post("/kampanye/<uuid:campaign_id>/gladi")
@allowed("campaign", scope="campaign")
def rehearse(campaign_id):
    rehearsal = actions.rehearse(queries.campaign(campaign_id, seen_by=me()), by=me(), key=sent_key())
    flash("Gladi bersih siap: kader, puskesmas, dan PLKB melihatnya di daftar kampanye mereka.")
    return redirect(url_for(".campaign", campaign_id=rehearsal.id), 303)


@bp.post("/kampanye/<uuid:campaign_id>/gladi/hapus")
@allowed("campaign", scope="campaign")
def clear_rehearsal(campaign_id):
    actions.clear_rehearsal(queries.campaign(campaign_id, seen_by=me()), by=me(), key=sent_key())
    flash("Gladi bersih sudah dihapus.")
    return redirect(url_for(".home"), 303)


# ---- The split ----


@bp.get("/kampanye/<uuid:campaign_id>/target")
@allowed("campaign", scope="campaign")
def target(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    return _version(campaign, queries.current_split(campaign))


@bp.get("/kampanye/<uuid:campaign_id>/target/<uuid:split_id>")
@allowed("campaign", scope="split")
def version(campaign_id, split_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    return _version(campaign, queries.split(split_id, campaign))


def _version(campaign, version):
    order, is_down = asked_for("urut") or "desa", asked_for("arah") == "turun"
    about = {
        "campaign": campaign,
        "version": version,
        "rows": queries.target_rows(version, campaign, order=order, is_down=is_down) if version else [],
        "order": order,
        "is_down": is_down,
        "versions": queries.split_list(campaign),
    }
    return render_template("dppkb/target.html", **about)


@bp.route("/kampanye/<uuid:campaign_id>/target/bagi", methods=["GET", "POST"])
@allowed("campaign", scope="campaign")
def split(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    columns = queries.weight_columns(campaign.kabupaten_code)
    form = split_form(campaign, columns)(data=_as_last_time(campaign, columns))
    if request.method == "POST" and form.validate():
        try:
            proposal = actions.propose(campaign, by=me(), key=form.key.data, **_how(form, columns))
        except CannotSplit as cannot:
            names = {desa.code: desa.name for desa in queries.desa_list(campaign.kabupaten_code)}
            form.weights.errors = [words.no_split(cannot, names)]
        else:
            return redirect(url_for(".version", campaign_id=campaign_id, split_id=proposal.id), 303)
    about = {"form": form, "campaign": campaign, "columns": columns, "sums": queries.weight_sums(columns)}
    about["desa_list"] = queries.desa_list(campaign.kabupaten_code)
    return render_template("dppkb/split.html", **about), 422 if form.errors else 200


def _how(form, columns) -> dict:
    return {
        "headline": form.headline.data,
        "headline_parts": form.parts,
        "mix": form.mix(columns),
        "way": Way(form.way.data),
        "is_kecamatan_first": form.order.data == "kecamatan",
        "least": form.least.data or 0,
        "locked": form.locked.data,
        "by_method": form.by_method.data,
        "by_week": form.by_week.data,
        "why": form.why.data or "",
    }


def _as_last_time(campaign, columns) -> dict:
    """A split is usually made again almost as it was. A draft's headline was typed twice already."""
    about = promise_of(campaign) | ({"again": campaign.headline} if campaign.stage == Stage.DRAFT else {})
    last = queries.current_split(campaign)
    if last is None:
        return about | {"by_method": bool(campaign.headline_parts)}
    ids = {column.name: str(column.id) for column in columns}
    used = [(ids[part["name"]], part["percent"]) for part in last.mix if part["name"] in ids]
    about |= {f"mix-{id}": percent for id, percent in used}
    about["weights"] = "sama" if not used else used[0][0] if len(used) == 1 else "campuran"
    about |= {"way": last.way.value, "order": "kecamatan" if last.is_kecamatan_first else "langsung"}
    locked = {code: t.number for code, t in queries.targets(campaign).items() if t.is_locked}
    return about | {"least": last.least, "locked": locked, "by_method": bool(last.methods), "by_week": bool(last.weeks)}


@bp.post("/kampanye/<uuid:campaign_id>/target/<uuid:split_id>/terima")
@allowed("campaign", scope="split")
def accept_split(campaign_id, split_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    actions.accept(queries.split(split_id, campaign), by=me(), key=sent_key())
    flash("Pembagian ini dipakai. Papan sudah menampilkannya.")
    return redirect(url_for(".campaign", campaign_id=campaign_id), 303)


@bp.post("/kampanye/<uuid:campaign_id>/target/<uuid:split_id>/buang")
@allowed("campaign", scope="split")
def drop_split(campaign_id, split_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    actions.drop(queries.split(split_id, campaign), by=me(), key=sent_key())
    flash("Usulan dibuang. Target tidak berubah.")
    return redirect(url_for(".target", campaign_id=campaign_id), 303)
