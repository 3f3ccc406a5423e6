"""A PIN is six digits, worth something only on its own phone, for five tries. Some are guessed in five."""

import re
from itertools import pairwise

TRIES = 5
SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)
YEAR = re.compile(r"19[4-9]\d|20[0-2]\d")
DAY, MONTH = r"(0[1-9]|[12]\d|3[01])", r"(0[1-9]|1[0-2])"
BIRTH_DATE = re.compile(rf"{DAY}{MONTH}\d\d|\d\d{MONTH}{DAY}")


def is_six_digits(pin: str) -> bool:
    return bool(SIX_DIGITS.fullmatch(pin))


def is_easy(pin: str) -> bool:
    """Whether six digits are among what people take: counting, a pattern said again, a birth date or year."""
    steps = {(int(later) - int(earlier)) % 10 for earlier, later in pairwise(pin)}
    is_counting = len(steps) == 1
    says_again = pin[:3] == pin[3:] or pin[:2] * 3 == pin or pin[::2] == pin[1::2] or pin == pin[::-1]
    is_a_date = YEAR.match(pin) or YEAR.match(pin[2:]) or BIRTH_DATE.fullmatch(pin)
    return is_counting or says_again or len(set(pin)) < 3 or bool(is_a_date)
