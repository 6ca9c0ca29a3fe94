"""The type of a file by what is in it. Nothing is decoded here."""

import re
from pathlib import Path

FILE = "application/octet-stream"
"""What is none of the types below, or something else besides: only ever saved, never shown."""

PICTURES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
}
"""By type, what Pillow calls it."""

SOUNDS = {
    "audio/amr": "amr",
    "audio/amr-wb": "amr",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/mp4": "mov",
    "audio/webm": "matroska",
}
"""By type, what FFmpeg calls its container."""

VIDEOS = {"video/mp4": "mov", "video/quicktime": "mov", "video/webm": "matroska"}

ENDINGS = {
    "image/jpeg": "jpg",
    "audio/mpeg": "mp3",
    "audio/amr-wb": "awb",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "video/quicktime": "mov",
    FILE: "bin",
}

_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"#!AMR-WB\n", "audio/amr-wb"),
    (b"#!AMR\n", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_NOT_VIDEO = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"crx ")
_ACTIVE = re.compile(
    rb"<(?:script|html|head|body|iframe|object|embed|svg|!doctype|\?php)[\s>/]", re.IGNORECASE
)
_ADTS, _LAYER_3 = 0xFFF0, 0xFFE2
_LONGEST_ZIP_END = 65_557  # its comment included
_CHUNK = 1024 * 1024


def recognise(path: Path) -> str:
    """The type of a file, ``FILE`` where it is none we know or two at once."""
    with path.open("rb") as file:
        head = file.read(1024)
        kind = _by_beginning(head)
        if kind in PICTURES and (_is_script(head) or b"%PDF-" in head):
            return FILE
    return FILE if kind in PICTURES and _is_something_else_too(path) else kind


def ending_of(content_type: str) -> str:
    """How the names of files of a type end."""
    return ENDINGS.get(content_type) or content_type.rpartition("/")[2]


def is_shown(content_type: str) -> bool:
    """Whether a browser may show it in place."""
    return content_type in PICTURES or content_type in SOUNDS or content_type in VIDEOS


def _by_beginning(head: bytes) -> str:
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], FILE)
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "image/bmp"
    return _by_frame(head)


def _by_brand(brand: bytes) -> str:
    """ISO base media: what follows ``ftyp``."""
    if brand in _NOT_VIDEO:
        return FILE
    if brand == b"qt  ":
        return "video/quicktime"
    return "audio/mp4" if brand in (b"M4A ", b"M4B ") else "video/mp4"


def _by_frame(head: bytes) -> str:
    """MPEG audio without a header of its own: eleven bits set, then which layer."""
    sync = int.from_bytes(head[:2])
    if sync & 0xFFF6 == _ADTS:
        return "audio/aac"
    return "audio/mpeg" if sync & 0xFFE6 == _LAYER_3 else FILE


def _is_script(head: bytes) -> bool:
    """A GIF whose width reads as the beginning of a comment or an assignment."""
    return head.startswith(b"GIF8") and head[6:8] in (b"/*", b"//", b"=1", b"='", b'="', b"= ")


def _is_something_else_too(path: Path) -> bool:
    """A page, or an archive: ZIP files are read from their end."""
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if _ACTIVE.search(last + chunk):
                return True
            last = (last + chunk)[-_LONGEST_ZIP_END:]
    return b"PK\x05\x06" in last
