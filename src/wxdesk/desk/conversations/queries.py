"""Every SQL statement about conversations."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations.model import Conversation, ConversationState, Message
from wxdesk.desk.conversations.what_is_said import conversation_of
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


async def whose(unit: Unit, conversation_id: int) -> int:
    """The contact of a conversation; read without a lock, for taking locks in order."""
    found = await unit.session.scalar(
        select(Conversation.contact_id).where(Conversation.id == conversation_id)
    )
    if found is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    return found


async def lock_of_messages(unit: Unit, message_ids: Collection[int]) -> None:
    """Lock the conversations that these messages stand in; some stand in none."""
    query = select(Message.conversation_id).where(Message.id.in_(message_ids))
    found = {each for each in await unit.session.scalars(query) if each is not None}
    await lock(unit, found)


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
    await insert_all(unit, Conversation, conversations, key="contact_id")


async def update_last_lines(unit: Unit, conversations: Sequence[Conversation]) -> None:
    """Write the newest lines and what is unread; see ``update_all``."""
    await update_all(unit, conversations, _LAST_LINE)


async def update_due(unit: Unit, conversations: Sequence[Conversation]) -> None:
    """Write by when these are to be answered; see ``update_all``."""
    await update_all(unit, conversations, ("due_at",))
