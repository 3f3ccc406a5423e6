"""People of a kabupaten, and all the ways in which offices write them down. Each way says what is right."""

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from campaign.queries import places

TODAY = date(2021, 6, 18)
EXCEL_DAY_0 = date(1899, 12, 30)
WORD = re.compile(r"\S+")
LONG_MONTHS = WORD.findall("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember")
SHORT_MONTHS = WORD.findall("Jan Feb Mrt Apr Mei Jun Jul Agt Sep Okt Nop Des")
FIRST = WORD.findall(
    "Siti Neng Rina Dewi Yuyun Aisyah Nurul Ratna Popon Wiwin Mimin Icih Enok Lilis Tati Yeti Sri Imas Ida Fitri"
)
LAST = WORD.findall(
    "Hasanah Marlina Rukmini Nur'aini Kurniasih Fatimah Suryani Anggraeni Lestari Nurjanah Maryati Astuti"
)
MEN = WORD.findall("Asep Dadang Ujang Rahmat Cecep Iwan Dedi Tatang Jajang Endang")
METHODS = {
    "implan": ["Implan", "IMPLANT", "implant ", "Susuk", "KB Susuk", "Implan/Susuk", "IMPLAN ", "Inplant"],
    "implan_1": ["Implan 1 batang", "IMPLANT 1 BTG", "susuk satu batang"],
    "implan_2": ["Implan 2 batang", "implant 2 btg", "Susuk dua batang"],
    "iud": ["IUD", "iud", "AKDR", "Spiral", "I U D", "IUD/AKDR", "I.U.D", "KB Spiral"],
    "mow": ["MOW", "mow", "Steril", "Tubektomi", "MOW/Steril", "M O W"],
    "mop": ["MOP", "mop", "Vasektomi", "MOP/Vasektomi"],
}
JABATAN = {
    "ppkbd": ["PPKBD", "Pos KB Desa", "POS KB DESA", "ppkbd", "Kader PPKBD"],
    "sub_ppkbd": ["Sub PPKBD", "SUB PPKBD", "Sub Pos KB", "Sub-PPKBD", "sub ppkbd"],
}
REGIONS = places.known_regions()
areas_inside = cache(places.areas_inside)


@dataclass
class Outcome:
    """What an attentive clerk says of one row."""

    verdict: str
    code: str = ""
    values: dict = field(default_factory=dict)
    double_of: tuple[str, int] | None = None  # sheet and row


@dataclass
class Someone:
    """A person as she is."""

    name: str
    nik: str
    born: date
    desa: str
    phone: str
    rt: str
    rw: str
    husband: str
    method: str = "implan"
    jabatan: str = "ppkbd"
    is_female: bool = True


