"""Customers as files (CSV): exported, and imported after they were checked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, StringConstraints
from starlette.requests import ClientDisconnect

from wxdesk import logs
from wxdesk.desk import sheets
from wxdesk.desk.sheets import (
    FileRole,
    Part,
    Sheet,
    SheetInvalid,
    SheetProblem,
    SheetState,
    TooManySheets,
    WrongState,
)
from wxdesk.errors import Invalid, NotFound
from wxdesk.runtime import Runtime
from wxdesk.store import Unit
from wxdesk.store.files import Gone, TooLarge, drafting
from wxdesk.web.api.customers import CustomersWanted
from wxdesk.web.api.inputs import HOME, NO_NUL, NoBody, RowId, RowNumber, TimeZone, blank_is
from wxdesk.web.api.sheet import SheetOut, shown
from wxdesk.web.deps import ASupervisor, Now, OpenUnit, ReadUnit, TheRuntime
from wxdesk.web.problems import problems

router = APIRouter(tags=["sheets"])

PAGE = 20
PROBLEMS_PAGE = 100
MOST_CHOSEN = 1000
SLOWEST_UPLOAD = timedelta(minutes=5)

Language = Literal["zh", "en"]
Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=120)]
Target = Annotated[str, NO_NUL, StringConstraints(max_length=40)]

log = logs.get(__name__)


class ExportWish(BaseModel):
    """Who: those who fit, or only `ids` of them. `uncovered`: numbers of people whole.

    `timezone`: of the times in the file, and in its name.
    """

    wanted: CustomersWanted = CustomersWanted()
    ids: Annotated[list[RowNumber], Field(min_length=1, max_length=MOST_CHOSEN)] | None = None
    uncovered: bool = False
    language: Language = "zh"
    timezone: TimeZone = HOME


class ColumnsWish(BaseModel):
    """What each column holds: `openid`, `unionid`, `remark`, `tags`, `level` or `field:3`.

    Null: it is left out. `language`: in which the file of problems tells why.
    """

    account_id: RowNumber
    columns: Annotated[list[Target | None], Field(max_length=100)]
    language: Language = "zh"


class SheetPage(BaseModel):
    """Newest first; `next` is the `cursor` of older ones."""

    items: list[SheetOut]
    next: int | None


class ProblemOut(BaseModel):
    """A cell that was not taken; `column` is its name, `code` a stable word for why."""

    line: int
    column: str
    code: str


class ProblemPage(BaseModel):
    """By line; the first hundred. The file of them has up to ten thousand."""

    items: list[ProblemOut]


async def _one(unit: Unit, sheet: Sheet) -> SheetOut:
    (only,) = await shown(unit, [sheet])
    return only


@router.get("/sheets", responses=problems())
async def list_sheets(
    agent: ASupervisor,
    unit: ReadUnit,
    cursor: Annotated[RowNumber | None, blank_is(None)] = None,
) -> SheetPage:
    """What one has exported and imported."""
    found = await sheets.list_own(unit, agent.id, before=cursor, limit=PAGE + 1)
    return SheetPage(
        items=await shown(unit, found[:PAGE]),
        next=found[PAGE - 1].id if len(found) > PAGE else None,
    )


@router.post("/sheets/exports", status_code=201, responses=problems(TooManySheets))
async def start_export(wish: ExportWish, agent: ASupervisor, unit: OpenUnit, now: Now) -> SheetOut:
    """Have customers written to a file; who does so, and whether numbers are whole, is logged."""
    made = await sheets.start_export(
        unit,
        wish.wanted.wanted(),
        ids=set(wish.ids) if wish.ids is not None else None,
        uncovered=wish.uncovered,
        language=wish.language,
        timezone=wish.timezone,
        name=f"customers-{now.astimezone(ZoneInfo(wish.timezone)):%Y%m%d-%H%M%S}.csv",
        by_id=agent.id,
        now=now,
    )
    log.info(
        "export_asked",
        sheet_id=made.id,
        agent_id=agent.id,
        total=made.total,
        uncovered=wish.uncovered,
    )
    return await _one(unit, made)


@router.post(
    "/sheets/imports",
    status_code=201,
    responses=problems(SheetInvalid, TooLarge, TooManySheets),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/csv": {"schema": {"format": "binary"}}},
        }
    },
)
async def upload_import(
    request: Request,
    rt: TheRuntime,
    agent: ASupervisor,
    now: Now,
    name: Annotated[Name, Query()] = "",
) -> SheetOut:
    """Bring a file of customers: the body is the file. Nothing is changed until it was checked."""
    async with drafting(rt.drafts, most_bytes=sheets.MOST_BYTES) as draft:
        content = bytearray()
        try:
            async with asyncio.timeout(SLOWEST_UPLOAD.total_seconds()):
                async for chunk in request.stream():
                    await draft.write(chunk)
                    content += chunk
        except (TimeoutError, ClientDisconnect):
            raise Invalid("the file did not come to its end") from None
        table = await asyncio.to_thread(sheets.read_table, bytes(content))
        await draft.finish()
        await rt.files.put(draft)
        source = Part(draft.sha256, draft.size_bytes)
    async with rt.db.unit() as unit:
        sheet = await sheets.add_import(unit, table, source, name=name, by_id=agent.id, now=now)
        return await _one(unit, sheet)


@router.get("/sheets/{sheet_id}", responses=problems(NotFound))
async def read_sheet(sheet_id: RowId, agent: ASupervisor, unit: ReadUnit) -> SheetOut:
    """How far one is."""
    return await _one(unit, await sheets.get(unit, sheet_id, by_id=agent.id))


@router.put("/sheets/{sheet_id}/columns", responses=problems(NotFound, SheetInvalid, WrongState))
async def check_import(
    sheet_id: RowId, wish: ColumnsWish, agent: ASupervisor, unit: OpenUnit, now: Now
) -> SheetOut:
    """Say what the columns hold, and have the file gone through without changing anything."""
    sheet = await sheets.check(
        unit,
        sheet_id,
        account_id=wish.account_id,
        columns=wish.columns,
        language=wish.language,
        by_id=agent.id,
        now=now,
    )
    return await _one(unit, sheet)


@router.post("/sheets/{sheet_id}/apply", responses=problems(NotFound, WrongState))
async def apply_import(
    sheet_id: RowId, agent: ASupervisor, unit: OpenUnit, now: Now, _body: NoBody = None
) -> SheetOut:
    """Take over what was checked; rows with anything wrong in them are left out."""
    log.info("import_applied", sheet_id=sheet_id, agent_id=agent.id)
    return await _one(unit, await sheets.apply(unit, sheet_id, by_id=agent.id, now=now))


@router.post("/sheets/{sheet_id}/cancel", responses=problems(NotFound, WrongState))
async def cancel_sheet(
    sheet_id: RowId, agent: ASupervisor, unit: OpenUnit, now: Now, _body: NoBody = None
) -> SheetOut:
    """Stop it; what was applied stays applied."""
    return await _one(unit, await sheets.cancel(unit, sheet_id, by_id=agent.id, now=now))


@router.get("/sheets/{sheet_id}/problems", responses=problems(NotFound))
async def list_problems(sheet_id: RowId, agent: ASupervisor, unit: ReadUnit) -> ProblemPage:
    """Rows that were not taken, and why."""
    sheet = await sheets.get(unit, sheet_id, by_id=agent.id)
    found = await sheets.list_problems(unit, sheet_id, after=(0, 0), limit=PROBLEMS_PAGE)
    header = sheet.wish.get("header", [])
    return ProblemPage(
        items=[
            ProblemOut(line=each.line, column=header[each.place], code=each.code) for each in found
        ]
    )


@router.get("/sheets/{sheet_id}/problems.csv", responses=problems(NotFound))
async def download_problems(sheet_id: RowId, agent: ASupervisor, unit: ReadUnit) -> Response:
    """The same as a file."""
    sheet = await sheets.get(unit, sheet_id, by_id=agent.id)
    found = await sheets.list_problems(unit, sheet_id, after=(0, 0), limit=sheets.MOST_PROBLEMS)
    language = sheet.wish.get("language", "zh")
    rows: list[Sequence[str | float]] = [sheets.problem_header(language)]
    rows += _told(found, sheet.wish.get("header", []), language)
    return Response(
        sheets.written(rows, first=True),
        media_type="text/csv; charset=utf-8",
        headers=_attached(f"problems-{sheet_id}.csv"),
    )


@router.get("/sheets/{sheet_id}/file", responses=problems(NotFound, Gone))
async def download_export(
    sheet_id: RowId, rt: TheRuntime, agent: ASupervisor, unit: ReadUnit
) -> StreamingResponse:
    """The customers. It is kept for a week; who fetches it is logged."""
    sheet = await sheets.get(unit, sheet_id, by_id=agent.id)
    parts = await sheets.files_of(unit, sheet_id, FileRole.RESULT)
    if sheet.state is not SheetState.DONE or not parts:
        raise NotFound(f"sheet {sheet_id} has no file")
    log.info("export_fetched", sheet_id=sheet_id, agent_id=agent.id)
    size = sum(part.size_bytes for part in parts)
    headers = _attached(sheet.name) | {"content-length": str(size)}
    return StreamingResponse(
        _read(rt, parts), headers=headers, media_type="text/csv; charset=utf-8"
    )


async def _read(rt: Runtime, parts: Sequence[Part]) -> AsyncIterator[bytes]:
    for part in parts:
        async for chunk in rt.files.read(part.sha256, 0, part.size_bytes - 1):
            yield chunk


def _told(
    found: Sequence[SheetProblem], header: Sequence[str], language: str
) -> list[list[str | float]]:
    reasons = sheets.REASONS[language]
    return [[each.line, header[each.place], reasons.get(each.code, each.code)] for each in found]


def _attached(name: str) -> dict[str, str]:
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "cache-control": "private, no-store",
    }
