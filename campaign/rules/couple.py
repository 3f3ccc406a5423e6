"""What the kader asks about the couple: children, the last method, and why none is used now (K/IV/KB; Register PUS).

All of it is kept in one sealed field: it is health data, and nothing is searched by it.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class LastMethod(StrEnum):
    """Cara KB terakhir, block XIII of K/IV/KB, as a kader can know it."""

    NONE = "belum_pernah"
    SUNTIK = "suntik"
    PIL = "pil"
    KONDOM = "kondom"
    IMPLAN = "implan"
    IUD = "iud"
    MOW = "mow"
    MOP = "mop"
    TRADITIONAL = "tradisional"


class NotUsing(StrEnum):
    """Why a couple uses nothing now: PUS bukan peserta by reason (BKKBN, Buku istilah Program Bangga Kencana)."""

    HAMIL = "hamil"  # pregnant
    IAS = "ias"  # ingin anak segera: wants a child within two years
    IAT = "iat"  # ingin anak tunda: wants one in two years or later
    TIAL = "tial"  # tidak ingin anak lagi


@dataclass(frozen=True)
class Couple:
    """None where it was not asked. `youngest_months` is the age of the youngest child in months, on the day it was asked."""

    husband: str | None = None
    husband_nik: str | None = None  # for MOP: he is the one who is served, she stays the key
    husband_no_nik_reason: str | None = None
    children: int | None = None
    youngest_months: int | None = None
    last_method: LastMethod | None = None
    not_using: NotUsing | None = None

    def as_text(self) -> str | None:
        """As it is sealed; None when nothing was asked."""
        told = {name: value for name, value in asdict(self).items() if value is not None}
        return json.dumps(told, ensure_ascii=False) if told else None

    @classmethod
    def from_text(cls, text: str | None) -> "Couple":
        told = json.loads(text or "{}")
        if "last_method" in told:
            told["last_method"] = LastMethod(told["last_method"])
        if "not_using" in told:
            told["not_using"] = NotUsing(told["not_using"])
        return cls(**told)
