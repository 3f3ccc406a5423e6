"""Read, check and mask a NIK, the sixteen digits an Indonesian keeps for life.

Six digits name the kecamatan that registered her first, six her birth (day, month, two digits of the year; a woman's
day is written plus 40), four are a serial. There is no check digit, and moving house or mending a birth date changes
nothing: what merely looks odd is a warning, and only what cannot be a NIK is refused.
"""

import re
from calendar import monthrange
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Any white space (NBSP and line ends are among it), dashes short and long, slash, apostrophes straight and curled, BOM.
AROUND_THE_DIGITS = re.compile(r"[\s\-\u2010-\u2015\u2212/'`\u00b4\u02bc\u2018\u2019\ufeff]")


class NikFault(StrEnum):
    """Why this cannot be a NIK, in the order in which it is looked at."""

    NOT_DIGITS = "not_digits"
    LENGTH = "length"
    DAY = "day"
    MONTH = "month"
    CALENDAR = "calendar"
    SERIAL = "serial"


class NikWarning(StrEnum):
    """What a person should look at once more before she goes on."""

    UNKNOWN_REGION = "unknown_region"
    OLD_REGION = "old_region"
    UNLIKELY_AGE = "unlikely_age"
    OTHER_BIRTH_DATE = "other_birth_date"
    OTHER_SEX = "other_sex"


class BadNik(ValueError):
    """This cannot be a NIK. It tells the fault and how many characters there were, never which: errors end in logs."""

    def __init__(self, code: NikFault, length: int):
        super().__init__(code, length)
        self.code = code
        self.length = length

    def __str__(self):
        return f"not a NIK: {self.code}, {self.length} characters"


@dataclass(frozen=True, repr=False)
class Nik:
    """A NIK that may be real. Shown by accident, in a log or on a page, it gives away only its last four digits."""

    digits: str
    birth_date: date | None
    is_female: bool
    warnings: tuple[NikWarning, ...] = ()

    # Not the generated one: the birth date alone would tell six of the sixteen digits.
    def __repr__(self):
        return f"Nik({mask(self.digits)})"

    def __str__(self):
        return mask(self.digits)


def mask(digits: str) -> str:
    """Only the last four digits: the other twelve tell where and when she was born."""
    return "•" * 12 + digits[-4:]


def clean(text: str) -> str:
    """The digits without what sheets, phones and habits put around and between them.

    Digits of other scripts stay as they are and are refused later: nobody types them on purpose.
    """
    # The dots go last: by its dot alone a number cell's ".0" differs from a serial that ends in 0.
    return AROUND_THE_DIGITS.sub("", text).removesuffix(".0").replace(".", "")


def read(
    text: str, *, on: date, regions: Container[str] | None = None, old_regions: Container[str] = frozenset()
) -> Nik:
    """Read a NIK as it was typed, built as PP 37/2007 Ps 37 says and kept for life by PP 40/2019 Ps 30(2).

    `on` is the day her age is reckoned for. `regions` are the kecamatan of today and `old_regions` those abolished, as
    six digits; without `regions` nothing is said about the region. Raises `BadNik`. Her age is judged only as far as it
    tells the century (10 to 70 years); whether she may take part is the form's to ask.
    """
    digits = clean(text)
    if not (digits.isascii() and digits.isdigit()):
        raise BadNik(NikFault.NOT_DIGITS, len(digits))
    if len(digits) != 16:
        raise BadNik(NikFault.LENGTH, len(digits))

    region, day, month, year = digits[:6], int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    is_female = day > 40
    day -= 40 if is_female else 0
    if not 1 <= day <= 31:
        raise BadNik(NikFault.DAY, 16)
    if not 1 <= month <= 12:
        raise BadNik(NikFault.MONTH, 16)
    births = _possible_births(day, month, year, on=on)
    if not births:
        raise BadNik(NikFault.CALENDAR, 16)
    if digits[12:] == "0000":
        raise BadNik(NikFault.SERIAL, 16)

    # 61 years out of a hundred: never do both centuries fit.
    birth_date = next((birth for birth in births if 10 <= age(birth, on=on) <= 70), None)
    warnings = []
    if regions is not None and region not in regions:
        warnings.append(NikWarning.OLD_REGION if region in old_regions else NikWarning.UNKNOWN_REGION)
    if birth_date is None:
        warnings.append(NikWarning.UNLIKELY_AGE)
    return Nik(digits, birth_date, is_female, tuple(warnings))


def disagreements(nik: Nik, *, birth_date: date | None = None, is_female: bool = True) -> tuple[NikWarning, ...]:
    """Where the NIK says something else than the form.

    Never a refusal: a birth date mended later leaves the NIK as it was (PP 40/2019 Ps 30(2)).
    """
    warnings = []
    if birth_date is not None and not _agrees(nik, birth_date):
        warnings.append(NikWarning.OTHER_BIRTH_DATE)
    if nik.is_female != is_female:
        warnings.append(NikWarning.OTHER_SEX)
    return tuple(warnings)


def age(birth_date: date, *, on: date) -> int:
    """Full years on that day; born on 29 February, she is a year older on 1 March where the year has no 29th."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def _possible_births(day: int, month: int, year: int, *, on: date) -> list[date]:
    """The dates these digits can mean in this century and the last. 29 February is in few years, 31 April in none."""
    century = on.year - on.year % 100
    years = (century + year, century - 100 + year)
    return [date(full_year, month, day) for full_year in years if day <= monthrange(full_year, month)[1]]


def _agrees(nik: Nik, birth_date: date) -> bool:
    if nik.birth_date is not None:
        return nik.birth_date == birth_date
    # No century was likely, so only what the NIK does say can disagree: day, month and two digits of the year.
    written_day = birth_date.day + (40 if nik.is_female else 0)
    return nik.digits[6:12] == f"{written_day:02}{birth_date:%m%y}"
