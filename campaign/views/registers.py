"""Registers out: R/I/KB/20 with its ticks for SIGA, F/II/KB and SIGA's figures beside it, R/II/KB/20; on screen, xlsx and paper."""

from datetime import UTC, datetime, timedelta

from flask import Response, flash, redirect, render_template, request, session, url_for

from campaign import access, actions, queries
from campaign.access import allowed
from campaign.actions import sessions
from campaign.actions.transaction import now
from campaign.forms.registers import PastedForm, SureForm
from campaign.rules import registers as rules
from campaign.rules.nik import mask
from campaign.rules.refusals import NoSuch
from campaign.rules.registers import Month, Note, recap, register, total
from campaign.rules.roles import Role
from campaign.sealed import token_hash
from campaign.sheets import registers as sheets
from campaign.views.answers import inside, me, sent_key
from campaign.views.puskesmas import bp
from campaign.words import day, label, moment, month

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SURE_FOR = timedelta(minutes=5)  # so long a password typed again opens registers
MONTHS_SHOWN = 6


def _month(text: str) -> Month:
    found = Month.read(text)
    if found is None:
        raise NoSuch
    return found


def _here():
    """The office's kabupaten and today's date in its zone."""
    kabupaten = queries.kabupaten(me().kabupaten_code)
    return kabupaten, kabupaten.day_of(now())


@bp.get("/register")
@allowed("registers")
def register_home():
    kabupaten, today = _here()
    months = [Month.of(today)]
    while len(months) < MONTHS_SHOWN:
        months.append(months[-1].before)
    last = months[1]
    due_on = last.report_on(kabupaten.report_day)
    if due_on < today:
        last, due_on = months[0], months[0].report_on(kabupaten.report_day)
    about = {"months": months, "today": today, "last": last, "due_on": due_on, "is_office": me().role == Role.DPPKB}
    return render_template("puskesmas/register_home.html", faskes_list=queries.faskes_list(seen_by=me()), **about)


# ---- The password once more ----


def _is_sure() -> bool:
    """Whether who is signed in here has typed her password in these minutes; bound to this sign-in, so no other has it."""
    told = session.get("sure", {})
    return told.get("who") == _mark() and now() - datetime.fromtimestamp(told["at"], UTC) < SURE_FOR


def _mark() -> str:
    return token_hash(me().token).hex()[:24]


def _ask_first():
    return redirect(url_for(".be_sure", lanjut=request.full_path.rstrip("?")), 303)


@bp.route("/register/yakin", methods=["GET", "POST"])
@allowed("registers")
def be_sure():
    form, lanjut = SureForm(), inside(request.args.get("lanjut"), url_for(".register_home"))
    if request.method == "POST" and form.validate():
        here = {"device_id": me().device_id, "address": request.remote_addr or ""}
        if sessions.is_right(queries.myself(me()), form.password.data, away=access.away_from_the_loop, **here):
            session["sure"] = {"who": _mark(), "at": int(now().timestamp())}
            return redirect(lanjut, 303)
        form.password.errors = ["Kata sandi salah."]
    return render_template("puskesmas/be_sure.html", form=form, lanjut=lanjut), 422 if form.errors else 200


# ---- R/I/KB/20 ----


def _register(faskes_id, text):
    """The register of this puskesmas and month, with what stands beside it."""
    kabupaten, today = _here()
    faskes, at = queries.faskes(faskes_id, seen_by=me()), _month(text)
    actions.log_access("register", by=me(), reason=str(at))
    made = register(queries.register_lines(faskes, at), faskes.name)
    taken = queries.taken_back(faskes, at, kabupaten)
    beside = _beside(made, at, taken, queries.visits_beside(faskes, at), today, kabupaten.zone)
    about = {"faskes": faskes, "month": at, "kabupaten": kabupaten, "today": today, "beside": beside}
    return made, about | {"due_on": at.report_on(kabupaten.report_day)}


