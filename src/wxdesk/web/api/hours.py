"""Office hours of an account, and the keeper of its windows."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from wxdesk.desk import accounts, answers
from wxdesk.desk.accounts import Account
from wxdesk.desk.answers import Keeper
from wxdesk.desk.calendars import clock_of, minute_of
from wxdesk.errors import Invalid, NotFound
from wxdesk.store import Unit
from wxdesk.web.api.inputs import NO_NUL, RowId, RowNumber
from wxdesk.web.deps import AnAdmin, ASupervisor, Now, OpenUnit, ReadUnit
from wxdesk.web.problems import problems

router = APIRouter(tags=["hours"])

LONGEST_REMINDER = 600

Begins = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class HoursIn(BaseModel):
    """`timezone` of quiet hours, by its IANA name.

    `calendar_id`: when somebody is there, for automatic answers and for what is promised where no
    group has hours of its own; null: at any time.
    """

    timezone: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
    calendar_id: RowNumber | None


class HoursOut(HoursIn):
    """`open_now`: whether somebody is there now."""

    open_now: bool


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
    return await _shown(unit, await accounts.get(unit, account_id), now)


@router.put("/accounts/{account_id}/hours", responses=problems(NotFound, Invalid))
async def set_hours(
    account_id: RowId, wish: HoursIn, _agent: AnAdmin, unit: OpenUnit, now: Now
) -> HoursOut:
    """Say when somebody is there."""
    changed = await accounts.set_hours(
        unit, account_id, timezone=wish.timezone, calendar_id=wish.calendar_id
    )
    return await _shown(unit, changed, now)


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


async def _shown(unit: Unit, account: Account, now: datetime) -> HoursOut:
    hours = await accounts.hours_of(unit, [account])
    return HoursOut(
        timezone=account.timezone,
        calendar_id=account.calendar_id,
        open_now=hours[account.id].is_open(now),
    )
