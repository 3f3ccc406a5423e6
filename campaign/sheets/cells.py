"""What one cell of an office's sheet says: a NIK, a day, a phone, a method, as people type them and as Excel mangles them.

A reader takes the cell and the row's `Reasons`; it gives what it understood and notes there what a person should know.
None or '' means that nothing was understood; no reader raises.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from rapidfuzz.distance import OSA

from campaign.rules import nik as nik_rules
from campaign.rules.gatherings import Poktan
from campaign.rules.methods import Method
from campaign.rules.names import tidy
from campaign.rules.nik import BadNik, Nik, NikFault, NikWarning
from campaign.sheets.apart import Cell
from campaign.sheets.reasons import Reasons

ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
ERRORS |= {f"Err:{number}" for number in range(501, 541)}  # LibreOffice's
NOTHING = {"n/a", "na", "nihil", "kosong", "tidak", "tdk", "belum", "blm"} | {
    f"{no} {verb}"
    for no in ("tidak", "tdk", "gak", "belum", "blm")
    for verb in ("ada", "punya", "tahu", "tau", "diisi")
}
LONGEST_NOTHING = max(map(len, NOTHING))
BUT_LETTERS = {number: None for number in range(128) if not chr(number).isalnum()}


def text(cell: Cell) -> str:
    """The cell as one tidy line; a whole number without a decimal point."""
    if isinstance(cell, str):
        # Nearly all cells are plain: the full tidying is for the rest.
        return " ".join(cell.split()) if cell.isascii() and cell.isprintable() else tidy(cell)
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def said(cell: Cell) -> str:
    """The same, where a dash or “tidak ada” says as much as a blank cell."""
    if cell is None:
        return ""
    line = text(cell)
    is_short = len(line) <= LONGEST_NOTHING
    return "" if is_short and (not line.strip("-–—_.? ") or line.casefold() in NOTHING) else line


def letters(line: str) -> str:
    """Only its letters and digits, small: what is left to compare when writing differs."""
    return line.casefold().translate(BUT_LETTERS)


# ---- Names ----

TITLES = re.compile(
    r"(?:(?:ny|nn|tn|sdri?|ibu|bu|bapak|bpk|pak|hj|h|haji|hajah|bdn|bidan|drg?|dr[as]|ir|kh|ust)(?:\.\s*|\s+))+(?=\w{2})",
    re.IGNORECASE,
)


def name(cell: Cell) -> str:
    """A person's name without titles before it; one typed all in capitals or all small gets capitals as names have them."""
    line = said(cell)
    line = line[match.end() :] if (match := TITLES.match(line)) else line
    person, comma, degrees = line.partition(",")
    if person.isupper() or person.islower():
        person = re.sub(r"[^\W\d_][\w'’]*", lambda word: word[0].capitalize(), person)
    return person + comma + degrees


# ---- NIK ----

SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
FAULT = {
    NikFault.NOT_DIGITS: "nik_huruf",
    NikFault.LENGTH: "nik_panjang",
    NikFault.DAY: "nik_tanggal_mustahil",
    NikFault.MONTH: "nik_tanggal_mustahil",
    NikFault.CALENDAR: "nik_tanggal_mustahil",
    NikFault.SERIAL: "nik_0000",
}
WARNING = {
    NikWarning.UNKNOWN_REGION: "nik_wilayah_tak_dikenal",
    NikWarning.OLD_REGION: "nik_wilayah_lama",
    NikWarning.UNLIKELY_AGE: "umur_tak_wajar",
}
# As `words.NO_NIK_REASON` has them.
WHY_NO_NIK = {
    r"hilang": "hilang",
    r"dibawa|tinggal": "tidak_dibawa",
    r"belum|blm|proses|susul|urus|rekam": "belum_punya",
    r"": "lain",
}


