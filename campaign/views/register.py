"""The kader's room, registration: read the consent to her, take down what she says, tell what happens next.

Building the form and saving it are functions of their own, so that what a phone kept while it had no signal is judged and
answered by the same.
"""

from types import SimpleNamespace
from zoneinfo import ZoneInfo

from flask import flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.registration import CONSENT_TEXT
from campaign.actions.transaction import now
from campaign.forms.village import RegistrationForm, SimilarForm
from campaign.queries.places import known_regions
from campaign.queries.similar import exact
from campaign.queries.similar import similar as similar_names
from campaign.rules.couple import NotUsing
from campaign.rules.refusals import NoSuch
from campaign.rules.roles import Role
from campaign.views.answers import done, me, refused, today_here, wants_json
from campaign.views.kader import bp, desa_of, hers
from campaign.words import AFTER_BIRTH, CONSENT, MAY_BE_KNOWN, after_registering, in_kecamatan, place


@bp.get("/<uuid:campaign_id>/daftar")
@allowed("register", scope="campaign")
def registration(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    return page("kader/register.html", campaign, registration_form(campaign))


@bp.post("/<uuid:campaign_id>/daftar")
@allowed("register", scope="campaign")
def register(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    form = registration_form(campaign, request.form)
    if not form.validate():
        return refused("kader/_registration_form.html", page="kader/register.html", **_about(campaign, form))
    akseptor = save(campaign, form, by=me(), key=form.key.data)
    to_look_at = doubts(campaign, form, akseptor)
    if not wants_json():  # a phone that sends a week's worth would fill the cookie these are kept in
        for doubt in to_look_at:
            flash(doubt)
    return done(url_for(".receipt", akseptor_id=akseptor.id), row=akseptor, doubts=to_look_at, **receipt_of(akseptor))


@bp.get("/akseptor/<uuid:akseptor_id>/tersimpan")
@allowed("register", scope="akseptor")
def receipt(akseptor_id):
    akseptor = hers(akseptor_id)
    return render_template("kader/receipt.html", akseptor=akseptor, campaign=akseptor.campaign, **receipt_of(akseptor))


@bp.post("/<uuid:campaign_id>/serupa")
@allowed("register", scope="campaign")
def similar(campaign_id):
    """While she is typing. A POST, though it changes nothing: a NIK and a name belong in no address."""
    campaign = queries.campaign(campaign_id, seen_by=me())
    form = SimilarForm(today=campaign.day_of(now()), regions=None)
    said, alike, stands_in = form.said, [], None
    if said["nik"]:
        actions.log_look("look_nik", by=me())
        stands_in = exact(campaign, said["nik"])
    if said["name"] and stands_in is None:
        actions.log_look("look_name", by=me())
        about = (said["name"], said["birth_date"], _desa_code(form.desa_code.data))
        alike = _alike(campaign, *about, has_nik=bool(said["nik"]))
    return render_template("kader/_similar.html", stands_in=stands_in, alike=alike)


# ---- What the outbox needs too ----


def registration_form(campaign, formdata=None) -> RegistrationForm:
    """The form as who is signed in fills it in: only who looks after several desa says which."""
    desa_list = desa_of(me()) if me().role == Role.PLKB else ()
    return RegistrationForm(formdata, today=campaign.day_of(now()), regions=known_regions(), desa_list=desa_list)


def save(campaign, form: RegistrationForm, *, by, key, **claim):
    """Register who stands in this valid form; `claim` is what a phone says of when. Raises what actions.register raises."""
    return actions.register(campaign=campaign, by=by, key=key, **claim, **form.answers)


def receipt_of(akseptor) -> dict:
    """What a kader notes down and does next: number and time (of the server, in the campaign's zone), next, and its address."""
    step, zone = queries.registered(akseptor), ZoneInfo(akseptor.campaign.zone)
    there = "days" if akseptor.is_counselled else "akseptor"
    return {
        "number": f"{step.id:04}",
        "at": step.written_at.astimezone(zone).isoformat(timespec="seconds"),
        "next": after_registering(akseptor.is_counselled),
        "url": url_for(f"kader.{there}", akseptor_id=akseptor.id),
    }


def doubts(campaign, form: RegistrationForm, akseptor) -> list[str]:
    """What was saved and should be looked at once more, in sentences."""
    said = form.answers
    found = [f"Sudah disimpan, tetapi {doubt}." for doubt in form.doubts]
    if said["couple"].not_using == NotUsing.HAMIL:
        found.append(AFTER_BIRTH)
    about = (akseptor.name, akseptor.birth_date, akseptor.desa_code)
    for alike in _alike(campaign, *about, has_nik=akseptor.has_nik, but=akseptor.id)[:1]:
        found.append(MAY_BE_KNOWN.format(where=alike.where))
    return found


def shell(campaign) -> str:
    """The empty form as a phone keeps it for days without signal: no name, no token, no key; whose it is says only her id."""
    nobody = SimpleNamespace(is_authenticated=False, id=me().id)
    nothing = {"current_user": nobody, "csrf_token": str, "get_flashed_messages": list}
    return page("kader/register.html", campaign, registration_form(campaign), is_shell=True, **nothing)


def page(template: str, campaign, form: RegistrationForm, **about) -> str:
    """A page with the form on it, and what the form needs to be shown."""
    return render_template(template, **_about(campaign, form) | about)


# ---- How ----


def _about(campaign, form) -> dict:
    hers = {"desa": queries.desa(me().desa_code), "rw": me().rw}
    return {
        "campaign": campaign,
        "form": form,
        "consent": CONSENT[CONSENT_TEXT],
        "consent_text": CONSENT_TEXT,
        "today": form.today,
        "is_shell": False,
        **hers,
    }


def _desa_code(said: str | None) -> str | None:
    """Her own desa; of a PLKB's several the one he has chosen."""
    by = me()
    return by.desa_code or (said if said in {desa.code for desa in desa_of(by)} else None)


def _alike(campaign, name, birth_date, desa_code, *, has_nik, but=None):
    """Whose name is like this one: `akseptor` where she may see the woman, and else only `where` she is registered."""
    found = similar_names(campaign, name, birth_date, desa_code, has_nik=has_nik)
    return [_as_she_may_see(alike) for alike in found if alike.akseptor_id != but]


def _as_she_may_see(alike):
    try:
        akseptor = queries.akseptor(alike.akseptor_id, seen_by=me(), today=today_here())
    except NoSuch:
        return SimpleNamespace(akseptor=None, where=in_kecamatan(alike.kecamatan_name))
    return SimpleNamespace(akseptor=akseptor, where=f"di {place(akseptor.desa)}")
