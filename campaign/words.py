"""What the screen says: labels, sentences, dates, numbers, ids. Indonesian as a kader speaks it."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

import segno
from flask import Flask, current_app, url_for

from campaign.models import ConsentKind, Jenis, NoticeKind, PointKind, SheetState, Stage, StockKind, WallKind
from campaign.rules import apportionment, codes, nik, weights
from campaign.rules.accounts import AccountState
from campaign.rules.aftercare import Found
from campaign.rules.apportionment import Way
from campaign.rules.arrivals import Arrival
from campaign.rules.attendance import Attendance, Entry
from campaign.rules.banding import stepped
from campaign.rules.couple import LastMethod, NotUsing
from campaign.rules.defer_reasons import WAIT_DAYS
from campaign.rules.distance import Distance
from campaign.rules.effect import Side
from campaign.rules.gatherings import Every, GatheringKind, Level, Poktan, QuizPart, SignedBy, Tier
from campaign.rules.journey import Kind, Status
from campaign.rules.methods import Family, Method, Participant
from campaign.rules.needs import Need
from campaign.rules.nik import NikFault, NikWarning
from campaign.rules.outliers import Check, Finding, KaderNeed
from campaign.rules.pace import Pace
from campaign.rules.passphrase import LONGEST, SHORTEST, Weakness
from campaign.rules.registers import COUNTED_NAME, Month, Note
from campaign.rules.roles import Role
from campaign.rules.service_facts import Act, After, Insurance, Source
from campaign.rules.setup import SetupStep
from campaign.rules.sign_in_names import called
from campaign.rules.verdicts import SheetKind, Verdict
from campaign.sealed import KeyState

ZONE = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
HARI = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
BULAN = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November")
BULAN += ("Desember",)

LABEL = {
    Status: {
        Status.REGISTERED: "terdaftar",
        Status.BOOKED: "terjadwal",
        Status.ATTENDED: "hadir",
        Status.SERVED: "dilayani",
        Status.DEFERRED: "ditunda",
        Status.REFERRED: "dirujuk",
        Status.NO_SHOW: "tidak hadir",
        Status.WITHDRAWN: "tidak jadi",
    },
    Kind: {
        Kind.REGISTER: "didaftarkan",
        Kind.BOOK: "dijadwalkan",
        Kind.CANCEL: "jadwal dibatalkan",
        Kind.ATTEND: "hadir",
        Kind.SERVE: "dilayani",
        Kind.DEFER: "ditunda",
        Kind.REFER: "dirujuk",
        Kind.MISS: "tidak hadir",
        Kind.WITHDRAW: "tidak jadi",
        Kind.CORRECT: "dibetulkan",
        Kind.RETRACT: "impor dibatalkan",
        Kind.TRANSFER: "pindah desa",
        Kind.MERGE: "digabung dengan catatan lain",
        Kind.UNMERGE: "penggabungan dibatalkan",
    },
    Need: {
        Need.TODAY: "hari ini pelayanannya: dampingi bila bisa",
        Need.TOMORROW: "besok pelayanannya: ingatkan dan dampingi",
        Need.VISIT: "waktunya dikunjungi: tanyakan kabarnya",
        Need.UNSERVED: "harinya sudah lewat, belum ada hasilnya",
        Need.NO_SHOW: "tidak hadir: tanyakan kabarnya",
        Need.READY: "sudah boleh dijadwalkan lagi",
        Need.REFERRED: "dirujuk lebih dari seminggu: tanyakan kabarnya",
        Need.NO_DAY: "sudah bersedia, belum ada harinya",
        Need.NOT_COUNSELLED: "terdaftar lebih dari 3 hari, belum dikonseling",
    },
    Found: {
        Found.KONTROL: "kontrol, tanpa keluhan",
        Found.KELUHAN: "ada keluhan",
        Found.KOMPLIKASI: "komplikasi berat",
        Found.KEGAGALAN: "kegagalan (hamil saat memakai)",
        Found.EKSPULSI: "ekspulsi (lepas sendiri)",
        Found.PENCABUTAN: "pencabutan",
    },
    Note: {
        Note.OUTSIDE: "dari luar kabupaten",
        Note.NO_NIK: "NIK belum ada",
        Note.TWICE: "lebih dari satu baris bulan ini",
        Note.HUSBAND_NIK: "NIK suami (MOP) tidak punya kolom",
        Note.NO_INSURANCE: "asuransi belum dicatat",
        Note.NO_SOURCE: "sumber alokon belum dicatat",
        Note.STATUS_4: "status 4: di F/II/KB masuk Komplikasi, bukan Total pelayanan",
        Note.EKSPULSI: "ekspulsi tidak punya kolom",
        Note.CHANGED: "dicabut dan dipasang lagi: di F/II/KB pelayanan, bukan Cabut",
    },
    Distance: {
        Distance.SAME_DESA: "di desa yang sama",
        Distance.OWN_PUSKESMAS: "puskesmas desa ini",
        Distance.SAME_KECAMATAN: "satu kecamatan",
        Distance.ELSEWHERE: "kecamatan lain",
    },
    LastMethod: {
        LastMethod.NONE: "belum pernah",
        LastMethod.SUNTIK: "suntik",
        LastMethod.PIL: "pil",
        LastMethod.KONDOM: "kondom",
        LastMethod.IMPLAN: "implan (susuk)",
        LastMethod.IUD: "IUD (spiral)",
        LastMethod.MOW: "MOW (steril istri)",
        LastMethod.MOP: "MOP (steril suami)",
        LastMethod.TRADITIONAL: "cara tradisional",
    },
    NotUsing: {
        NotUsing.HAMIL: "sedang hamil",
        NotUsing.IAS: "ingin anak segera (kurang dari 2 tahun lagi)",
        NotUsing.IAT: "ingin anak, tetapi nanti (2 tahun lagi atau lebih)",
        NotUsing.TIAL: "tidak ingin anak lagi",
    },
    Method: {
        Method.BELUM: "belum memilih",
        Method.IMPLAN: "implan (susuk)",
        Method.IMPLAN_1: "implan 1 batang",
        Method.IMPLAN_2: "implan 2 batang",
        Method.IUD: "IUD (spiral)",
        Method.MOW: "MOW (tubektomi, istri)",
        Method.MOP: "MOP (vasektomi, suami)",
        Method.SUNTIK_1: "suntik 1 bulan",
        Method.SUNTIK_3_KOMBINASI: "suntik 3 bulan kombinasi",
        Method.SUNTIK_3_PROGESTIN: "suntik 3 bulan progestin",
        Method.PIL_KOMBINASI: "pil kombinasi",
        Method.PIL_PROGESTIN: "pil progestin",
        Method.KONDOM: "kondom",
    },
    Family: {Family.IMPLAN: "implan", Family.IUD: "IUD", Family.STERIL: "MOW/MOP"},
    StockKind: {
        StockKind.RECEIVED: "diterima",
        StockKind.USED: "dipakai",
        StockKind.GIVEN_BACK: "kembali (pelayanan dibetulkan)",
        StockKind.HANDED_ON: "diserahkan ke tempat lain",
        StockKind.LOST: "rusak, kedaluwarsa, atau hilang",
        StockKind.COUNTED: "hasil hitung ulang",
    },
    NoticeKind: {
        NoticeKind.DAY_MOVED: "hari pelayanannya pindah",
        NoticeKind.DAY_CANCELLED: "hari pelayanannya dibatalkan",
        NoticeKind.SEAT_GONE: "kursinya dikurangi",
        NoticeKind.MOVED_UP: "mendapat kursi dari daftar tunggu",
        NoticeKind.LAPSED: "kursinya lepas karena tidak dijawab",
    },
    Participant: {
        Participant.BELUM: "belum diketahui",
        Participant.BARU: "baru",
        Participant.KBPP: "baru, pasca persalinan (KBPP)",
        Participant.GANTI_CARA: "ganti cara",
        Participant.ULANGAN: "ulangan",
        Participant.KOMPLIKASI: "komplikasi",
    },
    Role: {
        Role.KADER: "Kader",
        Role.PLKB: "PKB/PLKB",
        Role.PUSKESMAS: "Puskesmas",
        Role.DPPKB: "DPPKB",
        Role.BUPATI: "Kantor Bupati",
    },
    Source: {Source.APBN: "APBN", Source.APBD: "APBD", Source.MANDIRI: "mandiri"},
    Act: {
        Act.PASANG: "pemasangan",
        Act.CABUT_PASANG: "pencabutan dan pemasangan",
        Act.OPERATIF: "operatif",
        Act.CABUT: "pencabutan",
    },
    After: {After.PERSALINAN: "pasca persalinan", After.KEGUGURAN: "pasca keguguran"},
    Insurance: {Insurance.BPJS: "BPJS", Insurance.LAIN: "asuransi lain", Insurance.NONE: "tidak punya"},
    WallKind: {
        WallKind.PIMPINAN: "ruang pimpinan",
        WallKind.AULA: "aula pertemuan",
        WallKind.LOBI: "lobi",
    },
    Stage: {Stage.DRAFT: "rancangan", Stage.OPEN: "berjalan", Stage.CLOSED: "ditutup"},
    Attendance: {
        Attendance.INVITED: "diundang",
        Attendance.CAME: "hadir",
        Attendance.LATE: "hadir terlambat",
        Attendance.EXCUSED: "izin",
        Attendance.ABSENT: "tidak hadir",
        Attendance.REPRESENTED: "diwakili",
    },
    Entry: {
        Entry.INVITE: "diundang",
        Entry.COME: "hadir",
        Entry.COME_LATE: "hadir terlambat",
        Entry.REPRESENT: "diwakili",
        Entry.EXCUSE: "izin",
        Entry.MISS: "tidak hadir",
        Entry.STRIKE: "undangan ditarik",
        Entry.CORRECT: "dibetulkan",
    },
    GatheringKind: {
        GatheringKind.ORIENTASI: "orientasi",
        GatheringKind.PEMBINAAN: "pembinaan",
        GatheringKind.PERTEMUAN_RUTIN: "pertemuan rutin",
        GatheringKind.RAPAT_KOORDINASI: "rapat koordinasi",
        GatheringKind.EVALUASI: "evaluasi dan monitoring",
        GatheringKind.KIE: "KIE",
    },
    Tier: {
        Tier.KABUPATEN: "kabupaten",
        Tier.KECAMATAN: "kecamatan",
        Tier.DESA: "desa/kelurahan",
        Tier.RW: "dusun/RW",
    },
    Poktan: {
        Poktan.BKB: "BKB (Bina Keluarga Balita)",
        Poktan.BKR: "BKR (Bina Keluarga Remaja)",
        Poktan.BKL: "BKL (Bina Keluarga Lansia)",
        Poktan.UPPKA: "UPPKA",
        Poktan.PIK_R: "PIK-R",
    },
    Level: {
        Level.PPKBD: "PPKBD (kader desa)",
        Level.SUB_PPKBD: "Sub PPKBD (kader dusun/RW)",
    },
    Every: {
        Every.WEEK: "setiap minggu",
        Every.FORTNIGHT: "setiap dua minggu",
        Every.MONTH: "setiap bulan",
    },
    QuizPart: {
        QuizPart.PRE: "pre-test",
        QuizPart.POST: "post-test",
    },
    Side: {
        Side.CAME: "yang hadir",
        Side.STAYED_AWAY: "yang diundang tetapi tidak datang",
        Side.NOT_INVITED: "lainnya (tidak diundang)",
    },
    SignedBy: {
        SignedBy.DOOR: "HP sendiri di pintu",
        SignedBy.DESK: "dicatat di meja",
        SignedBy.CODE: "kode undangan di meja",
        SignedBy.SHEET: "dari berkas",
    },
    SheetKind: {
        SheetKind.AKSEPTOR: "calon akseptor",
        SheetKind.KADER: "kader (PPKBD dan Sub PPKBD)",
        SheetKind.DAYS: "hari pelayanan",
        SheetKind.WEIGHTS: "bobot tiap desa (PUS, unmet need, …)",
        SheetKind.ATTENDANCE: "peserta pertemuan (undangan, kehadiran, nilai tes)",
    },
    SheetState: {
        SheetState.READING: "sedang dibaca",
        SheetState.READY: "menunggu persetujuan",
        SheetState.APPLYING: "sedang disimpan",
        SheetState.APPLIED: "tersimpan",
        SheetState.UNDOING: "sedang dibatalkan",
        SheetState.UNDONE: "dibatalkan",
        SheetState.FAILED: "tidak dapat dibaca",
    },
    Verdict: {
        Verdict.TAKEN: "diimpor",
        Verdict.DOUBTED: "peringatan",
        Verdict.DOUBLE: "ganda",
        Verdict.REFUSED: "ditolak",
        Verdict.NO_DATA: "bukan data",
    },
    SetupStep: {
        SetupStep.NAME: "nama dan peristiwa",
        SetupStep.SPAN: "waktu",
        SetupStep.COUNT: "yang dihitung",
        SetupStep.HEADLINE: "target",
        SetupStep.POINTS: "tempat pelayanan",
    },
    Way: {Way.LARGEST_REMAINDER: "sisa terbesar", Way.SAINTE_LAGUE: "Sainte-Laguë"},
    AccountState: {
        AccountState.WAITING: "belum aktif",
        AccountState.ACTIVE: "aktif",
        AccountState.DISABLED: "nonaktif",
    },
    Weakness: {
        Weakness.SHORT: f"Paling sedikit {SHORTEST} huruf. Beberapa kata yang mudah diingat sudah baik.",
        Weakness.LONG: f"Paling banyak {LONGEST} huruf.",
        Weakness.EASY: "Kata sandi ini terlalu mudah ditebak. Pakai beberapa kata yang tidak berhubungan, bukan nama atau tanggal.",
    },
    Pace: {
        Pace.NO_TARGET: "tanpa target",
        Pace.REACHED: "tercapai",
        Pace.ON_PACE: "sesuai laju",
        Pace.BEHIND: "di bawah laju",
        Pace.NEEDS_HELP: "perlu bantuan",
    },
    Check: {
        Check.NO_NIK: "belum ada NIK",
        Check.TWICE: "mungkin tercatat dua kali",
        Check.BURST: "banyak dalam semenit",
        Check.NIGHT: "banyak di malam hari",
        Check.ONE_DAY: "sebulan dalam satu hari",
        Check.WITHOUT_NIK: "kebanyakan tanpa NIK",
        Check.SAME_PHONE: "nomor HP yang sama",
        Check.BEYOND_TARGET: "jauh melebihi target",
    },
    KaderNeed: {
        KaderNeed.PARKED: "bantu memperbaiki isian di HP-nya",
        KaderNeed.UNSENT: "bantu mengirim isian yang tertahan",
        KaderNeed.NOT_IN: "temani masuk pertama kali",
        KaderNeed.QUIET: "tanyakan kabarnya: dua minggu tanpa pendaftaran",
    },
    PointKind: {
        PointKind.PUSKESMAS: "puskesmas",
        PointKind.SAUNG_AMBU: "saung Ambu",
        PointKind.PUSTU: "pustu",
        PointKind.RUMAH_SAKIT: "rumah sakit",
        PointKind.PMB: "praktik mandiri bidan",
        PointKind.BERGERAK: "pelayanan bergerak",
    },
    Jenis: {Jenis.DESA: "Desa", Jenis.KELURAHAN: "Kelurahan", Jenis.DESA_ADAT: "Desa Adat"},
    ConsentKind: {
        ConsentKind.DATA: "data disimpan",
        ConsentKind.COUNSELLED: "konseling dan bersedia",
        ConsentKind.INFORMED: "informed consent",
    },
    KeyState: {
        KeyState.UNKNOWN: "belum diperiksa",
        KeyState.RIGHT: "cocok",
        KeyState.MISSING: "berkas kunci tidak ada",
        KeyState.WRONG: "berkas kunci bukan untuk basis data ini",
        KeyState.OPEN_TO_OTHERS: "berkas kunci dapat dibaca orang lain (harus 0600)",
    },
    NikFault: {
        NikFault.NOT_DIGITS: "NIK hanya boleh berisi angka.",
        NikFault.LENGTH: "NIK harus 16 angka. Periksa sekali lagi.",
        NikFault.DAY: "Tanggal lahir di dalam NIK (angka ke-7 dan 8) tidak mungkin. Periksa sekali lagi.",
        NikFault.MONTH: "Bulan lahir di dalam NIK (angka ke-9 dan 10) tidak mungkin. Periksa sekali lagi.",
        NikFault.CALENDAR: "Tanggal lahir di dalam NIK tidak ada di kalender. Periksa sekali lagi.",
        NikFault.SERIAL: "Empat angka terakhir NIK tidak boleh 0000. Periksa sekali lagi.",
    },
    NikWarning: {
        NikWarning.UNKNOWN_REGION: "kode wilayah NIK tidak dikenal",
        NikWarning.OLD_REGION: "kode wilayah NIK dari sebelum pemekaran",
        NikWarning.UNLIKELY_AGE: "umur menurut NIK di luar 10–70 tahun",
        NikWarning.OTHER_BIRTH_DATE: "tanggal lahir berbeda dengan NIK",
        NikWarning.OTHER_SEX: "jenis kelamin berbeda dengan NIK",
    },
}

# Why she was deferred, coarse on purpose: findings stay in the puskesmas's own medical record.
DEFER_REASON = {
    "medis": "belum boleh menurut pemeriksaan",
    "haid": "menunggu haid atau tes kehamilan",
    "keluarga": "masih bicara dengan keluarga",
    "sakit": "sedang sakit",
    "stok": "alat habis",
    "petugas": "petugas tidak ada",
    "lain": "sebab lain",
}
REFER_REASON = {
    "operatif": "perlu tindakan operatif (MOW, MOP)",
    "medis": "perlu diperiksa dokter",
    "alat": "alat atau tenaganya tidak ada di sini",
    "lain": "sebab lain",
}
# Why a record that is not of her own days was opened. The first two are said by her, the others follow from what she did.
OPEN_REASON = {
    "datang": "Ibu ini ada di depan saya",
    "telepon": "Ibu ini atau kadernya menelepon",
    "rujukan": "rujukan dari atau ke tempat lain",
    "keluhan": "keluhan sesudah pelayanan",
    "lain": "sebab lain",
}
OPENED_BY = {"tiket": "tiket dibuka bukan pada harinya", "nik_datang": "datang langsung, NIK-nya sudah terdaftar"}
CORRECT_REASON = {
    "salah_orang": "salah orang",
    "salah_tekan": "salah tekan",
    "salah_catat": "yang dicatat keliru",
    "lain": "sebab lain",
}
ENTRY_REASON = {"salah_orang": "salah orang", "salah_pencet": "salah pencet"}
EXCUSE_REASON = {
    "sakit": "sakit",
    "tugas_lain": "ada tugas lain",
    "keluarga": "urusan keluarga",
    "cuaca": "cuaca atau jalan",
    "lainnya": "sebab lain",
}
NO_NIK_REASON = {
    "belum_punya": "belum punya KTP",
    "tidak_dibawa": "KTP tidak dibawa",
    "hilang": "KTP hilang",
    "lain": "sebab lain",
}
TRANSFER_REASON = {
    "pindah": "pindah rumah",
    "suami": "ikut suami atau orang tua",
    "keliru": "sejak awal tercatat di desa yang keliru",
    "lain": "sebab lain",
}
# Why a transfer that was proposed cannot be accepted any more.
HINDRANCE = {
    "moved_on": "Ibu ini tidak lagi di desa asal, atau desa tujuannya sudah berakhir.",
    "left": "Ibu ini tidak lagi ikut, atau catatannya sudah digabung dengan yang lain.",
    "locked": "Kampanyenya sudah dikunci, jadi angkanya tidak berubah lagi.",
}
JOB = {
    "sweep": "mencatat yang tidak hadir",
    "seats": "meneruskan kursi yang tidak dijawab",
    "recount": "menghitung ulang",
    "backup": "cadangan",
    "sheets": "menghapus isi berkas impor lama",
    "digest": "rekap harian pukul 16.00",
    "lobby": "memperbarui dinding lobi",
    "lists": "menutup daftar hadir",
}
CHANGE = {
    "added": "akun dibuat",
    "card": "kartu baru dibuat",
    "activated": "akun diaktifkan sendiri",
    "moved": "pindah tugas",
    "renamed": "nama diubah",
    "desa": "desa binaan diubah",
    "disabled": "akun dinonaktifkan",
    "enabled": "akun diaktifkan lagi",
    "device_revoked": "perangkat dicabut",
}
# Why a service day does not take place.
CANCEL_REASON = {
    "tenaga": "tenaga tidak ada",
    "stok": "alat atau obat habis",
    "cuaca": "cuaca, banjir, atau jalan putus",
    "listrik": "listrik, air, atau tempat tidak dapat dipakai",
    "acara": "bertepatan dengan acara lain",
    "lain": "sebab lain",
}
REASON = DEFER_REASON | REFER_REASON | CORRECT_REASON
REASON |= {
    "sapuan": "tidak hadir sampai hari berakhir",
    "tidak_dijawab": "kursi tidak dijawab sampai batas waktunya",
    "pulang": "pulang sebelum dilayani",
}

# What is read to her before anything is kept. A changed wording gets a new version; old ones stay.
CONSENT = {
    "2026-11": (
        "Data Ibu (nama, tanggal lahir, alamat, dan NIK serta nomor HP bila diberikan) dicatat oleh kader dan hanya dipakai "
        "untuk pelayanan KB dalam kampanye ini. Yang dapat melihatnya: kader desa ini, PLKB, puskesmas yang melayani, dan "
        "DPPKB. Ibu boleh bertanya, membetulkan, atau mundur kapan saja tanpa memberi alasan."
    ),
    # Since the kader also asks about the couple.
    "2026-12": (
        "Data Ibu dicatat oleh kader: nama, tanggal lahir, alamat, nama suami, anak, cara KB, dan bila diberikan NIK serta nomor "
        "HP. Untuk vasektomi juga NIK suami. Data ini hanya dipakai untuk pelayanan KB dalam kampanye ini. Yang dapat "
        "melihatnya: kader desa ini, PLKB, puskesmas yang melayani, dan DPPKB. Ibu boleh bertanya, membetulkan, atau mundur "
        "kapan saja tanpa memberi alasan."
    ),
}


class Why(NamedTuple):
    """A reason for a deferral as this office words it, and after how many days she may be booked again by herself."""

    code: str
    label: str
    wait_days: int | None
    is_used: bool = True


def defer_reasons(own) -> list[Why]:
    """The office's list, or ours where it has none."""
    if own:
        return [Why(row.code, row.label, row.wait_days, row.is_used) for row in own]
    return [Why(code, said, WAIT_DAYS[code]) for code, said in DEFER_REASON.items()]


