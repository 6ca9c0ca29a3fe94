"""Conversations and their messages, and the rules that need only one of them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import flag_modified

from wxdesk.desk.conversations.errors import (
    AlreadyTaken,
    ConversationClosed,
    NotAssigned,
    NothingToResend,
    NotParked,
)
from wxdesk.store import Base, Id

LINE_CHARS = 120
REWRITTEN = "rewritten"
"""In the content of a parked text: it says something else than when it was refused."""


class ConversationState(StrEnum):
    """Where a conversation stands."""

    WAITING = "waiting"  # nobody has taken it
    ACTIVE = "active"
    CLOSED = "closed"


class Direction(StrEnum):
    """Whose line it is."""

    IN = "in"
    OUT = "out"
    NOTE = "note"
    SYSTEM = "system"


class MessageState(StrEnum):
    """How far an own message got."""

    PARKED = "parked"  # it waits until WeChat takes messages again, and somebody sends it
    QUEUED = "queued"
    SENT = "sent"  # WeChat accepted it; it tells no more
    FAILED = "failed"  # it was refused, and the reason is known
    UNCERTAIN = "uncertain"  # the answer was lost: it may have arrived (ADR 5)
    WITHDRAWN = "withdrawn"  # its author took it back before it left; nobody is shown it


PARKED = text("state = 'parked'")
ON_TIMELINE = text("(direction = 'system' OR direction = 'note' OR kind = 'template')")
"""Lines that stand on a customer's timeline; as text, so that the planner knows the index."""

_PROMISED, _NOT_CLOSED = text("due_at IS NOT NULL"), text("state <> 'closed'")
_PUT_OFF = text("snoozed_until IS NOT NULL")
_OWED_NOTHING = text("state = 'active' AND owed_since IS NULL AND rests_since IS NULL")


