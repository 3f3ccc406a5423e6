"""The puskesmas's room: days with seats, the day sheet, and what becomes of everybody on it. DPPKB may open days too."""

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.registration import CONSENT_TEXT
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.forms.service import CorrectForm, DayForm, DeferForm, SeatsForm, ServiceForm, WalkInForm
from campaign.queries.places import known_regions
from campaign.rules.methods import Method
from campaign.rules.roles import may
from campaign.views.answers import asked_for, choose_campaign, done, flash_doubts, me, refused, sent_key, swaps
from campaign.words import CONSENT

bp = Blueprint("puskesmas", __name__, url_prefix="/puskesmas")


@bp.get("/")
@allowed("day_sheet")
def home():
    return choose_campaign("puskesmas.day_list")


@bp.get("/<uuid:campaign_id>")
@allowed("day_sheet", scope="campaign")
def day_list(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    day_list = queries.day_list(campaign, seen_by=me())
    return render_template(
        "puskesmas/day_list.html", campaign=campaign, day_list=day_list, today=campaign.day_of(now())
    )


@bp.route("/<uuid:campaign_id>/hari-baru", methods=["GET", "POST"])
@allowed("service_days", scope="campaign")
def open_day(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    form = DayForm(point_list=queries.point_list(seen_by=me()))
    if request.method == "GET":
        return render_template("puskesmas/open_day.html", form=form, campaign=campaign)
    if not form.validate():
        return refused("puskesmas/_day_form.html", page="puskesmas/open_day.html", form=form, campaign=campaign)
    answers = form.answers
    point = queries.service_point(UUID(answers.pop("point")), seen_by=me())
    day = actions.open_day(campaign=campaign, point=point, by=me(), key=form.key.data, **answers)
    flash("Hari pelayanan sudah dibuka.")
    return done(url_for(".day_sheet", day_id=day.id), row=day)


@bp.get("/hari/<uuid:day_id>")
@allowed("day_sheet", scope="service_day")
def day_sheet(day_id):
    part = "puskesmas/_day_sheet.html" if htmx.target == "day-sheet" else "puskesmas/day_sheet.html"
    return render_template(part, **_sheet(_day(day_id)))


def _day(day_id):
    return queries.service_day(day_id, seen_by=me())


def _sheet(day):
    bookings = queries.day_sheet(day)
    people = [booking.akseptor for booking in bookings]
    return {
        "day": day,
        "campaign": day.campaign,
        "today": day.campaign.day_of(now()),
        "bookings": bookings,
        "methods": {akseptor.id: Method(queries.method_of(akseptor)) for akseptor in people},
        "undoable": queries.last_correctable(people),
        "works_here": may(me().role, "attend"),
        "seats_form": SeatsForm(formdata=None, seats=day.seats),
    }


def _changed(day, akseptor, message):
    """The whole sheet again: two people work on it, and what the other did is news too."""
    if not htmx:
        flash(f"{akseptor.name}: {message}.")
    sheet = _sheet(day) | {"last": akseptor, "message": message}
    return swaps("puskesmas/changed.swaps.html", else_to=url_for(".day_sheet", day_id=day.id), row=akseptor, **sheet)


@bp.post("/hari/<uuid:day_id>/kursi")
@allowed("service_days", scope="service_day")
def set_seats(day_id):
    day, form = _day(day_id), SeatsForm()
    if not form.validate():
        sheet = _sheet(day) | {"seats_form": form}
        return refused("puskesmas/_day_sheet.html", page="puskesmas/day_sheet.html", form=form, **sheet)
    actions.set_seats(day, seats=form.seats.data, by=me(), key=form.key.data)
    flash("Jumlah kursi sudah diubah.")
    return done(url_for(".day_sheet", day_id=day.id), row=day)


@bp.get("/hari/<uuid:day_id>/janji")
@allowed("book", scope="service_day")
def to_book(day_id):
    day, name = _day(day_id), asked_for("nama")
    rows = queries.bookable_list(day.campaign, seen_by=me(), name=name)
    part = "puskesmas/_to_book.html" if htmx.target == "to-book" else "puskesmas/to_book.html"
    return render_template(part, day=day, campaign=day.campaign, rows=rows, name=name)


@bp.post("/hari/<uuid:day_id>/janji/<uuid:akseptor_id>")
@allowed("book", scope="service_day")
def book(day_id, akseptor_id):
    day = _day(day_id)
    akseptor = queries.bookable(akseptor_id, day.campaign, seen_by=me())
    akseptor = actions.book(akseptor, day=day, by=me(), key=sent_key())
    flash(f"{akseptor.name} sudah dijadwalkan.")
    return done(url_for(".to_book", day_id=day.id), row=akseptor)


@bp.route("/hari/<uuid:day_id>/datang", methods=["GET", "POST"])
@allowed("walk_in", scope="service_day")
def walk_in(day_id):
    day = _day(day_id)
    desa_list = queries.desa_list(day.campaign.kabupaten_code)
    form = WalkInForm(today=day.campaign.day_of(now()), regions=known_regions(), desa_list=desa_list)
    page = {"day": day, "campaign": day.campaign, "consent": CONSENT[CONSENT_TEXT], "form": form}
    if request.method == "GET":
        return render_template("puskesmas/walk_in.html", **page)
    if not form.validate():
        return refused("puskesmas/_walk_in_form.html", page="puskesmas/walk_in.html", **page)
    akseptor = actions.walk_in(day, by=me(), key=form.key.data, **form.answers)
    flash(f"{akseptor.name} sudah terdaftar dan hadir.")
    flash_doubts(form)
    return done(url_for(".day_sheet", day_id=day.id), row=akseptor)


def _on_sheet(day_id, akseptor_id):
    day = _day(day_id)
    return day, queries.akseptor(akseptor_id, seen_by=me(), today=now().date(), on_day=day)


@bp.post("/hari/<uuid:day_id>/<uuid:akseptor_id>/hadir")
@allowed("attend", scope="booked")
def attend(day_id, akseptor_id):
    day, akseptor = _on_sheet(day_id, akseptor_id)
    return _changed(day, actions.attend(akseptor, by=me(), key=sent_key()), "hadir")


@bp.post("/hari/<uuid:day_id>/<uuid:akseptor_id>/tidak-hadir")
@allowed("miss", scope="booked")
def miss(day_id, akseptor_id):
    day, akseptor = _on_sheet(day_id, akseptor_id)
    return _changed(day, actions.miss(akseptor, by=me(), key=sent_key()), "tidak hadir")


@bp.post("/hari/<uuid:day_id>/<uuid:akseptor_id>/batal")
@allowed("cancel", scope="booked")
def cancel(day_id, akseptor_id):
    day, akseptor = _on_sheet(day_id, akseptor_id)
    return _changed(day, actions.cancel(akseptor, by=me(), key=sent_key()), "jadwal dibatalkan")


def _outcome(day_id, akseptor_id, *, make, page, deed, message, also=lambda akseptor: {}):
    """One outcome with a form: shown on GET, judged and done on POST."""
    day, akseptor = _on_sheet(day_id, akseptor_id)
    form = make(akseptor, today=day.campaign.day_of(now()))
    context = {"day": day, "campaign": day.campaign, "akseptor": akseptor, "form": form, **also(akseptor)}
    if request.method == "GET":
        actions.log_access("day_sheet", by=me(), akseptor_id=akseptor.id)
        return render_template(page, **context)
    if not form.validate():
        return refused(page.replace("/", "/_").replace(".html", "_form.html"), page=page, **context)
    deed(akseptor, by=me(), key=form.key.data, **form.answers)
    flash(f"{akseptor.name}: {message}.")
    flash_doubts(form)
    return done(url_for(".day_sheet", day_id=day.id), row=akseptor)


@bp.route("/hari/<uuid:day_id>/<uuid:akseptor_id>/layani", methods=["GET", "POST"])
@allowed("serve", scope="booked")
def serve(day_id, akseptor_id):
    def make(akseptor, today):
        wanted = Method(queries.method_of(akseptor))
        return ServiceForm(
            today=today, regions=known_regions(), has_nik=akseptor.has_nik, served_on=today, method=wanted.value
        )

    page = "puskesmas/serve.html"
    return _outcome(day_id, akseptor_id, make=make, page=page, deed=actions.serve, message="dilayani")


@bp.route("/hari/<uuid:day_id>/<uuid:akseptor_id>/tunda", methods=["GET", "POST"])
@allowed("defer", scope="booked")
def defer(day_id, akseptor_id):
    def make(_akseptor, today):
        return DeferForm(today=today)

    page = "puskesmas/defer.html"
    return _outcome(day_id, akseptor_id, make=make, page=page, deed=actions.defer, message="ditunda")


@bp.route("/hari/<uuid:day_id>/<uuid:akseptor_id>/betulkan", methods=["GET", "POST"])
@allowed("correct", scope="booked")
def correct(day_id, akseptor_id):
    def make(akseptor, today):
        last = queries.last_correctable([akseptor]).get(akseptor.id)
        return CorrectForm(step_id=last.id if last else None)

    def also(akseptor):
        return {"last": queries.last_correctable([akseptor]).get(akseptor.id)}

    page = "puskesmas/correct.html"
    return _outcome(day_id, akseptor_id, make=make, page=page, deed=actions.correct, message="dibetulkan", also=also)
