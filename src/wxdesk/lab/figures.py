"""Cases about teams of a size: closed formulas, and the least team that is enough."""

from collections.abc import Mapping
from typing import Any

from wxdesk.desk import staffing as desk

Section = Mapping[str, Any]
Case = Mapping[str, Any]


def erlang(_section: Section, case: Case) -> dict[str, float]:
    """``B`` and ``C``: who is lost, where nobody may wait; who waits, where all may."""
    c, a = case["c"], case["a"]
    return {"B": desk.erlang_b(c, a), "C": desk.erlang_c(c, a)}


def erlang_a(_section: Section, case: Case) -> dict[str, float]:
    queue = desk.erlang_a(case["c"], case["lam"], case["mu"], case["theta"], case["t"])
    names = ("p_wait", "p_abandon", "mean_wait", "mean_queue", "occupancy", "sl")
    return {name: getattr(queue, name) for name in names}


def priority_mmc(_section: Section, case: Case) -> list[float]:
    """The mean wait of each level."""
    return desk.priority_waits(case["c"], case["mu"], case["lams"])


def staffing(_section: Section, case: Case) -> dict[str, float]:
    least = desk.least_servers(
        case["arrivals_per_hour"],
        case["handle_s"],
        case["within_s"],
        case["goal"],
        case.get("patience_s"),
    )
    return {
        "servers": least.servers,
        "service_level": least.service_level,
        "service_level_with_one_less": least.service_level_with_one_less,
    }
