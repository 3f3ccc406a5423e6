"""What stands on a sheet of PDF, read back: its own streams, its own table of letters."""

import re
import zlib

# No \r before the end: it may be the stream's own last byte.
STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.DOTALL)
LETTER = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})>\n")
SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:[^()\\]|\\.)*)\) Tj", re.DOTALL)
ESCAPED = re.compile(rb"\\([nrtbf()\\])")
AS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(pdf: bytes) -> str:
    """Every piece of text, in the order it was written."""
    streams = [_opened(stream) for stream in STREAM.findall(pdf)]
    letters = [dict(LETTER.findall(stream)) for stream in streams if b"beginbfchar" in stream]
    fonts = {number: letters[at] for at, number in enumerate(sorted(_fonts(streams)))}
    pieces = []
    for stream in streams:
        font = None
        for number, text in SHOWN.findall(stream) if b"ET" in stream and b" Tj" in stream else ():
            font = number or font
            if not number:
                raw = ESCAPED.sub(lambda m: AS.get(m[1], m[1]), text).hex().encode()
                pieces.append("".join(_letter(fonts[font], raw[at : at + 4]) for at in range(0, len(raw), 4)))
    return " ".join(pieces)


def _opened(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)  # whatever stands behind its end is not its
    except zlib.error:
        return stream


def _fonts(streams) -> set[bytes]:
    return {number for stream in streams for number, _ in SHOWN.findall(stream) if number and b" Tj" in stream}


def _letter(font: dict, glyph: bytes) -> str:
    found = next((value for name, value in font.items() if name.lower() == glyph.lower()), None)
    return chr(int(found, 16)) if found else "\ufffd"
