"""What the screen says: numbers, dates, names, bars."""

import re
from datetime import date

import pytest
import segno

from campaign import words
from campaign.rules.names import tidy


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (17, "tujuh belas"),
        (110, "seratus sepuluh"),
        (1000, "seribu"),
        (1381, "seribu tiga ratus delapan puluh satu"),
        (1831, "seribu delapan ratus tiga puluh satu"),
        (2_001_100, "dua juta seribu seratus"),
    ],
)
def test_a_headline_is_read_aloud(number, read):
    assert words.spelled(number) == read


def test_every_word_of_ours_has_a_label():
    for kind, labels in words.LABEL.items():
        assert set(labels) == set(kind), kind.__name__


def test_numbers_and_days_as_written_here():
    assert (words.number(1831), words.number(None), words.percent(61)) == ("1.831", "–", "61 %")
    assert words.day(date(2026, 8, 17), with_weekday=True) == "Senin, 17 Agustus 2026"


def test_the_bar_goes_on_beyond_the_target_and_never_off_the_picture():
    usual = words.bar(6, 1, 2, 3, 10)
    assert usual["served"] < usual["booked"] < usual["registered"] <= 1000
    assert usual["beyond"] == 0
    far = words.bar(417, 0, 0, 0, 10)
    assert far["target"] + far["beyond"] <= 1000 and far["beyond"] > 0
    none = words.bar(3, 0, 0, 0, 0)
    assert none["target"] is None and none["served"] > 0


def test_a_name_is_kept_without_what_turns_or_hides_it():
    assert tidy("  Neng\u202e  Siti\u200b\x00\n A'isyah ") == "Neng Siti A'isyah"
    assert tidy("e\u0301") == "é"
    assert tidy(None) == ""


def test_a_qr_code_is_drawn_row_by_row_with_its_white_border():
    address = "https://kampanye.example.go.id/aktivasi/" + "a" * 32
    drawn, made = words.qr(address), segno.make_qr(address, error="m", boost_error=False, mask=3).matrix
    dark = set()
    for y, strokes in re.findall(r"M4 (\d+)\.5([hm\d ]+)", drawn["path"]):
        x = 0
        for pen, length in re.findall(r"([hm])(\d+)", strokes):
            dark |= {(x + n, int(y) - 4) for n in range(int(length)) if pen == "h"}
            x += int(length)
    assert dark == {(x, y) for y, row in enumerate(made) for x, cell in enumerate(row) if cell}
    assert drawn["size"] == len(made) + 8


def test_a_browser_is_named_as_its_owner_would():
    android = "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
    iphone = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Version/17.1 Mobile Safari/604.1"
    )
    assert words.browser_name(android) == "Chrome di HP Android"
    assert words.browser_name(android + " SamsungBrowser/23.0") == "Samsung Internet di HP Android"
    assert words.browser_name(iphone) == "Safari di iPhone"
    assert words.browser_name("") == "Peramban di perangkat lain"
