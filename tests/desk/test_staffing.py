"""How many it takes: against exact and high-precision arithmetic that shares nothing with it."""

import json
import math
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxdesk.desk.staffing import (
    LeastServers,
    erlang_a,
    erlang_b,
    erlang_c,
    least_agents,
    least_servers,
    measured_patience,
    priority_waits,
)

FILE = Path(__file__).parents[1] / "fixtures" / "routing_examples.json"
EXAMPLES = json.loads(FILE.read_text("utf-8"))
FIGURES = ("p_wait", "p_abandon", "mean_wait", "mean_queue", "occupancy", "sl")
INF = math.inf


def close(expected):
    return pytest.approx(expected, rel=1e-8, abs=0)


def cases(name):
    return EXAMPLES[name]["cases"]


@pytest.mark.parametrize("case", cases("erlang"), ids=lambda case: f"{case['c']} servers")
def test_erlang_b_and_c(case):
    assert erlang_b(case["c"], case["a"]) == close(case["B"])
    assert erlang_c(case["c"], case["a"]) == close(case["C"])


@pytest.mark.parametrize("case", cases("erlang_a"), ids=lambda case: f"{case['c']} servers")
def test_erlang_a(case):
    queue = erlang_a(*(case[name] for name in ("c", "lam", "mu", "theta", "t")))

    assert {name: getattr(queue, name) for name in FIGURES} == {
        name: close(case[name]) for name in FIGURES
    }


@pytest.mark.parametrize("case", cases("priority_mmc"), ids=lambda case: f"{case['lams']}")
def test_priority_waits(case):
    waits = priority_waits(case["c"], case["mu"], case["lams"])

    assert waits == [close(wait) for wait in case["waits"]]
    carried, first_come = case["conservation"]
    waited = sum(lam * wait for lam, wait in zip(case["lams"], waits, strict=True))
    assert waited / sum(case["lams"]) == close(carried)
    assert carried == first_come


@pytest.mark.parametrize("case", cases("staffing"), ids=lambda case: f"{case['patience_s']}")
def test_least_servers(case):
    asked = ("arrivals_per_hour", "handle_s", "within_s", "goal", "patience_s")

    least = least_servers(*(case[name] for name in asked))

    assert least.servers == case["servers"]
    assert least.service_level == close(case["service_level"])
    assert least.service_level_with_one_less == close(case["service_level_with_one_less"])


# --- exact


def exact_b(c, a):
    term = total = Fraction(1)
    for n in range(1, c + 1):
        term *= a / n
        total += term
    return term / total


@pytest.mark.parametrize(
    ("c", "a"),
    [(0, "3"), (1, "1e-6"), (2, "1.9999"), (30, "0.1"), (30, "29.999"), (150, "140"), (150, "300")],
)
def test_b_and_c_are_those_of_the_definition(c, a):
    blocked = exact_b(c, Fraction(a))

    assert erlang_b(c, float(a)) == close(float(blocked))
    if c > Fraction(a):
        waits = c * blocked / (c - Fraction(a) * (1 - blocked))
        assert erlang_c(c, float(a)) == close(float(waits))


# --- M/M/c+M, as a chain of states, in fifty digits


