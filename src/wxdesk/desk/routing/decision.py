"""What was decided, with all that explains it: what is kept with an assignment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from wxdesk.desk.routing import order
from wxdesk.desk.routing.eligible import Obstacle, is_own_work
from wxdesk.desk.routing.order import Band
from wxdesk.desk.routing.snapshot import Agent, Id, Moment, Waiting


class Rule(StrEnum):
    """What decided."""

    STICKY = "sticky"  # the agent the customer knows
    FREE = "free"  # an agent with room was there
    ORDER = "order"  # an agent got room, and this one was first
    HELD = "held"  # kept for the agent the customer knows
    NOBODY = "nobody"  # nobody can take it now; or the agent can take none
    DIRECT = "direct"  # handed to this agent by another
    TAKEN = "taken"  # by the agent's own hand
    RETURNED = "returned"  # back to its agent, who kept it while the customer was silent


@dataclass(frozen=True, slots=True)
class Turn:
    """A conversation as the order saw it."""

    conversation: Id
    rank: int
    band: Band
    waiting_since: datetime
    due_at: datetime

    @classmethod
    def of(cls, waiting: Waiting, moment: Moment) -> "Turn":
        return cls(
            waiting.id,
            waiting.rank,
            order.band(waiting, moment),
            waiting.waiting_since,
            waiting.promise.due_at,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "conversation": self.conversation,
            "rank": self.rank,
            "band": self.band.value,
            "waiting_since": self.waiting_since.isoformat(),
            "due_at": self.due_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Room:
    """An agent as the choice saw them: with the load that the conversation would make."""

    agent: Id
    load: int
    capacity: int
    is_helper: bool = False

    @classmethod
    def of(cls, agent: Agent, waiting: Waiting) -> "Room":
        load = agent.load + waiting.weight
        return cls(agent.id, load, agent.capacity, not is_own_work(agent, waiting))

    def as_json(self) -> dict[str, Any]:
        return {
            "agent": self.agent,
            "load": self.load,
            "capacity": self.capacity,
            "is_helper": self.is_helper,
        }


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A candidate that was not eligible: an agent, or where an agent looked, a conversation."""

    id: Id
    obstacle: Obstacle

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "reason": self.obstacle.reason.value, "of": self.obstacle.of}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, with all that explains it.

    Attributes:
        rule: What decided.
        at: When.
        turn: The conversation; None where an agent found none.
        room: The agent; None where none was found.
        next_turn: Who would have been served instead, where an agent looked.
        next_room: Who would have served instead, where a conversation looked.
        since_a: The desk's counter before it.
        held_until: By the rule HELD.
        passed_over: The first of those who were not eligible.
        passed_over_count: All of them.
    """

    rule: Rule
    at: datetime
    turn: Turn | None = None
    room: Room | None = None
    next_turn: Turn | None = None
    next_room: Room | None = None
    since_a: int = 0
    held_until: datetime | None = None
    passed_over: tuple[PassedOver, ...] = ()
    passed_over_count: int = 0

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the assignment."""
        return {
            "rule": self.rule.value,
            "at": self.at.isoformat(),
            "turn": self.turn and self.turn.as_json(),
            "room": self.room and self.room.as_json(),
            "next_turn": self.next_turn and self.next_turn.as_json(),
            "next_room": self.next_room and self.next_room.as_json(),
            "since_a": self.since_a,
            "held_until": self.held_until and self.held_until.isoformat(),
            "passed_over": [one.as_json() for one in self.passed_over],
            "passed_over_count": self.passed_over_count,
        }
