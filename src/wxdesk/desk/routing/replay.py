"""A past day once more, by another plan: what customers would have waited. Pure.

The same customers come at the same times, write the same, and hold their agents as long as they
did; the same agents are there. Who gave up gives up after the same time, unless they are served
before. Offers are accepted at once. What such a day cannot tell: whether agents would have been
faster with others, and who would have come again.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from wxdesk.desk.routing.begin import home_of, overflow_at
from wxdesk.desk.routing.decision import Decision
from wxdesk.desk.routing.dispatch import Settings
from wxdesk.desk.routing.floor import Floor
from wxdesk.desk.routing.plan import Arrival
from wxdesk.desk.routing.promise import NEVER, Target, promised
from wxdesk.desk.routing.relax import needs, rings
from wxdesk.desk.routing.snapshot import Agent, Presence
from wxdesk.desk.routing.terms import Terms

MOST_ARRIVALS = 20_000
TELL_EVERY = 200
"""Events between two looks at whether to go on."""

RELEASE_GAP = 7.5
"""Seconds, until it is measured; as the desk begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A conversation of the day.

    Attributes:
        arrival: What it began with, as far as that is kept.
        holds: So long it took an agent's place, in all.
        replies_after: The first reply of a person, after an agent had it.
        patience: After so long its customer gave up; None: they did not.
        familiar_id: Who answered its customer last, until ``familiar_at``.
    """

    id: int
    at: datetime
    level_id: int
    arrival: Arrival
    holds: timedelta
    replies_after: timedelta
    patience: timedelta | None = None
    familiar_id: int | None = None
    familiar_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Was:
    """An agent was this from then on."""

    at: datetime
    agent_id: int
    presence: Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What happened on it.

    Attributes:
        agents: All who were there at any time; not here until they come.
        presences: In order of time.
    """

    came: Sequence[Came]
    agents: Sequence[Agent]
    presences: Sequence[Was]


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of customers.

    Attributes:
        count: How many came.
        answered: Of them.
        gave_up: Before anybody had them.
        left: Came outside hours; they are counted in ``within`` by their own target.
        mean: Seconds until the first reply, of those who came within hours; None: nobody was
            answered.
        p90: Likewise, of nine in ten.
        within: Of all, the share that was answered by when it was promised.
        median: Seconds, like ``mean``, of half of them.
        longest: Likewise, of whoever waited longest.
    """

    count: int
    answered: int
    gave_up: int
    left: int
    mean: float | None
    p90: float | None
    within: float | None
    median: float | None
    longest: float | None


@dataclass(slots=True)
class _Course:
    """A conversation in the replay."""

    came: Came
    group_id: int | None
    due_at: datetime
    target: Target
    started: datetime | None = None
    answered: datetime | None = None
    gave_up: bool = False


def replayed(
    day: Day, terms: Terms, go_on: Callable[[float], None] = lambda _share: None
) -> Mapping[int, Answers]:
    """Live through the day by a plan; what became of customers, by level.

    Args:
        day: What happened.
        terms: With the plan.
        go_on: Told from time to time which share is done; what it raises ends it.
    """
    replay = _Replay(day, terms)
    replay.run(go_on)
    by_level: defaultdict[int, list[_Course]] = defaultdict(list)
    for course in replay.courses.values():
        by_level[course.came.level_id].append(course)
    return {level_id: summed(courses) for level_id, courses in by_level.items()}


def summed(courses: Sequence[_Course]) -> Answers:
    """What became of these."""
    promised_to = [each for each in courses if each.due_at < NEVER]
    kept = sum(each.answered is not None and each.answered <= each.due_at for each in promised_to)
    waits = sorted(
        (each.answered - each.came.at).total_seconds()
        for each in courses
        if each.answered and each.target is Target.FIRST
    )
    return Answers(
        count=len(courses),
        answered=sum(each.answered is not None for each in courses),
        gave_up=sum(each.gave_up for each in courses),
        left=sum(each.target is Target.LEFT_MESSAGE for each in courses),
        mean=round(statistics.fmean(waits), 1) if waits else None,
        p90=round(waits[(9 * len(waits) - 1) // 10], 1) if waits else None,
        within=round(kept / len(promised_to), 4) if promised_to else None,
        median=round(statistics.median(waits), 1) if waits else None,
        longest=round(waits[-1], 1) if waits else None,
    )


_Happens = Callable[[int, datetime], None]


@dataclass(slots=True)
class _Replay:
    day: Day
    terms: Terms
    courses: dict[int, _Course] = field(default_factory=dict)
    _events: list[tuple[datetime, int, _Happens, int]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    _waiting: Counter[int | None] = field(default_factory=Counter)
    _floor: Floor = field(init=False)

    def run(self, go_on: Callable[[float], None]) -> None:
        settings = Settings(
            ration=self.terms.plan.ration,
            guard=None,
            release_gap=RELEASE_GAP,
            exclude=timedelta(seconds=self.terms.plan.exclude_seconds),
        )
        self._floor = Floor(self.day.agents, settings, self._start)
        for place, was in enumerate(self.day.presences):
            self._at(was.at, self._become, place)
        for place, came in enumerate(self.day.came):
            self._at(came.at, self._come, place)
        done = 0
        while self._events or self._floor.dispatch.next_timer_at < NEVER:
            timer_at = self._floor.dispatch.next_timer_at
            if not self._events or timer_at < self._events[0][0]:
                self._floor.dispatch.advance(timer_at)
                continue
            at, _number, happens, of = heappop(self._events)
            happens(of, at)
            done += 1
            if done % TELL_EVERY == 0:
                go_on(len(self.courses) / max(1, len(self.day.came)))

    def _at(self, at: datetime, happens: _Happens, of: int) -> None:
        heappush(self._events, (at, next(self._numbers), happens, of))

    def _become(self, place: int, at: datetime) -> None:
        was = self.day.presences[place]
        self._floor.presence(was.agent_id, was.presence, at)

    def _come(self, place: int, at: datetime) -> None:
        came = self.day.came[place]
        home = home_of(came.arrival, self.terms, at, full=self._full())
        level = self.terms.level(came.level_id, home.group_id)
        due = self.terms.due(home.group_id, came.arrival.account_id)
        promise = promised(level, at, due, target=home.target)
        self.courses[came.id] = _Course(came, home.group_id, promise.due_at, home.target)
        self._waiting[home.group_id] += 1
        self._floor.enqueue(
            came.id,
            level,
            at,
            need=needs(home.wish)[0],
            rings=rings(home.wish, promise, overflow_at=overflow_at(self.terms, home.group_id, at)),
            sticky=self._familiar(came, at),
            target=home.target,
            pool=f"{came.arrival.account_id}|{home.group_id or '*'}",
            due=due,
        )
        if came.patience is not None:
            self._at(at + came.patience, self._give_up, came.id)

    def _full(self) -> Collection[int]:
        caps = ((each.id, each.queue_cap) for each in self.terms.groups.values())
        return {each for each, cap in caps if cap is not None and self._waiting[each] >= cap}

    def _familiar(self, came: Came, at: datetime) -> int | None:
        days = timedelta(days=self.terms.plan.familiar_days)
        known = self._floor.staff.get(came.familiar_id or 0) is not None
        lately = came.familiar_at is not None and came.familiar_at > at - days
        return came.familiar_id if known and lately else None

    def _start(self, decision: Decision) -> None:
        """An agent has it; again, where they left before they answered."""
        assert decision.turn is not None
        course = self.courses[int(decision.turn.conversation)]
        if course.started is None:
            self._waiting[course.group_id] -= 1
        course.started = decision.at
        self._at(decision.at + course.came.replies_after, self._reply, course.came.id)

    def _reply(self, conversation: int, at: datetime) -> None:
        """Of whoever has it since so long; who lost it meanwhile does not answer."""
        course = self.courses[conversation]
        if course.answered or course.started is None or self._floor.queue.get(conversation):
            return
        if course.started + course.came.replies_after != at:
            return
        course.answered = at
        self._floor.replied(conversation, at)
        rest = max(timedelta(0), course.came.holds - course.came.replies_after)
        self._at(at + rest, self._end, conversation)

    def _end(self, conversation: int, at: datetime) -> None:
        self._floor.close(conversation, at)

    def _give_up(self, conversation: int, at: datetime) -> None:
        course = self.courses[conversation]
        if course.started is None:
            course.gave_up = True
            self._waiting[course.group_id] -= 1
            self._floor.abandon(conversation, at)
