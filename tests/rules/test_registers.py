"""The forms of a month: where a line stands, what it counts as, what no column holds."""

from datetime import date
from itertools import product
from uuid import uuid4

import pytest

from campaign.rules.aftercare import Found
from campaign.rules.methods import ALOKON_CODE, Method, Participant
from campaign.rules.registers import (
    COUNTED,
    HEADER,
    PER_SHEET,
    TICK,
    Line,
    Month,
    Note,
    cells,
    masked,
    recap,
    register,
    total,
)
from campaign.rules.service_facts import Act, After, ServiceFacts, Source


def line(**about):
    told = {"id": uuid4(), "on": date(2026, 11, 3), "name": "Ai", "method": Method.IMPLAN_2, "point": "Maracang"}
    told |= {"participant": Participant.BARU, "has_informed_consent": True, "nik": "3214125003909001"}
    if "found" in about:
        told |= {"participant": None, "has_informed_consent": None}
    return Line(**told | about)


def f2_from_cells(rows) -> dict[int, dict[str, int]]:
    """F/II/KB made anew from nothing but the 24 cells of each row, as a clerk with the printed register would."""
    counted = {code: dict.fromkeys(COUNTED, 0) for code in ALOKON_CODE.values()}
    for row in rows:
        status, salin, gugur, apbn, other = row[8], row[10], row[11], row[20], row[21] or row[22]
        place, code = next((n, row[n - 1]) for n in (13, 14, 15, 16, 17) if row[n - 1])
        mine = counted[code]
        if place in (15, 16, 17) or status == 4:
            mine[{15: "cabut", 17: "kegagalan"}.get(place, "komplikasi")] += 1
            continue
        if status == 1:
            mine["jumlah_baru"] += 1
            mine["baru_salin" if salin else "baru_keguguran" if gugur else "baru"] += 1
        else:
            mine[{2: "ganti_cara", 3: "ulangan"}[status]] += 1
        mine["total"] += 1
        mine["apbn"] += bool(apbn)
        mine["non_apbn"] += bool(other)
    return counted


def every_line():
    acts, afters, sources = [None, *Act], [None, *After], [None, *Source]
    participants = [p for p in Participant if p != Participant.BELUM]
    for method, participant, act, after, source in product(ALOKON_CODE, participants, acts, afters, sources):
        yield line(method=method, participant=participant, facts=ServiceFacts(act=act, after=after, source=source))
    for method, found in product(ALOKON_CODE, Found):
        yield line(method=method, found=found)


def test_the_recap_agrees_with_the_register_for_everything_that_can_be_written_down():
    made = register(every_line())
    assert len(made.lines) > 3_000 and len(made.beside) == 3 * len(ALOKON_CODE)
    from_cells = f2_from_cells(cells(no, one) for no, one in enumerate(made.lines, start=1))
    assert {ALOKON_CODE[method]: dict(row) for method, row in recap(made.lines).items()} == from_cells


def test_total_services_and_their_parts_add_up():
    for row in (*(counted := recap(every_line())).values(), total(counted.values())):
        assert row["jumlah_baru"] == row["baru"] + row["baru_salin"] + row["baru_keguguran"]
        assert row["total"] == row["jumlah_baru"] + row["ganti_cara"] + row["ulangan"]
        assert row["apbn"] + row["non_apbn"] <= row["total"]


def test_a_line_has_24_cells_and_one_alokon_code():
    assert len(HEADER) == 24
    for one in register(every_line()).lines:
        row = cells(1, one)
        assert len(row) == 24
        assert [value for value in row[12:17] if value] == [ALOKON_CODE[one.method]]


def test_what_has_no_column_is_beside_and_not_dropped():
    out, ok = line(found=Found.EKSPULSI), line(found=Found.PENCABUTAN)
    made = register([out, ok])
    assert made.lines == (ok,) and made.beside == (out,)
    assert made.with_note(Note.EKSPULSI) == [out]


def test_a_woman_with_two_lines_is_said_by_nik_or_by_herself():
    her = uuid4()
    first, again = line(nik=None, her_id=her), line(nik=None, her_id=her, found=Found.KOMPLIKASI)
    other = line(nik=None, her_id=uuid4())
    made = register([first, again, other])
    assert Note.TWICE in made.noted[first.id] and Note.TWICE in made.noted[again.id]
    assert Note.TWICE not in made.noted[other.id]


def test_a_kbpp_is_new_and_ticked_after_birth():
    row = cells(1, line(participant=Participant.KBPP))
    assert (row[8], row[10], row[11]) == (1, TICK, None)


def test_sheets_go_by_point_and_page_and_the_numbers_run_on():
    lines = [line(on=date(2026, 11, 1 + n), point="Saung") for n in range(3)]
    lines += [line(on=date(2026, 11, 1 + n % 28), point="Maracang") for n in range(PER_SHEET + 1)]
    made = register(lines, "Maracang")
    assert [(point, len(page)) for point, page in made.sheets] == [
        ("Maracang", PER_SHEET),
        ("Maracang", 1),
        ("Saung", 3),
    ]
    assert [no for _point, page in made.sheets for no, _line in page] == list(range(1, PER_SHEET + 5))


def test_masked_leaves_no_digit_but_what_the_mask_shows():
    shown = masked(line(phone="+6282000001111", husband_nik="3214121003909001"), lambda nik: "…" + nik[-2:])
    assert (shown.nik, shown.phone, shown.husband_nik) == ("…01", None, None)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-1", "26-01", "2026-00", "", "2026-11-01", "１９９９-11", "9999-12", "abcd-ef"]
)
def test_what_is_no_month_is_none(text):
    assert Month.read(text) is None


def test_a_month_knows_its_neighbours_and_the_day_it_must_be_in():
    november, december = Month(2026, 11), Month(2026, 12)
    assert Month.read("2026-11") == november and str(november) == "2026-11"
    assert (november.first, november.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert november.after == december and december.after == Month(2027, 1) and december.before == november
    assert november.report_on(5) == date(2026, 12, 5) and Month(2027, 1).report_on(31) == date(2027, 2, 28)
