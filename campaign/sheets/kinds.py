"""The kinds of sheet an office sends: which fields each has, how offices head their columns, what to fill in.

A heading is compared without capitals, punctuation and what `SAME` makes equal; its spellings are written down so.
"""

import re
from dataclasses import dataclass, replace

from campaign.rules.verdicts import SheetKind

SAME = {
    alias: word
    for word, aliases in {
        "no": "nomor nomer nmr num",
        "tgl": "tanggal tg tggl tang",
        "hp": "handphone hape wa whatsapp telp telepon telpon tlp tlpn telephone phone ponsel kontak seluler",
        "kel": "kelurahan kalurahan",
        "kec": "kecamatan",
        "kab": "kabupaten",
        "desa": "ds nagari gampong pekon",
        "jml": "jumlah jmlh",
        "alkon": "alokon kontrasepsi alkont",
        "ket": "keterangan catatan",
        "jk": "kelamin sex gender jekel",
    }.items()
    for alias in aliases.split()
}


def plain(heading: str) -> str:
    """A heading as it is compared: “No. Telp/WA” and “NOMOR HP” are both “no hp”, N.I.K is “nik”."""
    spaced_out = re.sub(
        r"(?<![a-z0-9])(?:[a-z]\W+)+[a-z](?![a-z0-9])", lambda run: re.sub(r"\W", "", run[0]), heading.casefold()
    )
    words = [SAME.get(word, word) for word in re.findall(r"[a-z0-9]+", spaced_out)]
    return " ".join(word for before, word in zip(["", *words], words, strict=False) if word != before)


@dataclass(frozen=True)
class Field:
    """One thing a row tells. `label` heads its column in our own template, `guide` says how to fill it in."""

    name: str
    label: str
    guide: str
    spellings: tuple[str, ...]
    is_filled_down: bool = False  # a merged cell speaks for all its rows
    is_many: bool = False  # several columns may tell it
    ticked: tuple[str, ...] = ()  # headings whose column is only ticked: the heading is what the cell says


def listed(headings: str) -> tuple[str, ...]:
    """Headings between bars, in plain words."""
    return tuple(plain(heading) for heading in headings.split("|") if heading)


def field(name: str, label: str, guide: str, spellings: str, *, ticked: str = "", **more) -> Field:
    """A field whose spellings stand between bars; its own label is one of them."""
    return Field(name, label, guide, (plain(label), *listed(spellings)), ticked=listed(ticked), **more)


NUMBER = field("no", "No", "Nomor urut; boleh kosong.", "no urut|urut|nomor baris")
NIK = field(
    "nik",
    "NIK",
    "16 angka dari KTP. Jadikan kolom ini Teks sebelum mengetik, supaya Excel tidak membulatkannya.",
    "no nik|no ktp|nik no ktp|nik ktp|ktp|no induk kependudukan|nik istri|nik ibu|nik akseptor|nik calon akseptor|"
    "nik peserta|no ktp nik|no identitas|nik 16 digit|nik sesuai ktp|no induk kependudukan nik",
)
BIRTH = field(
    "lahir",
    "Tanggal Lahir",
    "Hari-bulan-tahun, misalnya 5-3-1990 atau 5 Maret 1990; boleh didahului tempat lahir.",
    "tgl lahir|tempat tgl lahir|ttl|tempat dan tgl lahir|tempat tanggal lahir|tgl lhr|tempat lahir tgl lahir|lahir|"
    "tgl lahir istri|tgl lahir ibu|tgl lahir akseptor|tgl lahir umur|tanggal bulan tahun lahir|tgl bln thn lahir|"
    "lahir tgl|kelahiran tgl|tempat tgl lahir tgl|ttl tgl|tgl kelahiran|tmpt tgl lahir|tempat tgl lhr|dob",
)
CODE = field(
    "kode",
    "Kode",
    "Kode desa Kemendagri, misalnya 32.14.17.2010.",
    "kode wilayah|kode kemendagri|kode desa|kode desa kel",
)
DESA = field(
    "desa",
    "Desa/Kelurahan",
    "Nama atau kode desa. Nama yang ada di dua kecamatan perlu kolom Kecamatan.",
    "desa|kel|nama desa|nama desa kel|desa kel nama|kel desa|alamat desa|nama kel|wilayah desa|"
    "desa kel domisili|desa asal|desa tempat tinggal|wilayah kerja desa|desa binaan|desa wilayah binaan",
    is_filled_down=True,
)
KECAMATAN = field(
    "kecamatan",
    "Kecamatan",
    "Boleh kosong bila ada judul kecamatan di atas barisnya atau nama desanya hanya satu.",
    "kec|nama kec|kec nama|wilayah kec|kec domisili",
    is_filled_down=True,
)
ADDRESS = field(
    "alamat",
    "Alamat",
    "Kampung, jalan, atau dusun.",
    "alamat lengkap|alamat rumah|alamat ktp|kp jalan|kp jl|kp|jalan|jl kp|dusun|alamat domisili|kampung|nama kampung|"
    "alamat kp|dusun kp|alamat tempat tinggal|kampung jalan|alamat jalan|dusun kampung|dusun jalan|alamat akseptor",
)
RT_RW = field("rt_rw", "RT/RW", "Misalnya 03/05, ditulis sebagai teks.", "rt rw|rt dan rw|rt rw dusun|alamat rt rw")
RT = field("rt", "RT", "Angka RT saja.", "no rt|nomor rt")
RW = field("rw", "RW", "Angka RW saja.", "no rw|nomor rw")
PHONE = field(
    "hp",
    "No. HP",
    "Diawali 08, satu nomor. Boleh kosong.",
    "hp|no wa|no hp wa|hp wa|no telp|telp|no telp hp|no hp aktif|no kontak|kontak|no hp akseptor|no telp wa|"
    "no hp ibu|no hp suami|no handphone|nomor whatsapp|hp 1|no hp 1",
)
NOTE = field("ket", "Keterangan", "“Batal” atau “pindah” akan ditandai untuk diperiksa.", "ket|alasan|keterangan lain")

