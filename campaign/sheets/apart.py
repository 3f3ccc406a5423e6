"""Reading a file of an office in a process of its own: whatever it does there, the server does not feel it."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import PurePath
from typing import BinaryIO

from campaign.rules.refusals import BadFile
from campaign.sheets import workbook

log = logging.getLogger("campaign")

MOST_BYTES = 20 << 20
MOST_SECONDS = 40

Cell = str | int | float | bool | date | datetime | time_of_day | None


@dataclass
class Sheet:
    """One sheet. Excel's row n is `rows[n - 1]`; all rows are equally wide, a blank cell is None.

    `merged` are (top, left, bottom, right), counted as `rows` is, within it, never overlapping; unknown in ods.
    """

    name: str
    is_hidden: bool
    merged: list[tuple[int, int, int, int]]
    rows: list[list[Cell]] = field(default_factory=list)


TOO_SLOW = "Berkas ini terlalu lama dibaca. Bagi menjadi beberapa berkas, lalu kirim satu per satu."
DIED = {-signal.SIGABRT: workbook.TOO_BIG, -signal.SIGXCPU: TOO_SLOW, -signal.SIGKILL: TOO_SLOW}


def read_apart(data: bytes, name: str) -> list[Sheet]:
    """The sheets of an xlsx, xls, ods or csv, hidden ones too; a csv is called after its file. Raises BadFile in words.

    Under gevent call it from a greenlet, not from a native thread: only the main loop hears of children.
    """
    if len(data) > MOST_BYTES:
        raise BadFile(f"Berkas ini lebih dari {MOST_BYTES >> 20} MB. Bagi menjadi beberapa berkas.")
    with in_memory(data) as given:
        return Reading(given).sheets(name)


class Reading:
    """A child that reads this file while others do something else."""

    def __init__(self, given: BinaryIO):
        # Files, not pipes: no side can keep the other waiting. -I and an empty environment: no secret of the server goes along.
        self._told = in_memory()
        command = [sys.executable, "-I", workbook.__file__]
        self._child = subprocess.Popen(command, stdin=given, stdout=self._told, stderr=subprocess.DEVNULL, env={})  # noqa: S603

    def sheets(self, name: str) -> list[Sheet]:
        """What it read. Raises BadFile in words."""
        with self._told as told:
            try:
                ended = self._child.wait(MOST_SECONDS)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
                raise BadFile(TOO_SLOW) from None
            if ended:
                log.warning("sheet: the child ended with %s", ended)
                raise BadFile(DIED.get(ended, workbook.BROKEN))
            told.seek(0)
            return _sheets(told, name)


def in_memory(data: bytes = b"") -> BinaryIO:
    """A file that is never on disk: names and NIK are in there."""
    file = os.fdopen(os.memfd_create("berkas"), "w+b")
    file.write(data)
    file.seek(0)
    return file


def _sheets(lines, name: str) -> list[Sheet]:
    sheets = []
    for line in lines:
        match json.loads(line, object_hook=_heard):
            case str() as sentence:
                raise BadFile(sentence)
            case Sheet() as sheet:
                sheet.name = sheet.name or PurePath(name).stem[:31]
                sheets.append(sheet)
            case row:
                # The same desa stands in a thousand rows: kept once, it halves what the sheet takes.
                sheets[-1].rows.append([sys.intern(cell) if isinstance(cell, str) else cell for cell in row])
                if len(sheets[-1].rows) % 1000 == 0:
                    time.sleep(0)  # under gevent the others have their turn
    return sheets


def _heard(seen: dict):
    cell = revived(seen)
    return cell if cell is not seen else Sheet(seen["name"], seen["is_hidden"], [tuple(a) for a in seen["merged"]])


def revived(seen: dict):
    """A cell JSON has no word for (`workbook.cell`) again; any other object as it is."""
    match seen:
        case {"date": str(iso)} if len(seen) == 1:
            return date.fromisoformat(iso)
        case {"datetime": str(iso)} if len(seen) == 1:
            return datetime.fromisoformat(iso)
        case {"time": str(iso)} if len(seen) == 1:
            return time_of_day.fromisoformat(iso)
    return seen
