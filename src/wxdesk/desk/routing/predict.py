"""How long a customer will wait, from the order in which they will be served. Pure.

Everything is in seconds. The queue is counted in service order: who is before them, and who may
still overtake them until then, divided by the pace at which agents take the next one. The naive
figure, all who wait by that pace, is wrong by minutes for the upper levels.

Source: docs of the discipline, "Predicted wait": queue length in order, with abandonment by
Whitt's approximation.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST_STARTS = 20
"""With fewer starts measured today the pace is not known: the head of the line says more."""

_Q90 = 1.2816  # of the normal distribution
_CLOSE_ENOUGH = 1e-4
_MOST_STEPS = 40
_RATION = 10


class Discipline(StrEnum):
    """In which order those who wait are served."""

    FIFO = "fifo"
    EDF = "edf"
    BAND = "band"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLine:
    """Those of one level who wait in a pool, and how many more of it will come.

    Attributes:
        rank: 1 is the best.
        target: Of the first reply.
        hard: When a wait is far too long.
        head_start: So much of the target before its end the level counts.
        arrivals: A second.
        since: When each began to wait, ascending.
    """

    rank: int
    target: float
    hard: float
    head_start: float = 0.5
    arrivals: float = 0.0
    since: Sequence[float] = ()

    def until_late(self, guard: float) -> float:
        """From the beginning of a wait to band B."""
        return max(0.0, min((1 - self.head_start) * self.target, self.target - guard))

    def before(self, moment: float) -> int:
        """How many began to wait before this moment."""
        return bisect_left(self.since, moment)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody will wait: about ``mean``, nine times in ten no longer than ``q90``."""

    mean: float
    sd: float
    q90: float


def predicted(
    lines: Sequence[LevelLine],
    rank: int,
    *,
    now: float,
    pace: float,
    abandonment: float = 0.0,
    guard: float = 0.0,
    since: float | None = None,
    discipline: Discipline = Discipline.BAND,
) -> Wait | None:
    """The wait from now on; None: agents take nobody, so there is no number.

    Args:
        lines: Of the pool, one for each level.
        rank: Whose wait: that of one of the lines.
        now: By the clock of ``since``.
        pace: Starts a second, of all agents of the pool while somebody waits.
        abandonment: Of one who waits, per second.
        guard: Of the pool.
        since: When they began to wait; None: now.
        discipline: The desk's is BAND; the others are for comparison.
    """
    if not pace > 0:
        return None
    if abandonment >= 2 * pace:  # the approximation says nothing there
        abandonment = 0.0
    ahead = _Ahead(lines, rank, now, since, pace, guard, discipline)
    wait = (sum(len(line.since) for line in lines) + 1) / pace
    for _ in range(_MOST_STEPS):
        waiting, overtaking = ahead.until(wait)
        ahead_in_all = waiting + overtaking
        change = (_to_serve(ahead_in_all, pace, abandonment) - wait) / 2
        wait += change
        if abs(change) < _CLOSE_ENOUGH * (1 + wait):
            break
    x = min(0.9, overtaking / (ahead_in_all + 1))
    sd = math.sqrt((ahead_in_all + 1) * (1 + x)) / (pace * (1 - x))
    sd *= math.exp(-abandonment * wait / 2)
    return Wait(wait, sd, wait + _Q90 * sd)


def _to_serve(ahead: float, pace: float, abandonment: float) -> float:
    if not abandonment:
        return (ahead + 1) / pace
    served = (pace + (ahead + 0.5) * abandonment) / (pace - 0.5 * abandonment)
    return math.log(served) / abandonment


@dataclass(frozen=True, slots=True)
class _Ahead:
    """Who is served before somebody of a level who waits since ``since``."""

    lines: Sequence[LevelLine]
    rank: int
    now: float
    since: float | None
    pace: float
    guard: float
    discipline: Discipline

    def until(self, wait: float) -> tuple[float, float]:
        """How many who wait already, and how many who come later, if it lasts so long."""
        if self.discipline is Discipline.FIFO:
            return float(sum(self._sooner(line) for line in self.lines)), 0.0
        own = next(line for line in self.lines if line.rank == self.rank)
        better = [line for line in self.lines if line.rank < self.rank]
        worse = [line for line in self.lines if line.rank > self.rank]
        since = self.now if self.since is None else self.since
        due = since + own.target
        late_in = max(0.0, since + self._until_late(own) - self.now)
        before = self._sooner(own) + sum(self._ahead(line, due, wait) for line in better)
        others = float(sum(self._ahead(line, due, min(wait, late_in)) for line in worse))
        if wait > late_in:
            hard = sum(line.before(self.now + wait - line.hard) for line in worse)
            others = min(others, max(0.0, self.pace * late_in - before))
            if self.discipline is Discipline.BAND:
                others = max(others, min(hard, self.pace * wait / _RATION))
        later = sum(line.arrivals * self._overtakes(line, due, late_in, wait) for line in better)
        return before + others, later

    def _sooner(self, line: LevelLine) -> int:
        """Who waits longer: of a newcomer, all."""
        return len(line.since) if self.since is None else line.before(self.since)

    def _ahead(self, line: LevelLine, due: float, wait: float) -> int:
        """Due before that, or late before they have waited so long."""
        return line.before(max(due - line.target, self.now + wait - self._until_late(line)))

    def _overtakes(self, line: LevelLine, due: float, late_in: float, wait: float) -> float:
        """For so many seconds from now on those who come will be served before them."""
        late = wait - self._until_late(line)
        sooner_due = min(late_in, due - line.target - self.now)
        return max(0.0, min(wait, max(late, sooner_due)))

    def _until_late(self, line: LevelLine) -> float:
        return math.inf if self.discipline is Discipline.EDF else line.until_late(self.guard)
