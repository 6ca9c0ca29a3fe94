"""Parked answers: written while WeChat takes nothing, sent when the customer has acted again."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk.desk import conversations, replies
from wxdesk.desk.allowance import RepliesSpent, WindowClosed
from wxdesk.desk.conversations import NotAssigned, NotParked
from wxdesk.desk.replies import MediaUnusable
from wxdesk.desk.routing import Hidden
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import RowId, RowNumber
from wxdesk.web.api.messages import MessageOut, shown
from wxdesk.web.api.said import Text
from wxdesk.web.api.sight import TheSight
from wxdesk.web.deps import AnAgent, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["parked answers"])


class ParkedList(BaseModel):
    items: list[MessageOut]


class ParkedChange(BaseModel):
    """What is left out stays. `before`: the parked message that it is to leave before."""

    text: Text | None = None
    before: RowNumber | None = None


class Release(BaseModel):
    """`anyway`: also where the desk thinks that WeChat will refuse it."""

    anyway: bool = False


@router.get("/conversations/{conversation_id}/parked", responses=problems(NotFound, Hidden))
async def list_parked(conversation_id: RowId, sight: TheSight, unit: ReadUnit) -> ParkedList:
    """What is parked for this customer, in the order in which it is to leave."""
    sight.require(await conversations.get(unit, conversation_id))
    found = await replies.list_parked(unit, conversation_id)
    return ParkedList(items=await shown(unit, found))


@router.patch("/messages/{message_id}/parked", responses=problems(NotFound, NotAssigned, NotParked))
async def change_parked(
    message_id: RowId, change: ParkedChange, agent: AnAgent, unit: OpenUnit
) -> MessageOut:
    """Write it anew, or move it."""
    message = await replies.change(
        unit,
        message_id=message_id,
        agent_id=agent.id,
        text=change.text,
        before_id=change.before,
    )
    return (await shown(unit, [message]))[0]


@router.post(
    "/messages/{message_id}/release",
    responses=problems(NotFound, NotAssigned, NotParked, WindowClosed, RepliesSpent, MediaUnusable),
)
async def release_parked(
    message_id: RowId,
    agent: AnAgent,
    unit: OpenUnit,
    now: Now,
    wish: Annotated[Release | None, None] = None,
) -> MessageOut:
    """Send it now."""
    message = await replies.release(
        unit,
        message_id=message_id,
        agent_id=agent.id,
        now=now,
        anyway=wish.anyway if wish else False,
    )
    return (await shown(unit, [message]))[0]


@router.delete(
    "/messages/{message_id}/parked",
    status_code=204,
    responses=problems(NotFound, NotAssigned, NotParked),
)
async def discard_parked(message_id: RowId, agent: AnAgent, unit: OpenUnit) -> None:
    """Throw it away."""
    await replies.discard(unit, message_id=message_id, agent_id=agent.id)
