"""When what was put off comes back: what is proposed, by the clocks of the desk."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from wxdesk.desk.calendars import Calendar, Span, always
from wxdesk.desk.routing.later import Preset, is_possible, presets

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = Calendar("Asia/Shanghai", (*((Span(9 * 60, 18 * 60 + 30),),) * 5, (), ()))
NIGHT = Calendar("Asia/Shanghai", ((Span(20 * 60, 4 * 60),),) * 7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=SHANGHAI)


def there(found, preset):
    moment = found.get(preset)
    return moment and moment.astimezone(SHANGHAI).strftime("%d %H:%M")


@pytest.mark.parametrize(
    ("now", "calendar", "close", "morning"),
    [
        ("02 14:00", None, "02 18:00", "03 09:00"),
        ("02 18:30", None, None, "03 09:00"),
        ("02 14:00", OFFICE, "02 18:30", "03 09:00"),
        ("02 19:00", OFFICE, None, "03 09:00"),  # it has closed
        ("07 14:00", OFFICE, None, "08 09:00"),  # a Saturday
        ("02 23:00", NIGHT, "03 04:00", "03 09:00"),
        ("03 03:00", NIGHT, "03 04:00", "03 09:00"),  # this very morning
        ("02 14:00", always(), None, "03 09:00"),  # it never closes
    ],
)
def test_what_is_proposed(now, calendar, close, morning):
    found = presets(at(now), calendar, SHANGHAI)

    assert found[Preset.HOUR] == at(now) + timedelta(hours=1)
    assert there(found, Preset.CLOSE) == close
    assert there(found, Preset.MORNING) == morning
    assert list(found.values()) == sorted(found.values())


def test_moments_are_told_as_they_were_given():
    found = presets(at("02 14:00").astimezone(UTC), None, SHANGHAI)
    assert {each.tzinfo for each in found.values()} == {UTC}


@pytest.mark.parametrize(
    ("by", "possible"),
    [
        ({"seconds": 59}, False),
        ({"minutes": 1}, True),
        ({"days": 30}, True),
        ({"days": 30, "seconds": 1}, False),
        ({"hours": -1}, False),
    ],
)
def test_until_when(by, possible):
    now = at("02 14:00")
    assert is_possible(now, now + timedelta(**by)) is possible
