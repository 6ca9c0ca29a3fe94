"""Conversations: the lists, taking one, closing it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import ColumnElement

from wxdesk.desk import agents, allowance, contacts, conversations, routing, summaries, viewing
from wxdesk.desk.agents import Role
from wxdesk.desk.allowance import LastSend, RepliesSpent, WindowClosed
from wxdesk.desk.conversations import (
    AlreadyTaken,
    Conversation,
    ConversationClosed,
    ConversationState,
    NotAssigned,
    View,
)
from wxdesk.desk.ratings import AlreadyInvited
from wxdesk.desk.routing import Hidden, NotYours, OwnConversation, Sight
from wxdesk.desk.summaries import SummaryInvalid, SummaryRequired
from wxdesk.errors import Invalid, NotFound
from wxdesk.store import Unit
from wxdesk.web.api.conversation import ConversationOut, masked, shown
from wxdesk.web.api.inputs import NO_NUL, AMoment, Chosen, NoBody, RowId, RowNumber, blank_is
from wxdesk.web.api.sight import CONTACT_IN_SIGHT, TheSight
from wxdesk.web.api.summary import SummaryIn
from wxdesk.web.deps import AnAgent, Now, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.problems import problems

router = APIRouter(tags=["conversations"])

CLOSING = timedelta(hours=2)


class ConversationPage(BaseModel):
    items: list[ConversationOut]
    next: str | None


class ContactsConversations(BaseModel):
    items: list[ConversationOut]
    next: int | None


class EndIn(BaseModel):
    """`summary` null: none, or it is put off. `invite`: the customer is asked how it was."""

    summary: SummaryIn | None = None
    invite: bool = False


class ReadUpTo(BaseModel):
    up_to: RowNumber


@router.get("/conversations", responses=problems(Invalid))
async def list_conversations(
    agent: AnAgent,
    sight: TheSight,
    unit: ReadUnit,
    now: Now,
    state: Annotated[ConversationState | None, blank_is(None)] = None,
    view: Annotated[View | None, blank_is(None)] = None,
    assignee: Annotated[Literal["me"] | RowNumber | None, blank_is(None)] = None,
    group: Chosen = (),
    level: Chosen = (),
    account: Annotated[RowNumber | None, blank_is(None)] = None,
    tag: Chosen = (),
    owed: Annotated[bool | None, blank_is(None)] = None,
    high: Annotated[bool | None, blank_is(None)] = None,
    since: Annotated[AMoment | None, blank_is(None)] = None,
    q: Annotated[str, NO_NUL, Query(max_length=100)] = "",
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, blank_is(50), Query(ge=1, le=100)] = 50,
) -> ConversationPage:
    """Conversations, newest line first; of the waiting, the longest waiting first.

    `group`, `level` and `tag` may be repeated: any of these. `owed`: an answer is owed, or is not.
    `high`: of customers who have another level than everybody has, or of the others. Of a `view`,
    in an order of its own and with state, account, tag, `owed`, `high` and words left aside:
    `closing`, whose window closes within two hours with an answer owed, and `last_send`, with one
    message left, the soonest to close first; `urgent`, `owed` (of those that somebody has) and
    `overdue`, due first; `unowned`, the longest waiting first; `today`, begun after `since`, the
    newest first.
    """
    assignee_id = agent.id if assignee == "me" else assignee
    after = _read_cursor(cursor) if cursor else None
    if view:
        found = await conversations.list_view(
            unit,
            view,
            now=now,
            closing=CLOSING,
            assignee_id=assignee_id,
            group_ids=group,
            level_ids=level,
            since=since,
            after=after,
            limit=limit + 1,
        )
    else:
        found = await conversations.list_conversations(
            unit,
            state=state,
            assignee_id=assignee_id,
            group_ids=group,
            level_ids=level,
            account_id=account,
            owed=owed,
            of_contacts=await _who(unit, tag, high),
            words=q.strip(),
            after=after,
            limit=limit + 1,
            of_whom=sight.rule if sight.blind else None,
        )
    items = await _seen(unit, found[:limit], sight)
    last = found[limit - 1] if len(found) > limit else None
    if last is None:
        return ConversationPage(items=items, next=None)
    if view:
        contact = await contacts.get(unit, last.contact_id)
        place = conversations.place_in(view, last, contact)
        return ConversationPage(items=items, next=_cursor_at(*place))
    return ConversationPage(items=items, next=_cursor(last, state))


@router.get(
    "/contacts/{contact_id}/conversations",
    responses=problems(NotFound, Hidden),
    dependencies=[CONTACT_IN_SIGHT],
)
async def list_of_contact(
    contact_id: RowId,
    _agent: AnAgent,
    unit: ReadUnit,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
    limit: Annotated[int, blank_is(20), Query(ge=1, le=100)] = 20,
) -> ContactsConversations:
    """All that a customer ever asked, with what each was about, the newest first."""
    await contacts.get(unit, contact_id)
    found = await conversations.list_of_contact(unit, contact_id, before=cursor, limit=limit + 1)
    page = found[:limit]
    return ContactsConversations(
        items=await shown(unit, page), next=page[-1].id if len(found) > limit else None
    )


@router.get("/conversations/{conversation_id}", responses=problems(NotFound))
async def read_conversation(
    conversation_id: RowId, sight: TheSight, unit: ReadUnit
) -> ConversationOut:
    """One conversation."""
    return (await _seen(unit, [await conversations.get(unit, conversation_id)], sight))[0]


@router.post(
    "/conversations/{conversation_id}/take",
    responses=problems(NotFound, AlreadyTaken, ConversationClosed, NotYours, OwnConversation),
)
async def take_conversation(
    conversation_id: RowId, agent: AnAgent, unit: OpenUnit, now: Now, _body: NoBody = None
) -> ConversationOut:
    """Become its owner; one of many who try at once does. Supervisors may take any."""
    pull = routing.take if agent.role.includes(Role.SUPERVISOR) else routing.pull
    try:
        taken = await pull(unit, conversation_id, agent_id=agent.id, now=now)
    except AlreadyTaken as error:
        owner_id = int(error.facts["assignee_id"] or 0)
        owner = (await agents.by_ids(unit, {owner_id})).get(owner_id)
        raise AlreadyTaken(str(error), assignee=owner.name if owner else None) from None
    return (await shown(unit, [taken]))[0]


@router.post(
    "/conversations/{conversation_id}/close",
    responses=problems(
        *(NotFound, NotAssigned, ConversationClosed, SummaryInvalid, SummaryRequired),
        *(AlreadyInvited, WindowClosed, RepliesSpent, LastSend),
    ),
)
async def close_conversation(
    conversation_id: RowId,
    agent: AnAgent,
    rt: TheRuntime,
    unit: OpenUnit,
    now: Now,
    ending: Annotated[EndIn | None, Body()] = None,
) -> ConversationOut:
    """End it: its owner, or a supervisor.

    Where its group wants a summary (`needs_summary`) it may be given later, five at most.
    """
    summary = ending.summary if ending else None
    closed = await summaries.close(
        unit,
        conversation_id,
        agent_id=agent.id,
        may_close_any=agent.role.includes(Role.SUPERVISOR),
        now=now,
        base_url=rt.settings.base_url,
        given=summary.given if summary else None,
        invite=ending is not None and ending.invite,
    )
    return (await shown(unit, [closed]))[0]


@router.post("/conversations/{conversation_id}/read", status_code=204, responses=problems(NotFound))
async def mark_read(conversation_id: RowId, read: ReadUpTo, agent: AnAgent, unit: OpenUnit) -> None:
    """Note that its owner has read up to a message; anybody else's reading changes nothing."""
    await conversations.mark_read(unit, conversation_id, agent_id=agent.id, up_to=read.up_to)


