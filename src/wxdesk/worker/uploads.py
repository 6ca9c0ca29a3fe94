"""Files → WeChat, before the messages that show them are sent.

An upload may be repeated, a send may not (ADR 5): so the two are apart. A delivery is claimed for
sending only once WeChat holds all its files; a slow upload keeps nobody waiting but the follower
it is for. Each file is uploaded once for an account while its id lives, by one process at a time.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from wxdesk import logs
from wxdesk.bus import LONGEST_GOODBYE
from wxdesk.codec import ending_of
from wxdesk.desk import accounts, media, outbox, sla
from wxdesk.desk.accounts import Account
from wxdesk.desk.media import As, CopyKey, File
from wxdesk.desk.outbox import Delivery, Needed
from wxdesk.errors import DeskError
from wxdesk.runtime import Runtime
from wxdesk.speaking import client_of
from wxdesk.store.files import FileStore, Gone
from wxdesk.wechat import CallFailed, MediaKind, OverLimit, Unanswered, Unreached, Uploaded
from wxdesk.wechat.limits import MEDIA_KEPT
from wxdesk.worker.under_way import UnderWay

MOST_UNDER_WAY = 8
PATIENCE = timedelta(minutes=3)
LEASE = timedelta(minutes=4)
"""Longer than the patience: when it ends, whoever held it has died or given up."""

MARGIN = timedelta(hours=2)
"""An id is not used in its last hours: the message may have to wait before it is sent."""

GLANCE = timedelta(seconds=1)

log = logs.get(__name__)


class SomebodyElseUploads(Exception):
    """Not an error: look again in a moment."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file of the store, read from its beginning however often it is asked for."""

    files: FileStore
    sha256: str
    size_bytes: int

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.files.read(self.sha256, 0, self.size_bytes - 1)


class Uploader:
    """Brings WeChat the files of what is to be sent, a bounded number at once."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._under_way = UnderWay(MOST_UNDER_WAY, lambda: rt.bus.wake(outbox.UPLOADS))

    async def upload_due(self) -> int:
        """One round: claim the deliveries there is room for, begin to upload what they show."""
        now = self._rt.clock.now()
        async with self._rt.db.unit() as unit:
            claimed = await outbox.claim_unprepared(
                unit, now=now, lease=LEASE, limit=self._under_way.room
            )
        for delivery in claimed:
            self._under_way.begin(self._prepare(delivery))
        return len(claimed)

    async def finish(self) -> None:
        """Let what is under way come to its end, or break off what takes too long."""
        await self._under_way.finish(within=LONGEST_GOODBYE)

    async def _prepare(self, delivery: Delivery) -> None:
        log_here = log.bind(delivery_id=delivery.id, conversation_id=delivery.conversation_id)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                until = await self._hold_all(delivery)
        except SomebodyElseUploads:
            async with self._rt.db.unit() as unit:
                await outbox.postpone(unit, delivery, until=self._rt.clock.now() + GLANCE)
        except (CallFailed, DeskError, TimeoutError) as error:
            log_here.warning("upload_failed", error=str(error), kind=type(error).__name__)
            await self._record_failure(delivery, error)
        else:
            async with self._rt.db.unit() as unit:
                await outbox.record_uploaded(unit, delivery, until=until, now=self._rt.clock.now())

    async def _record_failure(self, delivery: Delivery, error: Exception) -> None:
        now = self._rt.clock.now()
        async with self._rt.db.unit() as unit:
            await outbox.record_failure(
                unit, delivery, _as_call(error), now=now, resend_uncertain=False
            )
            await sla.follow_told(unit, now=now)

    async def _hold_all(self, delivery: Delivery) -> datetime:
        """Until when WeChat holds all files of a delivery."""
        needed = outbox.files_of(delivery.kind, delivery.content)
        ids = {each.file_id for each in needed}
        async with self._rt.db.reading() as unit:
            account = await accounts.get(unit, delivery.account_id)
            files = await media.files_by_ids(unit, ids)
        return min([await self.hold(account, files.get(each.file_id), each) for each in needed])

    async def hold(self, account: Account, file: File | None, needed: Needed) -> datetime:
        """Until when WeChat holds a file, after it was uploaded if it had to be."""
        if file is None:
            raise Gone(f"media {needed.file_id} is gone")
        rt, key = self._rt, CopyKey(file.id, account.id, needed.kind)
        now = rt.clock.now()
        async with rt.db.unit() as unit:
            copies = await media.find_copies(unit, account.id, {file.id})
            copy = copies.get((file.id, needed.kind))
            if copy and copy.media_id and copy.expires_at and copy.expires_at - MARGIN > now:
                return copy.expires_at - MARGIN
            if not await media.claim_upload(
                unit, key, now=now, lease=LEASE, needed_until=now + MARGIN
            ):
                raise SomebodyElseUploads
        try:
            uploaded = await self._upload(account, file, As(needed.kind))
        except BaseException:
            async with rt.db.unit() as unit:
                await media.release_upload(unit, key)
            raise
        expires_at = now + MEDIA_KEPT
        async with rt.db.unit() as unit:
            await media.record_copy(unit, key, media_id=uploaded.media_id, expires_at=expires_at)
        log.info("uploaded", file_id=file.id, account_id=account.id, kind=needed.kind)
        return expires_at - MARGIN

    async def _upload(self, account: Account, file: File, as_: As) -> Uploaded:
        client = client_of(self._rt, account)
        if as_ is As.THUMB and media.problem_of(file, as_) and file.thumb_sha256:
            small = [each async for each in self._rt.files.read(file.thumb_sha256, 0, 2**31)]
            return await client.media.upload(
                MediaKind.THUMB,
                b"".join(small),
                filename=f"{file.sha256[:16]}.jpg",
                content_type="image/jpeg",
            )
        return await client.media.upload(
            MediaKind(as_.value),
            _Stored(self._rt.files, file.sha256, file.size_bytes),
            filename=f"{file.sha256[:16]}.{ending_of(file.content_type)}",
            content_type=file.content_type,
            size_bytes=file.size_bytes,
        )


def _as_call(error: Exception) -> CallFailed:
    """Nothing was sent, however the upload ended: all but a refusal is worth another try."""
    match error:
        case Unanswered(why=why):
            return Unreached(why)
        case CallFailed():
            return error
        case Gone():
            return OverLimit(error.code)
    return Unreached(type(error).__name__)