def _beside(made, at, taken, visits, today, zone) -> list[str]:
    """What the forms cannot hold, in sentences."""
    said = []
    if today <= at.last:
        said.append(f"Bulan {month(at)} belum berakhir: yang dicatat sesudah ini akan menambah baris.")
    for line in made.with_note(Note.EKSPULSI):
        said.append(
            f"Ekspulsi tidak punya kolom, jadi tidak menjadi baris: {line.name}, {day(line.on)}, {label(line.method)}."
        )
    for note, sentence in BESIDE.items():
        if number := len(made.with_note(note)):
            said.append(sentence.format(number))
    if visits:
        said.append(f"{visits} kunjungan kontrol atau keluhan bulan ini tidak diminta formulir ini.")
    for row in taken:
        what = "Hasil kunjungan" if row.is_visit else "Pelayanan"
        siga = " Baris itu sudah bertanda masuk SIGA: hapus juga di sana." if row.was_in_siga else ""
        said.append(
            f"{what} {row.name}, {day(row.on)}, dibatalkan {moment(row.at, zone)}, sesudah bulannya berakhir. "
            f"Betulkan juga laporan {month(Month.of(row.on))}.{siga}"
        )
    return said


BESIDE = {
    Note.NO_NIK: "{} baris tanpa NIK. Lengkapi dulu: belum dihitung dalam kampanye, dan SIGA meminta NIK.",
    Note.OUTSIDE: "{} baris dari luar kabupaten. Di SIGA dicatat sebagai Non BDKI, dengan alamat lengkap.",
    Note.TWICE: "{} baris milik Ibu yang bulan ini punya lebih dari satu baris.",
    Note.HUSBAND_NIK: "{} baris MOP: formulir hanya meminta NIK istri, NIK suami ada di catatan Ibu.",
    Note.NO_INSURANCE: "{} pelayanan belum ada catatan asuransinya: kolom 18–20 kosong.",
    Note.NO_SOURCE: "{} pelayanan belum ada sumber alokonnya: kolom 21–23 kosong, dan di F/II/KB tidak masuk APBN maupun non-APBN.",
    Note.STATUS_4: "{} pelayanan berstatus 4 (komplikasi): di F/II/KB masuk kolom Komplikasi, bukan Total pelayanan.",
    Note.CHANGED: "{} pencabutan dan pemasangan (kolom 14): di F/II/KB dihitung sebagai pelayanan, bukan Cabut.",
}


@bp.get("/register/<uuid:faskes_id>/<month_text>")
@allowed("register_lines", scope="faskes")
def register_page(faskes_id, month_text):
    made, about = _register(faskes_id, month_text)
    shown = [(no, rules.masked(line, mask)) for _point, page in made.sheets for no, line in page]
    in_siga = sum(line.siga_at is not None for line in made.lines)
    return render_template(
        "puskesmas/register.html", made=made, rows=shown, cells=rules.cells, in_siga=in_siga, **about
    )


@bp.post("/register/<uuid:faskes_id>/<month_text>/siga")
@allowed("register_lines", scope="faskes")
def mark_siga(faskes_id, month_text):
    """Tick or untick the lines that were chosen; what is not a line of this register is not looked at."""
    faskes, at, key = queries.faskes(faskes_id, seen_by=me()), _month(month_text), sent_key()
    chosen = set(request.form.getlist("baris"))
    lines = [line for line in queries.register_lines(faskes, at) if str(line.id) in chosen]
    ids = {
        "services": sorted(line.id for line in lines if not line.is_visit),
        "visits": sorted(line.id for line in lines if line.is_visit),
    }
    is_undo = request.form.get("lakukan") == "batal"
    if lines:
        (actions.unmark_siga if is_undo else actions.mark_siga)(faskes, by=me(), key=key, **ids)
    what = "tanda SIGA dihapus" if is_undo else "ditandai sudah masuk SIGA"
    flash(f"{len(lines)} baris {what}." if lines else "Belum ada baris yang dipilih. Centang dulu barisnya.")
    return redirect(url_for(".register_page", faskes_id=faskes.id, month_text=str(at)), 303)


@bp.get("/register/<uuid:faskes_id>/<month_text>/cetak")
@allowed("register_lines", scope="faskes")
def register_print(faskes_id, month_text):
    queries.faskes(faskes_id, seen_by=me())
    if not _is_sure():
        return _ask_first()
    made, about = _register(faskes_id, month_text)
    actions.log_access("register_print", by=me(), reason=month_text)
    mark = f"{me().name}, {moment(now(), about['kabupaten'].zone)}"
    return render_template(
        "puskesmas/register_print.html", made=made, cells=rules.cells, mark=mark, header=rules.HEADER, **about
    )


