"""Calendars: when somebody is there, China's holidays, and until when something is due."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, model_validator

from wxdesk.desk import calendars
from wxdesk.desk.calendars import (
    AsWeekday,
    Calendar,
    CalendarChanged,
    CalendarInUse,
    CalendarInvalid,
    KeptCalendar,
    Proposal,
    TooManyCalendars,
)
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber
from wxdesk.web.deps import AnAdmin, ASupervisor, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["calendars"])

YEARS = range(1990, 2101)
MOST_SPANS_SHOWN = 100
LONGEST_TARGET = 90 * 24 * 3600

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Zone = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
Weekday = Literal["0", "1", "2", "3", "4", "5", "6"]
Clock = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Spans = Annotated[list[tuple[Clock, Clock]], Field(max_length=calendars.MOST_A_DAY)]
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(YEARS[0], 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC)),
]


class LikeWeekday(BaseModel):
    """A date that goes like another day of the week; 0 is Monday."""

    as_weekday: Annotated[int, Field(ge=0, le=6)]


Override = Spans | LikeWeekday


class OpeningHours(BaseModel):
    """Spans of local time by weekday, 0 is Monday; one that is left out is closed.

    A span whose end is not after its beginning runs over midnight. `overrides`: what a date has
    instead: spans (none: closed), or those of a weekday.
    """

    timezone: Zone
    weekly: dict[Weekday, Spans]
    overrides: Annotated[dict[Day, Override], Field(max_length=calendars.MOST_OVERRIDES)] = {}

    def calendar(self) -> Calendar:
        """Raises CalendarInvalid."""
        overrides = {
            day: f"weekday:{each.as_weekday}" if isinstance(each, LikeWeekday) else each
            for day, each in self.overrides.items()
        }
        kept = {"tz": self.timezone, "weekly": self.weekly, "overrides": overrides}
        return calendars.require_sound(Calendar.of_json(kept))


class CalendarIn(OpeningHours):
    name: Name


class CalendarWish(CalendarIn):
    """`version`: of the copy that was looked at; where it is given and old, nothing is changed."""

    version: int | None = None


class CalendarOut(CalendarIn):
    """A calendar as it is kept."""

    id: int
    version: int

    @classmethod
    def of(cls, kept: KeptCalendar) -> Self:
        return cls(
            id=kept.id,
            version=kept.version,
            name=kept.name,
            timezone=kept.timezone,
            weekly=kept.weekly,  # type: ignore[arg-type]
            overrides={day: _shown(each) for day, each in kept.overrides.items()},
        )


class CalendarList(BaseModel):
    items: list[CalendarOut]


class HolidayOut(BaseModel):
    """A date that a calendar may treat in another way: closed, or like a weekday (调休)."""

    date: str
    name: str
    name_en: str
    closed: bool
    as_weekday: int | None

    @classmethod
    def of(cls, day: str, proposal: Proposal) -> Self:
        like = proposal.override
        return cls(
            date=day,
            name=proposal.name_zh,
            name_en=proposal.name_en,
            closed=not proposal.is_working_day,
            as_weekday=like.weekday if isinstance(like, AsWeekday) else None,
        )


class Holidays(BaseModel):
    """`known`: whether the year's list is there; where it is not, it has to be entered by hand."""

    year: int
    known: bool
    items: list[HolidayOut]


class DueIn(BaseModel):
    """By a calendar that is kept, or by one that may be."""

    calendar_id: RowNumber | None = None
    calendar: OpeningHours | None = None
    begins: Annotated[Moment, Field(alias="from")]
    seconds: Annotated[int, Field(ge=0, le=LONGEST_TARGET)]

    @model_validator(mode="after")
    def _one_calendar(self) -> Self:
        if (self.calendar_id is None) == (self.calendar is None):
            raise ValueError("either calendar_id or calendar")
        return self


class DueOut(BaseModel):
    """`due` null: never. `spans`: the open times that are used up until then, a hundred at most."""

    due: datetime | None
    spans: list[tuple[datetime, datetime]]


@router.get("/calendars", responses=problems())
async def list_calendars(_agent: ASupervisor, unit: ReadUnit) -> CalendarList:
    """The calendars."""
    return CalendarList(items=[CalendarOut.of(each) for each in await calendars.list_all(unit)])


@router.post("/calendars", status_code=201, responses=problems(CalendarInvalid, TooManyCalendars))
async def add_calendar(wish: CalendarIn, _agent: AnAdmin, unit: OpenUnit) -> CalendarOut:
    """Keep a calendar."""
    return CalendarOut.of(await calendars.add(unit, wish.name, wish.calendar()))


@router.get("/calendars/{calendar_id}", responses=problems(NotFound))
async def read_calendar(calendar_id: RowId, _agent: ASupervisor, unit: ReadUnit) -> CalendarOut:
    """One calendar."""
    return CalendarOut.of(await calendars.get(unit, calendar_id))


@router.put(
    "/calendars/{calendar_id}", responses=problems(NotFound, CalendarInvalid, CalendarChanged)
)
async def change_calendar(
    calendar_id: RowId, wish: CalendarWish, _agent: AnAdmin, unit: OpenUnit
) -> CalendarOut:
    """Put another in its place; what is due by it is worked out anew."""
    changed = await calendars.change(
        unit, calendar_id, wish.name, wish.calendar(), version=wish.version
    )
    return CalendarOut.of(changed)


@router.delete(
    "/calendars/{calendar_id}", status_code=204, responses=problems(NotFound, CalendarInUse)
)
async def remove_calendar(calendar_id: RowId, _agent: AnAdmin, unit: OpenUnit) -> None:
    """Throw away a calendar that nothing goes by."""
    await calendars.remove(unit, calendar_id)


@router.get("/calendars/holidays/{year}", responses=problems(NotFound))
async def read_holidays(year: RowId, _agent: ASupervisor) -> Holidays:
    """China's public holidays and adjusted working days of a year: proposals for overrides."""
    if year not in YEARS:
        raise NotFound("no list is of such a year")
    return Holidays(
        year=year,
        known=calendars.is_known(year),
        items=[
            HolidayOut.of(day.isoformat(), each) for day, each in calendars.proposed(year).items()
        ],
    )


@router.post("/calendars/due", responses=problems(NotFound, CalendarInvalid))
async def preview_due(wish: DueIn, _agent: ASupervisor, unit: ReadUnit) -> DueOut:
    """See when a target would be due."""
    if wish.calendar is not None:
        calendar = wish.calendar.calendar()
    else:
        calendar = (await calendars.get(unit, wish.calendar_id or 0)).calendar
    due = calendar.due(wish.begins, wish.seconds)
    return DueOut(due=due, spans=_used_up(calendar, wish.begins, due))


def _used_up(
    calendar: Calendar, begins: datetime, due: datetime | None
) -> list[tuple[datetime, datetime]]:
    spans: list[tuple[datetime, datetime]] = []
    if due is None:
        return spans
    opens = calendar.next_open(begins)
    while opens is not None and opens < due and len(spans) < MOST_SPANS_SHOWN:
        closes = calendar.next_close(opens)
        spans.append((opens, due if closes is None else min(closes, due)))
        opens = calendar.next_open(closes) if closes is not None else None
    return spans


def _shown(kept: Any) -> Override:
    """An override as it is kept, as browsers see it."""
    if isinstance(kept, str):
        return LikeWeekday(as_weekday=int(kept.removeprefix("weekday:")))
    return [(begins, ends) for begins, ends in kept]
