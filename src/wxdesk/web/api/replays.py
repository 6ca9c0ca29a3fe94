"""A past day by another plan: what customers would have waited, beside what they do by this one."""

from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk.desk import routing
from wxdesk.desk.routing import Answers, NoDraft, PlanInvalid, Replay, ReplayRuns
from wxdesk.errors import Invalid, NotFound
from wxdesk.web.api.inputs import ADay, RowId, TimeZone
from wxdesk.web.api.monitor import HOME
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

    `mean`, `p90`: seconds until the first reply, of those who came within hours; null: nobody was
    answered. `within`: of all, the share that was answered as promised. `left`: who came outside
    hours.
    """

    count: int
    answered: int
    gave_up: int
    left: int
    mean: float | None
    p90: float | None
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
    """How far it is. It has ended once there is a `result`, or an `error`: `too_many_arrivals`."""

    id: int
    made_at: datetime
    since: datetime
    until: datetime
    progress: float
    result: list[LevelReplayed] | None
    error: str | None

    @classmethod
    def of(cls, replay: Replay) -> Self:
        return cls.model_validate(replay, from_attributes=True)


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


@router.get("/routing/replay/{replay_id}", responses=problems(NotFound))
async def read_replay(replay_id: RowId, _agent: ASupervisor, unit: ReadUnit) -> ReplayOut:
    """How far a replay is, or what came of it. The newest fifty are kept."""
    return ReplayOut.of(await routing.get_replay(unit, replay_id))
