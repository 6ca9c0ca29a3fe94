"""Why somebody still waits: facts, which the front end says in words. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wxdesk.desk.routing import order
from wxdesk.desk.routing.calibrate import STEPS_MINUTES, NoNumber
from wxdesk.desk.routing.eligible import Reason, obstacle
from wxdesk.desk.routing.foretell import Prediction
from wxdesk.desk.routing.promise import NEVER
from wxdesk.desk.routing.snapshot import Agent, Moment, Waiting


@dataclass(frozen=True, slots=True)
class Fact:
    """One reason, as a code and what it is about: numbers, names and moments (ISO 8601)."""

    code: str
    values: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "values": dict(self.values)}


def why_waiting(
    waiting: Waiting, agents: Iterable[Agent], ahead: int, moment: Moment
) -> list[Fact]:
    """Why nobody has it yet.

    Args:
        waiting: The conversation.
        agents: All of the desk.
        ahead: How many of its own level and need are before it.
        moment: The desk now.
    """
    facts = [_clock(waiting, moment)]
    if waiting.is_held(moment.now) and waiting.held_until:
        facts.append(Fact("held", {"agent": waiting.sticky, "until": _iso(waiting.held_until)}))
    hurdles = [obstacle(agent, waiting, moment.now) for agent in agents]
    facts += _in_the_way(hurdles.count(None), Counter(each.reason for each in hurdles if each))
    lacking = Counter(str(each.of) for each in hurdles if each and each.reason is Reason.SKILL)
    facts += [Fact("lack_skill", {"skill": skill, "count": lacking[skill]}) for skill in lacking]
    if ahead:
        facts.append(Fact("ahead", {"count": ahead}))
    if waiting.rings:
        facts.append(Fact("widens", {"at": _iso(waiting.rings[0].at)}))
    return facts


def _clock(waiting: Waiting, moment: Moment) -> Fact:
    due_at = waiting.promise.due_at
    if due_at == NEVER:
        return Fact("no_promise", {"since": _iso(waiting.waiting_since)})
    return Fact(
        "waits_late" if moment.now >= due_at else "waits",
        {
            "since": _iso(waiting.waiting_since),
            "due_at": _iso(due_at),
            "band": order.band(waiting, moment).value,
        },
    )


def _in_the_way(free: int, reasons: Counter[Reason]) -> list[Fact]:
    """Of those who are in its groups, what stands in their way."""
    in_group = free + reasons.total() - reasons[Reason.GROUP]
    if not in_group:
        return [Fact("nobody_in_group", {})]
    skilled = in_group - reasons[Reason.SKILL] - reasons[Reason.LEVEL]
    if not skilled:
        return [Fact("nobody_with_skill" if reasons[Reason.SKILL] else "nobody_for_level", {})]
    facts = [Fact("free", {"count": free})] if free else []
    named = [reason for reason in Reason if reason not in {Reason.GROUP, Reason.SKILL}]
    return facts + [
        Fact(f"agents_{reason.value}", {"count": reasons[reason]})
        for reason in named
        if reasons[reason]
    ]


def foretold_fact(prediction: Prediction) -> Fact:
    """How long it will wait yet, in minutes as customers are told them, or why nobody knows."""
    found, range_ = prediction.corrected, prediction.shown
    if found is None or range_ is None:
        why = prediction.why_not or NoNumber.UNKNOWN
        return Fact(f"unpredicted_{why.value}", {"position": prediction.position})
    values = {
        "mean": round(found.mean, 1),
        "until_q90": round(found.q90, 1),
        "position": prediction.position,
        "shown_as": [range_.about, range_.to],
        "about": range_.about,
        "to": range_.to,
        "told": prediction.told is not None,
        "why_not": prediction.why_not and prediction.why_not.value,
        "basis": prediction.basis and prediction.basis.value,
    }
    if range_.about is None or range_.to is None:
        return Fact("predicted_long", values | {"least": range_.about or STEPS_MINUTES[-1]})
    return Fact("predicted", values)


def _iso(moment: datetime) -> str:
    return moment.isoformat()
