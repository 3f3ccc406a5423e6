"""The stock book, in the puskesmas's room: what lies there, what is promised, and its lines. DPPKB reads and writes all of them."""

from flask import flash, redirect, render_template, request, url_for

from campaign import actions, queries
from campaign.access import allowed
from campaign.actions.transaction import now
from campaign.forms.days import StockForm
from campaign.models import StockKind
from campaign.views.answers import done, me, refused
from campaign.views.puskesmas import bp


@bp.get("/stok")
@allowed("stock")
def stock_home():
    books = queries.book_list(seen_by=me())
    if len(books) == 1:
        return redirect(url_for(".stock", point_id=books[0].id), 303)
    return render_template("puskesmas/stock_list.html", books=books)


@bp.route("/stok/<uuid:point_id>", methods=["GET", "POST"])
@allowed("stock", scope="point")
def stock(point_id):
    puskesmas = queries.book(point_id, seen_by=me())
    today = puskesmas.kabupaten.day_of(now())
    form = StockForm(today=today)
    if request.method == "POST" and form.validate():
        answers = form.answers
        kind = answers.pop("kind")
        if kind == StockKind.COUNTED:
            actions.count_stock(puskesmas, by=me(), key=form.key.data, **answers)
        else:
            actions.write_stock(puskesmas, kind=kind, by=me(), key=form.key.data, **answers)
        flash("Sudah dicatat di buku stok.")
        return done(url_for(".stock", point_id=puskesmas.id))
    page = {
        "puskesmas": puskesmas,
        "rows": queries.stock_of(puskesmas),
        "lines": queries.stock_lines(puskesmas),
        "there": queries.sets_on_hand(puskesmas.id),
        "promised": queries.promised(puskesmas.id, today=today),
    }
    if request.method == "GET":
        return render_template("puskesmas/stock.html", form=StockForm(formdata=None, today=today, on=today), **page)
    return refused("puskesmas/_stock_form.html", page="puskesmas/stock.html", form=form, **page)
