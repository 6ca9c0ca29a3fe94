"""Whether an agent may take a conversation now, and if not, why not. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from wxdesk.desk.routing.snapshot import Agent, Id, Presence, Waiting


class Reason(StrEnum):
    """Why an agent does not take a conversation."""

    OFFLINE = "offline"
    BUSY = "busy"
    AWAY = "away"
    PAUSED = "paused"  # missed an offer
    GROUP = "group"  # is in none of the groups
    LEVEL = "level"  # does not serve it
    SKILL = "skill"  # lacks the one that is named
    EXCLUDED = "excluded"  # let it pass lately, or handed it over
    FULL = "full"
    HELD = "held"  # kept for another agent
    FOREIGN = "foreign"  # the agent's own work waits


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way, and which skill, level or agent it is about."""

    reason: Reason
    of: Id | None = None


_NOT_HERE = {
    Presence.OFFLINE: Obstacle(Reason.OFFLINE),
    Presence.BUSY: Obstacle(Reason.BUSY),
    Presence.AWAY: Obstacle(Reason.AWAY),
}


def obstacle(agent: Agent, waiting: Waiting, now: datetime) -> Obstacle | None:
    """What stands in the way of this agent taking it now; None: nothing.

    What would take longest to change is named first: so FULL says that only room is missing.
    """
    return (
        _misfit(agent, waiting)
        or _absence(agent, now)
        or _claim_of_others(agent, waiting, now)
        or (None if has_room(agent, waiting) else Obstacle(Reason.FULL))
    )


def _misfit(agent: Agent, waiting: Waiting) -> Obstacle | None:
    if agent.id == waiting.itself:
        return Obstacle(Reason.EXCLUDED)
    if not agent.is_in(waiting.need):
        return Obstacle(Reason.GROUP)
    if not _serves(agent, waiting):
        return Obstacle(Reason.LEVEL, waiting.rank)
    if waiting.need.skills and (skill := agent.lacks(waiting.need)):
        return Obstacle(Reason.SKILL, skill)
    return None


def _serves(agent: Agent, waiting: Waiting) -> bool:
    if agent.levels is not None and waiting.level is not None:
        return waiting.level in agent.levels
    return agent.ranks is None or waiting.rank in agent.ranks


def _absence(agent: Agent, now: datetime) -> Obstacle | None:
    if agent.presence is not Presence.ONLINE:
        return _NOT_HERE[agent.presence]
    return Obstacle(Reason.PAUSED) if agent.is_paused(now) else None


def _claim_of_others(agent: Agent, waiting: Waiting, now: datetime) -> Obstacle | None:
    if agent.id in waiting.excluded:
        return Obstacle(Reason.EXCLUDED)
    if waiting.sticky != agent.id and waiting.is_held(now):
        return Obstacle(Reason.HELD, waiting.sticky)
    return None


def has_room(agent: Agent, waiting: Waiting) -> bool:
    """Within capacity, and what the level may use beyond it. A capacity of 0 is no room at all."""
    fits = agent.load + waiting.weight <= agent.capacity + waiting.extra_slots
    return fits and agent.capacity > 0


def is_own_work(agent: Agent, waiting: Waiting) -> bool:
    """Whether the conversation wanted agents like this one before it was widened."""
    return waiting.ring == 0 or agent.fits(waiting.wanted)


def room_key(agent: Agent, waiting: Waiting) -> tuple[Any, ...]:
    """Smaller is chosen: skilled before helpers, least load after it, longest without new work."""
    load_after = (agent.load + waiting.weight) / agent.capacity
    return (not is_own_work(agent, waiting), load_after, *_last_assigned(agent), agent.id)


def _last_assigned(agent: Agent) -> tuple[bool, datetime | int]:
    return (agent.last_assigned_at is not None, agent.last_assigned_at or 0)


def standing_exclusions(waiting: Waiting, agents: Iterable[Agent], now: datetime) -> frozenset[Id]:
    """Whom the conversation leaves out from now on.

    Once everybody here who could take it is left out, nobody is: better asked again than alone.

    Args:
        waiting: The conversation.
        agents: All whom it takes, or more.
        now: By the database's clock.
    """
    for agent in agents:
        could = agent.is_here(now) and agent.capacity > 0 and agent.fits(waiting.need)
        if could and agent.id not in waiting.excluded | {waiting.itself}:
            return waiting.excluded
    return frozenset()