@bp.get("/register/<uuid:faskes_id>/<month_text>/unduh.xlsx")
@allowed("register_lines", scope="faskes")
def register_xlsx(faskes_id, month_text):
    queries.faskes(faskes_id, seen_by=me())
    if not _is_sure():
        return _ask_first()
    made, about = _register(faskes_id, month_text)
    actions.log_access("register_xlsx", by=me(), reason=month_text)
    file = sheets.register_file(made, recap(made.lines), above=_above(about), said_beside=about["beside"])
    return _file(file, f"register-{month_text}.xlsx")


def _above(about) -> list[list[str]]:
    return [
        [f"R/I/KB/20 · Register Pelayanan KB · {about['faskes'].name} · {month(about['month'])}"],
        [
            f"Diunduh oleh {me().name}, {moment(now(), about['kabupaten'].zone)}. "
            "Berisi NIK: simpan di tempat terkunci, hapus sesudah dipakai."
        ],
    ]


def _file(data: bytes, name: str) -> Response:
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


# ---- F/II/KB ----


@bp.route("/register/<uuid:faskes_id>/<month_text>/rekap", methods=["GET", "POST"])
@allowed("registers", scope="faskes")
def recap_page(faskes_id, month_text):
    """The recap, and beside it a table pasted from SIGA: compared, shown, and not kept."""
    kabupaten, today = _here()
    faskes, at, form = queries.faskes(faskes_id, seen_by=me()), _month(month_text), PastedForm()
    actions.log_access("recap", by=me(), reason=str(at))
    made = register(queries.register_lines(faskes, at), faskes.name)
    counted = recap(made.lines)
    compared = sheets.compare(form.pasted.data, counted) if request.method == "POST" and form.validate() else None
    beside = [
        sentence.format(number)
        for note in (Note.NO_SOURCE, Note.STATUS_4, Note.CHANGED)
        if (number := len(made.with_note(note))) and (sentence := BESIDE[note])
    ]
    if number := len(made.beside):
        beside.append(f"{number} ekspulsi tidak punya kolom, jadi tidak ada di rekap ini.")
    about = {"faskes": faskes, "month": at, "today": today, "form": form, "compared": compared, "beside": beside}
    about |= {"counted": counted, "summed": total(counted.values()), "due_on": at.report_on(kabupaten.report_day)}
    about["may_see_lines"] = me().role == Role.PUSKESMAS
    return render_template("puskesmas/recap.html", **about), 422 if form.errors else 200


def _all_recaps(at: Month):
    faskes_list = queries.faskes_list(seen_by=me())
    return [(faskes, recap(queries.register_lines(faskes, at))) for faskes in faskes_list]


@bp.get("/register/semua/<month_text>")
@allowed("registers")
def recap_of_all(month_text):
    """The office's: every puskesmas in a row. Numbers only."""
    at = _month(month_text)
    actions.log_access("recap_all", by=me(), reason=str(at))
    rows = [(faskes, total(counted.values())) for faskes, counted in _all_recaps(at)]
    summed = total(row for _faskes, row in rows)
    return render_template("puskesmas/recap_of_all.html", month=at, rows=rows, summed=summed)


@bp.get("/register/semua/<month_text>/rekap.xlsx")
@allowed("registers")
def recap_xlsx(month_text):
    kabupaten, _today = _here()
    at = _month(month_text)
    actions.log_access("recap_xlsx", by=me(), reason=str(at))
    named = [(faskes.name, counted) for faskes, counted in _all_recaps(at)]
    above = [
        [f"F/II/KB · {kabupaten.name} · {month(at)}"],
        [f"Diunduh oleh {me().name}, {moment(now(), kabupaten.zone)}"],
    ]
    return _file(sheets.recap_file(named, above=above), f"rekap-{at}.xlsx")


# ---- R/II/KB/20 ----


@bp.get("/register/<uuid:faskes_id>/<month_text>/alokon")
@allowed("registers", scope="faskes")
def stock_register(faskes_id, month_text):
    faskes, at = queries.faskes(faskes_id, seen_by=me()), _month(month_text)
    rows = queries.stock_book(faskes, at)
    return render_template(
        "puskesmas/stock_register.html", faskes=faskes, month=at, rows=rows, may_see_lines=me().role == Role.PUSKESMAS
    )
