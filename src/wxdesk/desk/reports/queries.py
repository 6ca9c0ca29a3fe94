"""Every SQL statement of the figures. They read tables of other parts, and change none."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, extract, func, literal, select

from wxdesk.desk.agents import Agent
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.groups import Membership
from wxdesk.desk.ratings import Rating, Score
from wxdesk.desk.reports.figures import AgentNow, AgentsDay, Figures, Key
from wxdesk.desk.routing import Agent as Seen
from wxdesk.desk.routing import Assignment, Ending, Rule, Seat
from wxdesk.desk.sla import Clock, Kind
from wxdesk.store import Unit

QUARTER = 900
"""Seconds; the offset of every time zone is a multiple of it."""

_WAITS = Conversation.state == ConversationState.WAITING
_ACTIVE = Conversation.state == ConversationState.ACTIVE
_CLOSED = literal(ConversationState.CLOSED, Conversation.state.type, literal_execute=True)
"""Written into the statement: behind a parameter the planner would not see the partial index."""
_OPEN = Conversation.state != _CLOSED
_LAST_SEND = Contact.lasting_sends - Contact.reserved == literal(1, literal_execute=True)
_BY_KEY = (Conversation.level_id, Conversation.group_id)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


async def open_now(unit: Unit, now: datetime) -> Mapping[Key, Figures]:
    """Who waits and what is in service. Cost: grows with what is open; read from an index alone."""
    query = (
        select(
            *_BY_KEY,
            _count(_WAITS),
            func.min(Conversation.waiting_since),
            _count(_ACTIVE),
            func.count(Conversation.rests_since),
            _count(and_(_ACTIVE, Conversation.owed_since.is_not(None))),
            _count(Conversation.due_at < now),
        )
        .where(_OPEN)
        .group_by(*_BY_KEY)
    )
    return {
        Key(row[0], row[1]): Figures(
            waiting=int(row[2]),
            oldest=row[3],
            active=int(row[4]),
            resting=row[5],
            owed=int(row[6]),
            overdue=int(row[7]),
        )
        for row in await unit.session.execute(query)
    }


async def closing(unit: Unit, now: datetime, within: timedelta) -> Mapping[Key, Figures]:
    """An answer is owed and the window closes soon. Cost: grows with the windows that do."""
    soon = and_(Contact.window_closes_at > now, Contact.window_closes_at <= now + within)
    found = await _in_windows(unit, and_(soon, Conversation.owed_since.is_not(None)))
    return {key: Figures(closing=count) for key, count in found.items()}


async def last_sends(unit: Unit, now: datetime) -> Mapping[Key, Figures]:
    """One message is left. Cost: grows with those who have one left."""
    found = await _in_windows(unit, and_(Contact.window_closes_at > now, _LAST_SEND))
    return {key: Figures(last_send=count) for key, count in found.items()}


async def _in_windows(unit: Unit, condition: ColumnElement[bool]) -> Mapping[Key, int]:
    query = (
        select(*_BY_KEY, func.count())
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(_OPEN, condition)
        .group_by(*_BY_KEY)
    )
    return {Key(row[0], row[1]): row[2] for row in await unit.session.execute(query)}


async def opened(unit: Unit, since: datetime) -> Mapping[Key, Figures]:
    """What began since then. Cost: grows with these; read from an index alone."""
    query = select(*_BY_KEY, func.count()).where(Conversation.opened_at >= since).group_by(*_BY_KEY)
    return {
        Key(row[0], row[1]): Figures(opened=row[2]) for row in await unit.session.execute(query)
    }


async def rated(unit: Unit, since: datetime) -> Mapping[Key, Figures]:
    """What customers have told since then. Cost: grows with these."""
    query = (
        select(*_BY_KEY, func.count(), _count(Rating.score == Score.GOOD))
        .join(Rating, Rating.conversation_id == Conversation.id)
        .where(Rating.rated_at >= since, Rating.rated_at.is_not(None))
        .group_by(*_BY_KEY)
    )
    return {
        Key(row[0], row[1]): Figures(rated=row[2], satisfied=int(row[3]))
        for row in await unit.session.execute(query)
    }


async def arrivals(
    unit: Unit, since: datetime, until: datetime, *, every: int, group_id: int | None = None
) -> Mapping[int, int]:
    """How many conversations began, by the second of UTC at which their interval begins."""
    second = extract("epoch", Conversation.opened_at)
    query = (
        select((second - second % every).label("begins"), func.count())
        .where(Conversation.opened_at >= since, Conversation.opened_at < until)
        .group_by("begins")
    )
    if group_id is not None:
        query = query.where(Conversation.group_id == group_id)
    rows: Sequence[Any] = (await unit.session.execute(query)).all()
    return {int(row[0]): row[1] for row in rows}


async def first_opened(unit: Unit) -> datetime | None:
    """When the first conversation of the desk began."""
    return await unit.session.scalar(select(func.min(Conversation.opened_at)))


async def agents_now(unit: Unit, now: datetime, seen: Mapping[int, Seen]) -> Sequence[AgentNow]:
    """Who works here and what they are, by name. Cost: a row an agent.

    Args:
        unit: Reads are enough.
        now: When.
        seen: As decisions see them.
    """
    query = (
        select(Agent.name, Seat)
        .join(Seat, Seat.agent_id == Agent.id)
        .where(Agent.active)
        .order_by(Agent.name, Agent.id)
    )
    return [
        AgentNow(
            agent_id=seat.agent_id,
            name=name,
            presence=seen[seat.agent_id].presence,
            paused=seen[seat.agent_id].is_paused(now),
            load=seat.load,
            capacity=seat.room(now),
            since=seat.since,
        )
        for name, seat in await unit.session.execute(query)
        if seat.agent_id in seen
    ]


async def agents_days(unit: Unit, since: datetime) -> Sequence[AgentsDay]:
    """What each agent did since then. Two statements; cost: grows with what was given and ended."""
    given = (
        select(
            Assignment.agent_id,
            func.count(Assignment.accepted_at),
            _count(Assignment.ending == Ending.TIMED_OUT),
        )
        .where(Assignment.offered_at >= since)
        .group_by(Assignment.agent_id)
    )
    in_time = Clock.breached_at.is_(None)
    answered = (
        select(Clock.agent_id, _count(in_time), _count(~in_time))
        .where(Clock.stopped_at >= since, Clock.kind == Kind.FIRST)
        .where(Clock.reply_id.is_not(None), Clock.agent_id.is_not(None))
        .group_by(Clock.agent_id)
    )
    taken = {row[0]: (row[1], int(row[2])) for row in await unit.session.execute(given)}
    kept = {
        row[0]: (int(row[1]), int(row[2]))
        for row in await unit.session.execute(answered)
        if row[0] is not None
    }
    return [
        AgentsDay(
            agent_id=agent_id,
            taken=taken.get(agent_id, (0, 0))[0],
            missed=taken.get(agent_id, (0, 0))[1],
            kept=kept.get(agent_id, (0, 0))[0],
            late=kept.get(agent_id, (0, 0))[1],
        )
        for agent_id in sorted(taken.keys() | kept.keys())
    ]


class Served(NamedTuple):
    """How a conversation held its agent's room."""

    waited_since: datetime | None
    accepted_at: datetime
    ended_at: datetime
    when_full: bool


