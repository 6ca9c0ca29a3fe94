"""Outbox → WeChat: claim, send, record.

No unit is open while WeChat is asked, so a slow WeChat never holds a lock; and one slow send keeps
no other waiting: as many are under way as the loop has room for. The files that a message shows
are at WeChat before it is claimed; see ``uploads``.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from wxdesk import logs
from wxdesk.desk import accounts, allowance, contacts, conversations, kf, media, outbox, sla
from wxdesk.desk.accounts import Account
from wxdesk.desk.outbox import Delivery
from wxdesk.errors import DeskError
from wxdesk.runtime import Runtime
from wxdesk.speaking import client_of
from wxdesk.store import Unit
from wxdesk.wechat import CallFailed, Client, Meaning, MiniProgram, Refused, Unreached
from wxdesk.worker.under_way import UnderWay

MOST_UNDER_WAY = 40
MOST_EXPIRED = 100

log = logs.get(__name__)


class _NothingLeft(Exception):
    """Not an error: WeChat would refuse it, so it is not asked."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a sender has to know beside the delivery.

    Attributes:
        media_ids: Of the files it shows, by role, as WeChat knows them.
        kf_account: In whose name it is sent, if in anybody's.
    """

    account: Account
    media_ids: Mapping[str, str]
    kf_account: str | None


class Sender:
    """Sends what is due, a bounded number at once."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._under_way = UnderWay(MOST_UNDER_WAY, lambda: rt.bus.wake(outbox.LOOP))

    async def send_due(self) -> int:
        """One round: end dead claims, claim what there is room for, begin to send it."""
        claimed = await self._claim(self._under_way.room)
        for delivery in claimed:
            self._under_way.begin(self._send(delivery))
        return len(claimed)

    async def finish(self) -> None:
        """Wait until what is under way has an outcome."""
        await self._under_way.finish()

    async def _claim(self, room: int) -> Sequence[Delivery]:
        settings, now = self._rt.settings, self._rt.clock.now()
        lease = timedelta(seconds=settings.delivery_lease_seconds)
        async with self._rt.db.unit() as unit:
            await outbox.expire_claims(
                unit, now=now, limit=MOST_EXPIRED, resend_uncertain=settings.resend_uncertain
            )
            await outbox.expire_slots(unit, now=now, limit=MOST_EXPIRED)
            await sla.follow_told(unit, now=now)
            return await outbox.claim_due(unit, now=now, lease=lease, limit=room)

    async def _send(self, delivery: Delivery) -> None:
        log_here = log.bind(delivery_id=delivery.id, conversation_id=delivery.conversation_id)
        try:
            async with asyncio.timeout(self._time_left(delivery)):
                msg_id = await self._hand_over(delivery)
        except outbox.NotHeld:
            async with self._rt.db.unit() as unit:
                await outbox.prepare_again(unit, delivery, now=self._rt.clock.now())
        except _NothingLeft as nothing:
            log_here.info("nothing_left", why=str(nothing))
            now = self._rt.clock.now()
            async with self._rt.db.unit() as unit:
                await outbox.record_unsendable(unit, delivery, str(nothing), now=now)
                await sla.follow_told(unit, now=now)
        except TimeoutError:
            log_here.warning("send_out_of_time")  # its lease has ended: it is told as uncertain
        except (CallFailed, DeskError) as error:
            log_here.warning("send_failed", error=str(error), kind=type(error).__name__)
            await self._record_failure(delivery, error)
        else:
            log_here.info("sent")
            now = self._rt.clock.now()
            async with self._rt.db.unit() as unit:
                await outbox.record_sent(unit, delivery, now=now, msg_id=msg_id)
                if msg_id:  # WeChat may have told already that it came to nothing
                    await sla.follow_told(unit, now=now)

    async def _record_failure(self, delivery: Delivery, error: CallFailed | DeskError) -> None:
        now = self._rt.clock.now()
        async with self._rt.db.unit() as unit:
            await outbox.record_failure(
                unit,
                delivery,
                error if isinstance(error, CallFailed) else Unreached(error.code),
                now=now,
                resend_uncertain=self._rt.settings.resend_uncertain,
            )
            await sla.follow_told(unit, now=now)

    async def _hand_over(self, delivery: Delivery) -> int | None:
        """Send it; WeChat's number of it, where WeChat gives one.

        A name that WeChat does not know costs the name, not the message: refused is not sent.
        """
        facts = await self._facts(delivery)
        client = client_of(self._rt, facts.account)
        if delivery.kind == outbox.TEMPLATE:
            return await _send_template(client, delivery)
        message = outbox.message_of(delivery.kind, delivery.content, facts.media_ids)
        try:
            await client.send(delivery.openid, message, facts.kf_account)
        except Refused as refused:
            if refused.meaning is not Meaning.BAD_KF_ACCOUNT or not facts.kf_account:
                raise
            await client.send(delivery.openid, message)
        return None

    async def _facts(self, delivery: Delivery) -> _Facts:
        needed = outbox.files_of(delivery.kind, delivery.content)
        async with self._rt.db.reading() as unit:
            account = await accounts.get(unit, delivery.account_id)
            await self._require_left(unit, delivery)
            shown = {each.file_id for each in needed}
            copies = await media.find_copies(unit, account.id, shown) if shown else {}
            author_id = await conversations.author_of(unit, delivery.message_id)
            kf_account = await kf.account_of(unit, account.id, author_id) if author_id else None
        return _Facts(account, outbox.media_ids_of(needed, copies), kf_account)

    async def _require_left(self, unit: Unit, delivery: Delivery) -> None:
        """Raise if WeChat takes nothing by now: what it allowed when this was written is over."""
        if not delivery.spends or delivery.anyway:
            return
        contact = await contacts.get(unit, delivery.contact_id)
        left = allowance.forecast_of(contact, self._rt.clock.now(), sending=True)
        if not left.takes(1):
            raise _NothingLeft(Meaning.REPLIES_SPENT if left.is_spent else Meaning.WINDOW_CLOSED)

    def _time_left(self, delivery: Delivery) -> float:
        """Seconds until the next delivery of this follower may be sent by somebody else."""
        assert delivery.lease_until is not None  # it was claimed
        return (delivery.lease_until - self._rt.clock.now()).total_seconds()


async def _send_template(client: Client, delivery: Delivery) -> int:
    said: Mapping[str, Any] = delivery.content
    page = said["mini_program"]
    return await client.templates.send(
        delivery.openid,
        said["template_id"],
        said["data"],
        url=said["url"],
        mini_program=MiniProgram(page["app_id"], page["page_path"]) if page else None,
        client_msg_id=str(delivery.id),
    )
