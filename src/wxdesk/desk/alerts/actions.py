"""Alerts are raised where something happens, and settled by whoever looks at them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wxdesk.desk.alerts import queries
from wxdesk.desk.alerts.choose import Verdict
from wxdesk.desk.alerts.model import COMMON, Address, Alert, Device, Kind, Sending, Way, What
from wxdesk.store import Unit

LOOP = "alerts"
"""The loop that reaches agents."""

GATHERED_FOR = timedelta(seconds=10)
"""What concerns the team comes together, if it comes at once."""


@dataclass(frozen=True, slots=True)
class Raised:
    """Something that an agent is to hear of.

    Attributes:
        key: While one is open under it, it is counted there.
        lasts: From then on it is worthless.
        count: How many things of the kind there are.
    """

    agent_id: int
    kind: Kind
    key: str
    lasts: timedelta
    conversation_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    count: int = 1


async def raise_all(unit: Unit, raised: Collection[Raised], *, now: datetime) -> None:
    """Have agents told beside their pages, those who may be reached there; see ``choose``.

    Cost: one statement, and one for each that is for somebody who may be reached.
    """
    if not raised:
        return
    reachable = await queries.having_ways(unit, {each.agent_id for each in raised})
    rows: list[dict[str, Any]] = [
        {
            "agent_id": each.agent_id,
            "kind": each.kind,
            "conversation_id": each.conversation_id,
            "key": each.key,
            "count": each.count,
            "facts": dict(each.facts),
            "made_at": now,
            "newest_at": now,
            "until": now + each.lasts,
            "due_at": now + GATHERED_FOR if each.kind is Kind.TEAM_BREACH else now,
            "ways": [],
            "device_ids": [],
        }
        for each in raised
        if each.agent_id in reachable
    ]
    if rows:
        await queries.upsert(unit, rows)
        unit.wake(LOOP)


async def raise_for_team(
    unit: Unit,
    kind: Kind,
    key: str,
    *,
    lasts: timedelta,
    now: datetime,
    beside: Collection[int | None] = (),
    count: int = 1,
) -> None:
    """Have supervisors told, but for those who hear of it anyhow, and the common addresses."""
    people = set(await queries.supervisors(unit)) - set(beside)
    raised = [Raised(each, kind, key, lasts, count=count) for each in sorted({COMMON, *people})]
    await raise_all(unit, raised, now=now)


async def look_again(unit: Unit, *conversation_ids: int) -> None:
    """Something about these conversations has changed: what is open about them may be settled."""
    if await queries.look_at_once(unit, conversation_ids=conversation_ids):
        unit.wake(LOOP)


async def look_again_for(unit: Unit, agent_id: int) -> None:
    """An agent looks elsewhere, or has read something."""
    if await queries.look_at_once(unit, agent_id=agent_id):
        unit.wake(LOOP)


def tell(
    unit: Unit,
    alert: Alert,
    verdict: Verdict,
    devices: Collection[Device],
    addresses: Collection[Address],
    now: datetime,
) -> int:
    """Put an alert on its way, as was chosen; to how many places."""
    pushed = devices if Way.PUSH in verdict.tell else ()
    said = addresses if Way.ADDRESS in verdict.tell else ()
    _put(unit, alert, What.TELL, [each.id for each in pushed], [each.id for each in said], now)
    if verdict.tell:
        alert.ways = sorted({*alert.ways, *verdict.tell})
        alert.told_at = now
    return len(pushed) + len(said)


async def settle(unit: Unit, alert: Alert, devices: Collection[Device], *, now: datetime) -> int:
    """It is over: what is on its way is not sent, what was shown is taken away. How many."""
    alert.done_at = now
    await queries.drop_sendings(unit, alert.id)
    shown = [each.id for each in devices if each.id in alert.device_ids and each.silent_ok]
    _put(unit, alert, What.CLEAR, shown, [], now)
    return len(shown)


def _put(
    unit: Unit,
    alert: Alert,
    what: What,
    device_ids: Collection[int],
    address_ids: Collection[int],
    now: datetime,
) -> None:
    common = {"alert_id": alert.id, "what": what, "due_at": now, "tries": 0}
    unit.session.add_all(Sending(device_id=each, **common) for each in device_ids)
    unit.session.add_all(Sending(address_id=each, **common) for each in address_ids)
