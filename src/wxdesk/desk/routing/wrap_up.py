"""Wrap-up (收尾): a conversation that its agent has ended keeps its place for a moment.

Its assignment stays open until then. The agent may say sooner that they are done.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from wxdesk.desk.routing import given, terms, who_is_here
from wxdesk.desk.routing.model import Assignment, Ending
from wxdesk.desk.routing.snapshot import Presence
from wxdesk.store import Unit

_WRAPS = Assignment.wrap_until.is_not(None)


async def begin(unit: Unit, assignment: Assignment, *, now: datetime) -> bool:
    """Keep the place for as long as the plan says; False: not at all.

    Whoever is not here any more wraps nothing up.
    """
    seconds = (await terms.plan_in_force(unit)).wrap_up_seconds
    if not seconds or not assignment.takes_room or assignment.accepted_at is None:
        return False
    seat = await who_is_here.get_seat(unit, assignment.agent_id)
    if seat.presence is Presence.OFFLINE:
        return False
    assignment.wrap_until = now + timedelta(seconds=seconds)
    assignment.answer_by = None
    unit.tell("seat", seat.agent_id)
    return True


async def finish(unit: Unit, agent_id: int, *, now: datetime) -> None:
    """An agent has wrapped up whatever there was."""
    query = select(Assignment).where(Assignment.agent_id == agent_id, _WRAPS)
    await end(unit, (await unit.session.scalars(unit.locking(query))).all(), now=now)


async def finish_of(unit: Unit, conversation_id: int, *, now: datetime) -> None:
    """A conversation has been summed up: whoever had it is done with it."""
    query = select(Assignment).where(Assignment.conversation_id == conversation_id, _WRAPS)
    await end(unit, (await unit.session.scalars(unit.locking(query))).all(), now=now)


async def end(unit: Unit, wrapped: Sequence[Assignment], *, now: datetime) -> None:
    """Their places are free."""
    for assignment in wrapped:
        assignment.wrap_until = None
        await given.end(unit, assignment, Ending.CLOSED, now=now)


async def wrapping(unit: Unit, agent_ids: Collection[int]) -> Mapping[int, datetime]:
    """Until when these agents wrap something up, of those who do."""
    query = (
        select(Assignment.agent_id, func.max(Assignment.wrap_until))
        .where(Assignment.agent_id.in_(agent_ids), _WRAPS)
        .group_by(Assignment.agent_id)
    )
    rows = await unit.session.execute(query)
    return {row[0]: row[1] for row in rows if row[1]}
