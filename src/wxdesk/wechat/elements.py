"""The XML that WeChat posts: small, flat, and from outside."""

import pyexpat

from wxdesk.wechat.errors import Malformed
from wxdesk.wechat.limits import MAX_DEPTH, MAX_ELEMENTS, MAX_PUSH_BYTES

_FIELD = 2  # the depth of the root's children, where everything we read stands


def read_elements(body: bytes) -> dict[str, str]:
    """The text of each child of the root; what is nested deeper is left out.

    The body is read as UTF-8, whatever encoding it declares. Of two elements of one name the
    last counts.

    Raises:
        Malformed: Not XML, with a document type (so no entity is ever declared or resolved),
            or larger than any push.
    """
    if len(body) > MAX_PUSH_BYTES:
        raise Malformed("too long")
    if b"\0" in body:
        raise Malformed("not UTF-8")  # UTF-16, which expat would take by its byte order mark
    elements: dict[str, str] = {}
    field = ""
    depth = count = 0

    def opened(name: str, _attributes: dict[str, str]) -> None:
        nonlocal field, depth, count
        depth += 1
        count += 1
        if depth == _FIELD:
            field = name
            elements[name] = ""
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise Malformed("too many elements")

    def closed(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def found_text(text: str) -> None:
        if depth == _FIELD:
            elements[field] += text

    parser = pyexpat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = found_text
    try:
        parser.Parse(body, True)
    except pyexpat.ExpatError:
        raise Malformed("not XML") from None
    return elements


def cdata(text: str) -> str:
    """The text as a CDATA section, or as two where it holds the end of one."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _refuse_doctype(*_declared: object) -> None:
    raise Malformed("has a document type")
