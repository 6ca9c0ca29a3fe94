"""A past day by another plan: what customers would have waited, beside what they do by this one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel

from wxdesk.desk import agents, routing
from wxdesk.desk.agents import Agent
from wxdesk.desk.routing import Answers, NoDraft, PlanInvalid, Replay, ReplayRuns
from wxdesk.errors import Invalid, NotFound
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import HOME, ADay, RowId, TimeZone, blank_is
from wxdesk.web.api.routing import PlanDoc
from wxdesk.web.deps import ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["routing"])

DAY = timedelta(days=1)


class ReplayIn(BaseModel):
    """`day`: by the midnights of `timezone`. `doc`: a plan that is not kept; null: the draft."""

    day: ADay
    doc: PlanDoc | None = None
    timezone: TimeZone = HOME


class AnswersOut(BaseModel):
    """What became of customers.

    `mean`, `median`, `p90`, `longest`: seconds until the first reply, of those who came within
    hours; null: nobody was answered, or (`median`, `longest`) an older version replayed the day.
    `within`: of all, the share that was answered as promised. `left`: who came outside hours.
    """

    count: int
    answered: int
    gave_up: int
    left: int
    mean: float | None
    median: float | None = None
    p90: float | None
    longest: float | None = None
    within: float | None

    @classmethod
    def of(cls, answers: Answers) -> Self:
        return cls.model_validate(answers, from_attributes=True)


class LevelReplayed(BaseModel):
    """One level, by the plan in force and by the draft."""

    level_id: int
    name: str
    target_seconds: float
    published: AnswersOut
    draft: AnswersOut


class ReplayAsked(BaseModel):
    id: int


class ReplayOut(BaseModel):
    """How far it is. It has ended once there is a `result`, or an `error`: `too_many_arrivals`.

    `doc`: the plan that is held against the one in force.
    """

    id: int
    made_at: datetime
    by: AgentRef | None
    since: datetime
    until: datetime
    doc: PlanDoc
    progress: float
    result: list[LevelReplayed] | None
    error: str | None

    @classmethod
    def of(cls, replay: Replay, people: Mapping[int, Agent]) -> Self:
        by = people.get(replay.by_id)
        return cls(
            id=replay.id,
            made_at=replay.made_at,
            by=AgentRef.of(by) if by else None,
            since=replay.since,
            until=replay.until,
            doc=PlanDoc.model_validate(replay.doc),
            progress=replay.progress,
            result=[LevelReplayed.model_validate(each) for each in replay.result]
            if replay.result is not None
            else None,
            error=replay.error,
        )


class ReplayList(BaseModel):
    """Newest first."""

    items: list[ReplayOut]


async def _shown(unit: Unit, found: Sequence[Replay]) -> list[ReplayOut]:
    people = await agents.by_ids(unit, {each.by_id for each in found})
    return [ReplayOut.of(each, people) for each in found]


@router.post(
    "/routing/replay", status_code=202, responses=problems(NoDraft, PlanInvalid, ReplayRuns)
)
async def ask_replay(wish: ReplayIn, agent: ASupervisor, unit: OpenUnit, now: Now) -> ReplayAsked:
    """Have a past day replayed, by the plan in force and by another; one at a time."""
    zone = ZoneInfo(wish.timezone)
    since, until = (
        datetime.combine(day, time(), zone).astimezone(UTC) for day in (wish.day, wish.day + DAY)
    )
    if since >= now:
        raise Invalid("that day has not begun yet")
    plan = wish.doc.plan() if wish.doc else await routing.plan_to_replay(unit)
    if plan is None:
        raise NoDraft("there is no draft")
    asked = await routing.ask_replay(
        unit, plan, since=since, until=min(until, now), by_id=agent.id, now=now
    )
    return ReplayAsked(id=asked.id)


@router.get("/routing/replay", responses=problems())
async def list_replays(
    _agent: ASupervisor,
    unit: ReadUnit,
    limit: Annotated[int, blank_is(10), Query(ge=1, le=50)] = 10,
) -> ReplayList:
    """Those that were asked for last; the first may still be under way."""
    return ReplayList(items=await _shown(unit, await routing.list_replays(unit, limit=limit)))


@router.get("/routing/replay/{replay_id}", responses=problems(NotFound))
async def read_replay(replay_id: RowId, _agent: ASupervisor, unit: ReadUnit) -> ReplayOut:
    """How far a replay is, or what came of it. The newest fifty are kept."""
    return (await _shown(unit, [await routing.get_replay(unit, replay_id)]))[0]
