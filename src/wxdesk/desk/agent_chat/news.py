"""What there is to tell an agent: customers who are theirs, or write; replies that failed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wxdesk.desk.agent_chat import queries, words
from wxdesk.desk.agent_chat.aim import Card, Standing
from wxdesk.desk.agent_chat.model import CardRow
from wxdesk.desk.agent_chat.reading import Desk
from wxdesk.desk.conversations import Message
from wxdesk.store import Unit

MOST_QUOTED = 3
"""Of a customer's messages in one card, the newest."""

MOST_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class News:
    """Of one customer.

    Attributes:
        card: Who.
        said: What they wrote since the agent was told last.
        is_new: The agent does not know the card yet.
        lost: What became of the agent's last reply, where it came to nothing.
    """

    card: Card
    said: Sequence[Message] = ()
    is_new: bool = False
    lost: str | None = None

    @property
    def up_to(self) -> int:
        return max((each.id for each in self.said), default=0)

    def text(self, now: datetime) -> str:
        """As a line of a notice."""
        if self.lost:
            return words.lost(self.card, self.lost)
        quotes = [words.quoted(each.kind, each.text) for each in self.said[-MOST_QUOTED:]]
        if self.is_new:
            return words.announced(self.card, now, quotes)
        return words.more(self.card, quotes)


async def news_of(unit: Unit, desk: Desk) -> Sequence[News]:
    """All there is to tell, whoever waits longest first."""
    said = await _said(unit, desk)
    news = [
        News(card, said[card.conversation_id], is_new=not desk.rows[card.conversation_id].told)
        for card in desk.open
        if _is_news(card, desk, said[card.conversation_id])
    ]
    return [*await _lost(unit, desk), *news]


async def _said(unit: Unit, desk: Desk) -> Mapping[int, Sequence[Message]]:
    since = {
        card.conversation_id: desk.rows[card.conversation_id].told_up_to
        for card in desk.open
        if card.conversation_id in desk.unread
    }
    found: defaultdict[int, list[Message]] = defaultdict(list)
    for message in await queries.untold(unit, since, limit=MOST_LOOKED_AT):
        found[message.conversation_id or 0].append(message)
    return found


def _is_news(card: Card, desk: Desk, said: Sequence[Message]) -> bool:
    is_new = not desk.rows[card.conversation_id].told
    if card.standing is Standing.OFFERED:
        return is_new
    return card.conversation_id in desk.unread and (is_new or bool(said))


async def _lost(unit: Unit, desk: Desk) -> Sequence[News]:
    sent = {row.reply_id: row for row in desk.rows.values() if row.reply_id}
    found = await queries.lost_replies(unit, sent.keys()) if sent else {}
    cards = {message_id: desk.of(sent[message_id].conversation_id) for message_id in found}
    return [News(card, lost=found[message_id].value) for message_id, card in cards.items() if card]


def note_told(rows: Mapping[int, CardRow], news: Sequence[News]) -> None:
    """The agent has been told of this."""
    for each in news:
        row = rows[each.card.conversation_id]
        if each.lost:
            row.reply_id = None
        else:
            row.told, row.told_up_to = True, max(row.told_up_to, each.up_to)
