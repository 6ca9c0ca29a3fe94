"""What a day will need, from days like it: sample days, the forecast, and who was there. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from wxdesk.desk import calendars
from wxdesk.desk.calendars import AsWeekday, Calendar, Override
from wxdesk.desk.staffing import LeastAgents, least_agents

WEEKS = 8
HALF_HOURS = 48
HALF = timedelta(minutes=30)
MOST_LOAD = 10_000
"""Slots; whoever needs more than that in half an hour has typed something wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is assumed of customers and agents.

    Attributes:
        handle_seconds: How long a conversation holds its slot while agents are full.
        within_seconds: An answer within so long is in time.
        goal: Share of all arrivals that is to be answered in time.
        patience_seconds: After so long customers give up, on average; None: never.
        slots: Conversations an agent has at once.
        shrinkage: Share of the planned time in which agents are not there.
    """

    handle_seconds: float
    within_seconds: float
    goal: float
    patience_seconds: float | None
    slots: int
    shrinkage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfHour:
    """Half an hour of a day.

    Attributes:
        begins: In UTC.
        clock: As the clocks of the place show it, in minutes from midnight.
        arrivals: On average of the sample days; ``least`` and ``most`` of them.
        needed: Agents to be planned for; None: beyond all reckoning.
        there: Agents who took conversations, on average; None: it has not been yet, or nobody
            kept who was there.
        arrived: On the day itself; None: it has not been yet.
    """

    begins: datetime
    clock: int
    arrivals: float
    least: int
    most: int
    needed: LeastAgents | None
    there: float | None
    arrived: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Half hours of a day, and of which days they are the average."""

    half_hours: Sequence[HalfHour]
    sample_days: Sequence[date]
    like_weekday: int


def weekday_of(day: date, overrides: Mapping[date, Override]) -> int | None:
    """Whose hours a date has: 0 is Monday; None: it is a day of its own, a holiday."""
    match overrides.get(day):
        case None:
            return day.weekday()
        case AsWeekday(weekday):
            return weekday
    return None


def overrides_around(day: date, calendar: Calendar | None) -> Mapping[date, Override]:
    """What dates of the last weeks differ: by the calendar, else by China's list of holidays."""
    if calendar is not None:
        return calendar.overrides
    years = {day.year, (day - timedelta(weeks=WEEKS)).year}
    return {
        each: proposal.override
        for year in sorted(years)
        for each, proposal in calendars.proposed(year).items()
    }


def sample_days(
    day: date, today: date, overrides: Mapping[date, Override], first: date | None
) -> list[date]:
    """The days of the last eight weeks that go like this one, the newest first.

    A working Saturday that goes like a Monday is a Monday; holidays are nothing else's sample.

    Args:
        day: To be forecast.
        today: Only what is over by now is known.
        overrides: Dates that differ.
        first: The desk's first day: before it nothing was counted. None: it has none.
    """
    weekday = weekday_of(day, overrides)
    wanted = day.weekday() if weekday is None else weekday
    newest = min(day, today) - timedelta(days=1)
    days = (newest - timedelta(days=back) for back in range(WEEKS * 7))
    return [
        each
        for each in days
        if first is not None and each >= first and weekday_of(each, overrides) == wanted
    ]


def half_hours_of(day: date, zone: ZoneInfo) -> list[datetime]:
    """Where the half hours of a date begin, in UTC; as the clocks change, 46 or 50."""
    begins = begin_of(day, zone)
    ends = begin_of(day + timedelta(days=1), zone)
    return [begins + n * HALF for n in range(int((ends - begins) / HALF))]


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def clock_of(moment: datetime, zone: ZoneInfo) -> int:
    """What the clocks show, in minutes from midnight."""
    local = moment.astimezone(zone)
    return local.hour * 60 + local.minute


def by_clock(counted: Mapping[int, int], zone: ZoneInfo) -> dict[date, dict[int, int]]:
    """Arrivals by date and half hour of the clock, from those by second of UTC."""
    found: dict[date, dict[int, int]] = {}
    for second, count in counted.items():
        local = datetime.fromtimestamp(second, zone)
        minute = (local.hour * 60 + local.minute) // 30 * 30
        of_day = found.setdefault(local.date(), {})
        of_day[minute] = of_day.get(minute, 0) + count
    return found


def forecast(
    day: date,
    zone: ZoneInfo,
    samples: Sequence[date],
    counted: Mapping[date, Mapping[int, int]],
    demand: Demand,
    there: Mapping[datetime, float],
    *,
    like_weekday: int,
    now: datetime,
) -> Forecast:
    """The half hours of a day.

    Args:
        day: Which.
        zone: By whose clocks.
        samples: Days like it.
        counted: Arrivals by date and minute of the clock.
        demand: What is assumed.
        there: Agents who were there, by where the half hour begins.
        like_weekday: As which weekday it goes.
        now: What begins later has not been yet.
    """
    needed: dict[float, LeastAgents | None] = {}
    found = []
    for begins in half_hours_of(day, zone):
        minute = clock_of(begins, zone)
        counts = [counted.get(each, {}).get(minute, 0) for each in samples]
        mean = round(sum(counts) / len(counts), 3) if counts else 0.0
        if mean not in needed:
            needed[mean] = _needed(mean, demand)
        was = begins <= now
        found.append(
            HalfHour(
                begins=begins,
                clock=minute,
                arrivals=mean,
                least=min(counts, default=0),
                most=max(counts, default=0),
                needed=needed[mean],
                there=there.get(begins) if was else None,
                arrived=counted.get(day, {}).get(minute, 0) if was else None,
            )
        )
    return Forecast(found, samples, like_weekday)


def _needed(mean: float, demand: Demand) -> LeastAgents | None:
    if mean * 2 / 3600 * demand.handle_seconds > MOST_LOAD:
        return None
    return least_agents(
        mean * 2,
        demand.handle_seconds,
        demand.within_seconds,
        demand.goal,
        demand.patience_seconds,
        slots_per_agent=demand.slots,
        shrinkage=demand.shrinkage,
    )


@dataclass(frozen=True, slots=True)
class Stay:
    """From ``at`` on an agent takes conversations, or does not."""

    agent_id: int
    takes: bool
    at: datetime


def were_there(
    stays: Iterable[Stay], half_hours: Sequence[datetime], now: datetime
) -> dict[datetime, float]:
    """How many agents took conversations, on average, in each half hour.

    Args:
        stays: In order of time.
        half_hours: Where each begins; one after the other.
        now: Nobody is known to be there later.
    """
    if not half_hours:
        return {}
    first, last = half_hours[0], min(half_hours[-1] + HALF, now)
    since: dict[int, datetime] = {}
    seconds = [0.0] * len(half_hours)

    def note(begins: datetime, ends: datetime) -> None:
        begins, ends = max(begins, first), min(ends, last)
        at = int((begins - first) / HALF)
        while begins < ends:
            until = min(ends, first + (at + 1) * HALF)
            seconds[at] += (until - begins).total_seconds()
            begins, at = until, at + 1

    for each in stays:
        began = since.pop(each.agent_id, None)
        if began is not None:
            note(began, each.at)
        if each.takes:
            since[each.agent_id] = each.at
    for began in since.values():
        note(began, last)
    lengths = [min(begins + HALF, now) - begins for begins in half_hours]
    return {
        begins: total / length.total_seconds() if length > timedelta(0) else 0.0
        for begins, total, length in zip(half_hours, seconds, lengths, strict=True)
    }
