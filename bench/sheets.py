"""A sheet of 30,000 women through the running server: handed in, judged, shown, taken, taken back; and what others felt of it.

Others are a kader who registers and a board that is looked at, each ten times a second, before and meanwhile. The memory is
the peak of the processes that read and judge.
"""

import io
import random
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from bench.stage import percentile, stage, verdict
from campaign import queries
from campaign.extensions import db
from campaign.models import Import, SheetState
from campaign.rules import invented
from tests.browser.conftest import Server
from tests.builders import key
from tests.client import Client

ROWS, SECONDS, MEMORY = 30_000, 10.0, 400
BEFORE = 10.0  # seconds of quiet to compare with


def sheet(rows: int, desa: list[str]) -> bytes:
    """A sheet as offices keep them, each NIK once."""
    chance, file = random.Random(rows), io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": False}) as book:
        page = book.add_worksheet("Calon akseptor")
        head = ["No", "Nama", "NIK", "Tempat, Tgl Lahir", "Desa/Kel", "RT/RW", "Alamat", "No HP", "Alkon", "Ket"]
        page.write_row(0, 0, ["DAFTAR CALON AKSEPTOR"])
        page.write_row(2, 0, head)
        for number in range(rows):
            born = date(1980, 1, 1) + timedelta(days=number // 999)
            nik = f"321412{born.day + 40:02}{born:%m%y}{9001 + number % 999}"
            line = [number + 1, invented.name(chance).upper(), nik, f"Purwakarta, {born:%d-%m-%Y}", chance.choice(desa)]
            line += [
                f"{chance.randint(1, 9):02}/{chance.randint(1, 9):02}",
                f"Kp. Krajan {number}",
                f"0820 {number:08}",
            ]
            page.write_row(3 + number, 0, [*line, chance.choice(["Implan", "IUD", "susuk"]), ""])
    return file.getvalue()


class Other(threading.Thread):
    """Somebody else at the same server: how long each answer takes, in milliseconds."""

    def __init__(self, do):
        super().__init__(daemon=True)
        self.do, self.took, self.failed, self.is_over = do, [], 0, False

    def run(self):
        while not self.is_over:
            began = time.monotonic()
            try:
                self.failed += self.do() not in (200, 201)
            except OSError:
                self.failed += 1
            self.took.append((time.monotonic() - began) * 1000)
            time.sleep(max(0, 0.1 - (time.monotonic() - began)))


class Memory(threading.Thread):
    """The highest resident memory of any process that reads or judges a sheet, in MB."""

    def __init__(self):
        super().__init__(daemon=True)
        self.peak, self.is_over = {}, False

    def run(self):
        while not self.is_over:
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    what = (
                        "judging" if "importing.alone" in command else "reading" if "workbook.py" in command else None
                    )
                    if what:
                        status = (folder / "status").read_text()
                        high = next(line for line in status.splitlines() if line.startswith("VmHWM"))
                        self.peak[what] = max(self.peak.get(what, 0), int(high.split()[1]) / 1024)
                except (OSError, StopIteration):
                    continue
            time.sleep(0.05)


def main() -> bool:
    with stage() as cast:
        names = [desa.name for desa in queries.desa_list("32.14")]
        file = sheet(ROWS, names)
        server = Server(cast.folder).start()
        office = Client(server).sign_in("lilis")
        quiet, busy, seconds, memory = _through(server, cast, office, file)
        undone = _undo(office, cast)
        differences = queries.differences()
        server.stop()
    met = [
        verdict(
            f"{ROWS:,} rows handed in, judged, shown and taken, {len(file) / 1e6:.1f} MB",
            f"< {SECONDS:.0f} s",
            " + ".join(f"{what} {took:.1f}" for what, took in seconds.items()) + f" = {sum(seconds.values()):.1f} s",
            sum(seconds.values()) < SECONDS,
        ),
        verdict(
            "peak memory of its processes",
            f"< {MEMORY} MB",
            ", ".join(f"{what} {peak:.0f} MB" for what, peak in sorted(memory.items())),
            bool(memory) and max(memory.values()) < MEMORY,
        ),
        verdict(
            "taken back", "all, tally = ledger", f"{undone:.1f} s, {len(differences)} differences", not differences
        ),
    ]
    for what in quiet:
        before, meanwhile = (percentile(took.took, 0.95) for took in (quiet[what], busy[what]))
        worst, failed = max(busy[what].took), quiet[what].failed + busy[what].failed
        seen = f"p95 {meanwhile:.0f} ms, {meanwhile / before:.1f} × quiet; worst {worst:.0f} ms; {failed} failed"
        met.append(verdict(f"{what} meanwhile", "p95 < 500 ms, 0 failed", seen, meanwhile < 500 and not failed))
    return all(met)


def _others(server, cast) -> dict[str, Other]:
    kader, hall, campaign_id = Client(server).sign_in("sari"), Client(server).sign_in("dedi"), cast.campaign.id

    def register():
        form = {"key": key(), "name": "Neng Lain", "wanted": "iud", "no_nik_reason": "hilang"}
        return kader.ask(
            "POST", f"/kader/{campaign_id}/daftar", form | {"has_consent": "y"}, Accept="application/json"
        )[0]

    others = {
        "a kader registering": Other(register),
        "a board": Other(lambda: hall.ask("GET", f"/papan/{campaign_id}")[0]),
    }
    for other in others.values():
        other.start()
    return others


def _end(others) -> dict[str, Other]:
    for other in others.values():
        other.is_over = True
        other.join()
    return others


def _through(server, cast, office, file):
    others = _others(server, cast)
    time.sleep(BEFORE)
    quiet, others = _end(others), _others(server, cast)
    memory = Memory()
    memory.start()
    seconds, began = {}, time.monotonic()
    page = office.hand_in("/dppkb/lembar", file, "calon.xlsx", key=key(), kind="akseptor", campaign_id=cast.campaign.id)
    seconds["handed in"] = time.monotonic() - began
    seconds["judged"] = _until(SheetState.READY)
    began = time.monotonic()
    status, text, _ = office.ask("GET", page)
    if status != 200 or "30.000" not in text:
        raise RuntimeError(f"{status} {text[:500]}")
    seconds["shown"] = time.monotonic() - began
    began = time.monotonic()
    office.ask("POST", f"{page}/terapkan", {"key": key(), "on_paper": "y"})
    _until(SheetState.APPLIED)
    seconds["taken"] = time.monotonic() - began
    memory.is_over = True
    memory.join()
    return quiet, _end(others), seconds, memory.peak


def _undo(office, cast) -> float:
    began, taken = time.monotonic(), db.session.scalars(db.select(Import)).one()
    status, text, _ = office.ask("POST", f"/dppkb/lembar/{taken.id}/batalkan", {"key": key()})
    if status != 303:
        raise RuntimeError(f"{status} {text[:500]}")
    _until(SheetState.UNDONE)
    return time.monotonic() - began


def _until(state: SheetState) -> float:
    began = time.monotonic()
    while time.monotonic() - began < 120:
        db.session.rollback()
        taken = db.session.scalars(db.select(Import)).first()
        db.session.refresh(taken)
        if taken.state == state:
            db.session.rollback()
            return time.monotonic() - began
        if taken.state == SheetState.FAILED:
            raise RuntimeError(taken.sentence)
        time.sleep(0.05)
    raise TimeoutError(state)


if __name__ == "__main__":
    sys.exit(not main())
