"""All who wait on a floor: in lines, of which only the heads matter, or held for an agent."""

from collections.abc import Iterator
from typing import TypeAlias

from wxdesk.desk.routing.line import Line
from wxdesk.desk.routing.promise import Target
from wxdesk.desk.routing.snapshot import Agent, Id, Need, Waiting

_Kind: TypeAlias = tuple[Need, Need, int, Target]
"""Need, wish, rank and target: whoever may take one of a line may take each, room permitting."""


class Queue:
    """Conversations by id, by line, and by the agent they are held for."""

    def __init__(self) -> None:
        self._waiting: dict[Id, Waiting] = {}
        self._lines: dict[_Kind, Line] = {}
        self._held: dict[Id, dict[Id, None]] = {}
        self._excluding: dict[Id, None] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._waiting.values())

    def get(self, conversation: Id) -> Waiting | None:
        return self._waiting.get(conversation)

    def add(self, waiting: Waiting) -> None:
        """Into its line, or to the side if it is to be held."""
        self._waiting[waiting.id] = waiting
        if waiting.held_until and waiting.sticky is not None:
            self._held.setdefault(waiting.sticky, {})[waiting.id] = None
        else:
            self._lines.setdefault(_kind(waiting), Line()).add(waiting)
        if waiting.excluded:
            self._excluding[waiting.id] = None

    def take(self, conversation: Id) -> Waiting:
        """Out of wherever it waits."""
        waiting = self._waiting.pop(conversation)
        self._excluding.pop(conversation, None)
        if waiting.held_until and waiting.sticky is not None:
            del self._held[waiting.sticky][conversation]
        else:
            line = self._lines[_kind(waiting)]
            line.remove(waiting)
            if not line:
                del self._lines[_kind(waiting)]
        return waiting

    def heads(self) -> Iterator[Waiting]:
        """The first of each line."""
        for line in self._lines.values():
            head = line.head()
            assert head is not None
            yield head

    def heads_for(self, agent: Agent) -> Iterator[Waiting]:
        """Of each line the first that does not leave this agent out, and all held for them."""
        for (need, *_), line in self._lines.items():
            if agent.fits(need) and (head := line.head(agent.id)):
                yield head
        yield from self.held_for(agent.id)

    def behind(self, waiting: Waiting, agent: Id) -> Waiting | None:
        """Who would be this agent's next in the line of which this one is the head."""
        line = None if waiting.held_until else self._lines.get(_kind(waiting))
        return line.behind(waiting, agent) if line else None

    def held_for(self, agent: Id) -> list[Waiting]:
        return [self._waiting[each] for each in self._held.get(agent, ())]

    def excluding(self) -> list[Waiting]:
        """Those who leave somebody out."""
        return [self._waiting[each] for each in self._excluding]

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Rank and line."""
        for (_need, _wanted, rank, _target), line in self._lines.items():
            yield rank, line

    def count_before(self, waiting: Waiting) -> int:
        """How many are before it in its own line."""
        line = self._lines.get(_kind(waiting))
        return 0 if waiting.held_until or line is None else line.count_before(waiting)


def _kind(waiting: Waiting) -> _Kind:
    return (waiting.need, waiting.wanted, waiting.rank, waiting.target)
