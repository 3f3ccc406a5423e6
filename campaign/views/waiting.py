"""The kader's room: waiting for a day that is full, a seat that is held for her, and what she must tell the women on her list."""

from flask import flash, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.views.answers import done, me, sent_key, today_here
from campaign.views.kader import bp, hers


def _to_list(akseptor):
    return done(url_for(".akseptor_list", campaign_id=akseptor.campaign_id), row=akseptor)


@bp.post("/akseptor/<uuid:akseptor_id>/tunggu/<uuid:day_id>")
@allowed("wait", scope="akseptor")
def wait(akseptor_id, day_id):
    akseptor = hers(akseptor_id)
    day = queries.bookable_day(day_id, akseptor.campaign)
    akseptor = actions.wait(akseptor, day=day, by=me(), key=sent_key())
    flash(f"{akseptor.name} masuk daftar tunggu. Bila ada kursi kosong, kabarnya muncul di daftar Ibu.")
    return _to_list(akseptor)


@bp.post("/akseptor/<uuid:akseptor_id>/tunggu/<uuid:day_id>/berhenti")
@allowed("wait", scope="akseptor")
def stop_waiting(akseptor_id, day_id):
    akseptor = hers(akseptor_id)
    day = queries.bookable_day(day_id, akseptor.campaign)
    akseptor = actions.stop_waiting(akseptor, day=day, by=me(), key=sent_key())
    flash(f"{akseptor.name} tidak lagi menunggu hari itu.")
    return _to_list(akseptor)


@bp.post("/akseptor/<uuid:akseptor_id>/kursi")
@allowed("book", scope="akseptor")
def confirm(akseptor_id):
    akseptor = actions.confirm(hers(akseptor_id), by=me(), key=sent_key())
    flash(f"Kursi untuk {akseptor.name} sudah pasti. Ini tiketnya.")
    return done(url_for(".ticket", akseptor_id=akseptor.id), row=akseptor)


@bp.post("/kabar/<uuid:notice_id>/sudah")
@allowed("tell", scope="notice")
def told(notice_id):
    notice = queries.notice(notice_id, seen_by=me(), today=today_here())
    akseptor = notice.akseptor
    actions.tell(notice, by=me(), key=sent_key())
    flash(f"Sudah dicatat: {akseptor.name} sudah dikabari.")
    return _to_list(akseptor)
