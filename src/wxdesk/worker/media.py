"""WeChat → media: what followers sent is fetched before WeChat forgets it, in three days."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp

from wxdesk import logs
from wxdesk.bus import LONGEST_GOODBYE
from wxdesk.codec import PICTURES
from wxdesk.desk import accounts, conversations, media
from wxdesk.desk.accounts import Account
from wxdesk.desk.media import Attachment, Kept
from wxdesk.errors import DeskError
from wxdesk.runtime import Runtime
from wxdesk.speaking import client_of
from wxdesk.store import Unit
from wxdesk.store.files import TooLarge, drafting
from wxdesk.wechat import CallFailed, OverLimit, Refused, Unanswered, Unreached
from wxdesk.worker.under_way import UnderWay

MOST_UNDER_WAY = 8
PATIENCE = timedelta(minutes=3)
LEASE = timedelta(minutes=5)
"""Longer than the patience: when it ends, whoever held it has died."""

PICTURE_HOST = "qpic.cn"
"""Where WeChat shows pictures to everybody."""

CHUNK_BYTES = 64 * 1024
_URL = re.compile(r"https?://([a-z0-9.-]+)(:\d+)?/[!-\[\]-~]*")  # no user, blank or backslash

log = logs.get(__name__)


class Fetcher:
    """Fetches what messages wait for, a bounded number at once."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._under_way = UnderWay(MOST_UNDER_WAY, lambda: rt.bus.wake(media.LOOP))

    async def fetch_due(self) -> int:
        """One round: claim what there is room for, begin to fetch it."""
        async with self._rt.db.unit() as unit:
            claimed = await media.claim_due(
                unit, now=self._rt.clock.now(), lease=LEASE, limit=self._under_way.room
            )
        for attachment in claimed:
            self._under_way.begin(self._fetch(attachment))
        return len(claimed)

    async def finish(self) -> None:
        """Let what is under way come to its end, or break off what takes too long."""
        await self._under_way.finish(within=LONGEST_GOODBYE)

    async def _fetch(self, attachment: Attachment) -> None:
        log_here = log.bind(attachment_id=attachment.id, message_id=attachment.message_id)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                kept = await self._bring(attachment)
        except (CallFailed, DeskError, TimeoutError) as error:
            log_here.warning("fetch_failed", error=str(error), kind=type(error).__name__)
            await self._record_failure(attachment, _as_call(error))
        else:
            log_here.info("fetched", size_bytes=kept.size_bytes)
            await self._record_fetched(attachment, kept)

    async def _bring(self, attachment: Attachment) -> Kept:
        """From the best place that has it; the last one's error if none does.

        Raises:
            CallFailed: No place has it.
        """
        async with self._rt.db.reading() as unit:
            account = await accounts.get(unit, attachment.account_id)
        failed: CallFailed = Unreached("there is no place to fetch it from")
        for media_id in attachment.media_ids:
            try:
                return await self._download(account, media_id)
            except Refused as refused:
                failed = refused  # perhaps another place has it
        if attachment.url and may_be_asked(attachment.url, account):
            with suppress(Unanswered):
                return await self._look_at(attachment.url)
        raise failed

    async def _download(self, account: Account, media_id: str) -> Kept:
        client, most = client_of(self._rt, account), self._rt.settings.media_max_bytes
        async with client.media.download(media_id, max_bytes=most) as found:
            return await self._keep(found.chunks())

    async def _look_at(self, url: str) -> Kept:
        """The picture as WeChat shows it to everybody, smaller perhaps, and without a token."""
        timeout = aiohttp.ClientTimeout(total=PATIENCE.total_seconds() / 3)
        try:
            async with self._rt.http.get(url, timeout=timeout, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise Unanswered(f"HTTP {response.status}")
                kept = await self._keep(response.content.iter_chunked(CHUNK_BYTES))
        except (aiohttp.ClientError, OSError) as error:
            raise Unanswered(type(error).__name__) from None
        if kept.look.content_type not in PICTURES:
            raise Unanswered("that is no picture")
        return kept

    async def _keep(self, chunks: AsyncIterator[bytes]) -> Kept:
        rt = self._rt
        async with drafting(rt.drafts, most_bytes=rt.settings.media_max_bytes) as draft:
            await draft.fill(chunks)
            return await media.keep(rt.files, rt.sandbox, draft)

    async def _record_fetched(self, attachment: Attachment, kept: Kept) -> None:
        async with self._rt.db.unit() as unit:
            now = self._rt.clock.now()
            shown = await media.record_fetched(unit, attachment, kept, now=now)
            await _show(unit, attachment, shown)

    async def _record_failure(self, attachment: Attachment, error: CallFailed) -> None:
        async with self._rt.db.unit() as unit:
            now = self._rt.clock.now()
            shown = await media.record_failure(unit, attachment, error, now=now)
            await _show(unit, attachment, shown)


async def _show(unit: Unit, attachment: Attachment, shown: media.Shown | None) -> None:
    if shown:
        await conversations.add_content(unit, attachment.message_id, **{attachment.role: shown})


def may_be_asked(url: str, account: Account) -> bool:
    """Only where WeChat's pictures are: an address in a push leads nowhere else.

    A simulated account's pictures are where its simulator is.
    """
    parts = _URL.fullmatch(url)
    if parts is None:
        return False
    host, port = parts[1], parts[2]
    if account.simulated and f"{host}{port or ''}" == urlsplit(account.api_base).netloc:
        return True
    return port is None and (host == PICTURE_HOST or host.endswith(f".{PICTURE_HOST}"))


def _as_call(error: Exception) -> CallFailed:
    match error:
        case CallFailed():
            return error
        case TooLarge():
            return OverLimit(error.code)
    return Unreached(type(error).__name__)
