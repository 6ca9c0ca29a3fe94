"""``create_app``: the front door, the API, the web app, and what runs beside them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from fastapi import APIRouter, FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from wxdesk import __version__
from wxdesk.bus import end
from wxdesk.desk import intake
from wxdesk.runtime import Runtime
from wxdesk.store import GroupInsert
from wxdesk.web import (
    description,
    health,
    problems,
    rating_page,
    stream,
    webhook_description,
    wechat_login,
)
from wxdesk.web.api import (
    account_log,
    accounts,
    acts,
    agent_pictures,
    agents,
    alerts,
    allowance,
    answers,
    assignments,
    bindings,
    calendars,
    cards,
    clocks,
    contacts,
    conversations,
    customers,
    drafts,
    fields,
    granting,
    groups,
    hours,
    imports,
    joining,
    kf,
    levels,
    media,
    menus,
    messages,
    monitor,
    notes,
    notices,
    parked,
    persons,
    pushes,
    qrcodes,
    queue,
    quick_replies,
    ratings,
    rehearsal,
    replays,
    routing,
    saved_views,
    search,
    seats,
    session,
    sheets,
    snoozes,
    staffing,
    summaries,
    tags,
    templates,
    timeline,
    tokens,
    unread_marks,
    viewing,
    wallboards,
    webhook_log,
    webhooks,
)
from wxdesk.web.attendance import note_attendance
from wxdesk.web.cards import KeptCards
from wxdesk.web.directory import Directory
from wxdesk.web.figures import KeptFigures
from wxdesk.web.guard import Guard
from wxdesk.web.hub import Hub
from wxdesk.web.pages import BUILT, pages
from wxdesk.web.searching import Searching
from wxdesk.web.slots import Slots
from wxdesk.web.typing import Typing
from wxdesk.web.webhook import App, FrontDoor

PARTS = (
    *(session, agents, agent_pictures, conversations, messages, pushes),
    *(parked, allowance, media, stream),
    *(contacts, customers, fields, persons, timeline, sheets, quick_replies),
    *(notes, notices, alerts, drafts, snoozes, search),
    *(saved_views, unread_marks, viewing),
    *(accounts, account_log, imports, kf, menus, qrcodes, tags, templates),
    *(answers, rehearsal, hours, levels, granting, groups, calendars, clocks),
    *(seats, assignments, joining, routing, replays, acts, queue),
    *(monitor, wallboards, staffing),
    *(summaries, ratings),
    *(bindings, tokens, webhooks, webhook_log, cards),
)
MOST_WAITING_PUSHES = 10_000
MOST_HASHING = 2  # each password takes a core and 64 MB: a flood of tries must not take all


def create_app(rt: Runtime, *, routes: FastAPI | None = None) -> tuple[App, Hub]:
    """The desk's HTTP side, and the hub that is to be closed before its connections are.

    Its lifespan opens and closes what it needs; the runtime and its schema are the caller's.
    ``routes`` are what ``describe`` gave, in nobody else's use; made unless they are there.
    """
    keeping = GroupInsert(
        rt.db,
        intake.TABLE,
        intake.COLUMNS,
        wait_seconds=rt.settings.push_wait_seconds,
        most_waiting=MOST_WAITING_PUSHES,
        committed=lambda: rt.bus.wake(intake.LOOP),
    )
    directory, hub, slots, typing = Directory(rt), Hub(rt), Slots(rt), Typing(rt)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await directory.read()
        await hub.start()
        keeping.start()
        following = [asyncio.create_task(each.follow()) for each in (directory, hub, slots)]
        following.append(asyncio.create_task(note_attendance(rt, hub)))
        try:
            yield
        finally:
            hub.close()
            await end(following)
            await typing.close()
            await keeping.close()

    guarded = Guard(app := routes or describe())
    behind = cast(App, ProxyHeadersMiddleware(cast(Any, guarded), rt.settings.trusted_proxies))
    door = FrontDoor(behind, rt, directory, keeping, slots)
    app.router.lifespan_context = lifespan
    app.state.runtime, app.state.hub = rt, hub
    app.state.hashing = asyncio.Semaphore(MOST_HASHING)
    app.state.typing, app.state.skew = typing, door.skew
    app.state.figures, app.state.searching = KeptFigures(), Searching(rt)
    app.state.cards = KeptCards(rt.outbound)
    return door, hub


def describe(built: Path = BUILT) -> FastAPI:
    """The routes, without a runtime: enough for the API's description."""
    app = FastAPI(
        title="wxdesk",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api = APIRouter(prefix="/api")
    for part in PARTS:
        api.include_router(part.router)
    for router in (api, health.router, rating_page.router, wechat_login.router, pages(built)):
        app.include_router(router)
    webhook_description.describe(app)
    description.describe(app)
    problems.install(app)
    return app
