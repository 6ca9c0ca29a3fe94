"""Conversations: the lists, taking one, closing it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import ColumnElement

from wxdesk.desk import (
    accounts,
    agents,
    allowance,
    contacts,
    conversations,
    groups,
    ratings,
    routing,
    sla,
    summaries,
    viewing,
)
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.allowance import LastSend, RepliesSpent, WindowClosed
from wxdesk.desk.conversations import (
    AlreadyTaken,
    Conversation,
    ConversationClosed,
    ConversationState,
    Direction,
    MessageState,
    NotAssigned,
    View,
)
from wxdesk.desk.groups import Group
from wxdesk.desk.ratings import AlreadyInvited
from wxdesk.desk.routing import Hidden, NotYours, OwnConversation, Sight
from wxdesk.desk.sla import Clock, Kind
from wxdesk.desk.summaries import Summary, SummaryInvalid, SummaryRequired
from wxdesk.errors import Invalid, NotFound
from wxdesk.store import Unit
from wxdesk.web.api import contacts as contacts_api
from wxdesk.web.api.agents import AgentRef
from wxdesk.web.api.contacts import ContactOut
from wxdesk.web.api.inputs import NO_NUL, AMoment, Chosen, NoBody, RowId, RowNumber, blank_is
from wxdesk.web.api.rating import RatingOut
from wxdesk.web.api.sight import CONTACT_IN_SIGHT, TheSight
from wxdesk.web.api.summary import SummaryIn, SummaryOut
from wxdesk.web.deps import AnAgent, Now, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.problems import problems

router = APIRouter(tags=["conversations"])

CLOSING = timedelta(hours=2)


class AccountRef(BaseModel):
    """The Official Account a conversation came in on, with what agents ask of its settings."""

    id: int
    slug: str
    name: str
    simulated: bool
    sync_tags: bool
    blacklist_at_wechat: bool


class GroupRef(BaseModel):
    """A group where only the name matters."""

    id: int
    name: str


class Offer(BaseModel):
    """An agent is asked whether they take it, until then."""

    agent: AgentRef
    until: datetime


class LastMessage(BaseModel):
    """The newest line, as a list shows it."""

    id: int
    direction: Direction
    kind: str
    text: str
    state: MessageState | None
    sent_at: datetime
    author: str | None


class ConversationOut(BaseModel):
    """A conversation as browsers see it, here and in events.

    `owed_since`: when the customer wrote the first message that no agent has answered. `due_at`: by
    when they are promised an answer, the `first` or the `next` (`due_kind`); `warn_at`: when little
    of that time is left; `breached`: it was noticed that nobody has answered in time.
    `rests_since`: the customer owes the answer, and it takes none of its agent's room.
    `snoozed_until`: its agent has put it off until then. `joined`:
    supervisors who write in it, though it is somebody else's. `hidden`: by the plan the caller is
    not shown who waits; the contact tells their level, and has a number that is no contact's.
    `handed`: a colleague has handed it over to whoever has it, or is asked.
    `needs_summary`: its group wants a summary when it ends, or one is owed since it has ended.
    """

    id: int
    state: ConversationState
    account: AccountRef
    contact: ContactOut
    assignee: AgentRef | None
    joined: list[AgentRef]
    group: GroupRef | None
    offer: Offer | None
    unread: int
    waiting_since: datetime | None
    rests_since: datetime | None
    snoozed_until: datetime | None
    owed_since: datetime | None
    due_at: datetime | None
    due_kind: Kind | None
    warn_at: datetime | None
    breached: bool
    opened_at: datetime
    closed_at: datetime | None
    previous_id: int | None
    last_message: LastMessage | None
    summary: SummaryOut | None
    needs_summary: bool
    rating: RatingOut | None
    handed: bool = False
    hidden: bool = False
    version: int

    @classmethod
    def of(
        cls,
        conversation: Conversation,
        account: AccountRef,
        contact: ContactOut,
        people: dict[int, Agent],
        group: GroupRef | None,
        clock: Clock | None,
        joined: Sequence[int],
        summary: SummaryOut | None,
        needs_summary: bool,
        rating: RatingOut | None,
        handed: bool,
    ) -> Self:
        owner = people.get(conversation.assignee_id or 0)
        asked, until = people.get(conversation.offered_to or 0), conversation.offer_until
        return cls(
            id=conversation.id,
            state=conversation.state,
            account=account,
            contact=contact,
            assignee=AgentRef.of(owner) if owner else None,
            joined=[AgentRef.of(people[each]) for each in joined],
            group=group,
            offer=Offer(agent=AgentRef.of(asked), until=until) if asked and until else None,
            unread=conversation.unread,
            waiting_since=conversation.waiting_since,
            rests_since=conversation.rests_since,
            snoozed_until=conversation.snoozed_until,
            owed_since=conversation.owed_since,
            due_at=clock.due_at if clock else None,
            due_kind=clock.kind if clock else None,
            warn_at=clock.warn_at if clock else None,
            breached=clock is not None and clock.breached_at is not None,
            opened_at=conversation.opened_at,
            closed_at=conversation.closed_at,
            previous_id=conversation.previous_id,
            last_message=_last_message(conversation, people),
            summary=summary,
            needs_summary=needs_summary,
            rating=rating,
            handed=handed,
            version=conversation.version,
        )


def masked(out: ConversationOut) -> ConversationOut:
    """A conversation as those see it who may not know who waits: how long, and how important."""
    nobody = contacts_api.nobody(out.contact, -out.id, out.opened_at)
    return out.model_copy(
        update={
            "contact": nobody,
            "group": None,
            "unread": 0,
            "previous_id": None,
            "last_message": None,
            "hidden": True,
        }
    )


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


async def shown(unit: Unit, found: Sequence[Conversation]) -> list[ConversationOut]:
    """Conversations as browsers see them, in a handful of statements for all."""
    await unit.session.flush()
    served = await accounts.by_ids(unit, {each.account_id for each in found})
    refs = {
        each.id: AccountRef.model_validate(each, from_attributes=True) for each in served.values()
    }
    met = await contacts.by_ids(unit, {each.contact_id for each in found})
    known = {each.id: each for each in await contacts_api.shown(unit, met.values())}
    active = {each.id for each in found if each.state is ConversationState.ACTIVE}
    joined = await routing.joined(unit, active) if active else {}
    given = active | {each.id for each in found if each.offered_to}
    handed = await routing.handed(unit, given) if given else ()
    ended = {each.id for each in found if each.state is ConversationState.CLOSED}
    summed = await summaries.of(unit, ended)
    rated = await ratings.of(unit, {each.id for each in found})
    paths = await summaries.paths_of(
        unit, {each.category_id for each in summed.values() if each.category_id}
    )
    named = {each.by_id for each in summed.values()}
    named |= {agent_id for inside in joined.values() for agent_id in inside} | {
        agent_id
        for each in found
        for agent_id in (each.assignee_id, each.last_author_id, each.offered_to)
    }
    people = await agents.by_ids(unit, named)
    inside = await groups.by_ids(unit, {each.group_id for each in found if each.group_id})
    refs_of = {each.id: GroupRef(id=each.id, name=each.name) for each in inside.values()}
    clocks = await sla.running(unit, {each.id for each in found})
    return [
        ConversationOut.of(
            each,
            refs[each.account_id],
            known[each.contact_id],
            people,
            refs_of.get(each.group_id or 0),
            clocks.get(each.id),
            joined.get(each.id, ()),
            SummaryOut.of(summed.get(each.id), paths, people),
            _needs_summary(each, summed.get(each.id), inside.get(each.group_id or 0)),
            RatingOut.of(rated.get(each.id)),
            each.id in handed,
        )
        for each in found
    ]


async def _who(unit: Unit, tags: Sequence[int], high: bool | None) -> list[ColumnElement[bool]]:
    """What holds for the contacts that are wanted."""
    wanted = [await contacts.carry(unit, tags)] if tags else []
    return wanted if high is None else [*wanted, contacts.has_level(high)]


async def _seen(unit: Unit, found: Sequence[Conversation], sight: Sight) -> list[ConversationOut]:
    """As somebody sees them who may not know all of those who wait."""
    items = await shown(unit, found)
    hidden = {each.id for each in found if sight.hides(each)}
    return [masked(each) if each.id in hidden else each for each in items]


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


def _needs_summary(conversation: Conversation, kept: Summary | None, group: Group | None) -> bool:
    if conversation.state is ConversationState.CLOSED:
        return kept is not None and kept.owed_since is not None
    return group is not None and group.needs_summary


def _last_message(conversation: Conversation, people: dict[int, Agent]) -> LastMessage | None:
    if conversation.last_message_id is None:
        return None
    assert conversation.last_direction is not None
    assert conversation.last_kind is not None
    author = people.get(conversation.last_author_id or 0)
    return LastMessage(
        id=conversation.last_message_id,
        direction=conversation.last_direction,
        kind=conversation.last_kind,
        text=conversation.last_text,
        state=conversation.last_state,
        sent_at=conversation.last_at,
        author=author.name if author else None,
    )


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
