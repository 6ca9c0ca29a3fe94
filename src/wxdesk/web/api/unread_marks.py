"""Conversations that somebody has marked as unread, for themselves alone."""

from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk.desk import unread_marks
from wxdesk.desk.routing import Hidden
from wxdesk.desk.unread_marks import UnreadMark
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import NoBody, RowId
from wxdesk.web.api.sight import CONVERSATION_IN_SIGHT
from wxdesk.web.deps import AnAgent, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["conversations"])

MOST_MARKS = 500


class UnreadMarkOut(BaseModel):
    """A mark; in events only its agent is shown it. `unread` false: it has been read since."""

    id: int
    agent_id: int
    conversation_id: int
    unread: bool
    version: int

    @classmethod
    def of(cls, kept: UnreadMark) -> Self:
        return cls.model_validate(kept, from_attributes=True)


class UnreadMarkList(BaseModel):
    items: list[UnreadMarkOut]


@router.get("/unread-marks", responses=problems())
async def list_unread_marks(agent: AnAgent, unit: ReadUnit) -> UnreadMarkList:
    """What one has marked and not read since, the newest first."""
    found = await unread_marks.marked(unit, agent.id, limit=MOST_MARKS)
    return UnreadMarkList(items=[UnreadMarkOut.of(each) for each in found])


@router.put(
    "/conversations/{conversation_id}/unread-mark",
    status_code=204,
    responses=problems(NotFound, Hidden),
    dependencies=[CONVERSATION_IN_SIGHT],
)
async def mark_unread(
    conversation_id: RowId, agent: AnAgent, unit: OpenUnit, _body: NoBody = None
) -> None:
    """Mark it as unread, until one opens it again."""
    await unread_marks.put(unit, agent_id=agent.id, conversation_id=conversation_id, unread=True)


@router.delete(
    "/conversations/{conversation_id}/unread-mark", status_code=204, responses=problems(NotFound)
)
async def take_mark_away(conversation_id: RowId, agent: AnAgent, unit: OpenUnit) -> None:
    """It has been read."""
    await unread_marks.put(unit, agent_id=agent.id, conversation_id=conversation_id, unread=False)
