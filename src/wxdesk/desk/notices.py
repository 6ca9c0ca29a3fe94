"""Notices: what agents are to hear of though they look elsewhere, each agent's own, for a while."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, delete, exists, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk import alerts
from wxdesk.desk.alerts import Raised
from wxdesk.store import Base, Id, Unit
from wxdesk.store.database import take_turn

LONGEST_TEXT = 200
_UNREAD = text("read_at IS NULL")


class Kind(StrEnum):
    """What an agent is told of."""

    MENTION = "mention"  # a colleague has named them, or a group of theirs, in a note
    HELP = "help"  # a colleague asks for help with a conversation
    NOTE = "note"  # a colleague has left a note in a conversation of theirs
    HANDED_OVER = "handed_over"  # a conversation was meant for them
    HANDED_BACK = "handed_back"  # whom they meant one for did not take it
    TAKEN_OVER = "taken_over"  # one of theirs was given to somebody else
    CLOSED = "closed"  # one of theirs was ended by somebody else
    WARNING = "warning"  # little time is left in one of theirs
    BREACH = "breach"  # none is
    LATER = "later"  # what they had put off is back
    RATING = "rating"
    WEBHOOK = "webhook"  # an endpoint was given up, for those who run the desk


ALERTS = {
    Kind.MENTION: alerts.Kind.MENTION,
    Kind.HELP: alerts.Kind.MENTION,
    Kind.HANDED_OVER: alerts.Kind.HANDED_OVER,
    Kind.WARNING: alerts.Kind.WARNING,
    Kind.BREACH: alerts.Kind.BREACH,
}
"""What is told beside the page, too."""

ALERTS_LAST = timedelta(hours=4)


class Notice(Base):
    """One, for one agent.

    Attributes:
        by_id: Who has done it; None: the desk.
        text: In the words of whoever has done it; never a customer's.
        facts: What else pages put into words: the kind of a clock, the group that was named.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index(None, "agent_id", "id"),
        Index(None, "at"),
        Index(
            "ix_notices_unread",
            *("agent_id", "id"),
            sqlite_where=_UNREAD,
            postgresql_where=_UNREAD,
        ),
    )

    id: Mapped[Id]
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    kind: Mapped[Kind]
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    text: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Muted(Base):
    """A kind of which an agent does not want to hear."""

    __tablename__ = "muted_notices"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(primary_key=True)


async def add(unit: Unit, found: Sequence[Notice]) -> None:
    """Tell these agents, but for what they have muted and what they have done themselves.

    Cost: two statements, however many they are; none where there is nobody to tell.
    """
    meant = [each for each in found if each.agent_id != each.by_id]
    if not meant:
        return
    muted = await muted_by(unit, {each.agent_id for each in meant})
    wanted = [each for each in meant if each.kind not in muted[each.agent_id]]
    for notice in wanted:
        notice.text = (notice.text or "")[:LONGEST_TEXT]
    unit.session.add_all(wanted)
    await unit.session.flush()
    for notice in wanted:
        unit.tell("notice", notice.id)
        unit.tell("bell", notice.agent_id)
    if raised := [_alert(each) for each in wanted if each.kind in ALERTS]:
        await alerts.raise_all(unit, raised, now=max(each.at for each in wanted))


def _alert(notice: Notice) -> Raised:
    facts = {"notice_id": notice.id, "by_id": notice.by_id, "clock": notice.facts.get("clock")}
    key = f"{notice.kind}:{notice.id}"
    return Raised(
        notice.agent_id, ALERTS[notice.kind], key, ALERTS_LAST, notice.conversation_id, facts
    )


async def mark_read(
    unit: Unit,
    agent_id: int,
    *,
    up_to: int | None = None,
    ids: Collection[int] = (),
    now: datetime,
) -> None:
    """An agent has read these, or all up to one; on their other screens they are read, too."""
    these = Notice.id <= up_to if up_to is not None else Notice.id.in_(ids)
    found = await unit.session.scalars(
        update(Notice)
        .where(Notice.agent_id == agent_id, Notice.read_at.is_(None), these)
        .values(read_at=now, version=Notice.version + 1)
        .returning(Notice.id),
        execution_options={"synchronize_session": False},
    )
    if read := found.all():
        for notice_id in sorted(read):
            unit.tell("notice", notice_id)
        unit.tell("bell", agent_id)
        await alerts.look_again_for(unit, agent_id)


async def set_muted(unit: Unit, agent_id: int, kinds: Collection[Kind]) -> None:
    """Of these kinds, and no others, an agent hears nothing from now on; on no screen of theirs."""
    await take_turn(unit, f"muted by {agent_id}")
    await unit.session.execute(delete(Muted).where(Muted.agent_id == agent_id))
    unit.session.add_all(Muted(agent_id=agent_id, kind=kind) for kind in sorted(set(kinds)))
    await unit.session.flush()
    unit.tell("bell", agent_id)


async def muted_by(unit: Unit, agent_ids: Collection[int]) -> Mapping[int, Collection[Kind]]:
    """What each of these agents has muted; nothing where they have muted nothing."""
    muted: dict[int, set[Kind]] = {agent_id: set() for agent_id in agent_ids}
    query = select(Muted.agent_id, Muted.kind).where(Muted.agent_id.in_(muted))
    for agent_id, kind in await unit.session.execute(query):
        muted[agent_id].add(kind)
    return muted


async def count_unread(unit: Unit, agent_ids: Collection[int]) -> Mapping[int, int]:
    """How many each of these agents has not read; what they have muted since counts no more."""
    muted = exists().where(Muted.agent_id == Notice.agent_id, Muted.kind == Notice.kind)
    query = (
        select(Notice.agent_id, func.count())
        .where(Notice.agent_id.in_(agent_ids), _UNREAD, ~muted)
        .group_by(Notice.agent_id)
    )
    found = {row[0]: row[1] for row in await unit.session.execute(query)}
    return {agent_id: found.get(agent_id, 0) for agent_id in agent_ids}


async def list_notices(
    unit: Unit, agent_id: int, *, before: int | None, limit: int
) -> Sequence[Notice]:
    """An agent's, newest first; those before one that was seen already."""
    query = select(Notice).where(Notice.agent_id == agent_id)
    if before is not None:
        query = query.where(Notice.id < before)
    return (await unit.session.scalars(query.order_by(Notice.id.desc()).limit(limit))).all()


async def by_ids(unit: Unit, ids: Collection[int]) -> Sequence[Notice]:
    return (await unit.session.scalars(select(Notice).where(Notice.id.in_(ids)))).all()


async def forget_before(unit: Unit, moment: datetime) -> None:
    """Forget old ones, read or not."""
    old = Notice.at < moment
    unread = select(Notice.agent_id).where(old, Notice.read_at.is_(None)).distinct()
    for agent_id in await unit.session.scalars(unread):
        unit.tell("bell", agent_id)
    await unit.session.execute(
        delete(Notice).where(old), execution_options={"synchronize_session": False}
    )
