"""Who looks at which conversation, and who writes there: so that two do not answer at once.

One row an agent, written when they turn to another conversation; pages that have gone are noticed
by those who note who is here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk import conversations
from wxdesk.store import Base, Unit
from wxdesk.store.database import take_turn

TYPING = timedelta(seconds=8)
"""So long somebody counts as writing after they were said to."""


class Viewing(Base):
    """What an agent has on their screen.

    Attributes:
        conversation_id: None: nothing.
        typing_until: They are writing in it.
    """

    __tablename__ = "viewings"
    __table_args__ = (Index(None, "conversation_id"),)

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    typing_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


async def look(unit: Unit, *, agent_id: int, conversation_id: int) -> None:
    """They look at this one now, and at no other.

    Raises:
        NotFound: There is no such conversation.
    """
    await conversations.whose(unit, conversation_id)
    await take_turn(unit, f"viewing of {agent_id}")
    viewing = await _get(unit, agent_id)
    if viewing is None:
        viewing = Viewing(agent_id=agent_id, conversation_id=conversation_id)
        unit.session.add(viewing)
    elif viewing.conversation_id == conversation_id:
        return
    viewing.conversation_id, viewing.typing_until = conversation_id, None
    await unit.session.flush()
    unit.tell("viewing", agent_id)


async def look_away(unit: Unit, *, agent_id: int, conversation_id: int) -> None:
    """They look at this one no more; whoever has turned to another already is left alone.

    Raises:
        NotFound: There is no such conversation.
    """
    await conversations.whose(unit, conversation_id)
    viewing = await _get(unit, agent_id)
    if viewing and viewing.conversation_id == conversation_id:
        await _end(unit, viewing)


async def type_in(unit: Unit, *, agent_id: int, conversation_id: int, now: datetime) -> None:
    """They write in what they look at."""
    viewing = await _get(unit, agent_id)
    if viewing and viewing.conversation_id == conversation_id:
        viewing.typing_until = now + TYPING
        await unit.session.flush()
        unit.tell("viewing", agent_id)


async def has_others(unit: Unit, *, agent_id: int, conversation_id: int) -> bool:
    """Whether anybody else looks at it."""
    query = select(Viewing.agent_id).where(
        Viewing.conversation_id == conversation_id, Viewing.agent_id != agent_id
    )
    return await unit.session.scalar(query.limit(1)) is not None


async def forget(unit: Unit, agent_ids: Collection[int]) -> None:
    """Their pages have gone."""
    query = select(Viewing).where(Viewing.agent_id.in_(agent_ids)).order_by(Viewing.agent_id)
    for viewing in await unit.session.scalars(unit.locking(query)):
        await _end(unit, viewing)


async def list_viewing(unit: Unit) -> Sequence[Viewing]:
    """All who look at something; at most one row an agent."""
    query = select(Viewing).where(Viewing.conversation_id.is_not(None))
    return (await unit.session.scalars(query.order_by(Viewing.agent_id))).all()


async def by_agents(unit: Unit, agent_ids: Collection[int]) -> Sequence[Viewing]:
    query = select(Viewing).where(Viewing.agent_id.in_(agent_ids))
    return (await unit.session.scalars(query)).all()


async def _end(unit: Unit, viewing: Viewing) -> None:
    viewing.conversation_id = viewing.typing_until = None
    await unit.session.flush()
    unit.tell("viewing", viewing.agent_id)


async def _get(unit: Unit, agent_id: int) -> Viewing | None:
    query = select(Viewing).where(Viewing.agent_id == agent_id)
    return await unit.session.scalar(unit.locking(query))
