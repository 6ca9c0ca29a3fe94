"""What WeChat told about an account itself."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from wxdesk.desk import account_log, accounts
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import RowId, RowNumber, blank_is
from wxdesk.web.deps import ASupervisor, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["accounts"])


class LogEntryOut(BaseModel):
    """One thing that WeChat told; `kind` is a stable word, `content` its facts."""

    id: int
    at: datetime
    kind: str
    content: dict[str, Any]


class LogPage(BaseModel):
    """Newest first; `next` is the `cursor` of the page of older ones."""

    items: list[LogEntryOut]
    next: int | None


@router.get("/accounts/{account_id}/log", responses=problems(NotFound))
async def list_account_log(
    account_id: RowId,
    _agent: ASupervisor,
    unit: ReadUnit,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
    limit: Annotated[int, blank_is(50), Query(ge=1, le=100)] = 50,
) -> LogPage:
    """Results of mass sends, verification, authorizations, other systems that answer."""
    await accounts.get(unit, account_id)
    found = await account_log.list_entries(unit, account_id, before=cursor, limit=limit + 1)
    page = found[:limit]
    return LogPage(
        items=[LogEntryOut.model_validate(each, from_attributes=True) for each in page],
        next=page[-1].id if len(found) > limit else None,
    )
