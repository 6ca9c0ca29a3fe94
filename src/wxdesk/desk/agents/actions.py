"""What happens to agents: they are added, sign in, and act through programs."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import update

from wxdesk.desk.agents import queries
from wxdesk.desk.agents.errors import (
    AgentExists,
    SignInLocked,
    TooManyTokens,
    TooManyTries,
    WrongPassword,
)
from wxdesk.desk.agents.model import Agent, ApiToken, Role, Session, SignInTries, normal_username
from wxdesk.desk.agents.patience import LOCK_AFTER, next_try_at
from wxdesk.desk.agents.whence import Whence
from wxdesk.errors import Invalid
from wxdesk.store import Unit
from wxdesk.store.database import take_turn

SHORTEST_PASSWORD = 8
MOST_TOKENS = 200
NOTE_EVERY = timedelta(hours=1)
"""So exactly it is known when a token was last used."""
SEEN_EVERY = timedelta(minutes=5)
"""So exactly it is known when a browser was last seen."""
TOKEN_PREFIX = "wxd_"  # noqa: S105  so that a leaked one is recognised


async def add(
    unit: Unit, *, username: str, name: str, role: Role, password_hash: str, now: datetime
) -> Agent:
    """Add somebody to the desk.

    Raises:
        AgentExists: The username is taken.
        Invalid: There is no username or no name.
    """
    if not (normal_username(username) and name.strip()):
        raise Invalid("an agent needs a username and a name")
    await take_turn(unit, "agents")
    if await queries.find_by_username(unit, username):
        raise AgentExists(f"there is an agent {username}")
    agent = Agent(
        username=normal_username(username),
        name=name.strip(),
        role=role,
        password_hash=password_hash,
        created_at=now,
    )
    unit.session.add(agent)
    await unit.session.flush()
    unit.tell("agent", agent.id)
    return agent


async def set_password(unit: Unit, agent: Agent, password_hash: str) -> None:
    """Change a password; every sign-in made with the old one ends."""
    agent.password_hash = password_hash
    await queries.delete_sessions_of(unit, agent.id)
    await queries.forget_failures(unit, agent.username)


async def change_password(
    unit: Unit, agent_id: int, *, known_hash: str, password_hash: str, secret: str
) -> None:
    """An agent has proven to know the password of ``known_hash``, and wants another one.

    All of their sign-ins end but the one whose secret this is.

    Raises:
        WrongPassword: Meanwhile it was changed by somebody else.
    """
    agent = await queries.get(unit, agent_id)
    if agent.password_hash != known_hash:
        raise WrongPassword("the password was changed meanwhile")
    agent.password_hash = password_hash
    await queries.delete_other_sessions(unit, agent_id, _digest(secret))
    await queries.forget_failures(unit, agent.username)


async def set_alias(unit: Unit, agent_id: int, alias: str) -> Agent:
    """Choose what customers call an agent; "": their name."""
    agent = await queries.get(unit, agent_id)
    agent.alias = alias
    await unit.session.flush()
    unit.tell("agent", agent.id)
    return agent


async def set_picture(unit: Unit, agent_id: int, sha256: str | None) -> Agent:
    """Show colleagues another picture, which is in the store; None: none."""
    agent = await queries.get(unit, agent_id)
    agent.picture_sha256 = sha256
    await unit.session.flush()
    unit.tell("agent", agent.id)
    return agent


async def set_preferences(
    unit: Unit, agent_id: int, *, undo_seconds: int, join_lines: bool
) -> Agent:
    """Change how what an agent sends leaves."""
    agent = await queries.get(unit, agent_id)
    agent.undo_seconds, agent.join_lines = undo_seconds, join_lines
    await unit.session.flush()
    return agent


async def set_hotkeys(unit: Unit, agent_id: int, hotkeys: Mapping[str, str]) -> Agent:
    """Let these shortcuts, and no others, differ from what everybody has."""
    agent = await queries.get(unit, agent_id)
    agent.hotkeys = dict(hotkeys)
    await unit.session.flush()
    return agent


async def require_may_try(unit: Unit, username: str, now: datetime) -> None:
    """Raise unless a password may be tried now; until the unit ends nobody else is told.

    Raises:
        TooManyTries: Wait a little.
        SignInLocked: Wait long, or ask an admin.
    """
    tries = await queries.lock_tries(unit, username, now)
    if tries.next_try_at <= now:
        return
    if tries.failures >= LOCK_AFTER:
        raise SignInLocked("sign-in is locked", until=tries.next_try_at.isoformat())
    wait = (tries.next_try_at - now).total_seconds()
    raise TooManyTries("wait before the next try", retry_after_seconds=int(wait) + 1)


async def record_sign_in_failure(unit: Unit, username: str, now: datetime) -> None:
    failures = await queries.count_failure(unit, username, now)
    await unit.session.execute(
        update(SignInTries)
        .where(SignInTries.username == normal_username(username))
        .values(next_try_at=next_try_at(failures, now))
    )


async def record_sign_in_success(unit: Unit, username: str) -> None:
    await queries.forget_failures(unit, username)


unlock = record_sign_in_success


async def begin_session(
    unit: Unit,
    agent: Agent,
    *,
    lasting: timedelta,
    now: datetime,
    whence: Whence,
    contact_id: int | None = None,
) -> str:
    """Sign an agent in; the secret that the browser keeps.

    Args:
        unit: Of the request.
        agent: Who.
        lasting: How long.
        now: When.
        whence: From where.
        contact_id: The follower as whom they sign in; None: by password.
    """
    secret = secrets.token_urlsafe(32)
    unit.session.add(
        Session(
            digest=_digest(secret),
            agent_id=agent.id,
            created_at=now,
            expires_at=now + lasting,
            contact_id=contact_id,
            browser=whence.browser,
            system=whence.system,
            address=whence.address,
            seen_at=now,
        )
    )
    await queries.delete_expired(unit, now)
    return secret


async def resume_session(unit: Unit, secret: str, now: datetime) -> tuple[Session, Agent] | None:
    """Who a browser's secret belongs to, while the session lasts."""
    return await queries.find_session(unit, _digest(secret), now)


