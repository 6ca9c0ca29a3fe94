"""Reads a code from a picture, as the scanner of a phone does."""

import io
from dataclasses import dataclass

import zxingcpp
from PIL import Image, UnidentifiedImageError

MOST_PIXELS = 40_000_000


class Unreadable(ValueError):
    """There is no code in this picture, or it is no picture."""


@dataclass(frozen=True, slots=True)
class Code:
    """``kind`` and ``result`` as ``ScanCodeInfo`` has them: a bar code names its sort."""

    kind: str
    result: str


def read(picture: bytes) -> Code:
    """The first code in the picture.

    Raises:
        Unreadable: There is none.
    """
    try:
        with Image.open(io.BytesIO(picture)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unreadable("the picture is too large")
            found = zxingcpp.read_barcodes(image.convert("L"))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise Unreadable("file is not a picture that can be read") from error
    if not found:
        raise Unreadable("there is no code in this picture")
    return _code(found[0])


def written(text: str) -> Code:
    """What was typed in instead: a QR code."""
    return Code("qrcode", text)


def _code(found: zxingcpp.Barcode) -> Code:
    if found.format in {zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.MicroQRCode}:
        return Code("qrcode", found.text)
    name = found.format.name
    sort = {"UPCA": "UPC_A", "UPCE": "UPC_E"}.get(name) or _with_underscore(name)
    return Code("barcode", f"{sort},{found.text}")


def _with_underscore(name: str) -> str:
    """``EAN13`` as scanners of phones write it: ``EAN_13``."""
    letters = name.rstrip("0123456789")
    digits = name[len(letters) :]
    return f"{letters}_{digits}".upper() if digits else letters.upper()
