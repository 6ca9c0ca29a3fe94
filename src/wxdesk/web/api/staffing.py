"""How many agents a day needs, by the half hour, beside who was there."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel

from wxdesk.desk import reports
from wxdesk.desk.reports import HalfHour, Staffing
from wxdesk.errors import NotFound
from wxdesk.web.api.inputs import HOME, ADay, RowNumber, TimeZone, blank_is
from wxdesk.web.deps import ASupervisor, Now, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["staffing"])

Within = Annotated[int, blank_is(60), Query(ge=1, le=86_400)]
Goal = Annotated[float, blank_is(0.8), Query(ge=0.01, le=0.999, allow_inf_nan=False)]
Slots = Annotated[int, Query(ge=1, le=50)]
Handle = Annotated[float, Query(ge=1, le=86_400, allow_inf_nan=False)]
Shrinkage = Annotated[float, blank_is(0.15), Query(ge=0, le=0.9, allow_inf_nan=False)]


class HalfHourOut(BaseModel):
    """Half an hour, from `begins` on; `clock`: minutes from midnight as the clocks show it.

    `arrivals`: conversations that began, on average of the sample days, from `least` to `most`.
    `needed`: agents to be planned for; null: beyond all reckoning. `slots`, `service_level`,
    `occupancy`: what that comes to. `there`: agents who took conversations, on average, and
    `arrived`: what began on the day itself; null: it has not been yet. `there` is null, too, of the
    time before the desk kept who was there.
    """

    begins: datetime
    clock: int
    arrivals: float
    least: int
    most: int
    needed: int | None
    slots: int | None
    service_level: float | None
    occupancy: float | None
    there: float | None
    arrived: int | None

    @classmethod
    def of(cls, half: HalfHour) -> Self:
        needed = half.needed
        return cls(
            begins=half.begins,
            clock=half.clock,
            arrivals=half.arrivals,
            least=half.least,
            most=half.most,
            needed=needed.agents if needed else None,
            slots=needed.slots if needed else None,
            service_level=needed.service_level if needed else None,
            occupancy=needed.occupancy if needed else None,
            there=None if half.there is None else round(half.there, 2),
            arrived=half.arrived,
        )


class StaffingOut(BaseModel):
    """A day, and what it was reckoned from.

    `like_weekday`: it goes like this weekday (0 is Monday); `is_holiday`: it goes like none, and is
    reckoned like its own. `handle_basis`: the holding time was `chosen`, measured `when_full`, of
    `all` conversations because too few were given while agents were full, or `assumed`;
    `handle_measured`: of so many. `patience_seconds` null: nobody gives up, as too few
    (`abandoned`, fewer than 30) did to tell; that errs on the safe side.
    """

    day: date
    timezone: str
    group_id: int | None
    like_weekday: int
    is_holiday: bool
    sample_days: list[date]
    within_seconds: float
    goal: float
    shrinkage: float
    slots: int
    handle_seconds: float
    handle_basis: Literal["chosen", "when_full", "all", "assumed"]
    handle_measured: int
    patience_seconds: float | None
    abandoned: int
    half_hours: list[HalfHourOut]

    @classmethod
    def of(cls, found: Staffing, day: date, timezone: str, group_id: int | None) -> Self:
        demand, forecast = found.demand, found.forecast
        return cls(
            day=day,
            timezone=timezone,
            group_id=group_id,
            like_weekday=forecast.like_weekday,
            is_holiday=found.is_holiday,
            sample_days=list(forecast.sample_days),
            within_seconds=demand.within_seconds,
            goal=demand.goal,
            shrinkage=demand.shrinkage,
            slots=demand.slots,
            handle_seconds=round(demand.handle_seconds, 1),
            handle_basis=found.basis,
            handle_measured=found.measured,
            patience_seconds=demand.patience_seconds,
            abandoned=found.abandoned,
            half_hours=[HalfHourOut.of(each) for each in forecast.half_hours],
        )


@router.get("/staffing", responses=problems(NotFound))
async def read_staffing(
    _agent: ASupervisor,
    unit: ReadUnit,
    now: Now,
    day: Annotated[ADay | None, blank_is(None)] = None,
    within_seconds: Within = 60,
    goal: Goal = 0.8,
    shrinkage: Shrinkage = 0.15,
    slots: Annotated[Slots | None, blank_is(None)] = None,
    handle_seconds: Annotated[Handle | None, blank_is(None)] = None,
    group_id: Annotated[RowNumber | None, blank_is(None)] = None,
    timezone: Annotated[TimeZone, blank_is(HOME)] = HOME,
) -> StaffingOut:
    """What a day needs (today, unless it says another), from days like it."""
    zone = ZoneInfo(timezone)
    wanted = day or now.astimezone(zone).date()
    wish = reports.Assumptions(
        within_seconds=within_seconds,
        goal=goal,
        shrinkage=shrinkage,
        slots=slots,
        handle_seconds=handle_seconds,
    )
    found = await reports.read_staffing(unit, wanted, zone, wish, group_id=group_id, now=now)
    return StaffingOut.of(found, wanted, timezone, group_id)
