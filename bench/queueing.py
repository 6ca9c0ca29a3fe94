"""The queue: does the desk's own router keep the promises that the study says, and how fast is it.

Three parts, each of which can be run alone: `python bench/queueing.py [kept] [speed] [waits]`.

* kept: arrivals, chats and patience are simulated around the router that the desk runs, and the
  promises kept for each level stand beside those of the study.
* speed: how long a decision takes with many who wait and many agents.
* waits: predictions of waits beside what the waits were.
"""

import argparse
import gc
import math
import random
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from time import thread_time_ns

from wxdesk.desk import routing
from wxdesk.desk.routing import Agent, Decision, Floor, Gaps, Level, Need, Patience, Settings
from wxdesk.desk.routing.rates import PACE_WEIGHT

PARTS = ("kept", "speed", "waits")
BEGINNING = datetime(2026, 3, 2, tzinfo=UTC)
SPEEDS = (0.0, 1.0, 1.6, 2.0, 2.2)
"""Of an agent with so many open chats, in all: they share it."""
WORK_SECONDS = 300.0
WARM_UP = 0.05
"""Of the customers, so many come before anything is counted."""

LEVELS = [
    Level(
        name=name,
        rank=rank,
        first=timedelta(seconds=target),
        extra_slots=0,
        sticky=timedelta(0),
    )
    for rank, (name, target) in enumerate(
        [("VIP3", 30), ("VIP2", 60), ("VIP1", 120), ("normal", 300)], start=1
    )
]
SHARES = (5, 10, 20, 65)


@dataclass(frozen=True)
class Setting:
    """A team and how many come, with what the study says of it: % kept, mean wait, by level."""

    name: str
    agents: int
    load: float
    patience: float | None
    study: tuple[tuple[float, float], ...]

    @property
    def full_pace(self) -> float:
        """Chats that end in a second, when every agent is full."""
        return self.agents * SPEEDS[-1] / WORK_SECONDS


SETTINGS = [
    Setting("base heavy 0.95", 10, 0.95, None, ((93.4, 8), (98.1, 10), (96.8, 33), (75.7, 214))),
    Setting("base over 1.10", 10, 1.10, 1800, ((88.5, 13), (95.5, 18), (90.2, 59), (54.9, 246))),
    Setting("base severe 1.30", 10, 1.30, 1800, ((86.5, 15), (93.4, 24), (81.9, 87), (3.6, 605))),
    Setting("large over 1.10", 60, 1.10, 1800, ((99.0, 15), (98.5, 27), (97.0, 54), (64.0, 228))),
]


@dataclass
class Desk:
    """An agent at work: chats share their speed, so each is so much of a common clock away."""

    clock: float = 0.0
    at: float = 0.0
    edition: int = 0
    chats: list[tuple[float, int]] = field(default_factory=list)

    def move_to(self, now: float) -> None:
        if self.chats:
            self.clock += (now - self.at) * SPEEDS[len(self.chats)] / len(self.chats)
        self.at = now

    def next_end(self) -> float:
        left = self.chats[0][0] - self.clock
        return self.at + left * len(self.chats) / SPEEDS[len(self.chats)]


@dataclass
class Outcomes:
    """What came of the customers of one level."""

    waits: list[float] = field(default_factory=list)
    kept: int = 0
    predicted: list[tuple[float, float, float, float]] = field(default_factory=list)


