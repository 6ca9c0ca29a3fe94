"""A file of the store as an answer: all of it, a range of it (RFC 9110, 14), or that it is known.

What strangers sent is never run: its type is what is in it, what browsers do not show in place is
only saved, and nothing in it may do anything (`sandbox`).
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from wxdesk.codec import is_shown
from wxdesk.store.files import FileStore

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_FOR_EVER = "private, max-age=31536000, immutable"


class _Unsatisfiable(Exception):
    """Not an error: the range lies behind the end."""


async def answer_file(
    request: Request,
    files: FileStore,
    sha256: str,
    *,
    content_type: str,
    name: str | None = None,
) -> Response:
    """The file, or what the request wants of it.

    Raises:
        Gone: The store has lost it.
    """
    size = await files.size(sha256)
    headers = _headers(sha256, content_type, name)
    if _is_known(request.headers, headers["etag"]):
        return Response(status_code=304, headers=headers)
    try:
        wanted = _range(request.headers, headers["etag"], size)
    except _Unsatisfiable:
        return Response(status_code=416, headers={"content-range": f"bytes */{size}"})
    first, last = wanted or (0, size - 1)
    headers["content-length"] = str(last - first + 1)
    if wanted:
        headers["content-range"] = f"bytes {first}-{last}/{size}"
    return StreamingResponse(
        files.read(sha256, first, last),
        206 if wanted else 200,
        headers,
        media_type=content_type,
    )


def _headers(sha256: str, content_type: str, name: str | None) -> dict[str, str]:
    how = "inline" if is_shown(content_type) else "attachment"
    called = f"; filename*=UTF-8''{quote(name, safe='')}" if name else ""
    return {
        "etag": f'"{sha256}"',
        "cache-control": _FOR_EVER,
        "accept-ranges": "bytes",
        "content-disposition": how + called,
        "content-security-policy": "sandbox; default-src 'none'",
        "cross-origin-resource-policy": "same-origin",
    }


def _is_known(asked: Mapping[str, str], etag: str) -> bool:
    known = [each.strip().removeprefix("W/") for each in asked.get("if-none-match", "").split(",")]
    return etag in known or "*" in known


def _range(asked: Mapping[str, str], etag: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte wanted; None: all of it, as for ranges we need not understand.

    Raises:
        _Unsatisfiable: There is no such range.
    """
    found = _RANGE.fullmatch(asked.get("range", "").replace(" ", ""))
    if found is None or found[0] == "bytes=-" or asked.get("if-range", etag) != etag:
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size), size - 1)
        if found[2] and int(found[2]) < first:
            return None  # no range at all
    if first > last:
        raise _Unsatisfiable
    return first, last
