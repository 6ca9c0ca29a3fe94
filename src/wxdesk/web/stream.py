"""Live updates: replay from a number, then follow. Server-sent events (WHATWG HTML, 9.2)."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from wxdesk.desk import events, routing
from wxdesk.desk.agents import Agent
from wxdesk.errors import Unavailable
from wxdesk.runtime import Runtime
from wxdesk.web.api.sight import chooses
from wxdesk.web.deps import AnAgent, TheRuntime, in_person, signed_in
from wxdesk.web.hub import PAGE, Hub, Listener
from wxdesk.web.problems import NotSignedIn, problems
from wxdesk.web.written import write_events

router = APIRouter(tags=["stream"])


class TooManyConnections(Unavailable):
    """This process holds as many live connections as it may."""

    code = "too_many_connections"


@router.get(
    "/stream",
    response_class=StreamingResponse,
    responses={
        **problems(TooManyConnections),
        200: {"description": "Events", "content": {"text/event-stream": {}}},
    },
)
async def follow(
    request: Request,
    rt: TheRuntime,
    agent: AnAgent,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> StreamingResponse:
    """What changes, each event with a fresh copy of the thing; resumes after `Last-Event-ID`.

    The first event is `hello` with the log's position: load what you show after it, then apply
    what follows. `reset` says that the number to resume from is no longer known: load again.
    """
    hub: Hub = request.app.state.hub
    after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else None
    if after is not None:
        await hub.reach(after)
    here = agent.id if in_person(request) else None
    if here is not None:
        async with rt.db.unit() as unit:
            await routing.record_seen(unit, [here], rt.clock.now())
    if hub.connections >= rt.settings.stream_connections:
        raise TooManyConnections("too many live connections")
    listener = hub.join(here)
    return _Live(hub, listener, _events(rt, listener, request, agent, after))


class _Live(StreamingResponse):
    """Whoever was let in is counted until the connection ends, also if nothing was ever sent."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, listener: Listener, content: AsyncIterator[str]) -> None:
        super().__init__(content, headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        self._hub, self._listener = hub, listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._hub.leave(self._listener)


async def _events(
    rt: Runtime, listener: Listener, request: Request, agent: Agent, after: int | None
) -> AsyncIterator[str]:
    yield _note("hello", _hello(rt, listener, request.app.state.skew.notable))
    if after is not None and after != listener.joined_at:
        async for text in _replay(rt, agent, after, listener.joined_at):
            yield text
    every = rt.settings.stream_heartbeat_seconds
    try:
        async for text in _live(
            listener, every, agent, lambda: signed_in(request, rt, rt.clock.now())
        ):
            yield text
    except NotSignedIn:
        return  # the session has ended, and so does the stream; coming back is answered 401


def _hello(rt: Runtime, listener: Listener, clock_off: timedelta | None) -> str:
    """Where the log stands, what time it is, and by how much that is wrong."""
    return json.dumps(
        {
            "position": listener.joined_at,
            "server_time": rt.clock.now().isoformat(),
            "clock_off_seconds": int(clock_off.total_seconds()) if clock_off else None,
        }
    )


async def _replay(rt: Runtime, agent: Agent, after: int, until: int) -> AsyncIterator[str]:
    """What was missed, in pages, each read in a unit of its own."""
    async with rt.db.reading() as unit:
        oldest, _ = await events.bounds(unit)
    if after < oldest - 1 or after > until:
        yield _note("reset", f'{{"position":{until}}}')
        return
    while after < until:
        async with rt.db.reading() as unit:
            told = await events.list_after(unit, after, limit=PAGE)
            told = [each for each in told if each.number <= until]
            if not told:
                return
            chunk = await write_events(unit, told, rt.clock.now())
        yield chunk.text_for(agent.id, sees_all=chooses(agent))
        after = chunk.number


async def _live(
    listener: Listener, every: float, agent: Agent, check: Callable[[], Awaitable[Agent]]
) -> AsyncIterator[str]:
    """What happens and, every so many seconds, a sign of life to those who may still see it."""
    loop = asyncio.get_running_loop()
    check_at = loop.time() + every
    while True:
        if loop.time() >= check_at:
            agent = await check()
            check_at = loop.time() + every
            yield ": \n\n"
        try:
            async with asyncio.timeout_at(check_at):
                chunk = await listener.chunks.get()
        except TimeoutError:
            continue
        if chunk is None:
            return
        yield chunk.text_for(agent.id, sees_all=chooses(agent))


def _note(event: str, data: str) -> str:
    return f"event: {event}\ndata: {data}\n\n"