def nik(cell: Cell, reasons: Reasons, *, on: date, regions, old_regions=frozenset()) -> Nik | None:
    """The NIK by the rules of `rules/nik.py`; a number cell is trusted only as far as Excel's fifteen digits go.

    None, without a reason, where nobody wrote one: there is no digit in the cell.
    """
    line = text(cell).strip('="')  # ="3214…" is how some programs protect it in a csv
    if SCIENTIFIC.fullmatch(line):
        return reasons.add("nik_notasi_ilmiah")
    is_whole = len(line) == 16 and line.isdigit()
    if is_whole and isinstance(cell, int | float):
        if line.endswith("0000"):
            return reasons.add("nik_angka_0000")
        if line.endswith("0") or int(line) > 2**53:
            reasons.add("nik_angka_digit_akhir_0")
    if not is_whole and not re.search("[1-9]", line):
        return None
    try:
        read = nik_rules.read(
            line.casefold().removeprefix("nik").lstrip(" :."), on=on, regions=regions, old_regions=old_regions
        )
    except BadNik as bad:
        params = {"n": bad.length} if bad.code == NikFault.LENGTH else {}
        return reasons.add(FAULT[bad.code], **params)
    for warning in read.warnings:
        reasons.add(WARNING[warning])
    return read


def no_nik_reason(cell: Cell) -> str:
    """Why there is none, as far as the cell tells: a code of `words.NO_NIK_REASON`."""
    return next(code for words, code in WHY_NO_NIK.items() if re.search(words, text(cell), re.IGNORECASE))


# ---- Days ----

FIRST_SERIAL, LAST_SERIAL = 3_654, 73_415  # Excel counts days from 1900: 1910 to 2100
EXCEL_DAY_0 = date(1899, 12, 30)
MONTHS = {
    start: number
    for number, starts in enumerate(
        [
            "jan",
            "feb peb",
            "mar mrt",
            "apr",
            "mei may",
            "jun",
            "jul",
            "agu agt ags aug",
            "sep",
            "okt oct",
            "nov nop",
            "des dec",
        ],
        1,
    )
    for start in starts.split()
}
ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
AT_TIME = r"(?:[ T]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?)?"
YEAR_FIRST = re.compile(r"\D*(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})" + AT_TIME)
DAY_FIRST = re.compile(r"\D*?(\d{1,2})[-/., ]+([a-z]+|\d{1,2})[-/., ']+(\d{4}|\d{2})" + AT_TIME, re.IGNORECASE)
MONTH_FIRST = re.compile(r"([a-z]{3,})\.? (\d{1,2}),? (\d{4})" + AT_TIME, re.IGNORECASE)
ONLY_DIGITS = re.compile(r"\d{5,8}")
WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")


class Written(NamedTuple):
    """Day, month and year as they stand in the cell, whether or not there is such a day."""

    year: int
    month: int
    day: int

    @property
    def day_or_none(self) -> date | None:
        try:
            return date(*self)
        except ValueError:
            return None

    @property
    def swapped(self) -> date | None:
        return Written(self.year, self.day, self.month).day_or_none


def written(cell: Cell, *, on: date, is_birth: bool = True) -> Written | None:
    """The day a cell says: a date cell, Excel's serial number, or text with the day first, after a place or a weekday.

    Two digits of a year are the century that makes a birth 10 to 70 years old on that day, or a plan this century's.
    """
    if isinstance(cell, date):
        return Written(cell.year, cell.month, cell.day)
    line = text(cell)
    if found := DAY_FIRST.fullmatch(line):
        day, month, year = found.groups()
    elif found := YEAR_FIRST.fullmatch(line):
        return Written(*map(int, found.groups()))
    elif found := MONTH_FIRST.fullmatch(line):
        month, day, year = found.groups()
    elif ONLY_DIGITS.fullmatch(line):
        return _from_digits(line, on, is_birth)
    else:
        return None
    number = int(month) if month.isdigit() else ROMAN.get(month.lower()) or MONTHS.get(month[:3].lower())
    return Written(_full_year(year, on, is_birth), number, int(day)) if number else None


