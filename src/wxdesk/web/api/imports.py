"""The import of all followers of an account."""

from datetime import datetime
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from wxdesk.desk import accounts, imports
from wxdesk.desk.imports import Import, ImportState
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import NoBody, RowId
from wxdesk.web.deps import AnAdmin, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["accounts"])


class ImportOut(BaseModel):
    """How far an import is, here and in events. ``error`` is a stable word."""

    id: int
    account_id: int
    state: ImportState
    done: int
    total: int | None
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    errcode: int | None
    version: int

    @classmethod
    def of(cls, found: Import) -> Self:
        return cls.model_validate(found, from_attributes=True)


@router.get("/accounts/{account_id}/import", responses=problems(NotFound))
async def read_import(account_id: RowId, _agent: ASupervisor, unit: ReadUnit) -> ImportOut | None:
    """The newest one; null where there was none."""
    await accounts.get(unit, account_id)
    found = await imports.find(unit, account_id)
    return ImportOut.of(found) if found else None


@router.post("/accounts/{account_id}/import", responses=problems(NotFound))
async def start_import(
    account_id: RowId, _agent: AnAdmin, unit: OpenUnit, now: Now, _body: NoBody = None
) -> ImportOut:
    """Begin one, or go on with one that was paused or failed."""
    return ImportOut.of(await imports.start(unit, account_id, now=now))


@router.post("/accounts/{account_id}/import/pause", responses=problems(NotFound))
async def pause_import(
    account_id: RowId, _agent: AnAdmin, unit: OpenUnit, _body: NoBody = None
) -> ImportOut:
    """Stop after what is being asked for; it goes on from there."""
    return ImportOut.of(await imports.pause(unit, account_id))
