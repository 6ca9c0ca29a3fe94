"""Signing in and out."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Path, Request, Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from wxdesk import __version__
from wxdesk.desk import agents, reaching
from wxdesk.desk.agents import (
    SHORTEST_PASSWORD,
    Agent,
    Session,
    SignInLocked,
    TooManyTries,
    WrongPassword,
)
from wxdesk.errors import NotFound
from wxdesk.runtime import Runtime
from wxdesk.web.api.agents import AgentOut
from wxdesk.web.api.inputs import NO_NUL
from wxdesk.web.deps import (
    CSRF_COOKIE,
    SESSION_COOKIE,
    AnAgent,
    Now,
    OnlyAtAPage,
    OpenUnit,
    ReadUnit,
    TheRuntime,
    csrf,
    own_session,
    whence,
)
from wxdesk.web.problems import WrongCredentials, problems
from wxdesk.wechat import limits

router = APIRouter(tags=["session"])

LONGEST_UNDO_SECONDS = 10
LONGEST_PASSWORD = 200


class SignIn(BaseModel):
    """What the sign-in page sends."""

    username: Annotated[str, NO_NUL, StringConstraints(min_length=1, max_length=100)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PASSWORD)]


class NewPassword(BaseModel):
    """Eight characters or more, and the one that is known until then."""

    known: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PASSWORD)]
    wanted: Annotated[
        str, StringConstraints(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)
    ]


class Alias(BaseModel):
    """What customers call one; as long as WeChat lets a nickname be. Empty: one's name."""

    alias: Annotated[
        str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=limits.KF_NICKNAME_CHARS)
    ]


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
    """One of somebody's own sign-ins; what is not known of it is empty.

    `browser`, `system`: `Chrome`, `Windows`. `address`: from where it was used last, masked.
    `seen_at`: when that was, to five minutes. `by_wechat`: as a follower who is bound to one.
    `here`: the one that asks.
    """

    id: str
    browser: str
    system: str
    address: str
    by_wechat: bool
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    here: bool

    @classmethod
    def of(cls, session: Session, secret: str) -> Self:
        return cls(
            id=session.digest,
            browser=session.browser,
            system=session.system,
            address=session.address,
            by_wechat=session.contact_id is not None,
            began_at=session.created_at,
            seen_at=session.seen_at,
            ends_at=session.expires_at,
            here=agents.is_session(session, secret),
        )


SignInId = Annotated[str, Path(pattern="^[0-9a-f]{1,64}$")]


class SignIns(BaseModel):
    """Those seen last first, fifty at most."""

    items: list[SignedIn]


@router.post("/session", responses=problems(WrongCredentials, TooManyTries, SignInLocked))
async def sign_in(
    wanted: SignIn, request: Request, response: Response, rt: TheRuntime, now: Now
) -> SessionOut:
    """Sign in with a password.

    A try is counted before it is looked at, so that many at once gain nothing.
    """
    agent = await _who_knows(request, rt, wanted.username, wanted.password, now)
    if agent is None:
        raise WrongCredentials("no agent has this username and password")
    lasting = timedelta(hours=rt.settings.session_hours)
    async with rt.db.unit() as unit:
        await agents.record_sign_in_success(unit, wanted.username)
        secret = await agents.begin_session(
            unit, agent, lasting=lasting, now=now, whence=whence(request)
        )
    set_cookies(request, response, rt, secret, lasting)
    return SessionOut.of(agent, rt)


async def _who_knows(
    request: Request, rt: Runtime, username: str, password: str, now: datetime
) -> Agent | None:
    """Whose password it is. The try counts as a wrong one until somebody says otherwise.

    Raises:
        TooManyTries: Wait a little.
        SignInLocked: Wait long, or ask an admin.
    """
    async with rt.db.unit() as unit:
        await agents.require_may_try(unit, username, now)
        await agents.record_sign_in_failure(unit, username, now)
        agent = await agents.find_by_username(unit, username)
    known_hash = agent.password_hash if agent and agent.active else None
    async with request.app.state.hashing:
        right = await asyncio.to_thread(agents.verify_password, known_hash, password)
    return agent if right else None


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


@router.put("/session/alias", responses=problems())
async def set_alias(wish: Alias, agent: AnAgent, rt: TheRuntime, unit: OpenUnit) -> SessionOut:
    """Choose what customers call one."""
    return SessionOut.of(await agents.set_alias(unit, agent.id, wish.alias), rt)


@router.put(
    "/session/password",
    status_code=204,
    responses=problems(WrongPassword, OnlyAtAPage, TooManyTries, SignInLocked),
)
async def change_password(
    wish: NewPassword, request: Request, agent: AnAgent, rt: TheRuntime, now: Now
) -> None:
    """Change one's own password; all of one's sign-ins end but this one.

    Not to know the one until then counts as a wrong password at the sign-in does.
    """
    async with rt.db.reading() as unit:
        await own_session(request, unit, now)
    knowing = await _who_knows(request, rt, agent.username, wish.known, now)
    if knowing is None:
        raise WrongPassword("this is not your password")
    async with request.app.state.hashing:
        password_hash = await asyncio.to_thread(agents.hash_password, wish.wanted)
    async with rt.db.unit() as unit:
        await agents.change_password(
            unit,
            agent.id,
            known_hash=knowing.password_hash,
            password_hash=password_hash,
            secret=request.cookies[SESSION_COOKIE],
        )
        await reaching.note_ways(unit, now=now)


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
    """Where one is signed in, and since when."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    found = await agents.list_sessions_of(unit, agent.id, now)
    return SignIns(items=[SignedIn.of(each, secret) for each in found])


@router.delete("/session/all/{sign_in_id}", status_code=204, responses=problems(NotFound))
async def end_sign_in(sign_in_id: SignInId, agent: AnAgent, unit: OpenUnit, now: Now) -> None:
    """End one of one's own sign-ins; its page is signed out within seconds."""
    await agents.end_session_of(unit, agent.id, sign_in_id)
    await reaching.note_ways(unit, now=now)


@router.delete("/session/others", status_code=204, responses=problems())
async def sign_out_elsewhere(request: Request, agent: AnAgent, unit: OpenUnit, now: Now) -> None:
    """End all of one's sign-ins but this one."""
    await agents.end_other_sessions(unit, agent.id, request.cookies.get(SESSION_COOKIE, ""))
    await reaching.note_ways(unit, now=now)


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
