"""What WeChat posts: small, nearly flat, and from outside. XML; JSON too, as for mini programs."""

import json
import pyexpat
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from wxdesk.wechat.errors import Malformed
from wxdesk.wechat.limits import MAX_DEPTH, MAX_ELEMENTS, MAX_PUSH_BYTES

# One element that holds nothing but text. `*+` never looks back: linear in whatever comes.
_NEVER_IN_XML = r"\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_PLAIN = rf"[^<>&\]\r{_NEVER_IN_XML}]*+"
_CDATA = rf"<!\[CDATA\[([^\]\r{_NEVER_IN_XML}]*+(?:\](?!\]>)[^\]\r{_NEVER_IN_XML}]*+)*+)\]\]>"
_FLAT = re.compile(rf"[ \n]*<([A-Za-z_]\w*)>(?:{_CDATA}|({_PLAIN}))</\1>", re.ASCII)
_FLAT_BYTES = 8192  # too few for more elements than MAX_ELEMENTS

_NOT_IN_XML = re.compile(f"[{_NEVER_IN_XML}]")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_BLANKED = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
_FIELD = 2  # the depth of the root's children, where nearly everything stands


def read_elements(body: bytes) -> dict[str, str]:
    """The text of each child of the root; what is nested deeper is left out.

    The body is read as UTF-8, whatever encoding it declares, with spaces for control characters.
    Of two elements of one name the last counts.

    Raises:
        Malformed: Neither XML nor JSON, with a document type (so no entity is ever declared or
            resolved), or larger than any push.
    """
    if len(body) > MAX_PUSH_BYTES:
        raise Malformed("too long")
    if body.startswith(b"{"):
        return {child.tag: child.text or "" for child in _json_tree(body)}
    if (elements := _flat_elements(body)) is not None:
        return elements
    return _xml_elements(body)


def read_tree(body: bytes) -> Element:
    """All of a body that ``read_elements`` has taken: no document type, and not too deep.

    Raises:
        Malformed: Its names are in namespaces, as WeChat's are not.
    """
    if body.startswith(b"{"):
        return _json_tree(body)
    parser = XMLParser(encoding="utf-8")  # noqa: S314  no document type has come so far
    try:
        parser.feed(_legible(body))
        root: Element = parser.close()
    except ParseError:
        raise Malformed("not XML as WeChat writes it") from None
    return root


def cdata(text: str) -> str:
    """The text as a CDATA section, or as two where it holds the end of one.

    For characters that no XML can hold it has spaces.
    """
    text = _NOT_IN_XML.sub(" ", text)
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _flat_elements(body: bytes) -> dict[str, str] | None:
    """What ``_xml_elements`` reads, in half the time, of XML as WeChat writes nearly all of it.

    That is a root of elements that hold one text each, and nothing else; None for anything else,
    be it XML or not.
    """
    if len(body) > _FLAT_BYTES or not body.startswith(b"<xml>"):
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    elements = {}
    at = len("<xml>")
    while found := _FLAT.match(text, at):
        elements[found[1]] = found[found.lastindex or 0]
        at = found.end()
    return elements if text[at:].strip(" \n") == "</xml>" else None


def _xml_elements(body: bytes) -> dict[str, str]:
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
        parser.Parse(_legible(body), True)
    except pyexpat.ExpatError:
        raise Malformed("not XML") from None
    return elements


def _legible(body: bytes) -> bytes:
    """The body with spaces for what no XML may hold, but WeChat passes on when people type it.

    Seen by others: https://github.com/w7corp/easywechat/pull/1419, offu/WeRoBot/pull/809.
    """
    body = body.translate(_BLANKED)
    return body.replace(b"\xef\xbf\xbe", b"   ").replace(b"\xef\xbf\xbf", b"   ")


def _refuse_doctype(*_declared: object) -> None:
    raise Malformed("has a document type")


def _json_tree(body: bytes) -> Element:
    """An object's members as elements; a list as the same element again and again."""
    try:
        members = json.loads(body.decode(), parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    root = Element("xml")
    waiting: list[tuple[Element, int, dict[str, Any]]] = [(root, 1, members)]
    count = 1
    while waiting:
        parent, depth, members = waiting.pop()
        for name, value in _listed(members):
            child = Element(_plain(name))
            parent.append(child)
            count += 1
            if depth == MAX_DEPTH or count > MAX_ELEMENTS:
                raise Malformed("too many elements")
            if isinstance(value, dict):
                waiting.append((child, depth + 1, value))
            else:
                child.text = _json_text(value)
    return root


def _listed(members: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in members.items():
        for one in value if isinstance(value, list) else [value]:
            yield name, one


def _json_text(value: object) -> str:
    if value is None or isinstance(value, list):
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return _plain(str(value))


def _plain(text: str) -> str:
    """The text as every database takes it."""
    return text.replace("\0", " ").encode(errors="replace").decode()
