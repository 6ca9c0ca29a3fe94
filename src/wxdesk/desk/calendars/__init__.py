"""Calendars: when somebody is there, and China's holidays as proposals for them."""

from wxdesk.desk.calendars.actions import add, change, remove
from wxdesk.desk.calendars.calendar import (
    LOOK_AHEAD,
    MOST_A_DAY,
    MOST_OVERRIDES,
    Calendar,
    always,
    require_sound,
)
from wxdesk.desk.calendars.holidays import Proposal, is_known, proposed
from wxdesk.desk.calendars.model import (
    CHANGED,
    CalendarChanged,
    CalendarInUse,
    KeptCalendar,
    TooManyCalendars,
)
from wxdesk.desk.calendars.queries import by_ids, get, list_all
from wxdesk.desk.calendars.spans import (
    MINUTES,
    AsWeekday,
    CalendarInvalid,
    Override,
    Span,
    Spans,
    clock_of,
    minute_of,
)

__all__ = [
    "CHANGED",
    "LOOK_AHEAD",
    "MINUTES",
    "MOST_A_DAY",
    "MOST_OVERRIDES",
    "AsWeekday",
    "Calendar",
    "CalendarChanged",
    "CalendarInUse",
    "CalendarInvalid",
    "KeptCalendar",
    "Override",
    "Proposal",
    "Span",
    "Spans",
    "TooManyCalendars",
    "add",
    "always",
    "by_ids",
    "change",
    "clock_of",
    "get",
    "is_known",
    "list_all",
    "minute_of",
    "proposed",
    "remove",
    "require_sound",
]
