"""Conversations that an agent has marked as unread, for themselves alone."""

from collections.abc import Collection, Sequence

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk import conversations
from wxdesk.store import Base, Id, Unit


class UnreadMark(Base):
    """Of one agent, at one conversation; ``unread`` false: it has been read since."""

    __tablename__ = "unread_marks"
    __table_args__ = (UniqueConstraint("agent_id", "conversation_id"),)

    id: Mapped[Id]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    unread: Mapped[bool]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


async def put(unit: Unit, *, agent_id: int, conversation_id: int, unread: bool) -> None:
    """Mark a conversation as unread, or take the mark away; doing so twice changes nothing.

    Raises:
        NotFound: There is no such conversation.
    """
    await conversations.get(unit, conversation_id)  # locked: two screens make it once
    mark = await unit.session.scalar(
        select(UnreadMark).where(
            UnreadMark.agent_id == agent_id, UnreadMark.conversation_id == conversation_id
        )
    )
    if (mark is not None and mark.unread) == unread:
        return
    if mark is None:
        mark = UnreadMark(agent_id=agent_id, conversation_id=conversation_id, unread=unread)
        unit.session.add(mark)
    mark.unread = unread
    await unit.session.flush()
    unit.tell("unread_mark", mark.id)


async def marked(unit: Unit, agent_id: int, *, limit: int) -> Sequence[UnreadMark]:
    """What an agent has marked and not read since, the newest first."""
    query = select(UnreadMark).where(UnreadMark.agent_id == agent_id, UnreadMark.unread)
    query = query.order_by(UnreadMark.id.desc()).limit(limit)
    return (await unit.session.scalars(query)).all()


async def by_ids(unit: Unit, ids: Collection[int]) -> Sequence[UnreadMark]:
    return (await unit.session.scalars(select(UnreadMark).where(UnreadMark.id.in_(ids)))).all()
