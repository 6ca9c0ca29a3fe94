"""How many agents a day needs, measured: arrivals, slot-holding times, patience, who was there."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from wxdesk.desk import calendars, groups, routing
from wxdesk.desk.calendars import Calendar
from wxdesk.desk.reports import queries
from wxdesk.desk.reports.forecast import (
    HALF,
    WEEKS,
    Demand,
    Forecast,
    Stay,
    begin_of,
    by_clock,
    forecast,
    half_hours_of,
    overrides_around,
    sample_days,
    weekday_of,
    were_there,
)
from wxdesk.desk.staffing import measured_patience
from wxdesk.errors import NotFound
from wxdesk.store import Unit

MOST_MEASURED = 20_000
FEWEST_MEASURED = 20
USUAL_HANDLE_SECONDS = 600.0
"""Until anything was measured."""

USUAL_SLOTS = 4
LONGEST_STAY = timedelta(days=7)

Basis = Literal["chosen", "when_full", "all", "assumed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What a supervisor chose instead of what was measured; None: as measured."""

    within_seconds: float
    goal: float
    shrinkage: float
    slots: int | None = None
    handle_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """A day, and where its numbers come from.

    Attributes:
        basis: Of the holding time: ``chosen``, measured ``when_full``, of ``all`` because too few
            were given while agents were full, or ``assumed`` because too few were given at all.
        measured: Of how many conversations.
        abandoned: How many gave up in the sample; below thirty patience is not reckoned with.
        is_holiday: The day itself goes like no weekday; it is reckoned like its own.
    """

    forecast: Forecast
    demand: Demand
    basis: Basis
    measured: int
    abandoned: int
    is_holiday: bool


async def read_staffing(
    unit: Unit,
    day: date,
    zone: ZoneInfo,
    wish: Assumptions,
    *,
    group_id: int | None,
    now: datetime,
) -> Staffing:
    """What a day needs, or needed. Cost: grows with what began and was given in eight weeks.

    Raises:
        NotFound: There is no such group.
    """
    calendar = await _calendar_of(unit, group_id)
    overrides = overrides_around(day, calendar)
    today = now.astimezone(zone).date()
    began = await queries.first_opened(unit)
    first = began.astimezone(zone).date() if began else None
    samples = sample_days(day, today, overrides, first)
    since = min(begin_of(min(day, today), zone) - timedelta(weeks=WEEKS), begin_of(day, zone))
    until = begin_of(day + timedelta(days=1), zone)
    counted = await queries.arrivals(unit, since, until, every=queries.QUARTER, group_id=group_id)
    demand, basis, measured, abandoned = await _measured(unit, wish, since, until, group_id)
    half_hours = half_hours_of(day, zone)
    known_since = await routing.presence_known_since(unit)
    known = [each for each in half_hours if known_since and each + HALF > known_since]
    there = were_there(await _stays(unit, half_hours, group_id), known, now)
    own = weekday_of(day, overrides)
    found = await asyncio.to_thread(  # tens of milliseconds of arithmetic
        forecast,
        day,
        zone,
        samples,
        by_clock(counted, zone),
        demand,
        there,
        like_weekday=day.weekday() if own is None else own,
        now=now,
    )
    return Staffing(
        forecast=found,
        demand=demand,
        basis=basis,
        measured=measured,
        abandoned=abandoned,
        is_holiday=own is None,
    )


async def _calendar_of(unit: Unit, group_id: int | None) -> Calendar | None:
    if group_id is None:
        return None
    group = (await groups.by_ids(unit, [group_id])).get(group_id)
    if group is None:
        raise NotFound(f"there is no group {group_id}")
    if group.calendar_id is None:
        return None
    return (await calendars.by_ids(unit, [group.calendar_id]))[group.calendar_id].calendar


async def _measured(
    unit: Unit, wish: Assumptions, since: datetime, until: datetime, group_id: int | None
) -> tuple[Demand, Basis, int, int]:
    """What is assumed, whence the holding time, of how many it is, and how many gave up."""
    found = await queries.served(unit, since, until, group_id=group_id, limit=MOST_MEASURED)
    gone = await queries.given_up(unit, since, until, group_id=group_id, limit=MOST_MEASURED)
    waited = sum(
        (each.accepted_at - each.waited_since for each in found if each.waited_since), timedelta()
    )
    all_waited = (waited + sum(gone, timedelta())).total_seconds()
    handle, basis, measured = _handle(found)
    if wish.handle_seconds is not None:
        handle, basis = wish.handle_seconds, "chosen"
    capacity = await queries.usual_capacity(unit, group_id)
    demand = Demand(
        handle_seconds=handle,
        within_seconds=wish.within_seconds,
        goal=wish.goal,
        patience_seconds=measured_patience(len(gone), all_waited),
        slots=wish.slots or max(1, round(capacity or USUAL_SLOTS)),
        shrinkage=wish.shrinkage,
    )
    return demand, basis, measured, len(gone)


def _handle(found: Sequence[queries.Served]) -> tuple[float, Basis, int]:
    """How long a slot was held while agents were full: measured in quiet hours it is shorter."""
    candidates: tuple[tuple[Basis, Sequence[queries.Served]], ...] = (
        ("when_full", [each for each in found if each.when_full]),
        ("all", found),
    )
    for basis, some in candidates:
        if len(some) >= FEWEST_MEASURED:
            held = sum((each.ended_at - each.accepted_at for each in some), timedelta())
            return max(1.0, held.total_seconds() / len(some)), basis, len(some)
    return USUAL_HANDLE_SECONDS, "assumed", len(found)


async def _stays(unit: Unit, half_hours: Sequence[datetime], group_id: int | None) -> list[Stay]:
    changes = await routing.presence_between(
        unit,
        since=half_hours[0],
        until=half_hours[-1] + HALF,
        looking_back=half_hours[0] - LONGEST_STAY,
    )
    wanted = None
    if group_id is not None:
        wanted = set((await groups.members_of(unit, [group_id]))[group_id])
    return [
        Stay(each.agent_id, each.takes, each.at)
        for each in changes
        if wanted is None or each.agent_id in wanted
    ]
