"""What agents are shown of who waits: by a blind plan (盲抢) nothing but the level and how long.

Whoever is asked whether they take somebody sees them; supervisors see all.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from wxdesk.desk.conversations import Conversation, ConversationState, Message
from wxdesk.desk.media import Attachment
from wxdesk.desk.routing import terms
from wxdesk.errors import Forbidden
from wxdesk.store import Unit


class Hidden(Forbidden):
    """Who waits there, and what they wrote, is not shown until somebody takes it."""

    code = "hidden"


@dataclass(frozen=True, slots=True)
class Sight:
    """Of one agent.

    Attributes:
        blind: Who waits is not shown to them.
    """

    agent_id: int
    blind: bool

    def hides(self, conversation: Conversation) -> bool:
        waits = conversation.state is ConversationState.WAITING
        return self.blind and waits and conversation.offered_to != self.agent_id

    def require(self, conversation: Conversation) -> None:
        if self.hides(conversation):
            raise Hidden(f"who waits in conversation {conversation.id} is not shown")

    @property
    def rule(self) -> ColumnElement[bool]:
        """Of conversations: those that are not hidden."""
        return or_(
            Conversation.state != ConversationState.WAITING,
            Conversation.offered_to == self.agent_id,
        )


async def is_blind(unit: Unit) -> bool:
    return (await terms.plan_in_force(unit)).blind


async def sight_of(unit: Unit, agent_id: int, *, chooses: bool) -> Sight:
    """What an agent may see; no statement for those who choose whom they like, supervisors."""
    return Sight(agent_id, not chooses and await is_blind(unit))


async def require_contact(unit: Unit, sight: Sight, contact_id: int) -> None:
    """Raise where a contact waits whom this agent may not see."""
    if await hidden_of(unit, sight, [contact_id]):
        raise Hidden(f"contact {contact_id} waits, and is not shown")


async def hidden_of(unit: Unit, sight: Sight, contact_ids: Collection[int]) -> Collection[int]:
    """Those of the contacts who wait and are not shown to this agent."""
    if not sight.blind:
        return ()
    waiting = await waiting_of(unit, contact_ids)
    return {contact_id for contact_id, asked in waiting.items() if asked != sight.agent_id}


async def waiting_of(unit: Unit, contact_ids: Collection[int]) -> Mapping[int, int | None]:
    """Those of the contacts who wait, with who is asked whether they take them, if anybody is."""
    query = select(Conversation.contact_id, Conversation.offered_to).where(
        Conversation.contact_id.in_(contact_ids),
        Conversation.state == ConversationState.WAITING,
    )
    return {row[0]: row[1] for row in await unit.session.execute(query)}


async def require_file(unit: Unit, sight: Sight, file_id: int) -> None:
    """Raise where a file was only sent by customers whom this agent may not see."""
    if not sight.blind:
        return
    shows = (
        select(Conversation.id, sight.rule)
        .join(Message, Message.conversation_id == Conversation.id)
        .join(Attachment, Attachment.message_id == Message.id)
        .where(Attachment.file_id == file_id)
    )
    found = [row[1] for row in await unit.session.execute(shows)]
    if found and not any(found):
        raise Hidden(f"file {file_id} is of somebody who waits")
