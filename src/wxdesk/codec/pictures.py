"""Pictures: how large, and smaller ones made of them. Only ever called in the sandbox."""

import warnings
from pathlib import Path

from PIL import Image, ImageOps

from wxdesk.codec.kinds import PICTURES

MOST_PIXELS = 50_000_000
"""More is a bomb: no telephone takes such pictures, and decoded it would fill the memory."""

THUMB_SIDE = 480
THUMB_BYTES = 64 * 1024
_WHITE = (255, 255, 255)
_STEPS = ((1.0, 85), (1.0, 75), (0.75, 80), (0.5, 80), (0.35, 75), (0.25, 70), (0.15, 60))
"""Of the longest side, and JPEG's quality: what an eye misses least comes first."""

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


class NotAPicture(Exception):
    """It cannot be decoded, or is too large to be."""


def open_picture(path: Path, content_type: str) -> Image.Image:
    """The picture, upright. Its size is known before a single pixel is decoded."""
    try:
        picture = Image.open(path, formats=[PICTURES[content_type]])
        if picture.width * picture.height > MOST_PIXELS:
            raise NotAPicture("too many pixels")
        picture.load()
        return ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise NotAPicture(type(error).__name__) from error


def make_thumb(picture: Image.Image, out: Path) -> None:
    """A JPEG of at most 480 pixels and 64 KB, with nothing of what the camera noted."""
    save_within(picture, out, side=THUMB_SIDE, most_bytes=THUMB_BYTES)


def save_within(picture: Image.Image, out: Path, *, side: int, most_bytes: int) -> None:
    """A JPEG within these bounds, as large as they allow.

    Raises:
        NotAPicture: It does not fit however small it is made.
    """
    plain = _on_white(picture)
    longest = min(side, max(plain.size))
    for share, quality in _STEPS:
        smaller = plain.copy()
        edge = max(1, round(longest * share))
        smaller.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        smaller.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.stat().st_size <= most_bytes:
            return
    raise NotAPicture("does not fit")


def _on_white(picture: Image.Image) -> Image.Image:
    """JPEG knows no transparency, and nothing of what stood beside the pixels is kept."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        plain = Image.new("RGB", layer.size, _WHITE)
        plain.paste(layer, mask=layer.getchannel("A"))
        return plain
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain
