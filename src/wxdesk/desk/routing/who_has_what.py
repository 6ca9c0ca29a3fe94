"""Who has what, and had it: every statement about assignments that is not about what is due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, update

from wxdesk.desk.conversations import Conversation
from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.model import Assignment, Ending
from wxdesk.store import Unit

_OPEN = Assignment.ended_at.is_(None)


async def find_assignment(unit: Unit, conversation_id: int) -> Assignment | None:
    """Who has a conversation, or is offered it. Its conversation is to be locked before it."""
    return await unit.session.scalar(
        select(Assignment).where(Assignment.conversation_id == conversation_id, _OPEN),
        execution_options={"populate_existing": True},
    )


async def open_of(unit: Unit, agent_id: int) -> Sequence[Assignment]:
    """All that an agent has, oldest first."""
    query = select(Assignment).where(Assignment.agent_id == agent_id, _OPEN)
    return (await unit.session.scalars(query.order_by(Assignment.id))).all()


async def history(unit: Unit, conversation_id: int, *, limit: int) -> Sequence[Assignment]:
    """Newest first."""
    query = select(Assignment).where(Assignment.conversation_id == conversation_id)
    return (await unit.session.scalars(query.order_by(Assignment.id.desc()).limit(limit))).all()


async def handed(unit: Unit, conversation_ids: Collection[int]) -> Collection[int]:
    """Those of the conversations that a colleague has handed to whoever has them, or is asked."""
    query = select(Assignment.conversation_id).where(
        Assignment.conversation_id.in_(conversation_ids), _OPEN, Assignment.rule == Rule.DIRECT
    )
    return set(await unit.session.scalars(query))


async def wake(unit: Unit, conversation_ids: Collection[int]) -> None:
    """The customers have written: they rest no more, as soon as the dispatcher looks."""
    await unit.session.execute(
        update(Assignment)
        .where(Assignment.conversation_id.in_(conversation_ids), _OPEN)
        .where(Assignment.rests_since.is_not(None))
        .values(woken=True),
        execution_options={"synchronize_session": False},
    )


async def was_tried(unit: Unit, conversation_id: int, since: datetime | None) -> bool:
    """Whether somebody had this wait already, and did not answer in time."""
    query = select(Assignment.id).where(
        Assignment.conversation_id == conversation_id,
        Assignment.ending == Ending.UNANSWERED,
        Assignment.waited_since == since,
    )
    return await unit.session.scalar(query.limit(1)) is not None


class Work(NamedTuple):
    """What an agent has.

    Attributes:
        owed: In which the customer waits for an answer.
        resting: In which the customer owes it, for a while.
        oldest_owed: Since when the one who waits longest does.
    """

    owed: int = 0
    resting: int = 0
    oldest_owed: datetime | None = None


async def work_of(unit: Unit, agent_ids: Collection[int]) -> Mapping[int, Work]:
    """What these agents have; one statement."""
    query = (
        select(
            Assignment.agent_id,
            func.count(Conversation.owed_since),
            func.count(Assignment.rests_since),
            func.min(Conversation.owed_since),
        )
        .join(Conversation, Conversation.id == Assignment.conversation_id)
        .where(_OPEN, Assignment.accepted_at.is_not(None), Assignment.agent_id.in_(agent_ids))
        .group_by(Assignment.agent_id)
    )
    return {row[0]: Work(*row[1:]) for row in await unit.session.execute(query)}


async def last_agents(
    unit: Unit, conversation_ids: Collection[int], since: datetime
) -> Mapping[int, int]:
    """Who had each of these conversations last, where that ended after a moment."""
    query = (
        select(Conversation.id, Conversation.assignee_id)
        .where(Conversation.id.in_(conversation_ids), Conversation.assignee_id.is_not(None))
        .where(Conversation.closed_at >= since)
    )
    rows = await unit.session.execute(query)
    return {row[0]: row[1] for row in rows if row[1] is not None}
