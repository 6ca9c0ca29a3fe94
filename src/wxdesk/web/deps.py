"""What a route may ask for: the runtime, a unit, the time, who asks."""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from hmac import compare_digest
from typing import Annotated, Any

from fastapi import Depends, Request

from wxdesk.desk import agents
from wxdesk.desk.agents import Agent, Role, Session, Whence
from wxdesk.errors import Forbidden
from wxdesk.runtime import Runtime
from wxdesk.store import Unit
from wxdesk.web.problems import NotSignedIn, WrongCsrfToken
from wxdesk.web.unknown import refuse_unknown

SESSION_COOKIE = "wxdesk_session"
CSRF_COOKIE = "wxdesk_csrf"
CSRF_HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


TheRuntime = Annotated[Runtime, Depends(_runtime)]


def _now(rt: TheRuntime) -> datetime:
    return rt.clock.now()


Now = Annotated[datetime, Depends(_now)]


async def _writing(rt: TheRuntime) -> AsyncIterator[Unit]:
    async with rt.db.unit() as unit:
        yield unit


async def _reading(rt: TheRuntime) -> AsyncIterator[Unit]:
    async with rt.db.reading() as unit:
        yield unit


# "function": committed before the answer is sent, so a commit that fails is not answered 201
# (ADR 1)
OpenUnit = Annotated[Unit, Depends(_writing, scope="function")]
ReadUnit = Annotated[Unit, Depends(_reading, scope="function")]


async def signed_in(request: Request, rt: TheRuntime, now: Now) -> Agent:
    """Who asks: by API token, else by session cookie.

    Raises:
        NotSignedIn: Nobody we know.
        WrongCsrfToken: A cookie came, but not from the desk's own page.
        Forbidden: The token may only read.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    secret = request.cookies.get(SESSION_COOKIE)
    if scheme.lower() == "bearer":
        return await _by_token(request, rt, token, now)
    async with rt.db.reading() as unit:
        resumed = await agents.resume_session(unit, secret, now) if secret else None
    if secret is None or resumed is None:
        raise NotSignedIn("sign in first", demo=rt.settings.demo)
    require_csrf(request, rt, secret)
    session, agent = resumed
    if session.seen_at <= now - agents.SEEN_EVERY:
        async with rt.db.unit() as unit:
            await agents.record_session_seen(unit, session.digest, whence(request).address, now)
    return agent


def whence(request: Request) -> Whence:
    """From where somebody asks."""
    address = request.client.host if request.client else ""
    return Whence.of(request.headers.get("user-agent", ""), address)


class OnlyAtAPage(Forbidden):
    """It is of a sign-in at a browser; programs have none."""

    code = "only_at_a_page"


async def own_session(request: Request, unit: Unit, now: datetime) -> Session:
    """The sign-in of the browser that asks.

    Raises:
        OnlyAtAPage: A program asks.
    """
    secret = request.cookies.get(SESSION_COOKIE)
    resumed = await agents.resume_session(unit, secret, now) if secret else None
    if resumed is None or not in_person(request):
        raise OnlyAtAPage("this is of a sign-in at a browser")
    return resumed[0]


async def _by_token(request: Request, rt: Runtime, token: str, now: datetime) -> Agent:
    async with rt.db.reading() as unit:
        found = await agents.authenticate_token(unit, token)
    if found is None:
        raise NotSignedIn("no program has this token", demo=rt.settings.demo)
    kept, agent = found
    if kept.read_only and request.method not in SAFE:
        raise Forbidden("this token may only read")
    if kept.last_used_at is None or kept.last_used_at <= now - agents.NOTE_EVERY:
        async with rt.db.unit() as unit:
            await agents.record_token_used(unit, kept.id, now)
    return agent


def in_person(request: Request) -> bool:
    return not request.headers.get("authorization", "").lower().startswith("bearer ")


InPerson = Annotated[bool, Depends(in_person)]
"""Whether it is somebody at a browser, not a program: only people take back what they sent."""


def require_csrf(request: Request, rt: Runtime, secret: str) -> None:
    """Raise unless a changing request proves that it comes from the desk's own page."""
    sent = request.headers.get(CSRF_HEADER, "")
    if request.method not in SAFE and not compare_digest(sent.encode(), csrf(rt, secret).encode()):
        raise WrongCsrfToken("the CSRF token is missing or wrong")


def csrf(rt: Runtime, secret: str) -> str:
    """What the desk's own page reads from its cookie and sends as a header."""
    return rt.vault.sign(f"csrf {secret}")


def at_least(role: Role) -> Callable[..., Coroutine[Any, Any, Agent]]:
    """Who asks, if their role includes this one; only then it matters what they ask for."""

    async def allowed(request: Request, agent: Annotated[Agent, Depends(signed_in)]) -> Agent:
        if not agent.role.includes(role):
            raise Forbidden(f"this is for the role {role}")
        await refuse_unknown(request)
        return agent

    return allowed


AnAgent = Annotated[Agent, Depends(at_least(Role.AGENT))]
ASupervisor = Annotated[Agent, Depends(at_least(Role.SUPERVISOR))]
AnAdmin = Annotated[Agent, Depends(at_least(Role.ADMIN))]
