"""What happens to conversations. Each verb changes rows and tells events; none commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from wxdesk.desk import alerts
from wxdesk.desk.alerts import Raised
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import queries
from wxdesk.desk.conversations.errors import NotParked
from wxdesk.desk.conversations.model import (
    Conversation,
    ConversationState,
    Direction,
    Message,
    MessageState,
)
from wxdesk.desk.events import Happening
from wxdesk.store import Unit

HANDED_OVER = "handed_over"
"""The line that says that somebody gave it to a colleague, or to a group."""

_OUTCOMES = {
    MessageState.SENT: Happening.SENT,
    MessageState.FAILED: Happening.FAILED,
    MessageState.UNCERTAIN: Happening.UNCERTAIN,
}
MESSAGE_LASTS = timedelta(hours=8)


class Opening(NamedTuple):
    """A conversation that is to be opened, with the group and the level it belongs to."""

    contact: Contact
    group_id: int | None = None
    level_id: int | None = None


async def open(  # noqa: A001  the field's verb
    unit: Unit, openings: Collection[Opening], *, now: datetime
) -> list[Conversation]:
    """Open a conversation for each of these contacts, who have none; each waits for an agent."""
    previous = await queries.last_ids(unit, [each.contact.id for each in openings])
    conversations = [
        Conversation(
            account_id=contact.account_id,
            contact_id=contact.id,
            previous_id=previous.get(contact.id),
            group_id=group_id,
            level_id=level_id,
            state=ConversationState.WAITING,
            unread=0,
            last_text="",
            opened_at=now,
            waiting_since=now,
            last_at=now,
        )
        for contact, group_id, level_id in openings
    ]
    await queries.insert_opened(unit, conversations)
    await queries.move_parked(unit, {each.contact_id: each.id for each in conversations})
    for each in conversations:
        unit.tell(Happening.OPENED, each.id)
    return conversations


async def adopt_strays(unit: Unit, conversations: Collection[Conversation]) -> None:
    """Show in each conversation what its contact did before it was opened."""
    by_contact = {each.contact_id: each for each in conversations}
    for stray in await queries.find_strays(unit, by_contact.keys()):
        stray.conversation_id = by_contact[stray.contact_id].id
        unit.tell("message", stray.id)
        if stray.direction is Direction.IN:
            unit.tell(Happening.RECEIVED, stray.id)


async def add_incoming(unit: Unit, lines: Sequence[tuple[Message, Conversation | None]]) -> None:
    """Add what came in, each line to the conversation it belongs to, if there is one."""
    await queries.insert_incoming(unit, [message for message, _ in lines])
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


async def give(
    unit: Unit,
    conversation: Conversation,
    *,
    agent_id: int,
    now: datetime,
    kind: str = "assigned",
    content: Mapping[str, Any] | None = None,
) -> None:
    """Make somebody its owner; a small line says so."""
    conversation.give(agent_id)
    line = await _note(unit, conversation, kind, agent_id=agent_id, now=now, content=content)
    unit.tell(Happening.ASSIGNED, line.id)
    await alerts.look_again(unit, conversation.id)


async def put_back(
    unit: Unit,
    conversation: Conversation,
    *,
    since: datetime,
    now: datetime,
    agent_id: int | None = None,
    kind: str = "put_back",
    content: Mapping[str, Any] | None = None,
) -> None:
    """Let it wait for somebody again, since then."""
    conversation.put_back(since)
    line = await _note(unit, conversation, kind, agent_id=agent_id, now=now, content=content)
    unit.tell(Happening.TRANSFERRED if kind == HANDED_OVER else Happening.QUEUED, line.id)
    await alerts.look_again(unit, conversation.id)


async def pass_on(
    unit: Unit,
    conversation: Conversation,
    *,
    agent_id: int,
    now: datetime,
    content: Mapping[str, Any],
) -> None:
    """Somebody has meant it for others while it waits; a small line says so."""
    line = await _note(unit, conversation, HANDED_OVER, agent_id=agent_id, now=now, content=content)
    unit.tell(Happening.TRANSFERRED, line.id)


def set_rest(unit: Unit, conversation: Conversation, since: datetime | None) -> None:
    """The customer has owed the answer for a while; None: not any more."""
    conversation.rests_since = since
    unit.tell("conversation", conversation.id)


async def end(
    unit: Unit,
    conversation: Conversation,
    *,
    agent_id: int | None,
    now: datetime,
    kind: str = "closed",
    content: Mapping[str, Any] | None = None,
) -> None:
    """End it, by somebody's word, or by nobody's."""
    conversation.close(now)
    line = await _note(unit, conversation, kind, agent_id=agent_id, now=now, content=content)
    unit.tell(Happening.CLOSED, line.id)
    await alerts.look_again(unit, conversation.id)


async def close(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int,
    may_close_any: bool,
    now: datetime,
    reason: str = "",
) -> Conversation:
    """End a conversation: its owner, or whoever may end any; a reason is told to those who read.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: It is somebody else's.
        ConversationClosed: It has ended already.
    """
    conversation = await queries.get(unit, conversation_id)
    if not may_close_any:
        conversation.require_assignee(agent_id)
    content = {"reason": reason} if reason else None
    await end(unit, conversation, agent_id=agent_id, now=now, content=content)
    return conversation


async def set_due(unit: Unit, due: Sequence[tuple[Conversation, datetime | None]]) -> None:
    """Show by when these are to be answered; one statement for those the intake has written."""
    changed = [each for each in due if each[0].due_at != each[1]]
    for conversation, due_at in changed:
        conversation.due_at = due_at
        unit.tell("conversation", conversation.id)
    await queries.update_due(unit, [each for each, _ in changed if each not in unit.session])


async def mark_read(unit: Unit, conversation_id: int, *, agent_id: int, up_to: int) -> None:
    """Note that its owner has read up to a message; anybody else's reading changes nothing."""
    conversation = await queries.get(unit, conversation_id)
    newest = conversation.last_message_id or 0
    if conversation.assignee_id == agent_id and conversation.unread and up_to >= newest:
        conversation.unread = 0
        unit.tell("conversation", conversation.id)
        await alerts.look_again(unit, conversation.id)


