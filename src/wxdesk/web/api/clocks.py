"""The clocks of a conversation: what was promised, and what became of it."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk.desk import conversations, sla
from wxdesk.desk.sla import ClockState, Kind
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import RowId
from wxdesk.web.deps import AnAgent, ASupervisor, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["clocks"])

MOST = 200


class ClockOut(BaseModel):
    """A promise; `seconds` is its target, in the open hours of the calendar that counted.

    `kind`: `first` and `next` response, or the `resolution`. `left_seconds`: of the target, at
    `runs_from`; while it is paused, when it goes on. `due_at` null: it is paused, or nobody is ever
    there. `breached_at`: when it was due, once it is late. `is_reentry`: the customer came back
    within a day.
    """

    id: int
    kind: Kind
    state: ClockState
    level_id: int | None
    group_id: int | None
    is_reentry: bool
    started_at: datetime
    seconds: float
    runs_from: datetime
    left_seconds: float
    warn_at: datetime | None
    due_at: datetime | None
    paused_at: datetime | None
    stopped_at: datetime | None
    breached_at: datetime | None
    reply_id: int | None


class ClockList(BaseModel):
    items: list[ClockOut]


class Outdated(BaseModel):
    """How many running clocks are still to be reckoned by hours or targets that were changed."""

    clocks: int


@router.get("/conversations/{conversation_id}/clocks", responses=problems(NotFound))
async def list_clocks(conversation_id: RowId, _agent: AnAgent, unit: ReadUnit) -> ClockList:
    """The newest clocks of a conversation, oldest first."""
    conversation = await conversations.get(unit, conversation_id)
    found = await sla.list_clocks(unit, conversation.id, limit=MOST)
    return ClockList(items=[ClockOut.model_validate(each, from_attributes=True) for each in found])


@router.get("/clocks/outdated", responses=problems())
async def count_outdated(_supervisor: ASupervisor, unit: ReadUnit) -> Outdated:
    """Whether a change of hours or targets has reached every clock."""
    return Outdated(clocks=await sla.count_outdated(unit))
