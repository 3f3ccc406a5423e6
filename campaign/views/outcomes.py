"""The puskesmas's room, what becomes of everybody on the sheet: here, served, deferred, referred, missed; and mending it."""

from uuid import UUID

from flask import flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.forms.service import CorrectForm, DeferForm, ReferForm, ServiceForm
from campaign.models import PointKind
from campaign.queries.places import known_regions
from campaign.rules.methods import FAMILY, Family, Method
from campaign.rules.service_facts import Act
from campaign.views.answers import done, flash_doubts, me, refused, sent_key
from campaign.views.puskesmas import bp, changed, colleagues_named, day_of, reasons_of
from campaign.words import defer_reasons


def _on_sheet(day_id, akseptor_id):
    day = day_of(day_id)
    return day, queries.akseptor(akseptor_id, seen_by=me(), today=day.campaign.day_of(now()), on_day=day)


def _pressed(day_id, akseptor_id, deed, message):
    """One outcome that is only a button."""
    day, akseptor = _on_sheet(day_id, akseptor_id)
    with colleagues_named(akseptor, day):
        akseptor = deed(akseptor, by=me(), key=sent_key())
    return changed(day, akseptor, f"{akseptor.name}: {message}.")


@bp.post("/hari/<uuid:day_id>/<uuid:akseptor_id>/hadir")
@allowed("attend", scope="booked")
def attend(day_id, akseptor_id):
    return _pressed(day_id, akseptor_id, actions.attend, "hadir")


@bp.post("/hari/<uuid:day_id>/<uuid:akseptor_id>/tidak-hadir")
@allowed("miss", scope="booked")
def miss(day_id, akseptor_id):
    return _pressed(day_id, akseptor_id, actions.miss, "tidak hadir")


@bp.post("/hari/<uuid:day_id>/<uuid:akseptor_id>/batal")
@allowed("cancel", scope="booked")
def cancel(day_id, akseptor_id):
    return _pressed(day_id, akseptor_id, actions.cancel, "jadwal dibatalkan")


def _outcome(day_id, akseptor_id, *, make, page, deed, message, also=lambda day, akseptor: {}):
    """One outcome with a form: shown on GET, judged and done on POST."""
    day, akseptor = _on_sheet(day_id, akseptor_id)
    form = make(akseptor, day=day, today=day.campaign.day_of(now()))
    context = {"day": day, "campaign": day.campaign, "akseptor": akseptor, "form": form, **also(day, akseptor)}
    if request.method == "GET":
        actions.log_access("day_sheet", by=me(), akseptor_id=akseptor.id)
        return render_template(page, **context)
    if not form.validate():
        return refused(page.replace("/", "/_").replace(".html", "_form.html"), page=page, **context)
    # Said before the deed, after which every row would have to be read anew.
    told, sheet = f"{akseptor.name}: {message}.", url_for(".day_sheet", day_id=day.id)
    with colleagues_named(akseptor, day):
        deed(akseptor, by=me(), key=form.key.data, **form.answers)
    flash(told)
    flash_doubts(form)
    return done(sheet, row=akseptor)


@bp.route("/hari/<uuid:day_id>/<uuid:akseptor_id>/layani", methods=["GET", "POST"])
@allowed("serve", scope="booked")
def serve(day_id, akseptor_id):
    def make(akseptor, day, today):
        about = {"today": today, "regions": known_regions(), "has_nik": akseptor.has_nik}
        if request.method == "GET":
            about |= _filled_in(akseptor, day) | {"served_on": min(today, day.on)}
        return ServiceForm(**about)

    def also(day, akseptor):
        return {"service": queries.service_of(akseptor) if akseptor.status == "served" else None}

    page = "puskesmas/serve.html"
    return _outcome(day_id, akseptor_id, make=make, page=page, deed=actions.serve, message="dilayani", also=also)


def _filled_in(akseptor, day) -> dict:
    """What a usual woman of this day gets: what she wants, and the rest as it was filled in last."""
    wanted, last = Method(queries.method_of(akseptor)), queries.last_filled(day, by=me())
    team = day.team.partition(",")[0].strip()
    said = {"method": wanted.value, "responsible": team or me().name}
    said |= {"is_mobile": day.service_point.kind == PointKind.BERGERAK}
    if last:
        facts = last.facts
        if wanted == Method.IMPLAN and FAMILY.get(Method(last.method)) == Family.IMPLAN:
            said["method"] = last.method  # one rod or two: what lies on the table today
        said |= {"insurance": facts.insurance, "source": facts.source, "is_mobile": facts.is_mobile}
        said |= {"responsible": facts.responsible or said["responsible"]}
        said |= {"product": facts.product if last.method == said["method"] else ""}
    said["act"] = (Act.OPERATIF if FAMILY.get(wanted) == Family.STERIL else Act.PASANG).value
    return said


@bp.route("/hari/<uuid:day_id>/<uuid:akseptor_id>/tunda", methods=["GET", "POST"])
@allowed("defer", scope="booked")
def defer(day_id, akseptor_id):
    def make(_akseptor, day, today):
        return DeferForm(
            today=today, on=day.on, reasons=defer_reasons(queries.defer_reasons(day.campaign.kabupaten_code))
        )

    page = "puskesmas/defer.html"
    return _outcome(day_id, akseptor_id, make=make, page=page, deed=actions.defer, message="ditunda")


@bp.route("/hari/<uuid:day_id>/<uuid:akseptor_id>/rujuk", methods=["GET", "POST"])
@allowed("refer", scope="booked")
def refer(day_id, akseptor_id):
    points = {}

    def make(_akseptor, day, today):
        points.update((str(point.id), point) for point in queries.referral_points(day))
        return ReferForm(point_list=points.values())

    def send_on(akseptor, *, to, **said):
        return actions.refer(akseptor, to=points[str(UUID(to))], **said)

    page = "puskesmas/refer.html"
    return _outcome(day_id, akseptor_id, make=make, page=page, deed=send_on, message="dirujuk")


@bp.route("/hari/<uuid:day_id>/<uuid:akseptor_id>/betulkan", methods=["GET", "POST"])
@allowed("correct", scope="booked")
def correct(day_id, akseptor_id):
    def make(akseptor, day, today):
        last = queries.last_correctable([akseptor]).get(akseptor.id)
        return CorrectForm(step_id=last.id if last else None)

    def also(day, akseptor):
        last = queries.last_correctable([akseptor]).get(akseptor.id)
        return {"last": last, "who": queries.last_done([akseptor]).get(akseptor.id), "reasons": reasons_of(day)}

    page = "puskesmas/correct.html"
    return _outcome(day_id, akseptor_id, make=make, page=page, deed=actions.correct, message="dibetulkan", also=also)
