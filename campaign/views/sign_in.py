"""The door: signing in and out, the first account, where each role goes first."""

from uuid import UUID

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from campaign import access, actions, queries, words
from campaign.access import allowed, answers_json, open_at_rest, public
from campaign.actions import sessions, start
from campaign.actions.transaction import now
from campaign.forms.sign_in import FirstAccountForm, PinSignInForm, SignInForm
from campaign.queries import places
from campaign.rules.refusals import NoPin, WrongPin
from campaign.rules.roles import Role
from campaign.views import installed
from campaign.views.answers import asked_for, inside

bp = Blueprint("sign_in", __name__)

FIRST_ROOM = {
    Role.KADER: "kader.home",
    Role.PLKB: "plkb.home",
    Role.PUSKESMAS: "puskesmas.home",
    Role.DPPKB: "dppkb.home",
    Role.BUPATI: "board.home",
}
PIN_IS_DEAD = "PIN di perangkat ini tidak berlaku lagi. Masuklah dengan kata sandi."


@bp.get("/")
@public
def front_door():
    if not current_user.is_authenticated:
        return redirect(url_for(".sign_in" if queries.is_anybody_here() else ".first_account"), 303)
    return redirect(url_for(FIRST_ROOM[current_user.role]), 303)


@bp.get("/masuk")
@public
def sign_in():
    """Who has a PIN on this phone is asked for it; several are asked who they are; everybody else by name and passphrase."""
    lanjut = request.args.get("lanjut")
    here = [known for known in queries.devices_here(access.device_tokens()) if known.has_pin]
    chosen = [known for known in here if str(known.id) == asked_for("perangkat")] or here
    if not here or asked_for("cara") == "sandi":
        return render_template("sign_in/sign_in.html", form=SignInForm(lanjut=lanjut))
    if len(chosen) > 1:
        return render_template("sign_in/who.html", here=here, lanjut=lanjut)
    form = PinSignInForm(perangkat=str(chosen[0].id), lanjut=lanjut)
    return render_template("sign_in/pin.html", form=form, known=chosen[0], is_shared=len(here) > 1)


@bp.post("/masuk")
@public
def sign_in_by_name():
    form = SignInForm()
    if form.validate():
        entered = sign_in_with(form.name.data.lower(), form.password.data)
        if entered:
            return come_in(entered, form.lanjut.data)
        form.password.errors = ["Nama masuk atau kata sandi salah."]
    return render_template("sign_in/sign_in.html", form=form), 422


def sign_in_with(name: str, password: str):
    """Try a name and a passphrase from this browser."""
    return actions.sign_in(
        name=name,
        password=password,
        address=request.remote_addr or "",
        devices=access.device_tokens(),
        browser=words.browser_name(request.user_agent.string),
        away=access.away_from_the_loop,
    )


def come_in(entered, lanjut: str | None):
    """To where she wanted to go; past the question for a PIN, where she may have one and has none here."""
    access.begin(entered)
    there = inside(lanjut, url_for(".front_door"))
    return redirect(url_for("account.pin", lanjut=there) if entered.may_set_pin else there, 303)


@bp.post("/masuk/pin")
@public
def sign_in_by_pin():
    form = PinSignInForm()
    known = next((k for k in queries.devices_here(access.device_tokens()) if str(k.id) == form.perangkat.data), None)
    try:
        if known is None:
            raise NoPin
        if form.validate():
            asked = {"device_id": UUID(form.perangkat.data), "pin": form.pin.data, "devices": access.device_tokens()}
            return come_in(actions.sign_in_with_pin(**asked, away=access.away_from_the_loop), form.lanjut.data)
    except WrongPin as wrong:
        form.pin.errors = [f"PIN salah. Tinggal {wrong.left} kali lagi." if wrong.left else PIN_IS_DEAD]
    except NoPin:
        flash(PIN_IS_DEAD)
        return redirect(url_for(".sign_in", cara="sandi", lanjut=form.lanjut.data or None), 303)
    return render_template("sign_in/pin.html", form=form, known=known, is_shared=False), 422


@bp.post("/keluar")
@open_at_rest
@allowed("own_account")
def sign_out():
    access.end()
    flash("Anda sudah keluar.")
    return redirect(url_for(".sign_in"), 303)


@bp.get("/csrf")
@answers_json
@open_at_rest
@allowed("own_account")
def csrf_token():
    """A fresh token for forms that were filled in long ago, whose they must be, and what a phone's outbox must know of us."""
    about = {"now": round(now().timestamp() * 1000), "key": installed.public_key(), "version": installed.version()}
    return jsonify(ok=True, token=generate_csrf(), user=str(current_user.id), **about)


@bp.route("/mulai", methods=["GET", "POST"])
@public
def first_account():
    """Only while nobody is here: the code from the server's console makes the first DPPKB account."""
    if queries.is_anybody_here():
        return redirect(url_for(".sign_in"), 303)
    form, kabupaten_list = FirstAccountForm(), places.kabupaten_list().values()
    if request.method == "GET":
        return render_template("sign_in/first_account.html", form=form, kabupaten_list=kabupaten_list)
    if form.validate() and not start.is_the_code(form.code.data, current_app.config["SETTINGS"].data_dir):
        form.code.errors = ["Kode ini salah. Kode tercetak di layar server saat `make serve` dijalankan."]
    if form.errors:
        return render_template("sign_in/first_account.html", form=form, kabupaten_list=kabupaten_list), 422
    password_hash = access.away_from_the_loop(sessions.hash_password, form.password.data)
    start.first_account(
        kabupaten_code=form.kabupaten_code,
        name=form.name.data,
        sign_in_name=form.sign_in_name.data.lower(),
        password_hash=password_hash,
        data_dir=current_app.config["SETTINGS"].data_dir,
    )
    flash("Akun pertama sudah dibuat. Silakan masuk.")
    return redirect(url_for(".sign_in"), 303)


@bp.get("/data-saya")
@public
def privacy():
    """What is kept about a woman, by whom and for how long; readable by anybody."""
    return render_template(
        "sign_in/privacy.html", consent=words.CONSENT, dpo=current_app.config["SETTINGS"].dpo_contact
    )
