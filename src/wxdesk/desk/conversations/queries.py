"""Every SQL statement about conversations and messages."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations.model import (
    Conversation,
    ConversationState,
    Direction,
    Message,
    MessageState,
)
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.store.bulk import insert_all, update_all

_LAST_LINE = (
    "unread",
    "last_at",
    "last_message_id",
    "last_direction",
    "last_kind",
    "last_text",
    "last_state",
    "last_author_id",
    "owed_since",
    "snoozed_until",
    "snoozed_by",
)


_PARKED = literal(MessageState.PARKED, Message.state.type, literal_execute=True)
"""Written into the statement: behind a parameter the planner would not see the partial index."""

SHOWN = or_(
    Message.state.is_(None), Message.state.not_in((MessageState.PARKED, MessageState.WITHDRAWN))
)


ANSWERS = (MessageState.QUEUED, MessageState.SENT, MessageState.UNCERTAIN)
"""An agent's message that is on its way, or may have arrived, is an answer."""


async def get(unit: Unit, conversation_id: int) -> Conversation:
    """One conversation, locked until the unit ends if it may write."""
    conversation = await unit.session.scalar(
        unit.locking(select(Conversation).where(Conversation.id == conversation_id)),
        execution_options={"populate_existing": True},
    )
    if conversation is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    return conversation


async def find_free(unit: Unit, conversation_id: int) -> Conversation | None:
    """One open conversation, locked; None where somebody else holds the lock, or it has ended.

    For whoever holds other locks already, and must not wait for this one.
    """
    return await unit.session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id, Conversation.state != ConversationState.CLOSED)
        .with_for_update(skip_locked=True, key_share=True),
        execution_options={"populate_existing": True},
    )


async def by_ids(unit: Unit, ids: Collection[int]) -> Sequence[Conversation]:
    return (await unit.session.scalars(select(Conversation).where(Conversation.id.in_(ids)))).all()


async def find_open(unit: Unit, contact_ids: Collection[int]) -> dict[int, Conversation]:
    """The open conversation of each contact that has one, locked."""
    found = await unit.session.scalars(
        select(Conversation)
        .where(Conversation.contact_id.in_(contact_ids))
        .where(Conversation.state != ConversationState.CLOSED)
        .order_by(Conversation.id)
        .with_for_update(key_share=True)
    )
    return {conversation.contact_id: conversation for conversation in found}


