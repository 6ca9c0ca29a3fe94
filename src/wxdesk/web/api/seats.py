"""Seats: who is at the desk, what they take, and what they have."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints, model_validator

from wxdesk.desk import agents, groups, levels, routing
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.routing import Presence, Pull, Seat
from wxdesk.errors import Invalid, NotFound
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber
from wxdesk.web.deps import AnAdmin, AnAgent, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["seats"])

LONGEST_BREAK = 8 * 60

Reason = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=60)]
Why = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Skill = Annotated[
    str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)
]
Skills = Annotated[
    dict[Skill, Annotated[int, Field(ge=1, le=5)]], Field(max_length=routing.MOST_SKILLS)
]


class SeatOut(BaseModel):
    """An agent's place at the desk; `id` is the agent's.

    `since`: when they became what they are; null: they were never here, and get nothing by
    themselves. `paused`: they are online but missed an offer, and get nothing until they say that
    they are here. `capacity`: units they take at once today, `limit` where that is another than
    usual. `load`: units that they have; what rests is not counted. `wraps_up_until`: so long they
    note down what a conversation that they have ended was about; its place is free then.
    """

    id: int
    agent: AgentRef
    presence: Presence
    reason: str | None
    since: datetime | None
    back_at: datetime | None
    paused: bool
    capacity: int
    usual_capacity: int
    limit: int | None
    load: int
    wraps_up_until: datetime | None
    skills: dict[str, int]
    level_ids: list[int] | None
    group_ids: list[int]
    version: int

    @classmethod
    def of(
        cls,
        seat: Seat,
        agent: Agent,
        group_ids: Sequence[int],
        wraps_up_until: datetime | None,
        now: datetime,
    ) -> Self:
        return cls(
            id=agent.id,
            agent=AgentRef.of(agent),
            presence=seat.presence,
            reason=seat.reason,
            since=seat.since,
            back_at=seat.back_at,
            paused=seat.presence is Presence.ONLINE and seat.paused_since is not None,
            capacity=seat.room(now),
            usual_capacity=seat.capacity,
            limit=seat.limit if seat.limit_until and now < seat.limit_until else None,
            load=seat.load,
            wraps_up_until=wraps_up_until,
            skills=seat.skills,
            level_ids=seat.level_ids,
            group_ids=list(group_ids),
            version=seat.version,
        )


class PresenceOut(SeatOut):
    """One's own seat. `pull`: what one may take by hand; `blind`: who waits is not shown.

    `offer_seconds`: so long a colleague has to accept what one hands over to them.
    """

    pull: Pull
    blind: bool
    offer_seconds: int


class SeatList(BaseModel):
    """Everybody who works at the desk, by name."""

    items: list[SeatOut]


class PresenceIn(BaseModel):
    """`minutes`: so long a break is to last."""

    presence: Presence
    reason: Reason = ""
    minutes: Annotated[int, Field(ge=1, le=LONGEST_BREAK)] | None = None


class Handing(BaseModel):
    """One of one's own conversations, to a colleague or to a group."""

    conversation_id: RowNumber
    agent_id: RowNumber | None = None
    group_id: RowNumber | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.agent_id is None) == (self.group_id is None):
            raise ValueError("to an agent, or to a group")
        return self


class HandOverAll(BaseModel):
    """`message`: for whoever gets one. `presence`: what one is afterwards.

    `anyway`: also where some of them cannot be handed over; they stay one's own.
    """

    items: Annotated[list[Handing], Field(max_length=200)]
    message: Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    presence: Presence = Presence.OFFLINE
    anyway: bool = False


class Refused(BaseModel):
    """Why one cannot be handed over; `code` as in problems."""

    conversation_id: int
    code: str


class HandedOver(BaseModel):
    """`done`: what can be was handed over, and one is what one wished to be; else nothing was."""

    done: bool
    refused: list[Refused]
    seat: PresenceOut


class SeatChange(BaseModel):
    """What is left out stays. `level_ids` null: they serve all levels."""

    capacity: Annotated[int, Field(ge=0, le=routing.MOST_CAPACITY)] | None = None
    skills: Skills | None = None
    level_ids: Annotated[list[RowNumber], Field(max_length=50)] | None = None


class LimitIn(BaseModel):
    """`limit` null: as usual again."""

    limit: Annotated[int, Field(ge=0, le=routing.MOST_CAPACITY)] | None
    reason: Why


async def shown(unit: Unit, agent_ids: Collection[int], now: datetime) -> list[SeatOut]:
    """Seats as browsers see them, in four statements for all."""
    await unit.session.flush()
    people = await agents.by_ids(unit, agent_ids)
    known = {each.agent_id: each for each in await routing.seats_by_ids(unit, people.keys())}
    inside = await groups.groups_of(unit, people.keys())
    wrapping = await routing.wrapping(unit, people.keys())
    return [
        SeatOut.of(
            known.get(agent_id) or routing.new_seat(agent_id),
            agent,
            inside.get(agent_id, ()),
            wrapping.get(agent_id),
            now,
        )
        for agent_id, agent in people.items()
    ]


