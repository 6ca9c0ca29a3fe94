"""One call of the API, what it is answered with, and what an endpoint is."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wxsim.api.form import Form, read_form
from wxsim.codes import Refused
from wxsim.platform import Platform

OK = {"errcode": 0, "errmsg": "ok"}
LONGEST_NUMBER = 18  # digits
MOST_JSON_BYTES = 1_000_000

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """What the caller sent.

    Attributes:
        origin: How they reached us, as ``http://host:port``.
        rid: The platform's name for this request.
    """

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    ip: str
    content_type: str = ""
    origin: str = ""
    rid: str = ""

    def json(self) -> dict[str, Any]:
        """The body, an object, whatever type it says it is of.

        Raises:
            Refused: 44002 empty, 45002 over a megabyte, 40033 not UTF-8, 47001 no JSON object.
        """
        return _object(self._text())

    def json_with_literal_escapes(self) -> dict[str, Any]:
        r"""The same, ``\uXXXX`` left standing as six characters, as some APIs do."""
        return _object(_ESCAPE.sub(_kept, self._text()))

    def has_unicode_escapes(self) -> bool:
        return any(found[1].startswith("u") for found in _ESCAPE.finditer(self._text()))

    def form(self) -> Form:
        """The parts of the body.

        Raises:
            Refused: 41005, it has none.
        """
        return read_form(self.body, self.content_type)

    def given(self) -> dict[str, Any]:
        """Query and, if there is one, the body's object: for calls that take either."""
        body = self.json() if self.body.strip() else {}
        return {**self.query, **body}

    def _text(self) -> str:
        if not self.body.strip():
            raise Refused(44002)
        if len(self.body) > MOST_JSON_BYTES:
            raise Refused(45002)
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refused(40033) from None


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer that is not JSON."""

    body: bytes
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = dict[str, Any] | Raw


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What answers on one path.

    Attributes:
        method: The only one allowed; None: any.
        needs_token: An API token in the query.
        verified: Only for verified accounts.
        sends: Brings something onto a phone, so its answer may get lost on the way.
        media: JSON in answers is ``text/plain``.
    """

    answer: Callable[[Platform, Call], Answer]
    method: str | None = None
    needs_token: bool = True
    verified: bool = False
    sends: bool = False
    media: bool = False


def whole_number(value: object, *, lowest: int, highest: int, errcode: int) -> int:
    """The number, also where it is written as a text.

    Raises:
        Refused: ``errcode``, it is none or lies outside.
    """
    if isinstance(value, str) and value.isdecimal() and len(value) <= LONGEST_NUMBER:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise Refused(errcode)
    return value


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(47001) from None
    if not isinstance(value, dict):
        raise Refused(47001)
    if "\\u" in text and not _is_text(value):
        raise Refused(40033)
    return value


def _is_text(value: object) -> bool:
    r"""``\ud800`` alone is no character; nothing could be written with it."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _kept(found: re.Match[str]) -> str:
    return f"\\{found[0]}" if found[1].startswith("u") else found[0]
