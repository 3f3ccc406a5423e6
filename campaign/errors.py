"""What the house says no to, in words: one sentence that tells what is wrong and what to do, as page, part or JSON."""

import logging
import re
from contextlib import suppress
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Flask, flash, g, jsonify, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from campaign import database, words
from campaign.access import wants_json
from campaign.extensions import db, htmx, login
from campaign.rules import refusals
from campaign.rules.attendance import Entry
from campaign.sealed import CannotOpen

log = logging.getLogger("campaign")

SENTENCE = {
    "refused": "Tidak dapat dilakukan.",
    "no_such": "Halaman atau data ini tidak ada, atau bukan bagian Anda.",
    "not_allowed": "Peran Anda tidak melakukan ini. Bila seharusnya bisa, hubungi DPPKB.",
    "day_full": "Kursi hari itu sudah habis. Pilih hari lain, atau masukkan Ibu ke daftar tunggu.",
    "stock_short": "Set di buku stok tidak cukup untuk kursi sebanyak itu.",
    "day_has_room": "Masih ada kursi untuk Ibu ini pada hari itu. Tidak perlu menunggu: langsung jadwalkan.",
    "has_seat": "Ibu ini sudah punya kursi, jadi tidak perlu menunggu.",
    "seat_lapsed": (
        "Waktu menjawab sudah lewat, jadi kursi ini diberikan kepada yang berikutnya. Pilih hari lain, atau tunggu lagi."
    ),
    "day_begun": (
        "Hari ini sudah berjalan: ada Ibu yang sudah datang. Pindahkan saja Ibu-Ibu yang belum datang lewat “Ubah kursi”."
    ),
    "is_blackout": "Tanggal ini hari libur pelayanan. Pilih tanggal lain.",
    "no_dates": "Di antara kedua tanggal itu tidak ada hari yang dapat dibuka: hari dalam minggu tidak cocok, atau semuanya libur.",
    "not_leaving": "Salah satu Ibu yang dipilih sudah datang atau jadwalnya sudah berubah. Muat ulang halaman.",
    "day_not_open": "Hari pelayanan ini tidak dapat dipakai: sudah lewat, belum tiba, dibatalkan, atau di luar masa kampanye.",
    "already_registered": words.already_registered(None),
    "row_taken": "Baris ini sudah dimasukkan.",
    "not_counselled": "Ibu ini belum dikonseling dan belum menyatakan bersedia. Catat konselingnya dulu, baru pilih hari.",
    "campaign_not_open": "Kampanye ini sedang tidak berjalan, jadi tidak ada yang dapat dicatat. Hubungi DPPKB.",
    "bad_date": "Tanggal pelayanan tidak boleh di masa depan atau sebelum kampanye dimulai.",
    "nik_needed": "Isi NIK, atau pilih sebab NIK belum ada.",
    "window_passed": "Waktu membetulkan sudah lewat. Mintalah DPPKB membetulkannya.",
    "visit_settled": "Kunjungan ini baru saja dicatat atau dibatalkan rekan lain. Muat ulang halaman.",
    "name_taken": "Nama masuk ini sudah dipakai orang lain. Pilih nama lain.",
    "last_admin": "Ini pengelola DPPKB yang terakhir. Angkat pengelola lain dulu.",
    "key_reused": "Formulir ini sudah pernah dikirim dengan isi lain. Muat ulang halaman, lalu isi lagi.",
    "bad_key": "Halaman ini sudah lama terbuka. Muat ulang halaman, lalu tekan sekali lagi.",
    "unreadable": "Simpanan ini rusak, atau dibuat untuk server lain, jadi tidak dapat dibuka. Daftarkan Ibu itu sekali lagi.",
    "others_item": "Pendaftaran ini milik akun lain. Hanya pemiliknya yang dapat mengirimnya, dari HP ini juga.",
    "busy": "Server sedang sangat sibuk. Tidak ada yang hilang; tekan sekali lagi sebentar lagi.",
    "too_many_tries": "Terlalu banyak percobaan masuk. Tunggu 15 menit, lalu coba lagi.",
    "already_answered": "Rujukan ini sudah dijawab atau dibatalkan. Muat ulang halaman untuk melihat keadaannya sekarang.",
    "too_many_opened": (
        "Terlalu banyak catatan dibuka dalam sepuluh menit. Tunggu sebentar. Yang sudah dibuka terlihat oleh kepala puskesmas."
    ),
    "too_many_looks": "Terlalu sering mencari nama yang serupa. Lanjutkan saja: server memeriksanya lagi saat disimpan.",
    "wrong_pin": "PIN salah.",
    "no_pin": "PIN di perangkat ini tidak berlaku lagi. Masuklah dengan kata sandi.",
    "card_not_good": (
        "Kartu ini tidak berlaku lagi, atau yang diketik keliru. Bila Anda sudah membuat kata sandi, masuklah dengan itu. "
        "Bila belum, mintalah kartu baru kepada PLKB atau DPPKB."
    ),
    "own_card": "Kartu untuk akun sendiri harus dibuat rekan lain. Untuk mengganti kata sandi, buka “Akun saya”.",
    "wrong_stage": "Ini tidak dapat dilakukan pada tahap kampanye sekarang. Muat ulang halaman.",
    "locked": "Kampanye ini sudah dikunci: waktu mencatat hasil sudah lewat. DPPKB dapat membuka kuncinya, dan itu dicatat.",
    "not_current": "Pembagian ini dihitung dari target yang sudah berubah. Hitung sekali lagi.",
    "wrong_state": "Berkas ini sudah tidak pada tahap itu. Muat ulang halaman untuk melihat keadaannya sekarang.",
    "too_late": "Impor hanya dapat dibatalkan dalam 24 jam.",
    "in_use": "Ini masih dipakai, jadi tidak dapat dihapus.",
    "not_mergeable": "Kedua catatan ini tidak dapat digabung sekarang.",
    "already_proposed": "Untuk Ibu ini sudah ada usulan pindah desa yang belum diputuskan DPPKB.",
    "already_decided": "Usulan ini sudah diputuskan atau ditarik. Muat ulang halaman untuk melihat keadaannya sekarang.",
    "moved_on": (
        "Sejak diusulkan ada yang berubah: Ibu ini tidak lagi di desa asal, atau desa tujuannya sudah berakhir. "
        "Tolak usulan ini; bila masih perlu, PLKB dapat mengusulkan lagi."
    ),
    "gathering_over": "Pertemuan ini dibatalkan.",
    "list_closed": "Daftar hadir pertemuan ini sudah ditutup. Bila ada yang terlewat, petugas di meja dapat membukanya lagi.",
    "hall_full": "Kursi di tempat pertemuan ini sudah habis. Bila masih ada tempat, petugas dapat mengubah daya tampungnya.",
    "no_such_door": (
        "Kode pintu ini tidak dikenal, atau sudah diganti. Pindai lagi kode yang tergantung di pintu, atau datanglah ke meja."
    ),
    "minutes_moved": "Notulen ini baru saja diubah rekan lain. Salin tulisan Anda, muat ulang halaman, lalu gabungkan.",
    "too_many_photos": "Pertemuan ini sudah punya 20 foto. Hapus salah satu dulu.",
    "no_certificate": "Sertifikat untuk pertemuan ini belum dibuat, atau sudah tidak berlaku. Tanyakan kepada DPPKB.",
    "number_taken": "Nomor seperti ini sudah dipakai sertifikat pertemuan lain. Pakai akhir nomor yang lain.",
    "not_invited": "Nama Anda belum ada di daftar undangan pertemuan ini. Datanglah ke meja: petugas dapat menambahkannya.",
    "quiz_shut": "Tes ini sedang tidak dibuka. Tunggu sampai petugas membukanya.",
    "quiz_answered": "Jawaban untuk tes ini sudah diterima. Satu kali sudah cukup.",
    "quiz_begun": "Tes ini sedang dibuka atau sudah ada yang menjawab, jadi soalnya tidak dapat diubah lagi.",
    "not_here": "Tes ini untuk peserta yang sudah tercatat hadir. Isi daftar hadir dulu.",
}
HTTP_SENTENCE = {
    400: "Permintaan tidak dapat dibaca. Muat ulang halaman, lalu coba lagi.",
    404: SENTENCE["no_such"],
    405: "Alamat ini tidak dibuka dengan cara itu.",
    413: "Yang dikirim terlalu besar.",
    429: SENTENCE["too_many_tries"],
}
TOO_MANY_TODAY = (
    "Terlalu banyak percobaan masuk hari ini. Masuklah dari perangkat yang sudah pernah Anda pakai, coba lagi besok, "
    "atau mintalah kartu baru."
)
TOO_MANY_IN_ALL = (
    "Nama ini terlalu sering dicoba dari perangkat yang tidak dikenal. Masuklah dari perangkat yang sudah pernah Anda pakai, "
    "atau mintalah kartu baru kepada PLKB atau DPPKB."
)
STALE_FORM = "Halaman ini sudah terlalu lama terbuka. Muat ulang halaman, lalu isi lagi."
SIGN_IN_AGAIN = "Anda belum masuk, atau waktu masuk Anda sudah habis. Masuk lagi; isian di halaman ini tetap ada."
BROKEN = "Ada kesalahan di server. Tidak ada yang berubah. Coba lagi; bila tetap begini, sebutkan nomor {incident}."
NO_DATABASE = "Server tidak dapat menulis sekarang. Tidak ada yang hilang; coba lagi sebentar lagi."
WITHOUT_KEY = "Papan tetap dapat dilihat, tetapi tidak ada yang dapat dicatat: {state}. Hubungi pengelola server."


