"""Supervisors write into colleagues' conversations, without taking them over."""

from fastapi import APIRouter

from wxdesk.desk import routing
from wxdesk.desk.conversations import ConversationClosed
from wxdesk.desk.routing import NothingToJoin
from wxdesk.errors import NotFound
from wxdesk.web.api.assignments import Reasoned
from wxdesk.web.api.conversation import ConversationOut, shown
from wxdesk.web.api.inputs import NoBody, RowId
from wxdesk.web.deps import ASupervisor, Now, OpenUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["assignments"])


@router.post(
    "/conversations/{conversation_id}/join",
    responses=problems(NotFound, ConversationClosed, NothingToJoin),
)
async def join(
    conversation_id: RowId, wish: Reasoned, agent: ASupervisor, unit: OpenUnit, now: Now
) -> ConversationOut:
    """Write in it until one leaves or it ends; it stays its agent's, who is told.

    What one says is marked in the thread (`joined` in its `content`).
    """
    joined = await routing.join(unit, conversation_id, by_id=agent.id, reason=wish.reason, now=now)
    return (await shown(unit, [joined]))[0]


@router.post("/conversations/{conversation_id}/leave", responses=problems(NotFound))
async def leave(
    conversation_id: RowId, agent: ASupervisor, unit: OpenUnit, now: Now, _body: NoBody = None
) -> ConversationOut:
    """Only read along again."""
    left = await routing.leave(unit, conversation_id, by_id=agent.id, now=now)
    return (await shown(unit, [left]))[0]
