"""One row of attendance: who it is, where she stands by it, when she came, how many she had right."""

import csv
import io
from datetime import date, time
from types import SimpleNamespace

import pytest

from campaign.rules.attendance import Attendance, Entry
from campaign.rules.gatherings import QuizPart
from campaign.rules.verdicts import SheetKind, Verdict
from campaign.sheets.apart import read_apart
from campaign.sheets.attendance import AttendanceJudge, Listed, list_table
from campaign.sheets.handout import WAKES, as_csv, tables
from tests.sheets.test_handout import PAYLOADS, formulas
from tests.sheets.test_plans import PLACES, told

KADER = [
    ("s1", "Siti Aminah", "32.14.04.2001", "001"),
    ("s2", "Siti Aminah", "32.14.04.2001", "002"),
    ("n1", "Ibu Neneng", "32.14.04.2001", None),
]
LISTED = [
    Listed("i1", "A7KMX", "n1", "Ibu Neneng", "32.14.04.2001", Attendance.INVITED),
    Listed("i2", "B7KMX", None, "Camat Plered", None, Attendance.CAME, {QuizPart.PRE: (3, 5)}),
]
HEAD = ["Kode", "Nama", "Desa", "RW", "Kehadiran", "Jam", "Diwakili oleh", "Nilai pre"]


def read(*cells, questions=5):
    judge = AttendanceJudge(PLACES, LISTED, KADER, time(8), time(8, 15), questions)
    row = [*cells, *[None] * (len(HEAD) - len(cells))]
    (found,) = told(SheetKind.ATTENDANCE, judge, HEAD, row, ["x", "Baris Lain", "Plered"])[:1]
    return found


@pytest.mark.parametrize(
    ("cells", "who"),
    [
        (("a7kmx", "Neneng"), ("i1", None)),
        ((None, "NENENG", "Plered"), ("i1", None)),
        ((None, "Siti Aminah", "Plered", "RW 02"), (None, "s2")),
        (("B7KMX", "Camat Plered"), ("i2", None)),
        ((None, "Siapa Saja", "Plered"), (None, None)),
    ],
)
def test_who_it_is(cells, who):
    _verdict, _codes, values = read(*cells, None, "hadir") if len(cells) == 3 else read(*cells)
    assert (values["invitee_id"], values["person_id"]) == who


def test_two_kader_of_one_name_need_more():
    verdict, codes, _values = read(None, "Siti Aminah", "Plered")
    assert (verdict, codes) == (Verdict.REFUSED, ["kader_rancu", "bukan_kader"])


@pytest.mark.parametrize(
    ("hadir", "jam", "wakil", "entry", "came_at"),
    [
        ("Hadir", None, None, "come", "08:00"),
        ("✓", "08.10", None, "come", "08:10"),
        ("Hadir terlambat", None, None, "come_late", "08:15"),
        ("TIDAK HADIR", None, None, "miss", None),
        ("tidak", None, None, "miss", None),
        ("Sakit", None, None, "excuse", None),
        ("diwakili", None, "Ibu Ai", "represent", "08:00"),
        ("Hadir", None, "Ibu Ai", "represent", "08:00"),
        (None, "08.14", None, "come", "08:14"),
        (None, time(9, 30), None, "come_late", "09:30"),
        ("-", None, None, None, None),
        (None, None, None, None, None),
    ],
)
def test_where_she_stands(hadir, jam, wakil, entry, came_at):
    _verdict, _codes, values = read(None, "Tamu Baru", None, None, hadir, jam, wakil)
    assert (values["entry"], values["came_at"]) == (entry, came_at)


def test_what_the_desk_wrote_is_not_turned_round_by_a_file():
    verdict, codes, _values = read("B7KMX", "Camat Plered", None, None, "izin")
    assert (verdict, codes) == (Verdict.REFUSED, ["kehadiran_lain"])
    assert read("B7KMX", "Camat Plered", None, None, "hadir")[0] == Verdict.DOUBLE


@pytest.mark.parametrize(
    ("cell", "questions", "mark"),
    [
        ("4/5", 0, [4, 5]),
        ("4 dari 5", 0, [4, 5]),
        (4, 5, [4, 5]),
        (4.0, 5, [4, 5]),
        (4, 0, None),  # of how many nobody knows
        (date(2026, 10, 7), 0, [7, 10]),  # 7/10, as Excel took it
        ("9/5", 0, None),
        ("80%", 5, None),
        (-1, 5, None),
        ("belum", 5, None),
    ],
)
def test_how_many_she_had_right(cell, questions, mark):
    _verdict, _codes, values = read(None, "Tamu Baru", None, None, "hadir", None, None, cell, questions=questions)
    assert values["pre"] == mark


def test_a_mark_needs_somebody_who_was_there():
    _verdict, codes, values = read(None, "Tamu Baru", None, None, "izin", None, None, "4/5")
    assert "nilai_tanpa_hadir" in codes and values["pre"] is None


# ---- Texts that mean ill ----


def listed_as(text):
    """Somebody whose every word is this text."""
    desa = SimpleNamespace(name=text, kecamatan=SimpleNamespace(name=text))
    who = SimpleNamespace(
        code="A7KMX", name=text, person=None, title=text, desa=desa, rw=text, status=Attendance.REPRESENTED,
        came_at=None, stands_in=text,
    )  # fmt: skip
    return SimpleNamespace(invitee=who, pre=None, post=None)


def test_sixty_hostile_texts_go_out_as_no_formula():
    table = list_table(
        [listed_as(text) for text in PAYLOADS], kabupaten=None, zone="Asia/Jakarta", above=[[PAYLOADS[0]]]
    )
    file = tables(table)
    assert formulas(file) == []
    rows = [row for row in read_apart(file, "x.xlsx")[0].rows if row[1] == "A7KMX"]
    assert [row[2] for row in rows] == PAYLOADS
    assert all(row[2] == row[3] == row[4] == row[5] == row[6] == row[9] for row in rows)
    cells = [cell for row in csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig")), delimiter=";") for cell in row]
    assert not [cell for cell in cells if WAKES.match(cell)]


@pytest.mark.parametrize("column", range(len(HEAD)))
def test_sixty_hostile_texts_come_in_as_nothing_but_text(column):
    for text in PAYLOADS:
        cells = ["", "Tamu Baru", "Plered", "", "hadir", "", "", ""]
        cells[column] = text
        judge = AttendanceJudge(PLACES, LISTED, KADER, time(8), time(8, 15), 5)
        for verdict, codes, values in told(SheetKind.ATTENDANCE, judge, ["No", *HEAD], [1, *cells]):
            assert verdict != Verdict.REFUSED or codes, text
            assert values["entry"] in (None, "come", "represent")
            assert all(type(value) in (str, list, type(None)) or value in Entry for value in values.values())
            assert all(
                name.isprintable() and len(name) <= 120
                for name in (values["name"], values["stands_in"], values["title"])
            )
