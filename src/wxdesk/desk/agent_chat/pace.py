"""Whether what there is to tell an agent is told now, and how. Pure.

An agent is a follower as well: WeChat takes five messages to them after each of theirs. So news are
gathered for a moment, longer as less is left; the last one says what opens the next five.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SETTLES = timedelta(seconds=3)
"""Nothing new for so long: what was written in several lines is told in one."""

SETTLES_WHEN_SHORT = timedelta(seconds=15)
GATHERED = 3
"""Of settling times: after so many it is told, whoever still writes."""

SHORT = 2
TEMPLATE_EVERY = timedelta(minutes=10)
SHIFT = timedelta(hours=12)
"""So long after their last word agents count as within reach: whoever forgets to leave leaves."""


class Way(StrEnum):
    """What becomes of news."""

    NONE = "none"
    LATER = "later"
    TEXT = "text"
    LAST = "last"  # the last that WeChat takes: it says so
    TEMPLATE = "template"
    QUIET = "quiet"  # nothing reaches them until they write


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What there is to tell, and what may be sent.

    Attributes:
        urgent: Somebody waits for the agent to take them; that is not gathered.
        oldest_at, newest_at: When what there is to tell happened; None: there is nothing to tell.
        left: Messages that WeChat takes; None: without a count.
        closes_at: Until when; None: none.
        has_template: Something reaches them all the same.
    """

    urgent: bool
    oldest_at: datetime | None
    newest_at: datetime | None
    left: int | None
    closes_at: datetime | None
    has_template: bool = False


def decide(standing: Standing, now: datetime) -> Way:
    """Decide for one agent."""
    if standing.oldest_at is None or standing.newest_at is None:
        return Way.NONE
    if standing.closes_at is None or standing.left == 0:
        return Way.TEMPLATE if standing.has_template else Way.QUIET
    settles = SETTLES if standing.left is None or standing.left > SHORT else SETTLES_WHEN_SHORT
    is_settled = now - standing.newest_at >= settles
    is_late = now - standing.oldest_at >= GATHERED * settles
    if not (standing.urgent or is_settled or is_late):
        return Way.LATER
    return Way.LAST if standing.left == 1 else Way.TEXT


def within_reach(
    left: int | None, closes_at: datetime | None, *, has_template: bool, now: datetime
) -> datetime | None:
    """Until when an agent who has just written counts as here without a page; None: not at all."""
    if has_template:
        return now + SHIFT
    if closes_at is None or left == 0:
        return None
    return min(closes_at, now + SHIFT)