class Simulation:
    """Customers come, wait, are served or give up; the router is the desk's."""

    def __init__(self, setting: Setting, seed: int, customers: int, *, predict: bool) -> None:
        self.setting, self.customers, self.predict = setting, customers, predict
        self.random = random.Random(seed)
        self.now = 0.0
        self.events: list[tuple[float, int, Callable[[int, int], None], int, int]] = []
        self.numbers = count()
        self.desks = [Desk() for _ in range(setting.agents)]
        self.came: dict[int, tuple[float, int]] = {}
        self.of: dict[int, tuple[float, float, float]] = {}
        self.outcomes = [Outcomes() for _ in LEVELS]
        self.starts = Gaps(1 / setting.full_pace)
        self.patience = Patience()
        self.floor = Floor(
            [Agent(id=number, capacity=len(SPEEDS) - 1) for number in range(setting.agents)],
            Settings(guard=None, release_gap=1 / setting.full_pace),
            self.assigned,
        )

    def run(self) -> list[Outcomes]:
        self.at(self.next_arrival(), self.arrive, 0)
        while self.events:
            self.now, _number, happen, one, other = heappop(self.events)
            happen(one, other)
        return self.outcomes

    def at(self, when: float, happen: Callable[[int, int], None], one: int, other: int = 0) -> None:
        heappush(self.events, (when, next(self.numbers), happen, one, other))

    def next_arrival(self) -> float:
        return self.now + self.random.expovariate(self.setting.load * self.setting.full_pace)

    def arrive(self, customer: int, _: int) -> None:
        if customer + 1 < self.customers:
            self.at(self.next_arrival(), self.arrive, customer + 1)
        level = self.random.choices(range(len(LEVELS)), SHARES)[0]
        self.came[customer] = (self.now, level)
        if self.setting.patience:
            patience = self.random.expovariate(1 / self.setting.patience)
            self.at(self.now + patience, self.give_up, customer)
        if self.predict and customer > self.customers * WARM_UP and len(self.floor.queue):
            self.foretell(customer, level)
        self.floor.enqueue(customer, LEVELS[level], self.moment())

    def assigned(self, decision: Decision) -> None:
        customer, agent = decision.turn.conversation, decision.room.agent
        if len(self.floor.queue) or decision.rule is routing.Rule.ORDER:
            self.starts = self.starts.after(decision.at, weight=PACE_WEIGHT)
        else:
            self.starts = self.starts.after_calm()
        self.over(customer, gave_up=False)
        desk = self.desks[agent]
        desk.move_to(self.now)
        work = self.random.expovariate(1 / WORK_SECONDS)
        heappush(desk.chats, (desk.clock + work, customer))
        self.expect_end(agent)

    def expect_end(self, agent: int) -> None:
        desk = self.desks[agent]
        desk.edition += 1
        if desk.chats:
            self.at(desk.next_end(), self.end, agent, desk.edition)

    def end(self, agent: int, edition: int) -> None:
        desk = self.desks[agent]
        if edition == desk.edition:
            desk.move_to(self.now)
            _end, customer = heappop(desk.chats)
            self.expect_end(agent)
            self.floor.close(customer, self.moment())

    def give_up(self, customer: int, _: int) -> None:
        if customer in self.came:
            self.floor.abandon(customer, self.moment())
            self.over(customer, gave_up=True)

    def over(self, customer: int, *, gave_up: bool) -> None:
        """A wait is over. Whoever gave up counts as a promise not kept, as in the study."""
        came, level = self.came.pop(customer)
        waited, outcomes = self.now - came, self.outcomes[level]
        self.patience = self.patience.after(timedelta(seconds=waited), gave_up=gave_up)
        if customer >= self.customers * WARM_UP:
            outcomes.waits.append(waited)
            outcomes.kept += not gave_up and waited <= LEVELS[level].first.total_seconds()
        foretold = self.of.pop(customer, None)
        if foretold and (not gave_up or waited > foretold[1]):
            outcomes.predicted.append((*foretold, waited))

    def foretell(self, customer: int, level: int) -> None:
        pace = self.starts.per_second
        wait = routing.predicted(
            self.lines(),
            LEVELS[level].rank,
            now=self.now,
            pace=pace,
            abandonment=self.patience.per_second,
            guard=4 * self.floor.dispatch.gaps.get("", self.starts).mean,
        )
        self.of[customer] = (wait.mean, wait.q90, (len(self.floor.queue) + 1) / pace)

    def lines(self) -> list[routing.LevelLine]:
        since: dict[int, list[float]] = defaultdict(list)
        for rank, line in self.floor.queue.lines():
            since[rank] = [self.came[waiting.id][0] for waiting in line]
        total = self.setting.load * self.setting.full_pace
        return [
            routing.LevelLine(
                rank=level.rank,
                target=level.first.total_seconds(),
                hard=4 * level.first.total_seconds(),
                arrivals=total * share / 100,
                since=since[level.rank],
            )
            for level, share in zip(LEVELS, SHARES, strict=True)
        ]

    def moment(self) -> datetime:
        return BEGINNING + timedelta(seconds=self.now)


