"""Registers as xlsx: every cell as what it is, no text a formula; and a table of SIGA's beside ours."""

from datetime import date, datetime
from uuid import uuid4

import pytest

from campaign.rules.methods import Method, Participant
from campaign.rules.registers import COUNTED, COUNTED_NAME, Line, recap, register
from campaign.rules.service_facts import Act, Insurance, ServiceFacts, Source
from campaign.sheets.apart import read_apart
from campaign.sheets.registers import Difference, compare, recap_file, recap_rows, register_file
from tests.sheets.test_handout import PAYLOADS, formulas

NIK = "3214125003909001"


def line(name="Ai", **about):
    facts = ServiceFacts(act=Act.PASANG, insurance=Insurance.BPJS, source=Source.APBN)
    told = {"id": uuid4(), "on": date(2026, 11, 3), "name": name, "method": Method.IMPLAN_2, "point": "Maracang"}
    told |= {"participant": Participant.BARU, "has_informed_consent": True, "nik": NIK, "facts": facts}
    return Line(**told | {"birth_date": date(1990, 3, 10), "phone": "+6282000001111"} | about)


def written(lines, **about):
    made = register(lines, "Maracang")
    return register_file(
        made, recap(made.lines), **{"above": [["Puskesmas Maracang"]], "said_beside": ["satu hal"]} | about
    )


def sheet(file, no):
    return read_apart(file, "x.xlsx")[no].rows


def day_of(cell):
    return cell.date() if isinstance(cell, datetime) else cell


def test_nik_and_phone_are_text_dates_are_dates_and_codes_numbers():
    first, *_ = (row for row in sheet(written([line()]), 0) if row[0] == 1)
    assert (first[3], first[7]) == (NIK, "+6282000001111")
    assert isinstance(first[3], str) and isinstance(first[7], str)
    assert [day_of(first[at]) for at in (1, 5)] == [date(2026, 11, 3), date(1990, 3, 10)]
    assert [type(first[at]) in (int, float) for at in (0, 8, 12)] == [True] * 3
    assert (first[8], first[9], first[12], first[17], first[20]) == (1, "ya", 8, "✓", "✓")


def test_three_sheets_register_recap_and_what_no_column_holds():
    file = written([line()])
    assert sheet(file, 0)[1][:3] == ["No urut", "Tanggal pelayanan", "Nama suami"]
    assert [row[1] for row in sheet(file, 1)][-1] == "Jumlah"
    assert sheet(file, 2)[-1][0] == "satu hal"


def test_sixty_hostile_texts_are_no_formula_and_are_read_back_as_they_were():
    lines = [line(name=text, husband=text, address=text, point=text) for text in PAYLOADS]
    file = written(lines, above=[[text] for text in PAYLOADS], said_beside=PAYLOADS)
    assert formulas(file) == []
    rows = [row for row in sheet(file, 0) if row[3] == NIK]
    assert sorted(row[4] for row in rows) == sorted(PAYLOADS)
    assert all(row[2] == row[4] == row[6] == row[24] for row in rows)
    assert formulas(recap_file([(text, recap(lines)) for text in PAYLOADS], above=[[PAYLOADS[0]]])) == []


# ---- What SIGA says ----


def ours():
    lines = [line(f"Ai {n}") for n in range(3)]
    lines += [line("Euis", method=Method.IUD, participant=Participant.GANTI_CARA)]
    return recap(lines)


def pasted(counted, *, head=False) -> str:
    rows = [["Kode", "Metode", *COUNTED_NAME.values()]] if head else []
    return "\n".join("\t".join("" if cell is None else str(cell) for cell in row) for row in rows + recap_rows(counted))


@pytest.mark.parametrize("head", [True, False])
def test_our_own_table_pasted_differs_nowhere(head):
    compared = compare(pasted(ours(), head=head), ours())
    assert (compared.differences, compared.unread, compared.missing) == ((), (), ())
    assert compared.cells == 12 * len(COUNTED)


def test_every_cell_that_differs_is_found_and_no_other():
    counted = ours()
    for method in counted:
        for column in COUNTED:
            theirs = {m: row.copy() for m, row in counted.items()}
            theirs[method][column] += 1_234
            text = pasted(theirs).replace("\t1234", "\t1.234")
            found = compare(text.rsplit("\n", 1)[0], counted).differences
            mine = counted[method][column]
            assert found == (Difference(method, column, mine, mine + 1_234),)


def test_a_head_may_name_fewer_columns_in_another_order():
    text = "Jenis Kontrasepsi\tGanti Cara\tTotal\tPB Baru\nImplan (2 batang)\t0\t3\t3\nAKDR/IUD\t0\t1\t0"
    compared = compare(text, ours())
    assert compared.differences == (Difference(Method.IUD, "ganti_cara", 1, 0),)
    assert (compared.cells, compared.missing) == (6, ())


def test_what_cannot_be_read_is_listed_and_what_is_missing_is_said():
    compared = compare("Susuk ajaib\t1\t2\nImplan 2 batang\t1\t2\nhalo", ours())
    assert compared.unread == ("Susuk ajaib\t1\t2", "Implan 2 batang\t1\t2", "halo")
    assert compared.missing == (Method.IMPLAN_2, Method.IUD) and compared.cells == 0


def test_dashes_and_empty_cells_are_nothing():
    theirs = "IUD\t-\t–\t\t0\t1\t0\t1\t1\t0\t0\t0\t"
    compared = compare(theirs, ours())
    assert compared.differences == () and compared.cells == 12


@pytest.mark.parametrize("text", [*PAYLOADS, "\x00" * 50, "9" * 19_999, "\t" * 5_000, "IUD" + "\t٣" * 12])
def test_hostile_tables_are_unread_and_not_a_fault(text):
    compared = compare(text, ours())
    assert compared.cells == 0
