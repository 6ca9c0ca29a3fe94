"""Operators add calendars, change them, and throw away those that nothing goes by."""

from itertools import pairwise

from sqlalchemy.exc import IntegrityError

from wxdesk.desk.calendars import queries
from wxdesk.desk.calendars.calendar import Calendar, require_sound
from wxdesk.desk.calendars.model import (
    CHANGED,
    CalendarChanged,
    CalendarInUse,
    KeptCalendar,
    TooManyCalendars,
)
from wxdesk.desk.calendars.spans import AsWeekday, CalendarInvalid, clock_of
from wxdesk.store import Unit

MOST_CALENDARS = 100


async def add(unit: Unit, name: str, calendar: Calendar) -> KeptCalendar:
    """Keep a calendar.

    Raises:
        CalendarInvalid: It cannot be reckoned with, or spans of a day overlap.
        TooManyCalendars: There are as many as there may be.
    """
    if len(await queries.list_all(unit)) >= MOST_CALENDARS:
        raise TooManyCalendars("there are enough calendars", most=MOST_CALENDARS)
    kept = KeptCalendar(name=name)
    kept.take(_require_apart(require_sound(calendar)))
    unit.session.add(kept)
    await unit.session.flush()
    return kept


async def change(
    unit: Unit, calendar_id: int, name: str, calendar: Calendar, *, version: int | None = None
) -> KeptCalendar:
    """Put another in its place, for all that go by it.

    Args:
        unit: Of the request.
        calendar_id: Which.
        name: What it is called from now on.
        calendar: What it is from now on.
        version: The one that was looked at; None: whatever it is.

    Raises:
        NotFound: There is no such calendar.
        CalendarInvalid: It cannot be reckoned with, or spans of a day overlap.
        CalendarChanged: Somebody was faster.
    """
    kept = await queries.get(unit, calendar_id)
    if version not in (None, kept.version):
        raise CalendarChanged("somebody has changed it", version=kept.version)
    kept.name = name
    kept.take(_require_apart(require_sound(calendar)))
    await unit.session.flush()
    unit.wake(CHANGED)
    return kept


async def remove(unit: Unit, calendar_id: int) -> None:
    """Throw a calendar away. The database knows who goes by it: they refer to it.

    Raises:
        NotFound: There is no such calendar.
        CalendarInUse: Something goes by it.
    """
    kept = await queries.get(unit, calendar_id)
    try:
        async with unit.savepoint():
            await unit.session.delete(kept)
            await unit.session.flush()
    except IntegrityError:
        raise CalendarInUse("something goes by this calendar") from None


def _require_apart(calendar: Calendar) -> Calendar:
    """The calendar itself; spans of a day that overlap can be reckoned with, but are a mistake."""
    for spans in (*calendar.weekly, *calendar.overrides.values()):
        if isinstance(spans, AsWeekday):
            continue
        of_day = sorted(span.minutes_from_midnight for span in spans)
        for (_, ends), (begins, _) in pairwise(of_day):
            if begins < ends:
                at = clock_of(begins)
                raise CalendarInvalid("spans of a day overlap", problem="overlap", at=at)
    return calendar
