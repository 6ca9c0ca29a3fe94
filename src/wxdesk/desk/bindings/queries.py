"""Every SQL statement about bindings, their codes and their log."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from wxdesk.desk.agents import Agent
from wxdesk.desk.bindings.model import Binding, BindingCode, BindingNote, Bound, UsedLogin
from wxdesk.desk.contacts import Contact, Follower
from wxdesk.errors import NotFound
from wxdesk.store import Unit

_IN_FORCE = Binding.revoked_at.is_(None)


def _bound() -> Select[Binding, Agent, str]:
    return (
        select(Binding, Agent, Contact.openid)
        .join(Agent, Agent.id == Binding.agent_id)
        .join(Contact, Contact.id == Binding.contact_id)
        .where(_IN_FORCE)
        .order_by(Binding.id)
    )


async def find_bound(unit: Unit, followers: Collection[Follower]) -> dict[Follower, Bound]:
    """Those of the followers who are agents. One statement, cheap where nobody is."""
    account_ids = {account_id for account_id, _ in followers}
    openids = {openid for _, openid in followers}
    query = _bound().where(Binding.account_id.in_(account_ids), Contact.openid.in_(openids))
    found = [Bound(*row) for row in await unit.session.execute(query)]
    return {each.follower: each for each in found if each.follower in followers}


async def all_bound(unit: Unit) -> Sequence[Bound]:
    """Every binding in force: of a desk's agents there are some hundreds at most."""
    return [Bound(*row) for row in await unit.session.execute(_bound())]


async def find_of_agent(unit: Unit, agent_id: int) -> Bound | None:
    row = (await unit.session.execute(_bound().where(Binding.agent_id == agent_id))).first()
    return Bound(*row) if row else None


async def find_by_contact(unit: Unit, contact_id: int) -> Bound | None:
    row = (await unit.session.execute(_bound().where(Binding.contact_id == contact_id))).first()
    return Bound(*row) if row else None


async def agents_among(unit: Unit, contact_ids: Collection[int]) -> Mapping[int, int]:
    """The agents that some of these contacts are. One statement."""
    query = select(Binding.contact_id, Binding.agent_id).where(
        _IN_FORCE, Binding.contact_id.in_(contact_ids)
    )
    return {row[0]: row[1] for row in await unit.session.execute(query)}


async def get(unit: Unit, binding_id: int) -> Bound:
    """One that is in force.

    Raises:
        NotFound: There is none, or it has ended.
    """
    row = (await unit.session.execute(_bound().where(Binding.id == binding_id))).first()
    if row is None:
        raise NotFound(f"there is no binding {binding_id}")
    return Bound(*row)


async def agents_of_accounts(unit: Unit) -> Mapping[int, frozenset[str]]:
    """The openids of the agents of each account that has any."""
    query = select(Binding.account_id, Contact.openid).join(
        Contact, Contact.id == Binding.contact_id
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for account_id, openid in await unit.session.execute(query.where(_IN_FORCE)):
        found[account_id].add(openid)
    return {account_id: frozenset(openids) for account_id, openids in found.items()}


async def lock_by_scene(unit: Unit, account_id: int, scene: str) -> BindingCode | None:
    """A code of this account."""
    query = select(BindingCode).where(
        BindingCode.scene == scene, BindingCode.account_id == account_id
    )
    return await unit.session.scalar(
        unit.locking(query), execution_options={"populate_existing": True}
    )


async def newest_code(unit: Unit, agent_id: int) -> BindingCode | None:
    query = select(BindingCode).where(BindingCode.agent_id == agent_id)
    return await unit.session.scalar(query.order_by(BindingCode.id.desc()).limit(1))


async def get_code(unit: Unit, code_id: int, *, agent_id: int) -> BindingCode:
    """A code that this agent has asked for.

    Raises:
        NotFound: There is none.
    """
    query = select(BindingCode).where(BindingCode.id == code_id, BindingCode.agent_id == agent_id)
    code = await unit.session.scalar(query)
    if code is None:
        raise NotFound(f"there is no code {code_id}")
    return code


async def withdraw_codes(unit: Unit, agent_id: int, now: datetime) -> None:
    """None of an agent's codes binds anybody any more."""
    await unit.session.execute(
        update(BindingCode)
        .where(BindingCode.agent_id == agent_id, BindingCode.used_at.is_(None))
        .where(BindingCode.withdrawn_at.is_(None))
        .values(withdrawn_at=now),
        execution_options={"synchronize_session": False},
    )


async def list_notes(unit: Unit, *, before: int | None = None, limit: int) -> Sequence[BindingNote]:
    """The log, newest first."""
    query = select(BindingNote).order_by(BindingNote.id.desc()).limit(limit)
    if before is not None:
        query = query.where(BindingNote.id < before)
    return (await unit.session.scalars(query)).all()


async def use_login(unit: Unit, digest: str, *, expires_at: datetime, now: datetime) -> bool:
    """Note that somebody has come back with it; whether they are the first."""
    await unit.session.execute(
        delete(UsedLogin).where(UsedLogin.expires_at <= now),
        execution_options={"synchronize_session": False},
    )
    is_sqlite = unit.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(UsedLogin) if is_sqlite else postgresql.insert(UsedLogin)
    used = insert.values(digest=digest, expires_at=expires_at).on_conflict_do_nothing()
    return (await unit.session.scalar(used.returning(UsedLogin.digest))) is not None
