"""The live monitor: now, in eight statements and one a line; and today, which costs more.

Cost: ``read_now`` grows with what is open, with the lines in which anybody stands, and with the
agents; ``read_today`` with what began and ended today, and with the windows that are open. Whoever
asks for the second often keeps it for a while.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wxdesk.desk import groups, routing, sla
from wxdesk.desk.reports import queries
from wxdesk.desk.reports.alarms import Alarm, alarms
from wxdesk.desk.reports.figures import (
    AgentNow,
    AgentsDay,
    Figures,
    Key,
    People,
    Slice,
    counted,
    merged,
)
from wxdesk.desk.routing import Standing, Work
from wxdesk.desk.sla import Kind
from wxdesk.store import Unit

MOST_SHOWN = 200
CLOSING = timedelta(hours=2)
TREND = timedelta(hours=2)
TREND_STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What is now.

    Attributes:
        by_key: What is open.
        queue: The first who wait, in the order of service.
        work: What agents have, by agent; none of whom has nothing.
    """

    at: datetime
    by_key: Mapping[Key, Figures]
    queue: Sequence[Standing]
    agents: Sequence[AgentNow]
    work: Mapping[int, Work]
    people: People
    alarms: Sequence[Alarm]


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What was since the day began, and what changes slowly.

    Attributes:
        arrivals: How many began in each step of the last two hours, the oldest first.
    """

    at: datetime
    since: datetime
    by_key: Mapping[Key, Figures]
    agents: Sequence[AgentsDay]
    arrivals: Sequence[int]


async def read_now(unit: Unit, *, now: datetime, limit: int = MOST_SHOWN) -> Now:
    """The monitor as it is."""
    by_key = await queries.open_now(unit, now)
    lineup = await routing.standing(unit, now=now, limit=limit)
    agents = await queries.agents_now(unit, now, lineup.agents)
    people = counted(agents)
    caps = {
        each.id: each.queue_cap
        for each in await groups.list_groups(unit)
        if each.queue_cap is not None
    }
    return Now(
        at=now,
        by_key=by_key,
        queue=lineup.first,
        agents=agents,
        work=await routing.work_of(unit, [each.agent_id for each in agents]),
        people=people,
        alarms=alarms(merged(by_key), people, caps, lineup.far_too_late),
    )


async def read_today(unit: Unit, *, since: datetime, now: datetime) -> Today:
    """The day so far."""
    return Today(
        at=now,
        since=since,
        by_key=_added(
            await queries.opened(unit, since),
            await queries.rated(unit, since),
            await queries.closing(unit, now, CLOSING),
            await queries.last_sends(unit, now),
            await _answered(unit, since, now),
        ),
        agents=await queries.agents_days(unit, since),
        arrivals=await _trend(unit, now),
    )


def slices(now: Now, today: Today) -> list[Slice]:
    """All figures by level and group."""
    return merged(now.by_key, today.by_key)


async def _answered(unit: Unit, since: datetime, now: datetime) -> Mapping[Key, Figures]:
    found = await sla.outcomes(unit, since=since, until=now + timedelta(seconds=1))
    return {
        Key(each.key.level_id, each.key.group_id): Figures(
            kept=each.kept, late=each.late, gone=each.gone, gone_late=each.gone_late
        )
        for each in found
        if each.kind is Kind.FIRST
    }


async def _trend(unit: Unit, now: datetime) -> list[int]:
    step = int(TREND_STEP.total_seconds())
    last = int(now.timestamp()) // step * step
    steps = range(last - int(TREND.total_seconds()) + step, last + step, step)
    begins = datetime.fromtimestamp(steps.start, now.tzinfo)
    counted = await queries.arrivals(unit, begins, now + timedelta(seconds=1), every=step)
    return [counted.get(each, 0) for each in steps]


def _added(*parts: Mapping[Key, Figures]) -> Mapping[Key, Figures]:
    return {each.key: each.figures for each in merged(*parts)}