# --- kept, waits


@dataclass(frozen=True)
class LevelFigures:
    """Of one level in one replication."""

    kept: float
    wait: float
    covered: float
    error: float
    naive_error: float


def replicate(task: tuple[Setting, int, int, bool]) -> list[LevelFigures]:
    setting, seed, customers, predict = task
    outcomes = Simulation(setting, seed, customers, predict=predict).run()
    everybody = Outcomes(
        waits=[wait for one in outcomes for wait in one.waits],
        kept=sum(one.kept for one in outcomes),
        predicted=[each for one in outcomes for each in one.predicted],
    )
    return [figures(one) for one in [*outcomes, everybody]]


def figures(outcomes: Outcomes) -> LevelFigures:
    predicted = outcomes.predicted or [(math.nan,) * 4]
    return LevelFigures(
        kept=100 * outcomes.kept / len(outcomes.waits),
        wait=statistics.fmean(outcomes.waits),
        covered=statistics.fmean(waited <= q90 for _mean, q90, _naive, waited in predicted),
        error=_rms(mean - waited for mean, _q90, _naive, waited in predicted),
        naive_error=_rms(naive - waited for _mean, _q90, naive, waited in predicted),
    )


def _rms(errors: Iterator[float]) -> float:
    return math.sqrt(statistics.fmean(error * error for error in errors))


def replicated(setting: Setting, replications: int, customers: int, *, predict: bool):
    """By level, and last of all together, the figures of each replication."""
    tasks = [(setting, seed, customers, predict) for seed in range(replications)]
    with ProcessPoolExecutor() as pool:
        return list(zip(*pool.map(replicate, tasks), strict=True))


def mean_and_half_width(values: list[float]) -> tuple[float, float]:
    """Mean, and half of its 95 % interval."""
    if len(values) < 2:
        return values[0], math.inf
    t = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 8: 2.36, 10: 2.26}.get(len(values), 2.1)
    return statistics.fmean(values), t * statistics.stdev(values) / math.sqrt(len(values))


def kept(settings: list[Setting], replications: int, customers: int) -> bool:
    """Promises kept and mean waits, beside the study's; whether all are within its bounds."""
    print(f"\nkept: {replications} x {customers:,} customers; % kept / mean wait in s")
    sound = True
    for setting in settings:
        print(f"{setting.name:18}", end="")
        by_level = replicated(setting, replications, customers, predict=False)
        for level, values, (study, study_wait) in zip(
            LEVELS, by_level, setting.study, strict=False
        ):
            share, half = mean_and_half_width([one.kept for one in values])
            wait, wait_half = mean_and_half_width([one.wait for one in values])
            within = abs(share - study) <= 1.5
            sound &= within
            print(
                f"  {level.name} {share:.1f}±{half:.1f}/{wait:.0f}±{wait_half:.0f}"
                f" (study {study}/{study_wait}{'' if within else ' OUTSIDE'})",
                end="",
            )
        print(flush=True)
    return sound


def waits(settings: list[Setting], replications: int, customers: int) -> None:
    """Coverage of the 90 % bound, and the error beside that of all who wait by the pace."""
    print(f"\nwaits: {replications} x {customers:,} customers; share within q90, RMSE / naive RMSE")
    for setting in settings:
        print(f"{setting.name:18}", end="")
        names = [*(level.name for level in LEVELS), "all"]
        for name, values in zip(
            names, replicated(setting, replications, customers, predict=True), strict=True
        ):
            covered = statistics.fmean(one.covered for one in values)
            error = statistics.fmean(one.error for one in values)
            naive = statistics.fmean(one.naive_error for one in values)
            print(
                f"  {name} {covered:.2f}, {error:.0f}/{naive:.0f} = {error / naive:.2f}",
                end="",
            )
        print(flush=True)


