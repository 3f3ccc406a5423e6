"""Backups: every table as it is, from one snapshot, sealed with a passphrase of their own; the key file is never in them.

The format is the product's own, so a backup of the SQLite file can be restored into PostgreSQL and back: gzipped JSON lines, a
head (schema revision, tables, columns), then one line a row; in sealed chunks of AES-256-GCM that can be neither changed,
swapped nor cut short unnoticed.
"""

import base64
import gzip
import io
import json
import os
import secrets
import struct
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from flask import current_app
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Integer,
    LargeBinary,
    String,
    Time,
    Uuid,
    column,
    insert,
    select,
    table,
    text,
)

from campaign.database import Exact, Moment
from campaign.extensions import db
from campaign.rules.passphrase import passphrase as made_up_passphrase

MAGIC = b"KAMPANYE-CADANGAN-1\n"
CHUNK = 1 << 20
ROWS = 2_000
PASSPHRASE_FILE = "sandi-cadangan"  # noqa: S105  the name of a file

KINDS = {
    "uuid": Uuid,
    "moment": Moment,
    "exact": Exact,
    "date": Date,
    "time": Time,
    "bytes": LargeBinary,
    "json": JSON,
    "bool": Boolean,
}
KINDS |= {"int": Integer, "text": String}
PLAIN = {"uuid": str, "moment": datetime.isoformat, "date": date.isoformat, "time": time.isoformat}
PLAIN |= {"exact": str, "bytes": lambda value: base64.b64encode(value).decode()}
AGAIN = {"uuid": UUID, "moment": datetime.fromisoformat, "date": date.fromisoformat, "time": time.fromisoformat}
AGAIN |= {"exact": Fraction, "bytes": base64.b64decode}


class CannotRestore(Exception):
    """The backup cannot be put back; the sentence says why. Nothing was changed."""


def kept_passphrase() -> tuple[str, bool]:
    """The passphrase of this install's backups, and whether it was made just now and must be written down."""
    path = current_app.config["SETTINGS"].data_dir / PASSPHRASE_FILE
    if path.exists():
        return path.read_text().strip(), False
    made = made_up_passphrase(secrets.token_bytes(16)) + "-" + made_up_passphrase(secrets.token_bytes(16))
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(made + "\n")
    return made, True


def backup(folder, *, at: datetime, passphrase: str | None = None) -> Path:
    """Write a sealed backup into `folder`, read it back, and answer its path. The file appears only when it is whole."""
    passphrase = passphrase or kept_passphrase()[0]
    path = Path(folder) / f"kampanye-{at:%Y%m%d-%H%M%S}.cadangan"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".belum")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with gzip.GzipFile(fileobj=Sealer(file, passphrase), mode="wb", mtime=0) as zipped:
            written = _dump(zipped, at)

        file.flush()
        os.fsync(file.fileno())
    if (read := rows_in(unfinished, passphrase)) != written:
        raise CannotRestore(f"Cadangan dibaca ulang: {read} baris, seharusnya {written}.")
    unfinished.rename(path)
    return path


def rows_in(path, passphrase: str) -> int:
    """Read a whole backup; answers how many rows it holds. Raises CannotRestore where it could not be restored from."""
    return sum(1 for _line in _lines(path, passphrase)) - 1


def _dump(file, at: datetime) -> int:
    from alembic.migration import MigrationContext

    tables, rows = db.metadata.sorted_tables, 0
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        revision = MigrationContext.configure(connection).get_current_revision()
        head = {"revision": revision, "at": at.isoformat(), "tables": {t.name: _kinds(t) for t in tables}}
        file.write(json.dumps(head).encode() + b"\n")
        for t in tables:
            kinds = list(_kinds(t).values())
            result = connection.execution_options(yield_per=ROWS).execute(select(t).order_by(*t.primary_key))
            for row in result:
                line = [t.name, [_plain(kind, value) for kind, value in zip(kinds, row, strict=True)]]
                file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
                rows += 1
    return rows


def _kinds(t) -> dict[str, str]:
    return {c.name: next(kind for kind, type_ in KINDS.items() if isinstance(c.type, type_)) for c in t.columns}


def _plain(kind: str, value):
    return value if value is None or kind not in PLAIN else PLAIN[kind](value)


