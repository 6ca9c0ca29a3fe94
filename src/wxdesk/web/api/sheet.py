"""A file of customers as whoever asked for it sees it, in answers and in events."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from pydantic import BaseModel

from wxdesk.desk import fields, sheets
from wxdesk.desk.sheets import FileRole, Sheet, SheetKind, SheetState
from wxdesk.store import Unit


class SheetOut(BaseModel):
    """How far a file is, here and in events; only whoever asked for it sees it.

    `tally`: rows by what came of them: `changed`, `same`, `wrong`; and `problems`, the cells that
    were wrong. `suggested`: what the columns seem to hold. `has_file`: an export can be had.
    """

    id: int
    agent_id: int
    kind: SheetKind
    state: SheetState
    name: str
    done: int
    total: int
    tally: dict[str, int]
    header: list[str]
    sample: list[list[str]]
    suggested: list[str | None]
    columns: list[str | None] | None
    account_id: int | None
    uncovered: bool
    has_file: bool
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    version: int

    @classmethod
    def of(cls, kept: Sheet, suggested: list[str | None], *, has_file: bool) -> Self:
        wish = kept.wish
        return cls(
            id=kept.id,
            agent_id=kept.by_id,
            kind=kept.kind,
            state=kept.state,
            name=kept.name,
            done=kept.done,
            total=kept.total,
            tally=kept.tally,
            header=wish.get("header", []),
            sample=wish.get("sample", []),
            suggested=suggested,
            columns=wish.get("columns"),
            account_id=wish.get("account_id"),
            uncovered=wish.get("uncovered", False),
            has_file=has_file,
            error=kept.error,
            created_at=kept.created_at,
            finished_at=kept.finished_at,
            version=kept.version,
        )


async def shown(unit: Unit, found: Collection[Sheet]) -> list[SheetOut]:
    """Files as whoever asked for them sees them, in two more statements for all."""
    have = await sheets.have_files(unit, {each.id for each in found})
    known: dict[str, int] = {}
    if any(each.kind is SheetKind.IMPORT for each in found):
        known = {each.name: each.id for each in await fields.list_fields(unit)}
    return [
        SheetOut.of(
            each,
            sheets.suggested(each.wish.get("header", ()), known),
            has_file=each.state is SheetState.DONE and (each.id, FileRole.RESULT) in have,
        )
        for each in found
    ]
