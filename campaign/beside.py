"""The process beside the server that works on one file of an office, and waits a while for the next word about it.

A process, not a thread: 30,000 rows are seconds of pure Python, and the others at this worker would wait them out.
"""

import gc
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import event

from campaign.extensions import db
from campaign.sheets import apart

ROOT = Path(__file__).parent.parent
# The file is being read while the house is built around who will judge it.
WORK = """
import sys
from campaign.sheets import apart
reading = apart.Reading(sys.stdin.buffer) if sys.argv[1] == "baca" else None
from app import create_app
from campaign import importing
importing.alone(create_app(), reading)
"""
PATIENCE = 60  # seconds; who looks longer at the verdicts waits two seconds more for a new process
HEARD = b"ya"


def begin(what: str, import_id: str, by_id: str, file: bytes) -> None:
    """Have `what` done: by the process that read the file, while it waits, else by a new one. `file` is to be read, else empty."""
    if not _told(door(import_id), f"{what} {by_id}".encode()):
        command = [sys.executable, "-c", WORK, what, import_id, by_id]
        with apart.in_memory(file) as given:
            subprocess.Popen(command, cwd=ROOT, stdin=given, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603


def door(import_id: str) -> Path:
    """The socket where the process that has read this file waits. Beside the keys: nobody else may come there.

    Its name is short, an address may have 107 bytes; where the folder is too deep nobody waits, and each work is begun anew.
    """
    return current_app.config["SETTINGS"].key_file.with_name(f"{import_id[:8]}.sock")


def _told(door: Path, words: bytes) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as there:
        there.settimeout(2)
        there.connect(str(door))
        there.sendall(words)
        return there.recv(len(HEARD)) == HEARD
    return False


def next_word(import_id: str) -> list[str]:
    """What to do next with this file and for whom, as `begin` said it within PATIENCE; nothing when nobody did."""
    address = door(import_id)
    with suppress(OSError), socket.socket(socket.AF_UNIX) as here:
        try:
            here.bind(str(address))
            here.listen(1)
            here.settimeout(PATIENCE)
            there, _ = here.accept()
            with there:
                words = there.recv(200).decode().split()
                there.sendall(HEARD)
                return words
        finally:
            address.unlink(missing_ok=True)
    return []


def be_quick() -> None:
    """Collect no cycles, of which a sheet has none: that halves the time. Hold a whole file's pages in the cache."""
    gc.disable()
    if db.engine.dialect.name == "sqlite":
        event.listen(db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA cache_size=-65536"))
        db.engine.dispose()  # connections made before would not have heard


def init_app(app: Flask) -> None:
    app.extensions["importing"] = begin
