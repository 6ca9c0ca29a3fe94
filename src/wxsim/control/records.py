"""What has happened: calls, pushes, files, and all of it as it happens."""

import asyncio
import contextlib
import json

from aiohttp import web

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
async def show_file(request: web.Request) -> web.Response:
    found = request.app[platform_key].find_file(request.match_info["media_id"])
    if found is None:
        raise web.HTTPNotFound(text="there is no such file")
    content_type, body = found
    return web.Response(body=body, content_type=content_type)


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