async def add_outgoing(
    unit: Unit,
    conversation: Conversation | None,
    *,
    contact_id: int,
    agent_id: int | None,
    kind: str,
    text: str,
    client_id: str | None,
    now: datetime,
    content: Mapping[str, Any] | None = None,
    held_until: datetime | None = None,
) -> Message:
    """Add an own message, queued: an agent's, or one that the desk sends by itself.

    Args:
        unit: Of whoever sends.
        conversation: Where it stands; None while the contact has none open.
        contact_id: To whom.
        agent_id: Whose; None: the desk's own.
        kind: WeChat's name of it.
        text: What lists and searches show of it.
        client_id: The browser's name for it.
        now: When.
        content: The rest of what it shows.
        held_until: Until then it can be taken back.
    """
    message = Message(
        conversation_id=conversation.id if conversation else None,
        contact_id=contact_id,
        direction=Direction.OUT,
        kind=kind,
        text=text,
        content=dict(content or {}),
        state=MessageState.QUEUED,
        client_id=client_id,
        author_id=agent_id,
        held_until=held_until,
        sent_at=whole_second(now),
        received_at=now,
    )
    unit.session.add(message)
    await unit.session.flush()
    if conversation:
        conversation.show(message)
        if agent_id is not None:
            conversation.owed_since = None
        unit.tell("message", message.id)
        unit.tell("conversation", conversation.id)
    return message


