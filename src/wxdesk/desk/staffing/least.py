"""The least team that keeps a promise. Pure.

Servers are slots: an agent who holds four chats at once is four. The service time is how long a
chat holds its slot *while agents are full*; measured in quiet hours it is shorter, and too few
are hired.
"""

import math
from dataclasses import dataclass

from wxdesk.desk.staffing.impatience import Queue, erlang_a

HOUR = 3600
OCCUPANCY_CAP = 0.85
FEWEST_ABANDONMENTS = 30
MOST_SERVERS = 100_000


@dataclass(frozen=True, slots=True)
class LeastServers:
    """How many it takes.

    Attributes:
        servers: The fewest that reach the goal; none where nobody arrives.
        service_level: What share they serve in time.
        service_level_with_one_less: Below the goal; 0 where one less is none.
    """

    servers: int
    service_level: float
    service_level_with_one_less: float


@dataclass(frozen=True, slots=True)
class LeastAgents:
    """How many agents it takes.

    Attributes:
        agents: To be planned for: some are away.
        slots: That must be there, of all agents together.
        service_level: Of so many slots.
        occupancy: Share of them that is taken, at most the cap.
    """

    agents: int
    slots: int
    service_level: float
    occupancy: float


def least_servers(
    arrivals_per_hour: float,
    handle_s: float,
    within_s: float,
    goal: float,
    patience_s: float | None = None,
) -> LeastServers:
    """The fewest servers that serve enough arrivals in time.

    Tries about twice as many numbers as the answer has binary digits; each costs a millisecond.

    Args:
        arrivals_per_hour: On average.
        handle_s: How long one is served, on average, in seconds.
        within_s: Seconds of waiting that still are in time.
        goal: Share of all arrivals to be served in time, above 0 and below 1.
        patience_s: After how many seconds of waiting customers give up, on average; None: never
            (Erlang C), which errs on the safe side.

    Raises:
        ValueError: A number makes no sense.
    """
    demand = _Demand(arrivals_per_hour, handle_s, within_s, goal, patience_s)
    servers = demand.least()
    level, one_less = (demand.queue(n).sl if n > 0 else 0.0 for n in (servers, servers - 1))
    return LeastServers(servers, level if servers else 1.0, one_less)


def least_agents(
    arrivals_per_hour: float,
    handle_s: float,
    within_s: float,
    goal: float,
    patience_s: float | None = None,
    *,
    slots_per_agent: int,
    shrinkage: float = 0.0,
    occupancy_cap: float = OCCUPANCY_CAP,
) -> LeastAgents:
    """The fewest agents to plan for, where each holds several chats.

    Args:
        arrivals_per_hour: As of ``least_servers``, like the next four.
        handle_s: How long a chat holds its slot while agents are full.
        within_s: Seconds.
        goal: Share of all arrivals.
        patience_s: Seconds, or None.
        slots_per_agent: Chats at once, at least 1.
        shrinkage: Share of the planned time in which agents are not there: breaks, training, ill.
        occupancy_cap: No more than this share of the slots is taken, however good the level.

    Raises:
        ValueError: A number makes no sense.
    """
    if slots_per_agent < 1 or not 0 <= shrinkage < 1 or not 0 < occupancy_cap <= 1:
        raise ValueError("an agent has slots, and is not always away; the cap is a share")
    demand = _Demand(arrivals_per_hour, handle_s, within_s, goal, patience_s, occupancy_cap)
    slots = demand.least()
    queue = demand.queue(max(slots, 1))
    planned = slots / slots_per_agent / (1 - shrinkage)
    return LeastAgents(math.ceil(round(planned, 9)), slots, queue.sl, queue.occupancy)


def measured_patience(abandoned: int, waited_s: float) -> float | None:
    """Mean patience in seconds; None: too few gave up to tell, so reckon as if nobody did.

    Args:
        abandoned: How many gave up.
        waited_s: What all waited together, those served and those who gave up.
    """
    return waited_s / abandoned if abandoned >= FEWEST_ABANDONMENTS and waited_s > 0 else None


@dataclass(frozen=True, slots=True)
class _Demand:
    arrivals_per_hour: float
    handle_s: float
    within_s: float
    goal: float
    patience_s: float | None
    cap: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.arrivals_per_hour < math.inf and 0 < self.handle_s < math.inf):
            raise ValueError("arrivals are at least 0, and take some time")
        if not (0 < self.goal < 1 and self.within_s >= 0):
            raise ValueError("a goal is a share above 0 and below 1, within a time")
        if self.arrivals_per_hour / HOUR * self.handle_s > MOST_SERVERS * self.cap:
            raise ValueError(f"that takes more than {MOST_SERVERS} servers")
        if self.patience_s is not None and not 0 < self.patience_s < math.inf:
            raise ValueError("patience is a time, or None")

    def queue(self, servers: int) -> Queue:
        lam, mu = self.arrivals_per_hour / HOUR, 1 / self.handle_s
        theta = 1 / self.patience_s if self.patience_s else 0.0
        return erlang_a(servers, lam, mu, theta, self.within_s)

    def least(self) -> int:
        """More servers are never worse: double until it is enough, then halve what is between."""
        if self.arrivals_per_hour == 0:
            return 0
        enough = max(1, math.ceil(self.arrivals_per_hour / HOUR * self.handle_s))
        too_few = 0
        while not self._is_enough(enough):
            too_few, enough = enough, enough * 2
        while enough - too_few > 1:
            middle = (too_few + enough) // 2
            if self._is_enough(middle):
                enough = middle
            else:
                too_few = middle
        return enough

    def _is_enough(self, servers: int) -> bool:
        queue = self.queue(servers)
        return queue.sl >= self.goal and queue.occupancy <= self.cap
