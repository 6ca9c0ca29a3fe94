"""Cases about those who wait: their order, and how long it takes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from wxdesk.desk import routing
from wxdesk.desk.routing import Discipline, LevelLine, Moment, Waiting
from wxdesk.lab.terms import levels, moment

Section = Mapping[str, Any]
Case = Mapping[str, Any]


def due_order(section: Section, case: Case) -> list[Any]:
    """Ids, the one to be served first first."""
    known = levels(case.get("levels") or section["levels"])
    waiting = [_waiting(known, one) for one in case["waiting"]]
    at = Moment(
        now=moment(case["now"]),
        since_a=case.get("assignments_since_last_A", 0),
        ration=case.get("ration", 10),
        usual_guard=timedelta(seconds=case.get("guard", 0)),
    )
    return [one.id for one in routing.in_order(waiting, at)]


def _waiting(known: Mapping[str, routing.Level], one: Case) -> Waiting:
    level, since = known[one["level"]], moment(one["waiting_since"])
    return Waiting(
        id=one["id"],
        rank=level.rank,
        waiting_since=since,
        promise=routing.promised(level, since),
    )


def predicted_wait(section: Section, case: Case) -> dict[str, float] | None:
    """Mean, standard deviation and 90 % bound, in seconds; null: nobody is ever served."""
    tiers = case.get("tiers") or section["tiers"]
    wait = routing.predicted(
        [_line(tier, case) for tier in tiers],
        next(tier[1] for tier in tiers if tier[0] == case["level"]),
        now=case.get("now", 0),
        pace=case["releases_per_second"],
        abandonment=case.get("abandonment_rate", 0),
        guard=case.get("guard", 0),
        discipline=Discipline(case.get("discipline", "band")),
    )
    return {"mean": wait.mean, "sd": wait.sd, "q90": wait.q90} if wait else None


def _line(tier: Sequence[Any], case: Case) -> LevelLine:
    name, rank, target, hard, head_start = tier[:5]
    return LevelLine(
        rank=rank,
        target=target,
        hard=hard,
        head_start=head_start,
        arrivals=case.get("arrivals_per_second_by_rank", {}).get(str(rank), 0),
        since=sorted(since for level, since in case["waiting"] if level == name),
    )