class Chain:
    """The states of a queue, and the fate of who joins it, without any formula but balance."""

    def __init__(self, c, lam, mu, theta, t):
        self.c, self.t = c, Decimal(t)
        self.lam, self.mu, self.theta = (Decimal(rate) for rate in (lam, mu, theta))
        self.weights = self._states()
        self.total = sum(self.weights)

    def _states(self):
        weights, n, negligible = [Decimal(1)], 0, Decimal("1e-30")
        while n <= self.c or weights[-1] > negligible * max(weights[-1], weights[self.c]):
            n += 1
            leave = min(n, self.c) * self.mu + max(0, n - self.c) * self.theta
            weights.append(weights[-1] * self.lam / leave)
        return weights

    def figures(self):
        c, states = self.c, [weight / self.total for weight in self.weights]
        queue = sum((n - c) * share for n, share in enumerate(states) if n > c)
        busy = sum(min(n, c) * share for n, share in enumerate(states))
        served = self._served(states[c:])
        return {
            "p_wait": sum(states[c:]),
            "p_abandon": self.theta * queue / self.lam,
            "mean_wait": queue / self.lam,
            "mean_queue": queue,
            "occupancy": busy / c,
            "sl": sum(states[:c]) + served,
        }

    def _served(self, states):
        """Of those who find so many before them, who is served within ``t``: jump by jump."""
        speed, most = self.c * self.mu, len(states)
        rate = speed + most * self.theta
        served, weight, total = [Decimal(0)] * most, (-rate * self.t).exp(), Decimal(0)
        jumps, mean = 0, rate * self.t
        while jumps < mean or weight > Decimal("1e-25"):
            total += weight * sum(p * s for p, s in zip(states, served, strict=True) if p)
            jumps += 1
            weight *= mean / jumps
            served = [
                (
                    (speed + j * self.theta) * (served[j - 1] if j else 1)
                    + (rate - speed - (j + 1) * self.theta) * served[j]
                )
                / rate
                for j in range(most)
            ]
        return total


@pytest.mark.parametrize(
    ("c", "lam", "mu", "theta", "t"),
    [
        (1, "0.001", "1", "0.5", "0.1"),
        (1, "0.8", "1", "1", "2"),
        (1, "12", "1", "3", "0.3"),
        (2, "1.5", "0.5", "25", "0.05"),  # nobody waits long
        (5, "5", "1", "0.25", "0.5"),  # exactly loaded
        (12, "0.0555", "0.00556", "0.00833", "20"),  # in seconds
        (20, "30", "1", "0.5", "0.4"),
        (40, "8", "1", "0.1", "0.2"),  # hardly loaded: one in 10^16 waits
        (80, "84", "1", "0.25", "0.1"),
        (300, "290", "1", "0.5", "0.02"),
    ],
)
def test_erlang_a_is_that_of_its_states(c, lam, mu, theta, t):
    queue = erlang_a(c, *(float(value) for value in (lam, mu, theta, t)))

    with localcontext(Context(prec=50)):
        exact = Chain(c, lam, mu, theta, t).figures()

    assert {name: getattr(queue, name) for name in FIGURES} == {
        name: close(float(value)) for name, value in exact.items()
    }


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.integers(1, 25),
    st.integers(1, 200),
    st.integers(5, 300).map(lambda n: n / 100),
    st.integers(0, 150),
)
def test_erlang_a_of_any_small_team(c, load_percent, theta, t_percent):
    lam, t = c * load_percent / 100, t_percent / 100
    queue = erlang_a(c, lam, 1.0, theta, t)

    with localcontext(Context(prec=50)):
        exact = Chain(c, str(lam), "1", str(theta), str(t)).figures()

    assert {name: getattr(queue, name) for name in FIGURES} == {
        name: close(float(value)) for name, value in exact.items()
    }


@pytest.mark.parametrize(
    ("c", "lam", "theta"),
    [
        (3000, "2900", "0.5"),
        (3000, "3000", "0.5"),
        (3000, "3200", "0.5"),
        (4, "4", "1e-6"),  # a line of a thousand
        (4, "4.002", "1e-5"),
    ],
)
def test_erlang_a_of_thousands(c, lam, theta):
    queue = erlang_a(c, float(lam), 1.0, float(theta), 0.0)

    with localcontext(Context(prec=50)):
        exact = Chain(c, lam, "1", theta, "0").figures()

    assert {name: getattr(queue, name) for name in FIGURES} == {
        name: close(float(value)) for name, value in exact.items()
    }


@pytest.mark.parametrize("c", [5000, 20_000])
def test_erlang_c_of_thousands(c):
    a = c - 50
    with localcontext(Context(prec=50, Emax=10**9, Emin=-(10**9))):
        total = term = Decimal(1)
        for n in range(1, c + 1):
            term = term * a / n
            total += term
        waits = c * (term / total) / (c - a * (1 - term / total))

    assert erlang_c(c, a) == close(float(waits))


