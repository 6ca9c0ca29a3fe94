"""Calendars: when somebody is there, and China's holidays as proposals for them."""

from wxdesk.desk.calendars.calendar import (
    LOOK_AHEAD,
    MOST_A_DAY,
    MOST_OVERRIDES,
    Calendar,
    always,
    require_sound,
)
from wxdesk.desk.calendars.holidays import Proposal, is_known, missing, proposed, should_warn
from wxdesk.desk.calendars.spans import AsWeekday, CalendarInvalid, Override, Span, Spans

__all__ = [
    "LOOK_AHEAD",
    "MOST_A_DAY",
    "MOST_OVERRIDES",
    "AsWeekday",
    "Calendar",
    "CalendarInvalid",
    "Override",
    "Proposal",
    "Span",
    "Spans",
    "always",
    "is_known",
    "missing",
    "proposed",
    "require_sound",
    "should_warn",
]
