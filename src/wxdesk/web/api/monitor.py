"""What supervisors see at once: figures, who waits and why, who is there, what is wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from pydantic import BaseModel

from wxdesk.desk import agents, contacts, conversations, groups, levels, reports
from wxdesk.desk.contacts import Contact
from wxdesk.desk.levels import Colour, Level
from wxdesk.desk.reports import AgentsDay, AlarmKind, People, Slice
from wxdesk.desk.routing import Band, Expected, NoNumber, Standing
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.conversation import GroupRef
from wxdesk.web.api.inputs import HOME, TimeZone, blank_is
from wxdesk.web.deps import AnAgent, ASupervisor, Now, ReadUnit
from wxdesk.web.figures import KeptFigures, day_begins
from wxdesk.web.problems import problems

router = APIRouter(tags=["monitor"])


class FiguresOut(BaseModel):
    """Counts, as `desk/reports/figures.py` defines them.

    `satisfaction`: of today's ratings, the share that was content; null: nobody rated.
    `attainment`: of today's first responses that came due, the share that was in time; null: none
    came due.
    """

    waiting: int
    oldest: datetime | None
    active: int
    resting: int
    owed: int
    overdue: int
    closing: int
    last_send: int
    opened: int
    rated: int
    satisfied: int
    kept: int
    late: int
    gone: int
    gone_late: int
    attainment: float | None
    satisfaction: float | None


class SliceOut(BaseModel):
    """The figures of one level and one group; null: of none."""

    level_id: int | None
    group_id: int | None
    figures: FiguresOut

    @classmethod
    def of(cls, part: Slice) -> Self:
        return cls(
            level_id=part.key.level_id,
            group_id=part.key.group_id,
            figures=FiguresOut.model_validate(part.figures, from_attributes=True),
        )


class PeopleOut(BaseModel):
    """How many agents are what.

    `online` take conversations, `full` of them have no room; `load` of `capacity` is theirs.
    """

    online: int
    busy: int
    away: int
    paused: int
    offline: int
    full: int
    load: int
    capacity: int

    @classmethod
    def of(cls, people: People) -> Self:
        return cls.model_validate(people, from_attributes=True)


class QueuedCustomer(BaseModel):
    """Who waits."""

    id: int
    openid: str
    remark: str
    level_id: int
    level: str
    colour: Colour


class QueuedWhy(BaseModel):
    """A code that pages put into words, and what it is about."""

    code: str
    values: dict[str, Any]


class QueuedOut(BaseModel):
    """Somebody who waits. `id` is the conversation's; `hard_at`: then it is far too late."""

    id: int
    customer: QueuedCustomer
    group: GroupRef | None
    since: datetime
    due_at: datetime
    hard_at: datetime
    band: Band
    why: QueuedWhy | None
    moved_up: bool


class AgentsWorkOut(BaseModel):
    """What an agent has.

    `owed`: conversations in which the customer waits for an answer, since `oldest_owed` the one who
    waits longest. `resting`: in which the customer owes it, for a while.
    """

    agent_id: int
    owed: int
    resting: int
    oldest_owed: datetime | None


class AgentsDayOut(BaseModel):
    """What an agent did today; see `desk/reports/figures.py`."""

    agent_id: int
    taken: int
    missed: int
    kept: int
    late: int

    @classmethod
    def of(cls, day: AgentsDay) -> Self:
        return cls.model_validate(day, from_attributes=True)


class AlarmOut(BaseModel):
    """What is wrong: for `count` who wait, of `far_too_late` at least so many.

    `most`: how many are to wait in the group at most.
    """

    kind: AlarmKind
    count: int
    group: GroupRef | None
    most: int | None


class ExpectedOut(BaseModel):
    """How long a customer of this level would wait who came now, in this group; null: in none.

    `mean`: seconds, 0: somebody is free; null: there is no number, for the reason `why_not`.
    `about`, `to`: minutes, as customers are told them; null: longer than half an hour, or none.
    """

    account_id: int
    group_id: int | None
    level_id: int
    mean: float | None
    about: int | None
    to: int | None
    why_not: NoNumber | None

    @classmethod
    def of(cls, found: Expected) -> Self:
        return cls(
            account_id=found.account_id,
            group_id=found.group_id,
            level_id=found.level_id,
            mean=found.mean,
            about=found.shown.about if found.shown else None,
            to=found.shown.to if found.shown else None,
            why_not=found.why_not,
        )


class DelaysOut(BaseModel):
    """How late the pushes of the last five minutes were, in seconds; null: none came."""

    count: int
    median: float | None
    worst: float | None