def told_at_the_counter(scanned, *, number: int | None, service, zone: str) -> str:
    """What is said, large, of a ticket that was scanned. `number` is her place in the queue, `service` the one that stands."""
    her = scanned.booking.akseptor.name if scanned.booking else ""
    there = scanned.booking.service_day if scanned.booking else None
    match scanned.arrival:
        case Arrival.GO:
            return f"Lanjut: {her}, antrean no. {number}"
        case Arrival.HERE:
            came = scanned.booking.arrived_at.astimezone(ZoneInfo(zone))
            return f"{her} sudah hadir {came:%H.%M}, antrean no. {number}"
        case Arrival.SERVED:
            on = service.served_on
            return f"{her} sudah dilayani {on.day}/{on.month} di {service.booking.service_day.service_point.name}"
        case Arrival.DONE:
            return f"{her} sudah selesai hari ini: {label(scanned.booking.akseptor.status)}"
        case Arrival.OTHER_DAY:
            return f"Bukan hari ini: tiket {her} untuk {day(there.on, with_weekday=True)} di {there.service_point.name}"
        case Arrival.DEAD:
            return f"Tiket {her} tidak berlaku lagi: jadwalnya dipindah atau dibatalkan. Cari namanya di lembar ini."
    if scanned.rows:
        return f"{len(scanned.rows)} Ibu cocok. Ketuk yang benar."
    return "Tidak dikenal di sini. Periksa kodenya, atau cari dengan nama."


