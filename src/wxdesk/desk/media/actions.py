"""What happens to files and attachments. Each verb changes rows; none commits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wxdesk.desk.media import queries
from wxdesk.desk.media.keep import Kept
from wxdesk.desk.media.model import Attachment, AttachmentState, Expected, File, Wanted
from wxdesk.desk.media.patience import Lose, TryAgain, after_failure
from wxdesk.store import Unit
from wxdesk.wechat import CallFailed
from wxdesk.wechat.limits import MEDIA_KEPT

LOOP = "media"
"""The loop that fetches what messages wait for."""

NAME_CHARS = 120

Shown = Mapping[str, Any]
"""What a message's content says of an attachment."""


async def expect_all(unit: Unit, expected: Collection[Expected], *, now: datetime) -> None:
    """Have all of these fetched from WeChat, which forgets them in three days."""
    if expected:
        await queries.insert_expected(unit, list(expected), now=now, kept_for=MEDIA_KEPT)
        unit.wake(LOOP)


async def expect(
    unit: Unit,
    *,
    message_id: int,
    account_id: int,
    wanted: Sequence[Wanted],
    now: datetime,
    sent_at: datetime | None = None,
) -> None:
    """Have what came with one message fetched; see ``expect_all``."""
    expected = [Expected(message_id, account_id, each, sent_at or now) for each in wanted]
    await expect_all(unit, expected, now=now)


async def add_file(unit: Unit, kept: Kept, *, name: str | None, now: datetime) -> File:
    """The row of a file that is in the store; one that was there already counts as used now."""
    look = kept.look
    file = File(
        sha256=kept.sha256,
        size_bytes=kept.size_bytes,
        content_type=look.content_type,
        width=look.width,
        height=look.height,
        seconds=look.seconds,
        name=name[:NAME_CHARS] if name else None,
        thumb_sha256=kept.thumb_sha256,
        play_sha256=kept.play_sha256,
        playable=look.playable,
        created_at=now,
        used_at=now,
    )
    await queries.insert_file(unit, file)
    found = await queries.get_by_sha256(unit, kept.sha256)
    found.used_at = now
    await unit.session.flush()
    return found


async def record_fetched(
    unit: Unit, claimed: Attachment, kept: Kept, *, now: datetime
) -> Shown | None:
    """It has come; what its message shows now. None when somebody else was faster."""
    attachment = await _lock(unit, claimed)
    if attachment is None:
        return None
    file = await add_file(unit, kept, name=None, now=now)
    attachment.state, attachment.file_id, attachment.reason = AttachmentState.READY, file.id, None
    return file.facts


async def record_failure(
    unit: Unit, claimed: Attachment, error: CallFailed, *, now: datetime
) -> Shown | None:
    """Try again later, or give it up; what its message shows now, where that changed."""
    attachment = await _lock(unit, claimed)
    if attachment is None:
        return None
    decision = after_failure(
        error,
        attempts=attachment.attempts,
        now=now,
        expires_at=attachment.expires_at,
    )
    attachment.reason = decision.why
    match decision:
        case TryAgain(at):
            attachment.due_at = at
            return None
        case Lose():
            attachment.state = AttachmentState.LOST
            return {**without_file(AttachmentState.LOST), "reason": decision.why}


async def attach(
    unit: Unit, message_id: int, account_id: int, files: Mapping[str, File], *, now: datetime
) -> None:
    """Note that an agent's message shows these files, by role."""
    for role, file in files.items():
        file.used_at = now
        unit.session.add(
            Attachment(
                message_id=message_id,
                account_id=account_id,
                role=role,
                kind=file.content_type.partition("/")[0],
                state=AttachmentState.READY,
                file_id=file.id,
                due_at=now,
                expires_at=now,
            )
        )


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Files that have no row any more.

    Attributes:
        names: What may be removed from the store once that is committed.
        shown: What showed them, and now says that they are deleted.
    """

    names: Sequence[str]
    shown: Sequence[Attachment] = ()


async def forget_old(
    unit: Unit, before: datetime, *, limit: int, kept: Collection[int] = ()
) -> Forgotten:
    """Delete files last brought or sent before a moment, but not those that are to be kept."""
    files = await queries.old_files(unit, before, limit=limit, kept=kept)
    ids = [file.id for file in files]
    shown = await queries.attachments_of(unit, ids)
    for attachment in shown:
        attachment.state, attachment.file_id = AttachmentState.DELETED, None
    await queries.delete_files(unit, ids)
    return Forgotten(_names(files), shown)


async def forget_unused(
    unit: Unit, before: datetime, *, limit: int, kept: Collection[int] = ()
) -> Forgotten:
    """Delete files brought before a moment that stand in no message and are not to be kept."""
    files = await queries.unused_files(unit, before, limit=limit, kept=kept)
    await queries.delete_files(unit, [file.id for file in files])
    return Forgotten(_names(files))


def _names(files: Sequence[File]) -> Sequence[str]:
    return [name for file in files for name in file.stored_names]


def without_file(state: AttachmentState) -> Shown:
    """What a message shows of something that is not there."""
    return {"id": None, "state": state.value}


async def _lock(unit: Unit, claimed: Attachment) -> Attachment | None:
    """The attachment, if it still waits under this claim."""
    attachment = await queries.find_locked(unit, claimed.id)
    if attachment is None or attachment.state is not AttachmentState.WAITING:
        return None
    return attachment if attachment.attempts == claimed.attempts else None
