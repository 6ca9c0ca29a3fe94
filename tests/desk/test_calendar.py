"""Opening hours, as a decision: no I/O."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wxdesk.desk.calendars import (
    LOOK_AHEAD,
    AsWeekday,
    Calendar,
    CalendarInvalid,
    Span,
    always,
    require_sound,
)
from wxdesk.errors import Invalid

EXAMPLES = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "routing_examples.json").read_text("utf-8")
)["business_hours"]
CALENDARS = {name: Calendar.of_json(kept) for name, kept in EXAMPLES["calendars"].items()}
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEVER = Calendar("Asia/Shanghai", ((),) * 7)
OFFICE = CALENDARS["cn_office"]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NINE_TO_FIVE = (Span(9 * 60, 17 * 60),)
NIGHT = (Span(22 * 60, 6 * 60),)


def at(text):
    return datetime.fromisoformat(text)


def why(example):
    return example.get("why", example["from"])


@pytest.mark.parametrize("example", EXAMPLES["due"], ids=why)
def test_due(example):
    due = CALENDARS[example["calendar"]].due(at(example["from"]), example["seconds"])

    assert due == at(example["due"])
    assert due.isoformat() == example["due_utc"]


@pytest.mark.parametrize("example", EXAMPLES["elapsed"], ids=why)
def test_elapsed(example):
    calendar = CALENDARS[example["calendar"]]

    assert calendar.elapsed(at(example["from"]), at(example["to"])) == example["open_seconds"]


@pytest.mark.parametrize("example", EXAMPLES["next_open"], ids=why)
def test_next_open(example):
    calendar = CALENDARS[example["calendar"]]

    assert calendar.is_open(at(example["from"])) is example["is_open"]
    assert calendar.next_open(at(example["from"])) == at(example["next_open"])


@pytest.mark.parametrize("example", EXAMPLES["paused_clock"], ids=why)
def test_a_paused_clock_goes_on_with_what_was_left(example):
    calendar = CALENDARS[example["calendar"]]
    started, left = at(example["from"]), example["seconds"]

    for paused, resumed in example["pauses"]:
        left -= calendar.elapsed(started, at(paused))
        started = at(resumed)

    assert left == example["left_at_last_resume"]
    assert calendar.due(started, left) == at(example["due"])


@pytest.mark.parametrize("name", CALENDARS)
def test_what_is_kept_is_read_and_written_the_same(name):
    assert require_sound(CALENDARS[name]).as_json() == EXAMPLES["calendars"][name]


# --- one by one


def weekly(*days):
    return (*days, *((),) * (7 - len(days)))


@pytest.mark.parametrize(
    ("tz", "span", "day", "hours"),
    [
        ("America/New_York", (0, 360), date(2026, 3, 8), 5),  # two o'clock is skipped
        ("America/New_York", (0, 360), date(2026, 11, 1), 7),
        ("America/New_York", (150, 180), date(2026, 3, 8), 0),  # 02:30 is 03:30, after its end
        ("America/New_York", (150, 240), date(2026, 3, 8), 0.5),  # 03:30 to 04:00
        ("America/New_York", (60, 90), date(2026, 11, 1), 0.5),  # the first of the two
        ("America/New_York", (90, 120), date(2026, 11, 1), 1.5),  # from the first 01:30 on
        ("Europe/London", (0, 1440), date(2026, 3, 29), 23),
        ("Europe/London", (0, 1440), date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", (0, 360), date(2026, 10, 4), 5.5),  # changes by half an hour
        ("Australia/Lord_Howe", (0, 360), date(2026, 4, 5), 6.5),
        ("America/Sao_Paulo", (0, 1440), date(2018, 11, 4), 23),  # midnight is skipped
        ("America/Sao_Paulo", (1320, 360), date(2018, 11, 3), 7),  # a night over such a one
        ("Pacific/Apia", (0, 1440), date(2011, 12, 30), 0),  # a day that never was
        ("Asia/Shanghai", (0, 1440), date(2028, 2, 29), 24),
    ],
)
def test_where_clocks_change_the_seconds_are_real(tz, span, day, hours):
    calendar = Calendar(tz, weekly(), {day: (Span(*span),)})
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    assert calendar.elapsed(noon - 3 * DAY, noon + 3 * DAY) == hours * 3600


def test_a_night_into_a_day_that_never_was_is_as_long_as_ever():
    night = (Span(20 * 60, 12 * 60),)
    calendar = Calendar("Pacific/Apia", weekly(), {date(2011, 12, 29): night})
    begins, ends = at("2011-12-29T20:00:00-10:00"), at("2011-12-31T12:00:00+14:00")

    assert ends - begins == 16 * HOUR
    assert calendar.next_open(begins - HOUR) == begins
    assert calendar.next_close(ends - HOUR) == ends


def test_a_night_belongs_to_the_date_on_which_it_begins():
    monday, tuesday = date(2026, 3, 9), date(2026, 3, 10)
    week = (NIGHT,) * 7

    closed_after = Calendar("Asia/Shanghai", week, {tuesday: ()})
    closed_before = Calendar("Asia/Shanghai", week, {monday: ()})

    in_the_small_hours = at("2026-03-10T03:00:00+08:00")
    assert closed_after.is_open(in_the_small_hours)
    assert not closed_before.is_open(in_the_small_hours)
    assert closed_after.next_open(at("2026-03-10T06:00:00+08:00")) == at(
        "2026-03-11T22:00:00+08:00"
    )


def test_a_date_may_go_like_another_day_of_the_week():
    week = weekly(NINE_TO_FIVE, NIGHT)
    saturday = date(2026, 3, 14)

    calendar = Calendar("Asia/Shanghai", week, {saturday: AsWeekday(1)})

    assert calendar.spans_on(saturday) == NIGHT
    assert calendar.next_open(at("2026-03-14T00:00:00+08:00")) == at("2026-03-14T22:00:00+08:00")
    assert calendar.next_close(at("2026-03-14T23:00:00+08:00")) == at("2026-03-15T06:00:00+08:00")


def test_from_nine_to_nine_is_a_whole_day():
    calendar = Calendar("Asia/Shanghai", weekly(), {date(2026, 3, 9): (Span(540, 540),)})

    assert calendar.elapsed(at("2026-03-08T00:00Z"), at("2026-03-12T00:00Z")) == 24 * 3600


def test_spans_that_overlap_count_once():
    calendar = Calendar("UTC", weekly(), {date(2026, 3, 9): (Span(540, 720), Span(600, 660))})

    assert calendar.elapsed(at("2026-03-09T00:00Z"), at("2026-03-10T00:00Z")) == 3 * 3600


def test_the_first_moment_is_open_and_the_last_is_not():
    opens, closes = at("2026-03-11T09:00:00+08:00"), at("2026-03-11T12:00:00+08:00")
    instant = timedelta(microseconds=1)

    assert [OFFICE.is_open(t) for t in (opens - instant, opens, closes - instant, closes)] == [
        False,
        True,
        True,
        False,
    ]
    assert OFFICE.next_close(opens) == closes
    assert OFFICE.next_close(closes) == closes
    assert OFFICE.next_open(opens) == opens


def test_no_time_at_all_is_due_at_once_even_where_it_is_closed():
    sunday = at("2026-03-15T12:00:00+08:00")

    assert OFFICE.due(sunday, 0) == sunday
    assert NEVER.due(sunday, 0) == sunday


def test_always_is_always():
    t = at("2026-03-11T10:00:00+08:00")

    assert always().due(t, 86_400.5) == t + timedelta(seconds=86_400.5)
    assert always().elapsed(t, t + 400 * DAY) == 400 * 86_400
    assert always().next_close(t) is None
    assert always().next_open(t) == t


def test_a_date_far_ahead_is_found_and_one_too_far_is_never():
    t = at("2026-01-01T00:00Z")
    in_four_years = Calendar("UTC", weekly(), {date(2030, 1, 1): NINE_TO_FIVE})
    in_ten_years = Calendar("UTC", weekly(), {date(2036, 1, 1): NINE_TO_FIVE})

    assert in_four_years.due(t, 60) == at("2030-01-01T09:01Z")
    assert in_four_years.due(t, 9 * 3600) is None
    assert in_ten_years.next_open(t) is None
    assert in_ten_years.due(t, 60) is None


def test_what_is_past_opens_no_more():
    past = Calendar("UTC", weekly(), {date(2020, 1, 1): NINE_TO_FIVE})

    assert past.due(at("2026-01-01T00:00Z"), 1) is None


def test_a_year_of_february_29ths():
    calendar = Calendar("UTC", (NINE_TO_FIVE,) * 7, {date(2028, 2, 29): ()})

    assert calendar.elapsed(at("2028-01-01T00:00Z"), at("2029-01-01T00:00Z")) == 365 * 8 * 3600


def test_results_are_in_utc_and_questions_have_a_zone():
    assert OFFICE.due(at("2026-03-11T10:00:00+08:00"), 1).tzinfo is UTC
    assert OFFICE.next_close(datetime(2026, 3, 11, 10, tzinfo=SHANGHAI)).tzinfo is UTC
    for ask in (OFFICE.is_open, OFFICE.next_open, OFFICE.next_close, lambda t: OFFICE.due(t, 1)):
        with pytest.raises(ValueError):
            ask(datetime(2026, 3, 11, 10))  # noqa: DTZ001


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_less_than_no_time_is_no_duration(seconds):
    with pytest.raises(ValueError):
        OFFICE.due(at("2026-03-11T10:00Z"), seconds)


@pytest.mark.parametrize("seconds", [1e10, 1e300, float("inf")])
def test_more_than_will_ever_be_is_never(seconds):
    assert always().due(at("2026-03-11T10:00Z"), seconds) is None


def test_long_and_hopeless_questions_are_answered_soon():
    minutes = tuple(Span(hour * 180, hour * 180 + 1) for hour in range(8))
    many = {date(2026, 1, 1) + n * DAY: () for n in range(1000)}
    t = at("2026-03-11T10:00Z")
    began = perf_counter()

    assert OFFICE.due(t, 366 * 86_400) is not None
    assert always().due(t, 366 * 86_400) == t + 366 * DAY
    assert NEVER.due(t, 1) is None
    assert Calendar("UTC", weekly(), many).due(t, 1) is None
    assert Calendar("America/New_York", (minutes,) * 7, many).due(t, 4 * 366 * 86_400) is None

    assert perf_counter() - began < 2  # a tenth of it, on a machine that is not busy


# --- against the clocks themselves, minute by minute

SEASONS = [
    ("Asia/Shanghai", date(2026, 2, 16)),
    ("Asia/Shanghai", date(2028, 2, 28)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/St_Johns", date(2010, 11, 7)),  # from 00:01 back into the date before
]
BEFORE, AFTER = 5, 6  # days of a season before and after its middle


class Walk:
    """A season of a calendar as a row of minutes, each open or not."""

    def __init__(self, calendar, middle):
        self.first, self.shown = shown(calendar.tz, middle)
        self.open = bytearray(len(self.shown))
        for n in range(-BEFORE, AFTER):
            day = middle + n * DAY
            spans = calendar.overrides.get(day, calendar.weekly[day.weekday()])
            if isinstance(spans, AsWeekday):
                spans = calendar.weekly[spans.weekday]
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
            for span in spans:
                over = DAY if span.ends <= span.begins else 0 * DAY
                self._fill(midnight + span.begins * MINUTE, midnight + over + span.ends * MINUTE)

    def _fill(self, begins, ends):
        for minute in range(self._minute_of(begins), self._minute_of(ends)):
            self.open[minute] = 1

    def _minute_of(self, wall):
        """Where the clocks show it first; what they skip, as if they had not yet been moved."""
        back = 0
        while (found := first_shown(self.shown).get(wall - back * MINUTE)) is None:
            back += 1
        return found + back

    def is_open(self, t):
        return bool(self.open[(t - self.first) // MINUTE])

    def elapsed(self, a, b):
        """Minute by minute, but for those at both ends."""
        first, last = (a - self.first) // MINUTE, (b - self.first) // MINUTE
        total = sum(self.open[first:last]) * MINUTE
        total -= self.open[first] * (a - self.first - first * MINUTE)
        total += self.open[last] * (b - self.first - last * MINUTE)
        return total.total_seconds()

    def due(self, t, seconds):
        if seconds == 0:
            return t
        minute, left = (t - self.first) // MINUTE, timedelta(seconds=seconds)
        while (minute := self.open.find(1, minute)) >= 0:
            begins = max(t, self.first + minute * MINUTE)
            minute += 1
            here = self.first + minute * MINUTE - begins
            if left <= here:
                return begins + left
            left -= here
        return None

    def next(self, t, wanted):
        minute = self.open.find(wanted, (t - self.first) // MINUTE)
        return max(t, self.first + minute * MINUTE) if minute >= 0 else None


@cache
def shown(tz, middle):
    """What the clocks show, for every minute of a season that begins at the returned moment."""
    zone = ZoneInfo(tz)
    noon = datetime(middle.year, middle.month, middle.day, 12, tzinfo=UTC)
    first, minutes = noon - (BEFORE + 2) * DAY, (BEFORE + AFTER + 4) * 24 * 60
    return first, tuple(
        (first + n * MINUTE).astimezone(zone).replace(tzinfo=None) for n in range(minutes)
    )


@cache
def first_shown(walls):
    table = {}
    for n, wall in enumerate(walls):
        table.setdefault(wall, n)
    return table


minutes = st.one_of(
    st.integers(0, 1439), st.integers(0, 47).map(lambda n: n * 30), st.integers(0, 240)
)
spans = st.builds(Span, minutes, st.one_of(minutes, st.just(1440)))
days = st.lists(spans, max_size=3).map(tuple)


@st.composite
def seasons(draw):
    """A calendar, and the date in the middle of a season whose minutes are walked."""
    tz, middle = draw(st.sampled_from(SEASONS))
    dates = st.integers(-3, 3).map(lambda n: middle + n * DAY)
    overrides = st.dictionaries(
        dates, st.one_of(days, st.integers(0, 6).map(AsWeekday)), max_size=4
    )
    some = draw(st.lists(days, min_size=1, max_size=3))
    week = draw(st.lists(st.sampled_from(some), min_size=7, max_size=7))
    return Calendar(tz, tuple(week), draw(overrides)), middle


moments = st.one_of(
    st.integers(-2 * 86_400, 2 * 86_400).map(lambda n: timedelta(seconds=n)),
    st.integers(-24 * 60, 24 * 60).map(lambda n: n * MINUTE),
    st.floats(-86_400, 86_400).map(lambda n: timedelta(seconds=n)),
)
durations = st.one_of(st.integers(0, 86_400), st.integers(0, 24).map(lambda n: n * 3600))


def noon_of(middle):
    return datetime(middle.year, middle.month, middle.day, 12, tzinfo=UTC)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(seasons(), moments, moments, durations)
def test_it_agrees_with_a_walk_minute_by_minute(season, one, other, seconds):
    calendar, middle = season
    walk = Walk(calendar, middle)
    a, b = sorted((noon_of(middle) + one, noon_of(middle) + other))

    assert calendar.is_open(a) is walk.is_open(a)
    assert calendar.elapsed(a, b) == walk.elapsed(a, b)
    season_ends = noon_of(middle) + (AFTER - 2) * DAY
    for found, walked in (
        (calendar.due(a, seconds), walk.due(a, seconds)),
        (calendar.next_open(a), walk.next(a, 1)),
        (calendar.next_close(a), walk.next(a, 0)),
    ):
        if walked is not None and walked < season_ends:
            assert found == walked
        else:
            assert found is None or found >= season_ends


@settings(max_examples=150, deadline=None, derandomize=True)
@given(seasons(), moments, durations, st.integers(0, 10**6))
def test_due_is_the_first_moment_by_which_so_much_has_elapsed(season, moment, seconds, micros):
    calendar, middle = season
    t = noon_of(middle) + moment
    seconds += micros / 10**6
    due = calendar.due(t, seconds)
    assume(due is not None)

    instant = timedelta(microseconds=1)
    assert calendar.elapsed(t, due) == pytest.approx(seconds, abs=1e-6)
    assert due == t or calendar.elapsed(t, due - instant) < calendar.elapsed(t, due)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(seasons(), st.tuples(moments, moments, moments))
def test_time_adds_up(season, three):
    calendar, middle = season
    a, b, c = sorted(noon_of(middle) + moment for moment in three)

    parts = calendar.elapsed(a, b) + calendar.elapsed(b, c)

    assert calendar.elapsed(a, c) == pytest.approx(parts, abs=1e-6)
    assert calendar.elapsed(a, b) <= calendar.elapsed(a, c) <= (c - a).total_seconds()
    assert calendar.elapsed(b, a) == 0


@settings(max_examples=150, deadline=None, derandomize=True)
@given(seasons(), moments, durations, durations)
def test_one_wait_after_another_is_due_with_both(season, moment, one, other):
    calendar, middle = season
    t = noon_of(middle) + moment
    first = calendar.due(t, one)
    assume(first is not None)
    together = calendar.due(t, one + other)

    assert first >= t
    assert calendar.due(first, other) == together or together is None
    assert together is None or together >= first


@settings(max_examples=100, deadline=None, derandomize=True)
@given(seasons(), moments, st.integers(0, 48 * 60), durations)
def test_who_comes_later_is_never_due_earlier(season, moment, later, seconds):
    calendar, middle = season
    t = noon_of(middle) + moment
    due, due_later = calendar.due(t, seconds), calendar.due(t + later * MINUTE, seconds)
    assume(due is not None and due_later is not None)

    assert due <= due_later


@settings(max_examples=100, deadline=None, derandomize=True)
@given(seasons(), moments)
def test_openings_and_closings_are_where_it_changes(season, moment):
    calendar, middle = season
    t = noon_of(middle) + moment
    opens, closes = calendar.next_open(t), calendar.next_close(t)

    assert calendar.is_open(t) is (opens == t)
    assert (closes == t) is not (opens == t)
    if opens is not None:
        assert calendar.is_open(opens)
        assert opens - t == timedelta(0) or calendar.elapsed(t, opens) == 0
    if closes is not None:
        assert not calendar.is_open(closes)
        assert calendar.elapsed(t, closes) == (closes - t).total_seconds()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(seasons())
def test_any_calendar_is_read_as_it_was_written(season):
    calendar, _middle = season

    kept = json.loads(json.dumps(calendar.as_json()))

    assert Calendar.of_json(kept) == calendar == require_sound(calendar)


# --- what is no calendar


@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        ({}, "zone"),
        ({"tz": 8}, "zone"),
        ({"weekly": []}, "weekday"),
        ({"weekly": {"7": []}}, "weekday"),
        ({"weekly": {"Monday": []}}, "weekday"),
        ({"weekly": {"0": "09:00-18:00"}}, "times"),
        ({"weekly": {"0": ["09:00", "18:00"]}}, "times"),
        ({"weekly": {"0": [["09:00"]]}}, "times"),
        ({"weekly": {"0": [["9:00", "18:00"]]}}, "times"),
        ({"weekly": {"0": [["09:00", "24:01"]]}}, "times"),
        ({"weekly": {"0": [["09:60", "12:00"]]}}, "times"),
        ({"weekly": {"0": [["０9:00", "12:00"]]}}, "times"),
        ({"weekly": {"0": [[540, 1080]]}}, "times"),
        ({"overrides": []}, "override"),
        ({"overrides": {"2026-02-29": []}}, "date"),
        ({"overrides": {"20260228": []}}, "date"),
        ({"overrides": {"2026-W09-6": []}}, "date"),
        ({"overrides": {"2026-02-28": "weekday:7"}}, "override"),
        ({"overrides": {"2026-02-28": "closed"}}, "override"),
        ({"overrides": {"2026-02-28": None}}, "times"),
    ],
)
def test_what_cannot_be_read_says_why(kept, problem):
    kept = kept if kept in ({}, {"tz": 8}) else {"tz": "Asia/Shanghai", **kept}

    with pytest.raises(Invalid) as refused:
        Calendar.of_json(kept)

    assert refused.value.facts["problem"] == problem
    assert refused.value.code == "calendar_invalid"


SPAN = Span(0, 60)


@pytest.mark.parametrize(
    ("calendar", "problem"),
    [
        (Calendar("Asia/Beijing", weekly()), "zone"),
        (Calendar("../etc/passwd", weekly()), "zone"),
        (Calendar("", weekly()), "zone"),
        (Calendar("UTC", ((),) * 6), "weekday"),
        (Calendar("UTC", weekly((SPAN,) * 9)), "spans"),
        (Calendar("UTC", weekly(), {date(2026, 1, 1): (SPAN,) * 9}), "spans"),
        (Calendar("UTC", weekly(), {date(2026, 1, 1): AsWeekday(7)}), "weekday"),
        (Calendar("UTC", weekly((Span(1440, 60),))), "times"),
        (Calendar("UTC", weekly((Span(0, 1441),))), "times"),
        (Calendar("UTC", weekly((Span(-1, 60),))), "times"),
        (
            Calendar("UTC", weekly(), {date(2026, 1, 1) + n * DAY: () for n in range(1001)}),
            "overrides",
        ),
    ],
)
def test_what_is_not_sound_says_why(calendar, problem):
    with pytest.raises(CalendarInvalid) as refused:
        require_sound(calendar)

    assert refused.value.facts["problem"] == problem


def test_the_most_that_is_sound():
    calendar = Calendar(
        "Asia/Shanghai",
        ((SPAN,) * 8,) * 7,
        {date(2026, 1, 1) + n * DAY: (SPAN,) * 8 for n in range(1000)},
    )

    assert require_sound(calendar) is calendar
    assert LOOK_AHEAD > 5 * 365 * DAY
