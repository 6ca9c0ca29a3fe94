"""Every SQL statement about files, attachments and copies at WeChat."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Update, delete, exists, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from wxdesk.desk.media.model import (
    Attachment,
    AttachmentState,
    CopyKey,
    Expected,
    File,
    PlatformCopy,
)
from wxdesk.errors import NotFound
from wxdesk.store import Unit

_WAITING = literal(AttachmentState.WAITING, Attachment.state.type, literal_execute=True)
"""Written into the statement: behind a parameter the planner would not see the partial index."""


async def insert_expected(
    unit: Unit, expected: Sequence[Expected], *, now: datetime, kept_for: timedelta
) -> None:
    """One statement for all of them."""
    rows = [
        {
            "message_id": each.message_id,
            "account_id": each.account_id,
            "role": each.wanted.role,
            "kind": each.wanted.kind,
            "media_ids": list(each.wanted.media_ids),
            "url": each.wanted.url,
            "state": AttachmentState.WAITING,
            "due_at": now,
            "attempts": 0,
            "expires_at": each.sent_at + kept_for,
        }
        for each in expected
    ]
    await unit.session.execute(insert(Attachment.__table__), rows)  # type: ignore[arg-type]


async def claim_due(
    unit: Unit, *, now: datetime, lease: timedelta, limit: int
) -> Sequence[Attachment]:
    """Take up to ``limit`` attachments to fetch, the longest due first; see ``Attachment``."""
    due = (
        select(Attachment.id)
        .where(Attachment.state == _WAITING, Attachment.due_at <= now)
        .order_by(Attachment.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
        .cte("due")
    )
    claimed = await unit.session.scalars(
        update(Attachment)
        .where(Attachment.id.in_(select(due.c.id)))
        .values(due_at=now + lease, attempts=Attachment.attempts + 1)
        .returning(Attachment),
        execution_options={"populate_existing": True},
    )
    return sorted(claimed, key=lambda attachment: attachment.id)


async def find_locked(unit: Unit, attachment_id: int) -> Attachment | None:
    return await unit.session.scalar(
        unit.locking(select(Attachment).where(Attachment.id == attachment_id))
    )


async def get_file(unit: Unit, file_id: int) -> File:
    file = await unit.session.get(File, file_id)
    if file is None:
        raise NotFound(f"there is no media {file_id}")
    return file


async def files_by_ids(unit: Unit, ids: Collection[int]) -> dict[int, File]:
    """Those of the files that are there, kept until the unit ends."""
    query = unit.locking(select(File).where(File.id.in_(ids)).order_by(File.id))
    return {file.id: file for file in await unit.session.scalars(query)}


async def get_by_sha256(unit: Unit, sha256: str) -> File:
    found = await unit.session.scalars(unit.locking(select(File).where(File.sha256 == sha256)))
    return found.one()


async def insert_file(unit: Unit, file: File) -> None:
    """Add a file unless its content is there; two who bring the same at once both go on."""
    columns = File.__table__.columns
    values = {c.name: getattr(file, c.name) for c in columns if c.name != "id"}
    is_postgres = unit.session.get_bind().dialect.name == "postgresql"
    statement = (postgresql if is_postgres else sqlite).insert(File).values(values)
    await unit.session.execute(statement.on_conflict_do_nothing(index_elements=["sha256"]))


async def find_copies(
    unit: Unit, account_id: int, file_ids: Collection[int]
) -> dict[tuple[int, str], PlatformCopy]:
    """The copies of files that WeChat may hold for an account, by file and kind."""
    found = await unit.session.scalars(
        select(PlatformCopy).where(
            PlatformCopy.account_id == account_id, PlatformCopy.file_id.in_(file_ids)
        )
    )
    return {(copy.file_id, copy.kind): copy for copy in found}


async def claim_upload(
    unit: Unit, key: CopyKey, *, now: datetime, lease: timedelta, needed_until: datetime
) -> bool:
    """Become the only one who uploads this copy until the lease ends.

    Not if WeChat holds it for as long as needed: somebody else has just uploaded it.
    """
    is_postgres = unit.session.get_bind().dialect.name == "postgresql"
    statement = (postgresql if is_postgres else sqlite).insert(PlatformCopy)
    await unit.session.execute(statement.values(key._asdict()).on_conflict_do_nothing())
    claimed = await unit.session.execute(
        _copy(key)
        .where(
            or_(PlatformCopy.uploading_until.is_(None), PlatformCopy.uploading_until <= now),
            or_(PlatformCopy.media_id.is_(None), PlatformCopy.expires_at <= needed_until),
        )
        .values(uploading_until=now + lease)
        .returning(PlatformCopy.file_id)
    )
    return claimed.first() is not None


async def record_copy(unit: Unit, key: CopyKey, *, media_id: str, expires_at: datetime) -> None:
    """Note under which id WeChat holds a file, and until when; ends the upload's claim."""
    await unit.session.execute(
        _copy(key).values(media_id=media_id, expires_at=expires_at, uploading_until=None)
    )


async def release_upload(unit: Unit, key: CopyKey) -> None:
    """End the claim of an upload that came to nothing."""
    await unit.session.execute(_copy(key).values(uploading_until=None))


def _copy(key: CopyKey) -> Update:
    return update(PlatformCopy).filter_by(**key._asdict())


async def forget_copies(unit: Unit, account_id: int, file_ids: Collection[int]) -> None:
    """WeChat does not know these ids any more."""
    await unit.session.execute(
        update(PlatformCopy)
        .where(PlatformCopy.account_id == account_id, PlatformCopy.file_id.in_(file_ids))
        .values(media_id=None, expires_at=None)
    )


async def old_files(
    unit: Unit, before: datetime, *, limit: int, kept: Collection[int]
) -> Sequence[File]:
    """Files last used before a moment, locked."""
    query = (
        select(File)
        .where(File.used_at < before, File.id.not_in(kept))
        .order_by(File.used_at)
        .limit(limit)
    )
    return (await unit.session.scalars(query.with_for_update(skip_locked=True))).all()


async def unused_files(
    unit: Unit, before: datetime, *, limit: int, kept: Collection[int]
) -> Sequence[File]:
    """Files older than a moment that stand in no message, locked."""
    shown = exists().where(Attachment.file_id == File.id)
    query = select(File).where(File.used_at < before, ~shown, File.id.not_in(kept))
    query = query.order_by(File.used_at).limit(limit)
    return (await unit.session.scalars(query.with_for_update(skip_locked=True))).all()


async def attachments_of(unit: Unit, file_ids: Collection[int]) -> Sequence[Attachment]:
    return (
        await unit.session.scalars(
            select(Attachment).where(Attachment.file_id.in_(file_ids)).order_by(Attachment.id)
        )
    ).all()


async def delete_files(unit: Unit, ids: Collection[int]) -> None:
    """Delete files and their copies; nothing may show them any more."""
    await unit.session.flush()
    for statement in (
        delete(PlatformCopy).where(PlatformCopy.file_id.in_(ids)),
        delete(File).where(File.id.in_(ids)),
    ):
        await unit.session.execute(statement, execution_options={"synchronize_session": False})


async def still_named(unit: Unit, names: Collection[str]) -> set[str]:
    """Those of the stored names that some file stands for."""
    found: set[str] = set()
    for column in (File.sha256, File.thumb_sha256, File.play_sha256):
        rows = await unit.session.scalars(select(column).where(column.in_(names)))
        found.update(name for name in rows if name)
    return found