def _from_digits(line: str, on: date, is_birth: bool) -> Written | None:
    if len(line) == 5 and FIRST_SERIAL <= int(line) <= LAST_SERIAL:
        day = EXCEL_DAY_0 + timedelta(days=int(line))
        return Written(day.year, day.month, day.day)
    line = line.zfill(8) if len(line) == 7 else line  # a number cell has lost the day's 0
    if len(line) in (6, 8):
        first = Written(_full_year(line[4:], on, is_birth), int(line[2:4]), int(line[:2]))
        return first if first.day_or_none or len(line) == 6 else Written(int(line[:4]), int(line[4:6]), int(line[6:]))
    return None


def _full_year(year: str, on: date, is_birth: bool) -> int:
    if len(year) == 4:
        return int(year)
    this_century = on.year - on.year % 100 + int(year)
    if not is_birth:
        return this_century
    return this_century if this_century <= on.year - 10 else this_century - 100


def birth_date(cell: Cell, nik: Nik | None, reasons: Reasons, *, on: date) -> date | None:
    """Her birth date. The NIK's stands where it has one: the column is only compared with it."""
    there = written(cell, on=on)
    day = there and there.day_or_none
    known = nik and nik.birth_date
    if there is None and not said(cell):
        if not known:
            reasons.add("tgl_kosong")
    elif not known:
        if day is None or day > on:
            day = reasons.add("tgl_tak_terbaca")
    elif there and day != known and there.swapped == known:
        reasons.add("tgl_tertukar_bulan")
    elif day is None:
        reasons.add("tgl_mustahil")
    elif day > on:
        reasons.add("tgl_masa_depan")
    elif day != known:
        reasons.add("nik_beda_tgl_lahir")
    return known or day


def plan_date(cell: Cell, reasons: Reasons, *, on: date) -> date | None:
    """A day to come; its weekday's name, if one stands before it, is compared with it."""
    there = written(cell, on=on, is_birth=False)
    day = there and there.day_or_none
    if day is None:
        return reasons.add("tanggal_tak_terbaca", text=text(cell))
    named = letters(re.match(r"\D*", text(cell))[0]).replace("jumaat", "jumat").replace("ahad", "minggu")
    if named in WEEKDAYS and WEEKDAYS.index(named) != day.weekday():
        reasons.add("nama_hari_beda", day=WEEKDAYS[day.weekday()])
    return day


# ---- Hours ----

CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])(?:[.:]([0-5]\d))?(?:[.:]\d{2})?(?!\d)")


def hours(cell: Cell) -> list[time]:
    """The times of day in a cell: none, when it begins, or when it begins and ends."""
    if isinstance(cell, datetime):
        return [cell.time()]
    if isinstance(cell, time):
        return [cell]
    if isinstance(cell, float) and 0 < cell < 1:  # Excel keeps a time as a part of the day
        return [(datetime.min + timedelta(minutes=round(cell * 24 * 60))).time()]
    return [time(int(hour), int(minute or 0)) for hour, minute in CLOCK.findall(text(cell))]


# ---- Phones ----

BUT_DIGITS = {number: None for number in range(0x3000) if not chr(number).isdigit()}


def phone(cell: Cell, reasons: Reasons) -> str | None:
    """A mobile number as the app keeps it: +628…; of several in the cell the first that can be one."""
    line = text(cell)
    if one := _mobile(line):
        return one
    if not re.search("[1-9]", line):
        return None
    parts = re.split(r"[/,;&]|\b(?:dan|atau)\b|\s(?=\+?(?:62|0)8)", line)
    numbers = [number for part in parts if (number := _mobile(part))]
    if not numbers:
        return reasons.add("hp_salah")
    if len(numbers) > 1:
        reasons.add("hp_ganda")
    return numbers[0]