def restore(path, *, passphrase: str) -> dict:
    """Put a backup into this empty database and bring it to today's schema; answers the backup's head.

    Raises CannotRestore: wrong passphrase, damaged file, or a database that is not empty.
    """
    from flask_migrate import upgrade  # alembic: not for those who never restore

    lines = _lines(path, passphrase)
    head = json.loads(next(lines))
    upgrade(revision=head["revision"])
    with db.engine.connect() as connection:
        connection = connection.execution_options(writing=True)
        with connection.begin():
            if connection.scalar(text("SELECT count(*) FROM person")):
                raise CannotRestore("Basis data ini sudah berisi. Pulihkan ke basis data kosong, atau pakai --replace.")
            for name, rows in _batches(lines, head["tables"]):
                kinds = head["tables"][name]
                target = table(name, *(column(c, KINDS[kind]()) for c, kind in kinds.items()))
                connection.execute(insert(target), rows)
            if connection.dialect.name == "postgresql":
                _count_on(connection, head["tables"])
    db.session.remove()
    upgrade()
    return head


def _batches(lines, tables):
    """Rows of one table at a time, some thousand together, in the order they were written."""
    name, rows = None, []
    for line in lines:
        row_of, values = json.loads(line)
        if row_of != name or len(rows) >= ROWS:
            if rows:
                yield name, rows
            name, rows = row_of, []
        kinds = tables[name].items()
        rows.append(
            {
                c: v if v is None or kind not in AGAIN else AGAIN[kind](v)
                for (c, kind), v in zip(kinds, values, strict=True)
            }
        )
    if rows:
        yield name, rows


def _count_on(connection, tables) -> None:
    """PostgreSQL's counters do not notice rows that bring their own number."""
    for name, kinds in tables.items():
        if kinds.get("id") == "int" and name != "key_check":
            sequence = f"pg_get_serial_sequence('{name}', 'id')"  # names of our own tables
            connection.execute(text(f"SELECT setval({sequence}, coalesce(max(id), 0) + 1, false) FROM {name}"))  # noqa: S608


# ---- Sealing ----


def _key(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.strip().encode()))


def _seal_of(number: int, is_last: bool) -> tuple[bytes, bytes]:
    return struct.pack(">IQ", 0, number), MAGIC + struct.pack(">Q?", number, is_last)


class Sealer(io.RawIOBase):
    """A file that seals what is written to it, chunk by chunk; the last chunk says that it is the last."""

    def __init__(self, file, passphrase: str):
        salt = os.urandom(16)
        self.file, self.key, self.number, self.waiting = file, _key(passphrase, salt), 0, bytearray()
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.waiting += data
        while len(self.waiting) > CHUNK:
            self._seal(bytes(self.waiting[:CHUNK]), is_last=False)
            del self.waiting[:CHUNK]
        return len(data)

    def _seal(self, data: bytes, *, is_last: bool) -> None:
        nonce, bound = _seal_of(self.number, is_last)
        sealed = self.key.encrypt(nonce, data, bound)
        self.file.write(struct.pack(">I?", len(sealed), is_last) + sealed)
        self.number += 1

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self.waiting), is_last=True)
        super().close()


def _lines(path, passphrase: str):
    with gzip.GzipFile(fileobj=io.BufferedReader(Opener(path, passphrase))) as zipped:
        yield from zipped


class Opener(io.RawIOBase):
    """Reads a sealed file. Raises CannotRestore where it was changed, cut short or sealed with another passphrase."""

    def __init__(self, path, passphrase: str):
        self.file = open(path, "rb")  # noqa: SIM115  closed with this object
        if self.file.read(len(MAGIC)) != MAGIC:
            raise CannotRestore("Ini bukan berkas cadangan kampanye.")
        self.key, self.number, self.ready, self.is_over = _key(passphrase, self.file.read(16)), 0, b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self.ready and not self.is_over:
            self._open_next()
        n = min(len(buffer), len(self.ready))
        buffer[:n], self.ready = self.ready[:n], self.ready[n:]
        return n

    def _open_next(self) -> None:
        head = self.file.read(5)
        if len(head) < 5:
            raise CannotRestore("Berkas cadangan terpotong.")
        length, is_last = struct.unpack(">I?", head)
        nonce, bound = _seal_of(self.number, is_last)
        try:
            self.ready = self.key.decrypt(nonce, self.file.read(length), bound)
        except InvalidTag:
            raise CannotRestore("Kata sandi cadangan salah, atau berkasnya rusak.") from None
        self.number, self.is_over = self.number + 1, is_last

    def close(self) -> None:
        self.file.close()
        super().close()
