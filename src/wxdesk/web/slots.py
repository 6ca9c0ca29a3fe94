"""The slot in the answer to a push: one message that uses up nothing, if it is ready in time.

Whoever answers WeChat waits until the push is understood, at most as long as the settings say.
What is to be said is a delivery like any other, that nobody else sends until that time is over: it
leaves by the answer or through the API, never by both (ADR 17).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from wxdesk import logs
from wxdesk.bus import forever
from wxdesk.desk import intake, media, outbox
from wxdesk.desk.intake import PushKey
from wxdesk.desk.outbox import Delivery
from wxdesk.runtime import Runtime
from wxdesk.wechat import NoReply, Push, passive_xml

TICK = timedelta(seconds=0.25)
MOST_WAITING = 2_000
"""Pushes whose answers wait; of more, none does."""

log = logs.get(__name__)

Told = asyncio.Future[Delivery | None]


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says, and the delivery that it is."""

    xml: bytes
    delivery: Delivery


class Slots:
    """The answers of this process that are waited for."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._waiting: dict[PushKey, Told] = {}

    async def follow(self) -> None:
        """Look whenever pushes were understood, until cancelled."""
        await forever(self._rt.bus, outbox.SLOTS, self._look, tick=TICK)

    @asynccontextmanager
    async def waiting(self, key: PushKey) -> AsyncIterator[Told]:
        """Be told what the answer to a push carries; from before it is kept, to miss nothing."""
        told: Told = asyncio.get_running_loop().create_future()
        if len(self._waiting) >= MOST_WAITING or key in self._waiting:
            told.set_result(None)
            yield told
            return
        self._waiting[key] = told
        try:
            yield told
        finally:
            told.cancel()
            del self._waiting[key]

    async def fill(self, told: Told, push: Push) -> Said | None:
        """What the answer to a push says, if that is known in time; see ``record``."""
        await asyncio.wait([told], timeout=self._rt.settings.passive_wait_seconds)
        if told.cancel() or (delivery := told.result()) is None:
            return None
        try:
            return Said(await self._say(delivery, push), delivery)
        except (NoReply, outbox.NotHeld) as error:
            log.warning("slot_not_filled", delivery_id=delivery.id, why=str(error))
            await self._give_back([delivery])
            return None

    async def record(self, said: Said) -> None:
        """It was said; WeChat tells nobody whether it heard."""
        async with self._rt.db.unit() as unit:
            await outbox.record_sent(unit, said.delivery, now=self._rt.clock.now())

    async def _say(self, delivery: Delivery, push: Push) -> bytes:
        needed = outbox.files_of(delivery.kind, delivery.content)
        async with self._rt.db.reading() as unit:
            ids = {each.file_id for each in needed}
            copies = await media.find_copies(unit, delivery.account_id, ids) if ids else {}
        held = outbox.media_ids_of(needed, copies)
        reply = outbox.passive_of(delivery.kind, delivery.content, held)
        return passive_xml(reply, push, self._rt.clock.now())

    async def _look(self) -> int:
        if not self._waiting:
            return 0
        settings, now = self._rt.settings, self._rt.clock.now()
        lease = timedelta(seconds=settings.delivery_lease_seconds)
        async with self._rt.db.unit() as unit:
            done = await intake.find_done(unit, list(self._waiting))
            said = await outbox.claim_passive(unit, done.keys(), now=now, lease=lease)
        late = [
            delivery
            for push_id, key in done.items()
            if not self._tell(key, said.get(push_id)) and (delivery := said.get(push_id))
        ]
        await self._give_back(late)
        return 0

    def _tell(self, key: PushKey, delivery: Delivery | None) -> bool:
        """Whether whoever waits can still say it."""
        told = self._waiting.get(key)
        if told is None or told.done():
            return False
        told.set_result(delivery)
        return True

    async def _give_back(self, unsaid: list[Delivery]) -> None:
        for delivery in unsaid:
            async with self._rt.db.unit() as unit:
                await outbox.leave_slot(unit, delivery, now=self._rt.clock.now())
