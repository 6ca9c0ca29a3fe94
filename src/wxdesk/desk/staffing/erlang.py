"""How long customers wait who never give up: Erlang B and C, and levels served by priority. Pure.

Arrivals are Poisson, service times exponential; the load ``a`` is arrivals x service time, in
servers. More load than servers is no error: then everybody waits, and without end.

Source: Erlang 1917; Cobham 1954 and Kella & Yechiali 1985 for priorities.
"""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise


def erlang_b(c: int, a: float) -> float:
    """The share of arrivals that find all ``c`` servers busy, where nobody may wait.

    B_n = a B_{n-1} / (n + a B_{n-1}): every step makes the error before it smaller. Takes a
    fraction of a millisecond for a thousand servers, and grows with their number.

    Raises:
        ValueError: Fewer servers or less load than none.
    """
    if c < 0 or not 0 <= a < math.inf:
        raise ValueError(f"{c} servers with a load of {a}")
    blocked = 1.0
    for n in range(1, c + 1):
        blocked = a * blocked / (n + a * blocked)
    return blocked


def erlang_c(c: int, a: float) -> float:
    """The share of arrivals that have to wait for one of ``c`` servers; 1 from ``a = c`` on.

    Raises:
        ValueError: No server, or less load than none.
    """
    if c < 1:
        raise ValueError("without servers there is no queue")
    blocked = erlang_b(c, a)
    return c * blocked / (c - a + a * blocked) if a < c else 1.0


def priority_waits(c: int, mu: float, lams: Sequence[float]) -> list[float]:
    """Mean wait of each level, where a better one always goes first and nobody is interrupted.

    W_k = (C / (c mu)) / ((1 - s_{k-1}) (1 - s_k)), s_k = sum_{i<=k} lam_i / (c mu).

    Args:
        c: Servers.
        mu: Services per unit of time and server; the waits are in that unit.
        lams: Arrivals of each level, the best first. A level is infinite where it and those
            before it are more than the servers can do.

    Raises:
        ValueError: No server, no service, or less than no arrivals.
    """
    if not 0 < mu < math.inf or not all(0 <= lam < math.inf for lam in lams):
        raise ValueError("rates are at least 0, and of services above it")
    waited = erlang_c(c, sum(lams) / mu) / (c * mu)
    spare = [1 - share / (c * mu) for share in accumulate(lams, initial=0.0)]
    return [waited / (before * left) if left > 0 else math.inf for before, left in pairwise(spare)]
