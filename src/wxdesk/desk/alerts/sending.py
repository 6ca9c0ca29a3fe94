"""What is on its way: taken by one sender at a time, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wxdesk.desk.alerts import queries
from wxdesk.desk.alerts.model import Address, Alert, Device, Sending, What
from wxdesk.store import Unit

LEASE = timedelta(minutes=1)
"""Longer than any way takes: when it ends, whoever held it has died."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=2)
MOST_TRIES = 12


class End(StrEnum):
    """How a try ended."""

    SENT = "sent"
    LATER = "later"
    GONE = "gone"  # nobody is there any more
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """Something to send, and where to: one of device and address."""

    sending: Sending
    alert: Alert
    device: Device | None
    address: Address | None


async def claim(unit: Unit, *, now: datetime, limit: int) -> Sequence[OnItsWay]:
    """Take what is due, for one sender. Committed before anything is sent: at least once."""
    sendings = await queries.claim_sendings(unit, now=now, lease=LEASE, limit=limit)
    alerts = await queries.alerts_by_ids(unit, {each.alert_id for each in sendings})
    devices = await queries.devices_by_ids(
        unit, {each.device_id for each in sendings if each.device_id}
    )
    addresses = await queries.addresses_by_ids(
        unit, {each.address_id for each in sendings if each.address_id}
    )
    return [
        OnItsWay(
            each,
            alerts[each.alert_id],
            devices.get(each.device_id or 0),
            addresses.get(each.address_id or 0),
        )
        for each in sendings
    ]


async def record(
    unit: Unit,
    sending: Sending,
    end: End,
    *,
    why: str,
    wait: timedelta | None,
    until: datetime,
    now: datetime,
) -> None:
    """Note what became of a try: it is over, or due again. A device that is gone is forgotten.

    Args:
        unit: Of its own.
        sending: As it was claimed.
        end: How it ended.
        why: What failed, in a word.
        wait: So long the other side wants to be left alone.
        until: It is worthless from then on.
        now: When.
    """
    place = await queries.place_of(unit, sending)
    if place is None:
        return
    if isinstance(place, Device) and end is End.GONE:
        await unit.session.delete(place)
        return
    place.tried_at = now
    place.problem = "" if end is End.SENT else why
    if end is End.SENT:
        place.worked_at = now
        await _note_shown(unit, sending)
    again_at = next_try(end, tries=sending.tries, wait=wait, now=now)
    if again_at is None or again_at >= until:
        await queries.drop_sending(unit, sending.id)
    else:
        await queries.put_off_sending(unit, sending.id, again_at)


async def _note_shown(unit: Unit, sending: Sending) -> None:
    """What is shown on a device is taken away from there one day."""
    if sending.device_id is not None and sending.what is What.TELL:
        alert = await queries.get_alert(unit, sending.alert_id)
        alert.device_ids = sorted({*alert.device_ids, sending.device_id})


def next_try(end: End, *, tries: int, wait: timedelta | None, now: datetime) -> datetime | None:
    """When to try again; None: never."""
    if end is not End.LATER or tries >= MOST_TRIES:
        return None
    return now + (wait or min(FIRST_WAIT * (1 << (tries - 1)), LONGEST_WAIT))
