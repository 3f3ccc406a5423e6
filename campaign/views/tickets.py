"""Tickets: her kader shows or prints one, the puskesmas whose day it is opens it. Opening changes nothing."""

from flask import redirect, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.rules import codes
from campaign.rules.roles import may
from campaign.views import puskesmas
from campaign.views.answers import me
from campaign.views.kader import bp, hers
from campaign.words import qr


@bp.get("/akseptor/<uuid:akseptor_id>/tiket")
@allowed("book", scope="akseptor")
def ticket(akseptor_id):
    akseptor = hers(akseptor_id)
    today = akseptor.campaign.day_of(now())
    booking = queries.bookings_of([akseptor]).get(akseptor.id)
    is_good = booking is not None and booking.service_day.on >= today
    about = {"campaign": akseptor.campaign, "akseptor": akseptor, "today": today, "booking": booking, "by": me()}
    phone = queries.phones_of([akseptor]).get(akseptor.id) if is_good else None
    return render_template("kader/ticket.html", ticket=_drawn(booking) if is_good else None, phone=phone, **about)


@bp.get("/<uuid:campaign_id>/tiket")
@allowed("book", scope="campaign")
def tickets(campaign_id):
    campaign = queries.campaign(campaign_id, seen_by=me())
    today = campaign.day_of(now())
    bookings = queries.tickets(campaign, seen_by=me(), today=today)
    days = {booking.service_day.on for booking in bookings}
    asked = request.args.get("hari", "")
    chosen = [booking for booking in bookings if asked in ("", booking.service_day.on.isoformat())]
    drawn = [(booking, _drawn(booking)) for booking in chosen]
    about = {"campaign": campaign, "today": today, "days": sorted(days), "asked": asked, "by": me()}
    return render_template("kader/tickets.html", tickets=drawn, **about)


def _drawn(booking) -> dict:
    """The code as it is typed and as it is scanned: the address of the ticket at the puskesmas, with nothing of hers in it."""
    code = queries.ticket_code(booking)
    return {"code": code, "qr": qr(url_for("puskesmas.opened_ticket", ticket=code, _external=True))}


# ---- At the counter ----


@puskesmas.bp.get("/tiket")
@allowed("day_sheet")
def typed_ticket():
    """A code typed, or an address from a scanner that types, leads to its ticket."""
    if typed := request.args.get("kode"):
        return redirect(url_for(".opened_ticket", ticket=codes.typed_ticket(typed) or "-"), 303)
    return render_template("puskesmas/typed_ticket.html")


@puskesmas.bp.get("/tiket/<ticket>")
@allowed("day_sheet", scope="ticket")
def opened_ticket(ticket):
    booking = queries.ticket(ticket, seen_by=me())
    day = booking.service_day
    today = day.campaign.day_of(now())
    if day.on == today:
        actions.log_access("ticket", by=me(), akseptor_id=booking.akseptor_id)
    else:  # no counter is open for it: that is looking, and told to the head like any other
        actions.log_opening("glass", by=me(), akseptor_id=booking.akseptor_id, reason="tiket")
    about = {"booking": booking, "akseptor": booking.akseptor, "day": day, "campaign": day.campaign, "today": today}
    about |= {"service": queries.service_of(booking.akseptor), "works_here": may(me().role, "attend")}
    return render_template("puskesmas/ticket.html", **about)
