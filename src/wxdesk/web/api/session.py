"""Signing in and out."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from wxdesk import __version__
from wxdesk.desk import agents, reaching
from wxdesk.desk.agents import Agent, SignInLocked, TooManyTries
from wxdesk.runtime import Runtime
from wxdesk.web.api.agents import AgentOut
from wxdesk.web.api.inputs import NO_NUL
from wxdesk.web.deps import (
    CSRF_COOKIE,
    SESSION_COOKIE,
    AnAgent,
    Now,
    OpenUnit,
    ReadUnit,
    TheRuntime,
    csrf,
)
from wxdesk.web.problems import WrongCredentials, problems

router = APIRouter(tags=["session"])

LONGEST_UNDO_SECONDS = 10


class SignIn(BaseModel):
    """What the sign-in page sends."""

    username: Annotated[str, NO_NUL, StringConstraints(min_length=1, max_length=100)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class App(BaseModel):
    version: str


class Preferences(BaseModel):
    """How what somebody sends from a browser leaves; see ``agents.Agent``."""

    undo_seconds: Annotated[int, Field(ge=0, le=LONGEST_UNDO_SECONDS)]
    join_lines: bool


def _each_once(hotkeys: dict[str, str]) -> dict[str, str]:
    set_ = [keys for keys in hotkeys.values() if keys]
    if len(set_) != len(set(set_)):
        raise ValueError("two actions cannot have the same keys")
    return hotkeys


Action = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z.]{1,40}$")]
Keys = Annotated[
    str, StringConstraints(pattern=r"^((Ctrl\+)?(Alt\+)?(Shift\+)?[A-Z][A-Za-z0-9]{1,19})?$")
]


class Hotkeys(BaseModel):
    """The shortcuts that one has set otherwise, by action, by the place of the key: `Alt+KeyU`.

    Empty: the action has none.
    """

    hotkeys: Annotated[dict[Action, Keys], Field(max_length=60), AfterValidator(_each_once)]


class SessionOut(BaseModel):
    """Who is signed in, and where.

    `offline_copies`: this browser may keep conversations, to be read without a network.
    """

    agent: AgentOut
    preferences: Preferences
    hotkeys: dict[str, str]
    server_time: datetime
    app: App
    demo: bool
    offline_copies: bool

    @classmethod
    def of(cls, agent: Agent, rt: Runtime) -> Self:
        return cls(
            agent=AgentOut.of(agent),
            preferences=Preferences.model_validate(agent, from_attributes=True),
            hotkeys=agent.hotkeys,
            server_time=rt.clock.now(),
            app=App(version=__version__),
            demo=rt.settings.demo,
            offline_copies=rt.settings.offline_copies,
        )


class SignedIn(BaseModel):
    """One of somebody's own sign-ins; `here`: the one that asks."""

    began_at: datetime
    ends_at: datetime
    here: bool


class SignIns(BaseModel):
    """The newest first, fifty at most."""

    items: list[SignedIn]


@router.post("/session", responses=problems(WrongCredentials, TooManyTries, SignInLocked))
async def sign_in(
    wanted: SignIn, request: Request, response: Response, rt: TheRuntime, now: Now
) -> SessionOut:
    """Sign in with a password.

    A try is counted before it is looked at, so that many at once gain nothing.
    """
    async with rt.db.unit() as unit:
        await agents.require_may_try(unit, wanted.username, now)
        await agents.record_sign_in_failure(unit, wanted.username, now)
        agent = await agents.find_by_username(unit, wanted.username)
    known_hash = agent.password_hash if agent and agent.active else None
    async with request.app.state.hashing:
        right = await asyncio.to_thread(agents.verify_password, known_hash, wanted.password)
    if agent is None or not right:
        raise WrongCredentials("no agent has this username and password")
    lasting = timedelta(hours=rt.settings.session_hours)
    async with rt.db.unit() as unit:
        await agents.record_sign_in_success(unit, wanted.username)
        secret = await agents.begin_session(unit, agent, lasting=lasting, now=now)
    set_cookies(request, response, rt, secret, lasting)
    return SessionOut.of(agent, rt)


@router.get("/session", responses=problems())
async def who_am_i(agent: AnAgent, rt: TheRuntime) -> SessionOut:
    """Who is signed in."""
    return SessionOut.of(agent, rt)


@router.patch("/session", responses=problems())
async def set_preferences(
    wish: Preferences, agent: AnAgent, rt: TheRuntime, unit: OpenUnit
) -> SessionOut:
    """Change how what one sends leaves."""
    changed = await agents.set_preferences(
        unit, agent.id, undo_seconds=wish.undo_seconds, join_lines=wish.join_lines
    )
    return SessionOut.of(changed, rt)


@router.put("/session/hotkeys", responses=problems())
async def set_hotkeys(wish: Hotkeys, agent: AnAgent, rt: TheRuntime, unit: OpenUnit) -> SessionOut:
    """Choose other shortcuts than everybody has; none named: those of everybody."""
    return SessionOut.of(await agents.set_hotkeys(unit, agent.id, wish.hotkeys), rt)


@router.delete("/session", status_code=204, responses=problems())
async def sign_out(
    request: Request, response: Response, _agent: AnAgent, unit: OpenUnit, now: Now
) -> None:
    """End this sign-in."""
    await agents.end_session(unit, request.cookies.get(SESSION_COOKIE, ""))
    await reaching.note_ways(unit, now=now)
    response.delete_cookie(SESSION_COOKIE)
    response.delete_cookie(CSRF_COOKIE)


@router.get("/session/all", responses=problems())
async def list_sign_ins(request: Request, agent: AnAgent, unit: ReadUnit, now: Now) -> SignIns:
    """Where else one is signed in, and since when."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    return SignIns(
        items=[
            SignedIn(
                began_at=each.created_at,
                ends_at=each.expires_at,
                here=agents.is_session(each, secret),
            )
            for each in await agents.list_sessions_of(unit, agent.id, now)
        ]
    )


@router.delete("/session/others", status_code=204, responses=problems())
async def sign_out_elsewhere(request: Request, agent: AnAgent, unit: OpenUnit) -> None:
    """End all of one's sign-ins but this one."""
    await agents.end_other_sessions(unit, agent.id, request.cookies.get(SESSION_COOKIE, ""))


def set_cookies(
    request: Request, response: Response, rt: Runtime, secret: str, lasting: timedelta
) -> None:
    """What a browser keeps of a sign-in."""
    secure = request.url.scheme == "https" or rt.settings.base_url.startswith("https:")
    age = int(lasting.total_seconds())
    response.set_cookie(SESSION_COOKIE, secret, age, httponly=True, secure=secure, samesite="lax")
    response.set_cookie(
        CSRF_COOKIE, csrf(rt, secret), age, httponly=False, secure=secure, samesite="lax"
    )
