"""Who is first: statements that walk the lines in which people wait, and look at their heads."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select, text

from wxdesk.desk.routing.model import Wait
from wxdesk.store import Unit

MOST_SCANNED = 200
"""So far down a line it is looked for somebody who does not leave an agent out."""


_FREE = and_(Wait.offered_to.is_(None), Wait.held_until.is_(None))


_LINES = text("""
    WITH RECURSIVE lines (line) AS (
        SELECT min(line) FROM waits WHERE offered_to IS NULL AND held_until IS NULL
        UNION ALL
        SELECT (SELECT min(waits.line) FROM waits WHERE waits.line > lines.line
                AND offered_to IS NULL AND held_until IS NULL)
        FROM lines WHERE lines.line IS NOT NULL
    )
    SELECT line, (SELECT conversation_id FROM waits WHERE waits.line = lines.line
                  AND offered_to IS NULL AND held_until IS NULL
                  ORDER BY since, conversation_id LIMIT 1) AS head
    FROM lines WHERE line IS NOT NULL
""")
"""From one line to the next, with the first of each, without looking at those behind."""


async def lines(unit: Unit) -> Sequence[str]:
    """The lines in which anybody stands. Cost: grows with the lines, not with those who wait."""
    return [row.line for row in await unit.session.execute(_LINES)]


async def heads(unit: Unit) -> Sequence[Wait]:
    """The first of each line, in two statements. Cost: as ``lines``."""
    first = [row.head for row in await unit.session.execute(_LINES)]
    if not first:
        return []
    query = select(Wait).where(Wait.conversation_id.in_(first)).order_by(Wait.line)
    return (await unit.session.scalars(query)).all()


async def head(
    unit: Unit, line: str, *, but: Collection[int] = (), now: datetime, agent_id: int | None = None
) -> Wait | None:
    """The first in a line that does not leave this agent out."""
    query = (
        select(Wait)
        .where(_FREE, Wait.line == line, Wait.conversation_id.not_in(but))
        .order_by(Wait.since, Wait.conversation_id)
    )
    if agent_id is None:
        return await unit.session.scalar(query.limit(1))
    for each in await unit.session.scalars(query.limit(MOST_SCANNED)):
        if agent_id not in each.waiting(now).excluded:
            return each
    return None


class Place(NamedTuple):
    """What the order of a wait follows from."""

    conversation_id: int
    pool: str
    rank: int
    since: datetime
    warn_at: datetime
    due_at: datetime
    hard_at: datetime


_PLACE = [getattr(Wait, name) for name in Place._fields]


async def places(unit: Unit, line: str, *, limit: int) -> Sequence[Place]:
    """The first of a line."""
    query = (
        select(*_PLACE)
        .where(_FREE, Wait.line == line)
        .order_by(Wait.since, Wait.conversation_id)
        .limit(limit)
    )
    return [Place(*row) for row in await unit.session.execute(query)]


async def places_aside(unit: Unit, *, limit: int) -> Sequence[Place]:
    """Of those who are held or offered, so many of each."""
    found = []
    for aside in (Wait.offered_to.is_not(None), Wait.held_until.is_not(None)):
        rows = await unit.session.execute(select(*_PLACE).where(aside).limit(limit))
        found += [Place(*row) for row in rows]
    return list(dict.fromkeys(found))


async def count_before(unit: Unit, wait: Wait) -> int:
    """How many of the same level began to wait before, in the same group."""
    query = select(func.count()).where(
        Wait.rank == wait.rank,
        Wait.group_id.is_(None) if wait.group_id is None else Wait.group_id == wait.group_id,
        or_(
            Wait.since < wait.since,
            and_(Wait.since == wait.since, Wait.conversation_id < wait.conversation_id),
        ),
    )
    return await unit.session.scalar(query) or 0