def test_what_is_quoted_in_the_literature():
    """48 calls a minute of one minute, 50 agents, 2 minutes of patience: Garnett et al., 2002."""
    impatient = erlang_a(50, 48, 1, 0.5, 0)
    patient = erlang_a(50, 48, 1, 0, 0)

    assert round(impatient.p_abandon, 3) == 0.031
    assert round(impatient.mean_wait * 60, 1) == 3.7
    assert round(impatient.occupancy, 2) == 0.93
    assert round(patient.mean_wait * 60, 1) == 20.8


# --- what must hold

loads = st.floats(0.05, 60)
thetas = st.floats(0.001, 20)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(1, 60), loads, thetas, st.floats(0, 5))
def test_shares_are_shares_and_nobody_is_lost(c, lam, theta, t):
    queue = erlang_a(c, lam, 1.0, theta, t)

    assert all(0 <= share <= 1 + 1e-12 for share in (queue.p_wait, queue.p_abandon, queue.sl))
    assert queue.occupancy * c + lam * queue.p_abandon == close(lam)
    assert queue.mean_queue == close(lam * queue.mean_wait)
    assert erlang_a(c, lam, 1.0, theta, INF).sl == close(1 - queue.p_abandon)
    assert erlang_a(c, lam, 1.0, theta, 0).sl == pytest.approx(1 - queue.p_wait, abs=1e-12)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(1, 60), loads, st.floats(0, 20), st.floats(0, 5))
def test_one_server_more_is_never_worse(c, lam, theta, t):
    less, more = erlang_a(c, lam, 1.0, theta, t), erlang_a(c + 1, lam, 1.0, theta, t)

    assert more.sl >= less.sl - 1e-12
    assert more.mean_wait <= less.mean_wait
    assert more.occupancy <= less.occupancy + 1e-12


@pytest.mark.parametrize("lam", [8.0, 9.5, 9.99])
def test_the_very_patient_are_like_those_who_never_give_up(lam):
    patient, endless = (erlang_a(10, lam, 1.0, theta, 0.7) for theta in (1e-12, 0))

    assert [getattr(patient, name) for name in FIGURES] == [
        pytest.approx(getattr(endless, name), rel=1e-6, abs=1e-6) for name in FIGURES
    ]


def test_too_much_is_no_error():
    overloaded = erlang_a(10, 10.0, 1.0, 0, 20)

    assert erlang_c(10, 10) == erlang_c(10, 1000) == 1
    assert (overloaded.p_wait, overloaded.mean_wait, overloaded.sl) == (1, INF, 0)
    assert (overloaded.mean_queue, overloaded.occupancy) == (INF, 1)


@pytest.mark.parametrize("theta", [1e-200, 1e-17, 1e-9, 1e-3, 1.0, 1e9])
@pytest.mark.parametrize("lam", [1e-9, 1.0, 2.9999, 3.0, 3.0001, 1e9])
def test_no_rate_is_too_extreme(lam, theta):
    queue = erlang_a(3, lam, 1.0, theta, 1)

    assert all(math.isfinite(getattr(queue, name)) for name in FIGURES)
    assert queue.occupancy * 3 + lam * queue.p_abandon == pytest.approx(lam, rel=1e-6)


def test_where_nobody_comes_nobody_waits():
    assert erlang_b(3, 0) == erlang_c(3, 0) == 0
    assert erlang_a(3, 0, 1, 1, 0).sl == 1
    assert priority_waits(3, 1, [0, 0]) == [0, 0]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(1, 40), st.lists(st.floats(0, 5), min_size=1, max_size=5))
def test_priorities_only_move_waiting(c, lams):
    waits = priority_waits(c, 1.0, lams)

    assert waits == sorted(waits)
    if sum(lams) < c * 0.999:
        first_come = erlang_c(c, sum(lams)) / (c - sum(lams))
        moved = sum(lam * wait for lam, wait in zip(lams, waits, strict=True))
        assert moved == pytest.approx(sum(lams) * first_come, rel=1e-8)


def test_levels_beyond_capacity_wait_without_end_and_those_before_them_do_not():
    waits = priority_waits(2, 1.0, [0.5, 1.0, 1.0, 0.1])

    assert waits[:2] == [close(0.5 / 0.75), close(0.5 / (0.75 * 0.25))]
    assert waits[2:] == [INF, INF]


