"""Agents are reached beside their pages: alerts are looked at, and what is due is sent."""

from datetime import timedelta

from wxdesk import logs
from wxdesk.bus import LONGEST_GOODBYE
from wxdesk.desk import alerts, reaching
from wxdesk.desk.alerts import End, OnItsWay, What
from wxdesk.desk.reaching import Contents, Note
from wxdesk.errors import DeskError
from wxdesk.runtime import Runtime
from wxdesk.speaking import push_to, say_to
from wxdesk.ways import Fate, Outcome
from wxdesk.worker.under_way import UnderWay

MOST_UNDER_WAY = 16
PAGE = 100
NOTICE = "alert_times"
NOTICE_EVERY = timedelta(seconds=30)
LIVES_AT_LEAST = timedelta(seconds=10)

log = logs.get(__name__)


class Reacher:
    """Sends what is due, a bounded number at once."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._under_way = UnderWay(MOST_UNDER_WAY, lambda: rt.bus.wake(alerts.LOOP))

    async def reach_due(self) -> int:
        """One round: look at the alerts that are due, begin to send what there is room for."""
        now = self._rt.clock.now()
        async with self._rt.db.unit() as unit:
            looked, _ = await reaching.look(unit, now=now, limit=PAGE)
        async with self._rt.db.unit() as unit:
            claimed = await alerts.claim(unit, now=now, limit=self._under_way.room)
            notes = await reaching.written(
                unit, claimed, Contents(self._rt.settings.alert_contents)
            )
        for each in claimed:
            self._under_way.begin(self._send(each, notes[each.sending.id]))
        return looked + len(claimed)

    async def finish(self) -> None:
        """Let what is under way come to its end, or break off what takes too long."""
        await self._under_way.finish(within=LONGEST_GOODBYE)

    async def _send(self, sent: OnItsWay, note: Note) -> None:
        outcome = await self._say(sent, note)
        now = self._rt.clock.now()
        until = sent.alert.until if sent.sending.what is What.TELL else now + LIVES_AT_LEAST
        async with self._rt.db.unit() as unit:
            await alerts.record(
                unit,
                sent.sending,
                End(outcome.fate),
                why=outcome.why,
                wait=outcome.wait,
                until=until,
                now=now,
            )
            if outcome.fate is not Fate.SENT:
                await reaching.note_ways(unit, now=now)
        log.info(
            "alert_sent",
            alert_id=sent.alert.id,
            kind=str(sent.alert.kind),
            fate=str(outcome.fate),
            why=outcome.why,
        )

    async def _say(self, sent: OnItsWay, note: Note) -> Outcome:
        now = self._rt.clock.now()
        lives = max(sent.alert.until - now, LIVES_AT_LEAST)
        try:
            if sent.device:
                return await push_to(self._rt, sent.device, note, lives=lives, now=now)
            if sent.address:
                return await say_to(self._rt, sent.address, note)
        except DeskError as error:
            return Outcome(Fate.REFUSED, error.code)
        return Outcome(Fate.REFUSED, "no_place")


async def notice_times(rt: Runtime) -> None:
    """Raise what time alone brings about, and note who is reached beside their pages."""
    now = rt.clock.now()
    waited = timedelta(seconds=rt.settings.alert_waiting_seconds)
    async with rt.db.unit() as unit:
        await reaching.notice(unit, waited=waited, now=now)
    async with rt.db.unit() as unit:
        await reaching.note_ways(unit, now=now)