def sentence(refusal: refusals.Refused) -> str:
    """What the screen says to this refusal."""
    match refusal:
        case refusals.WrongStep(before=before, kind=Entry() as kind):
            return (
                f"Tidak dapat: peserta ini sekarang “{words.label(before) if before else 'tidak di daftar'}”, sedangkan yang "
                f"diminta “{words.label(kind)}”. Mungkin meja lain lebih dulu. Muat ulang halaman."
            )
        case refusals.SignInShut(opens_at=opens, closes_at=closes, zone=zone):
            return (
                f"Daftar hadir dibuka {words.moment(opens, zone)} sampai {words.moment(closes, zone)}. Di luar waktu itu tidak ada "
                "yang dapat dicatat hadir."
            )
        case refusals.WrongStep(before=before, kind=kind):
            return (
                f"Tidak dapat: Ibu ini sekarang “{words.label(before) if before else 'belum terdaftar'}”, sedangkan yang "
                f"diminta “{words.label(kind)}”. Mungkin rekan Anda lebih dulu. Muat ulang halaman."
            )
        case refusals.Quicker():
            return words.quicker(refusal)
        case refusals.StillOpen(names=names):
            return f"Belum dapat ditutup. Belum ada hasilnya: {', '.join(names)} ({len(names)} Ibu)."
        case refusals.AlreadyRegistered(kecamatan=str(kecamatan)):
            return words.already_registered(kecamatan)
        case refusals.NotMergeable(why=why):
            return words.NOT_MERGEABLE[why]
        case refusals.NotYet(until=until):
            return f"Ibu ini ditunda sampai {words.day(until)}. Pilih hari pelayanan mulai tanggal itu."
        case refusals.DayFull(family=family, free=free):
            full = (
                f"Kursi untuk {words.label(family)} hari itu sudah habis." if family else "Kursi hari itu sudah habis."
            )
            if not free:
                return f"{full} Pilih hari lain, atau masukkan Ibu ke daftar tunggu."
            return (
                f"{full} Yang masih kosong: {words.days_and_places(free)}. Atau masukkan Ibu ke daftar tunggu hari itu."
            )
        case refusals.StockShort(family=family, there=there, promised=promised):
            return (
                f"Set {words.label(family)} tidak cukup: di buku stok ada {words.number(there)}, sedangkan kursi pada hari-hari "
                f"yang akan datang, termasuk ini, menjadi {words.number(promised)}. Kurangi {words.number(promised - there)} "
                "kursi, atau catat dulu set yang diterima."
            )
        case refusals.IsBlackout(on=on, why=why):
            return (
                f"{words.day(on, with_weekday=True)} libur pelayanan{f' ({why})' if why else ''}. Pilih tanggal lain."
            )
        case refusals.SeatsTaken(taken=taken, family=family):
            of_family = f" untuk {words.label(family)}" if family else ""
            return (
                f"Kursi{of_family} tidak dapat kurang dari yang sudah terisi ({taken}). Pilih Ibu yang dipindahkan, "
                "atau sisakan kursi sebanyak itu."
            )
        case refusals.TargetNotReady(headline=headline, total=total):
            return (
                f"Jumlah target desa ({words.number(total)}) belum sama dengan target kampanye ({words.number(headline)}). "
                "Bagi target dulu."
            )
        case refusals.TooManyTries(within=within) if within.days:
            return TOO_MANY_IN_ALL if within.days > 1 else TOO_MANY_TODAY
        case refusals.NotSettled(missing=missing):
            return f"Belum lengkap: {', '.join(words.label(step) for step in missing)}. Lengkapi dulu, lalu buka."
        case refusals.BadFile(sentence=told):
            return told
        case refusals.ReadOnly(args=(state, *_)):
            return WITHOUT_KEY.format(state=words.label(state))
    return SENTENCE[refusal.code]


