"""Messages of a conversation, and agents' replies."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel

from wxdesk.desk import agents, conversations, drafts, replies
from wxdesk.desk.agents import Agent
from wxdesk.desk.allowance import LastSend, RepliesSpent, WindowClosed
from wxdesk.desk.conversations import (
    AlreadyLeft,
    ConversationClosed,
    Direction,
    Message,
    MessageState,
    NotAssigned,
    NothingToResend,
)
from wxdesk.desk.drafts import Mode
from wxdesk.desk.replies import Manner, MediaUnusable
from wxdesk.desk.routing import Hidden
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.inputs import AMoment, NoBody, RowId, RowNumber, blank_is
from wxdesk.web.api.reply import ReplyIn
from wxdesk.web.api.sight import TheSight
from wxdesk.web.deps import AnAgent, InPerson, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["messages"])

NOTHING_LEFT = (WindowClosed, RepliesSpent, LastSend)


class MessageOut(BaseModel):
    """A message as browsers see it, here and in events.

    Until `held_until` it can be taken back. `joined_to` is the message as whose next line it
    leaves. `place` orders the parked ones.
    """

    id: int
    conversation_id: int
    direction: Direction
    kind: str
    text: str
    content: dict[str, Any]
    state: MessageState | None
    reason: str | None
    errcode: int | None
    client_id: str | None
    author: AgentRef | None
    held_until: datetime | None
    joined_to: int | None
    place: float | None
    sent_at: datetime
    received_at: datetime
    version: int

    @classmethod
    def of(cls, message: Message, people: dict[int, Agent]) -> Self:
        assert message.conversation_id is not None  # the others are not shown
        author = people.get(message.author_id or 0)
        return cls(
            id=message.id,
            conversation_id=message.conversation_id,
            direction=message.direction,
            kind=message.kind,
            text=message.text,
            content=message.content,
            state=message.state,
            reason=message.reason,
            errcode=message.errcode,
            client_id=message.client_id,
            author=AgentRef.of(author) if author else None,
            held_until=message.held_until,
            joined_to=message.joined_to,
            place=message.place,
            sent_at=message.sent_at,
            received_at=message.received_at,
            version=message.version,
        )


class MessagePage(BaseModel):
    """Oldest first.

    `next` is the `before` of the page of older ones, `newer` the `after` of the page of newer ones;
    null: there are none.
    """

    items: list[MessageOut]
    next: int | None
    newer: int | None = None


class PlaceInThread(BaseModel):
    """A message, in whichever of the contact's conversations it stands."""

    conversation_id: int
    message_id: int


async def shown(unit: Unit, found: Sequence[Message]) -> list[MessageOut]:
    """Messages as browsers see them."""
    await unit.session.flush()
    people = await agents.by_ids(unit, {each.author_id for each in found})
    return [MessageOut.of(each, people) for each in found]


@router.get("/conversations/{conversation_id}/messages", responses=problems(NotFound, Hidden))
async def list_messages(
    conversation_id: RowId,
    sight: TheSight,
    unit: ReadUnit,
    before: Annotated[RowNumber | None, blank_is(None)] = None,
    after: Annotated[RowNumber | None, blank_is(None)] = None,
    around: Annotated[RowNumber | None, blank_is(None)] = None,
    limit: Annotated[int, blank_is(50), Query(ge=1, le=100)] = 50,
) -> MessagePage:
    """The newest messages before one, those after one, or those on both sides; oldest first."""
    sight.require(await conversations.get(unit, conversation_id))
    if around is not None:
        half = limit // 2
        page = await _before(unit, conversation_id, around, half)
        later = await _from(unit, conversation_id, around, limit - half)
        return later.model_copy(update={"items": page.items + later.items, "next": page.next})
    if after is not None:
        later = await _from(unit, conversation_id, after, limit + 1)
        return later.model_copy(
            update={"items": [each for each in later.items if each.id != after]}
        )
    return await _before(unit, conversation_id, before, limit)