class MonitorOut(BaseModel):
    """The desk now. `today_at`: the figures of the day are as they were then.

    `expected` and `delays` are a few seconds old. `queue`: the first 200, in the order in which
    they would be served. `agents`: those that are named, and no others.
    """

    at: datetime
    today_at: datetime
    today_since: datetime
    total: FiguresOut
    slices: list[SliceOut]
    people: PeopleOut
    alarms: list[AlarmOut]
    expected: list[ExpectedOut]
    delays: DelaysOut
    queue: list[QueuedOut]
    work: list[AgentsWorkOut]
    days: list[AgentsDayOut]
    agents: list[AgentRef]


@router.get("/monitor", responses=problems())
async def read_monitor(
    request: Request,
    _agent: ASupervisor,
    unit: ReadUnit,
    now: Now,
    timezone: Annotated[TimeZone, blank_is(HOME)] = HOME,
) -> MonitorOut:
    """What is now, read afresh, and the day so far, by the midnight of a time zone."""
    kept: KeptFigures = request.app.state.figures
    current = await reports.read_now(unit, now=now)
    today = await kept.today(unit, day_begins(now, ZoneInfo(timezone)), now)
    ahead = await kept.ahead(unit, now)
    parts = reports.slices(current, today)
    names = {
        each.id: GroupRef(id=each.id, name=each.name) for each in await groups.list_groups(unit)
    }
    named = {_agent_of(each) for each in current.queue}
    people = await agents.by_ids(unit, named)
    return MonitorOut(
        at=now,
        today_at=today.at,
        today_since=today.since,
        total=FiguresOut.model_validate(reports.total(parts), from_attributes=True),
        slices=[SliceOut.of(each) for each in parts],
        people=PeopleOut.of(current.people),
        alarms=[
            AlarmOut(
                kind=each.kind,
                count=each.count,
                group=names.get(each.group_id or 0),
                most=each.most,
            )
            for each in current.alarms
        ],
        expected=[ExpectedOut.of(each) for each in ahead.expected],
        delays=DelaysOut.model_validate(ahead.delays, from_attributes=True),
        queue=await _queue(unit, current.queue, names),
        work=[
            AgentsWorkOut(agent_id=agent_id, **work._asdict())
            for agent_id, work in sorted(current.work.items())
        ],
        days=[AgentsDayOut.of(each) for each in today.agents],
        agents=[AgentRef.of(each) for each in people.values()],
    )


@router.get("/monitor/own", responses=problems())
async def read_own_day(
    request: Request,
    agent: AnAgent,
    unit: ReadUnit,
    now: Now,
    timezone: Annotated[TimeZone, blank_is(HOME)] = HOME,
) -> AgentsDayOut:
    """What the caller did since the midnight of a time zone, a few seconds old at most."""
    kept: KeptFigures = request.app.state.figures
    today = await kept.today(unit, day_begins(now, ZoneInfo(timezone)), now)
    own = (each for each in today.agents if each.agent_id == agent.id)
    return AgentsDayOut.of(next(own, AgentsDay(agent_id=agent.id)))


def _agent_of(queued: Standing) -> int | None:
    agent_id = queued.why.values.get("agent") if queued.why else None
    return int(agent_id) if agent_id is not None else None


async def _queue(
    unit: Unit, queue: Sequence[Standing], names: Mapping[int, GroupRef]
) -> list[QueuedOut]:
    talks = await conversations.by_ids(unit, [each.wait.conversation_id for each in queue])
    contact_of = {each.id: each.contact_id for each in talks}
    met = await contacts.by_ids(unit, set(contact_of.values()))
    known = await levels.by_ids(unit, {each.wait.level_id for each in queue})
    return [
        QueuedOut(
            id=each.wait.conversation_id,
            customer=_customer(
                met[contact_of[each.wait.conversation_id]], known[each.wait.level_id]
            ),
            group=names.get(each.wait.group_id or 0),
            since=each.wait.since,
            due_at=each.wait.due_at,
            hard_at=each.wait.hard_at,
            band=each.band,
            why=QueuedWhy(code=each.why.code, values=dict(each.why.values)) if each.why else None,
            moved_up=each.wait.moved_up_by is not None,
        )
        for each in queue
    ]


def _customer(contact: Contact, level: Level) -> QueuedCustomer:
    return QueuedCustomer(
        id=contact.id,
        openid=contact.openid,
        remark=contact.remark,
        level_id=level.id,
        level=level.name,
        colour=level.colour,
    )
