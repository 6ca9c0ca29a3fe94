"""Calendars as they are kept."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.calendars.calendar import Calendar
from wxdesk.errors import Conflict
from wxdesk.store import Base, Id

CHANGED = "calendars"
"""The loop that is woken when a calendar was changed: what was promised by it is another now."""


class TooManyCalendars(Conflict):
    """There are as many as there may be."""

    code = "too_many_calendars"


class CalendarChanged(Conflict):
    """Somebody has changed the calendar meanwhile: read it again."""

    code = "calendar_changed"


class CalendarInUse(Conflict):
    """Something still goes by it."""

    code = "calendar_in_use"


class KeptCalendar(Base):
    """A calendar with a name; see ``Calendar``.

    Attributes:
        weekly: As ``Calendar.as_json`` writes it.
        overrides: Likewise.
    """

    __tablename__ = "calendars"
    __table_args__ = ({"sqlite_autoincrement": True},)  # what refers to a removed one finds none

    id: Mapped[Id]
    name: Mapped[str]
    timezone: Mapped[str]
    weekly: Mapped[dict[str, Any]] = mapped_column(JSON)
    overrides: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def calendar(self) -> Calendar:
        kept = {"tz": self.timezone, "weekly": self.weekly, "overrides": self.overrides}
        return Calendar.of_json(kept)

    def take(self, calendar: Calendar) -> None:
        """Be this calendar."""
        kept = calendar.as_json()
        self.timezone, self.weekly, self.overrides = kept["tz"], kept["weekly"], kept["overrides"]