def who_came(invitee) -> str:
    """Ibu Sari, PPKBD Desa Margacinta."""
    desa = place(invitee.desa) if invitee.desa else ""
    if invitee.person is not None and invitee.person.role == Role.KADER:
        return f"{invitee.name}, {level(invitee.person, invitee.gathering.kabupaten)} {desa}".strip()
    return ", ".join(part for part in (invitee.name, invitee.title, desa) if part)


def told_at_desk(invitee, entry, *, is_new: bool) -> str:
    """What the desk says aloud, once somebody has been signed in or was already."""
    zone = invitee.gathering.zone
    if invitee.status == Attendance.REPRESENTED:
        return f"{who_came(invitee)}: {'' if is_new else 'sudah '}diwakili {invitee.stands_in}, {hour(invitee.came_at, zone)}"
    if is_new:
        return f"{who_came(invitee)}: {label(invitee.status)} {hour(invitee.came_at, zone)}"
    where = "dari HP-nya sendiri" if invitee.signed_by == SignedBy.DOOR else f"dicatat {entry.who or 'server'}"
    return f"{who_came(invitee)}: sudah hadir sejak {hour(invitee.came_at, zone)}, {where}"


def told_at_door(invitee) -> str:
    """What her own phone says once she has come."""
    at = hour(invitee.came_at, invitee.gathering.zone)
    if invitee.status == Attendance.REPRESENTED:
        return f"Anda tercatat diwakili {invitee.stands_in}. Bila Anda sendiri yang datang, datanglah ke meja."
    if invitee.status == Attendance.LATE:
        return f"Anda tercatat hadir pukul {at}. Acara sudah dimulai; silakan masuk."
    return f"Anda tercatat hadir pukul {at}."


