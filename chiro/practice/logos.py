"""The practice's logo: what came in is decoded and drawn anew, so only a picture goes out.

PNG and JPEG only. A file that only looks like a picture does not decode; text, scripts and places
hidden in a real one are not copied. SVG is refused, because it can hold a script.
"""

import hashlib
import io
import warnings
from functools import cache
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from chiro.practice.models import Logo

MAX_BYTES = 200_000
MAX_SIDE = 4_000
BOX = (320, 96)
"""The most pixels that are kept: twice the size on the page, for sharp screens and paper."""

FORMATS = ("PNG", "JPEG")


class LogoError(Exception):
    """The file cannot be a logo; the text says why, for the person who picked it."""


@cache
def size(digest: str) -> tuple[int, int]:
    """Width and height of a stored logo in pixels. A digest always names the same picture."""
    found = Logo.objects.values_list("width", "height").get(pk=digest)
    return found[0], found[1]


def read(file: BinaryIO, *, max_bytes: int = MAX_BYTES, max_side: int = MAX_SIDE) -> Image.Image:
    """The picture in a file, upright. Raises LogoError for what is no small PNG or JPEG.

    `max_side` is in pixels.
    """
    data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise LogoError(f"Pick a file of {max_bytes // 1000:,} kB or less.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            ImageFile.LOAD_TRUNCATED_IMAGES = False  # Importing WeasyPrint turns it on.
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            if max(picture.size) > max_side:
                raise LogoError(f"Pick a picture of at most {max_side:,} pixels a side.")
            picture.load()
    except (
        OSError,
        SyntaxError,
        ValueError,
        UnidentifiedImageError,
        Image.DecompressionBombWarning,
    ):
        raise LogoError("This is not a PNG or JPEG picture that can be read.") from None
    return ImageOps.exif_transpose(picture)


def draw(picture: Image.Image) -> Logo:
    """A logo of these pixels and nothing else, small enough for a page. Not saved."""
    clean = picture.convert("RGBA")
    clean.thumbnail(BOX, Image.Resampling.LANCZOS)
    flat = clean.getchannel("A").getextrema() == (255, 255)
    out = io.BytesIO()
    shown = clean.convert("RGB") if flat else clean
    shown.quantize(256, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    content = out.getvalue()
    return Logo(
        digest=hashlib.sha256(content).hexdigest()[:16],
        content=content,
        media_type="image/png",
        width=clean.width,
        height=clean.height,
    )
