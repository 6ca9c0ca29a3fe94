"""How long customers wait who give up: M/M/c+M, "Erlang A". Pure.

Arrivals are Poisson, service times and patience exponential. All figures come from the density of
the wait that is offered to an arrival who has to wait and would never give up,

    g(v) ~ exp( (lam/theta) (1 - e^(-theta v)) - c mu v ),

integrated over its peak, in sums of positive numbers only: nothing cancels, and nothing grows
with the number of servers but Erlang B. Takes one or two milliseconds.

Source: Mandelbaum & Zeltyn, "The Palm/Erlang-A queue", 2005.
"""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from wxdesk.desk.staffing.erlang import erlang_b, erlang_c

_NEGLIGIBLE = 45.0  # e^-45 of the peak
_NOTHING = -745.0  # e^-745 is the least a float can tell from 0
_NODES = 16


@dataclass(frozen=True, slots=True)
class Queue:
    """What arrivals of a queue meet; times in the unit of its rates.

    Attributes:
        p_wait: Share of arrivals that find all servers busy.
        p_abandon: Share of arrivals that give up.
        mean_wait: Of all arrivals: served at once, served later and given up.
        mean_queue: Waiting at a time.
        occupancy: Share of the servers that is busy.
        sl: Share of all arrivals that are served, and within ``t``.
    """

    p_wait: float
    p_abandon: float
    mean_wait: float
    mean_queue: float
    occupancy: float
    sl: float


def erlang_a(c: int, lam: float, mu: float, theta: float, t: float) -> Queue:
    """What ``c`` servers do to customers who give up.

    Args:
        c: Servers, at least 1.
        lam: Arrivals per unit of time.
        mu: Services per unit of time and server.
        theta: One over the mean patience; 0: nobody gives up (Erlang C).
        t: The wait within which ``sl`` counts.

    Raises:
        ValueError: There is no such queue.
    """
    rates_are_sound = 0 <= lam < math.inf and 0 < mu < math.inf and 0 <= theta < math.inf
    if c < 1 or not rates_are_sound or not t >= 0:
        raise ValueError("rates and times are at least 0, servers and services above it")
    if lam == 0:
        return Queue(0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    if theta < sys.float_info.min:
        return _of_the_patient(c, lam, mu, t)
    offered = _Offered(lam, c * mu, theta)
    whole, given_up, _ = offered.integrals(math.inf)
    _, _, served = offered.integrals(t)
    empty = math.exp(-offered.peak) / (c * mu * whole)  # nobody waits, given that all are busy
    blocked = erlang_b(c, lam / mu)
    idle = (1 - blocked) * empty / ((1 - blocked) * empty + blocked)
    p_wait = blocked / ((1 - blocked) * empty + blocked)
    p_abandon = p_wait * given_up / whole
    busy_when_idle = lam / mu * (1 - erlang_b(c - 1, lam / mu)) / c
    return Queue(
        p_wait=p_wait,
        p_abandon=p_abandon,
        mean_wait=p_abandon / theta,
        mean_queue=lam * p_abandon / theta,
        occupancy=p_wait + idle * busy_when_idle,
        sl=idle + p_wait * served / whole,
    )


def _of_the_patient(c: int, lam: float, mu: float, t: float) -> Queue:
    spare = c * mu - lam
    if spare <= 0:
        return Queue(1.0, 0.0, math.inf, math.inf, 1.0, 0.0)
    p_wait = erlang_c(c, lam / mu)
    return Queue(
        p_wait=p_wait,
        p_abandon=0.0,
        mean_wait=p_wait / spare,
        mean_queue=lam * p_wait / spare,
        occupancy=lam / (c * mu),
        sl=1 - p_wait * math.exp(-spare * t),
    )


class _Offered:
    """The density of the offered wait, up to a factor: 1 at its peak, wherever that is.

    ``u`` is the time from the peak; ``peak`` is ln g there, where ln g(0) is 0.
    """

    def __init__(self, lam: float, speed: float, theta: float) -> None:
        self._theta = theta
        self._speed = speed
        self._joining = min(lam, speed)  # of lam, those who are still patient at the peak
        excess = max(0.0, lam - speed)
        self._peak_at = math.log1p(excess / speed) / theta
        self._drift = min(0.0, lam - speed)
        self.peak = -self._log(-self._peak_at)

    def integrals(self, t: float) -> tuple[float, float, float]:
        """Up to a wait of ``t``: of g, of g where patience ends first, and where it does not."""
        end = t - self._peak_at
        start = min(0.0, end)
        whole = given_up = served = 0.0
        for u, weight in (*self._nodes(start, -self._peak_at), *self._nodes(start, end)):
            density = weight * math.exp(self._log(u))
            patience_ends = -math.expm1(-self._theta * (u + self._peak_at))
            whole += density
            given_up += density * patience_ends
            served += density * (1 - patience_ends)
        return whole, given_up, served

    def _log(self, u: float) -> float:
        return self._drift * u - self._joining * _bend(self._theta * u) / self._theta

    def _nodes(self, u: float, end: float) -> Iterator[tuple[float, float]]:
        """Where to look, with which weight, from ``u`` until ``end`` or nothing is left."""
        least = max(self._log(u) - _NEGLIGIBLE, _NOTHING)
        way = 1.0 if end > u else -1.0
        while u != end and self._log(u) > least:
            width = min(self._scale(u), abs(end - u))
            for x, weight in _GAUSS:
                yield u + way * width * x, width * weight
            u = end if width == abs(end - u) else u + way * width

    def _scale(self, u: float) -> float:
        """How far g and patience are smooth from here."""
        joining = self._joining * math.exp(-self._theta * u)
        slope = abs(joining - self._speed)
        waited = u + self._peak_at
        return 1 / (slope / 2 + math.sqrt(self._theta * joining) + 1 / (1 / self._theta + waited))


def _bend(x: float) -> float:
    """e^-x - 1 + x, which is about x^2/2 where x is small."""
    if abs(x) > 0.5:  # noqa: PLR2004
        return math.expm1(-x) + x
    series = 1.0
    for n in range(14, 2, -1):
        series = 1 - x * series / n
    return x * x / 2 * series


def _gauss(n: int) -> list[tuple[float, float]]:
    """Nodes and weights of Gauss and Legendre on [0, 1]: Newton on the polynomial."""
    found = []
    for i in range(n):
        x = math.cos(math.pi * (i + 0.75) / (n + 0.5))
        for _ in range(10):
            before, value = 1.0, x
            for k in range(2, n + 1):
                before, value = value, ((2 * k - 1) * x * value - (k - 1) * before) / k
            slope = n * (x * value - before) / (x * x - 1)
            x -= value / slope
        found.append(((1 + x) / 2, 1 / ((1 - x * x) * slope * slope)))
    return found


_GAUSS = _gauss(_NODES)