async def _one(unit: Unit, agent_id: int, now: datetime) -> SeatOut:
    (seat,) = await shown(unit, [agent_id], now)
    return seat


async def _own(unit: Unit, agent: Agent, now: datetime) -> PresenceOut:
    seat = await _one(unit, agent.id, now)
    plan = (await routing.read_terms(unit)).plan
    chooses = agent.role.includes(Role.SUPERVISOR)
    return PresenceOut(
        **seat.model_dump(),
        pull=Pull.ANY if chooses else plan.pull,
        blind=plan.blind and not chooses,
        offer_seconds=plan.accept_seconds or routing.OFFER_SECONDS,
    )


@router.get("/seats", responses=problems())
async def list_seats(_agent: AnAgent, unit: ReadUnit, now: Now) -> SeatList:
    """Who is at the desk, and what they have."""
    people = [each for each in await agents.list_all(unit) if each.active]
    return SeatList(items=await shown(unit, [each.id for each in people], now))


@router.get("/presence", responses=problems())
async def read_presence(agent: AnAgent, unit: ReadUnit, now: Now) -> PresenceOut:
    """The caller's own seat."""
    return await _own(unit, agent, now)


@router.put("/presence", responses=problems())
async def set_presence(wish: PresenceIn, agent: AnAgent, unit: OpenUnit, now: Now) -> PresenceOut:
    """Say that one is here, busy, on a break or gone.

    A page that follows the live updates keeps its agent here; a program has to say it again before
    the time is over after which the plan counts agents as gone.
    """
    await routing.set_presence(
        unit,
        agent.id,
        wish.presence,
        reason=wish.reason or None,
        back_at=now + timedelta(minutes=wish.minutes) if wish.minutes else None,
        now=now,
    )
    return await _own(unit, agent, now)


@router.post("/presence/handover", responses=problems(Invalid))
async def hand_over(wish: HandOverAll, agent: AnAgent, unit: OpenUnit, now: Now) -> HandedOver:
    """Hand over one's work and leave, in one act: all of it, or nothing."""
    wishes = [routing.Handing(**each.model_dump()) for each in wish.items]
    if len({each.conversation_id for each in wishes}) < len(wishes):
        raise Invalid("each conversation once")
    refused = await routing.hand_over_all(
        unit, wishes, by_id=agent.id, message=wish.message, anyway=wish.anyway, now=now
    )
    if done := wish.anyway or not refused:
        await routing.set_presence(unit, agent.id, wish.presence, now=now)
    return HandedOver(
        done=done,
        refused=[Refused(conversation_id=each, code=why.code) for each, why in refused.items()],
        seat=await _own(unit, agent, now),
    )


@router.delete("/presence/wrap-up", responses=problems())
async def finish_wrap_up(agent: AnAgent, unit: OpenUnit, now: Now) -> PresenceOut:
    """Say that one has noted down what there was: the places are free for others."""
    await routing.finish_wrap_up(unit, agent.id, now=now)
    return await _own(unit, agent, now)


@router.patch("/seats/{agent_id}", responses=problems(NotFound, Invalid))
async def set_up_seat(
    agent_id: RowId, change: SeatChange, _agent: AnAdmin, unit: OpenUnit, now: Now
) -> SeatOut:
    """What an agent takes from now on."""
    given = change.model_fields_set
    if change.level_ids:
        known = await levels.by_ids(unit, change.level_ids)
        if set(change.level_ids) - known.keys():
            raise Invalid("there is no such level")
    await routing.set_up(
        unit,
        agent_id,
        capacity=change.capacity,
        skills=change.skills,
        level_ids=change.level_ids,
        all_levels="level_ids" in given and change.level_ids is None,
    )
    return await _one(unit, agent_id, now)


@router.put("/seats/{agent_id}/presence", responses=problems(NotFound))
async def set_presence_of(
    agent_id: RowId, wish: PresenceIn, agent: ASupervisor, unit: OpenUnit, now: Now
) -> SeatOut:
    """Say for an agent what they are; they are told."""
    await routing.set_presence(
        unit, agent_id, wish.presence, reason=wish.reason or None, by_id=agent.id, now=now
    )
    return await _one(unit, agent_id, now)


@router.put("/seats/{agent_id}/limit", responses=problems(NotFound, Invalid))
async def set_limit_of(
    agent_id: RowId, wish: LimitIn, agent: ASupervisor, unit: OpenUnit, now: Now
) -> SeatOut:
    """Let an agent take more or less for twelve hours; they are told."""
    await routing.set_limit(unit, agent_id, wish.limit, by_id=agent.id, reason=wish.reason, now=now)
    return await _one(unit, agent_id, now)