async def claim_snoozed(unit: Unit, *, now: datetime, limit: int) -> Sequence[Conversation]:
    """Those that were put off until now, for this unit alone, the first one first."""
    query = (
        select(Conversation)
        .where(Conversation.snoozed_until <= now)
        .order_by(Conversation.snoozed_until)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return (await unit.session.scalars(query)).all()


async def last_ids(unit: Unit, contact_ids: Collection[int]) -> dict[int, int]:
    """The newest conversation of each contact that ever had one."""
    rows = await unit.session.execute(
        select(Conversation.contact_id, func.max(Conversation.id))
        .where(Conversation.contact_id.in_(contact_ids))
        .group_by(Conversation.contact_id)
    )
    return {row[0]: row[1] for row in rows}


async def list_of_contact(
    unit: Unit, contact_id: int, *, before: int | None, limit: int
) -> Sequence[Conversation]:
    """What was between a contact and the desk, the newest first, before one of them."""
    query = select(Conversation).where(Conversation.contact_id == contact_id)
    if before is not None:
        query = query.where(Conversation.id < before)
    query = query.order_by(Conversation.id.desc()).limit(limit)
    return (await unit.session.scalars(query)).all()


async def list_conversations(
    unit: Unit,
    *,
    state: ConversationState | None,
    assignee_id: int | None,
    group_ids: Collection[int] = (),
    level_ids: Collection[int] = (),
    account_id: int | None = None,
    owed: bool | None = None,
    of_contacts: Collection[ColumnElement[bool]] = (),
    words: str = "",
    after: tuple[datetime, int] | None,
    limit: int,
    of_whom: ColumnElement[bool] | None = None,
) -> Sequence[Conversation]:
    """Conversations, newest last line first; of the waiting, the longest waiting first.

    Args:
        unit: Reads are enough.
        state: Only those.
        assignee_id: Only this agent's.
        group_ids: Only of these groups; none: of any, or of no group.
        level_ids: Only of these levels; none: of any.
        account_id: Only of this account.
        owed: Only where an answer is owed, or is not.
        of_contacts: Only of contacts for whom all of this holds.
        words: Only contacts whose remark or openid holds them.
        after: The sorting moment and id of the last one already seen.
        limit: The most to return.
        of_whom: With words, or what holds for contacts: only those whose contacts may be known.
    """
    waiting = state is ConversationState.WAITING
    moment = Conversation.waiting_since if waiting else Conversation.last_at
    key = tuple_(moment, Conversation.id)
    query = select(Conversation).limit(limit)
    query = (
        query.order_by(moment, Conversation.id)
        if waiting
        else query.order_by(moment.desc(), Conversation.id.desc())
    )
    of_these = {
        Conversation.state: state,
        Conversation.assignee_id: assignee_id,
        Conversation.account_id: account_id,
    }
    query = query.where(*(column == it for column, it in of_these.items() if it is not None))
    query = query.where(*among(group_ids, level_ids))
    if owed is not None:
        since = Conversation.owed_since
        query = query.where(since.is_not(None) if owed else since.is_(None))
    if words:
        of_contacts = [*of_contacts, _called(words)]
    if of_contacts:
        query = query.join(Contact, Contact.id == Conversation.contact_id).where(*of_contacts)
        if of_whom is not None:
            query = query.where(of_whom)
    if after:
        query = query.where(key > after if waiting else key < after)
    return (await unit.session.scalars(query)).all()


def among(group_ids: Collection[int], level_ids: Collection[int]) -> list[ColumnElement[bool]]:
    """Of conversations: one of these groups, one of these levels; none: it does not matter."""
    chosen = ((Conversation.group_id, group_ids), (Conversation.level_id, level_ids))
    return [column.in_(ids) for column, ids in chosen if ids]


def _called(words: str) -> ColumnElement[bool]:
    return or_(
        Contact.remark.icontains(words, autoescape=True),
        Contact.openid.contains(words, autoescape=True),
    )


async def get_message(unit: Unit, message_id: int) -> Message:
    """One message, locked until the unit ends."""
    message = await unit.session.scalar(
        unit.locking(select(Message).where(Message.id == message_id))
    )
    if message is None:
        raise NotFound(f"there is no message {message_id}")
    return message


async def conversation_of(unit: Unit, message_id: int) -> int | None:
    """Which conversation a message stands in; read without a lock, for taking locks in order."""
    query = select(Message.conversation_id).where(Message.id == message_id)
    found = (await unit.session.execute(query)).first()
    if found is None:
        raise NotFound(f"there is no message {message_id}")
    return found[0]


async def whose(unit: Unit, conversation_id: int) -> int:
    """The contact of a conversation; read without a lock, for taking locks in order."""
    found = await unit.session.scalar(
        select(Conversation.contact_id).where(Conversation.id == conversation_id)
    )
    if found is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    return found


async def contact_of(unit: Unit, message_id: int) -> int:
    """Whose thread a message is of; read without a lock, for taking locks in order."""
    found = await unit.session.scalar(select(Message.contact_id).where(Message.id == message_id))
    if found is None:
        raise NotFound(f"there is no message {message_id}")
    return found


async def list_parked(unit: Unit, contact_id: int) -> Sequence[Message]:
    """What waits until WeChat takes messages to this contact again, in order."""
    query = (
        select(Message)
        .where(Message.contact_id == contact_id, Message.state == _PARKED)
        .order_by(Message.place, Message.id)
    )
    return (await unit.session.scalars(query)).all()


async def last_place(unit: Unit, contact_id: int) -> float:
    query = select(func.max(Message.place))
    query = query.where(Message.contact_id == contact_id, Message.state == _PARKED)
    return await unit.session.scalar(query) or 0.0


async def place_before(unit: Unit, contact_id: int, message_id: int) -> float:
    """A place right before a parked message of this contact.

    Raises:
        NotFound: It is none.
    """
    places = {each.id: each.place or 0.0 for each in await list_parked(unit, contact_id)}
    if message_id not in places:
        raise NotFound(f"there is no parked message {message_id}")
    after = places[message_id]
    before = max((place for place in places.values() if place < after), default=after - 1)
    return (before + after) / 2


async def move_parked(unit: Unit, conversation_by_contact: Mapping[int, int]) -> None:
    """Show what is parked for these contacts in the conversations that they have now."""
    found = await unit.session.scalars(
        select(Message)
        .where(Message.contact_id.in_(conversation_by_contact), Message.state == _PARKED)
        .order_by(Message.id)
        .with_for_update(key_share=True)
    )
    for message in found:
        message.conversation_id = conversation_by_contact[message.contact_id]
        unit.tell("message", message.id)


async def first_unanswered(unit: Unit, conversation_id: int) -> datetime | None:
    """When the customer wrote what no agent has answered since."""
    of_this = Message.conversation_id == conversation_id
    answered = (
        select(func.max(Message.sent_at))
        .where(of_this, Message.direction == Direction.OUT, Message.author_id.is_not(None))
        .where(Message.state.in_(ANSWERS))
        .scalar_subquery()
    )
    return await unit.session.scalar(
        select(func.min(Message.sent_at))
        .where(of_this, Message.direction == Direction.IN)
        .where(or_(answered.is_(None), Message.sent_at > answered))
    )


async def replies_of(
    unit: Unit, conversation_ids: Collection[int]
) -> Mapping[int, Sequence[tuple[datetime, int]]]:
    """When agents answered in each of these conversations, in order, and by which messages."""
    query = (
        select(Message.conversation_id, Message.sent_at, Message.id)
        .where(Message.conversation_id.in_(conversation_ids))
        .where(Message.direction == Direction.OUT, Message.author_id.is_not(None))
        .where(Message.state.in_(ANSWERS))
        .order_by(Message.sent_at, Message.id)
    )
    found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for conversation_id, sent_at, message_id in await unit.session.execute(query):
        if conversation_id is not None:
            found[conversation_id].append((sent_at, message_id))
    return found


async def newest_message(unit: Unit, conversation_id: int) -> Message | None:
    """The newest line that lists show: what an agent did with the conversation is none."""
    did = and_(Message.direction == Direction.SYSTEM, Message.author_id.is_not(None))
    return await unit.session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation_id, SHOWN, ~did)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    )


