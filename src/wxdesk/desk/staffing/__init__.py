"""How many it takes: what a team of a size does to customers' waits, and the least that is enough.

Stands alone. Units: times in one unit of the caller's choice where rates are given, in seconds
where a name says so.
"""

from wxdesk.desk.staffing.erlang import erlang_b, erlang_c, priority_waits
from wxdesk.desk.staffing.impatience import Queue, erlang_a
from wxdesk.desk.staffing.least import (
    LeastAgents,
    LeastServers,
    least_agents,
    least_servers,
    measured_patience,
)

__all__ = [
    "LeastAgents",
    "LeastServers",
    "Queue",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "least_agents",
    "least_servers",
    "measured_patience",
    "priority_waits",
]
