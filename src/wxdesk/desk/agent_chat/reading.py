"""An agent's customers as their chat shows them: cards under numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wxdesk.desk import allowance, levels
from wxdesk.desk.agent_chat import queries, words
from wxdesk.desk.agent_chat.aim import Card, Standing, next_number
from wxdesk.desk.agent_chat.model import CardRow, Chat
from wxdesk.desk.bindings import Bound
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.levels import Level
from wxdesk.store import Unit


@dataclass(frozen=True, slots=True)
class Desk:
    """What an agent has at one moment.

    Attributes:
        cards: Those that are over, too; in the order in which the conversations began.
        rows: What is kept of each, by conversation.
        unread: Conversations in which the agent has not read all.
    """

    chat: Chat
    cards: Sequence[Card]
    rows: Mapping[int, CardRow]
    unread: frozenset[int]

    @property
    def open(self) -> Sequence[Card]:
        return [card for card in self.cards if card.standing is not Standing.OVER]

    def of(self, conversation_id: int | None) -> Card | None:
        return next((each for each in self.cards if each.conversation_id == conversation_id), None)


async def read(unit: Unit, bound: Bound, now: datetime) -> Desk:
    """What an agent has; whoever is new to the chat gets a number.

    The contact of the binding is locked where the unit writes; where it does not, whoever is new
    has none yet.
    """
    chat = await queries.chat_of(unit, bound.binding.id)
    rows = await queries.cards_of(unit, bound.binding.id)
    talks = await queries.talks_of(unit, bound.agent.id, rows.keys())
    known = await levels.by_ids(unit, {talk.level_id for talk, _ in talks if talk.level_id})
    cards = []
    for talk, contact in talks:
        standing = standing_of(talk, bound.agent.id)
        row = rows.get(talk.id)
        if row is None and standing is not Standing.OVER:
            row = rows[talk.id] = await _numbered(unit, chat, rows, talks, bound, talk)
        if row:
            cards.append(_card(row.number, talk, contact, standing, known, now))
    unread = frozenset(talk.id for talk, _ in talks if talk.unread)
    return Desk(chat, cards, rows, unread)


def standing_of(talk: Conversation, agent_id: int) -> Standing:
    if talk.state is ConversationState.ACTIVE and talk.assignee_id == agent_id:
        return Standing.MINE
    if talk.state is ConversationState.WAITING and talk.offered_to == agent_id:
        return Standing.OFFERED
    return Standing.OVER


async def _numbered(
    unit: Unit,
    chat: Chat,
    rows: dict[int, CardRow],
    talks: Sequence[tuple[Conversation, Contact]],
    bound: Bound,
    talk: Conversation,
) -> CardRow:
    """A new card, under a number that nobody has who is still there."""
    there = {each.id for each, _ in talks if standing_of(each, bound.agent.id) is not Standing.OVER}
    taken = [row.number for row in rows.values() if row.conversation_id in there]
    number = next_number(chat.last_number, taken)
    row = CardRow(
        binding_id=bound.binding.id,
        number=number,
        conversation_id=talk.id,
        told_up_to=0,
        told=False,
    )
    if unit.writing:
        await queries.replace_card(unit, row)
        for other in [each for each in rows.values() if each.number == number]:
            del rows[other.conversation_id]
        chat.last_number = number
    return row


def name_of(contact: Contact) -> str:
    """What the desk calls a customer, or a few letters that tell them from others."""
    known = contact.remark or contact.platform_remark or f"客户{contact.openid[-4:]}"
    return words.shortened(words.plain(known), words.NAME_CHARS)


def _card(
    number: int,
    talk: Conversation,
    contact: Contact,
    standing: Standing,
    known: Mapping[int, Level],
    now: datetime,
) -> Card:
    forecast = allowance.forecast_of(contact, now)
    level = known.get(talk.level_id or 0)
    return Card(
        number=number,
        conversation_id=talk.id,
        contact_id=contact.id,
        account_id=talk.account_id,
        name=name_of(contact),
        standing=standing,
        level=words.plain(level.name) if level and not level.is_default else "",
        waits_since=talk.owed_since or talk.waiting_since,
        due_at=talk.due_at,
        left=forecast.left,
        closes_at=forecast.closes_at,
    )
