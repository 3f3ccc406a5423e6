"""The kader's room, where her PLKB may work too: her list, counselling, a seat, leaving."""

from flask import Blueprint, flash, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.extensions import htmx
from campaign.forms.village import NikForm
from campaign.queries.akseptor import PAGE
from campaign.queries.places import known_regions
from campaign.rules import nik
from campaign.rules.couple import Couple
from campaign.rules.journey import Status
from campaign.rules.methods import FAMILY
from campaign.rules.roles import Role
from campaign.views.answers import (
    asked_for,
    asked_page,
    choose_campaign,
    done,
    flash_doubts,
    me,
    refused,
    sent_key,
    today_here,
)
from campaign.words import defer_reasons

bp = Blueprint("kader", __name__, url_prefix="/kader")


@bp.get("/")
@allowed("akseptor_list")
def home():
    return choose_campaign("kader.akseptor_list")


@bp.get("/<uuid:campaign_id>")
@allowed("akseptor_list", scope="campaign")
def akseptor_list(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    today = campaign.day_of(now())
    status, name, desa_code, page = asked_for("status"), asked_for("nama"), asked_for("desa") or None, asked_page()
    status = Status(status) if status in set(Status) else None
    desa_list = desa_of(me())
    rows, total = queries.akseptor_list(
        campaign, seen_by=me(), today=today, status=status, name=name, page=page, desa_code=desa_code
    )
    about = {"campaign": campaign, "today": today, "desa_list": desa_list, "rows": rows, "total": total}
    about |= {"pages": -(-total // PAGE) or 1, "by": me()}
    about["asked"] = {"status": status, "nama": name, "hal": page, "desa": desa_code}
    if htmx.target == "akseptor-list":
        return render_template("kader/_akseptor_list.html", **about, **_known_of(rows, today))
    in_need = queries.in_need(campaign, seen_by=me(), today=today) if campaign.stage == "open" else []
    notices = queries.untold(campaign, seen_by=me(), today=today)
    return render_template(
        "kader/akseptor_list.html",
        in_need=in_need,
        notices=notices,
        waits=queries.her_waiting(campaign, seen_by=me(), today=today),
        standings=queries.standings_of(campaign, [desa.code for desa in desa_list]),
        progress=queries.progress_of(campaign, by=me()) if me().role == Role.KADER else {},
        **about,
        **_known_of([*rows, *(n.akseptor for n in notices), *(her for group in in_need for her in group.women)], today),
    )


def _known_of(akseptor_list, today) -> dict:
    """What the cards of these women say besides their row. Her own list is her work: a phone on it is no record opened."""
    return {
        "bookings": queries.bookings_of(akseptor_list),
        "missed": queries.missed_by(akseptor_list),
        "phones": queries.phones_of(akseptor_list),
        "visits": queries.visits_due(akseptor_list, today=today),
    }


def desa_of(by):
    """The desa she works in: a kader's one, a PLKB's several."""
    return queries.desa_of_plkb(by) if by.role == Role.PLKB else [queries.desa(by.desa_code)]


@bp.get("/akseptor/<uuid:akseptor_id>")
@allowed("akseptor_list", scope="akseptor")
def akseptor(akseptor_id):
    akseptor = hers(akseptor_id)
    actions.log_access("akseptor", by=me(), akseptor_id=akseptor.id)
    return render_template("kader/akseptor.html", **_card(akseptor))


def hers(akseptor_id):
    return queries.akseptor(akseptor_id, seen_by=me(), today=today_here())


def _card(akseptor):
    facts = queries.sealed_facts(akseptor)
    couple = Couple.from_text(facts["couple"])
    return {
        "akseptor": akseptor,
        "campaign": akseptor.campaign,
        "today": akseptor.campaign.day_of(now()),
        "facts": facts | {"nik": nik.mask(facts["nik"]) if facts["nik"] else None},
        "couple": couple,
        "booking": queries.bookings_of([akseptor]).get(akseptor.id),
        "history": queries.history(akseptor),
        "referral": queries.referral_of(akseptor),
        "reasons": {
            why.code: why.label for why in defer_reasons(queries.defer_reasons(akseptor.campaign.kabupaten_code))
        },
        "merges": queries.merged_into(akseptor),
        "by": me(),
        "nik_form": NikForm(formdata=None, today=today_here()),
    }


@bp.post("/akseptor/<uuid:akseptor_id>/konseling")
@allowed("counsel", scope="akseptor")
def counsel(akseptor_id):
    akseptor = actions.counsel(hers(akseptor_id), by=me(), key=sent_key())
    return _back_to(akseptor, "Konseling dan kesediaan sudah dicatat. Sekarang Ibu dapat dijadwalkan.")


@bp.post("/akseptor/<uuid:akseptor_id>/nik")
@allowed("enter_nik", scope="akseptor")
def enter_nik(akseptor_id):
    akseptor, form = hers(akseptor_id), NikForm(today=today_here(), regions=known_regions())
    if not form.validate():
        card = _card(akseptor) | {"nik_form": form}
        return refused("kader/_nik_form.html", page="kader/akseptor.html", form=form, **card)
    akseptor = actions.enter_nik(akseptor, by=me(), key=form.key.data, **form.answers)
    flash_doubts(form)
    return _back_to(akseptor, "NIK sudah dicatat.")


@bp.get("/akseptor/<uuid:akseptor_id>/jadwal")
@allowed("book", scope="akseptor")
def days(akseptor_id):
    akseptor = hers(akseptor_id)
    today = akseptor.campaign.day_of(now())
    first, family = max(today, akseptor.deferred_until or today), FAMILY.get(queries.method_of(akseptor))
    return render_template(
        "kader/days.html",
        campaign=akseptor.campaign,
        akseptor=akseptor,
        booking=queries.bookings_of([akseptor]).get(akseptor.id),
        choices=queries.days_to_book(akseptor.campaign, today=first, desa=akseptor.desa, family=family),
        waits=queries.waits_of(akseptor),
    )


@bp.post("/akseptor/<uuid:akseptor_id>/jadwal/<uuid:day_id>")
@allowed("book", scope="akseptor")
def book(akseptor_id, day_id):
    akseptor = hers(akseptor_id)
    day = queries.bookable_day(day_id, akseptor.campaign)
    akseptor = actions.book(akseptor, day=day, by=me(), key=sent_key())
    flash("Kursi sudah dipesan. Ini tiketnya.")
    return done(url_for(".ticket", akseptor_id=akseptor.id), row=akseptor)


@bp.post("/akseptor/<uuid:akseptor_id>/batal")
@allowed("cancel", scope="akseptor")
def cancel(akseptor_id):
    akseptor = actions.cancel(hers(akseptor_id), by=me(), key=sent_key())
    return _back_to(akseptor, "Jadwal dibatalkan. Kursinya sudah bebas lagi.")


@bp.post("/akseptor/<uuid:akseptor_id>/mundur")
@allowed("withdraw", scope="akseptor")
def withdraw(akseptor_id):
    akseptor = actions.withdraw(hers(akseptor_id), by=me(), key=sent_key())
    return _back_to(akseptor, "Sudah dicatat: Ibu tidak jadi ikut.")


def _back_to(akseptor, message):
    """Where she was: on her list, where the form says so, or on the woman's card."""
    if request.form.get("dari") == "daftar":
        flash(f"{akseptor.name}: {message}")
        return done(url_for(".akseptor_list", campaign_id=akseptor.campaign_id), row=akseptor)
    flash(message)
    return done(url_for(".akseptor", akseptor_id=akseptor.id), row=akseptor)
