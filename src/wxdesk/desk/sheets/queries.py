"""Every SQL statement about files of customers."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, tuple_, update

from wxdesk.desk.sheets.model import FileRole, Part, Sheet, SheetFile, SheetProblem
from wxdesk.errors import NotFound
from wxdesk.store import Unit


async def get(unit: Unit, sheet_id: int, *, by_id: int | None = None) -> Sheet:
    """One, locked where the unit writes; with ``by_id`` only where it is theirs."""
    query = unit.locking(select(Sheet).where(Sheet.id == sheet_id))
    found = await unit.session.scalar(query, execution_options={"populate_existing": True})
    if found is None or by_id not in (None, found.by_id):
        raise NotFound(f"there is no sheet {sheet_id}")
    return found


async def by_ids(unit: Unit, ids: Collection[int]) -> Sequence[Sheet]:
    return (await unit.session.scalars(select(Sheet).where(Sheet.id.in_(ids)))).all()


async def list_own(unit: Unit, by_id: int, *, before: int | None, limit: int) -> Sequence[Sheet]:
    """Somebody's, newest first."""
    query = select(Sheet).where(Sheet.by_id == by_id)
    if before is not None:
        query = query.where(Sheet.id < before)
    return (await unit.session.scalars(query.order_by(Sheet.id.desc()).limit(limit))).all()


async def count_at_work(unit: Unit, by_id: int) -> int:
    query = select(func.count()).where(Sheet.by_id == by_id, Sheet.due_at.is_not(None))
    return await unit.session.scalar(query) or 0


async def claim(unit: Unit, *, now: datetime, lease: timedelta) -> Sheet | None:
    """Take one that is to be gone on with and that nobody works on, until the lease ends."""
    due = (
        select(Sheet.id)
        .where(Sheet.due_at <= now)
        .order_by(Sheet.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claimed = await unit.session.scalars(
        update(Sheet)
        .where(Sheet.id.in_(due))
        .values(due_at=now + lease, version=Sheet.version + 1)
        .returning(Sheet),
        execution_options={"populate_existing": True},
    )
    return claimed.one_or_none()


async def files_of(unit: Unit, sheet_id: int, role: FileRole) -> list[Part]:
    """The pieces of a file, in order; none where it was forgotten."""
    rows = await unit.session.execute(
        select(SheetFile.sha256, SheetFile.size_bytes)
        .where(SheetFile.sheet_id == sheet_id, SheetFile.role == role)
        .order_by(SheetFile.place)
    )
    return [Part(*row) for row in rows]


async def have_files(unit: Unit, ids: Collection[int]) -> set[tuple[int, FileRole]]:
    """What there is to be had of these: sheet and role."""
    query = select(SheetFile.sheet_id, SheetFile.role).where(SheetFile.sheet_id.in_(ids)).distinct()
    return {(row[0], row[1]) for row in await unit.session.execute(query)}


async def list_problems(
    unit: Unit, sheet_id: int, *, after: tuple[int, int], limit: int
) -> Sequence[SheetProblem]:
    """Rows that were not taken, by line and column."""
    place = tuple_(SheetProblem.line, SheetProblem.place)
    query = (
        select(SheetProblem)
        .where(SheetProblem.sheet_id == sheet_id, place > after)
        .order_by(SheetProblem.line, SheetProblem.place)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


async def drop_problems(unit: Unit, sheet_id: int) -> None:
    await unit.session.execute(
        delete(SheetProblem).where(SheetProblem.sheet_id == sheet_id),
        execution_options={"synchronize_session": False},
    )


async def forget_files(unit: Unit, before: datetime) -> None:
    """Of what ended before a moment, or was brought before it and never begun.

    The store's sweep finds what nothing stands for any more.
    """
    old = select(Sheet.id).where(
        Sheet.due_at.is_(None), func.coalesce(Sheet.finished_at, Sheet.created_at) < before
    )
    for kept in (SheetFile, SheetProblem):
        await unit.session.execute(
            delete(kept).where(kept.sheet_id.in_(old)),
            execution_options={"synchronize_session": False},
        )


async def still_named(unit: Unit, names: Collection[str]) -> set[str]:
    """Those of the stored names that a sheet needs."""
    query = select(SheetFile.sha256).where(SheetFile.sha256.in_(names))
    return set(await unit.session.scalars(query))
