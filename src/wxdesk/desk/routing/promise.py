"""What a level promises a customer, and the three instants that follow from it. Pure.

Source: docs of the discipline, "banded earliest due date": warn_at = due(since, (1 - φ) T),
due_at = due(since, T), hard_at = due(since, H), in time that counts (a calendar's).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

Due = Callable[[datetime, float], datetime | None]
"""``due(since, seconds)``: when so many open seconds have passed; None: never."""

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""A promise by a calendar that is never open: such a wait is never late, and comes last. The last
moment of all would not do: PostgreSQL's driver takes it for infinity, and gives it back naive."""

WINDOW_MARGIN = timedelta(hours=1)
"""So long before WeChat takes no more replies a conversation counts as far too late."""


class Target(StrEnum):
    """What a clock runs for."""

    FIRST = "first"  # the first reply by a person
    NEXT = "next"  # every later one
    LEFT_MESSAGE = "left_message"  # what was left outside hours, by nobody who waits for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How soon customers of a level are to be answered.

    Attributes:
        rank: 1 is the best.
        first: Target of the first reply.
        next: Of later replies; None: twice the first.
        left_message: Of what was left outside hours.
        hard_factor: So many targets after the beginning a wait is far too long.
        head_start: So much of the target before its end the level counts (band B); 0 to 1.
        extra_slots: Conversations beyond an agent's limit that this level may use.
        sticky: At most so long a customer waits for the agent they know,
        sticky_share: and at most so much of the first target.
    """

    name: str
    rank: int
    first: timedelta
    next: timedelta | None = None
    left_message: timedelta = timedelta(hours=1)
    hard_factor: float = 4.0
    head_start: float = 0.5
    extra_slots: int = 0
    sticky: timedelta = timedelta(seconds=60)
    sticky_share: float = 0.5

    def within(self, target: Target) -> timedelta:
        match target:
            case Target.FIRST:
                return self.first
            case Target.NEXT:
                return 2 * self.first if self.next is None else self.next
            case Target.LEFT_MESSAGE:
                return self.left_message

    @property
    def hold(self) -> timedelta:
        """How long a customer may be held for the agent they know, from when they began to wait."""
        return min(self.sticky, self.sticky_share * self.first)


@dataclass(frozen=True, slots=True)
class Promise:
    """When a wait gets late, is late, and is far too long.

    Attributes:
        warn_at: From here on the level decides who is first (band B).
        due_at: The target's end.
        hard_at: From here on a share of all assignments is kept for such waits (band A).
    """

    warn_at: datetime
    due_at: datetime
    hard_at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "warn_at": self.warn_at.isoformat(),
            "due_at": self.due_at.isoformat(),
            "hard_at": self.hard_at.isoformat(),
        }

    def no_later_than(self, other: Self) -> Self:
        """The earlier of each of the instants: a promise is only ever made better."""
        return type(self)(
            min(self.warn_at, other.warn_at),
            min(self.due_at, other.due_at),
            min(self.hard_at, other.hard_at),
        )


def wall_time(since: datetime, seconds: float) -> datetime:
    """``due`` where every second counts."""
    return since + timedelta(seconds=seconds)


def promised(
    level: Level,
    since: datetime,
    due: Due = wall_time,
    *,
    target: Target = Target.FIRST,
    window_until: datetime | None = None,
) -> Promise:
    """What the level promises to somebody who waits since then.

    Args:
        level: Whose targets.
        since: When the wait began; a wait that goes on (transfer, agent lost) keeps it.
        due: Of the calendar that counts.
        target: Which reply is waited for.
        window_until: When WeChat takes no more replies, by the wall clock; an hour before, the
            wait counts as far too long whatever the calendar says. None: no such end.
    """
    within = level.within(target).total_seconds()
    hard_at = due(since, within * level.hard_factor) or NEVER
    if window_until is not None:
        hard_at = min(hard_at, window_until - WINDOW_MARGIN)
    return Promise(
        warn_at=due(since, within * (1 - level.head_start)) or NEVER,
        due_at=due(since, within) or NEVER,
        hard_at=hard_at,
    )


def after_level_change(
    rank: int, kept: Promise, level: Level, offered: Promise
) -> tuple[int, Promise]:
    """Rank and promise of somebody who waits, once their level is another.

    A better level counts at once, from when they began to wait; a worse one, or one that was
    deleted, with their next conversation. So nobody's place gets worse.

    Args:
        rank: By which they have waited.
        kept: What they were promised.
        level: What they are now.
        offered: What it promises, since the same moment.
    """
    if level.rank > rank:
        return rank, kept
    return level.rank, offered.no_later_than(kept)
