"""After the service: when she should be seen again, how long the method lasts, and what a visit found.

The sources disagree (Handayani 2010: IUD after 1, 3 and 6 months, then yearly; skata.info, a partner of BKKBN: after a week, 2 and
6 months and a year; others after 1–3 months, then yearly; implan: the wound after 3–7 days, then on complaint). So a plan is the
office's setting; these are what it starts with: for an IUD Handayani's, for an implan the wound after a week and then yearly. For
MOW and MOP no source was found that names days; a look at the wound after a week, and for MOP one more after three months, is what
is usual. Suntik, pil and kondom have their own rhythm in the puskesmas's book and none here.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from campaign.rules.methods import Method


class Found(StrEnum):
    """What a visit found. R/I/KB/20 knows three of them; the others are a visit, and in no column."""

    KONTROL = "kontrol"  # nothing to complain of
    KELUHAN = "keluhan"
    KOMPLIKASI = "komplikasi"  # komplikasi berat
    KEGAGALAN = "kegagalan"  # pregnant while using it
    EKSPULSI = "ekspulsi"  # it came out by itself: has no column of its own
    PENCABUTAN = "pencabutan"


# R/I/KB/20: in which column the alokon code of the method stands.
COLUMN = {Found.PENCABUTAN: 15, Found.KOMPLIKASI: 16, Found.KEGAGALAN: 17}
NO_COLUMN = frozenset({Found.EKSPULSI})  # would belong in the register, and the form has no place for it
AT_HOME = (Found.KONTROL, Found.KELUHAN)  # a kader may say that she was there and how it goes, no more
ENDS = frozenset({Found.PENCABUTAN, Found.EKSPULSI, Found.KEGAGALAN})  # she does not have it any more: no visit is due


@dataclass(frozen=True)
class Plan:
    """Visits so many days after the service; `lasts_months` none: for good, or as long as it is given."""

    visit_days: tuple[int, ...] = ()
    lasts_months: int | None = None


THREE_YEARS, EIGHT_YEARS = 36, 96  # Pedoman 2021 as DIY quotes it: implan 3 years, IUD 8–10: the shorter is reminded of
DEFAULT = {
    Method.IMPLAN_1: Plan((7, 365, 730), THREE_YEARS),
    Method.IMPLAN_2: Plan((7, 365, 730), THREE_YEARS),
    Method.IUD: Plan((30, 90, 180, 365), EIGHT_YEARS),
    Method.MOW: Plan((7,)),
    Method.MOP: Plan((7, 90)),
}
# By what stands on the package (Saifuddin 2010); what is not named here lasts as long as its method.
PRODUCT_LASTS = {"implanon": 36, "indoplant": 36, "jadena": 36, "jadelle": 60, "norplant": 60}
MOST_VISITS, LATEST_VISIT, LONGEST = 8, 1830, 180  # so many visits, days and months a plan may have


@dataclass(frozen=True)
class Visit:
    """What is sealed of a visit: the finding, and the method it was found with."""

    found: Found
    method: Method

    def as_text(self) -> str:
        return json.dumps({"found": self.found.value, "method": self.method.value})

    @classmethod
    def from_text(cls, text: str) -> "Visit":
        told = json.loads(text)
        return cls(Found(told["found"]), Method(told["method"]))


def days_due(served_on: date, plan: Plan) -> list[date]:
    return [served_on + timedelta(days=days) for days in plan.visit_days]


def removal_on(served_on: date, plan: Plan, product: str | None = None) -> date | None:
    """When it should be taken out: by the product where we know it, else by the plan. None for what is for good."""
    named = (product or "").casefold()
    months = next((months for name, months in PRODUCT_LASTS.items() if name in named), plan.lasts_months)
    return None if months is None else months_after(served_on, months)


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(start.month - 1 + months, 12)
    for day in range(start.day, start.day - 4, -1):
        try:
            return date(start.year + years, month + 1, day)
        except ValueError:
            continue
    raise ValueError(start)