class WithoutTokens(logging.Filter):
    """A wall's or a card's address is its key: whatever library writes one into a log, it writes it without."""

    TOKEN = re.compile(r"(/(?:dinding|aktivasi|sertifikat)/)[^/\s?]+")

    def filter(self, record):
        with suppress(TypeError, ValueError):  # what cannot be put together is complained of where it is written
            record.msg, record.args = self.TOKEN.sub(r"\1…", record.getMessage()), ()
        return True


WITHOUT_TOKENS = WithoutTokens()


def _anonymous() -> None:
    """A page about a broken database must not ask the database who is looking at it."""
    g._login_user = login.anonymous_user()


def answer(code: str, message: str, status: int, headers=None):
    """One refusal for whoever asked: JSON, a part for htmx, or a page."""
    if request_ctx.url_adapter is None:  # asked for by a host name that is not ours: no page can be addressed there
        return message, status, {"Content-Type": "text/plain; charset=utf-8"}
    if wants_json():
        return jsonify(ok=False, error=code, message=message, fields={}), status, headers or {}
    if htmx:
        part = {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"}
        return render_template("_notice.html", message=message, code=code), status, part | (headers or {})
    page = render_template("refusal.html", message=message, code=code, status=status, back=_came_from())
    return page, status, headers or {}


def _came_from() -> str | None:
    """The page of ours this was pressed on, by the browser's word for it; not the one that is refused itself."""
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:  # no address at all
        return None
    is_same = request.method == "GET" and page.path == request.path
    if page.netloc != request.host or is_same or page.path.startswith("//"):
        return None
    return page._replace(scheme="", netloc="", fragment="").geturl()


def _refused(refusal: refusals.Refused):
    later = {"Retry-After": "5"} if refusal.status in (429, 503) else None
    return answer(refusal.code, sentence(refusal), refusal.status, later)


def _http(error: HTTPException):
    if error.code in (301, 302, 303, 307, 308):
        return error
    allow = {"Allow": ", ".join(sorted(error.valid_methods))} if getattr(error, "valid_methods", None) else None
    return answer(f"http_{error.code}", HTTP_SENTENCE.get(error.code, HTTP_SENTENCE[400]), error.code, allow)


def _csrf(_error: CSRFError):
    return answer("stale_form", STALE_FORM, 400)


def _database(error: DBAPIError):
    db.session.rollback()
    _anonymous()
    if database.is_collision(error):
        return _refused(refusals.Busy())
    if isinstance(error, OperationalError) or error.connection_invalidated:
        log.error("database: %s", type(error.orig).__name__)
        return answer("no_database", NO_DATABASE, 503, {"Retry-After": "5"})
    return _broken(error)


def _cannot_open(_error: CannotOpen):
    return _refused(refusals.ReadOnly(words.KeyState.WRONG))


def _broken(error: Exception):
    """The last resort. The log gets the kind of error and where, never what was being written."""
    db.session.rollback()
    _anonymous()
    incident = uuid4().hex[:8]
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    log.error("incident %s %s %s at %s", incident, request.endpoint, type(error).__name__, place)
    return answer("broken", BROKEN.format(incident=incident), 500)


def _unauthorized():
    if wants_json() or htmx or request.method != "GET":
        return answer("sign_in", SIGN_IN_AGAIN, 401)
    if request.path != "/":
        flash("Silakan masuk dulu.")
    return redirect(url_for("sign_in.sign_in", lanjut=request.full_path.rstrip("?")), 303)


def init_app(app: Flask) -> None:
    for logger in (log, app.logger, logging.getLogger("gunicorn.error"), logging.getLogger("werkzeug")):
        logger.addFilter(WITHOUT_TOKENS)
    login.unauthorized_handler(_unauthorized)
    app.register_error_handler(refusals.Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(CannotOpen, _cannot_open)
    if not app.debug:
        app.register_error_handler(Exception, _broken)
