"""The agents on a floor, found by least load without looking at all of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import Any, TypeAlias

from wxdesk.desk.routing.eligible import Reason, has_room, obstacle, room_key
from wxdesk.desk.routing.snapshot import Agent, Id, Need, Waiting

_Asks: TypeAlias = tuple[Need, int, int, int]  # need, rank, weight, extra slots
_Entry: TypeAlias = tuple[tuple[Any, ...], int]  # key (its last is the id), edition of the agent
_ROOM_FOR_STALE = 64


@dataclass(slots=True)
class _Candidates:
    """Agents who may take such conversations: a heap with entries that may be out of date."""

    asks: Waiting
    heap: list[_Entry] = field(default_factory=list)


class Staff:
    """Agents by id, and for each kind of conversation in the order in which they take it."""

    def __init__(self, agents: Iterable[Agent]) -> None:
        self._agents: dict[Id, Agent] = {}
        self._edition: dict[Id, int] = {}
        self._candidates: dict[_Asks, _Candidates] = {}
        self._fitting: dict[Id, list[_Candidates]] = {}
        for agent in agents:
            self._agents[agent.id] = agent
            self._edition[agent.id] = 0
            self._fitting[agent.id] = []

    def __iter__(self) -> Iterator[Agent]:
        return iter(self._agents.values())

    def __getitem__(self, agent: Id) -> Agent:
        return self._agents[agent]

    def get(self, agent: Id) -> Agent | None:
        return self._agents.get(agent)

    def put(self, agent: Agent, now: datetime) -> None:
        """The agent as they are from now on. Skills, groups and levels stay the same."""
        self._agents[agent.id] = agent
        self._edition[agent.id] += 1
        if agent.is_here(now):
            for candidates in self._fitting[agent.id]:
                self._enter(candidates, agent)

    def best(self, waiting: Waiting, now: datetime, most: int = 2) -> list[Agent]:
        """The first few who may take it: skilled ones, then helpers."""
        found = self._first(waiting, waiting.wanted, now, most)
        if waiting.ring and len(found) < most:
            wider = self._first(waiting, waiting.need, now, most + len(found))
            found += [agent for agent in wider if agent not in found]
        return found[:most]

    def _first(self, waiting: Waiting, need: Need, now: datetime, most: int) -> list[Agent]:
        heap = self._asked(waiting, need, now).heap
        found: list[Agent] = []
        current: list[_Entry] = []
        while heap and len(found) < most:
            entry = heappop(heap)
            agent = self._agents[entry[0][-1]]
            if entry[1] != self._edition[agent.id]:
                continue
            current.append(entry)
            if agent.id not in waiting.excluded:
                found.append(agent)
        for entry in current:
            heappush(heap, entry)
        return found

    def _asked(self, waiting: Waiting, need: Need, now: datetime) -> _Candidates:
        asks = (need, waiting.rank, waiting.weight, waiting.extra_slots)
        candidates = self._candidates.get(asks)
        if candidates is None:
            candidates = _Candidates(
                replace(
                    waiting,
                    need=need,
                    ring=0,
                    sticky=None,
                    held_until=None,
                    excluded=frozenset(),
                )
            )
            self._candidates[asks] = candidates
            for agent in self:
                self._meet(candidates, agent, now)
        return candidates

    def _meet(self, candidates: _Candidates, agent: Agent, now: datetime) -> None:
        hurdle = obstacle(agent, candidates.asks, now)
        if hurdle is None or hurdle.reason not in {Reason.GROUP, Reason.LEVEL, Reason.SKILL}:
            self._fitting[agent.id].append(candidates)
        if hurdle is None:
            self._enter(candidates, agent)

    def _enter(self, candidates: _Candidates, agent: Agent) -> None:
        if not has_room(agent, candidates.asks):
            return
        if len(candidates.heap) > 2 * len(self._agents) + _ROOM_FOR_STALE:
            candidates.heap = [
                entry for entry in candidates.heap if entry[1] == self._edition[entry[0][-1]]
            ]
            heapify(candidates.heap)
        entry = (room_key(agent, candidates.asks), self._edition[agent.id])
        heappush(candidates.heap, entry)
