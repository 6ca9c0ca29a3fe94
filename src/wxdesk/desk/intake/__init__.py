"""Intake: a push is kept before it is understood; then it becomes what agents see."""

from wxdesk.desk.intake.delays import Delays, recent_delays
from wxdesk.desk.intake.keep import COLUMNS, LOOP, TABLE, kept_feedback_row, kept_row
from wxdesk.desk.intake.model import KEPT_FOR, Claimed, KeptPush, PushKey, PushState
from wxdesk.desk.intake.original import PushForgotten, show
from wxdesk.desk.intake.queries import (
    claim_kept,
    count_backlog,
    find_done,
    forget_done_before,
    list_pushes,
    retry_parked,
)
from wxdesk.desk.intake.receive import park, receive

__all__ = [
    "COLUMNS",
    "KEPT_FOR",
    "LOOP",
    "TABLE",
    "Claimed",
    "Delays",
    "KeptPush",
    "PushForgotten",
    "PushKey",
    "PushState",
    "claim_kept",
    "count_backlog",
    "find_done",
    "forget_done_before",
    "kept_feedback_row",
    "kept_row",
    "list_pushes",
    "park",
    "receive",
    "recent_delays",
    "retry_parked",
    "show",
]
