"""Files of customers are written and taken in, a batch at a time.

How far it came and what came of it are one unit, so whoever goes on after a death repeats nothing
and leaves nothing out. A piece that was stored and never named is swept up.
"""

import asyncio
from datetime import timedelta

from wxdesk import logs
from wxdesk.desk import sheets
from wxdesk.desk.sheets import FileRole, Part, Sheet, SheetInvalid, SheetKind, SheetState, Table
from wxdesk.runtime import Runtime
from wxdesk.store.files import Gone, StoreAway, drafting

LEASE = timedelta(seconds=60)
"""Longer than a batch can take."""

EXPORT_BATCH = 1000
CHECK_BATCH = 500
APPLY_BATCH = 100
BATCHES_A_ROUND = 50  # then others may have their turn
MOST_PART_BYTES = 256 * 1024 * 1024

log = logs.get(__name__)


class SheetRunner:
    """Works on one file at a time."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt

    async def go_on(self) -> int:
        """One round: some batches of a file that is due; 1 if there was one."""
        rt = self._rt
        async with rt.db.unit() as unit:
            sheet = await sheets.claim(unit, now=rt.clock.now(), lease=LEASE)
        if sheet is None:
            return 0
        try:
            if sheet.kind is SheetKind.EXPORT:
                await self._export(sheet)
            else:
                await self._import(sheet)
        except (Gone, SheetInvalid) as error:
            log.warning("sheet_failed", sheet_id=sheet.id, error=str(error))
            async with rt.db.unit() as unit:
                await sheets.record_failure(unit, sheet, error.code, now=rt.clock.now())
        except StoreAway as error:  # its lease ends, and somebody tries again
            log.warning("sheet_waits", sheet_id=sheet.id, error=str(error))
        return 1

    async def _export(self, claimed: Sheet) -> None:
        for _ in range(BATCHES_A_ROUND):
            if not await self.export_batch(claimed):
                return
        await self._release(claimed)

    async def export_batch(self, claimed: Sheet) -> bool:
        """Write the next customers; whether to go on."""
        rt = self._rt
        async with rt.db.reading() as unit:
            page = await sheets.export_page(unit, claimed, limit=EXPORT_BATCH)
        part = None
        if page.rows:
            content = sheets.written(page.rows, first=claimed.cursor == 0)
            part = await store(rt, content)
        async with rt.db.unit() as unit:
            now = rt.clock.now()
            goes_on = await sheets.record_page(unit, claimed, page, part, now=now, lease=LEASE)
        claimed.cursor = page.last_id
        return goes_on

    async def _import(self, claimed: Sheet) -> None:
        table = await self._table_of(claimed)
        for _ in range(BATCHES_A_ROUND):
            if not await self.import_batch(claimed, table):
                return
        await self._release(claimed)

    async def import_batch(self, claimed: Sheet, table: Table) -> bool:
        """Check the next rows, or take them over; whether to go on."""
        size = CHECK_BATCH if claimed.state is SheetState.CHECKING else APPLY_BATCH
        rows = table.rows[claimed.cursor : claimed.cursor + size]
        async with self._rt.db.unit() as unit:
            now = self._rt.clock.now()
            goes_on = await sheets.import_rows(unit, claimed, rows, now=now, lease=LEASE)
        claimed.cursor += len(rows)
        return goes_on

    async def _table_of(self, sheet: Sheet) -> Table:
        async with self._rt.db.reading() as unit:
            parts = await sheets.files_of(unit, sheet.id, FileRole.SOURCE)
        if not parts:
            raise Gone("the file was forgotten")
        content = b"".join(
            [
                chunk
                for part in parts
                async for chunk in self._rt.files.read(part.sha256, 0, part.size_bytes - 1)
            ]
        )
        return await asyncio.to_thread(sheets.read_table, content)

    async def _release(self, sheet: Sheet) -> None:
        async with self._rt.db.unit() as unit:
            await sheets.release(unit, sheet, now=self._rt.clock.now())


async def store(rt: Runtime, content: bytes) -> Part:
    """Keep a piece of a file; nothing stands for it until its sheet names it."""
    async with drafting(rt.drafts, most_bytes=MOST_PART_BYTES) as draft:
        await draft.write(content)
        await draft.finish()
        await rt.files.put(draft)
        return Part(draft.sha256, draft.size_bytes)
