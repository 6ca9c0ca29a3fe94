"""Whether predictions of waits came true, and what is made of it. Pure.

Each prediction is kept with its outcome. What customers are told is corrected by what happened to
those before them, and they are told nothing where that was not usually right.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wxdesk.desk.routing.predict import Wait

FEWEST_OUTCOMES = 50
USUALLY = 0.85
"""Of the waits, so many have to have been within what was told as nine in ten."""

MOST_FACTOR, LEAST_FACTOR = 3.0, 0.5

STEPS_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was predicted, uncorrected, and how long it took, in seconds.

    Of somebody who gave up it is only known that it would have taken longer: such an outcome
    counts if they gave up after ``q90``, and is left out otherwise.
    """

    q90: float
    waited: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What predictions of one pool and level are worth.

    Attributes:
        count: Outcomes it was made from.
        coverage: Of the waits, so many were within the uncorrected q90; aim 0.90. None: unknown.
        factor: By which mean and q90 are multiplied.
        tested: Of the newest third, so many were within q90 corrected by what was known before.
    """

    count: int = 0
    coverage: float | None = None
    factor: float = 1.0
    tested: float | None = None

    @property
    def is_usually_right(self) -> bool:
        """Whether customers may be told."""
        return self.tested is not None and self.tested >= USUALLY

    def corrected(self, wait: Wait) -> Wait:
        return Wait(wait.mean * self.factor, wait.sd * self.factor, wait.q90 * self.factor)


def calibrated(outcomes: Sequence[Outcome]) -> Calibration:
    """Learn from outcomes, the oldest first."""
    if len(outcomes) < FEWEST_OUTCOMES:
        return Calibration(len(outcomes))
    known = len(outcomes) * 2 // 3
    return Calibration(
        count=len(outcomes),
        coverage=_within(outcomes, 1.0),
        factor=_factor(outcomes),
        tested=_within(outcomes[known:], _factor(outcomes[:known])),
    )


def _factor(outcomes: Sequence[Outcome]) -> float:
    """By which q90 has to be multiplied for nine waits in ten to have been within it."""
    ratios = sorted(one.waited / one.q90 for one in outcomes)
    needed = ratios[min(len(ratios) - 1, math.ceil(0.9 * len(ratios)) - 1)]
    return min(MOST_FACTOR, max(LEAST_FACTOR, needed))


def _within(outcomes: Iterable[Outcome], factor: float) -> float:
    held = [one.waited <= one.q90 * factor for one in outcomes]
    return sum(held) / len(held)


class NoNumber(StrEnum):
    """Why no number is told."""

    NOBODY_ONLINE = "nobody_online"  # nobody who could take it
    CLOSED = "closed"  # outside its hours nobody waits for it
    UNKNOWN = "unknown"  # nothing is known of the pace
    UNRELIABLE = "unreliable"  # it was not usually right


@dataclass(frozen=True, slots=True)
class Range:
    """What is told: about so many minutes, to so many; None: longer than the largest step."""

    about: int | None
    to: int | None


def told(wait: Wait | None, calibration: Calibration, *, anybody_online: bool) -> Range | NoNumber:
    """What a customer is told of their wait, or why no number is."""
    if not anybody_online:
        return NoNumber.NOBODY_ONLINE
    if wait is None:
        return NoNumber.UNKNOWN
    if not calibration.is_usually_right:
        return NoNumber.UNRELIABLE
    return shown(calibration.corrected(wait))


def shown(wait: Wait) -> Range:
    """In steps, rounded up; never below a minute."""
    return Range(step(wait.mean), step(wait.q90))


def step(seconds: float) -> int | None:
    """Minutes, rounded up to a step; None: more than the largest."""
    return next((minutes for minutes in STEPS_MINUTES if seconds <= 60 * minutes), None)


def by_head(now: datetime, head_since: datetime | None) -> Wait | None:
    """Where the pace is not known: as long as the first of the level's line waits already.

    Its error is about as large as itself.
    """
    if head_since is None:
        return None
    waited = max(timedelta(0), now - head_since).total_seconds()
    return Wait(waited, waited, waited * 2)
