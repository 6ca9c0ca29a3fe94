"""XML as the platform writes it: text in CDATA, numbers bare, one element a line."""

import re
from collections.abc import Sequence
from typing import Any

Element = tuple[str, Any]  # a str goes into CDATA, a number is bare, a list holds elements

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
        inner = "\n".join(_element(*element) for element in value)
    elif isinstance(value, str):
        inner = cdata(value)
    elif isinstance(value, float):
        inner = f"{value:.6f}"
    else:
        inner = str(value)
    return f"<{name}>{inner}</{name}>"