@router.post(
    "/conversations/{conversation_id}/typing", status_code=204, responses=problems(NotFound)
)
async def show_typing(
    conversation_id: RowId,
    agent: AnAgent,
    request: Request,
    rt: TheRuntime,
    now: Now,
    _body: NoBody = None,
) -> None:
    """Show the customer that somebody writes, and colleagues who look at it.

    Whether WeChat does is not waited for; nothing is written where no colleague looks.
    """
    async with rt.db.reading() as unit:
        conversation = await conversations.get(unit, conversation_id)
        contact = await contacts.get(unit, conversation.contact_id)
        writes = await routing.may_write(unit, conversation, agent.id)
        watched = await viewing.has_others(unit, agent_id=agent.id, conversation_id=conversation_id)
    if writes and allowance.forecast_of(contact, now).takes(1):
        request.app.state.typing.show(contact, now)
    if watched:
        async with rt.db.unit() as unit:
            await viewing.type_in(unit, agent_id=agent.id, conversation_id=conversation_id, now=now)


async def _who(unit: Unit, tags: Sequence[int], high: bool | None) -> list[ColumnElement[bool]]:
    """What holds for the contacts that are wanted."""
    wanted = [await contacts.carry(unit, tags)] if tags else []
    return wanted if high is None else [*wanted, contacts.has_level(high)]


async def _seen(unit: Unit, found: Sequence[Conversation], sight: Sight) -> list[ConversationOut]:
    """As somebody sees them who may not know all of those who wait."""
    items = await shown(unit, found)
    hidden = {each.id for each in found if sight.hides(each)}
    return [masked(each) if each.id in hidden else each for each in items]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _cursor(last: Conversation, state: ConversationState | None) -> str:
    """Where a page ended: the microsecond it was sorted by, and its id."""
    waiting = state is ConversationState.WAITING and last.waiting_since
    return _cursor_at(last.waiting_since if waiting else last.last_at, last.id)


def _cursor_at(moment: datetime | None, conversation_id: int) -> str:
    assert moment is not None  # it was sorted by it
    return f"{(moment - _EPOCH) // _MICROSECOND}.{conversation_id}"


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        microseconds, conversation_id = map(int, cursor.split("."))
        moment = _EPOCH + microseconds * _MICROSECOND
        return moment, TypeAdapter(RowNumber).validate_python(conversation_id)
    except (ValueError, OverflowError):
        raise Invalid("not a cursor that the desk gave") from None
