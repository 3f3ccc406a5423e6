"""The registers of a month as xlsx, and a table pasted from SIGA read apart."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campaign.rules.methods import ALOKON_CODE, Method
from campaign.rules.registers import COUNTED, COUNTED_NAME, HEADER, Line, Register, cells, total
from campaign.sheets.apart import Cell
from campaign.sheets.handout import Table, tables
from campaign.words import label, said

WIDTHS = (6, 12, 22, 19, 24, 12, 30, 16, 10)


def register_file(
    register: Register, recapped: dict[Method, Counter], *, above: Sequence[Sequence[Cell]], said_beside: Sequence[str]
) -> bytes:
    """R/I/KB/20 in its 24 columns (behind them the place and what the form cannot hold), F/II/KB, and the notes."""
    rows = [
        [*cells(no, line), line.point, _notes(register, line)] for _point, page in register.sheets for no, line in page
    ]
    notes = [[sentence] for sentence in said_beside]
    return tables(
        Table("R-I-KB-20", above, [*HEADER, "Tempat", "Yang tidak punya kolom"], rows, WIDTHS),
        Table("F-II-KB", above, ["Kode", "Metode", *COUNTED_NAME.values()], recap_rows(recapped), (8, 28, 12)),
        Table("Catatan", above, ["Yang perlu diketahui"], notes, (110,)),
    )


def recap_file(named: Sequence[tuple[str, dict[Method, Counter]]], *, above: Sequence[Sequence[Cell]]) -> bytes:
    """F/II/KB of several puskesmas, one sheet each."""
    return tables(
        *(
            Table(
                f"{place} {name}", above, ["Kode", "Metode", *COUNTED_NAME.values()], recap_rows(recapped), (8, 28, 12)
            )
            for place, (name, recapped) in enumerate(named, start=1)
        )
    )


def recap_rows(recapped: dict[Method, Counter]) -> list[list[Cell]]:
    rows = [[ALOKON_CODE[method], label(method), *(row[name] for name in COUNTED)] for method, row in recapped.items()]
    summed = total(recapped.values())
    return [*rows, [None, "Jumlah", *(summed[name] for name in COUNTED)]]


def _notes(register: Register, line: Line) -> str | None:
    return "; ".join(said(note, line) for note in register.noted[line.id]) or None


# ---- What SIGA says ----


@dataclass(frozen=True)
class Difference:
    """One cell where SIGA and we differ; no method: the row of sums."""

    method: Method | None
    column: str
    ours: int
    theirs: int


@dataclass(frozen=True)
class Compared:
    """A pasted table beside ours: what differs, how many cells were compared, and what could not be read."""

    differences: tuple[Difference, ...]
    cells: int
    unread: tuple[str, ...]
    missing: tuple[Method, ...]  # methods SIGA's table does not show, though we have something there


COLUMN_SIGN = (
    ("jumlah_baru", r"jumlah.*baru|baru.*jumlah"),
    ("baru_salin", r"salin|persalinan"),
    ("baru_keguguran", r"keguguran"),
    ("ganti_cara", r"ganti"),
    ("ulangan", r"ulang"),
    ("non_apbn", r"non.*apbn"),
    ("apbn", r"apbn"),
    ("komplikasi", r"komplikasi"),
    ("kegagalan", r"gagal"),
    ("cabut", r"cabut"),
    ("total", r"total"),
    ("baru", r"baru"),
)
METHOD_SIGN = (
    (Method.SUNTIK_1, r"sunti\w*\W*1|1\W*bulan"),
    (Method.SUNTIK_3_PROGESTIN, r"sunti\w*.*3.*progest"),
    (Method.SUNTIK_3_KOMBINASI, r"sunti\w*.*3"),
    (Method.PIL_PROGESTIN, r"pil.*progest|mini\W*pil"),
    (Method.PIL_KOMBINASI, r"pil"),
    (Method.KONDOM, r"kondom"),
    (Method.IMPLAN_1, r"impl\w*\W*(?:\()?1|1\W*batang"),
    (Method.IMPLAN_2, r"impl\w*\W*(?:\()?2|2\W*batang"),
    (Method.IUD, r"iud|akdr|spiral"),
    (Method.MOP, r"mop|vasektomi"),
    (Method.MOW, r"mow|tubektomi"),
)
SUMS = re.compile(r"^(jumlah|total)\b")
FIGURE = re.compile(r"-|–|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,9}")
MOST_LINES, MOST_LETTERS = 60, 200


def compare(pasted: str, recapped: dict[Method, Counter]) -> Compared:
    """Each figure of a table copied from SIGA (a row per method, cells parted by tabs) beside ours.

    A header row says which columns they are; without one they are taken in the order of F/II/KB. Nothing is guessed: a row
    that is no method's, or has more or fewer figures than columns, is listed as unread.
    """
    columns, differences, unread, seen, compared = list(COUNTED), [], [], set(), 0
    for text in pasted.splitlines()[:MOST_LINES]:
        parts = [part.strip() for part in text.split("\t")]
        if not any(parts):
            continue
        if not any(map(FIGURE.fullmatch, parts)):
            heads = _columns(parts)
            columns = heads or columns
            unread += [] if heads else [text.strip()[:MOST_LETTERS]]
            continue
        # The figures are what stands behind the last word; a row of figures alone begins with the alokon code.
        at = 1 + max((at for at, part in enumerate(parts) if part and not FIGURE.fullmatch(part)), default=0)
        name = " ".join(parts[:at]).strip()
        method = _method(name)
        figures = [_figure(part) for part in parts[at:]]
        row = recapped.get(method) if method else total(recapped.values()) if SUMS.match(name.casefold()) else None
        if row is None or len(figures) != len(columns) or method in seen:
            unread.append(text.strip()[:MOST_LETTERS])
            continue
        seen.add(method)
        for column, theirs in zip(columns, figures, strict=True):
            if column is None:
                continue
            compared += 1
            if row[column] != theirs:
                differences.append(Difference(method, column, row[column], theirs))
    missing = tuple(method for method, row in recapped.items() if method not in seen and any(row.values()))
    return Compared(tuple(differences), compared, tuple(unread), missing)


def _figure(part: str) -> int:
    return 0 if part in ("", "-", "–") else int(part.replace(".", ""))


def _columns(parts: list[str]) -> list[str | None]:
    """Which column each head names, from the first that names one on; none of these is a header without three."""
    named = [next((column for column, sign in COLUMN_SIGN if re.search(sign, part.casefold())), None) for part in parts]
    found = [at for at, column in enumerate(named) if column]
    return named[found[0] :] if len(found) >= 3 else []


def _method(name: str) -> Method | None:
    by_code = {str(code): method for method, code in ALOKON_CODE.items()}
    text = name.casefold().strip()
    return by_code.get(text) or next((method for method, sign in METHOD_SIGN if re.search(sign, text)), None)
