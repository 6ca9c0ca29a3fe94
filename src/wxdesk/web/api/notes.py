"""Notes (便签): what agents write to each other in a conversation."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import drafts, notes
from wxdesk.desk.conversations import ConversationClosed
from wxdesk.desk.drafts import Mode
from wxdesk.desk.routing import Hidden
from wxdesk.errors import NotFound
from wxdesk.web.api import messages as messages_api
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber
from wxdesk.web.api.messages import MessageOut
from wxdesk.web.api.sight import CONVERSATION_IN_SIGHT
from wxdesk.web.deps import AnAgent, InPerson, Now, OpenUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["messages"])

MOST_MENTIONS = 20

Text = Annotated[
    str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)
]


class NoteIn(BaseModel):
    """`mentions`: the ids of colleagues whom it names; they get a notice."""

    text: Text
    client_id: Annotated[str, NO_NUL, StringConstraints(min_length=8, max_length=64)]
    mentions: Annotated[list[RowNumber], Field(max_length=MOST_MENTIONS)] = []


@router.post(
    "/conversations/{conversation_id}/notes",
    status_code=201,
    responses=problems(NotFound, ConversationClosed, Hidden),
    dependencies=[CONVERSATION_IN_SIGHT],
)
async def leave_note(
    conversation_id: RowId,
    wish: NoteIn,
    agent: AnAgent,
    in_person: InPerson,
    unit: OpenUnit,
    now: Now,
) -> MessageOut:
    """Leave a note that customers never see; safe to send again under the same `client_id`.

    Whoever may see a conversation may leave one. It is no answer, and cannot be changed.
    """
    note = await notes.leave(
        unit,
        conversation_id,
        agent_id=agent.id,
        text=wish.text,
        client_id=wish.client_id,
        mentions=wish.mentions,
        now=now,
    )
    if in_person:
        await drafts.settle(
            unit,
            agent_id=agent.id,
            conversation_id=conversation_id,
            mode=Mode.NOTE,
            text=note.text,
            now=now,
        )
    return (await messages_api.shown(unit, [note]))[0]