class Habits:
    """One office's people and hands: chance, but the same for the same seed."""

    def __init__(self, seed: int, kabupaten_code: str):
        self.random = random.Random(seed)
        kecamatan, desa = areas_inside(kabupaten_code)
        self.kecamatan = {area.code: area.name for area in kecamatan}
        self.desa = {area.code: area.name for area in desa}
        self.is_kelurahan = {area.code: area.jenis == "kelurahan" for area in desa}
        self.squeezed = {code: squeezed(name) for code, name in self.desa.items()}
        self.serials = iter(self.random.sample(range(1, 9999), 9998))
        self.has_place = False  # before the birth date, in the same cell

    @property
    def desa_list(self) -> list[tuple[str, str, str, str]]:
        return [(code, name, code[:8], self.kecamatan[code[:8]]) for code, name in self.desa.items()]

    def one(self, choices):
        return self.random.choice(list(choices))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def someone(self, desa: str, *, is_female: bool = True, youngest: int = 20, oldest: int = 44) -> Someone:
        born = TODAY - timedelta(days=self.random.randint(youngest * 366, oldest * 365))
        region = (desa[:8] if self.chance(0.8) else self.one(self.kecamatan)).replace(".", "")
        first = self.one(FIRST if is_female else MEN)
        return Someone(
            name=f"{first} {self.one(FIRST)} {self.one(LAST)}" if self.chance(0.3) else f"{first} {self.one(LAST)}",
            nik=nik_of(region, born, next(self.serials), is_female=is_female),
            born=born,
            desa=desa,
            phone=f"0820{self.random.randint(10**7, 10**8 - 1)}",
            rt=f"{self.random.randint(1, 12):03}",
            rw=f"{self.random.randint(1, 15):03}",
            husband=f"{self.one(MEN)} {self.one(LAST)}",
            is_female=is_female,
        )

    # ---- Notations ----

    def name(self, name: str) -> str:
        name = self.one([name, name.upper(), name.lower(), name, f"Ny. {name}", f"{name}  ", f"HJ. {name.upper()}"])
        return name.replace(" ", "  ") if self.chance(0.1) else name

    def nik(self, nik: str):
        spaced = f"{nik[:6]} {nik[6:12]} {nik[12:]}"
        dotted = f"{nik[:2]}.{nik[2:4]}.{nik[4:6]}.{nik[6:12]}.{nik[12:]}"
        by_four = "-".join(nik[start : start + 4] for start in range(0, 16, 4))
        ways = [nik] * 6 + [f"'{nik}", spaced, dotted, by_four, f"\xa0{nik}", f"{nik}  ", f"{nik}\n"]
        return self.one(ways if nik.endswith("0") or int(nik) > 2**53 else [*ways, int(nik), int(nik)])

    def date(self, day: date):
        long, short = LONG_MONTHS[day.month - 1], SHORT_MONTHS[day.month - 1]
        ways = [f"{day:%d-%m-%Y}", f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day:%d-%m-%y}"]
        ways += [
            f"{day.day} {long} {day.year}",
            f"{day.day:02} {short} {day.year}",
            f"{day.day} {long.upper()} {day.year}",
        ]
        ways += [f"{day.day}-{day.month}-{day.year}"]
        if self.has_place:
            return (
                self.one(["Bandung", "PWK", "Barabai", "Kp. Baru"]) + self.one([", ", ", ", " ", ","]) + self.one(ways)
            )
        serial = (day - EXCEL_DAY_0).days
        return self.one([*ways, day, day, serial, str(serial)])

    def phone(self, phone: str):
        rest = phone[1:]
        ways = [
            phone,
            f"{phone} ",
            rest,
            int(rest),
            f"+62{rest}",
            f"62{rest}",
            f"0062{rest}",
            f"+62 {rest[:3]}-{rest[3:7]}-{rest[7:]}",
        ]
        return self.one([*ways, *(mark.join((phone[:4], phone[4:8], phone[8:])) for mark in "- .")])

    def place(self, code: str) -> str:
        name = self.desa[code]
        kind = ["Kel. ", "Kelurahan ", "KEL "] if self.is_kelurahan[code] else ["Ds. ", "Desa ", "DS ", "Ds."]
        ways = [name, name, name.upper(), name.lower(), f"{name} ", f"{self.one(kind)}{name}"]
        if len(self.squeezed[code]) > 5 and (wrong := self.misspelt(code)):
            ways.append(wrong)
        return self.one(ways)

    def misspelt(self, code: str) -> str | None:
        """One letter wrong, left out, doubled or swapped, such that no other desa of the kecamatan is near."""
        name = self.desa[code]
        others = [other for number, other in self.squeezed.items() if number[:8] == code[:8] and number != code]
        for _try in range(8):
            place = self.random.randrange(1, len(name) - 1)
            before, letter, after, rest = name[:place], name[place], name[place + 1], name[place + 2 :]
            word = (before.split(" ")[-1] + letter + after + rest).split(" ")[0]
            if not (before[-1] + letter + after).isalpha() or len(word) < 4:
                continue
            wrong = self.one(
                [
                    before + after + rest,
                    before + letter * 2 + after + rest,
                    before + after + letter + rest,
                    before + self.one("aiueo") + after + rest,
                ]
            )
            is_new = squeezed(wrong) not in self.squeezed.values()
            if is_new and all(edits(squeezed(wrong), other) > 3 for other in others):
                return wrong
        return None

    def kecamatan_of(self, desa: str) -> str:
        name = self.kecamatan[desa[:8]]
        return self.one([name, name.upper(), f"Kec. {name}", f"Kecamatan {name.upper()}", name])

    def rt_rw(self, rt: str, rw: str) -> str:
        way = self.one(["{0}/{1}", "{0}/{1}", "RT {0} RW {1}", "RT.{0}/RW.{1}", "{0}-{1}"])
        return way.format(rt, rw) if self.chance(0.5) else way.format(rt.lstrip("0"), rw.lstrip("0"))

    def nothing(self):
        return self.one([None, "", "-"])

    # ---- Mistakes: what is put into the row, the verdict, and the values that are right then ----

    def mistakes(self, who: Someone) -> dict[str, tuple[dict, str, dict]]:
        """The mistakes that can be made with anybody's row, by the code of the reason they get."""
        nik, born = who.nik, who.born
        wrong_days = [nik[:6] + "72" + nik[8:], nik[:8] + "13" + nik[10:], nik[:6] + "3002" + nik[10:]]
        could_be_day = f"{born:%d-%m}-{born.year + 100}"
        other_day = born + timedelta(days=self.one([1, 365]))
        other_sex = nik_of(nik[:6], born, int(nik[12:]), is_female=not who.is_female)
        unknown = self.one(["9914", "0001"]) + nik[4:]
        found = {
            "nik_panjang": ({"nik": self.one([nik[:-1], nik + "1", nik[1:], nik[:8]])}, "ditolak", {}),
            "nik_huruf": ({"nik": self.one([nik[:-1] + "O", nik[:5] + "l" + nik[6:]])}, "ditolak", {}),
            "nik_notasi_ilmiah": ({"nik": self.one(["3,21401E+15", "6.3110E+15", "6.311E15"])}, "ditolak", {}),
            "nik_0000": ({"nik": nik[:12] + "0000"}, "ditolak", {}),
            "nik_tanggal_mustahil": ({"nik": self.one(wrong_days)}, "ditolak", {}),
            "nama_kosong": ({"nama": self.nothing()}, "ditolak", {}),
            "galat_excel": ({self.one(["nik", "nama"]): "#N/A"}, "ditolak", {}),
            "hp_salah": ({"hp": self.one(["08200", "0264-2xxxxx", "12345", "08xx"])}, "peringatan", {"phone": None}),
            "hp_ganda": ({"hp": f"{who.phone} {self.one(['/', ',', 'dan'])} 082000003871"}, "diimpor", {}),
            "tgl_mustahil": (
                {"lahir": self.one(["31 Februari 1990", str(born.year), "12/13/1999", "0-0-0"])},
                "peringatan",
                {},
            ),
            "tgl_masa_depan": ({"lahir": could_be_day}, "peringatan", {}),
            "nik_beda_tgl_lahir": ({"lahir": f"{other_day:%d-%m-%Y}"}, "peringatan", {}),
            "lain_jenis_kelamin": ({"nik": other_sex}, "peringatan", {"nik": other_sex}),
            "nik_wilayah_tak_dikenal": ({"nik": unknown}, "peringatan", {"nik": None}),
        }
        if int(nik) < 2**53:
            number = int(nik[:12] + f"{next(self.serials) // 10 or 1:03}0")
            found["nik_angka_digit_akhir_0"] = {"nik": number}, "peringatan", {"nik": str(number)}
            found["nik_angka_0000"] = {"nik": int(nik[:12] + "0000")}, "ditolak", {}
        if born.day <= 12 and born.day != born.month:
            found["tgl_tertukar_bulan"] = {"lahir": f"{born:%m/%d/%Y}"}, "peringatan", {}
        return found

    def misplaced(self, who: Someone) -> tuple[str, dict]:
        """A desa that cannot be known: none, outside the kabupaten, or in another kecamatan."""
        here = {name for code, name in self.squeezed.items() if code[:8] == who.desa[:8]}
        kecamatan = self.kecamatan[who.desa[:8]]
        ways = {
            "desa_kosong": {"desa": self.nothing(), "kecamatan": kecamatan},
            "desa_luar_kabupaten": {"desa": "Cikampek Timur", "kecamatan": "Cikampek, Karawang"},
        }
        other = self.one(self.desa)
        if all(edits(self.squeezed[other], name) > 3 and name[0] != self.squeezed[other][0] for name in here):
            ways["desa_bukan_di_kecamatan"] = {"desa": self.desa[other], "kecamatan": kecamatan}
        code = self.one(ways)
        return code, ways[code]


def nik_of(region: str, born: date, serial: int, *, is_female: bool = True) -> str:
    return f"{region}{born.day + 40 * is_female:02}{born:%m%y}{serial:04}"


def squeezed(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def edits(one: str, other: str) -> int:
    """Letters wrong, left out or too many (a swap counts two), by the book and not by the library the product uses."""
    if abs(len(one) - len(other)) > 3:
        return 4
    before = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        now = [number]
        for place, target in enumerate(other, start=1):
            now.append(min(before[place] + 1, now[-1] + 1, before[place - 1] + (letter != target)))
        before = now
    return before[-1]
