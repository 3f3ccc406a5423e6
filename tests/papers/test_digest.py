"""The day's message: one set of numbers, the same in text, picture and on paper; help first, thanks too, no small number told."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from json import dumps, loads

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from campaign import papers
from campaign.papers import look, telling
from campaign.rules.digest import LONGEST, Area, Numbers, due_at
from campaign.rules.pace import Pace
from tests.papers.written import words_of

SUKASARI = Area("Sukasari", 40, 12, 12, Pace.NEEDS_HELP)
SUKATANI = Area("Sukatani", 121, 24, 24, Pace.NEEDS_HELP)
PLERED = Area("Plered", 9, 1, 4, Pace.BEHIND)
MANIIS = Area("Maniis", 65, 67, 67, Pace.REACHED)
BOJONG = Area("Bojong", 0, 0, 0, Pace.NO_TARGET)
TOLD = Numbers(
    campaign="1831 MKJP",
    place="Kabupaten Purwakarta",
    zone="Asia/Jakarta",
    on=date(2026, 7, 9),
    at=datetime(2026, 7, 9, 9, 0, 3, tzinfo=UTC),
    closes_on=date(2026, 7, 31),
    is_closed=False,
    is_example=False,
    is_rehearsal=False,
    target=1831,
    served=1118,
    today=38,
    booked=203,
    waiting_nik=12,
    outside=2,
    days_left=17,
    lately=250,
    rate_days=7,
    unconfirmed=31,
    points=4,
    areas=(BOJONG, MANIIS, SUKASARI, PLERED, SUKATANI),
)


def test_the_text_says_all_of_it_in_one_screen():
    assert telling.text(TOLD) == (
        "*1831 MKJP · Kabupaten Purwakarta*\n"
        "Kamis, 9 Juli 2026, per 16:00:03 WIB\n\n"
        "*1.118 dari 1.831 sudah dilayani (61 %)*\n"
        "Hari ini: 38 · terjadwal: 203 · menunggu NIK: 12 · luar wilayah: 1–4\n\n"
        "Masih 713 lagi: perlu 42 per hari pelayanan (17 hari). 7 hari pelayanan terakhir: 35,7 per hari.\n\n"
        "*Perlu bantuan lebih dulu:*\n• Sukatani: 24 dari 121\n• Sukasari: 12 dari 40\n\n"
        "Terima kasih, Maniis: target sudah tercapai.\n\n"
        "31 orang di 4 tempat pelayanan belum dikonfirmasi sesudah harinya: angka ini masih dapat naik."
    )


def test_the_paper_says_the_same_numbers_at_the_same_moment_and_every_kecamatan():
    written = words_of(papers.drawn("digest", "pdf", TOLD))
    for sentence in (telling.when, telling.headline, telling.progress, telling.ahead, telling.completeness):
        assert sentence(TOLD) in written
    names = [area.name for area in (SUKASARI, SUKATANI, PLERED, MANIIS, BOJONG)]
    assert sorted(names, key=written.index) == ["Plered", "Sukatani", "Sukasari", "Maniis", "Bojong"]
    assert "1–4 9 – " in written.replace("  ", " "), "neither a small number nor a share made of it"


def test_the_picture_draws_the_share():
    picture = Image.open(io.BytesIO(papers.drawn("digest", "png", TOLD))).convert("RGB")
    assert picture.size == (1080, 1440)
    served = near(ImageColor.getrgb(look.SERVED))
    lengths = {sum(served(picture.getpixel((x, y))) for x in range(1080)) for y in range(0, 1440, 4)}
    assert max(lengths) == pytest.approx(952 / 1.12 * 1118 / 1831, abs=4)


def near(colour):
    return lambda pixel: all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True))


def test_the_same_numbers_are_the_same_bytes_and_others_are_not():
    for form in ("png", "pdf"):
        draw = papers.drawn.__wrapped__  # not what was kept
        assert draw("digest", form, TOLD) == draw("digest", form, TOLD)
        assert draw("digest", form, TOLD) != draw("digest", form, replace(TOLD, served=1119))


def test_what_is_kept_is_what_was_told():
    assert Numbers.read(loads(dumps(TOLD.as_json()))) == TOLD


def test_the_hour_is_the_campaigns_own():
    assert due_at(TOLD.on, "Asia/Jakarta") == datetime(2026, 7, 9, 9, tzinfo=UTC)
    assert due_at(TOLD.on, "Asia/Jayapura") == datetime(2026, 7, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"served": 1831}, "Target tercapai. Terima kasih"),
        ({"days_left": 0}, "Target belum tercapai, dan belum ada hari pelayanan lagi."),
        ({"is_closed": True}, "Kampanye sudah berakhir. Kurang 713 dari target."),
        ({"target": 0}, "Target kampanye belum diisi."),
        ({"unconfirmed": 0}, "Semua hari pelayanan yang sudah lewat terkonfirmasi."),
        ({"is_example": True}, "DATA CONTOH"),
        ({"is_rehearsal": True}, "GLADI BERSIH"),
    ],
)
def test_other_days_have_other_words(about, said):
    told = replace(TOLD, **about)
    assert said in telling.text(told)
    assert said in words_of(papers.drawn("digest", "pdf", told))
    papers.drawn("digest", "png", told)


def test_the_first_few_services_are_not_told_one_by_one():
    """Neither themselves nor by what is missing, nor by how fast it went."""
    text = telling.text(replace(TOLD, served=3, today=2, lately=1, areas=()))
    assert "1–4 dari 1.831 sudah dilayani (0 %)" in text and "Hari ini: 1–4" in text
    assert "1.828" not in text and "terakhir" not in text


@pytest.mark.parametrize("about", [{}, {"is_closed": True}, {"days_left": 1}])
def test_of_a_small_target_too_nothing_beside_the_range_tells_the_number(about):
    told = [replace(TOLD, target=20, served=served, booked=0, today=0, lately=0, **about) for served in (1, 2, 3, 4)]
    assert len({telling.text(one) for one in told}) == 1, "neither a share, nor what is missing, nor what is needed"
    assert len({papers.drawn("digest", "png", one) for one in told}) == 1, "nor the length of a bar"


def test_a_name_cannot_turn_the_message_bold():
    told = replace(TOLD, campaign="*1831* _MKJP_", areas=(replace(SUKASARI, name="~Suka~sari"),))
    assert telling.text(told).startswith("*1831 MKJP · Kabupaten Purwakarta*")
    assert "• Sukasari: 12" in telling.text(told)


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=80)
bands = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(sorted)
areas = st.builds(
    lambda name, target, band, pace: Area(name, target, *band, pace),
    names,
    st.integers(0, 10**6),
    bands,
    st.sampled_from(Pace),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(areas, max_size=60), st.text(min_size=1, max_size=120), st.integers(0, 10**7), st.integers(0, 10**7))
def test_whatever_the_names_it_is_short_and_can_be_drawn(listed, campaign, served, target):
    told = replace(TOLD, areas=tuple(listed), campaign=campaign, served=served, target=target)
    assert 0 < len(telling.text(told)) <= LONGEST
    assert papers.drawn("digest", "pdf", told).startswith(b"%PDF")
    assert papers.drawn("digest", "png", told).startswith(b"\x89PNG")
