"""China's holidays and adjusted working days (调休), proposed as overrides of a calendar. Pure.

The State Council publishes one list a year, in November for the next. It reaches us with the
library that keeps them; until then a year is not known, and whoever runs the desk enters it by
hand. Many desks are there on holidays: a list is proposed, never applied by itself.

Source: the State Council's notices on the arrangement of holidays, as ``chinesecalendar`` has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import chinese_calendar

from wxdesk.desk.calendars.spans import AsWeekday, Override

MONDAY = AsWeekday(0)
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a date may have instead of its weekday's spans.

    Attributes:
        override: Closed; a working day at a weekend goes like a Monday.
        name_zh: The holiday; for a working day the one it makes up for.
        name_en: The same in English.
    """

    override: Override
    name_zh: str
    name_en: str

    @property
    def is_working_day(self) -> bool:
        return isinstance(self.override, AsWeekday)


def proposed(year: int) -> Mapping[date, Proposal]:
    """The dates of a year that differ, in order; none where its list is not known.

    The days off of a New Year may begin in December: they are in the next year's list, and come to
    this year with it.
    """
    if not is_known(year):
        return {}
    closed = _of_year(year, chinese_calendar.holidays, ())
    working = _of_year(year, chinese_calendar.workdays, MONDAY)
    return dict(sorted({**closed, **working}.items()))


def is_known(year: int) -> bool:
    """Whether the year's own list is there: every list has National Day, and none the next's."""
    return date(year, 10, 1) in chinese_calendar.holidays


def _of_year(year: int, names: Mapping[date, str], override: Override) -> dict[date, Proposal]:
    return {
        day: Proposal(override, chinese_calendar.Holiday(name).chinese, name)
        for day, name in names.items()
        if day.year == year
    }
