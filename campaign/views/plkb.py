"""The PLKB's room: how his desa stand, what to look at first, who of his kader needs a hand, and who lives elsewhere now."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.forms.transfers import TransferForm
from campaign.rules.outliers import Check
from campaign.views.answers import asked_for, asked_page, choose_campaign, me, sent_key
from campaign.views.cards import printed
from campaign.views.kader import hers

bp = Blueprint("plkb", __name__, url_prefix="/plkb")

LATELY = timedelta(days=30)  # so long a decided transfer is still told
PAGE, PRINTED = 50, 500  # lines of the check list on the screen, on paper
PAIRS, MOST_COMPARED = 50, 5_000  # among more women they are looked for only when asked
SHOWN = 30  # desa to choose from at once


@bp.get("/")
@allowed("akseptor_list")
def home():
    return choose_campaign("plkb.desa_list")


@bp.get("/<uuid:campaign_id>")
@allowed("akseptor_list", scope="campaign")
def desa_list(campaign_id):
    campaign, at = queries.campaign(campaign_id, seen_by=me()), now()
    today = campaign.day_of(at)
    rows = queries.progress(campaign, seen_by=me(), today=today)
    kader_rows = queries.kader_standings(campaign, seen_by=me(), at=at)
    found = sum(standing.found for _desa, standing in rows)
    return render_template(
        "plkb/desa_list.html",
        campaign=campaign,
        rows=rows,
        kader_rows=kader_rows,
        without_nik=queries.without_nik(campaign, seen_by=me(), size=1)[1],
        pairs=_pairs(campaign, [desa.code for desa, _standing in rows]) if found <= MOST_COMPARED else None,
        patterns=queries.patterns(campaign, seen_by=me(), today=today),
        beyond=queries.beyond_target(rows),
        in_need=queries.in_need(campaign, seen_by=me(), today=today),
        sent_off=queries.transfers_from(campaign, seen_by=me(), since=at - LATELY),
        coming=queries.transfers_to(campaign, seen_by=me()),
    )


def _pairs(campaign, codes):
    return queries.suspects(campaign, codes, limit=PAIRS) if codes else []


# ---- Registrations to check ----


@bp.get("/periksa")
@allowed("supervise")
def checks_home():
    return choose_campaign("plkb.checks")


@bp.get("/<uuid:campaign_id>/periksa")
@allowed("supervise", scope="campaign")
def checks(campaign_id):
    campaign, desa_list = queries.campaign(campaign_id, seen_by=me()), queries.desa_of_plkb(me())
    today, check, is_paper = campaign.day_of(now()), asked_for("sebab"), asked_for("cetak") == "ya"
    codes = [desa.code for desa in desa_list]
    desa_code = asked_for("desa") if asked_for("desa") in codes else None
    codes = [desa_code] if desa_code else codes
    check, page = Check(check) if check in set(Check) else None, asked_page()
    size = PRINTED if is_paper else PAGE
    women, total = queries.without_nik(campaign, seen_by=me(), desa_code=desa_code, page=page, size=size)
    patterns = queries.patterns(campaign, seen_by=me(), today=today, desa_code=desa_code)
    beyond = queries.beyond_target(queries.progress(campaign, seen_by=me(), today=today))
    return render_template(
        "plkb/checks.html",
        campaign=campaign,
        desa_list=desa_list,
        women=women if check in (None, Check.NO_NIK) else [],
        total=total if check in (None, Check.NO_NIK) else 0,
        pages=-(-total // size) or 1,
        pairs=_pairs(campaign, codes) if check in (None, Check.TWICE) else [],
        patterns=[pattern for pattern in patterns if check in (None, pattern.finding.check)],
        beyond=[row for row in beyond if row[0].code in codes] if check in (None, Check.BEYOND_TARGET) else [],
        asked={"sebab": check, "desa": desa_code, "hal": page, "cetak": is_paper},
    )


@bp.get("/<uuid:campaign_id>/periksa/<uuid:person_id>")
@allowed("supervise", scope="kader")
def patterns_of(campaign_id, person_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    found = queries.patterns(campaign, seen_by=me(), today=campaign.day_of(now()))
    of_kader = [pattern for pattern in found if pattern.kader_id == person_id]
    # Who has moved away since may still have left something to look at in his desa.
    name = of_kader[0].kader if of_kader else queries.person(person_id, seen_by=me()).name
    groups = [(pattern.finding, queries.women_of(pattern, seen_by=me())) for pattern in of_kader]
    return render_template("plkb/patterns.html", campaign=campaign, name=name, groups=groups)


@bp.post("/akseptor/<uuid:akseptor_id>/bukan-sama/<uuid:other_id>")
@allowed("not_same", scope="akseptor")
def not_same(akseptor_id, other_id):
    one, other = hers(akseptor_id), hers(other_id)
    actions.not_same(one, other, by=me(), key=sent_key())
    flash(f"Dicatat: {one.name} dan {other.name} dua orang yang berbeda.")
    return redirect(url_for(".checks", campaign_id=one.campaign_id, sebab=Check.TWICE.value), 303)


# ---- She lives in another desa ----


@bp.route("/akseptor/<uuid:akseptor_id>/pindah", methods=["GET", "POST"])
@allowed("propose_transfer", scope="akseptor")
def transfer(akseptor_id):
    akseptor, name = hers(akseptor_id), asked_for("cari")
    others = [desa for desa in queries.desa_list(me().kabupaten_code) if desa.code != akseptor.desa_code]
    form = TransferForm(desa_list=others)
    if request.method == "POST" and form.validate():
        actions.propose_transfer(akseptor, by=me(), key=form.key.data, **form.answers)
        flash("Usulan pindah desa dikirim. Sampai DPPKB memutuskan, Ibu ini tetap di desa yang sekarang.")
        return redirect(url_for("kader.akseptor", akseptor_id=akseptor.id), 303)
    shown = _like(others, name) if name else [d for d in others if d.kecamatan_code == akseptor.desa.kecamatan_code]
    chosen = [desa for desa in others if desa.code == form.desa_code.data and desa not in shown]
    form.offer([*chosen, *shown[:SHOWN]])
    about = {"akseptor": akseptor, "form": form, "asked": name, "is_cut": len(shown) > SHOWN}
    about |= {"open": queries.open_transfer(akseptor)}
    return render_template("plkb/transfer.html", **about), 422 if form.errors else 200


def _like(desa_list, name: str):
    word = name.casefold()
    return [desa for desa in desa_list if word in desa.name.casefold() or word in desa.kecamatan.name.casefold()]


@bp.post("/pindah/<uuid:transfer_id>/tarik")
@allowed("propose_transfer", scope="transfer")
def drop_transfer(transfer_id):
    transfer = queries.transfer(transfer_id, seen_by=me())
    actions.drop_transfer(transfer, by=me(), key=sent_key())
    flash("Usulan ditarik kembali.")
    return redirect(url_for(".desa_list", campaign_id=transfer.akseptor.campaign_id), 303)


# ---- His kader ----


@bp.get("/kader")
@allowed("reset_kader")
def kader_list():
    kader_list, _total = queries.person_list(seen_by=me(), size=1_000)
    about = {"kader_list": kader_list, "last_seen": queries.last_seen(kader_list)}
    about |= {"outboxes": queries.outboxes(kader_list), "kabupaten": queries.kabupaten(me().kabupaten_code)}
    return render_template("plkb/kader_list.html", **about)


@bp.get("/kader/<uuid:person_id>")
@allowed("reset_kader", scope="kader")
def kader(person_id):
    person = queries.person(person_id, seen_by=me())
    about = {"person": person, "devices": queries.devices_of(person)}
    return render_template("plkb/kader.html", kabupaten=queries.kabupaten(me().kabupaten_code), **about)


@bp.post("/kader/<uuid:person_id>/kartu")
@allowed("reset_kader", scope="kader")
def new_card(person_id):
    person, key = queries.person(person_id, seen_by=me()), sent_key()
    actions.make_cards(people=[person], whom={"person_id": person.id}, by=me(), key=key)
    return printed(key, url_for(".kader", person_id=person_id))


@bp.post("/kader/<uuid:person_id>/perangkat/<uuid:her_device_id>/cabut")
@allowed("reset_kader", scope="kader")
def revoke_device(person_id, her_device_id):
    device = queries.device(her_device_id, of=queries.person(person_id, seen_by=me()))
    actions.revoke_device(device, by=me(), key=sent_key())
    flash("Perangkat dicabut dan sudah dikeluarkan.")
    return redirect(url_for(".kader", person_id=person_id), 303)
