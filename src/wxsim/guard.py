"""Keeps other web pages from driving the simulator: it is for its own page and for programs."""

from collections.abc import Iterable
from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def guard(allowed_hosts: Iterable[str]) -> Middleware:
    """A middleware for ``/sim/``.

    A page of another origin is known by ``Origin`` and ``Sec-Fetch-Site``; a name that somebody
    has pointed at this machine (DNS rebinding) by ``Host``, which has to be an address,
    ``localhost`` or one of ``allowed_hosts``. Pictures are for everybody who knows their id.
    """
    names = {"localhost", *allowed_hosts}

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/sim/") and not request.path.startswith("/sim/media/"):
            _require_known_host(request, names)
            _require_own_page(request)
        response = await handler(request)
        if request.path.startswith("/sim/") and not response.prepared:
            response.headers.update(HEADERS)
        return response

    return guarded


def _require_known_host(request: web.Request, names: set[str]) -> None:
    host = request.url.host or ""
    if host not in names and not _is_address(host):
        raise web.HTTPMisdirectedRequest(text=f"this is no name of the simulator: {host}")


def _require_own_page(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        raise web.HTTPForbidden(text="only the simulator's own page may do this")
    visits = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"} and not visits:
        raise web.HTTPForbidden(text="only the simulator's own page may do this")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
