"""What the desk says by itself: nobody's answer, many at once, each in few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from wxdesk.desk import conversations, media, outbox
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, Message, MessageState
from wxdesk.desk.media import File
from wxdesk.desk.replies.reply import Reply, check_files, parts_of
from wxdesk.store import Unit


class Slot(NamedTuple):
    """The push whose answer may carry a message, and until when it is waited for."""

    push_id: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One message of the desk's own.

    Attributes:
        contact: To whom; locked.
        conversation: Where it stands, locked; None while the contact has none.
        reply: What it says.
        files: Of what it shows, those that are there; see ``files_for``.
        marks: What its content says beside, for those who read along: which rule it is of.
        slot: The answer that may carry its first part.
        passive_only: That does, or nothing of it leaves.
        unsent: It is not even tried, for this reason, which the thread tells.
        told_agent_id: The contact is this agent, who is told in a chat of their own.
    """

    contact: Contact
    conversation: Conversation | None
    reply: Reply
    files: Mapping[int, File] = field(default_factory=dict)
    marks: Mapping[str, Any] = field(default_factory=dict)
    slot: Slot | None = None
    passive_only: bool = False
    unsent: str | None = None
    told_agent_id: int | None = None


async def files_for(unit: Unit, replies: Iterable[Reply]) -> Mapping[int, File]:
    """The files that any of these shows; no statement where none shows any."""
    ids = {file_id for reply in replies for file_id in reply.files.values()}
    return await media.files_by_ids(unit, ids) if ids else {}


async def say(unit: Unit, sayings: Sequence[Own], *, now: datetime) -> Sequence[Message]:
    """Add the messages where they stand, and put them on their way.

    Raises:
        MediaUnusable: A file is gone. Whoever says something looks before.
    """
    shown = [check_files(own.reply, own.files) for own in sayings]
    messages = [_message(own, files) for own, files in zip(sayings, shown, strict=True)]
    placed = [(message, own.conversation) for message, own in zip(messages, sayings, strict=True)]
    await conversations.add_own(unit, placed, now=now)
    for message, own, files in zip(messages, sayings, shown, strict=True):
        await media.attach(unit, message.id, own.contact.account_id, files, now=now)
        await _put_on_its_way(unit, own, message, now)
    return messages


def _message(own: Own, files: Mapping[str, File]) -> Message:
    shown = {role: file.facts for role, file in files.items()}
    return Message(
        contact_id=own.contact.id,
        kind=own.reply.kind,
        text=own.reply.text,
        content={**own.reply.content, **shown, **own.marks},
        state=MessageState.FAILED if own.unsent else MessageState.QUEUED,
        reason=own.unsent,
        told_agent_id=own.told_agent_id,
    )


async def _put_on_its_way(unit: Unit, own: Own, message: Message, now: datetime) -> None:
    parts = parts_of(message)
    if own.unsent:
        outbox.note_unsent(unit, own.contact, message, parts, why=own.unsent, now=now)
        return
    needed = outbox.files_of(message.kind, parts[0])
    ids = {each.file_id for each in needed}
    copies = await media.find_copies(unit, own.contact.account_id, ids) if ids else {}
    outbox.enqueue(
        unit,
        own.contact,
        message,
        parts,
        now=now,
        due_at=own.slot.until if own.slot else None,
        push_id=own.slot.push_id if own.slot else None,
        passive_only=own.passive_only,
        held_until=outbox.held_until(needed, copies),
    )
