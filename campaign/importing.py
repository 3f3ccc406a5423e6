"""The work behind an import: read the office's file apart, judge every row, and write what was taken. In a process of its own.

The page that started it only watches `Import.done`. A process that dies leaves its last beat behind, and the page says so.
"""

import hashlib
import json
import logging
import sys
from uuid import UUID, uuid4

from flask import Flask, current_app

from campaign import actions, beside, errors, queries
from campaign.actions import imports
from campaign.actions.transaction import now
from campaign.extensions import db
from campaign.models import Import, Person, SheetState
from campaign.queries import places as national
from campaign.rules.refusals import BadFile, Refused
from campaign.rules.verdicts import WILL_BE_TAKEN, SheetKind, Verdict
from campaign.sealed import Keys, keys, the_keys
from campaign.sheets import apart, recognise, workbook
from campaign.sheets.akseptor import AkseptorJudge
from campaign.sheets.attendance import AttendanceJudge, Listed
from campaign.sheets.cells import letters
from campaign.sheets.days import DaysJudge
from campaign.sheets.judge import Judge, summary
from campaign.sheets.kader import KaderJudge
from campaign.sheets.places import Places
from campaign.sheets.weights import WeightsJudge

log = logging.getLogger("campaign")


Taken = list[tuple[UUID, dict]]  # the id each row that will be written gets, and what was understood of it


def start(what: str, taken: Import, *, by=None) -> None:
    """Begin to read, apply or undo a file (`baca`, `terapkan`, `batalkan`), and do not wait for it."""
    file = _file_of(taken) if what == "baca" else b""
    current_app.extensions["importing"](what, str(taken.id), str(by.id if by else ""), file)


def alone(app: Flask, reading: apart.Reading | None) -> None:
    """The process beside the server: `what import_id by_id`. Who has read a file waits a while with its rows in hand."""
    what, import_id, by_id = sys.argv[1:]
    with app.app_context():
        beside.be_quick()
        in_hand = work(what, import_id, by_id, reading=reading)
        while in_hand and (word := beside.next_word(import_id)):
            db.session.remove()  # what it knew is a minute old
            in_hand = work(word[0], import_id, *word[1:], in_hand=in_hand)


def work(
    what: str, import_id: str, by_id: str = "", *, reading: apart.Reading | None = None, in_hand: Taken = ()
) -> Taken:
    """Do it here. Answers what applying takes, of a file just read."""
    match what:
        case "baca":
            return read(UUID(import_id), reading)
        case "terapkan":
            apply(UUID(import_id), UUID(by_id), in_hand)
        case "batalkan":
            undo(UUID(import_id), UUID(by_id))
    return []


# ---- Reading ----


def read(import_id: UUID, reading: apart.Reading | None = None) -> Taken:
    """Read and judge a file; afterwards it is ready to be looked at, or failed with a sentence. Answers what applying takes."""
    try:
        return _read(db.session.get_one(Import, import_id), reading)
    except BadFile as bad:
        imports.note_failed(import_id, bad.sentence, at=now())
        return []
    except Exception:
        log.exception("import %s", import_id)
        imports.note_failed(
            import_id, "Berkas ini tidak dapat dibaca sampai selesai. Hubungi pengelola server.", at=now()
        )
        raise


def _read(taken: Import, reading: apart.Reading | None) -> Taken:
    file = b"" if reading else _file_of(taken)
    told = {table["no"]: table for table in taken.tables}
    db.session.commit()
    sheets = reading.sheets(taken.file_name) if reading else apart.read_apart(file, taken.file_name)
    imports.note_progress(taken.id, at=now(), done=1, of=3)

    tables = [_recognised(sheet, taken.kind, told.get(no, {})) for no, sheet in enumerate(sheets)]
    if not any(table.first_data_row for table in tables) and not told:
        missing = sorted({label for table in tables for label in table.missing})
        raise BadFile(
            f"Tidak ada tabel yang dikenali di berkas ini. Yang dicari: kolom {', '.join(missing) or 'nama'}. "
            "Pakai contoh lembar yang dapat diunduh, atau beri judul kolomnya."
        )
    judged = judge_of(taken).judge(tables)
    imports.note_progress(taken.id, at=now(), done=2, of=3)

    own = the_keys()
    rows = [_row(taken.id, sheets[row.sheet_no].rows[row.row_no - 1], row, own) for row in judged]
    imports.keep_rows(taken.id, rows)
    about = [
        _about(no, sheet, table, told.get(no, {})) for no, (sheet, table) in enumerate(zip(sheets, tables, strict=True))
    ]
    imports.note_read(taken.id, tables=about, totals=summary(judged), at=now())
    return [(kept["made_id"], row.values) for kept, row in zip(rows, judged, strict=True) if kept["made_id"]]


def _file_of(taken: Import) -> bytes:
    return keys.open_bytes("import.file", taken.id, taken.file_sealed)


def _recognised(sheet: apart.Sheet, kind: SheetKind, told: dict) -> recognise.Table:
    mapping = {int(index): field for index, field in told.get("said", {}).items()}
    return recognise.recognise(sheet, kind, header_row=told.get("said_row"), mapping=mapping or None)


def _about(no: int, sheet: apart.Sheet, table: recognise.Table, told: dict) -> dict:
    """What the screen shows of a sheet, and what is needed to write its refused rows in the same layout."""
    columns = [{"index": c.index, "heading": c.heading, "field": c.field, "sure": c.sure} for c in table.columns]
    header = max(table.header_rows, default=0)
    return {
        "no": no,
        "name": sheet.name,
        "is_hidden": sheet.is_hidden,
        "header_rows": list(table.header_rows),
        "columns": columns,
        "missing": list(table.missing),
        "rows": sum(row.kind == recognise.RowKind.DATA for row in table.rows),
        "merged": [area for area in sheet.merged if area[2] < header],
        "said": told.get("said", {}),
        "said_row": told.get("said_row"),
    }