class Conversation(Base):
    """One visit of a contact, from the first line until an agent closes it.

    Attributes:
        owed_since: When the customer wrote the first message that nobody has answered; what the
            desk says by itself is no answer.
        due_at: By when it is to be answered; ``sla`` keeps it.
        group_id: The group of agents whose conversation it is; None: the whole desk's.
        level_id: The level by which it was promised an answer.
        offered_to: This agent is asked whether they take it, until ``offer_until``.
        rests_since: The customer owes the answer, and has for a while: it takes none of its
            agent's room.
        snoozed_until: Its agent (``snoozed_by``) has put it off until then.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index(None, "state", "waiting_since", "id"),
        Index(None, "state", "last_at", "id"),
        Index(None, "assignee_id", "state", "last_at"),
        Index(None, "assignee_id", "state", "due_at"),
        Index(None, "contact_id", "id"),
        Index("ix_conversations_opened_at", "opened_at", "group_id", "level_id"),
        Index(
            "ix_conversations_silent",
            *("owed_since", "rests_since", "last_at"),
            sqlite_where=_OWED_NOTHING,
            postgresql_where=_OWED_NOTHING,
        ),
        Index(None, "due_at", "id", sqlite_where=_PROMISED, postgresql_where=_PROMISED),
        Index(None, "snoozed_until", sqlite_where=_PUT_OFF, postgresql_where=_PUT_OFF),
        Index(
            "ix_conversations_figures",
            *("level_id", "group_id", "state", "waiting_since", "owed_since", "rests_since"),
            "due_at",
            sqlite_where=_NOT_CLOSED,
            postgresql_where=_NOT_CLOSED,
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[ConversationState]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    unread: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    owed_since: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    group_id: Mapped[int | None]
    level_id: Mapped[int | None]
    rests_since: Mapped[datetime | None]
    offered_to: Mapped[int | None]
    offer_until: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    snoozed_by: Mapped[int | None]
    last_at: Mapped[datetime]
    # the newest line, so that a list needs no other table
    last_message_id: Mapped[int | None]
    last_direction: Mapped[Direction | None]
    last_kind: Mapped[str | None]
    last_text: Mapped[str] = mapped_column(default="")
    last_state: Mapped[MessageState | None]
    last_author_id: Mapped[int | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    def require_open(self) -> None:
        if self.state is ConversationState.CLOSED:
            raise ConversationClosed(f"conversation {self.id} is closed")

    def require_assignee(self, agent_id: int) -> None:
        """Only its owner answers."""
        self.require_open()
        if self.assignee_id != agent_id:
            raise NotAssigned(f"conversation {self.id} is not agent {agent_id}'s")

    def require_takable(self, agent_id: int) -> None:
        """Nobody else has it."""
        self.require_open()
        if self.assignee_id not in (None, agent_id):
            raise AlreadyTaken(f"conversation {self.id} is taken", assignee_id=self.assignee_id)

    def take(self, agent_id: int) -> None:
        """Become its owner; taking it twice changes nothing."""
        self.require_takable(agent_id)
        self.give(agent_id)

    def give(self, agent_id: int) -> None:
        """Make somebody its owner, whoever had it before."""
        self.require_open()
        self.assignee_id = agent_id
        self.state = ConversationState.ACTIVE
        self.waiting_since = self.rests_since = None
        self.offer(None, None)
        self.put_off(None, None)

    def put_off(self, agent_id: int | None, until: datetime | None) -> None:
        """Its agent comes back to it then; None: it is not put off, or not any more."""
        self.snoozed_by, self.snoozed_until = agent_id, until

    def come_back(self) -> None:
        """What was put off is to be looked at: it counts as unread."""
        self.put_off(None, None)
        self.unread = max(self.unread, 1)

    def offer(self, agent_id: int | None, until: datetime | None) -> None:
        """Somebody is asked whether they take it; None: nobody is any more."""
        self.offered_to, self.offer_until = agent_id, until

    def put_back(self, since: datetime) -> None:
        """It waits for somebody again, since then."""
        self.require_open()
        self.assignee_id = None
        self.state = ConversationState.WAITING
        self.waiting_since, self.rests_since = since, None
        self.put_off(None, None)

    def touch(self) -> None:
        """What is shown of it has changed, though none of its columns has."""
        flag_modified(self, "assignee_id")

    def close(self, now: datetime) -> None:
        self.require_open()
        self.state = ConversationState.CLOSED
        self.closed_at = now
        self.waiting_since = self.rests_since = None
        self.offer(None, None)
        self.put_off(None, None)
        self.unread = 0

    def forget_last(self) -> None:
        """Its newest line is shown no more; the one before it is to be shown again."""
        self.last_message_id = self.last_direction = self.last_kind = None
        self.last_state = self.last_author_id = None
        self.last_text = ""

    def show(self, message: "Message | Incoming") -> None:
        """Make it the line that lists show, unless a newer one is there."""
        shown = self.last_message_id
        if shown is not None and (message.sent_at, message.id) < (self.last_at, shown):
            return
        self.last_at = message.sent_at
        self.last_message_id = message.id
        self.last_direction = message.direction
        self.last_kind = message.kind
        self.last_text = message.text[:LINE_CHARS]
        self.last_state = message.state
        self.last_author_id = message.author_id


@dataclass
class Incoming:
    """A line that came in, before it is a ``Message``: an object of the ORM costs more to make.

    Its facts have the names of the columns; its id is given when it is inserted.
    """

    conversation_id: int | None
    contact_id: int
    push_id: int
    direction: Direction
    kind: str
    text: str
    content: dict[str, Any]
    sent_at: datetime
    received_at: datetime
    id: int = field(init=False)
    state: ClassVar[None] = None
    author_id: ClassVar[None] = None


class Message(Base):
    """One line of a contact's thread: a message of either side, a note, or what happened.

    Attributes:
        held_until: Until then its author can take it back.
        joined_to: The message as whose next line it leaves.
        place: Among the parked ones, the order in which they are to be sent.
        told_agent_id: It stands in no thread: the desk told this agent, in a chat of their own.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id"),
        Index(None, "conversation_id", "sent_at", "id"),
        Index(None, "contact_id", "conversation_id"),
        Index("ix_messages_parked", "contact_id", sqlite_where=PARKED, postgresql_where=PARKED),
        Index(None, "joined_to"),
        Index(
            "ix_messages_timeline",
            *("contact_id", "sent_at", "id"),
            sqlite_where=ON_TIMELINE,
            postgresql_where=ON_TIMELINE,
        ),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    push_id: Mapped[int | None] = mapped_column(unique=True)
    direction: Mapped[Direction]
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[MessageState | None]
    reason: Mapped[str | None]
    errcode: Mapped[int | None]
    client_id: Mapped[str | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    held_until: Mapped[datetime | None]
    joined_to: Mapped[int | None]
    place: Mapped[float | None]
    told_agent_id: Mapped[int | None]
    sent_at: Mapped[datetime]  # WeChat's time for what came in, ours for the rest
    received_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_shown(self) -> bool:
        return self.state not in (MessageState.PARKED, MessageState.WITHDRAWN)

    @property
    def leader_id(self) -> int:
        """The message whose deliveries say how far this one got."""
        return self.joined_to or self.id

    def requeue(self) -> None:
        """Put it on its way once more."""
        if self.state not in (MessageState.FAILED, MessageState.UNCERTAIN):
            raise NothingToResend(f"message {self.id} needs no sending")
        self.state, self.reason, self.errcode = MessageState.QUEUED, None, None

    def unpark(self, sent_at: datetime) -> None:
        """Put it on its way, as if it were written now."""
        self.state, self.reason, self.errcode = MessageState.QUEUED, None, None
        self.place, self.sent_at = None, sent_at

    def rewrite(self, text: str) -> None:
        """Let it say something else than what may have been on its way already."""
        self.text = text
        self.content = self.content | {REWRITTEN: True}

    def park(self, place: float) -> None:
        """Keep it for the day when WeChat takes messages again."""
        self.state, self.place, self.held_until = MessageState.PARKED, place, None

    def require_parked(self) -> None:
        if self.state is not MessageState.PARKED:
            raise NotParked(f"message {self.id} is not parked")