async def joined_to(unit: Unit, message_id: int) -> Sequence[Message]:
    """Messages that leave as further lines of this one, locked."""
    query = select(Message).where(Message.joined_to == message_id).order_by(Message.id)
    return (await unit.session.scalars(unit.locking(query))).all()


async def who_wrote_before(
    unit: Unit, contact_ids: Collection[int], message_id: int
) -> Collection[int]:
    """Those of the contacts who had written anything before this message. One statement."""
    earlier = exists().where(
        Message.contact_id == Contact.id,
        Message.direction == Direction.IN,
        Message.id < message_id,
    )
    query = select(Contact.id).where(Contact.id.in_(contact_ids), earlier)
    return (await unit.session.scalars(query)).all()


async def who_has_parked(unit: Unit, contact_ids: Collection[int]) -> Collection[int]:
    """Those of the contacts for whom an answer is parked."""
    query = select(Message.contact_id).where(
        Message.contact_id.in_(contact_ids), Message.state == _PARKED
    )
    return (await unit.session.scalars(query.distinct())).all()


async def lock_of_messages(unit: Unit, message_ids: Collection[int]) -> None:
    """Lock the conversations that these messages stand in; some stand in none."""
    query = select(Message.conversation_id).where(Message.id.in_(message_ids))
    found = {each for each in await unit.session.scalars(query) if each is not None}
    await lock(unit, found)


