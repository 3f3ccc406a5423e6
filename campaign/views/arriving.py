"""The puskesmas's room, who comes: a ticket at the counter, a walk-in, several at once; and closing the day."""

from uuid import UUID

from flask import flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.registration import CONSENT_TEXT
from campaign.actions.transaction import now
from campaign.errors import sentence
from campaign.extensions import htmx
from campaign.forms.service import BY_DESA, KnownForm, ScanForm, SeveralForm, WalkInForm, kader_options
from campaign.queries.places import known_regions
from campaign.rules.arrivals import Arrival
from campaign.rules.journey import Kind, Status
from campaign.rules.refusals import BadKey, NoSuch, Quicker, Refused, WrongStep
from campaign.views.answers import asked_for, done, flash_doubts, me, refused, sent_key, swaps
from campaign.views.puskesmas import bp, changed, colleagues_named, day_of, sheet_of
from campaign.words import CONSENT, told_at_the_counter


@bp.post("/hari/<uuid:day_id>/pindai")
@allowed("attend", scope="service_day")
def scan(day_id):
    """A ticket is enough: who is expected today is here. Everything else is only said."""
    day, form = day_of(day_id), ScanForm()
    if not form.validate():
        if htmx:  # the sheet stays as it is; what was typed is gone from the box already
            told = {"is_go": False, "words": next(iter(form.errors.values()))[0]}
            return swaps("puskesmas/scanned.swaps.html", else_to="", **sheet_of(day), told=told, scanned=None)
        return refused("", page="puskesmas/day_sheet.html", form=form, **sheet_of(day))
    scanned = queries.scanned(day, form.code.data, seen_by=me())
    if scanned.arrival == Arrival.GO:
        try:
            actions.attend(scanned.booking.akseptor, by=me(), key=form.key.data)
        except WrongStep:  # the colleague beside her, or the same ticket twice
            scanned = queries.scanned(day, form.code.data, seen_by=me())
    if scanned.booking and scanned.booking.service_day_id != day.id:
        actions.log_access("ticket", by=me(), akseptor_id=scanned.booking.akseptor_id)
    told = told_of(scanned, day)
    if not htmx:
        flash(told["words"])
    sheet = sheet_of(day) | {"told": told, "scanned": scanned}
    return swaps("puskesmas/scanned.swaps.html", else_to=url_for(".day_sheet", day_id=day.id), **sheet)


def told_of(scanned, day) -> dict:
    """Whether she may go on, and the sentence for her."""
    booking = scanned.booking
    service = queries.service_of(booking.akseptor) if scanned.arrival == Arrival.SERVED else None
    waits = scanned.arrival in (Arrival.GO, Arrival.HERE)
    number = queries.place_in_queue(booking) if waits else None
    words = told_at_the_counter(scanned, number=number, service=service, zone=day.campaign.zone)
    return {"is_go": scanned.arrival == Arrival.GO, "words": words}


# ---- Who walks in ----


@bp.route("/hari/<uuid:day_id>/datang", methods=["GET", "POST"])
@allowed("walk_in", scope="service_day")
def walk_in(day_id):
    day = day_of(day_id)
    desa_list = queries.desa_list(day.campaign.kabupaten_code)
    about = {"desa_list": desa_list, "kader_list": queries.kader_of([desa.code for desa in desa_list])}
    form = WalkInForm(today=day.campaign.day_of(now()), regions=known_regions(), **about)
    page = {"day": day, "campaign": day.campaign, "consent": CONSENT[CONSENT_TEXT], "form": form}
    if request.method == "GET":
        return render_template("puskesmas/walk_in.html", **page)
    if not form.validate():
        return refused("puskesmas/_walk_in_form.html", page="puskesmas/walk_in.html", **page)
    if form.nik.data and (known := queries.by_nik(day.campaign, form.nik.data)) and known.status != Status.WITHDRAWN:
        actions.log_opening("known", by=me(), akseptor_id=known.id, reason="nik_datang")
        page |= {"known": known, "new": KnownForm(formdata=None)}
        return render_template("puskesmas/_known.html" if htmx else "puskesmas/known.html", **page)
    answers = form.answers
    kader = _credited(answers.pop("kader"), answers["desa_code"], answers["rw"], about["kader_list"])
    kader_id = kader.id if kader else None
    akseptor = actions.walk_in(day, kader_id=kader_id, by=me(), key=form.key.data, **answers)
    credit = f" Dicatat atas nama kader {kader.name}." if kader else " Tidak dicatat atas nama kader."
    flash(f"{akseptor.name} sudah terdaftar dan hadir.{credit}")
    flash_doubts(form)
    return done(url_for(".day_sheet", day_id=day.id), row=akseptor)


