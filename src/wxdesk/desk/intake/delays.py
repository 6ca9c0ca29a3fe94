"""How late pushes reach the desk: from when WeChat made them until we had them."""

import re
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from wxdesk.desk.intake.model import KeptPush
from wxdesk.store import Unit

LATELY = timedelta(minutes=5)
MOST_LOOKED_AT = 2000
"""The newest: where more come in five minutes, they tell as much."""

_CREATED = re.compile(rb"<CreateTime>(?:<!\[CDATA\[)?(\d{1,11})(?:\]\]>)?</CreateTime>")


@dataclass(frozen=True, slots=True)
class Delays:
    """Of the pushes of some minutes. WeChat tells whole seconds; a clock that is off is in it.

    Attributes:
        median, worst: Seconds; None: none came.
    """

    count: int
    median: float | None
    worst: float | None


async def recent_delays(unit: Unit, *, now: datetime) -> Delays:
    """How late the pushes of the last five minutes were; a repeat is not counted again."""
    query = (
        select(KeptPush.body, KeptPush.received_at)
        .where(KeptPush.received_at > now - LATELY)
        .order_by(KeptPush.received_at.desc())
        .limit(MOST_LOOKED_AT)
    )
    rows = await unit.session.execute(query)
    return summed(late for body, at in rows if (late := delay_of(body, at)) is not None)


def delay_of(body: bytes, received_at: datetime) -> float | None:
    """Seconds between ``CreateTime`` and when it was kept, never below 0; None: it tells none."""
    found = _CREATED.search(body)
    return max(0.0, received_at.timestamp() - int(found[1])) if found else None


def summed(delays: Iterable[float]) -> Delays:
    found = list(delays)
    if not found:
        return Delays(0, None, None)
    return Delays(len(found), round(statistics.median(found), 1), round(max(found), 1))
