"""The elements of one push while it is read: each is taken once, what is left over is kept."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Self
from xml.etree.ElementTree import Element

from wxdesk.wechat.elements import read_tree
from wxdesk.wechat.errors import Malformed
from wxdesk.wechat.limits import MAX_ID_CHARS, MSG_ID_DIGITS

EARLIEST = int(datetime(2012, 8, 1, tzinfo=UTC).timestamp())  # no Official Account is older
LATEST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
_DECIMAL_CHARS = 32
_PATH_CHARS = 200  # ours: names of WeChat's are short, and nest five deep


class Fields:
    """Elements by name: ``take_…`` for what a push says nothing without, ``find_…`` for the rest.

    Args:
        texts: What stands in each element.
        tree: The same with what is nested in it, or the body to read that from when asked for.
            Both get smaller by what is taken.
    """

    __slots__ = ("texts", "tree")

    def __init__(self, texts: dict[str, str], tree: bytes | Element) -> None:
        self.texts = texts
        self.tree = tree

    @classmethod
    def of(cls, element: Element) -> Self:
        return cls({child.tag: child.text or "" for child in element}, element)

    def take(self, name: str) -> str:
        """The text of an element, which may be empty.

        Raises:
            Malformed: There is no such element.
        """
        text = self._pop(name)
        if text is None:
            raise Malformed(f"no {name}")
        return text

    def take_id(self, name: str) -> str:
        """A name that WeChat gives: ASCII, and not long."""
        value = self.take(name)
        if 0 < len(value) <= MAX_ID_CHARS and value.isascii() and value.isprintable():
            return value
        raise Malformed(f"odd {name}")

    def take_whole(self, name: str) -> int:
        digits = self.take(name)
        if len(digits) <= MSG_ID_DIGITS and digits.isascii() and digits.isdigit():
            return int(digits)
        raise Malformed(f"odd {name}")

    def take_degrees(self, name: str, most: int) -> float:
        """A coordinate, between ``-most`` and ``most``."""
        degrees = _decimal(self.take(name))
        if degrees is None or abs(degrees) > most:
            raise Malformed(f"odd {name}")
        return degrees

    def take_seconds(self, name: str) -> int:
        """A moment in Unix seconds, as WeChat may know one."""
        seconds = self.take_whole(name)
        if EARLIEST <= seconds <= LATEST:
            return seconds
        raise Malformed(f"odd {name}")

    def take_moment(self, name: str) -> datetime:
        return datetime.fromtimestamp(self.take_seconds(name), UTC)

    def find(self, name: str) -> str | None:
        """The text; None where there is none, be there an element or not."""
        return self._pop(name) or None

    def find_text(self, name: str) -> str:
        return self._pop(name) or ""

    def find_whole(self, name: str) -> int | None:
        """The number; None where there is none, or none that can be read."""
        return _whole(self.find_text(name))

    def find_decimal(self, name: str) -> float | None:
        return _decimal(self.find_text(name))

    def inside(self, name: str) -> "Fields":
        """What is nested in an element; nothing where there is none."""
        return Fields.of(child) if (child := self._root.find(name)) is not None else _NOTHING

    def each(self, path: str) -> Iterator["Fields"]:
        """Each of the elements at a path, as often as it is there."""
        return map(Fields.of, self._root.iterfind(path))

    def texts_of(self, path: str) -> tuple[str, ...]:
        """The texts at a path, without the empty ones."""
        above, _, name = path.rpartition("/")
        found = [
            _without(parent, child)
            for parent in self._root.iterfind(above or ".")
            for child in parent.findall(name)
        ]
        return tuple(child.text for child in found if child.text)

    def wholes_of(self, path: str) -> tuple[int, ...]:
        numbers = map(_whole, self.texts_of(path))
        return tuple(number for number in numbers if number is not None)

    def left_over(self) -> dict[str, str]:
        """The texts that nobody has taken, without the empty ones; nested ones by their path."""
        left = {name: text for name, text in self.texts.items() if text and not text.isspace()}
        if len(left) < len(self.texts):  # some are empty, or hold others
            left |= self._nested_left_over()
        return left

    def take_rest(self) -> dict[str, str]:
        rest = self.left_over()
        self.texts.clear()
        return rest

    def _pop(self, name: str) -> str | None:
        if isinstance(self.tree, Element):
            for child in self.tree.findall(name):
                _without(self.tree, child)
        return self.texts.pop(name, None)

    def _nested_left_over(self) -> dict[str, str]:
        try:
            return dict(_nested_texts(self._root))
        except Malformed:
            return {}

    @property
    def _root(self) -> Element:
        if isinstance(self.tree, bytes):
            self.tree = read_tree(self.tree)
        return self.tree


_NOTHING = Fields({}, Element("xml"))


def _without(parent: Element, child: Element) -> Element:
    """The child, and the parent without it; but what is nested in the child stays."""
    if not len(child):
        parent.remove(child)
    return child


def _nested_texts(parent: Element, path: str = "") -> Iterator[tuple[str, str]]:
    """What stands deeper than right below: ``List/Hue``, of the second list ``List[2]/Hue``."""
    seen: Counter[str] = Counter()
    for child in parent:
        seen[child.tag] += 1
        number = seen[child.tag]
        here = f"{path}{child.tag}" + (f"[{number}]" if number > 1 else "")
        if len(here) > _PATH_CHARS:
            continue
        if path and child.text and not child.text.isspace():
            yield here, child.text
        yield from _nested_texts(child, f"{here}/")


def _whole(digits: str) -> int | None:
    if len(digits) <= MSG_ID_DIGITS and digits.isascii() and digits.isdigit():
        return int(digits)
    return None


def _decimal(text: str) -> float | None:
    """A number as WeChat writes one: ``23.130997``."""
    if len(text) > _DECIMAL_CHARS or not text.isascii():
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
