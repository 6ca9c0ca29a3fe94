"""China's holidays as proposals: against the State Council's notices for 2025 and 2026."""

from datetime import date, timedelta

import pytest

from wxdesk.desk.calendars import (
    AsWeekday,
    Calendar,
    Span,
    is_known,
    proposed,
    require_sound,
)

NOTICES = {
    2025: (
        [
            ("01-01", "01-01"),
            ("01-28", "02-04"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("05-31", "06-02"),
            ("10-01", "10-08"),
        ],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        [
            ("01-01", "01-03"),
            ("02-15", "02-23"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-19", "06-21"),
            ("09-25", "09-27"),
            ("10-01", "10-07"),
        ],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}
UNKNOWN = 9000


def dates(year, first, last):
    begins, ends = (date.fromisoformat(f"{year}-{day}") for day in (first, last))
    return {begins + timedelta(days=n) for n in range((ends - begins).days + 1)}


@pytest.mark.parametrize("year", NOTICES)
def test_a_year_is_what_its_notice_says(year):
    closed, working = NOTICES[year]

    holidays = proposed(year)

    assert {day for day, each in holidays.items() if each.override == ()} == set().union(
        *(dates(year, *span) for span in closed)
    )
    assert {day for day, each in holidays.items() if each.is_working_day} == {
        date.fromisoformat(f"{year}-{day}") for day in working
    }


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_list_that_is_known_makes_sense(year):
    holidays = proposed(year)

    assert list(holidays) == sorted(holidays)
    for day, each in holidays.items():
        assert day.year == year
        assert each.name_zh
        assert each.name_en.isascii()
        assert each.override == (AsWeekday(0) if each.is_working_day else ())
        assert day.weekday() >= 5 or not each.is_working_day


def test_holidays_have_their_names():
    holidays = proposed(2026)

    spring, before_it = holidays[date(2026, 2, 17)], holidays[date(2026, 2, 14)]
    assert (spring.name_zh, spring.name_en) == ("春节", "Spring Festival")
    assert (before_it.name_zh, before_it.is_working_day) == ("春节", True)
    assert holidays[date(2026, 9, 25)].name_en == "Mid-autumn Festival"


def test_proposals_are_overrides_of_a_calendar():
    office = ((Span(540, 1080),),) * 5 + ((), ())
    overrides = {day: each.override for day, each in proposed(2026).items()}

    calendar = require_sound(Calendar("Asia/Shanghai", office, overrides))

    assert calendar.spans_on(date(2026, 2, 28)) == office[0]
    assert calendar.spans_on(date(2026, 10, 1)) == ()
    assert Calendar.of_json(calendar.as_json()) == calendar


def test_of_a_year_that_is_not_known_nothing_is_proposed():
    assert not is_known(UNKNOWN)
    assert proposed(UNKNOWN) == {}


def test_days_off_in_december_do_not_make_the_next_year_known():
    assert date(2023, 12, 31) in proposed(2023)
    assert date(2022, 12, 31) in proposed(2022)
    assert not is_known(2003)
