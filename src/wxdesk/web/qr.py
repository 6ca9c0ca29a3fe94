"""A code as a picture."""

import io

import segno

QUIET_MODULES = 4  # ISO/IEC 18004: the white margin that scanners need, on each side


def drawn(url: str, *, size: int) -> bytes:
    """PNG, at least so many pixels wide: every module is a whole number of them."""
    code = segno.make_qr(url, error="m")
    modules = code.symbol_size(border=QUIET_MODULES)[0]
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=-(-size // modules), border=QUIET_MODULES)
    return picture.getvalue()
