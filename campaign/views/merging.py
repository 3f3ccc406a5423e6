"""DPPKB's room, records that may be one woman: compared side by side, made one, taken apart, or said to be two women."""

from flask import flash, redirect, render_template, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.rules.couple import Couple
from campaign.rules.merging import hindrance
from campaign.views.answers import asked_for, me, sent_key, today_here
from campaign.views.dppkb import bp

PAIRS, MERGES = 50, 50  # on one page


@bp.get("/<uuid:campaign_id>/ganda")
@allowed("merge", scope="campaign")
def doubles(campaign_id):
    campaign, code = queries.campaign(campaign_id, seen_by=me()), asked_for("kec")
    kecamatan_list = queries.kecamatan_list(campaign.kabupaten_code)
    kecamatan = next((one for one in kecamatan_list if one.code == code), None)
    codes = [desa.code for desa in kecamatan.desa_list] if kecamatan else None
    return render_template(
        "dppkb/doubles.html",
        campaign=campaign,
        today=campaign.day_of(now()),
        kecamatan_list=kecamatan_list,
        kecamatan=kecamatan,
        pairs=queries.suspects(campaign, codes, limit=PAIRS),
        most=PAIRS,
        merges=queries.merge_list(campaign, limit=MERGES),
    )


@bp.get("/akseptor/<uuid:akseptor_id>/ganda/<uuid:other_id>")
@allowed("merge", scope="akseptor")
def double(akseptor_id, other_id):
    pair = _pair(akseptor_id, other_id)
    sides = [(pair.one, pair.other), (pair.other, pair.one)]
    for akseptor, _other in sides:
        actions.log_access("pair", by=me(), akseptor_id=akseptor.id)
    return render_template(
        "dppkb/double.html",
        pair=pair,
        campaign=pair.one.campaign,
        today=pair.one.campaign.day_of(now()),
        sides=[(her, other, _facts(her), hindrance(her, other)) for her, other in sides],
        same=_same(*(_facts(her) | _shown(her) for her, _other in sides)),
    )


def _pair(akseptor_id, other_id):
    return queries.pair(akseptor_id, other_id, seen_by=me(), today=today_here())


def _facts(akseptor) -> dict:
    facts = queries.sealed_facts(akseptor)
    return facts | {"husband": Couple.from_text(facts["couple"]).husband}


def _shown(akseptor) -> dict:
    place = (akseptor.desa_code, akseptor.rt, akseptor.rw)
    return {"name": akseptor.name, "birth_date": akseptor.birth_date, "place": place}


def _same(one: dict, other: dict) -> set[str]:
    """What both records say alike."""
    return {what for what in one if one[what] and one[what] == other[what]}


@bp.post("/akseptor/<uuid:akseptor_id>/ganda/<uuid:other_id>/gabung")
@allowed("merge", scope="akseptor")
def merge(akseptor_id, other_id):
    pair = _pair(akseptor_id, other_id)
    kept, gone = (pair.one, pair.other) if pair.one.id == akseptor_id else (pair.other, pair.one)
    actions.merge(kept, gone, by=me(), key=sent_key())
    flash(f"Digabung: catatan {kept.name} yang dipertahankan. Bila keliru, batalkan di bawah.")
    return redirect(url_for(".doubles", campaign_id=kept.campaign_id), 303)


@bp.post("/akseptor/<uuid:akseptor_id>/ganda/<uuid:other_id>/berbeda")
@allowed("not_same", scope="akseptor")
def not_same(akseptor_id, other_id):
    pair = _pair(akseptor_id, other_id)
    actions.not_same(pair.one, pair.other, by=me(), key=sent_key())
    flash(f"Dicatat: {pair.one.name} dan {pair.other.name} dua orang yang berbeda.")
    return redirect(url_for(".doubles", campaign_id=pair.one.campaign_id), 303)


@bp.post("/gabungan/<uuid:merge_id>/batalkan")
@allowed("merge", scope="merge")
def unmerge(merge_id):
    merged = actions.unmerge(queries.merge(merge_id, seen_by=me()), by=me(), key=sent_key())
    flash(f"Penggabungan dibatalkan. {merged.kept.name} dan {merged.gone.name} tercatat lagi seperti semula.")
    return redirect(url_for(".doubles", campaign_id=merged.kept.campaign_id), 303)
