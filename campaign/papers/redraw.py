"""A photo drawn anew, in a process of its own: nothing of the phone, the place or the hour it was taken with is left in it.

Run alone (`papers/photo.py`): a picture on stdin; on stdout one line of JSON and, unless it says why not, two JPEGs.
"""

import io
import json
import os
import resource
import sys
import warnings

# Named, so that they are loaded before the doors are shut.
from PIL import Image, ImageOps, JpegImagePlugin, JpegPresets, MpoImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

MB = 1 << 20
MOST_MEMORY, MOST_CPU_SECONDS = 768 * MB, 20
LARGEST, SMALL = 1600, 400  # pixels, the longer side
# A JPEG is read at a fraction of its size; the others are unpacked whole.
MOST_PIXELS, MOST_UNPACKED = 110_000_000, 40_000_000


def redrawn(data: bytes) -> tuple[Image.Image, Image.Image]:
    """The photo and its small copy, upright, on white. Raises whatever Pillow raises."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    if image.format not in ("JPEG", "MPO"):
        if image.width * image.height > MOST_UNPACKED:
            raise Image.DecompressionBombError
        turned = image.getexif()
        image = image.convert("RGBA")
        image.info["exif"] = turned.tobytes() if turned else b""
    image.thumbnail((LARGEST, LARGEST))
    image = ImageOps.exif_transpose(image).convert("RGBA")
    # Onto an empty sheet: a copy would carry what was written beside the picture.
    photo = Image.new("RGB", image.size, "white")
    photo.paste(image, mask=image)
    small = photo.copy()
    small.thumbnail((SMALL, SMALL))
    return photo, small


def as_jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=82, optimize=True, progressive=True)
    return file.getvalue()


def confine():
    """From here on: no file, no socket, no process, little memory and time."""
    os.nice(10)
    for limit, most in {
        resource.RLIMIT_AS: MOST_MEMORY,
        resource.RLIMIT_CPU: MOST_CPU_SECONDS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 0,  # the three that are open stay open
    }.items():
        resource.setrlimit(limit, (most, most))


def main():
    Image.preinit()  # loads what it would look for when the doors are shut
    confine()
    files = []
    try:
        photo, small = redrawn(sys.stdin.buffer.read())
        files = [as_jpeg(photo), as_jpeg(small)]
        told = {"width": photo.width, "height": photo.height, "sizes": [len(file) for file in files]}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        told = {"refused": "too_large"}
    except Exception:  # whatever is wrong with it, it is no photo
        told = {"refused": "broken"}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + b"".join(files))


if __name__ == "__main__":
    main()
