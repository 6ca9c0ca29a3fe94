"""The allowance: what WeChat still lets us send to a follower, as acts and sends leave it."""

from wxdesk.desk.allowance.actions import (
    MARGIN,
    Policies,
    forecast_of,
    give_back,
    grants_of,
    record_acts,
    record_refusal,
    record_sent,
    recount,
    require,
    reserve,
)
from wxdesk.desk.allowance.errors import LastSend, RepliesSpent, WindowClosed
from wxdesk.desk.allowance.grants import (
    Forecast,
    Grant,
    Grants,
    after_act,
    after_closed,
    after_send,
    after_spent,
    forecast,
)
from wxdesk.desk.allowance.history import Happening, Turn, after, replay
from wxdesk.desk.allowance.model import Act, Entry
from wxdesk.desk.allowance.queries import forget_before, newest_entries, with_entries

__all__ = [
    "MARGIN",
    "Act",
    "Entry",
    "Forecast",
    "Grant",
    "Grants",
    "Happening",
    "LastSend",
    "Policies",
    "RepliesSpent",
    "Turn",
    "WindowClosed",
    "after",
    "after_act",
    "after_closed",
    "after_send",
    "after_spent",
    "forecast",
    "forecast_of",
    "forget_before",
    "give_back",
    "grants_of",
    "newest_entries",
    "record_acts",
    "record_refusal",
    "record_sent",
    "recount",
    "replay",
    "require",
    "reserve",
    "with_entries",
]
