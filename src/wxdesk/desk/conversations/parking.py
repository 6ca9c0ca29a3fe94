"""Agents' messages that wait until WeChat takes messages to their contact again."""

from collections.abc import Sequence
from datetime import datetime

from wxdesk.desk.conversations import queries, what_is_parked, what_is_said
from wxdesk.desk.conversations.errors import NotParked
from wxdesk.desk.conversations.lines import whole_second
from wxdesk.desk.conversations.model import Message, MessageState
from wxdesk.desk.conversations.outgoing import hide, record_outcome, withdraw
from wxdesk.store import Unit


async def park(
    unit: Unit, message_id: int, *, reason: str | None = None, errcode: int | None = None
) -> None:
    """Take a message out of the thread until WeChat takes messages again; see ``unpark``."""
    conversation = await queries.lock_of_message(unit, message_id)
    message = await what_is_said.get_message(unit, message_id)
    message.park(await what_is_parked.last_place(unit, message.contact_id) + 1)
    message.reason, message.errcode = reason, errcode
    await hide(unit, conversation, message)


async def park_unsent(
    unit: Unit, message_id: int, *, reason: str | None, errcode: int | None
) -> None:
    """Park a message that WeChat would not take; what the desk sent by itself has failed."""
    if (await what_is_said.get_message(unit, message_id)).author_id is None:
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
    message = await what_is_said.get_message(unit, message_id)
    message.require_parked()
    if text is not None:
        if message.kind != "text":
            raise NotParked("only texts can be written anew", kind=message.kind)
        message.rewrite(text)
    if before_id is not None:
        message.place = await what_is_parked.place_before(unit, message.contact_id, before_id)
    await unit.session.flush()
    unit.tell("message", message.id)
    return message


async def merge_lines(unit: Unit, message_ids: Sequence[int]) -> None:
    """Make lines that were to leave as one message one parked text."""
    first, *others = [await what_is_said.get_message(unit, each) for each in message_ids]
    first.rewrite("\n".join([first.text, *(other.text for other in others)]))
    for other in others:
        other.joined_to = None
        await withdraw(unit, other)


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