def quicker(refusal) -> str:
    """What a colleague has done with her meanwhile: Neng Siti sudah dicatat “hadir” oleh Bidan Ani, 08.12 WIB."""
    step, zone = refusal.last, refusal.zone
    by, at = refusal.who or "server", step.written_at.astimezone(ZoneInfo(zone))
    what = (
        f"dibetulkan menjadi “{label(step.after)}”"
        if step.kind == Kind.CORRECT and step.after
        else f"dicatat “{label(step.kind)}”"
    )
    return f"{refusal.name} sudah {what} oleh {by}, {at:%H.%M} {ZONE.get(zone, zone)}. Tidak ada yang berubah."


def label(value) -> str:
    """The word for one of our enums. Raises KeyError for a value that has none: every value must have one."""
    return LABEL[type(value)][value]


def said(note: Note, line) -> str:
    """What a form has no place for, of one line."""
    reason = NO_NIK_REASON.get(line.no_nik_reason) if note == Note.NO_NIK else None
    return f"{label(note)} ({reason})" if reason else label(note)


def month(value: Month) -> str:
    """November 2026."""
    return f"{BULAN[value.month - 1]} {value.year}"


def headed(text: str) -> str:
    """A label at the head of a line: its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def number(value: int | None) -> str:
    """1831 → 1.831; nothing → –."""
    return "–" if value is None else f"{value:,}".replace(",", ".")


UNITS = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"]
STEPS = ((10**6, "juta", None), (1000, "ribu", "seribu"), (100, "ratus", "seratus"), (10, "puluh", None))


def found(finding: Finding, zone: str) -> str:
    """What stood out in a kader's registrations, as one says it to her kindly."""
    many, there = number(len(finding.women)), finding.at.astimezone(ZoneInfo(zone))
    match finding.check:
        case Check.BURST:
            return f"{many} pendaftaran dalam semenit, {day(there.date())} pukul {there:%H.%M}"
        case Check.NIGHT:
            return f"{many} pendaftaran dalam sepuluh menit di malam hari, {day(there.date())} pukul {there:%H.%M}"
        case Check.ONE_DAY:
            return f"semua pendaftaran bulan {BULAN[there.month - 1]} ({many} Ibu) pada satu hari, {day(there.date())}"
        case Check.WITHOUT_NIK:
            return f"{many} dari {number(finding.of)} Ibu belum ada NIK"
        case Check.SAME_PHONE:
            return f"nomor HP yang sama untuk {many} Ibu"
    raise KeyError(finding.check)


