"""The conversations that agents have: open, offered or parked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wxdesk.desk.routing.snapshot import Id, Waiting


class State(StrEnum):
    """Of a conversation that somebody has."""

    OFFERED = "offered"
    ACTIVE = "active"
    PARKED = "parked"  # the ball is with the customer: it takes no room


@dataclass(slots=True)
class Chat:
    """A conversation that an agent has.

    Attributes:
        waiting: As it waited.
        offer: Tells this time from others that the same agent had it.
        unanswered_since: The oldest message without an answer; None: all are answered.
        replied: Whether a person has ever answered.
        sender: The agent who handed it over, and has it back if it is not accepted.
    """

    waiting: Waiting
    agent: Id
    state: State
    offer: int
    unanswered_since: datetime | None
    replied: bool = False
    sender: Id | None = None


class Chats:
    """Chats by conversation and by agent."""

    def __init__(self) -> None:
        self._chats: dict[Id, Chat] = {}
        self._of: dict[Id, dict[Id, None]] = {}

    def __iter__(self) -> Iterator[Chat]:
        return iter(self._chats.values())

    def get(self, conversation: Id) -> Chat | None:
        return self._chats.get(conversation)

    def add(self, chat: Chat) -> None:
        self._chats[chat.waiting.id] = chat
        self._of.setdefault(chat.agent, {})[chat.waiting.id] = None

    def take(self, conversation: Id) -> Chat:
        chat = self._chats.pop(conversation)
        del self._of[chat.agent][conversation]
        return chat

    def of(self, agent: Id) -> list[Chat]:
        return [self._chats[each] for each in self._of.get(agent, ())]
