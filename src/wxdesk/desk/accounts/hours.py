"""Hours of an account: the calendar by which somebody is there, and quiet hours by its clocks."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from wxdesk.desk import calendars
from wxdesk.desk.accounts.model import Account
from wxdesk.desk.calendars import Calendar, always
from wxdesk.errors import Invalid
from wxdesk.store import Unit


async def hours_of(unit: Unit, served: Iterable[Account]) -> Mapping[int, Calendar]:
    """When somebody is there, by account; where nothing is said, always. One statement."""
    chosen = {each.id: each.calendar_id for each in served}
    kept = await calendars.by_ids(unit, {each for each in chosen.values() if each})
    return {
        account_id: kept[calendar_id].calendar if calendar_id else always()
        for account_id, calendar_id in chosen.items()
    }


def is_between(begins: int, ends: int, at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks stand between two minutes of the day, over midnight if need be.

    Where both are the same: never.
    """
    there = at.astimezone(zone)
    minute = there.hour * 60 + there.minute
    if begins <= ends:
        return begins <= minute < ends
    return minute >= begins or minute < ends


def require_zone(name: str) -> str:
    """Raise Invalid unless there is such a time zone (IANA's names)."""
    if name not in available_timezones():
        raise Invalid("there is no such time zone", timezone=name)
    return name
