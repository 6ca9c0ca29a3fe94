"""Outbox → WeChat: claim, send, record.

No unit is open while WeChat is asked, so a slow WeChat never holds a lock; and one slow send keeps
no other waiting: as many are under way as the loop has room for.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from wxdesk import logs
from wxdesk.desk import accounts, outbox
from wxdesk.desk.outbox import Delivery
from wxdesk.errors import DeskError
from wxdesk.runtime import Runtime
from wxdesk.wechat import CallFailed, Client, TextMessage, Unreached
from wxdesk.worker.tokens import TokenKeeper

MOST_UNDER_WAY = 40
MOST_EXPIRED = 100

log = logs.get(__name__)


class Sender:
    """Sends what is due, a bounded number at once."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._under_way: set[asyncio.Task[None]] = set()

    async def send_due(self) -> int:
        """One round: end dead claims, claim what there is room for, begin to send it."""
        claimed = await self._claim(MOST_UNDER_WAY - len(self._under_way))
        for delivery in claimed:
            task = asyncio.create_task(self._send(delivery))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return len(claimed)

    async def finish(self) -> None:
        """Wait until what is under way has an outcome."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _claim(self, room: int) -> Sequence[Delivery]:
        settings, now = self._rt.settings, self._rt.clock.now()
        lease = timedelta(seconds=settings.delivery_lease_seconds)
        async with self._rt.db.unit() as unit:
            await outbox.expire_claims(
                unit, now=now, limit=MOST_EXPIRED, resend_uncertain=settings.resend_uncertain
            )
            return await outbox.claim_due(unit, now=now, lease=lease, limit=room)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Make room for the next; a mistake of ours leaves the claim to its lease."""
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("send_broke_off", exc_info=error)
        self._rt.bus.wake(outbox.LOOP)

    async def _send(self, delivery: Delivery) -> None:
        log_here = log.bind(delivery_id=delivery.id, conversation_id=delivery.conversation_id)
        try:
            async with asyncio.timeout(self._time_left(delivery)):
                await self._hand_over(delivery)
        except TimeoutError:
            log_here.warning("send_out_of_time")  # its lease has ended: it is told as uncertain
        except (CallFailed, DeskError) as error:
            log_here.warning("send_failed", error=str(error), kind=type(error).__name__)
            async with self._rt.db.unit() as unit:
                await outbox.record_failure(
                    unit,
                    delivery,
                    error if isinstance(error, CallFailed) else Unreached(error.code),
                    now=self._rt.clock.now(),
                    resend_uncertain=self._rt.settings.resend_uncertain,
                )
        else:
            log_here.info("sent")
            async with self._rt.db.unit() as unit:
                await outbox.record_sent(unit, delivery, now=self._rt.clock.now())

    async def _hand_over(self, delivery: Delivery) -> None:
        async with self._rt.db.reading() as unit:
            account = await accounts.get(unit, delivery.account_id)
        settings = self._rt.settings
        keeper = TokenKeeper(self._rt, account, timedelta(seconds=settings.token_patience_seconds))
        timeout = timedelta(seconds=settings.send_timeout_seconds)
        client = Client(self._rt.http, account.api_base, keeper, timeout)
        await client.send(delivery.openid, TextMessage(delivery.text))

    def _time_left(self, delivery: Delivery) -> float:
        """Seconds until the next delivery of this follower may be sent by somebody else."""
        assert delivery.lease_until is not None  # it was claimed
        return (delivery.lease_until - self._rt.clock.now()).total_seconds()