# What to ask, and what it may well be. A pattern is no proof of anything.
ASK = {
    Check.BURST: "Mungkin disalin dari buku catatan. Tanyakan apakah tiap Ibu sudah ditemui dan setuju dicatat.",
    Check.NIGHT: "Mungkin disalin dari buku catatan. Tanyakan apakah tiap Ibu sudah ditemui dan setuju dicatat.",
    Check.ONE_DAY: "Mungkin ada posyandu atau pertemuan hari itu. Tanyakan bagaimana Ibu-ibu ini ditemukan.",
    Check.WITHOUT_NIK: "Tanpa NIK pelayanannya nanti belum dihitung. Bantu kader menanyakan KTP.",
    Check.SAME_PHONE: "Sering itu nomor kader atau keluarga. Pastikan tiap Ibu dapat dihubungi.",
}


def spelled(value: int) -> str:
    """1831 → seribu delapan ratus tiga puluh satu: a headline read aloud is checked twice."""
    if value < 12:
        return UNITS[value]
    if value < 20:
        return f"{UNITS[value - 10]} belas"
    size, name, just_one = next(step for step in STEPS if value >= step[0])
    many, rest = divmod(value, size)
    head = just_one if just_one and many == 1 else f"{spelled(many)} {name}"
    return f"{head} {spelled(rest)}" if rest else head


