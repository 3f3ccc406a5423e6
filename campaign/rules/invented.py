"""People who do not exist, for the demonstration and the rehearsal: nobody real can have this NIK or this phone."""

from datetime import date, timedelta
from random import Random

FIRST = [
    "Neng", "Ai", "Iis", "Euis", "Cucu", "Imas", "Yeti", "Titin", "Rina", "Dede", "Entin", "Wiwin", "Yuyun",
    "Nining", "Lilis", "Ratna", "Sri", "Siti", "Nunung", "Elis", "Mimin", "Tati", "Pipit", "Reni", "Santi", "Devi",
    "Novi", "Rika", "Yanti", "Mira",
]  # fmt: skip
LAST = [
    "Rohayati", "Kurniasih", "Nurhayati", "Handayani", "Sukaesih", "Suryani", "Marlina", "Rahmawati", "Komalasari",
    "Wulandari", "Hasanah", "Mulyani", "Permatasari", "Kartini", "Nurjanah", "Fauziah", "Sumiati", "Rosmiati",
    "Aisyah", "Maryam", "Juariah", "Solihat", "Yulianti", "Puspita", "Lestari", "Hendrayani", "Supartini",
    "Kusmiati", "Jubaedah", "Rosidah",
]  # fmt: skip


def name(random: Random) -> str:
    return f"{random.choice(FIRST)} {random.choice(LAST)}"


def birth_date(random: Random) -> date:
    return date(1975, 1, 1) + timedelta(days=random.randrange(32 * 365))


def nik(random: Random, desa_code: str, born: date) -> str:
    """A woman's NIK of this kecamatan, with a serial from 9001, which no office has reached."""
    return f"{desa_code[:8].replace('.', '')}{born.day + 40:02}{born:%m%y}{random.randint(9001, 9999)}"


def phone(random: Random) -> str:
    """A number behind 0820, which no operator gives out."""
    return f"+62820{random.randrange(10**8):08}"