def _mobile(line: str) -> str | None:
    digits = line.translate(BUT_DIGITS)
    for abroad in ("0062", "620", "62"):
        if digits.startswith(abroad + "8"):
            digits = digits.removeprefix(abroad)
            break
    digits = digits.removeprefix("0")
    return f"+62{digits}" if digits.isascii() and digits[:1] == "8" and 9 <= len(digits) <= 12 else None


# ---- Where in the desa ----

RT, RW = (re.compile(rf"(?<![a-z]){unit}\W*(\d{{1,3}})(?!\d)", re.IGNORECASE) for unit in ("rt", "rw"))
PAIR = re.compile(r"(?:rt\s*/\s*rw\W*)?(\d{1,3})\s*[-/.,\\ ]\s*(\d{1,3})", re.IGNORECASE)


def rt_rw(cell: Cell, reasons: Reasons) -> tuple[str, str]:
    """RT and RW from one cell, three digits each, '' where there is none."""
    if isinstance(cell, date):  # 06/05 became the 6th of May
        rt, rw = f"{cell.day:03}", f"{cell.month:03}"
        reasons.add("rt_rw_jadi_tanggal", rt=rt, rw=rw)
        return rt, rw
    line = said(cell)
    if pair := PAIR.fullmatch(line):
        return pair[1].zfill(3), pair[2].zfill(3)
    rt, rw = RT.search(line), RW.search(line)
    if rt or rw:
        return rt[1].zfill(3) if rt else "", rw[1].zfill(3) if rw else ""
    if line.isascii() and line.isdigit() and len(line) <= 3:
        return line.zfill(3), ""
    if line:
        reasons.add("rt_rw_tak_terbaca")
    return "", ""


def unit(cell: Cell, reasons: Reasons) -> str:
    """One RT or RW from a column of its own, three digits."""
    line = said(cell)
    found = re.fullmatch(r"(?:r[tw])?\W*(\d{1,3})", line, re.IGNORECASE)
    if line and not found:
        reasons.add("rt_rw_tak_terbaca")
    return found[1].zfill(3) if found else ""


def kader_rw(cell: Cell, reasons: Reasons) -> str | None:
    """The RW a Sub PPKBD looks after, from “RW 03”, “RT 02/RW 03”, “Dusun II / RW 03” or a bare number, three digits."""
    line = re.sub(r"(?i)dusun\W*\w+", "", said(cell))
    numbers = re.findall(r"\d{1,3}(?!\d)", line)
    roman = ROMAN.get(re.sub(r"(?i)\brw\b|\W", "", line).lower())
    if roman:
        return f"{roman:03}"
    if found := RW.search(line):
        numbers = re.findall(r"\d{1,3}(?!\d)", line[found.start() :])
    elif RT.search(line) or PAIR.fullmatch(line):
        numbers = numbers[1:]
    if not numbers:
        return reasons.add("rw_kosong")
    if len(numbers) > 1:
        reasons.add("rw_lebih", rw=numbers[0])
    return numbers[0].zfill(3)


# ---- Numbers ----


