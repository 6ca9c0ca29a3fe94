"""Every SQL statement about agents, their sessions and tokens."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from wxdesk.desk.agents.model import Agent, ApiToken, Session, SignInTries, normal_username
from wxdesk.errors import NotFound
from wxdesk.store import Unit

MOST_SESSIONS = 50


async def get(unit: Unit, agent_id: int) -> Agent:
    """Somebody who works here, locked if the unit may write."""
    agent = await unit.session.scalar(unit.locking(select(Agent).where(Agent.id == agent_id)))
    if agent is None:
        raise NotFound(f"there is no agent {agent_id}")
    return agent


async def find_by_username(unit: Unit, username: str) -> Agent | None:
    return await unit.session.scalar(
        select(Agent).where(Agent.username == normal_username(username))
    )


async def get_by_username(unit: Unit, username: str) -> Agent:
    agent = await find_by_username(unit, username)
    if agent is None:
        raise NotFound(f"there is no agent {username}")
    return agent


async def list_all(unit: Unit) -> Sequence[Agent]:
    """Every agent by name; a few hundred at most."""
    return (await unit.session.scalars(select(Agent).order_by(Agent.name, Agent.id))).all()


async def by_ids(unit: Unit, ids: Collection[int | None]) -> dict[int, Agent]:
    wanted = {agent_id for agent_id in ids if agent_id is not None}
    if not wanted:
        return {}
    found = await unit.session.scalars(select(Agent).where(Agent.id.in_(wanted)))
    return {agent.id: agent for agent in found}


async def find_session(unit: Unit, digest: str, now: datetime) -> tuple[Session, Agent] | None:
    row = await unit.session.execute(
        select(Session, Agent)
        .join(Agent, Agent.id == Session.agent_id)
        .where(Session.digest == digest, Session.expires_at > now, Agent.active)
    )
    found = row.first()
    return (found[0], found[1]) if found else None


async def find_token(unit: Unit, digest: str) -> tuple[ApiToken, Agent] | None:
    row = await unit.session.execute(
        select(ApiToken, Agent)
        .join(Agent, Agent.id == ApiToken.agent_id)
        .where(ApiToken.digest == digest, Agent.active)
    )
    found = row.first()
    return (found[0], found[1]) if found else None


async def list_tokens(unit: Unit) -> Sequence[tuple[ApiToken, Agent]]:
    """All of them with whom they act as, oldest first."""
    rows = await unit.session.execute(
        select(ApiToken, Agent).join(Agent, Agent.id == ApiToken.agent_id).order_by(ApiToken.id)
    )
    return [(row[0], row[1]) for row in rows]


async def record_token_used(unit: Unit, token_id: int, now: datetime) -> None:
    await unit.session.execute(
        update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now),
        execution_options={"synchronize_session": False},
    )


async def revoke_token(unit: Unit, token_id: int) -> None:
    """It opens nothing any more.

    Raises:
        NotFound: There is none.
    """
    query = delete(ApiToken).where(ApiToken.id == token_id).returning(ApiToken.id)
    if await unit.session.scalar(query) is None:
        raise NotFound(f"there is no token {token_id}")


async def list_sessions_of(unit: Unit, agent_id: int, now: datetime) -> Sequence[Session]:
    """The sign-ins of an agent that last, a page of them, those seen last first."""
    found = await unit.session.scalars(
        select(Session)
        .where(Session.agent_id == agent_id, Session.expires_at > now)
        .order_by(Session.seen_at.desc(), Session.created_at.desc(), Session.digest)
        .limit(MOST_SESSIONS)
    )
    return found.all()


async def record_session_seen(unit: Unit, digest: str, address: str, now: datetime) -> None:
    await unit.session.execute(
        update(Session).where(Session.digest == digest).values(seen_at=now, address=address),
        execution_options={"synchronize_session": False},
    )


async def end_session_of(unit: Unit, agent_id: int, digest: str) -> None:
    """An agent ends a sign-in of theirs, wherever that is.

    Raises:
        NotFound: They have none of this digest.
    """
    query = delete(Session).where(Session.agent_id == agent_id, Session.digest == digest)
    if await unit.session.scalar(query.returning(Session.digest)) is None:
        raise NotFound("there is no such sign-in")


async def delete_other_sessions(unit: Unit, agent_id: int, digest: str) -> None:
    await unit.session.execute(
        delete(Session).where(Session.agent_id == agent_id, Session.digest != digest)
    )


async def delete_session(unit: Unit, digest: str) -> None:
    await unit.session.execute(delete(Session).where(Session.digest == digest))


async def delete_sessions_of(unit: Unit, agent_id: int) -> None:
    await unit.session.execute(delete(Session).where(Session.agent_id == agent_id))


async def end_sessions_of_follower(unit: Unit, contact_id: int) -> None:
    """Whoever signed in as this follower has to sign in anew."""
    await unit.session.execute(delete(Session).where(Session.contact_id == contact_id))


async def delete_expired(unit: Unit, now: datetime) -> None:
    await unit.session.execute(delete(Session).where(Session.expires_at <= now))


async def lock_tries(unit: Unit, username: str, now: datetime) -> SignInTries:
    """The tries of a username, locked: of many at once each sees what the one before counted."""
    username = normal_username(username)
    none_yet = _insert(unit).values(username=username, failures=0, next_try_at=now)
    await unit.session.execute(none_yet.on_conflict_do_nothing())
    tries = await unit.session.scalars(
        select(SignInTries).where(SignInTries.username == username).with_for_update()
    )
    return tries.one()


def _insert(unit: Unit) -> sqlite.Insert | postgresql.Insert:
    is_sqlite = unit.session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(SignInTries) if is_sqlite else postgresql.insert(SignInTries)


async def count_failure(unit: Unit, username: str, now: datetime) -> int:
    """One more wrong password; how many in a row there are now."""
    failures = await unit.session.scalar(
        _insert(unit)
        .values(username=normal_username(username), failures=1, next_try_at=now)
        .on_conflict_do_update(
            index_elements=[SignInTries.username],
            set_={"failures": SignInTries.failures + 1},
        )
        .returning(SignInTries.failures)
    )
    return failures or 1


async def forget_failures(unit: Unit, username: str) -> None:
    await unit.session.execute(
        delete(SignInTries).where(SignInTries.username == normal_username(username))
    )


async def forget_tries_before(unit: Unit, moment: datetime) -> None:
    await unit.session.execute(delete(SignInTries).where(SignInTries.next_try_at < moment))


async def still_named(unit: Unit, names: Collection[str]) -> set[str]:
    """Those of the stored names that some agent shows as their picture."""
    query = select(Agent.picture_sha256).where(Agent.picture_sha256.in_(names))
    return {name for name in await unit.session.scalars(query) if name}