def exact(value: Fraction | None) -> str:
    """A Fraction as people write it, four places at most: 12,5; 9,5365…"""
    if value is None:
        return "–"
    whole, rest = divmod(round(abs(value) * 10_000), 10_000)
    places = f",{rest:04}".rstrip("0") if rest else ""
    cut = "…" if (value * 10_000).denominator != 1 else ""
    return f"{'−' if value < 0 else ''}{number(whole)}{places}{cut}"


def no_split(error: weights.CannotSplit, desa_names: dict[str, str]) -> str:
    """Why a headline cannot be shared out like this, and what to do."""
    match error:
        case apportionment.NoWeightAtAll(rest=rest):
            return f"Semua bobot desa yang tidak dikunci nol, jadi {number(rest)} pelayanan tidak dapat dibagi."
        case apportionment.LocksTooLarge(total=total, locked=locked):
            return f"Angka yang dikunci berjumlah {number(locked)}, lebih besar dari target {number(total)}."
        case apportionment.MinimumsTooLarge(total=total, locked=locked, least=least, areas=areas):
            also = f" ditambah {number(locked)} yang dikunci" if locked else ""
            needed = number(least * areas + locked)
            return (
                f"Paling sedikit {number(least)} untuk {number(areas)} desa{also} membutuhkan {needed}, "
                f"sedangkan targetnya {number(total)}. Kecilkan minimum atau naikkan target."
            )
        case apportionment.NobodyUnlocked(rest=rest):
            return f"Semua desa dikunci dan masih tersisa {number(rest)}. Lepaskan paling sedikit satu kunci."
        case apportionment.BadLock(code=code) | weights.BadWeight(code=code):
            return f"Angka untuk {desa_names.get(code, code)} tidak dapat dipakai. Periksa kunci dan bobotnya."
        case weights.NotAHundred(sum=total):
            return f"Persen campuran berjumlah {exact(total)}, harus 100."
        case weights.EmptyColumn():
            return "Salah satu kolom bobot isinya nol semua, jadi tidak dapat dicampur."
        case weights.NoAreas():
            return "Belum ada desa di wilayah ini."
    return "Target tidak dapat dibagi dengan cara ini. Periksa bobot, kunci, dan minimum."


def percent(value: int | None) -> str:
    return "–" if value is None else f"{value} %"