async def end_session(unit: Unit, secret: str) -> None:
    await queries.delete_session(unit, _digest(secret))


async def end_other_sessions(unit: Unit, agent_id: int, secret: str) -> None:
    """Sign an agent out everywhere but where this secret is kept."""
    await queries.delete_other_sessions(unit, agent_id, _digest(secret))


def is_session(session: Session, secret: str) -> bool:
    """Whether the sign-in is the one that a browser's secret belongs to."""
    return session.digest == _digest(secret)


async def create_token(
    unit: Unit, agent: Agent, *, name: str, now: datetime, read_only: bool = False
) -> tuple[ApiToken, str]:
    """Let a program act as the agent; the token is shown once and cannot be read again.

    Raises:
        TooManyTokens: Take one away first.
    """
    if len(await queries.list_tokens(unit)) >= MOST_TOKENS:
        raise TooManyTokens("there are enough", most=MOST_TOKENS)
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    kept = ApiToken(
        digest=_digest(token), agent_id=agent.id, name=name, read_only=read_only, created_at=now
    )
    unit.session.add(kept)
    await unit.session.flush()
    return kept, token


async def authenticate_token(unit: Unit, token: str) -> tuple[ApiToken, Agent] | None:
    """Who a program acts as, and by which token."""
    return await queries.find_token(unit, _digest(token))


def require_password(password: str) -> None:
    """Raise unless it is long enough to be one."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(f"a password has {SHORTEST_PASSWORD} characters or more")


def _digest(secret: str) -> str:
    """Secrets of 256 random bits need no slow hash."""
    return sha256(secret.encode()).hexdigest()
