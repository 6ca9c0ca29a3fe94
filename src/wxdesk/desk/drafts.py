"""Drafts: what agents have written and not sent, the same on all their screens."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk import conversations
from wxdesk.store import Base, Id, Unit

LONGEST_TEXT = 10_000


class Mode(StrEnum):
    """What it is to become."""

    REPLY = "reply"
    NOTE = "note"


class Draft(Base):
    """Of one agent, for one conversation, in one mode. An empty one says that it was sent.

    Attributes:
        written_at: When it was written, wherever that was: the newer one wins.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("agent_id", "conversation_id", "mode"),
        Index(None, "agent_id", "written_at"),
        Index(None, "written_at"),
    )

    id: Mapped[Id]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    mode: Mapped[Mode]
    text: Mapped[str]
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


async def keep(
    unit: Unit,
    *,
    agent_id: int,
    conversation_id: int,
    mode: Mode,
    text: str,
    written_at: datetime,
    now: datetime,
) -> Draft:
    """Keep a draft, unless a newer one is kept already: that one is returned.

    Raises:
        NotFound: There is no such conversation.
    """
    await conversations.get(unit, conversation_id)  # locked: two screens make it once
    written_at = min(written_at, now)
    draft = await _find(unit, agent_id, conversation_id, mode)
    if draft is None:
        draft = Draft(
            agent_id=agent_id,
            conversation_id=conversation_id,
            mode=mode,
            text=text,
            written_at=written_at,
        )
        unit.session.add(draft)
    elif written_at < draft.written_at or draft.text == text:
        return draft
    draft.text, draft.written_at = text, written_at
    await unit.session.flush()
    unit.tell("draft", draft.id)
    return draft


async def settle(
    unit: Unit, *, agent_id: int, conversation_id: int, mode: Mode, text: str, now: datetime
) -> None:
    """What a draft says has been sent: it is empty from now on. Something else stays."""
    draft = await _find(unit, agent_id, conversation_id, mode)
    if draft and draft.text and draft.text.strip() == text.strip():
        draft.text, draft.written_at = "", max(now, draft.written_at)
        unit.tell("draft", draft.id)


async def list_drafts(unit: Unit, agent_id: int, *, limit: int) -> Sequence[Draft]:
    """An agent's, the newest first, with those that were sent not long ago."""
    query = select(Draft).where(Draft.agent_id == agent_id)
    query = query.order_by(Draft.written_at.desc(), Draft.id.desc()).limit(limit)
    return (await unit.session.scalars(query)).all()


async def by_ids(unit: Unit, ids: Collection[int]) -> Sequence[Draft]:
    return (await unit.session.scalars(select(Draft).where(Draft.id.in_(ids)))).all()


async def forget(unit: Unit, *, sent_before: datetime, written_before: datetime) -> None:
    """Forget those that were sent, and those that nobody has touched for long."""
    sent = (Draft.text == "") & (Draft.written_at < sent_before)
    await unit.session.execute(
        delete(Draft).where(or_(sent, Draft.written_at < written_before)),
        execution_options={"synchronize_session": False},
    )


async def _find(unit: Unit, agent_id: int, conversation_id: int, mode: Mode) -> Draft | None:
    return await unit.session.scalar(
        select(Draft).where(
            Draft.agent_id == agent_id,
            Draft.conversation_id == conversation_id,
            Draft.mode == mode,
        )
    )
