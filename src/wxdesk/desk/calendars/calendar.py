"""When somebody is there, and how much of that time passes between two moments. Pure.

A calendar's spans are local wall-clock time. The open set is the union of what they are as
half-open intervals of UTC; overlaps count once. A wall time that the clocks show twice is the
first of the two; one that they skip is taken with the offset before the change. Durations are
real seconds: where the clocks go back, the span of that night is an hour longer.

Moments are aware datetimes; those returned are in UTC. A naive one is a ValueError.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from wxdesk.desk.calendars.spans import (
    DAYS,
    MINUTES,
    AsWeekday,
    CalendarInvalid,
    Override,
    Span,
    Spans,
    override_as_json,
    overrides_of_json,
    week_of_json,
)

MOST_A_DAY = 8
MOST_OVERRIDES = 1000
LOOK_AHEAD = timedelta(days=5 * 366)
"""What is not found within so long is never; a year's length of office hours is."""

_WIDEST = timedelta(days=64)
_INSTANT = timedelta(microseconds=1)
_ALL_WEEK = ((Span(0, MINUTES),),) * DAYS

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours.

    What lies within a few days of the moment asked about is found in microseconds. Beyond that
    the cost grows with the days passed over, open or not, a few microseconds each (where a day has
    eight spans: thirty), up to ``LOOK_AHEAD``. A calendar that is never open is known at once.

    Attributes:
        tz: IANA's name of the time zone.
        weekly: The spans of seven days, Monday first.
        overrides: What a date has instead. A span over midnight belongs to the date on which it
            begins: an override of the next date does not shorten it.
    """

    tz: str
    weekly: tuple[Spans, ...]
    overrides: Mapping[date, Override] = field(default_factory=dict)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what ``as_json`` writes.

        Raises:
            CalendarInvalid: It cannot be read. What can be read may still not be sound.
        """
        tz = kept.get("tz")
        if not isinstance(tz, str):
            raise CalendarInvalid("a calendar has a time zone", problem="zone")
        return cls(
            tz, week_of_json(kept.get("weekly", {})), overrides_of_json(kept.get("overrides", {}))
        )

    def as_json(self) -> dict[str, Any]:
        """As it is kept, imported and exported.

        ``{"tz": "Asia/Shanghai", "weekly": {"0": [["09:00", "18:00"]]}, "overrides":
        {"2026-01-01": [], "2026-01-04": "weekday:0", "2026-02-16": [["09:00", "15:00"]]}}``:
        0 is Monday, a weekday without spans is left out, and an override is closed, like a
        weekday, or has spans of its own.
        """
        return {
            "tz": self.tz,
            "weekly": {
                str(day): [span.as_json() for span in spans]
                for day, spans in enumerate(self.weekly)
                if spans
            },
            "overrides": {
                day.isoformat(): override_as_json(self.overrides[day])
                for day in sorted(self.overrides)
            },
        }

    def spans_on(self, day: date) -> Spans:
        """The spans that begin on a date."""
        match self.overrides.get(day):
            case None:
                return self.weekly[day.weekday()]
            case AsWeekday(weekday):
                return self.weekly[weekday]
            case spans:
                return spans

    def elapsed(self, a: datetime, b: datetime) -> float:
        """Open seconds within [a, b); 0 where b is not after a."""
        opened = self._opened(_utc(a), _utc(b))
        return sum((ends - begins for begins, ends in opened), timedelta()).total_seconds()

    def due(self, t: datetime, seconds: float) -> datetime | None:
        """The first moment from ``t`` on by which it was open for so long; None: never.

        What is used up exactly at closing time is due at closing time, not the next morning.

        Args:
            t: From here on.
            seconds: At least 0; to the microsecond.
        """
        if not seconds >= 0:
            raise ValueError(f"so many seconds are no duration: {seconds}")
        t = _utc(t)
        if seconds > LOOK_AHEAD.total_seconds():
            return None
        left = timedelta(seconds=seconds)
        if not left or self._never_closes:
            return t + left
        for begins, ends in self._opened_from(t):
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        return None

    def is_open(self, t: datetime) -> bool:
        t = _utc(t)
        return self._never_closes or bool(self._opened(t, t + _INSTANT))

    def next_open(self, t: datetime) -> datetime | None:
        """``t`` where it is open, else the next opening; None: never."""
        return next((begins for begins, _ends in self._opened_from(_utc(t))), None)

    def next_close(self, t: datetime) -> datetime | None:
        """``t`` where it is closed, else when it next closes; None: never."""
        t = _utc(t)
        closes = t
        for begins, ends in self._opened_from(t):
            if begins > closes:
                break
            closes = ends
        return closes if closes < t + LOOK_AHEAD else None

    def _opened_from(self, t: datetime) -> Iterator[Interval]:
        """The open set from ``t`` to ``LOOK_AHEAD`` later, in order; pieces of it may touch."""
        if not self._ever_opens():
            return
        end, width = t + LOOK_AHEAD, timedelta(days=1)
        while t < end:
            until = min(t + width, end)
            yield from self._opened(t, until)
            t, width = until, min(width * 2, _WIDEST)

    @property
    def _never_closes(self) -> bool:
        return self.weekly == _ALL_WEEK and not self.overrides

    def _ever_opens(self) -> bool:
        own = (spans for spans in self.overrides.values() if not isinstance(spans, AsWeekday))
        return any(self.weekly) or any(own)

    def _opened(self, a: datetime, b: datetime) -> list[Interval]:
        """The open set within [a, b), in order, in as few pieces as can be."""
        zone = ZoneInfo(self.tz)
        # A span reaches into the next date; clocks that skip one carry it a date further.
        first, last = a.astimezone(zone).toordinal() - 2, b.astimezone(zone).toordinal() + 1
        pieces = sorted(
            (max(begins, a), min(ends, b))
            for day in map(date.fromordinal, range(first, last + 1))
            for begins, ends in _intervals(self.tz, day, self.spans_on(day))
            if begins < b and a < ends
        )
        return _joined(pieces) if a < b else []