PERSON = "nama|nama lengkap|nama lengkap sesuai ktp|nama sesuai ktp|nama ktp"
FIELDS = {
    SheetKind.AKSEPTOR: (
        NUMBER,
        field(
            "nama",
            "Nama",
            "Nama lengkap calon akseptor seperti di KTP.",
            f"{PERSON}|nama calon akseptor|calon akseptor|nama akseptor|nama istri|nama ibu|nama peserta|nama peserta kb|"
            "nama calon peserta|nama calon peserta kb|nama pus|nama klien|nama pasien|nama calon akseptor kb|akseptor|"
            "nama lengkap calon akseptor|nama wus|nama lengkap istri|nama lengkap ibu|nama sasaran|peserta|nama warga",
        ),
        NIK,
        BIRTH,
        CODE,
        DESA,
        KECAMATAN,
        ADDRESS,
        RT_RW,
        RT,
        RW,
        PHONE,
        field(
            "metode",
            "Metode",
            "Implan, IUD, MOW, atau MOP. Kosong berarti belum memilih.",
            "alkon|rencana alkon|rencana metode|jenis alkon|metode kb|metode kontrasepsi|rencana kb|jenis kb|mkjp|"
            "jenis mkjp|pilihan metode|pilihan alkon|metode yang diinginkan|metode yang dipilih|metode mkjp|alat kontrasepsi|"
            "jenis kontrasepsi|cara kb|minat|alkon yang diminati|metode yang diminati|minat alkon|minat metode|"
            "rencana ber kb|alkon pilihan|metode pilihan|rencana pelayanan|calon alkon|jenis pelayanan|permintaan alkon",
            is_many=True,
            ticked="implan|implant|susuk|iud|akdr|spiral|iud akdr|implan 1 batang|implan 2 batang|mow|tubektomi|mop|vasektomi",
        ),
        NOTE,
    ),
    SheetKind.KADER: (
        NUMBER,
        field(
            "nama",
            "Nama",
            "Nama lengkap kader.",
            f"{PERSON}|nama kader|nama kader lengkap|kader|nama lengkap kader|nama ppkbd|nama sub ppkbd|nama ppkbd sub ppkbd|"
            "nama petugas|nama anggota|nama imp|nama kader imp|nama pos kb",
        ),
        replace(NIK, spellings=(*NIK.spellings, *listed("nik kader"))),
        BIRTH,
        field(
            "jk",
            "L/P",
            "L atau P.",
            "jk|jenis jk|l p|p l|lk pr|jenis kelamin l p|jk l p",
            is_many=True,
            ticked="l|p|laki laki|perempuan|lk|pr",
        ),
        CODE,
        DESA,
        KECAMATAN,
        field(
            "jabatan",
            "Jabatan",
            "PPKBD (seluruh desa) atau Sub PPKBD (satu RW).",
            "jabatan kader|sebagai|status kader|tingkat|kedudukan|jenis kader|jabatan dalam imp|jabatan imp|ppkbd sub ppkbd|"
            "jenis imp|posisi|ppkbd sub|status jabatan|jabatan ppkbd sub ppkbd|kategori|kategori kader|tugas",
        ),
        field(
            "rw",
            "RW",
            "RW yang dibina Sub PPKBD, misalnya RW 03. Kosong untuk PPKBD.",
            "dusun rw|rw dusun|wilayah rw|rt rw|rw binaan|dusun|wilayah binaan|wilayah|rw wilayah|lingkungan rw|no rw|rw rt",
        ),
        field(
            "poktan",
            "Poktan",
            "Kelompok kegiatan yang dikelola: BKB, BKR, BKL, UPPKA, PIK-R. Beberapa dipisah koma; boleh kosong.",
            "kelompok kegiatan|poktan binaan|kelompok binaan|pengelola poktan|poktan yang dibina|kelompok kegiatan poktan",
            ticked="bkb|bkr|bkl|uppka|uppks|pik r|pikr",
            is_many=True,
        ),
        replace(PHONE, spellings=(*PHONE.spellings, *listed("no hp kader"))),
        NOTE,
    ),
    SheetKind.DAYS: (
        NUMBER,
        field(
            "tanggal",
            "Tanggal",
            "Misalnya 21-6-2021 atau Senin, 21 Juni 2021; satu tanggal per baris.",
            "tgl|tgl pelayanan|hari tgl|hari dan tgl|tgl kegiatan|tgl pelaksanaan|jadwal|hari tgl pelayanan|waktu|"
            "tanggal layanan|waktu pelaksanaan|hari pelayanan|tgl jadwal",
            is_filled_down=True,
        ),
        field(
            "tempat",
            "Tempat",
            "Nama tempat pelayanan seperti di daftar tempat.",
            "tempat pelayanan|lokasi|lokasi pelayanan|faskes|puskesmas|nama puskesmas|tempat kegiatan|nama faskes|"
            "nama tempat|fasilitas kesehatan|nama tempat pelayanan|tempat faskes|titik pelayanan|saung ambu",
            is_filled_down=True,
        ),
        field(
            "kuota",
            "Kuota",
            "Banyaknya kursi, angka bulat.",
            "kuota akseptor|kapasitas|jml kuota|target|jml akseptor|kursi|jml kursi|daya tampung|jml|kuota per hari|"
            "target akseptor|sasaran|jml sasaran|kuota orang|peserta|jml peserta",
        ),
        field(
            "jam",
            "Jam",
            "Misalnya 08.00–15.00; kosong berarti 08.00–15.00.",
            "pukul|waktu pelayanan|jam pelayanan|jam buka|pukul wib|jam wib|jam mulai selesai|jam layanan",
            is_filled_down=True,
        ),
        field(
            "jam_mulai",
            "Jam Mulai",
            "Misalnya 08.00.",
            "mulai|dari jam|pukul mulai|jam awal|jam dari|buka",
            is_filled_down=True,
        ),
        field(
            "jam_selesai",
            "Jam Selesai",
            "Misalnya 15.00.",
            "selesai|sampai jam|pukul selesai|jam akhir|jam sampai|tutup|sampai",
            is_filled_down=True,
        ),
    ),
    SheetKind.WEIGHTS: (
        NUMBER,
        CODE,
        DESA,
        KECAMATAN,
        field(
            "angka",
            "PUS",
            "Satu angka per desa. Boleh beberapa kolom: PUS, unmet need, capaian tahun lalu.",
            "bobot|jml pus|unmet need|jml unmet need|jml|penduduk|jml penduduk|wus|capaian|realisasi|target|ppm|nilai|angka",
            is_many=True,
        ),
    ),
    SheetKind.ATTENDANCE: (
        NUMBER,
        field(
            "undangan",  # not “kode”: that is a desa's
            "Kode",
            "Kode di undangan, 5 huruf dan angka. Kosong bagi yang belum diundang.",
            "kode undangan|kode peserta|kode hadir|no undangan",
        ),
        field(
            "nama",
            "Nama",
            "Nama lengkap. Dengan desa (dan RW) dicocokkan ke daftar kader; yang tidak ada di situ diundang dengan nama saja.",
            f"{PERSON}|nama peserta|peserta|nama undangan|nama kader|kader|nama lengkap peserta|undangan",
        ),
        field(
            "jabatan",
            "Jabatan",
            "Misalnya PPKBD, Kepala Desa, TP PKK. Boleh kosong.",
            "jabatan instansi|instansi|unsur|asal|dari|jabatan dalam imp|jabatan imp|jabatan kader|instansi jabatan|utusan",
        ),
        replace(DESA, guide="Nama atau kode desa. Kosong bagi undangan yang bukan dari desa."),
        KECAMATAN,
        replace(
            RW, guide="Hanya perlu bila dua kader sedesa bernama sama.", spellings=(*RW.spellings, *listed("dusun rw"))
        ),
        field(
            "hadir",
            "Kehadiran",
            "Hadir, terlambat, izin, tidak hadir, atau diwakili. Kosong: diundang saja.",
            "hadir|status kehadiran|status hadir|absensi|absen|keterangan hadir|ket hadir|daftar hadir",
            ticked="hadir|terlambat|izin|ijin|sakit|tidak hadir|alpa|diwakili",
            is_many=True,
        ),
        field(
            "jam",
            "Jam",
            "Jam datang, misalnya 08.15. Boleh kosong.",
            "jam hadir|jam datang|pukul|waktu hadir|waktu datang",
        ),
        field("wakil", "Diwakili oleh", "Nama yang datang menggantikan.", "wakil|nama wakil|diwakilkan|yang mewakili"),
        field(
            "pre",
            "Nilai pre",
            "Banyaknya yang benar, misalnya 7/10, atau 7 bila soalnya ada di aplikasi. Jadikan kolom ini Teks.",
            "pre|pre test|nilai pre test|pretest|nilai pretest|skor pre|skor pre test",
        ),
        field(
            "post",
            "Nilai post",
            "Sama seperti nilai pre.",
            "post|post test|nilai post test|posttest|nilai posttest|skor post|skor post test",
        ),
    ),
}

