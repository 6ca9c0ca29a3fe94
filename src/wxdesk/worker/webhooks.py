"""What happens → other programs: written down from the event log, claimed, told, recorded.

No unit is open while an endpoint is asked; a slow one keeps no other waiting.
"""

from collections import Counter
from datetime import timedelta

from wxdesk import logs
from wxdesk.desk import events, webhooks
from wxdesk.desk.webhooks import Due, Outcome
from wxdesk.errors import DeskError
from wxdesk.runtime import Runtime
from wxdesk.worker.under_way import UnderWay

PATIENCE_SECONDS = 15
LEASE = timedelta(seconds=60)  # longer than an endpoint may take, so a live sender keeps its rows
MOST_UNDER_WAY = 100
MOST_OF_ONE = 10
MOST_ANSWER_BYTES = 2000

log = logs.get(__name__)


async def write_down(rt: Runtime) -> int:
    """One round: note for each endpoint what happened; how many events were looked at.

    Where there is no endpoint, and where nothing is new, it costs a look.
    """
    async with rt.db.reading() as unit:
        if not await webhooks.any_endpoint(unit):
            return 0
        if not await events.list_after(unit, await webhooks.place(unit), limit=1):
            return 0
    async with rt.db.unit() as unit:
        return await webhooks.follow(unit, now=rt.clock.now())


class Teller:
    """Tells what is due, a bounded number at once."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._under_way = UnderWay(MOST_UNDER_WAY, lambda: rt.bus.wake(webhooks.LOOP))
        self._busy: Counter[int] = Counter()

    async def tell_due(self) -> int:
        """One round: claim what there is room for, begin to tell it."""
        if self._under_way.room < MOST_OF_ONE:
            return 0
        now = self._rt.clock.now()
        async with self._rt.db.reading() as unit:
            if not await webhooks.who_is_due(unit, now):
                return 0
        async with self._rt.db.unit() as unit:
            claimed = await webhooks.claim_due(
                unit, now=now, lease=LEASE, busy=self._busy, most=MOST_OF_ONE
            )
        for due in claimed:
            self._busy[due.endpoint.id] += 1
            self._under_way.begin(self._tell(due))
        return len(claimed)

    async def finish(self) -> None:
        """Wait until what is under way has an outcome."""
        await self._under_way.finish()

    async def _tell(self, due: Due) -> None:
        try:
            outcome = await self._ask(due)
            log.info(
                "webhook_told",
                endpoint_id=due.endpoint.id,
                telling_id=due.telling.id,
                status=outcome.status,
                why=outcome.why,
            )
            async with self._rt.db.unit() as unit:
                await webhooks.record(unit, due, outcome, now=self._rt.clock.now())
        finally:
            self._busy[due.endpoint.id] -= 1

    async def _ask(self, due: Due) -> Outcome:
        now = self._rt.clock.now()
        body = due.event.body.encode()
        try:
            keys = webhooks.secrets_of(due.endpoint, self._rt.vault, now)
            answer = await self._rt.outbound.ask(
                "POST",
                due.endpoint.url,
                headers=webhooks.headers(due.event.uid, body, keys, now),
                body=body,
                timeout_seconds=PATIENCE_SECONDS,
                most_bytes=MOST_ANSWER_BYTES,
            )
        except DeskError as error:
            why = str(error.facts.get("why") or error.code)
            return Outcome(None, why=why, took=self._rt.clock.now() - now)
        return Outcome(
            answer.status,
            excerpt=answer.text,
            retry_after=webhooks.retry_after(answer.headers),
            took=self._rt.clock.now() - now,
        )
