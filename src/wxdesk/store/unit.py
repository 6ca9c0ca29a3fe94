"""Unit: one transaction, and what follows from it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

Query = TypeVar("Query", bound=Select[Any])


class Unit:
    """What a desk function needs to read and write.

    Only the edge opens and closes units: a web request, one round of a worker, a command.
    Desk functions never commit, and never talk to the network while they hold one.
    """

    def __init__(self, session: AsyncSession, *, writing: bool) -> None:
        self.session = session
        self.writing = writing
        self.wakes: set[str] = set()
        self.told: dict[tuple[str, int], None] = {}

    def locking(self, query: Query) -> Query:
        """The query, its rows locked until the unit ends; a unit that only reads locks none.

        Contacts are locked before conversations, those before messages, those before deliveries;
        rows that point at a locked one may be added meanwhile.
        """
        return query.with_for_update(key_share=True) if self.writing else query

    def wake(self, loop: str) -> None:
        """Ask that ``loop`` looks for new rows as soon as this unit is committed."""
        self.wakes.add(loop)

    def tell(self, kind: str, thing_id: int) -> None:
        """Note that a thing changed; however often in one unit, it is one event."""
        self.told.pop((kind, thing_id), None)
        self.told[kind, thing_id] = None

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what the block did, wakes and events included, if it raises."""
        wakes, told = self.wakes.copy(), self.told.copy()
        try:
            async with self.session.begin_nested():
                yield
        except BaseException:
            self.wakes, self.told = wakes, told
            raise
