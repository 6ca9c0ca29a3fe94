"""Figures over all parts, read only: what is now, what was today, how many people it takes.

Each figure has a name that pages put into words, and a list that it leads to: see ``figures``.
"""

from wxdesk.desk.reports.alarms import Alarm, AlarmKind, alarms
from wxdesk.desk.reports.figures import AgentNow, AgentsDay, Figures, Key, People, Slice, total
from wxdesk.desk.reports.forecast import Demand, Forecast, HalfHour, forecast
from wxdesk.desk.reports.monitor import Now, Today, read_now, read_today, slices
from wxdesk.desk.reports.staffing import Assumptions, Staffing, read_staffing

__all__ = [
    "AgentNow",
    "AgentsDay",
    "Alarm",
    "AlarmKind",
    "Assumptions",
    "Demand",
    "Figures",
    "Forecast",
    "HalfHour",
    "Key",
    "Now",
    "People",
    "Slice",
    "Staffing",
    "Today",
    "alarms",
    "forecast",
    "read_now",
    "read_staffing",
    "read_today",
    "slices",
    "total",
]
