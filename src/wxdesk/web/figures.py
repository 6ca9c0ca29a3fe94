"""The monitor's figures as this process keeps them for a moment, for all who ask.

What changes by the second is read each time, or once a second for screens on walls. What was since
the day began costs more, and is read every ten seconds at most.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wxdesk.desk import intake, reports, routing
from wxdesk.desk.intake import Delays
from wxdesk.desk.reports import Now, Today
from wxdesk.desk.routing import Expected
from wxdesk.store import Unit
from wxdesk.web.problems import TooOften

FRESH = timedelta(seconds=1)
TODAY_FRESH = timedelta(seconds=10)
AHEAD_FRESH = timedelta(seconds=5)
MOST_ASKED = 5
"""By one screen in a second: it may be shown in a few windows."""

MOST_DAYS = 40
"""Days begin at so many moments at most: at each offset of a time zone."""


def day_begins(now: datetime, zone: ZoneInfo) -> datetime:
    """The midnight before, by the clocks of a place."""
    local = now.astimezone(zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


class Ahead(NamedTuple):
    """What whoever came now would have to wait, and how late pushes come."""

    at: datetime
    expected: Sequence[Expected]
    delays: Delays


class KeptFigures:
    """Kept for all who ask this process; of many who ask at once one reads."""

    def __init__(self) -> None:
        self._now: Now | None = None
        self._ahead: Ahead | None = None
        self._days: dict[datetime, Today] = {}
        self._asked: dict[int, tuple[datetime, int]] = {}
        self._reading = asyncio.Lock()

    def require_pace(self, wallboard_id: int, now: datetime) -> None:
        """Raise where a screen asks more often than any screen needs.

        Raises:
            TooOften: Wait a second.
        """
        since, count = self._asked.get(wallboard_id, (now, 0))
        if not since <= now < since + FRESH:
            since, count = now, 0
        if count >= MOST_ASKED:
            raise TooOften("once a second is enough", retry_after_seconds=1)
        self._asked[wallboard_id] = since, count + 1

    async def today(self, unit: Unit, since: datetime, now: datetime) -> Today:
        """The day so far, as it was a few seconds ago."""
        async with self._reading:
            kept = self._days.get(since)
            if kept is None or not now - TODAY_FRESH < kept.at <= now:
                kept = await reports.read_today(unit, since=since, now=now)
                if len(self._days) >= MOST_DAYS:
                    self._days.clear()
                self._days[since] = kept
            return kept

    async def lately(self, unit: Unit, now: datetime) -> Now:
        """What was a second ago."""
        async with self._reading:
            kept = self._now
            if kept is None or not now - FRESH < kept.at <= now:
                kept = self._now = await reports.read_now(unit, now=now, limit=1)
            return kept

    async def ahead(self, unit: Unit, now: datetime) -> Ahead:
        """What was a few seconds ago."""
        async with self._reading:
            kept = self._ahead
            if kept is None or not now - AHEAD_FRESH < kept.at <= now:
                expected = await routing.expected_waits(unit, now=now)
                delays = await intake.recent_delays(unit, now=now)
                kept = self._ahead = Ahead(now, expected, delays)
            return kept
