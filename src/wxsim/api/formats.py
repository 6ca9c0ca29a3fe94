"""What the platform takes as picture, voice, video and thumbnail: by content, size and length.

Source: "Temporary material", "Permanent material" (临时素材, 永久素材), 2025.
"""

import io
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction

import av

from wxsim.codes import Refused
from wxsim.switches import Switches

LONGEST_VOICE_S = 60  # whole ones: encoders add some milliseconds
MEGABYTE = 1024 * 1024
_ASF = bytes.fromhex("3026b2758e66cf11")
_MPEG_FRAME = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]")  # of layer I, II or III


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken for one purpose; too large is ``errcode``, another picture ``not_this``."""

    types: AbstractSet[str]
    most_bytes: int
    errcode: int
    not_this: int = 40005


_VOICE = frozenset({"audio/amr", "audio/mpeg"})
_MP4 = Taken({"video/mp4"}, 10 * MEGABYTE, 40011)
_THUMB = Taken({"image/jpeg"}, 64 * 1024, 40012, 40137)

TEMPORARY = {
    "image": Taken({"image/png", "image/jpeg", "image/gif"}, 10 * MEGABYTE, 40009, 40137),
    "voice": Taken(_VOICE, 2 * MEGABYTE, 40010),
    "video": _MP4,
    "thumb": _THUMB,
}
LASTING = {
    "image": Taken(TEMPORARY["image"].types | {"image/bmp"}, 10 * MEGABYTE, 40009, 40137),
    "voice": Taken(_VOICE | {"audio/wav", "audio/x-ms-wma"}, 2 * MEGABYTE, 40010),
    "video": _MP4,
    "thumb": _THUMB,
}
ARTICLE_PICTURE = Taken({"image/jpeg", "image/png"}, MEGABYTE, 40009)
KF_PICTURE = Taken({"image/jpeg"}, 5 * MEGABYTE, 40009)


def check(body: bytes, taken: Taken, switches: Switches) -> str:
    """The content type, by what the file begins with.

    Raises:
        Refused: 40005, 40137 a picture of another format, ``taken.errcode`` too large, 45007.
    """
    content_type = _recognised(body)
    if content_type not in taken.types:
        raise Refused(taken.not_this if content_type.startswith("image/") else 40005)
    most = taken.most_bytes
    if taken is TEMPORARY["image"]:
        most = min(most, switches.image_bytes)
    if len(body) > most:
        raise Refused(taken.errcode)
    if content_type.startswith("audio/") and int(seconds_of(body)) > LONGEST_VOICE_S:
        raise Refused(45007)
    return content_type


def seconds_of(voice: bytes) -> Fraction:
    """How long it plays, by its packets: headers may lie, and AMR has none.

    Raises:
        Refused: 40005, it cannot be played.
    """
    total = Fraction(0)
    try:
        with av.open(io.BytesIO(voice), mode="r") as container:
            for packet in container.demux(audio=0):
                if packet.duration and packet.time_base:
                    total += packet.duration * packet.time_base
    except (av.FFmpegError, ValueError, IndexError):
        raise Refused(40005) from None
    if not total:
        raise Refused(40005)
    return total


def _recognised(body: bytes) -> str:
    """The content type; empty: none that the platform knows."""
    for start, content_type in _STARTS.items():
        if body.startswith(start):
            return content_type
    if body[4:8] == b"ftyp":
        return "video/mp4"
    if body[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(body[8:12], "")
    return "audio/mpeg" if _MPEG_FRAME.match(body) else ""


_STARTS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
    b"#!AMR": "audio/amr",
    b"ID3": "audio/mpeg",
    _ASF: "audio/x-ms-wma",
}
