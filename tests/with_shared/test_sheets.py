"""Two sheets in the habits of a real office, row by row against their answer keys: verdict, reason and imported values."""

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from campaign.rules.verdicts import SheetKind, Verdict
from campaign.sheets import apart
from campaign.sheets.akseptor import AkseptorJudge
from campaign.sheets.cells import letters
from campaign.sheets.kader import KaderJudge
from campaign.sheets.places import Places
from campaign.sheets.recognise import recognise

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TODAY = date(2021, 6, 18)

# The key's codes where ours are not the same word.
OURS = {
    "nik_15_digit": "nik_panjang",
    "nik_17_digit": "nik_panjang",
    "wilayah_lama": "nik_wilayah_lama",
    "nik_sama_dgn_ppkbd": "merangkap_jabatan",
    "tgl_beda_nik": "nik_beda_tgl_lahir",
}
NO_DATA = {
    "baris kosong": "kosong",
    "judul": "judul",
    "judul kecamatan": "judul_kecamatan",
    "jumlah kecamatan": "subjumlah",
    "jumlah total": "subjumlah",
    "kepala tabel": "tajuk",
    "nomor kolom": "nomor_kolom",
    "tanda tangan": "tanda_tangan",
}
WANTED = {"Implan": "implan", "IUD": "iud", "MOW": "mow", "MOP": "mop", "": "belum"}
JABATAN = {"PPKBD": "ppkbd", "Sub PPKBD": "sub_ppkbd"}


@cache
def rows(name):
    path = SHARED_DATA / name
    with gzip.open(path, "rt", encoding="utf-8") if name.endswith("gz") else path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def knowledge():
    """What both judges know: the 192 desa of Purwakarta, the day, and every kecamatan code there is and was."""
    kecamatan = {row["kode"]: row["nama"] for row in rows("kecamatan-nasional.csv")}
    national = rows("desa-nasional.csv.gz")
    desa_list = [
        (row["kode"], row["nama"], row["kode"][:8], kecamatan[row["kode"][:8]])
        for row in national
        if row["kode"].startswith("32.14.")
    ]
    places = Places(
        desa_list,
        kabupaten_name="Kab. Purwakarta",
        elsewhere=lambda: [*kecamatan.values(), *(row["nama"] for row in national)],
    )
    historic = rows("kecamatan-historis.csv")
    regions = {row["nik6"] for row in historic if row["status"] == "kini"}
    return {
        "places": places,
        "today": TODAY,
        "regions": regions,
        "old_regions": {row["nik6"] for row in historic} - regions,
    }


def judged(name, kind, judge):
    sheets = apart.read_apart((SHARED_DATA / name).read_bytes(), name)
    return judge.judge([recognise(sheet, kind) for sheet in sheets])


def differences(key, found, expected, codes_of=OURS):
    """Prints expected × given verdicts and lists each row that is not as the key says."""
    confusion = Counter((row["harap"], found[at].verdict if at in found else "–") for at, row in key.items())
    print()
    for (wanted, given), count in sorted(confusion.items()):
        print(f"{wanted:>12} → {given:<12} {count}")
    wrong = [f"{at}: in no key" for at in found.keys() - key.keys()]
    for at, row in key.items():
        ours = found.get(at)
        if ours is None:
            wrong.append(f"{at}: not judged")
            continue
        if ours.verdict != row["harap"]:
            wrong.append(f"{at}: {ours.verdict}, not {row['harap']}: {[reason.sentence for reason in ours.reasons]}")
        code = row["alasan"] and (NO_DATA.get(row["alasan"]) or codes_of.get(row["kode"], row["kode"]))
        codes = [reason.code for reason in ours.reasons]
        if code not in codes if code else codes:
            wrong.append(f"{at}: {codes}, not {code}")
        if row["harap"] in ("diimpor", "peringatan"):
            wrong += [
                f"{at}: {name} {ours.values[name]!r}, not {value!r}"
                for name, value in expected(row).items()
                if ours.values[name] != value
            ]
    print("\n".join(wrong))
    return wrong


def test_every_calon_akseptor_is_judged_as_the_key_says(knowledge):
    found = judged("calon-akseptor.xlsx", SheetKind.AKSEPTOR, AkseptorJudge(**knowledge))
    key = {(row["lembar"], int(row["baris"])): row for row in rows("calon-akseptor-kunci.csv")}
    assert len(key) == 582

    def expected(row):
        return {
            "name": row["nama"],
            "nik": row["nik"] or None,
            "birth_date": row["tgl"] or None,
            "desa_code": row["desa"],
            "phone": "+62" + row["hp"][1:] if row["hp"] else None,
            "wanted": WANTED[row["alk"]],
        }

    by_row = {(row.sheet_name, row.row_no): row for row in found}
    assert differences(key, by_row, expected) == []
    for at, row in key.items():
        if row["ganda_dari"]:
            assert by_row[at].duplicate_of == (0, int(row["ganda_dari"]))


def test_every_kader_is_judged_as_the_key_says(knowledge):
    found = judged("kader.xlsx", SheetKind.KADER, KaderJudge(**knowledge))
    key = {int(row["baris"]): row for row in rows("kader-kunci.csv")}
    assert len(key) == 300

    def expected(row):
        return {
            "name": row["nama"],
            "birth_date": row["tgl"] or None,
            "desa_code": row["desa"],
            "jabatan": JABATAN[row["jabatan"]],
            "rw": row["rw"].removeprefix("RW ").zfill(3) if row["rw"] else None,
            "phone": "+62" + row["hp"][1:],
        }

    assert (
        differences(
            key, {row.row_no: row for row in found if row.is_data}, expected, OURS | {"nik_kosong": "kader_tanpa_nik"}
        )
        == []
    )


def test_importing_the_same_kader_again_changes_nothing(knowledge):
    first = judged("kader.xlsx", SheetKind.KADER, KaderJudge(**knowledge))
    taken = [row.values for row in first if row.is_data and row.verdict in ("diimpor", "peringatan")]
    existing = {(letters(who["name"]), who["desa_code"], who["jabatan"], who["rw"]) for who in taken}

    rows = judged("kader.xlsx", SheetKind.KADER, KaderJudge(**knowledge, existing=existing))
    assert Counter(row.verdict for row in rows if row.is_data) == {Verdict.DOUBLE: len(taken), Verdict.REFUSED: 3}


def test_importing_the_same_file_again_changes_nothing(knowledge):
    first = judged("calon-akseptor.xlsx", SheetKind.AKSEPTOR, AkseptorJudge(**knowledge))
    taken = [row.values for row in first if row.is_data and row.verdict in ("diimpor", "peringatan")]
    niks = {values["nik"] for values in taken if values["nik"]}
    people = defaultdict(int)
    for values in taken:
        people[letters(values["name"]), values["birth_date"], values["desa_code"]] += 1

    again = AkseptorJudge(
        **knowledge,
        is_registered=niks.__contains__,
        is_same=lambda name, born, desa: (letters(name), born and born.isoformat(), desa) in people,
    )
    verdicts = Counter(row.verdict for row in judged("calon-akseptor.xlsx", SheetKind.AKSEPTOR, again) if row.is_data)
    assert verdicts == {Verdict.DOUBLE: len(taken) + 8, Verdict.REFUSED: 26}
