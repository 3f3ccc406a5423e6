"""One plain csv each: weights of the desa, and the kader roster. Every refusal says which line and why."""

import csv
import io

from campaign.rules.names import tidy
from campaign.rules.refusals import BadFile

MOST_ROWS = 100_000


def rows(raw: bytes, *columns: str):
    """The lines under a header that names these columns; comma or semicolon. Raises BadFile in words."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("Berkas ini bukan csv UTF-8. Simpan ulang sebagai “CSV UTF-8”.") from None
    first = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    header = [name.strip().lower() for name in reader.fieldnames or []]
    reader.fieldnames = header
    if missing := [column for column in columns if column not in header]:
        raise BadFile(
            f"Kolom {', '.join(missing)} tidak ada. Baris pertama harus berisi nama kolom: {', '.join(columns)}."
        )
    for line, row in enumerate(reader, start=2):
        if line > MOST_ROWS:
            raise BadFile(f"Terlalu banyak baris; paling banyak {MOST_ROWS}.")
        if any((row[column] or "").strip() for column in columns):
            yield line, {column: tidy(row[column] or "") for column in columns}


def weights(raw: bytes, desa_codes: set[str]) -> dict[str, int]:
    """Weight by desa code from `kode,bobot`. Raises BadFile for an unknown or doubled code or a weight that is no number."""
    found = {}
    for line, row in rows(raw, "kode", "bobot"):
        code, weight = row["kode"], row["bobot"].replace(".", "")
        if code not in desa_codes:
            raise BadFile(
                f"Baris {line}: kode {code or 'kosong'} bukan desa kabupaten ini. Contoh kode: 32.14.17.2010."
            )
        if code in found:
            raise BadFile(f"Baris {line}: kode {code} sudah ada di baris sebelumnya.")
        if not (weight.isascii() and weight.isdigit() and len(weight) <= 12):
            raise BadFile(f"Baris {line}: bobot {row['bobot'] or 'kosong'} bukan angka bulat.")
        found[code] = int(weight)
    if not found:
        raise BadFile("Tidak ada satu baris pun dengan bobot.")
    return found


def kader(raw: bytes, desa_codes: set[str]) -> list[dict]:
    """Kader from `nama,nama_masuk,kode_desa,rw`; rw is empty for a PPKBD. Raises BadFile."""
    found, taken = [], set()
    for line, row in rows(raw, "nama", "nama_masuk", "kode_desa", "rw"):
        name, sign_in_name, rw = row["nama"], row["nama_masuk"].lower(), row["rw"]
        if not name or len(name) > 120:
            raise BadFile(f"Baris {line}: nama kosong atau terlalu panjang.")
        if len(sign_in_name) > 40:
            raise BadFile(f"Baris {line}: nama masuk paling banyak 40 huruf.")
        if not sign_in_name or not all(c.isascii() and (c.isalnum() or c in ".-_") for c in sign_in_name):
            raise BadFile(f"Baris {line}: nama masuk hanya huruf kecil, angka, titik, dan tanda hubung.")
        if sign_in_name in taken:
            raise BadFile(f"Baris {line}: nama masuk {sign_in_name} sudah ada di baris sebelumnya.")
        if row["kode_desa"] not in desa_codes:
            raise BadFile(f"Baris {line}: kode desa {row['kode_desa'] or 'kosong'} bukan desa kabupaten ini.")
        if rw and not (rw.isascii() and rw.isdigit() and len(rw) <= 3):
            raise BadFile(f"Baris {line}: RW {rw} bukan angka.")
        taken.add(sign_in_name)
        found.append(
            {
                "name": name,
                "sign_in_name": sign_in_name,
                "desa_code": row["kode_desa"],
                "rw": rw.zfill(3) if rw else None,
            }
        )
    if not found:
        raise BadFile("Tidak ada satu baris pun dengan kader.")
    return found
