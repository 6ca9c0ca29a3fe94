"""What a day of a calendar holds: spans of local wall-clock time, and what overrides them. Pure.

Every reader of a kept form raises ``CalendarInvalid`` for what it cannot read.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NamedTuple

from wxdesk.errors import Invalid

DAYS = 7
MINUTES = 24 * 60

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_AS_WEEKDAY = re.compile(r"weekday:([0-6])")


class CalendarInvalid(Invalid):
    """A calendar cannot be right; ``problem`` says why in one stable word.

    The words: ``zone``, ``weekday``, ``date``, ``times``, ``override``, ``spans`` (too many on a
    day) and ``overrides`` (too many).
    """

    code: ClassVar[str] = "calendar_invalid"


class Span(NamedTuple):
    """Half open: from its first minute on, and no more at the one that ends it.

    Attributes:
        begins: Minute of the day, 0 to 1439.
        ends: Minute of the same day, up to 1440 (``24:00``); where that is not after ``begins``,
            of the next day. From nine to nine is 24 hours.
    """

    begins: int
    ends: int

    @property
    def minutes_from_midnight(self) -> tuple[int, int]:
        """Both ends counted from the midnight that begins its day."""
        return self.begins, self.ends if self.ends > self.begins else self.ends + MINUTES

    def as_json(self) -> list[str]:
        return [clock_of(self.begins), clock_of(self.ends)]


@dataclass(frozen=True, slots=True)
class AsWeekday:
    """A date that goes like another day of the week; 0 is Monday."""

    weekday: int


Spans = tuple[Span, ...]
"""None of them: closed."""

Override = Spans | AsWeekday


def minute_of(clock: str) -> int:
    """``09:30`` as a minute of the day; ``24:00`` is its end."""
    read = _CLOCK.fullmatch(clock)
    if read is None:
        raise CalendarInvalid("a time is 00:00 to 24:00", problem="times", time=clock[:20])
    return int(read[1]) * 60 + int(read[2]) if read[1] else MINUTES


def clock_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def override_as_json(override: Override) -> list[list[str]] | str:
    """A list of spans, empty where it is closed, or ``weekday:0``."""
    if isinstance(override, AsWeekday):
        return f"weekday:{override.weekday}"
    return [span.as_json() for span in override]


def override_of_json(kept: Any) -> Override:
    if not isinstance(kept, str):
        return spans_of_json(kept)
    read = _AS_WEEKDAY.fullmatch(kept)
    if read is None:
        raise CalendarInvalid("weekday:0 to weekday:6", problem="override", override=kept[:20])
    return AsWeekday(int(read[1]))


def spans_of_json(kept: Any) -> Spans:
    if not isinstance(kept, list | tuple):
        raise CalendarInvalid("a day is a list of spans", problem="times")
    return tuple(_span_of_json(each) for each in kept)


def week_of_json(kept: Any) -> tuple[Spans, ...]:
    """Seven days, Monday first, of the days by their number; one that is not named is closed."""
    days = _table(kept, problem="weekday")
    if unknown := set(days) - {str(day) for day in range(DAYS)}:
        raise CalendarInvalid("0 is Monday, 6 is Sunday", problem="weekday", day=min(unknown)[:20])
    return tuple(spans_of_json(days.get(str(day), ())) for day in range(DAYS))


def overrides_of_json(kept: Any) -> dict[date, Override]:
    days = _table(kept, problem="override")
    return {_date_of(day): override_of_json(override) for day, override in days.items()}


def _span_of_json(kept: Any) -> Span:
    match kept:
        case [str(begins), str(ends)]:
            return Span(minute_of(begins), minute_of(ends))
    raise CalendarInvalid("a span is two times", problem="times")


def _date_of(kept: str) -> date:
    with suppress(ValueError):
        day = date.fromisoformat(kept)
        if day.isoformat() == kept:  # it reads other ways of writing a date as well
            return day
    raise CalendarInvalid("a date is 2026-01-31", problem="date", date=kept[:20])


def _table(kept: Any, *, problem: str) -> Mapping[str, Any]:
    if isinstance(kept, Mapping) and all(isinstance(key, str) for key in kept):
        return kept
    raise CalendarInvalid("days are named", problem=problem)
