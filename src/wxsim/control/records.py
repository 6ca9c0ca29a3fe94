"""What has happened: calls, pushes, files, and all of it as it happens."""

import asyncio
import contextlib
import json

from aiohttp import web

from wxsim import film, sound
from wxsim.control.keys import platform_key
from wxsim.control.wish import limit_of
from wxsim.guard import HEADERS

HEARTBEAT_SECONDS = 15

routes = web.RouteTableDef()


@routes.get("/sim/calls")
async def list_calls(request: web.Request) -> web.Response:
    """The API calls received, newest first; ``?path=`` is any part of the path."""
    path, limit = request.query.get("path", ""), limit_of(request)
    return web.json_response({"items": request.app[platform_key].calls.listed(path, limit)})


@routes.get("/sim/pushes")
async def list_pushes(request: web.Request) -> web.Response:
    """The pushes made, newest first; ``?openid=`` those of one follower."""
    openid = request.query.get("openid")
    newest_first = reversed(request.app[platform_key].pushes)
    items = [push for push in newest_first if openid in {None, push["openid"]}]
    return web.json_response({"items": items[: limit_of(request)]})


@routes.get("/sim/media/{media_id}")
async def show_file(request: web.Request) -> web.StreamResponse:
    """A file as it is; ``?as=mp3`` as browsers play a voice, ``?as=jpeg`` a film's first frame."""
    found = request.app[platform_key].find_file(request.match_info["media_id"])
    if found is None:
        raise web.HTTPNotFound(text="there is no such file")
    content_type, body = found
    wanted = request.query.get("as")
    if wanted in _CONVERTED:
        content_type, convert = _CONVERTED[wanted]
        body = await asyncio.to_thread(convert, body)
    return _in_part(request, body, content_type)


_CONVERTED = {"mp3": ("audio/mpeg", sound.as_mp3), "jpeg": ("image/jpeg", film.still)}


def _in_part(request: web.Request, body: bytes, content_type: str) -> web.Response:
    """The whole, or the range asked for: players seek by ranges."""
    headers = {"Accept-Ranges": "bytes", "Content-Type": content_type}
    wanted = request.http_range
    if wanted.start is None:
        return web.Response(body=body, headers=headers)
    start, stop, _ = wanted.indices(len(body))
    if start >= stop:
        headers["Content-Range"] = f"bytes */{len(body)}"
        return web.Response(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(body)}"
    return web.Response(status=206, body=body[start:stop], headers=headers)


@routes.get("/sim/live")
async def follow_live(request: web.Request) -> web.StreamResponse:
    """Server-sent events: line, follower, push, call, clock, faults, reset.

    Nothing is replayed: whoever (re)connects reads the state afresh.
    """
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", **HEADERS})
    await stream.prepare(request)
    await stream.write(b"retry: 1000\n\n")
    gone = contextlib.suppress(ConnectionResetError)  # the page was closed
    with gone, request.app[platform_key].live.listening() as events:
        while True:
            try:
                event = await asyncio.wait_for(events.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                await stream.write(b": still here\n\n")
                continue
            if event is None:
                return stream
            await stream.write(f"data: {json.dumps(event)}\n\n".encode())
    return stream
