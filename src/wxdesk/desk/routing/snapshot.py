"""What a decision is made from: conversations that wait and agents, as they are at one moment.

A database fills these in, or the floor of the lab; a decision reads nothing else. Of a line of
conversations (the same need, wish, rank and target) only the head is ever needed: inside it,
whoever began to wait first is first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from wxdesk.desk.routing.promise import Promise, Target

Id: TypeAlias = int | str
"""Of a conversation, an agent or a group: the desk's are numbers, those of the lab are names."""


class Presence(StrEnum):
    """What an agent says they are, or what their silence says."""

    ONLINE = "online"
    BUSY = "busy"  # keeps the chats, takes no new ones
    AWAY = "away"  # on a break
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Need:
    """Whom a conversation takes: its signature.

    Attributes:
        skills: Each skill with the least proficiency.
        groups: One of them has to be the agent's; None: whoever is at the desk.
    """

    skills: frozenset[tuple[str, int]] = frozenset()
    groups: frozenset[Id] | None = None

    @classmethod
    def of(cls, *skills: str, groups: frozenset[Id] | None = None) -> "Need":
        """These skills, at whatever proficiency."""
        return cls(frozenset((skill, 1) for skill in skills), groups)


ANYBODY = Need()


@dataclass(frozen=True, slots=True)
class Ring:
    """From ``at`` on a conversation takes these agents, too."""

    at: datetime
    need: Need


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A conversation that waits for a person.

    Attributes:
        pool: Account and signature by whose pace the guard is measured.
        rank: Of its level when it was promised; 1 is the best.
        level: The number of its level, where levels have numbers.
        waiting_since: When the customer began to wait. Nothing ever makes it later.
        target: Which reply is waited for; lines are apart, so that what was left at night, with
            its longer target, never stands before those who wait now.
        need: Whom it takes by now.
        wanted: Whom it took at first: for others it is foreign work.
        ring: How often it was widened.
        rings: How it will be widened yet, soonest first.
        weight: Units of an agent's capacity.
        extra_slots: So far beyond their capacity an agent may take it: a right of its level.
        sticky: The agent the customer knows.
        hold: At most so long after ``waiting_since`` it is kept for that agent.
        held_until: Only ``sticky`` may take it before.
        excluded: Agents who let it pass lately, or handed it over.
        itself: The agent who waits there, as a customer: never given themselves.
    """

    id: Id
    pool: str = ""
    rank: int
    level: int | None = None
    waiting_since: datetime
    promise: Promise
    target: Target = Target.FIRST
    need: Need = ANYBODY
    wanted: Need = ANYBODY
    ring: int = 0
    rings: tuple[Ring, ...] = ()
    weight: int = 1
    extra_slots: int = 0
    sticky: Id | None = None
    hold: timedelta = timedelta(0)
    held_until: datetime | None = None
    excluded: frozenset[Id] = frozenset()
    itself: Id | None = None

    def is_held(self, now: datetime) -> bool:
        return self.held_until is not None and now < self.held_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Somebody who may take conversations.

    Attributes:
        paused_until: Takes nothing before: they missed an offer. None: not paused.
        capacity: Units they take at once (接待上限); 0: nothing at all.
        load: Units of their open assignments and offers.
        skills: Proficiency by skill.
        ranks: The levels they serve, by rank; None: all.
        levels: The same, by number, where levels have numbers: ranks change.
        last_assigned_at: None: not yet.
    """

    id: Id
    presence: Presence = Presence.ONLINE
    paused_until: datetime | None = None
    capacity: int = 1
    load: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    groups: frozenset[Id] = frozenset()
    ranks: frozenset[int] | None = None
    levels: frozenset[int] | None = None
    last_assigned_at: datetime | None = None

    def is_here(self, now: datetime) -> bool:
        """Whether they take new conversations at all, room permitting."""
        return self.presence is Presence.ONLINE and not self.is_paused(now)

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until

    def lacks(self, need: Need) -> str | None:
        """The first skill they do not have, or not well enough."""
        for skill, least in sorted(need.skills):
            if self.skills.get(skill, 0) < least:
                return skill
        return None

    def is_in(self, need: Need) -> bool:
        return need.groups is None or not need.groups.isdisjoint(self.groups)

    def fits(self, need: Need) -> bool:
        return self.is_in(need) and self.lacks(need) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The desk at the time of a decision.

    Attributes:
        now: By the database's clock.
        since_a: Assignments since the last one of a conversation in band A.
        ration: Of so many assignments one is for band A, as long as somebody is in it.
        guards: By pool; see ``order.guard``.
        usual_guard: Of pools that were not measured.
    """

    now: datetime
    since_a: int = 0
    ration: int = 10
    guards: Mapping[str, timedelta] = field(default_factory=dict)
    usual_guard: timedelta = timedelta(0)

    def guard(self, pool: str) -> timedelta:
        return self.guards.get(pool, self.usual_guard)
