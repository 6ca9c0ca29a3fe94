"""Notes (便签): what agents write to each other in a conversation."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import drafts, notes
from wxdesk.desk.conversations import ConversationClosed
from wxdesk.desk.drafts import Mode
from wxdesk.desk.notes import TooManyNamed
from wxdesk.desk.routing import Hidden
from wxdesk.errors import NotFound
from wxdesk.web.api import messages as messages_api
from wxdesk.web.api.inputs import NO_NUL, ClientId, RowId, RowNumber
from wxdesk.web.api.messages import MessageOut
from wxdesk.web.api.sight import CONVERSATION_IN_SIGHT
from wxdesk.web.deps import AnAgent, InPerson, Now, OpenUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["messages"])

MOST_MENTIONS = 20
MOST_GROUPS = 5

Text = Annotated[
    str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)
]


class NoteIn(BaseModel):
    """`mentions`: the ids of colleagues whom it names, `groups`: of groups; they get a notice."""

    text: Text
    client_id: ClientId
    mentions: Annotated[list[RowNumber], Field(max_length=MOST_MENTIONS)] = []
    groups: Annotated[list[RowNumber], Field(max_length=MOST_GROUPS)] = []


class HelpIn(BaseModel):
    """What one needs, in a sentence."""

    text: Annotated[
        str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
    ]
    client_id: ClientId


@router.post(
    "/conversations/{conversation_id}/notes",
    status_code=201,
    responses=problems(NotFound, TooManyNamed, ConversationClosed, Hidden),
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

    Whoever may see a conversation may leave one. It is no answer, and cannot be changed. Of all
    groups that it names, 200 colleagues hear of it at most (`too_many_named`).
    """
    note = await notes.leave(
        unit,
        conversation_id,
        agent_id=agent.id,
        text=wish.text,
        client_id=wish.client_id,
        mentions=wish.mentions,
        group_ids=wish.groups,
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


@router.post(
    "/conversations/{conversation_id}/help",
    status_code=201,
    responses=problems(NotFound, ConversationClosed, Hidden),
    dependencies=[CONVERSATION_IN_SIGHT],
)
async def ask_for_help(
    conversation_id: RowId, wish: HelpIn, agent: AnAgent, unit: OpenUnit, now: Now
) -> MessageOut:
    """Ask for help with a conversation, one's own or a colleague's; safe to send again.

    Its agent, its group and the supervisors are told; a note of the kind `help` says what is asked.
    """
    note = await notes.ask_for_help(
        unit,
        conversation_id,
        agent_id=agent.id,
        text=wish.text,
        client_id=wish.client_id,
        now=now,
    )
    return (await messages_api.shown(unit, [note]))[0]