async def author_of(unit: Unit, message_id: int) -> int | None:
    """Which agent wrote a message."""
    return await unit.session.scalar(select(Message.author_id).where(Message.id == message_id))


async def lock_of_message(unit: Unit, message_id: int) -> Conversation | None:
    """The conversation a message stands in, locked; None for one that stands in none."""
    conversation_id = await conversation_of(unit, message_id)
    return await get(unit, conversation_id) if conversation_id is not None else None


async def lock(unit: Unit, ids: Collection[int]) -> None:
    """Lock many conversations, in the order in which everybody does."""
    query = select(Conversation.id).where(Conversation.id.in_(ids)).order_by(Conversation.id)
    await unit.session.execute(unit.locking(query))


async def insert_opened(unit: Unit, conversations: Sequence[Conversation]) -> None:
    """Insert new conversations, one a contact; see ``insert_all``."""
    await insert_all(unit, conversations, key="contact_id")


async def insert_incoming(unit: Unit, messages: Sequence[Message]) -> None:
    """Insert what came in, with the ids in this order; see ``insert_all``."""
    await insert_all(unit, messages, key="push_id")


async def update_last_lines(unit: Unit, conversations: Sequence[Conversation]) -> None:
    """Write the newest lines and what is unread; see ``update_all``."""
    await update_all(unit, conversations, _LAST_LINE)


async def update_due(unit: Unit, conversations: Sequence[Conversation]) -> None:
    """Write by when these are to be answered; see ``update_all``."""
    await update_all(unit, conversations, ("due_at",))


async def messages_by_ids(unit: Unit, ids: Collection[int]) -> Sequence[Message]:
    return (await unit.session.scalars(select(Message).where(Message.id.in_(ids)))).all()


async def find_by_client_id(unit: Unit, conversation_id: int, client_id: str) -> Message | None:
    return await unit.session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.client_id == client_id
        )
    )


async def list_messages(
    unit: Unit, conversation_id: int, *, before: int | None, limit: int
) -> Sequence[Message]:
    """The newest messages before one (all when None), oldest first, in WeChat's order of time."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, SHOWN)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(_in_thread() < await _place_of(unit, conversation_id, before))
    return (await unit.session.scalars(query)).all()[::-1]


async def list_messages_from(
    unit: Unit, conversation_id: int, first: int, *, limit: int
) -> Sequence[Message]:
    """One message and those after it, oldest first."""
    place = await _place_of(unit, conversation_id, first)
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, SHOWN, _in_thread() >= place)
        .order_by(Message.sent_at, Message.id)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


def _in_thread() -> ColumnElement[Any]:
    return tuple_(Message.sent_at, Message.id)


async def _place_of(unit: Unit, conversation_id: int, message_id: int) -> ColumnElement[Any]:
    query = select(Message.sent_at, Message.id).where(
        Message.id == message_id, Message.conversation_id == conversation_id
    )
    row = (await unit.session.execute(query)).first()
    if row is None:
        raise NotFound(f"there is no message {message_id} in conversation {conversation_id}")
    return tuple_(row[0], row[1])


async def find_said_since(unit: Unit, contact_id: int, moment: datetime) -> Message | None:
    """The first line of a contact's thread from a moment on; none later: the last one before."""
    query = select(Message).where(
        Message.contact_id == contact_id, Message.conversation_id.is_not(None), SHOWN
    )
    later = query.where(Message.sent_at >= moment).order_by(Message.sent_at, Message.id)
    last = query.order_by(Message.sent_at.desc(), Message.id.desc())
    return await unit.session.scalar(later.limit(1)) or await unit.session.scalar(last.limit(1))


async def find_strays(unit: Unit, contact_ids: Collection[int]) -> Sequence[Message]:
    """What happened while these contacts had no conversation."""
    return (
        await unit.session.scalars(
            select(Message)
            .where(Message.contact_id.in_(contact_ids), Message.conversation_id.is_(None))
            .where(Message.told_agent_id.is_(None))
            .order_by(Message.sent_at, Message.id)
        )
    ).all()
