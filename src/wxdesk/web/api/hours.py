"""Office hours of an account, and the keeper of its windows."""

from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import accounts, answers
from wxdesk.desk.accounts import Account, Interval, clock_of, minute_of
from wxdesk.desk.answers import Keeper
from wxdesk.errors import Invalid, NotFound
from wxdesk.web.api.inputs import NO_NUL, RowId
from wxdesk.web.deps import AnAdmin, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["hours"])

LONGEST_REMINDER = 600
MOST_INTERVALS = 56

Begins = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Ends = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]


class HoursInterval(BaseModel):
    """`day` 0 is Monday; `ends` is no longer within it, `24:00` is midnight."""

    day: Annotated[int, Field(ge=0, le=6)]
    begins: Begins
    ends: Ends


class HoursIn(BaseModel):
    """`timezone` by its IANA name; `intervals` null: at any time."""

    timezone: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
    intervals: Annotated[list[HoursInterval], Field(max_length=MOST_INTERVALS)] | None


class HoursOut(HoursIn):
    """`open_now`: whether it is within them."""

    open_now: bool

    @classmethod
    def of(cls, account: Account, now: Now) -> Self:
        return cls(
            timezone=account.timezone,
            intervals=account.office_hours,  # type: ignore[arg-type]
            open_now=accounts.is_open(account.hours, now, account.zone),
        )


class KeeperSettings(BaseModel):
    """Before a window closes on an owed answer, the customer is asked to write any word.

    Never between `quiet_from` and `quiet_to` in the account's time zone; both the same: there are
    no quiet hours. `may_use_last`: also with the last message that WeChat allows.
    """

    on: bool
    text: Annotated[
        str,
        NO_NUL,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_REMINDER),
    ]
    minutes_before: Annotated[int, Field(ge=5, le=720)]
    quiet_from: Begins
    quiet_to: Begins
    may_use_last: bool

    @classmethod
    def of(cls, keeper: Keeper) -> Self:
        return cls(
            on=keeper.on,
            text=keeper.text,
            minutes_before=keeper.minutes_before,
            quiet_from=clock_of(keeper.quiet_from),
            quiet_to=clock_of(keeper.quiet_to),
            may_use_last=keeper.may_use_last,
        )

    def of_account(self, account_id: int) -> Keeper:
        return Keeper(
            account_id=account_id,
            on=self.on,
            text=self.text,
            minutes_before=self.minutes_before,
            quiet_from=minute_of(self.quiet_from),
            quiet_to=minute_of(self.quiet_to),
            may_use_last=self.may_use_last,
        )


@router.get("/accounts/{account_id}/hours", responses=problems(NotFound))
async def read_hours(account_id: RowId, _agent: ASupervisor, unit: ReadUnit, now: Now) -> HoursOut:
    """When somebody is there."""
    return HoursOut.of(await accounts.get(unit, account_id), now)


@router.put("/accounts/{account_id}/hours", responses=problems(NotFound, Invalid))
async def set_hours(
    account_id: RowId, wish: HoursIn, _agent: AnAdmin, unit: OpenUnit, now: Now
) -> HoursOut:
    """Say when somebody is there."""
    wished = wish.intervals
    changed = await accounts.set_hours(
        unit,
        account_id,
        timezone=wish.timezone,
        hours=None if wished is None else [Interval.of_json(each.model_dump()) for each in wished],
    )
    return HoursOut.of(changed, now)


@router.get("/accounts/{account_id}/keeper", responses=problems(NotFound))
async def read_keeper(account_id: RowId, _agent: ASupervisor, unit: ReadUnit) -> KeeperSettings:
    """How the keeper of windows is set up."""
    return KeeperSettings.of(await answers.keeper_of(unit, account_id))


@router.put("/accounts/{account_id}/keeper", responses=problems(NotFound, Invalid))
async def set_keeper(
    account_id: RowId, wish: KeeperSettings, _agent: AnAdmin, unit: OpenUnit
) -> KeeperSettings:
    """Set it up."""
    return KeeperSettings.of(await answers.set_keeper(unit, wish.of_account(account_id)))
