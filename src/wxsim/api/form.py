"""Uploads (multipart/form-data), as the platform reads them: it takes what careless clients send.

Parts without a type, filenames in bare UTF-8, percent-encoded, as RFC 2047 words or under
``filename*``, a body whose Content-Type says nothing of its boundary.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.header import decode_header, make_header
from urllib.parse import unquote

from wxsim.codes import Refused

MOST_PARTS = 20
LONGEST_HEAD = 8192  # bytes
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_PARAMETER = re.compile(r';\s*([\w-]+\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a form."""

    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The parts by their names: fields as text, files as they are."""

    fields: Mapping[str, str]
    files: Mapping[str, Upload]

    def file(self, name: str) -> Upload:
        """The file that has to be there, and not empty.

        Raises:
            Refused: 41005 missing, or without a filename; 44001 empty.
        """
        found = self.files.get(name)
        if found is None:
            raise Refused(41005)
        if not found.body:
            raise Refused(44001)
        return found


def read_form(body: bytes, content_type: str) -> Form:
    """Take the body apart.

    Raises:
        Refused: 41005, it is no form.
    """
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for head, content in _parts(body, _boundary(body, content_type)):
        headers = _headers(head)
        asked = _parameters(headers.get("content-disposition", ""))
        name, filename = asked.get("name"), _filename(asked)
        if name is None:
            continue
        if filename is None:
            fields[name] = content.decode(errors="replace")
        else:
            files[name] = Upload(filename, headers.get("content-type", ""), content)
    return Form(fields, files)


def _boundary(body: bytes, content_type: str) -> bytes:
    found = _BOUNDARY.search(content_type)
    if found:
        return b"--" + found[1].encode()
    first = body.lstrip(b"\r\n")[:LONGEST_HEAD].partition(b"\n")[0].rstrip()
    if not first.startswith(b"--"):
        raise Refused(41005)
    return first


def _parts(body: bytes, boundary: bytes) -> list[tuple[str, bytes]]:
    """Head and content of each; what follows the last boundary, or lacks one, is no part."""
    found: list[tuple[str, bytes]] = []
    at = body.find(boundary)
    while at >= 0 and len(found) < MOST_PARTS:
        begin = at + len(boundary)
        at = body.find(b"\n" + boundary, begin)
        if body[begin : begin + 2] == b"--" or at < 0:
            break
        at += 1
        head, content = _split(body, begin, at)
        found.append((head, content))
    return found


def _split(body: bytes, begin: int, end: int) -> tuple[str, bytes]:
    limit = min(end, begin + LONGEST_HEAD)
    for blank in (b"\r\n\r\n", b"\n\n"):
        cut = body.find(blank, begin, limit)
        if cut >= 0:
            last = end - 2 if body[end - 2 : end] == b"\r\n" else end - 1
            head = body[begin:cut].decode(errors="replace")
            return head, body[cut + len(blank) : last]
    return "", b""


def _headers(head: str) -> dict[str, str]:
    lines = (line.partition(":") for line in head.splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in lines if name.strip()}


def _parameters(disposition: str) -> dict[str, str]:
    return {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
        for name, quoted, bare in _PARAMETER.findall(disposition)
    }


def _filename(asked: Mapping[str, str]) -> str | None:
    extended = asked.get("filename*")
    if extended is not None:
        return unquote(extended.rpartition("'")[2]) or None
    plain = asked.get("filename")
    if not plain:
        return None
    if plain.startswith("=?"):
        try:
            return str(make_header(decode_header(plain)))
        except (ValueError, LookupError):
            return plain
    return unquote(plain)
