"""The kader's room, the phone's outbox: the empty form to keep, what it kept coming in, what it sends back to be mended."""

from flask import jsonify, render_template, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from campaign import actions, errors, queries, words
from campaign.access import allowed, answers_json, open_at_rest
from campaign.actions import keeping
from campaign.actions.transaction import now
from campaign.forms.outbox import SealedForm, UnsentForm
from campaign.queries.outbox import ItemKind, Kept, kept
from campaign.queries.similar import exact
from campaign.rules import phone_clock
from campaign.rules.refusals import BadKey, KeyReused, NoSuch
from campaign.rules.roles import HAS_PIN
from campaign.views import coming, installed, register
from campaign.views.answers import me, refused
from campaign.views.kader import bp


@bp.get("/<uuid:campaign_id>/daftar/kosong")
@open_at_rest
@allowed("register", scope="campaign")
def shell(campaign_id):
    """What the service worker keeps: the empty form with desa, campaign and consent, the public key, and whose it is by id only."""
    campaign = queries.campaign(campaign_id, seen_by=me())
    return installed.shell(register.shell(campaign))


@bp.post("/kotak")
@answers_json
@open_at_rest
@allowed("register")
def receive():
    """One form from an outbox: the same form, the same judgement, the same deed under the same key.

    The server's time decides; the phone's is a claim, put right by how far its clock is off, and refuses nothing.
    """
    asked, item = _opened()
    ahead = phone_clock.ahead(asked.now.data, now())
    claim = {"done_at": phone_clock.put_right(item.claimed_at, ahead), "phone_ahead": ahead}
    if item.kind == ItemKind.COME:
        invitee = coming.sign_in(dict(item.form).get("door", ""), by=me(), key=asked.key.data, **claim)
        return jsonify(ok=True, id=str(invitee.id), key=asked.key.data, **coming.receipt_of(invitee)), 201
    campaign = queries.campaign(item.campaign_id, seen_by=me())
    form = _form_of(item, campaign, asked.key.data)
    if not form.validate():
        return refused("", page="", form=form)
    akseptor = register.save(campaign, form, by=me(), key=asked.key.data, **claim)
    told = {"doubts": register.doubts(campaign, form, akseptor)} | register.receipt_of(akseptor)
    return jsonify(ok=True, id=str(akseptor.id), key=asked.key.data, **told), 201


@bp.post("/kotak/perbaiki")
@allowed("register")
def mend():
    """A registration that was sent back, opened for who made it: the filled form, with what is wrong."""
    asked, item = _opened()
    if item.kind != ItemKind.REGISTER:
        raise NoSuch  # a button has nothing to mend
    campaign = queries.campaign(item.campaign_id, seen_by=me())
    form, code = _form_of(item, campaign, asked.key.data), asked.error.data
    if form.validate() and form.nik.data and (kecamatan := exact(campaign, form.nik.data)) is not None:
        form.nik.errors = [words.already_registered(kecamatan)]
    if code == KeyReused.code:
        form.key.data = None  # something else was registered under it: this is another one
    why = None if form.errors else errors.SENTENCE.get(code)
    return register.page("kader/mend.html", campaign, form, mends=asked.key.data, why=why)


@bp.post("/kotak/keadaan")
@answers_json
@open_at_rest
@allowed("register")
def tell():
    """How many of hers this browser still holds; the office sees it beside her name."""
    form = UnsentForm()
    if not form.validate():
        return refused("", page="", form=form)
    oldest = phone_clock.put_right(form.oldest_at, phone_clock.ahead(form.now.data, now()))
    told = {"unsent": form.unsent.data, "parked": form.parked.data, "oldest_unsent_at": oldest}
    actions.tell_unsent(me().device_id, by=me(), **told)
    return jsonify(ok=True)


@bp.app_context_processor
def told_to_the_phone() -> dict:
    """What outbox.js must know on each page of who works on a phone, and at the door; None elsewhere."""
    if current_user.is_authenticated and current_user.role in HAS_PIN:
        return {"outbox": _about_us(current_user.id, installed.public_key())}
    return {"outbox": _about_us() if request.endpoint in THE_DOOR else None}


THE_DOOR = ("sign_in.sign_in", "sign_in.sign_in_by_name", "sign_in.sign_in_by_pin")


def _about_us(owner=None, key="") -> dict:
    return {"owner": owner, "key": key, "version": installed.version(), "worker": installed.worker()}


@bp.get("/hp")
@allowed("register")
def phone():
    """Whether this phone can work without a line, and why not, in words."""
    return render_template("kader/phone.html")


def _opened() -> tuple[SealedForm, Kept]:
    keeping.refuse_without_key()  # with a wrong key file nothing could be opened that is perfectly fine: later, then
    asked = SealedForm()
    if not asked.validate():
        raise BadKey
    return asked, kept(asked.sealed.data, key=asked.key.data, by=me())


def _form_of(item: Kept, campaign, key: str):
    said = MultiDict(item.form)
    said["key"] = key
    return register.registration_form(campaign, said)