# --- speed

SKILLS = ("zh", "en", "yue", "billing", "refund")


@dataclass(frozen=True)
class Speed:
    """Of one decision with all that follows from it on the floor, in µs of CPU."""

    p50: float
    p99: float


def crowded(waiting: int, agents: int, seed: int = 1) -> tuple[Floor, random.Random, list[int]]:
    """Agents who are full, and so many who wait, with and without skills."""
    chance = random.Random(seed)
    floor = Floor(
        [
            Agent(
                id=number,
                capacity=4,
                skills=dict.fromkeys(chance.sample(SKILLS, chance.randint(1, 4)), 1),
            )
            for number in range(agents)
        ],
        Settings(guard=timedelta(seconds=8)),
    )
    order = [*range(agents * 4 + waiting)]
    for number in order:
        skills = () if number < agents * 4 else chance.sample(SKILLS, chance.randint(0, 2))
        floor.enqueue(
            number,
            chance.choices(LEVELS, SHARES)[0],
            BEGINNING + timedelta(milliseconds=number),
            need=Need.of(*skills),
        )
    return floor, chance, order


def speeds(waiting: int, agents: int, decisions: int) -> tuple[Speed, Speed]:
    """An agent looks for a conversation (a chat ended); a conversation looks for an agent."""
    floor, chance, known = crowded(waiting, agents)
    gc.collect()
    gc.freeze()  # a hundred thousand in memory are the bench's, not the desk's: those are rows
    now = BEGINNING + timedelta(milliseconds=len(known))
    fed, placed = [], []
    for number in range(decisions):
        now += timedelta(milliseconds=20)
        chats = floor.chats.of(chance.randrange(agents))
        began = thread_time_ns()
        floor.close(chats[0].waiting.id, now)
        fed.append(thread_time_ns() - began)
        level, skills = chance.choices(LEVELS, SHARES)[0], chance.sample(SKILLS, 1)
        began = thread_time_ns()
        floor.enqueue(len(known) + number, level, now, need=Need.of(*skills))
        placed.append(thread_time_ns() - began)
    gc.unfreeze()
    return _speed(fed), _speed(placed)


def _speed(nanoseconds: list[int]) -> Speed:
    inner = sorted(nanoseconds)
    return Speed(inner[len(inner) // 2] / 1000, inner[int(len(inner) * 0.99)] / 1000)


def speed(decisions: int) -> bool:
    """Decisions with many who wait; whether they stay under a millisecond."""
    print(f"\nspeed: {decisions:,} decisions each; µs of CPU")
    sound = True
    for agents in (500, 1000):
        base = 0.0
        for waiting in (1_000, 10_000, 100_000):
            fed, placed = speeds(waiting, agents, decisions)
            base = base or fed.p50
            sound &= fed.p99 < 1000
            print(
                f"{agents:5} agents, {waiting:7,} waiting: a chat ends and the next begins "
                f"p50 {fed.p50:.0f} p99 {fed.p99:.0f}, x{fed.p50 / base:.2f} of 1,000; "
                f"one more waits p50 {placed.p50:.0f} p99 {placed.p99:.0f}",
                flush=True,
            )
    return sound


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", help=f"any of {PARTS}; none: all")
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--decisions", type=int, default=5_000)
    parser.add_argument("--setting", default="", help="only those whose name begins so")
    parser.add_argument("--quick", action="store_true", help="2 x 10 000: a rough idea")
    options = parser.parse_args()
    options.parts = options.parts or PARTS
    if options.quick:
        options.replications, options.customers, options.decisions = 2, 10_000, 2_000
    settings = [one for one in SETTINGS if one.name.startswith(options.setting)]
    if "speed" in options.parts:
        speed(options.decisions)
    if "kept" in options.parts:
        kept(settings, options.replications, options.customers)
    if "waits" in options.parts:
        waits(settings, options.replications, options.customers)


if __name__ == "__main__":
    main()
