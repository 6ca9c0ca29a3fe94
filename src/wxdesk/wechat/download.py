"""Files that WeChat hands out: as they are, or as JSON that tells where they are, or that says no.

WeChat's headers do not tell them apart (errors come with HTTP 200 and as ``text/plain``), but none
of the formats it hands out begins as JSON or HTML does.

Source: "Get temporary media" (doc/service/Asset_Management/Get_temporary_materials).
"""

import codecs
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp

from wxdesk.wechat.answer import Answer
from wxdesk.wechat.call import Request, chunks, opened, trusted, whole
from wxdesk.wechat.caller import Body, Caller
from wxdesk.wechat.errors import OverLimit, Unanswered
from wxdesk.wechat.limits import DOWNLOAD_REDIRECTS, FILENAME_CHARS, MAX_LIST_BYTES

_AS_IT_IS = {"Accept-Encoding": "identity"}  # a compressed one could grow without end
_FILENAME = re.compile(r"""filename\s*=\s*(?:"([^"]*)"|([^;"]+))""", re.IGNORECASE)
_FILENAME_CODED = re.compile(r"filename\*\s*=\s*utf-8'[^']*'([^;]+)", re.IGNORECASE)


class Download:
    """A file that is being fetched.

    Attributes:
        content_type: As WeChat says; often wrong.
        filename: As WeChat says: one name, without folders or control characters. None if it says
            none.
        size_bytes: None where WeChat does not say.
    """

    def __init__(
        self, response: aiohttp.ClientResponse, pieces: AsyncIterator[bytes], max_bytes: int
    ) -> None:
        self.content_type = response.content_type
        self.filename = safe_filename(response.headers.get("Content-Disposition", ""))
        self.size_bytes = response.content_length
        self._pieces, self._max_bytes = pieces, max_bytes

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file, piece by piece, once.

        Raises:
            OverLimit: It is longer than wanted.
            Unanswered: It ended too early, or too slowly.
        """
        size = 0
        async for piece in self._pieces:
            size += len(piece)
            if size > self._max_bytes:
                raise _too_long(self._max_bytes)
            yield piece

    async def read(self) -> bytes:
        """The whole file. Errors as ``chunks``."""
        return b"".join([piece async for piece in self.chunks()])


@asynccontextmanager
async def downloading(
    caller: Caller, path: str, body: Body = None, *, address: str, max_bytes: int, **params: str
) -> AsyncIterator[Download]:
    """Open the file that a call hands out.

    Args:
        caller: Who calls.
        path: What is called.
        body: With what.
        address: The field of an answer in JSON that tells where the file is.
        max_bytes: The longest file that is wanted.
        params: The query string, but for the token.
    """

    async def once(token: str) -> _Opened:
        response = await caller.open(path, token, body, **params)
        return await _file_or_address(response, address)

    found = await caller.with_token(once)
    if isinstance(found, str):
        found = await _file_at(caller, found)
    response, pieces = found
    async with response:
        if (response.content_length or 0) > max_bytes:
            raise _too_long(max_bytes)
        yield Download(response, pieces, max_bytes)


_File = tuple[aiohttp.ClientResponse, AsyncIterator[bytes]]
_Opened = _File | str


async def _file_or_address(response: aiohttp.ClientResponse, address: str) -> _Opened:
    """The file, or where it is; what WeChat said against it is raised."""
    try:
        pieces = chunks(response, Unanswered)
        first = await _first(pieces)
        if _beginning(first) == b"{":
            said = await _json(first, pieces)
            response.close()
            return Answer(said, Unanswered).text(address)
        _require_file(first)
    except BaseException:
        response.close()
        raise
    return response, _rejoined(first, pieces)


async def _file_at(caller: Caller, url: str) -> _File:
    """The file at an address that WeChat told. No token goes there."""
    if not _is_of_the_web(url):
        raise Unanswered("the file's address is none of the web")
    request = Request(url, headers=_AS_IT_IS, redirects=DOWNLOAD_REDIRECTS)
    response = await opened(
        caller.http,
        request,
        patience=caller.timeout,
        lost=Unanswered,
        transfer=caller.transfer,
    )
    try:
        pieces = chunks(response, Unanswered)
        first = await _first(pieces)
        _require_file(first)
    except BaseException:
        response.close()
        raise
    return response, _rejoined(first, pieces)


def _is_of_the_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


async def _first(pieces: AsyncIterator[bytes]) -> bytes:
    async for piece in pieces:
        if piece.strip():
            return piece
    return b""


async def _json(first: bytes, pieces: AsyncIterator[bytes]) -> dict[str, Any]:
    answer = await whole(_rejoined(first, pieces), Unanswered, MAX_LIST_BYTES)
    return trusted(answer, Unanswered)


def _require_file(first: bytes) -> None:
    if not first:
        raise Unanswered("the file is empty")
    if _beginning(first) in {b"{", b"[", b"<"}:
        raise Unanswered("that is no file")


def _beginning(first: bytes) -> bytes:
    return first.removeprefix(codecs.BOM_UTF8).lstrip()[:1]


async def _rejoined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _too_long(max_bytes: int) -> OverLimit:
    return OverLimit(f"the file is longer than {max_bytes} bytes")


def safe_filename(disposition: str) -> str | None:
    """The name in a ``Content-Disposition``: one name, printable, or None."""
    if coded := _FILENAME_CODED.search(disposition):
        name = unquote(coded[1], errors="replace")
    elif plain := _FILENAME.search(disposition):
        name = plain[1] or plain[2] or ""
    else:
        return None
    name = name.encode(errors="surrogateescape").decode(errors="replace")
    name = PurePosixPath(name.replace("\\", "/")).name
    name = "".join(char for char in name if char.isprintable()).strip(" .")
    return name[-FILENAME_CHARS:] or None
