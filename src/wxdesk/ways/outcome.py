"""What became of one try to reach somebody."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Fate(StrEnum):
    """Four ends of a try."""

    SENT = "sent"
    GONE = "gone"  # nobody is there any more: it is of no use to try again, ever
    LATER = "later"  # nothing is wrong with it: try again
    REFUSED = "refused"  # the other side does not take it, and would not the next time


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a try.

    Attributes:
        why: A word for people: a status, or what failed. Nothing that was sent, and no address.
        wait: So long the other side wants to be left alone.
    """

    fate: Fate
    why: str = ""
    wait: timedelta | None = None
