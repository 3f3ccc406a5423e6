"""What R/I/KB/20 asks about a service beside method and status of the participant: columns 10 to 24.

All of it is kept in one sealed field: a miscarriage is nobody's to find in a stolen file.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class Act(StrEnum):
    """What was done: column 13 (pemasangan, operatif), 14, or 15."""

    PASANG = "pasang"
    CABUT_PASANG = "cabut_pasang"
    OPERATIF = "operatif"
    CABUT = "cabut"


class After(StrEnum):
    """Columns 11 and 12."""

    PERSALINAN = "persalinan"
    KEGUGURAN = "keguguran"


class Insurance(StrEnum):
    """Columns 18 to 20."""

    BPJS = "bpjs"
    LAIN = "lain"
    NONE = "tidak"


class Source(StrEnum):
    """Columns 21 to 23: who paid for the alokon."""

    APBN = "apbn"
    APBD = "apbd"
    MANDIRI = "mandiri"


@dataclass(frozen=True)
class ServiceFacts:
    """None where nobody has said. `product` is the name on the package, from which the day of removal is reckoned."""

    act: Act | None = None
    after: After | None = None
    insurance: Insurance | None = None
    source: Source | None = None
    is_mobile: bool = False  # pelayanan bergerak, column 24
    responsible: str | None = None  # penanggung jawab: doctor, bidan or nurse
    product: str | None = None

    def as_text(self) -> str:
        """As it is sealed."""
        told = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str | None) -> "ServiceFacts":
        told = json.loads(text or "{}")
        for name, kind in (("act", Act), ("after", After), ("insurance", Insurance), ("source", Source)):
            if name in told:
                told[name] = kind(told[name])
        return cls(**told)
