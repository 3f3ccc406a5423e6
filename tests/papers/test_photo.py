"""Photos that come in: drawn anew, upright, small, with nothing beside the picture; what is no photo is refused in words."""

import io
import struct
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import sleep
from types import SimpleNamespace

import pytest
from PIL import Image

from campaign.papers import photo
from campaign.papers.redraw import LARGEST, SMALL
from campaign.rules.refusals import BadFile

SECRET = b"-2.33 Paringin Samsung"


def sent(size=(640, 480), form="JPEG", mode="RGB", orientation=None, **more) -> bytes:
    """A picture whose left half is red and whose right half is blue, with all that a phone writes beside it."""
    image = Image.new(mode, size, "blue")
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "S"
    if orientation:
        exif[0x0112] = orientation
    file = io.BytesIO()
    image.save(file, form, exif=exif, **more)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_left_but_the_picture(form):
    told = {"comment": SECRET, "xmp": b"<x>" + SECRET + b"</x>"} if form == "JPEG" else {}
    file = sent(form=form, **told)
    assert SECRET in file, "control: it was in there"
    drawn = photo.drawn_anew(file)
    for data in (drawn.jpeg, drawn.small):
        assert SECRET not in data and b"Exif" not in data and b"<x>" not in data
        assert opened(data).format == "JPEG" and not opened(data).getexif()


def test_large_ones_are_made_smaller_and_small_ones_stay():
    drawn = photo.drawn_anew(sent((4000, 1000)))
    assert (drawn.width, drawn.height) == (LARGEST, LARGEST // 4) == opened(drawn.jpeg).size
    assert opened(drawn.small).size == (SMALL, SMALL // 4)
    assert photo.drawn_anew(sent((320, 200))).width == 320


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_phone_held_upright_makes_an_upright_photo(form):
    drawn = photo.drawn_anew(sent((800, 400), form, orientation=6))
    assert (drawn.width, drawn.height) == (400, 800)
    red, blue = (opened(drawn.jpeg).getpixel((200, y)) for y in (100, 700))
    assert red[0] > 200 and blue[2] > 200, "what was left is now at the top"


def test_what_is_see_through_becomes_white():
    file = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(file, "PNG")
    assert opened(photo.drawn_anew(file.getvalue()).jpeg).getpixel((25, 25)) == (255, 255, 255)


def bomb(width, height) -> bytes:
    """A PNG that says it is this large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    parts = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "broken"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "broken"),
        (sent()[:2000], "broken"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (bomb(50_000, 50_000), "too_large"),
        (bomb(9_000, 9_000), "too_large"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(file, why):
    with pytest.raises(BadFile) as refusal:
        photo.drawn_anew(file)
    assert refusal.value.sentence == photo.REFUSED[why]


def test_a_hall_full_of_phones_is_drawn_two_at_a_time(monkeypatch):
    lock, inside, most = Lock(), 0, 0

    def child(*_args, **_kwargs):
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        sleep(0.02)
        with lock:
            inside -= 1
        return SimpleNamespace(returncode=0, stdout=b'{"sizes": [2, 2], "width": 1, "height": 1}\naabb')

    monkeypatch.setattr(subprocess, "run", child)
    with ThreadPoolExecutor(8) as phones:
        drawn = list(phones.map(photo.drawn_anew, [b"photo"] * 16))
    assert most == 2 and {one.jpeg for one in drawn} == {b"aa"} and {one.small for one in drawn} == {b"bb"}