def rate(value: Fraction) -> str:
    """To one decimal, as is said: 1,4; 12."""
    tenths = round(value * 10)
    return number(tenths // 10) + (f",{tenths % 10}" if tenths % 10 else "")


def signed(value: Fraction) -> str:
    """A change, to one decimal: +1,4; −0,3; 0."""
    tenths = round(value * 10)
    sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
    return sign + rate(Fraction(abs(tenths), 10))


def day(value: date | None, *, with_weekday: bool = False, with_year: bool = True) -> str:
    """17 Agustus 2026; Senin, 17 Agustus 2026."""
    if value is None:
        return "–"
    text = f"{value.day} {BULAN[value.month - 1]}" + (f" {value.year}" if with_year else "")
    return f"{HARI[value.weekday()]}, {text}" if with_weekday else text


def days_and_places(days) -> str:
    """Kamis, 25 Juni di Puskesmas Maracang; Jumat, … of (date, place) pairs."""
    return "; ".join(f"{day(on, with_weekday=True, with_year=False)} di {place}" for on, place in days)


def when(value: date, today: date) -> str:
    """hari ini; besok; kemarin; Kamis, 25 Juni."""
    near = {-1: "kemarin", 0: "hari ini", 1: "besok"}
    return near.get((value - today).days) or day(value, with_weekday=True, with_year=False)


def message_to_her(by, desa, booking, today: date) -> str:
    """What a kader may send her: not a word of it says what it is about, for a phone is read by many."""
    hello = f"Assalamu'alaikum, ini {by.name}, {'kader' if by.role == Role.KADER else 'PLKB'} {place(desa)}."
    if booking is None or booking.service_day.on < today:
        return f"{hello} Apa kabar, Bu? Boleh saya mampir ke rumah?"
    there = booking.service_day
    date_of = day(there.on, with_year=False)
    soon = {0: f"Hari ini {date_of}", 1: f"Besok {date_of}"}.get((there.on - today).days)
    at = f"pukul {clock(there.starts_at)} di {there.service_point.name} ya, Bu."
    if soon:
        return f"{hello} {soon} {at} Saya temani. Bawa KTP."
    return f"{hello} Mengingatkan: {day(there.on, with_weekday=True, with_year=False)} {at} Bawa KTP."


def _there(service_day) -> str:
    return (
        f"{day(service_day.on, with_weekday=True, with_year=False)} pukul {clock(service_day.starts_at)} "
        f"di {service_day.service_point.name}"
    )


def notice_in_words(notice, booking) -> str:
    """What happened to her seat, as her kader reads it; `booking` is where she stands now, or none."""
    there = notice.service_day
    said = {
        NoticeKind.DAY_MOVED: f"Jadwalnya pindah ke {_there(there)}.",
        NoticeKind.DAY_CANCELLED: f"{_there(there)} dibatalkan.",
        NoticeKind.SEAT_GONE: f"Kursinya pada {_there(there)} dikurangi.",
        NoticeKind.MOVED_UP: f"Mendapat kursi dari daftar tunggu: {_there(there)}.",
        NoticeKind.LAPSED: f"Kursi dari daftar tunggu ({_there(there)}) lepas karena tidak dijawab.",
    }[notice.kind]
    if notice.kind in (NoticeKind.DAY_MOVED, NoticeKind.MOVED_UP) and (
        booking is None or booking.service_day_id != there.id
    ):
        return f"{said} Sesudah itu jadwalnya berubah lagi; lihat kartunya."
    if booking is None and notice.kind != NoticeKind.LAPSED:
        return f"{said} Ibu ini kembali di daftar; pilih hari baru."
    return said


def notice_to_her(by, desa, notice, booking) -> str:
    """What her kader may send her: when and where, and not a word of what it is about."""
    hello = f"Assalamu'alaikum, ini {by.name}, {'kader' if by.role == Role.KADER else 'PLKB'} {place(desa)}."
    if booking is None:
        cancelled = f"Jadwal {day(notice.service_day.on, with_weekday=True, with_year=False)}"
        return f"{hello} {cancelled} tidak jadi. Nanti saya carikan hari lain ya, Bu."
    there = _there(booking.service_day)
    if booking.held_until:
        return f"{hello} Ada tempat untuk Ibu: {there}. Bisa datang? Tolong dijawab secepatnya ya, Bu."
    return f"{hello} Jadwal Ibu sekarang: {there}. Bawa KTP."


def months(value: int) -> str:
    """A child's age: 7 bulan; 2 tahun 1 bulan."""
    years, rest = divmod(value, 12)
    return " ".join(f"{n} {word}" for n, word in ((years, "tahun"), (rest, "bulan")) if n) or "0 bulan"


def clock(value: time) -> str:
    return f"{value:%H.%M}"


def hour(value: datetime, zone: str) -> str:
    """08.12, by the clock of the place."""
    return clock(value.astimezone(ZoneInfo(zone)).time())


def moment(value: datetime, zone: str) -> str:
    """17 Agustus 2026 14.03 WIB."""
    there = value.astimezone(ZoneInfo(zone))
    return f"{day(there.date())} {there:%H.%M} {ZONE.get(zone, zone)}"


def stamp(value: datetime, zone: str) -> str:
    """per 14:03:22 WIB."""
    return f"per {value.astimezone(ZoneInfo(zone)):%H:%M:%S} {ZONE.get(zone, zone)}"


def age(birth_date: date | None, today: date) -> int | None:
    """Whole years on `today`."""
    return None if birth_date is None else nik.age(birth_date, on=today)


def waited(since: datetime, now: datetime) -> str:
    """menunggu 12 menit."""
    minutes = max(0, int((now - since) / timedelta(minutes=1)))
    return f"menunggu {minutes} menit" if minutes < 120 else f"menunggu {minutes // 60} jam"


def place(desa) -> str:
    """Desa Citalang; a woman without one lives outside the kabupaten."""
    return f"{label(desa.jenis)} {desa.name}" if desa else "luar kabupaten"


def dom_id(row, prefix: str = "") -> str:
    """The one author of an element's id: akseptor-<id>, area-3214172010."""
    own = getattr(row, "id", None)
    return f"{prefix}{type(row).__name__.lower()}-{own}" if own else f"{prefix}area-{row.code.replace('.', '')}"


def bar(served: int, attended: int, booked: int, registered: int, target: int) -> dict:
    """Widths of a bar on 1000 units. There is room beyond the target; far beyond it the drawing is capped, never the number."""
    found = served + attended + booked + registered
    scale = max(target * 1.12, min(max(served, found) * 1.02, target * 3 if target else served + found), 1)

    def width(value):
        return round(min(1000 * value / scale, 1000), 1)

    return {
        "registered": width(found),
        "booked": width(served + attended + booked),
        "served": width(min(served, target) if target else served),
        "target": width(target) if target else None,
        "beyond": round(width(served) - width(target), 1) if target and served > target else 0,
    }


# Why two records of one woman cannot be made one now, or not apart again.
NOT_MERGEABLE = {
    "two_niks": "Kedua catatan punya NIK yang berbeda, jadi ini dua orang. Bila salah satu NIK keliru, betulkan dulu.",
    "two_services": (
        "Kedua catatan sudah tercatat dilayani. Satu Ibu hanya dapat dihitung satu kali: "
        "betulkan dulu pelayanan yang keliru di hari pelayanannya."
    ),
    "gone_served": "Catatan yang dilepas sudah dilayani. Pertahankan catatan itu, atau betulkan dulu pelayanannya.",
    "gone_booked": "Catatan yang dilepas masih punya jadwal. Batalkan dulu jadwalnya, atau pertahankan catatan itu.",
    "gone_attended": (
        "Catatan yang dilepas sedang hadir di tempat pelayanan. Pertahankan catatan itu, atau betulkan dulu kehadirannya."
    ),
    "undone": "Penggabungan ini sudah dibatalkan. Muat ulang halaman.",
    "kept_is_gone": "Catatan yang dipertahankan sudah digabung lagi ke catatan lain. Batalkan penggabungan yang lebih baru dulu.",
}
# What a kept record lacked and got from the other.
GIVEN = {
    "nik": "NIK",
    "phone": "nomor HP",
    "address": "alamat",
    "couple": "data pasangan",
    "birth_date": "tanggal lahir",
    "rt_rw": "RT/RW",
    "paper_row": "nomor baris kertas",
}


def not_mergeable(why: str) -> str:
    return NOT_MERGEABLE[why]


def given(what: str) -> str:
    return GIVEN[what]


def already_registered(kecamatan: str | None) -> str:
    """All that is told of a woman who is registered already: whom to ask."""
    asked = f"PLKB Kec. {kecamatan}" if kecamatan else "PLKB kecamatan Anda"
    return f"Ibu ini sudah terdaftar dalam kampanye ini. Hubungi {asked}."


# Said gently, and no refusal: she may be registered today and served after the birth.
AFTER_BIRTH = "Ibu sedang hamil: MKJP menunggu sampai sesudah bersalin (KB pasca persalinan)."


MAY_BE_KNOWN = "Sudah disimpan. Mungkin Ibu ini sudah terdaftar: ada nama mirip {where}. Tanyakan kepada PLKB."


def in_kecamatan(name: str | None) -> str:
    return f"di Kec. {name}" if name else "dari luar kabupaten"


def after_registering(is_counselled: bool) -> str:
    """What happens next to a woman who has just been registered."""
    if is_counselled:
        return "pilih hari pelayanan."
    return (
        "konseling. Bila Ibu sudah dikonseling dan bersedia, catat di kartunya; baru setelah itu kursi dapat dipesan."
    )


def level(person, kabupaten) -> str:
    """What a kader of this level is called in her kabupaten."""
    return kabupaten.sub_ppkbd_name if person.rw else kabupaten.ppkbd_name


def title_of(invitee, kabupaten) -> str:
    """Her jabatan, as the paper lists say it."""
    if invitee.person is None or invitee.title:
        return invitee.title
    return level(invitee.person, kabupaten) if invitee.person.role == Role.KADER else label(invitee.person.role)


def home_of(invitee) -> str:
    """Desa Mungkur, Kec. Juai; of no desa: nothing."""
    return f"{place(invitee.desa)}, Kec. {invitee.desa.kecamatan.name}" if invitee.desa else ""


def invitation_message(invitee, gathering, by) -> str:
    """What WhatsApp opens with for one who is invited."""
    hours = f"{clock(gathering.starts_at)}–{clock(gathering.ends_at)} {ZONE.get(gathering.zone, '')}".strip()
    office = "PKB/PLKB" if by.role == Role.PLKB else "DPPKB"
    return (
        f"Yth. Ibu/Bapak {invitee.name}. Kami mengundang Ibu/Bapak hadir dalam {gathering.name}: "
        f"{day(gathering.on, with_weekday=True)}, pukul {hours}, di {gathering.place}. "
        f"Kode hadir: {codes.groups(invitee.code, 3)}. Mohon datang tepat waktu. Terima kasih. "
        f"{by.name}, {office} {gathering.kabupaten.name}"
    )


MACHINES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "HP Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
}
BROWSERS |= {"Safari": "Safari"}


