"""Who of those who wait is first: banded earliest due date. Pure.

Nobody late: the earliest promise first. Somebody past half of the promised time: the best level
among those first. Anybody past four times the promise: at least one assignment in ten.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from wxdesk.desk.routing.snapshot import Moment, Waiting

GUARD_RELEASES = 4
"""Who is due within so many releases of capacity is as good as late."""


class Band(StrEnum):
    """How late a wait is."""

    A = "A"  # far too late
    B = "B"  # getting late
    C = "C"  # in time


def guard(
    release_gap: timedelta, reply_time: timedelta, releases: int = GUARD_RELEASES
) -> timedelta:
    """So long before it is due a conversation is served as if it were late.

    In a small team a place becomes free so seldom that whoever is not first now is late.

    Args:
        release_gap: Usual time between two places that become free while somebody waits.
        reply_time: Usual time from assignment to the first reply by a person.
        releases: How many places are counted upon.
    """
    return releases * release_gap + reply_time


def late_from(waiting: Waiting, guard: timedelta) -> datetime:
    """When it enters band B."""
    promise = waiting.promise
    return min(promise.warn_at, promise.due_at - guard) if guard else promise.warn_at


def band(waiting: Waiting, moment: Moment) -> Band:
    if moment.now >= waiting.promise.hard_at:
        return Band.A
    if moment.now >= late_from(waiting, moment.guard(waiting.pool)):
        return Band.B
    return Band.C


def is_turn_of_a(moment: Moment) -> bool:
    """Whether band A goes before everything, this time."""
    return moment.since_a >= moment.ration - 1


def since_a_after(since_a: int, assigned: Band) -> int:
    """The desk's counter once a conversation of this band was assigned, by whatever rule."""
    return 0 if assigned is Band.A else since_a + 1


def key(waiting: Waiting, moment: Moment) -> tuple[Any, ...]:
    """Smaller is served earlier. Inside a level: whoever began to wait first."""
    promise, now_in = waiting.promise, band(waiting, moment)
    place = (waiting.waiting_since, waiting.id)
    if now_in is Band.A and is_turn_of_a(moment):
        return (0, promise.hard_at, *place)
    if now_in is not Band.C:
        return (1, waiting.rank, promise.due_at, *place)
    return (2, promise.due_at, waiting.rank, *place)


def in_order(waiting: Iterable[Waiting], moment: Moment) -> list[Waiting]:
    """All who wait, the one to be served now first."""
    return sorted(waiting, key=lambda one: key(one, moment))


def is_pressed(heads: Iterable[Waiting], moment: Moment) -> bool:
    """Whether anybody in a shared line is late or nearly so: then nobody is held for an agent.

    Args:
        heads: Of the desk's lines, without those held.
        moment: Of the decision.
    """
    return any(band(head, moment) is not Band.C for head in heads)
