"""The day's message in sentences: the same ones in the text to send, in the picture and on paper."""

from campaign import words
from campaign.rules import digest as rules
from campaign.rules.banding import SMALL, Band
from campaign.rules.digest import Area, Numbers, told_as
from campaign.words import day, number, percent, stamp

MARKS = str.maketrans("", "", "*_~`")  # what a messenger would turn into bold, italics, struck out


def text(told: Numbers) -> str:
    """The message as it is pasted or sent: at most rules.LONGEST letters."""
    return rules.shortened(lambda named: _text(told, named), rules.NAMED)


def _text(told: Numbers, named: int) -> str:
    need, reached = told.in_need, told.reached
    parts = [
        "\n".join([*marks(told), f"*{_plain(told.campaign)} · {_plain(told.place)}*", when(told)]),
        f"*{headline(told)}*\n{progress(told)}",
        ahead(told),
        need and "\n".join(["*Perlu bantuan lebih dulu:*", *_listed(need, named)]),
        reached and f"Terima kasih, {names(reached, named)}: target sudah tercapai.",
        completeness(told),
    ]
    return "\n\n".join(part for part in parts if part)


def marks(told) -> list[str]:
    """What nobody may take for the campaign's own numbers; `told` are Numbers, or the campaign itself."""
    if told.is_rehearsal:
        return ["GLADI BERSIH: semua angka karangan"]
    return ["DATA CONTOH: semua angka karangan"] if told.is_example else []


def when(told: Numbers) -> str:
    return f"{day(told.on, with_weekday=True)}, {stamp(told.at, told.zone)}"


def headline(told: Numbers) -> str:
    """1.118 dari 1.831 sudah dilayani (61 %)."""
    of = f" dari {number(told.target)}" if told.target else ""
    share = f" ({percent(told.share)})" if told.share is not None else ""
    return f"{few(told.served)}{of} sudah dilayani{share}"


def progress(told: Numbers) -> str:
    """What stands beside the number, as far as there is any."""
    today = number(told.today) if told.served >= SMALL else few(told.today)
    beside = {"terjadwal": told.booked, "menunggu NIK": told.waiting_nik, "luar wilayah": told.outside}
    return " · ".join([f"Hari ini: {today}", *(f"{what}: {few(many)}" for what, many in beside.items() if many)])


def ahead(told: Numbers) -> str:
    """What is left to do, against what was done lately."""
    outlook, is_told = told.outlook, told_as(told.served).is_exact
    if told.is_reached:
        return "Target tercapai. Terima kasih, para kader, PLKB, dan bidan!"
    if told.target and told.is_closed:
        missing = f" Kurang {number(outlook.missing)} dari target." if is_told else ""
        return f"Kampanye sudah berakhir.{missing}"
    if not told.target:
        first = "Target kampanye belum diisi."
    elif outlook.needed_per_day is None:
        first = "Target belum tercapai, dan belum ada hari pelayanan lagi."
    elif told.needed_per_day is None:
        first = f"Masih ada {number(told.days_left)} hari pelayanan."
    else:
        left = f"Masih {number(outlook.missing)} lagi: perlu" if is_told else "Perlu"
        first = f"{left} {number(told.needed_per_day)} per hari pelayanan ({number(told.days_left)} hari)."
    if not told.rate_days or not told_as(told.lately).is_exact:
        return first
    return f"{first} {number(told.rate_days)} hari pelayanan terakhir: {words.rate(outlook.rate)} per hari."


def completeness(told: Numbers) -> str:
    """What the numbers do not hold yet."""
    if not told.unconfirmed:
        return "Semua hari pelayanan yang sudah lewat terkonfirmasi."
    return (
        f"{number(told.unconfirmed)} orang di {number(told.points)} tempat pelayanan belum dikonfirmasi sesudah harinya: "
        "angka ini masih dapat naik."
    )


def range_of(band: Band) -> str:
    """12; 1–4."""
    return number(band.low) if band.is_exact else f"{number(band.low)}–{number(band.high)}"


def few(many: int) -> str:
    """A number of the whole campaign."""
    return range_of(told_as(many))


def served_of(area: Area) -> str:
    """12 dari 32; 1–4 dari 9."""
    return f"{range_of(area.band)} dari {number(area.target)}" if area.target else range_of(area.band)


def _listed(areas: list[Area], named: int) -> list[str]:
    lines = [f"• {_plain(area.name)}: {served_of(area)}" for area in areas[:named]]
    rest = len(areas) - named
    return lines + (
        [f"• dan {number(rest)} kecamatan lain" if named else f"• {number(rest)} kecamatan"] if rest > 0 else []
    )


def names(areas: list[Area], named: int) -> str:
    """So many by name, the others by number."""
    rest = len(areas) - named
    if rest <= 0:
        *first, last = [_plain(area.name) for area in areas]
        return f"{', '.join(first)} dan {last}" if first else last
    names = ", ".join(_plain(area.name) for area in areas[:named])
    return f"{names} dan {number(rest)} kecamatan lain" if named else f"{number(rest)} kecamatan"


def _plain(name: str) -> str:
    return name.translate(MARKS)
