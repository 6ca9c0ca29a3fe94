"""Imports of all followers of an account: one at a time, resumed where they stopped."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk import accounts, contacts, levels
from wxdesk.desk.contacts import Lesson
from wxdesk.errors import NotFound
from wxdesk.store import Base, Id, Unit
from wxdesk.wechat import CallFailed, Refused, UserInfo

LOOP = "imports"


class ImportState(StrEnum):
    """Where an import is."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"


class Import(Base):
    """An account's import; started again when it has come to its end. A claim is a later due_at.

    Attributes:
        cursor: The openid after which to go on; empty at the beginning. Whoever goes on checks
            that it is still where they left it, so no follower is counted twice.
        done: Followers whose facts are here.
        total: Followers WeChat says there are.
        attempts: Failures in a row.
        error: A stable word for why it failed or waits.
    """

    __tablename__ = "imports"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), unique=True)
    state: Mapped[ImportState]
    cursor: Mapped[str] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None]
    errcode: Mapped[int | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


async def start(unit: Unit, account_id: int, *, now: datetime) -> Import:
    """Begin, or go on where it was paused or failed; a running one is left alone.

    Raises:
        NotFound: There is no such account.
    """
    account = await accounts.lock(unit, account_id)
    found = await find(unit, account.id)
    if found is None:
        found = Import(account_id=account.id, started_at=now)
        unit.session.add(found)
    if found.state is ImportState.RUNNING:
        return found
    if found.state is ImportState.DONE:
        found.cursor, found.done, found.total, found.started_at = "", 0, None, now
    found.state, found.due_at, found.attempts = ImportState.RUNNING, now, 0
    found.error = found.errcode = found.finished_at = None
    unit.wake(LOOP)
    return await _changed(unit, found)


async def pause(unit: Unit, account_id: int) -> Import:
    """Stop after what is being asked for; nothing that is here is lost.

    Raises:
        NotFound: There is none.
    """
    found = await get(unit, account_id)
    if found.state is ImportState.RUNNING:
        found.state = ImportState.PAUSED
    return await _changed(unit, found)


async def find(unit: Unit, account_id: int) -> Import | None:
    return await unit.session.scalar(
        unit.locking(select(Import).where(Import.account_id == account_id))
    )


async def get(unit: Unit, account_id: int) -> Import:
    found = await find(unit, account_id)
    if found is None:
        raise NotFound(f"account {account_id} was never imported")
    return found


async def by_ids(unit: Unit, ids: Collection[int]) -> Sequence[Import]:
    return (await unit.session.scalars(select(Import).where(Import.id.in_(ids)))).all()


async def claim(unit: Unit, *, now: datetime, lease: timedelta) -> Import | None:
    """Take a running import that nobody works on, until the lease ends."""
    due = (
        select(Import.id)
        .where(Import.state == ImportState.RUNNING, Import.due_at <= now)
        .order_by(Import.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claimed = await unit.session.scalars(
        update(Import)
        .where(Import.id.in_(due))
        .values(due_at=now + lease, version=Import.version + 1)
        .returning(Import),
        execution_options={"populate_existing": True},
    )
    return claimed.one_or_none()


async def record_page(
    unit: Unit,
    claimed: Import,
    told: Sequence[UserInfo],
    *,
    asked: Sequence[str],
    total: int,
    lesson: Lesson,
    lease: timedelta,
    tell: bool,
) -> bool:
    """Take in some followers and move on behind them; both in this unit.

    Args:
        unit: Of the importer.
        claimed: The import, as it was when they were asked for; it moves on with the row.
        told: What WeChat told.
        asked: The openids in WeChat's order; of some of them nothing may have been told.
        total: Followers WeChat says there are.
        lesson: See ``contacts.Lesson``.
        lease: How long the importer has for the next ones.
        tell: Show browsers how far it is.

    Returns:
        Whether to go on: not when it was paused, or somebody else has taken over.
    """
    found = await _still_at(unit, claimed)
    if found is None:
        return False
    known = await contacts.record_followers(unit, found.account_id, told, lesson)
    await levels.evaluate(unit, known, now=lesson.now)
    found.cursor, found.done, found.total = asked[-1], found.done + len(asked), total
    found.attempts, found.error, found.errcode = 0, None, None
    found.due_at = lesson.now + lease
    await unit.session.flush()
    if tell:
        unit.tell("import", found.id)
    claimed.cursor, claimed.done = found.cursor, found.done
    return True


async def release(unit: Unit, claimed: Import, *, now: datetime) -> None:
    """Let whoever comes first go on."""
    found = await _still_at(unit, claimed)
    if found:
        found.due_at = now
        await _changed(unit, found)


async def record_end(unit: Unit, claimed: Import, *, now: datetime) -> None:
    """There is nobody after the cursor."""
    found = await _still_at(unit, claimed)
    if found:
        found.state, found.finished_at, found.total = ImportState.DONE, now, found.done
        await _changed(unit, found)


async def record_failure(unit: Unit, claimed: Import, error: CallFailed, *, now: datetime) -> None:
    """Wait and go on from the same place, or give up until somebody starts it again."""
    found = await _still_at(unit, claimed)
    if found is None:
        return
    found.attempts += 1
    found.error = error.meaning.value if isinstance(error, Refused) else "unreachable"
    found.errcode = error.errcode if isinstance(error, Refused) else None
    wait = contacts.wait_after(error, attempts=found.attempts)
    if wait is None:
        found.state, found.finished_at = ImportState.FAILED, now
    else:
        found.due_at = now + wait
    await _changed(unit, found)


async def _still_at(unit: Unit, claimed: Import) -> Import | None:
    found = await find(unit, claimed.account_id)
    at_work = found and found.state is ImportState.RUNNING and found.cursor == claimed.cursor
    return found if at_work else None


async def _changed(unit: Unit, found: Import) -> Import:
    await unit.session.flush()
    unit.tell("import", found.id)
    return found
