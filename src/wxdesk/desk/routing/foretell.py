"""How long those who wait will wait yet, and their places, from who waits and how fast things go.

Pure. A wait stands in the line of its level as if it had begun so long before it is due as the
level promises: so calendars, later answers and promises of an older level are minded.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from wxdesk.desk.routing import paces
from wxdesk.desk.routing.calibrate import Calibration, NoNumber, Range, by_head, shown, told
from wxdesk.desk.routing.eligible import Reason, has_room, obstacle
from wxdesk.desk.routing.paces import Kept
from wxdesk.desk.routing.predict import LevelLine, Wait, predicted
from wxdesk.desk.routing.promise import NEVER, Level, Target
from wxdesk.desk.routing.snapshot import Agent, Waiting

_APART = 1e-6
"""Seconds between two who began to wait at the same time: the one with the smaller number first."""

_UNFIT = frozenset({Reason.GROUP, Reason.LEVEL, Reason.SKILL})
_ABSENT = frozenset({Reason.OFFLINE, Reason.BUSY, Reason.AWAY, Reason.PAUSED})


class Basis(StrEnum):
    """What a number was made from."""

    ORDER = "order"  # who is before, and the pace
    HEAD = "head"  # how long the first of the line waits already: too little is known of the pace


class Queued(NamedTuple):
    """Somebody who waits, as far as others wait for them; nobody is being asked to take it."""

    conversation_id: int
    pool: str
    group_id: int | None
    rank: int
    target: Target
    since: datetime
    due_at: datetime
    looked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """How long somebody will wait from now on.

    Attributes:
        wait: As it was reckoned; None: there is no number.
        basis: From what.
        position: Among those of their own level and group; 1: nobody is before them. None: it would
            say nothing.
        calibration: What such predictions were worth lately.
        why_not: Why customers are told no number; None: they may be.
        is_free: Somebody could take it at once.
    """

    pool: str
    rank: int
    wait: Wait | None = None
    basis: Basis | None = None
    position: int | None = None
    calibration: Calibration = field(default_factory=Calibration)
    why_not: NoNumber | None = None
    is_free: bool = False

    @property
    def corrected(self) -> Wait | None:
        """By what happened to those before."""
        return self.calibration.corrected(self.wait) if self.wait else None

    @property
    def shown(self) -> Range | None:
        """In minutes, by the steps of the display."""
        return shown(self.corrected) if self.corrected else None

    @property
    def told(self) -> Range | None:
        """What customers may be told: a range that is usually right, and has an end."""
        found = self.shown if self.why_not is None else None
        return found if found and found.about and found.to else None


class Asked(NamedTuple):
    """Whose wait is asked for; ``waiting`` with whom it takes by now and later."""

    queued: Queued
    waiting: Waiting


class Foreteller:
    """Predicts for many, over one picture of the desk.

    Args:
        queue: All who wait in the groups of those who are asked for; None: too many to count.
        agents: All of the desk.
        levels: Those there are.
        kept: The paces of the desk.
        now: When.
    """

    def __init__(
        self,
        queue: Collection[Queued] | None,
        agents: Iterable[Agent],
        levels: Iterable[Level],
        kept: Kept,
        now: datetime,
    ) -> None:
        self._queue, self._agents, self._kept, self._now = queue, list(agents), kept, now
        self._levels = {each.rank: each for each in levels}
        self._pools: dict[str, Sequence[LevelLine]] = {}
        self._fits: dict[object, tuple[bool, int]] = {}

    def of(self, asked: Asked) -> Prediction:
        """The wait of one of those in the queue."""
        queued = asked.queued
        calibration = paces.calibration_of(self._kept, queued.pool, queued.rank)
        here, room = self._who(asked.waiting)
        known = Prediction(
            pool=queued.pool,
            rank=queued.rank,
            calibration=calibration,
            is_free=self._queue is not None and room > self._unseen_before(queued),
        )
        if queued.target is Target.LEFT_MESSAGE:
            return replace(known, why_not=NoNumber.CLOSED)
        if not here:
            return replace(known, why_not=NoNumber.NOBODY_ONLINE)
        wait, basis = self._wait(queued)
        if basis is not Basis.ORDER:
            known = replace(known, calibration=Calibration())
        found = told(wait, known.calibration, anybody_online=True)
        return replace(
            known,
            wait=wait,
            basis=basis,
            position=self._position(queued),
            why_not=found if isinstance(found, NoNumber) else None,
        )

    # Who could take it

    def _who(self, waiting: Waiting) -> tuple[bool, int]:
        """Whether anybody is here who may take it, by now or later, and how much room they have."""
        wider = waiting.rings[-1].need if waiting.rings else waiting.need
        key = (waiting.need, wider, waiting.rank, waiting.extra_slots, waiting.weight)
        if waiting.excluded or key not in self._fits:
            later = replace(waiting, need=wider, rings=(), held_until=None, excluded=frozenset())
            by_now = replace(waiting, rings=(), held_until=None)
            hurdles = (obstacle(agent, later, self._now) for agent in self._agents)
            here = any(not each or each.reason not in _UNFIT | _ABSENT for each in hurdles)
            found = here, sum(self._room(agent, by_now) for agent in self._agents)
            if waiting.excluded:
                return found
            self._fits[key] = found
        return self._fits[key]

    def _room(self, agent: Agent, waiting: Waiting) -> int:
        if not has_room(agent, waiting) or obstacle(agent, waiting, self._now):
            return 0
        return (agent.capacity + waiting.extra_slots - agent.load) // waiting.weight

    def _unseen_before(self, queued: Queued) -> int:
        """For so many an agent is looked for before."""
        return bisect_left(self._unseen, (queued.since, queued.conversation_id))

    @cached_property
    def _unseen(self) -> Sequence[tuple[datetime, int]]:
        unseen = (each for each in self._queue or () if not each.looked)
        return sorted((each.since, each.conversation_id) for each in unseen)

    # How long, and which place

    def _wait(self, queued: Queued) -> tuple[Wait | None, Basis | None]:
        since = self._places.get(queued.conversation_id)
        if since is None:
            return None, None
        pace = paces.pace_of(self._kept, queued.pool, self._now)
        if pace is None:
            wait = self._by_head(queued)
            return wait, Basis.HEAD if wait else None
        guard = paces.guards(self._kept).get(queued.pool, paces.USUAL_GUARD)
        wait = predicted(
            self._lines(queued.pool),
            queued.rank,
            now=0.0,
            pace=pace,
            abandonment=paces.abandonment_of(self._kept, queued.pool),
            guard=guard.total_seconds(),
            since=since,
        )
        return wait, Basis.ORDER if wait else None

    def _by_head(self, queued: Queued) -> Wait | None:
        """What is left of a wait as long as that of the first of the line."""
        line = (each for each in self._queue or () if each.pool == queued.pool)
        before = [each.since for each in line if each.rank == queued.rank and each != queued]
        head = by_head(self._now, min(before, default=None))
        waited = max(timedelta(0), self._now - queued.since).total_seconds()
        if head is None or head.mean <= waited:
            return None
        return Wait(head.mean - waited, head.sd, head.q90 - waited)

    def _position(self, queued: Queued) -> int | None:
        if self._queue is None or queued.rank not in self._levels:
            return None
        line = self._orders[queued.group_id, queued.rank]
        return 1 + bisect_left(line, (queued.since, queued.conversation_id))

    @cached_property
    def _orders(self) -> Mapping[tuple[int | None, int], Sequence[tuple[datetime, int]]]:
        """By group and level; what was left at night stands in a line of its own."""
        found: dict[tuple[int | None, int], list[tuple[datetime, int]]] = defaultdict(list)
        for each in self._queue or ():
            if each.target is not Target.LEFT_MESSAGE:
                found[each.group_id, each.rank].append((each.since, each.conversation_id))
        return {key: sorted(line) for key, line in found.items()}

    @cached_property
    def _places(self) -> Mapping[int, float]:
        """When each would have begun to wait, in seconds from now on, no two at the same time."""
        begun = sorted(
            (self._begun(each), each.conversation_id)
            for each in self._queue or ()
            if each.due_at < NEVER
        )
        found: dict[int, float] = {}
        last = float("-inf")
        for since, conversation_id in begun:
            last = found[conversation_id] = max(since, last + _APART)
        return found

    def _begun(self, queued: Queued) -> float:
        due_in = (queued.due_at - self._now).total_seconds()
        return due_in - self._target(queued.rank)

    def _target(self, rank: int) -> float:
        """Of the first reply. Who was moved up has none: they are late, and before all."""
        level = self._levels.get(rank)
        return level.first.total_seconds() if level else 0.0

    def _lines(self, pool: str) -> Sequence[LevelLine]:
        if pool not in self._pools:
            since: dict[int, list[float]] = defaultdict(list)
            for each in self._queue or ():
                if each.pool == pool and each.conversation_id in self._places:
                    since[each.rank].append(self._places[each.conversation_id])
            arrivals = paces.arrivals_of(self._kept, pool, self._now)
            self._pools[pool] = [
                self._line(rank, sorted(since[rank]), arrivals.get(rank, 0.0))
                for rank in sorted({*since, *self._levels})
            ]
        return self._pools[pool]

    def _line(self, rank: int, since: Sequence[float], arrivals: float) -> LevelLine:
        level, target = self._levels.get(rank), self._target(rank)
        return LevelLine(
            rank=rank,
            target=target,
            hard=target * (level.hard_factor if level else 1.0),
            head_start=level.head_start if level else 0.0,
            arrivals=arrivals,
            since=since,
        )
