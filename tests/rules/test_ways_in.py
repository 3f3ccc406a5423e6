"""Passphrases, PINs and sign-in names: what is easy to say, and what is too easy to guess."""

from random import Random

import pytest

from campaign.rules import pin
from campaign.rules.passphrase import Weakness, letters_of, passphrase, weakness
from campaign.rules.sign_in_names import LONGEST, called, short_name

AROUND_HER = ["Ibu Sari Wulandari", "sari", "Margacinta", "Babakancikao", "Kabupaten Purwakarta", "1831 MKJP"]


@pytest.mark.parametrize(
    "password",
    [
        "kuda laut minum teh",
        "bami-koru-teso-wala",
        "Pasar Ikan Lampu",
        "$&*#@!%^()_+",
        "☂☀☁☃★☆♪♫☎☏✈✉",
        "sari kelapa muda di teras",
    ],
)
def test_some_words_of_ones_own_will_do(password):
    assert weakness(password, AROUND_HER) is None


@pytest.mark.parametrize(
    "password",
    [
        "bismillah123456", "posyandu2026!!", "indonesia raya 17", "password password", "qwertyuiop12", "a" * 40,
        "abababababab", "sandisandisandi", "1234567890123456", "3214125003909123", "sari margacinta 26", "Purwakarta 2026!!",
        "P.o.s.y.a.n.d.u 12", "1831 mkjp dppkb", "babakancikao ibu", "wulandari1990",
    ],
)  # fmt: skip
def test_what_is_tried_first_will_not(password):
    assert weakness(password, AROUND_HER) == Weakness.EASY


def test_twelve_characters_are_counted_as_people_count_them():
    assert weakness("kuda laut te") is None and weakness("kuda laut t") == Weakness.SHORT
    assert weakness("é" * 5 + "kuda ☂ laut") is None
    assert weakness("kuda laut " * 20) != Weakness.LONG and weakness("kuda laut " * 20 + "x") == Weakness.LONG


def test_a_passphrase_we_make_is_never_one_we_refuse():
    chance = Random(7)
    assert all(weakness(passphrase(chance.randbytes(16)), AROUND_HER) is None for _ in range(300))


def test_words_of_a_card_are_the_same_however_they_are_typed():
    for typed in ("bami-koru-teso-wala", "BAMI KORU TESO WALA", " Bami koru, teso wala. ", "bamikorutesowala"):
        assert letters_of(typed) == "bamikorutesowala"


EASY = "123456 654321 000000 999999 121212 123123 112233 123321 199003 031990 201026 100390 311290 900310 135791"


@pytest.mark.parametrize("easy", EASY.split(" "))
def test_a_pin_that_is_guessed_in_five_tries_will_not_do(easy):
    assert pin.is_easy(easy)


@pytest.mark.parametrize("fine", ["580274", "904713", "846127", "468207"])
def test_most_pins_will_do(fine):
    assert pin.is_six_digits(fine) and not pin.is_easy(fine)


def test_nine_of_ten_pins_are_free_to_choose():
    assert sum(pin.is_easy(f"{number:06}") for number in range(0, 1_000_000, 7)) < 1_000_000 / 7 / 10


@pytest.mark.parametrize("wrong", ["", "12345", "1234567", "12345a", "٥٨٠٢٧٤", "58027４", "580274\n"])
def test_a_pin_is_six_digits_of_a_telephone(wrong):
    assert not pin.is_six_digits(wrong)


NAMES = {
    "Siti Nurhayati": "siti",
    "Neng Siti Nurhayati": "siti",
    "Neng": "neng",
    "Hj. Siti Nur'aini, S.Pd.": "siti",
    "Hj Nur'aini S.Tr.Keb": "nuraini",
    "Ny. Dédé Sukaesih": "dede",
    "Ibu Sari": "sari",
    "ibu": "ibu",
    "M. Yusuf": "yusuf",
    "R.A. Kartini": "kartini",
    "Ai Rohayati": "ai",
    "ᮔᮔ": "kader",
    "": "kader",
    "3214125003909123 10031990": "kader",
    "Siti 3214125003909123": "siti",
    "x" * 60: "x" * 20,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_sign_in_name_is_what_she_is_called(name):
    assert short_name(name, set()) == NAMES[name]


def test_the_second_siti_is_siti2_and_all_are_short_and_small_letters():
    taken = set()
    for _ in range(300):
        taken.add(short_name("Siti Nurhayati", taken))
        taken.add(short_name("x" * 60, taken))
    assert {"siti", "siti2", "siti300"} <= taken and len(taken) == 600
    assert all(len(name) <= LONGEST and name.isascii() and name.isalnum() and name == name.lower() for name in taken)


def test_a_shared_phone_shows_her_first_name_and_an_initial():
    assert called("Ibu Sari Wulandari Kusumah") == "Ibu Sari W."
    assert called("Hj. Siti Nurhayati, S.Pd.") == "Hj. Siti N."
    assert (called("Sari"), called("Ibu Sari"), called("")) == ("Sari", "Ibu Sari", "")
