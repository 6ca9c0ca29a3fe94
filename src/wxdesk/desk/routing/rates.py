"""How fast things happen: paces measured from what happened, each a small value. Pure.

A pace is only measured while somebody waits: what agents do when nobody waits says nothing about
how long a wait will be.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

GAP_WEIGHT = 0.02
"""Of the newest gap in the mean of them."""

PACE_WEIGHT = 0.005
"""The same for the pace by which waits are predicted: a steadier one. With 0.02 the bound of
nine in ten held for eight of a large team; with this for nine (`bench/queueing.py waits`)."""

ARRIVAL_MEMORY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Gaps:
    """The mean time between things of one kind that happen while somebody waits.

    Attributes:
        mean: In seconds; at first what was expected.
        last_at: When it happened last; None: since then nobody waited for a while.
        count: How many gaps were measured.
    """

    mean: float
    last_at: datetime | None = None
    count: int = 0

    def after(self, at: datetime, *, weight: float = GAP_WEIGHT) -> Self:
        """It happened while somebody waited."""
        if self.last_at is None:
            return replace(self, last_at=at)
        gap = (at - self.last_at).total_seconds()
        return replace(
            self, mean=self.mean + weight * (gap - self.mean), last_at=at, count=self.count + 1
        )

    def after_calm(self) -> Self:
        """Nobody waits any more: the gap to the next one is not one."""
        return self if self.last_at is None else replace(self, last_at=None)

    @property
    def per_second(self) -> float:
        return 1 / self.mean if self.mean > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many arrive a second, by the last quarter of an hour; older ones count less and less."""

    per_second: float = 0.0
    at: datetime | None = None

    def after(self, at: datetime, memory: timedelta = ARRIVAL_MEMORY) -> Self:
        """One more arrived."""
        return type(self)(self.now(at, memory) + 1 / memory.total_seconds(), at)

    def now(self, at: datetime, memory: timedelta = ARRIVAL_MEMORY) -> float:
        """Arrivals per second, as they count at this moment."""
        if self.at is None:
            return 0.0
        return self.per_second * math.exp(-((at - self.at) / memory))


@dataclass(frozen=True, slots=True)
class Patience:
    """How soon those who wait give up.

    Attributes:
        abandoned: How many did.
        waited: Seconds that all waited, served or not.
    """

    abandoned: int = 0
    waited: float = 0.0

    def after(self, waited: timedelta, *, gave_up: bool) -> Self:
        """One wait is over."""
        return type(self)(self.abandoned + gave_up, self.waited + waited.total_seconds())

    @property
    def per_second(self) -> float:
        """Of one who waits. Of so few who gave up nothing can be said: then 0, the safe side."""
        return self.abandoned / self.waited if self.abandoned >= FEWEST_ABANDONED else 0.0


FEWEST_ABANDONED = 30
