"""XML as the platform writes it: text in CDATA, numbers bare, one element a line."""

import re
from collections.abc import Sequence
from typing import Any

Element = tuple[str, Any]  # a str goes into CDATA, a number is bare, a list holds elements


class Bare(str):
    """Letters and digits that the platform writes without CDATA."""

    __slots__ = ()


def as_number(text: str) -> str:
    """Bare where it is digits, as the platform writes its own ids; else it goes into CDATA."""
    return Bare(text) if text.isascii() and text.isdecimal() else text


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def document(elements: Sequence[Element]) -> bytes:
    """Under one ``<xml>``, laid out as the pushes of the documentation."""
    lines = "\n".join(_element(name, value) for name, value in elements)
    return f"<xml>{lines}\n</xml>\n".encode()


def cdata(text: str) -> str:
    """In CDATA; ``]]>`` is split, characters that XML cannot carry are left out."""
    safe = _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{safe}]]>"


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        inner = "".join(f"{_element(*element)}\n" for element in value)
    elif isinstance(value, str) and not isinstance(value, Bare):
        inner = cdata(value)
    elif isinstance(value, float):
        inner = f"{value:.6f}"
    else:
        inner = str(value)
    return f"<{name}>{inner}</{name}>"
