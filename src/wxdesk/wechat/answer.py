"""Reading what WeChat answered, field by field, into values of the kind the documentation says."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from wxdesk.wechat.call import Lost

_BIGGEST = 2**64  # no number of WeChat's is longer
_LAST_SECOND = 253_402_300_799  # of the year 9999


class Answer:
    """One object of an answer. A field of the wrong kind means that the answer cannot be trusted.

    Numbers may come as text: WeChat's own pages do not agree. A field that is null is missing.

    Args:
        said: The object.
        lost: What to raise where it is not as documented.
    """

    __slots__ = ("_lost", "_said")

    def __init__(self, said: Mapping[str, Any], lost: Lost) -> None:
        self._said, self._lost = said, lost

    def __contains__(self, name: str) -> bool:
        return self._said.get(name) is not None

    def holds(self, name: str, kind: type) -> bool:
        """Whether the field is there, and of this kind."""
        return isinstance(self._said.get(name), kind)

    def text(self, name: str, default: str | None = None) -> str:
        """Text; where the field is missing the default, without one an error."""
        value = self._field(name, default)
        if type(value) is int:
            value = str(value)
        if not isinstance(value, str):
            raise self.odd(name)
        return _encodable(value)

    def find_text(self, name: str) -> str | None:
        """Text, or None where it is missing or empty."""
        return self.text(name, "") or None

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number; where the field is missing the default, without one an error."""
        return self._integer(name, self._field(name, default))

    def flag(self, name: str) -> bool:
        """WeChat's 1 and 0, or true and false; missing is false."""
        return bool(self.integer(name, 0)) if self._said.get(name) is not True else True

    def find_moment(self, name: str) -> datetime | None:
        """Unix seconds; None for 0 or where it is missing."""
        seconds = self.integer(name, 0)
        if not 0 <= seconds <= _LAST_SECOND:
            raise self.odd(name)
        return datetime.fromtimestamp(seconds, UTC) if seconds else None

    def moment(self, name: str) -> datetime:
        """Unix seconds."""
        moment = self.find_moment(name)
        if moment is None:
            raise self.odd(name)
        return moment

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; missing is empty."""
        values = self._list(name)
        if not all(isinstance(value, str) for value in values):
            raise self.odd(name)
        return tuple(map(_encodable, values))

    def integers(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers; missing is empty."""
        return tuple(self._integer(name, value) for value in self._list(name))

    def part(self, name: str) -> "Answer":
        """An object within; missing is empty."""
        return self._part(name, self._said.get(name) or {})

    def parts(self, name: str) -> Iterator["Answer"]:
        """A list of objects; missing is empty."""
        return (self._part(name, value) for value in self._list(name))

    def odd(self, name: str) -> Exception:
        """The error that says so; never with the value."""
        return self._lost(f"the answer's {name} is missing or odd")

    def _field(self, name: str, default: object) -> Any:
        value = self._said.get(name)
        if value is not None:
            return value
        if default is None:
            raise self.odd(name)
        return default

    def _integer(self, name: str, value: object) -> int:
        if isinstance(value, str) and value.isascii() and len(value) <= len(str(_BIGGEST)):
            value = int(value) if value.removeprefix("-").isdigit() else None
        if type(value) is not int or abs(value) > _BIGGEST:
            raise self.odd(name)
        return value

    def _list(self, name: str) -> list[Any]:
        values = self._said.get(name) or []
        if not isinstance(values, list):
            raise self.odd(name)
        return values

    def _part(self, name: str, value: object) -> "Answer":
        if not isinstance(value, dict):
            raise self.odd(name)
        return Answer(value, self._lost)


def _encodable(text: str) -> str:
    """JSON may hold halves of characters, which no file and no database takes."""
    return text if text.isascii() else text.encode(errors="replace").decode()
