"""The list of a gathering as a sheet: handed out with attendance and marks, and read back from one an office filled in."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from zoneinfo import ZoneInfo

from campaign.rules.attendance import ATTENDING, Attendance, Entry
from campaign.rules.codes import typed_sheet
from campaign.rules.gatherings import QuizPart
from campaign.rules.verdicts import SheetKind
from campaign.sheets import cells
from campaign.sheets.apart import Cell
from campaign.sheets.handout import Table
from campaign.sheets.judge import Judge, Judged, Standing, by_mark
from campaign.sheets.kinds import FIELDS
from campaign.sheets.people import LONGEST_NAME
from campaign.sheets.places import Places
from campaign.sheets.reasons import Reasons
from campaign.words import label, level

LONGEST_TITLE = 60
MOST_ASKED = 200

# ---- Out ----


def list_table(people: Iterable, *, kabupaten, zone: str, above) -> Table:
    """A row for each `Scored`, under the headings by which the same sheet is read back."""
    rows = []
    for number, scored in enumerate(people, start=1):
        who, desa = scored.invitee, scored.invitee.desa
        is_said = who.status not in (None, Attendance.INVITED)
        # What was corrected is still in her row, for whoever corrects it back: it is nothing to hand out.
        came_at = who.came_at.astimezone(ZoneInfo(zone)) if who.came_at and who.status in PRESENT else None
        wakil = who.stands_in if who.status == Attendance.REPRESENTED else None
        rows.append([
            number, who.code, who.name, _title(who, kabupaten), desa and desa.name, desa and desa.kecamatan.name, who.rw or None,
            label(who.status) if is_said else None, f"{came_at:%H.%M}" if came_at else None, wakil or None,
            *(f"{mark.right}/{mark.of}" if mark else None for mark in (scored.pre, scored.post)),
        ])  # fmt: skip
    header = [field.label for field in FIELDS[SheetKind.ATTENDANCE]]
    return Table("Peserta", above, header, rows, (6, 9, 30, 22, 20, 20, 6, 16, 8, 24, 11))


def _title(who, kabupaten) -> str | None:
    if who.person and who.person.desa_code:
        return level(who.person, kabupaten)
    return who.title or None


# ---- In ----

SAID = {
    word: status
    for status, words in {
        Attendance.CAME: "hadir h datang ya",
        Attendance.LATE: "terlambat hadirterlambat telat datangterlambat",
        Attendance.EXCUSED: "izin ijin sakit i s",
        Attendance.ABSENT: "tidakhadir tdkhadir tidak tdk alpa alpha a absen tanpaketerangan tidakdatang",
        Attendance.REPRESENTED: "diwakili diwakilkan wakil",
    }.items()
    for word in words.split()
}
TICKED = {"v", "✓", "✔", "√", "☑", "true"}
ENTRY = {
    Attendance.CAME: Entry.COME,
    Attendance.LATE: Entry.COME_LATE,
    Attendance.EXCUSED: Entry.EXCUSE,
    Attendance.ABSENT: Entry.MISS,
    Attendance.REPRESENTED: Entry.REPRESENT,
}
PRESENT = (Attendance.CAME, Attendance.LATE, Attendance.REPRESENTED)
OF = re.compile(r"(\d{1,3})\s*(?:/|:|dari)\s*(\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True)
class Listed:
    """Somebody on the list already; `marks` are told as (right, of), `own` those she sent from her phone."""

    id: str
    code: str
    person_id: str | None
    name: str
    desa_code: str | None
    status: Attendance
    marks: Mapping[QuizPart, tuple[int, int]] = field(default_factory=dict)
    own: frozenset[QuizPart] = frozenset()


@dataclass(frozen=True)
class AttendanceJudge(Judge):
    """The list of one gathering, the kader of its kabupaten as (id, name, desa, RW), its hours, and how many questions it asks."""

    places: Places
    listed: Sequence[Listed]
    kader: Sequence[tuple[str, str, str, str | None]]
    starts_at: time
    late_at: time
    questions: int = 0

    @cached_property
    def by_code(self) -> dict[str, Listed]:
        return {one.code: one for one in self.listed}

    @cached_property
    def by_person(self) -> dict[str, Listed]:
        return {one.person_id: one for one in self.listed if one.person_id}

    @cached_property
    def by_name(self) -> dict[tuple, Listed]:
        return {(_alike(one.name), one.desa_code): one for one in self.listed if not one.person_id}

    @cached_property
    def named(self) -> dict[tuple, list[tuple[str, str | None]]]:
        found = defaultdict(list)
        for id, name, desa_code, rw in self.kader:
            found[_alike(name), desa_code].append((id, rw))
        return found

    def read(self, row: Standing, reasons: Reasons) -> tuple[dict, dict]:
        """One person: by her code, else among the kader of her desa, else by name; and what is said of her."""
        who, one = self._who(row, reasons)
        status, wakil = self._attendance(row, reasons)
        now_is = one.status if one else Attendance.INVITED
        entry = None
        if status not in (None, now_is):
            entry = ENTRY[status]
            if one and not ATTENDING.may(one.status, entry):
                reasons.add("kehadiran_lain", status=label(one.status))
        marks = {part.value: self._mark(part, row, reasons, one, status or now_is) for part in QuizPart}
        if one and entry is None and not any(marks.values()):
            reasons.add("sudah_terdaftar")
        values = who | {
            "entry": entry,
            "came_at": self._came(row, status, reasons) if entry and status in PRESENT else None,
            "stands_in": wakil if status == Attendance.REPRESENTED else "",
            **marks,
        }
        person = who["invitee_id"] or who["person_id"] or (_alike(who["name"]), who["desa_code"])
        return values, {"person": person if who["name"] else None}

    def _who(self, row: Standing, reasons: Reasons) -> tuple[dict, Listed | None]:
        name, code = cells.name(row["nama"]), typed_sheet(cells.said(row["undangan"]))
        if code:
            one = self.by_code.get(code)
            if one is None:
                reasons.add("kode_asing", text=cells.text(row["undangan"]))
            elif name and _alike(name) != _alike(one.name):
                reasons.add("nama_beda_kode", code=code, name=one.name)
            return _of(one, name), one
        if not name:
            reasons.add("nama_kosong")
        elif len(name) > LONGEST_NAME:
            reasons.add("nama_panjang", most=LONGEST_NAME)
        is_placed = cells.said(row["desa"]) or row.desa
        desa_code = row.desa_in(self.places, reasons) if is_placed else None
        rw = cells.kader_rw(row["rw"], reasons) if cells.said(row["rw"]) else None
        person_id = self._kader(name, desa_code, rw, reasons) if desa_code else None
        one = self.by_person.get(person_id) if person_id else self.by_name.get((_alike(name), desa_code))
        if one:
            return _of(one, name), one
        if person_id is None and name:
            reasons.add("bukan_kader")
        title = cells.said(row["jabatan"])[:LONGEST_TITLE]
        return _of(None, name) | {"person_id": person_id, "desa_code": desa_code, "rw": rw or "", "title": title}, None

    def _kader(self, name: str, desa_code: str, rw: str | None, reasons: Reasons) -> str | None:
        found = self.named.get((_alike(name), desa_code), [])
        if len(found) > 1:
            found = [one for one in found if one[1] == rw] or found
        if len(found) > 1:
            return reasons.add("kader_rancu", n=len(found))
        if found and rw and found[0][1] != rw:
            reasons.add("rw_beda", rw=found[0][1] or "kosong (seluruh desa)")
        return found[0][0] if found else None

    def _attendance(self, row: Standing, reasons: Reasons) -> tuple[Attendance | None, str]:
        """Where she stands by this row, None where it only invites; and who came in her place."""
        cell, wakil = row["hadir"], cells.name(row["wakil"])[:LONGEST_NAME]
        line = "" if cell is None else cells.text(cell).strip("-–—_. ")
        status = (
            SAID.get(cells.letters(line)) if line.casefold() not in TICKED and cell is not True else Attendance.CAME
        )
        if line and status is None:
            return reasons.add("kehadiran_tak_terbaca", text=line), wakil
        if wakil and status in (None, Attendance.CAME, Attendance.LATE):
            reasons.add("dibaca_diwakili", name=wakil)
            return Attendance.REPRESENTED, wakil
        if status == Attendance.REPRESENTED and not wakil:
            reasons.add("wakil_kosong")
        if status is None and (hours := cells.hours(row["jam"])):
            reasons.add("kehadiran_dari_jam")
            return (Attendance.CAME if hours[0] < self.late_at else Attendance.LATE), wakil
        return status, wakil

    def _came(self, row: Standing, status: Attendance, reasons: Reasons) -> str:
        """When she came, by the clock of the kabupaten."""
        if hours := cells.hours(row["jam"]):
            return f"{hours[0]:%H:%M}"
        usual = self.late_at if status == Attendance.LATE else self.starts_at
        if written := cells.said(row["jam"]):
            reasons.add("jam_hadir_tak_terbaca", text=written, time=f"{usual:%H.%M}")
        return f"{usual:%H:%M}"

    def _mark(self, part: QuizPart, row: Standing, reasons: Reasons, one: Listed | None, status) -> list[int] | None:
        cell, column = row[part.value], f"nilai {part.value}"
        if not cells.said(cell):
            return None
        mark = self._of(cell)
        if mark is None:
            return reasons.add("nilai_tak_terbaca", column=column, text=cells.text(cell))
        if status not in PRESENT:
            return reasons.add("nilai_tanpa_hadir", column=column)
        if one and one.marks.get(part) == mark:
            return None
        if one and part in one.own:
            return reasons.add("nilai_sendiri", column=column)
        return list(mark)

    def _of(self, cell: Cell) -> tuple[int, int] | None:
        """So many right of so many. Excel may have made a day of 7/10: day and month are what was typed."""
        if isinstance(cell, date):
            told = cell.day, cell.month
        elif found := OF.fullmatch(cells.text(cell)):
            told = int(found[1]), int(found[2])
        else:
            right = cells.number(cell)
            if right is None or right != int(right) or not self.questions:
                return None
            told = int(right), self.questions
        return told if 0 <= told[0] <= told[1] <= MOST_ASKED and told[1] else None

    def compare(self, rows: Sequence[Judged]) -> None:
        """The same person on two rows is taken once, by the first."""
        for group in by_mark(rows, "person"):
            for row in group[1:]:
                row.repeats(group[0], "orang_sama")


def _of(one: Listed | None, name: str) -> dict:
    """Who it is, as the deed takes her."""
    about = {"invitee_id": None, "person_id": None, "name": name, "desa_code": None, "rw": "", "title": ""}
    return about | ({"invitee_id": one.id, "name": one.name, "desa_code": one.desa_code} if one else {})


def _alike(name: str) -> str:
    """What is left of a name to compare: without titles, capitals and blanks."""
    return cells.letters(cells.name(name))
