"""After the service: who is due at the puskesmas, what a visit found, her card; at her home by her kader; the office's plan."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.forms.aftercare import HOME, HomeVisitForm, PlanForm, ReportDayForm, VisitForm
from campaign.rules.aftercare import months_after
from campaign.rules.methods import MKJP, Method
from campaign.rules.refusals import NoSuch
from campaign.rules.registers import Month
from campaign.views import dppkb, kader, puskesmas
from campaign.views.answers import asked_for, done, me, refused, sent_key, today_here
from campaign.words import label

# ---- At the puskesmas ----


@puskesmas.bp.get("/<uuid:campaign_id>/kunjungan")
@allowed("follow_up", scope="campaign")
def visit_list(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    today, points = campaign.day_of(now()), queries.points_visited(campaign, seen_by=me())
    asked = next((point.id for point in points if str(point.id) == asked_for("tempat")), None)
    visits = queries.due_visits(campaign, seen_by=me(), today=today, point_id=asked)
    about = {"campaign": campaign, "today": today, "visits": visits, "points": points, "asked": asked}
    return render_template("puskesmas/visit_list.html", **about)


@puskesmas.bp.get("/pencabutan")
@allowed("follow_up")
def removal_list():
    """What should be taken out: late ones and those of the next months, or of one month."""
    today = today_here()
    months = queries.removal_months(seen_by=me(), today=today)
    asked = next((month for month in months if str(month) == asked_for("bulan")), None)
    window = (asked, asked) if asked else (Month.of(months_after(today, -12)), Month.of(months_after(today, 3)))
    actions.log_access("removal_list", by=me(), reason=str(asked) if asked else None)
    about = {"today": today, "months": months, "asked": asked, "removals": queries.removals_due(*window, seen_by=me())}
    return render_template("puskesmas/removal_list.html", **about)


@puskesmas.bp.route("/pelayanan/<uuid:service_id>", methods=["GET", "POST"])
@allowed("follow_up", scope="service")
def after_service(service_id):
    service = queries.service(service_id, seen_by=me())
    campaign, points = service.akseptor.campaign, queries.point_list(seen_by=me())
    today, visits = campaign.day_of(now()), queries.visits_of(service)
    due = [visit for visit in visits if visit.done_on is None]
    here = {"done_on": today, "point": str(service.booking.service_day.service_point_id)}
    here["visit"] = str(due[0].id) if due and (due[0].due_on - today).days <= 30 else ""
    form = VisitForm(today=today, served_on=service.served_on, due=due, point_list=points, data=here)
    if request.method == "POST" and form.validate():
        answers = form.answers
        point = None if answers["point"] == HOME else queries.service_point(UUID(answers["point"]), seen_by=me())
        chosen = answers.pop("visit")
        visit = next((visit for visit in due if str(visit.id) == chosen), None)
        deed = actions.visit if visit else actions.visit_unplanned
        deed(visit or service, by=me(), key=form.key.data, **answers | {"point": point})
        flash(f"{service.akseptor.name}: {label(answers['found'])}, sudah dicatat.")
        return done(url_for(".after_service", service_id=service.id), row=service)
    actions.log_access("after_service", by=me(), akseptor_id=service.akseptor_id)
    about = {"service": service, "akseptor": service.akseptor, "campaign": campaign, "today": today, "form": form}
    about |= {"given": queries.given(service), "visits": [(visit, queries.found_at(visit)) for visit in visits]}
    page = "puskesmas/after_service.html"
    return refused(page, page=page, **about) if form.errors else render_template(page, **about)


@puskesmas.bp.post("/kunjungan/<uuid:follow_up_id>/batal")
@allowed("follow_up", scope="follow_up")
def undo_visit(follow_up_id):
    visit = actions.undo_visit(queries.follow_up(follow_up_id, seen_by=me()), by=me(), key=sent_key())
    flash("Catatan kunjungan itu dibatalkan.")
    return done(url_for(".after_service", service_id=visit.service_id), row=visit)


@puskesmas.bp.get("/pelayanan/<uuid:service_id>/kartu")
@allowed("follow_up", scope="service")
def visit_card(service_id):
    """What she takes home. Not a word of what it is about, unless she wishes it there."""
    service = queries.service(service_id, seen_by=me())
    kader = service.akseptor.kader
    phone = queries.phone_of(kader) if kader else None
    actions.log_access("visit_card", by=me(), akseptor_id=service.akseptor_id)
    due = [visit for visit in queries.visits_of(service) if visit.done_on is None]
    about = {"service": service, "akseptor": service.akseptor, "campaign": service.akseptor.campaign, "due": due}
    about |= {"given": queries.given(service), "with_method": asked_for("alat") == "ya", "kader": kader, "phone": phone}
    return render_template("puskesmas/visit_card.html", **about)


# ---- At her home ----


@kader.bp.route("/akseptor/<uuid:akseptor_id>/kunjungan", methods=["GET", "POST"])
@allowed("follow_up", scope="akseptor")
def home_visit(akseptor_id):
    """Her kader or PLKB was there. Nothing here says what she was given."""
    akseptor = kader.hers(akseptor_id)
    service, today = queries.aftercare_of(akseptor.id, seen_by=me()), akseptor.campaign.day_of(now())
    about = {"akseptor": akseptor, "campaign": akseptor.campaign, "today": today, "service": service}
    if service is None:
        return render_template("kader/home_visit.html", form=None, **about), 409 if request.method == "POST" else 200
    visit = queries.visits_due([akseptor], today=today).get(akseptor.id)
    form = HomeVisitForm(today=today, served_on=service.served_on, data={"done_on": today})
    if request.method == "POST" and form.validate():
        deed = actions.visit if visit else actions.visit_unplanned
        deed(visit or service, by=me(), key=form.key.data, **form.answers)
        flash(f"{akseptor.name}: sudah dikunjungi. Terima kasih.")
        return done(url_for(".akseptor_list", campaign_id=akseptor.campaign_id), row=akseptor)
    page = "kader/home_visit.html"
    about |= {"form": form, "visit": visit}
    return refused(page, page=page, **about) if form.errors else render_template(page, **about)


# ---- The office's setting ----


@dppkb.bp.route("/sesudah-pelayanan", methods=["GET", "POST"])
@allowed("after_plan")
def after_plans():
    """Every method's plan, and the day by which the registers must be in."""
    kabupaten = queries.kabupaten(me().kabupaten_code)
    form = ReportDayForm(obj=kabupaten)
    if request.method == "POST" and form.validate():
        actions.set_report_day(kabupaten, by=me(), key=form.key.data, **form.answers)
        flash("Tanggal laporan disimpan.")
        return redirect(url_for(".after_plans"), 303)
    plans = queries.plans(me().kabupaten_code)
    about = {
        "form": form,
        "plans": [(method, plans[method]) for method in Method if method in plans and method in MKJP],
    }
    return render_template("dppkb/after_plans.html", **about), 422 if form.errors else 200


@dppkb.bp.route("/sesudah-pelayanan/<method>", methods=["GET", "POST"])
@allowed("after_plan")
def after_plan(method):
    plans = {method.value: plan for method, plan in queries.plans(me().kabupaten_code).items()}
    if method not in plans:
        raise NoSuch
    method, plan = Method(method), plans[method]
    form = PlanForm(data={"visit_days": plan.visit_days, "lasts_months": plan.lasts_months})
    if request.method == "POST" and form.validate():
        kabupaten = queries.kabupaten(me().kabupaten_code)
        actions.set_plan(kabupaten, method=method, by=me(), key=form.key.data, **form.answers)
        flash(f"Rencana untuk {label(method)} disimpan. Kunjungan yang sudah terjadwal tidak berubah.")
        return redirect(url_for(".after_plans"), 303)
    return render_template("dppkb/after_plan.html", form=form, method=method), 422 if form.errors else 200
