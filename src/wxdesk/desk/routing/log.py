"""What people did to the queue, to conversations and to agents by hand: kept, with why."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, or_, select

from wxdesk.desk.routing.model import RoutingNote
from wxdesk.store import Unit


class Act(StrEnum):
    """What somebody did; ``agent_id`` is whoever got it, or whom it was done to."""

    MOVE_UP = "move_up"
    ASSIGNED = "assigned"
    TAKEN_OVER = "taken_over"
    HANDED_OVER = "handed_over"
    FORCE_CLOSE = "force_close"
    WHISPER = "whisper"
    JOINED = "joined"
    LEFT = "left"
    PRESENCE = "presence"
    LIMIT = "limit"


HAD_BY = "had_by"
"""In the facts of a note: whose the conversation was when something was done to it."""

_STANDING = (Act.JOINED, Act.LEFT, Act.TAKEN_OVER)


def note(
    unit: Unit,
    act: Act,
    conversation_id: int,
    *,
    by_id: int,
    reason: str,
    now: datetime,
    agent_id: int | None = None,
    **facts: Any,
) -> None:
    """Keep what somebody did to a conversation, and why; facts that are None are left out."""
    unit.session.add(
        RoutingNote(
            at=now,
            kind=act.value,
            conversation_id=conversation_id,
            agent_id=agent_id,
            by_id=by_id,
            reason=reason,
            facts={name: fact for name, fact in facts.items() if fact is not None},
        )
    )


def note_whisper(unit: Unit, conversation_id: int, *, by_id: int, now: datetime) -> None:
    """Somebody left a note for whoever has it; what it says stands in the thread."""
    note(unit, Act.WHISPER, conversation_id, by_id=by_id, reason="", now=now)


async def list_acts(
    unit: Unit,
    *,
    agent_id: int | None = None,
    conversation_id: int | None = None,
    before: int | None = None,
    limit: int,
) -> Sequence[RoutingNote]:
    """What people did, newest first.

    Args:
        unit: Reads are enough.
        agent_id: Only what was done to this agent, or to conversations they had or got.
        conversation_id: Only what was done to this one.
        before: The last one already seen.
        limit: The most to return.
    """
    query = select(RoutingNote).where(RoutingNote.kind.in_(Act))
    if agent_id is not None:
        had = RoutingNote.facts[HAD_BY].as_integer()
        query = query.where(or_(RoutingNote.agent_id == agent_id, had == agent_id))
    if conversation_id is not None:
        query = query.where(RoutingNote.conversation_id == conversation_id)
    if before is not None:
        query = query.where(RoutingNote.id < before)
    return (await unit.session.scalars(query.order_by(RoutingNote.id.desc()).limit(limit))).all()


async def joined(unit: Unit, conversation_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """Who has joined each of these conversations and is still in it. One statement.

    Whoever takes a conversation over has left it as somebody who joined.
    """
    newest = (
        select(func.max(RoutingNote.id))
        .where(RoutingNote.conversation_id.in_(conversation_ids), RoutingNote.kind.in_(_STANDING))
        .group_by(RoutingNote.conversation_id, RoutingNote.by_id)
    )
    query = (
        select(RoutingNote.conversation_id, RoutingNote.by_id)
        .where(RoutingNote.id.in_(newest), RoutingNote.kind == Act.JOINED)
        .order_by(RoutingNote.id)
    )
    found: dict[int, list[int]] = {}
    for conversation_id, agent_id in await unit.session.execute(query):
        if conversation_id is not None and agent_id is not None:
            found.setdefault(conversation_id, []).append(agent_id)
    return found


async def has_joined(unit: Unit, conversation_id: int, agent_id: int) -> bool:
    return agent_id in (await joined(unit, [conversation_id])).get(conversation_id, ())


async def list_notes(
    unit: Unit, *, conversation_id: int | None = None, before: int | None = None, limit: int
) -> Sequence[RoutingNote]:
    query = select(RoutingNote).order_by(RoutingNote.id.desc()).limit(limit)
    if conversation_id is not None:
        query = query.where(RoutingNote.conversation_id == conversation_id)
    if before is not None:
        query = query.where(RoutingNote.id < before)
    return (await unit.session.scalars(query)).all()
