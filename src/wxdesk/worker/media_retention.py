"""Forget media that are old or were never sent, and what a crash left in the store.

The row goes first, the file after it: a file without a row is swept up, a row without a file would
be a picture that cannot be shown. Somebody may bring the same file meanwhile; what was put a moment
ago is never removed.
"""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wxdesk import logs
from wxdesk.desk import agents, answers, conversations, media, sheets
from wxdesk.desk.media import AttachmentState
from wxdesk.runtime import Runtime

BATCH = 100
KEEP_UNUSED = timedelta(days=1)  # brought by an agent and not sent
KEEP_STRAYS = timedelta(hours=1)  # longer than from the store to the row
SHELVES = 256  # by the first two digits of a name
SHELVES_A_ROUND = 4

log = logs.get(__name__)


async def forget_media(rt: Runtime, *, every: timedelta) -> None:
    """One round; all of the store is swept in 64 of them.

    Args:
        rt: Where media are.
        every: How often there is a round.
    """
    now = rt.clock.now()
    if rt.settings.keep_media_days:
        await _forget_old(rt, now - timedelta(days=rt.settings.keep_media_days))
    await _forget_unused(rt, now - KEEP_UNUSED)
    await _sweep(rt, int(now.timestamp() / every.total_seconds()))
    await asyncio.to_thread(_remove_drafts, rt.drafts, now - KEEP_UNUSED)


async def _forget_old(rt: Runtime, before: datetime) -> None:
    while True:
        async with rt.db.unit() as unit:
            kept = await answers.files_in_use(unit)
            forgotten = await media.forget_old(unit, before, limit=BATCH, kept=kept)
            for each in sorted(forgotten.shown, key=lambda shown: shown.message_id):
                shown = {each.role: media.without_file(AttachmentState.DELETED)}
                await conversations.add_content(unit, each.message_id, **shown)
        if not forgotten.names:
            return
        log.info("media_forgotten", files=await _remove(rt, forgotten.names))


async def _forget_unused(rt: Runtime, before: datetime) -> None:
    while True:
        async with rt.db.unit() as unit:
            kept = await answers.files_in_use(unit)
            forgotten = await media.forget_unused(unit, before, limit=BATCH, kept=kept)
        if not forgotten.names:
            return
        await _remove(rt, forgotten.names)


async def _sweep(rt: Runtime, round_: int) -> None:
    """Remove what has no row, from a few shelves at a time."""
    for shelf in range(round_ * SHELVES_A_ROUND, (round_ + 1) * SHELVES_A_ROUND):
        page: list[str] = []
        async for found in rt.files.names(f"{shelf % SHELVES:02x}"):
            page.append(found.name)
            if len(page) == BATCH:
                await _remove(rt, page)
                page = []
        await _remove(rt, page)


async def _remove(rt: Runtime, names: Collection[str]) -> int:
    """Remove those that nothing stands for; how many."""
    if not names:
        return 0
    async with rt.db.reading() as unit:
        strays = set(names) - await media.still_named(unit, names)
        strays -= await sheets.still_named(unit, names)
        strays -= await agents.still_named(unit, names)
    before = rt.clock.now() - KEEP_STRAYS
    return sum([await rt.files.remove(name, before=before) for name in sorted(strays)])


def _remove_drafts(folder: Path, before: datetime) -> None:
    """What was being written when a process died."""
    for path in folder.glob("*"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
            path.unlink(missing_ok=True)
