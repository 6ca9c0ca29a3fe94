"""Office hours: when somebody is there, by the clocks of the account's own time zone. Pure.

Half open: from the first minute of an interval on, and no more at the one that ends it. An hour
that the clocks skip is never; one that they show twice is twice as long.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from wxdesk.errors import Invalid

MOST_A_DAY = 8
DAYS = 7
MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Some minutes of a day of the week.

    Attributes:
        day: 0 is Monday.
        begins: Minute of the day, from 0.
        ends: The first minute after it; 1440 is midnight.
    """

    day: int
    begins: int
    ends: int

    def as_json(self) -> dict[str, Any]:
        return {"day": self.day, "begins": clock_of(self.begins), "ends": clock_of(self.ends)}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(kept["day"], minute_of(kept["begins"]), minute_of(kept["ends"]))


OfficeHours = tuple[Interval, ...] | None
"""None: at any time."""


def minute_of(clock: str) -> int:
    """``09:30`` as a minute of the day; ``24:00`` is its end."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def clock_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def is_open(hours: OfficeHours, at: datetime, zone: ZoneInfo) -> bool:
    """Whether a moment is within office hours."""
    if hours is None:
        return True
    there = at.astimezone(zone)
    minute = there.hour * 60 + there.minute
    return any(each.day == there.weekday() and each.begins <= minute < each.ends for each in hours)


def is_between(begins: int, ends: int, at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks stand between two minutes of the day, over midnight if need be.

    Where both are the same: never.
    """
    there = at.astimezone(zone)
    minute = there.hour * 60 + there.minute
    if begins <= ends:
        return begins <= minute < ends
    return minute >= begins or minute < ends


def require_sound(hours: Sequence[Interval]) -> tuple[Interval, ...]:
    """The intervals in order.

    Raises:
        Invalid: One ends before it begins, two overlap, or a day has too many.
    """
    ordered = tuple(sorted(hours))
    for each in ordered:
        if not (0 <= each.day < DAYS and 0 <= each.begins < each.ends <= MINUTES):
            raise Invalid("an interval ends before it begins", day=each.day)
    for one, other in itertools.pairwise(ordered):
        if one.day == other.day and other.begins < one.ends:
            raise Invalid("two intervals overlap", day=one.day)
    for day in range(DAYS):
        if sum(each.day == day for each in ordered) > MOST_A_DAY:
            raise Invalid("too many intervals on a day", day=day, most=MOST_A_DAY)
    return ordered


def require_zone(name: str) -> str:
    """Raise Invalid unless there is such a time zone (IANA's names)."""
    if name not in available_timezones():
        raise Invalid("there is no such time zone", timezone=name)
    return name
