"""What comes in: customers' messages, and what they did."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from wxdesk.desk import alerts
from wxdesk.desk.alerts import Raised
from wxdesk.desk.conversations import queries, what_is_said
from wxdesk.desk.conversations.model import Conversation, Direction, Incoming, Message
from wxdesk.desk.events import Happening
from wxdesk.store import Unit

MESSAGE_LASTS = timedelta(hours=8)


async def add_incoming(unit: Unit, lines: Sequence[tuple[Incoming, Conversation | None]]) -> None:
    """Add what came in, each line to the conversation it belongs to, if there is one."""
    await what_is_said.insert_incoming(unit, [message for message, _ in lines])
    written: list[Conversation] = []
    changed: dict[int, Conversation] = {}
    for message, conversation in lines:
        if conversation is None:
            continue
        unit.tell("message", message.id)
        conversation.show(message)
        if message.direction is Direction.IN:
            conversation.unread += 1
            conversation.owed_since = conversation.owed_since or message.sent_at
            conversation.put_off(None, None)
            unit.tell(Happening.RECEIVED, message.id)
            written.append(conversation)
        unit.tell("conversation", conversation.id)
        changed[conversation.id] = conversation
    await queries.update_last_lines(unit, list(changed.values()))
    newest = max((message.received_at for message, _ in lines), default=None)
    if newest is not None:
        await alert_owners(unit, written, newest)


async def alert_owners(unit: Unit, found: Collection[Conversation], now: datetime) -> None:
    """Whoever has these is told that a customer has written."""
    owners = {each.id: each.assignee_id for each in found if each.assignee_id is not None}
    raised = [
        Raised(owner, alerts.Kind.MESSAGE, f"message:{talk_id}", MESSAGE_LASTS, talk_id)
        for talk_id, owner in owners.items()
    ]
    await alerts.raise_all(unit, raised, now=now)


async def add_happening(unit: Unit, conversation: Conversation, line: Message) -> None:
    """Add what a customer did about it, though it may have ended: nobody owes an answer to that."""
    unit.session.add(line)
    await unit.session.flush()
    conversation.show(line)
    unit.tell("message", line.id)
    unit.tell("conversation", conversation.id)


async def adopt_strays(unit: Unit, conversations: Collection[Conversation]) -> None:
    """Show in each conversation what its contact did before it was opened."""
    by_contact = {each.contact_id: each for each in conversations}
    for stray in await what_is_said.find_strays(unit, by_contact.keys()):
        stray.conversation_id = by_contact[stray.contact_id].id
        unit.tell("message", stray.id)
        if stray.direction is Direction.IN:
            unit.tell(Happening.RECEIVED, stray.id)