async def _before(unit: Unit, conversation_id: int, before: int | None, limit: int) -> MessagePage:
    found = await conversations.list_messages(unit, conversation_id, before=before, limit=limit + 1)
    page = found[len(found) - limit :] if len(found) > limit else found
    more = len(found) > limit
    following = page[0].id if page else before
    return MessagePage(items=await shown(unit, page), next=following if more else None)


async def _from(unit: Unit, conversation_id: int, first: int, limit: int) -> MessagePage:
    found = await conversations.list_messages_from(unit, conversation_id, first, limit=limit + 1)
    page = found[:limit]
    newer = page[-1].id if len(found) > limit else None
    return MessagePage(items=await shown(unit, page), next=None, newer=newer)


@router.get("/conversations/{conversation_id}/at", responses=problems(NotFound, Hidden))
async def find_place(
    conversation_id: RowId,
    sight: TheSight,
    unit: ReadUnit,
    now: Now,
    moment: Annotated[AMoment | None, blank_is(None)] = None,
) -> PlaceInThread:
    """What was the first to be said from a moment on between this contact and the desk.

    It may stand in another of their conversations. Where nothing was said later, the last before;
    without a moment, the last of all.
    """
    talk = await conversations.get(unit, conversation_id)
    sight.require(talk)
    message = await conversations.find_said_since(unit, talk.contact_id, moment or now)
    if message is None or message.conversation_id is None:
        raise NotFound("nothing was said")
    return PlaceInThread(conversation_id=message.conversation_id, message_id=message.id)


@router.post(
    "/conversations/{conversation_id}/replies",
    status_code=201,
    responses=problems(NotFound, NotAssigned, ConversationClosed, MediaUnusable, *NOTHING_LEFT),
)
async def send_reply(
    conversation_id: RowId,
    reply: ReplyIn,
    agent: AnAgent,
    in_person: InPerson,
    unit: OpenUnit,
    now: Now,
) -> MessageOut:
    """Reply to the follower; safe to send again under the same ``client_id``.

    What somebody at a browser sends is held for as long as their settings say, so that they can
    take it back; what a program sends leaves at once.
    """
    message = await replies.send(
        unit,
        conversation_id=conversation_id,
        agent_id=agent.id,
        reply=reply.reply(),
        client_id=reply.client_id,
        now=now,
        manner=Manner(
            hold=timedelta(seconds=agent.undo_seconds if in_person else 0),
            join=in_person and agent.join_lines,
            keep_last=reply.keep_last,
            anyway=reply.anyway,
            park=reply.park,
        ),
    )
    if in_person:
        await drafts.settle(
            unit,
            agent_id=agent.id,
            conversation_id=conversation_id,
            mode=Mode.REPLY,
            text=message.text,
            now=now,
        )
    return (await shown(unit, [message]))[0]


@router.post(
    "/messages/{message_id}/resend",
    responses=problems(NotFound, NotAssigned, NothingToResend, WindowClosed, RepliesSpent),
)
async def resend_message(
    message_id: RowId, agent: AnAgent, unit: OpenUnit, now: Now, _body: NoBody = None
) -> MessageOut:
    """Send a message again that failed or may not have arrived: what is not known to have."""
    message = await replies.resend(unit, message_id=message_id, agent_id=agent.id, now=now)
    return (await shown(unit, [message]))[0]


@router.post(
    "/messages/{message_id}/withdraw", responses=problems(NotFound, NotAssigned, AlreadyLeft)
)
async def withdraw_message(
    message_id: RowId, agent: AnAgent, unit: OpenUnit, now: Now, _body: NoBody = None
) -> MessageOut:
    """Take back a message that is still held."""
    message = await replies.take_back(unit, message_id=message_id, agent_id=agent.id, now=now)
    return (await shown(unit, [message]))[0]
