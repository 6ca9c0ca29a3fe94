"""Files of customers are asked for, brought, checked, applied, stopped."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from wxdesk.desk import accounts, contacts, levels
from wxdesk.desk.contacts import Wanted
from wxdesk.desk.sheets import queries, targets
from wxdesk.desk.sheets.model import (
    AT_WORK,
    KEEP_FILES,
    MOST_UNDER_WAY,
    FileRole,
    Part,
    Sheet,
    SheetFile,
    SheetKind,
    SheetState,
    TooManySheets,
    WrongState,
)
from wxdesk.desk.sheets.reading import Table
from wxdesk.store import Unit

LOOP = "sheets"
MOST_COUNTED = 1_000_000


async def start_export(
    unit: Unit,
    wanted: Wanted,
    *,
    ids: Collection[int] | None,
    uncovered: bool,
    language: str,
    timezone: str,
    name: str,
    by_id: int,
    now: datetime,
) -> Sheet:
    """Have customers written to a file.

    Args:
        unit: Of the request.
        wanted: Who fits.
        ids: Only these of them; None: all.
        uncovered: Numbers of people are written whole.
        language: Of the header.
        timezone: Of the times, by its IANA name.
        name: What the file is called.
        by_id: Who asks.
        now: When.

    Raises:
        TooManySheets: They have as many under way as they may.
    """
    await _require_room(unit, by_id)
    default = (await levels.default(unit)).id
    total = (
        len(ids)
        if ids is not None
        else await contacts.count(unit, wanted, default_level_id=default, most=MOST_COUNTED)
    )
    wish = {
        "wanted": wanted.as_json(),
        "ids": sorted(ids) if ids is not None else None,
        "uncovered": uncovered,
        "language": language,
        "timezone": timezone,
    }
    sheet = _sheet(SheetKind.EXPORT, wish, name=name, total=total, by_id=by_id, now=now)
    sheet.begin(SheetState.RUNNING, now)
    unit.session.add(sheet)
    unit.wake(LOOP)
    return await changed(unit, sheet)


async def add_import(
    unit: Unit, table: Table, source: Part, *, name: str, by_id: int, now: datetime
) -> Sheet:
    """Keep a file that somebody has brought and that was read.

    Raises:
        TooManySheets: They have as many under way as they may.
    """
    await _require_room(unit, by_id)
    wish = {"header": list(table.header), "sample": table.rows_of(0, 3)}
    sheet = _sheet(SheetKind.IMPORT, wish, name=name, total=len(table), by_id=by_id, now=now)
    sheet.state = SheetState.UPLOADED
    unit.session.add(sheet)
    await unit.session.flush()
    add_part(unit, sheet, FileRole.SOURCE, source)
    return await changed(unit, sheet)


async def check(
    unit: Unit,
    sheet_id: int,
    *,
    account_id: int,
    columns: Sequence[str | None],
    language: str,
    by_id: int,
    now: datetime,
) -> Sheet:
    """Say what the columns are, and have the file gone through without changing anything.

    Args:
        unit: Of the request.
        sheet_id: Which.
        account_id: Whose followers the rows name.
        columns: For each what it holds (``targets``); None: it is left out.
        language: In which it is told why rows are not taken.
        by_id: Who asks.
        now: When.

    Raises:
        NotFound: There is no such file of theirs, or no such account.
        WrongState: It is being gone through, or has been applied.
        SheetInvalid: The columns cannot be these.
    """
    sheet = await queries.get(unit, sheet_id, by_id=by_id)
    account = await accounts.get(unit, account_id)
    if sheet.kind is not SheetKind.IMPORT or sheet.state not in (
        SheetState.UPLOADED,
        SheetState.CHECKED,
    ):
        raise WrongState(f"sheet {sheet_id} is {sheet.state}", state=sheet.state.value)
    await targets.require_sound(unit, columns, of=len(sheet.wish["header"]))
    chosen = {"account_id": account.id, "columns": list(columns), "language": language}
    sheet.wish = sheet.wish | chosen
    await _go_through(unit, sheet, SheetState.CHECKING, now)
    return await changed(unit, sheet)


async def apply(unit: Unit, sheet_id: int, *, by_id: int, now: datetime) -> Sheet:
    """Take over what was checked.

    Raises:
        NotFound: There is no such file of theirs.
        WrongState: It was not checked.
    """
    sheet = await queries.get(unit, sheet_id, by_id=by_id)
    if sheet.state is not SheetState.CHECKED:
        raise WrongState(f"sheet {sheet_id} is {sheet.state}", state=sheet.state.value)
    await _go_through(unit, sheet, SheetState.RUNNING, now)
    return await changed(unit, sheet)


async def cancel(unit: Unit, sheet_id: int, *, by_id: int, now: datetime) -> Sheet:
    """Stop before the next batch; what was applied stays applied.

    Raises:
        NotFound: There is no such file of theirs.
        WrongState: It has ended.
    """
    sheet = await queries.get(unit, sheet_id, by_id=by_id)
    if sheet.finished_at is not None:
        raise WrongState(f"sheet {sheet_id} is {sheet.state}", state=sheet.state.value)
    sheet.end(SheetState.CANCELLED, now)
    return await changed(unit, sheet)


async def release(unit: Unit, sheet: Sheet, *, now: datetime) -> None:
    """Let whoever comes first go on."""
    found = await still_at(unit, sheet)
    if found:
        found.due_at = now
        await unit.session.flush()
        unit.wake(LOOP)


async def record_failure(unit: Unit, sheet: Sheet, error: str, *, now: datetime) -> None:
    """It cannot be gone on with; ``error`` is a stable word."""
    found = await queries.get(unit, sheet.id)
    if found.state in AT_WORK:
        found.error = error
        found.end(SheetState.FAILED, now)
        await changed(unit, found)


async def forget_files(unit: Unit, *, now: datetime) -> None:
    """Forget the files of what ended long ago."""
    await queries.forget_files(unit, now - KEEP_FILES)


async def still_at(unit: Unit, claimed: Sheet) -> Sheet | None:
    """The sheet, held, if it is where whoever claimed it left it."""
    found = await queries.get(unit, claimed.id)
    here = found.state is claimed.state and found.cursor == claimed.cursor
    return found if here and found.due_at is not None else None


def add_part(unit: Unit, sheet: Sheet, role: FileRole, part: Part) -> None:
    """Add a piece to the end of one of its files: places grow with the cursor."""
    unit.session.add(
        SheetFile(
            sheet_id=sheet.id,
            role=role,
            place=sheet.cursor,
            sha256=part.sha256,
            size_bytes=part.size_bytes,
        )
    )


async def changed(unit: Unit, sheet: Sheet) -> Sheet:
    """Write it, and let browsers know."""
    await unit.session.flush()
    unit.tell("sheet", sheet.id)
    return sheet


async def _go_through(unit: Unit, sheet: Sheet, state: SheetState, now: datetime) -> None:
    sheet.begin(state, now)
    await queries.drop_problems(unit, sheet.id)
    unit.wake(LOOP)


async def _require_room(unit: Unit, by_id: int) -> None:
    if await queries.count_at_work(unit, by_id) >= MOST_UNDER_WAY:
        raise TooManySheets("wait until one of them has ended", most=MOST_UNDER_WAY)


def _sheet(
    kind: SheetKind, wish: dict[str, Any], *, name: str, total: int, by_id: int, now: datetime
) -> Sheet:
    return Sheet(
        kind=kind,
        by_id=by_id,
        name=name,
        wish=wish,
        tally={},
        cursor=0,
        done=0,
        total=total,
        created_at=now,
    )