# What a sheet cannot do without: of each group one field at least. A missing desa column may be made up for by headings.
NEEDED = {
    SheetKind.AKSEPTOR: ({"nama"},),
    SheetKind.KADER: ({"nama"},),
    SheetKind.DAYS: ({"tanggal"}, {"tempat"}),
    SheetKind.WEIGHTS: ({"kode", "desa"}, {"angka"}),
    SheetKind.ATTENDANCE: ({"nama"},),
}

# Columns offices have and we do not take, known so that none of them is mistaken for one we do.
NOT_TAKEN = listed(
    "nama suami|nama suami istri|nama istri suami|suami|suami istri|nama pasangan|pasangan|nik suami|"
    "tgl lahir suami|umur|usia|umur istri|umur ibu|umur suami|jml anak|anak|jml anak hidup|anak ke|"
    "umur anak terkecil|pekerjaan|pendidikan|agama|tempat lahir|tempat pelayanan|tempat layanan|puskesmas|"
    "faskes|nama puskesmas|nama faskes|tgl pelayanan|rencana tgl pelayanan|jadwal pelayanan|no sk|sk|tmt|"
    "tahun|tahun sk|tgl sk|lama menjadi kader|bidan|nama bidan|petugas|nama kader|nama ppkbd|kader|"
    "kader pendamping|no bpjs|bpjs|no kk|kk|no jkn|jkn|nik kk|kb sebelumnya|alkon sebelumnya|"
    "metode sebelumnya|kb terakhir|tanda tangan|ttd|paraf|foto|no rekening|bank|kab|provinsi|status kb|"
    "status peserta|status perkawinan|kode pos|email|nama ibu kandung|hari|gelar|kab kota|npwp|"
    "tgl lahir anak|tgl lahir anak terkecil|tgl lahir anak terakhir|nama anak|nik anak|nik kader|no hp kader|no hp petugas|"
    "tgl daftar|tgl pendataan|tgl kunjungan|tgl konseling"
)


def known_headings(kind: SheetKind) -> dict[str, str | None]:
    """Every spelling of this kind's headings, in plain words, and the field it heads; None for what is not taken."""
    taken = {spelling: field.name for field in FIELDS[kind] for spelling in (*field.spellings, *field.ticked)}
    return dict.fromkeys(NOT_TAKEN) | taken
