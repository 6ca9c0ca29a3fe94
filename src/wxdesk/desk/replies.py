"""Agents' replies: from the browser to the outbox, in one unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wxdesk.desk import contacts, conversations, media, outbox
from wxdesk.desk.conversations import Message
from wxdesk.desk.media import As, File
from wxdesk.errors import Invalid
from wxdesk.store import Unit
from wxdesk.wechat import split_text


class MediaUnusable(Invalid):
    """A file of the reply is gone, or WeChat would not take it; ``problem`` says why."""

    code = "media_unusable"


@dataclass(frozen=True, slots=True)
class Reply:
    """What an agent answers.

    Attributes:
        kind: WeChat's name of this kind of message, or ``template``.
        text: What lists and searches show of it; the text itself, where it is one.
        content: The rest of its words, as messages show them and deliveries hold them.
        files: What it shows, by role; a video shows itself where it has no ``thumb``.
    """

    kind: str
    text: str
    content: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)


async def send(
    unit: Unit, *, conversation_id: int, agent_id: int, reply: Reply, client_id: str, now: datetime
) -> Message:
    """Record an agent's reply and put it on its way, in several parts where it is too long.

    The message, its deliveries and the events that tell the browsers are written in the
    caller's unit: all of them come to be, or none. Sending again under the same ``client_id``
    changes nothing and returns the first message.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: Another agent holds it, or none does.
        ConversationClosed: It has ended.
        MediaUnusable: A file of it is gone, or is none that WeChat takes.
    """
    conversation = await conversations.get(unit, conversation_id)
    known = await conversations.find_by_client_id(unit, conversation_id, client_id)
    if known:
        return known
    conversation.require_assignee(agent_id)
    files = await _files(unit, reply)
    message = await conversations.add_outgoing(
        unit,
        conversation,
        agent_id=agent_id,
        kind=reply.kind,
        text=reply.text,
        content={**reply.content, **{role: file.facts for role, file in files.items()}},
        client_id=client_id,
        now=now,
    )
    contact = (await contacts.by_ids(unit, {conversation.contact_id}))[conversation.contact_id]
    await media.attach(unit, message.id, contact.account_id, files, now=now)
    outbox.enqueue(
        unit,
        message,
        _parts(reply),
        account_id=contact.account_id,
        openid=contact.openid,
        now=now,
    )
    return message


async def send_text(
    unit: Unit, *, conversation_id: int, agent_id: int, text: str, client_id: str, now: datetime
) -> Message:
    """Answer in words; see ``send``."""
    return await send(
        unit,
        conversation_id=conversation_id,
        agent_id=agent_id,
        reply=Reply("text", text),
        client_id=client_id,
        now=now,
    )


async def resend(unit: Unit, *, message_id: int, agent_id: int, now: datetime) -> Message:
    """Send a message again, on an agent's word, that failed or may not have arrived.

    Raises:
        NotFound: There is no such message.
        NotAssigned: The conversation is somebody else's.
        NothingToResend: It is on its way, or has arrived.
    """
    message = await conversations.requeue(unit, message_id, agent_id=agent_id)
    await outbox.enqueue_again(unit, message, now=now)
    return message


def _parts(reply: Reply) -> Sequence[Mapping[str, Any]]:
    """What the deliveries hold; see ``outbox.compose``."""
    if reply.kind == "text":
        return [{"text": part} for part in split_text(reply.text)]
    return [{**reply.content, **_shown(reply)}]


def _shown(reply: Reply) -> Mapping[str, int]:
    """The files of a reply; WeChat wants a picture in front of every video."""
    if reply.kind == "video":
        return {"thumb": reply.files["media"], **reply.files}
    return reply.files


async def _files(unit: Unit, reply: Reply) -> dict[str, File]:
    """The files a reply shows, by role, all of which WeChat takes."""
    shown = _shown(reply)
    found = await media.files_by_ids(unit, set(shown.values()))
    for needed in outbox.files_of(reply.kind, shown):
        file = found.get(needed.file_id)
        problem = media.problem_with(file, As(needed.kind)) if file else "gone"
        if problem:
            raise MediaUnusable(
                f"media {needed.file_id} is no {needed.kind} that WeChat takes: {problem}",
                media=needed.file_id,
                role=needed.role,
                problem=str(problem),
            )
    return {role: found[file_id] for role, file_id in reply.files.items()}
