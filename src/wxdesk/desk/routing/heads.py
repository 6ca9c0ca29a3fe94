"""The first of each line in which people wait, as one round knows them."""

from collections.abc import Sequence
from datetime import datetime

from wxdesk.desk.routing import who_is_first, who_waits
from wxdesk.desk.routing.model import Wait
from wxdesk.store import Unit


class Heads:
    """Read once, and of a line again only where its first has gone.

    Attributes:
        busy: Conversations that somebody else holds: they are passed over.
    """

    def __init__(self, unit: Unit, now: datetime) -> None:
        self.busy: set[int] = set()
        self._unit = unit
        self._now = now
        self._by_line: dict[str, Wait | None] | None = None

    def known(self) -> list[Wait]:
        """As far as they were read."""
        return [head for head in (self._by_line or {}).values() if head]

    async def all(self) -> Sequence[Wait]:
        """The first of each line; of a line that nobody asked for again, as it was read."""
        if self._by_line is None:
            self._by_line = {head.line: head for head in await who_is_first.heads(self._unit)}
        for line, head in self._by_line.items():
            if head is None or head.conversation_id in self.busy:
                self._by_line[line] = await who_is_first.head(
                    self._unit, line, but=self.busy, now=self._now
                )
        self._by_line = {line: head for line, head in self._by_line.items() if head}
        return self.known()

    async def for_agent(self, agent_id: int) -> Sequence[Wait]:
        """The first of each line that does not leave this agent out, and who is held for them."""
        found = []
        for head in await self.all():
            first: Wait | None = head
            if agent_id in head.waiting(self._now).excluded:
                first = await who_is_first.head(
                    self._unit, head.line, but=self.busy, now=self._now, agent_id=agent_id
                )
            if first:
                found.append(first)
        held = await who_waits.held_for(self._unit, agent_id)
        found += [each for each in held if each.conversation_id not in self.busy]
        return [each for each in found if each.direct_to is None]

    async def behind(self, head: Wait) -> Wait | None:
        """Who is the first of its line without it."""
        return await who_is_first.head(
            self._unit, head.line, but=self.busy | {head.conversation_id}, now=self._now
        )

    def move_up(self, line: str, behind: Wait | None) -> None:
        """Whoever stood behind is the first now, if the first is who has gone."""
        if self._by_line and line in self._by_line and self._by_line[line] is None:
            self._by_line[line] = behind

    def forget(self, wait: Wait) -> None:
        """It has changed, or gone: the first of its line is read again."""
        for line, head in (self._by_line or {}).items():
            if head is wait and self._by_line:
                self._by_line[line] = None

    def forget_all(self) -> None:
        """Lines have changed."""
        self._by_line = None
