"""The first hour of an install: its one-time code, its areas, its first account."""

import hmac
import os
import secrets
from pathlib import Path

from sqlalchemy import insert, select

from campaign.actions.places import jenis_of
from campaign.actions.staff import enlist
from campaign.actions.transaction import writing
from campaign.extensions import db
from campaign.models import Desa, Kabupaten, Kecamatan, Person
from campaign.queries import places
from campaign.rules.names import tidy
from campaign.rules.refusals import BadFile, NoSuch, NotAllowed
from campaign.rules.roles import Role
from campaign.sheets import apart

CODE_FILE = "kode-mulai"


def make_code(data_dir: Path) -> str:
    """A new one-time code, kept 0600 beside the database until the first account is made."""
    code = "-".join(f"{secrets.randbelow(10_000):04}" for _ in range(4))
    with open(os.open(data_dir / CODE_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(code)
    return code


def is_the_code(code: str, data_dir: Path) -> bool:
    path = data_dir / CODE_FILE
    return path.exists() and hmac.compare_digest(path.read_text(), code.strip())


def first_account(*, kabupaten_code, name, sign_in_name, password_hash, data_dir: Path) -> None:
    """Load the kabupaten's areas and make its first DPPKB account. Raises NotAllowed once anybody is here."""
    with writing() as session:
        if session.scalar(select(Person.id).limit(1)):
            raise NotAllowed
        load_areas(kabupaten_code)
        enlist(
            kabupaten_code,
            password_hash=password_hash,
            name=name,
            sign_in_name=sign_in_name,
            role=Role.DPPKB,
            is_admin=True,
        )
    (data_dir / CODE_FILE).unlink(missing_ok=True)


def load_areas(kabupaten_code: str) -> None:
    """Write one kabupaten with its kecamatan and desa from the national list; none twice. Raises NoSuch."""
    if db.session.get(Kabupaten, kabupaten_code):
        return
    area = places.kabupaten_list().get(kabupaten_code)
    if area is None:
        raise NoSuch
    zone = places.zone_of(kabupaten_code)
    write_areas(Kabupaten(code=area.code, name=area.name, zone=zone), *places.areas_inside(kabupaten_code))


def write_areas(kabupaten: Kabupaten, kecamatan_list, desa_list) -> None:
    db.session.add(kabupaten)
    db.session.flush()
    db.session.execute(
        insert(Kecamatan), [{"code": k.code, "name": k.name, "kabupaten_code": kabupaten.code} for k in kecamatan_list]
    )
    db.session.execute(
        insert(Desa),
        [{"code": d.code, "name": d.name, "jenis": jenis_of(d.code), "kecamatan_code": d.code[:8]} for d in desa_list],
    )


def load_areas_from(path: Path) -> None:
    """Write the areas of a sheet with the columns `kode` and `nama`, kabupaten, kecamatan and desa together; known ones get
    the new name. For a kabupaten that was split or renamed since the national list was made. Raises BadFile.
    """
    found = {2: {}, 3: {}, 4: {}}
    for row_no, code, name in _areas_in(path):
        blocks = code.split(".")
        if len(blocks) not in found or [len(b) for b in blocks] != [2, 2, 2, 4][: len(blocks)] or not name:
            raise BadFile(f"Baris {row_no}: {code or 'kosong'} bukan kode kabupaten, kecamatan, atau desa bertitik.")
        found[len(blocks)][code] = name
    session = db.session
    for code, name in found[2].items():
        session.merge(Kabupaten(code=code, name=name, zone=places.zone_of(code)))
    session.flush()
    for code, name in found[3].items():
        session.merge(Kecamatan(code=code, name=name, kabupaten_code=code[:5]))
    session.flush()
    for code, name in found[4].items():
        session.merge(Desa(code=code, name=name, jenis=jenis_of(code), kecamatan_code=code[:8]))
    session.flush()


def _areas_in(path: Path):
    rows = apart.read_apart(path.read_bytes(), path.name)[0].rows
    header = [tidy(str(cell)).lower() for cell in rows[0]]
    if missing := [word for word in ("kode", "nama") if word not in header]:
        raise BadFile(f"Kolom {', '.join(missing)} tidak ada. Baris pertama harus berisi nama kolom: kode, nama.")
    code_at, name_at = header.index("kode"), header.index("nama")
    for row_no, row in enumerate(rows[1:], start=2):
        code, name = (tidy(str(row[at] if row[at] is not None else "")) for at in (code_at, name_at))
        if code or name:
            yield row_no, code, name
