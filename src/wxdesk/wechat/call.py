"""One call to WeChat: a POST, and an answer that can be trusted or not.

Source: "Calling server-side APIs" (doc/service/guide/dev/api).
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp

from wxdesk.wechat.errors import Refused, Uncertain, Unreached
from wxdesk.wechat.limits import MAX_ANSWER_BYTES

_BUSY = -1
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_RID = re.compile(r"\brid: ?([0-9a-f]+(?:-[0-9a-f]+)*)")
_TAIL = re.compile(r"[\s,]*\b(?:rid|hints?): ?.*", re.DOTALL)
_ERRMSG_CHARS = 300
_BEFORE_IT_LEFT = (
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
    aiohttp.ClientConnectorError,  # no address, no connection, no handshake
    aiohttp.ConnectionTimeoutError,  # nor a free place in the pool
)


async def post(
    http: aiohttp.ClientSession,
    url: str,
    body: bytes,
    *,
    patience: timedelta,
    params: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Post JSON once and return WeChat's answer.

    Errors are raised without their cause: aiohttp's hold the URL, and so the access token.

    Args:
        http: Where connections are kept; it repeats no POST by itself.
        url: Without parameters.
        body: JSON in UTF-8.
        patience: How long to wait for a connection, and as long again for the answer.
        params: The query string, where WeChat wants the access token.

    Raises:
        Unreached: The request never left.
        Uncertain: It left, and no trustworthy answer came.
        Refused: WeChat answered with an error code.
    """
    status, answer = await _exchange(http, url, body, patience, params)
    if status != HTTPStatus.OK:
        raise Uncertain(f"HTTP {status}")
    return _trusted(answer)


async def _exchange(
    http: aiohttp.ClientSession,
    url: str,
    body: bytes,
    patience: timedelta,
    params: Mapping[str, str] | None,
) -> tuple[int, bytes]:
    seconds = patience.total_seconds()
    # The whole takes longer than connecting may, so if the whole runs out, the request has left.
    timeout = aiohttp.ClientTimeout(total=2 * seconds, connect=seconds, sock_connect=seconds)
    try:
        async with http.post(
            url, params=params, data=body, headers=_JSON, timeout=timeout, allow_redirects=False
        ) as response:
            return response.status, await _read(response)
    except _BEFORE_IT_LEFT as e:
        raise Unreached(type(e).__name__) from None
    except (aiohttp.ClientError, OSError) as e:
        raise Uncertain(type(e).__name__) from None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    answer = b""
    async for chunk in response.content.iter_any():
        answer += chunk
        if len(answer) > MAX_ANSWER_BYTES:
            raise Uncertain("the answer is too long")
    return answer


def _trusted(answer: bytes) -> dict[str, Any]:
    """What the answer says, whatever content type it was declared as."""
    try:
        said = json.loads(answer.decode(errors="replace"), strict=False)
    except (ValueError, RecursionError):
        raise Uncertain("the answer is not JSON") from None
    if not isinstance(said, dict) or not isinstance(said.get("errcode", 0), int):
        raise Uncertain("the answer is not WeChat's")
    errcode = said.get("errcode", 0)
    if errcode == _BUSY:
        raise Uncertain("WeChat is busy")
    if errcode != 0:
        raise _refusal(errcode, str(said.get("errmsg", "")))
    return said


def _refusal(errcode: int, errmsg: str) -> Refused:
    rid = _RID.search(errmsg)
    return Refused(errcode, _TAIL.sub("", errmsg)[:_ERRMSG_CHARS], rid[1] if rid else None)
