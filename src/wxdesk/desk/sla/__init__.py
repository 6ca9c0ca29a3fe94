"""SLA clocks: what each conversation was promised, and whether the promise was kept."""

from wxdesk.desk.sla.actions import (
    LOOP,
    follow,
    follow_message,
    follow_told,
    notice,
    promise,
)
from wxdesk.desk.sla.counts import Outcomes, breached, outcomes, overdue
from wxdesk.desk.sla.model import Clock, ClockState
from wxdesk.desk.sla.queries import list_clocks, running
from wxdesk.desk.sla.reckon import catch_up, count_outdated, recompute, repromise
from wxdesk.desk.sla.terms import Key, Kind, Terms, key_of, terms_for

__all__ = [
    "LOOP",
    "Clock",
    "ClockState",
    "Key",
    "Kind",
    "Outcomes",
    "Terms",
    "breached",
    "catch_up",
    "count_outdated",
    "follow",
    "follow_message",
    "follow_told",
    "key_of",
    "list_clocks",
    "notice",
    "outcomes",
    "overdue",
    "promise",
    "recompute",
    "repromise",
    "running",
    "terms_for",
]
