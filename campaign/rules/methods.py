"""The contraceptive methods, which of them last for years (MKJP), and what each official form calls them.

No two forms count alike, so we keep a word of our own and one table per form.
"""

from enum import StrEnum


class Method(StrEnum):
    """A method by our own word. The number of a suntik is its months, the number of an implan its rods (batang)."""

    BELUM = "belum"  # not yet decided: stands on no form
    SUNTIK_1 = "suntik_1"
    SUNTIK_3_KOMBINASI = "suntik_3_kombinasi"
    SUNTIK_3_PROGESTIN = "suntik_3_progestin"
    PIL_KOMBINASI = "pil_kombinasi"
    PIL_PROGESTIN = "pil_progestin"
    KONDOM = "kondom"
    IMPLAN = "implan"  # wanted, before anybody knows how many rods
    IMPLAN_1 = "implan_1"
    IMPLAN_2 = "implan_2"
    IUD = "iud"
    MOP = "mop"  # vasektomi
    MOW = "mow"  # tubektomi


class Family(StrEnum):
    """What one room and one box of sets serve: seats of a day may be counted by it."""

    IMPLAN = "implan"
    IUD = "iud"
    STERIL = "steril"  # MOW, MOP


class Participant(StrEnum):
    """How she comes to her method: which of these count toward a target is the campaign's setting."""

    BELUM = "belum"  # not yet known: the puskesmas says it at service
    BARU = "baru"
    KBPP = "kbpp"  # KB pasca persalinan: within 42 days of a birth (Peraturan BKKBN 18/2020)
    GANTI_CARA = "ganti_cara"
    ULANGAN = "ulangan"
    KOMPLIKASI = "komplikasi"


FAMILY = {
    Method.IMPLAN: Family.IMPLAN,
    Method.IMPLAN_1: Family.IMPLAN,
    Method.IMPLAN_2: Family.IMPLAN,
    Method.IUD: Family.IUD,
    Method.MOW: Family.STERIL,
    Method.MOP: Family.STERIL,
}

# What comes out of a box of sets, so that a stock book can run out.
HAS_SETS = {
    Family.IMPLAN: frozenset({Method.IMPLAN_1, Method.IMPLAN_2}),
    Family.IUD: frozenset({Method.IUD}),
}

# Metode kontrasepsi jangka panjang, Pedoman Kemenkes 2021.
MKJP = frozenset({Method.IMPLAN, Method.IMPLAN_1, Method.IMPLAN_2, Method.IUD, Method.MOP, Method.MOW})

# What a woman can wish for in the village; what she gets is said at the service.
WANTED = (Method.IMPLAN, Method.IUD, Method.MOW, Method.MOP, Method.BELUM)

# R/I/KB/20, columns 13 to 17: the alokon code. What stands here can be given.
ALOKON_CODE = {
    Method.SUNTIK_1: 1,
    Method.SUNTIK_3_KOMBINASI: 2,
    Method.SUNTIK_3_PROGESTIN: 3,
    Method.PIL_KOMBINASI: 4,
    Method.PIL_PROGESTIN: 5,
    Method.KONDOM: 6,
    Method.IMPLAN_1: 7,
    Method.IMPLAN_2: 8,
    Method.IUD: 9,
    Method.MOP: 10,
    Method.MOW: 11,
}

# K/IV/KB, block XIII: the last method. MOW stands before MOP here, on R/I/KB/20 after it. The card asks whether an IUD
# is a CuT380A (7) or another (8); we do not know, so the provider chooses.
K_IV_CODES = {
    Method.SUNTIK_1: (1,),
    Method.SUNTIK_3_KOMBINASI: (2,),
    Method.SUNTIK_3_PROGESTIN: (2,),
    Method.PIL_KOMBINASI: (3,),
    Method.PIL_PROGESTIN: (3,),
    Method.KONDOM: (4,),
    Method.IMPLAN: (5, 6),
    Method.IMPLAN_1: (5,),
    Method.IMPLAN_2: (6,),
    Method.IUD: (7, 8),
    Method.MOW: (9,),
    Method.MOP: (10,),
}

# Register CU, also that of siPeKa: seven names, here in the order of its columns.
CU_NAME = {
    Method.IUD: "IUD",
    Method.MOW: "MOW",
    Method.MOP: "MOP",
    Method.KONDOM: "KDM",
    Method.IMPLAN: "IMP",
    Method.IMPLAN_1: "IMP",
    Method.IMPLAN_2: "IMP",
    Method.SUNTIK_1: "STK",
    Method.SUNTIK_3_KOMBINASI: "STK",
    Method.SUNTIK_3_PROGESTIN: "STK",
    Method.PIL_KOMBINASI: "PIL",
    Method.PIL_PROGESTIN: "PIL",
}

# R/I/KB/20, column 9. A KBPP is new there too; what tells her apart is the tick in column 11.
PARTICIPANT_CODE = {
    Participant.BARU: 1,
    Participant.KBPP: 1,
    Participant.GANTI_CARA: 2,
    Participant.ULANGAN: 3,
    Participant.KOMPLIKASI: 4,
}

# R/I/KB/20, column 11.
PASCA_PERSALINAN = frozenset({Participant.KBPP})
