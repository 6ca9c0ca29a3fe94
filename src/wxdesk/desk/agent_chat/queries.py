"""Every SQL statement about agents' chats, the cards in them, and what there is to tell."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select

from wxdesk.desk.agent_chat.model import CardRow, Chat, NoticeTemplate
from wxdesk.desk.agents import Agent
from wxdesk.desk.bindings import Binding
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import (
    Conversation,
    ConversationState,
    Direction,
    Message,
    MessageState,
)
from wxdesk.desk.routing import Assignment, Presence, Seat, Wait
from wxdesk.store import Unit

CAME_TO_NOTHING = (MessageState.FAILED, MessageState.PARKED, MessageState.UNCERTAIN)


async def chat_of(unit: Unit, binding_id: int) -> Chat:
    """How a chat stands; the contact of its binding is locked, so nobody else changes it."""
    chat = await unit.session.get(Chat, binding_id, populate_existing=True)
    if chat is None:
        chat = Chat(binding_id=binding_id, last_number=0)
        if unit.writing:
            unit.session.add(chat)
            await unit.session.flush()
    return chat


async def find_chat(unit: Unit, binding_id: int) -> Chat | None:
    return await unit.session.get(Chat, binding_id)


async def cards_of(unit: Unit, binding_id: int) -> dict[int, CardRow]:
    """The cards of a chat, by conversation."""
    found = await unit.session.scalars(select(CardRow).where(CardRow.binding_id == binding_id))
    return {card.conversation_id: card for card in found}


async def replace_card(unit: Unit, card: CardRow) -> None:
    """Give a number to a conversation, whoever had it before."""
    await unit.session.execute(
        delete(CardRow).where(CardRow.binding_id == card.binding_id, CardRow.number == card.number),
        execution_options={"synchronize_session": "fetch"},
    )
    unit.session.add(card)
    await unit.session.flush()


def _with_agent(agent_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """A conversation that an agent has, or is asked to take."""
    has = and_(Conversation.assignee_id == agent_id, Conversation.state == ConversationState.ACTIVE)
    is_asked = and_(
        Conversation.offered_to == agent_id, Conversation.state == ConversationState.WAITING
    )
    return or_(has, is_asked)


async def _with_agents(unit: Unit, agent_ids: Collection[int]) -> ColumnElement[bool]:
    """The same of some agents, as indexes find it: offers are few, and known by their waits."""
    offers = select(Wait.conversation_id).where(Wait.offered_to.in_(agent_ids))
    offered = (await unit.session.scalars(offers)).all()
    has = and_(
        Conversation.assignee_id.in_(agent_ids), Conversation.state == ConversationState.ACTIVE
    )
    return or_(has, Conversation.id.in_(offered))


async def open_of(unit: Unit, agent_ids: Collection[int]) -> Sequence[tuple[int, int]]:
    """Conversations that these agents have or are asked to take, each with its contact."""
    if not agent_ids:
        return []
    query = select(Conversation.id, Conversation.contact_id)
    query = query.where(await _with_agents(unit, agent_ids)).order_by(Conversation.id)
    return [(row[0], row[1]) for row in await unit.session.execute(query)]


async def talks_of(
    unit: Unit, agent_id: int, beside: Collection[int]
) -> Sequence[tuple[Conversation, Contact]]:
    """What an agent has or is asked to take, and these others; oldest first, as they are by now."""
    await unit.session.flush()
    query = (
        select(Conversation, Contact)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(or_(await _with_agents(unit, [agent_id]), Conversation.id.in_(beside)))
        .order_by(Conversation.id)
    )
    rows = await unit.session.execute(query, execution_options={"populate_existing": True})
    return [(row[0], row[1]) for row in rows]


async def untold(unit: Unit, since: Mapping[int, int], *, limit: int) -> Sequence[Message]:
    """What customers wrote in these conversations after a message of each, oldest first."""
    if not since:
        return []
    wanted = [
        and_(Message.conversation_id == conversation_id, Message.id > told_up_to)
        for conversation_id, told_up_to in since.items()
    ]
    query = (
        select(Message)
        .where(or_(*wanted), Message.direction == Direction.IN)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()[::-1]


async def lost_replies(unit: Unit, message_ids: Collection[int]) -> Mapping[int, MessageState]:
    """Those of the replies that came to nothing, or may have."""
    query = select(Message.id, Message.state).where(
        Message.id.in_(message_ids), Message.state.in_(CAME_TO_NOTHING)
    )
    rows = await unit.session.execute(query)
    return {row[0]: row[1] for row in rows if row[1] is not None}


async def with_news(unit: Unit, now: datetime) -> Sequence[int]:
    """Bindings of which there may be something to tell: whoever tells looks closer. One statement.

    What an agent has read at the page is no news, and whoever has left is told nothing.
    """
    reply = select(Message.id).where(
        Message.id == CardRow.reply_id, Message.state.in_(CAME_TO_NOTHING)
    )
    is_new = or_(CardRow.number.is_(None), ~CardRow.told)
    news = or_(
        and_(Conversation.state == ConversationState.WAITING, is_new),
        and_(
            Conversation.unread > 0,
            or_(is_new, Conversation.last_message_id > CardRow.told_up_to),
        ),
        reply.exists(),
    )
    listens = or_(Seat.agent_id.is_(None), Seat.since.is_(None), Seat.presence != Presence.OFFLINE)
    query = (
        select(Binding.id)
        .join(Agent, Agent.id == Binding.agent_id)
        .join(Assignment, Assignment.agent_id == Binding.agent_id)
        .join(Conversation, Conversation.id == Assignment.conversation_id)
        .outerjoin(
            CardRow,
            and_(CardRow.binding_id == Binding.id, CardRow.conversation_id == Conversation.id),
        )
        .outerjoin(Chat, Chat.binding_id == Binding.id)
        .outerjoin(Seat, Seat.agent_id == Binding.agent_id)
        .where(Binding.revoked_at.is_(None), Agent.active, news, listens)
        .where(Assignment.ended_at.is_(None), _with_agent(Assignment.agent_id))  # type: ignore[arg-type]
        .where(or_(Chat.quiet_until.is_(None), Chat.quiet_until <= now))
        .distinct()
        .order_by(Binding.id)
    )
    return (await unit.session.scalars(query)).all()


async def opened_since(unit: Unit, contact_id: int, moment: datetime) -> tuple[bool, bool]:
    """Whether a contact has had a conversation since then, and whether one is open."""
    query = select(Conversation.state, Conversation.opened_at).where(
        Conversation.contact_id == contact_id,
        or_(Conversation.opened_at >= moment, Conversation.state != ConversationState.CLOSED),
    )
    rows = (await unit.session.execute(query)).all()
    is_open = any(row[0] is not ConversationState.CLOSED for row in rows)
    return bool(rows), is_open


async def find_template(unit: Unit, account_id: int) -> NoticeTemplate | None:
    return await unit.session.get(NoticeTemplate, account_id)


async def set_template(
    unit: Unit, account_id: int, template_id: str | None, values: dict[str, str]
) -> NoticeTemplate | None:
    """What reaches an account's agents whose sends are spent; None: nothing."""
    kept = await find_template(unit, account_id)
    if template_id is None:
        if kept:
            await unit.session.delete(kept)
        return None
    if kept is None:
        kept = NoticeTemplate(account_id=account_id)
        unit.session.add(kept)
    kept.template_id, kept.values = template_id, values
    await unit.session.flush()
    return kept