async def add_own(
    unit: Unit, lines: Sequence[tuple[Message, Conversation | None]], *, now: datetime
) -> None:
    """Add what the desk says by itself, each line where it stands: that is no answer to anybody.

    It never stands before what it follows, whatever the clocks say.
    """
    for message, conversation in lines:
        message.direction, message.received_at = Direction.OUT, now
        message.sent_at = whole_second(now)
        if conversation:
            message.conversation_id = conversation.id
            message.sent_at = max(message.sent_at, conversation.last_at)
    unit.session.add_all(message for message, _ in lines)
    await unit.session.flush()
    for message, conversation in lines:
        if conversation:
            conversation.show(message)
            unit.tell("message", message.id)
            unit.tell("conversation", conversation.id)


async def record_outcome(
    unit: Unit,
    message_id: int,
    state: MessageState,
    *,
    reason: str | None = None,
    errcode: int | None = None,
) -> None:
    """Note how far an own message got."""
    conversation = await queries.lock_of_message(unit, message_id)
    message = await queries.get_message(unit, message_id)
    if conversation and message.state is not state and state in _OUTCOMES:
        unit.tell(_OUTCOMES[state], message.id)
    message.state, message.reason, message.errcode = state, reason, errcode
    if state is MessageState.FAILED and conversation:
        await _count_owed(unit, conversation)
    _tell_state(unit, conversation, message)


async def park(
    unit: Unit, message_id: int, *, reason: str | None = None, errcode: int | None = None
) -> None:
    """Take a message out of the thread until WeChat takes messages again; see ``requeue``."""
    conversation = await queries.lock_of_message(unit, message_id)
    message = await queries.get_message(unit, message_id)
    message.park(await queries.last_place(unit, message.contact_id) + 1)
    message.reason, message.errcode = reason, errcode
    await _hide(unit, conversation, message)


async def park_unsent(
    unit: Unit, message_id: int, *, reason: str | None, errcode: int | None
) -> None:
    """Park a message that WeChat would not take; what the desk sent by itself has failed."""
    if (await queries.get_message(unit, message_id)).author_id is None:
        await record_outcome(unit, message_id, MessageState.FAILED, reason=reason, errcode=errcode)
    else:
        await park(unit, message_id, reason=reason, errcode=errcode)


async def change_parked(
    unit: Unit, message_id: int, *, text: str | None = None, before_id: int | None = None
) -> Message:
    """Write a parked text anew, or move it before another parked message.

    Raises:
        NotFound: There is no such message.
        NotParked: It is not parked, or has no text of its own.
    """
    message = await queries.get_message(unit, message_id)
    message.require_parked()
    if text is not None:
        if message.kind != "text":
            raise NotParked("only texts can be written anew", kind=message.kind)
        message.rewrite(text)
    if before_id is not None:
        message.place = await queries.place_before(unit, message.contact_id, before_id)
    await unit.session.flush()
    unit.tell("message", message.id)
    return message


async def merge_lines(unit: Unit, message_ids: Sequence[int]) -> None:
    """Make lines that were to leave as one message one parked text."""
    first, *others = [await queries.get_message(unit, each) for each in message_ids]
    first.rewrite("\n".join([first.text, *(other.text for other in others)]))
    for other in others:
        other.joined_to = None
        await withdraw(unit, other)


async def hold(unit: Unit, message_ids: Sequence[int], *, until: datetime) -> None:
    """These messages can be taken back until then."""
    for message in await queries.messages_by_ids(unit, message_ids):
        message.held_until = until
        unit.tell("message", message.id)


async def withdraw(unit: Unit, message: Message) -> None:
    """Nobody is shown a message any more: it was taken back before it left, or thrown away."""
    conversation = await queries.lock_of_message(unit, message.id)
    message.state, message.held_until, message.place = MessageState.WITHDRAWN, None, None
    await _hide(unit, conversation, message)


async def _hide(unit: Unit, conversation: Conversation | None, message: Message) -> None:
    await unit.session.flush()
    if conversation is None:
        return
    unit.tell("message", message.id)
    if conversation.last_message_id == message.id:
        conversation.forget_last()
        if newest := await queries.newest_message(unit, conversation.id):
            conversation.show(newest)
    await _count_owed(unit, conversation)
    unit.tell("conversation", conversation.id)