def _row(import_id: UUID, cells: list, judged, own: Keys) -> dict:
    reasons = [[reason.code, reason.params] for reason in judged.reasons]
    whole = ENCODER.encode({"cells": cells, "values": judged.values, "reasons": reasons})
    # Bound to its import and its place there: a sealed row cannot be moved to another.
    label = f"import.row.{judged.sheet_no}.{judged.row_no}"
    return {
        "import_id": import_id,
        "sheet_no": judged.sheet_no,
        "row_no": judged.row_no,
        "verdict": judged.verdict if judged.is_data else Verdict.NO_DATA,
        "sealed": own.seal(label, import_id, whole),
        "made_id": uuid4() if judged.is_data and judged.verdict in WILL_BE_TAKEN else None,
    }


ENCODER = json.JSONEncoder(default=workbook.cell, ensure_ascii=False)


# ---- Judging: what the database knows already ----


def judge_of(taken: Import) -> Judge:
    """The judge of this kind of sheet, with all it may compare with."""
    kabupaten = queries.kabupaten(taken.kabupaten_code)
    named = [(d.code, d.name, d.kecamatan.code, d.kecamatan.name) for d in queries.desa_list(kabupaten.code)]
    ours = Places(named, kabupaten_name=kabupaten.name, elsewhere=national.names)
    regions = national.known_regions()
    match taken.kind:
        case SheetKind.AKSEPTOR:
            known = queries.known_women(taken.campaign_id)
            people = {(letters(name), *rest) for name, *rest in known.people}
            return AkseptorJudge(
                ours,
                taken.campaign.day_of(now()),
                regions,
                is_registered=lambda nik: keys.index("nik", nik) in known.niks,
                is_same=lambda name, birth_date, desa_code: (letters(name), birth_date, desa_code) in people,
            )
        case SheetKind.KADER:
            existing = {(letters(name), *rest) for name, *rest in queries.known_kader(kabupaten.code)}
            names = {"ppkbd_name": kabupaten.ppkbd_name, "sub_ppkbd_name": kabupaten.sub_ppkbd_name}
            return KaderJudge(ours, kabupaten.day_of(now()), regions, existing=existing, **names)
        case SheetKind.DAYS:
            return DaysJudge(ours, **queries.known_days(taken.campaign, today=taken.campaign.day_of(now())))
        case SheetKind.WEIGHTS:
            return WeightsJudge(ours, existing=queries.known_weights(kabupaten.code))
        case SheetKind.ATTENDANCE:
            known = queries.known_list(taken.gathering)
            return AttendanceJudge(ours, **known | {"listed": [_listed(row) for row in known["listed"]]})


def _listed(row) -> Listed:
    """Somebody on the list, as a sheet is compared with her."""
    who, told = row.invitee, {mark.part: mark for mark in (row.pre, row.post) if mark}
    return Listed(
        str(who.id),
        who.code,
        who.person_id and str(who.person_id),
        who.name,
        who.desa_code,
        who.status,
        {part: (mark.right, mark.of) for part, mark in told.items()},
        frozenset(part for part, mark in told.items() if mark.chosen),
    )


# ---- Applying and undoing ----


def apply(import_id: UUID, by_id: UUID, in_hand: Taken = ()) -> None:
    """Write the taken rows in one transaction; afterwards it is applied, or ready again with a sentence.

    `in_hand` is what `read` answered, where this process has read the file.
    """
    taken = db.session.get_one(Import, import_id)
    if taken.state != SheetState.APPLYING:
        return

    def work(by):
        at, own = now(), the_keys()
        rows = in_hand
        if not queries.will_make(taken, in_hand):
            rows = [(row.made_id, values_of(row, own)) for row in queries.rows_to_take(taken)]
        write = imports.READY[taken.kind](taken, rows, by=by, at=at)
        actions.apply_import(taken, write=write, by=by, key=f"apply-{import_id}", at=at)

    _all_or_nothing(import_id, by_id, SheetState.READY, work)


def undo(import_id: UUID, by_id: UUID) -> None:
    """Take back what a file made; afterwards it is undone, or applied as before with a sentence."""
    taken = db.session.get_one(Import, import_id)
    if taken.state != SheetState.UNDOING:
        return

    def work(by):
        actions.undo_import(taken, ready=imports.to_undo(taken), by=by, key=f"undo-{import_id}")

    _all_or_nothing(import_id, by_id, SheetState.APPLIED, work)


def _all_or_nothing(import_id: UUID, by_id: UUID, before: SheetState, work) -> None:
    try:
        work(db.session.get_one(Person, by_id))
    except Refused as refusal:
        imports.note_not_done(import_id, before, f"Tidak ada yang berubah. {errors.sentence(refusal)}", at=now())
    except Exception:
        log.exception("import %s", import_id)
        sentence = "Tidak ada yang berubah karena ada kesalahan di server. Coba sekali lagi."
        imports.note_not_done(import_id, before, sentence, at=now())
        raise


def values_of(row, own: Keys) -> dict:
    """What was understood of a kept row. Raises CannotOpen."""
    return json.loads(_text_of(row, own))["values"]


def _text_of(row, own: Keys) -> str:
    return own.open(f"import.row.{row.sheet_no}.{row.row_no}", row.import_id, row.sealed)


def opened(row) -> dict:
    """A kept row: its cells as they stood in the file, what was understood, and why. Raises CannotOpen."""
    return json.loads(_text_of(row, keys), object_hook=apart.revived)


def digest_of(file: bytes) -> str:
    """What tells whether the same file came again."""
    return hashlib.sha256(file).hexdigest()
