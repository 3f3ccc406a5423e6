"""How a name sounds, so that one woman written in two ways is found: Siti and Sti, Nur Hayati and Nurhayati."""

import re
import unicodedata

TITLES = frozenset(["ny", "nyonya", "ibu", "bu", "hj", "haji", "hajah", "neng", "nyi", "teh", "sdr", "sdri"])


def key(name: str) -> str:
    """The sound of a name in small ASCII letters, without titles, spaces and doubled letters; '' for none."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z]+", plain.replace("'", ""))
    words = [word for word in words if word not in TITLES] or words
    sound = "".join(words)
    for written, heard in (("dh", "d"), ("th", "t"), ("sy", "s"), ("kh", "k"), ("ph", "f"), ("y", "i"), ("z", "s")):
        sound = sound.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", sound)[:120]