# --- teams


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(1, 900),
    st.integers(20, 600),
    st.integers(0, 120),
    st.sampled_from([0.5, 0.8, 0.9, 0.99]),
    st.one_of(st.none(), st.integers(10, 1800)),
)
def test_the_least_is_the_first_that_is_enough(arrivals, handle, within, goal, patience):
    theta = 1 / patience if patience else 0.0

    def level(n):
        return erlang_a(n, arrivals / 3600, 1 / handle, theta, within).sl

    least = least_servers(arrivals, handle, within, goal, patience)

    first = next(n for n in range(1, 1000) if level(n) >= goal)
    assert least == LeastServers(first, level(first), level(first - 1) if first > 1 else 0.0)


def test_where_nobody_arrives_nobody_is_needed():
    assert least_servers(0, 180, 20, 0.8) == LeastServers(0, 1.0, 0.0)
    assert least_agents(0, 180, 20, 0.8, slots_per_agent=4).agents == 0


def test_agents_are_slots_and_sometimes_away():
    alone = least_servers(200, 720, 20, 0.8, 1800).servers
    team = least_agents(200, 720, 20, 0.8, 1800, slots_per_agent=4, occupancy_cap=1)
    with_leave = least_agents(
        200, 720, 20, 0.8, 1800, slots_per_agent=4, shrinkage=0.3, occupancy_cap=1
    )

    assert team.slots == with_leave.slots == alone
    assert team.agents == math.ceil(alone / 4)
    assert with_leave.agents == math.ceil(alone / 4 / 0.7)


def test_a_share_that_is_no_binary_number_adds_no_agent():
    team = least_agents(160, 360, 20, 0.8, slots_per_agent=1, shrinkage=0.3, occupancy_cap=1)

    assert (team.slots, team.agents) == (21, 30)  # though 21 / (1 - 0.3) > 30


def test_agents_are_not_busy_all_the_time():
    capped = least_agents(3600, 100, 20, 0.8, slots_per_agent=1)

    assert least_servers(3600, 100, 20, 0.8).servers < capped.slots == math.ceil(100 / 0.85)
    assert capped.occupancy <= 0.85
    assert capped.service_level > 0.99


def test_patience_is_measured_once_enough_have_given_up():
    assert measured_patience(29, 29 * 600) is None
    assert measured_patience(30, 30 * 600) == 600
    assert measured_patience(0, 0) is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda: erlang_b(-1, 1),
        lambda: erlang_b(1, -1),
        lambda: erlang_b(1, INF),
        lambda: erlang_b(1, math.nan),
        lambda: erlang_c(0, 1),
        lambda: erlang_a(0, 1, 1, 1, 1),
        lambda: erlang_a(1, -1, 1, 1, 1),
        lambda: erlang_a(1, 1, 0, 1, 1),
        lambda: erlang_a(1, 1, 1, -1, 1),
        lambda: erlang_a(1, 1, 1, 1, -1),
        lambda: erlang_a(1, math.nan, 1, 1, 1),
        lambda: erlang_a(1, 1, 1, 1, math.nan),
        lambda: priority_waits(1, 0, [1]),
        lambda: priority_waits(1, 1, [-1]),
        lambda: priority_waits(0, 1, [1]),
        lambda: least_servers(-1, 180, 20, 0.8),
        lambda: least_servers(1, 0, 20, 0.8),
        lambda: least_servers(1, 180, -1, 0.8),
        lambda: least_servers(1, 180, 20, 1),
        lambda: least_servers(1, 180, 20, 0),
        lambda: least_servers(1, 180, 20, 0.8, 0),
        lambda: least_servers(1e9, 3600, 20, 0.8),
        lambda: least_agents(1, 180, 20, 0.8, slots_per_agent=0),
        lambda: least_agents(1, 180, 20, 0.8, slots_per_agent=1, shrinkage=1),
        lambda: least_agents(1, 180, 20, 0.8, slots_per_agent=1, occupancy_cap=0),
    ],
)
def test_what_makes_no_sense_is_refused(ask):
    with pytest.raises(ValueError):
        ask()
