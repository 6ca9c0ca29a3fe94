"""Every SQL statement about summaries and their categories."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from wxdesk.desk.conversations import Conversation
from wxdesk.desk.summaries.model import Category, Summary
from wxdesk.store import Unit
from wxdesk.store.database import take_turn


async def list_categories(unit: Unit) -> Sequence[Category]:
    """All of them, each in its place among those beside it."""
    query = select(Category).order_by(Category.place, Category.id)
    return (await unit.session.scalars(query)).all()


async def lock_categories(unit: Unit) -> dict[int, Category]:
    """All of them; nobody else changes or adds any until the unit ends."""
    await take_turn(unit, "summary categories")
    query = select(Category).order_by(Category.place, Category.id)
    found = await unit.session.scalars(query.execution_options(populate_existing=True))
    return {each.id: each for each in found}


async def lock_owed(unit: Unit, agent_id: int) -> int:
    """How many summaries an agent owes; nobody else lets them owe another until the unit ends."""
    await take_turn(unit, f"summaries owed by {agent_id}")
    query = select(func.count()).where(
        Summary.agent_id == agent_id, Summary.owed_since.is_not(None)
    )
    return await unit.session.scalar(query) or 0


async def get_category(unit: Unit, category_id: int) -> Category | None:
    return await unit.session.get(Category, category_id)


async def has_below(unit: Unit, category_id: int) -> bool:
    """Whether it is said more exactly by one below it."""
    query = select(Category.id).where(
        Category.parent_id == category_id, Category.retired_at.is_(None)
    )
    return await unit.session.scalar(query.limit(1)) is not None


async def paths_of(unit: Unit, category_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """The names from the top down to each of these. One statement."""
    if not category_ids:
        return {}
    above, top = aliased(Category), aliased(Category)
    query = (
        select(Category.id, top.name, above.name, Category.name)
        .outerjoin(above, above.id == Category.parent_id)
        .outerjoin(top, top.id == above.parent_id)
        .where(Category.id.in_(category_ids))
    )
    rows = await unit.session.execute(query)
    return {row[0]: [name for name in row[1:] if name is not None] for row in rows}


async def uses(unit: Unit) -> Mapping[int, int]:
    """How many conversations were summed up by each category; none of what never was."""
    query = (
        select(Summary.category_id, func.count())
        .where(Summary.category_id.is_not(None))
        .group_by(Summary.category_id)
    )
    return {row[0]: row[1] for row in await unit.session.execute(query) if row[0] is not None}


async def recent_of(unit: Unit, agent_id: int, *, limit: int) -> Sequence[int]:
    """The categories that an agent chose last, the newest first."""
    newest = func.max(Summary.given_at)
    query = (
        select(Summary.category_id)
        .where(Summary.by_id == agent_id, Summary.category_id.is_not(None))
        .group_by(Summary.category_id)
        .order_by(newest.desc())
        .limit(limit)
    )
    return [each for each in await unit.session.scalars(query) if each is not None]


async def of(unit: Unit, conversation_ids: Collection[int]) -> Mapping[int, Summary]:
    """The summaries of these conversations, those that are owed as well."""
    if not conversation_ids:
        return {}
    query = select(Summary).where(Summary.conversation_id.in_(conversation_ids))
    found = await unit.session.scalars(query)
    return {each.conversation_id: each for each in found}


async def find(unit: Unit, conversation_id: int) -> Summary | None:
    query = select(Summary).where(Summary.conversation_id == conversation_id)
    return await unit.session.scalar(unit.locking(query))


async def list_owed(unit: Unit, agent_id: int) -> Sequence[Conversation]:
    """What an agent has ended and not summed up, the oldest first."""
    query = (
        select(Conversation)
        .join(Summary, Summary.conversation_id == Conversation.id)
        .where(Summary.agent_id == agent_id, Summary.owed_since.is_not(None))
        .order_by(Summary.owed_since, Conversation.id)
    )
    return (await unit.session.scalars(query)).all()


def owe(unit: Unit, conversation_id: int, agent_id: int, now: datetime) -> None:
    unit.session.add(Summary(conversation_id=conversation_id, agent_id=agent_id, owed_since=now))
