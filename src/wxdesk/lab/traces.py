"""Scripts of what happens on a floor, second by second: who was assigned to whom, and when.

A case has ``tiers``, ``agents``, ``settings`` and ``events``. Timers due at t run before the events
of t; what would come after the last event is not run.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from wxdesk.desk.routing import (
    ANYBODY,
    Agent,
    Decision,
    Floor,
    Level,
    Need,
    Presence,
    Ring,
    Rule,
    Settings,
)
from wxdesk.lab.terms import levels, moment, seconds

Case = Mapping[str, Any]
Levels = Mapping[str, Level]
Happen = Callable[[Floor, Levels, Case, datetime], object]


def replayed(section: Case, case: Case) -> list[list[Any]]:
    """``[t, conversation, agent]`` of every assignment, or of every offer."""
    return [
        [seconds(decision.at), decision.turn.conversation, decision.room.agent]
        for decision in replay(section, case)
        if decision.turn and decision.room and decision.rule is not Rule.RETURNED
    ]


def replay(section: Case, case: Case) -> list[Decision]:
    """Every assignment with all that explains it."""
    decisions: list[Decision] = []
    settings = case.get("settings", {})
    known = levels(
        case.get("tiers") or section["tiers"],
        sticky=timedelta(seconds=settings.get("sticky_max", 0)),
        sticky_share=settings.get("sticky_share", 0.5),
    )
    agents = [_agent(agent) for agent in case["agents"]]
    floor = Floor(agents, _settings(settings), decisions.append)
    for event in sorted(case["events"], key=lambda event: float(event["t"])):
        HAPPEN[event["op"]](floor, known, event, moment(event["t"]))
    return decisions


def _settings(settings: Case) -> Settings:
    return Settings(
        ration=settings.get("ration", 10),
        guard=timedelta(seconds=settings.get("guard", 0)),
        accept=_duration(settings.get("accept")),
        exclude=_duration(settings.get("exclude")),
    )


def _duration(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)


def _agent(agent: Case) -> Agent:
    return Agent(
        id=agent["id"],
        capacity=agent["capacity"],
        skills=dict(_skills(agent.get("skills"))),
        groups=frozenset(agent.get("groups", ())),
    )


def _need(signature: Any) -> Need:
    skills = frozenset(_skills(signature))
    return Need(skills) if skills else ANYBODY


def _skills(written: Any) -> list[tuple[str, int]]:
    """A list of names, or of names with a proficiency, or one name."""
    match written:
        case None:
            return []
        case str():
            return [(written, 1)]
        case Mapping():
            return list(written.items())
        case _:
            return [(one, 1) if isinstance(one, str) else (one[0], one[1]) for one in written]


def _enqueue(floor: Floor, known: Levels, event: Case, now: datetime) -> None:
    floor.enqueue(
        event["id"],
        known[event["tier"]],
        now,
        need=_need(event.get("sig")),
        rings=[Ring(now + timedelta(seconds=after), _need(to)) for after, to in _relax(event)],
        weight=event.get("weight", 1),
        sticky=event.get("sticky"),
    )


def _relax(event: Case) -> Sequence[Sequence[Any]]:
    """One ``[seconds, sig]``, or a list of them."""
    relax: Sequence[Any] = event.get("relax") or ()
    return relax if not relax or isinstance(relax[0], list) else [relax]


def _presence(presence: Presence) -> Happen:
    return lambda floor, _known, event, now: floor.presence(event["agent"], presence, now)


HAPPEN: Mapping[str, Happen] = {
    "enqueue": _enqueue,
    "close": lambda floor, _known, event, now: floor.close(event["id"], now),
    "abandon": lambda floor, _known, event, now: floor.abandon(event["id"], now),
    "accept": lambda floor, _known, event, now: floor.accept(event["id"], now),
    "decline": lambda floor, _known, event, now: floor.decline(event["id"], now),
    "reply": lambda floor, _known, event, now: floor.replied(event["id"], now),
    "write": lambda floor, _known, event, now: floor.customer_wrote(event["id"], now),
    "park": lambda floor, _known, event, now: floor.park(event["id"], now),
    "tier": lambda floor, known, event, now: floor.level(event["id"], known[event["tier"]], now),
    "transfer": lambda floor, _known, event, now: floor.transfer(event["id"], event["agent"], now),
    "regroup": lambda floor, _known, event, now: floor.transfer_to_group(
        event["id"], _need(event.get("sig")), now
    ),
    "capacity": lambda floor, _known, event, now: floor.capacity(
        event["agent"], event["value"], now
    ),
    **{presence.value: _presence(presence) for presence in Presence},
}
"""What an event's ``op`` does."""
