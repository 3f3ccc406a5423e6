"""DPPKB's room, transfers: women who are said to live in another desa, and the office's yes or no."""

from collections import defaultdict
from datetime import timedelta

from flask import flash, redirect, render_template, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.views.answers import me, sent_key
from campaign.views.dppkb import bp

LATELY = timedelta(days=30)


@bp.get("/pindah")
@allowed("decide_transfer")
def transfer_list():
    at, waiting = now(), queries.transfers_to_decide(seen_by=me())
    return render_template(
        "dppkb/transfer_list.html",
        kabupaten=queries.kabupaten(me().kabupaten_code),
        waiting=waiting,
        hindrances={transfer.id: queries.hindrance(transfer, at=at) for transfer in waiting},
        standings=_standings(waiting),
        decided=queries.transfers_decided(seen_by=me(), since=at - LATELY),
    )


def _standings(transfers) -> dict:
    """By campaign and desa: how both sides stand now."""
    sides = defaultdict(set)
    for transfer in transfers:
        sides[transfer.akseptor.campaign] |= {transfer.from_desa_code, transfer.to_desa_code}
    return {campaign.id: queries.standings_of(campaign, sorted(codes)) for campaign, codes in sides.items()}


@bp.post("/pindah/<uuid:transfer_id>/terima")
@allowed("decide_transfer", scope="transfer")
def accept_transfer(transfer_id):
    transfer = queries.transfer(transfer_id, seen_by=me())
    actions.accept_transfer(transfer, by=me(), key=sent_key())
    flash(f"{transfer.akseptor.name} sekarang tercatat di {transfer.to_desa.name}.")
    return redirect(url_for(".transfer_list"), 303)


@bp.post("/pindah/<uuid:transfer_id>/tolak")
@allowed("decide_transfer", scope="transfer")
def reject_transfer(transfer_id):
    transfer = queries.transfer(transfer_id, seen_by=me())
    actions.reject_transfer(transfer, by=me(), key=sent_key())
    flash(f"Usulan ditolak. {transfer.akseptor.name} tetap di {transfer.from_desa.name}; PLKB-nya melihat putusan ini.")
    return redirect(url_for(".transfer_list"), 303)
