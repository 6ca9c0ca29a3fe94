"""One call to WeChat: a request, and an answer that can be trusted or not.

Errors are raised without their cause: aiohttp's hold the URL, and so the access token.

Source: "Calling server-side APIs" (doc/service/guide/dev/api).
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp

from wxdesk.wechat.errors import Refused, Unanswered, Uncertain, Unreached
from wxdesk.wechat.limits import MAX_ANSWER_BYTES

Lost = type[Uncertain] | type[Unanswered]
"""What it is called when no answer came that can be trusted: may the call be made again?"""

JSON = {"Content-Type": "application/json; charset=utf-8"}

_BUSY = -1
_RID = re.compile(r"\brid: ?([0-9a-f]+(?:-[0-9a-f]+)*)")
_TAIL = re.compile(r"\b(?:rid|hints?): ?.*", re.DOTALL)
_ERRMSG_CHARS = 300
_CHUNK_BYTES = 64 * 1024
_BEFORE_IT_LEFT = (
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
    aiohttp.ClientConnectorError,  # no address, no connection, no handshake
    aiohttp.ConnectionTimeoutError,  # nor a free place in the pool
    UnicodeError,  # a name that no resolver can be asked for
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Attributes:
        url: Without parameters.
        params: The query string; the access token is in it.
        body: None for GET.
        redirects: How many to follow.
    """

    url: str = field(repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | AsyncIterator[bytes] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    redirects: int = 0


async def post(
    http: aiohttp.ClientSession, url: str, body: bytes, *, patience: timedelta
) -> dict[str, Any]:
    """Post JSON once and return WeChat's answer.

    Args:
        http: Where connections are kept; it repeats no POST by itself.
        url: Without parameters.
        body: JSON in UTF-8.
        patience: How long to wait for a connection, and as long again for the answer.

    Raises:
        Unreached: The request never left.
        Uncertain: It left, and no trustworthy answer came.
        Refused: WeChat answered with an error code.
    """
    request = Request(url, body=body, headers=JSON)
    return trusted(await ask(http, request, patience=patience, lost=Uncertain), Uncertain)


async def ask(
    http: aiohttp.ClientSession,
    request: Request,
    *,
    patience: timedelta,
    lost: Lost,
    transfer: timedelta | None = None,
    max_bytes: int = MAX_ANSWER_BYTES,
) -> bytes:
    """Ask once and return the whole answer. Arguments and errors as ``opened`` has them."""
    response = await opened(http, request, patience=patience, lost=lost, transfer=transfer)
    async with response:
        return await whole(chunks(response, lost), lost, max_bytes)


async def opened(
    http: aiohttp.ClientSession,
    request: Request,
    *,
    patience: timedelta,
    lost: Lost,
    transfer: timedelta | None = None,
) -> aiohttp.ClientResponse:
    """Ask once and return the beginning of the answer: its head. To be closed by the caller.

    Args:
        http: Where connections are kept; it repeats no POST by itself.
        request: What to ask.
        patience: How long to wait for a connection, and for each next piece of the answer.
        lost: What to raise when it left and no trustworthy answer came.
        transfer: How long all of it may take; as long again as the patience when not given.

    Raises:
        Unreached: The request never left.
        Uncertain, Unanswered: As ``lost`` says; also for any status but 200.
    """
    seconds = patience.total_seconds()
    timeout = aiohttp.ClientTimeout(
        # The whole takes longer than connecting may, so if the whole runs out, it has left.
        total=seconds + (transfer or patience).total_seconds(),
        connect=seconds,
        sock_connect=seconds,
        sock_read=seconds,
    )
    try:
        response = await http.request(
            "GET" if request.body is None else "POST",
            request.url,
            params=request.params,
            data=request.body,
            headers=request.headers,
            timeout=timeout,
            allow_redirects=request.redirects > 0,
            max_redirects=max(request.redirects, 1),
        )
    except _BEFORE_IT_LEFT as e:
        raise Unreached(type(e).__name__) from None
    except (aiohttp.ClientError, OSError) as e:
        raise lost(type(e).__name__) from None
    if response.status != HTTPStatus.OK:
        response.close()
        raise lost(f"HTTP {response.status}")
    return response


async def chunks(response: aiohttp.ClientResponse, lost: Lost) -> AsyncIterator[bytes]:
    """The answer's body, piece by piece; one that ends too early is an error, as ``lost`` says."""
    try:
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            yield chunk
    except (aiohttp.ClientError, OSError) as e:
        raise lost(type(e).__name__) from None


async def whole(pieces: AsyncIterator[bytes], lost: Lost, max_bytes: int) -> bytes:
    """All pieces in one, unless they are too many."""
    answer = bytearray()
    async for piece in pieces:
        answer += piece
        if len(answer) > max_bytes:
            raise lost("the answer is too long")
    return bytes(answer)


def trusted(answer: bytes, lost: Lost) -> dict[str, Any]:
    """What the answer says, whatever content type it was declared as.

    "Busy" leaves open whether a call was carried out; where that does not matter it is a refusal.
    """
    try:
        said = json.loads(answer.decode(errors="replace"), strict=False)
    except (ValueError, RecursionError):
        raise lost("the answer is not JSON") from None
    if not isinstance(said, dict) or type(said.get("errcode", 0)) is not int:
        raise lost("the answer is not WeChat's")
    errcode = said.get("errcode", 0)
    if errcode == _BUSY and lost is Uncertain:
        raise Uncertain("WeChat is busy")
    if errcode != 0:
        raise _refusal(errcode, str(said.get("errmsg", "")))
    return said


def _refusal(errcode: int, errmsg: str) -> Refused:
    rid = _RID.search(errmsg)
    cleaned = _TAIL.sub("", errmsg).rstrip(" ,\t\r\n")
    return Refused(errcode, cleaned[:_ERRMSG_CHARS], rid[1] if rid else None)