def browser_name(agent: str) -> str:
    """What a browser says of itself, as its owner would: Chrome di HP Android."""
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "Peramban")
    machine = next((name for sign, name in MACHINES.items() if sign in agent), "perangkat lain")
    return f"{browser} di {machine}"


def row_code(booking) -> str:
    """How a line of the printed day list is found again: her ticket begins with the same four."""
    return codes.spell(booking.id.bytes[:5])[:4]


def qr(address: str) -> dict:
    """A QR code of an address: strokes one unit wide on a grid of `size`, with the white border it needs."""
    # Any mask is lawful; trying all eight for the best takes ten times as long, which shows on a sheet of 300 cards.
    rows = segno.make_qr(address, error="m", boost_error=False, mask=3).matrix
    lines = (
        f"M4 {y}.5" + "".join(f"h{len([*run])}" if is_dark else f"m{len([*run])} 0" for is_dark, run in groupby(row))
        for y, row in enumerate(rows, start=4)
    )
    return {"size": len(rows) + 8, "path": "".join(lines)}


@cache
def _content_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    """An address that changes with the file, so that it may be kept for a year."""
    return url_for("static", filename=name, v=_content_hash(Path(current_app.static_folder) / name))


def init_app(app: Flask) -> None:
    """Give every template these words."""
    for speak in (
        called,
        headed,
        label,
        number,
        exact,
        spelled,
        percent,
        rate,
        signed,
        day,
        when,
        months,
        clock,
        codes.groups,
        row_code,
        hour,
        moment,
        stamp,
        age,
        waited,
        already_registered,
        not_mergeable,
        given,
        place,
        found,
        said,
        month,
    ):
        app.add_template_filter(speak)
    app.jinja_env.globals.update(
        dom_id=dom_id,
        bar_of=bar,
        stepped=stepped,
        message_to_her=message_to_her,
        level_of=level,
        told_at_door=told_at_door,
        ENTRY_REASON=ENTRY_REASON | EXCUSE_REASON,
        CHANGE=CHANGE,
        static_url=static_url,
        now=lambda: datetime.now(UTC),
        new_key=lambda: uuid4().hex,
        REASON=REASON,
        REFER_REASON=REFER_REASON,
        OPENED_BY=OPEN_REASON | OPENED_BY,
        NO_NIK_REASON=NO_NIK_REASON,
        TRANSFER_REASON=TRANSFER_REASON,
        HINDRANCE=HINDRANCE,
        ASK=ASK,
        COUNTED_NAME=COUNTED_NAME,
        ZONE=ZONE,
        JOB=JOB,
        CANCEL_REASON=CANCEL_REASON,
        notice_in_words=notice_in_words,
        notice_to_her=notice_to_her,
        LABEL={kind.__name__: words for kind, words in LABEL.items()},
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
