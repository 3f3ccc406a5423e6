"""Days with seats, in the puskesmas's room: the list, opening, changing, and the dates nobody serves on. DPPKB does so too."""

from uuid import UUID

from flask import flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.days import blackouts
from campaign.actions.transaction import now
from campaign.forms.days import BlackoutForm, CancelDayForm, DayForm, MoveForm, ResizeForm
from campaign.rules.roles import Role, may
from campaign.views.answers import done, me, refused, sent_key
from campaign.views.puskesmas import bp
from campaign.words import day as day_in_words


@bp.get("/<uuid:campaign_id>")
@allowed("day_sheet", scope="campaign")
def day_list(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    day_list = queries.day_list(campaign, seen_by=me())
    today = campaign.day_of(now())
    is_here = may(me().role, "follow_up")  # the office has its own list of what is missing
    about = {"campaign": campaign, "day_list": day_list, "today": today}
    about["tomorrow"] = queries.tomorrow(campaign, seen_by=me(), today=today) if is_here else None
    return render_template("puskesmas/day_list.html", lines=queries.lines_of(day_list), **about)


@bp.route("/<uuid:campaign_id>/hari-baru", methods=["GET", "POST"])
@allowed("service_days", scope="campaign")
def open_day(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    form = DayForm(point_list=queries.point_list(seen_by=me()))
    if request.method == "GET":
        return render_template("puskesmas/open_day.html", form=form, campaign=campaign)
    if not form.validate():
        return refused("puskesmas/_day_form.html", page="puskesmas/open_day.html", form=form, campaign=campaign)
    point = queries.service_point(UUID(form.point.data), seen_by=me())
    about = {"campaign": campaign, "point": point, "by": me(), "key": form.key.data, **form.answers}
    if not form.until.data:
        day = actions.open_day(on=form.on.data, **about)
        flash("Hari pelayanan sudah dibuka.")
        return done(url_for(".day_sheet", day_id=day.id), row=day)
    skipped = blackouts(point, form.dates())
    day = actions.open_series(dates=form.dates(), **about)
    flash(f"{len(form.dates()) - len(skipped)} hari pelayanan sudah dibuka.")
    if skipped:
        flash(f"Dilewati karena libur: {'; '.join(map(_blackout_in_words, sorted(skipped.items())))}.")
    return done(url_for(".day_list", campaign_id=campaign.id), row=day)


def _blackout_in_words(on_and_why) -> str:
    on, why = on_and_why
    return day_in_words(on, with_weekday=True, with_year=False) + (f" ({why})" if why else "")


# ---- Changing ----


def _day(day_id):
    return queries.service_day(day_id, seen_by=me())


def _forms(day, **sent):
    """The three forms of the page; the one that was sent as it was filled in."""
    today, counted = day.campaign.day_of(now()), {row.family.value: row.seats for row in day.method_seats}
    expected = queries.expected_on(day)
    days = queries.days_to_move_to(day, today=today, seen_by=me())
    as_it_is = {"on": day.on, "starts_at": day.starts_at, "ends_at": day.ends_at, "team": day.team}
    as_it_is |= {"point": str(day.service_point_id), "point_list": queries.point_list(seen_by=me())}
    forms = {
        "resize": lambda **kept: ResizeForm(seats=day.seats, expected=expected, days=days, **counted, **kept),
        "move": lambda **kept: MoveForm(**as_it_is, **kept),
        "cancel": lambda **kept: CancelDayForm(days=days, **kept),
    }
    return {name: make() if name in sent else make(formdata=None) for name, make in forms.items()} | {
        "day": day,
        "campaign": day.campaign,
        "today": today,
        "expected": expected,
        "line": queries.line_of(day),
        "methods": {her.akseptor_id: queries.method_of(her.akseptor) for her in expected},
        "in_stock": _in_stock(day, today),
    }


def _in_stock(day, today):
    """What the stock book says for this day's puskesmas, by family; none where it keeps no book."""
    puskesmas_id = day.service_point.puskesmas_id
    if not queries.keeps_book(puskesmas_id):
        return None
    return {"there": queries.sets_on_hand(puskesmas_id), "promised": queries.promised(puskesmas_id, today=today)}


@bp.get("/hari/<uuid:day_id>/ubah")
@allowed("service_days", scope="service_day")
def change_day(day_id):
    return render_template("puskesmas/change_day.html", **_forms(_day(day_id)))


def _judged(day, name):
    """The form that was sent, and the page with what is wrong in it, or None."""
    page = _forms(day, **{name: True})
    form = page[name]
    if form.validate():
        return form, None
    return form, refused(f"puskesmas/_{name}_form.html", page="puskesmas/change_day.html", form=form, **page)


def _chosen(form):
    return queries.service_day(UUID(form.to.data), seen_by=me()) if form.to.data else None


@bp.post("/hari/<uuid:day_id>/kursi")
@allowed("service_days", scope="service_day")
def set_seats(day_id):
    day = _day(day_id)
    form, wrong = _judged(day, "resize")
    if wrong:
        return wrong
    day = actions.set_seats(day, to=_chosen(form), by=me(), key=form.key.data, **form.answers)
    flash("Kursi sudah diubah." + (" Kader Ibu-Ibu yang dipindahkan sudah diberi tahu." if form.leaving.data else ""))
    return done(url_for(".day_sheet", day_id=day.id), row=day)


@bp.post("/hari/<uuid:day_id>/pindah")
@allowed("service_days", scope="service_day")
def move_day(day_id):
    day = _day(day_id)
    form, wrong = _judged(day, "move")
    if wrong:
        return wrong
    answers = form.answers
    point = queries.service_point(UUID(answers.pop("point")), seen_by=me())
    day = actions.move_day(day, point=point, by=me(), key=form.key.data, **answers)
    flash("Hari pelayanan sudah diubah. Bila waktu atau tempatnya pindah, kader setiap Ibu sudah diberi tahu.")
    return done(url_for(".day_sheet", day_id=day.id), row=day)


@bp.post("/hari/<uuid:day_id>/batalkan")
@allowed("service_days", scope="service_day")
def cancel_day(day_id):
    day = _day(day_id)
    form, wrong = _judged(day, "cancel")
    if wrong:
        return wrong
    day = actions.cancel_day(day, why=form.why.data, to=_chosen(form), by=me(), key=form.key.data)
    flash("Hari pelayanan dibatalkan. Kader setiap Ibu sudah diberi tahu.")
    return done(url_for(".day_list", campaign_id=day.campaign_id), row=day)


@bp.post("/hari/<uuid:day_id>/tunggu/<uuid:akseptor_id>")
@allowed("wait", scope="service_day")
def wait(day_id, akseptor_id):
    day = _day(day_id)
    akseptor = queries.bookable(akseptor_id, day.campaign, seen_by=me())
    akseptor = actions.wait(akseptor, day=day, by=me(), key=sent_key())
    flash(f"{akseptor.name} masuk daftar tunggu hari ini.")
    return done(url_for(".to_book", day_id=day.id), row=akseptor)


# ---- Dates nobody serves on ----


@bp.route("/libur", methods=["GET", "POST"])
@allowed("service_days")
def blackout_list():
    form, kabupaten, is_office = BlackoutForm(), queries.kabupaten(me().kabupaten_code), me().role == Role.DPPKB
    today = kabupaten.day_of(now())
    page = {"today": today, "is_office": is_office, "me_at": me().service_point_id}
    if request.method == "POST" and form.validate():
        where = None if is_office else queries.service_point(me().service_point_id, seen_by=me())
        actions.add_blackout(kabupaten=kabupaten, puskesmas=where, by=me(), key=form.key.data, **form.answers)
        flash("Hari libur sudah dicatat.")
        return done(url_for(".blackout_list"))
    page |= {"blackout_list": queries.blackout_list(seen_by=me(), today=today)}
    page |= {"still_open": queries.open_on_blackouts(seen_by=me(), today=today)}
    if request.method == "GET":
        return render_template("puskesmas/blackout_list.html", form=BlackoutForm(formdata=None), **page)
    return refused("puskesmas/_blackout_form.html", page="puskesmas/blackout_list.html", form=form, **page)


@bp.post("/libur/<uuid:blackout_id>/hapus")
@allowed("service_days", scope="blackout")
def remove_blackout(blackout_id):
    blackout = queries.blackout(blackout_id, seen_by=me())
    actions.remove_blackout(blackout, by=me(), key=sent_key())
    flash("Tanggal itu dapat dipakai lagi.")
    return done(url_for(".blackout_list"))
