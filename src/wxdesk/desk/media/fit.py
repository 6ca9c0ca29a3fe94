"""What WeChat takes of pictures, voices and videos. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from wxdesk.desk.media.model import File
from wxdesk.wechat import limits


class As(StrEnum):
    """As what WeChat holds a file."""

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    THUMB = "thumb"


class Problem(StrEnum):
    """Why WeChat would not take a file. Stable names: clients translate them."""

    TYPE = "type"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Limit:
    """What WeChat takes as one of these; see ``wechat.limits`` for where it says so."""

    types: tuple[str, ...]
    max_bytes: int
    max_seconds: int | None = None


LIMITS = {
    As.IMAGE: Limit(("image/jpeg", "image/png", "image/gif"), limits.IMAGE_BYTES),
    As.VOICE: Limit(
        ("audio/amr", "audio/mpeg"),
        limits.VOICE_BYTES,
        int(limits.VOICE_LENGTH.total_seconds()),
    ),
    As.VIDEO: Limit(("video/mp4",), limits.VIDEO_BYTES),
    As.THUMB: Limit(("image/jpeg",), limits.THUMB_BYTES),
}


def problem_of(file: File, as_: As) -> Problem | None:
    """What stands in the way of sending a file as one of these; None when nothing does."""
    limit = LIMITS[as_]
    if file.content_type not in limit.types:
        return Problem.TYPE
    if file.size_bytes > limit.max_bytes:
        return Problem.TOO_LARGE
    if limit.max_seconds and (file.seconds or 0) > limit.max_seconds:
        return Problem.TOO_LONG
    return None


def problem_with(file: File, as_: As) -> Problem | None:
    """Like ``problem_of``, but a small picture of anything serves as its thumb."""
    if as_ is As.THUMB and file.thumb_sha256:
        return None
    return problem_of(file, as_)
