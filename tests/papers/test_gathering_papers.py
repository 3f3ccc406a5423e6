"""Letters, attendance sheets and certificates: one page for each, every name on it, and no name breaks the layout."""

import re
from datetime import UTC, date, datetime, time
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign import papers
from campaign.rules.attendance import Attendance
from campaign.rules.gatherings import GatheringKind, Tier
from campaign.rules.printed import Guest, Occasion, Proof, Signed, numbered, tail_of
from tests.papers.written import words_of

AT = datetime(2025, 2, 1, tzinfo=UTC)
JUAI = Occasion(
    "Kabupaten Balangan", GatheringKind.ORIENTASI, Tier.KECAMATAN, "Orientasi Kader IMP", "Aula Kecamatan Juai",
    date(2025, 2, 3), time(8), time(12), "Asia/Makassar", "08.30 Pembukaan\n09.00 Enam peran",
)  # fmt: skip
GUESTS = [Guest(f"Norhasanah {n}", "PPKBD", "Desa Mungkur, Kec. Juai", f"A7K{n:02d}") for n in range(60)]
ODD = ["W" * 120, "محمد عبد الله", "Neng \u202e😀 Siti", "=1+1", "Nur'aini " * 13]


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def invitation(guests, number="", signer="", occasion=JUAI):
    return papers.drawn_anew("invitation", "pdf", occasion, guests, number, signer, AT, date(2025, 1, 28))


def sheet(lines, is_filled=False, occasion=JUAI):
    return papers.drawn_anew("attendance", "pdf", occasion, lines, is_filled, "", AT)


def certificates(proofs):
    return papers.drawn_anew("certificate", "pdf", JUAI, proofs, "", AT)


def test_a_letter_is_one_page_and_says_when_where_and_her_code():
    written = words_of(invitation(GUESTS[:3], number="400.13/12"))
    assert pages(invitation(GUESTS[:3])) == 3
    for said in (
        "KABUPATEN BALANGAN",
        "Norhasanah 2",
        "A7K 02",
        "Senin, 3 Februari 2025",
        "08.00–12.00 WITA",
        "400.13/12",
    ):
        assert said in written
    assert "....." in words_of(invitation(GUESTS[:1])), "without a number there is a line to write it on"


def test_what_is_too_long_for_a_line_is_whole_on_two():
    name = "Orientasi Kader Institusi Masyarakat Pedesaan Tahap Kedua Tahun Anggaran Berjalan"
    said = "08.30 " + "laporan panitia " * 8
    long = Occasion(**vars(JUAI) | {"name": name, "agenda": said})
    written = words_of(invitation(GUESTS[:1], occasion=long))
    assert "…" not in written and all(word in written for word in (*name.split(), *said.split()))
    assert written.count(" : ") == words_of(invitation(GUESTS[:1])).count(" : ")


def test_a_long_agenda_stays_on_the_page():
    agenda = "\n".join(f"{n}. Acara yang ke-{n} " + "panjang " * 20 for n in range(80))
    long = Occasion(**vars(JUAI) | {"agenda": agenda, "name": "N" * 120, "place": "P " * 60, "speakers": "S" * 400})
    assert pages(invitation(GUESTS[:2], occasion=long)) == 2
    assert "dan seterusnya" in words_of(invitation(GUESTS[:1], occasion=long))


def test_the_sheet_to_sign_numbers_everybody_and_leaves_lines_for_more():
    lines = [Signed(guest, Attendance.INVITED) for guest in GUESTS]
    written = words_of(sheet(lines))
    assert all(guest.name in written for guest in GUESTS)
    assert f"{len(GUESTS)} ...." in written and f"{len(GUESTS) + 1} ...." in written
    assert written.count("Tanda tangan") == pages(sheet(lines)) > 1, "the head of the table stands on each page"
    assert f"halaman {pages(sheet(lines))} dari" in written


def test_the_filled_sheet_says_the_hours_and_its_sums():
    stands = cycle([Attendance.CAME, Attendance.LATE, Attendance.REPRESENTED, Attendance.EXCUSED, Attendance.ABSENT])
    lines = [Signed(guest, next(stands), time(8, 12), "Ani") for guest in GUESTS]
    written = words_of(sheet(lines, is_filled=True))
    each = len(GUESTS) // 5
    assert f"Jumlah di daftar: {len(GUESTS)} orang. Hadir: {2 * each} ({each} terlambat)" in written
    assert f"{each} diwakili, {each} izin, {each} tidak hadir" in written
    assert "hadir, 08.12" in written and "diwakili oleh Ani, 08.12" in written


def test_a_certificate_says_its_number_and_where_it_is_confirmed():
    number = numbered(7, tail_of(JUAI.kind, JUAI.on))
    proofs = [Proof(guest, number, "0123456789ABCDEF", "https://kb.example/sertifikat") for guest in GUESTS[:2]]
    written = words_of(certificates(proofs))
    assert pages(certificates(proofs)) == 2
    for said in ("007/ORIENTASI/II/2025", "0123 4567 89AB CDEF", "kb.example/sertifikat", "Norhasanah 1"):
        assert said in written


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_takes_one_page_and_one_row(name):
    odd = Guest(name, name[:60], name, "A7KMX")
    proof = Proof(odd, "001/" + "X" * 60, "0123456789ABCDEF", "https://kb.example/sertifikat")
    assert pages(invitation([odd] * 2)) == 2 and pages(certificates([proof] * 2)) == 2
    many = [Signed(odd, Attendance.REPRESENTED, time(8), name)] * 60
    plain = [Signed(GUESTS[0], Attendance.CAME, time(8))] * 60
    assert pages(sheet(many, is_filled=True)) == pages(sheet(plain, is_filled=True))


def test_what_the_letters_do_not_have_is_seen_to_be_missing():
    assert "Neng ?? Siti" in words_of(sheet([Signed(Guest("Neng 😀😀 Siti"), Attendance.INVITED)]))


text = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=120)


@settings(max_examples=15, deadline=None)
@given(text, text, text)
def test_whatever_the_names_it_can_be_drawn(name, title, home):
    guest = Guest(name or "x", title, home, "A7KMX")
    assert pages(invitation([guest])) == 1
    assert pages(sheet([Signed(guest, Attendance.CAME, time(8))], is_filled=True)) == 1
    assert pages(certificates([Proof(guest, "001/X", "0123456789ABCDEF", "https://kb.example/sertifikat")])) == 1


def test_the_same_kind_twice_a_month_has_other_numbers():
    assert tail_of(GatheringKind.PERTEMUAN_RUTIN, date(2026, 12, 1)) == "PERTEMUAN-RUTIN/XII/2026"
    assert tail_of(GatheringKind.KIE, date(2026, 5, 1), 1) == "KIE-2/V/2026"
