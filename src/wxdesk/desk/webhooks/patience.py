"""What follows from an answer, or from none. Decisions: values in, value out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

DELAYS = tuple(
    timedelta(seconds=each) for each in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800)
)
"""Between the attempts; about a day in all."""

JITTER = 0.2
"""By up to so much a delay is longer: those that failed together do not come back together."""

LONGEST_ASKED = timedelta(hours=1)
"""An endpoint that asks for more rest than that is asked all the same."""

FEW_FAILURES = 5
LONGEST_REST = timedelta(minutes=5)
GIVE_UP_AFTER, GIVE_UP_FAILURES = timedelta(days=1), 20
GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt.

    Attributes:
        status: Of the answer; None: there was none.
        why: In a word, why there was no answer.
        excerpt: The beginning of the answer.
        retry_after: What its header asks for.
        took: From the request to the answer.
    """

    status: int | None
    why: str = ""
    excerpt: str = ""
    retry_after: timedelta | None = None
    took: timedelta = timedelta(0)

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004  any 2xx


def next_try(outcome: Outcome, *, attempts: int, now: datetime, chance: float) -> datetime | None:
    """When to try again; None: never.

    Args:
        outcome: Of this attempt.
        attempts: How many there were, with this one.
        now: When.
        chance: From 0 to 1.
    """
    if outcome.status == GONE or attempts > len(DELAYS):
        return None
    delay = DELAYS[attempts - 1] * (1 + JITTER * chance)
    asked = min(outcome.retry_after or timedelta(0), LONGEST_ASKED)
    return now + max(delay, asked)


def rest(failures: int, now: datetime) -> datetime | None:
    """Until when an endpoint is left alone that has failed so often in a row; None: it is not."""
    if failures < FEW_FAILURES:
        return None
    return now + min(timedelta(seconds=5 * 2 ** min(failures - FEW_FAILURES, 10)), LONGEST_REST)


def has_failed_for_good(failures: int, failing_since: datetime | None, now: datetime) -> bool:
    """Whether an endpoint is not to be told any more."""
    lasting = failing_since is not None and now - failing_since >= GIVE_UP_AFTER
    return lasting and failures >= GIVE_UP_FAILURES


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """What an answer asks for, in seconds; a date is not read."""
    said = headers.get("retry-after", "")
    return timedelta(seconds=int(said)) if re.fullmatch("[0-9]{1,7}", said) else None
