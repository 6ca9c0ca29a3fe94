"""What comes along with an act: pictures, voices, videos, codes; made ready before it is done."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wxsim import film, scanner, sound
from wxsim.acts.errors import BadAct
from wxsim.film import Film
from wxsim.scanner import Code
from wxsim.sound import Voice

MAX_FILE_BYTES = 12_000_000
MOST_PICTURES = 9  # that a phone lets choose at once
MOST_COMPLAINT_PICTURES = 5
_MOST_SECONDS = sound.LONGEST_SECONDS

_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
}


@dataclass(frozen=True, slots=True)
class Files:
    """At most one of them is there, by the type of the act."""

    body: bytes = b""
    pictures: tuple[bytes, ...] = ()
    voice: Voice | None = None
    film: Film | None = None
    code: Code | None = None


def files_of(wish: Mapping[str, Any]) -> Files:
    """Decode and convert what the wish brings. It may take a second, and touches nothing else.

    Raises:
        BadAct: A file is not what this type of act needs.
    """
    read = _READERS.get(str(wish.get("type")))
    try:
        return read(wish) if read else Files()
    except (sound.NotSound, film.NotFilm, scanner.Unreadable) as error:
        raise BadAct(str(error)) from error


def picture_type(body: bytes) -> str:
    """Its content type.

    Raises:
        BadAct: It is no picture that a phone could send.
    """
    for start, content_type in _PICTURES.items():
        if body.startswith(start):
            return content_type
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    raise BadAct("file is not a picture: PNG, JPEG, GIF, BMP or WebP")


def _picture(wish: Mapping[str, Any]) -> Files:
    return Files(pictures=(_decoded(wish.get("file")),))


def _voice(wish: Mapping[str, Any]) -> Files:
    body = _decoded(wish.get("file", ""))
    return Files(voice=sound.as_voice(body) if body else sound.hum(_seconds(wish)))


def _film(wish: Mapping[str, Any]) -> Files:
    body = _decoded(wish.get("file", ""))
    return Files(film=film.as_film(body) if body else film.sample())


def _any(wish: Mapping[str, Any]) -> Files:
    return Files(body=_decoded(wish.get("file", "")))


def _code(wish: Mapping[str, Any]) -> Files:
    """A code to look at (``picture``) or the text of one (``code``)."""
    if "picture" in wish:
        return Files(code=scanner.read(_decoded(wish["picture"], "picture")))
    code = wish.get("code")
    return Files(code=scanner.written(code) if isinstance(code, str) and code else None)


def _button(wish: Mapping[str, Any]) -> Files:
    """For the buttons that scan, and for those that take pictures."""
    pictures = _many(wish, "pictures", MOST_PICTURES)
    for body in pictures:
        picture_type(body)
    return Files(pictures=pictures, code=_code(wish).code)


def _complaint(wish: Mapping[str, Any]) -> Files:
    return Files(pictures=_many(wish, "pictures", MOST_COMPLAINT_PICTURES))


_READERS = {
    "image": _picture,
    "voice": _voice,
    "video": _film,
    "shortvideo": _film,
    "file": _any,
    "scan": _code,
    "menu_click": _button,
    "complain": _complaint,
}


def _many(wish: Mapping[str, Any], name: str, most: int) -> tuple[bytes, ...]:
    given = wish.get(name, [])
    if not isinstance(given, list) or len(given) > most:
        raise BadAct(f"{name} is a list of at most {most} pictures")
    return tuple(_decoded(one, name) for one in given)


def _decoded(encoded: Any, name: str = "file") -> bytes:
    try:
        body = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise BadAct(f"{name} is the file's bytes in base64") from None
    if len(body) > MAX_FILE_BYTES:
        raise BadAct(f"{name} has more than {MAX_FILE_BYTES} bytes")
    return body


def _seconds(wish: Mapping[str, Any]) -> int:
    seconds = wish.get("seconds", 3)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise BadAct("seconds is a number")
    return round(min(max(seconds, 1), _MOST_SECONDS))
