"""What holds for every answer and every request body. Plain ASGI."""

from collections.abc import MutableMapping
from typing import Any

from starlette.exceptions import HTTPException

from wxdesk.web import problems
from wxdesk.web.webhook import App, Receive, Scope, Send

MOST_BYTES = 1024 * 1024  # of an API request
UPLOADS = frozenset({"/api/media", "/api/sheets/imports", "/api/session/picture"})
"""A file has a limit of its own, which its route keeps as it takes it in."""

_POLICY = (
    b"default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    b"style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'"
)
_FRAMING = b"x-frame-options"
"""An answer that says itself who may frame it has a policy of its own: the frame of a card."""

_PLAIN_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]
_HEADERS = [*_PLAIN_HEADERS, (_FRAMING, b"DENY"), (b"content-security-policy", _POLICY)]


class Guard:
    """Adds security headers and refuses bodies that are too large."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "POST" and scope["path"] in UPLOADS:
            await self._app(scope, receive, _guarded(send))
            return
        taken = 0

        async def bounded() -> MutableMapping[str, Any]:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MOST_BYTES:
                raise HTTPException(413, _TOO_LARGE)  # whoever reads the body lets it pass
            return message

        app = _too_large if _declared_bytes(scope) > MOST_BYTES else self._app
        await app(scope, bounded, _guarded(send))


def _guarded(send: Send) -> Send:
    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            own = [*message.get("headers", [])]
            framed = _FRAMING in {name for name, _ in own}
            message["headers"] = [*own, *(_PLAIN_HEADERS if framed else _HEADERS)]
        await send(message)

    return guarded


_TOO_LARGE = f"a request holds {MOST_BYTES} bytes at most"
_too_large = problems.http_problem(413, _TOO_LARGE)


def _declared_bytes(scope: Scope) -> int:
    declared = dict(scope["headers"]).get(b"content-length", b"")
    return int(declared) if declared.isdigit() else 0
