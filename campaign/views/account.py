"""One's own account: the way in by a card, passphrase and PIN, the browsers one is known on."""

import secrets
from contextlib import suppress
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, session, url_for

from campaign import access, actions, queries
from campaign.access import allowed, public
from campaign.actions import keeping, sessions
from campaign.actions.transaction import now
from campaign.errors import sentence
from campaign.forms.sign_in import ActivationForm, CardForm, PasswordForm, PinForm
from campaign.rules.passphrase import passphrase
from campaign.rules.refusals import CardNotGood
from campaign.rules.roles import HAS_PIN
from campaign.views.answers import inside, me, sent_key
from campaign.views.sign_in import sign_in_with

bp = Blueprint("account", __name__)


# ---- In by a card ----


@bp.route("/aktivasi", methods=["GET", "POST"])
@public
def card():
    form = CardForm()
    if request.method == "POST" and form.validate():
        typed = {"name": form.name.data.lower(), "words": form.words.data}
        try:
            return _hold(actions.read_words(**typed, address=request.remote_addr or ""))
        except CardNotGood as refusal:
            form.words.errors = [sentence(refusal)]
    return render_template("account/card.html", form=form), 422 if form.errors else 200


@bp.route("/aktivasi/<token>", methods=["GET", "POST"])
@public
def card_by_code(token):
    """What the QR code opens. Looking at it uses nothing up."""
    keeping.refuse_without_key()
    card, person = queries.card(token, at=now())
    if request.method == "POST":
        return _hold(card.id)
    return render_template("account/card_by_code.html", person=person, token=token, has_pin=person.role in HAS_PIN)


def _hold(card_id):
    """This browser holds a good card: from here on neither its words nor its code are in any address."""
    session["card"] = str(card_id)
    return redirect(url_for(".activation"), 303)


@bp.route("/aktivasi/kata-sandi", methods=["GET", "POST"])
@public
def activation():
    found = queries.card_by_id(UUID(session["card"])) if "card" in session else None
    if found is None:
        return redirect(url_for(".card"), 303)
    card, person = found
    form = ActivationForm(known=queries.names_around(person), has_pin=person.role in HAS_PIN)
    if request.method == "POST" and form.validate():
        _activate(card, person, form)
        flash("Akun Anda aktif.")
        return redirect(url_for("sign_in.front_door"), 303)
    about = {"form": form, "person": person, "suggestion": _suggestion()}
    return render_template("account/activation.html", **about), 422 if form.errors else 200


def _activate(card, person, form):
    """Her passphrase, then in with it; sent twice, it is the passphrase that lets her in and not the used card."""
    password_hash = access.away_from_the_loop(sessions.hash_password, form.new.data)
    with suppress(CardNotGood):
        actions.activate(card.id, password_hash=password_hash)
    entered = sign_in_with(person.sign_in_name, form.new.data)
    if entered is None:
        raise CardNotGood
    access.begin(entered)
    session.pop("card", None)
    if form.pin:
        _set_pin(form.pin.data, key=uuid4().hex)


def _set_pin(pin, *, key):
    device = queries.device(me().device_id, of=me())
    pin_hash = access.away_from_the_loop(sessions.hash_password, sessions.pin_text(device.id, pin))
    actions.set_pin(device, by=me(), key=key, pin_hash=pin_hash, but=me().token)


def _suggestion() -> str:
    """A passphrase she may take or leave."""
    return passphrase(secrets.token_bytes(16)).replace("-", " ")


# ---- Passphrase, PIN, browsers ----


@bp.get("/akun")
@allowed("own_account")
def home():
    about = {"devices": queries.devices_of(me()), "kabupaten": queries.kabupaten(me().kabupaten_code)}
    return render_template("account/home.html", has_pin=me().role in HAS_PIN, **about)


@bp.post("/akun/perangkat/<uuid:device_id>/cabut")
@allowed("own_account", scope="device")
def revoke_device(device_id):
    actions.revoke_device(queries.device(device_id, of=me()), by=me(), key=sent_key())
    flash("Perangkat dicabut dan sudah dikeluarkan.")
    return redirect(url_for(".home"), 303)


@bp.route("/akun/pin", methods=["GET", "POST"])
@allowed("own_account")
def pin():
    lanjut = inside(request.args.get("lanjut"), url_for("sign_in.front_door"))
    if me().role not in HAS_PIN or me().device_id is None:
        return redirect(lanjut, 303)
    form = PinForm()
    if request.method == "POST" and form.validate():
        _set_pin(form.pin.data, key=form.key.data)
        flash("PIN disimpan. Lain kali cukup PIN di perangkat ini.")
        return redirect(lanjut, 303)
    return render_template("account/pin.html", form=form, lanjut=lanjut), 422 if form.errors else 200


@bp.route("/kata-sandi", methods=["GET", "POST"])
@allowed("own_account")
def password():
    person = queries.myself(me())
    form = PasswordForm(known=queries.names_around(person))
    if request.method == "POST" and form.validate():
        if _is_right(person, form.old.data):
            password_hash = access.away_from_the_loop(sessions.hash_password, form.new.data)
            actions.change_password(by=me(), key=form.key.data, password_hash=password_hash, but=me().token)
            flash("Kata sandi sudah diganti. Perangkat lain yang masih masuk sudah dikeluarkan.")
            return redirect(url_for("sign_in.front_door"), 303)
        form.old.errors = ["Kata sandi sekarang salah."]
    about = {"form": form, "suggestion": _suggestion()}
    return render_template("account/password.html", **about), 422 if form.errors else 200


def _is_right(person, password) -> bool:
    here = {"device_id": me().device_id, "address": request.remote_addr or ""}
    return sessions.is_right(person, password, away=access.away_from_the_loop, **here)
