"""What agents and supervisors do with who has a conversation: accept, hand over, steer."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints, model_validator

from wxdesk.desk import agents, answers, notes, routing
from wxdesk.desk.agents import Role
from wxdesk.desk.conversations import AlreadyTaken, ConversationClosed, NotAssigned
from wxdesk.desk.routing import Assignment, NotHere, NothingWaits, NotOffered, NotWaiting
from wxdesk.errors import Invalid, NotFound
from wxdesk.web.api import messages as messages_api
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.conversation import ConversationOut, shown
from wxdesk.web.api.inputs import NO_NUL, NoBody, RowId, RowNumber
from wxdesk.web.api.messages import MessageOut
from wxdesk.web.deps import AnAgent, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["assignments"])

MOST_ASSIGNMENTS = 50

Note = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=200)]
Why = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[
    str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)
]


class DeclineIn(BaseModel):
    reason: Note = ""


class HandOver(BaseModel):
    """Either to an agent, who is asked, or to a group. `message`: for whoever gets it."""

    agent_id: RowNumber | None = None
    group_id: RowNumber | None = None
    message: Note = ""

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.agent_id is None) == (self.group_id is None):
            raise ValueError("to an agent, or to a group")
        return self


class Reasoned(BaseModel):
    reason: Why


class AssignIn(Reasoned):
    agent_id: RowNumber


class WhisperIn(BaseModel):
    text: Text


class AssignmentOut(BaseModel):
    """Who was given a conversation, by what rule, and what stood in the way of others.

    `decision`: the turn (rank, band, due), the room of the agent, the runners-up, and up to twenty
    who were passed over, each with the reason.
    """

    id: int
    agent: AgentRef
    rule: str
    by: AgentRef | None
    reason: str | None
    offered_at: datetime
    accepted_at: datetime | None
    waited_seconds: float | None
    due_at: datetime | None
    first_reply_at: datetime | None
    ended_at: datetime | None
    ending: str | None
    decision: dict[str, Any]

    @classmethod
    def of(cls, kept: Assignment, people: dict[int, agents.Agent]) -> Self:
        by = people.get(kept.by_id or 0)
        since = kept.waited_since
        waited = (kept.offered_at - since).total_seconds() if since else None
        return cls(
            id=kept.id,
            agent=AgentRef.of(people[kept.agent_id]),
            rule=kept.rule.value,
            by=AgentRef.of(by) if by else None,
            reason=kept.reason,
            offered_at=kept.offered_at,
            accepted_at=kept.accepted_at,
            waited_seconds=waited,
            due_at=kept.due_at,
            first_reply_at=kept.first_reply_at,
            ended_at=kept.ended_at,
            ending=kept.ending.value if kept.ending else None,
            decision=kept.decision,
        )


class WhyOut(BaseModel):
    """`now`: why nobody has it yet, as facts that pages put into words; empty: somebody has it."""

    now: list[dict[str, Any]]
    agents: list[AgentRef]
    assignments: list[AssignmentOut]


@router.post("/take-next", responses=problems(NothingWaits, AlreadyTaken))
async def take_next(
    agent: AnAgent, unit: OpenUnit, now: Now, _body: NoBody = None
) -> ConversationOut:
    """Take whoever is first for the caller."""
    return (await shown(unit, [await routing.take_next(unit, agent_id=agent.id, now=now)]))[0]


@router.post("/conversations/{conversation_id}/accept", responses=problems(NotFound, NotOffered))
async def accept(
    conversation_id: RowId, agent: AnAgent, unit: OpenUnit, now: Now, _body: NoBody = None
) -> ConversationOut:
    """Take what was offered."""
    taken = await routing.accept(unit, conversation_id, agent_id=agent.id, now=now)
    return (await shown(unit, [taken]))[0]


@router.post(
    "/conversations/{conversation_id}/decline",
    status_code=204,
    responses=problems(NotFound, NotOffered),
)
async def decline(
    conversation_id: RowId, wish: DeclineIn, agent: AnAgent, unit: OpenUnit, now: Now
) -> None:
    """Let an offer pass; it goes to others."""
    await routing.decline(unit, conversation_id, agent_id=agent.id, reason=wish.reason, now=now)


@router.post(
    "/conversations/{conversation_id}/transfer",
    responses=problems(NotFound, NotAssigned, ConversationClosed, NotHere),
)
async def hand_over(
    conversation_id: RowId, wish: HandOver, agent: AnAgent, unit: OpenUnit, now: Now
) -> ConversationOut:
    """Hand it to a colleague, who has a minute to accept, or to a group, where it keeps its place.

    What is not one's own only supervisors may hand over.
    """
    handed = await routing.hand_over(
        unit,
        conversation_id,
        by_id=agent.id,
        may_any=agent.role.includes(Role.SUPERVISOR),
        agent_id=wish.agent_id,
        group_id=wish.group_id,
        message=wish.message,
        now=now,
    )
    return (await shown(unit, [handed]))[0]


@router.post(
    "/conversations/{conversation_id}/rest",
    responses=problems(NotFound, NotAssigned, ConversationClosed),
)
async def rest(
    conversation_id: RowId, agent: AnAgent, unit: OpenUnit, now: Now, _body: NoBody = None
) -> ConversationOut:
    """Leave it aside until the customer writes: it takes no room."""
    resting = await routing.rest(unit, conversation_id, agent_id=agent.id, now=now)
    return (await shown(unit, [resting]))[0]


@router.get("/conversations/{conversation_id}/why", responses=problems(NotFound))
async def why(conversation_id: RowId, _agent: AnAgent, unit: ReadUnit, now: Now) -> WhyOut:
    """Why it still waits, and why whoever had it was given it."""
    found = await routing.why_waiting(unit, conversation_id, now=now)
    kept = await routing.history(unit, conversation_id, limit=MOST_ASSIGNMENTS)
    ids = {each.agent_id for each in kept} | {each.by_id for each in kept} | set(found.agent_ids)
    people = await agents.by_ids(unit, ids)
    return WhyOut(
        now=[dict(each) for each in found.facts],
        agents=[AgentRef.of(each) for each in people.values()],
        assignments=[AssignmentOut.of(each, people) for each in kept],
    )


@router.post(
    "/conversations/{conversation_id}/assign",
    responses=problems(NotFound, ConversationClosed),
)
async def assign(
    conversation_id: RowId, wish: AssignIn, agent: ASupervisor, unit: OpenUnit, now: Now
) -> ConversationOut:
    """Give it to somebody, whoever has it and whatever room they have."""
    given = await routing.assign(
        unit,
        conversation_id,
        agent_id=wish.agent_id,
        by_id=agent.id,
        reason=wish.reason,
        now=now,
    )
    return (await shown(unit, [given]))[0]


@router.post(
    "/conversations/{conversation_id}/take-over",
    responses=problems(NotFound, ConversationClosed),
)
async def take_over(
    conversation_id: RowId, wish: Reasoned, agent: ASupervisor, unit: OpenUnit, now: Now
) -> ConversationOut:
    """Become its owner, whoever has it; they are told."""
    given = await routing.assign(
        unit, conversation_id, agent_id=agent.id, by_id=agent.id, reason=wish.reason, now=now
    )
    return (await shown(unit, [given]))[0]


@router.post(
    "/conversations/{conversation_id}/move-up",
    status_code=204,
    responses=problems(NotFound, NotWaiting),
)
async def move_up(
    conversation_id: RowId, wish: Reasoned, agent: ASupervisor, unit: OpenUnit, now: Now
) -> None:
    """Have it served next."""
    await routing.move_up(unit, conversation_id, by_id=agent.id, reason=wish.reason, now=now)


@router.post(
    "/conversations/{conversation_id}/force-close",
    responses=problems(NotFound, ConversationClosed),
)
async def force_close(
    conversation_id: RowId, wish: Reasoned, agent: ASupervisor, unit: OpenUnit, now: Now
) -> ConversationOut:
    """End it, whoever has it, for a reason that is kept."""
    closed = await answers.close(
        unit,
        conversation_id,
        agent_id=agent.id,
        may_close_any=True,
        now=now,
        reason=wish.reason,
    )
    return (await shown(unit, [closed]))[0]


@router.post(
    "/conversations/{conversation_id}/whisper",
    status_code=201,
    responses=problems(NotFound, ConversationClosed, Invalid),
)
async def whisper(
    conversation_id: RowId, wish: WhisperIn, agent: ASupervisor, unit: OpenUnit, now: Now
) -> MessageOut:
    """A note that only those at the desk read, for whoever has the conversation."""
    message = await notes.leave(
        unit, conversation_id, agent_id=agent.id, text=wish.text, now=now, kind="whisper"
    )
    routing.note_whisper(unit, conversation_id, by_id=agent.id, now=now)
    return (await messages_api.shown(unit, [message]))[0]
