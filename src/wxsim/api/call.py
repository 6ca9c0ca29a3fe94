"""One call of the API, and what an endpoint is."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wxsim.codes import Refused
from wxsim.platform import Platform

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """What the caller sent."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    ip: str

    def json(self) -> dict[str, Any]:
        """The body, an object.

        Raises:
            Refused: 44002 empty, 40033 not UTF-8, 47001 not a JSON object.
        """
        return _object(self._text())

    def json_with_literal_escapes(self) -> dict[str, Any]:
        r"""The same, ``\uXXXX`` left standing as six characters, as some APIs do."""
        return _object(_ESCAPE.sub(_kept, self._text()))

    def has_unicode_escapes(self) -> bool:
        return any(found[1].startswith("u") for found in _ESCAPE.finditer(self._text()))

    def _text(self) -> str:
        if not self.body.strip():
            raise Refused(44002)
        try:
            return self.body.decode()
        except UnicodeDecodeError:
            raise Refused(40033) from None


Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``sends``: brings something onto a phone, so its answer may get lost on the way."""

    answer: Callable[[Platform, Call], Answer]
    post_only: bool = False
    needs_token: bool = False
    sends: bool = False


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(47001) from None
    if not isinstance(value, dict):
        raise Refused(47001)
    return value


def _kept(found: re.Match[str]) -> str:
    return f"\\{found[0]}" if found[1].startswith("u") else found[0]
