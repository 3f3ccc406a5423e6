"""Photos that come in: drawn anew by a process of its own, so that a picture made to harm reaches nothing of the server."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from campaign.rules.refusals import BadFile

log = logging.getLogger("campaign")

MOST_SECONDS = 30
PLACES = BoundedSemaphore(2)  # of a worker at once: a hall full of phones must not fill the memory with pictures
REDRAW = Path(__file__).with_name("redraw.py")
BROKEN = "Berkas ini tidak dapat dibaca sebagai foto. Pilih foto JPG, PNG, atau WebP."
REFUSED = {
    "broken": BROKEN,
    "too_large": "Gambar ini terlalu besar. Kecilkan dulu, atau kirim foto lain.",
    "slow": "Foto ini terlalu lama dibaca. Coba sekali lagi, atau kirim foto lain.",
    "heic": (
        "Foto HEIC dari iPhone belum dapat dibaca. Di iPhone buka Pengaturan, Kamera, Format, pilih “Paling Kompatibel”; "
        "atau kirim tangkapan layarnya."
    ),
}
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


@dataclass(frozen=True)
class Drawn:
    """A photo as it is kept: upright, of at most 1600 pixels, and a copy of at most 400."""

    jpeg: bytes
    small: bytes
    width: int
    height: int


def drawn_anew(data: bytes) -> Drawn:
    """The picture of this file and nothing else of it. Raises BadFile in words.

    Under gevent call it from a greenlet, not from a native thread: only the main loop hears of children.
    """
    if data[4:8] == b"ftyp" and data[8:12] in HEIC:
        raise BadFile(REFUSED["heic"])
    command = [sys.executable, "-I", str(REDRAW)]  # -I and an empty environment: no secret of the server goes along
    try:
        with PLACES:
            ended = subprocess.run(command, input=data, capture_output=True, env={}, timeout=MOST_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise BadFile(REFUSED["slow"]) from None
    if ended.returncode:
        log.warning("photo: the child ended with %s", ended.returncode)
        raise BadFile(BROKEN)
    head, _, files = ended.stdout.partition(b"\n")
    told = json.loads(head)
    if "refused" in told:
        raise BadFile(REFUSED[told["refused"]])
    at = told["sizes"][0]
    return Drawn(files[:at], files[at:], told["width"], told["height"])
