"""Who looks at which conversation, and who writes there."""

from datetime import datetime
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk.desk import viewing
from wxdesk.desk.routing import Hidden
from wxdesk.desk.viewing import Viewing
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import NoBody, RowId
from wxdesk.web.api.sight import CONVERSATION_IN_SIGHT
from wxdesk.web.deps import AnAgent, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["conversations"])


class ViewingOut(BaseModel):
    """What an agent (`id`) has on their screen; `typing_until`: they write in it."""

    id: int
    conversation_id: int | None
    typing_until: datetime | None
    version: int

    @classmethod
    def of(cls, kept: Viewing) -> Self:
        return cls(
            id=kept.agent_id,
            conversation_id=kept.conversation_id,
            typing_until=kept.typing_until,
            version=kept.version,
        )


class ViewingList(BaseModel):
    items: list[ViewingOut]


@router.get("/viewing", responses=problems())
async def list_viewing(_agent: AnAgent, unit: ReadUnit) -> ViewingList:
    """Of all agents who look at something; at most one each."""
    return ViewingList(items=[ViewingOut.of(each) for each in await viewing.list_viewing(unit)])


@router.put(
    "/conversations/{conversation_id}/viewing",
    status_code=204,
    responses=problems(NotFound, Hidden),
    dependencies=[CONVERSATION_IN_SIGHT],
)
async def look(
    conversation_id: RowId, agent: AnAgent, unit: OpenUnit, _body: NoBody = None
) -> None:
    """Tell colleagues that one looks at it now, and at nothing else."""
    await viewing.look(unit, agent_id=agent.id, conversation_id=conversation_id)


@router.delete(
    "/conversations/{conversation_id}/viewing", status_code=204, responses=problems(NotFound)
)
async def look_away(conversation_id: RowId, agent: AnAgent, unit: OpenUnit) -> None:
    """One looks at it no more; where one looks at another meanwhile nothing changes."""
    await viewing.look_away(unit, agent_id=agent.id, conversation_id=conversation_id)