async def _count_owed(unit: Unit, conversation: Conversation) -> None:
    """What was to be an answer is none: since when the customer has waited for one."""
    await unit.session.flush()
    owed = await queries.first_unanswered(unit, conversation.id)
    if owed != conversation.owed_since:
        conversation.owed_since = owed
        unit.tell("conversation", conversation.id)


async def add_content(unit: Unit, message_id: int, **facts: Any) -> None:
    """Note more of what a message shows: a picture that has come, the outcome of a job.

    Raises:
        NotFound: There is no such message.
    """
    message = await queries.get_message(unit, message_id)
    message.content = message.content | facts
    if message.conversation_id is not None:
        unit.tell("message", message.id)


async def requeue(unit: Unit, message_id: int) -> Message:
    """Let a message be sent again that failed or may not have arrived.

    Raises:
        NothingToResend: It is on its way, or has arrived.
    """
    conversation = await queries.lock_of_message(unit, message_id)
    message = await queries.get_message(unit, message_id)
    message.requeue()
    if conversation and message.author_id is not None:
        conversation.owed_since = None
    _tell_state(unit, conversation, message)
    return message


async def unpark(unit: Unit, message: Message, *, now: datetime) -> None:
    """Show a parked message in the thread again, on its way."""
    conversation = await queries.lock_of_message(unit, message.id)
    message.unpark(whole_second(now))
    await unit.session.flush()
    if conversation:
        conversation.owed_since = None
        conversation.show(message)
        unit.tell("message", message.id)
        unit.tell("conversation", conversation.id)


def _tell_state(unit: Unit, conversation: Conversation | None, message: Message) -> None:
    if conversation is None:
        return
    unit.tell("message", message.id)
    if conversation.last_message_id == message.id:
        conversation.last_state = message.state
        unit.tell("conversation", conversation.id)


async def add_note(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int,
    text: str,
    now: datetime,
    kind: str = "note",
    content: Mapping[str, Any] | None = None,
    client_id: str | None = None,
) -> Message:
    """Add what only those at the desk read: it is no answer, and no last line of lists.

    Raises:
        NotFound: There is no such conversation.
        ConversationClosed: It has ended.
    """
    conversation = await queries.get(unit, conversation_id)
    conversation.require_open()
    note = Message(
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        direction=Direction.NOTE,
        kind=kind,
        text=text,
        content=dict(content or {}),
        client_id=client_id,
        author_id=agent_id,
        sent_at=whole_second(now),
        received_at=now,
    )
    unit.session.add(note)
    await unit.session.flush()
    unit.tell("message", note.id)
    unit.tell("conversation", conversation.id)
    return note


async def tell_act(
    unit: Unit,
    conversation: Conversation,
    kind: str,
    *,
    agent_id: int,
    now: datetime,
    reason: str = "",
) -> None:
    """Say in the thread what somebody did with it, and why; its copies are old from now on."""
    conversation.touch()
    content = {"reason": reason} if reason else None
    await _note(unit, conversation, kind, agent_id=agent_id, now=now, content=content)


async def _note(
    unit: Unit,
    conversation: Conversation,
    kind: str,
    *,
    agent_id: int | None,
    now: datetime,
    content: Mapping[str, Any] | None = None,
) -> Message:
    """A small line in the thread: who did what."""
    line = Message(
        content=dict(content or {}),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        direction=Direction.SYSTEM,
        kind=kind,
        author_id=agent_id,
        sent_at=whole_second(now),
        received_at=now,
    )
    unit.session.add(line)
    await unit.session.flush()
    unit.tell("message", line.id)
    unit.tell("conversation", conversation.id)
    return line


def whole_second(now: datetime) -> datetime:
    """Our time as coarse as WeChat's: what falls into one second stays in order of arrival."""
    return now.replace(microsecond=0)