def always() -> Calendar:
    """Open at any time."""
    return Calendar("UTC", _ALL_WEEK)


def require_sound(calendar: Calendar) -> Calendar:
    """The calendar itself, once it is known that it can be reckoned with.

    Raises:
        CalendarInvalid: Its time zone, a weekday or a time is none, or there are too many.
    """
    if calendar.tz not in available_timezones():
        raise CalendarInvalid("no such time zone", problem="zone", timezone=calendar.tz[:60])
    if len(calendar.weekly) != DAYS:
        raise CalendarInvalid("a week has seven days", problem="weekday")
    if len(calendar.overrides) > MOST_OVERRIDES:
        raise CalendarInvalid("too many dates", problem="overrides", most=MOST_OVERRIDES)
    for spans in (*calendar.weekly, *calendar.overrides.values()):
        if isinstance(spans, AsWeekday):
            _require_weekday(spans)
        else:
            _require_spans(spans)
    return calendar


def _require_weekday(like: AsWeekday) -> None:
    if not 0 <= like.weekday < DAYS:
        raise CalendarInvalid("0 is Monday, 6 is Sunday", problem="weekday")


def _require_spans(spans: Spans) -> None:
    if len(spans) > MOST_A_DAY:
        raise CalendarInvalid("too many spans on a day", problem="spans", most=MOST_A_DAY)
    if not all(0 <= span.begins < MINUTES and 0 <= span.ends <= MINUTES for span in spans):
        raise CalendarInvalid("a span is from 00:00 to 24:00", problem="times")


@lru_cache(maxsize=8192)  # clocks are asked about the same few days again and again
def _intervals(tz: str, day: date, spans: Spans) -> tuple[Interval, ...]:
    """What the spans of a date are in UTC; one that the clocks skip is nothing."""
    midnight = datetime.combine(day, time(), ZoneInfo(tz))
    ends = [[_after(midnight, minute) for minute in span.minutes_from_midnight] for span in spans]
    return tuple((begins, until) for begins, until in ends if begins < until)


def _after(midnight: datetime, minute: int) -> datetime:
    """Added to the wall clock, not to the time: that is how datetimes of one zone add."""
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)


def _joined(pieces: list[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for begins, ends in pieces:
        if joined and begins <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], ends)
        else:
            joined.append((begins, ends))
    return joined


def _utc(t: datetime) -> datetime:
    if t.tzinfo is None:
        raise ValueError("a moment has a time zone")
    return t.astimezone(UTC)
