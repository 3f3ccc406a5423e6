"""Offices with habits of their own: every row of their files gets the verdict, the reason and the values that are right."""

from collections import Counter

import pytest

from campaign.rules.verdicts import SheetKind
from campaign.sheets.akseptor import AkseptorJudge
from campaign.sheets.apart import read_apart
from campaign.sheets.kader import KaderJudge
from campaign.sheets.places import Places
from campaign.sheets.recognise import recognise
from tests.sheets.habits import REGIONS, TODAY
from tests.sheets.messy import AkseptorOffice, KaderOffice

OFFICES = [
    (1, "63.11", "Balangan", "xlsx"),
    (2, "32.14", "Purwakarta", "xlsx"),
    (3, "13.05", "Padang Pariaman", "xlsx"),
    (4, "34.01", "Kulon Progo", "xlsx"),
    (5, "32.16", "Bekasi", "xlsx"),
    (6, "63.11", "Balangan", "csv"),
    (7, "11.03", "Aceh Timur", "xlsx"),
    (8, "12.07", "Deli Serdang", "csv"),
]


def judged(office, kind, judge):
    places = Places(
        office.desa_list,
        kabupaten_name=f"Kab. {office.kabupaten_name}",
        elsewhere=lambda: ["Cikampek", "Cikampek Timur"],
    )
    sheets = read_apart(office.file, f"{office.list_name}.{office.form}")
    return judge(places=places, today=TODAY, regions=REGIONS).judge([recognise(sheet, kind) for sheet in sheets])


def differences(office, rows):
    """Every row that is not as the clerk says; the confusion of verdicts is printed."""
    found = {(row.sheet_name, row.row_no): row for row in rows}
    assert found.keys() == office.outcomes.keys()
    names = [page.name for page in office.pages]
    print(Counter((outcome.verdict, found[at].verdict.value) for at, outcome in office.outcomes.items()))
    for at, outcome in office.outcomes.items():
        row = found[at]
        codes = [reason.code for reason in row.reasons]
        if row.verdict != outcome.verdict or (outcome.code not in codes if outcome.code else codes):
            told = "; ".join(reason.sentence for reason in row.reasons)
            yield f"{at}: {row.verdict} ({told}), not {outcome.verdict} ({outcome.code})"
        if (
            outcome.double_of
            and row.duplicate_of
            and (names[row.duplicate_of[0]], row.duplicate_of[1]) != outcome.double_of
        ):
            yield f"{at}: double of {row.duplicate_of}, not {outcome.double_of}"
        for name, value in outcome.values.items():
            if row.values.get(name) != value:
                yield f"{at}: {name} {row.values.get(name)!r}, not {value!r}"


@pytest.mark.parametrize(("seed", "code", "name", "form"), OFFICES)
def test_a_list_of_calon_akseptor_is_understood(seed, code, name, form):
    office = AkseptorOffice(seed, code, name, 200, form=form)
    assert list(differences(office, judged(office, SheetKind.AKSEPTOR, AkseptorJudge))) == []


@pytest.mark.parametrize(("seed", "code", "name", "form"), OFFICES[:4])
def test_a_list_of_kader_is_understood(seed, code, name, form):
    office = KaderOffice(seed, code, name, 120, form=form)
    assert list(differences(office, judged(office, SheetKind.KADER, KaderJudge))) == []