async def served(
    unit: Unit, since: datetime, until: datetime, *, group_id: int | None, limit: int
) -> Sequence[Served]:
    """What agents had and have no more, the newest first; so many at most."""
    ends = func.coalesce(Assignment.rests_since, Assignment.ended_at)
    query = (
        select(Assignment.waited_since, Assignment.accepted_at, ends, Assignment.rule)
        .where(Assignment.offered_at >= since, Assignment.offered_at < until)
        .where(Assignment.accepted_at.is_not(None), ends.is_not(None))
        .order_by(Assignment.offered_at.desc())
        .limit(limit)
    )
    if group_id is not None:
        query = query.join(Conversation, Conversation.id == Assignment.conversation_id).where(
            Conversation.group_id == group_id
        )
    return [
        Served(row[0], row[1], row[2], row[3] is Rule.ORDER)
        for row in await unit.session.execute(query)
        if row[1] is not None
    ]


async def given_up(
    unit: Unit, since: datetime, until: datetime, *, group_id: int | None, limit: int
) -> Sequence[timedelta]:
    """How long those waited whose conversation ended before anybody had answered."""
    query = (
        select(Clock.started_at, Clock.stopped_at)
        .where(Clock.stopped_at >= since, Clock.stopped_at < until)
        .where(Clock.kind == Kind.FIRST, Clock.reply_id.is_(None))
        .order_by(Clock.stopped_at.desc())
        .limit(limit)
    )
    if group_id is not None:
        query = query.where(Clock.group_id == group_id)
    return [row[1] - row[0] for row in await unit.session.execute(query) if row[1]]


async def usual_capacity(unit: Unit, group_id: int | None) -> float | None:
    """How many conversations an agent takes at once, on average; None: nobody works here."""
    query = select(func.avg(Seat.capacity)).join(Agent, Agent.id == Seat.agent_id)
    query = query.where(Agent.active, Seat.capacity > 0)
    if group_id is not None:
        query = query.where(
            Seat.agent_id.in_(select(Membership.agent_id).where(Membership.group_id == group_id))
        )
    found = await unit.session.scalar(query)
    return float(found) if found is not None else None
