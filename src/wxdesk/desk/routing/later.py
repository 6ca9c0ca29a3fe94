"""When an agent comes back to what they put off (稍后提醒). Pure."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from wxdesk.desk.calendars import Calendar

SOONEST = timedelta(minutes=1)
LATEST = timedelta(days=30)
HOUR = timedelta(hours=1)
MORNING, EVENING = time(9), time(18)
DAWN = time(5)
"""Until then whoever works late means the morning of the same date."""


class Preset(StrEnum):
    """A moment that is proposed."""

    HOUR = "hour"  # an hour from now
    CLOSE = "close"  # when the desk closes today; else at 18:00
    MORNING = "morning"  # tomorrow at 9:00


def presets(now: datetime, calendar: Calendar | None, zone: ZoneInfo) -> Mapping[Preset, datetime]:
    """What is proposed, the soonest first; of today only what is still to come.

    Args:
        now: When.
        calendar: The hours of whoever serves the conversation; None: none are known.
        zone: Where they are.
    """
    found = {Preset.HOUR: now + HOUR, Preset.MORNING: _morning(now, zone)}
    if closes := _close(now, calendar, zone):
        found[Preset.CLOSE] = closes
    return dict(sorted(found.items(), key=lambda each: each[1]))


def is_possible(now: datetime, until: datetime) -> bool:
    """Whether something may be put off until then."""
    return now + SOONEST <= until <= now + LATEST


def _close(now: datetime, calendar: Calendar | None, zone: ZoneInfo) -> datetime | None:
    """When the desk closes, on this date or in this night; one that is closed has closed."""
    if calendar is None:
        evening = _at(now, EVENING, zone)
        return evening if evening >= now + SOONEST else None
    closes = calendar.next_close(now)
    return closes if closes and now + SOONEST <= closes < now + timedelta(days=1) else None


def _morning(now: datetime, zone: ZoneInfo) -> datetime:
    there = now.astimezone(zone)
    return _at(now, MORNING, zone, days=0 if there.time() < DAWN else 1)


def _at(now: datetime, clock: time, zone: ZoneInfo, *, days: int = 0) -> datetime:
    there = now.astimezone(zone)
    return datetime.combine(there.date() + timedelta(days=days), clock, zone).astimezone(now.tzinfo)
