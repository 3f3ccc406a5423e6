"""Why a row of an office's sheet is taken, doubted or refused: every code with its sentence, in one place."""

from typing import NamedTuple

from campaign.rules.verdicts import Verdict

# Which verdict a reason brings stands above it; a row has the gravest of its reasons. Params fill the braces, never a NIK.
SENTENCES = {
    Verdict.NO_DATA: {
        "kosong": "baris kosong",
        "judul": "judul",
        "judul_kecamatan": "judul kecamatan",
        "judul_desa": "judul desa",
        "tajuk": "kepala tabel",
        "nomor_kolom": "nomor kolom",
        "subjumlah": "baris jumlah",
        "tanda_tangan": "tanda tangan",
    },
    Verdict.TAKEN: {
        "hp_ganda": "ada dua nomor HP; nomor pertama yang dipakai",
        "jam_bawaan": "jam selesai tidak tertulis; dipakai {time}",
    },
    Verdict.DOUBTED: {
        "nik_kosong": "NIK kosong; boleh menyusul, dan baru dihitung setelah NIK diisi",
        "nik_angka_digit_akhir_0": "NIK tersimpan sebagai angka: digit terakhirnya mungkin hilang di Excel. Cocokkan dengan KTP",
        "nik_wilayah_tak_dikenal": "kode wilayah NIK tidak dikenal; NIK tidak disimpan. Cocokkan dengan KTP",
        "nik_wilayah_lama": "kode wilayah NIK lama (sebelum pemekaran)",
        "nik_jenis_kelamin": "NIK laki-laki, alkon untuk perempuan",
        "nik_beda_tgl_lahir": "tanggal lahir di kolom berbeda dari NIK; NIK yang dipakai",
        "tgl_tertukar_bulan": "hari dan bulan tertukar; NIK yang dipakai",
        "tgl_masa_depan": "tanggal lahir di masa depan; NIK yang dipakai",
        "tgl_mustahil": "tanggal lahir tidak terbaca; dipakai tanggal dari NIK",
        "tgl_tak_terbaca": "tanggal lahir tidak terbaca; dikosongkan",
        "tgl_kosong": "tanggal lahir kosong",
        "umur_di_luar_15_49": "umur {age} tahun, di luar 15–49",
        "umur_tak_wajar": "umur menurut NIK di luar 10–70 tahun",
        "jk_salah": "kolom L/P berbeda dari NIK",
        "hp_salah": "nomor HP tidak sah; dikosongkan",
        "rt_rw_tak_terbaca": "RT/RW tidak terbaca; dikosongkan",
        "rt_rw_jadi_tanggal": "RT/RW berubah menjadi tanggal di Excel; dibaca RT {rt} RW {rw}",
        "alkon_kosong": "metode belum dipilih",
        "alkon_tak_dikenal": "metode “{text}” tidak dikenal; dicatat belum memilih",
        "alkon_dua": "ada lebih dari satu metode; dicatat belum memilih",
        "ket_batal": "keterangan: batal atau pindah",
        "desa_tertukar": "di Kec. {kecamatan} tidak ada {text}; dibaca {desa}",
        "desa_mirip": "“{text}” dibaca {desa}; mirip juga dengan {other}",
        "desa_dibaca": "“{text}” dibaca {desa}",
        "kecamatan_tak_dikenal": "kecamatan “{text}” tidak dikenal; desa dicari di seluruh kabupaten",
        "mungkin_ganda": "nama, tanggal lahir, dan desa sama dengan {row}, NIK berbeda",
        "mungkin_terdaftar": "nama, tanggal lahir, dan desa sama dengan yang sudah terdaftar, NIK berbeda",
        "kader_senama": "nama, desa, dan jabatan sama dengan {row}, NIK berbeda",
        "merangkap_jabatan": "NIK sama dengan {row} (merangkap jabatan)",
        "jabatan_kosong": "jabatan kosong; dibaca {jabatan} dari kolom RW",
        "rw_kosong": "RW belum terbaca; kader ini melihat seluruh desa sampai RW diisi",
        "rw_lebih": "lebih dari satu RW; RW {rw} yang dipakai",
        "jam_tak_terbaca": "jam “{text}” tidak terbaca; dipakai {time}",
        "nama_hari_beda": "nama hari tidak cocok dengan tanggalnya ({day})",
        "tanggal_lampau": "tanggal sudah lewat",
        "hari_sama": "tempat dan tanggal sama dengan {row}, jam berbeda",
        "poktan_tak_dikenal": "kelompok kegiatan “{text}” tidak dikenal; tidak dicatat",
        "bukan_kader": "tidak ada di daftar kader; dicatat dengan nama saja",
        "rw_beda": "di daftar kader RW-nya {rw}",
        "nama_beda_kode": "kode {code} milik {name}; namanya ditulis lain",
        "kehadiran_dari_jam": "kehadiran kosong; dibaca hadir karena jamnya diisi",
        "dibaca_diwakili": "dibaca diwakili {name}",
        "wakil_kosong": "nama yang mewakili tidak tertulis",
        "jam_hadir_tak_terbaca": "jam “{text}” tidak terbaca; dipakai {time}",
        "nilai_tak_terbaca": "{column} “{text}” tidak terbaca; dikosongkan",
        "nilai_tanpa_hadir": "{column} tidak dicatat karena orangnya tidak hadir",
        "nilai_sendiri": "{column} sudah dijawab sendiri di HP; yang di HP yang dipakai",
        "angka_sebagian_kosong": "kolom {column} kosong",
        "angka_berubah": "kolom {column} sebelumnya {before}",
    },
    Verdict.DOUBLE: {
        "sudah_terdaftar": "sudah terdaftar",
        "ganda_persis": "sama dengan {row}",
        "orang_sama": "orang yang sama dengan {row}",
        "ganda_isi_beda": "NIK sama dengan {row}; isi lainnya berbeda",
        "ganda_nama_beda": "NIK sama dengan {row}; nama ditulis lain",
        "ganda_nik_beda_bentuk": "NIK sama dengan {row}, hanya ditulis lain",
        "ganda_antar_lembar": "NIK sama dengan {row}",
    },
    Verdict.REFUSED: {
        "galat_excel": "kolom {column} berisi galat Excel ({text})",
        "nama_kosong": "nama kosong",
        "nama_panjang": "nama lebih dari {most} huruf",
        "nik_notasi_ilmiah": "NIK tersimpan sebagai notasi ilmiah; digit hilang. Ketik ulang NIK sebagai teks",
        "nik_angka_0000": "NIK disimpan sebagai angka, nomor urut jadi 0000. Ketik ulang NIK sebagai teks",
        "nik_0000": "empat angka terakhir NIK tidak boleh 0000",
        "nik_panjang": "NIK {n} digit, harus 16",
        "nik_huruf": "NIK berisi huruf",
        "nik_tanggal_mustahil": "tanggal di dalam NIK mustahil",
        "kader_tanpa_nik": "NIK kosong",
        "alkon_bukan_mkjp": "{text} bukan MKJP",
        "desa_kosong": "desa kosong",
        "desa_rancu": "“{text}” cocok ke lebih dari satu desa: {candidates}",
        "desa_bukan_di_kecamatan": "“{text}” bukan di Kec. {kecamatan}, tetapi di Kec. {other}",
        "desa_luar_kabupaten": "“{text}” di luar {kabupaten}",
        "desa_tak_dikenal": "desa “{text}” tidak ditemukan",
        "jabatan_tak_dikenal": "jabatan “{text}” tidak dikenal; pakai PPKBD atau Sub PPKBD",
        "tanggal_tak_terbaca": "tanggal “{text}” tidak terbaca",
        "tanggal_di_luar_kampanye": "tanggal {day} di luar masa kampanye",
        "tanggal_libur": "tanggal {day} tidak ada pelayanan ({why})",
        "tempat_kosong": "tempat pelayanan kosong",
        "tempat_tak_dikenal": "tempat “{text}” belum terdaftar",
        "tempat_rancu": "“{text}” cocok ke lebih dari satu tempat: {candidates}",
        "kuota_tak_terbaca": "kuota “{text}” bukan angka bulat 1–{most}",
        "jam_terbalik": "jam selesai tidak sesudah jam mulai",
        "angka_kosong": "tidak ada angka",
        "angka_tak_terbaca": "kolom {column}: “{text}” bukan angka",
        "angka_negatif": "kolom {column}: angka tidak boleh kurang dari nol",
        "kode_asing": "kode “{text}” tidak ada di daftar undangan pertemuan ini",
        "kader_rancu": "ada {n} kader bernama sama di desa ini; isi kode undangan atau RW",
        "kehadiran_tak_terbaca": "kehadiran “{text}” tidak terbaca; pakai hadir, terlambat, izin, tidak hadir, atau diwakili",
        "kehadiran_lain": "sudah tercatat {status}; betulkan di meja kehadiran",
        "desa_dua_angka": "desa ini juga ada di {row} dengan angka lain",
    },
}
VERDICT = {code: verdict for verdict, sentences in SENTENCES.items() for code in sentences}
MOST_QUOTED = 120
GRAVITY = (Verdict.NO_DATA, Verdict.TAKEN, Verdict.DOUBTED, Verdict.DOUBLE, Verdict.REFUSED)


class Reason(NamedTuple):
    """Why, as a code and what fills its sentence; goes into JSON as it is."""

    code: str
    params: dict[str, str | int]

    @property
    def sentence(self) -> str:
        """Indonesian, without a full stop: several are listed one after the other."""
        return SENTENCES[VERDICT[self.code]][self.code].format(**self.params)


def shorten(line: str) -> str:
    """As much of a cell as a sentence bears."""
    return line if len(line) <= MOST_QUOTED else f"{line[:MOST_QUOTED]}…"


class Reasons(list[Reason]):
    """What was noticed about one row, in the order in which it was read."""

    __slots__ = ()

    def add(self, code: str, **params: str | int) -> None:
        """Raises KeyError for a code that has no sentence."""
        VERDICT[code]
        told = {name: shorten(value) if isinstance(value, str) else value for name, value in params.items()}
        self.append(Reason(code, told))

    @property
    def verdict(self) -> Verdict:
        """The gravest one."""
        if not self:  # nearly always
            return Verdict.TAKEN
        return max((VERDICT[reason.code] for reason in self), key=GRAVITY.index)
