"""Cases about business hours: moments are ISO 8601, answered in the zone they were asked in."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wxdesk.desk.calendars import Calendar

Section = Mapping[str, Any]
Case = Mapping[str, Any]


def due(section: Section, case: Case) -> dict[str, str | None]:
    calendar = _calendar(section, case)
    at = calendar.due(_moment(case["from"]), case["seconds"])
    return {"due": _local(calendar, at), "due_utc": at.astimezone(UTC).isoformat() if at else None}


def elapsed(section: Section, case: Case) -> float:
    return _calendar(section, case).elapsed(_moment(case["from"]), _moment(case["to"]))


def next_open(section: Section, case: Case) -> dict[str, Any]:
    calendar, at = _calendar(section, case), _moment(case["from"])
    opens = calendar.next_open(at)
    return {"is_open": opens == at, "next_open": _local(calendar, opens)}


def paused_clock(section: Section, case: Case) -> dict[str, Any]:
    """A clock that stands still during pauses: what was left when it last went on, and its end."""
    calendar = _calendar(section, case)
    begins, left = _moment(case["from"]), float(case["seconds"])
    for pause, resume in case["pauses"]:
        used = calendar.elapsed(begins, _moment(pause))
        if used >= left:
            break
        begins, left = _moment(resume), left - used
    return {"left_at_last_resume": left, "due": _local(calendar, calendar.due(begins, left))}


def _calendar(section: Section, case: Case) -> Calendar:
    named = case["calendar"]
    return Calendar.of_json(section["calendars"][named] if isinstance(named, str) else named)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a moment says its time zone: {text}")
    return moment


def _local(calendar: Calendar, moment: datetime | None) -> str | None:
    return moment.astimezone(ZoneInfo(calendar.tz)).isoformat() if moment else None