def _credited(said: str | None, desa_code: str | None, rw: str, kader_list):
    if said == BY_DESA:
        return queries.kader_for(desa_code, rw)
    return next((kader for kader in kader_list if str(kader.id) == said), None)


@bp.get("/hari/<uuid:day_id>/datang/kader")
@allowed("walk_in", scope="service_day")
def kader_choice(day_id):
    """Whose credit she would be, as soon as her desa is said: shown, and to be changed."""
    day, desa_code = day_of(day_id), asked_for("desa_code")
    desa_codes = [desa.code for desa in queries.desa_list(day.campaign.kabupaten_code)]
    form = WalkInForm(formdata=None, today=day.on)
    form.kader.choices = kader_options(queries.kader_of({desa_code} & set(desa_codes)))
    hers = queries.kader_for(desa_code if desa_code in desa_codes else None, asked_for("rw"))
    form.kader.data = str(hers.id) if hers else ""
    return render_template("puskesmas/_kader_choice.html", form=form, day=day)


@bp.post("/hari/<uuid:day_id>/datang/terdaftar")
@allowed("walk_in", scope="service_day")
def known_walk_in(day_id):
    """She was registered before: no second record, a seat today, and here she is."""
    day, form = day_of(day_id), KnownForm()
    if not form.validate():
        raise BadKey
    akseptor = queries.known_here(UUID(form.akseptor_id.data), day, seen_by=me(), at=now())
    with colleagues_named(akseptor, day):
        akseptor = actions.welcome(akseptor, day=day, by=me(), key=form.key.data)
    credit = f", dicatat atas nama kader {akseptor.kader.name}" if akseptor.kader else ""
    flash(f"{akseptor.name} sudah terdaftar sebelumnya{credit}: hadir.")
    return done(url_for(".day_sheet", day_id=day.id), row=akseptor)


# ---- Several at once, and the end of the day ----

DEEDS = {
    "hadir": (actions.attend, Kind.ATTEND),
    "tidak-hadir": (actions.miss, Kind.MISS),
    "pulang": (actions.miss, Kind.MISS),
}
SAID = {"hadir": "hadir", "tidak-hadir": "tidak hadir", "pulang": "pulang"}
FROM = {"tidak-hadir": Status.BOOKED, "pulang": Status.ATTENDED}


@bp.post("/hari/<uuid:day_id>/beberapa")
@allowed("attend", scope="service_day")
def several(day_id):
    """Each of them is a deed of its own: what cannot be done for one is done for the others, and said of each."""
    day, form = day_of(day_id), SeveralForm()
    if not form.validate():
        flash(next(iter(form.errors.values()))[0])
        return done(url_for(".day_sheet", day_id=day.id))
    messages = [_one(day, akseptor_id, form.outcome.data, form.key.data) for akseptor_id in form.her.data]
    return changed(day, None, *messages)


def _one(day, akseptor_id: UUID, outcome: str, key: str) -> str:
    try:
        akseptor = queries.akseptor(akseptor_id, seen_by=me(), today=day.campaign.day_of(now()), on_day=day)
    except NoSuch:
        return "Satu Ibu sudah tidak ada di lembar ini: dipindah atau dibatalkan."
    name, (deed, kind) = akseptor.name, DEEDS[outcome]
    try:
        with colleagues_named(akseptor, day):
            if akseptor.status != FROM.get(outcome, akseptor.status):
                raise WrongStep(akseptor.status, kind)
            deed(akseptor, by=me(), key=f"{key[:40]}-{akseptor_id.hex[:16]}")
    except Refused as refusal:
        return sentence(refusal) if isinstance(refusal, Quicker) else f"{name}: {sentence(refusal)}"
    return f"{name}: {SAID[outcome]}."


@bp.post("/hari/<uuid:day_id>/tutup")
@allowed("close_day", scope="service_day")
def close_day(day_id):
    day = day_of(day_id)
    actions.close_day(day, by=me(), key=sent_key())
    return changed(day, None, "Hari ini sudah ditutup: semua Ibu ada hasilnya.")
