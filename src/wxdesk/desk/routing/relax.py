"""Whom a conversation takes at first, and whom it takes once that took too long. Pure.

Rings: first its groups and all skills, then without the optional ones, then the groups that help
its own, then the whole desk. A ring that would take nobody new is left out. The skills that are
not optional are never dropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wxdesk.desk.routing.promise import Promise
from wxdesk.desk.routing.snapshot import Id, Need, Ring, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the rules made of a conversation.

    Attributes:
        required: Skills that whoever answers has to have, with the least proficiency.
        optional: Skills that would be good.
        groups: Whose conversation it is; empty: the whole desk's.
        helpers: Groups that help those, in their order.
        whole_desk: Whether everybody with the skills is asked in the end.
    """

    required: frozenset[tuple[str, int]] = frozenset()
    optional: frozenset[tuple[str, int]] = frozenset()
    groups: frozenset[Id] = frozenset()
    helpers: tuple[Id, ...] = ()
    whole_desk: bool = True


def needs(wish: Wish) -> tuple[Need, ...]:
    """Whom it takes at first, and ring by ring."""
    groups = wish.groups or None
    steps = [Need(wish.required | wish.optional, groups), Need(wish.required, groups)]
    if groups:
        steps.append(Need(wish.required, groups | set(wish.helpers)))
        steps.append(Need(wish.required, None if wish.whole_desk else steps[-1].groups))
    return tuple(
        need for before, need in zip([None, *steps], steps, strict=False) if need != before
    )


def rings(wish: Wish, promise: Promise, *, overflow_at: datetime | None = None) -> tuple[Ring, ...]:
    """The rings beyond the first, and when: when the wait gets late, then when it is late.

    Args:
        wish: What the rules made of it.
        promise: Whose instants.
        overflow_at: The end of the group's own delay: its helpers are asked then, if not before;
            what narrower rings would have brought has come by then, too.
    """
    first, *wider = needs(wish)
    times = [promise.warn_at, promise.due_at, promise.due_at][: len(wider)]
    if overflow_at:
        for number, need in enumerate(wider):
            if need.groups not in (None, first.groups):
                times[: number + 1] = [min(at, overflow_at) for at in times[: number + 1]]
    return tuple(Ring(at, need) for at, need in zip(times, wider, strict=True))


def widened(waiting: Waiting, now: datetime) -> Waiting:
    """The conversation with all rings whose time has come."""
    due = [ring for ring in waiting.rings if ring.at <= now]
    if not due:
        return waiting
    return replace(
        waiting,
        need=due[-1].need,
        ring=waiting.ring + len(due),
        rings=waiting.rings[len(due) :],
    )


def helpers_of(group: Id, helps: Mapping[Id, Sequence[Id]]) -> tuple[Id, ...]:
    """The groups that take over for this one, nearest first, each once, in whatever circle.

    Args:
        group: Whose conversations wait.
        helps: By group, to which others its conversations go over.
    """
    reached = [group]
    for each in reached:  # grows while it is read: breadth first
        reached += [other for other in dict.fromkeys(helps.get(each, ())) if other not in reached]
    return tuple(reached[1:])