def number(cell: Cell) -> Decimal | None:
    """A number of any size as written in Indonesia: dots group thousands, a comma begins the decimals.

    1,234 could be either and is not guessed at.
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return Decimal(str(cell))
    line = re.sub(r"(?i)[\s%]|[a-z]+\.?$", "", said(cell))
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?", line) or re.fullmatch(r"-?\d+,(?:\d{1,2}|\d{4,})", line):
        line = line.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(?:,\d{3})+\.\d+|-?\d{1,3}(?:,\d{3}){2,}", line):
        line = line.replace(",", "")
    return Decimal(line) if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", line) else None


# ---- Chosen words ----

TWO_RODS, ONE_ROD = (
    re.compile(rf"(?i)\b(?:{n})\s*(?:batang|btg|rod)|impla\w+\W*{n[0]}\b") for n in ("2|dua|ii", "1|satu|i")
)
MKJP_WORDS = {
    r"impla?n|\bimpl?\b|susuk|indoplant?|implt": Method.IMPLAN,
    r"\bi\W?u\W?d\b|\ba\W?k\W?d\W?r\b|spiral|copper|\bcu\W?t": Method.IUD,
    r"\bm\W?o\W?w\b|tubektomi|steril|kontap": Method.MOW,
    r"\bm\W?o\W?p\b|vasektomi": Method.MOP,
}
OTHER_WORDS = re.compile(r"(?i)\bpil\b|suntik|kondom|\bkdm\b|\bstk\b|depo|alami|kalender|senggama|\bmal\b")
UNDECIDED = re.compile(r"(?i)belum|blm|bingung|ragu|menunggu|musyawarah")
SPELLED = {
    spelled: method
    for method, words in {
        Method.IMPLAN: "implan implant inplant susuk",
        Method.IUD: "spiral",
        Method.MOW: "tubektomi sterilisasi",
        Method.MOP: "vasektomi",
    }.items()
    for spelled in words.split()
}


def method(cell: Cell, reasons: Reasons) -> Method:
    """The method she wishes for; BELUM where none, several or an unknown one is written. Others than MKJP are refused."""
    line = said(cell)
    found = {method for words, method in MKJP_WORDS.items() if re.search(words, line, re.IGNORECASE)}
    if not found and len(line) > 4:
        found = {method for spelled, method in SPELLED.items() if OSA.distance(letters(line), spelled) == 1}
    if not line or UNDECIDED.search(line):
        reasons.add("alkon_kosong")
    elif OTHER_WORDS.search(line) and not found:
        reasons.add("alkon_bukan_mkjp", text=line)
    elif len(found) > 1 or OTHER_WORDS.search(line):
        reasons.add("alkon_dua")
    elif not found:
        reasons.add("alkon_tak_dikenal", text=line)
    elif found == {Method.IMPLAN}:
        return Method.IMPLAN_2 if TWO_RODS.search(line) else Method.IMPLAN_1 if ONE_ROD.search(line) else Method.IMPLAN
    else:
        return found.pop()
    return Method.BELUM


SEX = {"p": True, "pr": True, "perempuan": True, "wanita": True, "w": True, "f": True} | dict.fromkeys(
    ("l", "lk", "laki", "lakilaki", "pria", "m"), False
)


def is_female(cell: Cell) -> bool | None:
    """L or P, as words or letters."""
    return SEX.get(letters(said(cell)))


def jabatan(cell: Cell, ppkbd_name: str = "PPKBD", sub_ppkbd_name: str = "Sub PPKBD") -> str | None:
    """`ppkbd` or `sub_ppkbd`; what the kabupaten calls them comes first (in Kulon Progo “PPKBD” is the RW's)."""
    line = letters(said(cell))
    own = {letters(ppkbd_name): "ppkbd", letters(sub_ppkbd_name): "sub_ppkbd"}
    if line in own:
        return own[line]
    if re.search(r"ppkb|poskb", line):
        return "sub_ppkbd" if "sub" in line else "ppkbd"
    return None


# ---- Poktan ----

POKTAN = {poktan.value.replace("_", ""): poktan for poktan in Poktan} | {"uppks": Poktan.UPPKA, "pik": Poktan.PIK_R}


def poktan(cell: Cell, reasons: Reasons) -> list[str]:
    """The groups a kader looks after, from “BKB, PIK-R”; UPPKS is what UPPKA was called."""
    found, unknown = set(), []
    for part in re.split(r"[,;/+&]|\bdan\b", said(cell), flags=re.IGNORECASE):
        if name := letters(part):
            if name in POKTAN:
                found.add(POKTAN[name])
            else:
                unknown.append(part.strip())
    if unknown:
        reasons.add("poktan_tak_dikenal", text=", ".join(unknown))
    return [poktan.value for poktan in Poktan if poktan in found]
