"""The door: signing in and out, one's own password, the first account, where each role goes first."""

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from campaign import access, actions, queries, words
from campaign.access import allowed, public
from campaign.actions import sessions, start
from campaign.forms.sign_in import FirstAccountForm, PasswordForm, SignInForm
from campaign.rules.roles import Role
from campaign.views.answers import inside, me

bp = Blueprint("sign_in", __name__)

FIRST_ROOM = {
    Role.KADER: "kader.home",
    Role.PLKB: "plkb.home",
    Role.PUSKESMAS: "puskesmas.home",
    Role.DPPKB: "dppkb.home",
    Role.BUPATI: "board.home",
}


@bp.get("/")
@public
def front_door():
    if not current_user.is_authenticated:
        return redirect(url_for(".sign_in" if queries.is_anybody_here() else ".first_account"), 303)
    return redirect(url_for(FIRST_ROOM[current_user.role]), 303)


@bp.route("/masuk", methods=["GET", "POST"])
@public
def sign_in():
    form = SignInForm(lanjut=request.args.get("lanjut"))
    if request.method == "GET":
        return render_template("sign_in/sign_in.html", form=form)
    if not form.validate():
        return render_template("sign_in/sign_in.html", form=form), 422
    found = actions.sign_in(
        name=form.name.data.lower(),
        password=form.password.data,
        address=request.remote_addr or "",
        away=access.away_from_the_loop,
    )
    if found is None:
        form.password.errors = ["Nama masuk atau kata sandi salah."]
        return render_template("sign_in/sign_in.html", form=form), 422
    person, token = found
    access.begin(person, token)
    return redirect(inside(form.lanjut.data, url_for(".front_door")), 303)


@bp.post("/keluar")
@allowed("own_account")
def sign_out():
    access.end()
    flash("Anda sudah keluar.")
    return redirect(url_for(".sign_in"), 303)


@bp.get("/csrf")
@allowed("own_account")
def csrf_token():
    """A fresh token for forms that were filled in long ago, and whose they must be."""
    return jsonify(token=generate_csrf(), user=str(current_user.id))


@bp.route("/kata-sandi", methods=["GET", "POST"])
@allowed("own_account")
def change_password():
    form = PasswordForm()
    if request.method == "GET":
        return render_template("sign_in/change_password.html", form=form)
    person = queries.person(current_user.id, seen_by=me())
    if form.validate() and not access.away_from_the_loop(sessions.check_password, person.password_hash, form.old.data):
        form.old.errors = ["Kata sandi sekarang salah."]
    if form.errors:
        return render_template("sign_in/change_password.html", form=form), 422
    password_hash = access.away_from_the_loop(sessions.hash_password, form.new.data)
    actions.change_password(by=me(), key=form.key.data, password_hash=password_hash, but=current_user.token)
    flash("Kata sandi sudah diganti. Perangkat lain yang masih masuk sudah dikeluarkan.")
    return redirect(url_for(".front_door"), 303)


@bp.route("/mulai", methods=["GET", "POST"])
@public
def first_account():
    """Only while nobody is here: the code from the server's console makes the first DPPKB account."""
    if queries.is_anybody_here():
        return redirect(url_for(".sign_in"), 303)
    form = FirstAccountForm(kabupaten_list=start.kabupaten_choices())
    if request.method == "GET":
        return render_template("sign_in/first_account.html", form=form)
    if form.validate() and not start.is_the_code(form.code.data, current_app.config["SETTINGS"].data_dir):
        form.code.errors = ["Kode ini salah. Kode tercetak di layar server saat `make serve` dijalankan."]
    if form.errors:
        return render_template("sign_in/first_account.html", form=form), 422
    password_hash = access.away_from_the_loop(sessions.hash_password, form.password.data)
    start.first_account(
        kabupaten_code=form.kabupaten_code.data,
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
